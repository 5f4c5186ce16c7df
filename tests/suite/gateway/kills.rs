//! `kill -9` at every step between "received" and "delivered": everything is delivered, in order, at least once.

use std::net::SocketAddr;
use std::time::Duration;

use latchkey_tests_support::postgres::Cluster;
use latchkey_tests_support::{free_port, poll_until};
use serde_json::Value;

use super::agent::{Agent, json};
use super::glpi::{Mood, StubGlpi};
use crate::installed::{Installed, Served};

const PATIENCE: Duration = Duration::from_secs(60);

fn installations() -> [Installed; 2] {
    [Installed::embedded(), Installed::on_postgres(Cluster::shared().fresh_database())]
}

fn serves(installed: &Installed, glpi: SocketAddr) -> Served {
    let listen = format!("127.0.0.1:{}", free_port());
    let upstream = format!("http://{glpi}/front/inventory.php");
    let arguments = ["serve", "--listen", &listen, "--gateway-upstream", &upstream];
    let process = installed.program(&arguments).env("LATCHKEY_GATEWAY_UPSTREAM_SECONDS", "2").spawn();
    let address: SocketAddr = listen.parse().unwrap();
    poll_until(PATIENCE, || {
        let ready = latchkey_tests_support::http::Request::get("/readyz").try_send(address).ok();
        ready.filter(|response| response.status == 200)
    });
    Served { process, address }
}

fn agent(created: &Value, gateway: SocketAddr) -> Agent {
    let member = |name: &str| created[name].as_str().unwrap().to_owned();
    Agent::at(gateway, member("basic_user"), member("basic_password"))
}

#[test]
fn whatever_an_agent_was_told_ok_for_is_delivered_in_order_after_kill_9() {
    for installed in installations() {
        let glpi = StubGlpi::starts();
        let mut server = serves(&installed, glpi.address);
        let created =
            installed.json(&["enroll", "create", "--name", "Site A", "--agents", "50", "--days", "30", "--approve"]);
        assert_eq!(created["enrollment_key_id"], created["oauth_client_id"]);
        let agent = agent(&created, server.address);
        poll_until(PATIENCE, || (agent.contact().status == 200).then_some(()));
        // Killed after each "ok", while GLPI is away, slow, and back.
        let mut said_ok = Vec::new();
        for round in 0..6 {
            glpi.is(match round % 3 {
                0 => Mood::Away,
                1 => Mood::Slow(Duration::from_secs(4)),
                _ => Mood::Says(500, "oops".into()),
            });
            let here = Agent { gateway: server.address, ..agent.clone() };
            let message = super::agent::captured("inventory-full.json")
                .replace("\"memory\": 24105", &format!("\"memory\": {round}"));
            assert!(message.contains(&format!("\"memory\": {round}")));
            let answer = here.sends(&message);
            assert_eq!((answer.status, json(&answer)["status"].as_str()), (200, Some("ok")), "round {round}");
            said_ok.push(round);
            if round % 2 == 0 {
                glpi.is_well();
                // In the middle of a delivery, or before it, or after it.
                std::thread::sleep(Duration::from_millis(200 * (round + 1)));
            }
            server.process.kill9();
            server = serves(&installed, glpi.address);
        }
        glpi.is_well();
        poll_until(PATIENCE, || {
            let shown = installed.json(&["queue", "show"]);
            (shown["messages"] == 0).then_some(())
        });
        let memory = |text: &str| -> Option<u64> {
            let (_, rest) = text.split_once("\"memory\": ")?;
            rest.split(',').next()?.trim().parse().ok()
        };
        let heard: Vec<u64> = glpi
            .takes()
            .iter()
            .filter(|heard| heard.body.len() > 5_000)
            .filter_map(|heard| memory(&heard.text()))
            .collect();
        let mut last_of = Vec::new();
        for round in &said_ok {
            let last = heard.iter().rposition(|heard| heard == round);
            assert!(last.is_some(), "round {round} is lost: {heard:?}");
            last_of.push(last);
        }
        assert!(last_of.is_sorted(), "in order: {heard:?}");
        // Killed while agents are being answered: whoever heard ok is believed.
        glpi.is(Mood::Away);
        let gateway = server.address;
        let told = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..4)
                .map(|of| {
                    let agent = Agent { gateway, ..agent.clone() }.number(of);
                    scope.spawn(move || {
                        let mut told = 0;
                        for _ in 0..50 {
                            let sent = agent.request(&super::agent::captured("inventory-full.json")).try_send(gateway);
                            match sent {
                                Ok(answer) if answer.status == 200 => told += 1,
                                Ok(_) | Err(_) => return told,
                            }
                        }
                        told
                    })
                })
                .collect();
            std::thread::sleep(Duration::from_millis(700));
            server.process.kill9();
            threads.into_iter().map(|thread| thread.join().unwrap()).sum::<u64>()
        });
        let kept = installed.json(&["queue", "show"])["messages"].as_u64().unwrap();
        assert!(told > 0 && kept >= told && kept <= told + 4, "{told} were told ok, {kept} are there");
    }
}

#[test]
fn the_command_line_stands_beside_the_gateway() {
    for installed in installations() {
        let glpi = StubGlpi::starts();
        let server = serves(&installed, glpi.address);
        let created = installed.json(&["enroll", "create", "--name", "Site A", "--cidr", "127.0.0.0/8", "--tag", "A"]);
        for member in
            ["enrollment_key_id", "basic_user", "basic_password", "oauth_client_id", "oauth_client_secret", "url"]
        {
            assert!(created[member].as_str().is_some_and(|text| !text.is_empty()), "{member}: {created}");
        }
        assert_eq!(created["url"], format!("http://{}/gateway/", server.address));
        let elsewhere = installed.runs(&["enroll", "create", "--name", "Site C", "--glpi", "other"]);
        assert!(!elsewhere.status.success() && elsewhere.stderr.contains("no GLPI named"), "{}", elsewhere.stderr);
        let id = created["enrollment_key_id"].as_str().unwrap();
        let agent = agent(&created, server.address);
        poll_until(PATIENCE, || (agent.contact().status == 403).then_some(()));
        let pending = installed.json(&["agent", "list", "--state", "pending"]);
        assert_eq!(pending["agents"].as_array().unwrap().len(), 1);
        installed.json(&["agent", "approve", &agent.device]);
        poll_until(Duration::from_secs(1), || (agent.contact().status == 200).then_some(()));
        installed.json(&["enroll", "suspend", id]);
        poll_until(Duration::from_secs(1), || (agent.contact().status == 403).then_some(()));
        installed.json(&["enroll", "resume", "site a", "--reason", "back"]);
        poll_until(Duration::from_secs(1), || (agent.contact().status == 200).then_some(()));
        let rotated = installed.json(&["enroll", "rotate", id, "--overlap-days", "3"]);
        assert_eq!((rotated["enrollment_key_id"].as_str(), rotated["generation"].as_i64()), (Some(id), Some(2)));
        let shown = installed.json(&["enroll", "show", id]);
        assert_eq!(shown["agents_with_old_secret"][0]["device"], agent.device.as_str());
        // An agent's first contact, played; one that waits for a person is refused.
        let url = format!("http://{id}:{}@{}/gateway/", rotated["basic_password"].as_str().unwrap(), server.address);
        let checked = installed.runs(&["--json", "enroll", "check", &url]);
        let seen: Value = serde_json::from_str(&checked.stdout).unwrap();
        assert_eq!((checked.status.code(), seen["outcome"].as_str()), (Some(1), Some("refused")), "{seen}");
        let open = installed.json(&["enroll", "create", "--name", "Site B", "--approve"]);
        let with_key = open["url_with_key"].as_str().unwrap();
        poll_until(PATIENCE, || {
            let checked = installed.runs(&["--json", "enroll", "check", with_key]);
            (checked.status.code() == Some(0)).then_some(())
        });
        let bare = installed.runs(&["--json", "enroll", "check", &format!("http://{}/gateway/", server.address)]);
        assert!(bare.stdout.contains("needs-key"), "{}", bare.stdout);
        let glpi_itself = installed.runs(&["--json", "enroll", "check", &format!("http://{}/", glpi.address)]);
        assert!(glpi_itself.stdout.contains("\"open\""), "{}", glpi_itself.stdout);
        let agents = installed.json(&["agent", "list"]);
        assert_eq!(agents["agents"].as_array().unwrap().len(), 1, "a check binds nobody");
        installed.json(&["agent", "quarantine", &agent.device, "--reason", "stolen"]);
        poll_until(Duration::from_secs(1), || (agent.inventory().status == 403).then_some(()));
        installed.json(&["agent", "restore", &agent.device]);
        let revoked = installed.json(&["enroll", "revoke", id, "--quarantine"]);
        assert_eq!(revoked["quarantined"], 1);
        poll_until(Duration::from_secs(1), || (agent.inventory().status == 403).then_some(()));
        assert_eq!(installed.json(&["agent", "show", &agent.device])["state"], "quarantined");
        assert!(installed.runs(&["audit", "verify"]).status.success());
        // The key is nowhere to be read afterwards.
        assert!(!server.process.stderr().contains("lkenroll_"), "{}", server.process.stderr());
    }
}
