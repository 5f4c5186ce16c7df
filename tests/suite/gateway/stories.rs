//! Whoever has a key is in, whoever has none is out, and GLPI hears what was said.

use std::time::Duration;

use latchkey_domain::accounts::{InventoryCredential, Secret};
use latchkey_domain::enrollment::Agent as Bound;
use latchkey_domain::text::Reason;
use latchkey_glpi::agent::Packing;
use latchkey_store::enrollment::agents;
use latchkey_store::enrollment::keys;
use latchkey_store::lists::Page;
use latchkey_store::lists::agents::{AgentSort, Which, page};
use latchkey_tests_support::http::Request;
use latchkey_tests_support::poll_until;

use super::agent::{Agent, DEVICE, Shows, UID, actor, captured, json, key, key_with, tag, words};
use super::glpi::{GOOD, Mood, StubGlpi};
use crate::house::House;

/// On both databases, each with a GLPI of its own.
fn houses() -> impl Iterator<Item = (House, StubGlpi)> {
    [false, true].into_iter().map(|on_postgres| {
        let glpi = StubGlpi::starts();
        (House::with_gateway(on_postgres, glpi.gateway()), glpi)
    })
}

fn does<T: Send + 'static>(
    house: &House,
    operation: impl FnMut(&mut latchkey_store::Tx<'_>) -> latchkey_store::Done<T> + Send + 'static,
) -> T {
    house.store.write_blocking(house.clock.wall(), operation).unwrap()
}

fn known_to(house: &House, which: &Which) -> Vec<Bound> {
    house.store.read(|reader| page(reader, which, AgentSort::Id, &Page::first(10))).unwrap().rows
}

fn soon(condition: impl Fn() -> bool) {
    poll_until(Duration::from_secs(1), || condition().then_some(()));
}

#[test]
fn an_agent_that_was_told_a_server_and_a_key_is_in() {
    for (house, glpi) in houses() {
        let agent = Agent::with(&house, &key_with(&house, "Site A", |policy| policy.tag = tag("SITE-B")));
        // Its first run ever: a prolog, and then its inventory.
        assert_eq!(words(&agent.prolog()), GOOD);
        assert_eq!(words(&agent.inventory()), GOOD);
        // A run of one that knows its server.
        let contact = agent.contact();
        assert_eq!((contact.status, words(&contact).as_str()), (200, GOOD), "passed on as GLPI said it");
        assert_eq!(contact.header("X-GLPI").as_deref(), Some("here"));
        assert_eq!(words(&agent.partial()), GOOD);
        // One that stays says where it listens.
        assert_eq!(words(&agent.sends(&captured("contact-daemon.json"))), GOOD);
        let heard = glpi.takes();
        assert_eq!(heard.len(), 5);
        assert_eq!(heard[0].body, Packing::Zlib.pack(captured("prolog.xml").as_bytes()), "byte by byte");
        for (heard, name) in heard[1..].iter().zip([
            "inventory-full.json",
            "contact.json",
            "inventory-partial.json",
            "contact-daemon.json",
        ]) {
            assert_eq!(heard.text(), captured(name).replace("SITE-A", "SITE-B"), "but for the tag");
            assert_eq!(heard.header("Content-Type"), Some("application/x-compress-zlib"));
        }
        for heard in &heard {
            assert!(heard.line.starts_with("POST /front/inventory.php "), "{}", heard.line);
            assert_eq!(heard.header("Authorization"), None);
            assert_eq!(heard.header("X-Forwarded-For"), Some("127.0.0.1"));
            assert_eq!(heard.header("GLPI-Agent-ID"), Some(UID));
            assert_eq!(heard.header("User-Agent"), Some("GLPI-Agent_v1.12-dev"));
            assert!(heard.header("TE").is_none() && heard.header("Keep-Alive").is_none());
        }
        let known = known_to(&house, &Which::default());
        assert_eq!(known.len(), 1);
        assert_eq!(known[0].device.as_str(), DEVICE);
        assert_eq!(known[0].uid.unwrap().to_string(), UID);
        soon(|| {
            let known = known_to(&house, &Which::default());
            known[0].version == "GLPI-Agent_v1.12-dev" && known[0].tag.as_deref() == Some("SITE-A")
        });
    }
}

#[test]
fn an_agent_without_a_key_is_out_and_hears_the_challenge_before_it_sends() {
    let glpi = StubGlpi::starts();
    let house = House::with_gateway(false, glpi.gateway());
    let good = Agent::with(&house, &key(&house));
    glpi.takes();
    let agent = Agent { shows: Shows::Nothing, ..good.clone() };
    for response in [agent.prolog(), agent.contact(), agent.inventory()] {
        assert_eq!(response.status, 401);
        assert_eq!(response.header("WWW-Authenticate").as_deref(), Some("Basic realm=\"Latchkey\""));
        let said = json(&response);
        assert_eq!((said["status"].as_str(), said["expiration"].as_i64()), (Some("error"), Some(24)));
    }
    // Before the body: this one never comes.
    let announced = agent.dressed(Request::post(&agent.server)).header("Content-Length", "5000000");
    let early = announced.timeout(Duration::from_secs(5)).send(agent.gateway);
    assert_eq!(early.status, 401);
    // Three messages for one: without, without, with.
    assert_eq!(agent.contact().status, 401);
    assert_eq!(good.contact().status, 200);
    // Keys that are none.
    let Shows::Basic(user, password) = good.shows.clone() else { unreachable!() };
    for (user, password) in [
        (user.as_str(), &password[..password.len() - 3]),
        ("0123456789ab", password.as_str()),
        (user.as_str(), "wrong"),
        ("", ""),
    ] {
        let wrong = Agent { shows: Shows::Basic(user.to_owned(), password.to_owned()), ..good.clone() };
        let response = wrong.contact();
        assert_eq!(response.status, 401);
        assert!(json(&response)["message"].as_str().unwrap().contains("enrollment key"), "{}", words(&response));
    }
    assert_eq!(glpi.takes().len(), 1, "GLPI heard the one message that had a key");
}

#[test]
fn a_key_may_stand_in_the_path_or_be_exchanged_for_a_token() {
    for (house, glpi) in houses() {
        let created = key(&house);
        let text = created.text.reveal().to_owned();
        let base = Agent { shows: Shows::Nothing, ..Agent::with(&house, &created) };
        for server in [format!("/gateway/enroll/{text}/"), format!("/gateway/enroll/{text}/front/inventory.php")] {
            assert_eq!(Agent { server, ..base.clone() }.contact().status, 200);
        }
        let heard = glpi.takes();
        assert!(heard.iter().all(|heard| !heard.line.contains("lkenroll")), "the key goes no further");
        assert_eq!(
            heard.iter().map(|heard| heard.line.split(' ').nth(1).unwrap()).collect::<Vec<_>>(),
            ["/", "/front/inventory.php"]
        );
        let ask = |path: &str, secret: &str| {
            let asked = serde_json::json!({
                "grant_type": "client_credentials", "client_id": created.key.id, "client_secret": secret, "scope": "inventory",
            });
            Request::post(path).json(&asked).send(house.address())
        };
        let path = "/gateway/front/inventory.php/api.php/token?x=1";
        let granted = ask(path, &text);
        assert_eq!(granted.status, 200);
        assert_eq!(granted.header("Content-Type").as_deref(), Some("application/json"));
        let granted = granted.json();
        assert_eq!(granted["token_type"], "Bearer");
        let token = granted["access_token"].as_str().unwrap().to_owned();
        let agent = Agent { shows: Shows::Bearer(token), ..base.clone() };
        assert_eq!(agent.contact().status, 200);
        assert_eq!(agent.inventory().status, 200);
        house.clock.advance(granted["expires_in"].as_i64().unwrap() * 1_000);
        assert_eq!(agent.contact().status, 401, "and it gets another one");
        assert_eq!(ask("/gateway/api.php/token", "wrong").status, 401);
        assert!(glpi.takes().iter().all(|heard| heard.header("Authorization").is_none()));
    }
}

#[test]
fn an_old_agent_speaks_xml_and_is_answered_in_xml() {
    for (house, glpi) in houses() {
        let created = key_with(&house, "Site A", |policy| policy.tag = tag("SITE-B"));
        let agent = Agent { uid: None, packing: Packing::Gzip, ..Agent::with(&house, &created) };
        glpi.is(Mood::Says(200, "<?xml version='1.0'?>\n<REPLY><RESPONSE>SEND</RESPONSE></REPLY>".into()));
        assert!(words(&agent.prolog()).contains("<RESPONSE>SEND"));
        assert_eq!(agent.sends(&captured("inventory-legacy.xml")).status, 200);
        let heard = glpi.takes();
        let expected = captured("inventory-legacy.xml").replace("SITE-A", "SITE-B");
        assert_eq!(heard[1].text(), expected.replace("vm-2026-11-22-02-29-17", DEVICE));
        assert_eq!(Packing::of(&heard[1].body), Packing::Gzip, "packed as it was");
        does(&house, move |tx| keys::revoke(tx, "Site A", false, &actor(), None));
        soon(|| agent.prolog().status == 403);
        let refused = agent.prolog();
        assert_eq!(Packing::of(&refused.body), Packing::Gzip);
        assert!(words(&refused).contains("<ERROR>The enrollment key was revoked"), "{}", words(&refused));
    }
}

#[test]
fn a_machine_that_waits_for_a_person_collects_nothing_until_it_is_approved() {
    for (house, glpi) in houses() {
        let agent = Agent::with(&house, &key_with(&house, "Site A", |policy| policy.approves = false));
        for response in [agent.prolog(), agent.contact(), agent.inventory()] {
            assert_eq!(response.status, 403);
            assert_eq!(Packing::of(&response.body), Packing::Zlib, "packed as it asked");
            assert_eq!(response.header("WWW-Authenticate"), None);
            assert!(json(&response)["message"].as_str().unwrap().contains("approve"), "{}", words(&response));
        }
        assert!(glpi.takes().is_empty());
        does(&house, |tx| agents::approve(tx, DEVICE, &actor(), None));
        soon(|| agent.contact().status == 200);
        assert_eq!(agent.inventory().status, 200);
    }
}

#[test]
fn one_that_was_let_through_hands_in_its_inventory_unless_it_was_shut_out() {
    for (house, _glpi) in houses() {
        let created = key(&house);
        let (agent, other) = (Agent::with(&house, &created), Agent::with(&house, &created).number(2));
        assert_eq!((agent.contact().status, other.contact().status), (200, 200));
        does(&house, |tx| keys::suspend(tx, "Site A", &actor(), None));
        soon(|| agent.contact().status == 403);
        assert_eq!(agent.inventory().status, 200, "it was let through before");
        does(&house, |tx| keys::resume(tx, "Site A", &actor(), None));
        soon(|| agent.contact().status == 200);
        does(&house, |tx| agents::quarantine(tx, DEVICE, &actor(), Some(&Reason::parse("stolen").unwrap())));
        soon(|| agent.inventory().status == 403);
        assert_eq!((agent.contact().status, other.inventory().status), (403, 200));
        does(&house, |tx| agents::restore(tx, DEVICE, &actor(), None));
        soon(|| agent.inventory().status == 200);
        // "Revoke this key and quarantine the agents that it let in."
        let revoked = does(&house, |tx| keys::revoke(tx, "Site A", true, &actor(), None));
        assert_eq!(revoked.quarantined, 2);
        soon(|| agent.inventory().status == 403);
        assert_eq!(other.inventory().status, 403);
        let with_other_key = Agent::with(&house, &key_with(&house, "Site B", |_| {}));
        assert_eq!(with_other_key.contact().status, 403, "whatever key it comes with");
    }
}

#[test]
fn a_rotation_shows_who_still_uses_the_old_secret() {
    for (house, _glpi) in houses() {
        let created = key(&house);
        let (old, moved) = (Agent::with(&house, &created), Agent::with(&house, &created).number(2));
        assert_eq!((old.contact().status, moved.contact().status), (200, 200));
        let vault = house.vault.clone();
        let rotated = does(&house, move |tx| keys::rotate(tx, &vault, "Site A", 7, &actor(), None));
        assert_eq!(rotated.key.id, created.key.id);
        let moved = Agent { shows: Agent::with(&house, &rotated).shows, ..moved };
        soon(|| moved.contact().status == 200);
        assert_eq!(old.contact().status, 200, "both count for now");
        let with_old = || {
            let which = Which { old_secret: true, ..Which::default() };
            known_to(&house, &which)
        };
        soon(|| with_old().len() == 1);
        assert_eq!(with_old()[0].device.as_str(), DEVICE);
        house.clock.advance(7 * latchkey_domain::time::DAY);
        let refused = old.contact();
        assert_eq!(refused.status, 403);
        assert!(words(&refused).contains("was replaced"), "{}", words(&refused));
        assert_eq!(moved.contact().status, 200);
    }
}

#[test]
fn limits_networks_and_ends_of_a_key_are_kept() {
    for (house, glpi) in houses() {
        let limited = Agent::with(&house, &key_with(&house, "Two", |policy| policy.agent_limit = Some(2)));
        assert_eq!([1, 2, 3].map(|number| limited.number(number).contact().status), [200, 200, 403]);
        assert_eq!(limited.number(1).contact().status, 200, "those that are in stay in");
        let elsewhere = key_with(&house, "Elsewhere", |policy| policy.networks = vec!["10.0.0.0/8".parse().unwrap()]);
        let refused = Agent::with(&house, &elsewhere).number(4).contact();
        assert!(refused.status == 403 && words(&refused).contains("127.0.0.1"), "{}", words(&refused));
        // What it says of where it is does not count, and does not get to GLPI.
        let request = limited.number(1).request(&captured("contact.json")).header("X-Forwarded-For", "10.0.0.1");
        glpi.takes();
        assert_eq!(request.send(house.address()).status, 200);
        assert_eq!(glpi.takes()[0].header("X-Forwarded-For"), Some("127.0.0.1"));
    }
}

#[test]
fn questions_on_the_way_reach_glpi_and_nothing_else_of_it_does() {
    for (house, glpi) in houses() {
        let agent = Agent::with(&house, &key(&house));
        assert_eq!(agent.contact().status, 200);
        glpi.takes();
        let get = |target: &str, agent: &Agent| agent.dressed(Request::get(target)).send(house.address());
        let nameless = Agent { uid: None, ..agent.clone() };
        // Without its id: the machine is known by the link that was made at first.
        let jobs = format!(
            "/gateway/marketplace/glpiinventory/b/deploy/?action=getConfig&machineid={DEVICE}&task[Deploy]=2.9"
        );
        assert_eq!(get(&jobs, &nameless).status, 200);
        let poll = agent.dressed(Request::get(&agent.server)).header("GLPI-Request-ID", "2C7DC8E8");
        assert_eq!(poll.send(house.address()).status, 200);
        let heard = glpi.takes();
        assert!(
            heard[0].line.starts_with("GET /marketplace/glpiinventory/b/deploy/?action=getConfig&machineid="),
            "{}",
            heard[0].line
        );
        assert_eq!(heard[1].header("GLPI-Request-ID"), Some("2C7DC8E8"));
        for path in
            ["/gateway/front/login.php", "/gateway/apirest.php/User", "/gateway/plugins/other/", "/gateway/index.php"]
        {
            assert_eq!(get(path, &agent).status, 404, "{path}");
        }
        let put = agent.dressed(Request::new("PUT", &agent.server)).body("x").send(house.address());
        assert_eq!((put.status, put.header("Allow").as_deref()), (405, Some("GET, POST")));
        assert!(glpi.takes().is_empty());
        does(&house, |tx| agents::quarantine(tx, DEVICE, &actor(), None));
        soon(|| get(&jobs, &nameless).status == 403);
    }
}

#[test]
fn a_clone_is_noticed_and_an_agent_that_forwards_is_none() {
    for (house, _glpi) in houses() {
        let agent = Agent::with(&house, &key(&house));
        let twins = || {
            let which = Which { twins: true, ..Which::default() };
            known_to(&house, &which)
        };
        // A proxying agent brings those of others with its own key, each under its own name.
        let through_proxy = |agent: &Agent| {
            let request = agent.request(&captured("contact.json"));
            request.header("GLPI-Proxy-ID", "9f0c9d9e-0000-4000-8000-000000000001").send(house.address())
        };
        assert_eq!((through_proxy(&agent).status, through_proxy(&agent.number(2)).status), (200, 200));
        // It brings what it found on other machines under its own name.
        let found = Agent { device: "esx-host-7".into(), ..agent.clone() };
        assert_eq!(found.inventory().status, 200);
        assert!(twins().is_empty());
        // A cloned disk: the same agent id on a machine with another name.
        let clone = Agent { device: "front-desk-02-2026-11-22-02-29-13".into(), ..agent.clone() };
        assert_eq!(clone.contact().status, 200);
        soon(|| twins().len() == 2);
        // The same machine by name, but another agent.
        let other = Agent { uid: Some("9f0c9d9e-0000-4000-8000-000000000009".into()), ..agent.number(2) };
        assert_eq!(other.contact().status, 200);
        soon(|| twins().len() == 3);
    }
}

#[test]
fn glpi_sees_the_credential_that_it_wants_and_not_the_agents() {
    let client = || InventoryCredential::Client { id: "client".into(), secret: Secret::new("s3cret") };
    let basic = || InventoryCredential::Basic { user: "inventory".into(), password: Secret::new("s3cret") };
    for (credential, expected) in [(basic(), "Basic aW52ZW50b3J5OnMzY3JldA=="), (client(), "Bearer t0ken")] {
        let glpi = StubGlpi::starts();
        let house = House::with_gateway(false, glpi.gateway_with(credential));
        let agent = Agent::with(&house, &key(&house));
        assert_eq!((agent.contact().status, agent.inventory().status), (200, 200));
        let heard = glpi.takes();
        let messages: Vec<_> = heard.iter().filter(|heard| heard.header("GLPI-Agent-ID").is_some()).collect();
        assert_eq!(messages.len(), 2);
        assert!(messages.iter().all(|heard| heard.header("Authorization") == Some(expected)), "{messages:?}");
    }
}
