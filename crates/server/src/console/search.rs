//! The search: names, the beginnings of ids, UIDs, addresses, devices and logins, or a whole key or secret. It is sent by POST, since a key
//! belongs into no address.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use axum::routing::get;
use latchkey_domain::accounts::Connection;
use latchkey_domain::enrollment::EnrollmentKey;
use latchkey_domain::invitations::Invitation;
use latchkey_domain::operators::Deed;
use latchkey_domain::time::Timestamp;
use latchkey_store::lists::beside::{self, Beside};
use latchkey_store::lists::search::{self, Hits};
use latchkey_store::marketplace::Plugin;
use latchkey_texts::Said;

use super::Place;
use super::assets::icons;
use super::form::Form;
use super::history::short;
use super::list::{Cell, Head, Table};
use super::page::{Page, show};
use super::reader::Reader;
use super::trouble::{Trouble, see_other};
use super::visit::Visit;
use super::{
    agents, connections, customers, enrollments, instances, invitations, keys, plugins, registrations, states,
    subscriptions, trials,
};
use crate::app::App;

const PLACE: &str = "/console/search";
/// More of what was typed is not looked at, in characters. No key is nearly as long.
const LONGEST: usize = 4_096;

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
    /// The most of a kind that are shown.
    most: u32,
    tables: Vec<(String, Table)>,
    asked: bool,
}

/// What was found of a kind: the name of its title, its columns, and its rows, each with the address of its thing.
struct Group {
    title: &'static str,
    head: Vec<Head>,
    rows: Vec<(String, Vec<Cell>)>,
}

async fn empty(visit: Visit) -> Result<Response, Trouble> {
    visit.may(Deed::Look)?;
    let page = visit.page(PLACE, visit.reader().t("search"));
    let (typed, tables) = (String::new(), Vec::new());
    Ok(show(&SearchPage { page, said: None, typed, most: search::MOST, tables, asked: false }))
}

async fn find(State(app): State<App>, form: Form) -> Result<Response, Trouble> {
    form.visit.may(Deed::Look)?;
    let now = app.now().map_err(Trouble::Failed)?;
    let typed: String = form.text("q").trim().chars().take(LONGEST).collect();
    let asked = typed.clone();
    let (hits, others, is_secret) = app
        .look(move |reader| {
            if let Some(opened) = beside::of_secret(reader, &asked)? {
                return Ok((Hits::default(), opened, true));
            }
            let hits = search::find(reader, &asked, now)?;
            let others = if hits.pasted.is_some() { Beside::default() } else { beside::find(reader, &asked, now)? };
            Ok((hits, others, false))
        })
        .await?;
    let (visit, damaged) = (&form.visit, hits.pasted.as_ref().and_then(|read| read.as_ref().err()));
    let reader = visit.reader();
    let mut groups = of_keys(reader, &hits, now);
    groups.extend(of_others(reader, &others, now));
    groups.retain(|group| !group.rows.is_empty());
    // The one thing that was meant is shown at once.
    if let ([Group { rows, .. }], None) = (groups.as_slice(), damaged)
        && let [(place, _)] = rows.as_slice()
    {
        return Ok(see_other(place));
    }
    let frame = visit.page(PLACE, reader.t("search"));
    let table = |Group { title, head, rows }: Group| {
        let rows = rows.into_iter().map(|(_, cells)| cells).collect();
        (reader.t(title), Table::new(reader.t(title), head, rows))
    };
    Ok(show(&SearchPage {
        said: damaged.map(|damage| latchkey_texts::damage(damage, reader.language)),
        typed: if hits.pasted.is_some() || is_secret { String::new() } else { typed },
        most: search::MOST,
        tables: groups.into_iter().map(table).collect(),
        asked: true,
        page: frame,
    }))
}

fn of_keys(reader: &Reader, hits: &Hits, now: Timestamp) -> Vec<Group> {
    let head = |names: &[&str]| names.iter().map(|name| Head::plain(reader.t(name))).collect();
    let customers = hits.customers.iter().map(|customer| {
        let place = format!("{}/{}", customers::PLACE, customer.id);
        (place.clone(), vec![Cell::link(customer.name.to_string(), place)])
    });
    let subscriptions = hits.subscriptions.iter().map(|(subscription, customer)| {
        let place = format!("{}/{}", subscriptions::PLACE, subscription.id);
        let cells = vec![
            Cell::code(short(&subscription.id.to_string())).to(place.clone()),
            Cell::text(customer.to_string()),
            states::phase(reader, &subscription.phase(now)),
        ];
        (place, cells)
    });
    let keys = hits.keys.iter();
    let keys = keys.map(|listed| (format!("{}/{}", keys::PLACE, listed.key.id), keys::row(reader, listed, now)));
    vec![
        Group { title: "customers-title", head: head(&["field-customer"]), rows: customers.collect() },
        Group {
            title: "subscriptions-title",
            head: head(&["subscription", "field-customer", "state"]),
            rows: subscriptions.collect(),
        },
        Group { title: "keys-title", head: keys::columns(reader), rows: keys.collect() },
    ]
}

fn of_others(reader: &Reader, found: &Beside, now: Timestamp) -> Vec<Group> {
    let head = |names: &[&str]| names.iter().map(|name| Head::plain(reader.t(name))).collect();
    let instances = found.instances.iter();
    let instances =
        instances.map(|it| (format!("{}/{}", instances::PLACE, it.id), instances::row(reader, it, now))).collect();
    let trials =
        found.trials.iter().map(|it| (format!("{}/{}", trials::PLACE, it.trial.id), trials::row(reader, it, now)));
    let agents = found.agents.iter().map(|it| (format!("{}/{}", agents::PLACE, it.id), agents::row(reader, it)));
    let enrollments = found.enrollments.iter().map(|it: &EnrollmentKey| {
        let place = format!("{}/{}", enrollments::PLACE, it.id);
        let cells = vec![
            Cell::link(it.name.to_string(), place.clone()),
            states::enrollment(reader, it.standing(now)),
            Cell::code(it.id.as_str()),
        ];
        (place, cells)
    });
    let invitations = found.invitations.iter().map(|it: &Invitation| {
        let place = format!("{}/{}", invitations::PLACE, it.id);
        let cells = vec![
            Cell::link(it.name.to_string(), place.clone()),
            states::invitation(reader, it.may_use(now)),
            Cell::code(it.id.as_str()),
        ];
        (place, cells)
    });
    let registrations = found
        .registrations
        .iter()
        .map(|it| (format!("{}/{}", registrations::PLACE, it.id), registrations::row(reader, it)));
    let plugins = found.plugins.iter().map(|it: &Plugin| {
        let place = format!("{}/{}", plugins::PLACE, it.key);
        (place.clone(), vec![Cell::link(it.name.as_str(), place), Cell::code(it.key.as_str())])
    });
    let connections = found.connections.iter().map(|it: &Connection| {
        let place = format!("{}/{}", connections::PLACE, it.id);
        (place.clone(), vec![Cell::link(it.name.to_string(), place), Cell::text(it.url.as_str())])
    });
    let named = ["field-name", "state", "found-id"];
    vec![
        Group { title: "instances-title", head: instances::columns(reader), rows: instances },
        Group { title: "trials-title", head: trials::columns(reader), rows: trials.collect() },
        Group { title: "plugins-title", head: head(&["plugin-name", "plugin-key"]), rows: plugins.collect() },
        Group { title: "enrollments-title", head: head(&named), rows: enrollments.collect() },
        Group { title: "agents-title", head: agents::columns(reader), rows: agents.collect() },
        Group { title: "invitations-title", head: head(&named), rows: invitations.collect() },
        Group { title: "registrations-title", head: registrations::heads(reader), rows: registrations.collect() },
        Group {
            title: "connections-title",
            head: head(&["field-name", "connection-url"]),
            rows: connections.collect(),
        },
    ]
}
