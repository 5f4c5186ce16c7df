//! Customers: the list, one customer, a new one, and the end of one.

use axum::extract::{Path, State};
use axum::response::Response;
use axum::routing::get;
use latchkey_domain::Refusal;
use latchkey_domain::ids::CustomerId;
use latchkey_domain::operators::Deed;
use latchkey_domain::text::{Name, Reason};
use latchkey_domain::time::Timestamp;
use latchkey_store::audit;
use latchkey_store::instances::list::Listed as ListedInstance;
use latchkey_store::lists::customers::{Listed, Sort, Wanted, page};
use latchkey_store::lists::subscriptions::Whose;
use latchkey_store::lists::{self, Page as Rows, SubscriptionIs};
use latchkey_store::subscriptions::customers::{self, Customer};
use latchkey_store::subscriptions::erasure;
use latchkey_store::subscriptions::keys::Listed as ListedKey;
use serde::Deserialize;
use serde_json::json;

use super::Place;
use super::assets::icons;
use super::deed::{DeedPage, fault, reason};
use super::detail::{DetailPage, Part};
use super::form::{Fields, Form};
use super::history::{People, moments};
use super::key_deeds::unchanged;
use super::keys::choices;
use super::list::{self, AT_A_TIME, Action, Cell, Filter, ListPage, ON_A_PAGE, Query, Sorted, Table};
use super::notice::Notice;
use super::page::{Field, show};
use super::trouble::{Trouble, done, refused};
use super::visit::{Visit, Wishes};
use super::{instances, keys, subscriptions};
use crate::app::App;

/// The page's entry in the menu.
pub(super) const PLACE: &str = "/console/customers";
/// Subscriptions, keys and moments on the page of a customer.
const MOST_SHOWN: u32 = 20;

pub(super) fn places() -> Vec<Place> {
    vec![
        Place::page(PLACE, get(list)),
        Place::action("/console/customers.csv", get(file)),
        Place::page("/console/customers/new", get(new).post(add)),
        Place::page("/console/customers/{customer}", get(show_one)),
        Place::page("/console/customers/{customer}/erase", get(ask_erase).post(erase)),
    ]
}

/// What the list is asked for.
#[derive(Deserialize, Default)]
#[serde(default)]
struct Wish {
    /// A part of the name.
    q: String,
    /// Those who have a subscription that is so.
    state: String,
    sort: String,
    order: String,
    after: String,
    before: String,
}

impl Wish {
    fn query(&self) -> Query {
        let Self { q, state, sort, order, .. } = self;
        Query::of([("q", q.clone()), ("state", state.clone()), ("sort", sort.clone()), ("order", order.clone())])
    }

    fn sorted(&self) -> Sorted<Sort> {
        let usual = Sorted { by: Sort::Name, name: "name", descending: false };
        Sorted::of(&self.sort, &self.order, &[("name", Sort::Name, false), ("known", Sort::Known, true)])
            .unwrap_or(usual)
    }

    fn wanted(&self) -> Result<Wanted, Refusal> {
        let part = if self.q.trim().is_empty() { None } else { Some(Name::parse("customer", &self.q)?) };
        Ok(Wanted {
            name_has: part.map(|part| part.to_string()),
            subscription_is: SubscriptionIs::ALL.into_iter().find(|is| is.name() == self.state),
        })
    }
}

async fn list(State(app): State<App>, visit: Visit, Wishes(wish): Wishes<Wish>) -> Result<Response, Trouble> {
    visit.may(Deed::Look)?;
    let now = app.now().map_err(Trouble::Failed)?;
    let (sorted, query, reader) = (wish.sorted(), wish.query(), visit.reader());
    let frame = visit.page(PLACE, reader.t("customers-title"));
    let rows = sorted.rows(ON_A_PAGE, &wish.after, &wish.before);
    let (found, said) = match wish.wanted() {
        Ok(wanted) => (app.look(move |reader| Ok(page(reader, &wanted, sorted.by, &rows, now)?)).await?, None),
        Err(refusal) => (lists::Found::default(), Some(frame.refusal(&refusal))),
    };
    let columns = vec![
        (frame.t("field-customer"), Some("name")),
        (frame.t("subscriptions-title"), None),
        (frame.t("keys-title"), None),
        (frame.t("next-end"), None),
        (frame.t("since"), Some("known")),
    ];
    let number = |count: u32| Cell::text(reader.number(usize::try_from(count).unwrap_or_default()));
    let row = |listed: &Listed| {
        let Customer { id, name, created_at, .. } = &listed.customer;
        vec![
            Cell::link(name.to_string(), format!("{PLACE}/{id}")),
            number(listed.subscriptions),
            number(listed.keys),
            Cell::text(listed.next_end.map_or_else(|| "–".to_owned(), |end| reader.day(end))),
            Cell::text(reader.day_of(created_at)),
        ]
    };
    let table =
        Table::new(frame.title.clone(), query.head(PLACE, &sorted, columns), found.rows.iter().map(row).collect());
    let filtered = query.filters();
    let none = match (filtered, wish.q.trim()) {
        (false, _) => frame.t("customers-none"),
        (true, "") => frame.t("none-found"),
        (true, q) => frame.t_with("customers-none-found", &[("q", q)]),
    };
    let mut actions = Vec::new();
    if visit.can(Deed::AddCustomer) {
        actions.push(Action::new("/console/customers/new", frame.t("customer-new"), icons::PLUS));
    }
    Ok(show(&ListPage {
        said,
        actions,
        filters: vec![
            Filter::text("q", reader.t("customers-filter"), &wish.q),
            Filter::choice(
                "state",
                reader.t("has-subscription"),
                &wish.state,
                choices(reader, SubscriptionIs::ALL.map(SubscriptionIs::name)),
            ),
        ],
        none,
        filtered,
        path: PLACE,
        turns: query.turns(PLACE, &found),
        csv: Some(query.href("/console/customers.csv")),
        table,
        page: frame,
    }))
}

async fn file(State(app): State<App>, visit: Visit, Wishes(wish): Wishes<Wish>) -> Result<Response, Trouble> {
    visit.may(Deed::Look)?;
    let now = app.now().map_err(Trouble::Failed)?;
    let (sorted, wanted) = (wish.sorted(), wish.wanted().map_err(Trouble::Refused)?);
    const COLUMNS: &[&str] =
        &["customer_id", "customer", "subscriptions", "keys", "next_end_date", "created_at", "erased_at"];
    let row = |listed: &Listed| {
        json!({
            "customer_id": listed.customer.id.to_string(),
            "customer": listed.customer.name.as_str(),
            "subscriptions": listed.subscriptions,
            "keys": listed.keys,
            "next_end_date": listed.next_end.map(|end| end.to_string()),
            "created_at": listed.customer.created_at.to_string(),
            "erased_at": listed.erased_at.map(|at| at.to_string()),
        })
    };
    list::file(
        &app,
        "customers",
        COLUMNS,
        sorted.rows(AT_A_TIME, "", ""),
        move |reader, rows| Ok(page(reader, &wanted, sorted.by, rows, now)?),
        row,
    )
    .await
}

/// A customer with all that its page shows.
struct Known {
    customer: Customer,
    erased_at: Option<Timestamp>,
    subscriptions: lists::Found<lists::subscriptions::Listed>,
    keys: lists::Found<ListedKey>,
    instances: lists::Found<ListedInstance>,
    lines: Vec<audit::Line>,
    people: People,
}

/// What of a customer's history is asked for.
#[derive(Deserialize, Default)]
#[serde(default)]
struct HistoryWish {
    before: String,
}

async fn show_one(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<String>,
    Wishes(wish): Wishes<HistoryWish>,
) -> Result<Response, Trouble> {
    visit.may(Deed::Look)?;
    let (id, now) = (read_id(&id)?, app.now().map_err(Trouble::Failed)?);
    let before: Option<i64> = wish.before.parse().ok();
    let known = app
        .look(move |reader| {
            let newest = Rows::first(MOST_SHOWN).descending();
            let whose = Some(Whose::Customer(id));
            let wanted = lists::subscriptions::Wanted { whose, ..lists::subscriptions::Wanted::default() };
            Ok(Known {
                customer: customers::find(reader, &id.to_string())?,
                erased_at: erasure::erased_at(reader, id)?,
                subscriptions: lists::subscriptions::page(
                    reader,
                    &wanted,
                    lists::subscriptions::Sort::Made,
                    &newest,
                    now,
                )?,
                keys: lists::keys::page(
                    reader,
                    &lists::keys::Wanted::of_customer(id),
                    lists::keys::Sort::Issued,
                    &newest,
                    now,
                )?,
                instances: lists::instances::page(
                    reader,
                    &lists::instances::Wanted {
                        whose: Some(Whose::Customer(id)),
                        ..lists::instances::Wanted::default()
                    },
                    &newest,
                    now,
                )?,
                lines: lists::audit::of_customer(reader, id, before, MOST_SHOWN)?,
                people: People::read(reader)?,
            })
        })
        .await?;
    let reader = visit.reader();
    let (id, name) = (known.customer.id.to_string(), known.customer.name.to_string());
    let frame = visit.page(PLACE, name);
    let mut actions = Vec::new();
    if known.erased_at.is_none() {
        if visit.can(Deed::IssueKey) {
            let new = Query::of([("customer", id.clone())]).href("/console/keys/new");
            actions.push(Action::new(new, frame.t("key-issue"), icons::PLUS));
        }
        if visit.can(Deed::Erase) {
            actions
                .push(Action::new(format!("{PLACE}/{id}/erase"), frame.t("customer-erase"), icons::ERASER).dangerous());
        }
    }
    let erased = known.erased_at.map(|at| frame.t_with("about-erased", &[("time", frame.time(at))]));
    let all = |place: &str, more: bool| more.then(|| format!("{place}?customer={id}"));
    let subscriptions_table = Table::new(
        frame.t("subscriptions-title"),
        subscriptions::columns(reader),
        known.subscriptions.rows.iter().map(|listed| subscriptions::row(reader, listed, now)).collect(),
    );
    let keys_table = Table::new(
        frame.t("keys-title"),
        keys::columns(reader),
        known.keys.rows.iter().map(|listed| keys::row(reader, listed, now)).collect(),
    );
    let instances_table = Table::new(
        frame.t("instances-title"),
        instances::columns(reader),
        known.instances.rows.iter().map(|listed| instances::row(reader, listed, now)).collect(),
    );
    let parts = vec![
        Part {
            all: all("/console/subscriptions", known.subscriptions.after.is_some()),
            ..Part::new(frame.t("subscriptions-title"), subscriptions_table, frame.t("customer-no-subscriptions"))
        },
        Part {
            all: all("/console/keys", known.keys.after.is_some()),
            ..Part::new(frame.t("keys-title"), keys_table, frame.t("customer-no-keys"))
        },
        Part {
            all: all("/console/instances", known.instances.after.is_some()),
            ..Part::new(frame.t("instances-title"), instances_table, frame.t("customer-no-instances"))
        },
    ];
    let more = known.lines.len() >= MOST_SHOWN as usize;
    let more = known.lines.last().filter(|_| more).map(|line| format!("{PLACE}/{id}?before={}", line.seq));
    Ok(show(&DetailPage {
        state: None,
        about: erased.into_iter().collect(),
        actions,
        facts: vec![
            (frame.t("customer-id"), Cell::code(id.as_str())),
            (frame.t("since"), Cell::text(frame.day_of(known.customer.created_at))),
        ],
        parts,
        moments: moments(reader, &known.lines, &known.people, &id),
        more,
        page: frame,
    }))
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
            form.once(&app, move |tx| {
                let added = customers::add(tx, &name, &actor)?;
                Ok((added.id.to_string(), added.name.to_string()))
            })
            .await
        }
        Err(refusal) => Err(Trouble::Refused(refusal)),
    };
    match added {
        Ok((id, name)) => {
            Ok(done(&app, &format!("{PLACE}/{id}"), &Notice::new("done-customer-added").with("customer", name)))
        }
        Err(Trouble::Refused(refusal)) => Ok(refused(&refusal, &new_page(&form.visit, &form.fields, Some(&refusal)))),
        Err(trouble) => Err(trouble),
    }
}

fn new_page(visit: &Visit, typed: &Fields, refusal: Option<&Refusal>) -> DeedPage {
    let page = visit.page(PLACE, visit.reader().t("customer-new-title"));
    let customer = Field::text("customer", page.t("field-customer"))
        .hint(page.t("customer-name-hint"))
        .most(200)
        .typed(typed)
        .fault(fault(&page, refusal, "customer"));
    DeedPage::new(page, "customer-new", format!("{PLACE}/new"), PLACE.to_owned()).input(customer).refused(refusal)
}

async fn ask_erase(State(app): State<App>, visit: Visit, Path(id): Path<String>) -> Result<Response, Trouble> {
    visit.may(Deed::Erase)?;
    Ok(show(&erase_page(&app, &visit, read_id(&id)?, &Fields::default(), None).await?))
}

async fn erase_page(
    app: &App,
    visit: &Visit,
    id: CustomerId,
    typed: &Fields,
    refusal: Option<&Refusal>,
) -> Result<DeedPage, Trouble> {
    let (customer, seen) = app
        .look(move |reader| {
            Ok((customers::find(reader, &id.to_string())?, audit::latest(reader, "customer", &id.to_string())?))
        })
        .await?;
    let page = visit.page(PLACE, visit.reader().t("customer-erase-title"));
    let will = page.t_with("customer-erase-will", &[("customer", customer.name.to_string())]);
    let page = DeedPage::new(page, "customer-erase", format!("{PLACE}/{id}/erase"), format!("{PLACE}/{id}"));
    let why = reason(&page.page, typed, refusal, true).hint(page.page.t("erase-reason-hint"));
    Ok(page.will(will).seen(seen).for_good().input(why).refused(refusal))
}

async fn erase(State(app): State<App>, Path(id): Path<String>, form: Form) -> Result<Response, Trouble> {
    form.visit.may(Deed::Erase)?;
    let id = read_id(&id)?;
    let erased = match Reason::parse(form.text("reason")) {
        Ok(why) => {
            let (actor, seen) = (form.visit.actor(), form.seen());
            form.once(&app, move |tx| {
                unchanged(tx, "customer", &id.to_string(), seen)?;
                Ok(erasure::erase(tx, id, &actor, &why)?.pseudonym)
            })
            .await
        }
        Err(refusal) => Err(Trouble::Refused(refusal)),
    };
    match erased {
        Ok(pseudonym) => {
            app.settle_erased().await;
            Ok(done(&app, &format!("{PLACE}/{id}"), &Notice::new("done-customer-erased").with("customer", pseudonym)))
        }
        Err(Trouble::Refused(refusal)) => {
            let page = erase_page(&app, &form.visit, id, &form.fields, Some(&refusal)).await?;
            Ok(refused(&refusal, &page))
        }
        Err(trouble) => Err(trouble),
    }
}

fn read_id(id: &str) -> Result<CustomerId, Trouble> {
    id.parse().map_err(|_| Trouble::Refused(Refusal::CustomerUnknown { customer: id.to_owned(), meant: None }))
}
