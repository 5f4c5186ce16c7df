//! What a GLPI is told in each state of a key and its subscription.

use latchkey_domain::time::{DAY, Timestamp};
use latchkey_tests_support::http::Request;
use latchkey_tests_support::poll_until;
use serde_json::json;
use std::time::Duration;

use crate::glpi::{Answer, Glpi, captured, captured_requests};
use crate::house::{House, both_databases, days, years};

/// Waits until a change has travelled to the server, which has to take less than a second.
#[track_caller]
fn soon(house: &House, key: &str, code: &str) -> Answer {
    poll_until(Duration::from_secs(1), || {
        let answer = house.glpi_10().asks(key);
        (answer.code() == code).then_some(answer)
    })
}

both_databases! {
    fn a_new_key_opens_everything_for_each_version(house: House) {
        let key = house.vendor().issues_key("Acme", "basic");
        for version in ["9.5.13", "10.0.19", "11.0.2"] {
            let answer = Glpi::version(house.address(), version).asks(key.text.reveal());
            answer.satisfies_the_contract();
            assert_eq!((answer.is_valid(), answer.is_running()), (Some(true), Some(true)));
            assert_eq!(
                answer.json["subscription"],
                json!({
                    "title": "Basic",
                    "begin_date": "2026-11-22",
                    "end_date": "2027-11-21",
                    "is_running": true,
                    "offer_reference": "basic",
                })
            );
            assert_eq!(answer.json["owner"], json!({ "name": "Acme" }));
        }
    }

    fn the_states_of_a_subscription_follow_the_calendar_to_the_millisecond(house: House) {
        let key = house.vendor().issues_key_from("Acme", "2027-01-10", years(1));
        let begins = house.start_of("2027-01-10");
        let ends = house.start_of("2028-01-10");
        let grace_ends = house.start_of("2028-01-24");
        let warned = Timestamp::from_millis(ends.millis() - 60 * DAY);
        // When, is_valid, is_running, code.
        for (at, valid, running, code) in [
            (begins.plus(-1), false, false, "SUBSCRIPTION_NOT_BEGUN"),
            (begins, true, true, ""),
            (warned.plus(-1), true, true, ""),
            (warned, true, true, "SUBSCRIPTION_ENDS_SOON"),
            (ends.plus(-1), true, true, "SUBSCRIPTION_ENDS_SOON"),
            (ends, true, true, "SUBSCRIPTION_IN_GRACE"),
            (grace_ends.plus(-1), true, true, "SUBSCRIPTION_IN_GRACE"),
            (grace_ends, true, false, "SUBSCRIPTION_EXPIRED"),
        ] {
            house.wait_until(at);
            let answer = house.glpi_10().asks(key.text.reveal());
            answer.satisfies_the_contract();
            assert_eq!(
                (answer.is_valid(), answer.is_running(), answer.code()),
                (Some(valid), Some(running), code),
                "at {at}"
            );
            if matches!(code, "SUBSCRIPTION_ENDS_SOON" | "SUBSCRIPTION_IN_GRACE" | "SUBSCRIPTION_EXPIRED") {
                assert!(answer.message().contains("2028-01-09"), "the date is named: {}", answer.message());
            }
        }
    }

    fn a_suspended_subscription_is_valid_but_does_not_run(house: House) {
        let key = house.vendor().issues_key("Acme", "basic");
        house.vendor().suspends(&key.subscription);
        let answer = soon(&house, key.text.reveal(), "SUBSCRIPTION_SUSPENDED");
        answer.satisfies_the_contract();
        assert_eq!((answer.is_valid(), answer.is_running()), (Some(true), Some(false)));
        house.vendor().resumes(&key.subscription);
        assert_eq!(soon(&house, key.text.reveal(), "").is_running(), Some(true));
        house.vendor().terminates(&key.subscription);
        let answer = soon(&house, key.text.reveal(), "SUBSCRIPTION_TERMINATED");
        assert_eq!((answer.is_valid(), answer.is_running()), (Some(true), Some(false)));
    }

    fn a_revoked_key_is_refused_within_a_second(house: House) {
        let key = house.vendor().issues_key("Acme", "basic");
        assert_eq!(house.glpi_10().asks(key.text.reveal()).is_valid(), Some(true));
        house.vendor().revokes(&key.key, "contract ended");
        let answer = soon(&house, key.text.reveal(), "KEY_REVOKED");
        answer.satisfies_the_contract();
        assert_eq!(answer.is_valid(), Some(false));
        assert!(answer.message().contains("2026-11-22"), "{}", answer.message());
    }

    fn a_reissued_key_works_beside_the_new_one_while_the_overlap_lasts(house: House) {
        let old = house.vendor().issues_key("Acme", "basic");
        let new = house.vendor().reissues(&old.key, 7);
        let answer = soon(&house, old.text.reveal(), "KEY_OVERLAP");
        answer.satisfies_the_contract();
        assert_eq!((answer.is_valid(), answer.is_running()), (Some(true), Some(true)));
        assert!(answer.message().contains(&new.key.id.to_string()), "it says which key to use: {}", answer.message());
        assert!(answer.message().contains("2026-11-29"), "it says until when: {}", answer.message());
        house.clock.advance(7 * DAY - 1);
        assert_eq!(house.glpi_10().asks(old.text.reveal()).code(), "KEY_OVERLAP");
        house.clock.advance(1);
        let answer = house.glpi_10().asks(old.text.reveal());
        answer.satisfies_the_contract();
        assert_eq!((answer.is_valid(), answer.code()), (Some(false), "KEY_SUPERSEDED"));
        assert_eq!(house.glpi_10().asks(new.text.reveal()).is_valid(), Some(true));
    }

    fn a_key_that_is_reissued_without_overlap_dies_at_once(house: House) {
        let old = house.vendor().issues_key("Acme", "basic");
        house.vendor().reissues(&old.key, 0);
        assert_eq!(soon(&house, old.text.reveal(), "KEY_SUPERSEDED").is_valid(), Some(false));
    }

    fn a_renewal_keeps_the_key(house: House) {
        let key = house.vendor().issues_key_from("Acme", "2026-11-22", days(30));
        assert_eq!(house.glpi_10().asks(key.text.reveal()).code(), "SUBSCRIPTION_ENDS_SOON");
        let period = house.vendor().renews(&key.subscription, years(1));
        assert_eq!(period.ends.to_string(), "2027-12-21");
        let answer = soon(&house, key.text.reveal(), "");
        assert_eq!(answer.json["subscription"]["end_date"], "2027-12-21");
    }

    fn keys_of_a_retired_signing_key_stay_true(house: House) {
        let old = house.vendor().issues_key("Acme", "basic");
        house.vendor().rotates_signing_key();
        let new = house.vendor().issues_key("Beta", "standard");
        assert_ne!(old.key.signing_key, new.key.signing_key);
        for key in [&old, &new] {
            assert_eq!(house.glpi_10().asks(key.text.reveal()).is_valid(), Some(true));
        }
        let published = poll_until(Duration::from_secs(1), || {
            let published = Request::get("/.well-known/latchkey-keys.json").send(house.address()).json();
            (published["keys"].as_array().unwrap().len() == 2).then_some(published)
        });
        assert!(published["keys"][0]["retired_at"].is_string() && published["keys"][1]["retired_at"].is_null());
    }

    fn the_marketplace_is_an_empty_list_and_not_an_error(house: House) {
        let captured = captured_requests();
        let asked = captured.iter().filter(|(path, _)| path.starts_with("/api/marketplace/") && !path.contains("download"));
        assert!(asked.clone().count() >= 3);
        for (path, headers) in asked {
            let request = headers.iter().filter(|(name, _)| name != "Host");
            let request = request.fold(Request::get(path), |request, (name, value)| request.header(name, value));
            let response = request.send(house.address());
            assert_eq!((response.status, response.json()), (200, json!([])), "{path}");
        }
    }

    fn an_old_key_names_the_last_of_its_line(house: House) {
        let first = house.vendor().issues_key("Acme", "basic");
        let second = house.vendor().reissues(&first.key, 30);
        assert!(soon(&house, first.text.reveal(), "KEY_OVERLAP").message().contains(&second.key.id.to_string()));
        let third = house.vendor().reissues(&second.key, 0);
        poll_until(Duration::from_secs(1), || {
            let answer = house.glpi_10().asks(first.text.reveal());
            answer.message().contains(&third.key.id.to_string()).then_some(())
        });
    }

    fn an_old_key_does_not_send_anybody_to_one_that_was_withdrawn(house: House) {
        let first = house.vendor().issues_key("Acme", "basic");
        let second = house.vendor().reissues(&first.key, 30);
        let third = house.vendor().reissues(&second.key, 30);
        let said = |key: &str| {
            let answer = house.glpi_10().asks(key);
            answer.satisfies_the_contract();
            answer.message().to_owned()
        };
        let (first_text, second_text) = (first.text.reveal(), second.text.reveal());
        poll_until(Duration::from_secs(1), || said(first_text).contains(&third.key.id.to_string()).then_some(()));
        assert!(said(second_text).contains(&third.key.id.to_string()));
        house.vendor().revokes(&third.key, "leaked");
        // Both are in memory, and neither was revoked itself.
        for key in [first_text, second_text] {
            let message = poll_until(Duration::from_secs(1), || {
                let message = said(key);
                (!message.contains(&third.key.id.to_string())).then_some(message)
            });
            assert!(message.contains("works only until") && message.contains("ask your vendor for another"), "{message}");
        }
        house.clock.advance(30 * DAY);
        assert!(said(first_text).contains("ask your vendor for another"), "{}", said(first_text));
        // A new key ends the line again.
        let fourth = house.vendor().reissues(&third.key, 0);
        for key in [first_text, second_text] {
            poll_until(Duration::from_secs(1), || said(key).contains(&fourth.key.id.to_string()).then_some(()));
        }
    }

    fn every_request_of_the_registration_is_answered_as_glpi_needs_it(house: House) {
        // "The body must not be empty; the status is ignored"; GLPI 11 asks /api/ping instead.
        for path in ["/api/registration/", "/api/ping", "/api/registration"] {
            let response = Request::get(path).header("User-Agent", "GLPI/10.0.19").send(house.address());
            assert_eq!(response.status, 200);
            assert!(!response.body.is_empty());
        }
        let mut request = Request::get("/api/registration/offers");
        for (name, value) in captured("/api/registration/offers").iter().filter(|(name, _)| name != "Host") {
            request = request.header(name, value);
        }
        assert_eq!(
            request.send(house.address()).json(),
            json!([
                { "title": "Free", "offer_reference": "free" },
                { "title": "Basic", "offer_reference": "basic" },
                { "title": "Standard", "offer_reference": "standard" },
                { "title": "Advanced", "offer_reference": "advanced" },
            ])
        );
    }
}

/// What administrators read, in every language; on one database, since the words do not depend on it.
#[test]
fn each_state_speaks_each_language() {
    let house = House::on_sqlite();
    let vendor = house.vendor();
    let mut keys = Vec::new();
    let soon_over = vendor.issues_key_from("Soon", "2026-11-01", days(40));
    let grace = vendor.issues_key_from("Grace", "2026-10-22", days(30));
    let expired = vendor.issues_key_from("Expired", "2025-01-01", years(1));
    let scheduled = vendor.issues_key_from("Scheduled", "2027-01-01", years(1));
    let suspended = vendor.issues_key("Suspended", "basic");
    vendor.suspends(&suspended.subscription);
    let terminated = vendor.issues_key("Terminated", "basic");
    vendor.terminates(&terminated.subscription);
    let revoked = vendor.issues_key("Revoked", "basic");
    vendor.revokes(&revoked.key, "leaked");
    let superseded = vendor.issues_key("Superseded", "basic");
    let successor = vendor.reissues(&superseded.key, 0);
    let overlap = vendor.issues_key("Overlap", "basic");
    let overlap_successor = vendor.reissues(&overlap.key, 14);
    let running = vendor.issues_key("Running", "advanced");
    for (state, key) in [
        ("running", running),
        ("ends soon", soon_over),
        ("in grace", grace),
        ("expired", expired),
        ("scheduled", scheduled),
        ("suspended", suspended),
        ("terminated", terminated),
        ("revoked", revoked),
        ("superseded", superseded),
        ("overlap", overlap),
    ] {
        keys.push((state, key.text.reveal().to_owned()));
    }
    let text = keys[0].1.clone();
    keys.push(("cut", text[..100].to_owned()));
    keys.push(("missing", String::new()));
    let mut said = String::new();
    for language in ["en", "fr", "es", "pt", "de"] {
        said.push_str(&format!("== {language}\n"));
        for (state, key) in &keys {
            let answer = house.glpi_10().speaking(language).asks(key);
            answer.satisfies_the_contract();
            said.push_str(&format!("{state}: {}\n", answer.message()));
        }
    }
    for (id, name) in [(successor.key.id, "[successor]"), (overlap_successor.key.id, "[successor]")] {
        said = said.replace(&id.to_string(), name);
    }
    insta::assert_snapshot!(said);
}
