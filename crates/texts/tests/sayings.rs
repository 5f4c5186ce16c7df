//! Everything that can be said, said in every language.

#![allow(clippy::unwrap_used, clippy::panic, reason = "the helpers of a test may fail as loudly as the test")]

mod samples;

use latchkey_domain::instances::Notice;
use latchkey_domain::subscriptions::{Succession, Verdict, Warning};
use latchkey_domain::time::{Timestamp, Zone};
use latchkey_domain::{Failure, Refusal};
use latchkey_texts::{
    Language, Said, damage, failure, note, notice, overlap, refusal, request, trial, unanswered, warning,
};

use samples::{
    date, entry, failures, instant, notes, notices, refusals, requests, succession, unanswered_all, warnings,
};

fn paris() -> Zone {
    Zone::named("Europe/Paris").unwrap()
}

/// Every outcome under its code, with what is said about it.
fn everything(language: Language) -> Vec<(&'static str, Said)> {
    let refusals = refusals().into_iter().map(|it| (it.code(), refusal(&it, language, &paris())));
    let warnings = warnings().into_iter().map(|it| (it.code(), warning(&it, language)));
    let failures = failures().into_iter().map(|it| (it.code(), failure(&it, language)));
    let lost = Succession { by_revoked: true, ..succession() };
    let overlaps = [succession(), lost].map(|it| ("KEY_OVERLAP", overlap(&it, language, &paris())));
    let notes = notes().into_iter().map(|it| (it.code(), note(&it, language)));
    let requests = requests().into_iter().map(|it| (it.code(), request(&it, language)));
    let outgoing = unanswered_all().into_iter().map(|it| (it.code(), unanswered(&it, language)));
    let notices = notices().into_iter().map(|it| (it.code().unwrap(), notice(&it, language, &paris()).unwrap()));
    let trial = ("TRIAL_RUNNING", trial(instant(), language, &paris()));
    let ours = failures.chain(requests).chain(outgoing);
    refusals.chain(overlaps).chain([trial]).chain(notices).chain(warnings).chain(notes).chain(ours).collect()
}

fn open(overlapping: bool, warning: Option<Warning>) -> Verdict {
    Verdict::Open { succession: overlapping.then(succession), warning, notice: Notice::None }
}

fn moving(notice: Notice, warning: Option<Warning>) -> Verdict {
    Verdict::Open { succession: None, warning, notice }
}

fn line(verdict: &Verdict, language: Language) -> String {
    latchkey_texts::verdict(verdict, &entry(), language, &paris())
}

#[test]
fn everything_is_said_in_every_language() {
    for language in Language::ALL {
        for (code, said) in everything(language) {
            for text in [&said.title, &said.cause, &said.next_step] {
                let place = format!("{language:?} {code}: {text:?}");
                assert!(!text.is_empty() && text.trim() == text && text.len() <= 600, "{place}");
                assert!(!text.contains(['{', '}', '$', '\n', '<']) && !text.contains("  "), "{place}");
            }
            assert!(said.title.chars().count() <= 50, "{language:?} {code}: {}", said.title);
            assert!(said.line().chars().count() <= 600, "{language:?} {code}: {}", said.line());
        }
    }
}

#[test]
fn all_texts_in_english() {
    insta::assert_snapshot!(page(Language::English));
}

#[test]
fn all_texts_in_french() {
    insta::assert_snapshot!(page(Language::French));
}

fn page(language: Language) -> String {
    let mut page = String::new();
    for (code, Said { title, cause, next_step }) in everything(language) {
        page += &format!("{code}\n  {title}\n  {cause}\n  {next_step}\n");
    }
    let Some(([soon, grace], all)) = warnings().split_first_chunk().map(|(first, rest)| (*first, rest.len())) else {
        panic!("two warnings");
    };
    assert_eq!(all, 0, "a warning that no verdict here shows");
    for (name, verdict) in [
        ("open", open(false, None)),
        ("open, overlap", open(true, None)),
        ("open, soon", open(false, Some(soon))),
        ("open, overlap and grace", open(true, Some(grace))),
        ("open, moving", moving(notices().remove(0), None)),
        ("open, moving and soon", moving(notices().remove(1), Some(soon))),
        ("closed", Verdict::Closed(Refusal::Expired { ended: date(2026, 11, 1) })),
        ("refused", Verdict::Refused(Refusal::KeyRevoked { at: instant() })),
    ] {
        page += &format!("VERDICT {name}\n  {}\n", line(&verdict, language));
    }
    page
}

#[test]
fn an_open_key_with_two_things_to_say_says_both() {
    let grace = Warning::InGrace { ended: date(2026, 11, 1), until: date(2026, 11, 15) };
    for language in Language::ALL {
        let both = line(&open(true, Some(grace)), language);
        assert!(both.contains(&overlap(&succession(), language, &paris()).line()), "{both}");
        assert!(both.contains(&warning(&grace, language).line()), "{both}");
    }
}

#[test]
fn a_plain_key_says_its_last_day_in_every_language() {
    for language in Language::ALL {
        assert!(line(&open(false, None), language).contains("2027-02-28"));
    }
}

#[test]
fn an_instant_is_shown_as_the_vendors_day() {
    // Half past midnight in Paris, still the day before in UTC.
    let at = Timestamp::from_millis(1_796_599_800_000);
    let said = |zone: Zone| refusal(&Refusal::KeyRevoked { at }, Language::English, &zone).cause;
    assert_eq!(said(paris()), "This key was withdrawn on 2026-12-07.");
    assert_eq!(said(Zone::utc()), "This key was withdrawn on 2026-12-06.");
}

#[test]
fn a_damaged_key_is_told_the_same_either_way() {
    for wrapped in refusals() {
        if let Refusal::KeyDamaged(inner) = wrapped {
            let wrapped = refusal(&Refusal::KeyDamaged(inner), Language::German, &paris());
            assert_eq!(wrapped, damage(&inner, Language::German));
        }
    }
}

#[test]
fn no_failure_of_ours_speaks_against_the_key() {
    for failure in failures() {
        let said = latchkey_texts::failure(&failure, Language::English);
        let against = ["invalid", "expired", "revoked", "forged"].iter().any(|word| said.line().contains(word));
        assert!(!against, "{}", said.line());
    }
}

/// Failures are few; that the list is whole is what its guard sees to.
#[test]
fn every_code_has_a_sample() {
    let codes: std::collections::BTreeSet<_> =
        everything(Language::English).into_iter().map(|(code, _)| code).collect();
    assert_eq!(codes.len(), 197);
    assert!(codes.contains(Failure::Internal.code()));
}
