//! What was acknowledged stays, however the process or the database ends.
//!
//! The process that is killed is this very test binary, run again for [`a_vendor_that_never_stops`] alone.

use std::collections::BTreeSet;
use std::time::Duration;

use latchkey_domain::ids::KeyId;
use latchkey_key::registration;
use latchkey_store::audit::Finding;
use latchkey_store::subscriptions::{entries, keys};
use latchkey_store::{Actor, Location, Master, Store, Vault};
use latchkey_tests_support::postgres::Cluster;
use latchkey_tests_support::{Process, Program, poll_until};

use crate::house::{House, Place, opening_day, order, years};

/// Generous: the machine may be busy with other tests.
const SOON: Duration = Duration::from_secs(30);
const DATABASE: &str = "LATCHKEY_TEST_DATABASE";
const MASTER: &str = "LATCHKEY_TEST_MASTER";

#[test]
#[ignore = "a process of its own, which other tests start and kill"]
fn a_vendor_that_never_stops() {
    let database = std::env::var(DATABASE).expect("only other tests run this one");
    let master = Master::from_text(&std::env::var(MASTER).unwrap()).unwrap();
    let location = match database.strip_prefix('/') {
        Some(_) => Location::Sqlite(database.into()),
        None => Location::url(&database).unwrap(),
    };
    let (store, vault) = (Store::open(location, opening_day()).unwrap(), Vault::new(master));
    std::thread::scope(|scope| {
        for thread in 0..4 {
            let (store, vault) = (&store, &vault);
            scope.spawn(move || {
                for number in 0.. {
                    let (vault, wanted) = (vault.clone(), order(&format!("{thread} {number}"), "free", years(1)));
                    let zone = latchkey_domain::time::Zone::utc();
                    let issued = store.write_blocking(opening_day(), move |tx| {
                        keys::issue(tx, &vault, &wanted, &zone, &Actor::server())
                    });
                    // Where the database was lost nothing is acknowledged any more.
                    let Ok(issued) = issued else { return };
                    // One write each, so that a line is never torn between two threads.
                    println!("issued {} {}\n", issued.key.id, issued.text.reveal());
                }
            });
        }
    });
    println!("the database is away");
}

fn start_vendor(house: &House) -> Process {
    let database = match (&*house.place, house.location()) {
        (Place::Postgres(url), _) => url.clone(),
        (_, Location::Sqlite(file)) => file.to_str().unwrap().to_owned(),
        (_, Location::Postgres(_)) => unreachable!(),
    };
    Program::new(std::env::current_exe().unwrap())
        .args(["--exact", "durability::a_vendor_that_never_stops", "--ignored", "--nocapture"])
        .env(DATABASE, database)
        .env(MASTER, house.master.to_text().as_str())
        .spawn()
}

/// The keys that a vendor has been told of, with their texts. A last line without its end was not told in full.
fn acknowledged(vendor: &Process) -> Vec<(KeyId, String)> {
    let out = vendor.stdout();
    let whole = &out[..out.rfind('\n').map_or(0, |end| end + 1)];
    let read = |line: &str| {
        let (id, text) = line.split_once("issued ")?.1.split_once(' ')?;
        Some((id.parse().unwrap(), text.to_owned()))
    };
    whole.lines().filter_map(read).collect()
}

/// Every acknowledged key is there with its text, and nothing else is half there.
fn everything_is_there(house: &House, acknowledged: &[(KeyId, String)]) {
    let (ring, mut raw) = (house.ring(), house.raw());
    for (id, text) in acknowledged {
        let filled = house.store.ask(|reader| entries::fill(reader, *id)).unwrap();
        assert!(filled.entry.is_some(), "{id} was acknowledged");
        assert_eq!(registration::check(text.as_bytes(), &ring).unwrap().id, *id);
    }
    assert!(matches!(house.verify(&[]), Finding::Whole { .. }));
    let keys: BTreeSet<_> = raw.column("SELECT id FROM keys").into_iter().collect();
    let written: BTreeSet<_> = raw.column("SELECT subject FROM audit WHERE action = 'key.issue'").into_iter().collect();
    assert_eq!(keys, written, "a key and its line in the audit log come together");
    assert_eq!(raw.number("SELECT COUNT(*) FROM customers"), i64::try_from(keys.len()).unwrap());
}

both_databases! {
    fn a_vendor_that_is_killed_loses_nothing(house: House) {
        let mut told = Vec::new();
        // At the first acknowledgement, and at moments that have nothing to do with what is being done.
        for wait in [0, 37, 211] {
            let mut vendor = start_vendor(&house);
            vendor.wait_for_line("issued ", SOON);
            std::thread::sleep(Duration::from_millis(wait));
            vendor.kill9();
            vendor.wait(SOON);
            told.extend(acknowledged(&vendor));
            everything_is_there(&house, &told);
            house.raw().run("UPDATE customers SET name = id, folded_name = id");
        }
        assert!(told.len() >= 3);
        // Life goes on.
        house.sells("Acme", "basic");
    }
}

#[test]
fn a_database_that_crashes_loses_nothing() {
    let mut cluster = Cluster::private();
    let house = House::at(Place::Postgres(cluster.fresh_database()));
    let mut vendor = start_vendor(&house);
    vendor.wait_for_line("issued ", SOON);
    std::thread::sleep(Duration::from_millis(100));
    cluster.crash();
    vendor.wait_for_line("the database is away", SOON);
    assert!(vendor.wait(SOON).success());
    cluster.start();
    poll_until(SOON, || house.store.ask(|reader| entries::fill(reader, KeyId(uuid::Uuid::nil()))).ok());
    let told = acknowledged(&vendor);
    assert!(!told.is_empty());
    everything_is_there(&house, &told);
    house.sells("Acme", "basic");
}
