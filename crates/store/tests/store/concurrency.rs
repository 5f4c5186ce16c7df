//! Many at once: what came of it is what would have come of it one after the other.

use std::sync::Mutex;

use latchkey_domain::subscriptions::{Term, Unit};
use latchkey_domain::{Refusal, time::Timestamp};
use latchkey_store::audit::Finding;
use latchkey_store::subscriptions::subscriptions;
use latchkey_store::{Done, Undone};

use crate::house::{House, order, reason, years};
use crate::model::{Model, Names, Outcome, Step};

const THREADS: usize = 8;
const STEPS_EACH: usize = 25;

/// One step that was done at once with others, and what came of it.
struct Lived {
    step: Step,
    now: Timestamp,
    outcome: Result<Outcome, Refusal>,
    /// The end of the audit log before the call and after its return: somewhere between, it happened.
    between: (i64, i64),
}

both_databases! {
    fn what_happens_at_once_happens_one_after_the_other(house: House) {
        let second = house.as_another_process();
        let mut model = Model::new(house.zone.clone());
        let mut names = Names::default();
        for (customer, offer) in
            [("Acme", "basic"), ("Acme", "basic"), ("Acme", "free"), ("Bolt", "basic"), ("Bolt", "basic")]
        {
            house.wait(1);
            let step = Step::Issue { customer, offer, begins: None, term: years(1) };
            let (real, expected) = (house.does(&step, &names).unwrap(), model.apply(&step, house.now()).unwrap());
            assert!(names.learn(&real, &expected));
        }

        let lived = Mutex::new(Vec::new());
        std::thread::scope(|scope| {
            for thread in 0..THREADS {
                let beside = if thread % 2 == 0 { house.beside() } else { second.beside() };
                let (house, names, lived) = (&house, &names, &lived);
                scope.spawn(move || {
                    let (mut raw, mut dice) = (house.raw(), Dice(thread as u64 + 1));
                    for _ in 0..STEPS_EACH {
                        let step = dice.step();
                        // No two at the same moment, so that a row of the audit log says which step it belongs to.
                        let now = house.wait(1);
                        beside.set_clock(now);
                        let before = raw.end_of_audit();
                        let outcome = beside.does(&step, names);
                        let between = (before, raw.end_of_audit());
                        lived.lock().unwrap().push(Lived { step, now, outcome, between });
                    }
                });
            }
        });
        replays(&house, model, names, lived.into_inner().unwrap());
        assert!(matches!(house.verify(&[]), Finding::Whole { .. }));
    }

    fn one_of_many_wins(house: House) {
        let second = house.as_another_process();
        for round in 0..4 {
            let issued = house.issue(&order("Acme", "basic", years(1 + round))).unwrap();
            let (id, key) = (issued.subscription.id, issued.key.id);
            let successors = at_once(&house, &second, |house| house.reissue(key, 7).map(|issued| issued.key.id));
            let by = winner(successors, |by| Refusal::KeyAlreadySuperseded { by });
            assert!(house.verdict(by).is_running());
            assert_eq!(house.raw().number(&format!("SELECT COUNT(*) FROM keys WHERE subscription_id = '{id}'")), 2);

            let now = house.now();
            winner(at_once(&house, &second, |house| house.suspend(id)), |_| Refusal::AlreadySuspended { since: now });
            winner(at_once(&house, &second, |house| house.resume(id)), |_| Refusal::NotSuspended { subscription: id });
            winner(at_once(&house, &second, |house| house.revoke(key)), |_| Refusal::KeyAlreadyRevoked { at: now });
            winner(at_once(&house, &second, |house| house.terminate(id)), |_| Refusal::AlreadyTerminated {
                since: now,
            });
        }
        assert!(matches!(house.verify(&[]), Finding::Whole { .. }));
    }

    fn the_same_order_at_once_makes_one_customer_and_one_subscription(house: House) {
        let second = house.as_another_process();
        let issued = at_once(&house, &second, |house| house.issue(&order("Acme", "basic", years(1))));
        let issued: Vec<_> = issued.into_iter().map(Result::unwrap).collect();
        assert!(
            issued.iter().all(|one| one.customer == issued[0].customer && one.subscription == issued[0].subscription)
        );
        let mut raw = house.raw();
        assert_eq!(raw.number("SELECT COUNT(*) FROM subscriptions"), 1);
        assert_eq!(raw.number("SELECT COUNT(*) FROM keys"), THREADS as i64);
    }

    fn renewals_at_once_all_count(house: House) {
        let second = house.as_another_process();
        let id = house.sells("Acme", "basic").subscription.id;
        let day = Term::new(1, Unit::Days).unwrap();
        let renewed = at_once(&house, &second, |house| house.renew(id, day));
        assert!(renewed.iter().all(Result::is_ok));
        let found = house.store.ask(|reader| Ok(subscriptions::find(reader, id))).unwrap().unwrap();
        assert_eq!(found.period.ends.to_string(), "2027-03-09");
    }

    fn rotations_at_once_follow_each_other(house: House) {
        let second = house.as_another_process();
        let mut made: Vec<_> =
            at_once(&house, &second, House::rotate).into_iter().map(|made| made.unwrap().id.number()).collect();
        made.sort();
        assert_eq!(made, (2..).take(THREADS).collect::<Vec<u32>>());
        assert_eq!(house.raw().number("SELECT COUNT(*) FROM signing_keys WHERE retired_at IS NULL"), 1);
        house.sells("Acme", "basic");
    }
}

/// Does the same thing on many threads at once, half of them through a second store.
fn at_once<T: Send>(house: &House, second: &House, does: impl Fn(&House) -> Done<T> + Sync) -> Vec<Done<T>> {
    second.set_clock(house.now());
    let start = std::sync::Barrier::new(THREADS);
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..THREADS)
            .map(|thread| {
                let (does, start) = (&does, &start);
                scope.spawn(move || {
                    start.wait();
                    does(if thread % 2 == 0 { house } else { second })
                })
            })
            .collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    })
}

/// The one that was done; all others were refused because of it.
#[track_caller]
fn winner<T: Clone>(outcomes: Vec<Done<T>>, refused: impl Fn(T) -> Refusal) -> T {
    let winners: Vec<T> = outcomes.iter().filter_map(|outcome| outcome.as_ref().ok()).cloned().collect();
    let [winner] = winners.as_slice() else { panic!("{} have won", winners.len()) };
    for outcome in outcomes.into_iter().filter_map(Result::err) {
        assert_eq!(outcome, Undone::Refused(refused(winner.clone())));
    }
    winner.clone()
}

/// Replays what was done in the order of the audit log; each refusal must be right at a point between its call and its
/// return.
fn replays(house: &House, mut model: Model, mut names: Names, lived: Vec<Lived>) {
    let audit = house.audit();
    let (mut done, refused): (Vec<_>, Vec<_>) = lived.into_iter().partition(|lived| lived.outcome.is_ok());
    // The last row that a step wrote.
    let end =
        |lived: &Lived| audit.iter().rfind(|line| line.at == lived.now).expect("what is done is written down").seq;
    done.sort_by_key(end);
    assert!(done.len() > THREADS && refused.len() > THREADS, "{} done, {} refused", done.len(), refused.len());
    let mut states = vec![(0, model.clone())];
    for lived in &done {
        let real = lived.outcome.clone().unwrap();
        let expected = model.apply(&lived.step, lived.now);
        let expected =
            expected.unwrap_or_else(|refusal| panic!("{:?} should have been refused: {refusal:?}", lived.step));
        assert!(names.learn(&real, &expected), "{:?} took something else", lived.step);
        assert_eq!(names.outcome(real), expected, "{:?}", lived.step);
        states.push((end(lived), model.clone()));
    }
    for lived in refused {
        let refusal = names.refusal(lived.outcome.unwrap_err());
        let (from, to) = lived.between;
        let justified = states.iter().enumerate().any(|(number, (end, state))| {
            let over = states.get(number + 1).is_some_and(|(next, _)| *next <= from);
            !over && *end <= to && state.clone().apply(&lived.step, lived.now) == Err(refusal.clone())
        });
        assert!(justified, "{:?} was refused for no reason: {refusal:?}", lived.step);
    }
}

/// The same numbers in every run: what differs is who comes first.
struct Dice(u64);

impl Dice {
    /// A number below `sides`: splitmix64, which is enough to be unlike its neighbours.
    fn roll(&mut self, sides: u64) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ (mixed >> 31)) % sides) as usize
    }

    /// Of the five keys and three subscriptions that are there before.
    fn step(&mut self) -> Step {
        let (key, subscription) = (self.roll(5), self.roll(3));
        let month = Term::new(1, Unit::Months).unwrap();
        match self.roll(20) {
            0..4 => Step::Suspend { subscription },
            4..8 => Step::Resume { subscription },
            8..10 => Step::Renew { subscription, term: month },
            10 => Step::Terminate { subscription: 2 },
            11 => Step::Revoke { key },
            12..15 => Step::Reissue { key, overlap_days: 7 },
            15 => Step::Rotate,
            16..18 => Step::Issue { customer: "acme", offer: "basic", begins: None, term: None },
            18 => Step::Issue { customer: "Corp", offer: "basic", begins: None, term: Some(month) },
            _ => Step::Issue { customer: "New", offer: "advanced", begins: None, term: None },
        }
    }
}

#[test]
fn an_operation_that_reads_and_then_writes_is_never_overtaken() {
    // Two processes that each see the other's change too late would sell the last one twice.
    for house in [House::on_sqlite(), House::on_postgres()] {
        let second = house.as_another_process();
        let id = house.sells("Acme", "basic").subscription.id;
        let outcomes = at_once(&house, &second, |house| {
            let (actor, why) = (house.actor.clone(), reason("the last one"));
            house.write(move |tx| {
                let seen = latchkey_store::audit::history(tx, "subscription", &id.to_string())?;
                std::thread::sleep(std::time::Duration::from_millis(5));
                if seen.iter().any(|line| line.action == "subscription.suspend") {
                    return Err(Refusal::TermMissing.into());
                }
                subscriptions::suspend(tx, id, &actor, &why)
            })
        });
        winner(outcomes, |_| Refusal::TermMissing);
    }
}
