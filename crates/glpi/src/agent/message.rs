//! What a message is, whichever way it is written.

use latchkey_domain::MessageFault;
use latchkey_domain::enrollment::{AgentUid, DeviceId, Step};

use super::{Format, json, xml};

/// What an agent asks for, or brings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    /// Its first word to a server that it does not know, or to an old one.
    Prolog,
    /// Its first word to a GLPI that it knows.
    Contact,
    /// An inventory, or parts of one.
    Inventory {
        /// Whether it is only what has changed since the last whole one.
        partial: bool,
    },
    /// What another task has found: the network's devices, a virtual machine's host, files that were collected.
    Task,
    /// A question on the way.
    Question,
}

/// A message, as far as it matters who sends it and what for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// How it is written.
    pub format: Format,
    /// What it is.
    pub what: What,
    /// The machine that it is about, where it says so.
    pub device: Option<DeviceId>,
    /// The agent's version, where it says so.
    pub version: Option<String>,
    /// The tag, where it has one.
    pub tag: Option<String>,
    /// The number that the machine itself has, where it was collected.
    pub machine: Option<String>,
    place: Place,
}

/// Where the tag of a message is, or could be put, so that it need not be read again to be given another.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Place {
    /// Its value stands between these bytes.
    Value(usize, usize),
    /// It has none; one may begin at this byte.
    Gap(usize),
    /// Such a message has none.
    #[default]
    Nowhere,
}

impl Place {
    /// The message with this put there.
    pub(super) fn filled(self, body: &[u8], put: &str) -> Option<Vec<u8>> {
        let (begin, end) = match self {
            Self::Value(begin, end) => (begin, end),
            Self::Gap(at) => (at, at),
            Self::Nowhere => return None,
        };
        Some([body.get(..begin)?, put.as_bytes(), body.get(end..)?].concat())
    }
}

impl What {
    /// What it is to the rules.
    pub fn step(self) -> Step {
        match self {
            Self::Prolog | Self::Contact => Step::Knock,
            Self::Inventory { .. } | Self::Task => Step::Result,
            Self::Question => Step::Question,
        }
    }

    /// Whether GLPI's inventory itself answers it. About jobs and their results, plugins answer as they like.
    pub fn needs_own_words(self) -> bool {
        match self {
            Self::Prolog | Self::Contact | Self::Inventory { .. } => true,
            Self::Task | Self::Question => false,
        }
    }

    /// Its name in lists and counts.
    pub fn name(self) -> &'static str {
        match self {
            Self::Prolog => "prolog",
            Self::Contact => "contact",
            Self::Inventory { partial: false } => "inventory",
            Self::Inventory { partial: true } => "partial",
            Self::Task => "task",
            Self::Question => "question",
        }
    }

    /// The one of this name.
    pub fn named(name: &str) -> Option<Self> {
        let all = [
            Self::Prolog,
            Self::Contact,
            Self::Inventory { partial: false },
            Self::Inventory { partial: true },
            Self::Task,
            Self::Question,
        ];
        all.into_iter().find(|what| what.name() == name)
    }

    /// What a message of GLPI's own protocol asks for; those that no agent sends are no messages.
    fn of_action(action: &str, partial: bool) -> Option<Self> {
        Some(match action {
            "contact" => Self::Contact,
            "inventory" => Self::Inventory { partial },
            "netdiscovery" | "netinventory" | "esx" | "collect" | "deploy" | "wakeonlan" => Self::Task,
            "get_params" | "getConfig" | "configuration" | "register" => Self::Question,
            _ => return None,
        })
    }

    /// The same of the old protocol.
    fn of_query(query: &str) -> Option<Self> {
        Some(match query {
            "PROLOG" => Self::Prolog,
            "INVENTORY" => Self::Inventory { partial: false },
            "SNMP" | "SNMPQUERY" | "NETDISCOVERY" | "NETINVENTORY" | "SNMPINVENTORY" => Self::Task,
            _ => return None,
        })
    }
}

impl Message {
    /// Reads what a message is. Its bytes are looked at as a whole: one that was cut is none.
    pub fn read(body: &[u8]) -> Result<Self, MessageFault> {
        let first = body.iter().find(|byte| !byte.is_ascii_whitespace());
        match first {
            Some(b'{') => read_json(body),
            Some(b'<' | 0xef) => read_xml(body),
            Some(_) | None => Err(MessageFault::Form),
        }
    }

    /// The bytes that it was read from with another tag, and nothing else changed; `None` where such a message has none.
    pub fn with_tag(&self, body: &[u8], tag: &str) -> Option<Vec<u8>> {
        let put = match (self.format, self.what) {
            // Only these have one: GLPI refuses what it does not know.
            (Format::Json, What::Contact | What::Inventory { .. }) => json::tag_at(self.place, tag)?,
            (Format::Xml, What::Inventory { .. }) => xml::tag_at(self.place, tag),
            (Format::Json | Format::Xml, _) => return None,
        };
        self.place.filled(body, &put)
    }
}

fn read_json(body: &[u8]) -> Result<Message, MessageFault> {
    let top = json::top(body).ok_or(MessageFault::Form)?;
    let place = json::place(body, &top);
    let partial = top.partial.unwrap_or(false);
    let what = top.action.as_deref().and_then(|action| What::of_action(action, partial)).ok_or(MessageFault::Action)?;
    let device = top.deviceid.as_deref().and_then(DeviceId::parse).ok_or(MessageFault::Device)?;
    let version = match (top.name.as_deref(), top.version.as_deref()) {
        (Some(name), Some(version)) => Some(short(&format!("{name}_v{version}"))),
        (None, Some(version)) => Some(short(version)),
        (_, None) => None,
    };
    let tag = top.tag.and_then(|raw| serde_json::from_str::<String>(raw.get()).ok()).map(|tag| short(&tag));
    let machine = top.content.and_then(|content| content.hardware).and_then(|hardware| hardware.uuid);
    let machine = machine.map(|uuid| short(&uuid)).filter(|uuid| !uuid.is_empty());
    Ok(Message { format: Format::Json, what, device: Some(device), version, tag, machine, place })
}

fn read_xml(body: &[u8]) -> Result<Message, MessageFault> {
    let top = xml::top(body).ok_or(MessageFault::Form)?;
    let what = top.query.as_deref().and_then(What::of_query).ok_or(MessageFault::Action)?;
    let device = match top.deviceid.as_deref() {
        // What an agent found for others it may send under its own header alone.
        None if what == What::Task => None,
        found => Some(found.and_then(DeviceId::parse).ok_or(MessageFault::Device)?),
    };
    let shortened = |text: Option<String>| text.map(|text| short(&text)).filter(|text| !text.is_empty());
    Ok(Message {
        format: Format::Xml,
        what,
        device,
        version: shortened(top.version),
        tag: shortened(top.tag),
        machine: shortened(top.machine),
        place: top.place,
    })
}

/// Which agent a message says that it comes from: `None` where it does not say.
pub fn agent_uid(header: Option<&[u8]>) -> Result<Option<AgentUid>, MessageFault> {
    let Some(header) = header else { return Ok(None) };
    let text = std::str::from_utf8(header).map_err(|_| MessageFault::Agent)?;
    AgentUid::parse(text).map(Some).ok_or(MessageFault::Agent)
}

/// What a stranger wrote, as it may be kept: one line, and not endlessly long.
pub(super) fn short(text: &str) -> String {
    short_to(text, 120)
}

/// The same, to so many characters.
pub(super) fn short_to(text: &str, most: usize) -> String {
    text.trim().chars().filter(|c| !c.is_control()).take(most).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const FULL: &[u8] = include_bytes!("../../../../tests/fixtures/agent/inventory-full.json");
    const PARTIAL: &[u8] = include_bytes!("../../../../tests/fixtures/agent/inventory-partial.json");
    const CONTACT: &[u8] = include_bytes!("../../../../tests/fixtures/agent/contact.json");
    const PROLOG: &[u8] = include_bytes!("../../../../tests/fixtures/agent/prolog.xml");
    const LEGACY: &[u8] = include_bytes!("../../../../tests/fixtures/agent/inventory-legacy.xml");
    const DEVICE: &str = "front-desk-01-2026-11-22-02-29-13";

    #[test]
    fn real_messages_are_what_they_are() {
        for (body, format, what) in [
            (CONTACT, Format::Json, What::Contact),
            (FULL, Format::Json, What::Inventory { partial: false }),
            (PARTIAL, Format::Json, What::Inventory { partial: true }),
            (PROLOG, Format::Xml, What::Prolog),
            (LEGACY, Format::Xml, What::Inventory { partial: false }),
        ] {
            let message = Message::read(body).unwrap();
            assert_eq!((message.format, message.what), (format, what));
            let device = if body == LEGACY { "vm-2026-11-22-02-29-17" } else { DEVICE };
            assert_eq!(message.device.unwrap().as_str(), device);
        }
        let contact = Message::read(CONTACT).unwrap();
        assert_eq!(contact.version.as_deref(), Some("GLPI-Agent_v1.12-dev"));
        assert_eq!(contact.tag.as_deref(), Some("SITE-A"));
        assert_eq!(Message::read(LEGACY).unwrap().tag.as_deref(), Some("SITE-A"));
    }

    #[test]
    fn a_tag_is_set_and_every_other_byte_stays() {
        for body in [CONTACT, FULL, PARTIAL, LEGACY] {
            let tagged = Message::read(body).unwrap().with_tag(body, "SITE-B").unwrap();
            let swapped = String::from_utf8(body.to_vec()).unwrap().replace("SITE-A", "SITE-B");
            assert!(tagged == swapped.as_bytes(), "only the tag differs");
        }
        let without = br#" {"action":"contact","deviceid":"a"}"#;
        let tagged = Message::read(without).unwrap().with_tag(without, "B \u{e9}").unwrap();
        assert_eq!(
            String::from_utf8(tagged).unwrap(),
            " {\"tag\":\"B \u{e9}\",\"action\":\"contact\",\"deviceid\":\"a\"}"
        );
        assert_eq!(Message::read(PROLOG).unwrap().with_tag(PROLOG, "B"), None);
        let none = br#"{"action":"contact","tag": null,"deviceid":"a"}"#;
        let tagged = Message::read(none).unwrap().with_tag(none, "B").unwrap();
        assert_eq!(String::from_utf8(tagged).unwrap(), r#"{"action":"contact","tag": "B","deviceid":"a"}"#);
    }

    #[test]
    fn what_is_no_message_says_why() {
        for (body, fault) in [
            (&b""[..], MessageFault::Form),
            (b"hello", MessageFault::Form),
            (b"{\"action\":\"contact\",\"deviceid\":\"a\"", MessageFault::Form),
            (b"{\"action\":\"contact\",\"action\":\"inventory\",\"deviceid\":\"a\"}", MessageFault::Form),
            (b"{\"action\":\"contact\",\"deviceid\":\"a\"}{}", MessageFault::Form),
            (b"{\"deviceid\":\"a\"}", MessageFault::Action),
            (b"{\"action\":\"drop\",\"deviceid\":\"a\"}", MessageFault::Action),
            (b"{\"action\":\"contact\"}", MessageFault::Device),
            (b"{\"action\":\"contact\",\"deviceid\":\"a b\"}", MessageFault::Device),
            (b"<REQUEST><QUERY>PROLOG</QUERY></REQUEST>", MessageFault::Device),
            (b"<REQUEST><DEVICEID>a</DEVICEID><QUERY>DROP</QUERY></REQUEST>", MessageFault::Action),
            (b"<REQUEST><DEVICEID>a</DEVICEID><QUERY>PROLOG</QUERY>", MessageFault::Form),
        ] {
            assert_eq!(Message::read(body), Err(fault), "{}", String::from_utf8_lossy(body));
        }
        assert_eq!(agent_uid(Some(b"nobody")), Err(MessageFault::Agent));
        assert_eq!(agent_uid(None), Ok(None));
    }

    proptest! {
        #[test]
        fn any_bytes_are_read(body in proptest::collection::vec(any::<u8>(), 0..400)) {
            if let Ok(message) = Message::read(&body) {
                message.with_tag(&body, "B");
            }
        }

        #[test]
        fn any_cut_of_a_real_message_is_none(cut in 1_usize..17_000) {
            let end = LEGACY.len().saturating_sub(cut);
            prop_assert!(Message::read(&LEGACY[..end.saturating_sub(10)]).is_err());
        }
    }
}
