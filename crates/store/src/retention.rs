//! What has a term is taken away when it is over. What is kept without one, and why, stands in `docs/privacy.md`.

use latchkey_domain::time::DAY;

use crate::driver::Select;
use crate::value::params;
use crate::{Done, Tx, feed};

/// How long a finished job is kept, in days.
pub const FINISHED_JOBS_DAYS: i64 = 30;

/// What was taken away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Swept {
    /// Lines of the feed.
    pub feed: usize,
    /// Finished jobs.
    pub jobs: usize,
}

/// Takes away whatever has outlived its term.
pub fn sweep(tx: &mut Tx<'_>) -> Done<Swept> {
    let feed = feed::prune(tx)?;
    let cutoff = tx.now().plus(-FINISHED_JOBS_DAYS * DAY);
    let jobs = tx.rows("DELETE FROM jobs WHERE finished_at < $cutoff RETURNING id", params! { cutoff })?.len();
    Ok(Swept { feed, jobs })
}
