//! Messages as JSON: what they are is read from their top level; the rest is only checked to be JSON.

use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::value::RawValue;

/// The top level of a message.
#[derive(Deserialize)]
pub(super) struct Top<'m> {
    #[serde(default, borrow)]
    pub(super) action: Option<std::borrow::Cow<'m, str>>,
    #[serde(default, borrow)]
    pub(super) deviceid: Option<std::borrow::Cow<'m, str>>,
    /// As it stands there, so that it can be found again.
    #[serde(default, borrow)]
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

/// The message with this tag in the place of its own, and nothing else changed. `None` where it is no message.
pub fn with_tag(body: &[u8], tag: &str) -> Option<Vec<u8>> {
    let top = top(body)?;
    let tag = serde_json::to_string(tag).ok()?;
    let (begin, end, put) = match top.tag {
        Some(own) => {
            let begin = (own.get().as_ptr() as usize).checked_sub(body.as_ptr() as usize)?;
            (begin, begin + own.get().len(), tag)
        }
        None => {
            let brace = body.iter().position(|byte| *byte == b'{')? + 1;
            // It has other members: a message without any is none.
            (brace, brace, format!("\"tag\":{tag},"))
        }
    };
    let mut tagged = Vec::with_capacity(body.len() + put.len());
    tagged.extend_from_slice(body.get(..begin)?);
    tagged.extend_from_slice(put.as_bytes());
    tagged.extend_from_slice(body.get(end..)?);
    Some(tagged)
}
