//! The locale files against one another: each has what the English one has, no more, and in its own words.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "the helpers of a test may fail as loudly as the test")]

use std::collections::{BTreeMap, BTreeSet};

const ENGLISH: &str = include_str!("../locales/en.ftl");
const OTHERS: [(&str, &str); 4] = [
    ("fr", include_str!("../locales/fr.ftl")),
    ("es", include_str!("../locales/es.ftl")),
    ("pt", include_str!("../locales/pt.ftl")),
    ("de", include_str!("../locales/de.ftl")),
];

/// Texts that are rightly the same as in English.
const SAME_AS_ENGLISH: [&str; 0] = [];

/// The texts of one file by entry and attribute: `key-revoked.cause`. Reads only the notation that our files use: an
/// entry at the margin, attributes below it, and the variants of an attribute below that.
fn texts(file: &str) -> BTreeMap<String, String> {
    let mut texts = BTreeMap::new();
    let (mut entry, mut place) = (String::new(), String::new());
    for line in file.lines().filter(|line| !line.trim().is_empty() && !line.starts_with('#')) {
        let trimmed = line.trim_start();
        let text = match (trimmed.strip_prefix('.'), line.starts_with(' ')) {
            (Some(attribute), true) => {
                let (name, text) = attribute.split_once(" = ").expect(line);
                place = format!("{entry}.{name}");
                text
            }
            (None, true) => trimmed,
            (_, false) => {
                let (name, text) = line.split_once(" =").expect(line);
                entry = name.to_owned();
                place = name.to_owned();
                text.trim_start()
            }
        };
        if !text.is_empty() {
            let whole: &mut String = texts.entry(place.clone()).or_default();
            whole.push_str(text);
            whole.push('\n');
        }
    }
    texts
}

/// The values a text shows, and the names of the cases it tells apart, the default marked by its star.
fn shape(text: &str) -> BTreeSet<String> {
    let values = text.split("{ $").skip(1).map(|rest| format!("${}", rest.split(' ').next().unwrap()));
    let cases =
        text.lines().filter(|line| line.starts_with(['[', '*'])).map(|line| line.split(']').next().unwrap().to_owned());
    values.chain(cases).collect()
}

#[test]
fn the_english_file_is_read_as_it_is_written() {
    let texts = texts(ENGLISH);
    assert_eq!(texts["key-truncated.title"], "Key cut off\n");
    assert_eq!(
        shape(&texts["offer-unknown.next"]).into_iter().collect::<Vec<_>>(),
        ["$hint", "$known", "$meant", "*[none", "[known", "[meant"]
    );
    assert_eq!(
        texts.len(),
        3 * 182 + 1 + 25 + 4,
        "three attributes for each of 182 outcomes, one line, fields, ranges"
    );
}

#[test]
fn every_entry_has_a_title_a_cause_and_a_next_step_or_is_a_single_line() {
    let texts = texts(ENGLISH);
    for entry in texts.keys().map(|place| place.split('.').next().unwrap()).collect::<BTreeSet<_>>() {
        let has = |attribute: &str| texts.contains_key(&format!("{entry}.{attribute}"));
        let attributes = [has("title"), has("cause"), has("next")];
        let single = texts.contains_key(entry);
        assert!(attributes == [!single; 3], "{entry}");
    }
}

#[test]
fn no_language_lacks_a_text_or_has_one_too_many() {
    let english: BTreeSet<_> = texts(ENGLISH).into_keys().collect();
    for (tag, file) in OTHERS {
        let other: BTreeSet<_> = texts(file).into_keys().collect();
        assert_eq!(english.symmetric_difference(&other).collect::<Vec<_>>(), Vec::<&String>::new(), "{tag}");
    }
}

#[test]
fn every_language_shows_the_same_values_and_tells_the_same_cases_apart() {
    let english = texts(ENGLISH);
    for (tag, file) in OTHERS {
        for (place, text) in texts(file) {
            assert_eq!(shape(&text), shape(&english[&place]), "{tag} {place}");
        }
    }
}

#[test]
fn nothing_was_left_in_english() {
    let english = texts(ENGLISH);
    for (tag, file) in OTHERS {
        for (place, text) in texts(file) {
            // A case may have been left in English while its neighbours were not.
            let lines: BTreeSet<_> =
                english[&place].lines().filter(|line| line.chars().any(char::is_alphabetic)).collect();
            let left = text.lines().any(|line| lines.contains(line) && !line.starts_with("{ $") && line != "}");
            assert_eq!(left, SAME_AS_ENGLISH.contains(&place.as_str()), "{tag} {place}");
        }
    }
}

#[test]
fn causes_and_next_steps_are_sentences_and_titles_are_not() {
    for (tag, file) in OTHERS.into_iter().chain([("en", ENGLISH)]) {
        for (place, text) in
            texts(file).iter().filter(|(place, _)| !["field-", "range-"].iter().any(|line| place.starts_with(line)))
        {
            let sentences = text.lines().filter(|line| *line != "}" && !line.starts_with("{ $") || line.len() > 20);
            for line in sentences.filter(|line| !line.ends_with("->")) {
                assert_eq!(line.ends_with(['.', '?']), !place.ends_with(".title"), "{tag} {place}: {line}");
            }
        }
    }
}
