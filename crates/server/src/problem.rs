//! Problem documents (RFC 9457): how a failure of ours, or a request that cannot be served, is told.
//!
//! Never with a member `is_valid`: a GLPI that reads one takes it for a verdict and believes it for a day.

use std::any::Any;

use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderValue, Method, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use latchkey_domain::Failure;
use latchkey_texts::{Language, failure};
use serde::Serialize;

/// A problem document.
#[derive(Debug, Serialize)]
pub(crate) struct Problem {
    /// No page stands behind it; the code says which problem it is.
    r#type: &'static str,
    title: String,
    status: u16,
    code: &'static str,
    detail: String,
    next_step: String,
    #[serde(skip)]
    retry_after: Option<HeaderValue>,
}

impl Problem {
    /// A failure of ours.
    pub(crate) fn failure(failure_: &Failure, language: Language) -> Self {
        let status = match failure_ {
            Failure::StoreAway
            | Failure::KeyAbsent { .. }
            | Failure::ClockSuspect
            | Failure::Sealed
            | Failure::Overloaded => StatusCode::SERVICE_UNAVAILABLE,
            Failure::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        };
        let said = failure(failure_, language);
        Self {
            r#type: "about:blank",
            title: said.title,
            status: status.as_u16(),
            code: failure_.code(),
            detail: said.cause,
            next_step: said.next_step,
            retry_after: Some(HeaderValue::from_static("60")),
        }
    }

    fn request(status: StatusCode, code: &'static str, title: &str, detail: String, next_step: &str) -> Self {
        Self {
            r#type: "about:blank",
            title: title.to_owned(),
            status: status.as_u16(),
            code,
            detail,
            next_step: next_step.to_owned(),
            retry_after: None,
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let body = serde_json::to_vec(&self).unwrap_or_default();
        let mut response = (status, body).into_response();
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if let Some(seconds) = self.retry_after {
            headers.insert(RETRY_AFTER, seconds);
        }
        response
    }
}

/// No such address.
pub(crate) async fn not_found(uri: Uri) -> Problem {
    // The path alone: a query may hold what does not belong into an answer.
    let path: String = uri.path().chars().take(200).collect();
    Problem::request(
        StatusCode::NOT_FOUND,
        "NOT_FOUND",
        "Nothing is at this address",
        format!("{path} is not an address of this service."),
        "Check the address; GLPI itself needs only the service's base address, without a path.",
    )
}

/// An address that is there, with another method.
pub(crate) async fn method_not_allowed(method: Method, uri: Uri) -> Problem {
    let path: String = uri.path().chars().take(200).collect();
    Problem::request(
        StatusCode::METHOD_NOT_ALLOWED,
        "METHOD_NOT_ALLOWED",
        "This address takes another method",
        format!("{path} does not take {}.", method.as_str().chars().take(20).collect::<String>()),
        "GLPI asks with GET.",
    )
}

/// A body that is longer than any that is taken, in bytes.
pub(crate) fn body_too_long(most: usize) -> Problem {
    Problem::request(
        StatusCode::PAYLOAD_TOO_LARGE,
        "BODY_TOO_LONG",
        "The body is too long",
        format!("The request's body is longer than {most} bytes."),
        "Send less at once, or raise max_body_bytes.",
    )
}

/// An address that has come with too many keys that are none; it may come again after so many seconds.
pub(crate) fn too_many_failed_keys(seconds: u64) -> Problem {
    let problem = Problem::request(
        StatusCode::TOO_MANY_REQUESTS,
        "TOO_MANY_FAILED_KEYS",
        "Too many keys that are none",
        "From this address came too many keys within a minute that are not whole and true.".to_owned(),
        "Check the key (latchkey key inspect KEY), and try again later. Good keys are answered for all the while.",
    );
    Problem { retry_after: Some(HeaderValue::from(seconds)), ..problem }
}

/// The server was told to stop: no new work should be sent here.
pub(crate) fn stopping() -> Problem {
    let problem = Problem::request(
        StatusCode::SERVICE_UNAVAILABLE,
        "STOPPING",
        "This server is about to stop",
        "It was told to stop, and finishes what is under way.".to_owned(),
        "Ask another one, or ask again when it is back.",
    );
    Problem { retry_after: Some(HeaderValue::from_static("60")), ..problem }
}

/// A handler panicked: a mistake of ours.
pub(crate) fn panicked(panic: Box<dyn Any + Send>) -> Response {
    let said = panic.downcast_ref::<&str>().copied().or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    tracing::error!(panic = said.unwrap_or("(no message)"), "a handler panicked");
    Problem::failure(&Failure::Internal, Language::English).into_response()
}
