//! Where everything stands in a registration key's JSON. Both the writer and the diagnosis follow it.
//!
//! The invariant: the positions of a [`Layout`] describe exactly the JSON the writer makes, except that they take any ten
//! date-shaped characters for a date.

use crate::damage::Part;
use crate::date::IssueDate;
use crate::ids::{KeyId, PublisherId, SigningKeyId};

use super::SIGNATURE_TEXT;

pub(super) const OPEN: &[u8] = br#"{"v":1,"kid":""#;
pub(super) const TO_ID: &[u8] = br#"","id":""#;
pub(super) const TO_ISSUED: &[u8] = br#"","iat":""#;
pub(super) const END_OF_SIGNED: &[u8] = br#"""#;
pub(super) const TO_SIGNATURE: &[u8] = br#","signature":""#;
pub(super) const CLOSE: &[u8] = br#""}"#;

pub(super) const JSON_WITHOUT_KID: usize = OPEN.len()
    + TO_ID.len()
    + KeyId::TEXT_LENGTH
    + TO_ISSUED.len()
    + IssueDate::TEXT_LENGTH
    + END_OF_SIGNED.len()
    + TO_SIGNATURE.len()
    + SIGNATURE_TEXT
    + CLOSE.len();

/// A number has one to this many digits.
pub(super) const MAX_DIGITS: usize = SigningKeyId::MAX_NUMBER.ilog10() as usize + 1;

pub(super) const MAX_JSON: usize = JSON_WITHOUT_KID + PublisherId::LENGTH + 1 + MAX_DIGITS;

/// So many characters of a key's text hold its id, however many digits its signing key's number has.
pub(super) const UP_TO_ID: usize =
    (OPEN.len() + PublisherId::LENGTH + 1 + MAX_DIGITS + TO_ID.len() + KeyId::TEXT_LENGTH).div_ceil(3) * 4;

/// The shape of all keys whose signing key's number has the same count of digits.
pub(super) struct Layout {
    positions: Vec<(Class, Part)>,
    date_begins: usize,
}

#[derive(Clone, Copy)]
enum Class {
    Exactly(u8),
    Publisher,
    FirstDigit,
    Digit,
    Hex,
    Base64,
    /// The last of 86 characters carries two bits; the other four are zero.
    LastBase64,
}

impl Layout {
    /// Every layout there is.
    pub(super) fn all() -> impl Iterator<Item = Self> {
        (1..=MAX_DIGITS).map(Self::with_digits)
    }

    fn with_digits(digits: usize) -> Self {
        let mut layout = Self { positions: Vec::with_capacity(MAX_JSON), date_begins: 0 };
        layout.exactly(br#"{"v":"#, Part::Layout);
        layout.exactly(b"1,", Part::Version);
        layout.exactly(br#""kid":""#, Part::Layout);
        layout.repeat(Class::Publisher, PublisherId::LENGTH, Part::SigningKey);
        layout.exactly(b"-", Part::SigningKey);
        layout.repeat(Class::FirstDigit, 1, Part::SigningKey);
        layout.repeat(Class::Digit, digits - 1, Part::SigningKey);
        layout.next_member(TO_ID, Part::SigningKey);
        layout.repeat(Class::Hex, KeyId::TEXT_LENGTH, Part::KeyId);
        layout.next_member(TO_ISSUED, Part::KeyId);
        layout.date_begins = layout.positions.len();
        for (digits, then) in [(4, b"-".as_slice()), (2, b"-"), (2, END_OF_SIGNED)] {
            layout.repeat(Class::Digit, digits, Part::IssueDate);
            layout.exactly(then, Part::IssueDate);
        }
        layout.exactly(TO_SIGNATURE, Part::Layout);
        layout.repeat(Class::Base64, SIGNATURE_TEXT - 1, Part::Signature);
        layout.repeat(Class::LastBase64, 1, Part::Signature);
        layout.next_member(CLOSE, Part::Signature);
        layout
    }

    pub(super) fn len(&self) -> usize {
        self.positions.len()
    }

    /// Whether `json` is the beginning of a key of this layout, or all of it.
    pub(super) fn begins_with(&self, json: &[u8]) -> bool {
        self.first_fault(json).is_none()
    }

    /// Whether a shorter `json` is the end of a key of this layout.
    pub(super) fn ends_with(&self, json: &[u8]) -> bool {
        let Some(offset) = self.len().checked_sub(json.len()).filter(|offset| *offset > 0) else { return false };
        self.positions[offset..].iter().zip(json).all(|((class, _), byte)| class.takes(*byte))
    }

    /// Where `json` first departs from this layout, and in which part. What follows a whole key is not looked at.
    pub(super) fn first_fault(&self, json: &[u8]) -> Option<(usize, Part)> {
        let fault = self.positions.iter().zip(json).position(|((class, _), byte)| !class.takes(*byte));
        let date = json.get(self.date_begins..).map(|rest| &rest[..rest.len().min(IssueDate::TEXT_LENGTH)]);
        let date_ends = date.map_or(0, |date| self.date_begins + date.len());
        match fault {
            Some(at) if at < date_ends => Some((at, self.positions[at].1)),
            Some(_) | None if date.is_some_and(|date| !may_become_a_date(date)) => {
                Some((self.date_begins, Part::IssueDate))
            }
            Some(at) => Some((at, self.positions[at].1)),
            None => None,
        }
    }

    /// How many bytes of `json` could stand where they stand.
    pub(super) fn resemblance(&self, json: &[u8]) -> usize {
        self.positions.iter().zip(json).filter(|((class, _), byte)| class.takes(**byte)).count()
    }

    fn repeat(&mut self, class: Class, times: usize, part: Part) {
        self.positions.extend(std::iter::repeat_n((class, part), times));
    }

    fn exactly(&mut self, bytes: &[u8], part: Part) {
        self.positions.extend(bytes.iter().map(|byte| (Class::Exactly(*byte), part)));
    }

    /// The quote that should end a value belongs to the value: where it is missing, the value is too long.
    fn next_member(&mut self, bytes: &[u8], ended: Part) {
        let (quote, rest) = bytes.split_at(1);
        self.exactly(quote, ended);
        self.exactly(rest, Part::Layout);
    }
}

impl Class {
    fn takes(self, byte: u8) -> bool {
        match self {
            Self::Exactly(only) => byte == only,
            Self::Publisher => PublisherId::ALPHABET.contains(&byte),
            Self::FirstDigit => matches!(byte, b'1'..=b'9'),
            Self::Digit => byte.is_ascii_digit(),
            Self::Hex => matches!(byte, b'0'..=b'9' | b'a'..=b'f'),
            Self::Base64 => byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/'),
            Self::LastBase64 => matches!(byte, b'A' | b'Q' | b'g' | b'w'),
        }
    }
}

/// Whether some day's text begins with these at most ten date-shaped characters.
fn may_become_a_date(beginning: &[u8]) -> bool {
    // Every incomplete year can become a leap year.
    let mut text = *b"2000-01-01";
    text[..beginning.len()].copy_from_slice(beginning);
    let is_date = |text: &[u8]| std::str::from_utf8(text).is_ok_and(|text| text.parse::<IssueDate>().is_ok());
    match beginning.len() {
        0..4 => true,
        4..IssueDate::TEXT_LENGTH => (1..=12).any(|month| {
            (1..=31).any(|day| {
                let Ok(date) = IssueDate::new(2000, month, day) else { return false };
                text[5..].copy_from_slice(&date.to_ascii()[5..]);
                text.starts_with(beginning) && is_date(&text)
            })
        }),
        _ => is_date(&text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn beginnings_of_dates() {
        for beginning in
            ["", "0", "000", "0001", "2026-", "2026-1", "2026-0", "2026-02-2", "2024-02-29", "2026-1", "9999-12-31"]
        {
            assert!(may_become_a_date(beginning.as_bytes()), "{beginning}");
        }
        for beginning in ["0000", "2026-2", "2026-13", "2026-00", "2026-02-3", "2023-02-29", "2026-04-31"] {
            assert!(!may_become_a_date(beginning.as_bytes()), "{beginning}");
        }
    }

    #[test]
    fn the_constants_agree_with_the_positions() {
        let lengths: Vec<_> = Layout::all().map(|layout| layout.len()).collect();
        assert_eq!(lengths, [186, 187, 188, 189, 190, 191]);
        assert_eq!((lengths[0], lengths[5]), (JSON_WITHOUT_KID + PublisherId::LENGTH + 2, MAX_JSON));
        for length in lengths {
            assert!(super::super::TEXT_LENGTHS.contains(&(length.div_ceil(3) * 4)));
        }
    }
}
