//! What a page says about what was done on the one before: kept in a cookie for the one moment between the two.

use std::fmt::Write as _;

use axum::http::HeaderValue;
use latchkey_texts::console::{Shown, is_word, word};
use serde::{Deserialize, Serialize};

use super::reader::Reader;

/// The cookie.
pub(super) const COOKIE: &str = "latchkey_notice";
/// A longer one is not ours.
const LONGEST: usize = 1_024;

/// A text by its name, and the values that it shows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Notice {
    name: String,
    values: Vec<(String, String)>,
}

impl Notice {
    /// Says the text of this name.
    pub(crate) fn new(name: &str) -> Self {
        Self { name: name.to_owned(), values: Vec::new() }
    }

    /// It shows this value.
    pub(crate) fn with(mut self, name: &str, value: impl ToString) -> Self {
        self.values.push((name.to_owned(), value.to_string()));
        self
    }

    pub(super) fn say(&self, reader: &Reader) -> String {
        let values: Vec<_> = self.values.iter().map(|(name, value)| (name.as_str(), Shown::Text(value))).collect();
        word(reader.language, &self.name, &values)
    }

    /// The cookie's value that [`Notice::read`] reads.
    pub(super) fn cookie(&self, secure: bool) -> Option<HeaderValue> {
        let mut text = String::new();
        for part in std::iter::once(&self.name).chain(self.values.iter().flat_map(|(name, value)| [name, value])) {
            // A byte is at most three characters; writing to a string cannot fail.
            for byte in part.bytes() {
                let _ = match byte {
                    b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' => write!(text, "{}", char::from(byte)),
                    other => write!(text, "%{other:02x}"),
                };
            }
            text.push('.');
        }
        if text.len() > LONGEST {
            return None;
        }
        let secure = if secure { "; Secure" } else { "" };
        format!("{COOKIE}={text}; Path=/console; Max-Age=60; HttpOnly; SameSite=Lax{secure}").parse().ok()
    }

    /// Reads a cookie's value; what is not ours says nothing.
    pub(super) fn read(value: &str) -> Option<Self> {
        if value.len() > LONGEST {
            return None;
        }
        let mut parts = value.split_terminator('.').map(decoded);
        let name = parts.next()??;
        let mut values = Vec::new();
        while let Some(name) = parts.next() {
            values.push((name?, parts.next()??));
        }
        (name.starts_with("done-") && is_word(&name)).then_some(Self { name, values })
    }
}

fn decoded(part: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(part.len());
    let mut rest = part.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'%' => {
                let hex = [rest.next()?, rest.next()?];
                u8::from_str_radix(std::str::from_utf8(&hex).ok()?, 16).ok()?
            }
            other => other,
        });
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_notice_survives_its_cookie() {
        let notice = Notice::new("done-customer-added").with("customer", "Société; Générale = 100 %.");
        let cookie = notice.cookie(true).unwrap();
        let text = cookie.to_str().unwrap();
        let value = text.split(';').next().unwrap().split_once('=').unwrap().1;
        assert_eq!(Notice::read(value), Some(notice));
        assert!(text.ends_with("; Secure"), "{text}");
    }

    #[test]
    fn what_is_not_ours_says_nothing() {
        for value in ["", "x.", "customers-title.", "done-customer-added.customer.", "done-%zz.", &"a".repeat(2_000)] {
            assert_eq!(Notice::read(value), None, "{value}");
        }
    }
}
