//! Offers: what subscriptions are sold from.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use latchkey_domain::subscriptions::Offer;
use latchkey_domain::tokens::Scope;
use latchkey_store::subscriptions::offers;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::body::Posted;
use super::caller::Caller;
use super::desk::shown;
use super::query::Named;
use crate::app::App;
use crate::problem::Problem;
use crate::records;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(set))
}

#[derive(Serialize, ToSchema)]
struct OfferList {
    /// All there are, in the order in which they were made.
    offers: Vec<records::Offer>,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SetOffer {
    /// How people read it: 1 to 200 characters on one line.
    #[schema(min_length = 1, max_length = 200)]
    title: String,
    /// For how many days after its end a subscription goes on, with a warning; sold subscriptions keep theirs.
    #[schema(maximum = 366)]
    grace_days: Option<u32>,
}

/// All offers.
#[utoipa::path(get, path = "/offers", tag = "offers", security(("token" = ["offers:read"])),
    responses((status = 200, description = "All offers.", body = OfferList)))]
async fn list(State(app): State<App>, caller: Caller) -> Result<Response, Problem> {
    caller.may(Scope::OffersRead)?;
    let offers = app.ask(|reader| Ok(offers::list(reader)?)).await?;
    Ok(shown(&OfferList { offers: offers.iter().map(records::Offer::new).collect() }))
}

/// Make an offer, or change the one of this reference.
#[utoipa::path(put, path = "/offers/{offer}", tag = "offers", request_body = SetOffer,
    security(("token" = ["offers:write"])),
    params(("offer" = String, Path, description = "Its reference: 1 to 40 of a-z, 0-9, `-`, `_` and `.`, a letter first.")),
    responses((status = 200, description = "The offer as it is now.", body = records::Offer)))]
async fn set(State(app): State<App>, Named(offer): Named, posted: Posted) -> Result<Response, Problem> {
    let (SetOffer { title, grace_days }, claim) = posted.read(Scope::OffersWrite)?;
    let offer =
        Offer::new(&offer, &title, grace_days.unwrap_or(0)).map_err(|refusal| Problem::refusal(&refusal, &app.zone))?;
    let actor = posted.caller.actor();
    app.change(claim, StatusCode::OK, move |tx| {
        offers::set(tx, &offer, &actor)?;
        Ok(records::Offer::new(&offer))
    })
    .await
}
