//! Who is at the page: a guest, or an operator who has signed in.
//!
//! The invariant: a session is read anew for each page, so that one that was ended, or an operator that was disabled, is
//! out by the next page.

use std::convert::Infallible;
use std::sync::Arc;

use axum::extract::{FromRequestParts, Query};
use axum::http::Uri;
use axum::http::request::Parts;
use latchkey_domain::operators::{Deed, Operator};
use latchkey_store::Actor;
use latchkey_store::operators::sessions::Session;
use serde::de::DeserializeOwned;

use super::notice::Notice;
use super::reader::Reader;
use super::trouble::Trouble;
use crate::app::App;

/// Everybody who asks for a page, signed in or not. Made once for each request, by the door.
#[derive(Clone)]
pub(crate) struct Guest(Arc<Known>);

pub(crate) struct Known {
    pub(super) reader: Reader,
    pub(super) operator: Option<SignedIn>,
    /// A session whose second factor is awaited.
    pub(super) half_open: Option<SignedIn>,
    /// What is asked for: path and query.
    pub(super) target: String,
    /// What the last page wanted to have said on this one.
    pub(super) notice: Option<Notice>,
}

/// An operator and its session.
#[derive(Clone)]
pub(super) struct SignedIn {
    pub(super) operator: Operator,
    pub(super) session: Session,
    pub(super) form_token: String,
}

/// An operator at a page. A handler that takes this is for those who have signed in.
#[derive(Clone)]
pub(crate) struct Visit {
    guest: Guest,
    signed_in: SignedIn,
}

impl Guest {
    pub(super) fn new(known: Known) -> Self {
        Self(Arc::new(known))
    }

    /// For whom the page is written.
    pub(crate) fn reader(&self) -> &Reader {
        &self.0.reader
    }

    /// The same as an operator who has signed in just now.
    pub(super) fn as_visit(&self, operator: &Operator, session: &Session, form_token: String) -> Visit {
        let signed_in = SignedIn { operator: operator.clone(), session: session.clone(), form_token };
        Visit { guest: self.clone(), signed_in }
    }

    /// The same as somebody who has signed in.
    pub(super) fn visit(&self) -> Option<Visit> {
        let signed_in = self.0.operator.clone()?;
        Some(Visit { guest: self.clone(), signed_in })
    }
}

impl std::ops::Deref for Guest {
    type Target = Known;

    fn deref(&self) -> &Known {
        &self.0
    }
}

impl Visit {
    /// Refuses what the operator's role may not do.
    pub(crate) fn may(&self, deed: Deed) -> Result<(), Trouble> {
        self.signed_in.operator.role.allow(deed).map_err(Trouble::Refused)
    }

    /// Whether the operator's role may do this: for what a page shows.
    pub(crate) fn can(&self, deed: Deed) -> bool {
        self.signed_in.operator.role.may(deed)
    }

    /// As the audit log has it.
    pub(crate) fn actor(&self) -> Actor {
        Actor::operator(self.signed_in.operator.id)
    }

    /// Who it is.
    pub(crate) fn operator(&self) -> &Operator {
        &self.signed_in.operator
    }

    /// In which session.
    pub(crate) fn session(&self) -> &Session {
        &self.signed_in.session
    }

    /// For whom the page is written.
    pub(crate) fn reader(&self) -> &Reader {
        self.guest.reader()
    }

    pub(super) fn guest(&self) -> &Guest {
        &self.guest
    }

    pub(super) fn form_token(&self) -> &str {
        &self.signed_in.form_token
    }
}

impl FromRequestParts<App> for Guest {
    type Rejection = Trouble;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self, Trouble> {
        // Always there behind the door.
        parts.extensions.get::<Self>().cloned().ok_or(Trouble::Failed(latchkey_domain::Failure::Internal))
    }
}

impl FromRequestParts<App> for Visit {
    type Rejection = Trouble;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Trouble> {
        let guest = Guest::from_request_parts(parts, app).await?;
        guest.visit().ok_or_else(|| Trouble::SignIn { target: target(&parts.uri), kept: None })
    }
}

/// What a list is asked for in its address. What does not read, or is not known, is left alone: addresses are kept in
/// bookmarks, and pages change.
pub(crate) struct Wishes<T>(pub(crate) T);

impl<T: DeserializeOwned + Default> FromRequestParts<App> for Wishes<T> {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self, Infallible> {
        Ok(Self(Query::try_from_uri(&parts.uri).map(|Query(wishes)| wishes).unwrap_or_default()))
    }
}

/// Path and query of an address, as far as somebody may be sent there later.
pub(super) fn target(uri: &Uri) -> String {
    uri.path_and_query().map(|both| both.as_str()).unwrap_or_default().to_owned()
}
