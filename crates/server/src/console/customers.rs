//! Customers: the list, and a new one.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use axum::routing::get;
use latchkey_domain::Refusal;
use latchkey_domain::operators::Deed;
use latchkey_domain::text::Name;
use latchkey_store::subscriptions::customers::{self, Customer};
use latchkey_texts::Said;
use serde::Deserialize;

use super::Place;
use super::assets::icons;
use super::form::{Fields, Form};
use super::notice::Notice;
use super::page::{Field, Page, show};
use super::trouble::{Trouble, done, refused};
use super::visit::{Visit, Wishes};
use crate::app::App;

/// The page's entry in the menu.
const PLACE: &str = "/console/customers";
/// Customers on a page.
const ON_A_PAGE: u32 = 50;

pub(super) fn places() -> Vec<Place> {
    vec![Place::page(PLACE, get(list)), Place::page("/console/customers/new", get(new).post(add))]
}

/// What the list is asked for.
#[derive(Deserialize, Default)]
struct Wish {
    /// A part of the name.
    #[serde(default)]
    q: String,
    /// The folded name after which the page begins.
    #[serde(default)]
    after: String,
}

#[derive(Template)]
#[template(path = "console/customers.html")]
struct CustomersPage {
    page: Page,
    customers: Vec<Customer>,
    /// What was searched for.
    q: String,
    /// What is wrong with that.
    said: Option<Said>,
    /// Where the next page begins, if there is one.
    next: Option<String>,
    first: bool,
    may_add: bool,
}

#[derive(Template)]
#[template(path = "console/customer_new.html")]
struct NewCustomerPage {
    page: Page,
    said: Option<Said>,
    customer: Field,
}

async fn list(State(app): State<App>, visit: Visit, Wishes(wish): Wishes<Wish>) -> Result<Response, Trouble> {
    visit.may(Deed::Look)?;
    let Wish { q, after } = wish;
    let part = if q.trim().is_empty() { Ok(None) } else { Name::parse("customer", &q).map(Some) };
    let page = visit.page(PLACE, visit.reader().t("customers-title"));
    let (found, said) = match part {
        Ok(part) => {
            let begin: String = after.chars().filter(|c| !c.is_control()).collect();
            let found =
                app.look(move |reader| Ok(customers::search(reader, part.as_ref(), &begin, ON_A_PAGE + 1)?)).await?;
            (found, None)
        }
        Err(refusal) => (Vec::new(), Some(page.refusal(&refusal))),
    };
    let more = found.len() > ON_A_PAGE as usize;
    let customers: Vec<_> = found.into_iter().take(ON_A_PAGE as usize).collect();
    let next = customers.last().filter(|_| more).map(|last| query(&[("q", &q), ("after", &last.place)]));
    let may_add = visit.can(Deed::AddCustomer);
    Ok(show(&CustomersPage { page, customers, q, said, next, first: after.is_empty(), may_add }))
}

async fn new(visit: Visit) -> Result<Response, Trouble> {
    visit.may(Deed::AddCustomer)?;
    Ok(show(&new_page(&visit, &Fields::default(), None)))
}

async fn add(State(app): State<App>, form: Form) -> Result<Response, Trouble> {
    form.visit.may(Deed::AddCustomer)?;
    let added = match Name::parse("customer", form.text("customer")) {
        Ok(name) => {
            let actor = form.visit.actor();
            form.once(&app, move |tx| Ok(customers::add(tx, &name, &actor)?.name.to_string())).await
        }
        Err(refusal) => Err(Trouble::Refused(refusal)),
    };
    match added {
        Ok(name) => Ok(done(&app, PLACE, &Notice::new("done-customer-added").with("customer", name))),
        Err(Trouble::Refused(refusal)) => Ok(refused(&refusal, &new_page(&form.visit, &form.fields, Some(&refusal)))),
        Err(trouble) => Err(trouble),
    }
}

fn new_page(visit: &Visit, typed: &Fields, refusal: Option<&Refusal>) -> NewCustomerPage {
    let page = visit.page(PLACE, visit.reader().t("customer-new-title"));
    let said = refusal.map(|refusal| page.refusal(refusal));
    let customer = Field::text("customer", page.t("field-customer"))
        .hint(page.t("customer-name-hint"))
        .most(200)
        .typed(typed)
        .fault(said.as_ref().map(|said| said.cause.clone()));
    NewCustomerPage { said, customer, page }
}

/// A query of these values; empty ones are left out.
fn query(values: &[(&str, &str)]) -> String {
    let given = values.iter().filter(|(_, value)| !value.is_empty());
    form_urlencoded::Serializer::new(String::new()).extend_pairs(given).finish()
}
