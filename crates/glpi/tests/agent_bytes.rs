//! What the fuzzer holds agents' messages to, held to bytes that are made up here: real messages that were cut, mended and mixed, and
//! pieces of both formats in any order.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "test code fails by panicking")]

#[path = "../../../fuzz/checks/agent.rs"]
mod agent;

use latchkey_glpi::agent::Packing;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};

const MESSAGES: [&[u8]; 6] = [
    include_bytes!("../../../tests/fixtures/agent/contact.json"),
    include_bytes!("../../../tests/fixtures/agent/contact-daemon.json"),
    include_bytes!("../../../tests/fixtures/agent/inventory-partial.json"),
    include_bytes!("../../../tests/fixtures/agent/prolog.xml"),
    include_bytes!("../../../tests/fixtures/agent/inventory-legacy.xml"),
    br#"{"status":"ok","expiration":24,"tasks":{"inventory":{"server":"glpi"}}}"#,
];

const JSON: [&str; 24] = [
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    "\"",
    "\\",
    "null",
    "true",
    "1e9",
    "\"tag\":",
    "\"tag\":\"A\"",
    "\"t\\u0061g\":1",
    "\"partial\":true",
    "\"version\":\"1\"",
    "\"name\":\"\\n\"",
    "\"content\":{}",
    "\"content\":{\"hardware\":{\"uuid\":\"x\"}}",
    " ",
    "\"é\"",
    "\"action\":\"contact\"",
    "\"x\":[{}]",
    "\"deviceid\":\"b\"",
];

const XML: [&str; 22] = [
    "<REQUEST>",
    "</REQUEST>",
    "<CONTENT>",
    "</CONTENT>",
    "<ACCOUNTINFO>",
    "</ACCOUNTINFO>",
    "<KEYNAME>TAG</KEYNAME>",
    "<KEYVALUE>",
    "</KEYVALUE>",
    "<KEYVALUE/>",
    "<A/>",
    "<!--",
    "-->",
    "<![CDATA[",
    "]]>",
    "<",
    ">",
    "é",
    "&amp;",
    "<A b=\"",
    "\">",
    "<HARDWARE><UUID>1</UUID></HARDWARE>",
];

/// Something that happens to bytes on their way.
#[derive(Debug, Clone)]
enum Mishap {
    Cut(Index),
    Flip(Index, u8),
    Twice(Index, Index),
    Put(Index, Vec<u8>),
}

fn mishap() -> impl Strategy<Value = Mishap> {
    prop_oneof![
        any::<Index>().prop_map(Mishap::Cut),
        (any::<Index>(), any::<u8>()).prop_map(|(at, byte)| Mishap::Flip(at, byte)),
        (any::<Index>(), any::<Index>()).prop_map(|(from, to)| Mishap::Twice(from, to)),
        (any::<Index>(), vec(any::<u8>(), 0..8)).prop_map(|(at, bytes)| Mishap::Put(at, bytes)),
    ]
}

fn befallen(mut bytes: Vec<u8>, mishaps: &[Mishap]) -> Vec<u8> {
    for mishap in mishaps.iter().filter(|_| !bytes.is_empty()).cloned().collect::<Vec<_>>() {
        if bytes.is_empty() {
            break;
        }
        match mishap {
            Mishap::Cut(at) => bytes.truncate(at.index(bytes.len())),
            Mishap::Flip(at, byte) => {
                let at = at.index(bytes.len());
                bytes[at] ^= byte;
            }
            Mishap::Twice(from, to) => {
                let (from, to) = (from.index(bytes.len()), to.index(bytes.len()));
                let piece = bytes[from.min(to)..from.max(to)].to_vec();
                bytes.splice(from..from, piece);
            }
            Mishap::Put(at, put) => {
                let at = at.index(bytes.len());
                bytes.splice(at..at, put);
            }
        }
    }
    bytes
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn any_bytes(bytes in vec(any::<u8>(), 0..400)) {
        agent::json(&bytes);
        agent::xml(&bytes);
        agent::packings(&bytes);
        agent::letter(&bytes);
    }

    #[test]
    fn pieces_of_json(pieces in vec(select(&JSON[..]), 0..24)) {
        agent::json(pieces.concat().as_bytes());
        agent::json((pieces.join(",") + "}").as_bytes());
    }

    #[test]
    fn pieces_of_xml(pieces in vec(select(&XML[..]), 0..24)) {
        agent::xml(pieces.concat().as_bytes());
    }

    #[test]
    fn real_messages_that_something_befell(
        message in select(&MESSAGES[..]),
        packing in select(vec![Packing::Zlib, Packing::Gzip, Packing::Plain]),
        before in vec(mishap(), 0..3),
        after in vec(mishap(), 0..3),
    ) {
        let plain = befallen(message.to_vec(), &before);
        agent::structure(&plain);
        let packed = befallen(packing.pack(&plain), &after);
        agent::packings(&packed);
        agent::letter(&packed);
    }
}
