//! Several GLPIs behind one gateway: each key's agents go to its own.

use std::time::Duration;

use latchkey_domain::Refusal;
use latchkey_domain::accounts::{Credentials, InventoryCredential, Names, Policy as Passwords, Report, Secret, Who};
use latchkey_domain::enrollment::Policy;
use latchkey_domain::text::Name;
use latchkey_server::gateway::Settings;
use latchkey_store::accounts::connections::{self, Order};
use latchkey_store::enrollment::keys;
use latchkey_store::enrollment::queue;
use latchkey_store::{Done, Tx, Undone};
use latchkey_tests_support::poll_until;

use super::agent::{Agent, actor, key, key_with, words};
use super::away::queue_of;
use super::glpi::{GOOD, Mood, StubGlpi};
use crate::house::House;

/// A connection to this GLPI, as whoever made it has.
fn connects(house: &House, name: &'static str, glpi: &StubGlpi) {
    let (vault, url) = (house.vault.clone(), format!("http://{}", glpi.address));
    does(house, move |tx| {
        let order = Order {
            name: Name::parse("name", name)?,
            url: url.clone(),
            credentials: Credentials { who: Who::UserToken(Secret::new("t0ken")), app_token: None },
            report: Report {
                version: None,
                policy: Passwords::default(),
                verifies_passwords: true,
                profile: "Service".into(),
                remarks: vec![],
            },
            names: Names::default(),
            inventory: InventoryCredential::None,
        };
        connections::add(tx, &vault, &order, &actor())
    });
}

fn does<T: Send + 'static>(house: &House, operation: impl FnMut(&mut Tx<'_>) -> Done<T> + Send + 'static) -> T {
    house.store.write_blocking(house.clock.wall(), operation).unwrap()
}

fn soon(condition: impl Fn() -> bool) {
    poll_until(Duration::from_secs(1), || condition().then_some(()));
}

#[test]
fn each_key_goes_to_its_own_glpi() {
    for on_postgres in [false, true] {
        let (main, paris) = (StubGlpi::starts(), StubGlpi::starts());
        let house = House::with_gateway(on_postgres, main.gateway());
        connects(&house, "Paris", &paris);
        let here = Agent::with(&house, &key(&house));
        let created = key_with(&house, "Site P", |policy| policy.glpi = "pARIS".into());
        assert_eq!(created.key.policy.glpi, "Paris", "as it is called");
        let there = Agent::with(&house, &created).number(1);
        soon(|| there.contact().status == 200);
        assert_eq!((here.contact().status, here.inventory().status, there.inventory().status), (200, 200, 200));
        let (at_main, at_paris) = (main.takes(), paris.takes());
        assert!(at_main.len() == 2 && at_main.iter().all(|heard| !heard.text().contains(&there.device)));
        assert!(at_paris.len() >= 2 && at_paris.iter().all(|heard| heard.text().contains(&there.device)));
        // One is away, and the other is not.
        paris.is(Mood::Away);
        assert_eq!((there.contact().status, there.inventory().status, here.inventory().status), (200, 200, 200));
        assert_eq!((words(&here.contact()).as_str(), main.takes().len()), (GOOD, 2));
        // What waits for a connection that was removed is kept until it is there again.
        does(&house, |tx| connections::remove(tx, "paris", &actor()));
        soon(|| there.contact().status == 503);
        assert!(words(&there.contact()).contains("Paris"), "{}", words(&there.contact()));
        assert_eq!(there.partial().status, 200, "it was let through before");
        let queue = queue_of(&house);
        let waiting = || queue.read(|reader| queue::load(reader)).unwrap().messages;
        assert_eq!(waiting(), 2);
        paris.takes();
        paris.is_well();
        connects(&house, "Paris", &paris);
        poll_until(Duration::from_secs(10), || {
            house.clock.advance(1_000);
            (waiting() == 0).then_some(())
        });
        let texts: Vec<String> = paris.takes().iter().map(super::glpi::Heard::text).collect();
        let own: Vec<bool> = texts
            .iter()
            .filter(|text| text.contains("\"inventory\","))
            .map(|text| text.contains("\"partial\": true"))
            .collect();
        assert_eq!(own, [false, true]);
    }
}

#[test]
fn a_glpi_that_nobody_knows_is_refused_with_the_one_that_was_meant() {
    let glpi = StubGlpi::starts();
    let house = House::with_gateway(false, glpi.gateway());
    connects(&house, "Paris", &glpi);
    for (given, meant) in [("Pairs", Some("Paris")), ("mian", Some("main")), ("elsewhere", None)] {
        let policy = Policy { glpi: given.into(), tag: None, agent_limit: None, networks: vec![], approves: true };
        let order = keys::Order { name: Name::parse("name", "Site A").unwrap(), policy, days: None };
        let vault = house.vault.clone();
        let refused = house
            .store
            .write_blocking(house.clock.wall(), move |tx| keys::create(tx, &vault, &order, &actor()).map(drop));
        let expected = Refusal::GlpiUnknown { glpi: given.into(), meant: meant.map(str::to_owned) };
        assert!(matches!(&refused, Err(Undone::Refused(refusal)) if *refusal == expected), "{refused:?}");
    }
}

#[test]
fn without_a_setting_main_is_the_connection_of_that_name() {
    let glpi = StubGlpi::starts();
    let house = House::with_gateway(false, Settings { glpis: vec![], ..glpi.gateway() });
    let agent = Agent::with(&house, &key(&house));
    assert_eq!(agent.contact().status, 503, "there is none yet");
    connects(&house, "main", &glpi);
    soon(|| agent.contact().status == 200);
    assert!(!glpi.takes().is_empty());
}
