//! Problem documents (RFC 9457): how a failure of ours, or a request that cannot be served, is told.
//!
//! Never with a member `is_valid`: a GLPI that reads one takes it for a verdict and believes it for a day.

use std::any::Any;

use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::{HeaderValue, Method, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use latchkey_domain::time::Zone;
use latchkey_domain::{Failure, Refusal};
use latchkey_texts::{Language, failure};
use serde::Serialize;
use utoipa::ToSchema;

/// A problem document (RFC 9457).
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Problem {
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
    member: Option<String>,
    /// The scope that the token lacks.
    #[serde(skip_serializing_if = "Option::is_none")]
    scope: Option<&'static str>,
    #[serde(skip)]
    retry_after: Option<HeaderValue>,
    #[serde(skip)]
    challenge: Option<HeaderValue>,
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
            member: None,
            scope: None,
            retry_after: Some(HeaderValue::from_static("60")),
            challenge: None,
        }
    }

    /// A failure of ours, told to a program.
    pub(crate) fn ours(failure: Failure) -> Self {
        Self::failure(&failure, Language::English)
    }

    /// A rule said no to what the API was asked for.
    pub(crate) fn refusal(refusal: &Refusal, zone: &Zone) -> Self {
        let (status, member) = match refusal {
            Refusal::CustomerUnknown { .. }
            | Refusal::SubscriptionUnknown { .. }
            | Refusal::KeyUnknown { .. }
            | Refusal::TokenUnknown { .. } => (StatusCode::NOT_FOUND, None),
            Refusal::CustomerExists { .. } => (StatusCode::CONFLICT, Some("customer")),
            Refusal::KeyRevoked { .. }
            | Refusal::KeySuperseded { .. }
            | Refusal::NotYetBegun { .. }
            | Refusal::Expired { .. }
            | Refusal::Suspended { .. }
            | Refusal::Terminated { .. }
            | Refusal::CustomerErased { .. }
            | Refusal::AlreadySuspended { .. }
            | Refusal::NotSuspended { .. }
            | Refusal::AlreadyTerminated { .. }
            | Refusal::KeyAlreadyRevoked { .. }
            | Refusal::KeyAlreadySuperseded { .. }
            | Refusal::TokenAlreadyRevoked { .. } => (StatusCode::CONFLICT, None),
            Refusal::TextInvalid { field, .. } | Refusal::DaysInvalid { field, .. } => {
                (StatusCode::UNPROCESSABLE_ENTITY, Some(*field))
            }
            Refusal::OfferUnknown { .. } => (StatusCode::UNPROCESSABLE_ENTITY, Some("offer")),
            Refusal::DateInvalid { .. } => (StatusCode::UNPROCESSABLE_ENTITY, Some("begin_date")),
            Refusal::ScopeUnknown { .. } => (StatusCode::UNPROCESSABLE_ENTITY, Some("scopes")),
            Refusal::KeyDamaged(_) => (StatusCode::UNPROCESSABLE_ENTITY, Some("registration_key")),
            Refusal::TermMissing | Refusal::TermInvalid => (StatusCode::UNPROCESSABLE_ENTITY, None),
        };
        let said = latchkey_texts::refusal(refusal, Language::English, zone);
        Self {
            // The domain names its fields in words.
            member: member.map(|member| member.replace(' ', "_")),
            ..Self::request(status, refusal.code(), &said.title, said.cause, &said.next_step)
        }
    }

    /// Nobody that we know asks, and why not.
    pub(crate) fn unauthorized(code: &'static str, detail: &str) -> Self {
        let challenge = match code {
            "TOKEN_MISSING" => "Bearer realm=\"Latchkey\"",
            _ => "Bearer realm=\"Latchkey\", error=\"invalid_token\"",
        };
        Self {
            challenge: Some(HeaderValue::from_static(challenge)),
            ..Self::request(
                StatusCode::UNAUTHORIZED,
                code,
                "No token that counts",
                detail.to_owned(),
                "Send a token in the header `Authorization: Bearer`; whoever runs the service makes one: latchkey token create.",
            )
        }
    }

    /// A token in the address.
    pub(crate) fn token_misplaced() -> Self {
        Self::request(
            StatusCode::BAD_REQUEST,
            "TOKEN_MISPLACED",
            "A token in the address",
            "A token was sent in the address, which is written into logs and histories on its way.".to_owned(),
            "Revoke that token, and send a new one in the header `Authorization: Bearer`.",
        )
    }

    /// The token may not do this.
    pub(crate) fn scope_missing(scope: &'static str) -> Self {
        let challenge = format!("Bearer realm=\"Latchkey\", error=\"insufficient_scope\", scope=\"{scope}\"");
        Self {
            scope: Some(scope),
            challenge: HeaderValue::try_from(challenge).ok(),
            ..Self::request(
                StatusCode::FORBIDDEN,
                "SCOPE_MISSING",
                "The token may not do this",
                format!("This needs a token with the scope {scope}."),
                "Use another token, or have one made with that scope: latchkey token create --scope.",
            )
        }
    }

    /// A member that is not known, is missing, or is not what it should be.
    pub(crate) fn member(detail: String, member: Option<String>) -> Self {
        let next_step = "Compare the body with the operation's description in /api/v1/docs.";
        let (status, title) = (StatusCode::UNPROCESSABLE_ENTITY, "The body is not as it should be");
        Self { member, ..Self::request(status, "BODY_INVALID", title, detail, next_step) }
    }

    /// A parameter that is not known, or is not what it should be.
    pub(crate) fn parameter(detail: String, name: Option<String>) -> Self {
        let next_step = "Compare the address with the operation's description in /api/v1/docs.";
        let (status, title) = (StatusCode::UNPROCESSABLE_ENTITY, "A parameter is not as it should be");
        Self { member: name, ..Self::request(status, "PARAMETER_INVALID", title, detail, next_step) }
    }

    /// A body that is not JSON, or not JSON as it is taken here.
    pub(crate) fn body_malformed(detail: String, member: Option<String>) -> Self {
        let next_step = "Send one JSON object in UTF-8, each member once.";
        let (status, title) = (StatusCode::BAD_REQUEST, "The body does not read");
        Self { member, ..Self::request(status, "BODY_MALFORMED", title, detail, next_step) }
    }

    /// A body of another type.
    pub(crate) fn body_not_json() -> Self {
        Self::request(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "BODY_NOT_JSON",
            "The body is not JSON",
            "The header Content-Type does not say application/json.".to_owned(),
            "Send JSON, and the header `Content-Type: application/json`.",
        )
    }

    /// A body that is longer than any operation needs.
    pub(crate) fn body_too_long(most: usize) -> Self {
        Self::request(
            StatusCode::PAYLOAD_TOO_LARGE,
            "BODY_TOO_LONG",
            "The body is too long",
            format!("The body is longer than {most} bytes, or it broke off."),
            "Send less at once.",
        )
    }

    /// An `Idempotency-Key` that is none.
    pub(crate) fn bad_name(most: usize) -> Self {
        Self::request(
            StatusCode::UNPROCESSABLE_ENTITY,
            "IDEMPOTENCY_KEY_INVALID",
            "The Idempotency-Key is not one",
            format!(
                "The header Idempotency-Key stands there more than once, or is not 1 to {most} visible ASCII characters."
            ),
            "Give each request a name of its own, such as a UUID.",
        )
    }

    /// Another request had this name before.
    pub(crate) fn other_request() -> Self {
        Self::request(
            StatusCode::UNPROCESSABLE_ENTITY,
            "IDEMPOTENCY_KEY_REUSED",
            "Another request had this name",
            "Within the last 24 hours this token sent another request under the same Idempotency-Key.".to_owned(),
            "Give each request a name of its own, and repeat a request exactly as it was.",
        )
    }

    #[cfg(test)]
    pub(crate) fn member_name(&self) -> Option<&str> {
        self.member.as_deref()
    }

    fn request(status: StatusCode, code: &'static str, title: &str, detail: String, next_step: &str) -> Self {
        Self {
            r#type: "about:blank",
            title: title.to_owned(),
            status: status.as_u16(),
            code,
            detail,
            next_step: next_step.to_owned(),
            member: None,
            scope: None,
            retry_after: None,
            challenge: None,
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
        if let Some(challenge) = self.challenge {
            headers.insert(WWW_AUTHENTICATE, challenge);
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
