//! Instances, seats and moves: what the administrators on both sides see, and what support sees and decides.

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::sync::Barrier;
use std::time::Duration;

use latchkey_domain::instances::Policy;
use latchkey_domain::subscriptions::Offer;
use latchkey_domain::time::{DAY, HOUR, Timestamp};
use latchkey_store::instances::list::{self, Page};
use latchkey_store::subscriptions::keys::Issued;
use latchkey_store::subscriptions::offers;
use latchkey_store::{Actor, audit};
use latchkey_tests_support::http::Request;
use latchkey_tests_support::poll_until;
use latchkey_tests_support::postgres::Cluster;
use serde_json::{Value, json};

use crate::glpi::{Answer, Glpi, uid};
use crate::house::{House, both_databases};
use crate::installed::Installed;

impl House {
    fn offers(&self, reference: &'static str, policy: Policy) {
        self.store
            .write_blocking(self.clock.wall(), move |tx| {
                let offer = Offer::new(reference, "An offer", 0)?.allowing(policy)?;
                offers::set(tx, &offer, &Actor::command_line("vendor"))
            })
            .unwrap();
    }

    fn glpi(&self, number: u32) -> Glpi {
        self.glpi_10().number(number)
    }

    fn rows_of_audit(&self) -> i64 {
        self.store.read(|reader| audit::count(reader)).unwrap()
    }

    /// Waits until what was noted in memory is written down.
    fn hears_of(&self, number: u32, at: Timestamp) {
        poll_until(Duration::from_secs(10), || {
            let page = Page { site: Some(uid(number)), ..Page::default() };
            let found = self.store.read(|reader| list::page(reader, &page, 1)).unwrap();
            (found[0].last_seen >= at).then_some(())
        });
    }

    /// Whether a GLPI hears that a move was asked against; the feed takes a moment.
    fn eventually(&self, number: u32, key: &str, code: &str) -> Answer {
        poll_until(Duration::from_secs(10), || {
            let answer = self.glpi(number).asks(key);
            (answer.code() == code).then_some(answer)
        })
    }
}

both_databases! {
    fn the_first_question_binds_and_later_ones_write_nothing(house: House) {
        let key = house.vendor().issues_key("Acme", "basic");
        let key = key.text.reveal();
        let before = house.rows_of_audit();
        assert_eq!(house.glpi(1).asks(key).satisfies_the_contract().is_valid(), Some(true));
        let bound = house.rows_of_audit();
        assert_eq!(bound, before + 1, "it is written down");
        for _ in 0..20 {
            assert_eq!(house.glpi(1).asks(key).is_valid(), Some(true));
        }
        assert_eq!(house.rows_of_audit(), bound, "and that is all");
        // An hour later it is noted that it was seen, behind the answer.
        house.clock.advance(2 * HOUR);
        let now = house.clock.wall();
        assert_eq!(house.glpi(1).asks(key).is_valid(), Some(true));
        house.hears_of(1, now);
    }

    fn one_too_many_is_told_why_and_what_to_do(house: House) {
        house.offers("single", Policy { move_days: 0, ..Policy::default() });
        let key = house.vendor().issues_key("Acme", "single");
        let key = key.text.reveal();
        house.glpi(1).asks(key);
        let refused = house.glpi(2).asks(key);
        refused.satisfies_the_contract();
        assert_eq!((refused.is_valid(), refused.code()), (Some(false), "INSTANCE_LIMIT_REACHED"));
        assert!(refused.message().contains("GLPI 00000000"), "{}", refused.message());
        let french = house.glpi(2).speaking("fr").asks(key);
        assert!(french.message().starts_with("Tous les sièges"), "{}", french.message());
        assert_eq!(house.glpi(1).asks(key).is_valid(), Some(true), "the holder notices nothing");
    }

    fn a_glpi_that_does_not_say_which_it_is_is_told_so(house: House) {
        let key = house.vendor().issues_key("Acme", "basic");
        let key = key.text.reveal();
        for (name, code) in [
            ("", "INSTANCE_UID_MISSING"),
            ("short", "INSTANCE_UID_INVALID"),
            (&"x".repeat(8_000), "INSTANCE_UID_INVALID"),
            (&"-".repeat(40), "INSTANCE_UID_INVALID"),
        ] {
            let answer = house.glpi_10().calling_itself(name).asks(key);
            answer.satisfies_the_contract();
            assert_eq!((answer.is_valid(), answer.code()), (Some(false), code), "{name:.10}");
            assert!(answer.message().contains("X-Glpi-Network-Uid"), "{}", answer.message());
        }
        // A program that is no GLPI, such as the doctor, is told about the key alone.
        let program = Request::get("/api/registration/info").header("X-Registration-Key", key);
        assert_eq!(Answer::of(&program.send(house.address())).satisfies_the_contract().is_valid(), Some(true));
        // Nothing was bound meanwhile.
        assert_eq!(house.glpi(1).asks(key).code(), "");
    }

    fn a_move_runs_its_time_and_each_tab_says_so(house: House) {
        let key = house.vendor().issues_key("Acme", "basic");
        let key = key.text.reveal();
        house.glpi(1).asks(key);
        house.clock.advance(DAY);
        let arriving = house.glpi(2).asks(key);
        arriving.satisfies_the_contract();
        assert_eq!((arriving.is_valid(), arriving.code()), (Some(true), "SEAT_MOVING_HERE"));
        assert!(arriving.message().contains("2026-12-07 12:00 (UTC+01:00)"), "{}", arriving.message());
        let third = house.glpi(3).asks(key);
        assert_eq!(third.code(), "INSTANCE_LIMIT_REACHED", "one window for each seat");
        house.clock.advance(14 * DAY);
        // The old one was silent: the seat is the new one's, though nobody has done anything.
        assert_eq!(house.glpi(2).asks(key).code(), "");
        let old = house.glpi(1).asks(key);
        assert_eq!((old.is_valid(), old.code()), (Some(false), "SEAT_MOVED"));
    }

    fn an_old_one_that_goes_on_asking_stays(house: House) {
        let key = house.vendor().issues_key("Acme", "basic");
        let key = key.text.reveal();
        house.glpi(1).asks(key);
        house.glpi(2).asks(key);
        house.clock.advance(HOUR);
        let leaving = house.glpi(1).asks(key);
        assert_eq!((leaving.is_valid(), leaving.code()), (Some(true), "SEAT_MOVING_AWAY"));
        let still = poll_until(Duration::from_secs(10), || {
            let answer = house.glpi(2).asks(key);
            answer.message().contains("still in use").then_some(answer)
        });
        assert_eq!(still.code(), "SEAT_MOVING_HERE");
        house.clock.advance(14 * DAY);
        assert_eq!(house.glpi(1).asks(key).code(), "");
        let stopped = house.glpi(2).asks(key);
        assert_eq!((stopped.is_valid(), stopped.code()), (Some(false), "MOVE_LAPSED"));
    }

    fn support_decides_with_both_views_open(house: House) {
        let key = house.vendor().issues_key("Acme", "basic");
        let key = key.text.reveal();
        let program = house.program(&["instances:read", "instances:write"]);
        house.glpi(1).asks(key);
        house.glpi(2).asks(key);
        let waiting = program.gets("/instances?state=moving").is(200);
        assert_eq!(waiting["instances"].as_array().unwrap().len(), 1);
        let moving = &waiting["instances"][0];
        assert_eq!((&moving["instance_uid"], &moving["environment"]), (&json!(uid(2)), &json!("production")));
        assert_eq!(moving["move"]["direction"], "arriving");

        // A test system, as it turns out.
        let id = moving["instance_id"].as_str().unwrap();
        let declared = program.posts(&format!("/instances/{id}/declare"), json!({ "environment": "staging" })).is(200);
        assert_eq!((&declared["state"], &declared["environment"]), (&json!("active"), &json!("staging")));
        house.eventually(2, key, "");
        house.eventually(1, key, "");

        // A move that is to be over at once.
        house.glpi(3).asks(key);
        let approved = program.posts(&format!("/instances/{}/approve", uid(3)), json!({})).is(200);
        assert_eq!((&approved["state"], &approved["seat"]), (&json!("active"), &json!(1)));
        house.eventually(1, key, "SEAT_MOVED");
        program.posts(&format!("/instances/{}/approve", uid(3)), json!({})).is_problem(409, "NOTHING_TO_DECIDE");

        // One that is not wanted, and one whose seat is taken away.
        house.glpi(4).asks(key);
        program.posts(&format!("/instances/{}/refuse", uid(4)), json!({ "reason": "not theirs" })).is(200);
        house.eventually(4, key, "MOVE_REFUSED");
        program.posts(&format!("/instances/{}/release", uid(3)), json!({ "reason": "switched off" })).is(200);
        house.eventually(3, key, "INSTANCE_RELEASED");
        house.eventually(5, key, "");

        let shown = program.gets(&format!("/instances/{}", uid(3))).is(200);
        assert_eq!((&shown["state"], &shown["state_reason"]), (&json!("released"), &json!("by_support")));
        let history: Vec<&str> =
            shown["history"].as_array().unwrap().iter().map(|line| line["action"].as_str().unwrap()).collect();
        assert_eq!(history, ["instance.bind", "instance.approve", "instance.release"]);
        let outcomes: BTreeSet<&str> =
            shown["moves"].as_array().unwrap().iter().map(|move_| move_["outcome"].as_str().unwrap()).collect();
        assert_eq!(outcomes, ["approved", "refused"].into());
        let all = program.gets("/instances").is(200)["instances"].as_array().unwrap().len();
        assert_eq!(all, 5);
        program.gets("/instances?state=gone").is_problem(422, "PARAMETER_INVALID");
        program.gets("/instances/nobody").is_problem(404, "INSTANCE_UNKNOWN");
        let bad = json!({ "environment": "prod" });
        program.posts(&format!("/instances/{id}/declare"), bad).is_problem(422, "ENVIRONMENT_UNKNOWN");
    }

    fn seats_are_what_the_offer_and_the_subscription_say(house: House) {
        let program = house.program(&["admin"]);
        let team = json!({ "title": "Team", "seats": 2, "move_window_days": 0 }).to_string();
        assert_eq!(program.sends("PUT", "/offers/team", Some(team), None).is(200)["seats"], 2);
        let many = json!({ "title": "Team", "moves_per_year": 100_001 }).to_string();
        program.sends("PUT", "/offers/team", Some(many), None).is_problem(422, "NUMBER_INVALID").names("moves_per_year");
        let issued = house.vendor().issues_key("Acme", "team");
        let key = issued.text.reveal();
        for number in [1, 2] {
            assert_eq!(house.glpi(number).asks(key).is_valid(), Some(true));
        }
        assert_eq!(house.glpi(3).asks(key).code(), "INSTANCE_LIMIT_REACHED");
        let path = format!("/subscriptions/{}/seats", issued.subscription.id);
        assert_eq!(program.posts(&path, json!({ "seats": 3 })).is(200)["seats"], 3);
        house.eventually(3, key, "");
        program.posts(&path, json!({ "seats": 2 })).is_problem(409, "SEATS_IN_USE");
        program.posts(&path, json!({ "seats": 0 })).is_problem(422, "NUMBER_INVALID").names("seats");
    }

    fn a_subscription_that_does_not_run_binds_nobody(house: House) {
        let issued = house.vendor().issues_key("Acme", "basic");
        house.vendor().suspends(&issued.subscription);
        let key = issued.text.reveal();
        poll_until(Duration::from_secs(10), || (house.glpi(1).asks(key).is_running() == Some(false)).then_some(()));
        house.vendor().resumes(&issued.subscription);
        house.eventually(2, key, "");
    }

    fn a_clock_that_is_a_year_off_decides_nothing(house: House) {
        let key = house.vendor().issues_key("Acme", "basic");
        let key = key.text.reveal();
        house.glpi(1).asks(key);
        house.glpi(2).asks(key);
        let rows = house.rows_of_audit();
        for off in [-365 * DAY, 365 * DAY] {
            house.clock.set_off(off);
            for number in [1, 2, 3] {
                let answer = house.glpi(number).asks(key);
                assert_eq!((answer.status, answer.is_valid()), (503, None), "GLPI remembers nothing of that");
            }
            house.clock.set_off(-off);
        }
        assert_eq!(house.rows_of_audit(), rows, "nobody was bound, and no window has ended");
        assert_eq!(house.glpi(2).asks(key).code(), "SEAT_MOVING_HERE");
        // A year that has really gone by does end it.
        house.clock.advance(300 * DAY);
        assert_eq!(house.glpi(1).asks(key).code(), "SEAT_MOVED");
        assert_eq!(house.glpi(2).asks(key).is_valid(), Some(true));
    }

    fn one_uid_with_several_keys_has_a_seat_of_each(house: House) {
        let keys = ["Acme", "Other"].map(|customer| house.vendor().issues_key(customer, "basic"));
        for key in &keys {
            assert_eq!(house.glpi(1).asks(key.text.reveal()).code(), "");
        }
        let program = house.program(&["instances:read", "instances:write"]);
        let path = format!("/instances/{}", uid(1));
        let told = program.gets(&path);
        told.is_problem(409, "INSTANCE_AMBIGUOUS");
        let both = program.gets(&format!("/instances?site={}", uid(1))).is(200)["instances"].clone();
        let of = |key: &Issued| {
            let known = both.as_array().unwrap().iter().find(|known| known["key_id"] == key.key.id.to_string());
            known.unwrap()["instance_id"].as_str().unwrap()
        };
        let told = told.json.to_string();
        assert!(keys.iter().all(|key| told.contains(of(key))), "{told}");
        program.posts(&format!("{path}/release"), json!({ "reason": "which?" })).is_problem(409, "INSTANCE_AMBIGUOUS");
        program.posts(&format!("/instances/{}/release", of(&keys[1])), json!({ "reason": "this one" })).is(200);
        house.eventually(1, keys[1].text.reveal(), "INSTANCE_RELEASED");
        assert_eq!(house.glpi(1).asks(keys[0].text.reveal()).code(), "", "the other customer's is left alone");
    }

    fn a_copy_that_shares_its_uid_is_shown_and_works_on(house: House) {
        let key = house.vendor().issues_key("Acme", "basic");
        let key = key.text.reveal();
        let asks = |version: &str| Glpi::version(house.address(), version).number(1).asks(key);
        let program = house.program(&["instances:read"]);
        let shown = || program.gets(&format!("/instances/{}", uid(1))).is(200);
        for version in ["10.0.19", "10.0.18", "10.0.19", "10.0.18", "10.0.19", "10.0.18", "10.0.19"] {
            assert_eq!((asks(version).is_valid(), asks(version).code()), (Some(true), ""), "neither is punished");
            poll_until(Duration::from_secs(10), || (shown()["glpi_version"] == version).then_some(()));
        }
        assert_eq!(shown()["looks_like_two"], true);
        let history = shown()["history"].clone();
        let twice = history.as_array().unwrap().iter().filter(|line| line["action"] == "instance.seen-twice");
        assert_eq!(twice.count(), 1, "{history}");
    }

    fn an_administrator_gives_a_seat_back_as_often_as_the_offer_lets_it(house: House) {
        let policy = Policy { move_days: 0, releases_a_year: 1, cooling_off_days: 7, ..Policy::default() };
        house.offers("mobile", policy);
        house.offers("fixed", Policy { move_days: 0, ..Policy::default() });
        let [key, fixed] = ["mobile", "fixed"].map(|offer| house.vendor().issues_key("Acme", offer).text.reveal().to_owned());
        let leaves = |key: &str, name: &str| {
            let request = Request::post("/api/v1/releases").header("Content-Type", "application/json");
            let response = request.body(json!({ "key": key, "uid": name }).to_string()).send(house.address());
            (response.status, response.json())
        };
        let is_refused = |(status, json): (u16, Value), as_: (u16, &str)| {
            assert_eq!((status, json["code"].as_str()), (as_.0, Some(as_.1)), "{json}");
        };
        house.glpi(1).asks(&key);
        house.glpi(1).asks(&fixed);
        is_refused(leaves(&fixed, &uid(1)), (409, "RELEASES_SPENT"));
        is_refused(leaves(&key, &uid(9)), (404, "INSTANCE_UNKNOWN"));
        is_refused(leaves(&key, "short"), (422, "INSTANCE_UID_INVALID"));
        is_refused(leaves(&key[..80], &uid(1)), (422, "KEY_TRUNCATED"));
        let (status, left) = leaves(&key, &uid(1));
        assert_eq!((status, &left["state"], &left["state_reason"]), (200, &json!("released"), &json!("given_back")), "{left}");
        house.eventually(1, &key, "INSTANCE_RELEASED");
        assert_eq!(house.glpi(2).asks(&key).code(), "INSTANCE_LIMIT_REACHED", "it rests");
        house.clock.advance(7 * DAY);
        house.eventually(2, &key, "");
        is_refused(leaves(&key, &uid(1)), (409, "NOTHING_TO_RELEASE"));
        is_refused(leaves(&key, &uid(2)), (409, "RELEASES_SPENT"));
    }

    fn another_key_of_the_same_subscription_opens_for_the_same_glpi(house: House) {
        let old = house.vendor().issues_key("Acme", "basic");
        house.glpi(1).asks(old.text.reveal());
        let new = house.vendor().reissues(&old.key, 0);
        assert_eq!(house.glpi(1).asks(new.text.reveal()).code(), "", "its seat is the subscription's, not the key's");
        assert_eq!(house.glpi(2).asks(new.text.reveal()).code(), "SEAT_MOVING_HERE");
    }
}

/// GLPIs that ask at one moment.
const AT_ONCE: u32 = 1_000;

#[test]
fn two_processes_and_a_thousand_glpis_for_one_seat_on_sqlite() {
    exactly_one_of_a_thousand_gets_it(&Installed::embedded());
}

#[test]
fn two_processes_and_a_thousand_glpis_for_one_seat_on_postgres() {
    exactly_one_of_a_thousand_gets_it(&Installed::on_postgres(Cluster::shared().fresh_database()));
}

/// Two servers on one database, each a process of its own, and all GLPIs at once.
fn exactly_one_of_a_thousand_gets_it(installed: &Installed) {
    installed.json(&["offer", "set", "single", "--title", "Single", "--move-window-days", "0"]);
    let issued = installed.json(&["key", "issue", "--customer", "Acme", "--offer", "single", "--years", "1"]);
    let key = issued["registration_key"].as_str().unwrap().to_owned();
    let servers = [installed.serves(), installed.serves()];
    let addresses: Vec<SocketAddr> = servers.iter().map(|server| server.address).collect();
    let start = Barrier::new(AT_ONCE as usize);
    let answers: Vec<(u32, Answer)> = std::thread::scope(|scope| {
        let askers: Vec<_> = (0..AT_ONCE)
            .map(|number| {
                let (key, start, address) = (&key, &start, addresses[number as usize % 2]);
                let asks = move || {
                    start.wait();
                    (number, Glpi::version(address, "10.0.19").number(number).patient().asks(key))
                };
                std::thread::Builder::new().stack_size(256 * 1024).spawn_scoped(scope, asks).unwrap()
            })
            .collect();
        askers.into_iter().map(|asker| asker.join().unwrap()).collect()
    });
    let winners: Vec<u32> =
        answers.iter().filter(|(_, answer)| answer.is_valid() == Some(true)).map(|(number, _)| *number).collect();
    let refused = answers.iter().filter(|(_, answer)| answer.code() == "INSTANCE_LIMIT_REACHED").count();
    // Who came too often from one address, or waited too long for a busy machine, hears to come again, which is no verdict.
    let told_later = |answer: &Answer| matches!(answer.status, 429 | 503) && answer.is_valid().is_none();
    let later = answers.iter().filter(|(_, answer)| told_later(answer)).count();
    assert_eq!((winners.len(), 1 + refused + later), (1, AT_ONCE as usize), "{refused} refused, {later} told to wait");
    assert!(refused > 0, "and they hear why");
    let active = installed.json(&["instance", "list", "--state", "active"]);
    let active = active["instances"].as_array().unwrap();
    assert_eq!(active.len(), 1);
    assert_eq!(active[0]["instance_uid"], uid(winners[0]), "who was told so has it");
    for address in addresses {
        let again = Glpi::version(address, "10.0.19").number(winners[0]).asks(&key);
        assert_eq!((again.is_valid(), again.code()), (Some(true), ""), "on either server");
    }
    assert_eq!(installed.json(&["audit", "verify"])["whole"], true);
}

#[test]
fn the_command_line_looks_at_instances_and_decides() {
    let installed = Installed::embedded();
    let issued = installed.issues_key("Acme");
    let key = issued["registration_key"].as_str().unwrap();
    let server = installed.serves();
    let glpi = |number| Glpi::version(server.address, "11.0.0").number(number);
    let json = |arguments: &[&str]| installed.json(arguments);
    assert_eq!(glpi(1).asks(key).is_valid(), Some(true));
    assert_eq!(glpi(2).asks(key).code(), "SEAT_MOVING_HERE");
    let all = json(&["instance", "list"]);
    let first = &all["instances"][1];
    assert_eq!(first["instance_uid"], uid(1));
    assert_eq!(first["key_id"], issued["key_id"]);
    assert_eq!((&first["environment"], &first["state"]), (&json!("production"), &json!("active")));
    assert!(first["first_seen"].is_string() && first["last_seen"].is_string());
    assert_eq!(all["instances"][0]["state"], "moving");

    let declared = json(&["instance", "declare", &uid(2), "--environment", "staging", "--reason", "a rehearsal"]);
    assert_eq!((&declared["environment"], &declared["state"]), (&json!("staging"), &json!("active")));
    let released = json(&["instance", "release", &uid(1), "--reason", "switched off"]);
    assert_eq!(released["state"], "released");
    let hears = |number, code: &str| {
        poll_until(Duration::from_secs(10), || (glpi(number).asks(key).code() == code).then_some(()));
    };
    hears(1, "INSTANCE_RELEASED");
    assert_eq!(json(&["instance", "approve", &uid(1)])["state"], "active");
    assert_eq!(glpi(3).asks(key).code(), "SEAT_MOVING_HERE");
    assert_eq!(json(&["instance", "refuse", &uid(3), "--reason", "unknown"])["state"], "refused");
    hears(3, "MOVE_REFUSED");
    let shown = json(&["instance", "show", &uid(3)]);
    assert_eq!(shown["state_reason"], "by_support");
    assert_eq!(shown["moves"][0]["outcome"], "refused");
    insta::assert_snapshot!(installed.runs(&["instance", "show", "nobody"]).seen());
    insta::assert_snapshot!(installed.runs(&["instance", "approve", &uid(1)]).seen());
}
