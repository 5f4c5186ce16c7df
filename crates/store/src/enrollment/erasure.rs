//! Erasing an agent: its row goes, and with it the place that it took of its key. One that comes again is a new one.

use latchkey_domain::ids::AgentId;
use latchkey_domain::text::Reason;
use latchkey_domain::time::DAY;
use serde_json::json;

use super::agents;
use crate::driver::Select;
use crate::retention::ERASED_AT_ONCE;
use crate::value::{Row, params};
use crate::{Actor, Done, StoreError, Tx, audit, feed, installation};

/// What was erased.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Erased {
    /// The agent.
    pub agent: AgentId,
    /// How many reasons were erased from beside the audit log.
    pub reasons: usize,
}

/// Erases an agent for good: device, ids, address, version, tag, what GLPI told it, and the reasons that were given about
/// it. What it left in the queue is taken away by [`super::queue::forget_agent`].
///
/// `reason` is kept: it should not name the person.
pub fn erase(tx: &mut Tx<'_>, agent: &str, actor: &Actor, reason: &Reason) -> Done<Erased> {
    let id = agents::find(tx, agent)?.id;
    let reasons = wipe(tx, id)?;
    let detail = json!({ "reasons": reasons });
    tx.audit(audit::Entry::new(actor, "agent.erase", "agent", id).detail(detail).reason(Some(reason)))?;
    Ok(Erased { agent: id, reasons })
}

/// Erases agents that have not come for their term; gives how many.
pub(crate) fn sweep(tx: &mut Tx<'_>) -> Done<usize> {
    let days = installation::retention(tx)?.agents;
    let oldest = tx.now().plus(-i64::from(days) * DAY);
    let over = tx.rows(
        "SELECT id FROM agents WHERE last_seen_at < $oldest ORDER BY last_seen_at, id LIMIT $most",
        params! { oldest, most: ERASED_AT_ONCE },
    )?;
    let over = over.iter().map(|row: &Row| row.get("id")).collect::<Result<Vec<AgentId>, StoreError>>()?;
    for id in &over {
        wipe(tx, *id)?;
    }
    if !over.is_empty() {
        let detail = json!({ "agents": over.len(), "kept_days": days });
        tx.audit(audit::Entry::new(&Actor::server(), "retention.erase", "installation", "agents").detail(detail))?;
    }
    Ok(over.len())
}

/// Takes an agent away, and what others have of it; gives how many reasons went with it.
fn wipe(tx: &mut Tx<'_>, id: AgentId) -> Done<usize> {
    let gone = tx.row(
        "DELETE FROM agents WHERE id = $id RETURNING enrollment_key, device, agent_uid, machine",
        params! { id },
    )?;
    let Some(row) = gone else { return Ok(0) };
    let (key, device): (String, String) = (row.get("enrollment_key")?, row.get("device")?);
    let (uid, machine): (Option<String>, Option<String>) = (row.get("agent_uid")?, row.get("machine")?);
    tx.row(
        "UPDATE enrollment_keys SET agents = agents - 1 WHERE id = $key AND agents > 0 RETURNING id",
        params! { key: key.as_str() },
    )?;
    let twins = tx.rows(
        "UPDATE agents SET twin = NULL WHERE twin IN ($device, $uid, $machine) RETURNING id",
        params! { device: device.as_str(), uid: uid.as_deref(), machine: machine.as_deref() },
    )?;
    let reasons = tx.rows(
        "DELETE FROM audit_reasons
          WHERE seq IN (SELECT seq FROM audit WHERE subject_kind = 'agent' AND subject = $id) RETURNING seq",
        params! { id },
    )?;
    for twin in &twins {
        tx.announce(feed::Topic::Agent, &twin.get::<AgentId>("id")?.to_string())?;
    }
    tx.announce(feed::Topic::Agent, &id.to_string())?;
    Ok(reasons.len())
}
