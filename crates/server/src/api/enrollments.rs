//! Enrollment keys, with which agents may hand in their inventory.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use latchkey_domain::Refusal;
use latchkey_domain::enrollment::{Policy, Tag};
use latchkey_domain::network::Network;
use latchkey_domain::text::Name;
use latchkey_domain::tokens::Scope;
use latchkey_store::audit;
use latchkey_store::enrollment::keys::{self, MAIN, Order as KeyOrder};
use latchkey_store::lists::agents::{EnrollmentIs, EnrollmentSort, enrollments};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::body::Posted;
use super::caller::Caller;
use super::desk::shown;
use super::parts::{WithoutReason, lines, read_reason};
use super::query::{self, Named, Order, Params};
use crate::app::App;
use crate::problem::Problem;
use crate::records::{self, enrollment as record};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list, create))
        .routes(routes!(show))
        .routes(routes!(suspend))
        .routes(routes!(resume))
        .routes(routes!(revoke))
        .routes(routes!(rotate))
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
    state: Option<EnrollmentState>,
}

/// Whether a key lets agents in.
#[derive(Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
enum EnrollmentState {
    Active,
    Suspended,
    Expired,
    Revoked,
}

#[derive(Serialize, ToSchema)]
struct EnrollmentPage {
    enrollment_keys: Vec<record::EnrollmentKey>,
    /// Whether there are more.
    more: bool,
    /// The cursor of the next page.
    next: Option<String>,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct CreateEnrollment {
    /// What people call it: 1 to 200 characters on one line.
    #[schema(min_length = 1, max_length = 200)]
    name: String,
    /// The name of the GLPI that inventories go to; `main` where nothing is said.
    #[schema(min_length = 1, max_length = 200)]
    glpi: Option<String>,
    /// Put into each message in the place of the agent's own.
    #[schema(min_length = 1, max_length = 200)]
    tag: Option<String>,
    /// How many agents may come with it, at the most.
    #[schema(minimum = 1, maximum = 1_000_000)]
    agents: Option<u32>,
    /// For how many days it lets agents in; without an end where nothing is said.
    #[schema(minimum = 1, maximum = 3660)]
    days: Option<u32>,
    /// From these networks alone, such as `10.20.0.0/16`.
    #[serde(default)]
    networks: Vec<String>,
    /// Whether agents are let in at once; else each waits for a person.
    #[serde(default)]
    approve: bool,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct RevokeEnrollment {
    /// Whether the agents that came with it are shut out, too.
    #[serde(default)]
    quarantine: bool,
    /// Why, for the audit log.
    reason: Option<String>,
}

#[derive(Serialize, ToSchema)]
struct RevokedEnrollment {
    /// How many agents were shut out with it.
    quarantined: usize,
    #[serde(flatten)]
    key: record::EnrollmentKey,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct RotateEnrollment {
    /// For how many days the present secret counts beside the new one; 30 where nothing is said.
    #[schema(minimum = 0, maximum = 366)]
    overlap_days: Option<u32>,
    /// Why, for the audit log.
    reason: Option<String>,
}

#[derive(Serialize, ToSchema)]
struct ShownEnrollment {
    #[serde(flatten)]
    key: record::EnrollmentKey,
    /// What happened to it, oldest first.
    history: Vec<records::AuditLine>,
}

/// All enrollment keys, without their texts.
#[utoipa::path(get, path = "/enrollment-keys", tag = "enrollment", params(Listing),
    security(("token" = ["enrollment:read"])), responses((status = 200, description = "A page of keys.", body = EnrollmentPage)))]
async fn list(State(app): State<App>, caller: Caller, params: Params<Listing>) -> Result<Response, Problem> {
    caller.may(Scope::EnrollmentRead)?;
    let Params(Listing { limit, cursor, state }) = params;
    let now = app.now().map_err(Problem::ours)?;
    let page = query::page("enrollment-keys", EnrollmentSort::Id, Order::Asc, limit, cursor.as_deref())?;
    let is = state.map(|state| match state {
        EnrollmentState::Active => EnrollmentIs::Active,
        EnrollmentState::Suspended => EnrollmentIs::Suspended,
        EnrollmentState::Expired => EnrollmentIs::Expired,
        EnrollmentState::Revoked => EnrollmentIs::Revoked,
    });
    let found = app.ask(move |reader| Ok(enrollments(reader, is, EnrollmentSort::Id, &page, now)?)).await?;
    let enrollment_keys = found.rows.iter().map(|key| record::EnrollmentKey::new(key, now)).collect();
    let (more, next) = (found.after.is_some(), query::next("enrollment-keys", &found));
    Ok(shown(&EnrollmentPage { enrollment_keys, more, next }))
}

/// Make an enrollment key. Its text is in this answer alone.
#[utoipa::path(post, path = "/enrollment-keys", tag = "enrollment", request_body = CreateEnrollment,
    security(("token" = ["enrollment:write"])),
    responses((status = 201, description = "The key, with its text.", body = record::CreatedEnrollmentKey)))]
async fn create(State(app): State<App>, posted: Posted) -> Result<Response, Problem> {
    let (asked, claim) = posted.read::<CreateEnrollment>(Scope::EnrollmentWrite)?;
    let order = order(asked).map_err(|refusal| Problem::refusal(&refusal, &app.zone))?;
    let (vault, actor) = (app.api.vault.clone(), posted.caller.actor());
    app.change(claim, StatusCode::CREATED, move |tx| {
        let created = keys::create(tx, &vault, &order, &actor)?;
        let url = keys::gateway_url(tx)?.unwrap_or_default();
        Ok(record::CreatedEnrollmentKey::new(&created, &url, tx.now()))
    })
    .await
}

/// One enrollment key, and its history.
#[utoipa::path(get, path = "/enrollment-keys/{key}", tag = "enrollment", security(("token" = ["enrollment:read"])),
    params(("key" = String, Path, description = "Its id, or its name.")),
    responses((status = 200, description = "The key.", body = ShownEnrollment)))]
async fn show(State(app): State<App>, caller: Caller, Named(id): Named) -> Result<Response, Problem> {
    caller.may(Scope::EnrollmentRead)?;
    let now = app.now().map_err(Problem::ours)?;
    let (key, history) = app
        .ask(move |reader| {
            let key = keys::find(reader, &id)?;
            let history = audit::history(reader, "enrollment", &key.id)?;
            Ok((key, history))
        })
        .await?;
    Ok(shown(&ShownEnrollment { key: record::EnrollmentKey::new(&key, now), history: lines(&history) }))
}

/// Let nobody in until it is resumed; agents that were let through hand in what they have.
#[utoipa::path(post, path = "/enrollment-keys/{key}/suspend", tag = "enrollment", request_body = WithoutReason,
    security(("token" = ["enrollment:write"])), params(("key" = String, Path, description = "Its id, or its name.")),
    responses((status = 200, description = "The key as it is now.", body = record::EnrollmentKey)))]
async fn suspend(State(app): State<App>, Named(id): Named, posted: Posted) -> Result<Response, Problem> {
    app.change_one(Scope::EnrollmentWrite, id, &posted, keys::suspend, record::EnrollmentKey::new).await
}

/// Let agents in again.
#[utoipa::path(post, path = "/enrollment-keys/{key}/resume", tag = "enrollment", request_body = WithoutReason,
    security(("token" = ["enrollment:write"])), params(("key" = String, Path, description = "Its id, or its name.")),
    responses((status = 200, description = "The key as it is now.", body = record::EnrollmentKey)))]
async fn resume(State(app): State<App>, Named(id): Named, posted: Posted) -> Result<Response, Problem> {
    app.change_one(Scope::EnrollmentWrite, id, &posted, keys::resume, record::EnrollmentKey::new).await
}

/// Take a key's right away, at once and for good.
#[utoipa::path(post, path = "/enrollment-keys/{key}/revoke", tag = "enrollment", request_body = RevokeEnrollment,
    security(("token" = ["enrollment:write"])), params(("key" = String, Path, description = "Its id, or its name.")),
    responses((status = 200, description = "The key as it is now.", body = RevokedEnrollment)))]
async fn revoke(State(app): State<App>, Named(id): Named, posted: Posted) -> Result<Response, Problem> {
    let (RevokeEnrollment { quarantine, reason }, claim) = posted.read(Scope::EnrollmentWrite)?;
    let (reason, actor) = (read_reason(&app, reason.as_deref())?, posted.caller.actor());
    app.change(claim, StatusCode::OK, move |tx| {
        let revoked = keys::revoke(tx, &id, quarantine, &actor, reason.as_ref())?;
        let key = record::EnrollmentKey::new(&revoked.key, tx.now());
        Ok(RevokedEnrollment { quarantined: revoked.quarantined, key })
    })
    .await
}

/// Make another secret under the same id. Its text is in this answer alone.
#[utoipa::path(post, path = "/enrollment-keys/{key}/rotate", tag = "enrollment", request_body = RotateEnrollment,
    security(("token" = ["enrollment:write"])), params(("key" = String, Path, description = "Its id, or its name.")),
    responses((status = 200, description = "The key, with its new text.", body = record::CreatedEnrollmentKey)))]
async fn rotate(State(app): State<App>, Named(id): Named, posted: Posted) -> Result<Response, Problem> {
    let (RotateEnrollment { overlap_days, reason }, claim) = posted.read(Scope::EnrollmentWrite)?;
    let (reason, actor) = (read_reason(&app, reason.as_deref())?, posted.caller.actor());
    let (vault, overlap) = (app.api.vault.clone(), overlap_days.unwrap_or(30));
    app.change(claim, StatusCode::OK, move |tx| {
        let rotated = keys::rotate(tx, &vault, &id, overlap, &actor, reason.as_ref())?;
        let url = keys::gateway_url(tx)?.unwrap_or_default();
        Ok(record::CreatedEnrollmentKey::new(&rotated, &url, tx.now()))
    })
    .await
}

fn order(asked: CreateEnrollment) -> Result<KeyOrder, Refusal> {
    Ok(KeyOrder {
        name: Name::parse("name", &asked.name)?,
        policy: Policy {
            glpi: Name::parse("glpi", asked.glpi.as_deref().unwrap_or(MAIN))?.to_string(),
            tag: asked.tag.as_deref().map(Tag::parse).transpose()?,
            agent_limit: asked.agents,
            networks: networks(asked.networks.iter().map(String::as_str))?,
            approves: asked.approve,
        },
        days: asked.days,
    })
}

/// Ranges of addresses, each read or refused by itself.
pub(crate) fn networks<'t>(texts: impl Iterator<Item = &'t str>) -> Result<Vec<Network>, Refusal> {
    texts.map(|text| text.trim().parse().map_err(|_| Refusal::NetworkInvalid { given: text.to_owned() })).collect()
}
