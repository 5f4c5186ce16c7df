//! What came of invitations, by the day: opened, started, completed, refused and why. Nothing of it says who, and nothing is
//! decided by it: the uses that were taken stand with the invitation itself.

use latchkey_domain::time::Date;

use crate::driver::Select;
use crate::value::params;
use crate::{Done, StoreError, Tx};

/// So many of something on a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Count {
    /// The day, in the vendor's zone.
    pub day: Date,
    /// `opened`, `started`, `completed`, or `refused` with a colon and why.
    pub what: String,
    /// How many times.
    pub times: i64,
}

/// Counts one.
pub fn count(tx: &mut Tx<'_>, invitation: &str, day: Date, what: &str) -> Done<()> {
    add(tx, invitation, &Count { day, what: what.to_owned(), times: 1 })
}

/// Counts so many at once.
pub fn add(tx: &mut Tx<'_>, invitation: &str, count: &Count) -> Done<()> {
    let Count { day, what, times } = count;
    tx.changed(
        "INSERT INTO invitation_counts (id, invitation_id, day, what, times) VALUES ($id, $invitation, $day, $what, $times)
         ON CONFLICT (id) DO UPDATE SET times = invitation_counts.times + excluded.times",
        params! { id: format!("{invitation} {day} {what}"), invitation, day: *day, what: what.as_str(), times: *times },
    )?;
    Ok(())
}

/// All that came of an invitation, by the day.
pub fn of(from: &mut impl Select, invitation: &str) -> Result<Vec<Count>, StoreError> {
    from.rows(
        "SELECT day, what, times FROM invitation_counts WHERE invitation_id = $invitation ORDER BY day, what LIMIT 10000",
        params! { invitation },
    )?
    .iter()
    .map(|row| Ok(Count { day: row.get("day")?, what: row.get("what")?, times: row.get("times")? }))
    .collect()
}
