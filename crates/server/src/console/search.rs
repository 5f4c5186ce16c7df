//! The search: a customer's name, the beginning of an id, an instance's UID or address, or a whole key. It is sent by POST, since a key belongs into no
//! address.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use axum::routing::get;
use latchkey_domain::ids::InstanceId;
use latchkey_domain::operators::Deed;
use latchkey_domain::subscriptions::Subscription;
use latchkey_domain::text::Name;
use latchkey_store::instances::list::{self, Listed as Instance};
use latchkey_store::lists::search::{self, Hits};
use latchkey_store::{Done, Reader as Database, Undone};
use latchkey_texts::Said;

use super::Place;
use super::assets::icons;
use super::form::Form;
use super::history::short;
use super::list::{Cell, Head, Table};
use super::page::{Page, show};
use super::states;
use super::trouble::{Trouble, see_other};
use super::visit::Visit;
use super::{customers, instances, keys};
use crate::app::App;

const PLACE: &str = "/console/search";
/// More of what was typed is not looked at, in characters. No key is nearly as long.
const LONGEST: usize = 4_096;
/// No UID and no address of a site is shorter, in bytes.
const SHORTEST_SITE: usize = 8;

pub(super) fn places() -> Vec<Place> {
    vec![Place::page(PLACE, get(empty).post(find))]
}

#[derive(Template)]
#[template(path = "console/search.html")]
struct SearchPage {
    page: Page,
    /// What is wrong with a key that was pasted.
    said: Option<Said>,
    /// What was typed; nothing of a key.
    typed: String,
    tables: Vec<(String, Table)>,
    asked: bool,
}

async fn empty(visit: Visit) -> Result<Response, Trouble> {
    visit.may(Deed::Look)?;
    let page = visit.page(PLACE, visit.reader().t("search"));
    Ok(show(&SearchPage { page, said: None, typed: String::new(), tables: Vec::new(), asked: false }))
}

async fn find(State(app): State<App>, form: Form) -> Result<Response, Trouble> {
    form.visit.may(Deed::Look)?;
    let now = app.now().map_err(Trouble::Failed)?;
    let typed: String = form.text("q").trim().chars().take(LONGEST).collect();
    let asked = typed.clone();
    let (hits, known) =
        app.look(move |reader| Ok((search::find(reader, &asked, now)?, named(reader, &asked)?))).await?;
    let Hits { customers: found, subscriptions, keys: listed, pasted } = &hits;
    // The one thing that was meant is shown at once.
    match (found.as_slice(), subscriptions.as_slice(), listed.as_slice(), pasted) {
        ([], [], [], None) if known.len() == 1 => {
            let place = known.first().map(|instance| format!("{}/{}", instances::PLACE, instance.id));
            return Ok(see_other(&place.unwrap_or_default()));
        }
        ([], [], [key], None | Some(Ok(_))) => return Ok(see_other(&format!("{}/{}", keys::PLACE, key.key.id))),
        ([customer], [], [], None) => return Ok(see_other(&format!("{}/{}", customers::PLACE, customer.id))),
        _ => {}
    }
    let visit = &form.visit;
    let reader = visit.reader();
    let frame = visit.page(PLACE, reader.t("search"));
    let said = match pasted {
        Some(Err(damage)) => Some(latchkey_texts::damage(damage, reader.language)),
        Some(Ok(_)) | None => None,
    };
    let mut tables = Vec::new();
    if !found.is_empty() {
        let row = |customer: &latchkey_store::subscriptions::customers::Customer| {
            vec![Cell::link(customer.name.to_string(), format!("{}/{}", customers::PLACE, customer.id))]
        };
        let table = Table::new(
            frame.t("customers-title"),
            vec![Head::plain(frame.t("field-customer"))],
            found.iter().map(row).collect(),
        );
        tables.push((frame.t("customers-title"), table));
    }
    if !subscriptions.is_empty() {
        let row = |(subscription, customer): &(Subscription, Name)| {
            vec![
                Cell::code(short(&subscription.id.to_string()))
                    .to(format!("/console/subscriptions/{}", subscription.id)),
                Cell::text(customer.to_string()),
                states::phase(reader, &subscription.phase(now)),
            ]
        };
        let head = ["subscription", "field-customer", "state"].map(|name| Head::plain(frame.t(name)));
        let table = Table::new(frame.t("subscriptions-title"), head.into(), subscriptions.iter().map(row).collect());
        tables.push((frame.t("subscriptions-title"), table));
    }
    if !listed.is_empty() {
        let rows = listed.iter().map(|listed| keys::row(reader, listed, now)).collect();
        tables.push((frame.t("keys-title"), Table::new(frame.t("keys-title"), keys::columns(reader), rows)));
    }
    if !known.is_empty() {
        let rows = known.iter().map(|listed| instances::row(reader, listed, now)).collect();
        let table = Table::new(frame.t("instances-title"), instances::columns(reader), rows);
        tables.push((frame.t("instances-title"), table));
    }
    let typed = if pasted.is_some() { String::new() } else { typed };
    Ok(show(&SearchPage { page: frame, said, typed, tables, asked: true }))
}

/// Instances by their whole id, UID or address.
fn named(from: &mut Database<'_>, typed: &str) -> Done<Vec<Instance>> {
    if let Ok(id) = typed.parse::<InstanceId>() {
        return match list::find(from, id) {
            Ok(instance) => Ok(vec![instance]),
            Err(Undone::Refused(_)) => Ok(Vec::new()),
            Err(undone) => Err(undone),
        };
    }
    // PostgreSQL takes no NUL, and no UID or address has one. Nothing shorter is either.
    if typed.len() < SHORTEST_SITE || typed.contains('\0') {
        return Ok(Vec::new());
    }
    let site = list::Page { site: Some(typed.to_owned()), ..list::Page::default() };
    Ok(list::page(from, &site, search::MOST)?)
}
