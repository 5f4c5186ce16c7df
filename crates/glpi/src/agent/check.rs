//! Playing an agent's first word, to see what comes of it.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;

use super::{Packing, answer};

/// The header by which a gateway knows that nobody is to be bound.
pub const ONLY_CHECKS: &str = "latchkey-check";
/// The header that agents say who they are by.
pub const AGENT_ID: &str = "GLPI-Agent-ID";
/// An agent that is none.
pub const NOBODY: &str = "00000000-0000-4000-8000-000000000000";
/// The challenge of a gateway, which agents understand as it stands here.
pub const CHALLENGE: &str = "Basic realm=\"Latchkey\"";
/// An agent's first word.
pub const PROLOG: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<REQUEST><DEVICEID>latchkey-enroll-check</DEVICEID>\
    <QUERY>PROLOG</QUERY><TOKEN>12345678</TOKEN></REQUEST>\n";
const LONGEST: usize = 1 << 20;

/// A user and a password, as they are sent.
pub fn basic(user: &str, password: &str) -> String {
    format!("Basic {}", BASE64.encode(format!("{user}:{password}")))
}

/// Whether an answer lets an agent go on.
pub fn is_let_in(body: &[u8]) -> bool {
    answer::heard(body).good
}

/// What an answer says in words, where it does.
pub fn words(body: &[u8]) -> String {
    let plain = Packing::of(body).unpack(body, LONGEST).unwrap_or_default();
    let said = serde_json::from_slice::<serde_json::Value>(&plain).ok();
    let message = said.as_ref().and_then(|said| said["message"].as_str()).map(str::to_owned);
    let text = message.unwrap_or_else(|| String::from_utf8_lossy(&plain).into_owned());
    super::message::short_to(&text, 400)
}
