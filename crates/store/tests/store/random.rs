//! Random lives of a vendor: SQLite, PostgreSQL and a model in memory agree after every step.
//!
//! `PROPTEST_CASES` says how many lives; a few are enough to notice most mistakes.

use latchkey_domain::Refusal;
use latchkey_domain::ids::KeyId;
use latchkey_domain::subscriptions::{KeyEntry, KeyState, Phase, Subscription, Term, Unit, Verdict, decide};
use latchkey_domain::time::{DAY, Millis, Timestamp, Zone};
use latchkey_key::registration;
use latchkey_store::audit::Finding;
use latchkey_store::subscriptions::keys;
use proptest::prelude::*;
use proptest::sample::select;

use crate::house::{House, day, opening_day, unused};
use crate::model::{Model, Names, Step};

const CASES: u32 = 16;
const MOST_STEPS: usize = 30;

/// A step and how long before it nothing happens, in milliseconds: at least one, so that what is newer is known.
type Moment = (Millis, Step);

/// Places among so few that steps meet each other; the highest is often one that is not there.
fn place() -> impl Strategy<Value = usize> {
    0_usize..8
}

fn term() -> impl Strategy<Value = Term> {
    let term = |count, unit| Term::new(count, unit).unwrap();
    select(vec![term(1, Unit::Years), term(1, Unit::Months), term(10, Unit::Days), term(100, Unit::Years)])
}

fn step() -> impl Strategy<Value = Step> {
    let begins =
        select(vec![None, None, None, Some(day("2026-01-31")), Some(day("2027-01-31")), Some(day("1969-12-31"))]);
    let customer = select(vec!["Acme", "Acme", " ACME ", "Bolt", " "]);
    let offer = select(vec!["free", "basic", "basic", "bascic"]);
    let issue = (customer, offer, begins, proptest::option::weighted(0.7, term()))
        .prop_map(|(customer, offer, begins, term)| Step::Issue { customer, offer, begins, term });
    let grace =
        (select(vec!["free", "basic"]), select(vec![0, 30, 367])).prop_map(|(offer, days)| Step::Grace { offer, days });
    prop_oneof![
        6 => issue,
        3 => (place(), term()).prop_map(|(subscription, term)| Step::Renew { subscription, term }),
        2 => place().prop_map(|subscription| Step::Suspend { subscription }),
        2 => place().prop_map(|subscription| Step::Resume { subscription }),
        1 => place().prop_map(|subscription| Step::Terminate { subscription }),
        2 => place().prop_map(|key| Step::Revoke { key }),
        4 => (place(), select(vec![0, 7, 367])).prop_map(|(key, overlap_days)| Step::Reissue { key, overlap_days }),
        1 => grace,
        1 => Just(Step::Rotate),
    ]
}

fn life() -> impl Strategy<Value = Vec<Moment>> {
    let wait = select(vec![1, 1, DAY, 6 * DAY, 13 * DAY, 40 * DAY, 400 * DAY]);
    proptest::collection::vec((wait, step()), 1..=MOST_STEPS)
}

fn config() -> ProptestConfig {
    let asked = std::env::var_os("PROPTEST_CASES").is_some();
    let default = ProptestConfig::default();
    // A failure is shown as the steps that led to it: there is nothing else to keep.
    ProptestConfig {
        cases: if asked { default.cases } else { CASES },
        failure_persistence: None,
        max_shrink_iters: 200,
        ..default
    }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn both_databases_and_the_rules_agree(life in life()) {
        let houses = [House::on_sqlite(), House::on_postgres()];
        let mut names = [Names::default(), Names::default()];
        let mut model = Model::new(Zone::named("Europe/Paris").unwrap());
        let mut texts = Vec::new();
        let mut now = opening_day();
        for (wait, step) in &life {
            let before = model.clone();
            now = now.plus(*wait);
            let expected = model.apply(step, now);
            for (house, names) in houses.iter().zip(&mut names) {
                house.set_clock(now);
                let found = house.does(step, names).map_err(|refusal| names.refusal(refusal));
                if let (Ok(real), Ok(expected)) = (&found, &expected) {
                    prop_assert!(names.learn(real, expected), "{step:?} took something else: {real:?}");
                    texts.extend(real.text.clone().map(|text| (house.location().name(), text)));
                }
                prop_assert_eq!(&found.map(|outcome| names.outcome(outcome)), &expected, "{:?}", step);
                agrees(house, names, &model, now)?;
            }
            moves_along_the_arrows(&before, &model, step, (now.plus(-wait), now))?;
        }
        for (house, names) in houses.iter().zip(&names) {
            let whole = matches!(house.verify(&[]), Finding::Whole { .. });
            prop_assert!(whole);
            let ring = house.ring();
            for (_, text) in texts.iter().filter(|(database, _)| *database == house.location().name()) {
                prop_assert!(registration::check(text.as_bytes(), &ring).is_ok());
            }
            for key in &model.keys {
                prop_assert_eq!(names.entry(house.entry(KeyId(names.real(key.id.0)))), model.entry(key));
            }
        }
    }
}

/// Every key is the model's, and GLPI would be told the same.
fn agrees(house: &House, names: &Names, model: &Model, now: Timestamp) -> Result<(), TestCaseError> {
    let mut listed = house.store.ask(|reader| keys::list(reader, keys::Filter::default(), 1_000)).unwrap();
    listed.reverse();
    prop_assert_eq!(listed.len(), model.keys.len());
    for (listed, key) in listed.into_iter().zip(&model.keys) {
        let expected = model.entry(key);
        let entry = KeyEntry {
            key: listed.key,
            subscription: listed.subscription,
            owner: listed.customer.as_str().into(),
            holdings: unused(),
        };
        prop_assert_eq!(names.verdict(decide(&entry, now)), decide(&expected, now));
        prop_assert_eq!(names.entry(entry), expected);
    }
    Ok(())
}

/// What must hold between two moments, whatever the step was.
fn moves_along_the_arrows(
    before: &Model,
    after: &Model,
    step: &Step,
    (then, now): (Timestamp, Timestamp),
) -> Result<(), TestCaseError> {
    for (place, (old, new)) in before.subscriptions.iter().zip(&after.subscriptions).enumerate() {
        let (old, new) = (&old.subscription, &new.subscription);
        // By dates alone, as the time goes on.
        let (was, waited) = (old.phase(then), old.phase(now));
        let onward = waited == was || matches!((rank(was), rank(waited)), (Some(was), Some(waited)) if was < waited);
        prop_assert!(onward, "{was:?} to {waited:?}");
        let is = new.phase(now);
        let arrow = match step {
            Step::Suspend { subscription } if *subscription == place => {
                old == new || (rank(waited).is_some() && is == Phase::Suspended { since: now })
            }
            Step::Resume { subscription } if *subscription == place => {
                old == new || (matches!(waited, Phase::Suspended { .. }) && rank(is).is_some())
            }
            Step::Terminate { subscription } if *subscription == place => {
                old == new || is == Phase::Terminated { since: now }
            }
            Step::Renew { subscription, .. } if *subscription == place => old == new || is_renewed(old, new, now),
            Step::Issue { .. }
            | Step::Renew { .. }
            | Step::Suspend { .. }
            | Step::Resume { .. }
            | Step::Terminate { .. }
            | Step::Revoke { .. }
            | Step::Reissue { .. }
            | Step::Grace { .. }
            | Step::Rotate => old == new,
        };
        prop_assert!(arrow, "{step:?}: {waited:?} to {is:?}");
        if let Some(since) = old.terminated_at {
            prop_assert_eq!(is, Phase::Terminated { since }, "terminated is for good");
        }
    }
    for (old, new) in before.keys.iter().zip(&after.keys) {
        if let KeyState::Revoked(revocation) = old.state {
            let verdict = decide(&after.entry(new), now);
            prop_assert_eq!(
                verdict,
                Verdict::Refused(Refusal::KeyRevoked { at: revocation.at }),
                "revoked is for good"
            );
        }
    }
    Ok(())
}

/// A later end, or a fresh start where the subscription had lapsed; and a suspension stays.
fn is_renewed(old: &Subscription, new: &Subscription, now: Timestamp) -> bool {
    let lapsed = now >= old.period.grace_ends_at;
    let dates = if lapsed {
        new.period.begins > old.period.grace_ends && new.period.ends >= new.period.begins
    } else {
        new.period.begins == old.period.begins && new.period.ends > old.period.ends
    };
    dates && old.suspended_at == new.suspended_at
}

/// The order of the states that the calendar alone decides.
fn rank(phase: Phase) -> Option<u8> {
    match phase {
        Phase::Scheduled { .. } => Some(0),
        Phase::Running { .. } => Some(1),
        Phase::Grace { .. } => Some(2),
        Phase::Expired { .. } => Some(3),
        Phase::Suspended { .. } | Phase::Terminated { .. } => None,
    }
}
