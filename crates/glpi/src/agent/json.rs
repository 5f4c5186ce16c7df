//! Messages as JSON: what they are is read from their top level; the rest is only checked to be JSON.

use serde::de::IgnoredAny;
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

use super::message::Place;

/// The top level of a message.
#[derive(Deserialize)]
pub(super) struct Top<'m> {
    #[serde(default, borrow)]
    pub(super) action: Option<std::borrow::Cow<'m, str>>,
    #[serde(default, borrow)]
    pub(super) deviceid: Option<std::borrow::Cow<'m, str>>,
    /// As it stands there, so that it can be found again; `null` is a value that stands there, too.
    #[serde(default, borrow, deserialize_with = "as_it_stands")]
    pub(super) tag: Option<&'m RawValue>,
    #[serde(default)]
    pub(super) partial: Option<bool>,
    #[serde(default, borrow)]
    pub(super) version: Option<std::borrow::Cow<'m, str>>,
    #[serde(default, borrow)]
    pub(super) name: Option<std::borrow::Cow<'m, str>>,
    #[serde(default)]
    pub(super) content: Option<Content<'m>>,
}

/// Of all that was collected, what tells one machine from its clone.
#[derive(Deserialize)]
pub(super) struct Content<'m> {
    #[serde(default, borrow)]
    pub(super) hardware: Option<Hardware<'m>>,
}

/// The machine's own number.
#[derive(Deserialize)]
pub(super) struct Hardware<'m> {
    #[serde(default, borrow)]
    pub(super) uuid: Option<std::borrow::Cow<'m, str>>,
}

/// Reads the top level. A member that stands there twice makes it no message: who reads the first and who reads the last
/// would read two messages.
pub(super) fn top(body: &[u8]) -> Option<Top<'_>> {
    serde_json::from_slice(body).ok()
}

/// Whether these bytes are JSON as a whole.
pub fn is_whole(body: &[u8]) -> bool {
    serde_json::from_slice::<IgnoredAny>(body).is_ok()
}

/// Where the tag of a message stands, or could.
pub(super) fn place(body: &[u8], top: &Top<'_>) -> Place {
    let found = match top.tag {
        Some(own) => {
            let begin = (own.get().as_ptr() as usize).checked_sub(body.as_ptr() as usize);
            begin.map(|begin| Place::Value(begin, begin + own.get().len()))
        }
        // It has other members: a message without any is none.
        None => body.iter().position(|byte| *byte == b'{').map(|brace| Place::Gap(brace + 1)),
    };
    found.unwrap_or_default()
}

/// What is put there for a tag.
pub(super) fn tag_at(place: Place, tag: &str) -> Option<String> {
    let tag = serde_json::to_string(tag).ok()?;
    Some(if matches!(place, Place::Gap(_)) { format!("\"tag\":{tag},") } else { tag })
}

fn as_it_stands<'de, D: Deserializer<'de>>(value: D) -> Result<Option<&'de RawValue>, D::Error> {
    Deserialize::deserialize(value).map(Some)
}
