//! Everything at once, for programs: given out, backed up, taken in.

use std::fs;

use latchkey_tests_support::http::{Request, Response};
use latchkey_tests_support::postgres::Cluster;
use serde_json::json;

use crate::house::both_databases;
use crate::installed::{Installed, Served};

fn gets(server: &Served, path: &str, token: &str) -> Response {
    Request::get(&format!("/api/v1{path}")).header("Authorization", &format!("Bearer {token}")).send(server.address)
}

impl Installed {
    fn token(&self, scope: &str) -> String {
        let made = self.json(&["token", "create", "--name", scope, "--scope", scope]);
        made["api_token"].as_str().unwrap().to_owned()
    }
}

#[test]
fn a_program_has_the_same_files_as_the_command_line_and_no_more_than_its_token_says() {
    for installed in [Installed::embedded(), Installed::on_postgres(Cluster::shared().fresh_database())] {
        installed.issues_key("=Acme, \"Ltd\"");
        let server = installed.serves();
        let token = installed.token("data:export");
        for kind in latchkey_server::exports::Kind::ALL.map(latchkey_server::exports::Kind::name) {
            for (format, media_type) in [("csv", "text/csv; charset=utf-8"), ("jsonl", "application/jsonl")] {
                let answer = gets(&server, &format!("/exports/{kind}?format={format}"), &token);
                assert_eq!((answer.status, answer.header("content-type").as_deref()), (200, Some(media_type)));
                let told = installed.runs(&["export", kind, "--format", format]).stdout;
                // The question itself uses the token: of tokens, instants are not compared.
                let alike = |text: &str| {
                    if kind == "tokens" { text.replace(|c: char| c.is_ascii_digit(), "") } else { text.to_owned() }
                };
                assert_eq!(alike(&answer.text()), alike(&told), "{kind}");
            }
        }
        let customers = gets(&server, "/exports/customers", &token);
        assert!(customers.text().contains("\"'=Acme, \"\"Ltd\"\"\""), "no formula: {}", customers.text());
        let disposition = customers.header("content-disposition");
        assert_eq!(disposition.as_deref(), Some("attachment; filename=\"customers.csv\""));
        for (path, status, code) in [
            ("/exports/secrets", 404, "NOT_FOUND"),
            ("/exports/keys?format=xlsx", 422, "PARAMETER_INVALID"),
            ("/backup", 403, "SCOPE_MISSING"),
        ] {
            let answer = gets(&server, path, &token);
            assert_eq!((answer.status, &answer.json()["code"]), (status, &code.into()), "{path}");
        }
    }
}

#[test]
fn what_a_program_backs_up_is_restored() {
    for installed in [Installed::embedded(), Installed::on_postgres(Cluster::shared().fresh_database())] {
        let key = installed.issues_key("Acme");
        let server = installed.serves();
        let backup = gets(&server, "/backup", &installed.token("data:backup"));
        assert_eq!((backup.status, backup.header("content-type").as_deref()), (200, Some("application/octet-stream")));
        assert!(backup.header("content-disposition").unwrap().contains("filename=\"latchkey-20"));

        let other = Installed::embedded();
        fs::create_dir_all(other.data_dir()).unwrap();
        fs::copy(installed.data_dir().join("master.key"), other.data_dir().join("master.key")).unwrap();
        fs::write(other.path().join("it.backup"), &backup.body).unwrap();
        assert_eq!(other.json(&["restore", "it.backup"])["audit_log_whole"], true);
        let text = key["registration_key"].as_str().unwrap();
        assert_eq!(other.serves().glpi().asks(text).is_valid(), Some(true));
    }
}

both_databases! {
    fn rows_are_taken_in_all_or_none(house: House) {
        let program = house.program(&["data:import", "customers:read"]);
        let rows = json!([
            { "customer": "Acme" },
            { "customer": "Beta", "offer": "basic", "begin_date": "2026-11-01", "end_date": "2027-10-31", "issue_key": true },
        ]);
        let dry = program.posts("/imports", json!({ "dry_run": true, "rows": rows })).is(200);
        assert_eq!((&dry["dry_run"], &dry["rows"][1]["fate"], &dry["rows"][1]["key_id"]), (&true.into(), &"made".into(), &json!(null)));

        for (bad, code, member) in [
            (json!({ "customer": "Gamma", "offer": "bassic", "begin_date": "2026-11-01", "end_date": "2027-10-31" }), "OFFER_UNKNOWN", "rows[3].offer"),
            (json!({ "customer": "Gamma", "offer": "basic", "begin_date": "2026-11-31", "end_date": "2027-10-31" }), "DATE_INVALID", "rows[3].begin_date"),
            (json!({ "customer": "Gamma", "offer": "basic", "end_date": "2027-10-31" }), "BODY_INVALID", "rows[3].begin_date"),
            (json!({ "customer": "Gamma", "issue_key": true }), "BODY_INVALID", "rows[3].offer"),
            (json!({ "customer": "" }), "TEXT_INVALID", "rows[3].customer"),
        ] {
            let mut rows = rows.clone();
            rows.as_array_mut().unwrap().push(bad);
            program.posts("/imports", json!({ "rows": rows })).is_problem(422, code).names(member);
        }
        assert_eq!(program.gets("/customers").is(200)["customers"], json!([]), "nothing was taken in");
        program.posts("/imports", json!({ "rows": [] })).is_problem(422, "BODY_INVALID").names("rows");

        let taken = program.posts_as("once", "/imports", json!({ "rows": rows })).is(200);
        let text = taken["rows"][1]["registration_key"].as_str().unwrap();
        assert_eq!(house.glpi_10().asks(text).is_valid(), Some(true));
        assert_eq!(program.posts_as("once", "/imports", json!({ "rows": rows })).is(200), taken, "the same answer");
        let again = program.posts("/imports", json!({ "rows": rows })).is(200);
        assert_eq!(again["rows"].as_array().unwrap().iter().map(|row| &row["fate"]).collect::<Vec<_>>(), ["exists", "exists"]);
    }
}
