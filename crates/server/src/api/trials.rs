//! Trials of plugins: looked at, extended, turned into subscriptions.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use latchkey_domain::Refusal;
use latchkey_domain::ids::TrialId;
use latchkey_domain::tokens::Scope;
use latchkey_store::instances::trials::{self, Order};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::body::Posted;
use super::caller::Caller;
use super::desk::shown;
use super::parts::{read_reason, term};
use super::query::{Named, Params, cursor, cut, limit, place};
use crate::app::App;
use crate::problem::Problem;
use crate::records;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(extend)).routes(routes!(subscribe))
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
}

#[derive(Serialize, ToSchema)]
struct TrialPage {
    /// Newest first.
    trials: Vec<records::Trial>,
    /// Whether there are more.
    more: bool,
    /// The cursor of the next page.
    next: Option<String>,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Extend {
    /// For so many days more: from its end, or from now where it is over.
    #[schema(minimum = 1, maximum = 366)]
    days: u32,
    /// Why, for the audit log.
    reason: Option<String>,
}

/// What it is turned into: exactly one of `years`, `months` and `days` says for how long.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Subscribe {
    /// The customer's name or id; one that is not there is added by name.
    customer: String,
    /// The offer's reference; it has to open the plugin.
    offer: String,
    /// For so many calendar years.
    #[schema(minimum = 1, maximum = 100)]
    years: Option<u32>,
    /// For so many calendar months.
    #[schema(minimum = 1, maximum = 1200)]
    months: Option<u32>,
    /// For so many days.
    #[schema(minimum = 1, maximum = 36525)]
    days: Option<u32>,
}

#[derive(Serialize, ToSchema)]
struct Subscribed {
    #[serde(flatten)]
    key: records::Key,
    /// What the administrator pastes into GLPI, or into the plugin.
    registration_key: String,
}

/// Trials, newest first.
#[utoipa::path(get, path = "/trials", tag = "trials", params(Listing), security(("token" = ["trials:read"])),
    responses((status = 200, description = "A page of trials.", body = TrialPage)))]
async fn list(State(app): State<App>, caller: Caller, params: Params<Listing>) -> Result<Response, Problem> {
    caller.may(Scope::TrialsRead)?;
    let Params(Listing { limit: most, cursor: before }) = params;
    let (most, now) = (limit(most)?, app.now().map_err(Problem::ours)?);
    let before = place("trials", before.as_deref(), |id| id.parse::<TrialId>().ok())?;
    let mut found = app.ask(move |reader| Ok(trials::page(reader, before, most + 1)?)).await?;
    let more = cut(&mut found, most);
    let next = found.last().filter(|_| more).map(|last| cursor("trials", &last.trial.id.to_string()));
    Ok(shown(&TrialPage { trials: found.iter().map(|listed| records::Trial::new(listed, now)).collect(), more, next }))
}

/// Let it go on for longer.
#[utoipa::path(post, path = "/trials/{trial}/extend", tag = "trials", request_body = Extend,
    security(("token" = ["trials:write"])), params(("trial" = String, Path, description = "Its id.")),
    responses((status = 200, description = "The trial as it is now.", body = records::Trial)))]
async fn extend(State(app): State<App>, Named(trial): Named, posted: Posted) -> Result<Response, Problem> {
    let (Extend { days, reason }, claim) = posted.read(Scope::TrialsWrite)?;
    let (id, reason, actor) = (read_id(&app, &trial)?, read_reason(&app, reason.as_deref())?, posted.caller.actor());
    app.change(claim, StatusCode::OK, move |tx| {
        Ok(records::Trial::new(&trials::extend(tx, id, days, &actor, reason.as_ref())?, tx.now()))
    })
    .await
}

/// Turn it into a subscription without a gap: its first day is the one on which the trial ends, or today.
#[utoipa::path(post, path = "/trials/{trial}/subscribe", tag = "trials", request_body = Subscribe,
    security(("token" = ["trials:write"])), params(("trial" = String, Path, description = "Its id.")),
    responses((status = 201, description = "The key of the new subscription.", body = Subscribed)))]
async fn subscribe(State(app): State<App>, Named(trial): Named, posted: Posted) -> Result<Response, Problem> {
    let (Subscribe { customer, offer, years, months, days }, claim) = posted.read(Scope::TrialsWrite)?;
    let id = read_id(&app, &trial)?;
    let term = term(&app, years, months, days)?.ok_or_else(|| Problem::refusal(&Refusal::TermMissing, &app.zone))?;
    let (order, actor) = (Order { customer, offer, term }, posted.caller.actor());
    let (vault, zone) = (app.api.vault.clone(), app.zone.clone());
    app.change(claim, StatusCode::CREATED, move |tx| {
        let issued = trials::subscribe(tx, &vault, id, &order, &zone, &actor)?;
        let customer = issued.customer.name.as_str();
        Ok(Subscribed {
            key: records::Key::new(&issued.key, &issued.subscription, customer, tx.now()),
            registration_key: issued.text.reveal().to_owned(),
        })
    })
    .await
}

fn read_id(app: &App, id: &str) -> Result<TrialId, Problem> {
    id.parse().map_err(|_| Problem::refusal(&Refusal::TrialUnknown { trial: id.to_owned() }, &app.zone))
}
