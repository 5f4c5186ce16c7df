//! What has a term is taken away when it is over. What is kept without one, and why, stands in `docs/privacy.md`.

use latchkey_domain::time::DAY;

use crate::api::idempotency;
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
    /// Answers that were kept for repetitions.
    pub answers: usize,
}

/// Takes away whatever has outlived its term.
pub fn sweep(tx: &mut Tx<'_>) -> Done<Swept> {
    let feed = feed::prune(tx)?;
    let cutoff = tx.now().plus(-FINISHED_JOBS_DAYS * DAY);
    let jobs = tx.rows("DELETE FROM jobs WHERE finished_at < $cutoff RETURNING id", params! { cutoff })?.len();
    Ok(Swept { feed, jobs, answers: idempotency::prune(tx)? })
}

#[cfg(test)]
mod tests {
    use latchkey_domain::time::{MINUTE, Timestamp};

    use super::*;
    use crate::{Location, Store, feed, jobs};

    #[test]
    fn what_has_a_term_goes_when_it_is_over_and_not_before() {
        let dir = tempfile::tempdir().unwrap();
        let noon = Timestamp::from_millis(1_795_345_200_000);
        let store = Store::open(Location::embedded(dir.path()), noon).unwrap();
        store
            .write_blocking(noon, |tx| {
                tx.announce(feed::Topic::Clock, "")?;
                jobs::enqueue(tx, "done", "test", "{}", tx.now())?;
                let Some(job) = jobs::take(tx, MINUTE)? else { return Ok(()) };
                jobs::finish(tx, &job)?;
                jobs::enqueue(tx, "waits", "test", "{}", tx.now())
            })
            .unwrap();
        let days = |days| store.write_blocking(noon.plus(days * DAY + 1), sweep).unwrap();
        assert_eq!(days(0), Swept { feed: 0, jobs: 0, answers: 0 });
        assert_eq!(days(1), Swept { feed: 1, jobs: 0, answers: 0 });
        assert_eq!(days(FINISHED_JOBS_DAYS - 1), Swept { feed: 0, jobs: 0, answers: 0 });
        assert_eq!(days(FINISHED_JOBS_DAYS), Swept { feed: 0, jobs: 1, answers: 0 });
        assert_eq!(days(10 * FINISHED_JOBS_DAYS), Swept { feed: 0, jobs: 0, answers: 0 }, "what waits is kept");
    }
}
