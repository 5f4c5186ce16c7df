//! Subscriptions: what customers have bought, and every change to it. New ones come with a key.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use latchkey_domain::Refusal;
use latchkey_domain::ids::SubscriptionId;
use latchkey_domain::subscriptions::Subscription;
use latchkey_domain::text::OfferRef;
use latchkey_domain::tokens::Scope;
use latchkey_store::api::idempotency::Claim;
use latchkey_store::audit;
use latchkey_store::instances::decisions;
use latchkey_store::lists::subscriptions::{Sort, Wanted, Whose};
use latchkey_store::lists::{self, SubscriptionIs};
use latchkey_store::subscriptions::customers;
use latchkey_store::subscriptions::keys::{self, Filter};
use latchkey_store::subscriptions::subscriptions;
use latchkey_store::{Actor, Done, Tx};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::body::Posted;
use super::caller::Caller;
use super::desk::shown;
use super::parts::{WithReason, WithoutReason, lines, read_reason, required_reason, subscription_id, term};
use super::query::{self, Named, Order, Params};
use crate::app::App;
use crate::problem::Problem;
use crate::records;

/// The most keys that are shown with a subscription.
const MOST_KEYS: u32 = 200;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list))
        .routes(routes!(show))
        .routes(routes!(renew))
        .routes(routes!(suspend))
        .routes(routes!(resume))
        .routes(routes!(terminate))
        .routes(routes!(set_seats))
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
    /// Those to this offer alone: its reference.
    offer: Option<String>,
    /// Those in this state alone.
    #[param(inline)]
    state: Option<SubscriptionState>,
    /// Those whose last day is this one or later.
    ends_from: Option<String>,
    /// Those whose last day is this one or earlier.
    ends_until: Option<String>,
    /// By what they are sorted: when they were made, where nothing is said.
    #[param(inline)]
    sort: Option<SubscriptionSort>,
    /// Which end comes first: `desc` where they are sorted by when they were made, else `asc`, where nothing is said.
    #[param(inline)]
    order: Option<Order>,
}

/// By what subscriptions are sorted.
#[derive(Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
enum SubscriptionSort {
    Made,
    End,
    Customer,
}

/// Where a subscription stands.
#[derive(Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(super) enum SubscriptionState {
    Scheduled,
    Running,
    Grace,
    Expired,
    Suspended,
    Terminated,
}

#[derive(Serialize, ToSchema)]
struct SubscriptionPage {
    subscriptions: Vec<records::Subscription>,
    /// Whether there are more.
    more: bool,
    /// The cursor of the next page.
    next: Option<String>,
}

#[derive(Serialize, ToSchema)]
struct ShownSubscription {
    #[serde(flatten)]
    subscription: records::Subscription,
    /// Its keys, newest first; at most 200.
    keys: Vec<records::Key>,
    /// What was done with it, oldest first.
    history: Vec<records::AuditLine>,
}

/// Exactly one of `years`, `months` and `days`.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Renew {
    /// For so many calendar years.
    #[schema(minimum = 1, maximum = 100)]
    years: Option<u32>,
    /// For so many calendar months.
    #[schema(minimum = 1, maximum = 1200)]
    months: Option<u32>,
    /// For so many days.
    #[schema(minimum = 1, maximum = 36525)]
    days: Option<u32>,
    /// Why, for the audit log.
    #[schema(min_length = 1, max_length = 500)]
    reason: Option<String>,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SetSeats {
    /// How many production instances may use it.
    #[schema(minimum = 1, maximum = 100000)]
    seats: u32,
    /// Why, for the audit log.
    #[schema(min_length = 1, max_length = 500)]
    reason: Option<String>,
}

impl SubscriptionState {
    pub(super) fn is(self) -> SubscriptionIs {
        match self {
            Self::Scheduled => SubscriptionIs::Scheduled,
            Self::Running => SubscriptionIs::Running,
            Self::Grace => SubscriptionIs::Grace,
            Self::Expired => SubscriptionIs::Expired,
            Self::Suspended => SubscriptionIs::Suspended,
            Self::Terminated => SubscriptionIs::Terminated,
        }
    }
}

impl SubscriptionSort {
    /// How, under which name cursors know it, and which end comes first where nothing is said.
    fn how(self) -> (Sort, &'static str, Order) {
        match self {
            Self::Made => (Sort::Made, "subscriptions", Order::Desc),
            Self::End => (Sort::End, "subscriptions by end", Order::Asc),
            Self::Customer => (Sort::Customer, "subscriptions by customer", Order::Asc),
        }
    }
}

/// Subscriptions; newest first, where nothing else is said.
#[utoipa::path(get, path = "/subscriptions", tag = "subscriptions", params(Listing),
    security(("token" = ["subscriptions:read"])),
    responses((status = 200, description = "A page of subscriptions.", body = SubscriptionPage)))]
async fn list(State(app): State<App>, caller: Caller, params: Params<Listing>) -> Result<Response, Problem> {
    caller.may(Scope::SubscriptionsRead)?;
    let Params(Listing { limit, cursor, customer, offer, state, ends_from, ends_until, sort, order }) = params;
    let now = app.now().map_err(Problem::ours)?;
    let (sort, kind, usual) = sort.unwrap_or(SubscriptionSort::Made).how();
    let page = query::page(kind, sort, order.unwrap_or(usual), limit, cursor.as_deref())?;
    let refused = |refusal: Refusal| Problem::refusal(&refusal, &app.zone);
    let wanted = Wanted {
        whose: None,
        offer: offer.map(|offer| OfferRef::parse(&offer)).transpose().map_err(refused)?,
        is: state.map(SubscriptionState::is),
        ends: query::ends(ends_from.as_deref(), ends_until.as_deref())?,
    };
    let found = app
        .ask(move |reader| {
            let customer = customer.map(|name| customers::find(reader, &name)).transpose()?;
            let wanted = Wanted { whose: customer.map(|found| Whose::Customer(found.id)), ..wanted };
            Ok(lists::subscriptions::page(reader, &wanted, sort, &page, now)?)
        })
        .await?;
    let subscriptions =
        found.rows.iter().map(|listed| records::Subscription::new(&listed.subscription, listed.customer.as_str(), now));
    Ok(shown(&SubscriptionPage {
        subscriptions: subscriptions.collect(),
        more: found.after.is_some(),
        next: query::next(kind, &found),
    }))
}

/// One subscription, its keys and its history.
#[utoipa::path(get, path = "/subscriptions/{subscription}", tag = "subscriptions",
    security(("token" = ["subscriptions:read"])), params(("subscription" = String, Path, description = "Its id.")),
    responses((status = 200, description = "The subscription.", body = ShownSubscription)))]
async fn show(State(app): State<App>, caller: Caller, Named(id): Named) -> Result<Response, Problem> {
    caller.may(Scope::SubscriptionsRead)?;
    let (id, now) = (subscription_id(&app, &id)?, app.now().map_err(Problem::ours)?);
    let record = app
        .ask(move |reader| {
            let subscription = subscriptions::find(reader, id)?;
            let customer = customers::find(reader, &subscription.customer.to_string())?;
            let keys = keys::list(reader, Filter { subscription: Some(id), customer: None }, MOST_KEYS)?;
            let history = audit::history(reader, "subscription", &id.to_string())?;
            Ok(ShownSubscription {
                subscription: records::Subscription::new(&subscription, customer.name.as_str(), now),
                keys: keys
                    .iter()
                    .map(|listed| records::Key::new(&listed.key, &listed.subscription, listed.customer.as_str(), now))
                    .collect(),
                history: lines(&history),
            })
        })
        .await?;
    Ok(shown(&record))
}

/// Let it go on for longer, without a gap; a lapsed one begins anew today. Its keys stay the same.
#[utoipa::path(post, path = "/subscriptions/{subscription}/renew", tag = "subscriptions", request_body = Renew,
    security(("token" = ["subscriptions:write"])), params(("subscription" = String, Path, description = "Its id.")),
    responses((status = 200, description = "The subscription as it is now.", body = records::Subscription)))]
async fn renew(State(app): State<App>, Named(id): Named, posted: Posted) -> Result<Response, Problem> {
    let (Renew { years, months, days, reason }, claim) = posted.read(Scope::SubscriptionsWrite)?;
    let term = term(&app, years, months, days)?.ok_or_else(|| Problem::refusal(&Refusal::TermMissing, &app.zone))?;
    let (reason, zone) = (read_reason(&app, reason.as_deref())?, app.zone.clone());
    change(&app, &id, &posted, claim, move |tx, id, actor| {
        subscriptions::renew(tx, id, term, &zone, actor, reason.as_ref())
    })
    .await
}

/// Stop it for the time being.
#[utoipa::path(post, path = "/subscriptions/{subscription}/suspend", tag = "subscriptions", request_body = WithReason,
    security(("token" = ["subscriptions:write"])), params(("subscription" = String, Path, description = "Its id.")),
    responses((status = 200, description = "The subscription as it is now.", body = records::Subscription)))]
async fn suspend(State(app): State<App>, Named(id): Named, posted: Posted) -> Result<Response, Problem> {
    let (WithReason { reason }, claim) = posted.read(Scope::SubscriptionsWrite)?;
    let reason = required_reason(&app, &reason)?;
    change(&app, &id, &posted, claim, move |tx, id, actor| subscriptions::suspend(tx, id, actor, &reason)).await
}

/// Let a suspended one go on.
#[utoipa::path(post, path = "/subscriptions/{subscription}/resume", tag = "subscriptions", request_body = WithoutReason,
    security(("token" = ["subscriptions:write"])), params(("subscription" = String, Path, description = "Its id.")),
    responses((status = 200, description = "The subscription as it is now.", body = records::Subscription)))]
async fn resume(State(app): State<App>, Named(id): Named, posted: Posted) -> Result<Response, Problem> {
    let (WithoutReason { reason }, claim) = posted.read(Scope::SubscriptionsWrite)?;
    let reason = read_reason(&app, reason.as_deref())?;
    change(&app, &id, &posted, claim, move |tx, id, actor| subscriptions::resume(tx, id, actor, reason.as_ref())).await
}

/// End it for good.
#[utoipa::path(post, path = "/subscriptions/{subscription}/terminate", tag = "subscriptions", request_body = WithReason,
    security(("token" = ["subscriptions:write"])), params(("subscription" = String, Path, description = "Its id.")),
    responses((status = 200, description = "The subscription as it is now.", body = records::Subscription)))]
async fn terminate(State(app): State<App>, Named(id): Named, posted: Posted) -> Result<Response, Problem> {
    let (WithReason { reason }, claim) = posted.read(Scope::SubscriptionsWrite)?;
    let reason = required_reason(&app, &reason)?;
    change(&app, &id, &posted, claim, move |tx, id, actor| subscriptions::terminate(tx, id, actor, &reason)).await
}

/// Say how many production instances may use it. None is taken from under an instance: release seats first.
#[utoipa::path(post, path = "/subscriptions/{subscription}/seats", tag = "subscriptions", request_body = SetSeats,
    security(("token" = ["subscriptions:write"])), params(("subscription" = String, Path, description = "Its id.")),
    responses((status = 200, description = "The subscription as it is now.", body = records::Subscription)))]
async fn set_seats(State(app): State<App>, Named(id): Named, posted: Posted) -> Result<Response, Problem> {
    let (SetSeats { seats, reason }, claim) = posted.read(Scope::SubscriptionsWrite)?;
    let reason = read_reason(&app, reason.as_deref())?;
    change(&app, &id, &posted, claim, move |tx, id, actor| decisions::set_seats(tx, id, seats, actor, reason.as_ref()))
        .await
}

/// Does one of the changes, and shows what the subscription is like then.
async fn change(
    app: &App,
    id: &str,
    posted: &Posted,
    claim: Option<Claim>,
    mut operation: impl FnMut(&mut Tx<'_>, SubscriptionId, &Actor) -> Done<Subscription> + Send + 'static,
) -> Result<Response, Problem> {
    let (id, actor) = (subscription_id(app, id)?, posted.caller.actor());
    app.change(claim, StatusCode::OK, move |tx| {
        let subscription = operation(tx, id, &actor)?;
        let customer = customers::find(tx, &subscription.customer.to_string())?;
        Ok(records::Subscription::new(&subscription, customer.name.as_str(), tx.now()))
    })
    .await
}
