//! Everything is given out, of every kind, and nothing secret with it; keys that a database has lost come back.

use std::fs;

use latchkey_server::exports::Kind;
use latchkey_tests_support::glpi::GlpiDouble;
use latchkey_tests_support::http::Request;
use latchkey_tests_support::postgres::Cluster;
use serde_json::Value;

use crate::house::both_databases;
use crate::installed::Installed;
use crate::openapi::Document;

both_databases! {
    fn every_kind_is_given_out_with_all_its_columns_and_without_secrets(house: House) {
        let glpi = GlpiDouble::start();
        let issued = house.vendor().issues_key("Acme", "basic");
        house.has_a_move_and_a_trial(issued.text.reveal());
        crate::gateway::something_of_each(&house);
        crate::marketplace::something_published(&house);
        house.has_an_invitation(&glpi);
        let token = house.makes_token(&["data:export"], None);
        let gets = |kind: Kind, format: &str| {
            let request = Request::get(&format!("/api/v1/exports/{}?format={format}", kind.name()));
            let answer = request.header("Authorization", &format!("Bearer {token}")).send(house.address());
            assert_eq!(answer.status, 200, "{}: {}", kind.name(), answer.text());
            answer.text()
        };
        for kind in Kind::ALL {
            let (csv, jsonl) = (gets(kind, "csv"), gets(kind, "jsonl"));
            let name = kind.name();
            let columns: Vec<&str> = csv.lines().next().unwrap().split(',').collect();
            // There is no account without a GLPI.
            assert_eq!(jsonl.is_empty(), kind == Kind::Directory, "{name}");
            for line in jsonl.lines() {
                let row: Value = serde_json::from_str(line).unwrap();
                for column in &columns {
                    assert!(row.get(*column).is_some(), "{name}: {column} is no member of {row}");
                }
            }
            for secret in ["lkapi_", "lkenroll_", "lksetup_", "/join/lk", "password_hash", issued.text.reveal(), &token] {
                assert!(!csv.contains(secret) && !jsonl.contains(secret), "{name}: {secret}");
            }
        }
        let versions = gets(Kind::Plugins, "csv");
        assert_eq!(versions.lines().count(), 4, "a row for each version: {versions}");
        assert!(gets(Kind::Registrations, "csv").contains(",marie.curie,Marie,Curie,"));
        assert!(gets(Kind::Downloads, "csv").contains("demo,1.1.0,"));
    }
}

#[test]
fn keys_that_an_older_backup_does_not_have_come_back_as_they_were() {
    for installed in [Installed::embedded(), Installed::on_postgres(Cluster::shared().fresh_database())] {
        let file = |name: &str| installed.path().join(name).display().to_string();
        let revoked_later = installed.issues_key("Acme");
        installed.json(&["backup", "--to", &file("old.backup")]);
        let text = |key: &Value| key["registration_key"].as_str().unwrap().to_owned();
        let id = |key: &Value| key["key_id"].as_str().unwrap().to_owned();
        let lost = installed.issues_key("Beta");
        let replaced = installed.issues_key("Gamma");
        let new = installed.json(&["key", "reissue", &id(&replaced), "--overlap-days", "0"]);
        installed.json(&["key", "revoke", &id(&revoked_later), "--reason", "leaked"]);
        for kind in ["subscriptions", "keys"] {
            installed.json(&["export", kind, "--to", &file(&format!("{kind}.csv"))]);
        }

        let other = Installed::embedded();
        fs::create_dir_all(other.data_dir()).unwrap();
        fs::copy(installed.data_dir().join("master.key"), other.data_dir().join("master.key")).unwrap();
        other.json(&["restore", &file("old.backup")]);
        let server = other.serves();
        let verdict = |key: &Value| server.glpi().asks(&text(key));
        assert_eq!(verdict(&lost).status, 503, "signed by us, and not there: no verdict");
        assert_eq!(verdict(&revoked_later).is_valid(), Some(true), "the backup does not know better");

        let takes = |more: &[&str]| {
            let keys = file("keys.csv");
            let mut arguments = vec!["import", "keys", keys.as_str()];
            arguments.extend_from_slice(more);
            arguments.insert(0, "--json");
            let ran = other.runs(&arguments);
            let told: Value = serde_json::from_str(&ran.stdout).unwrap_or_else(|_| panic!("{}", ran.stderr));
            (ran.status.code(), told)
        };
        let (code, told) = takes(&["--dry-run"]);
        assert_eq!((code, &told["refused"]), (Some(1), &3.into()), "their customers are not there: {told}");
        assert_eq!(told["rows"][1]["code"], "CUSTOMER_UNKNOWN");
        other.json(&["import", "subscriptions", &file("subscriptions.csv")]);
        let fates = |told: &Value| -> Vec<String> {
            told["rows"].as_array().unwrap().iter().map(|row| row["fate"].as_str().unwrap().to_owned()).collect()
        };
        let (code, told) = takes(&["--dry-run"]);
        assert_eq!((code, fates(&told)), (Some(0), ["updated", "made", "made", "made"].map(str::to_owned).to_vec()));
        assert_eq!(verdict(&lost).status, 503, "nothing was done yet");
        let (code, told) = takes(&[]);
        assert_eq!((code, &told["made"], &told["updated"]), (Some(0), &3.into(), &1.into()), "{told}");
        let (_, again) = takes(&[]);
        assert_eq!(fates(&again), ["exists"; 4].map(str::to_owned).to_vec());

        let soon = |key: &Value, code: Option<&str>| {
            latchkey_tests_support::poll_until(std::time::Duration::from_secs(5), || {
                let answer = verdict(key);
                match code {
                    None => (answer.status == 200 && answer.is_valid() == Some(true)).then_some(()),
                    Some(code) => (answer.status == 200 && answer.code() == code).then_some(()),
                }
            });
        };
        soon(&lost, None);
        soon(&new, None);
        soon(&replaced, Some("KEY_SUPERSEDED"));
        soon(&revoked_later, Some("KEY_REVOKED"));
        let shown = other.json(&["key", "show", &id(&lost), "--reveal"]);
        assert_eq!(text(&shown), text(&lost), "the same text");
        assert_eq!(other.json(&["audit", "verify"])["whole"], true);

        let stranger = Installed::embedded();
        stranger.issues_key("Acme");
        stranger.json(&["export", "keys", "--to", &file("strange.csv")]);
        stranger.json(&["export", "subscriptions", "--to", &file("strange-subscriptions.csv")]);
        other.json(&["import", "subscriptions", &file("strange-subscriptions.csv")]);
        let ran = other.runs(&["--json", "import", "keys", &file("strange.csv")]);
        assert_eq!(ran.status.code(), Some(1));
        assert!(ran.stdout.contains("SIGNING_KEY_UNKNOWN"), "{}", ran.stdout);
    }
}

/// What the command line does and no program can. The documentation of the API says so.
const ON_THE_MACHINE_ALONE: &[&str] = &[
    "serve",
    "demo",
    "doctor",
    "reach",
    "migrate",
    "restore",
    "setup-link",
    "master-key show-fingerprint",
    "master-key export",
    "master-key import",
    "time-zone set",
    "clock acknowledge",
    "import keys",
    "enroll check",
    "plugin verify",
];

/// What a program asks in the place of a command.
const BY_REST: &[(&str, &str)] = &[
    ("key issue", "POST /keys"),
    ("key list", "GET /keys"),
    ("key show", "GET /keys/{key}"),
    ("key revoke", "POST /keys/{key}/revoke"),
    ("key reissue", "POST /keys/{key}/reissue"),
    ("key inspect", "POST /keys/inspect"),
    ("subscription list", "GET /subscriptions"),
    ("subscription show", "GET /subscriptions/{subscription}"),
    ("subscription renew", "POST /subscriptions/{subscription}/renew"),
    ("subscription suspend", "POST /subscriptions/{subscription}/suspend"),
    ("subscription resume", "POST /subscriptions/{subscription}/resume"),
    ("subscription terminate", "POST /subscriptions/{subscription}/terminate"),
    ("subscription seats", "POST /subscriptions/{subscription}/seats"),
    ("customer add", "POST /customers"),
    ("customer list", "GET /customers"),
    ("customer erase", "POST /customers/{customer}/erase"),
    ("instance list", "GET /instances"),
    ("instance show", "GET /instances/{instance}"),
    ("instance declare", "POST /instances/{instance}/declare"),
    ("instance release", "POST /instances/{instance}/release"),
    ("instance approve", "POST /instances/{instance}/approve"),
    ("instance refuse", "POST /instances/{instance}/refuse"),
    ("trial list", "GET /trials"),
    ("trial extend", "POST /trials/{trial}/extend"),
    ("trial subscribe", "POST /trials/{trial}/subscribe"),
    ("offer set", "PUT /offers/{offer}"),
    ("offer list", "GET /offers"),
    ("glpi add", "POST /glpi-connections"),
    ("glpi list", "GET /glpi-connections"),
    ("glpi check", "POST /glpi-connections/{connection}/check"),
    ("glpi inventory", "POST /glpi-connections/{connection}/inventory"),
    ("glpi remove", "POST /glpi-connections/{connection}/remove"),
    ("signing-key list", "GET /signing-keys"),
    ("signing-key rotate", "POST /signing-keys/rotate"),
    ("token create", "POST /tokens"),
    ("token list", "GET /tokens"),
    ("token revoke", "POST /tokens/{token}/revoke"),
    ("operator add", "POST /operators"),
    ("operator list", "GET /operators"),
    ("operator role", "POST /operators/{operator}/role"),
    ("operator disable", "POST /operators/{operator}/disable"),
    ("operator enable", "POST /operators/{operator}/enable"),
    ("operator reset", "POST /operators/{operator}/reset"),
    ("plugin publish", "POST /plugins"),
    ("plugin list", "GET /plugins"),
    ("plugin show", "GET /plugins/{plugin}"),
    ("plugin withdraw", "POST /plugins/{plugin}/versions/{version}/withdraw"),
    ("plugin channel", "POST /subscriptions/{subscription}/channel"),
    ("audit verify", "GET /audit/verification"),
    ("audit log", "GET /audit"),
    ("time-zone show", "GET /installation"),
    ("retention show", "GET /installation"),
    ("retention set", "POST /installation/retention"),
    ("invite create", "POST /invitations"),
    ("invite list", "GET /invitations"),
    ("invite show", "GET /invitations/{invitation}"),
    ("invite suspend", "POST /invitations/{invitation}/suspend"),
    ("invite resume", "POST /invitations/{invitation}/resume"),
    ("invite revoke", "POST /invitations/{invitation}/revoke"),
    ("invite registrations", "GET /invitations/{invitation}/registrations"),
    ("invite erase", "POST /registrations/{registration}/erase"),
    ("enroll create", "POST /enrollment-keys"),
    ("enroll list", "GET /enrollment-keys"),
    ("enroll show", "GET /enrollment-keys/{key}"),
    ("enroll suspend", "POST /enrollment-keys/{key}/suspend"),
    ("enroll resume", "POST /enrollment-keys/{key}/resume"),
    ("enroll revoke", "POST /enrollment-keys/{key}/revoke"),
    ("enroll rotate", "POST /enrollment-keys/{key}/rotate"),
    ("agent list", "GET /agents"),
    ("agent show", "GET /agents/{agent}"),
    ("agent approve", "POST /agents/{agent}/approve"),
    ("agent quarantine", "POST /agents/{agent}/quarantine"),
    ("agent restore", "POST /agents/{agent}/restore"),
    ("agent erase", "POST /agents/{agent}/erase"),
    ("queue show", "GET /queue"),
    ("queue retry", "POST /queue/{message}/retry"),
    ("queue drop", "POST /queue/{message}/drop"),
    ("backup", "GET /backup"),
    ("import customers", "POST /imports"),
    ("import subscriptions", "POST /imports"),
    ("export", "GET /exports/{kind}"),
];

/// A command that is added has its operation of the API, or its sentence on why there is none.
#[test]
fn whatever_the_command_line_does_a_program_can_do_or_the_documentation_says_why_not() {
    let installed = Installed::embedded();
    let below = |command: &str| -> Vec<String> {
        let mut arguments: Vec<&str> = command.split_whitespace().collect();
        arguments.push("--help");
        let told = installed.runs(&arguments).stdout;
        let Some((_, list)) = told.split_once("\nCommands:\n") else { return Vec::new() };
        let list = list.split("\n\n").next().unwrap();
        let names = list.lines().filter(|line| line.starts_with("  ") && !line.starts_with("   "));
        names.map(|line| line.split_whitespace().next().unwrap().to_owned()).filter(|name| name != "help").collect()
    };
    let mut leaves = Vec::new();
    for command in below("") {
        match below(&command).as_slice() {
            [] => leaves.push(command),
            commands => leaves.extend(commands.iter().map(|below| format!("{command} {below}"))),
        }
    }
    assert!(leaves.len() > 80, "{leaves:?}");
    let operations = Document::shared().operations();
    let there_is = |asked: &str| operations.iter().any(|(method, path, _)| format!("{method} {}", &path[7..]) == asked);
    let text = fs::read_to_string(crate::house::test_file("../docs/api.md")).unwrap();
    let local = text.split("## On the machine alone").nth(1).expect("the section").split("\n## ").next().unwrap();
    for leaf in &leaves {
        let rest = BY_REST.iter().find(|(command, _)| command == leaf);
        let is_local = ON_THE_MACHINE_ALONE.contains(&leaf.as_str());
        assert!(rest.is_some() != is_local, "{leaf}: neither an operation nor a reason, or both");
        match rest {
            Some((_, operation)) => assert!(there_is(operation), "{leaf}: there is no {operation}"),
            None => assert!(local.contains(&format!("`{leaf}`")), "{leaf}: docs/api.md does not say why"),
        }
    }
    for command in BY_REST.iter().map(|(command, _)| command).chain(ON_THE_MACHINE_ALONE) {
        assert!(leaves.iter().any(|leaf| leaf == command), "there is no {command}");
    }
}
