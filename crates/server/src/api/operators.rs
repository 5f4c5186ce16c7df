//! Operators, who work in the console. Only `admin` has anything to do with them: whoever may make an owner may do all else.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use latchkey_domain::ids::OperatorId;
use latchkey_domain::operators::{Email, Operator, Role};
use latchkey_domain::tokens::Scope;
use latchkey_store::operators::{self, links};
use latchkey_store::{Actor, Done, Tx, audit};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::body::Posted;
use super::caller::Caller;
use super::desk::shown;
use super::parts::{Nothing, lines};
use super::query::Named;
use crate::app::App;
use crate::problem::Problem;
use crate::records;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list, add))
        .routes(routes!(show))
        .routes(routes!(change_role))
        .routes(routes!(disable))
        .routes(routes!(enable))
        .routes(routes!(reset))
}

#[derive(Serialize, ToSchema)]
struct Operators {
    /// By address.
    operators: Vec<records::Operator>,
}

#[derive(Serialize, ToSchema)]
struct ShownOperator {
    #[serde(flatten)]
    operator: records::Operator,
    /// What happened to it, oldest first.
    history: Vec<records::AuditLine>,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct AddOperator {
    /// The address by which it signs in.
    #[schema(min_length = 3, max_length = 254)]
    email: String,
    /// `owner`, `manager`, `support` or `auditor`.
    #[schema(min_length = 1)]
    role: String,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ChangeRole {
    /// `owner`, `manager`, `support` or `auditor`.
    #[schema(min_length = 1)]
    role: String,
}

/// All operators.
#[utoipa::path(get, path = "/operators", tag = "operators", security(("token" = ["admin"])),
    responses((status = 200, description = "All of them.", body = Operators)))]
async fn list(State(app): State<App>, caller: Caller) -> Result<Response, Problem> {
    caller.may(Scope::Admin)?;
    let all = app.ask(|reader| Ok(operators::list(reader)?)).await?;
    Ok(shown(&Operators { operators: all.iter().map(records::Operator::new).collect() }))
}

/// One operator, and its history.
#[utoipa::path(get, path = "/operators/{operator}", tag = "operators", security(("token" = ["admin"])),
    params(("operator" = String, Path, description = "Its address or id.")),
    responses((status = 200, description = "The operator.", body = ShownOperator)))]
async fn show(State(app): State<App>, caller: Caller, Named(operator): Named) -> Result<Response, Problem> {
    caller.may(Scope::Admin)?;
    let (operator, history) = app
        .ask(move |reader| {
            let operator = operators::find(reader, &operator)?;
            let history = audit::history(reader, "operator", &operator.id.to_string())?;
            Ok((operator, history))
        })
        .await?;
    Ok(shown(&ShownOperator { operator: records::Operator::new(&operator), history: lines(&history) }))
}

/// Add an operator. It chooses its password by the link, which is in this answer alone.
#[utoipa::path(post, path = "/operators", tag = "operators", request_body = AddOperator, security(("token" = ["admin"])),
    responses((status = 201, description = "The operator, with its link.", body = records::SetupLink)))]
async fn add(State(app): State<App>, posted: Posted) -> Result<Response, Problem> {
    let (AddOperator { email, role }, claim) = posted.read(Scope::Admin)?;
    let read = Email::parse(&email).and_then(|email| Ok((email, Role::parse(&role)?)));
    let (email, role) = read.map_err(|refusal| Problem::refusal(&refusal, &app.zone))?;
    let (vault, actor, url) = (app.api.vault.clone(), posted.caller.actor(), app.public_url.clone());
    app.change(claim, StatusCode::CREATED, move |tx| {
        let operator = operators::add(tx, &email, role, None, &actor)?;
        let made = links::make_for(tx, &vault, operator.id, &actor)?;
        Ok(records::SetupLink::new(&url, &made, Some(&operator)))
    })
    .await
}

/// Change what an operator may do.
#[utoipa::path(post, path = "/operators/{operator}/role", tag = "operators", request_body = ChangeRole,
    security(("token" = ["admin"])), params(("operator" = String, Path, description = "Its address or id.")),
    responses((status = 200, description = "The operator as it is now.", body = records::Operator)))]
async fn change_role(State(app): State<App>, Named(operator): Named, posted: Posted) -> Result<Response, Problem> {
    let (ChangeRole { role }, claim) = posted.read(Scope::Admin)?;
    let role = Role::parse(&role).map_err(|refusal| Problem::refusal(&refusal, &app.zone))?;
    let actor = posted.caller.actor();
    app.change(claim, StatusCode::OK, move |tx| {
        let id = operators::find(tx, &operator)?.id;
        Ok(records::Operator::new(&operators::change_role(tx, id, role, &actor)?))
    })
    .await
}

/// Keep an operator from signing in, and end its sessions.
#[utoipa::path(post, path = "/operators/{operator}/disable", tag = "operators", request_body = Nothing,
    security(("token" = ["admin"])), params(("operator" = String, Path, description = "Its address or id.")),
    responses((status = 200, description = "The operator as it is now.", body = records::Operator)))]
async fn disable(State(app): State<App>, Named(operator): Named, posted: Posted) -> Result<Response, Problem> {
    change(&app, operator, &posted, operators::disable).await
}

/// Let an operator sign in again.
#[utoipa::path(post, path = "/operators/{operator}/enable", tag = "operators", request_body = Nothing,
    security(("token" = ["admin"])), params(("operator" = String, Path, description = "Its address or id.")),
    responses((status = 200, description = "The operator as it is now.", body = records::Operator)))]
async fn enable(State(app): State<App>, Named(operator): Named, posted: Posted) -> Result<Response, Problem> {
    change(&app, operator, &posted, operators::enable).await
}

/// Take an operator's password and second factor away and end its sessions. It chooses another password by the link, which
/// is in this answer alone.
#[utoipa::path(post, path = "/operators/{operator}/reset", tag = "operators", request_body = Nothing,
    security(("token" = ["admin"])), params(("operator" = String, Path, description = "Its address or id.")),
    responses((status = 200, description = "The operator, with its link.", body = records::SetupLink)))]
async fn reset(State(app): State<App>, Named(operator): Named, posted: Posted) -> Result<Response, Problem> {
    let (Nothing {}, claim) = posted.read(Scope::Admin)?;
    let (vault, actor, url) = (app.api.vault.clone(), posted.caller.actor(), app.public_url.clone());
    app.change(claim, StatusCode::OK, move |tx| {
        let id = operators::find(tx, &operator)?.id;
        let operator = operators::reset(tx, id, &actor)?;
        let made = links::make_for(tx, &vault, id, &actor)?;
        Ok(records::SetupLink::new(&url, &made, Some(&operator)))
    })
    .await
}

async fn change(
    app: &App,
    operator: String,
    posted: &Posted,
    operation: fn(&mut Tx<'_>, OperatorId, &Actor) -> Done<Operator>,
) -> Result<Response, Problem> {
    let (Nothing {}, claim) = posted.read(Scope::Admin)?;
    let actor = posted.caller.actor();
    app.change(claim, StatusCode::OK, move |tx| {
        let id = operators::find(tx, &operator)?.id;
        Ok(records::Operator::new(&operation(tx, id, &actor)?))
    })
    .await
}
