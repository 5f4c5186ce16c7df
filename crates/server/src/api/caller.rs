//! Who calls: the token of a request, and what it may do.
//!
//! The invariant: a token comes in `Authorization: Bearer` and nowhere else. One in the address is refused, since addresses
//! are written into logs and histories on their way here; it should be revoked.

use axum::extract::{FromRequestParts, Query};
use axum::http::Uri;
use axum::http::header::{AUTHORIZATION, HeaderMap};
use axum::http::request::Parts;
use latchkey_domain::request::{NoToken, RequestFault};
use latchkey_domain::tokens::{Scope, Scopes, TokenStanding};
use latchkey_key::{SecretFault, SecretKey, SecretKind};
use latchkey_store::Actor;
use latchkey_store::api::tokens;

use crate::app::App;
use crate::front::Exchange;
use crate::metrics::Limit;
use crate::problem::Problem;

/// Names under which other services take tokens in addresses.
const MISPLACED: [&str; 4] = ["access_token", "api_key", "apikey", "token"];

/// A program whose token counts.
pub(super) struct Caller {
    /// The token's id.
    pub(super) id: String,
    scopes: Scopes,
}

impl Caller {
    /// Refuses what the token may not do.
    pub(super) fn may(&self, scope: Scope) -> Result<(), Problem> {
        if self.scopes.allow(scope) { Ok(()) } else { Err(Problem::scope_missing(scope.name())) }
    }

    /// As the audit log has it.
    pub(super) fn actor(&self) -> Actor {
        Actor::token(&self.id)
    }
}

impl FromRequestParts<App> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        if holds_token(&parts.uri) {
            return Err(Problem::token_misplaced());
        }
        let text = bearer(&parts.headers)?;
        let vault = app.api.vault.clone();
        let known = app.ask(move |reader| Ok(tokens::recognise(reader, &vault, &text)?)).await?;
        let token = known.ok_or_else(|| Problem::unauthorized(RequestFault::TokenNotKnown { shaped: true }))?;
        let now = app.now().map_err(Problem::ours)?;
        match token.standing(now) {
            TokenStanding::Active => {}
            TokenStanding::Expired { since } => {
                return Err(Problem::unauthorized(RequestFault::TokenExpired { token: token.id, since }));
            }
            TokenStanding::Revoked { since } => {
                return Err(Problem::unauthorized(RequestFault::TokenRevoked { token: token.id, since }));
            }
        }
        if let Some(allowance) = app.api.pace.take(&token.id, app.clock.monotonic()) {
            if let Some(exchange) = parts.extensions.get::<Exchange>() {
                exchange.allow(allowance);
            }
            if let Some(seconds) = allowance.wait {
                app.metrics.limited(Limit::TokenRequests);
                return Err(Problem::too_many_requests(allowance.most, seconds));
            }
        }
        app.api.uses.note(&token.id, now);
        Ok(Self { id: token.id, scopes: token.scopes })
    }
}

fn bearer(headers: &HeaderMap) -> Result<SecretKey, Problem> {
    let missing = |gap| Problem::unauthorized(RequestFault::TokenMissing(gap));
    let mut given = headers.get_all(AUTHORIZATION).iter();
    let (Some(value), None) = (given.next(), given.next()) else { return Err(missing(NoToken::Header)) };
    let token = match value.to_str().unwrap_or_default().split_once(' ') {
        Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") => token,
        Some(_) | None => return Err(missing(NoToken::Scheme)),
    };
    SecretKey::read(SecretKind::Api, token).map_err(|fault| match fault {
        SecretFault::Missing => missing(NoToken::Empty),
        SecretFault::NotOne => Problem::unauthorized(RequestFault::TokenNotKnown { shaped: false }),
        SecretFault::Damaged => Problem::unauthorized(RequestFault::TokenDamaged),
    })
}

fn holds_token(uri: &Uri) -> bool {
    let Ok(Query(members)) = Query::<Vec<(String, String)>>::try_from_uri(uri) else { return false };
    members.iter().any(|(name, value)| {
        let prefix = SecretKind::Api.prefix();
        MISPLACED.contains(&name.to_lowercase().as_str()) || value.contains(prefix) || name.contains(prefix)
    })
}
