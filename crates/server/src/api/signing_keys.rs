//! The keys that sign registration keys.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use latchkey_domain::tokens::Scope;
use latchkey_store::signing_keys;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::body::Posted;
use super::caller::Caller;
use super::desk::shown;
use super::parts::{WithoutReason, read_reason};
use crate::app::App;
use crate::problem::Problem;
use crate::records;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(rotate))
}

#[derive(Serialize, ToSchema)]
struct SigningKeyList {
    /// All there ever were, oldest first: old ones still verify.
    signing_keys: Vec<records::SigningKey>,
}

/// All signing keys.
#[utoipa::path(get, path = "/signing-keys", tag = "signing keys",
    security(("token" = ["signing-keys:read"])),
    responses((status = 200, description = "All signing keys.", body = SigningKeyList)))]
async fn list(State(app): State<App>, caller: Caller) -> Result<Response, Problem> {
    caller.may(Scope::SigningKeysRead)?;
    let keys = app.ask(|reader| Ok(signing_keys::list(reader)?)).await?;
    Ok(shown(&SigningKeyList { signing_keys: keys.iter().map(records::SigningKey::new).collect() }))
}

/// Make a new signing key that signs from now on; keys that older ones signed stay true.
#[utoipa::path(post, path = "/signing-keys/rotate", tag = "signing keys", request_body = WithoutReason,
    security(("token" = ["signing-keys:rotate"])),
    responses((status = 201, description = "The new signing key.", body = records::SigningKey)))]
async fn rotate(State(app): State<App>, posted: Posted) -> Result<Response, Problem> {
    let (WithoutReason { reason }, claim) = posted.read(Scope::SigningKeysRotate)?;
    let (vault, actor, reason) = (app.api.vault.clone(), posted.caller.actor(), read_reason(&app, reason.as_deref())?);
    app.change(claim, StatusCode::CREATED, move |tx| {
        Ok(records::SigningKey::new(&signing_keys::rotate(tx, &vault, &actor, reason.as_ref())?))
    })
    .await
}
