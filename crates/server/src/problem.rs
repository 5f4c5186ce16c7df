//! Problem documents (RFC 9457): how a failure of ours, or a request that cannot be served, is told.
//!
//! A problem is made where something goes wrong, and put in words at the gate, which knows the language of whoever asked.
//! Never with a member `is_valid`: a GLPI that reads one takes it for a verdict and believes it for a day.

use std::any::Any;
use std::sync::Arc;

use axum::body::Body;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_LANGUAGE, CONTENT_LENGTH, CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE,
};
use axum::http::{HeaderValue, Method, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use latchkey_domain::request::{JsonFault, RequestFault, ValueFault};
use latchkey_domain::time::Zone;
use latchkey_domain::{Failure, Refusal};
use latchkey_texts::{Language, Said};
use serde::Serialize;
use utoipa::ToSchema;

use crate::refused;

/// How long somebody should wait where we do not know better, in seconds.
const COME_AGAIN: u64 = 60;

/// What went wrong.
#[derive(Debug)]
pub(crate) struct Problem {
    cause: Cause,
    status: StatusCode,
    member: Option<String>,
    scope: Option<&'static str>,
    retry_after: Option<u64>,
    challenge: Option<HeaderValue>,
}

#[derive(Debug)]
enum Cause {
    Failure(Failure),
    Refusal(Box<Refusal>, Zone),
    Request(RequestFault),
}

/// A problem document (RFC 9457).
#[derive(Serialize, ToSchema)]
#[schema(as = Problem)]
pub(crate) struct Document<'p> {
    /// No page stands behind it; the code says which problem it is.
    r#type: &'static str,
    /// A few words.
    title: String,
    /// The status of the answer.
    status: u16,
    /// The stable name of the cause: for programs to match on.
    code: &'static str,
    /// What went wrong: which thing, with its value.
    detail: String,
    /// What to do next.
    next_step: String,
    /// The member of the request's body, or the parameter, that is wrong.
    #[serde(skip_serializing_if = "Option::is_none")]
    member: Option<&'p str>,
    /// The scope that the token lacks.
    #[serde(skip_serializing_if = "Option::is_none")]
    scope: Option<&'static str>,
}

impl Problem {
    /// A failure of ours.
    pub(crate) fn ours(failure: Failure) -> Self {
        let status = refused::failed(&failure);
        Self { retry_after: Some(COME_AGAIN), ..Self::new(status, Cause::Failure(failure)) }
    }

    /// Says which member it is about.
    pub(crate) fn about(self, member: &str) -> Self {
        Self { member: Some(member.to_owned()), ..self }
    }

    /// Says in which of the `rows` of the body it is, counted from 1.
    pub(crate) fn in_row(self, number: usize) -> Self {
        let member = self.member.as_deref().map(|member| format!(".{member}")).unwrap_or_default();
        Self { member: Some(format!("rows[{number}]{member}")), ..self }
    }

    /// A rule said no to what the API was asked for.
    pub(crate) fn refusal(refusal: &Refusal, zone: &Zone) -> Self {
        let (status, member) = refused::told(refusal);
        Self {
            // The domain names its fields in words.
            member: member.map(|member| member.replace(' ', "_")),
            ..Self::new(status, Cause::Refusal(Box::new(refusal.clone()), zone.clone()))
        }
    }

    /// A key that does not open what it is shown for, and why not.
    pub(crate) fn forbidden(refusal: &Refusal, zone: &Zone) -> Self {
        Self { status: StatusCode::FORBIDDEN, member: None, ..Self::refusal(refusal, zone) }
    }

    /// Nobody that we know asks, and why not.
    pub(crate) fn unauthorized(fault: RequestFault) -> Self {
        let challenge = if matches!(fault, RequestFault::TokenMissing(_)) {
            "Bearer realm=\"Latchkey\""
        } else {
            "Bearer realm=\"Latchkey\", error=\"invalid_token\""
        };
        Self { challenge: Some(HeaderValue::from_static(challenge)), ..Self::request(StatusCode::UNAUTHORIZED, fault) }
    }

    /// A token in the address.
    pub(crate) fn token_misplaced() -> Self {
        Self::request(StatusCode::BAD_REQUEST, RequestFault::TokenMisplaced)
    }

    /// The token may not do this.
    pub(crate) fn scope_missing(scope: &'static str) -> Self {
        let challenge = format!("Bearer realm=\"Latchkey\", error=\"insufficient_scope\", scope=\"{scope}\"");
        Self {
            scope: Some(scope),
            challenge: HeaderValue::try_from(challenge).ok(),
            ..Self::request(StatusCode::FORBIDDEN, RequestFault::ScopeMissing { scope })
        }
    }

    /// The token has come too often; it may come again after so many seconds.
    pub(crate) fn too_many_requests(most: u32, seconds: u64) -> Self {
        let problem = Self::request(StatusCode::TOO_MANY_REQUESTS, RequestFault::TooManyRequests { most });
        Self { retry_after: Some(seconds), ..problem }
    }

    /// A member that is not known, is missing, or is not what it should be.
    pub(crate) fn member(member: Option<String>, fault: ValueFault) -> Self {
        let fault = RequestFault::BodyInvalid { member: member.clone(), fault };
        Self { member, ..Self::request(StatusCode::UNPROCESSABLE_ENTITY, fault) }
    }

    /// A parameter that is not known, or is not what it should be.
    pub(crate) fn parameter(name: Option<String>, fault: ValueFault) -> Self {
        let fault = RequestFault::ParameterInvalid { parameter: name.clone(), fault };
        Self { member: name, ..Self::request(StatusCode::UNPROCESSABLE_ENTITY, fault) }
    }

    /// A body that is not JSON, or not JSON as it is taken here.
    pub(crate) fn body_malformed(fault: JsonFault) -> Self {
        let member = match &fault {
            JsonFault::Twice { member } => Some(member.clone()),
            JsonFault::NoObject | JsonFault::TooDeep { .. } | JsonFault::Syntax { .. } => None,
        };
        Self { member, ..Self::request(StatusCode::BAD_REQUEST, RequestFault::BodyMalformed(fault)) }
    }

    /// A body of another type.
    pub(crate) fn body_not_json() -> Self {
        Self::request(StatusCode::UNSUPPORTED_MEDIA_TYPE, RequestFault::BodyNotJson)
    }

    /// A body that is longer than any that is taken, in bytes, or that broke off.
    pub(crate) fn headers_too_long(most: usize) -> Self {
        Self::request(StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE, RequestFault::HeadersTooLong { most })
    }

    pub(crate) fn body_too_long(most: usize) -> Self {
        Self::request(StatusCode::PAYLOAD_TOO_LARGE, RequestFault::BodyTooLong { most })
    }

    /// An `Idempotency-Key` that is none.
    pub(crate) fn bad_name(most: usize) -> Self {
        Self::request(StatusCode::UNPROCESSABLE_ENTITY, RequestFault::IdempotencyKeyInvalid { most })
    }

    /// Another request had this name before.
    pub(crate) fn other_request() -> Self {
        Self::request(StatusCode::UNPROCESSABLE_ENTITY, RequestFault::IdempotencyKeyReused)
    }

    /// As a document in a language.
    fn document(&self, language: Language) -> Vec<u8> {
        let (code, said) = match &self.cause {
            Cause::Failure(failure) => (failure.code(), latchkey_texts::failure(failure, language)),
            Cause::Refusal(refusal, zone) => (refusal.code(), latchkey_texts::refusal(refusal, language, zone)),
            Cause::Request(fault) => (fault.code(), latchkey_texts::request(fault, language)),
        };
        let Said { title, cause, next_step } = said;
        let document = Document {
            r#type: "about:blank",
            title,
            status: self.status.as_u16(),
            code,
            detail: cause,
            next_step,
            member: self.member.as_deref(),
            scope: self.scope,
        };
        serde_json::to_vec(&document).unwrap_or_default()
    }

    #[cfg(test)]
    pub(crate) fn member_name(&self) -> Option<&str> {
        self.member.as_deref()
    }

    fn request(status: StatusCode, fault: RequestFault) -> Self {
        Self::new(status, Cause::Request(fault))
    }

    fn new(status: StatusCode, cause: Cause) -> Self {
        Self { cause, status, member: None, scope: None, retry_after: None, challenge: None }
    }
}

/// In English; [`in_words_of`] puts it in the words of whoever asked.
impl IntoResponse for Problem {
    fn into_response(mut self) -> Response {
        let mut response = (self.status, self.document(Language::English)).into_response();
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        headers.insert(CONTENT_LANGUAGE, HeaderValue::from_static(Language::English.tag()));
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if let Some(seconds) = self.retry_after {
            headers.insert(RETRY_AFTER, HeaderValue::from(seconds));
        }
        if let Some(challenge) = self.challenge.take() {
            headers.insert(WWW_AUTHENTICATE, challenge);
        }
        response.extensions_mut().insert(Arc::new(self));
        response
    }
}

/// Puts an answer that is a problem in the words of whoever asked; leaves all others alone.
pub(crate) fn in_words_of(wish: Option<&HeaderValue>, response: &mut Response) {
    if let Some(problem) = response.extensions_mut().remove::<Arc<Problem>>()
        && let Some(language) = wish.map(|wish| Language::negotiate(wish.as_bytes()))
        && language != Language::English
    {
        *response.body_mut() = Body::from(problem.document(language));
        // That of the body in English.
        response.headers_mut().remove(CONTENT_LENGTH);
        response.headers_mut().insert(CONTENT_LANGUAGE, HeaderValue::from_static(language.tag()));
    }
}

/// No such address.
pub(crate) async fn not_found(uri: Uri) -> Problem {
    // The path alone: a query may hold what does not belong into an answer.
    let path = uri.path().to_owned();
    Problem::request(StatusCode::NOT_FOUND, RequestFault::AddressUnknown { path })
}

/// An address that is there, with another method.
pub(crate) async fn method_not_allowed(method: Method, uri: Uri) -> Problem {
    let (path, method) = (uri.path().to_owned(), method.as_str().to_owned());
    Problem::request(StatusCode::METHOD_NOT_ALLOWED, RequestFault::MethodNotAllowed { path, method })
}

/// An address that has come with too many keys that are none; it may come again after so many seconds.
pub(crate) fn too_many_failed_keys(seconds: u64) -> Problem {
    let problem = Problem::request(StatusCode::TOO_MANY_REQUESTS, RequestFault::TooManyFailedKeys);
    Problem { retry_after: Some(seconds), ..problem }
}

/// The server was told to stop: no new work should be sent here.
pub(crate) fn stopping() -> Problem {
    let problem = Problem::request(StatusCode::SERVICE_UNAVAILABLE, RequestFault::Stopping);
    Problem { retry_after: Some(COME_AGAIN), ..problem }
}

/// A handler panicked: a mistake of ours.
pub(crate) fn panicked(panic: Box<dyn Any + Send>) -> Response {
    let said = panic.downcast_ref::<&str>().copied().or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    tracing::error!(panic = said.unwrap_or("(no message)"), "a handler panicked");
    Problem::ours(Failure::Internal).into_response()
}
