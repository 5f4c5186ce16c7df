//! Instances: which GLPIs and sites of plugins use a subscription, and what people decide about them.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use latchkey_domain::ids::InstanceId;
use latchkey_domain::instances::Environment;
use latchkey_domain::tokens::Scope;
use latchkey_store::api::idempotency::Claim;
use latchkey_store::audit;
use latchkey_store::instances::list::{self, Listed, Page};
use latchkey_store::instances::{activations, decisions};
use latchkey_store::subscriptions::customers;
use latchkey_store::{Actor, Done, Tx};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::body::Posted;
use super::caller::Caller;
use super::desk::shown;
use super::parts::{WithReason, WithoutReason, key_id, lines, read_reason, required_reason, subscription_id};
use super::query::{Named, Params, cursor, limit, place};
use crate::app::App;
use crate::problem::Problem;
use crate::records;

/// Rows that are looked at for one page with a state, which is not stored: it depends on the time of day.
const MOST_LOOKED_AT: u32 = 2_000;
/// The most moves that are shown with an instance.
const MOST_MOVES: u32 = 200;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list))
        .routes(routes!(show))
        .routes(routes!(declare))
        .routes(routes!(release))
        .routes(routes!(approve))
        .routes(routes!(refuse))
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
    /// Those of this customer alone: name or id.
    customer: Option<String>,
    /// Those that use this subscription alone: its id.
    subscription: Option<String>,
    /// Those that asked with this key last: its id.
    key: Option<String>,
    /// Those of this UID, or of this normalised address, alone.
    site: Option<String>,
    /// Those in this state alone; `moving` are those to decide about. A page may then have fewer items than `limit`, even
    /// none, and still a `next`.
    #[param(inline)]
    state: Option<InstanceState>,
}

/// What an instance has.
#[derive(Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
enum InstanceState {
    Active,
    Moving,
    Released,
    Refused,
}

#[derive(Serialize, ToSchema)]
struct InstancePage {
    /// Newest first.
    instances: Vec<records::Instance>,
    /// Whether there are more.
    more: bool,
    /// The cursor of the next page.
    next: Option<String>,
}

#[derive(Serialize, ToSchema)]
struct ShownInstance {
    #[serde(flatten)]
    instance: records::Instance,
    /// Its moves, newest first; at most 200.
    moves: Vec<records::InstanceMove>,
    /// The plugins that asked for themselves there, by name; at most 200.
    activations: Vec<records::Activation>,
    /// What was done with it, oldest first.
    history: Vec<records::AuditLine>,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Declare {
    /// `production`, `staging` or `development`.
    environment: String,
    /// Why, for the audit log.
    reason: Option<String>,
}

impl InstanceState {
    fn name(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Moving => "moving",
            Self::Released => "released",
            Self::Refused => "refused",
        }
    }
}

/// Instances, newest first.
#[utoipa::path(get, path = "/instances", tag = "instances", params(Listing), security(("token" = ["instances:read"])),
    responses((status = 200, description = "A page of instances.", body = InstancePage)))]
async fn list(State(app): State<App>, caller: Caller, params: Params<Listing>) -> Result<Response, Problem> {
    caller.may(Scope::InstancesRead)?;
    let Params(Listing { limit: most, cursor: before, customer, subscription, key, site, state }) = params;
    let (most, now) = (limit(most)?, app.now().map_err(Problem::ours)?);
    let before = place("instances", before.as_deref(), |id| id.parse::<InstanceId>().ok())?;
    let subscription = subscription.map(|id| subscription_id(&app, &id)).transpose()?;
    let key = key.map(|id| key_id(&app, &id)).transpose()?;
    let asked = if state.is_some() { MOST_LOOKED_AT } else { most };
    let moving = state == Some(InstanceState::Moving);
    let found = app
        .ask(move |reader| {
            let customer = customer.map(|name| customers::find(reader, &name)).transpose()?.map(|found| found.id);
            Ok(list::page(reader, &Page { customer, subscription, key, site, moving, before }, asked + 1)?)
        })
        .await?;
    let (mut page, mut last) = (Vec::new(), None);
    let (mut looked_at, all) = (0, found.len());
    for listed in found {
        if page.len() >= most as usize || looked_at >= asked as usize {
            break;
        }
        looked_at += 1;
        last = Some(listed.id);
        if state.is_none_or(|state| listed.place(now).name() == state.name()) {
            page.push(records::Instance::new(&listed, now));
        }
    }
    let more = looked_at < all;
    let next = last.filter(|_| more).map(|id| cursor("instances", &id.to_string()));
    Ok(shown(&InstancePage { instances: page, more, next }))
}

/// One instance, its moves and its history. By its id, or by its UID or address where one subscription alone knows it.
#[utoipa::path(get, path = "/instances/{instance}", tag = "instances", security(("token" = ["instances:read"])),
    params(("instance" = String, Path, description = "Its id, or its UID.")),
    responses((status = 200, description = "The instance.", body = ShownInstance)))]
async fn show(State(app): State<App>, caller: Caller, Named(instance): Named) -> Result<Response, Problem> {
    caller.may(Scope::InstancesRead)?;
    let now = app.now().map_err(Problem::ours)?;
    let record = app
        .ask(move |reader| {
            let listed = list::meant(reader, &instance, None)?;
            let moves = list::moves(reader, listed.id, MOST_MOVES)?;
            let plugins = activations::of(reader, listed.id)?;
            let history = audit::history(reader, "instance", &listed.id.to_string())?;
            Ok(ShownInstance {
                instance: records::Instance::new(&listed, now),
                moves: moves.iter().map(records::InstanceMove::new).collect(),
                activations: plugins.iter().map(records::Activation::new).collect(),
                history: lines(&history),
            })
        })
        .await?;
    Ok(shown(&record))
}

/// Say what it is for. What is not production leaves its seat at once; what becomes production needs one that is free.
#[utoipa::path(post, path = "/instances/{instance}/declare", tag = "instances", request_body = Declare,
    security(("token" = ["instances:write"])), params(("instance" = String, Path, description = "Its id, or its UID.")),
    responses((status = 200, description = "The instance as it is now.", body = records::Instance)))]
async fn declare(State(app): State<App>, Named(instance): Named, posted: Posted) -> Result<Response, Problem> {
    let (Declare { environment, reason }, claim) = posted.read(Scope::InstancesWrite)?;
    let environment = Environment::parse(&environment).map_err(|refusal| Problem::refusal(&refusal, &app.zone))?;
    let reason = read_reason(&app, reason.as_deref())?;
    change(&app, instance, &posted, claim, move |tx, id, actor| {
        decisions::declare(tx, id, environment, actor, reason.as_ref())
    })
    .await
}

/// Take its place away. Whoever moves in has it then.
#[utoipa::path(post, path = "/instances/{instance}/release", tag = "instances", request_body = WithReason,
    security(("token" = ["instances:write"])), params(("instance" = String, Path, description = "Its id, or its UID.")),
    responses((status = 200, description = "The instance as it is now.", body = records::Instance)))]
async fn release(State(app): State<App>, Named(instance): Named, posted: Posted) -> Result<Response, Problem> {
    let (WithReason { reason }, claim) = posted.read(Scope::InstancesWrite)?;
    let reason = required_reason(&app, &reason)?;
    change(&app, instance, &posted, claim, move |tx, id, actor| decisions::release(tx, id, actor, &reason)).await
}

/// Let it have the seat that it is moving to, or one that is free.
#[utoipa::path(post, path = "/instances/{instance}/approve", tag = "instances", request_body = WithoutReason,
    security(("token" = ["instances:write"])), params(("instance" = String, Path, description = "Its id, or its UID.")),
    responses((status = 200, description = "The instance as it is now.", body = records::Instance)))]
async fn approve(State(app): State<App>, Named(instance): Named, posted: Posted) -> Result<Response, Problem> {
    let (WithoutReason { reason }, claim) = posted.read(Scope::InstancesWrite)?;
    let reason = read_reason(&app, reason.as_deref())?;
    change(&app, instance, &posted, claim, move |tx, id, actor| decisions::approve(tx, id, actor, reason.as_ref()))
        .await
}

/// Stop one that is moving in, or one that is refused, for good.
#[utoipa::path(post, path = "/instances/{instance}/refuse", tag = "instances", request_body = WithReason,
    security(("token" = ["instances:write"])), params(("instance" = String, Path, description = "Its id, or its UID.")),
    responses((status = 200, description = "The instance as it is now.", body = records::Instance)))]
async fn refuse(State(app): State<App>, Named(instance): Named, posted: Posted) -> Result<Response, Problem> {
    let (WithReason { reason }, claim) = posted.read(Scope::InstancesWrite)?;
    let reason = required_reason(&app, &reason)?;
    change(&app, instance, &posted, claim, move |tx, id, actor| decisions::refuse(tx, id, actor, &reason)).await
}

/// Decides, and shows what the instance is like then.
async fn change(
    app: &App,
    instance: String,
    posted: &Posted,
    claim: Option<Claim>,
    mut operation: impl FnMut(&mut Tx<'_>, InstanceId, &Actor) -> Done<Listed> + Send + 'static,
) -> Result<Response, Problem> {
    let actor = posted.caller.actor();
    app.change(claim, StatusCode::OK, move |tx| {
        let id = list::meant(tx, &instance, None)?.id;
        let listed = operation(tx, id, &actor)?;
        Ok(records::Instance::new(&listed, tx.now()))
    })
    .await
}
