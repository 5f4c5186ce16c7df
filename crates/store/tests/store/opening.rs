//! How a database is opened: new, known, newer than this program, or not one at all.

use std::path::Path;
use std::time::{Duration, Instant};

use latchkey_store::lists::{Page, plugins};
use latchkey_store::subscriptions::customers;
use latchkey_store::{Applied, Location, SCHEMA, Store, StoreError};
use latchkey_tests_support::free_port;
use latchkey_tests_support::postgres::Cluster;

use crate::house::{House, Place, opening_day};
use crate::raw::Raw;

/// A new database without tables, on each of both.
fn new_places() -> [Place; 2] {
    [Place::on_sqlite(), Place::on_postgres()]
}

fn open(location: Location) -> Result<(), StoreError> {
    Store::open(location, opening_day()).map(drop)
}

#[test]
fn a_new_database_gets_its_tables_once() {
    for place in new_places() {
        let migrate = || Store::migrate(&place.location(), opening_day()).unwrap();
        assert_eq!(Store::is_made(&place.location()), Ok(false));
        assert_eq!(migrate(), Applied { from: 0, to: SCHEMA });
        assert_eq!(Store::is_made(&place.location()), Ok(true));
        let before = Raw::open(&place).everything();
        assert_eq!(before["schema_versions"].len(), usize::try_from(SCHEMA).unwrap());
        assert_eq!(migrate(), Applied { from: SCHEMA, to: SCHEMA });
        open(place.location()).unwrap();
        assert_eq!(Raw::open(&place).everything(), before);
    }
}

#[test]
fn many_that_open_a_new_database_at_once_agree() {
    for place in new_places() {
        std::thread::scope(|scope| {
            let opened: Vec<_> = (0..6).map(|_| scope.spawn(|| open(place.location()))).collect();
            for opened in opened {
                assert_eq!(opened.join().unwrap(), Ok(()));
            }
        });
        assert_eq!(Raw::open(&place).number("SELECT COUNT(*) FROM schema_versions"), SCHEMA);
        assert_eq!(Raw::open(&place).number("SELECT COUNT(*) FROM feed_head"), 1);
    }
}

#[test]
fn a_database_of_another_program_is_left_alone() {
    for place in new_places() {
        let mut raw = Raw::open(&place);
        raw.run("CREATE TABLE keys (mine BIGINT); CREATE TABLE schema_versions (mine BIGINT)");
        assert_eq!(open(place.location()), Err(StoreError::Foreign("schema_versions, keys".into())));
        assert_eq!(Store::is_made(&place.location()), Ok(false));
        raw.run("DROP TABLE schema_versions");
        assert_eq!(open(place.location()), Err(StoreError::Foreign("keys".into())));
        let tables = match raw {
            Raw::Sqlite(_) => "SELECT name FROM sqlite_master WHERE type = 'table'",
            Raw::Postgres(_) => "SELECT tablename FROM pg_tables WHERE schemaname = 'public'",
        };
        assert_eq!(raw.column(tables), ["keys"]);
        raw.run("DROP TABLE keys");
        // What is in nobody's way may stay.
        raw.run("CREATE TABLE invoices (theirs BIGINT)");
        open(place.location()).unwrap();
    }
}

#[test]
fn a_step_that_fails_leaves_nothing_half_done() {
    let place = Place::Postgres(Cluster::shared().fresh_database());
    let mut raw = Raw::open(&place);
    // No table, so it is not looked for; but no table can have its name.
    raw.run("CREATE TYPE audit_heads AS ENUM ('one')");
    assert!(matches!(open(place.location()), Err(StoreError::Foreign(_))));
    assert_eq!(raw.column("SELECT tablename FROM pg_tables WHERE schemaname = 'public'"), [""; 0]);
    raw.run("DROP TYPE audit_heads");
    open(place.location()).unwrap();
}

both_databases! {
    fn a_database_that_needs_a_newer_program_is_left_alone(house: House) {
        let mut raw = house.raw();
        let (found, needs) = (SCHEMA + 2, SCHEMA + 1);
        raw.run(&format!("INSERT INTO schema_versions VALUES ({found}, 'later', {needs}, 0)"));
        let before = raw.everything();
        let refused = open(house.location()).unwrap_err();
        assert_eq!(refused, StoreError::NewerSchema { found, needs, known: SCHEMA });
        assert!(refused.to_string().contains("install a newer Latchkey"), "{refused}");
        assert_eq!(Store::migrate(&house.location(), house.now()), Err(refused));
        assert_eq!(raw.everything(), before);
    }

    fn a_newer_database_that_still_knows_this_program_is_used(house: House) {
        let mut raw = house.raw();
        let newer = SCHEMA + 2;
        raw.run(&format!(
            "INSERT INTO schema_versions VALUES ({newer}, 'later', {SCHEMA}, 0);
             ALTER TABLE customers ADD COLUMN seats BIGINT;"
        ));
        assert_eq!(Store::migrate(&house.location(), house.now()), Ok(Applied { from: newer, to: newer }));
        drop(house.another_store());
        assert!(house.verdict(house.sells("Acme", "basic").key.id).is_running());
    }
}

both_databases! {
    fn names_from_before_are_brought_to_their_composed_form(place: Place) {
        Store::migrate_as(&place.location(), 3, opening_day()).unwrap();
        // As a program of schema 3 wrote them: as typed, and folded by case alone.
        let mut raw = Raw::open(&place);
        let mut add = |number: u8, name: &str| {
            let (id, folded) = (format!("01a00000-0000-7000-8000-0000000000{number:02}"), name.to_lowercase());
            raw.run(&format!(
                "INSERT INTO customers (id, name, folded_name, created_at) VALUES ('{id}', '{name}', '{folded}', 0)"
            ));
            id
        };
        let decomposed = add(1, "Cafe\u{301}");
        let composed = add(2, "Caf\u{e9}");
        let sharp = add(3, "Weiße Wolke");
        let plain = add(4, "ACME");
        assert_eq!(Store::migrate(&place.location(), opening_day()), Ok(Applied { from: 3, to: SCHEMA }));
        let store = Store::open(place.location(), opening_day()).unwrap();

        let found = |name: &'static str| store.read(|reader| Ok(customers::find(reader, name))).unwrap().unwrap();
        for (name, id) in [("CAFÉ", &composed), ("WEISSE wolke", &sharp), ("acme", &plain)] {
            assert_eq!(found(name).id.to_string(), *id, "{name}");
        }
        let other = store.read(|reader| Ok(customers::find(reader, &decomposed))).unwrap().unwrap();
        assert_eq!(other.name.as_str(), "Caf\u{e9}", "by its id, the name composed");
        // A page that ends between the two goes on after it.
        let mut listed: Vec<String> = Vec::new();
        let mut after = String::new();
        loop {
            let page = store.read(|reader| customers::list(reader, &after, 1)).unwrap();
            let Some(customer) = page.into_iter().next() else { break };
            after = customer.place;
            listed.push(customer.id.to_string());
        }
        assert_eq!(listed, [plain, composed, decomposed, sharp]);
    }
}

both_databases! {
    fn plugins_from_before_are_found_by_their_names(place: Place) {
        Store::migrate_as(&place.location(), 14, opening_day()).unwrap();
        Raw::open(&place).run(
            "INSERT INTO plugins (plugin, name, sheet, offers, downloads, added_at, updated_at)
             VALUES ('editor', 'Éditeur', '{}', '[]', 0, 0, 0)",
        );
        let store = Store::open(place.location(), opening_day()).unwrap();
        for part in ["éditeur", "E\u{301}DI", "DITOR"] {
            let found = store
                .read(|reader| plugins::page(reader, Some(part), false, plugins::Sort::Key, &Page::first(10)))
                .unwrap();
            assert_eq!(found.rows.len(), 1, "{part}");
        }
    }
}

#[test]
fn a_file_that_is_no_database_is_named() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("letter.txt");
    std::fs::write(&file, "Dear customer, ".repeat(1_000)).unwrap();
    let nowhere = directory.path().join("nowhere").join("latchkey.db");
    let refused = |path: &Path| open(Location::Sqlite(path.to_owned())).unwrap_err();
    for (path, corrupt) in [(file.as_path(), true), (directory.path(), false), (&nowhere, false)] {
        let error = refused(path);
        assert_eq!(matches!(error, StoreError::Corrupt(_)), corrupt, "{error}");
        assert_eq!(matches!(error, StoreError::Away(_)), !corrupt, "{error}");
        assert!(error.to_string().contains(path.to_str().unwrap()), "{error}");
    }
    assert!(std::fs::read_to_string(&file).unwrap().starts_with("Dear customer, "));
    assert!(!nowhere.exists());
}

#[test]
fn a_database_that_is_not_there_is_away_soon() {
    let (port, there) = (free_port(), Cluster::shared().port());
    for url in [
        format!("postgresql://latchkey:s3cret@127.0.0.1:{port}/latchkey"),
        format!("postgresql://latchkey:s3cret@127.0.0.1:{there}/nowhere"),
        format!("postgresql://nobody:s3cret@127.0.0.1:{there}/postgres"),
        "postgresql://latchkey:s3cret@no-such-host.invalid/latchkey".to_owned(),
    ] {
        let begin = Instant::now();
        let error = open(Location::url(&url).unwrap()).unwrap_err();
        assert!(matches!(error, StoreError::Away(_)), "{url}: {error}");
        assert!(!error.to_string().contains("s3cret"), "{error}");
        assert!(begin.elapsed() < Duration::from_secs(15), "{url}: {:?}", begin.elapsed());
    }
}

#[test]
fn a_url_is_never_repeated() {
    for url in ["postgresql://me:s3cret@host:port/x", "s3cret", "postgresql://me:s3cret@host/x?sslmode=require"] {
        let error = Location::url(url).unwrap_err();
        assert!(matches!(error, StoreError::Away(_)), "{url}");
        assert!(!error.to_string().contains("s3cret"), "{error}");
    }
    let plain = Location::url("postgresql://me@host/x").unwrap();
    assert_eq!((plain.name(), House::on_sqlite().location().name()), ("PostgreSQL", "SQLite"));
}
