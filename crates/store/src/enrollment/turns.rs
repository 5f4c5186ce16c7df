//! Whose turn it is: of each agent whose messages wait for a GLPI, one small row, beside the messages and their bodies. So the next
//! is found, and everything is tried now, in the same time however much waits.
//!
//! Invariant: a turn has a time exactly where something waits that is not dead. Whoever delivers holds the turn for a while;
//! its fence makes the report of one that held it for too long count for nothing.

use crate::driver::Select;
use crate::value::params;
use crate::{Done, StoreError, Tx};
use latchkey_domain::time::{Millis, Timestamp};

/// A turn that somebody holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Turn {
    pub(super) agent: String,
    pub(super) glpi: String,
    fence: i64,
}

/// Something waits: the agent has a turn, at once where it had none.
pub(super) fn has(tx: &mut Tx<'_>, agent: &str, glpi: &str) -> Done<()> {
    let now = tx.now();
    tx.changed(
        "INSERT INTO queue_turns (agent, glpi, run_at, fence, lease_until) VALUES ($agent, $glpi, $now, 0, 0)
         ON CONFLICT (agent, glpi) DO UPDATE SET run_at = COALESCE(queue_turns.run_at, $now)",
        params! { agent, glpi, now },
    )?;
    Ok(())
}

/// The same, and at once in any case.
pub(super) fn has_now(tx: &mut Tx<'_>, agent: &str, glpi: &str) -> Done<()> {
    let now = tx.now();
    tx.changed(
        "INSERT INTO queue_turns (agent, glpi, run_at, fence, lease_until) VALUES ($agent, $glpi, $now, 0, 0)
         ON CONFLICT (agent, glpi) DO UPDATE SET run_at = $now",
        params! { agent, glpi, now },
    )?;
    Ok(())
}

/// Something was taken away: where nothing waits any more, there is no turn.
pub(super) fn settle(tx: &mut Tx<'_>, agent: &str, glpi: &str) -> Done<()> {
    tx.changed(
        "UPDATE queue_turns SET run_at = NULL
          WHERE agent = $agent AND glpi = $glpi
            AND NOT EXISTS (SELECT 1 FROM queued_messages m
                             WHERE m.agent = $agent AND m.glpi = $glpi AND m.dead_at IS NULL)",
        params! { agent, glpi },
    )?;
    Ok(())
}

/// Whether it is anybody's turn.
pub(super) fn is_anybodys(from: &mut impl Select, glpi: &str, now: Timestamp) -> Result<bool, StoreError> {
    let row = from.row(
        "SELECT agent FROM queue_turns WHERE glpi = $glpi AND run_at <= $now AND lease_until <= $now LIMIT 1",
        params! { now, glpi },
    )?;
    Ok(row.is_some())
}

/// Takes the turn that has been for longest, for `lease` milliseconds.
pub(super) fn take(tx: &mut Tx<'_>, glpi: &str, lease: Millis) -> Done<Option<Turn>> {
    let now = tx.now();
    let row = tx.row(
        "UPDATE queue_turns SET fence = fence + 1, lease_until = $until
          WHERE glpi = $glpi AND agent = (
                SELECT agent FROM queue_turns
                 WHERE glpi = $glpi AND run_at <= $now AND lease_until <= $now ORDER BY run_at, agent LIMIT 1)
      RETURNING agent, fence",
        params! { until: now.plus(lease), glpi, now },
    )?;
    let Some(row) = row else { return Ok(None) };
    Ok(Some(Turn { agent: row.get("agent")?, glpi: glpi.to_owned(), fence: row.get("fence")? }))
}

/// Gives a turn back: the agent's next one is at `run_at`. False where somebody else has taken it meanwhile.
pub(super) fn give_back(tx: &mut Tx<'_>, turn: &Turn, run_at: Timestamp) -> Done<bool> {
    let changed = tx.changed(
        "UPDATE queue_turns SET lease_until = 0, run_at = $run_at
          WHERE agent = $agent AND glpi = $glpi AND fence = $fence",
        params! { run_at, agent: turn.agent.as_str(), glpi: turn.glpi.as_str(), fence: turn.fence },
    )?;
    Ok(changed > 0)
}

/// Everybody whose turn is still to come has it now.
pub(super) fn all_now(tx: &mut Tx<'_>) -> Done<()> {
    let now = tx.now();
    tx.changed("UPDATE queue_turns SET run_at = $now WHERE run_at > $now", params! { now })?;
    Ok(())
}

/// The same of one GLPI; how many they are.
pub(super) fn all_of_now(tx: &mut Tx<'_>, glpi: &str) -> Done<u64> {
    let now = tx.now();
    Ok(tx.changed("UPDATE queue_turns SET run_at = $now WHERE glpi = $glpi AND run_at > $now", params! { now, glpi })?)
}

/// Takes away what is left of agents of whom nothing has waited since `before`.
pub(super) fn prune(tx: &mut Tx<'_>, before: Timestamp) -> Done<()> {
    tx.changed("DELETE FROM queue_turns WHERE run_at IS NULL AND lease_until < $before", params! { before })?;
    Ok(())
}
