//! The console's words, in the languages that it speaks: `locales/console/<tag>.ftl`.
//!
//! They are found by name, and the names stand in templates, so that the compiler does not see one that is missing: the
//! server's tests do, and in a release the name is shown.

use std::sync::LazyLock;

use fluent_bundle::{FluentArgs, FluentValue};

use crate::Language;
use crate::catalogue::{Bundle, line_of, read};

/// The languages that the console speaks.
pub const LANGUAGES: [Language; 2] = [Language::English, Language::French];

/// The file of a language; English for those that the console does not speak.
pub const fn source(language: Language) -> &'static str {
    match language {
        Language::French => include_str!("../locales/console/fr.ftl"),
        Language::English | Language::Spanish | Language::Portuguese | Language::German => {
            include_str!("../locales/console/en.ftl")
        }
    }
}

/// A value that a text shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shown<'a> {
    /// As it is.
    Text(&'a str),
    /// A number that decides between one and many; it is not shown in the reader's form.
    Count(usize),
}

/// The text of a name, with its values.
pub fn word(language: Language, name: &str, values: &[(&str, Shown<'_>)]) -> String {
    let args: FluentArgs<'_> = values
        .iter()
        .map(|(name, value)| match value {
            Shown::Text(text) => ((*name).to_owned(), FluentValue::from((*text).to_owned())),
            Shown::Count(count) => ((*name).to_owned(), FluentValue::from(*count)),
        })
        .collect();
    line_of(bundle(language), name, &args)
}

/// Whether there is a text of this name.
pub fn is_word(name: &str) -> bool {
    bundle(Language::English).has_message(name)
}

fn bundle(language: Language) -> &'static Bundle {
    static ENGLISH: LazyLock<Bundle> = LazyLock::new(|| read(Language::English, source(Language::English)));
    static FRENCH: LazyLock<Bundle> = LazyLock::new(|| read(Language::French, source(Language::French)));
    match language {
        Language::French => &FRENCH,
        Language::English | Language::Spanish | Language::Portuguese | Language::German => &ENGLISH,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use fluent_bundle::FluentResource;

    use super::*;

    /// Entries of a file with the values that each shows.
    fn entries(language: Language) -> BTreeSet<(String, Vec<String>)> {
        let file = source(language);
        FluentResource::try_new(file.to_owned()).unwrap_or_else(|(_, faults)| panic!("{language:?}: {faults:?}"));
        let mut entries: Vec<(String, Vec<String>)> = Vec::new();
        for line in file.lines().filter(|line| !line.trim().is_empty() && !line.starts_with('#')) {
            if !line.starts_with([' ', '}']) {
                let (name, _) = line.split_once(" =").expect(line);
                assert!(entries.iter().all(|(other, _)| other != name), "{language:?} {name} twice");
                entries.push((name.to_owned(), Vec::new()));
            }
            let values = line.split("{ $").skip(1).filter_map(|rest| rest.split([' ', '}']).next());
            if let Some((_, all)) = entries.last_mut() {
                all.extend(values.map(str::to_owned));
                all.sort();
                all.dedup();
            }
        }
        entries.into_iter().collect()
    }

    #[test]
    fn both_languages_say_the_same_things_with_the_same_values() {
        let [english, french] = LANGUAGES.map(entries);
        let differ: Vec<_> = english.symmetric_difference(&french).collect();
        assert!(differ.is_empty(), "{differ:?}");
    }
}
