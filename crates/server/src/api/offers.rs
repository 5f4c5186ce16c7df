//! Offers: what subscriptions are sold from.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use latchkey_domain::Refusal;
use latchkey_domain::instances::{Cover, PluginName, Policy, SeatedBy};
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
    /// How many production instances may use a subscription that is sold from now on; 1 where nothing is said.
    #[schema(minimum = 1, maximum = 100000)]
    seats: Option<u32>,
    /// How many instances for staging and development may use it, together; 2 where nothing is said.
    #[schema(maximum = 100000)]
    staging_limit: Option<u32>,
    /// For how many days a newcomer works beside the one that holds the seat; 0 for no moves without a person, 14 where
    /// nothing is said.
    #[schema(maximum = 366)]
    move_window_days: Option<u32>,
    /// How many moves a newcomer may open in a year, for each seat; 3 where nothing is said.
    #[schema(maximum = 100000)]
    moves_per_year: Option<u32>,
    /// How many seats an administrator may give back in a year without a person, for each seat; 0 where nothing is said.
    #[schema(maximum = 100000)]
    self_service_releases_per_year: Option<u32>,
    /// For how many days a seat that was given back so stays empty; 7 where nothing is said.
    #[schema(maximum = 366)]
    cooling_off_days: Option<u32>,
    /// The plugins that it opens; none where nothing is said.
    plugins: Option<Vec<String>>,
    /// What takes a seat when a plugin is activated; the instance where nothing is said.
    #[schema(inline)]
    seated_by: Option<Seated>,
    /// For how many days these plugins may be tried without a key; 0, for not at all, where nothing is said.
    #[schema(maximum = 366)]
    trial_days: Option<u32>,
}

/// What takes a seat.
#[derive(Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
enum Seated {
    Instance,
    Address,
}

impl SetOffer {
    fn read(self, reference: &str) -> Result<Offer, Refusal> {
        let usual = Policy::default();
        let plugins = self.plugins.unwrap_or_default();
        Offer::new(reference, &self.title, self.grace_days.unwrap_or(0))?
            .allowing(Policy {
                seats: self.seats.unwrap_or(usual.seats),
                others: self.staging_limit.unwrap_or(usual.others),
                move_days: self.move_window_days.unwrap_or(usual.move_days),
                moves_a_year: self.moves_per_year.unwrap_or(usual.moves_a_year),
                releases_a_year: self.self_service_releases_per_year.unwrap_or(usual.releases_a_year),
                cooling_off_days: self.cooling_off_days.unwrap_or(usual.cooling_off_days),
            })?
            .opening(Cover {
                plugins: plugins.iter().map(|name| PluginName::parse(name)).collect::<Result<_, _>>()?,
                seated_by: match self.seated_by {
                    None | Some(Seated::Instance) => SeatedBy::Instance,
                    Some(Seated::Address) => SeatedBy::Address,
                },
                trial_days: self.trial_days.unwrap_or(0),
            })
    }
}

/// All offers.
#[utoipa::path(get, path = "/offers", tag = "offers", security(("token" = ["offers:read"])),
    responses((status = 200, description = "All offers.", body = OfferList)))]
async fn list(State(app): State<App>, caller: Caller) -> Result<Response, Problem> {
    caller.may(Scope::OffersRead)?;
    let offers = app.ask(|reader| Ok(offers::list(reader)?)).await?;
    Ok(shown(&OfferList { offers: offers.iter().map(records::Offer::new).collect() }))
}

/// Make an offer, or change the one of this reference, which is from then on as it is described here.
#[utoipa::path(put, path = "/offers/{offer}", tag = "offers", request_body = SetOffer,
    security(("token" = ["offers:write"])),
    params(("offer" = String, Path, description = "Its reference: 1 to 40 of a-z, 0-9, `-`, `_` and `.`, a letter first.")),
    responses((status = 200, description = "The offer as it is now.", body = records::Offer)))]
async fn set(State(app): State<App>, Named(offer): Named, posted: Posted) -> Result<Response, Problem> {
    let (asked, claim) = posted.read::<SetOffer>(Scope::OffersWrite)?;
    let offer = asked.read(&offer).map_err(|refusal| Problem::refusal(&refusal, &app.zone))?;
    let actor = posted.caller.actor();
    app.change(claim, StatusCode::OK, move |tx| {
        offers::set(tx, &offer, &actor)?;
        Ok(records::Offer::new(&offer))
    })
    .await
}
