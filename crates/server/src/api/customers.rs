//! Customers: who hold subscriptions.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use latchkey_domain::text::Name;
use latchkey_domain::tokens::Scope;
use latchkey_store::subscriptions::{customers, erasure};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::body::Posted;
use super::caller::Caller;
use super::desk::shown;
use super::parts::{WithReason, required_reason};
use super::query::{Named, Params, cursor, cut, limit, place};
use crate::app::App;
use crate::problem::Problem;
use crate::records;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list, add)).routes(routes!(show)).routes(routes!(erase))
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
    /// Those alone whose name has this part; upper and lower case make no difference.
    #[param(min_length = 1, max_length = 200)]
    name: Option<String>,
}

#[derive(Serialize, ToSchema)]
struct CustomerPage {
    customers: Vec<records::Customer>,
    /// Whether there are more.
    more: bool,
    /// The cursor of the next page.
    next: Option<String>,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct AddCustomer {
    /// Its name: 1 to 200 characters on one line. Upper and lower case make no difference between two names.
    #[schema(min_length = 1, max_length = 200)]
    customer: String,
}

/// Customers by name.
#[utoipa::path(get, path = "/customers", tag = "customers", params(Listing), security(("token" = ["customers:read"])),
    responses((status = 200, description = "A page of customers.", body = CustomerPage)))]
async fn list(State(app): State<App>, caller: Caller, params: Params<Listing>) -> Result<Response, Problem> {
    caller.may(Scope::CustomersRead)?;
    let Params(Listing { limit: most, cursor: after, name }) = params;
    let most = limit(most)?;
    let part = name.map(|part| Name::parse("name", &part)).transpose();
    let part = part.map_err(|refusal| Problem::refusal(&refusal, &app.zone))?;
    let after = place("customers", after.as_deref(), |name| Some(name.to_owned()))?.unwrap_or_default();
    let mut customers = app.ask(move |reader| Ok(customers::search(reader, part.as_ref(), &after, most + 1)?)).await?;
    let more = cut(&mut customers, most);
    let next = customers.last().filter(|_| more).map(|last| cursor("customers", &last.place));
    Ok(shown(&CustomerPage { customers: customers.iter().map(records::Customer::new).collect(), more, next }))
}

/// One customer, by name or id.
#[utoipa::path(get, path = "/customers/{customer}", tag = "customers", security(("token" = ["customers:read"])),
    params(("customer" = String, Path, description = "Its name or id.")),
    responses((status = 200, description = "The customer.", body = records::Customer)))]
async fn show(State(app): State<App>, caller: Caller, Named(customer): Named) -> Result<Response, Problem> {
    caller.may(Scope::CustomersRead)?;
    let customer = app.ask(move |reader| customers::find(reader, &customer)).await?;
    Ok(shown(&records::Customer::new(&customer)))
}

/// Add a customer. Issuing a key adds one by itself.
#[utoipa::path(post, path = "/customers", tag = "customers", request_body = AddCustomer,
    security(("token" = ["customers:write"])),
    responses((status = 201, description = "The customer was added.", body = records::Customer)))]
async fn add(State(app): State<App>, posted: Posted) -> Result<Response, Problem> {
    let (AddCustomer { customer }, claim) = posted.read(Scope::CustomersWrite)?;
    let name = Name::parse("customer", &customer).map_err(|refusal| Problem::refusal(&refusal, &app.zone))?;
    let actor = posted.caller.actor();
    app.change(claim, StatusCode::CREATED, move |tx| Ok(records::Customer::new(&customers::add(tx, &name, &actor)?)))
        .await
}

/// Erase a customer for good: its name becomes a pseudonym, the reasons that were given about it go, and what it still has
/// ends now. Ids, dates and the audit log's rows stay. The `reason` of this is kept: it should not name the person.
#[utoipa::path(post, path = "/customers/{customer}/erase", tag = "customers", request_body = WithReason,
    security(("token" = ["admin"])), params(("customer" = String, Path, description = "Its name or id.")),
    responses((status = 200, description = "The customer was erased.", body = records::Erased)))]
async fn erase(State(app): State<App>, Named(customer): Named, posted: Posted) -> Result<Response, Problem> {
    let (WithReason { reason }, claim) = posted.read(Scope::Admin)?;
    let reason = required_reason(&app, &reason)?;
    let actor = posted.caller.actor();
    let answer = app
        .change(claim, StatusCode::OK, move |tx| {
            let id = erasure::find(tx, &customer)?.id;
            Ok(records::Erased::new(&erasure::erase(tx, id, &actor, &reason)?))
        })
        .await?;
    app.settle_erased().await;
    Ok(answer)
}
