//! Faults of a key: what its text, its signature and its service say.

use latchkey_domain::time::DAY;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use latchkey_key::{IssueDate, Signer, registration};

use super::lab::Lab;
use super::stranger::{Answer, Stranger};
use crate::house::{House, days};

fn key(lab: &Lab) -> String {
    lab.service.house.vendor().issues_key("Acme", "basic").text.reveal().to_owned()
}

/// With another version in it, as somebody would who edits what is inside.
fn altered(key: &str) -> String {
    let json = String::from_utf8(STANDARD.decode(key).unwrap()).unwrap();
    STANDARD.encode(json.replacen("\"id\":\"0", "\"id\":\"G", 1))
}

#[test]
fn what_is_wrong_with_the_text_is_named_and_the_whole_key_is_fine() {
    let lab = Lab::healthy();
    let key = key(&lab);
    for (code, text) in [
        ("KEY_TRUNCATED", key[..120].to_owned()),
        ("KEY_WHITESPACE", format!("{}\n{}", &key[..76], &key[76..])),
        ("KEY_ALPHABET", format!("{}_{}", &key[..12], &key[13..])),
        ("KEY_BEGINNING_MISSING", key[50..].to_owned()),
        ("KEY_TRAILING", format!("{key}{key}")),
        ("KEY_NOT_A_KEY", "hunter2".to_owned()),
        ("KEY_MISSING", "  ".to_owned()),
        ("KEY_TOO_LONG", key.repeat(5)),
        ("KEY_FORMAT_UNKNOWN", STANDARD.encode(r#"{"v":2,"kid":"x"}"#)),
        ("KEY_ALTERED", altered(&key)),
    ] {
        let fault = lab.diagnosis_of(&text).names(code);
        assert_eq!(fault.id, "key.text", "{code}");
        let as_it_says = match code {
            // "Remove all spaces and line breaks from the key: without them it is complete"
            "KEY_WHITESPACE" => text.split_whitespace().collect::<String>(),
            // "Delete everything after character 248"
            "KEY_TRAILING" => {
                let number: String = fault.next_step.chars().filter(char::is_ascii_digit).collect();
                text[..number.parse::<usize>().unwrap()].to_owned()
            }
            // "Copy the whole key again"
            _ => continue,
        };
        lab.diagnosis_of(&as_it_says).is_clean();
    }
    // What the advice comes to: the whole key, on one line; blanks at its ends do not count.
    lab.diagnosis_of(&format!(" {key}\n")).is_clean();
}

#[test]
fn a_key_is_read_from_the_input_where_no_list_of_processes_shows_it() {
    let lab = Lab::healthy();
    let key = key(&lab);
    let mut lab = lab;
    lab.shell.push(format!("exec <<END\n{key}\nEND"));
    lab.diagnosis_of("-").is_clean();
}

#[test]
fn a_forged_key_is_named_before_the_service_is_asked() {
    let lab = Lab::healthy();
    let (one, other) = (key(&lab), key(&lab));
    // The members of one with the signature of the other: at the same place in both.
    let at = one.len() - 120;
    let forged = format!("{}{}", &one[..at], &other[at..]);
    let diagnosis = lab.diagnosis_of(&forged);
    let fault = diagnosis.names("KEY_FORGED");
    assert_eq!(fault.id, "key.signature");
    assert_eq!(diagnosis.check("key.verdict").status, "skipped");
    lab.diagnosis_of(&one).is_clean();
}

#[test]
fn keys_of_others_are_named() {
    let lab = Lab::healthy();
    let stranger = House::on_sqlite();
    let foreign = stranger.vendor().issues_key("Acme", "basic");
    assert_eq!(lab.diagnosis_of(foreign.text.reveal()).names("KEY_FOREIGN").id, "key.signature");
    // GLPI's publisher's have another format.
    assert_eq!(lab.diagnosis_of("eyJpZCI6MSwic2lnbmF0dXJlIjoiYWJjIn0=").names("KEY_FOREIGN").id, "key.signature");
    // "Enter the key of the vendor whose service this GLPI asks"
    lab.diagnosis_of(&key(&lab)).is_clean();
}

#[test]
fn the_text_is_looked_at_before_anything_that_waits_for_a_network() {
    let lab = Lab::healthy();
    let checks = lab.diagnosis_of(&key(&lab)).checks;
    let ids: Vec<&str> = checks.iter().map(|check| check.id.as_str()).collect();
    let at = |id: &str| ids.iter().position(|found| *found == id).unwrap();
    let quick = ["glpi.log", "php.trust_file", "key.text"];
    assert!(quick.iter().all(|id| at(id) < at("road.proxy")), "{ids:?}");
    assert_eq!(at("key.verdict"), ids.len() - 1, "{ids:?}");
}

#[test]
fn a_revoked_key_is_named_and_a_new_one_mends_it() {
    let lab = Lab::healthy();
    let issued = lab.service.house.vendor().issues_key("Acme", "basic");
    lab.service.house.vendor().revokes(&issued.key, "leaked");
    let fault = lab.diagnosis_of(issued.text.reveal()).names("KEY_REFUSED");
    assert_eq!(fault.id, "key.verdict");
    assert!(
        fault.seen.contains("KEY_REVOKED") && fault.seen.contains("Ask your vendor for a new key"),
        "{}",
        fault.seen
    );
    assert_eq!(fault.view, "the service");
    lab.diagnosis_of(&key(&lab)).is_clean();
}

#[test]
fn a_subscription_that_ended_or_soon_ends_is_named_and_renewing_it_mends_it() {
    let lab = Lab::healthy();
    let house = &lab.service.house;
    let issued = house.vendor().issues_key_from("Acme", "2026-11-01", days(40));
    let fault = lab.diagnosis_of(issued.text.reveal()).names("KEY_NEEDS_ATTENTION");
    assert!(fault.seen.contains("SUBSCRIPTION_ENDS_SOON"), "{}", fault.seen);
    house.clock.advance(50 * DAY);
    house.vendor().suspends(&issued.subscription);
    let fault = lab.diagnosis_of(issued.text.reveal()).names("SUBSCRIPTION_STOPPED");
    assert!(fault.seen.contains("SUBSCRIPTION_SUSPENDED"), "{}", fault.seen);
    house.vendor().resumes(&issued.subscription);
    house.vendor().renews(&issued.subscription, crate::house::years(1));
    lab.diagnosis_of(issued.text.reveal()).is_clean();
}

#[test]
fn a_service_that_cannot_judge_the_key_says_nothing_against_it() {
    let lab = Lab::healthy();
    let key = key(&lab);
    lab.service.house.clock.set_off(2 * DAY);
    let fault = lab.diagnosis_of(&key).names("SERVICE_UNAVAILABLE");
    assert_eq!(fault.id, "key.verdict");
    assert!(fault.seen.contains("503 CLOCK_SUSPECT"), "{}", fault.seen);
    lab.service.house.clock.set_off(-2 * DAY);
    lab.diagnosis_of(&key).is_clean();
}

#[test]
fn an_answer_without_a_verdict_is_named() {
    let lab = Lab::healthy();
    let key = key(&lab);
    let odd = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}".to_owned();
    let stranger = Stranger::in_the_clear(Answer::ToKeys(odd, lab.service.latchkey()));
    lab.points_at(&stranger.url());
    let fault = lab.diagnosis_of(&key).names("VERDICT_UNUSABLE");
    assert_eq!(fault.id, "key.verdict");
    stranger.changes(|manner| manner.answer = Answer::Of(lab.service.latchkey()));
    lab.diagnosis_of(&key).is_clean();
}

#[test]
fn a_key_of_a_signing_key_that_is_not_published_is_named() {
    let lab = Lab::healthy();
    let issued = lab.service.house.vendor().issues_key("Acme", "basic");
    let later = format!("{}-9", issued.key.signing_key.publisher()).parse().unwrap();
    let signer = Signer::from_seed(later, [9; 32]);
    let unknown = registration::issue(&signer, issued.key.id, IssueDate::new(2026, 11, 1).unwrap()).to_text();
    assert_eq!(lab.diagnosis_of(&unknown).names("KEY_SIGNER_UNKNOWN").id, "key.signature");
    lab.diagnosis_of(issued.text.reveal()).is_clean();
}

#[test]
fn the_sentence_about_the_key_is_in_the_readers_language() {
    let lab = Lab::healthy();
    let issued = lab.service.house.vendor().issues_key("Acme", "basic");
    lab.service.house.vendor().revokes(&issued.key, "leaked");
    let ran = lab.runs(&[], &["--key", issued.text.reveal(), "--language", "fr"]);
    assert!(ran.stdout.contains("Le service dit KEY_REVOKED"), "{}", ran.stdout);
    assert!(ran.stdout.contains("Cette clé"), "{}", ran.stdout);
    assert!(!ran.stdout.contains(issued.text.reveal()), "a key is never shown");
}
