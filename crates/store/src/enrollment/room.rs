//! Room in a full queue: what makes way for what is new, and what never does. Each message is marked with how much it would be missed, and
//! beside how many bytes there are stands how many of them can be spared. So whether there is room is one look, and what goes is
//! found by an index, however much waits.
//!
//! Invariant: a machine's newest whole inventory is missed too much to go; what lies before it is not missed at all, all else a
//! little. `spare_bytes` is the sum of all that can go.

use super::queue::{Parcel, forget};
use crate::driver::Select;
use crate::value::params;
use crate::{Done, StoreError, Tx};

/// Messages that make way, at a time.
const AT_A_TIME: u32 = 50;
/// How much something is missed: a part that nothing newer has taken the place of, and a machine's newest whole inventory.
pub(super) const LITTLE: i64 = 1;
pub(super) const TOO_MUCH: i64 = 2;

/// Takes away what can be spared until so many bytes are free, of which there are as many: what lies before a newer whole inventory
/// of its machine first, then parts, the oldest of each. Never a machine's newest whole inventory, and not the one for which it is done.
pub(super) fn make(tx: &mut Tx<'_>, bytes: i64, but: i64) -> Done<()> {
    let (mut freed, mut messages) = (0, 0);
    while freed < bytes {
        let spare = tx.rows(
            "SELECT number, bytes FROM queued_messages WHERE missed < 2 AND number <> $but ORDER BY missed, number LIMIT $most",
            params! { but, most: AT_A_TIME },
        )?;
        if spare.is_empty() {
            return Err(StoreError::Corrupt("queue_head counts more to be spared than there is".into()).into());
        }
        for row in &spare {
            if freed >= bytes {
                break;
            }
            let (number, size): (i64, i64) = (row.get("number")?, row.get("bytes")?);
            forget(tx, &[(number, size)])?;
            (freed, messages) = (freed + size, messages + 1);
        }
    }
    tracing::error!(messages, bytes = freed, "ALARM: the queue is full; messages were dropped from it");
    Ok(())
}

/// What a new whole inventory takes the place of.
#[derive(Default)]
pub(super) struct Passed {
    messages: usize,
    /// Bytes of what could not go before it.
    pub(super) bytes: i64,
}

impl Passed {
    /// What would be missed of this machine so far.
    pub(super) fn by(tx: &mut Tx<'_>, parcel: &Parcel) -> Done<Self> {
        let own = tx.rows(
            "SELECT bytes, missed FROM queued_messages WHERE agent = $agent AND device = $device AND missed > 0",
            params! { agent: parcel.agent.as_str(), device: parcel.device.as_str() },
        )?;
        let mut passed = Self { messages: own.len(), bytes: 0 };
        for row in &own {
            if row.get::<i64>("missed")? == TOO_MUCH {
                passed.bytes += row.get::<i64>("bytes")?;
            }
        }
        Ok(passed)
    }

    /// Nobody would miss it any more.
    pub(super) fn is_left_behind(&self, tx: &mut Tx<'_>, parcel: &Parcel) -> Done<()> {
        if self.messages == 0 {
            return Ok(());
        }
        tx.changed(
            "UPDATE queued_messages SET missed = 0 WHERE agent = $agent AND device = $device AND missed > 0",
            params! { agent: parcel.agent.as_str(), device: parcel.device.as_str() },
        )?;
        spares(tx, self.bytes)
    }
}

/// A machine's newest whole inventory is no longer there: the one before it takes its place, if there is any, and what came between is
/// missed again. What is delivered in its order has nothing before it but dead letters.
pub(super) fn newest_is_gone(tx: &mut Tx<'_>, agent: &str, device: &str, number: i64) -> Done<()> {
    let before = tx.row(
        "SELECT number FROM queued_messages WHERE agent = $agent AND device = $device AND number < $number LIMIT 1",
        params! { agent, device, number },
    )?;
    if before.is_none() {
        return Ok(());
    }
    let newest = tx.row(
        "SELECT number, bytes FROM queued_messages
          WHERE agent = $agent AND device = $device AND number < $number AND what = 'inventory' ORDER BY number DESC LIMIT 1",
        params! { agent, device, number },
    )?;
    let (newest, bytes): (i64, i64) = match newest {
        Some(row) => (row.get("number")?, row.get("bytes")?),
        None => (0, 0),
    };
    tx.changed(
        "UPDATE queued_messages SET missed = CASE WHEN number = $newest THEN 2 ELSE 1 END
          WHERE agent = $agent AND device = $device AND number >= $newest AND number < $number",
        params! { newest, agent, device, number },
    )?;
    spares(tx, -bytes)
}

/// So many bytes more can be spared, or less.
fn spares(tx: &mut Tx<'_>, bytes: i64) -> Done<()> {
    if bytes != 0 {
        tx.changed("UPDATE queue_head SET spare_bytes = spare_bytes + $bytes WHERE id = 1", params! { bytes })?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::Ordering;

    use latchkey_domain::time::{DAY, Timestamp};
    use tempfile::TempDir;

    use crate::driver::Driver as _;
    use crate::driver::sqlite::Sqlite;
    use crate::enrollment::queue::{Bounds, Parcel, put};
    use crate::lately::Lately;
    use crate::migrations;
    use crate::tx::{Head, Tx};

    /// What each message of a [`Full`] queue has.
    const BYTES: i64 = 100;

    /// A queue that has as much as it may.
    struct Full {
        sqlite: Sqlite,
        bounds: Bounds,
        _directory: TempDir,
    }

    fn now() -> Timestamp {
        Timestamp::from_millis(1_000_000)
    }

    impl Full {
        /// Of so many machines there is one message each.
        fn of(machines: i64, what: &str, missed: i64) -> Self {
            let directory = tempfile::tempdir().unwrap();
            let mut sqlite = Sqlite::open(&directory.path().join("queue.db")).unwrap();
            migrations::apply(&mut sqlite, now()).unwrap();
            let (bytes, spare) = (machines * BYTES, if missed < 2 { machines * BYTES } else { 0 });
            let filled = format!(
                "INSERT INTO queued_messages
                        (number, agent, device, glpi, what, head, body, bytes, received_at, run_at, attempts, missed)
                   WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {machines})
                 SELECT i, 'agent-' || i, 'machine-' || i, 'main', '{what}', '{{}}', 'eA==', {BYTES}, 0, 0, 0, {missed} FROM n;
                 INSERT INTO queue_turns (agent, glpi, run_at, fence, lease_until)
                 SELECT agent, glpi, 0, 0, 0 FROM queued_messages;
                 UPDATE queue_head SET last_number = {machines}, messages = {machines}, bytes = {bytes}, spare_bytes = {spare};"
            );
            sqlite.batch(&filled).unwrap();
            Self { sqlite, bounds: Bounds { bytes, age: DAY }, _directory: directory }
        }

        fn puts(&mut self, number: i64) -> bool {
            let agent = format!("new-{number}");
            let (device, glpi, what) = (agent.clone(), "main".into(), "inventory".into());
            let parcel = Parcel { agent, device, glpi, what, head: "{}".into(), body: vec![7; 60] };
            self.sqlite.begin_write().unwrap();
            let mut head = Head::take(&mut self.sqlite).unwrap();
            let kept =
                put(&mut Tx::new(&mut self.sqlite, &mut head, &mut Lately::default(), now()), &parcel, self.bounds)
                    .unwrap();
            self.sqlite.commit().unwrap();
            kept
        }

        /// How many steps the next one takes.
        fn steps(&mut self, kept: bool) -> usize {
            // The first time statements are prepared, too.
            assert_eq!(self.puts(1), kept);
            let steps = self.sqlite.counts_steps();
            assert_eq!(self.puts(2), kept);
            steps.load(Ordering::SeqCst)
        }
    }

    #[test]
    fn a_full_queue_takes_the_same_steps_however_long_it_is() {
        for (what, missed, kept) in [("inventory", 2, false), ("partial", 1, true), ("inventory", 0, true)] {
            let steps = [200, 20_000].map(|machines| Full::of(machines, what, missed).steps(kept));
            assert!(steps[0] > 0 && steps[0] == steps[1], "{what}, missed {missed}: {steps:?}");
        }
    }
}
