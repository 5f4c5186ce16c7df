//! Agents that came with an enrollment key.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use latchkey_domain::tokens::Scope;
use latchkey_store::audit;
use latchkey_store::enrollment::{agents, erasure, keys};
use latchkey_store::lists::agents::{AgentIs, AgentSort, Which, page};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::body::Posted;
use super::caller::Caller;
use super::desk::shown;
use super::parts::{WithReason, WithoutReason, lines, required_reason};
use super::query::{self, Named, Order, Params};
use crate::app::App;
use crate::problem::Problem;
use crate::records::{self, enrollment as record};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list))
        .routes(routes!(show))
        .routes(routes!(approve))
        .routes(routes!(quarantine))
        .routes(routes!(restore))
        .routes(routes!(erase))
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
    /// Those of this enrollment key alone: its id, or its name.
    #[param(min_length = 1, max_length = 200)]
    key: Option<String>,
    /// Those in this state alone.
    #[param(inline)]
    state: Option<AgentState>,
    /// Those that last sent this tag alone.
    #[param(min_length = 1, max_length = 200)]
    tag: Option<String>,
    /// Those whose version begins so alone.
    #[param(min_length = 1, max_length = 200)]
    version: Option<String>,
    /// Those alone that share their identity with another machine.
    twins: Option<bool>,
    /// Those alone that still use a secret that was replaced.
    old_secret: Option<bool>,
}

/// How an agent stands.
#[derive(Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
enum AgentState {
    Approved,
    Pending,
    Quarantined,
}

#[derive(Serialize, ToSchema)]
struct AgentPage {
    agents: Vec<record::Agent>,
    /// Whether there are more.
    more: bool,
    /// The cursor of the next page.
    next: Option<String>,
}

#[derive(Serialize, ToSchema)]
struct ShownAgent {
    #[serde(flatten)]
    agent: record::Agent,
    /// What happened to it, oldest first.
    history: Vec<records::AuditLine>,
}

/// Agents, in the order in which they came first.
#[utoipa::path(get, path = "/agents", tag = "agents", params(Listing),
    security(("token" = ["agents:read"])), responses((status = 200, description = "A page of agents.", body = AgentPage)))]
async fn list(State(app): State<App>, caller: Caller, params: Params<Listing>) -> Result<Response, Problem> {
    caller.may(Scope::AgentsRead)?;
    let Params(Listing { limit, cursor, key, state, tag, version, twins, old_secret }) = params;
    let rows = query::page("agents", AgentSort::Id, Order::Asc, limit, cursor.as_deref())?;
    for (name, given) in [("tag", &tag), ("version", &version)] {
        query::word(&app, name, given.as_deref())?;
    }
    let is = state.map(|state| match state {
        AgentState::Approved => AgentIs::Approved,
        AgentState::Pending => AgentIs::Pending,
        AgentState::Quarantined => AgentIs::Quarantined,
    });
    let found = app
        .ask(move |reader| {
            let key = key.as_deref().map(|key| keys::find(reader, key).map(|key| key.id)).transpose()?;
            let which = Which {
                key,
                is,
                tag: tag.clone(),
                version: version.clone(),
                seen_before: None,
                twins: twins.unwrap_or(false),
                old_secret: old_secret.unwrap_or(false),
            };
            Ok(page(reader, &which, AgentSort::Id, &rows)?)
        })
        .await?;
    let agents = found.rows.iter().map(record::Agent::new).collect();
    Ok(shown(&AgentPage { agents, more: found.after.is_some(), next: query::next("agents", &found) }))
}

/// One agent, and its history.
#[utoipa::path(get, path = "/agents/{agent}", tag = "agents", security(("token" = ["agents:read"])),
    params(("agent" = String, Path, description = "Its id, its device, or its GLPI-Agent-ID.")),
    responses((status = 200, description = "The agent.", body = ShownAgent)))]
async fn show(State(app): State<App>, caller: Caller, Named(id): Named) -> Result<Response, Problem> {
    caller.may(Scope::AgentsRead)?;
    let (agent, history) = app
        .ask(move |reader| {
            let agent = agents::find(reader, &id)?;
            let history = audit::history(reader, "agent", &agent.id.to_string())?;
            Ok((agent, history))
        })
        .await?;
    Ok(shown(&ShownAgent { agent: record::Agent::new(&agent), history: lines(&history) }))
}

/// Let an agent in that waits.
#[utoipa::path(post, path = "/agents/{agent}/approve", tag = "agents", request_body = WithoutReason,
    security(("token" = ["agents:write"])), params(("agent" = String, Path, description = "Its id, its device, or its GLPI-Agent-ID.")),
    responses((status = 200, description = "The agent as it is now.", body = record::Agent)))]
async fn approve(State(app): State<App>, Named(id): Named, posted: Posted) -> Result<Response, Problem> {
    app.change_one(Scope::AgentsWrite, id, &posted, agents::approve, |agent, _| record::Agent::new(agent)).await
}

/// Shut an agent out, whatever key it comes with.
#[utoipa::path(post, path = "/agents/{agent}/quarantine", tag = "agents", request_body = WithoutReason,
    security(("token" = ["agents:write"])), params(("agent" = String, Path, description = "Its id, its device, or its GLPI-Agent-ID.")),
    responses((status = 200, description = "The agent as it is now.", body = record::Agent)))]
async fn quarantine(State(app): State<App>, Named(id): Named, posted: Posted) -> Result<Response, Problem> {
    app.change_one(Scope::AgentsWrite, id, &posted, agents::quarantine, |agent, _| record::Agent::new(agent)).await
}

/// Take an agent out of quarantine.
#[utoipa::path(post, path = "/agents/{agent}/restore", tag = "agents", request_body = WithoutReason,
    security(("token" = ["agents:write"])), params(("agent" = String, Path, description = "Its id, its device, or its GLPI-Agent-ID.")),
    responses((status = 200, description = "The agent as it is now.", body = record::Agent)))]
async fn restore(State(app): State<App>, Named(id): Named, posted: Posted) -> Result<Response, Problem> {
    app.change_one(Scope::AgentsWrite, id, &posted, agents::restore, |agent, _| record::Agent::new(agent)).await
}

/// Erase an agent for good, with what waits of it for a GLPI. One that comes again is a new one, and takes a place of its
/// key. The `reason` of this is kept: it should not name the person.
#[utoipa::path(post, path = "/agents/{agent}/erase", tag = "agents", request_body = WithReason,
    security(("token" = ["admin"])), params(("agent" = String, Path, description = "Its id, its device, or its GLPI-Agent-ID.")),
    responses((status = 200, description = "It is erased.", body = record::ErasedAgent)))]
async fn erase(State(app): State<App>, Named(agent): Named, posted: Posted) -> Result<Response, Problem> {
    let (WithReason { reason }, claim) = posted.read(Scope::Admin)?;
    let (reason, actor) = (required_reason(&app, &reason)?, posted.caller.actor());
    // The queue may be a database of its own: first it is done there, and a repetition finds it done.
    let asked = agent.clone();
    let messages = match app.ask(move |reader| Ok(agents::find(reader, &asked).ok())).await? {
        Some(found) => app.forget_messages_of(found.id).await.map_err(Problem::ours)?,
        None => 0,
    };
    let answer = app
        .change(claim, StatusCode::OK, move |tx| {
            Ok(record::ErasedAgent::new(&erasure::erase(tx, &agent, &actor, &reason)?, messages))
        })
        .await?;
    app.settle_erased().await;
    Ok(answer)
}
