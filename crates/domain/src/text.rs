//! Words that people type, checked once, at the edge, into types that need no second look.
//!
//! One word can be typed in several ways that nobody can see: an é as one character or as an e and an accent (as macOS
//! writes file names). What is kept is the composed form (NFC); what is compared is [`fold`]ed.

use core::fmt;

use unicode_normalization::UnicodeNormalization as _;

use crate::Refusal;

/// A name of a customer or the title of an offer: 1 to 200 characters on one line, no white space at its ends, in Unicode's
/// composed form.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Name(String);

/// Why somebody did something: 1 to 500 characters on one line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason(String);

/// An offer's reference, as GLPI's plugins name it in `required_offers`: 1 to 40 of `a-z 0-9 - _ .`, a letter first.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OfferRef(String);

/// What is wrong with a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TextFault {
    /// Nothing there, or only white space.
    Empty,
    /// More characters than allowed.
    TooLong {
        /// The most that is allowed, in characters.
        most: usize,
    },
    /// A control character, a line break, or one that changes the direction of writing.
    Control {
        /// Which character it is, counted from 1.
        at: usize,
    },
    /// A character that this text may not have.
    Character {
        /// Which character it is, counted from 1.
        at: usize,
    },
}

impl Name {
    /// Reads a name; `field` says which one in the refusal.
    pub fn parse(field: &'static str, text: &str) -> Result<Self, Refusal> {
        one_line(text, 200).map(Self).map_err(|fault| Refusal::TextInvalid { field, fault })
    }

    /// The form under which two names are the same; see [`fold`].
    pub fn folded(&self) -> String {
        fold(&self.0)
    }

    /// As typed, but for white space at its ends and the composition of its characters.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Reason {
    /// Reads a reason.
    pub fn parse(text: &str) -> Result<Self, Refusal> {
        one_line(text, 500).map(Self).map_err(|fault| Refusal::TextInvalid { field: "reason", fault })
    }

    /// As typed, without white space at its ends.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl OfferRef {
    /// Reads a reference; one that is not well formed is refused as a text, one that is unknown by whoever looks it up.
    pub fn parse(text: &str) -> Result<Self, Refusal> {
        let refuse = |fault| Refusal::TextInvalid { field: "offer", fault };
        let text = one_line(text, 40).map_err(refuse)?;
        let strange = text.char_indices().position(|(at, c)| match c {
            'a'..='z' => false,
            '0'..='9' | '-' | '_' | '.' => at == 0,
            _ => true,
        });
        match strange {
            Some(at) => Err(refuse(TextFault::Character { at: at + 1 })),
            None => Ok(Self(text)),
        }
    }

    /// The reference itself.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for OfferRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The form that searches and comparisons use: without the difference between upper and lower case (Unicode's full case
/// folding, so that STRASSE is Straße and ΣΟΦΌΣ is σοφός) or between composed and decomposed characters, and with every run
/// of white space as one blank.
pub fn fold(text: &str) -> String {
    let folded: String = if text.is_ascii() {
        text.to_ascii_lowercase()
    } else {
        caseless::default_case_fold_str(&text.nfd().collect::<String>()).nfc().collect()
    };
    folded.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The candidate that `typed` most likely meant, if any is near enough to be worth naming.
pub fn nearest<'a>(typed: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let typed = fold(typed);
    candidates
        .into_iter()
        .map(|candidate| (strsim::jaro_winkler(&typed, &fold(candidate)), candidate))
        .filter(|(likeness, _)| *likeness > 0.78)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, candidate)| candidate)
}

/// What somebody gave as a name to look up: without control characters, and not endlessly long.
pub fn one_word(text: &str) -> String {
    text.trim().chars().filter(|c| !c.is_control()).take(254).collect()
}

pub(crate) fn one_line(text: &str, most: usize) -> Result<String, TextFault> {
    let text = text.trim();
    if text.is_empty() {
        return Err(TextFault::Empty);
    }
    // Counted as it was typed.
    if let Some(at) = text.chars().position(|c| c.is_control() || turns_the_line(c)) {
        return Err(TextFault::Control { at: at + 1 });
    }
    let composed: String = if text.is_ascii() { text.to_owned() } else { text.nfc().collect() };
    if composed.chars().count() > most {
        return Err(TextFault::TooLong { most });
    }
    Ok(composed)
}

/// Line and paragraph separators, the marks that reorder what is written, and blanks without width: they make one text
/// look like another.
fn turns_the_line(c: char) -> bool {
    matches!(c, '\u{200B}' | '\u{2060}' | '\u{2028}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{200E}' | '\u{200F}' | '\u{FEFF}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_trimmed_and_folded() {
        let name = Name::parse("customer", "  Acme   Ltd ").unwrap();
        assert_eq!(name.as_str(), "Acme   Ltd");
        assert_eq!(name.folded(), "acme ltd");
    }

    #[test]
    fn a_name_is_the_same_however_it_was_typed() {
        let (composed, decomposed) = ("Soci\u{e9}t\u{e9}", "Socie\u{301}te\u{301}");
        assert_eq!(Name::parse("customer", decomposed).unwrap().as_str(), composed);
        for (one, other) in [
            (composed, decomposed),
            ("SOCIE\u{301}T\u{c9}", composed),
            ("Müller Straße", "MÜLLER STRASSE"),
            ("ΣΟΦΌΣ", "σοφός"),
            ("한국", "\u{1112}\u{1161}\u{11ab}\u{1100}\u{116e}\u{11a8}"),
            ("Acme\u{a0}\u{3000}Ltd", "acme ltd"),
        ] {
            assert_eq!(fold(one), fold(other), "{one} and {other}");
        }
        assert_ne!(fold("Resume"), fold("Résumé"), "an accent is a letter of its own");
        assert_eq!(fold(&fold("Straße İ ǅ ᾼ")), fold("Straße İ ǅ ᾼ"), "folding twice is folding once");
        let two_hundred = "e\u{301}".repeat(200);
        assert!(Name::parse("customer", &two_hundred).is_ok(), "what is seen as one character counts as one");
    }

    #[test]
    fn each_fault_of_a_text_has_its_name() {
        let fault = |text: &str| match Name::parse("customer", text) {
            Err(Refusal::TextInvalid { fault, .. }) => Some(fault),
            _ => None,
        };
        assert_eq!(fault(" \t "), Some(TextFault::Empty));
        assert_eq!(fault("a\nb"), Some(TextFault::Control { at: 2 }));
        assert_eq!(fault("a\0"), Some(TextFault::Control { at: 2 }));
        assert_eq!(fault("\u{202E}emcA"), Some(TextFault::Control { at: 1 }));
        assert_eq!(fault(&"é".repeat(201)), Some(TextFault::TooLong { most: 200 }));
        assert_eq!(fault(&"é".repeat(200)), None);
    }

    #[test]
    fn an_offer_reference_is_a_plain_word() {
        assert!(OfferRef::parse("basic-2").is_ok());
        for (bad, at) in [("2basic", 1), ("Basic", 1), ("ba sic", 3), ("basiç", 5)] {
            assert_eq!(
                OfferRef::parse(bad),
                Err(Refusal::TextInvalid { field: "offer", fault: TextFault::Character { at } }),
                "{bad}"
            );
        }
    }

    #[test]
    fn a_slip_of_the_finger_is_understood() {
        let offers = ["free", "basic", "standard", "advanced"];
        assert_eq!(nearest("bascic", offers), Some("basic"));
        assert_eq!(nearest("Standart", offers), Some("standard"));
        assert_eq!(nearest("zzz", offers), None);
    }
}
