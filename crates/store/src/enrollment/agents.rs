//! Agents: bound at first use, seen, approved, shut out, let in again.

use latchkey_domain::Refusal;
use latchkey_domain::enrollment::{Agent, AgentUid, DeviceId};
use latchkey_domain::ids::AgentId;
use latchkey_domain::text::{Reason, fold, one_word};
use latchkey_domain::time::Timestamp;
use serde_json::json;

use super::keys;
use crate::driver::Select;
use crate::subscriptions::new_id;
use crate::subscriptions::subscriptions::why_not;
use crate::value::{Row, params};
use crate::{Actor, Done, StoreError, Tx, audit, feed};

/// What a message says of the machine that sends it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sighting {
    /// The machine.
    pub device: DeviceId,
    /// What the agent calls itself, where it does.
    pub uid: Option<AgentUid>,
    /// The generation of the secret that came with it.
    pub generation: u32,
    /// From where it came.
    pub address: String,
    /// What the agent says that it is.
    pub version: String,
    /// Its tag, where it has one.
    pub tag: Option<String>,
}

/// What is written down of an agent that came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// Which one.
    pub id: AgentId,
    /// When.
    pub at: Timestamp,
    /// When its first words were let through, if they were.
    pub let_in_at: Option<Timestamp>,
    /// The generation of the secret that came with it.
    pub generation: u32,
    /// From where.
    pub address: String,
    /// What it says that it is; empty where it did not say.
    pub version: String,
    /// The tag that it sent, where it sent one.
    pub tag: Option<String>,
    /// What GLPI told it, where that may be said again in GLPI's place: at a prolog, and at a contact.
    pub answers: [Option<String>; 2],
}

/// An agent with what GLPI last told it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remembered {
    /// The agent.
    pub agent: Agent,
    /// The number that its machine has, where it was collected.
    pub machine: Option<String>,
    /// GLPI's last good answers, at a prolog and at a contact.
    pub answers: [Option<String>; 2],
}

/// Binds a machine to a key, or one that came with another key before to this one. There has to be room for it, which is
/// counted in the same statement.
pub fn bind(tx: &mut Tx<'_>, key: &str, sighting: &Sighting) -> Done<Remembered> {
    let now = tx.now();
    let device = sighting.device.as_str();
    let before = tx.row("SELECT id, enrollment_key FROM agents WHERE device = $device", params! { device })?;
    let before: Option<(AgentId, String)> =
        before.map(|row| Ok::<_, StoreError>((row.get("id")?, row.get("enrollment_key")?))).transpose()?;
    if let Some((id, bound)) = &before
        && bound == key
    {
        return remembered(tx, *id);
    }
    let room = tx.row(
        "UPDATE enrollment_keys SET agents = agents + 1
          WHERE id = $key AND revoked_at IS NULL AND (agent_limit IS NULL OR agents < agent_limit) RETURNING approves",
        params! { key },
    )?;
    let Some(room) = room else {
        let key = keys::find(tx, key)?;
        key.not_revoked()?;
        return Err(Refusal::EnrollmentFull { most: key.policy.agent_limit.unwrap_or_default() }.into());
    };
    let approved_at = (room.get::<i64>("approves")? != 0).then_some(now);
    let (id, action) = match before {
        Some((id, from)) => {
            tx.row(
                "UPDATE enrollment_keys SET agents = agents - 1 WHERE id = $from AND agents > 0 RETURNING id",
                params! { from },
            )?;
            tx.row(
                "UPDATE agents SET enrollment_key = $key, generation = $generation, approved_at = COALESCE(approved_at, $approved_at)
                  WHERE id = $id RETURNING id",
                params! { key, generation: sighting.generation, approved_at, id },
            )?;
            (id, "agent.move")
        }
        None => {
            let id = AgentId(new_id(now)?);
            tx.row(
                "INSERT INTO agents (id, enrollment_key, device, folded_device, agent_uid, generation, first_seen_at, last_seen_at,
                                     address, version, tag, approved_at)
                 VALUES ($id, $key, $device, $folded, $agent_uid, $generation, $now, $now, $address, $version, $tag, $approved_at)",
                params! {
                    id,
                    key,
                    device,
                    folded: fold(device),
                    agent_uid: sighting.uid.map(|uid| uid.to_string()),
                    generation: sighting.generation,
                    now,
                    address: sighting.address.as_str(),
                    version: sighting.version.as_str(),
                    tag: sighting.tag.as_deref(),
                    approved_at,
                },
            )?;
            (id, "agent.bind")
        }
    };
    // One agent that goes by two devices: a clone with another name of its own, or a machine that was renamed.
    if let Some(uid) = sighting.uid {
        let others = tx.rows(
            "UPDATE agents SET twin_at = COALESCE(twin_at, $now), twin = COALESCE(twin, $device)
              WHERE agent_uid = $agent_uid AND id <> $id RETURNING device, id",
            params! { now, device, agent_uid: uid.to_string(), id },
        )?;
        if let Some(other) = others.first() {
            tx.row(
                "UPDATE agents SET twin_at = $now, twin = $twin WHERE id = $id RETURNING id",
                params! { now, twin: other.get::<String>("device")?, id },
            )?;
            for other in &others {
                tx.announce(feed::Topic::Agent, &other.get::<AgentId>("id")?.to_string())?;
            }
        }
    }
    let detail = json!({ "enrollment": key, "approved": approved_at.is_some() });
    tx.audit(audit::Entry::new(&Actor::server(), action, "agent", id).detail(detail))?;
    tx.announce(feed::Topic::Agent, &id.to_string())?;
    remembered(tx, id)
}

/// Lets an agent in that waits.
pub fn approve(tx: &mut Tx<'_>, agent: &str, actor: &Actor, reason: Option<&Reason>) -> Done<Agent> {
    let found = find(tx, agent)?;
    let now = tx.now();
    let row = tx.row(
        "UPDATE agents SET approved_at = $now WHERE id = $id AND approved_at IS NULL AND quarantined_at IS NULL RETURNING id",
        params! { now, id: found.id },
    )?;
    if row.is_none() {
        return Err(why_not(found.may_approve()));
    }
    changed(tx, found.id, "agent.approve", actor, reason)
}

/// Shuts an agent out, whatever key it comes with.
pub fn quarantine(tx: &mut Tx<'_>, agent: &str, actor: &Actor, reason: Option<&Reason>) -> Done<Agent> {
    let found = find(tx, agent)?;
    let now = tx.now();
    let row = tx.row(
        "UPDATE agents SET quarantined_at = $now WHERE id = $id AND quarantined_at IS NULL RETURNING id",
        params! { now, id: found.id },
    )?;
    if row.is_none() {
        return Err(why_not(found.may_quarantine()));
    }
    changed(tx, found.id, "agent.quarantine", actor, reason)
}

/// Takes an agent out of quarantine; one that never was approved waits again.
pub fn restore(tx: &mut Tx<'_>, agent: &str, actor: &Actor, reason: Option<&Reason>) -> Done<Agent> {
    let found = find(tx, agent)?;
    let row = tx.row(
        "UPDATE agents SET quarantined_at = NULL WHERE id = $id AND quarantined_at IS NOT NULL RETURNING id",
        params! { id: found.id },
    )?;
    if row.is_none() {
        return Err(why_not(found.may_restore()));
    }
    changed(tx, found.id, "agent.restore", actor, reason)
}

/// Shuts out all agents of a key; gives how many. Told by the key's own line in the feed.
pub(super) fn quarantine_all_of(tx: &mut Tx<'_>, key: &str, actor: &Actor) -> Done<usize> {
    let now = tx.now();
    let rows = tx.rows(
        "UPDATE agents SET quarantined_at = $now WHERE enrollment_key = $key AND quarantined_at IS NULL RETURNING id",
        params! { now, key },
    )?;
    let detail = json!({ "agents": rows.len() });
    tx.audit(audit::Entry::new(actor, "enrollment.quarantine-agents", "enrollment", key).detail(detail))?;
    Ok(rows.len())
}

/// Writes down what was seen of agents. Nothing of it is audited, and nobody has to hear of it.
pub fn seen(tx: &mut Tx<'_>, seen: &[Seen]) -> Done<()> {
    for Seen { id, at, let_in_at, generation, address, version, tag, answers: [prolog, contact] } in seen {
        tx.row(
            "UPDATE agents
                SET last_seen_at = $at, let_in_at = COALESCE($let_in_at, let_in_at), generation = $generation, address = $address,
                    version = COALESCE($version, version), tag = COALESCE($tag, tag),
                    prolog_answer = COALESCE($prolog, prolog_answer), contact_answer = COALESCE($contact, contact_answer)
              WHERE id = $id AND last_seen_at <= $at RETURNING id",
            params! {
                at: *at,
                let_in_at: *let_in_at,
                generation: *generation,
                address: address.as_str(),
                version: (!version.is_empty()).then_some(version.as_str()),
                tag: tag.as_deref(),
                prolog: prolog.as_deref(),
                contact: contact.as_deref(),
                id: *id,
            },
        )?;
    }
    Ok(())
}

/// Notes the number that an agent's machine has. Where another one was known, the identity has a twin.
pub fn note_machine(tx: &mut Tx<'_>, id: AgentId, machine: &str) -> Done<()> {
    let now = tx.now();
    let first = tx.row(
        "UPDATE agents SET machine = $machine WHERE id = $id AND machine IS NULL RETURNING id",
        params! { machine, id },
    )?;
    if first.is_none() {
        let twin = tx.row(
            "UPDATE agents SET twin_at = $now, twin = $machine, machine = $machine
              WHERE id = $id AND machine <> $machine RETURNING id",
            params! { now, machine, id },
        )?;
        if twin.is_none() {
            return Ok(());
        }
        tx.audit(audit::Entry::new(&Actor::server(), "agent.twin", "agent", id).detail(json!({ "by": "hardware" })))?;
    }
    tx.announce(feed::Topic::Agent, &id.to_string())
}

/// Notes that the machine of an agent is also said to be that of another agent.
pub fn note_uid(tx: &mut Tx<'_>, id: AgentId, uid: AgentUid) -> Done<()> {
    let (now, uid) = (tx.now(), uid.to_string());
    let first = tx.row(
        "UPDATE agents SET agent_uid = $agent_uid WHERE id = $id AND agent_uid IS NULL RETURNING id",
        params! { agent_uid: uid.as_str(), id },
    )?;
    if first.is_none() {
        let twin = tx.row(
            "UPDATE agents SET twin_at = $now, twin = $agent_uid, agent_uid = $agent_uid
              WHERE id = $id AND agent_uid <> $agent_uid RETURNING id",
            params! { now, agent_uid: uid.as_str(), id },
        )?;
        if twin.is_none() {
            return Ok(());
        }
        tx.audit(audit::Entry::new(&Actor::server(), "agent.twin", "agent", id).detail(json!({ "by": "agent id" })))?;
    }
    tx.announce(feed::Topic::Agent, &id.to_string())
}

/// The agent of an id or a device.
pub fn find(from: &mut impl Select, agent: &str) -> Done<Agent> {
    let asked = one_word(agent);
    let row = from.row(
        "SELECT id, enrollment_key, device, agent_uid, machine, generation, first_seen_at, last_seen_at, let_in_at, address,
                version, tag, approved_at, quarantined_at, twin_at, twin, prolog_answer, contact_answer
           FROM agents WHERE id = $asked OR device = $asked OR agent_uid = $asked ORDER BY id LIMIT 1",
        params! { asked: asked.as_str() },
    )?;
    row.map_or_else(|| Err(Refusal::AgentUnknown { agent: asked }.into()), |row| Ok(read(&row)?.agent))
}

/// One agent, for the memory of a gateway.
pub fn remembered_by(from: &mut impl Select, id: AgentId) -> Result<Option<Remembered>, StoreError> {
    from.row(
        "SELECT id, enrollment_key, device, agent_uid, machine, generation, first_seen_at, last_seen_at, let_in_at, address,
                version, tag, approved_at, quarantined_at, twin_at, twin, prolog_answer, contact_answer
           FROM agents WHERE id = $id",
        params! { id },
    )?
    .as_ref()
    .map(read)
    .transpose()
}

/// Agents by id, those after one, and at most so many, for the memory of a gateway; all, or those of a key.
pub fn remember(
    from: &mut impl Select,
    key: Option<&str>,
    after: &str,
    most: u32,
) -> Result<Vec<Remembered>, StoreError> {
    from.rows(
        "SELECT id, enrollment_key, device, agent_uid, machine, generation, first_seen_at, last_seen_at, let_in_at, address,
                version, tag, approved_at, quarantined_at, twin_at, twin, prolog_answer, contact_answer
           FROM agents WHERE id > $after AND ($every = 1 OR enrollment_key = $key) ORDER BY id LIMIT $most",
        params! { after, every: i64::from(key.is_none()), key: key.unwrap_or_default(), most },
    )?
    .iter()
    .map(read)
    .collect()
}

fn changed(tx: &mut Tx<'_>, id: AgentId, action: &'static str, actor: &Actor, reason: Option<&Reason>) -> Done<Agent> {
    tx.audit(audit::Entry::new(actor, action, "agent", id).reason(reason))?;
    tx.announce(feed::Topic::Agent, &id.to_string())?;
    find(tx, &id.to_string())
}

fn remembered(tx: &mut Tx<'_>, id: AgentId) -> Done<Remembered> {
    remembered_by(tx, id)?.ok_or_else(|| StoreError::Corrupt(format!("agent {id} is gone")).into())
}

pub(crate) fn read(row: &Row) -> Result<Remembered, StoreError> {
    let corrupt = |what: &str| StoreError::Corrupt(format!("{what} of an agent"));
    let device: String = row.get("device")?;
    let uid: Option<String> = row.get("agent_uid")?;
    Ok(Remembered {
        agent: Agent {
            id: row.get("id")?,
            key: row.get("enrollment_key")?,
            device: DeviceId::parse(&device).ok_or_else(|| corrupt("the device"))?,
            uid: uid.map(|uid| AgentUid::parse(&uid).ok_or_else(|| corrupt("the id"))).transpose()?,
            generation: row.get("generation")?,
            first_seen_at: row.get("first_seen_at")?,
            last_seen_at: row.get("last_seen_at")?,
            let_in_at: row.get("let_in_at")?,
            address: row.get("address")?,
            version: row.get("version")?,
            tag: row.get("tag")?,
            approved_at: row.get("approved_at")?,
            quarantined_at: row.get("quarantined_at")?,
            twin_at: row.get("twin_at")?,
            twin: row.get("twin")?,
        },
        machine: row.get("machine")?,
        answers: [row.get("prolog_answer")?, row.get("contact_answer")?],
    })
}
