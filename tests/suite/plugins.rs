//! Plugin keys and trials: what a plugin's own code asks and hears, and what support does about it.

use std::process::Command;
use std::time::Duration;

use latchkey_domain::instances::{Cover, PluginName, Policy, SeatedBy};
use latchkey_domain::subscriptions::Offer;
use latchkey_domain::time::DAY;
use latchkey_store::Actor;
use latchkey_store::subscriptions::offers;
use latchkey_tests_support::http::Request;
use latchkey_tests_support::poll_until;
use serde_json::{Value, json};

use crate::glpi::uid;
use crate::house::{House, both_databases, test_file};
use crate::marketplace::{Market, archive};

/// What a plugin is told: the status and the document.
struct Heard {
    status: u16,
    json: Value,
}

impl Heard {
    fn code(&self) -> &str {
        self.json["code"].as_str().unwrap_or("")
    }

    #[track_caller]
    fn is_open(&self) -> &Value {
        assert_eq!((self.status, &self.json["valid"]), (200, &json!(true)), "{}", self.json);
        &self.json
    }

    #[track_caller]
    fn is_refused(&self, status: u16, code: &str) -> &Self {
        assert_eq!((self.status, self.code()), (status, code), "{}", self.json);
        for member in ["title", "detail", "next_step"] {
            assert!(self.json[member].as_str().is_some_and(|text| !text.is_empty()), "{member}");
        }
        self
    }
}

impl House {
    fn sells_plugins(&self, reference: &'static str, seated_by: SeatedBy, policy: Policy) {
        self.store
            .write_blocking(self.clock.wall(), move |tx| {
                let plugins = vec![PluginName::parse("helpdesk")?];
                let cover = Cover { plugins, seated_by, trial_days: 30 };
                let offer = Offer::new(reference, "Plugins", 0)?.allowing(policy)?.opening(cover)?;
                offers::set(tx, &offer, &Actor::command_line("vendor"))
            })
            .unwrap();
    }

    fn plugin(&self, operation: &str, site: &Value) -> Heard {
        let request = Request::post(&format!("/api/v1/{operation}"))
            .header("Content-Type", "application/json")
            .timeout(Duration::from_secs(30))
            .body(site.to_string());
        let response = request.send(self.address());
        Heard { status: response.status, json: response.json() }
    }
}

fn site(key: Option<&str>, url: &str, number: u32) -> Value {
    json!({ "key": key, "plugin": "helpdesk", "plugin_version": "1.2.0", "url": url, "uid": uid(number),
            "glpi_version": "10.0.19" })
}

both_databases! {
    fn one_key_opens_the_plugins_of_its_offer_for_its_glpi(house: House) {
        house.sells_plugins("suite", SeatedBy::Instance, Policy { move_days: 0, ..Policy::default() });
        let key = house.vendor().issues_key("Acme", "suite");
        let key = key.text.reveal();
        let here = site(Some(key), "https://glpi.example.org/", 1);
        house.plugin("validations", &here).is_refused(404, "INSTANCE_UNKNOWN");
        let opened = house.plugin("activations", &here);
        assert_eq!(opened.is_open()["url"], "glpi.example.org");
        house.plugin("validations", &here).is_open();
        let shown = house.program(&["instances:read"]).gets(&format!("/instances/{}", uid(1))).is(200);
        let plugin = &shown["activations"][0];
        assert_eq!(
            (&plugin["plugin"], &plugin["plugin_version"], &plugin["url"], &plugin["deactivated_at"]),
            (&json!("helpdesk"), &json!("1.2.0"), &json!("glpi.example.org"), &Value::Null)
        );
        // Its GLPI has the seat for its own questions, too.
        assert_eq!(house.glpi_10().number(1).asks(key).code(), "");
        let other = house.plugin("activations", &site(Some(key), "https://other.example.org", 2));
        other.is_refused(409, "INSTANCE_LIMIT_REACHED");
        let mut foreign = here.clone();
        foreign["plugin"] = json!("formcreator");
        house.plugin("activations", &foreign).is_refused(409, "PLUGIN_NOT_COVERED");
        let mut nameless = here;
        nameless["uid"] = Value::Null;
        house.plugin("activations", &nameless).is_refused(422, "INSTANCE_UID_MISSING");
    }

    fn who_runs_what_is_known_from_plugins_themselves(house: House) {
        house.sells_plugins("suite", SeatedBy::Instance, Policy::default());
        let (market, issued) = (Market::of(&house), house.vendor().issues_key("Acme", "suite"));
        let key = issued.text.reveal();
        for version in ["1.2.0", "1.3.0"] {
            assert_eq!(market.publish("", &archive("helpdesk", version)).status, 201);
        }
        let seller = house.program(&["plugins:read"]);
        let holders = || seller.gets("/plugins/helpdesk").is(200)["instances"].as_array().unwrap().clone();
        let has = |version: &str| {
            poll_until(Duration::from_secs(5), || holders().into_iter().find(|it| it["instance_uid"] == uid(1) && it["version"] == version))
        };
        let warned = |is: bool| {
            poll_until(Duration::from_secs(5), || {
                let told = house.glpi_10().number(1).asks(key).json["validation_message"].to_string();
                (told.contains("Version 1.2.0 of the plugin helpdesk") == is).then_some(())
            });
        };
        let runs = |operation: &str, version: &str| {
            let mut there = site(Some(key), "https://glpi.example.org", 1);
            there["plugin_version"] = json!(version);
            house.plugin(operation, &there).is_open();
        };

        // It was never downloaded here, and whoever runs it is known all the same: when it is withdrawn, above all.
        runs("activations", "1.2.0");
        let seen = has("1.2.0");
        assert_eq!((&seen["customer"], &seen["url"], &seen["withdrawn"]), (&json!("Acme"), &json!("glpi.example.org"), &json!(false)));
        assert!(seen["seen_at"].is_string() && seen["downloaded_at"].is_null(), "{seen}");
        warned(false);
        assert_eq!(market.withdraw("helpdesk", "1.2.0").status, 200);
        assert_eq!(has("1.2.0")["withdrawn"], true);
        warned(true);

        // What it downloads later is what it has, until the plugin says that it still runs the other.
        house.clock.advance(1_000);
        let download = Request::get("/api/marketplace/archives/helpdesk/helpdesk-1.3.0.tar.gz");
        let download = download.header("X-Registration-Key", key).header("X-Glpi-Network-Uid", &uid(1));
        assert_eq!(download.header("User-Agent", "GLPI/10.0.19").send(house.address()).status, 200);
        assert!(has("1.3.0")["downloaded_at"].is_string());
        warned(false);
        house.clock.advance(DAY / 12);
        runs("validations", "1.2.0");
        has("1.2.0");
        warned(true);
        // Another version is written down at once, not after an hour.
        house.clock.advance(1_000);
        runs("validations", "1.3.0");
        assert!(has("1.3.0")["seen_at"].is_string());
        warned(false);

        // Whoever tries it has it, too.
        house.plugin("activations", &site(None, "https://other.example.org", 2)).is_open();
        let tries = holders().into_iter().find(|it| it["instance_uid"] == uid(2)).unwrap();
        assert_eq!((&tries["customer"], &tries["version"], &tries["withdrawn"]), (&Value::Null, &json!("1.2.0"), &json!(true)));
        assert_eq!(holders().len(), 2);
        let withdrawn = house.store.read(|reader| latchkey_store::marketplace::holders_of_withdrawn(reader)).unwrap();
        assert_eq!(withdrawn.into_iter().map(|held| held.instance).collect::<Vec<_>>(), [Some(uid(2))]);

        // Out of use it is only what was downloaded.
        house.plugin("deactivations", &site(Some(key), "https://glpi.example.org", 1));
        assert!(has("1.3.0")["downloaded_at"].is_string());
    }

    fn one_key_per_plugin_and_production_address(house: House) {
        house.sells_plugins("plugin", SeatedBy::Address, Policy::default());
        let key = house.vendor().issues_key("Acme", "plugin");
        let key = key.text.reveal();
        let opens = |url: &str, number| house.plugin("activations", &site(Some(key), url, number));
        let first = opens("https://GLPI.example.org:443/index.php", 1).is_open()["instance_id"].clone();
        assert_eq!(opens("http://glpi.example.org/", 7).is_open()["instance_id"], first, "the same site");
        // Where no work is done no seat is taken, up to the limit.
        for url in ["http://localhost/glpi", "https://staging.example.org"] {
            assert_ne!(opens(url, 1).is_open()["environment"], "production", "{url}");
        }
        opens("https://glpi.test", 1).is_refused(409, "STAGING_LIMIT_REACHED");
        // Another production address is a move, as for a GLPI.
        let moving = opens("https://new.example.org", 1);
        assert_eq!((moving.code(), &moving.is_open()["state"]), ("SEAT_MOVING_HERE", &json!("moving")));
        house.clock.advance(14 * DAY);
        house.plugin("validations", &site(Some(key), "https://new.example.org", 1)).is_open();
        let old = house.plugin("validations", &site(Some(key), "https://glpi.example.org", 1));
        old.is_refused(409, "SEAT_MOVED");
    }

    fn however_an_address_is_written_the_same_site_is_one_instance(house: House) {
        house.sells_plugins("plugin", SeatedBy::Address, Policy { move_days: 0, ..Policy::default() });
        for (number, (normal, others)) in [
            (
                "glpi.example.org/support",
                [
                    "https://glpi.example.org/support",
                    "http://GLPI.Example.ORG:80/support/index.php",
                    "https://glpi.example.org.:443//support/?redirect=1#top",
                ],
            ),
            (
                "xn--bcher-kva.example:8443",
                ["https://bücher.example:8443", "https://BÜCHER.example:8443/", "https://xn--bcher-kva.example:8443/index.php"],
            ),
            (
                "[2001:db8::1]/glpi",
                ["https://[2001:db8::1]/glpi", "http://[2001:DB8:0:0::1]:80/glpi/", "https://[2001:db8::1]:443/x/../glpi"],
            ),
        ]
        .into_iter()
        .enumerate()
        {
            let key = house.vendor().issues_key(&format!("Customer {number}"), "plugin");
            let seen: Vec<Value> = others
                .into_iter()
                .map(|url| house.plugin("activations", &site(Some(key.text.reveal()), url, 1)).is_open().clone())
                .collect();
            assert!(seen.iter().all(|known| known["url"] == normal), "{seen:?}");
            assert!(seen.iter().all(|known| known["instance_id"] == seen[0]["instance_id"]), "one seat: {seen:?}");
        }
    }

    fn leaving_frees_no_seat_unless_the_offer_lets_it(house: House) {
        let policy = Policy { move_days: 0, releases_a_year: 1, cooling_off_days: 7, ..Policy::default() };
        house.sells_plugins("plugin", SeatedBy::Address, policy);
        let key = house.vendor().issues_key("Acme", "plugin");
        let key = key.text.reveal();
        let (old, new) = (site(Some(key), "https://a.example.org", 1), site(Some(key), "https://b.example.org", 2));
        house.plugin("activations", &old).is_open();
        let stays = house.plugin("deactivations", &old).json;
        assert_eq!(stays["state"], "active", "its seat stays");
        let shown = house.program(&["instances:read"]).gets(&format!("/instances/{}", stays["instance_id"].as_str().unwrap()));
        assert!(shown.is(200)["activations"][0]["deactivated_at"].is_string(), "and who looks sees that it left");
        house.plugin("activations", &new).is_refused(409, "INSTANCE_LIMIT_REACHED");
        let mut gives_back = old;
        gives_back["release"] = json!(true);
        let left = house.plugin("deactivations", &gives_back);
        assert_eq!((&left.json["state"], &left.json["state_reason"]), (&json!("released"), &json!("given_back")));
        house.plugin("activations", &new).is_refused(409, "INSTANCE_LIMIT_REACHED");
        house.clock.advance(7 * DAY);
        house.plugin("activations", &new).is_open();
        let mut again = new;
        again["release"] = json!(true);
        house.plugin("deactivations", &again).is_refused(409, "RELEASES_SPENT");
    }

    fn a_trial_is_had_once_and_becomes_a_subscription_without_a_gap(house: House) {
        house.sells_plugins("plugin", SeatedBy::Instance, Policy::default());
        let program = house.program(&["trials:read", "trials:write"]);
        let tries = |url: &str, number| house.plugin("activations", &site(None, url, number));
        let begun = tries("https://a.example.org", 1);
        assert_eq!((&begun.is_open()["basis"], begun.code()), (&json!("trial"), "TRIAL_RUNNING"));
        let until = begun.json["trial_until"].clone();
        house.clock.advance(10 * DAY);
        assert_eq!(tries("https://moved.example.org", 1).is_open()["trial_until"], until, "a new address is no new trial");
        house.plugin("validations", &site(None, "https://a.example.org", 2)).is_refused(409, "TRIAL_UNAVAILABLE");
        let mut other = site(None, "https://a.example.org", 1);
        other["plugin"] = json!("formcreator");
        house.plugin("activations", &other).is_refused(409, "TRIAL_UNAVAILABLE");
        house.clock.advance(20 * DAY);
        tries("https://a.example.org", 1).is_refused(409, "TRIAL_ENDED");

        let id = program.gets("/trials").is(200)["trials"][0]["trial_id"].as_str().unwrap().to_owned();
        let extended = program.posts(&format!("/trials/{id}/extend"), json!({ "days": 15 })).is(200);
        assert_eq!(extended["state"], "running");
        tries("https://a.example.org", 1).is_open();
        let sold = json!({ "customer": "Acme", "offer": "plugin", "years": 1 });
        let sold = program.posts(&format!("/trials/{id}/subscribe"), sold).is(201);
        let key = sold["registration_key"].as_str().unwrap();
        let (with, without) = (site(Some(key), "https://a.example.org", 1), site(None, "https://a.example.org", 1));
        for _ in 0..40 {
            house.plugin("validations", &with).is_open();
            house.plugin("validations", &without).is_open();
            house.clock.advance(DAY);
        }
        assert_eq!(house.plugin("validations", &with).is_open()["basis"], "subscription");
        program.posts(&format!("/trials/{id}/extend"), json!({ "days": 1 })).is_problem(409, "TRIAL_ALREADY_SUBSCRIBED");
        program.gets("/trials?limit=0").is_problem(422, "PARAMETER_INVALID");
    }

    fn what_a_plugin_sends_wrong_is_named(house: House) {
        house.sells_plugins("plugin", SeatedBy::Address, Policy::default());
        let key = house.vendor().issues_key("Acme", "plugin");
        let key = key.text.reveal();
        let good = site(Some(key), "https://a.example.org", 1);
        let changed = |member: &str, value: Value| {
            let mut site = good.clone();
            site[member] = value;
            house.plugin("activations", &site)
        };
        let long = format!("https://a.example.org/{}", "x".repeat(3_000));
        for url in [
            "https://u:p@a.example.org",
            "ftp://a",
            "glpi",
            "javascript:alert(1)",
            "https://",
            "https:///glpi",
            "https://[::1",
            "https://[fe80::1%25eth0]",
            "https://256.1.1.1",
            "https://a:99999",
            "https://a.example.org:0",
            "https://a.example.org\\@b.example.org",
            "https://a..example.org",
            "https://a.example.org/\0",
            &long,
            "",
            "https://a b",
        ] {
            let refused = changed("url", json!(url));
            refused.is_refused(422, "URL_INVALID");
            assert!(!refused.json.to_string().contains("u:p@"), "what was sent is not said again");
        }
        changed("uid", json!("short")).is_refused(422, "INSTANCE_UID_INVALID");
        changed("plugin", json!("../etc")).is_refused(422, "TEXT_INVALID");
        changed("environment", json!("prod")).is_refused(422, "ENVIRONMENT_UNKNOWN");
        changed("key", json!(&key[..90])).is_refused(422, "KEY_TRUNCATED");
        changed("unknown", json!(1)).is_refused(422, "BODY_INVALID");
        assert_eq!(Request::get("/api/v1/activations").send(house.address()).status, 405);
        house.vendor().revokes(&house.vendor().issues_key("Other", "plugin").key, "leaked");
        changed("url", json!("https://[2001:db8::1]:8443/glpi/")).is_open();
    }
}

/// The example of the documentation, run as a plugin's author would.
#[test]
fn the_php_example_asks_and_understands() {
    let house = House::on_sqlite();
    house.sells_plugins("plugin", SeatedBy::Address, Policy { move_days: 0, ..Policy::default() });
    let key = house.vendor().issues_key("Acme", "plugin");
    let script = test_file("../docs/examples/plugin-licence.php");
    let ask = |service: &str, operation: &str, site: &Value| -> Value {
        let ran = Command::new("php").arg(&script).args([service, operation, &site.to_string()]).output();
        let ran = ran.expect("php is installed: scripts/install-test-tools");
        serde_json::from_slice(&ran.stdout).unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&ran.stdout)))
    };
    let service = format!("http://{}", house.address());
    let here = site(Some(key.text.reveal()), "https://a.example.org", 1);
    assert_eq!(ask(&service, "activations", &here)["open"], true);
    assert_eq!(ask(&service, "validations", &here)["open"], true);
    let there = site(Some(key.text.reveal()), "https://b.example.org", 2);
    let refused = ask(&service, "activations", &there);
    assert_eq!((&refused["open"], &refused["code"]), (&json!(false), &json!("INSTANCE_LIMIT_REACHED")));
    assert_eq!(ask("http://127.0.0.1:9", "validations", &here)["open"], Value::Null, "nobody knows");
    house.vendor().revokes(&key.key, "leaked");
    let revoked = poll_until(Duration::from_secs(10), || {
        let answer = ask(&service, "validations", &here);
        (answer["open"] == false).then_some(answer)
    });
    assert_eq!(revoked["code"], "KEY_REVOKED");
}
