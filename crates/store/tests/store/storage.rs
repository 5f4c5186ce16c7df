//! The disk under SQLite: full, read-only, or a limit on what may be written.
//!
//! Root may write anywhere and a test's disk is not full, so these stories run in a process of their own
//! ([`in_a_room_of_its_own`]) within new namespaces, where even an ordinary user may mount a small disk. Where the
//! system forbids that, the stories about mounts say so and end; the one about a limit runs everywhere.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use latchkey_store::audit::Finding;
use latchkey_store::subscriptions::customers;
use latchkey_store::{Location, Store, StoreError, Undone, installation};
use latchkey_tests_support::{Process, Program};

use crate::house::{House, Place, opening_day, order, years};

/// Generous: the machine may be busy with other tests.
const SOON: Duration = Duration::from_secs(60);
const STORY: &str = "LATCHKEY_TEST_STORY";
const ROOM: &str = "LATCHKEY_TEST_ROOM";

/// Runs `prepare` in a shell and then this binary for one story, both seeing the directory as `$LATCHKEY_TEST_ROOM`.
/// `None` where `within`, a command that runs another one, does not work here.
fn in_a_room_of_its_own(within: &[&str], prepare: &str, story: &str, room: &Path) -> Option<Process> {
    let probe = "mount -t tmpfs none /mnt";
    if let [program, arguments @ ..] = within {
        let probe = Command::new(program).args(arguments).args(["sh", "-c", probe]).output();
        if !probe.is_ok_and(|probe| probe.status.success()) {
            #[allow(clippy::print_stderr, reason = "a test that was not run says so")]
            {
                eprintln!("this system lets nobody but root mount a disk, not even in a namespace: not tested here");
            }
            return None;
        }
    }
    let (program, arguments) = within.split_first().map_or(("env", within), |(program, rest)| (*program, rest));
    let script = format!("set -e; {prepare}; exec \"$0\" --exact storage::a_story_elsewhere --ignored --nocapture");
    let mut process = Program::new(program)
        .args(arguments)
        .args(["sh", "-c", &script])
        .arg(std::env::current_exe().unwrap())
        .env(ROOM, room)
        .env(STORY, story)
        .spawn();
    let ended = process.wait(SOON);
    assert!(ended.success(), "{ended}");
    Some(process)
}

#[test]
#[ignore = "a process of its own, which other tests start"]
fn a_story_elsewhere() {
    let room = PathBuf::from(std::env::var_os(ROOM).expect("only other tests run this one"));
    match std::env::var(STORY).unwrap().as_str() {
        "full" => a_vendor_on_a_full_disk(&room),
        "read-only" => a_vendor_on_a_read_only_disk(&room),
        "limit" => a_vendor_who_may_not_write_much(&room),
        other => panic!("no story {other}"),
    }
}

/// Issues keys until that fails.
fn issues_until_it_fails(house: &House) -> (usize, StoreError) {
    for number in 0.. {
        match house.issue(&order(&format!("customer {number}"), "free", years(1))) {
            Ok(_) => {}
            Err(Undone::Failed(error)) => return (number, error),
            Err(Undone::Refused(refusal)) => panic!("{refusal:?}"),
        }
    }
    unreachable!()
}

#[test]
fn a_full_disk_loses_nothing() {
    let room = tempfile::tempdir().unwrap();
    let mount = format!("mount -t tmpfs -o size=3m none \"${ROOM}\"");
    in_a_room_of_its_own(&["unshare", "--map-root-user", "--mount"], &mount, "full", room.path());
}

fn a_vendor_on_a_full_disk(room: &Path) {
    let ballast = room.join("ballast");
    fs::write(&ballast, vec![1; 1 << 20]).unwrap();
    let house = House::at(Place::Room(room.to_owned()));
    for _ in 0..2 {
        let (issued, error) = issues_until_it_fails(&house);
        assert_eq!(error, StoreError::Full);
        assert!(issued > 10 || !ballast.exists(), "{issued}");
        // A group that does not fit is gone as a whole; what was there before stays.
        let keys = house.raw().number("SELECT COUNT(*) FROM keys");
        assert_eq!(house.raw().number("SELECT COUNT(*) FROM audit WHERE action = 'key.issue'"), keys);
        assert!(matches!(house.verify(&[]), Finding::Whole { .. }));
        if fs::remove_file(&ballast).is_ok() {
            house.sells("after room was made", "basic");
        }
    }
    // Another process finds the same.
    let store = house.another_store();
    assert!(installation::establish(&store, &house.another_vault(), opening_day(), &house.actor).is_ok());
}

#[test]
fn a_read_only_disk_is_said_to_be_one() {
    let room = tempfile::tempdir().unwrap();
    let house = House::at(Place::Room(room.path().to_owned()));
    house.sells("Acme", "basic");
    // A copy of what a server leaves that was killed: the latest changes stand in the log.
    let killed = room.path().join("killed at work?");
    fs::create_dir(&killed).unwrap();
    house.sells("Bolt", "basic");
    for suffix in ["", "-wal"] {
        let name = format!("{}{suffix}", latchkey_store::SQLITE_FILE);
        fs::copy(room.path().join(&name), killed.join(&name)).unwrap();
    }
    drop(house);
    let mount = format!("mount --bind \"${ROOM}\" \"${ROOM}\"; mount -o remount,bind,ro \"${ROOM}\"");
    in_a_room_of_its_own(&["unshare", "--map-root-user", "--mount"], &mount, "read-only", room.path());
}

fn a_vendor_on_a_read_only_disk(room: &Path) {
    assert!(fs::write(room.join("probe"), "").is_err(), "the disk can be written");
    let error = Store::open(Location::embedded(room), opening_day()).map(drop).unwrap_err();
    assert!(error.to_string().contains(room.to_str().unwrap()), "{error}");
    assert!(matches!(error, StoreError::ReadOnly(_)), "{error}");
    let store = Store::open_to_read(Location::embedded(room), error.clone()).unwrap();
    let names = store.ask(|reader| customers::list(reader, "", 10)).unwrap();
    assert_eq!(names.iter().map(|customer| customer.name.as_str()).collect::<Vec<_>>(), ["Acme", "Bolt"]);
    let refused = store.write_blocking(opening_day(), |tx| tx.announce(latchkey_store::feed::Topic::Clock, ""));
    assert_eq!(refused, Err(Undone::Failed(error.clone())));
    // Half of what there is would be no answer.
    let killed = Store::open_to_read(Location::embedded(&room.join("killed at work?")), error).map(drop);
    assert!(killed.is_err(), "its log cannot be read here");
    let new = Store::open(Location::Sqlite(room.join("new.db")), opening_day()).map(drop).unwrap_err();
    assert!(new.to_string().contains(room.to_str().unwrap()), "{new}");
}

#[test]
fn a_file_that_may_not_grow_loses_nothing() {
    let room = tempfile::tempdir().unwrap();
    // Two or four megabytes, as the shell counts; the limit's signal is ignored, so that writing fails instead.
    in_a_room_of_its_own(&[], "trap '' XFSZ; ulimit -f 4096", "limit", room.path());
    // Without the limit all is as it was, and works.
    let mut raw = crate::raw::Raw::file(&room.path().join(latchkey_store::SQLITE_FILE));
    let keys = raw.number("SELECT COUNT(*) FROM keys");
    assert!(keys > 10, "{keys}");
    assert_eq!(raw.number("SELECT COUNT(*) FROM audit WHERE action = 'key.issue'"), keys);
    assert_eq!(raw.value("PRAGMA integrity_check"), "ok");
    let store = Store::open(Location::embedded(room.path()), opening_day()).unwrap();
    store.write_blocking(opening_day(), |tx| tx.announce(latchkey_store::feed::Topic::Clock, "")).unwrap();
}

fn a_vendor_who_may_not_write_much(room: &Path) {
    let house = House::at(Place::Room(room.to_owned()));
    let (_, error) = issues_until_it_fails(&house);
    assert!(matches!(error, StoreError::Away(_)), "{error}");
    assert!(matches!(house.verify(&[]), Finding::Whole { .. }));
}
