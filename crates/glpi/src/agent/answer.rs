//! What agents are told: by us, in the format of their message; and what GLPI tells them, as far as it matters to us.

use std::borrow::Cow;

use latchkey_domain::enrollment::Voice;
use serde::de::IgnoredAny;
use serde::{Deserialize, Serialize};
use serde_json::json;
use serde_json::value::RawValue;

use super::{Format, Packing, What};

/// The most bytes of a packed answer of GLPI that are unpacked to look at it.
const LONGEST: usize = 1 << 20;
/// The version that the default answer names where GLPI was never heard: the first that takes inventories by itself.
const FIRST_VERSION: &str = "10.0.0";

/// What GLPI, or we in its place, say.
#[derive(Deserialize)]
struct Said<'a> {
    #[serde(borrow)]
    status: Cow<'a, str>,
    #[serde(borrow, default)]
    tasks: Option<&'a RawValue>,
}

/// A refusal in the words of the agents' protocol: nothing is to be sent before `hours` are over.
pub fn refusal(format: Format, message: &str, hours: u32) -> Vec<u8> {
    #[derive(Serialize)]
    struct Refusal<'r> {
        status: &'static str,
        message: &'r str,
        expiration: u32,
    }
    match format {
        Format::Json => {
            serde_json::to_vec(&Refusal { status: "error", message, expiration: hours }).unwrap_or_default()
        }
        Format::Xml => {
            let message = escaped(message);
            format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<REPLY><PROLOG_FREQ>{hours}</PROLOG_FREQ><ERROR>{message}</ERROR></REPLY>\n")
                .into_bytes()
        }
    }
}

/// What GLPI would say to a message if it were there, where it never said anything to this agent. `hours` is when the agent
/// comes again. It always has `tasks`: without them an agent falls back to the old protocol.
pub fn in_place_of_glpi(what: What, format: Format, hours: u32) -> Vec<u8> {
    match (what, format) {
        (What::Prolog, Format::Xml) | (What::Contact, _) | (What::Prolog, Format::Json) => {
            let task = json!({ "inventory": { "server": "glpi", "version": FIRST_VERSION } });
            json!({ "status": "ok", "expiration": hours, "tasks": task }).to_string().into_bytes()
        }
        (What::Inventory { .. } | What::Task, Format::Xml) => {
            b"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<REPLY></REPLY>\n".to_vec()
        }
        (What::Inventory { .. } | What::Task, Format::Json) => {
            json!({ "status": "ok", "expiration": hours }).to_string().into_bytes()
        }
        // No jobs.
        (What::Question, _) => b"{}".to_vec(),
    }
}

/// The same to an agent of the old protocol, which knows no JSON: it is told to send its inventory.
pub fn in_place_of_old_glpi(hours: u32) -> Vec<u8> {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<REPLY><PROLOG_FREQ>{hours}</PROLOG_FREQ><RESPONSE>SEND</RESPONSE></REPLY>\n"
    )
    .into_bytes()
}

/// What GLPI's answer is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heard {
    /// Its words, unpacked.
    pub body: Vec<u8>,
    /// How they were packed.
    pub packing: Packing,
    /// Whose they are.
    pub voice: Voice,
    /// Whether they let an agent go on with its tasks: what may be said again in GLPI's place.
    pub good: bool,
}

/// Looks at an answer of GLPI.
pub fn heard(body: &[u8]) -> Heard {
    let packing = Packing::of(body);
    let plain = packing.unpack(body, LONGEST).unwrap_or_default();
    let said: Option<Said<'_>> = serde_json::from_slice(&plain).ok();
    let has = |word: &[u8]| memchr::memmem::find(&plain, word).is_some();
    let (good, voice) = match &said {
        Some(said) if said.status == "ok" => (said.tasks.is_none_or(|tasks| !is_empty(tasks)), Voice::Own),
        _ if is_switched_off(&plain) => (false, Voice::SwitchedOff),
        Some(said) if said.status == "error" => (false, Voice::Objects),
        Some(_) => (false, Voice::Own),
        None if has(b"<REPLY") => (has(b"<RESPONSE>"), if has(b"<ERROR>") { Voice::Objects } else { Voice::Own }),
        None if plain.is_empty() || serde_json::from_slice::<IgnoredAny>(&plain).is_ok() => (false, Voice::Program),
        None => (false, Voice::Foreign),
    };
    Heard { voice, packing, good, body: plain }
}

/// Whether GLPI says that it takes no inventories.
fn is_switched_off(plain: &[u8]) -> bool {
    let lower = String::from_utf8_lossy(&plain[..plain.len().min(4_096)]).to_ascii_lowercase();
    lower.contains("inventory is disabled") || lower.contains("inventory disabled")
}

fn is_empty(tasks: &RawValue) -> bool {
    let inside = |open, close| tasks.get().strip_prefix(open).and_then(|rest| rest.strip_suffix(close));
    inside('{', '}').or_else(|| inside('[', ']')).is_some_and(|inside| inside.trim().is_empty())
}

/// How words are written.
pub fn format_of(body: &[u8]) -> Format {
    match body.iter().find(|byte| !byte.is_ascii_whitespace()) {
        Some(b'<') => Format::Xml,
        Some(_) | None => Format::Json,
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_default_answer_always_has_tasks() {
        for what in [What::Prolog, What::Contact] {
            let text = String::from_utf8(in_place_of_glpi(what, Format::Json, 24)).unwrap();
            let json: serde_json::Value = serde_json::from_str(&text).unwrap();
            assert_eq!(json["status"], "ok");
            assert_eq!(json["tasks"]["inventory"]["server"], "glpi");
            assert!(heard(text.as_bytes()).good);
        }
        assert!(heard(&in_place_of_old_glpi(24)).good);
    }

    #[test]
    fn a_refusal_reads_in_both_formats() {
        let json: serde_json::Value = serde_json::from_slice(&refusal(Format::Json, "no \"entry\"", 24)).unwrap();
        assert_eq!(json, json!({ "status": "error", "message": "no \"entry\"", "expiration": 24 }));
        let xml = String::from_utf8(refusal(Format::Xml, "a < b", 1)).unwrap();
        assert!(xml.contains("<ERROR>a &lt; b</ERROR>") && xml.contains("<PROLOG_FREQ>1<"), "{xml}");
    }

    #[test]
    fn glpis_words_are_told_from_those_of_others() {
        let heard_in = |body: &[u8]| {
            let Heard { voice, good, .. } = heard(body);
            (voice, good)
        };
        let good = br#"{"status":"ok","expiration":24,"tasks":{"inventory":{"server":"glpi"}}}"#;
        for (body, voice, lets_go_on) in [
            (&good[..], Voice::Own, true),
            (&Packing::Zlib.pack(good), Voice::Own, true),
            (br#"{"status":"ok","expiration":24}"#, Voice::Own, true),
            (br#"{"status":"ok","tasks":{ }}"#, Voice::Own, false),
            (br#"{"status":"ok","tasks":[]}"#, Voice::Own, false),
            (br#"{"status":"ok","tasks":null}"#, Voice::Own, true),
            (br#"{"status":"pending","expiration":24}"#, Voice::Own, false),
            (br#"{"status":"error","message":"JSON does not validate"}"#, Voice::Objects, false),
            (br#"{"status":"error","message":"Inventory is disabled"}"#, Voice::SwitchedOff, false),
            (b"Inventory is disabled", Voice::SwitchedOff, false),
            (b"<html>502</html>", Voice::Foreign, false),
            (b"", Voice::Program, false),
            (b"{}", Voice::Program, false),
            (br#"{"configuration":{}}"#, Voice::Program, false),
            (b"<REPLY></REPLY>", Voice::Own, false),
            (b"<REPLY><ERROR>no</ERROR></REPLY>", Voice::Objects, false),
            (b"<REPLY><PROLOG_FREQ>24</PROLOG_FREQ><RESPONSE>SEND</RESPONSE></REPLY>", Voice::Own, true),
        ] {
            assert_eq!(heard_in(body), (voice, lets_go_on), "{}", String::from_utf8_lossy(body));
        }
    }
}
