//! What the doctor can say, against the files that hold its words.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "the helpers of a test may fail as loudly as the test")]

use std::collections::{BTreeMap, BTreeSet};

use latchkey_texts::Language;
use latchkey_texts::doctor::{Code, Sight, Value, fault, page, sight};

const FILES: [(Language, &str); 2] = [
    (Language::English, include_str!("../locales/doctor.en.ftl")),
    (Language::French, include_str!("../locales/doctor.fr.ftl")),
];

/// The values that each entry shows, by its name.
fn shown(file: &str) -> BTreeMap<String, BTreeSet<String>> {
    let mut entries: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut entry = String::new();
    for line in file.lines().filter(|line| !line.trim().is_empty() && !line.starts_with('#')) {
        if !line.starts_with(' ') {
            entry = line.split_once(" =").expect(line).0.to_owned();
            assert!(!entries.contains_key(&entry), "{entry} stands there twice");
        }
        let values = line.split("{ $").skip(1).map(|rest| rest.split(' ').next().unwrap().to_owned());
        entries.entry(entry.clone()).or_default().extend(values);
    }
    entries
}

fn named(values: &[&'static str]) -> Vec<Value> {
    values.iter().map(|name| (*name, name.to_uppercase())).collect()
}

#[test]
fn the_files_have_an_entry_for_each_name_and_none_besides() {
    let set = |values: &[&str]| values.iter().map(|value| (*value).to_owned()).collect::<BTreeSet<_>>();
    let codes = Code::ALL.iter().map(|code| (code.as_str().to_lowercase().replace('_', "-"), set(code.values())));
    let sights = Sight::ALL.iter().map(|sight| (sight.id().to_owned(), set(sight.values())));
    let declared: BTreeMap<_, _> = codes.chain(sights).collect();
    for (language, file) in FILES {
        let shown = shown(file);
        for (name, values) in &declared {
            assert_eq!(shown.get(name), Some(values), "{language:?} {name}");
        }
        let unknown: Vec<_> = shown.keys().filter(|name| !declared.contains_key(*name)).collect();
        assert!(unknown.is_empty(), "{language:?}: {unknown:?} belong to nothing");
    }
}

#[test]
fn every_text_is_one_line_of_its_own_language() {
    for code in Code::ALL {
        let [english, french] = FILES.map(|(language, _)| fault(*code, &named(code.values()), language));
        for (one, other) in [
            (&english.title, &french.title),
            (&english.seen, &french.seen),
            (&english.why, &french.why),
            (&english.next_step, &french.next_step),
        ] {
            for text in [one, other] {
                assert!(!text.is_empty() && text.trim() == text && !text.contains(['\n', '{', '}', '$']), "{text:?}");
                assert!(!text.contains("  ") && text.matches('`').count() % 2 == 0, "{text:?}");
            }
            let value = code.values().iter().any(|value| *one == value.to_uppercase());
            assert!(one != other || value, "{code:?} was left in English: {one}");
        }
        assert!(!english.title.ends_with('.') && english.title.chars().count() <= 60, "{code:?}: {}", english.title);
        assert!(!french.title.ends_with('.') && french.title.chars().count() <= 70, "{code:?}: {}", french.title);
    }
    for it in Sight::ALL {
        let [english, french] = FILES.map(|(language, _)| sight(*it, &named(it.values()), language));
        assert!(!english.is_empty() && !french.is_empty());
        assert_ne!(english, french, "{it:?} was left in English");
    }
}

#[test]
fn no_two_faults_have_one_name() {
    let codes: BTreeSet<_> = Code::ALL.iter().map(|code| code.as_str()).collect();
    assert_eq!(codes.len(), Code::ALL.len());
}

#[test]
fn the_page_has_one_entry_for_each_code() {
    let page = page(Language::English);
    for code in Code::ALL {
        assert_eq!(page.matches(&format!("### `{}`\n", code.as_str())).count(), 1, "{code:?}");
    }
    for code in ["KEY_TRUNCATED", "KEY_WHITESPACE", "KEY_FORGED", "KEY_FOREIGN", "KEY_SIGNER_UNKNOWN"] {
        assert_eq!(page.matches(&format!("### `{code}`\n")).count(), 1, "{code}");
    }
}

#[test]
fn who_reads_another_language_is_told_in_english() {
    let say = |language| sight(Sight::ProxyNone, &[], language);
    assert_eq!(say(Language::German), say(Language::English));
    assert_ne!(say(Language::French), say(Language::English));
}
