//! The writer: operations in groups, each on its own, and a database that is busy.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::channel;
use std::task::{Context, Poll, Waker};
use std::time::{Duration, Instant};

use latchkey_domain::Refusal;
use latchkey_domain::text::Name;
use latchkey_domain::time::DAY;
use latchkey_store::audit::Finding;
use latchkey_store::subscriptions::customers::{self, Customer};
use latchkey_store::{Actor, Done, Select, StoreError, Tx, Undone};
use latchkey_tests_support::poll_until;

use crate::house::{House, failure, order, years};

/// Generous: the machine may be busy with other tests.
pub(crate) const SOON: Duration = Duration::from_secs(30);

pub(crate) type Operation = Box<dyn FnMut(&mut Tx<'_>) -> Done<()> + Send>;

/// An answer that is still to come. A box of one's own, so that many can wait at once.
pub(crate) type Answer<'h, T> = Pin<Box<dyn Future<Output = Done<T>> + 'h>>;

/// Hands an operation in, and does not wait.
pub(crate) fn hand_in<'h, T: Send + 'static>(
    house: &'h House,
    operation: impl FnMut(&mut Tx<'_>) -> Done<T> + Send + 'static,
) -> Answer<'h, T> {
    let mut answer: Answer<'h, T> = Box::pin(house.store.write(house.now(), operation));
    let poll = answer.as_mut().poll(&mut Context::from_waker(Waker::noop()));
    match poll {
        Poll::Pending => answer,
        Poll::Ready(answer) => Box::pin(async { answer }),
    }
}

#[track_caller]
pub(crate) fn await_answer<T>(mut answer: Answer<'_, T>) -> Done<T> {
    poll_until(SOON, || match answer.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(answer) => Some(answer),
        Poll::Pending => None,
    })
}

/// Keeps the writer at one operation while `meanwhile` hands in more: they wait, and so become one group.
fn while_the_writer_is_busy<T>(house: &House, meanwhile: impl FnOnce() -> T) -> T {
    let ((started, has_started), (release, released)) = (channel(), channel::<()>());
    let busy = hand_in(house, move |_| {
        started.send(()).unwrap();
        released.recv().unwrap();
        Ok(())
    });
    has_started.recv_timeout(SOON).unwrap();
    let result = meanwhile();
    release.send(()).unwrap();
    await_answer(busy).unwrap();
    result
}

/// Runs operations as one group.
fn as_a_group(house: &House, operations: Vec<Operation>) -> Vec<Done<()>> {
    let hand_in_all = || operations.into_iter().map(|operation| hand_in(house, operation)).collect::<Vec<_>>();
    let answers = while_the_writer_is_busy(house, hand_in_all);
    answers.into_iter().map(await_answer).collect()
}

pub(crate) fn adds(name: &'static str) -> Operation {
    Box::new(move |tx| add(tx, name).map(drop))
}

pub(crate) fn add(tx: &mut Tx<'_>, name: &str) -> Done<Customer> {
    customers::add(tx, &Name::parse("customer", name)?, &Actor::server())
}

impl House {
    pub(crate) fn customers(&self) -> Vec<String> {
        let listed = self.store.ask(|reader| customers::list(reader, "", 1_000)).unwrap();
        listed.iter().map(|customer| customer.name.to_string()).collect()
    }

    #[track_caller]
    pub(crate) fn is_whole(&self) {
        assert!(matches!(self.verify(&[]), Finding::Whole { .. }));
        let feed = self.raw().column("SELECT seq FROM feed ORDER BY seq");
        let expected: Vec<_> = (1..=self.raw().end_of_feed()).map(|seq| seq.to_string()).collect();
        assert_eq!(feed, expected, "a feed without gaps");
    }
}

both_databases! {
    fn an_operation_that_panics_takes_nobody_with_it(house: House) {
        let outcomes = as_a_group(
            &house,
            vec![
                adds("before"),
                Box::new(|tx| {
                    add(tx, "undone")?;
                    tx.announce(latchkey_store::feed::Topic::Offer, "undone")?;
                    // A panic that writes nothing to the test's output.
                    std::panic::resume_unwind(Box::new("on purpose"))
                }),
                adds("after"),
            ],
        );
        let panicked = Err(Undone::Failed(StoreError::Bug("an operation panicked".into())));
        assert_eq!(outcomes, [Ok(()), panicked, Ok(())]);
        assert_eq!(house.customers(), ["after", "before"]);
        house.is_whole();
    }

    fn an_operation_that_is_refused_or_wrong_takes_nobody_with_it(house: House) {
        let outcomes = as_a_group(
            &house,
            vec![
                adds("before"),
                Box::new(|tx| {
                    add(tx, "refused")?;
                    Err(Refusal::TermMissing.into())
                }),
                adds("BEFORE"),
                Box::new(|tx| {
                    add(tx, "wrong")?;
                    tx.rows("SELECT nothing FROM nowhere", &[])?;
                    Ok(())
                }),
                adds("refused"),
            ],
        );
        assert_eq!(outcomes[0], Ok(()));
        assert_eq!(outcomes[1], Err(Undone::Refused(Refusal::TermMissing)));
        assert_eq!(
            outcomes[2],
            Err(Refusal::CustomerExists { customer: "BEFORE".into() }.into()),
            "it sees its neighbour"
        );
        assert!(matches!(outcomes[3], Err(Undone::Failed(StoreError::Bug(_)))), "{:?}", outcomes[3]);
        assert_eq!(outcomes[4], Ok(()));
        assert_eq!(house.customers(), ["before", "refused"]);
        house.is_whole();
    }

    fn a_group_that_fails_changes_nothing(house: House) {
        let before = house.raw().everything();
        let full = || Err(Undone::Failed(StoreError::Full));
        let outcomes = as_a_group(&house, vec![adds("before"), Box::new(move |_| full()), adds("after")]);
        assert_eq!(outcomes, [full(), full(), full()]);
        assert_eq!(house.raw().everything(), before);
        let outcomes = as_a_group(&house, vec![adds("before"), adds("after")]);
        assert_eq!(outcomes, [Ok(()), Ok(())]);
        house.is_whole();
    }

    fn a_group_that_has_to_wait_is_run_again_and_done_once(house: House) {
        let runs = Arc::new(AtomicUsize::new(0));
        let counted = runs.clone();
        let outcomes = as_a_group(
            &house,
            vec![
                Box::new(move |tx| {
                    counted.fetch_add(1, Ordering::SeqCst);
                    add(tx, "once").map(drop)
                }),
                Box::new({
                    let mut busy = 2;
                    move |_| {
                        busy -= 1;
                        if busy >= 0 { Err(StoreError::Busy.into()) } else { Ok(()) }
                    }
                }),
            ],
        );
        assert_eq!((outcomes, runs.load(Ordering::SeqCst)), (vec![Ok(()), Ok(())], 3));
        assert_eq!(house.customers(), ["once"]);
        house.is_whole();
    }

    fn a_rotation_in_a_group_that_is_run_again_signs_what_follows(house: House) {
        let (vault, actor) = (house.vault.clone(), house.actor.clone());
        let rotate = move |tx: &mut Tx<'_>| latchkey_store::signing_keys::rotate(tx, &vault, &actor, None).map(drop);
        let (vault, actor, zone, wanted) =
            (house.vault.clone(), house.actor.clone(), house.zone.clone(), order("Acme", "basic", years(1)));
        let mut busy = true;
        let issue = move |tx: &mut Tx<'_>| {
            let issued = latchkey_store::subscriptions::keys::issue(tx, &vault, &wanted, &zone, &actor)?;
            if std::mem::take(&mut busy) { Err(StoreError::Busy.into()) } else { Ok(issued) }
        };
        let (rotated, issued) = while_the_writer_is_busy(&house, || (hand_in(&house, rotate), hand_in(&house, issue)));
        await_answer(rotated).unwrap();
        let issued = await_answer(issued).unwrap();
        assert_eq!(issued.key.signing_key.number(), 2);
        assert!(latchkey_key::registration::check(issued.text.reveal().as_bytes(), &house.ring()).is_ok());
    }

    fn a_clock_that_is_not_believed_stops_its_own_operation_alone(house: House) {
        let late = house.store.clone();
        let past = house.now().plus(-DAY);
        let (mut behind, good) = while_the_writer_is_busy(&house, || {
            let mut behind: Answer<'_, ()> = Box::pin(late.write(past, adds("behind")));
            assert!(behind.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
            (Some(behind), hand_in(&house, adds("good")))
        });
        let outcome = await_answer(behind.take().unwrap());
        assert_eq!(failure(outcome), StoreError::ClockBehind { millis: DAY });
        assert_eq!(await_answer(good), Ok(()));
        assert_eq!(house.customers(), ["good"]);
    }

    fn a_caller_that_goes_away_does_not_undo_what_it_asked_for(house: House) {
        while_the_writer_is_busy(&house, || drop(hand_in(&house, adds("wanted"))));
        poll_until(SOON, || (house.customers() == ["wanted"]).then_some(()));
    }

    fn too_many_callers_are_told_so_at_once(house: House) {
        let done = Arc::new(AtomicUsize::new(0));
        let answers = while_the_writer_is_busy(&house, || {
            (0..4_100)
                .map(|_| {
                    let done = done.clone();
                    hand_in(&house, move |_| {
                        done.fetch_add(1, Ordering::SeqCst);
                        Ok(())
                    })
                })
                .collect::<Vec<_>>()
        });
        let outcomes: Vec<_> = answers.into_iter().map(await_answer).collect();
        let overloaded = outcomes.iter().filter(|outcome| **outcome == Err(Undone::Failed(StoreError::Overloaded)));
        assert_eq!(overloaded.count(), 4);
        assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 4_096);
        assert_eq!(done.load(Ordering::SeqCst), 4_096);
    }

    fn what_was_answered_is_there_for_everybody(house: House) {
        let other = house.another_store();
        for number in 0..20 {
            let issued = house.sells(&format!("customer {number}"), "free");
            for store in [&house.store, &other] {
                let entry = store.ask(|reader| latchkey_store::subscriptions::entries::fill(reader, issued.key.id));
                assert!(entry.unwrap().entry.is_some());
            }
        }
    }

    fn a_question_sees_one_moment(house: House) {
        house.sells("Acme", "free");
        let (before, after) = house
            .store
            .read(|reader| {
                let before = customers::list(reader, "", 10)?.len();
                house.sells("Bolt", "free");
                Ok((before, customers::list(reader, "", 10)?.len()))
            })
            .unwrap();
        assert_eq!((before, after), (1, 1));
        assert_eq!(house.customers().len(), 2);
    }

    fn a_question_cannot_change_anything(house: House) {
        let before = house.raw().everything();
        let changed = house.store.read(|reader| reader.rows("DELETE FROM feed", &[]).map(drop));
        assert!(matches!(changed, Err(StoreError::ReadOnly(_))), "{changed:?}");
        assert_eq!(house.raw().everything(), before);
        assert_eq!(house.store.ask(|reader| reader.rows("SELECT seq FROM feed", &[])).unwrap().len(), 5);
    }

    fn a_question_that_panics_leaves_no_snapshot_behind(house: House) {
        for _ in 0..20 {
            let asked = std::panic::AssertUnwindSafe(|| {
                house.store.read(|reader| -> Result<(), StoreError> {
                    customers::list(reader, "", 1)?;
                    std::panic::resume_unwind(Box::new("on purpose"))
                })
            });
            assert!(std::panic::catch_unwind(asked).is_err());
        }
        house.sells("Acme", "free");
        for _ in 0..20 {
            assert_eq!(house.store.read(|reader| customers::list(reader, "", 10)).unwrap().len(), 1);
        }
    }

    fn another_program_that_holds_the_database_is_waited_for(house: House) {
        let mut raw = house.raw();
        raw.run(match raw {
            crate::raw::Raw::Sqlite(_) => "BEGIN IMMEDIATE",
            crate::raw::Raw::Postgres(_) => "BEGIN; UPDATE feed_head SET seq = seq",
        });
        let begin = Instant::now();
        let answer = hand_in(&house, adds("patient"));
        std::thread::sleep(Duration::from_secs(1));
        assert!(house.customers().is_empty());
        raw.run("COMMIT");
        assert_eq!(await_answer(answer), Ok(()));
        assert!(begin.elapsed() < Duration::from_secs(5), "{:?}", begin.elapsed());
    }

    fn another_program_that_never_lets_go_is_given_up(house: House) {
        let mut raw = house.raw();
        raw.run(match raw {
            crate::raw::Raw::Sqlite(_) => "BEGIN IMMEDIATE",
            crate::raw::Raw::Postgres(_) => "BEGIN; UPDATE feed_head SET seq = seq",
        });
        let begin = Instant::now();
        let outcome = house.write(|tx| add(tx, "in vain"));
        assert_eq!(outcome.map(drop), Err(Undone::Failed(StoreError::Busy)));
        assert!(begin.elapsed() < Duration::from_secs(15), "{:?}", begin.elapsed());
        assert_eq!(house.store.read(|reader| customers::list(reader, "", 10)), Ok(vec![]), "questions do not wait");
        raw.run("ROLLBACK");
        house.write(|tx| add(tx, "at last")).unwrap();
    }
}
