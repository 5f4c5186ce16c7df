//! What came of invitations, counted in memory while pages are answered, and written down together by the worker: opening an
//! invitation costs no commit.
//!
//! What was counted within the last second is lost where the process is killed, and so is what a commit may or may not have
//! brought. Nothing is decided by these counts: the uses that were taken are written with their registrations.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use latchkey_domain::time::{Date, Timestamp};
use latchkey_store::invitations::counts::{self, Count};
use latchkey_store::{Store, StoreError, Undone};

/// Counts in one change, so that others write in between.
const AT_ONCE: usize = 500;

/// What, and on which day.
type Of = (Date, Cow<'static, str>);

/// Counts that are not written down yet, by invitation. Only those are counted whose secret somebody has shown, and causes are a
/// few, so there are no more than there are invitations in use.
#[derive(Default)]
pub(crate) struct Tally(Mutex<HashMap<String, HashMap<Of, i64>>>);

impl Tally {
    /// Counts one: `opened`, `started`, or `refused` with a colon and why.
    pub(super) fn count(&self, invitation: &str, day: Date, what: Cow<'static, str>) {
        self.add(invitation, (day, what), 1);
    }

    /// Writes down what was counted so far. Where it certainly does not stand, it is kept for the next time.
    pub(crate) fn write_down(&self, store: &Store, now: Timestamp) {
        let counted = std::mem::take(&mut *self.all());
        let counted: Vec<(String, Of, i64)> = counted
            .into_iter()
            .flat_map(|(invitation, all)| all.into_iter().map(move |(of, times)| (invitation.clone(), of, times)))
            .collect();
        for some in counted.chunks(AT_ONCE) {
            let rows: Vec<(String, Count)> = some
                .iter()
                .map(|(invitation, (day, what), times)| {
                    (invitation.clone(), Count { day: *day, what: what.to_string(), times: *times })
                })
                .collect();
            let written = store.write_blocking(now, move |tx| {
                rows.iter().try_for_each(|(invitation, count)| counts::add(tx, invitation, count))
            });
            if let Err(undone) = written {
                tracing::debug!(?undone, "what came of invitations was not written down");
                if undone != Undone::Failed(StoreError::OutcomeUnknown) {
                    for (invitation, of, times) in some {
                        self.add(invitation, of.clone(), *times);
                    }
                }
            }
        }
    }

    fn add(&self, invitation: &str, of: Of, times: i64) {
        let mut all = self.all();
        match all.get_mut(invitation) {
            Some(known) => *known.entry(of).or_default() += times,
            None => drop(all.insert(invitation.to_owned(), HashMap::from([(of, times)]))),
        }
    }

    fn all(&self) -> MutexGuard<'_, HashMap<String, HashMap<Of, i64>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use latchkey_domain::text::Name;
    use latchkey_store::invitations::keys::{self, Order};
    use latchkey_store::{Actor, Location, Master, Vault, installation};

    use super::*;

    #[test]
    fn all_that_was_counted_is_written_down_once_and_what_could_not_be_is_kept() {
        let (dir, now) = (tempfile::tempdir().unwrap(), Timestamp::from_millis(1_795_345_200_000));
        let (store, vault) =
            (Store::open(Location::embedded(dir.path()), now).unwrap(), Vault::new(Master::random().unwrap()));
        installation::establish(&store, &vault, now, &Actor::server()).unwrap();
        let order = Order::named(Name::parse("name", "Sales").unwrap());
        let made = store.write_blocking(now, move |tx| keys::create(tx, &vault, &order, &Actor::server())).unwrap();
        let (id, tally) = (made.invitation.id, Tally::default());
        let day: Date = "2026-11-22".parse().unwrap();
        for _ in 0..3 {
            tally.count(&id, day, "opened".into());
        }
        tally.count(&id, day, "refused:login:taken".to_owned().into());
        tally.write_down(&store, now);
        tally.write_down(&store, now);
        tally.count(&id, day, "opened".into());
        // An invitation that is in no row cannot be counted for, and keeps nothing of the others from the next time.
        tally.count("nobody", day, "opened".into());
        tally.write_down(&store, now);
        let kept = |tally: &Tally| tally.all().values().flat_map(HashMap::values).sum::<i64>();
        assert_eq!(kept(&tally), 2);
        tally.all().remove("nobody");
        tally.write_down(&store, now);
        assert_eq!(kept(&tally), 0);
        let rows = store.read(|reader| counts::of(reader, &id)).unwrap();
        let rows: Vec<(&str, i64)> = rows.iter().map(|row| (row.what.as_str(), row.times)).collect();
        assert_eq!(rows, [("opened", 4), ("refused:login:taken", 1)]);
    }
}
