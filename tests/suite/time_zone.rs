//! The time zone in which dates begin and end: kept with the installation, and the same for every command and server.

use std::fs;
use std::time::Duration;

use latchkey_tests_support::http::Request;
use latchkey_tests_support::poll_until;
use latchkey_tests_support::postgres::Cluster;

use crate::command_line::assert_seen;
use crate::installed::{Installed, Ran};

/// It is never the same day in these two.
const EAST: &str = "Pacific/Kiritimati";
const WEST: &str = "Pacific/Pago_Pago";

fn first_day(installed: &Installed, customer: &str, more: &[&str]) -> String {
    let issue = ["key", "issue", "--customer", customer, "--offer", "basic", "--years", "1"];
    installed.json(&[more, &issue].concat())["begin_date"].as_str().unwrap().to_owned()
}

#[test]
fn every_command_reckons_in_the_zone_of_the_first_start() {
    let (east, west) = (Installed::embedded(), Installed::on_postgres(Cluster::shared().fresh_database()));
    let days = [(&east, EAST), (&west, WEST)].map(|(installed, zone)| {
        let first = first_day(installed, "Acme", &["--time-zone", zone]);
        assert_eq!(first_day(installed, "Beta", &[]), first, "without the flag, in {zone}");
        assert_eq!(installed.json(&["time-zone", "show"])["time_zone"], zone);
        let server = installed.serves();
        let key = installed.json(&["key", "issue", "--customer", "Beta", "--offer", "basic"]);
        let answer = server.glpi().asks(key["registration_key"].as_str().unwrap());
        assert_eq!(answer.json["subscription"]["begin_date"], first.as_str());
        first
    });
    assert_ne!(days[0], days[1]);
    let plain = Installed::embedded();
    plain.issues_key("Acme");
    assert_eq!(plain.json(&["time-zone", "show"])["time_zone"], "UTC", "where nothing was said");
}

#[test]
fn the_last_day_of_an_invitation_is_over_where_the_vendor_is() {
    let (east, west) = (Installed::embedded(), Installed::on_postgres(Cluster::shared().fresh_database()));
    let days = [(&east, EAST), (&west, WEST)].map(|(installed, zone)| {
        let today = first_day(installed, "Acme", &["--time-zone", zone]);
        let made = installed.json(&["invite", "create", "--name", "Today", "--until", &today]);
        assert_eq!(made["state"], "open", "to the end of the day, in {zone}: {made}");
        today
    });
    let invite = |until: &str| east.runs(&["invite", "create", "--name", "Over", "--until", until]);
    for over in ["2020-01-01", &days[1]] {
        let ran = invite(over);
        assert_eq!(ran.status.code(), Some(1), "{}", ran.stderr);
        let told = format!("error: the last day, {over}, is over: today is {}\n  give today or a later day", days[0]);
        assert!(ran.stderr.starts_with(&told), "{}", ran.stderr);
    }
    assert!(invite("2999-01-01").stderr.contains("the last day, 2999-01-01, is too far away"));
}

#[test]
fn another_zone_is_refused_wherever_it_is_stated() {
    let installed = Installed::embedded();
    first_day(&installed, "Acme", &["--time-zone", "Europe/Paris"]);
    assert_seen!(installed.runs(&["--time-zone", "UTC", "key", "list"]));
    assert_seen!(installed.runs(&["--time-zone", "Europe/Pari", "key", "list"]));
    let issue = ["key", "issue", "--customer", "Acme", "--offer", "basic", "--days", "1"];
    for command in [&issue[..], &["serve", "--listen", "127.0.0.1:0"]] {
        let ran = Ran::of(installed.program(command).env("LATCHKEY_TIME_ZONE", "America/Lima").spawn());
        assert_eq!(ran.status.code(), Some(2), "{}", ran.stderr);
        assert!(ran.stderr.contains("LATCHKEY_TIME_ZONE says America/Lima"), "{}", ran.stderr);
    }
    let file = installed.data_dir().join("latchkey.toml");
    fs::write(&file, "time_zone = \"Europe/Berlin\"\n").unwrap();
    let ran = installed.runs(&["subscription", "list"]);
    assert!(ran.stderr.contains("latchkey.toml:1: time_zone says Europe/Berlin"), "{}", ran.stderr);
    // The command that changes it runs all the same, and says what else is to be changed.
    let ran = installed.runs(&["time-zone", "set", "Europe/Rome", "--reason", "moved"]);
    assert_eq!(ran.status.code(), Some(0), "{}", ran.stderr);
    assert!(ran.stderr.contains("still says Europe/Berlin"), "{}", ran.stderr);
    fs::write(&file, "time_zone = \"Europe/Rome\"\n").unwrap();
    assert!(installed.runs(&["subscription", "list"]).status.success());
    assert!(installed.runs(&["audit", "log"]).stdout.contains("moved"));
    assert!(installed.runs(&["audit", "verify"]).status.success());
}

#[test]
fn a_server_that_knows_the_former_zone_sells_nothing_and_answers() {
    for installed in [Installed::embedded(), Installed::on_postgres(Cluster::shared().fresh_database())] {
        first_day(&installed, "Acme", &["--time-zone", EAST]);
        let key = installed.json(&["key", "issue", "--customer", "Acme", "--offer", "basic"]);
        let token = installed.json(&["token", "create", "--name", "shop", "--scope", "keys:issue"]);
        let server = installed.serves();
        let issue = |address| {
            Request::post("/api/v1/keys")
                .header("Authorization", &format!("Bearer {}", token["api_token"].as_str().unwrap()))
                .header("Content-Type", "application/json")
                .body(r#"{"customer": "Beta", "offer": "basic", "years": 1}"#)
                .send(address)
        };
        assert_eq!(issue(server.address).status, 201);
        assert_seen!(installed.runs(&["time-zone", "set", WEST]));
        let refused = issue(server.address);
        assert_eq!((refused.status, &refused.json()["code"]), (503, &"RESTART_NEEDED".into()), "{}", refused.text());
        poll_until(Duration::from_secs(5), || server.process.stderr().contains("time zone was changed").then_some(()));
        assert_eq!(server.glpi().asks(key["registration_key"].as_str().unwrap()).status, 200);
        drop(server);
        let server = installed.serves();
        let sold = issue(server.address).json();
        assert_eq!(sold["begin_date"], first_day(&installed, "Gamma", &[]).as_str(), "{sold}");
    }
}
