//! The installation: who it is, how it reckons, and for how long it keeps people's data.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use latchkey_domain::request::ValueFault;
use latchkey_domain::retention::{KEPT_DAYS, Retention};
use latchkey_domain::tokens::Scope;
use latchkey_store::{StoreError, installation};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::body::Posted;
use super::caller::Caller;
use super::desk::shown;
use super::parts::read_reason;
use crate::app::App;
use crate::problem::Problem;
use crate::records;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(show)).routes(routes!(retain))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SetRetention {
    /// For how many days a registration is kept after it last changed; as it is where nothing is said.
    #[schema(minimum = 30, maximum = 3660)]
    registrations_days: Option<u32>,
    /// For how many days an agent is kept after it last came; as it is where nothing is said.
    #[schema(minimum = 30, maximum = 3660)]
    agents_days: Option<u32>,
    /// Why, for the audit log.
    #[schema(min_length = 1, max_length = 500)]
    reason: Option<String>,
}

/// The installation, and its settings that are kept in the database.
#[utoipa::path(get, path = "/installation", tag = "installation", security(("token" = ["installation:read"])),
    responses((status = 200, description = "The installation.", body = records::Installation)))]
async fn show(State(app): State<App>, caller: Caller) -> Result<Response, Problem> {
    caller.may(Scope::InstallationRead)?;
    let (known, retention) =
        app.ask(|reader| Ok((installation::load(reader)?, installation::retention(reader)?))).await?;
    let known = known.ok_or_else(|| Problem::ours(StoreError::Bug("no installation".into()).failure()))?;
    Ok(shown(&records::Installation::new(&known, &app.zone, retention)))
}

/// Set for how long people's data is kept. What is over then is erased within the hour, for good.
#[utoipa::path(post, path = "/installation/retention", tag = "installation", request_body = SetRetention,
    security(("token" = ["admin"])),
    responses((status = 200, description = "The terms as they are now.", body = records::Retention)))]
async fn retain(State(app): State<App>, posted: Posted) -> Result<Response, Problem> {
    let (SetRetention { registrations_days, agents_days, reason }, claim) = posted.read(Scope::Admin)?;
    for (name, days) in [("registrations_days", registrations_days), ("agents_days", agents_days)] {
        if days.is_some_and(|days| !KEPT_DAYS.contains(&days)) {
            let fault = ValueFault::OutOfRange { least: *KEPT_DAYS.start(), most: *KEPT_DAYS.end() };
            return Err(Problem::member(Some(name.to_owned()), fault));
        }
    }
    let (reason, actor) = (read_reason(&app, reason.as_deref())?, posted.caller.actor());
    app.change(claim, StatusCode::OK, move |tx| {
        let Retention { registrations, agents } = installation::retention(tx)?;
        let new = Retention {
            registrations: registrations_days.unwrap_or(registrations),
            agents: agents_days.unwrap_or(agents),
        };
        Ok(records::Retention::new(installation::set_retention(tx, new, &actor, reason.as_ref())?))
    })
    .await
}
