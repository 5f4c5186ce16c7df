//! What is understood of the headers that arrive: GLPI's own, and any others.

#![allow(clippy::unwrap_used, reason = "the helpers of a test may fail as loudly as the test")]

use latchkey_glpi::{InstanceUid, Question, UidFault, headers};
use latchkey_key::{Damage, IssueDate, KeyId, Signer, SigningKeyId, registration};
use latchkey_texts::Language;
use proptest::prelude::*;
use serde_json::Value;

/// What an unmodified GLPI 10.0.19 sent to a service that only listened.
const REQUESTS: &str = include_str!("../../../tests/fixtures/glpi/requests-10.0.19.json");
const UID: &str = "7Bi5W7oTTA6tGL3nqM9vffhBKrQS8bTQR6IVdVvn";

fn key_text() -> String {
    let signer = Signer::from_seed("7k2m9xqd-1".parse::<SigningKeyId>().unwrap(), [7; 32]);
    registration::issue(&signer, key_id(), IssueDate::new(2026, 3, 1).unwrap()).to_text()
}

fn key_id() -> KeyId {
    "0198c1de-7a3b-7c4d-8e5f-60718293a4b5".parse().unwrap()
}

fn read<'a>(pairs: &[(&str, &'a [u8])]) -> Question<'a> {
    Question::read(|name| pairs.iter().find(|(header, _)| header.eq_ignore_ascii_case(name)).map(|(_, value)| *value))
}

#[test]
fn every_request_of_glpi_10_0_19_is_understood() {
    let requests: Vec<Value> = serde_json::from_str(REQUESTS).unwrap();
    assert_eq!(requests.len(), 10);
    for request in &requests {
        let path = request["path"].as_str().unwrap();
        let pairs: Vec<(&str, &[u8])> = request["headers"]
            .as_array()
            .unwrap()
            .iter()
            .map(|pair| (pair[0].as_str().unwrap(), pair[1].as_str().unwrap().as_bytes()))
            .collect();
        let sent = |name: &str| pairs.iter().any(|(header, _)| header.eq_ignore_ascii_case(name));
        let question = read(&pairs);

        let asker = question.asker.unwrap();
        assert_eq!(asker.version.to_string(), "10.0.19", "{path}");
        assert_eq!(question.language, Language::English, "{path}");
        // The capture names the key instead of showing one, so it is a text that is no key.
        if sent("X-Registration-Key") {
            assert_eq!(asker.installation_mode, Some("TARBALL"), "{path}");
            assert_eq!(question.uid.map(|uid| uid.to_string()), Ok(UID.to_owned()), "{path}");
            assert_eq!(question.text, b"<the registration key>", "{path}");
            assert!(!matches!(question.key(), Ok(_) | Err(Damage::Missing)), "{path}");
        } else {
            assert_eq!(asker.installation_mode, None, "{path}");
            assert_eq!(question.uid, Err(UidFault::Absent), "{path}");
            assert_eq!(question.key(), Err(Damage::Missing), "{path}");
        }
    }
    let with_key = |request: &&Value| request.to_string().contains("X-Registration-Key");
    assert_eq!(requests.iter().filter(with_key).count(), 8);
}

#[test]
fn a_whole_question_is_read() {
    let text = key_text();
    let padded = format!(" {text}\t");
    let question = read(&[
        ("X-Registration-Key", padded.as_bytes()),
        ("X-Glpi-Network-Uid", UID.as_bytes()),
        ("User-Agent", b"GLPI/11.0.0-beta (installation-mode:GIT)"),
        ("Accept-Language", b"fr"),
    ]);
    assert_eq!(question.text, text.as_bytes());
    assert_eq!(question.key().as_ref().map(|key| key.id), Ok(key_id()));
    assert_eq!(question.uid, InstanceUid::parse(UID.as_bytes()));
    assert_eq!(question.asker.map(|asker| asker.version.suffix), Some(Some("beta")));
    assert_eq!(question.language, Language::French);
}

#[test]
fn a_question_is_printed_without_its_key() {
    let text = key_text();
    let printed = format!("{:?}", read(&[("x-registration-key", text.as_bytes())]));
    assert!(printed.contains("0198c1de"), "{printed}");
    assert!(!printed.contains(&text[..20]) && !printed.contains("signature"), "{printed}");
}

#[test]
fn no_headers_are_a_question_too() {
    let question = Question::read(|_| None);
    assert_eq!((question.text, question.key()), (b"".as_slice(), Err(Damage::Missing)));
    assert_eq!((question.uid, question.asker), (Err(UidFault::Absent), None));
    assert_eq!(question.language, Language::English);
}

#[test]
fn headers_of_8_kilobytes_are_refused_by_name() {
    let long = b"A".repeat(8_192);
    let question = Question::read(|_| Some(&long));
    assert_eq!(question.key(), Err(Damage::TooLong { len: 8_192 }));
    assert_eq!(question.uid, Err(UidFault::TooLong { len: 8_192 }));
    assert_eq!((question.asker, question.language), (None, Language::English));
}

#[test]
fn headers_that_are_not_text_are_refused_by_name() {
    let bytes = [0xFF; 40];
    let question = Question::read(|_| Some(&bytes));
    assert_eq!(question.key(), Err(Damage::WrongAlphabet { at: 1, byte: 0xFF }));
    assert_eq!(question.uid, Err(UidFault::Character { at: 1 }));
    assert_eq!((question.asker, question.language), (None, Language::English));
}

proptest! {
    #[test]
    fn any_bytes_are_one_question(
        key in proptest::collection::vec(any::<u8>(), 0..600),
        uid in proptest::collection::vec(any::<u8>(), 0..60),
        agent in proptest::collection::vec(any::<u8>(), 0..200),
        language in proptest::collection::vec(any::<u8>(), 0..60),
    ) {
        let header = |name: &str| match name {
            headers::REGISTRATION_KEY => Some(key.as_slice()),
            headers::INSTANCE_UID => Some(uid.as_slice()),
            headers::USER_AGENT => Some(agent.as_slice()),
            headers::ACCEPT_LANGUAGE => Some(language.as_slice()),
            _ => None,
        };
        let question = Question::read(header);
        prop_assert_eq!(question.text, key.trim_ascii());
        prop_assert!(question.key().is_err());
        if let Ok(uid) = question.uid {
            prop_assert_eq!(uid.as_str().len(), InstanceUid::LENGTH);
        }
    }

    #[test]
    fn a_key_with_one_byte_changed_is_another_question(at in 0_usize..248, byte in any::<u8>()) {
        let mut text = key_text().into_bytes();
        let at = at % text.len();
        let same = text[at] == byte;
        text[at] = byte;
        let question = Question::read(|name| (name == headers::REGISTRATION_KEY).then_some(text.as_slice()));
        // A signature may still be well formed, but then it is another text: the store and the signature tell.
        prop_assert!(question.key().map_or(true, |key| same || key.to_text() != key_text()));
    }
}
