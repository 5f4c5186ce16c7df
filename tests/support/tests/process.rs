//! Real programs, watched: `sh` stands in for ours.

#![allow(clippy::panic, clippy::unwrap_used, reason = "test code fails by panicking")]

use std::os::unix::process::ExitStatusExt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant};

use latchkey_tests_support::{Process, Program};

/// Generous: the machine may be busy with other tests.
const SOON: Duration = Duration::from_secs(30);

fn sh(script: &str) -> Process {
    Program::new("sh").args(["-c", script]).spawn()
}

/// What a test would have been told.
fn failure<T>(of: impl FnOnce() -> T) -> String {
    match catch_unwind(AssertUnwindSafe(of)) {
        Ok(_) => panic!("it did not fail"),
        Err(told) => told.downcast_ref::<String>().unwrap().clone(),
    }
}

#[test]
fn output_can_be_read_while_it_runs() {
    let mut process = sh("echo one; echo two >&2; exec sleep 600");
    assert_eq!(process.wait_for_line("ne", SOON), "one");
    assert_eq!(process.wait_for_line("tw", SOON), "two");
    assert_eq!((process.stdout().as_str(), process.stderr().as_str()), ("one\n", "two\n"));
    assert!(process.is_running());
}

#[test]
fn a_line_counts_when_it_is_whole() {
    let process = sh("printf 'port: 80'; sleep 0.2; echo 80; exec sleep 600");
    assert_eq!(process.wait_for_line("port", SOON), "port: 8080");
    let process = sh("printf 'the last'");
    assert_eq!(process.wait_for_line("last", SOON), "the last");
}

#[test]
fn a_line_that_does_not_come_fails_in_time_and_shows_what_came() {
    let process = sh("echo other; exec sleep 600");
    process.wait_for_line("other", SOON);
    let told = failure(|| process.wait_for_line("wanted", Duration::from_millis(50)));
    assert_eq!(told, "no line with \"wanted\": sh did not write it in time\nstdout: other\n");
}

#[test]
fn a_line_that_can_no_longer_come_fails_at_once() {
    let begun = Instant::now();
    let process = sh("echo broken >&2; exit 1");
    assert_eq!(
        failure(|| process.wait_for_line("wanted", SOON * 10)),
        "no line with \"wanted\": sh ended\nstderr: broken\n"
    );
    assert!(begun.elapsed() < SOON);
}

#[test]
fn the_environment_is_what_the_test_gave() {
    // Cargo sets this one for every test: it stands for a setting of the developer's.
    assert!(std::env::var_os("CARGO_MANIFEST_DIR").is_some());
    let mut process = Program::new("env").env("LATCHKEY_DATA", "here").spawn();
    assert!(process.wait(SOON).success());
    let stdout = process.stdout();
    assert!(stdout.contains("LATCHKEY_DATA=here\n"));
    let names = stdout.lines().filter_map(|line| Some(line.split_once('=')?.0));
    let stray: Vec<&str> = names.filter(|name| !["PATH", "TMPDIR", "LATCHKEY_DATA"].contains(name)).collect();
    assert!(stray.is_empty(), "{stray:?}");
}

#[test]
fn arguments_directory_and_input_arrive() {
    let directory = tempfile::tempdir().unwrap();
    let mut process = Program::new("sh")
        .args(["-c", "pwd; echo \"$0\"; cat"])
        .arg("a b")
        .directory(&directory)
        .input("typed")
        .spawn();
    assert!(process.wait(SOON).success());
    let real = directory.path().canonicalize().unwrap();
    assert_eq!(process.stdout(), format!("{}\na b\ntyped", real.display()));
}

#[test]
fn input_may_be_long_or_left_unread() {
    let long = vec![b'x'; 1 << 20];
    let mut reads = Program::new("wc").arg("-c").input(long.clone()).spawn();
    assert!(reads.wait(SOON).success());
    assert_eq!(reads.stdout().trim(), "1048576");
    assert!(Program::new("true").input(long).spawn().wait(SOON).success());
}

#[test]
fn all_output_is_there_once_it_has_ended() {
    let mut process = sh("seq 1 100000; exit 7");
    assert_eq!(process.wait(SOON).code(), Some(7));
    assert!(process.stdout().ends_with("\n100000\n"));
    assert!(!process.is_running());
}

#[test]
fn output_that_others_hold_open_does_not_hold_up_the_test() {
    let mut process = sh("sleep 20 & echo $!");
    assert!(process.wait(Duration::from_secs(15)).success());
    let left: u32 = process.stdout().trim().parse().unwrap();
    assert!(Program::new("kill").arg(left.to_string()).spawn().wait(SOON).success());
}

#[test]
fn a_polite_request_can_be_answered() {
    let mut process = sh("trap 'echo bye; exit 5' TERM; echo ready; while :; do sleep 0.05; done");
    process.wait_for_line("ready", SOON);
    process.terminate();
    assert_eq!(process.wait(SOON).code(), Some(5));
    assert_eq!(process.stdout(), "ready\nbye\n");
    // Whoever has its number now is left alone.
    process.terminate();
    process.kill9();
}

#[test]
fn kill9_cannot_be_refused() {
    let mut process = sh("trap '' TERM; echo ready; while :; do sleep 0.05; done");
    process.wait_for_line("ready", SOON);
    process.terminate();
    let told = failure(|| process.wait(Duration::from_millis(100)));
    assert_eq!(told, "sh still runs after 100ms\nstdout: ready\n");
    process.kill9();
    assert_eq!(process.wait(SOON).signal(), Some(9));
}

#[test]
fn a_process_does_not_outlive_its_test() {
    let process = sh("exec sleep 600");
    let entry = format!("/proc/{}", process.id());
    assert!(std::fs::exists(&entry).unwrap());
    drop(process);
    assert!(!std::fs::exists(&entry).unwrap());
}

#[test]
fn a_program_that_is_not_there_is_named() {
    assert!(failure(|| Program::new("/nowhere/latchkey").spawn()).starts_with("cannot run /nowhere/latchkey: "));
}
