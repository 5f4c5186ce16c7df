//! What a page says where it cannot be what was asked for.
//!
//! A handler ends with one of these; the door makes the page of it, since it knows for whom.

use std::sync::Arc;

use askama::Template;
use axum::http::header::{LOCATION, RETRY_AFTER, SET_COOKIE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use latchkey_domain::{Failure, Refusal};
use latchkey_texts::Said;

use super::form::Kept;
use super::notice::Notice;
use super::page::show_as;
use super::reader::Reader;
use crate::app::App;
use crate::refused::{failed, told};

/// Why a page is another than the one that was asked for.
#[derive(Debug, Clone)]
pub(crate) enum Trouble {
    /// Only for those who have signed in. What was typed is kept.
    SignIn {
        /// Where whoever signs in wants to go.
        target: String,
        /// What was typed, where a form was sent.
        kept: Option<Kept>,
    },
    /// A rule says no.
    Refused(Refusal),
    /// We could not.
    Failed(Failure),
    /// Nothing is at this address.
    NotFound,
    /// The address takes another method.
    OtherMethod,
    /// A form that was not sent from one of our pages.
    Foreign,
    /// A form that is not of this session; what was typed is shown again to be sent.
    OtherSession(Kept),
    /// A form that cannot be read, or that is longer than any of ours.
    Unreadable,
}

impl Trouble {
    pub(super) fn status(&self) -> StatusCode {
        match self {
            Self::SignIn { .. } | Self::OtherSession(_) => StatusCode::FORBIDDEN,
            Self::Refused(refusal) => told(refusal).0,
            Self::Failed(failure) => failed(failure),
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::OtherMethod => StatusCode::METHOD_NOT_ALLOWED,
            Self::Foreign => StatusCode::FORBIDDEN,
            Self::Unreadable => StatusCode::BAD_REQUEST,
        }
    }

    /// What is said of it.
    pub(super) fn said(&self, reader: &Reader) -> Said {
        let own = |name: &str| Said {
            title: reader.t(&format!("trouble-{name}-title")),
            cause: reader.t(&format!("trouble-{name}-cause")),
            next_step: reader.t(&format!("trouble-{name}-next")),
        };
        match self {
            Self::Refused(refusal) => reader.refusal(refusal),
            Self::Failed(failure) => latchkey_texts::failure(failure, reader.language),
            Self::SignIn { .. } => own("sign-in"),
            Self::NotFound => own("not-found"),
            Self::OtherMethod => own("other-method"),
            Self::Foreign => own("foreign"),
            Self::OtherSession(_) => own("other-session"),
            Self::Unreadable => own("unreadable"),
        }
    }
}

/// What the door finds on an answer that is yet to be made into a page.
#[derive(Clone)]
pub(super) struct Raised(pub(super) Arc<Trouble>);

impl IntoResponse for Trouble {
    fn into_response(self) -> Response {
        // Whoever only wanted to look is sent to sign in; whoever sent a form keeps it.
        if let Self::SignIn { target, kept: None } = &self {
            let next = form_urlencoded::byte_serialize(target.as_bytes()).collect::<String>();
            return see_other(&format!("/console/login?next={next}"));
        }
        let mut response = self.status().into_response();
        if let Self::Refused(Refusal::SignInThrottled { seconds }) = &self {
            response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(*seconds));
        }
        response.extensions_mut().insert(Raised(Arc::new(self)));
        response
    }
}

/// A form that is shown again, with what a rule says.
pub(crate) fn refused(refusal: &Refusal, page: &impl Template) -> Response {
    let mut response = show_as(told(refusal).0, page);
    if let Refusal::SignInThrottled { seconds } = refusal {
        response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(*seconds));
    }
    response
}

/// What was asked for is done: the browser goes to a page, which says so.
pub(crate) fn done(app: &App, place: &str, notice: &Notice) -> Response {
    let mut response = see_other(place);
    if let Some(cookie) = notice.cookie(app.console_is_secure()) {
        response.headers_mut().append(SET_COOKIE, cookie);
    }
    response
}

/// Sends the browser to another page, to be asked for with GET.
pub(crate) fn see_other(place: &str) -> Response {
    let mut response = StatusCode::SEE_OTHER.into_response();
    let place = HeaderValue::try_from(place).unwrap_or(HeaderValue::from_static("/console/"));
    response.headers_mut().insert(LOCATION, place);
    response
}
