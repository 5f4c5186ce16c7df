//! What the first page says of the columns beside keys, and what the search finds in them.

use latchkey_domain::enrollment::{AgentUid, DeviceId};
use latchkey_domain::operators::Role;
use latchkey_domain::time::DAY;
use latchkey_store::enrollment::queue::{Bounds, Parcel};
use latchkey_store::enrollment::{agents, queue};
use latchkey_tests_support::glpi::{GlpiDouble, USER_TOKEN};
use latchkey_tests_support::poll_until;
use serde_json::json;

use crate::console::{Browser, Shown};
use crate::gateway::key_of;
use crate::glpi::uid;
use crate::house::{House, both_databases};
use crate::invitations::Newcomer;
use crate::marketplace::{Market, SOON, UID, archive};

const DASHBOARD: &str = "/console/dashboard";
const SEARCH: &str = "/console/search";
const DEVICE: &str = "front-desk-07-2026-11-22-02-29-13";
const AGENT_UID: &str = "81f19132-e61c-11f1-ade9-28db19278d72";

impl House {
    /// An agent that nobody has approved; its id.
    pub(crate) fn has_an_agent(&self, key: &str) -> String {
        let created = key_of(self, key, |policy| policy.approves = false);
        let bound = self.store.write_blocking(self.clock.wall(), move |tx| {
            let sighting = agents::Sighting {
                device: DeviceId::parse(DEVICE).unwrap(),
                uid: AgentUid::parse(AGENT_UID),
                generation: 1,
                address: "10.20.0.7".into(),
                version: "GLPI-Agent_v1.12".into(),
                tag: None,
            };
            agents::bind(tx, &created.key.id, &sighting)
        });
        bound.unwrap().agent.id.to_string()
    }

    /// Messages of two agents: GLPI said no to the first, and has not answered the second; their numbers.
    pub(crate) fn has_messages(&self) -> [String; 2] {
        let now = self.clock.wall();
        let queue = queue::open(self.store.location(), now).unwrap();
        let put = |agent: &str, device: &str| {
            let parcel = Parcel {
                agent: agent.into(),
                device: device.into(),
                glpi: "elsewhere".into(),
                what: "inventory".into(),
                head: "{}".into(),
                body: vec![1; 100],
            };
            let bounds = Bounds { bytes: 1 << 30, age: DAY };
            assert!(queue.write_blocking(now, move |tx| queue::put(tx, &parcel, bounds)).unwrap());
        };
        put("a", "refused-by-glpi");
        let buried = queue.write_blocking(now, |tx| {
            let leased = queue::take(tx, "elsewhere", 1_000)?.unwrap();
            queue::bury(tx, &leased, "400 Bad Request")
        });
        assert!(buried.unwrap());
        put("b", "not-yet-delivered");
        let all = queue.read(|reader| queue::list(reader, false, 0, 10)).unwrap();
        [all[0].number.to_string(), all[1].number.to_string()]
    }
}

/// The list behind a number of the first page.
#[track_caller]
fn behind(browser: &mut Browser, words: &str) -> Shown {
    let page = browser.opens(DASHBOARD);
    page.is(200).says(words);
    let before = page.html.split(words).next().unwrap();
    let href = before.rsplit("<a href=\"").next().unwrap().split('"').next().unwrap().replace("&#38;", "&");
    let list = browser.opens(&href);
    list.is(200);
    list
}

fn finds(browser: &mut Browser, text: &str) -> Shown {
    let page = browser.opens(SEARCH);
    browser.sends(&page, SEARCH, &[("q", text)])
}

both_databases! {
    fn what_waits_in_every_column_is_a_number_with_its_list_behind(house: House) {
        let mut support = house.signed_in_as(Role::Support, "support@example.org");
        let words = ["agent waits", "dead letter", "message waits", "registration waits", "registration is incomplete", "withdrawn plugin version"];
        let calm = support.opens(DASHBOARD);
        for words in words {
            assert!(!calm.html.contains(words), "{words}: nothing waits");
        }
        let agent = house.has_an_agent("Site A");
        house.has_messages();
        let glpi = GlpiDouble::start();
        let admin = house.program(&["admin"]);
        admin.posts("/glpi-connections", json!({ "name": "main", "url": glpi.url(), "user_token": USER_TOKEN })).is(201);
        let made = admin.posts("/invitations", json!({ "name": "Sales", "entity": 1, "profile": 2, "groups": [1], "uses": 5 })).is(201);
        let path = made["url"].as_str().unwrap();
        let path = &path[path.find("/join/").unwrap()..];
        // One whose group cannot be had, and one whose GLPI does not answer.
        glpi.state().rights.insert("group", 1);
        Newcomer::opens(house.address(), path).sends(&[("login", "ada.lovelace")]);
        glpi.is_away(true);
        Newcomer::opens(house.address(), path).sends(&[("login", "marie.curie")]);
        let market = Market::of(&house);
        for version in ["1.0.0", "1.1.0"] {
            assert_eq!(market.publish("", &archive("demo", version)).status, 201);
        }
        let key = house.vendor().issues_key("Globex", "basic");
        let downloads = |version: &str| {
            let path = format!("/api/marketplace/archives/demo/demo-{version}.tar.gz");
            assert_eq!(market.asks("10.0.19", &key, &path, &[]).status, 200);
        };
        downloads("1.1.0");
        poll_until(SOON, || support.opens("/console/plugins/demo").html.contains(&UID[..8]).then_some(()));
        assert_eq!(market.withdraw("demo", "1.1.0").status, 200);
        poll_until(SOON, || support.opens(DASHBOARD).html.contains("withdrawn plugin version").then_some(()));

        behind(&mut support, "agent waits for approval").says(DEVICE).says(&agent);
        let dead = behind(&mut support, "dead letter");
        dead.says("refused-by-glpi");
        assert!(!dead.html.contains("not-yet-delivered"));
        let waiting = behind(&mut support, "message waits for GLPI");
        waiting.says("not-yet-delivered");
        assert!(!waiting.html.contains("refused-by-glpi"));
        let waits = behind(&mut support, "registration waits");
        waits.says("marie.curie");
        assert!(!waits.html.contains("ada.lovelace"));
        behind(&mut support, "registration is incomplete").says("ada.lovelace");
        behind(&mut support, "withdrawn plugin version is still in use").says("/console/plugins/demo\"");
        support.reads("fr");
        support.opens(DASHBOARD).says("agent attend une approbation").says("lettre morte");
        support.reads("en");

        // What is settled waits no longer.
        let mut manager = house.signed_in_as(Role::Manager, "manager@example.org");
        let approve = format!("/console/agents/{agent}/approve");
        let form = manager.opens(&approve);
        manager.sends(&form, &approve, &[]).is(200);
        house.clock.advance(1_000);
        downloads("1.0.0");
        poll_until(SOON, || (!support.opens(DASHBOARD).html.contains("withdrawn plugin version")).then_some(()));
        support.opens("/console/plugins?only=withdrawn").says("Nothing fits");
        assert!(!support.opens(DASHBOARD).html.contains("agent waits"));
    }

    fn the_search_finds_things_of_every_column(house: House) {
        let mut support = house.signed_in_as(Role::Support, "support@example.org");
        let issued = house.vendor().issues_key("Globex", "basic");
        let (instance, trial) = house.has_a_move_and_a_trial(issued.text.reveal());
        let agent = house.has_an_agent("Workshop keys");
        let glpi = GlpiDouble::start();
        let [connection, invitation] = house.has_an_invitation(&glpi);
        crate::marketplace::something_published(&house);
        let who = house.program(&["admin"]).gets(&format!("/invitations/{invitation}/registrations")).is(200);
        let registration = who["registrations"][0]["registration_id"].as_str().unwrap().to_owned();

        // Whatever is the only thing of its name is opened at once.
        for (text, place) in [
            (&uid(2)[..], format!("/console/instances/{instance}")),
            (&instance, format!("/console/instances/{instance}")),
            (&uid(9)[..], format!("/console/trials/{trial}")),
            ("FRONT-DESK-07", format!("/console/agents/{agent}")),
            (AGENT_UID, format!("/console/agents/{agent}")),
            ("shop key", "/console/enrollments/".to_owned()),
            ("söhne", format!("/console/invitations/{invitation}")),
            (&invitation, format!("/console/invitations/{invitation}")),
            (&registration, format!("/console/registrations/{registration}")),
            ("Marie.C", format!("/console/registrations/{registration}")),
            ("marie.curie@", format!("/console/registrations/{registration}")),
            ("demo", "/console/plugins/demo".to_owned()),
            (glpi.url().trim_start_matches("http://"), format!("/console/connections/{connection}")),
        ] {
            let found = finds(&mut support, text);
            found.is(200);
            assert!(found.path.starts_with(&place), "{text}: {} is not {place}: {}", found.path, found.html);
        }
        support.opens("/console/registrations?q=marie.curie").says("marie.curie@example.org");
        support.opens("/console/registrations?q=nobody").says("Nothing fits");

        // A beginning that several have: each kind by itself, and no more of each than fit on a page.
        let all = finds(&mut support, &uid(1)[..8]);
        all.is(200).says("<h2 class=\"card-title\">Instances</h2>").says("<h2 class=\"card-title\">Trials</h2>").says("At most 10 of each kind");
        for number in 0..12 {
            key_of(&house, &format!("Floor {number}"), |_| ());
        }
        let many = finds(&mut support, "floor");
        assert_eq!(many.html.matches("href=\"/console/enrollments/").count(), 10);

        // A secret that somebody pasted is known by the id in it, and stands on no page.
        let created = key_of(&house, "Lost and found", |_| ());
        let found = finds(&mut support, created.text.reveal());
        assert_eq!(found.path, format!("/console/enrollments/{}", created.key.id));
        assert!(!found.html.contains(created.text.reveal()));

        for nothing in ["\0", "'; DROP TABLE agents; --", "%", "\u{202e}gro.elpmaxe", "<b>"] {
            finds(&mut support, nothing).is(200);
        }
        finds(&mut support, "nobody-at-all").is(200).says("Nothing was found");
    }

    fn a_message_is_tried_again_and_dropped_once(house: House) {
        let [dead, waiting] = house.has_messages();
        let mut manager = house.signed_in_as(Role::Manager, "manager@example.org");
        let retry = format!("/console/queue/{dead}/retry");
        let form = manager.opens(&retry);
        for _ in 0..2 {
            manager.sends(&form, &retry, &[("reason", "GLPI was mended")]).is(200);
        }
        manager.opens("/console/queue?only=dead").says("GLPI said no to nothing");
        let drop = format!("/console/queue/{waiting}/drop");
        let (form, other) = (manager.opens(&drop), manager.opens(&drop));
        form.says("cannot be undone");
        manager.sends(&form, &drop, &[("reason", " ")]).is(422).says("is empty");
        for _ in 0..2 {
            manager.sends(&form, &drop, &[("reason", "sent by mistake")]).is(200);
        }
        // The other tab is told that it is gone.
        manager.sends(&other, &drop, &[("reason", "again")]).is(404);
        let log = manager.opens("/console/audit?action=queue.drop");
        log.says("sent by mistake");
        assert_eq!(log.html.matches("sent by mistake").count(), 1);
        assert_eq!(manager.opens("/console/audit?action=queue.retry").html.matches("GLPI was mended").count(), 1);
    }
}
