//! Instances, seats and moves as they are kept.

use std::sync::Barrier;

use latchkey_domain::Refusal;
use latchkey_domain::ids::{InstanceId, KeyId};
use latchkey_domain::instances::{
    Environment, Holdings, InstanceUid, MOST_REFUSED, Notice, Outcome, Place, Policy, Site, Standing,
};
use latchkey_domain::subscriptions::{KeyState, Offer, Verdict, decide_for};
use latchkey_domain::time::{DAY, HOUR, Timestamp};
use latchkey_store::Done;
use latchkey_store::audit::Finding;
use latchkey_store::instances::binding::{self, Bound, Caller};
use latchkey_store::instances::decisions;
use latchkey_store::instances::list::{self, Listed};
use latchkey_store::instances::seen::{self, Sighting};
use latchkey_store::subscriptions::entries::{self, Filled};
use latchkey_store::subscriptions::offers;
use proptest::prelude::*;
use proptest::sample::select;

use crate::house::{House, opening_day, reason, refusal};

fn uid(number: u32) -> InstanceUid {
    InstanceUid::parse(format!("{number:0>40}").as_bytes()).unwrap()
}

fn site(number: u32) -> Site {
    Site::Glpi(uid(number))
}

impl House {
    fn offers(&self, reference: &'static str, policy: Policy) {
        let actor = self.actor.clone();
        self.write(move |tx| {
            let offer = Offer::new(reference, "An offer", 0)?.allowing(policy)?;
            offers::set(tx, &offer, &actor)
        })
        .unwrap();
    }

    fn binds(&self, key: KeyId, number: u32) -> Bound {
        let read = self.store.ask(|reader| entries::fill(reader, key)).unwrap();
        self.binds_as_read(key, number, read)
    }

    /// The same by somebody who has read the key before.
    fn binds_as_read(&self, key: KeyId, number: u32, read: Filled) -> Bound {
        let caller = Caller { key, uid: uid(number), version: Some("10.0.19".into()), face: number, read };
        self.write(move |tx| binding::bind(tx, &caller)).unwrap()
    }

    /// What a GLPI hears, with all that a server does for it.
    fn hears(&self, key: KeyId, number: u32) -> Verdict {
        let entry = self.entry(key);
        if let Some(verdict) = decide_for(&entry, Ok(uid(number)), self.now()) {
            if let (Some(known), true) = (entry.holdings.find(&site(number)), verdict.is_running()) {
                self.notes(key, known.id, number);
            }
            return verdict;
        }
        let Bound { entry, turned_away, seen: _ } = self.binds(key, number);
        match turned_away {
            Some(refusal) => Verdict::Refused(refusal),
            None => decide_for(&entry, Ok(uid(number)), self.now()).expect("it was admitted or refused"),
        }
    }

    fn notes(&self, key: KeyId, instance: InstanceId, face: u32) {
        let sighting = Sighting { instance, key, at: self.now(), version: None, face };
        self.write(move |tx| seen::note(tx, std::slice::from_ref(&sighting))).unwrap();
    }

    fn works(&self, key: KeyId, number: u32) -> bool {
        self.hears(key, number).is_running()
    }

    fn instance(&self, number: u32) -> Listed {
        self.store.read(|reader| Ok(list::meant(reader, uid(number).as_str(), None))).unwrap().unwrap()
    }

    fn releases(&self, number: u32) -> Done<Listed> {
        let (id, actor, why) = (self.instance(number).id, self.actor.clone(), reason("decommissioned"));
        self.write(move |tx| decisions::release(tx, id, &actor, &why))
    }

    fn approves(&self, number: u32) -> Done<Listed> {
        let (id, actor) = (self.instance(number).id, self.actor.clone());
        self.write(move |tx| decisions::approve(tx, id, &actor, None))
    }

    fn refuses(&self, number: u32) -> Done<Listed> {
        let (id, actor, why) = (self.instance(number).id, self.actor.clone(), reason("not theirs"));
        self.write(move |tx| decisions::refuse(tx, id, &actor, &why))
    }

    fn declares(&self, number: u32, environment: Environment) -> Done<Listed> {
        let (id, actor) = (self.instance(number).id, self.actor.clone());
        self.write(move |tx| decisions::declare(tx, id, environment, &actor, None))
    }

    fn actions(&self) -> Vec<String> {
        self.audit().into_iter().map(|line| line.action).collect()
    }
}

both_databases! {
    fn the_first_question_binds_and_later_ones_write_nothing(house: House) {
        let key = house.sells("Acme", "basic").key.id;
        assert!(house.works(key, 1));
        let known = house.instance(1);
        assert_eq!((known.key, known.environment, known.first_seen), (key, Environment::Production, house.now()));
        assert_eq!(known.place(house.now()).name(), "active");
        assert_eq!(known.version.as_deref(), Some("10.0.19"));
        let before = house.audit().len();
        let again = house.binds(key, 1);
        assert_eq!(again.entry, house.entry(key));
        assert_eq!(house.audit().len(), before, "who is known is left as it is");
        // A key that takes the place of another opens for the instances that are there.
        let new = house.reissue(key, 7).unwrap().key.id;
        assert!(decide_for(&house.entry(new), Ok(uid(1)), house.now()).unwrap().is_running());
    }

    fn what_was_read_before_a_change_does_not_decide_about_a_first_question(house: House) {
        let other = house.as_another_process();
        let read = |key| house.store.ask(|reader| entries::fill(reader, key)).unwrap();
        // Whoever changes something meanwhile: this process, or another one.
        for (changes, [one, two], number) in [(&house, ["A", "B"], 1), (&other, ["C", "D"], 3)] {
            let (revoked, taken) = (house.sells(one, "basic").key.id, house.sells(two, "basic").key.id);
            let (before_revoked, before_taken) = (read(revoked), read(taken));
            changes.revoke(revoked).unwrap();
            let bound = house.binds_as_read(revoked, number, before_revoked);
            assert!(matches!(bound.entry.key.state, KeyState::Revoked(_)), "{:?}", bound.entry.key);
            assert!(changes.works(taken, number + 1));
            let bound = house.binds_as_read(taken, number + 10, before_taken);
            assert_eq!(bound.entry.holdings.instances().len(), 2, "the first one is seen");
            assert_eq!(bound.entry, house.entry(taken));
        }
        // Where nothing has changed it is as it was read.
        let (key, neighbour) = (house.sells("E", "basic").key.id, house.sells("F", "basic").key.id);
        let before = read(key);
        assert!(house.works(neighbour, 5));
        assert_eq!(house.binds_as_read(key, 6, before).entry, house.entry(key));
    }

    fn a_seat_moves_by_itself_and_support_sees_it(house: House) {
        let key = house.sells("Acme", "basic").key.id;
        assert!(house.works(key, 1));
        house.wait(DAY);
        let closes_at = house.now().plus(14 * DAY);
        let verdict = house.hears(key, 2);
        assert!(matches!(verdict, Verdict::Open { notice: Notice::Arriving { until, .. }, .. } if until == closes_at));
        let moving = house.store.read(|reader| list::page(reader, &list::Page { moving: true, ..Default::default() }, 10));
        let moving = moving.unwrap();
        assert_eq!(moving.len(), 1);
        assert_eq!((moving[0].id, moving[0].place(house.now()).name()), (house.instance(2).id, "moving"));
        house.wait(14 * DAY);
        // Nobody has written anything: it is so because it is late.
        assert_eq!(house.instance(2).place(house.now()).name(), "active");
        assert_eq!(house.instance(1).place(house.now()).name(), "released");
        assert!(house.works(key, 2) && !house.works(key, 1));
        // The next thing that changes anything writes it down.
        assert!(house.works(key, 3));
        let moves = house.store.read(|reader| list::moves(reader, house.instance(2).id, 10)).unwrap();
        assert_eq!(moves[1].ended, Some((Outcome::Moved, closes_at)));
        assert!(matches!(house.verify(&[]), Finding::Whole { .. }));
    }

    fn an_old_one_that_is_heard_keeps_its_seat(house: House) {
        let key = house.sells("Acme", "basic").key.id;
        assert!(house.works(key, 1) && house.works(key, 2));
        house.wait(HOUR);
        assert!(house.works(key, 1), "and it is written down");
        house.wait(14 * DAY);
        assert!(house.works(key, 1) && !house.works(key, 2));
        assert_eq!(house.instance(2).place(house.now()).name(), "refused");
    }

    fn what_is_heard_after_the_window_counts_for_nothing(house: House) {
        let key = house.sells("Acme", "basic").key.id;
        assert!(house.works(key, 1) && house.works(key, 2));
        let old = house.instance(1).id;
        let asked = house.now().plus(HOUR);
        house.wait(14 * DAY);
        // A node that could not write for two weeks.
        house.write(move |tx| seen::note(tx, &[Sighting { instance: old, key, at: asked, version: None, face: 1 }])).unwrap();
        assert!(house.works(key, 2) && !house.works(key, 1), "it had moved, and so it stays");
    }

    fn people_decide_at_once_and_it_is_written_down(house: House) {
        let key = house.sells("Acme", "basic").key.id;
        assert!(house.works(key, 1) && house.works(key, 2));
        house.approves(2).unwrap();
        assert!(house.works(key, 2) && !house.works(key, 1));
        assert_eq!(refusal(house.approves(2)), Refusal::NothingToDecide { state: "active" });
        house.releases(2).unwrap();
        assert!(!house.works(key, 2));
        assert_eq!(refusal(house.releases(2)), Refusal::NothingToRelease { state: "released" });
        assert!(house.works(key, 3) && house.works(key, 4));
        house.refuses(4).unwrap();
        assert!(matches!(house.hears(key, 4), Verdict::Refused(Refusal::MoveRefused { .. })));
        house.declares(3, Environment::Staging).unwrap();
        assert!(house.works(key, 3), "it needs no seat any more");
        let actions = house.actions();
        for action in ["instance.bind", "move.open", "move.end", "instance.approve", "instance.release", "instance.refuse", "instance.declare"] {
            assert!(actions.iter().any(|known| known == action), "{action}: {actions:?}");
        }
        assert!(matches!(house.verify(&[]), Finding::Whole { .. }));
    }

    fn a_subscription_has_as_many_seats_as_were_sold_or_said(house: House) {
        house.offers("team", Policy { seats: 2, move_days: 0, ..Policy::default() });
        let issued = house.sells("Acme", "team");
        let (key, subscription) = (issued.key.id, issued.subscription.id);
        assert!(house.works(key, 1) && house.works(key, 2) && !house.works(key, 3));
        let seats = |seats| {
            let actor = house.actor.clone();
            house.write(move |tx| decisions::set_seats(tx, subscription, seats, &actor, None))
        };
        assert_eq!(seats(3).unwrap().seats, 3);
        assert!(house.works(key, 3), "and asks again by itself");
        assert_eq!(refusal(seats(2)), Refusal::SeatsInUse { taken: 3, seats: 2 });
        assert!(matches!(refusal(seats(0)), Refusal::NumberInvalid { field: "seats", .. }));
        house.offers("team", Policy { seats: 9, ..Policy::default() });
        assert!(matches!(house.hears(key, 4), Verdict::Open { notice: Notice::Arriving { .. }, .. }), "sold is sold");
    }

    fn a_thousand_at_once_for_one_seat(house: House) {
        house.offers("single", Policy { move_days: 0, ..Policy::default() });
        house.offers("movable", Policy::default());
        let second = house.as_another_process();
        for (offer, moving) in [("single", 0), ("movable", 1)] {
            let key = house.sells("Acme", offer).key.id;
            let states = at_once(&house, &second, key, if offer == "single" { 1_000 } else { 100 });
            let count = |state: &str| states.iter().filter(|known| **known == state).count();
            assert_eq!((count("active"), count("moving")), (1, moving));
            assert_eq!(states.len(), 1 + moving + MOST_REFUSED, "no more are remembered");
        }
        assert!(matches!(house.verify(&[]), Finding::Whole { .. }));
    }

    fn a_copy_is_shown_and_not_punished(house: House) {
        let key = house.sells("Acme", "basic").key.id;
        assert!(house.works(key, 1));
        let id = house.instance(1).id;
        for face in [7, 1, 7, 1] {
            house.wait(DAY);
            house.notes(key, id, face);
        }
        let known = house.instance(1);
        assert!(known.faces.are_two());
        assert!(house.works(key, 1));
        assert_eq!(house.actions().iter().filter(|action| *action == "instance.seen-twice").count(), 1);
    }
}

/// So many GLPIs ask at once, through two processes; the states of those that are remembered.
fn at_once(house: &House, second: &House, key: KeyId, count: u32) -> Vec<&'static str> {
    const THREADS: u32 = 20;
    let start = Barrier::new(THREADS as usize);
    std::thread::scope(|scope| {
        for thread in 0..THREADS {
            let start = &start;
            scope.spawn(move || {
                start.wait();
                let house = if thread % 2 == 0 { house } else { second };
                for number in (0..count).filter(|number| number % THREADS == thread) {
                    house.binds(key, number);
                }
            });
        }
    });
    let entry = house.entry(key);
    entry.holdings.instances().iter().map(|known| known.place.name()).collect()
}

#[derive(Debug, Clone)]
enum Step {
    Asks(u32),
    Releases(u32),
    Approves(u32),
    Refuses(u32),
    Declares(u32, Environment),
}

fn step() -> impl Strategy<Value = Step> {
    let number = || 0_u32..5;
    prop_oneof![
        6 => number().prop_map(Step::Asks),
        1 => number().prop_map(Step::Releases),
        1 => number().prop_map(Step::Approves),
        1 => number().prop_map(Step::Refuses),
        1 => (number(), select(Environment::ALL.to_vec())).prop_map(|(number, declared)| Step::Declares(number, declared)),
    ]
}

/// What can be compared of holdings whose ids are others.
fn plain(holdings: &Holdings, now: Timestamp) -> Vec<(Site, Environment, Place, Standing)> {
    let all = holdings.instances().iter();
    all.map(|known| (known.site.clone(), known.environment, known.place, holdings.standing(&known.site, now))).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, failure_persistence: None, max_shrink_iters: 100, ..ProptestConfig::default() })]

    #[test]
    fn both_databases_keep_what_the_rules_give(life in proptest::collection::vec((select(vec![1, HOUR, DAY, 14 * DAY]), step()), 1..25)) {
        let houses = [House::on_sqlite(), House::on_postgres()];
        let policy = Policy { seats: 2, moves_a_year: 4, ..Policy::default() };
        let keys = houses.each_ref().map(|house| {
            house.offers("team", policy);
            house.sells("Acme", "team").key.id
        });
        let mut now = opening_day();
        for (wait, step) in life {
            now = now.plus(wait);
            let mut seen = Vec::new();
            for (house, key) in houses.iter().zip(keys) {
                house.set_clock(now);
                let known = |number| house.entry(key).holdings.find(&site(number)).is_some();
                let outcome = match step {
                    Step::Asks(number) => format!("{:?}", house.hears(key, number)),
                    Step::Releases(number) if known(number) => place_of(house, house.releases(number)),
                    Step::Approves(number) if known(number) => place_of(house, house.approves(number)),
                    Step::Refuses(number) if known(number) => place_of(house, house.refuses(number)),
                    Step::Declares(number, declared) if known(number) => place_of(house, house.declares(number, declared)),
                    Step::Releases(_) | Step::Approves(_) | Step::Refuses(_) | Step::Declares(..) => String::new(),
                };
                let holdings = house.entry(key).holdings;
                prop_assert!(holdings.at(now).taken() <= 2);
                for known in holdings.instances() {
                    let listed = house.store.read(|reader| Ok(list::find(reader, known.id))).unwrap().unwrap();
                    prop_assert_eq!(listed.place(now), holdings.at(now).by_id(known.id).unwrap().place);
                }
                seen.push((outcome, plain(&holdings, now)));
            }
            prop_assert_eq!(&seen[0], &seen[1], "{:?}", step);
        }
    }
}

fn place_of(house: &House, outcome: Done<Listed>) -> String {
    format!("{:?}", outcome.map(|listed| listed.place(house.now())))
}
