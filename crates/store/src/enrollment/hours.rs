//! How many messages came to the gateway, hour by hour, by what became of them.

use latchkey_domain::time::{DAY, HOUR, Timestamp};

use crate::driver::Select;
use crate::value::params;
use crate::{Done, StoreError, Tx};

/// How long counts are kept, in days.
pub const KEPT_DAYS: i64 = 90;

/// One count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Count {
    /// The beginning of the hour.
    pub hour: Timestamp,
    /// What came: `inventory`, `partial`, `contact`, `prolog`, `task`, `question`.
    pub what: String,
    /// What became of it: empty where GLPI answered, `STORED`, `DELIVERED`, or the code of the refusal.
    pub code: String,
    /// How many.
    pub times: i64,
}

/// Adds to the counts of the hour of `at`.
pub fn count(tx: &mut Tx<'_>, at: Timestamp, counts: &[(String, String, i64)]) -> Done<()> {
    let hour = Timestamp::from_millis(at.millis() / HOUR * HOUR);
    for (what, code, times) in counts {
        tx.row(
            "INSERT INTO gateway_hours (id, hour, what, code, times) VALUES ($id, $hour, $what, $code, $times)
             ON CONFLICT (id) DO UPDATE SET times = gateway_hours.times + $times RETURNING id",
            params! { id: format!("{}/{what}/{code}", hour.millis()), hour, what: what.as_str(), code: code.as_str(), times: *times },
        )?;
    }
    Ok(())
}

/// The counts from an instant on, oldest first.
pub fn since(from: &mut impl Select, at: Timestamp) -> Result<Vec<Count>, StoreError> {
    from.rows(
        "SELECT hour, what, code, times FROM gateway_hours WHERE hour >= $at ORDER BY hour, what, code",
        params! { at },
    )?
    .iter()
    .map(|row| {
        Ok(Count { hour: row.get("hour")?, what: row.get("what")?, code: row.get("code")?, times: row.get("times")? })
    })
    .collect()
}

/// Takes away what has outlived its term; gives how many.
pub(crate) fn prune(tx: &mut Tx<'_>) -> Done<usize> {
    let cutoff = tx.now().plus(-KEPT_DAYS * DAY);
    Ok(tx.rows("DELETE FROM gateway_hours WHERE hour < $cutoff RETURNING id", params! { cutoff })?.len())
}
