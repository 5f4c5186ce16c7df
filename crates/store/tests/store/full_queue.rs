//! A full queue: what would be missed is known at every moment, what goes is what would be missed least, and a put into a queue that
//! has nothing to spare reads nothing of what waits.

use std::collections::BTreeMap;

use latchkey_domain::time::{DAY, MINUTE, Timestamp};
use latchkey_store::enrollment::queue::{self, Bounds, Parcel};
use latchkey_store::{Location, Store};
use latchkey_tests_support::poll_until;
use latchkey_tests_support::postgres::Cluster;
use proptest::prelude::*;
use proptest::sample::select;

use crate::house::{House, Place, opening_day};
use crate::raw::Raw;
use crate::writer::SOON;

/// What fits: a few whole inventories.
const FITS: i64 = 2_000;

#[derive(Debug, Clone)]
enum Step {
    Put { agent: usize, what: &'static str },
    Deliver,
    Bury,
    Discard(usize),
    Forget { agent: usize },
    Expire,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        8 => (0_usize..4, select(vec!["inventory", "inventory", "partial", "partial", "task"]))
            .prop_map(|(agent, what)| Step::Put { agent, what }),
        2 => Just(Step::Deliver),
        1 => Just(Step::Bury),
        2 => (0_usize..12).prop_map(Step::Discard),
        1 => (0_usize..4).prop_map(|agent| Step::Forget { agent }),
        1 => Just(Step::Expire),
    ]
}

/// A row as the queue has it, and how much it is marked to be missed.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Kept {
    number: i64,
    agent: String,
    what: String,
    bytes: i64,
    missed: i64,
}

fn kept(raw: &mut Raw) -> Vec<Kept> {
    let rows = raw.rows("SELECT number, agent, what, bytes, missed FROM queued_messages ORDER BY number");
    let read = |row: Vec<Option<String>>| {
        let [number, agent, what, bytes, missed] = row.try_into().unwrap();
        let number_of = |text: Option<String>| text.unwrap().parse().unwrap();
        Kept {
            number: number_of(number),
            agent: agent.unwrap(),
            what: what.unwrap(),
            bytes: number_of(bytes),
            missed: number_of(missed),
        }
    };
    rows.into_iter().map(read).collect()
}

/// Marks each with how much it would be missed, by the rule itself.
fn marked(mut rows: Vec<Kept>) -> Vec<Kept> {
    let wholes = rows.iter().filter(|row| row.what == "inventory");
    let newest: BTreeMap<String, i64> = wholes.map(|row| (row.agent.clone(), row.number)).collect();
    for row in &mut rows {
        row.missed = match newest.get(&row.agent) {
            Some(newest) if row.number < *newest => 0,
            Some(newest) if row.number == *newest => 2,
            Some(_) | None => 1,
        };
    }
    rows
}

fn bytes(rows: &[Kept]) -> i64 {
    rows.iter().map(|row| row.bytes).sum()
}

/// What is there after a put, by the rule itself; `None` where there is no room.
fn put(before: &[Kept], new: Kept, bounds: Bounds) -> Option<Vec<Kept>> {
    let number = new.number;
    let mut rows = marked([before, &[new]].concat());
    while bytes(&rows) > bounds.bytes {
        let spare = rows.iter().filter(|row| row.missed < 2 && row.number != number);
        let goes = spare.min_by_key(|row| (row.missed, row.number))?.number;
        rows.retain(|row| row.number != goes);
    }
    Some(rows)
}

#[track_caller]
fn is_marked_rightly(raw: &mut Raw) {
    let rows = kept(raw);
    assert_eq!(rows, marked(rows.clone()));
    let spare: Vec<Kept> = rows.iter().filter(|row| row.missed < 2).cloned().collect();
    let head = raw.rows("SELECT messages, bytes, spare_bytes FROM queue_head WHERE id = 1").swap_remove(0);
    let head: Vec<i64> = head.into_iter().map(|number| number.unwrap().parse().unwrap()).collect();
    assert_eq!(head, [i64::try_from(rows.len()).unwrap(), bytes(&rows), bytes(&spare)]);
}

fn raw_of(house: &House) -> Raw {
    match house.location() {
        Location::Sqlite(file) => Raw::file(&file.with_file_name(queue::QUEUE_FILE)),
        Location::Postgres(_) => house.raw(),
    }
}

fn parcel(agent: usize, what: &str) -> Parcel {
    let agent = format!("agent-{agent}");
    let length = match what {
        "inventory" => 300,
        "partial" => 60,
        _ => 150,
    };
    let (glpi, what, head, body) = ("main".into(), what.into(), String::new(), vec![7; length]);
    Parcel { device: agent.clone(), agent, glpi, what, head, body }
}

fn lives(house: &House, steps: &[Step]) {
    let store = queue::open(&house.location(), house.now()).unwrap();
    let mut raw = raw_of(house);
    raw.run("DELETE FROM queued_messages; DELETE FROM queue_turns; UPDATE queue_head SET messages = 0, bytes = 0, spare_bytes = 0");
    let bounds = Bounds { bytes: FITS, age: 30 * MINUTE };
    let mut now = house.now();
    for step in steps {
        now = now.plus(MINUTE);
        let before = kept(&mut raw);
        match step.clone() {
            Step::Put { agent, what } => {
                let parcel = parcel(agent, what);
                let (agent, bytes) = (parcel.agent.clone(), i64::try_from(parcel.body.len() / 3 * 4).unwrap());
                let taken = store.write_blocking(now, move |tx| queue::put(tx, &parcel, bounds)).unwrap();
                let number = raw.number("SELECT last_number FROM queue_head");
                let new = Kept { number, agent, what: what.into(), bytes, missed: 0 };
                let expected = put(&before, new, bounds);
                assert_eq!(taken, expected.is_some(), "{before:#?}");
                assert_eq!(kept(&mut raw), expected.unwrap_or(before));
            }
            Step::Deliver | Step::Bury => {
                let bury = matches!(step, Step::Bury);
                let taken = store.write_blocking(now, |tx| queue::take(tx, "main", MINUTE)).unwrap();
                if let Some(leased) = taken {
                    let done = move |tx: &mut latchkey_store::Tx<'_>| match bury {
                        true => queue::bury(tx, &leased, "no"),
                        false => queue::delivered(tx, &leased),
                    };
                    assert!(store.write_blocking(now, done).unwrap());
                }
            }
            Step::Discard(at) => {
                if let Some(row) = before.get(at) {
                    let number = row.number.to_string();
                    store.write_blocking(now, move |tx| queue::discard(tx, &number)).unwrap();
                }
            }
            Step::Forget { agent } => {
                store.write_blocking(now, move |tx| queue::forget_agent(tx, &format!("agent-{agent}"))).unwrap();
            }
            Step::Expire => {
                store.write_blocking(now, move |tx| queue::expire(tx, bounds)).unwrap();
            }
        }
        is_marked_rightly(&mut raw);
    }
}

fn config() -> ProptestConfig {
    ProptestConfig { cases: 24, failure_persistence: None, max_shrink_iters: 200, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn what_would_be_missed_is_known_at_every_moment(steps in proptest::collection::vec(step(), 1..40)) {
        thread_local! {
            static HOUSES: [House; 2] = [House::on_sqlite(), House::on_postgres()];
        }
        HOUSES.with(|houses| houses.iter().for_each(|house| lives(house, &steps)));
    }
}

mod what_an_earlier_program_kept_makes_way_as_it_should {
    use super::*;

    #[test]
    fn sqlite() {
        story(&Place::on_sqlite());
    }

    #[test]
    fn postgres() {
        story(&Place::on_postgres());
    }

    fn story(place: &Place) {
        let location = place.location();
        Store::migrate_as(&location, 17, opening_day()).unwrap();
        let mut raw = Raw::open(place);
        let all = ["a partial", "a inventory", "b partial", "a task", "a inventory", "a partial", "c inventory"];
        for (number, row) in all.iter().enumerate() {
            let (agent, what) = row.split_once(' ').unwrap();
            raw.run(&format!(
                "INSERT INTO queued_messages (number, agent, device, glpi, what, head, body, bytes, received_at, run_at, attempts)
                 VALUES ({number}, '{agent}', '{agent}', 'main', '{what}', '{{}}', 'eA==', {}, 0, 0, 0)",
                10 + number
            ));
        }
        raw.run("UPDATE queue_head SET last_number = 7, messages = 7, bytes = 91");
        drop(Store::open(location, opening_day()).unwrap());
        is_marked_rightly(&mut raw);
    }
}

/// PostgreSQL counts what it reads of each table and index by itself.
#[test]
fn a_put_into_a_full_queue_reads_none_of_what_waits() {
    const WAITING: i64 = 20_000;
    const PUTS: i64 = 20;
    let place = Place::Postgres(Cluster::shared().fresh_database());
    drop(Store::open(place.location(), opening_day()).unwrap());
    let mut raw = Raw::open(&place);
    raw.run(&format!(
        "INSERT INTO queued_messages (number, agent, device, glpi, what, head, body, bytes, received_at, run_at, attempts, missed)
         SELECT i, 'agent-' || i, 'machine-' || i, 'main', 'inventory', '{{}}', 'eA==', 100, 0, 0, 0, 2
           FROM generate_series(1, {WAITING}) i;
         UPDATE queue_head SET last_number = {WAITING}, messages = {WAITING}, bytes = 100 * {WAITING};
         ANALYZE queued_messages;"
    ));
    let mut counts = || -> Option<(i64, i64)> {
        let tables = "SELECT (COALESCE(seq_scan, 0) + COALESCE(idx_scan, 0))::bigint,
                             (COALESCE(seq_tup_read, 0) + COALESCE(idx_tup_fetch, 0))::bigint
                        FROM pg_stat_user_tables WHERE relname = 'queued_messages'";
        let row = raw.rows(tables).pop()?;
        let indexes = "SELECT SUM(idx_tup_read)::bigint FROM pg_stat_user_indexes WHERE relname = 'queued_messages'";
        let number = |text: &Option<String>| text.as_deref().unwrap_or("0").parse::<i64>().unwrap();
        Some((number(&row[0]), number(&row[1]) + raw.number(indexes)))
    };
    let bounds = Bounds { bytes: 100 * WAITING, age: DAY };
    let puts = |from: i64, how_many: i64| {
        let store = Store::open(place.location(), Timestamp::from_millis(0)).unwrap();
        for number in from..from + how_many {
            let parcel = parcel(usize::try_from(WAITING + number).unwrap(), "inventory");
            assert!(!store.write_blocking(opening_day(), move |tx| queue::put(tx, &parcel, bounds)).unwrap());
        }
        // What a connection counted is told when it ends.
    };
    // The first ones alone, so that what is counted of them is known to be told before the others.
    puts(0, 1);
    let (looked, read) = poll_until(SOON, || counts().filter(|(looked, _)| *looked > 0));
    puts(1, PUTS);
    let (_, after) = poll_until(SOON, || counts().filter(|(now, _)| *now >= looked + PUTS));
    assert!(after - read <= PUTS, "{PUTS} puts read {} rows of {WAITING}", after - read);
}
