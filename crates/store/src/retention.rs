//! What has a term is taken away when it is over. What is kept without one, and why, stands in `docs/privacy.md`.

use latchkey_domain::time::DAY;

use crate::api::idempotency;
use crate::driver::Select;
use crate::enrollment::{self, hours};
use crate::invitations::{self, registrations};
use crate::operators::{links, sessions};
use crate::value::params;
use crate::{Done, Tx, feed, questions};

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
    /// Latest questions about keys.
    pub questions: usize,
    /// Hourly counts of answers, and of messages of agents.
    pub counts: usize,
    /// Sessions of the console, and setup links, that are over.
    pub sign_ins: usize,
    /// Passwords of registrations that were held for too long.
    pub passwords: usize,
    /// Registrations of people, of whom nothing is known any more.
    pub registrations: usize,
    /// Agents that have not come for long.
    pub agents: usize,
}

/// People, or agents, that are erased with one sweep: others wait for the writer.
pub(crate) const ERASED_AT_ONCE: i64 = 1_000;

impl Swept {
    /// Whether there may be more to erase, which is not to wait for the next hour.
    pub fn is_partial(&self) -> bool {
        let most = usize::try_from(ERASED_AT_ONCE).unwrap_or(usize::MAX);
        self.registrations >= most || self.agents >= most
    }
}

/// Takes away whatever has outlived its term; of people and agents, as many as one change should.
pub fn sweep(tx: &mut Tx<'_>) -> Done<Swept> {
    let feed = feed::prune(tx)?;
    let cutoff = tx.now().plus(-FINISHED_JOBS_DAYS * DAY);
    let jobs = tx.rows("DELETE FROM jobs WHERE finished_at < $cutoff RETURNING id", params! { cutoff })?.len();
    let (questions, counts) = questions::prune(tx)?;
    let counts = counts + hours::prune(tx)?;
    let sign_ins = sessions::prune(tx)? + links::prune(tx)?;
    let passwords = registrations::prune(tx)?;
    let registrations = invitations::erasure::sweep(tx)?;
    let agents = enrollment::erasure::sweep(tx)?;
    let answers = idempotency::prune(tx)?;
    Ok(Swept { feed, jobs, answers, questions, counts, sign_ins, passwords, registrations, agents })
}

#[cfg(test)]
mod tests {
    use latchkey_domain::ids::KeyId;
    use latchkey_domain::time::{MINUTE, Timestamp};
    use uuid::Uuid;

    use super::*;
    use crate::questions::{Asked, COUNTS_KEPT_DAYS, KEPT_DAYS};
    use crate::{Actor, Location, Master, Store, Vault, feed, installation, jobs};

    #[test]
    fn what_has_a_term_goes_when_it_is_over_and_not_before() {
        let dir = tempfile::tempdir().unwrap();
        let noon = Timestamp::from_millis(1_795_345_200_000);
        let store = Store::open(Location::embedded(dir.path()), noon).unwrap();
        installation::establish(&store, &Vault::new(Master::random().unwrap()), noon, &Actor::server()).unwrap();
        store
            .write_blocking(noon, |tx| {
                tx.announce(feed::Topic::Clock, "")?;
                questions::keep(tx, &[asked(tx.now())])?;
                questions::count(tx, tx.now(), &[(String::new(), 3)])?;
                jobs::enqueue(tx, "done", "test", "{}", tx.now())?;
                let Some(job) = jobs::take_this(tx, "done", MINUTE)? else { return Ok(()) };
                jobs::finish(tx, &job)?;
                jobs::enqueue(tx, "waits", "test", "{}", tx.now())
            })
            .unwrap();
        // All that was told, of the first start, too.
        let (told, _) = store.read(|reader| feed::end(reader)).unwrap();
        let days = |days| store.write_blocking(noon.plus(days * DAY + 1), sweep).unwrap();
        let none = Swept {
            feed: 0,
            jobs: 0,
            answers: 0,
            questions: 0,
            counts: 0,
            sign_ins: 0,
            passwords: 0,
            registrations: 0,
            agents: 0,
        };
        assert_eq!(days(0), none);
        assert_eq!(days(1), Swept { feed: usize::try_from(told).unwrap(), ..none });
        assert_eq!(days(KEPT_DAYS - 1), none);
        assert_eq!(days(KEPT_DAYS), Swept { questions: 1, ..none });
        assert_eq!(days(FINISHED_JOBS_DAYS - 1), none);
        assert_eq!(days(FINISHED_JOBS_DAYS), Swept { jobs: 1, ..none });
        assert_eq!(days(COUNTS_KEPT_DAYS - 1), none);
        assert_eq!(days(COUNTS_KEPT_DAYS), Swept { counts: 1, ..none });
        assert_eq!(days(2 * COUNTS_KEPT_DAYS), none, "what waits is kept");
    }

    fn asked(at: Timestamp) -> Asked {
        Asked {
            key: KeyId(Uuid::from_u128(1)),
            at,
            first_at: at,
            times: 1,
            verdict: "open".into(),
            code: String::new(),
            address: "192.0.2.1".into(),
            version: "10.0.19".into(),
            instance: String::new(),
        }
    }
}
