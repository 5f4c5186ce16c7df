//! PostgreSQL behind a network: connections that are cut, and a database that goes away and comes back.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use latchkey_store::subscriptions::customers;
use latchkey_store::{StoreError, Undone};
use latchkey_tests_support::poll_until;
use latchkey_tests_support::postgres::Cluster;

use crate::house::{House, Place};
use crate::writer::{SOON, add, adds, await_answer, hand_in};

#[test]
fn connections_that_were_cut_are_opened_again() {
    let house = House::on_postgres();
    for round in 0..3 {
        house.store.read(|reader| customers::list(reader, "", 1)).unwrap();
        house.raw().run(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
              WHERE datname = current_database() AND pid <> pg_backend_pid()",
        );
        house.write(move |tx| add(tx, &format!("customer {round}"))).unwrap();
        assert_eq!(house.customers().len(), round + 1);
    }
    house.is_whole();
}

#[test]
fn a_connection_that_is_lost_within_an_operation_is_not_noticed() {
    let house = House::on_postgres();
    let mut raw = house.raw();
    let mut cut = false;
    let outcome = house.write(move |tx| {
        add(tx, "once")?;
        if !std::mem::replace(&mut cut, true) {
            raw.run(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                  WHERE datname = current_database() AND state = 'idle in transaction'",
            );
        }
        add(tx, "twice")
    });
    outcome.unwrap();
    assert_eq!(house.customers(), ["once", "twice"]);
    house.is_whole();
}

#[test]
fn a_database_that_says_no_is_understood() {
    let house = House::on_postgres();
    let mut raw = house.raw();
    let before = raw.everything();
    for (code, expected) in [
        ("53100", StoreError::Full),
        ("42501", StoreError::ReadOnly("no".into())),
        ("XX001", StoreError::Bug("no (XX001)".into())),
    ] {
        raw.run(&format!(
            "CREATE OR REPLACE FUNCTION no() RETURNS trigger LANGUAGE plpgsql AS
               $$ BEGIN RAISE EXCEPTION 'no' USING ERRCODE = '{code}'; END $$;
             CREATE OR REPLACE TRIGGER no BEFORE INSERT ON customers EXECUTE FUNCTION no();"
        ));
        assert_eq!(house.write(|tx| add(tx, "no")).map(drop), Err(Undone::Failed(expected)), "{code}");
        raw.run("DROP TRIGGER no ON customers");
        assert_eq!(raw.everything(), before);
    }
    // An administrator, or a standby that is not promoted yet.
    let database = raw.value("SELECT current_database()");
    raw.run(&format!("ALTER DATABASE {database} SET default_transaction_read_only = on"));
    let store = house.another_store();
    let outcome = store.write_blocking(house.now(), |tx| add(tx, "no")).map(drop);
    assert!(matches!(outcome, Err(Undone::Failed(StoreError::ReadOnly(_)))), "{outcome:?}");
    house.write(|tx| add(tx, "yes")).unwrap();
}

#[test]
fn a_database_that_went_away_is_said_to_be_away_and_found_again() {
    let mut cluster = Cluster::private();
    let house = House::at(Place::Postgres(cluster.fresh_database()));
    house.write(|tx| add(tx, "before")).unwrap();
    cluster.stop();
    let begin = Instant::now();
    let outcome = house.write(|tx| add(tx, "during")).map(drop);
    assert!(matches!(outcome, Err(Undone::Failed(StoreError::Away(_)))), "{outcome:?}");
    assert!(begin.elapsed() < Duration::from_secs(15), "{:?}", begin.elapsed());
    let begin = Instant::now();
    let question = house.store.read(|reader| customers::list(reader, "", 1));
    assert!(matches!(question, Err(StoreError::Away(_))), "{question:?}");
    assert!(begin.elapsed() < Duration::from_secs(10), "{:?}", begin.elapsed());
    // One that waits while the database comes back is done.
    let waiting = hand_in(&house, adds("after"));
    cluster.start();
    assert_eq!(await_answer(waiting), Ok(()));
    poll_until(SOON, || house.store.read(|reader| customers::list(reader, "", 1)).ok());
    assert_eq!(house.customers(), ["after", "before"]);
    house.is_whole();
}

#[test]
fn a_connection_that_is_lost_with_the_commit_leaves_the_outcome_open() {
    let house = House::on_postgres();
    let mut raw = house.raw();
    // A deferred trigger runs within the COMMIT.
    raw.run(
        "CREATE FUNCTION cut() RETURNS trigger LANGUAGE plpgsql AS
           $$ BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END $$;
         CREATE CONSTRAINT TRIGGER cut AFTER INSERT ON customers DEFERRABLE INITIALLY DEFERRED
           FOR EACH ROW EXECUTE FUNCTION cut();",
    );
    let before = raw.everything();
    let runs = Arc::new(AtomicUsize::new(0));
    let counted = runs.clone();
    let outcome = house.write(move |tx| {
        counted.fetch_add(1, Ordering::SeqCst);
        add(tx, "perhaps")
    });
    assert_eq!(outcome.map(drop), Err(Undone::Failed(StoreError::OutcomeUnknown)));
    assert_eq!(runs.load(Ordering::SeqCst), 1, "what may stand is not done twice");
    assert_eq!(raw.everything(), before);
    raw.run("DROP TRIGGER cut ON customers");
    house.write(|tx| add(tx, "surely")).unwrap();
    house.is_whole();
}
