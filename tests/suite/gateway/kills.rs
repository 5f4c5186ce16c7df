//! `kill -9` at every step between "received" and "delivered": whatever an agent was told "ok" for is delivered, in order, at
//! least once.
//!
//! The steps in our hands are those that make a change last ([`super::traps`]); those in GLPI's hands are held there.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use latchkey_tests_support::http::{Request, Response};
use latchkey_tests_support::postgres::Cluster;
use latchkey_tests_support::{Process, Program, free_port, poll_until};
use serde_json::Value;

use super::agent::{Agent, captured, json};
use super::glpi::{Heard, Mood, StubGlpi};
use super::traps::{Step, dies_at};
use crate::installed::{Installed, Served, installed_on_both};

pub(super) const PATIENCE: Duration = Duration::from_secs(60);
/// How long GLPI may take. Whoever was killed holds a lease for ten seconds more than that.
const WITHIN: u32 = 2;

pub(super) fn installations() -> [Installed; 2] {
    [Installed::embedded(), Installed::on_postgres(Cluster::shared().fresh_database())]
}

/// A server before this GLPI, which may take so many seconds, to be started at an address.
fn server(installed: &Installed, glpi: SocketAddr, within: u32) -> (Program, SocketAddr) {
    let listen = format!("127.0.0.1:{}", free_port());
    let upstream = format!("http://{glpi}/front/inventory.php");
    let program = installed.program(&["serve", "--listen", &listen, "--gateway-upstream", &upstream]);
    (program.env("LATCHKEY_GATEWAY_UPSTREAM_SECONDS", within.to_string()), listen.parse().unwrap())
}

fn is_ready(address: SocketAddr) -> bool {
    Request::get("/readyz").try_send(address).is_ok_and(|response| response.status == 200)
}

pub(super) fn serves(installed: &Installed, glpi: SocketAddr) -> Served {
    serves_within(installed, glpi, WITHIN)
}

fn serves_within(installed: &Installed, glpi: SocketAddr, within: u32) -> Served {
    let (program, address) = server(installed, glpi, within);
    let process = program.spawn();
    poll_until(PATIENCE, || is_ready(address).then_some(()));
    Served { process, address }
}

pub(super) fn agent(created: &Value, gateway: SocketAddr) -> Agent {
    let member = |name: &str| created[name].as_str().unwrap().to_owned();
    Agent::at(gateway, member("basic_user"), member("basic_password"))
}

fn enrolls(installed: &Installed) -> Value {
    installed.json(&["enroll", "create", "--name", "Site A", "--agents", "50", "--days", "30", "--approve"])
}

/// An inventory that is known by a number.
fn inventory(number: u64) -> String {
    let message = captured("inventory-full.json").replace("\"memory\": 24105", &format!("\"memory\": {number}"));
    assert!(message.contains(&format!("\"memory\": {number}")));
    message
}

/// The numbers of the inventories that GLPI heard, one for each time in a row.
fn numbers(heard: &[Heard]) -> Vec<u64> {
    let number = |text: &str| -> Option<u64> {
        let (_, rest) = text.split_once("\"memory\": ")?;
        rest.split(',').next()?.trim().parse().ok()
    };
    let mut all: Vec<u64> =
        heard.iter().filter(|heard| heard.body.len() > 5_000).filter_map(|heard| number(&heard.text())).collect();
    all.dedup();
    all
}

/// Brings an inventory to a server that may die meanwhile; whether the agent was told ok.
fn brings(agent: &Agent, number: u64) -> bool {
    let answer: Option<Response> = agent.request(&inventory(number)).try_send(agent.gateway).ok();
    answer.is_some_and(|answer| answer.status == 200 && json(&answer)["status"] == "ok")
}

/// Starts a server that lives, and waits until nothing waits any more; what GLPI heard from then on.
fn delivers_the_rest(installed: &Installed, glpi: &StubGlpi) -> Vec<u64> {
    glpi.is_well();
    let mut server = serves(installed, glpi.address);
    poll_until(PATIENCE, || (installed.json(&["queue", "show"])["messages"] == 0).then_some(()));
    server.process.kill9();
    numbers(&glpi.takes())
}

/// Waits until a server has died, or has done all that it has to.
fn dies_or(process: &mut Process, is_done: impl Fn() -> bool) -> bool {
    let deadline = Instant::now() + 5 * PATIENCE;
    while process.is_running() {
        if is_done() {
            return false;
        }
        assert!(Instant::now() < deadline, "it neither dies nor comes to an end");
        std::thread::sleep(Duration::from_millis(10));
    }
    true
}

/// All steps, one after the other, until there is one that is not reached; how many there were. What the server does beside the
/// story may be a step, too, so not each round has as many.
fn at_every_step(mut dies: impl FnMut(Step) -> bool) -> u32 {
    for number in 1.. {
        for after in [false, true] {
            if !dies(Step { number, after }) {
                return number - 1;
            }
        }
    }
    unreachable!()
}

installed_on_both! {
    fn killed_at_every_step_of_storing_what_was_told_ok_is_there(installed: &Installed) {
        let glpi = StubGlpi::starts();
        let created = enrolls(installed);
        let steps = at_every_step(|step| {
            glpi.is(Mood::Away);
            let (program, address) = server(installed, glpi.address, WITHIN);
            let mut doomed = dies_at(step, program, installed.database_url());
            let told: Vec<u64> = if dies_or(&mut doomed.process, || is_ready(address)) {
                Vec::new()
            } else {
                let agent = agent(&created, address);
                // GLPI is away: known by this, so that what follows goes to the queue.
                let _ = agent.request(&captured("contact.json")).try_send(address);
                (0..2).filter(|number| brings(&agent, *number)).collect()
            };
            let died = told != [0, 1];
            if died {
                doomed.process.wait(PATIENCE);
            }
            doomed.process.kill9();
            drop(doomed);
            glpi.takes();
            let heard = delivers_the_rest(installed, &glpi);
            // What nobody was told may be there, too: an agent that heard nothing may have been believed.
            assert!(
                heard.is_sorted() && told.iter().all(|number| heard.contains(number)),
                "{step:?}: {told:?} {heard:?}"
            );
            died
        });
        // Each of the two inventories is one step at least.
        assert!(steps >= 2, "{steps}");
    }

    fn killed_at_every_step_of_delivering_everything_gets_there_in_order(installed: &Installed) {
        let glpi = StubGlpi::starts();
        let created = enrolls(installed);
        let steps = at_every_step(|step| {
            glpi.is(Mood::Away);
            let mut before = serves(installed, glpi.address);
            let agent = agent(&created, before.address);
            assert_eq!(agent.contact().status, 200);
            assert!(brings(&agent, 0) && brings(&agent, 1));
            before.process.kill9();
            glpi.takes();
            glpi.is_well();
            let (program, address) = server(installed, glpi.address, WITHIN);
            let mut doomed = dies_at(step, program, installed.database_url());
            let is_done = || is_ready(address) && installed.json(&["queue", "show"])["messages"] == 0;
            let died = dies_or(&mut doomed.process, is_done);
            doomed.process.kill9();
            drop(doomed);
            let mut heard = numbers(&glpi.takes());
            heard.extend(delivers_the_rest(installed, &glpi));
            heard.dedup();
            assert_eq!(heard, [0, 1], "{step:?}");
            died
        });
        // Each of the two is taken, and is gone when GLPI has it; the first may go as the second is taken.
        assert!(steps >= 3, "{steps}");
    }
}

#[test]
fn killed_while_glpi_has_it_and_has_not_answered() {
    for installed in installations() {
        let glpi = StubGlpi::starts();
        let created = enrolls(&installed);
        let holds = |glpi: &StubGlpi| {
            poll_until(PATIENCE, || (!numbers(&glpi.hears()).is_empty()).then_some(()));
        };
        // On its way from the agent itself: the agent is told nothing, so nothing is owed to it.
        // It may take longer than it takes to see that it has something.
        let mut server = serves_within(&installed, glpi.address, 10 * WITHIN);
        let here = agent(&created, server.address);
        assert_eq!(here.contact().status, 200);
        glpi.is(Mood::Holds);
        let told = std::thread::scope(|scope| {
            let agent = scope.spawn(|| brings(&here, 0));
            holds(&glpi);
            server.process.kill9();
            agent.join().unwrap()
        });
        assert!(!told);
        glpi.takes();
        assert!(delivers_the_rest(&installed, &glpi).is_empty(), "what nobody was told ok for is not kept");
        // On its way from the queue.
        glpi.is(Mood::Away);
        let mut server = serves(&installed, glpi.address);
        let here = agent(&created, server.address);
        assert_eq!(here.contact().status, 200);
        assert!(brings(&here, 1) && brings(&here, 2));
        server.process.kill9();
        glpi.takes();
        glpi.is(Mood::Holds);
        let mut server = serves(&installed, glpi.address);
        holds(&glpi);
        server.process.kill9();
        let mut heard = numbers(&glpi.takes());
        assert_eq!(heard, [1], "the second waits for the first");
        heard.extend(delivers_the_rest(&installed, &glpi));
        heard.dedup();
        assert_eq!(heard, [1, 2]);
    }
}

#[test]
fn killed_while_agents_are_being_answered_whoever_heard_ok_is_believed() {
    for installed in installations() {
        let glpi = StubGlpi::starts();
        let created = enrolls(&installed);
        glpi.is(Mood::Away);
        let mut server = serves(&installed, glpi.address);
        let (agent, told) = (agent(&created, server.address), AtomicU64::new(0));
        std::thread::scope(|scope| {
            for number in 0..4 {
                let (agent, told) = (agent.number(number), &told);
                scope.spawn(move || {
                    while brings(&agent, 0) {
                        told.fetch_add(1, Ordering::SeqCst);
                    }
                });
            }
            poll_until(PATIENCE, || (told.load(Ordering::SeqCst) >= 20).then_some(()));
            server.process.kill9();
        });
        let (told, kept) = (told.into_inner(), installed.json(&["queue", "show"])["messages"].as_u64().unwrap());
        assert!(kept >= told && kept <= told + 4, "{told} were told ok, {kept} are there");
    }
}
