//! What a GLPI is told about a key, in each state: the types it needs, and the words its administrator reads.

#![allow(clippy::unwrap_used, reason = "the helpers of a test may fail as loudly as the test")]

use std::sync::Arc;

use latchkey_domain::ids::{CustomerId, KeyId, SubscriptionId};
use latchkey_domain::instances::Holdings;
use latchkey_domain::subscriptions::{
    Key, KeyEntry, KeyState, Offer, Period, Revocation, Subscription, Succession, Verdict, decide, first_offers,
};
use latchkey_domain::text::OfferRef;
use latchkey_domain::time::{DAY, Date, Timestamp, Zone};
use latchkey_glpi::registration::{Info, Offers, Ping};
use latchkey_key::Damage;
use latchkey_texts::Language;
use serde_json::{Map, Value, json, to_value};
use uuid::Uuid;

fn zone() -> Zone {
    Zone::named("Europe/Paris").unwrap()
}

fn noon(year: i16, month: i8, day: i8) -> Timestamp {
    zone().start_of(date(year, month, day)).plus(DAY / 2)
}

fn date(year: i16, month: i8, day: i8) -> Date {
    Date::new(year, month, day).unwrap()
}

/// A key of a subscription from 2026-03-01 to 2027-02-28, with 14 days of grace.
fn entry(state: KeyState) -> KeyEntry {
    let subscription = SubscriptionId(Uuid::from_u128(3));
    let signing_key = "7k2m9xqd-1".parse().unwrap();
    KeyEntry {
        key: Key { id: KeyId(Uuid::from_u128(1)), subscription, signing_key, issued: date(2026, 3, 1), state },
        subscription: Subscription {
            id: subscription,
            customer: CustomerId(Uuid::from_u128(2)),
            offer: OfferRef::parse("basic").unwrap(),
            period: Period::new(date(2026, 3, 1), date(2027, 2, 28), 14, &zone()).unwrap(),
            seats: 1,
            suspended_at: None,
            terminated_at: None,
        },
        owner: Arc::from("Société <b>Générale</b> \"Éclair\""),
        holdings: Holdings::default(),
    }
}

fn with(change: impl FnOnce(&mut Subscription)) -> KeyEntry {
    let mut entry = entry(KeyState::Active);
    change(&mut entry.subscription);
    entry
}

/// A key in each state that there is, and when it is asked about.
fn states() -> Vec<(&'static str, KeyEntry, Timestamp)> {
    let plain = || entry(KeyState::Active);
    let replaced = || {
        let by = KeyId(Uuid::from_u128(9));
        entry(KeyState::Superseded(Succession {
            by,
            by_issued: date(2026, 6, 1),
            until: noon(2026, 6, 8),
            by_revoked: false,
        }))
    };
    let since = Some(noon(2026, 5, 5));
    vec![
        ("open", plain(), noon(2026, 6, 1)),
        ("open, ends soon", plain(), noon(2027, 2, 28)),
        ("open, in grace", plain(), noon(2027, 3, 1)),
        ("open, overlap", replaced(), noon(2026, 6, 8).plus(-1)),
        ("open, overlap and in grace", replaced_late(), noon(2027, 3, 14)),
        ("closed, expired", plain(), noon(2027, 3, 15)),
        ("closed, suspended", with(|it| it.suspended_at = since), noon(2026, 6, 1)),
        ("closed, terminated", with(|it| it.terminated_at = since), noon(2026, 6, 1)),
        ("refused, not begun", plain(), noon(2026, 2, 28)),
        ("refused, superseded", replaced(), noon(2026, 6, 8)),
        (
            "refused, revoked",
            entry(KeyState::Revoked(Revocation { at: noon(2026, 5, 5), successor: None })),
            noon(2026, 6, 1),
        ),
    ]
}

fn replaced_late() -> KeyEntry {
    let by = KeyId(Uuid::from_u128(9));
    entry(KeyState::Superseded(Succession {
        by,
        by_issued: date(2027, 3, 10),
        until: noon(2027, 3, 20),
        by_revoked: false,
    }))
}

fn info(entry: &KeyEntry, now: Timestamp, language: Language) -> Info<'_> {
    Info::render(&decide(entry, now), entry, "Basic", language, &zone())
}

#[test]
fn every_answer_has_every_member_with_the_type_that_glpi_needs() {
    for language in Language::ALL {
        for (state, entry, now) in states() {
            let info = to_value(info(&entry, now, language)).unwrap();
            assert!(info["is_valid"].is_boolean(), "{state}");
            assert!(info["validation_message"].as_str().is_some_and(|message| !message.is_empty()), "{state}");
            assert_eq!(info["owner"], json!({"name": "Société <b>Générale</b> \"Éclair\""}), "{state}");
            let subscription = info["subscription"].as_object().unwrap();
            assert_eq!(subscription["title"], "Basic", "{state}");
            assert_eq!(subscription["begin_date"], "2026-03-01", "{state}");
            assert_eq!(subscription["end_date"], "2027-02-28", "{state}");
            assert_eq!(subscription["offer_reference"], "basic", "{state}");
            assert_eq!(info["is_valid"], !state.starts_with("refused"), "{state}");
            assert_eq!(subscription["is_running"], state.starts_with("open"), "{state}");
            assert_eq!(info["code"].is_null(), state == "open", "{state}");
        }
    }
}

#[test]
fn members_stand_in_the_order_of_the_contract() {
    let (_, entry, now) = states().swap_remove(0);
    let text = serde_json::to_string(&info(&entry, now, Language::English)).unwrap();
    let places: Vec<_> = ["is_valid", "validation_message", "owner", "subscription", "code"]
        .map(|name| text.find(&format!("\"{name}\":")).unwrap())
        .into();
    assert!(places.is_sorted(), "{text}");
}

#[test]
fn a_damaged_key_is_invalid_and_belongs_to_nobody() {
    for language in Language::ALL {
        let info = to_value(Info::damaged(&Damage::Truncated { after: 143 }, language)).unwrap();
        assert_eq!(info["is_valid"], false);
        assert!(info["validation_message"].as_str().unwrap().contains("143"));
        assert!(info["owner"].is_null() && info["subscription"].is_null());
        assert_eq!(info["code"], "KEY_TRUNCATED");
        assert_eq!(info.as_object().map(Map::len), Some(5));
    }
}

#[test]
fn without_a_subscription_no_answer_says_valid() {
    let answers = states().into_iter().map(|(_, entry, now)| to_value(info(&entry, now, Language::English)).unwrap());
    let damaged = to_value(Info::damaged(&Damage::Forged, Language::English)).unwrap();
    for info in answers.chain([damaged]) {
        assert!(info["subscription"].is_object() || info["is_valid"] == false, "{info}");
    }
}

#[test]
fn each_kind_of_verdict_has_its_state_here() {
    let mut kinds = [false; 3];
    for (_, entry, now) in states() {
        match decide(&entry, now) {
            Verdict::Open { .. } => kinds[0] = true,
            Verdict::Closed(_) => kinds[1] = true,
            Verdict::Refused(_) => kinds[2] = true,
        }
    }
    assert_eq!(kinds, [true; 3]);
}

#[test]
fn answers_in_english() {
    insta::assert_json_snapshot!(answers(Language::English));
}

#[test]
fn answers_in_french() {
    insta::assert_json_snapshot!(answers(Language::French));
}

fn answers(language: Language) -> Vec<(&'static str, Value)> {
    let known = states().into_iter().map(|(state, entry, now)| (state, to_value(info(&entry, now, language)).unwrap()));
    let damaged = to_value(Info::damaged(&Damage::NotAKey, language)).unwrap();
    known.chain([("refused, damaged", damaged)]).collect()
}

#[test]
fn offers_are_listed_in_order() {
    let offers: Vec<Offer> =
        first_offers().iter().map(|(reference, title, grace)| Offer::new(reference, title, *grace).unwrap()).collect();
    assert_eq!(
        serde_json::to_string(&Offers::render(&offers)).unwrap(),
        r#"[{"title":"Free","offer_reference":"free"},{"title":"Basic","offer_reference":"basic"},"#.to_owned()
            + r#"{"title":"Standard","offer_reference":"standard"},{"title":"Advanced","offer_reference":"advanced"}]"#
    );
    assert_eq!(to_value(Offers::render(&[])).unwrap(), json!([]));
}

#[test]
fn a_sign_of_life_is_not_empty() {
    assert_eq!(to_value(Ping::default()).unwrap(), json!({"service": "Latchkey"}));
}
