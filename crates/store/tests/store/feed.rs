//! The feed: every change, in the order of the commits, to whoever follows.

use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::time::{Duration, Instant};

use latchkey_domain::time::{DAY, HOUR, Timestamp};
use latchkey_store::feed::{self, Change, Follower, Following, KEPT, Topic};
use latchkey_store::{Store, StoreError};
use latchkey_tests_support::poll_until;
use latchkey_tests_support::postgres::Cluster;

use crate::house::{House, Place, order, years};

/// Generous: the machine may be busy with other tests.
const SOON: Duration = Duration::from_secs(20);
/// Within which a change has to be heard everywhere.
const PROMISED: Duration = Duration::from_secs(1);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Heard {
    Change(Change),
    Missed(i64),
    Away,
}

/// A follower that writes down what it hears, and can be made to stand still in the middle of it.
#[derive(Clone, Default)]
struct Listener(Arc<(Mutex<Notes>, Condvar)>);

#[derive(Default)]
struct Notes {
    heard: Vec<Heard>,
    current: Option<Timestamp>,
    held: bool,
}

impl Listener {
    fn follows(store: &Store) -> (Self, Following) {
        let listener = Self::default();
        let following = store.follow(listener.clone()).unwrap();
        (listener, following)
    }

    fn notes(&self) -> MutexGuard<'_, Notes> {
        self.0.0.lock().unwrap()
    }

    fn note(&self, heard: impl IntoIterator<Item = Heard>) {
        let mut notes = self.0.1.wait_while(self.notes(), |notes| notes.held).unwrap();
        notes.heard.extend(heard);
    }

    fn hold(&self, held: bool) {
        self.notes().held = held;
        self.0.1.notify_all();
    }

    fn heard(&self) -> Vec<Heard> {
        self.notes().heard.clone()
    }

    /// Waits until something is heard.
    #[track_caller]
    fn hears(&self, what: impl Fn(&Heard) -> bool) {
        poll_until(SOON, || self.heard().iter().any(&what).then_some(()));
    }

    #[track_caller]
    fn hears_of(&self, topic: Topic, subject: &str) {
        self.hears(
            |heard| matches!(heard, Heard::Change(change) if change.topic == Some(topic) && change.subject == subject),
        );
    }

    /// Waits until so many things were heard.
    #[track_caller]
    fn hears_so_many(&self, count: usize) -> Vec<Heard> {
        poll_until(SOON, || Some(self.heard()).filter(|heard| heard.len() >= count))
    }
}

impl Follower for Listener {
    fn changed(&mut self, changes: &[Change]) {
        self.note(changes.iter().cloned().map(Heard::Change));
    }

    fn missed(&mut self, up_to: i64) {
        self.note([Heard::Missed(up_to)]);
    }

    fn current(&mut self, highest_at: Timestamp) {
        self.notes().current = Some(highest_at);
    }

    fn away(&mut self, _: &StoreError) {
        self.note([Heard::Away]);
    }
}

/// A change that is heard, and the number under which it is.
fn announce(house: &House, store: &Store, subject: &'static str) -> Heard {
    store.write_blocking(house.now(), move |tx| tx.announce(Topic::Offer, subject)).unwrap();
    let seq = house.raw().end_of_feed();
    Heard::Change(Change { seq, topic: Some(Topic::Offer), subject: subject.to_owned() })
}

both_databases! {
    fn a_follower_hears_what_comes_after_it_began(house: House) {
        house.rotate().unwrap();
        let (listener, _following) = Listener::follows(&house.store);
        let expected = [announce(&house, &house.store, "one"), announce(&house, &house.store, "two")];
        assert_eq!(listener.hears_so_many(2), expected);
    }

    fn a_change_is_heard_within_a_second_here_and_elsewhere(house: House) {
        let other = house.another_store();
        let (here, _here) = Listener::follows(&house.store);
        let (there, _there) = Listener::follows(&other);
        let mut fastest = Duration::MAX;
        for subject in ["one", "two", "three", "four"] {
            announce(&house, &house.store, subject);
            let begin = Instant::now();
            here.hears_of(Topic::Offer, subject);
            there.hears_of(Topic::Offer, subject);
            fastest = fastest.min(begin.elapsed());
        }
        // The fastest of a few, since the machine may have been busy with something else.
        assert!(fastest < PROMISED, "{fastest:?}");
        assert_eq!(here.heard(), there.heard());
    }

    fn the_feed_is_in_the_order_of_the_commits_without_gaps(house: House) {
        let keys: Vec<Vec<_>> = (0..4).map(|_| (0..10).map(|_| house.sells("Acme", "free").key.id).collect()).collect();
        let (before, other) = (house.raw().end_of_feed(), house.another_store());
        let (listener, _following) = Listener::follows(&house.store);
        std::thread::scope(|scope| {
            for (number, keys) in keys.iter().enumerate() {
                let (store, house) = (if number % 2 == 0 { &house.store } else { &other }, &house);
                scope.spawn(move || {
                    for key in keys {
                        let (actor, key, why) = (house.actor.clone(), *key, crate::house::reason("leaked"));
                        store
                            .write_blocking(house.now(), move |tx| {
                                latchkey_store::subscriptions::keys::revoke(tx, key, &actor, &why)
                            })
                            .unwrap();
                    }
                });
            }
        });
        let audit = house.audit();
        let revoked = audit.iter().filter(|line| line.action == "key.revoke").map(|line| line.subject.clone());
        let expected: Vec<_> = (before + 1..)
            .zip(revoked)
            .map(|(seq, subject)| Heard::Change(Change { seq, topic: Some(Topic::Key), subject }))
            .collect();
        assert_eq!(expected.len(), 40);
        assert_eq!(listener.hears_so_many(40), expected);
    }

    fn more_than_a_page_at_once_is_heard_in_order(house: House) {
        let (listener, _following) = Listener::follows(&house.store);
        let end = house.raw().end_of_feed();
        house.write(|tx| (0..2_500).try_for_each(|number| tx.announce(Topic::Offer, &number.to_string()))).unwrap();
        let expected: Vec<_> = (0..2_500)
            .map(|number| {
                Heard::Change(Change { seq: end + 1 + number, topic: Some(Topic::Offer), subject: number.to_string() })
            })
            .collect();
        assert_eq!(listener.hears_so_many(2_500), expected);
    }

    fn what_was_refused_is_not_heard(house: House) {
        let (listener, _following) = Listener::follows(&house.store);
        let refused = house.write(|tx| {
            tx.announce(Topic::Offer, "refused")?;
            Err::<(), _>(latchkey_domain::Refusal::TermMissing.into())
        });
        assert!(refused.is_err());
        let expected = [announce(&house, &house.store, "done")];
        assert_eq!(listener.hears_so_many(1), expected);
    }

    fn lines_are_kept_for_a_day(house: House) {
        let end = house.raw().end_of_feed();
        announce(&house, &house.store, "old");
        house.wait(KEPT);
        announce(&house, &house.store, "new");
        assert_eq!(house.write(feed::prune), Ok(0), "a line is kept for a whole day");
        house.wait(1);
        assert_eq!(house.write(feed::prune), Ok(usize::try_from(end).unwrap() + 1));
        assert_eq!(house.raw().feed_after(0), ["offer new"]);
        assert_eq!(house.write(feed::prune), Ok(0));
        house.wait(KEPT);
        house.wait(1);
        assert_eq!(house.write(feed::prune), Ok(1));
        let next = announce(&house, &house.store, "next");
        let change = Change { seq: end + 3, topic: Some(Topic::Offer), subject: "next".into() };
        assert_eq!(next, Heard::Change(change), "numbers go on after an empty feed");
    }

    fn whoever_was_away_for_too_long_is_told_that_lines_were_missed(house: House) {
        let (listener, _following) = Listener::follows(&house.store);
        listener.hold(true);
        announce(&house, &house.store, "heard late");
        // Only now it surely stands in the middle of this line.
        std::thread::sleep(Duration::from_millis(600));
        announce(&house, &house.store, "pruned");
        house.wait(2 * DAY);
        house.write(feed::prune).unwrap();
        announce(&house, &house.store, "kept");
        listener.hold(false);
        let end = house.raw().end_of_feed();
        listener.hears(|heard| *heard == Heard::Missed(end));
        let expected = announce(&house, &house.store, "heard");
        listener.hears(|heard| *heard == expected);
        assert_eq!(listener.heard().len(), 3, "{:?}", listener.heard());
    }

    fn a_gap_in_the_middle_is_lines_that_were_missed(house: House) {
        let (listener, _following) = Listener::follows(&house.store);
        listener.hold(true);
        announce(&house, &house.store, "heard late");
        std::thread::sleep(Duration::from_millis(600));
        // A clock that ran a day ahead is set right: what it wrote outlives what is written after.
        house.wait(DAY);
        announce(&house, &house.store, "of tomorrow");
        house.wait(-DAY);
        house.store.acknowledge_clock(house.now(), &house.actor).unwrap();
        announce(&house, &house.store, "of today");
        house.wait(KEPT + HOUR);
        assert!(house.write(feed::prune).unwrap() >= 2);
        assert_eq!(house.raw().feed_after(0), ["offer of tomorrow"]);
        announce(&house, &house.store, "new");
        let end = house.raw().end_of_feed();
        listener.hold(false);
        listener.hears(|heard| *heard == Heard::Missed(end));
    }

    fn a_feed_that_is_shorter_than_it_was_is_begun_anew(house: House) {
        let (listener, _following) = Listener::follows(&house.store);
        let Heard::Change(Change { seq, .. }) = announce(&house, &house.store, "lost") else { unreachable!() };
        listener.hears_of(Topic::Offer, "lost");
        // As after the restore of an older backup.
        house.raw().run(&format!("DELETE FROM feed WHERE seq = {seq}; UPDATE feed_head SET seq = {seq} - 1;"));
        listener.hears(|heard| *heard == Heard::Missed(seq - 1));
        let expected = announce(&house, &house.store, "new");
        listener.hears(|heard| *heard == expected);
    }

    fn what_a_newer_program_announces_is_not_overheard(house: House) {
        let (listener, _following) = Listener::follows(&house.store);
        house.raw().run(
            "INSERT INTO feed (seq, topic, subject, at) SELECT seq + 1, 'seat', 'x', highest_at FROM feed_head;
             UPDATE feed_head SET seq = seq + 1;",
        );
        let seq = house.raw().end_of_feed();
        listener.hears(|heard| *heard == Heard::Change(Change { seq, topic: None, subject: "x".into() }));
    }

    fn the_highest_time_is_told_with_the_last_word(house: House) {
        let (listener, _following) = Listener::follows(&house.another_store());
        house.wait(HOUR);
        announce(&house, &house.store, "one");
        poll_until(SOON, || (listener.notes().current == Some(house.now())).then_some(()));
        house.wait(-3 * HOUR);
        house.store.acknowledge_clock(house.now(), &house.actor).unwrap();
        listener.hears_of(Topic::Clock, "");
        poll_until(SOON, || (listener.notes().current == Some(house.now())).then_some(()));
    }

    fn nobody_follows_any_more_once_the_guard_is_dropped(house: House) {
        let (listener, following) = Listener::follows(&house.store);
        announce(&house, &house.store, "heard");
        listener.hears_of(Topic::Offer, "heard");
        drop(following);
        std::thread::sleep(PROMISED);
        announce(&house, &house.store, "unheard");
        std::thread::sleep(PROMISED);
        assert_eq!(listener.heard().len(), 1);
    }
}

#[test]
fn a_follower_outlives_a_database_that_went_away() {
    let mut cluster = Cluster::private();
    let house = House::at(Place::Postgres(cluster.fresh_database()));
    let (listener, _following) = Listener::follows(&house.store);
    announce(&house, &house.store, "before");
    listener.hears_of(Topic::Offer, "before");
    cluster.stop();
    listener.hears(|heard| *heard == Heard::Away);
    cluster.start();
    // Nobody wakes it: the line is written before it is back, or after.
    let wanted = order("Acme", "basic", years(1));
    let issued = poll_until(SOON, || house.issue(&wanted).ok());
    house.revoke(issued.key.id).unwrap();
    listener.hears_of(Topic::Key, &issued.key.id.to_string());
    let missed = listener.heard().iter().any(|heard| matches!(heard, Heard::Missed(_)));
    assert!(!missed, "what was written meanwhile is still there to be read");
}
