//! What customers read: the mail that brings a key, and the page that says how one stands. In all languages, since the
//! reader is not ours to choose: `locales/letters/<tag>.ftl`.

use std::sync::LazyLock;

use fluent_bundle::{FluentArgs, FluentValue};
use latchkey_domain::time::Date;

use crate::Language;
use crate::catalogue::{Bundle, line_of, read};

/// A mail: plain text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mail {
    /// Its subject, one line.
    pub subject: String,
    /// Its text, in paragraphs.
    pub body: String,
}

/// What a mail is about.
#[derive(Debug, Clone, Copy)]
pub struct KeyLetter<'a> {
    /// The key itself.
    pub key: &'a str,
    /// Who holds it.
    pub customer: &'a str,
    /// What was sold, as people read it.
    pub offer: &'a str,
    /// The last day of the subscription.
    pub ends: Date,
    /// The address by which GLPI reaches the service.
    pub service: &'a str,
    /// The address of the page that says how a key stands.
    pub check: &'a str,
}

impl KeyLetter<'_> {
    /// The mail that brings the key. The key stands on a line of its own, so that it is copied whole.
    pub fn mail(&self, language: Language) -> Mail {
        let line = |name: &str| word(language, name, &[]);
        let ends = self.ends.to_string();
        let what = [("customer", self.customer), ("offer", self.offer), ("ends", ends.as_str())];
        let setting = format!("define('GLPI_NETWORK_SERVICES', '{}');", self.service);
        let paragraphs = [
            line("mail-hello"),
            word(language, "mail-what", &what),
            self.key.to_owned(),
            line("mail-where"),
            format!("{}\n{setting}", line("mail-service")),
            word(language, "mail-check", &[("address", self.check)]),
            line("mail-keep"),
            line("mail-bye"),
        ];
        Mail { subject: line("mail-subject"), body: paragraphs.join("\n\n") }
    }
}

/// A text of the letters by its name, with its values.
pub fn word(language: Language, name: &str, values: &[(&str, &str)]) -> String {
    let args: FluentArgs<'_> =
        values.iter().map(|(name, value)| ((*name).to_owned(), FluentValue::from((*value).to_owned()))).collect();
    line_of(bundle(language), name, &args)
}

fn bundle(language: Language) -> &'static Bundle {
    static BUNDLES: LazyLock<[Bundle; Language::ALL.len()]> =
        LazyLock::new(|| Language::ALL.map(|language| read(language, source(language))));
    let at = Language::ALL.iter().position(|known| *known == language).unwrap_or_default();
    &BUNDLES[at]
}

fn source(language: Language) -> &'static str {
    match language {
        Language::English => include_str!("../locales/letters/en.ftl"),
        Language::French => include_str!("../locales/letters/fr.ftl"),
        Language::Spanish => include_str!("../locales/letters/es.ftl"),
        Language::Portuguese => include_str!("../locales/letters/pt.ftl"),
        Language::German => include_str!("../locales/letters/de.ftl"),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use fluent_bundle::FluentResource;

    use super::*;

    fn entries(language: Language) -> BTreeMap<&'static str, &'static str> {
        let file = source(language);
        FluentResource::try_new(file.to_owned()).unwrap_or_else(|(_, faults)| panic!("{language:?}: {faults:?}"));
        file.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.split_once(" = ")).collect()
    }

    fn values(text: &str) -> Vec<&str> {
        let mut values: Vec<_> = text.split("{ $").skip(1).filter_map(|rest| rest.split(' ').next()).collect();
        values.sort_unstable();
        values
    }

    #[test]
    fn every_language_says_the_same_in_its_own_words() {
        let english = entries(Language::English);
        for language in Language::ALL {
            let other = entries(language);
            assert!(english.keys().eq(other.keys()), "{language:?}");
            for (name, text) in &other {
                assert_eq!(values(text), values(english[name]), "{language:?} {name}");
                assert_eq!(*text == english[name], language == Language::English, "{language:?} {name}");
            }
        }
    }

    #[test]
    fn a_mail_has_the_key_on_a_line_of_its_own() {
        let letter = KeyLetter {
            key: "eyJ2IjoxfQ==",
            customer: "Société Générale & Co",
            offer: "Basic",
            ends: "2027-11-21".parse().unwrap(),
            service: "https://keys.example.org",
            check: "https://keys.example.org/check",
        };
        for language in Language::ALL {
            let Mail { subject, body } = letter.mail(language);
            assert!(!subject.contains('\n') && !subject.is_empty());
            assert!(body.lines().any(|line| line == letter.key), "{body}");
            for part in [
                letter.customer,
                "2027-11-21",
                "define('GLPI_NETWORK_SERVICES', 'https://keys.example.org');",
                letter.check,
            ] {
                assert!(body.contains(part), "{language:?} {part}: {body}");
            }
        }
    }
}
