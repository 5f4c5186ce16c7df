//! A server that is killed at any of its calls to a GLPI: whoever comes after it finishes the account, or gives the use back.

use std::time::{Duration, Instant};

use latchkey_tests_support::glpi::GlpiDouble;
use latchkey_tests_support::postgres::Cluster;

use crate::installed::Installed;
use crate::invitations::{AS_PROMISED, Newcomer, is_whole};

/// How long a call is waited for at which the server is to be killed.
const PATIENCE: Duration = Duration::from_secs(60);
/// How soon after the restart all has to be well.
const WITHIN: Duration = Duration::from_secs(60);
/// How often that is looked at: each look is a program of its own, and many wait side by side.
const LOOK_EVERY: Duration = Duration::from_secs(1);

#[test]
fn killed_at_any_call_it_finishes_after_the_restart_on_sqlite() {
    killed_at_each_call(&Installed::embedded, 100);
}

#[test]
fn killed_at_any_call_it_finishes_after_the_restart_on_postgres() {
    // Each server has connections of its own, and one that was killed keeps its for a while: more at once would take all there are.
    let cluster = Cluster::private();
    killed_at_each_call(&|| Installed::on_postgres(cluster.fresh_database()), 4);
}

/// Each waits for a lease to run out, so they wait together: those that get their account, and those whose login somebody has.
/// Before the call is done, or after it: every other call so; and then the other way round, where somebody has the time.
fn killed_at_each_call(installed: &(dyn Fn() -> Installed + Sync), at_once: usize) {
    let turns = if std::env::var_os("LATCHKEY_SOAK").is_some() { 2 } else { 1 };
    let calls =
        [false, true].map(|is_taken| (1..=calls_of_one(&installed(), is_taken)).map(move |nth| (is_taken, nth)));
    let all: Vec<_> = calls.into_iter().flatten().collect();
    for turn in 0..turns {
        for together in all.chunks(at_once) {
            std::thread::scope(|stories| {
                for &(is_taken, nth) in together {
                    let done = (nth + turn).is_multiple_of(2);
                    stories.spawn(move || killed_at(&installed(), nth, done, is_taken));
                }
            });
        }
    }
}

/// How many calls one registration takes where nobody is killed.
fn calls_of_one(installed: &Installed, is_taken: bool) -> usize {
    let glpi = GlpiDouble::start();
    let served = installed.serves_with_glpi();
    installed.knows(&glpi);
    let (id, path) = installed.invites(&AS_PROMISED);
    let newcomer = Newcomer::opens(served.address, &path);
    if is_taken {
        glpi.state().takes("marie.curie");
    }
    let before = glpi.calls();
    assert_eq!(newcomer.sends(&[]).status, 303);
    ended(installed, &glpi, &id, is_taken, "nobody was killed");
    glpi.calls() - before
}

fn killed_at(installed: &Installed, nth: usize, done: bool, is_taken: bool) {
    let glpi = GlpiDouble::start();
    let mut served = installed.serves_with_glpi();
    installed.knows(&glpi);
    let (id, path) = installed.invites(&AS_PROMISED);
    let newcomer = Newcomer::opens(served.address, &path);
    if is_taken {
        glpi.state().takes("marie.curie");
    }
    glpi.stalls_at(nth, done);
    std::thread::scope(|scope| {
        scope.spawn(|| std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| newcomer.sends(&[]))));
        assert!(glpi.has_stalled(PATIENCE), "call {nth}");
        served.process.kill9();
        glpi.goes_on();
    });
    let _served = installed.serves_with_glpi();
    ended(installed, &glpi, &id, is_taken, &format!("killed at call {nth}, which was done: {done}"));
}

/// In time there is one account, whole, or none and the use was given back.
#[track_caller]
fn ended(installed: &Installed, glpi: &GlpiDouble, id: &str, is_taken: bool, how: &str) {
    let (begun, state) = (Instant::now(), if is_taken { "login-taken" } else { "complete" });
    while installed.registrations(id)[0]["state"] != state {
        assert!(begun.elapsed() < WITHIN, "{how}: {:#}", installed.registrations(id)[0]);
        std::thread::sleep(LOOK_EVERY);
    }
    if is_taken {
        assert!(glpi.registered().is_empty(), "{how}: {:?}", glpi.registered());
    } else {
        is_whole(glpi);
    }
    assert_eq!(installed.uses(id), i64::from(!is_taken), "{how}");
}
