//! API tokens. Only `admin` has anything to do with them.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use latchkey_domain::text::Name;
use latchkey_domain::tokens::{Scope, Scopes};
use latchkey_store::api::tokens::{self, Order as TokenOrder};
use latchkey_store::lists;
use latchkey_store::lists::tokens::{Sort, TokenIs};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::body::Posted;
use super::caller::Caller;
use super::desk::shown;
use super::parts::{WithReason, required_reason};
use super::query::{self, Named, Order, Params};
use crate::app::App;
use crate::problem::Problem;
use crate::records;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list, create)).routes(routes!(revoke))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct Listing {
    /// At most so many.
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: Option<u32>,
    /// Where the page before ended: its `next`.
    #[param(min_length = 1)]
    cursor: Option<String>,
    /// Those in this state alone.
    #[param(inline)]
    state: Option<TokenState>,
}

/// Whether a token counts.
#[derive(Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
enum TokenState {
    Active,
    Expired,
    Revoked,
}

#[derive(Serialize, ToSchema)]
struct TokenPage {
    tokens: Vec<records::Token>,
    /// Whether there are more.
    more: bool,
    /// The cursor of the next page.
    next: Option<String>,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct CreateToken {
    /// What people call it: 1 to 200 characters on one line.
    #[schema(min_length = 1, max_length = 200)]
    name: String,
    /// What it may do: names of scopes, at least one.
    #[schema(min_items = 1)]
    scopes: Vec<String>,
    /// For how many days it counts; without an end where nothing is said.
    #[schema(minimum = 1, maximum = 3660)]
    days: Option<u32>,
}

#[derive(Serialize, ToSchema)]
struct CreatedToken {
    /// What the program sends in `Authorization: Bearer`. A secret, and not to be had again.
    api_token: String,
    #[serde(flatten)]
    token: records::Token,
}

/// All tokens, without their texts.
#[utoipa::path(get, path = "/tokens", tag = "tokens", params(Listing),
    security(("token" = ["admin"])), responses((status = 200, description = "A page of tokens.", body = TokenPage)))]
async fn list(State(app): State<App>, caller: Caller, params: Params<Listing>) -> Result<Response, Problem> {
    caller.may(Scope::Admin)?;
    let Params(Listing { limit, cursor, state }) = params;
    let now = app.now().map_err(Problem::ours)?;
    let page = query::page("tokens", Sort::Id, Order::Asc, limit, cursor.as_deref())?;
    let is = state.map(|state| match state {
        TokenState::Active => TokenIs::Active,
        TokenState::Expired => TokenIs::Expired,
        TokenState::Revoked => TokenIs::Revoked,
    });
    let found = app.ask(move |reader| Ok(lists::tokens::page(reader, is, Sort::Id, &page, now)?)).await?;
    let tokens = found.rows.iter().map(|token| records::Token::new(token, now)).collect();
    Ok(shown(&TokenPage { tokens, more: found.after.is_some(), next: query::next("tokens", &found) }))
}

/// Create a token. Its text is in this answer alone.
#[utoipa::path(post, path = "/tokens", tag = "tokens", request_body = CreateToken, security(("token" = ["admin"])),
    responses((status = 201, description = "The token, with its text.", body = CreatedToken)))]
async fn create(State(app): State<App>, posted: Posted) -> Result<Response, Problem> {
    let (CreateToken { name, scopes, days }, claim) = posted.read(Scope::Admin)?;
    let order = Name::parse("name", &name)
        .and_then(|name| Ok(TokenOrder { name, scopes: Scopes::parse(scopes.iter().map(String::as_str))?, days }))
        .map_err(|refusal| Problem::refusal(&refusal, &app.zone))?;
    let (vault, actor) = (app.api.vault.clone(), posted.caller.actor());
    app.change(claim, StatusCode::CREATED, move |tx| {
        let created = tokens::create(tx, &vault, &order, &actor)?;
        Ok(CreatedToken {
            api_token: created.text.reveal().to_owned(),
            token: records::Token::new(&created.token, tx.now()),
        })
    })
    .await
}

/// Take a token's right away, at once and for good.
#[utoipa::path(post, path = "/tokens/{token}/revoke", tag = "tokens", request_body = WithReason,
    security(("token" = ["admin"])), params(("token" = String, Path, description = "Its id.")),
    responses((status = 200, description = "The token as it is now.", body = records::Token)))]
async fn revoke(State(app): State<App>, Named(id): Named, posted: Posted) -> Result<Response, Problem> {
    let (WithReason { reason }, claim) = posted.read(Scope::Admin)?;
    let (reason, actor) = (required_reason(&app, &reason)?, posted.caller.actor());
    app.change(claim, StatusCode::OK, move |tx| {
        let token = tokens::revoke(tx, &id, &actor, &reason)?;
        Ok(records::Token::new(&token, tx.now()))
    })
    .await
}
