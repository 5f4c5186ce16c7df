//! Enrollment keys: made, found, suspended, resumed, revoked, rotated.
//!
//! The text of a key is not stored: its keyed hash is. A rotation makes another secret under the same id, so that an
//! agent's user stays and its password changes; the one before counts until the overlap is over, and is known as what it
//! is for as long as there is no third.

use std::fmt;

use latchkey_domain::Refusal;
use latchkey_domain::enrollment::{EnrollmentKey, MOST_AGENTS, MOST_KEY_DAYS, MOST_OVERLAP_DAYS, Policy, Tag};
use latchkey_domain::network::Network;
use latchkey_domain::text::{Name, Reason, nearest, one_word};
use latchkey_domain::time::{DAY, Timestamp};
use latchkey_key::secret::{SecretKey, SecretKind};
use serde_json::json;
use subtle::ConstantTimeEq as _;

use super::agents;
use crate::accounts::connections;
use crate::driver::Select;
use crate::subscriptions::subscriptions::why_not;
use crate::value::{Row, params};
use crate::{Actor, Done, StoreError, Tx, Undone, Vault, audit, chance, feed};

/// All of an enrollment key.
macro_rules! all_enrollments {
    () => {
        "SELECT id, name, glpi, tag, agent_limit, networks, approves, keyed_hash, generation, previous_hash, previous_until,
                created_at, ends_at, suspended_at, revoked_at, agents
           FROM enrollment_keys"
    };
}
pub(crate) use all_enrollments;

/// The GLPI that inventories go to where nobody names one: that of the gateway's settings, else the connection of this name.
pub const MAIN: &str = "main";

/// What is asked for when a key is made.
#[derive(Debug, Clone)]
pub struct Order {
    /// What people call it.
    pub name: Name,
    /// Whom it lets in, and what happens to what they bring.
    pub policy: Policy,
    /// For how many days it lets agents in; without an end where nothing is said.
    pub days: Option<u32>,
}

/// A key with its text, which is not to be had again.
pub struct Created {
    /// What is kept of it.
    pub key: EnrollmentKey,
    /// What agents bring.
    pub text: SecretKey,
}

/// A key, with what tells its text from others.
#[derive(Clone)]
pub struct Known {
    /// The key.
    pub key: EnrollmentKey,
    keyed_hash: String,
    previous_hash: Option<String>,
}

/// What came of a revocation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Revoked {
    /// The key as it is now.
    pub key: EnrollmentKey,
    /// How many agents were shut out with it.
    pub quarantined: usize,
}

impl Known {
    /// The generation of the secret in a text of this key; `None` where the secret is another.
    pub fn generation_of(&self, vault: &Vault, text: &SecretKey) -> Option<u32> {
        let given = keyed_hash(vault, text);
        let is = |hash: &str| bool::from(hash.as_bytes().ct_eq(given.as_bytes()));
        let (present, previous) = (is(&self.keyed_hash), self.previous_hash.as_deref().is_some_and(is));
        match (present, previous) {
            (true, _) => Some(self.key.generation),
            (false, true) => Some(self.key.generation.saturating_sub(1)),
            (false, false) => None,
        }
    }
}

/// Makes a key.
pub fn create(tx: &mut Tx<'_>, vault: &Vault, order: &Order, actor: &Actor) -> Done<Created> {
    let now = tx.now();
    let number = |field, most, given: u32| match given {
        given if (1..=most).contains(&given) => Ok(given),
        _ => Err(Refusal::NumberInvalid { field, least: 1, most }),
    };
    let ends_at = order.days.map(|given| number("days", MOST_KEY_DAYS, given)).transpose()?;
    let ends_at = ends_at.map(|days| now.plus(i64::from(days) * DAY));
    order.policy.agent_limit.map(|limit| number("agents", MOST_AGENTS, limit)).transpose()?;
    let glpi = glpi(tx, &order.policy.glpi)?;
    let folded = order.name.folded();
    let taken =
        tx.row("SELECT id FROM enrollment_keys WHERE folded_name = $folded", params! { folded: folded.as_str() })?;
    if taken.is_some() {
        return Err(Refusal::EnrollmentExists { name: order.name.to_string() }.into());
    }
    let text = chance::secret(SecretKind::Enrollment)?;
    let key = EnrollmentKey {
        id: text.id().to_owned(),
        name: order.name.clone(),
        policy: Policy { glpi, ..order.policy.clone() },
        generation: 1,
        previous_until: None,
        created_at: now,
        ends_at,
        suspended_at: None,
        revoked_at: None,
        agents: 0,
    };
    let networks: Vec<String> = key.policy.networks.iter().map(Network::to_string).collect();
    tx.row(
        "INSERT INTO enrollment_keys
           (id, name, folded_name, glpi, tag, agent_limit, networks, approves, keyed_hash, generation, created_at, ends_at, agents)
         VALUES ($id, $name, $folded, $glpi, $tag, $agent_limit, $networks, $approves, $keyed_hash, 1, $now, $ends_at, 0)",
        params! {
            id: key.id.as_str(),
            name: &key.name,
            folded,
            glpi: key.policy.glpi.as_str(),
            tag: key.policy.tag.as_ref().map(Tag::as_str),
            agent_limit: key.policy.agent_limit,
            networks: networks.join(" "),
            approves: i64::from(key.policy.approves),
            keyed_hash: keyed_hash(vault, &text),
            now,
            ends_at,
        },
    )?;
    let detail = json!({
        "glpi": key.policy.glpi,
        "tag": key.policy.tag.as_ref().map(Tag::as_str),
        "agents": key.policy.agent_limit,
        "networks": networks,
        "approves": key.policy.approves,
        "ends_at": ends_at.map(|at| at.to_string()),
    });
    tx.audit(audit::Entry::new(actor, "enrollment.create", "enrollment", &key.id).detail(detail))?;
    tx.announce(feed::Topic::Enrollment, &key.id)?;
    Ok(Created { key, text })
}

/// The name of a GLPI that inventories can go to, as it was given to it.
fn glpi(from: &mut impl Select, name: &str) -> Done<String> {
    let name = one_word(name);
    if latchkey_domain::text::fold(&name) == MAIN {
        return Ok(MAIN.to_owned());
    }
    match connections::find(from, &name) {
        Ok(connection) => Ok(connection.name.to_string()),
        Err(Undone::Refused(Refusal::ConnectionUnknown { connection, meant })) => {
            let meant = meant.or_else(|| nearest(&connection, [MAIN]).map(str::to_owned));
            Err(Refusal::GlpiUnknown { glpi: connection, meant }.into())
        }
        Err(undone) => Err(undone),
    }
}

/// Lets nobody in until it is resumed; agents that were let through hand in what they have.
pub fn suspend(tx: &mut Tx<'_>, key: &str, actor: &Actor, reason: Option<&Reason>) -> Done<EnrollmentKey> {
    let id = find(tx, key)?.id;
    let now = tx.now();
    let row = tx.row(
        "UPDATE enrollment_keys SET suspended_at = $now
          WHERE id = $id AND suspended_at IS NULL AND revoked_at IS NULL RETURNING id",
        params! { now, id: id.as_str() },
    )?;
    if row.is_none() {
        return Err(why_not(find(tx, &id)?.may_suspend()));
    }
    changed(tx, &id, "enrollment.suspend", actor, reason)
}

/// Lets agents in again.
pub fn resume(tx: &mut Tx<'_>, key: &str, actor: &Actor, reason: Option<&Reason>) -> Done<EnrollmentKey> {
    let id = find(tx, key)?.id;
    let row = tx.row(
        "UPDATE enrollment_keys SET suspended_at = NULL
          WHERE id = $id AND suspended_at IS NOT NULL AND revoked_at IS NULL RETURNING id",
        params! { id: id.as_str() },
    )?;
    if row.is_none() {
        return Err(why_not(find(tx, &id)?.may_resume()));
    }
    changed(tx, &id, "enrollment.resume", actor, reason)
}

/// Withdraws a key for good, and, where `with_agents`, shuts out the agents that came with it, whatever key they come with
/// next.
pub fn revoke(tx: &mut Tx<'_>, key: &str, with_agents: bool, actor: &Actor, reason: Option<&Reason>) -> Done<Revoked> {
    let id = find(tx, key)?.id;
    let now = tx.now();
    let row = tx.row(
        "UPDATE enrollment_keys SET revoked_at = $now WHERE id = $id AND revoked_at IS NULL RETURNING id",
        params! { now, id: id.as_str() },
    )?;
    if row.is_none() {
        return Err(why_not(find(tx, &id)?.not_revoked()));
    }
    let quarantined = if with_agents { agents::quarantine_all_of(tx, &id, actor)? } else { 0 };
    Ok(Revoked { key: changed(tx, &id, "enrollment.revoke", actor, reason)?, quarantined })
}

/// Makes another secret under the same id. The present one counts for `overlap_days` more; one before that counts no more.
pub fn rotate(
    tx: &mut Tx<'_>,
    vault: &Vault,
    key: &str,
    overlap_days: u32,
    actor: &Actor,
    reason: Option<&Reason>,
) -> Done<Created> {
    if overlap_days > MOST_OVERLAP_DAYS {
        return Err(Refusal::DaysInvalid { field: "overlap days", most: MOST_OVERLAP_DAYS }.into());
    }
    let id = find(tx, key)?.id;
    let (now, text) = (tx.now(), chance::secret_of(SecretKind::Enrollment, &id)?);
    let row = tx.row(
        "UPDATE enrollment_keys
            SET previous_hash = keyed_hash, previous_until = $until, keyed_hash = $keyed_hash, generation = generation + 1
          WHERE id = $id AND revoked_at IS NULL RETURNING id",
        params! {
            until: now.plus(i64::from(overlap_days) * DAY),
            keyed_hash: keyed_hash(vault, &text),
            id: id.as_str(),
        },
    )?;
    if row.is_none() {
        return Err(why_not(find(tx, &id)?.not_revoked()));
    }
    Ok(Created { key: changed(tx, &id, "enrollment.rotate", actor, reason)?, text })
}

/// The key of an id or a name.
pub fn find(from: &mut impl Select, key: &str) -> Done<EnrollmentKey> {
    let asked = one_word(key);
    let folded = latchkey_domain::text::fold(&asked);
    let row = from.row(
        concat!(all_enrollments!(), " WHERE id = $id OR folded_name = $folded ORDER BY id LIMIT 1"),
        params! { id: asked.as_str(), folded },
    )?;
    match row {
        Some(row) => Ok(read(&row)?.key),
        None => {
            let names = from.rows("SELECT name FROM enrollment_keys ORDER BY id LIMIT 1000", params! {})?;
            let names: Vec<String> = names.iter().map(|row| row.get("name")).collect::<Result<_, _>>()?;
            let meant = nearest(&asked, names.iter().map(String::as_str)).map(str::to_owned);
            Err(Refusal::EnrollmentUnknown { key: asked, meant }.into())
        }
    }
}

/// Keys by name, those after one, and at most so many.
pub fn list(from: &mut impl Select, after: &str, most: u32) -> Result<Vec<EnrollmentKey>, StoreError> {
    let rows = from.rows(
        concat!(all_enrollments!(), " WHERE folded_name > $after ORDER BY folded_name LIMIT $most"),
        params! { after: latchkey_domain::text::fold(after), most },
    )?;
    rows.iter().map(|row| Ok(read(row)?.key)).collect()
}

/// All keys, for the memory of a gateway.
pub fn known(from: &mut impl Select) -> Result<Vec<Known>, StoreError> {
    from.rows(all_enrollments!(), params! {})?.iter().map(read).collect()
}

/// One key, for the memory of a gateway.
pub fn known_by(from: &mut impl Select, id: &str) -> Result<Option<Known>, StoreError> {
    from.row(concat!(all_enrollments!(), " WHERE id = $id"), params! { id })?.as_ref().map(read).transpose()
}

/// Where agents find the gateway, as the server that has it said last.
pub fn gateway_url(from: &mut impl Select) -> Result<Option<String>, StoreError> {
    from.row("SELECT url FROM gateway_place WHERE id = 1", params! {})?.map(|row| row.get("url")).transpose()
}

/// Notes where agents find the gateway.
pub fn note_gateway_url(tx: &mut Tx<'_>, url: &str) -> Done<()> {
    tx.row(
        "INSERT INTO gateway_place (id, url) VALUES (1, $url) ON CONFLICT (id) DO UPDATE SET url = $url RETURNING id",
        params! { url },
    )?;
    Ok(())
}

fn changed(
    tx: &mut Tx<'_>,
    id: &str,
    action: &'static str,
    actor: &Actor,
    reason: Option<&Reason>,
) -> Done<EnrollmentKey> {
    tx.audit(audit::Entry::new(actor, action, "enrollment", id).reason(reason))?;
    tx.announce(feed::Topic::Enrollment, id)?;
    find(tx, id)
}

fn keyed_hash(vault: &Vault, text: &SecretKey) -> String {
    vault.keyed_hash("latchkey/enrollment-key", text.reveal().as_bytes())
}

pub(crate) fn read(row: &Row) -> Result<Known, StoreError> {
    let networks: String = row.get("networks")?;
    let networks = networks.split_whitespace().map(str::parse).collect::<Result<_, _>>();
    let tag: Option<String> = row.get("tag")?;
    let corrupt = |what: &str| StoreError::Corrupt(format!("{what} of an enrollment key"));
    Ok(Known {
        key: EnrollmentKey {
            id: row.get("id")?,
            name: row.get("name")?,
            policy: Policy {
                glpi: row.get("glpi")?,
                tag: tag.map(|tag| Tag::parse(&tag).map_err(|_| corrupt("the tag"))).transpose()?,
                agent_limit: row.get("agent_limit")?,
                networks: networks.map_err(|_| corrupt("networks"))?,
                approves: row.get::<i64>("approves")? != 0,
            },
            generation: row.get("generation")?,
            previous_until: row.get::<Option<Timestamp>>("previous_until")?,
            created_at: row.get("created_at")?,
            ends_at: row.get("ends_at")?,
            suspended_at: row.get("suspended_at")?,
            revoked_at: row.get("revoked_at")?,
            agents: row.get("agents")?,
        },
        keyed_hash: row.get("keyed_hash")?,
        previous_hash: row.get("previous_hash")?,
    })
}

impl fmt::Debug for Created {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Created").field("key", &self.key).finish_non_exhaustive()
    }
}

impl fmt::Debug for Known {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Known").field("key", &self.key).finish_non_exhaustive()
    }
}
