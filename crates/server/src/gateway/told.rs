//! What agents are told by us: refusals in the format and packing of their message, and the one challenge that they
//! understand.

use axum::body::Body;
use axum::http::header::{CONTENT_TYPE, RETRY_AFTER, USER_AGENT, WWW_AUTHENTICATE};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse as _, Response};
use latchkey_domain::{MessageFault, Refusal};
use latchkey_glpi::agent::{Format, Packing, answer, headers};
use latchkey_texts::Language;

use crate::app::App;

/// An agent shows its credentials after exactly this.
const CHALLENGE: HeaderValue = HeaderValue::from_static("Basic realm=\"Latchkey\"");
/// When an agent that waits for a person comes again by its schedule, in hours; a daemon comes sooner by itself.
const SOON: u32 = 1;
/// When one that was refused comes again, in hours.
const LATER: u32 = 24;
/// Bytes of a body that are read after its answer was sent, so that whoever still sends hears the answer.
const READ_ON: usize = 1 << 20;

/// How an agent wants to be spoken to.
#[derive(Debug, Clone, Copy)]
pub(super) struct Manner {
    pub(super) format: Format,
    pub(super) packing: Packing,
}

impl Manner {
    /// As far as the head of a message says.
    pub(super) fn of_head(headers_of: &HeaderMap) -> Self {
        let kind = headers_of.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        let packing = match kind {
            kind if kind.contains("x-compress-zlib") => Packing::Zlib,
            kind if kind.contains("x-compress-gzip") => Packing::Gzip,
            _ => Packing::Plain,
        };
        let agent = headers_of.get(USER_AGENT).and_then(|agent| agent.to_str().ok()).unwrap_or_default();
        let old = agent.contains("FusionInventory") || kind.contains("xml");
        let format = if old && !headers_of.contains_key(headers::AGENT_ID) { Format::Xml } else { Format::Json };
        Self { format, packing }
    }

    /// As the message itself is. Agents that say who they are understand JSON, whatever they send.
    pub(super) fn of(message: Format, packing: Packing, headers_of: &HeaderMap) -> Self {
        let format = if headers_of.contains_key(headers::AGENT_ID) { Format::Json } else { message };
        Self { format, packing }
    }

    /// Words of ours, as it wants them.
    pub(super) fn say(self, status: StatusCode, words: &[u8]) -> Response {
        let kind = HeaderValue::from_static(self.packing.content_type(self.format));
        (status, [(CONTENT_TYPE, kind)], self.packing.pack(words)).into_response()
    }
}

/// Nothing was shown yet. Whatever was sent is read on behind the answer, for a while, so that the answer is heard.
pub(super) fn challenge(manner: Manner, body: Body) -> Response {
    read_on(body);
    let words = answer::refusal(manner.format, "an enrollment key is needed here", LATER);
    let mut response = manner.say(StatusCode::UNAUTHORIZED, &words);
    response.headers_mut().insert(WWW_AUTHENTICATE, CHALLENGE);
    response
}

/// A rule says no.
pub(super) fn refused(app: &App, refusal: &Refusal, manner: Manner) -> Response {
    let said = latchkey_texts::refusal(refusal, Language::English, &app.zone);
    let hours = if matches!(refusal, Refusal::AgentPending { .. }) { SOON } else { LATER };
    let words = answer::refusal(manner.format, &format!("{} {}", said.cause, said.next_step), hours);
    let mut response = manner.say(status(refusal), &words);
    if matches!(refusal, Refusal::EnrollmentKeyWrong) {
        response.headers_mut().insert(WWW_AUTHENTICATE, CHALLENGE);
    }
    response
}

/// Too many wrong keys came from there.
pub(super) fn too_many(app: &App, seconds: u64, manner: Manner) -> Response {
    app.metrics.limited(crate::metrics::Limit::FailedKeys);
    let words = answer::refusal(manner.format, "too many wrong enrollment keys came from this address", SOON);
    let mut response = manner.say(StatusCode::TOO_MANY_REQUESTS, &words);
    response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds));
    response
}

/// We could not, through no fault of the agent.
pub(super) fn unable(manner: Manner, words: &str) -> Response {
    let words = answer::refusal(manner.format, words, SOON);
    let mut response = manner.say(StatusCode::SERVICE_UNAVAILABLE, &words);
    response.headers_mut().insert(RETRY_AFTER, HeaderValue::from_static("60"));
    response
}

/// Reads what is still on its way, without keeping it, for a bounded time and as far as it is bounded.
pub(super) fn read_on(body: Body) {
    tokio::spawn(async move {
        let _ = tokio::time::timeout(std::time::Duration::from_secs(5), axum::body::to_bytes(body, READ_ON)).await;
    });
}

fn status(refusal: &Refusal) -> StatusCode {
    if let Refusal::MessageInvalid { fault } = refusal {
        return match fault {
            MessageFault::TooLong | MessageFault::Swells => StatusCode::PAYLOAD_TOO_LARGE,
            MessageFault::Slow => StatusCode::REQUEST_TIMEOUT,
            MessageFault::Packing
            | MessageFault::Form
            | MessageFault::Action
            | MessageFault::Device
            | MessageFault::Agent => StatusCode::BAD_REQUEST,
        };
    }
    if matches!(refusal, Refusal::EnrollmentKeyWrong) {
        StatusCode::UNAUTHORIZED
    } else if matches!(refusal, Refusal::GlpiUnknown { .. }) {
        StatusCode::SERVICE_UNAVAILABLE
    } else {
        // An agent shows its credentials after a 401 alone, so what is no matter of credentials is another.
        StatusCode::FORBIDDEN
    }
}
