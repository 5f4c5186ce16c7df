//! What a stock GLPI sends, as it was captured from a real one, and what it would make of the answer.

use std::net::SocketAddr;

use serde_json::Value;

use crate::Failed;

/// Requests that were captured from a GLPI 10.0.19, every header in its order.
const CAPTURED: &str = include_str!("../../tests/fixtures/glpi/requests-10.0.19.json");
/// The question that is measured.
pub(crate) const PATH: &str = "/api/registration/info";

/// Characters of a UID.
const UID_LENGTH: usize = 40;

/// A question about a key, but for the key and for which GLPI asks.
#[derive(Clone)]
pub(crate) struct Question {
    before: Vec<u8>,
    between: Vec<u8>,
    after: Vec<u8>,
}

/// An answer that was read to its end.
pub(crate) struct Answer<'a> {
    head: &'a [u8],
    pub(crate) body: &'a [u8],
}

impl Question {
    /// The captured one, to a server of ours.
    pub(crate) fn to(server: SocketAddr) -> Result<Self, Failed> {
        let captured: Value = serde_json::from_str(CAPTURED)?;
        let question = captured.as_array().into_iter().flatten().find(|request| request["path"] == PATH);
        let headers = question.and_then(|request| request["headers"].as_array()).ok_or("no captured question")?;
        // What stands before the key, between the key and the UID, and after it.
        let mut parts = vec![format!("GET {PATH} HTTP/1.1\r\n")];
        for header in headers {
            let [Some(name), Some(value)] = [header[0].as_str(), header[1].as_str()] else {
                return Err("a captured header is no text".into());
            };
            let Some(into) = parts.last_mut() else { continue };
            match name {
                "Host" => into.push_str(&format!("{name}: {server}\r\n")),
                "X-Registration-Key" | "X-Glpi-Network-Uid" => {
                    into.push_str(&format!("{name}: "));
                    parts.push("\r\n".to_owned());
                }
                _ => into.push_str(&format!("{name}: {value}\r\n")),
            }
        }
        let [before, between, after] = parts.try_into().map_err(|_| "the captured question has no key, or no UID")?;
        let after = after + "\r\n";
        Ok(Self { before: before.into_bytes(), between: between.into_bytes(), after: after.into_bytes() })
    }

    /// Writes the question about this key, from the GLPI that it is bound to.
    pub(crate) fn write(&self, key: &[u8], into: &mut Vec<u8>) {
        into.clear();
        into.extend_from_slice(&self.before);
        into.extend_from_slice(key);
        into.extend_from_slice(&self.between);
        into.extend_from_slice(&uid_of(key));
        into.extend_from_slice(&self.after);
    }
}

/// The UID of the GLPI that has this key: each has another one, made of the end of the key's signature.
pub(crate) fn uid_of(key: &[u8]) -> [u8; UID_LENGTH] {
    // The very last characters are those of brackets.
    let end = key.len().saturating_sub(8);
    let mut uid = [b'0'; UID_LENGTH];
    for (into, byte) in uid.iter_mut().zip(&key[end.saturating_sub(UID_LENGTH)..end]) {
        *into = if byte.is_ascii_alphanumeric() { *byte } else { b'0' };
    }
    uid
}

impl<'a> Answer<'a> {
    /// The answer, once all of it is there.
    pub(crate) fn read(bytes: &'a [u8]) -> Result<Option<Self>, Failed> {
        let Some(end) = find(bytes, b"\r\n\r\n") else { return Ok(None) };
        let head = &bytes[..end];
        let length = head.split(|byte| *byte == b'\n').find_map(|line| {
            let (name, value) = line.split_at_checked(16)?;
            name.eq_ignore_ascii_case(b"content-length: ").then(|| str::from_utf8(value).ok()?.trim().parse().ok())?
        });
        let length: usize = length.ok_or("an answer without a length")?;
        let body = &bytes[end + 4..];
        match body.len() {
            there if there < length => Ok(None),
            there if there == length => Ok(Some(Self { head, body })),
            _ => Err("an answer that is longer than it says".into()),
        }
    }

    pub(crate) fn status(&self) -> &'a [u8] {
        self.head.get(9..12).unwrap_or_default()
    }

    /// What GLPI takes from it, where it is an answer about a key.
    pub(crate) fn is_valid(&self) -> Option<bool> {
        if self.status() != b"200" {
            return None;
        }
        let says = |text: &[u8]| self.body.starts_with(text) || find(self.body, &text[1..]).is_some();
        match (says(br#"{"is_valid":true"#), says(br#"{"is_valid":false"#)) {
            (true, false) => Some(true),
            (false, true) => Some(false),
            _ => None,
        }
    }

    pub(crate) fn shown(&self) -> String {
        format!("{}\n{}", String::from_utf8_lossy(self.head), String::from_utf8_lossy(self.body))
    }
}

fn find(bytes: &[u8], part: &[u8]) -> Option<usize> {
    bytes.windows(part.len()).position(|window| window == part)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_question_is_the_captured_one_with_a_key_in_it() {
        let question = Question::to("127.0.0.1:7070".parse().unwrap()).unwrap();
        let mut bytes = Vec::new();
        question.write(b"KEY", &mut bytes);
        let text = String::from_utf8(bytes).unwrap();
        assert!(text.starts_with("GET /api/registration/info HTTP/1.1\r\nHost: 127.0.0.1:7070\r\n"), "{text}");
        let uid = "0".repeat(UID_LENGTH);
        assert!(text.contains(&format!("\r\nX-Registration-Key: KEY\r\nX-Glpi-Network-Uid: {uid}\r\n")), "{text}");
        assert!(text.ends_with("\r\n\r\n") && text.contains("\r\nUser-Agent: GLPI/10.0.19"), "{text}");
    }

    #[test]
    fn an_answer_is_whole_or_not_there() {
        let text = b"HTTP/1.1 200 OK\r\nContent-Length: 17\r\n\r\n{\"is_valid\":true}";
        for end in 0..text.len() {
            assert!(Answer::read(&text[..end]).ok().flatten().is_none(), "{end}");
        }
        assert_eq!(Answer::read(text).unwrap().unwrap().is_valid(), Some(true));
        assert!(Answer::read(&[text.as_slice(), b"x"].concat()).is_err());
        let other = b"HTTP/1.1 503 No\r\nContent-Length: 18\r\n\r\n{\"is_valid\":false}";
        assert_eq!(Answer::read(other).unwrap().unwrap().is_valid(), None);
    }
}
