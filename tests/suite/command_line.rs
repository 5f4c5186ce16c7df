//! What people see at the command line, and what scripts read.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use serde_json::Value;

use crate::house::test_file;
use crate::installed::{Installed, Ran};

/// Compares what was seen with its snapshot; what differs from run to run is replaced by its name.
macro_rules! assert_seen {
    ($ran:expr) => {{
        let mut settings = insta::Settings::clone_current();
        settings.add_filter(r"eyJ2[A-Za-z0-9+/=]{40,}", "[key]");
        settings.add_filter(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}", "[id]");
        settings.add_filter(r"[0-9a-z]{8}-[0-9]+\b", "[signing key]");
        settings.add_filter(r"publisher    [0-9a-z]{8}", "publisher    [publisher]");
        settings.add_filter(r"cli:[\w()]+", "cli:[account]");
        // Columns are as wide as what stands in them.
        settings.add_filter(r"(\S) {2,}", "$1  ");
        settings.add_filter(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", "[instant]");
        settings.add_filter(r"\d{4}-\d\d-\d\d \d\d:\d\d", "[minute]");
        settings.add_filter(r"20\d\d-\d\d-\d\d", "[date]");
        settings.add_filter(r"(/[\w.-]+)+/data\b", "[data]");
        settings.add_filter(r"(/[\w.-]+)+/latchkey ", "latchkey ");
        settings.bind(|| insta::assert_snapshot!($ran.seen()));
    }};
}
pub(crate) use assert_seen;

fn with_a_key() -> (Installed, Value) {
    let installed = Installed::embedded();
    let issued = installed.issues_key("Acme");
    (installed, issued)
}

#[test]
fn issuing_a_key_needs_one_command() {
    let installed = Installed::embedded();
    let ran = installed.runs(&["key", "issue", "--customer", "Acme", "--offer", "basic", "--years", "1"]);
    assert!(ran.status.success());
    assert_seen!(ran);
}

#[test]
fn a_script_gets_one_object_with_all_it_needs() {
    let (installed, issued) = with_a_key();
    for member in ["registration_key", "key_id", "subscription_id", "customer_id", "offer", "begin_date", "end_date"] {
        assert!(issued[member].is_string(), "{member}: {issued}");
    }
    let days = installed.json(&["key", "issue", "--customer", "Acme", "--offer", "free", "--days", "1"]);
    assert_eq!(days["begin_date"], days["end_date"], "one day ends on the day it begins");
    assert_eq!(days["customer_id"], issued["customer_id"], "the customer is used again");
    let again = installed.issues_key("Acme");
    assert_eq!(again["subscription_id"], issued["subscription_id"], "so is the subscription");
    assert_ne!(again["key_id"], issued["key_id"]);
}

#[test]
fn the_four_offers_are_there_from_the_first_start() {
    let (installed, _) = with_a_key();
    assert_seen!(installed.runs(&["offer", "list"]));
}

#[test]
fn an_offer_that_is_not_there_is_refused_with_the_one_that_was_meant() {
    let (installed, _) = with_a_key();
    let ran = installed.runs(&["key", "issue", "--customer", "Acme", "--offer", "bascic", "--years", "1"]);
    assert_seen!(ran);
    let before = installed.json(&["customer", "list"]);
    installed.runs(&["key", "issue", "--customer", "Newcomer", "--offer", "nothing", "--years", "1"]);
    assert_eq!(installed.json(&["customer", "list"]), before, "a refusal leaves no trace");
}

#[test]
fn changing_an_offer_keeps_what_is_not_named() {
    let (installed, _) = with_a_key();
    let set = installed.json(&["offer", "set", "basic", "--title", "Basic care"]);
    assert_eq!((set["title"].as_str(), set["grace_days"].as_i64()), (Some("Basic care"), Some(14)));
    let set = installed.json(&["offer", "set", "basic", "--grace-days", "7"]);
    assert_eq!((set["title"].as_str(), set["grace_days"].as_i64()), (Some("Basic care"), Some(7)));
    assert_seen!(installed.runs(&["offer", "set", "premium"]));
}

#[test]
fn a_key_without_a_term_goes_to_the_subscription_that_runs() {
    let (installed, issued) = with_a_key();
    let issue = ["key", "issue", "--customer", "Acme", "--offer", "basic"];
    let with = |more: &[&'static str]| [&issue[..], more].concat();
    installed.json(&with(&["--begin", "2099-01-01", "--years", "1"]));
    assert_eq!(installed.json(&issue)["subscription_id"], issued["subscription_id"]);
    assert_seen!(installed.runs(&with(&["--begin", "2099-01-01"])));
}

#[test]
fn what_may_not_have_been_meant_is_said() {
    let (installed, issued) = with_a_key();
    let issue = ["key", "issue", "--customer", "Acme", "--offer", "basic"];
    let with = |more: &[&'static str]| [&issue[..], more].concat();
    assert_eq!(issued["notes"], serde_json::json!([]));
    assert_seen!(installed.runs(&with(&["--years", "2"])));
    let second = installed.json(&with(&["--years", "3"]));
    assert_eq!(second["notes"][0]["code"], "SUBSCRIPTION_BESIDE_ANOTHER");
    assert!(second["notes"][0]["subscription_id"].is_string(), "{second}");
    let again = installed.json(&with(&["--years", "3"]));
    assert_eq!((&again["notes"], &again["subscription_id"]), (&serde_json::json!([]), &second["subscription_id"]));
    assert_seen!(installed.runs(&[
        "key",
        "issue",
        "--customer",
        "Beta",
        "--offer",
        "basic",
        "--years",
        "1",
        "--begin",
        "2020-01-01"
    ]));
    let began = installed.json(&[
        "key",
        "issue",
        "--customer",
        "Gamma",
        "--offer",
        "basic",
        "--years",
        "90",
        "--begin",
        "2020-01-01",
    ]);
    assert_eq!(began["notes"][0]["code"], "SUBSCRIPTION_BEGAN_BEFORE");
}

#[test]
fn a_key_tells_its_whole_story() {
    let (installed, issued) = with_a_key();
    let id = issued["key_id"].as_str().unwrap();
    let subscription = issued["subscription_id"].as_str().unwrap();
    installed.json(&["subscription", "renew", subscription, "--years", "1"]);
    let new = installed.json(&["key", "reissue", id, "--overlap-days", "7", "--reason", "moved to a new server"]);
    assert_eq!(new["replaces"], id);
    assert_seen!(installed.runs(&["key", "show", id]));
    let shown = installed.json(&["key", "show", id, "--reveal"]);
    assert_eq!(shown["registration_key"], issued["registration_key"], "the very same text");
    installed.json(&["key", "revoke", id, "--reason", "leaked"]);
    assert_seen!(installed.runs(&["key", "revoke", id, "--reason", "leaked"]));
    assert_seen!(installed.runs(&["key", "list"]));
    assert_seen!(installed.runs(&["audit", "verify"]));
}

#[test]
fn a_key_that_counts_no_longer_is_not_handed_out_as_one_that_does() {
    let (installed, issued) = with_a_key();
    let id = issued["key_id"].as_str().unwrap();
    let new = installed.json(&["key", "reissue", id, "--overlap-days", "7"]);
    let new = new["key_id"].as_str().unwrap();
    let advice = |id: &str| {
        let shown = installed.runs(&["key", "show", id, "--reveal"]);
        assert!(shown.status.success(), "{}", shown.stderr);
        shown.stdout.trim_end().lines().last().unwrap().to_owned()
    };
    assert!(advice(id).ends_with(&format!("key show {new} --reveal")), "{}", advice(id));
    assert!(advice(new).contains("Paste it"), "{}", advice(new));
    installed.json(&["key", "revoke", new, "--reason", "leaked"]);
    assert!(advice(id).ends_with(&format!("key reissue {new}")), "{}", advice(id));
    assert!(advice(new).ends_with(&format!("key reissue {new}")), "{}", advice(new));
}

#[test]
fn an_id_of_something_else_is_told_for_what_it_is() {
    let (installed, issued) = with_a_key();
    let id = |member: &str| issued[member].as_str().unwrap().to_owned();
    for (arguments, next) in [
        (["key", "show", &id("subscription_id")], format!("subscription show {}", id("subscription_id"))),
        (["key", "show", &id("customer_id")], format!("subscription list --customer {}", id("customer_id"))),
        (["subscription", "show", &id("key_id")], format!("key show {}", id("key_id"))),
        (["subscription", "resume", &id("key_id")], format!("key show {}", id("key_id"))),
    ] {
        let ran = installed.runs(&arguments);
        assert_eq!(ran.status.code(), Some(1), "{arguments:?}");
        assert!(ran.stderr.contains(&next), "{arguments:?}: {}", ran.stderr);
    }
    let nothing = "01a00000-0000-7000-8000-000000000000";
    let ran = installed.runs(&["key", "show", nothing]);
    assert!(ran.stderr.contains("`latchkey key list` shows those there are"), "{}", ran.stderr);
}

#[test]
fn a_subscription_goes_through_its_states() {
    let (installed, issued) = with_a_key();
    let id = issued["subscription_id"].as_str().unwrap();
    let state = |value: Value| value["state"].as_str().unwrap().to_owned();
    assert_eq!(state(installed.json(&["subscription", "show", id])), "running");
    assert_eq!(state(installed.json(&["subscription", "suspend", id, "--reason", "unpaid"])), "suspended");
    assert_seen!(installed.runs(&["subscription", "suspend", id, "--reason", "unpaid"]));
    assert_eq!(state(installed.json(&["subscription", "resume", id])), "running");
    assert_seen!(installed.runs(&["subscription", "resume", id]));
    assert_eq!(state(installed.json(&["subscription", "terminate", id, "--reason", "over"])), "terminated");
    assert_seen!(installed.runs(&["subscription", "renew", id, "--years", "1"]));
    let states = [("2020-01-01", "expired"), ("2099-01-01", "scheduled")];
    for (begin, expected) in states {
        let issued = installed.json(&[
            "key",
            "issue",
            "--customer",
            "Acme",
            "--offer",
            "basic",
            "--years",
            "1",
            "--begin",
            begin,
        ]);
        let id = issued["subscription_id"].as_str().unwrap();
        assert_eq!(state(installed.json(&["subscription", "show", id])), expected);
    }
}

#[test]
fn inspecting_says_exactly_what_is_wrong() {
    let vectors: Value =
        serde_json::from_str(&fs::read_to_string(test_file("vectors/registration-keys.json")).unwrap()).unwrap();
    let good = vectors["good"][0]["text"].as_str().expect("a good key");
    let installed = Installed::embedded();
    let inspect = |key: &str| Ran::of(installed.program(&["key", "inspect", "-"]).input(key).spawn());
    let mut seen = String::new();
    for (fault, key) in [
        ("whole, but with nothing to check it against", good.to_owned()),
        ("cut", good[..120].to_owned()),
        ("a line break inside", format!("{}\n{}", &good[..64], &good[64..])),
        ("URL-safe alphabet", good.replacen('V', "-", 1)),
        ("quotes around it", format!("\"{good}\"")),
        ("pasted twice", format!("{good}{good}")),
        ("its beginning lost", good[50..].to_owned()),
        ("nothing", String::new()),
        ("something else", "hunter2".to_owned()),
        ("another publisher's", "eyJpZCI6MSwic2lnbmF0dXJlIjoiYWJjIn0=".to_owned()),
    ] {
        seen.push_str(&format!("== {fault}\n{}\n", inspect(&key).seen()));
    }
    assert!(!installed.data_dir().exists(), "inspecting makes nothing");
    insta::assert_snapshot!(seen);
}

#[test]
fn inspecting_at_home_checks_the_signature() {
    let (installed, issued) = with_a_key();
    let key = issued["registration_key"].as_str().unwrap();
    assert_seen!(installed.runs(&["key", "inspect", key]));
    let stranger = Installed::embedded();
    let foreign = stranger.issues_key("Acme");
    let ran = installed.runs(&["--json", "key", "inspect", foreign["registration_key"].as_str().unwrap()]);
    assert_eq!(ran.status.code(), Some(1));
    assert!(ran.stdout.contains("KEY_FOREIGN") || ran.stderr.contains("KEY_FOREIGN"), "{}{}", ran.stdout, ran.stderr);
    let server = installed.serves();
    let published =
        latchkey_tests_support::http::Request::get("/.well-known/latchkey-keys.json").send(server.address).text();
    let file = stranger.path().join("keys.json");
    fs::write(&file, published).unwrap();
    let ran = stranger.runs(&["key", "inspect", key, "--public-keys", file.to_str().unwrap()]);
    assert_eq!(ran.status.code(), Some(0), "{}{}", ran.stdout, ran.stderr);
}

#[test]
fn a_name_that_is_not_known_is_refused_with_a_suggestion() {
    let (installed, _) = with_a_key();
    assert_seen!(installed.runs(&["key", "isue"]));
    assert_seen!(Ran::of(installed.program(&["key", "list"]).env("LATCHKEY_DATABSE_URL", "x").spawn()));
    fs::write(installed.data_dir().join("latchkey.toml"), "listen = \"127.0.0.1:7070\"\ntime_zon = \"UTC\"\n").unwrap();
    assert_seen!(installed.runs(&["key", "list"]));
    fs::write(installed.data_dir().join("latchkey.toml"), "listen = \n").unwrap();
    assert_seen!(installed.runs(&["key", "list"]));
}

#[test]
fn a_place_without_an_installation_is_said_and_left_alone() {
    let installed = Installed::embedded();
    assert_seen!(installed.runs(&["key", "list"]));
    assert!(!installed.data_dir().exists());
}

#[test]
fn a_master_key_that_is_gone_or_open_to_all_is_refused() {
    let (installed, _) = with_a_key();
    let file = installed.data_dir().join("master.key");
    fs::set_permissions(&file, fs::Permissions::from_mode(0o644)).unwrap();
    assert_seen!(installed.runs(&["key", "issue", "--customer", "B", "--offer", "basic", "--days", "1"]));
    fs::remove_file(&file).unwrap();
    assert_seen!(installed.runs(&["key", "issue", "--customer", "B", "--offer", "basic", "--days", "1"]));
    assert!(!file.exists(), "a new one would open nothing");
    let other = Installed::embedded();
    other.issues_key("B");
    fs::copy(other.data_dir().join("master.key"), &file).unwrap();
    let ran = installed.runs(&["key", "issue", "--customer", "B", "--offer", "basic", "--days", "1"]);
    assert_eq!(ran.status.code(), Some(3));
    assert!(ran.stderr.contains("fingerprint"), "{}", ran.stderr);
}

#[test]
fn a_data_directory_that_cannot_be_written_is_said_in_a_line() {
    let installed = Installed::embedded();
    fs::write(installed.data_dir(), "not a directory").unwrap();
    assert_seen!(installed.runs(&["key", "issue", "--customer", "B", "--offer", "basic", "--days", "1"]));
    fs::remove_file(installed.data_dir()).unwrap();
    installed.issues_key("Acme");
    fs::write(installed.data_dir().join("latchkey.db"), "this is no database, whatever its name says").unwrap();
    for side in ["latchkey.db-wal", "latchkey.db-shm"] {
        let _ = fs::remove_file(installed.data_dir().join(side));
    }
    assert_seen!(installed.runs(&["key", "list"]));
}

#[test]
fn the_demo_shows_a_key_from_issue_to_answer() {
    let installed = Installed::embedded();
    let listen = format!("127.0.0.1:{}", latchkey_tests_support::free_port());
    let dir = installed.path().join("demo");
    let arguments = ["demo", "--dir", dir.to_str().unwrap(), "--listen", &listen, "--exit"];
    for round in ["the first", "a second"] {
        let ran = installed.runs(&arguments);
        assert!(ran.status.success(), "{round} time: {}{}", ran.stdout, ran.stderr);
        for part in [
            "\"is_valid\": true",
            "GET /api/registration/info HTTP/1.1",
            "GLPI_NETWORK_SERVICES",
            "abonnement",
            "\"key\": \"daynote\"",
            "/ticketpulse-1.0.0.tar.gz\"",
        ] {
            assert!(ran.stdout.contains(part), "{round} time, {part}: {}", ran.stdout);
        }
        // The GLPI that was played leaves its seat to the reader's own.
        let listed = installed.runs(&["--json", "--data-dir", dir.to_str().unwrap(), "instance", "list"]);
        let listed: Value = serde_json::from_str(&listed.stdout).unwrap();
        let instances = listed["instances"].as_array().unwrap();
        assert_eq!((instances.len(), &instances[0]["environment"]), (1, &"staging".into()), "{round} time");
    }
}
