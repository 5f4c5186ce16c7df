//! A key that was pasted with a line break inside it.
//!
//! GLPI trims both ends of what was pasted and sends the rest raw, so a line break in the middle ends the header, what
//! follows is no header at all, and the request is malformed: no server would answer it with more than a bare 400, which
//! GLPI shows as "Unable to fetch registration information". It is the most common bad paste, so it is read all the same:
//! [`Mender`] marks the line breaks before the request is parsed, and [`crate::Question`] names them.
//!
//! Invariant: only bytes of the key's own value, and the line breaks that belong to it, are ever changed.

use latchkey_key::{Damage, WhiteSpaceKind, registration};
use memchr::memchr;

use crate::headers;

/// What marks a control byte that cannot stand in a header: its highest bit, which no character of a key has.
const MARK: u8 = 0x80;
const CR: u8 = b'\r' | MARK;
const LF: u8 = b'\n' | MARK;

/// Reads along with a connection and marks what would make the header with the key malformed. It follows requests
/// without a body, one after another, and stops for good at anything else.
///
/// A line has to arrive in one piece to be mended, as a GLPI's does; one that is torn stays what it was.
#[derive(Debug, Default)]
pub struct Mender {
    place: Place,
}

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// A request is to begin.
    #[default]
    Between,
    /// In the head of a request.
    Head,
    /// In something that is none of ours.
    Elsewhere,
}

impl Mender {
    /// Looks at the next bytes of the connection, and changes those that have to be.
    pub fn mend(&mut self, received: &mut [u8]) {
        let mut rest = received;
        while !rest.is_empty() && self.place != Place::Elsewhere {
            if self.place == Place::Between {
                self.place = if rest.starts_with(b"GET ") { Place::Head } else { Place::Elsewhere };
                continue;
            }
            let end = mend_lines(rest);
            if let Some(end) = end {
                self.place = Place::Between;
                rest = &mut rest[end..];
            } else {
                break;
            }
        }
    }
}

/// Mends the lines of a head; where it ends in these bytes, gives the place after it.
fn mend_lines(head: &mut [u8]) -> Option<usize> {
    let mut line_begins = 0;
    // Where the value of the key's header begins, while its lines are being read.
    let mut value: Option<usize> = None;
    while let Some(length) = memchr(b'\n', &head[line_begins..]) {
        let line_ends = line_begins + length;
        let line = head[line_begins..line_ends].trim_ascii_end();
        // At the very beginning it may be the end of a line whose beginning came before.
        if line.is_empty() && line_begins > 0 {
            return Some(line_ends + 1);
        }
        match value {
            Some(begins) if !is_a_header(line) => mark(&mut head[begins..line_begins]),
            _ => value = names_the_key(line).then_some(line_begins + headers::REGISTRATION_KEY.len() + 1),
        }
        if let Some(begins) = value {
            let ends = line_begins + head[line_begins..line_ends].trim_ascii_end().len();
            mark(&mut head[begins..ends.max(begins)]);
        }
        line_begins = line_ends + 1;
    }
    None
}

/// What is wrong with a key in which [`Mender`] marked a line break; `None` where it did not.
pub(crate) fn line_break(text: &[u8]) -> Option<Damage> {
    // Nothing that was marked is ASCII; a good key is no more than that.
    if text.is_ascii() {
        return None;
    }
    let after = text.iter().position(|byte| matches!(*byte, CR | LF))?;
    // A whole key before the break: what follows is another paste, or a signature line.
    if registration::read(&text[..after]).is_ok() {
        return Some(Damage::Trailing { after });
    }
    let kept = |byte: &u8| !matches!(*byte, CR | LF) && !byte.is_ascii_whitespace();
    let without: Vec<u8> = text.iter().copied().filter(kept).collect();
    let whole_without = registration::read(&without).is_ok();
    Some(Damage::WhiteSpace { after, kind: WhiteSpaceKind::LineBreak, whole_without })
}

/// Whether a line can be a header at all: a name without blanks, then a colon.
fn is_a_header(line: &[u8]) -> bool {
    let name = line.iter().position(|byte| *byte == b':').map(|colon| &line[..colon]);
    name.is_some_and(|name| {
        !name.is_empty() && name.iter().all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(byte))
    })
}

fn names_the_key(line: &[u8]) -> bool {
    let name = headers::REGISTRATION_KEY.as_bytes();
    line.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name)) && line.get(name.len()) == Some(&b':')
}

fn mark(value: &mut [u8]) {
    // Looked at first, for a value that has nothing to be marked is the rule, and reading alone goes many bytes at a time.
    let is_marked = |byte: u8| (byte < b' ' && byte != b'\t') || byte == 0x7f;
    if value.iter().fold(false, |found, byte| found | is_marked(*byte)) {
        value.iter_mut().filter(|byte| is_marked(**byte)).for_each(|byte| *byte |= MARK);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Question;
    use proptest::prelude::*;

    fn mended(request: &str) -> Vec<u8> {
        let mut bytes = request.as_bytes().to_vec();
        // The first bytes of a connection arrive alone where a server first looks which protocol it is.
        let (first, rest) = bytes.split_at_mut(20.min(request.len()));
        let mut mender = Mender::default();
        mender.mend(first);
        mender.mend(rest);
        bytes
    }

    fn request(key: &str) -> String {
        format!("GET /api/registration/info HTTP/1.1\r\nHost: a\r\nX-Registration-Key: {key}\r\nX-Other: b\r\n\r\n")
    }

    #[test]
    fn a_line_break_in_the_key_is_marked_and_named() {
        for (broken, after) in [
            ("eyJ2\r\nIjox", 4),
            ("eyJ2Ij\nox", 6),
            ("e\r\nyJ2\r\nIjox", 1),
            ("eyJ2\r\nBest regards: Bob", 4),
            ("eyJ2\r\n  Ijox", 4),
        ] {
            let bytes = mended(&request(broken));
            let begins = bytes.windows(5).position(|bytes| bytes == b"Key: ").unwrap() + 5;
            let ends = begins + broken.len();
            assert_eq!(&bytes[ends..], b"\r\nX-Other: b\r\n\r\n");
            let question = Question::read(|name| (name == headers::REGISTRATION_KEY).then_some(&bytes[begins..ends]));
            let Err(Damage::WhiteSpace { after: found, kind, .. }) = question.key() else {
                panic!("{broken:?}: {:?}", question.key())
            };
            assert_eq!((found, kind), (after, WhiteSpaceKind::LineBreak), "{broken:?}");
        }
    }

    #[test]
    fn later_requests_on_a_connection_are_mended_too() {
        let broken = request("eyJ2\r\nIjox");
        let twice = format!("{}{broken}", request("good"));
        assert_eq!(mended(&twice)[request("good").len()..], mended(&broken));
    }

    #[test]
    fn other_control_bytes_in_the_key_are_marked() {
        assert_eq!(
            mended("GET / HTTP/1.1\r\nHost: abc\r\nX-REGISTRATION-KEY:a\x01b\x7f\tc\r\n\r\n")[46..],
            *b"a\x81b\xff\tc\r\n\r\n"
        );
    }

    #[test]
    fn a_good_request_is_left_as_it_is() {
        for request in [
            request("eyJ2Ijox"),
            "GET / HTTP/1.1\r\nHost: a\r\n\r\n".into(),
            "GET / HTTP/1.1\r\nHost: a\r\nX-Registration-Key: a\r\nb: c\r\n\r\n".into(),
            "GET / HTTP/1.1\r\nHost: a\r\nno colon here\r\n\r\n".into(),
            "POST / HTTP/1.1\r\nX-Registration-Key: a\r\nb\r\n\r\n".into(),
            "GET / HTTP/1.1\r\nHost: a\r\n\r\nX-Registration-Key: a\r\nb\r\n".into(),
            "GET / HTTP/1.1\r\nX-Registration-Keys: a\r\nb\r\n\r\n".into(),
        ] {
            assert_eq!(mended(&request), request.as_bytes());
        }
    }

    proptest! {
        #[test]
        fn nothing_panics_and_nothing_but_control_bytes_changes(mut bytes: Vec<u8>, head in any::<bool>()) {
            if head {
                bytes.splice(0..0, *b"GET / HTTP/1.1\r\nX-Registration-Key: ");
            }
            let before = bytes.clone();
            Mender::default().mend(&mut bytes);
            for (was, is) in before.iter().zip(&bytes) {
                prop_assert!(was == is || (was.is_ascii_control() && *is == was | MARK));
            }
        }
    }
}
