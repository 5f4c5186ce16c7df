//! Instances: the list, one instance with its moves, and who holds the seats of a subscription.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use axum::extract::{Path, State};
use axum::response::Response;
use axum::routing::get;
use latchkey_domain::Refusal;
use latchkey_domain::ids::{InstanceId, SubscriptionId};
use latchkey_domain::instances::{Environment, Move, Place as Has};
use latchkey_domain::operators::Deed;
use latchkey_domain::time::Timestamp;
use latchkey_store::instances::activations::{self, Activation};
use latchkey_store::instances::list::{self as instances, Listed, PastMove};
use latchkey_store::lists::instances::{FirstSeen, InstanceIs, Waiting, Wanted, page};
use latchkey_store::lists::{Found, Page as Rows};
use latchkey_store::{Done, Reader as Database, audit};
use serde::Deserialize;

use super::Place;
use super::assets::icons;
use super::detail::{DetailPage, Part};
use super::history::{People, moments, short};
use super::keys::{choices, whose};
use super::list::{self, AT_A_TIME, Action, Cell, Filter, Head, ListPage, ON_A_PAGE, Query, Sorted, Table};
use super::page::show;
use super::reader::Reader;
use super::states;
use super::trouble::Trouble;
use super::visit::{Visit, Wishes};
use crate::app::App;
use crate::exports::Kind;
use crate::records;

pub(super) const PLACE: &str = "/console/instances";
/// Instances that have a place, on the page of a subscription.
const MOST_HOLDERS: u32 = 50;
/// Instances that have none, there.
const MOST_OTHERS: u32 = 10;
/// Moves on the page of an instance.
const MOST_MOVES: u32 = 20;

pub(super) fn places() -> Vec<Place> {
    let mut places = vec![
        Place::page(PLACE, get(list)),
        Place::action("/console/instances.csv", get(file)),
        Place::page("/console/instances/{instance}", get(show_one)),
    ];
    places.extend(super::instance_deeds::places());
    places
}

/// What the list is asked for.
#[derive(Deserialize, Default)]
#[serde(default)]
struct Wish {
    site: String,
    customer: String,
    subscription: String,
    state: String,
    environment: String,
    twins: String,
    after: String,
    before: String,
}

impl Wish {
    fn query(&self) -> Query {
        Query::of([
            ("site", self.site.clone()),
            ("customer", self.customer.clone()),
            ("subscription", self.subscription.clone()),
            ("state", self.state.clone()),
            ("environment", self.environment.clone()),
            ("twins", self.twins.clone()),
        ])
    }

    fn wanted(&self) -> Result<Wanted, Refusal> {
        let (site, subscription) = (self.site.trim(), self.subscription.trim());
        let unknown = |_| Refusal::SubscriptionUnknown { subscription: subscription.to_owned() };
        Ok(Wanted {
            whose: whose(&self.customer),
            subscription: if subscription.is_empty() { None } else { Some(subscription.parse().map_err(unknown)?) },
            is: InstanceIs::ALL.into_iter().find(|is| is.name() == self.state),
            environment: Environment::ALL.into_iter().find(|environment| environment.name() == self.environment),
            site: Some(site.to_owned()).filter(|site| !site.is_empty()),
            twins: !self.twins.is_empty(),
        })
    }
}

/// The list is sorted one way: whoever came last stands first.
fn rows(most: u32, after: &str, before: &str) -> Rows {
    Sorted { by: FirstSeen, name: "first-seen", descending: true }.rows(most, after, before)
}

async fn list(State(app): State<App>, visit: Visit, Wishes(wish): Wishes<Wish>) -> Result<Response, Trouble> {
    visit.may(Deed::Look)?;
    let now = app.now().map_err(Trouble::Failed)?;
    let (query, reader) = (wish.query(), visit.reader());
    let frame = visit.page(PLACE, reader.t("instances-title"));
    let rows = rows(ON_A_PAGE, &wish.after, &wish.before);
    let (found, said) = match wish.wanted() {
        Ok(wanted) => (app.look(move |reader| Ok(page(reader, &wanted, &rows, now)?)).await?, None),
        Err(refusal) => (Found::default(), Some(frame.refusal(&refusal))),
    };
    let table = Table::new(
        frame.title.clone(),
        columns(reader),
        found.rows.iter().map(|listed| row(reader, listed, now)).collect(),
    );
    let filtered = query.filters();
    let environments = std::iter::once((String::new(), reader.t("all")))
        .chain(Environment::ALL.map(|known| (known.name().to_owned(), environment(reader, known))));
    let twins = [(String::new(), reader.t("all")), ("yes".to_owned(), reader.t("looks-like-two"))];
    Ok(show(&ListPage {
        said,
        actions: Vec::new(),
        filters: vec![
            Filter::text("site", reader.t("instance-site"), &wish.site),
            Filter::text("customer", reader.t("field-customer"), &wish.customer),
            Filter::text("subscription", reader.t("subscription-id"), &wish.subscription),
            Filter::choice(
                "state",
                reader.t("state"),
                &wish.state,
                choices(reader, InstanceIs::ALL.map(InstanceIs::name)),
            ),
            Filter::choice("environment", reader.t("field-environment"), &wish.environment, environments.collect()),
            Filter::choice("twins", reader.t("copies"), &wish.twins, twins.into()),
        ],
        none: frame.t(if filtered { "none-found" } else { "instances-none" }),
        filtered,
        path: PLACE,
        turns: query.turns(PLACE, &found),
        csv: Some(query.href("/console/instances.csv")),
        table,
        page: frame,
    }))
}

/// An instance's row: its name leads to its page.
pub(super) fn row(reader: &Reader, listed: &Listed, now: Timestamp) -> Vec<Cell> {
    vec![
        link(listed),
        Cell::link(listed.customer.to_string(), format!("/console/customers/{}", listed.subscription.customer)),
        Cell::link(listed.subscription.offer.to_string(), format!("/console/subscriptions/{}", listed.subscription.id)),
        states::place(reader, listed.place(now)),
        Cell::text(environment(reader, listed.environment)),
        Cell::text(reader.time(listed.first_seen)),
        Cell::text(reader.time(listed.last_seen)),
    ]
}

/// The columns of [`row`].
pub(super) fn columns(reader: &Reader) -> Vec<Head> {
    ["instance", "field-customer", "field-offer", "state", "field-environment", "first-seen", "last-seen"]
        .map(|name| Head::plain(reader.t(name)))
        .into()
}

/// An instance by what people tell it from others by; it leads to its page.
pub(super) fn link(listed: &Listed) -> Cell {
    Cell::link(listed.site.short(), format!("{PLACE}/{}", listed.id))
}

pub(super) fn environment(reader: &Reader, environment: Environment) -> String {
    reader.t(&format!("environment-{environment}"))
}

async fn file(State(app): State<App>, visit: Visit, Wishes(wish): Wishes<Wish>) -> Result<Response, Trouble> {
    visit.may(Deed::Look)?;
    let now = app.now().map_err(Trouble::Failed)?;
    let wanted = wish.wanted().map_err(Trouble::Refused)?;
    let (first, columns) = (rows(AT_A_TIME, "", ""), Kind::Instances.columns());
    list::file(
        &app,
        "instances",
        columns,
        first,
        move |reader, rows| Ok(page(reader, &wanted, rows, now)?),
        |listed| records::Instance::new(listed, now),
    )
    .await
}

/// An instance with all that its page shows.
struct Known {
    listed: Listed,
    holders: Vec<Listed>,
    moves: Vec<PastMove>,
    plugins: Vec<Activation>,
    /// What the others of its moves are called.
    names: HashMap<InstanceId, String>,
    lines: Vec<audit::Line>,
    people: People,
}

async fn show_one(State(app): State<App>, visit: Visit, Path(id): Path<String>) -> Result<Response, Trouble> {
    visit.may(Deed::Look)?;
    let (id, now) = (read_id(&id)?, app.now().map_err(Trouble::Failed)?);
    let known = app.look(move |reader| known(reader, id, now)).await?;
    let (reader, listed) = (visit.reader(), &known.listed);
    let (subscription, has) = (&listed.subscription, listed.place(now));
    let title = reader
        .t_with("instance-title", &[("instance", listed.site.short()), ("customer", listed.customer.to_string())]);
    let frame = visit.page(PLACE, title);
    let mut facts = vec![(frame.t("instance-id"), Cell::code(listed.id.to_string()))];
    if let Some(uid) = &listed.uid {
        facts.push((frame.t("instance-uid"), Cell::code(uid.as_str())));
    }
    if let Some(plugin) = &listed.plugin {
        facts.push((frame.t("plugin"), Cell::code(plugin.as_str())));
        facts.push((frame.t("address"), Cell::text(listed.site.as_str())));
    }
    facts.push((frame.t("field-environment"), Cell::text(environment(reader, listed.environment))));
    if let Some(seat) = has.seat() {
        let values = [("seat", seat.to_string()), ("seats", subscription.seats.to_string())];
        facts.push((frame.t("seat"), Cell::text(frame.t_with("seat-of", &values))));
    }
    facts.extend([
        (
            frame.t("field-customer"),
            Cell::link(listed.customer.to_string(), format!("/console/customers/{}", subscription.customer)),
        ),
        (
            frame.t("subscription"),
            Cell::link(
                format!("{} {}", subscription.offer, short(&subscription.id.to_string())),
                format!("/console/subscriptions/{}", subscription.id),
            ),
        ),
        (frame.t("asked-with"), Cell::code(short(&listed.key.to_string())).to(format!("/console/keys/{}", listed.key))),
        (frame.t("first-seen"), Cell::text(frame.time(listed.first_seen))),
        (frame.t("last-seen"), Cell::text(frame.time(listed.last_seen))),
    ]);
    if let Some(version) = &listed.version {
        facts.push((frame.t("asked-version"), Cell::text(version.as_str())));
    }
    let moves = Table::new(
        frame.t("moves-title"),
        ["move-began", "move-from", "move-to", "move-ends", "outcome"].map(|name| Head::plain(frame.t(name))).into(),
        known.moves.iter().map(|past| move_row(reader, past, &known.names, now)).collect(),
    );
    Ok(show(&DetailPage {
        state: Some(states::place(reader, has)),
        about: about(reader, listed, has, &known.names, now),
        actions: actions(&visit, listed, has),
        facts,
        parts: vec![
            holders_part(reader, subscription.id, &known.holders, now),
            Part::new(frame.t("moves-title"), moves, frame.t("moves-none")),
            plugins_part(reader, &known.plugins),
        ],
        moments: moments(reader, &known.lines, &known.people, &listed.id.to_string()),
        more: None,
        page: frame,
    }))
}

/// The plugins that asked for themselves.
fn plugins_part(reader: &Reader, plugins: &[Activation]) -> Part {
    let row = |it: &Activation| {
        let or_none = |text: &Option<String>| Cell::text(text.as_deref().unwrap_or("–"));
        let state = match it.deactivated_at {
            Some(at) => reader.t_with("activation-over", &[("time", reader.time(at))]),
            None => reader.t("activation-on"),
        };
        vec![
            Cell::code(it.plugin.as_str()),
            or_none(&it.plugin_version),
            or_none(&it.url),
            Cell::text(reader.time(it.last_seen)),
            Cell::text(state),
        ]
    };
    let head = ["plugin", "plugin-version", "address", "last-seen", "state"].map(|name| Head::plain(reader.t(name)));
    let title = reader.t("activations-title");
    let table = Table::new(title.clone(), head.into(), plugins.iter().map(row).collect());
    Part::new(title, table, reader.t("activations-none"))
}

fn known(reader: &mut Database<'_>, id: InstanceId, now: Timestamp) -> Done<Known> {
    let listed = instances::find(reader, id)?;
    let moves = instances::moves(reader, id, MOST_MOVES)?;
    let mut names = HashMap::from([(id, listed.site.short())]);
    for other in moves.iter().flat_map(|past| [past.from, past.to]) {
        if let Entry::Vacant(place) = names.entry(other) {
            place.insert(instances::find(reader, other)?.site.short());
        }
    }
    let mut lines = audit::history(reader, "instance", &id.to_string())?;
    lines.reverse();
    Ok(Known {
        holders: holders(reader, listed.subscription.id, now)?,
        plugins: activations::of(reader, id)?,
        people: People::read(reader)?,
        listed,
        moves,
        names,
        lines,
    })
}

/// What matters about an instance now, in sentences.
fn about(
    reader: &Reader,
    listed: &Listed,
    has: Has,
    names: &HashMap<InstanceId, String>,
    now: Timestamp,
) -> Vec<String> {
    let mut about = Vec::from_iter(states::about_place(reader, has));
    if let Some(Move { from, to, opened_at, closes_at, asked_at, .. }) = listed.moving(now) {
        let arrives = to == listed.id;
        let other = names.get(if arrives { &from } else { &to }).cloned().unwrap_or_default();
        let name = match (arrives, asked_at) {
            (true, None) => "about-instance-arriving",
            (true, Some(_)) => "about-instance-arriving-in-vain",
            (false, None) => "about-instance-leaving",
            (false, Some(_)) => "about-instance-staying",
        };
        let values = [
            ("other", other),
            ("until", reader.time(closes_at)),
            ("asked", reader.time(asked_at.unwrap_or(opened_at))),
            ("since", reader.time(opened_at)),
        ];
        about.push(reader.t_with(name, &values));
    }
    if listed.faces.are_two() {
        let at = listed.faces.returned_at.unwrap_or(listed.last_seen);
        about.push(reader.t_with("about-instance-two", &[("time", reader.time(at))]));
    }
    about
}

/// What may be done with an instance, by this operator, as it stands.
fn actions(visit: &Visit, listed: &Listed, has: Has) -> Vec<Action> {
    if !visit.can(Deed::DecideInstance) {
        return Vec::new();
    }
    let reader = visit.reader();
    let at = |deed: &str| format!("{PLACE}/{}/{deed}", listed.id);
    let approve = || Action::new(at("approve"), reader.t("instance-approve"), icons::CHECK);
    let declare = || Action::new(at("declare"), reader.t("instance-declare"), icons::TAG).second();
    let refuse = || Action::new(at("refuse"), reader.t("instance-refuse"), icons::BAN).dangerous();
    let release = || Action::new(at("release"), reader.t("instance-release"), icons::LOGOUT).dangerous();
    match has {
        Has::Arriving { .. } => vec![approve(), declare(), refuse()],
        Has::Seated { .. } | Has::Beside { .. } => vec![declare(), release()],
        Has::Gone { .. } => vec![approve()],
        Has::Refused { why: latchkey_domain::instances::Denial::ByPerson, .. } => vec![approve()],
        Has::Refused { .. } => vec![approve(), declare(), refuse()],
    }
}

fn move_row(reader: &Reader, past: &PastMove, names: &HashMap<InstanceId, String>, now: Timestamp) -> Vec<Cell> {
    let named =
        |id: InstanceId| Cell::link(names.get(&id).cloned().unwrap_or_else(|| id.to_string()), format!("{PLACE}/{id}"));
    let outcome = match past.ended {
        Some((outcome, at)) => {
            let outcome = reader.t(&format!("outcome-{}", outcome.name()));
            Cell::text(reader.t_with("outcome-at", &[("outcome", outcome), ("time", reader.time(at))]))
        }
        None if now < past.closes_at => Cell::text(reader.t("outcome-open")),
        // What it has come to shows in the states of both; it is written down with the next change.
        None => Cell::text(reader.t("outcome-over")),
    };
    vec![
        Cell::text(reader.time(past.opened_at)),
        named(past.from),
        named(past.to),
        Cell::text(reader.time(past.closes_at)),
        outcome,
    ]
}

/// Who has a place by a subscription, then who would like one.
pub(super) fn holders(from: &mut Database<'_>, subscription: SubscriptionId, now: Timestamp) -> Done<Vec<Listed>> {
    let mut all = Vec::new();
    for (is, most) in [
        (InstanceIs::Active, MOST_HOLDERS),
        (InstanceIs::Moving, MOST_HOLDERS),
        (InstanceIs::Refused, MOST_OTHERS),
        (InstanceIs::Released, MOST_OTHERS),
    ] {
        let wanted = Wanted { subscription: Some(subscription), is: Some(is), ..Wanted::default() };
        let mut found = page(from, &wanted, &Rows::first(most).descending(), now)?.rows;
        found.sort_by_key(|listed| listed.place(now).seat().unwrap_or(u32::MAX));
        all.extend(found);
    }
    Ok(all)
}

/// The same as a part of a page.
pub(super) fn holders_part(reader: &Reader, subscription: SubscriptionId, holders: &[Listed], now: Timestamp) -> Part {
    let head = ["instance", "state", "seat", "field-environment", "last-seen", "asked-version"];
    let row = |listed: &Listed| {
        let has = listed.place(now);
        let seat = has.seat().map_or_else(|| "–".to_owned(), |seat| seat.to_string());
        vec![
            link(listed),
            states::place(reader, has),
            Cell::text(seat),
            Cell::text(environment(reader, listed.environment)),
            Cell::text(reader.time(listed.last_seen)),
            Cell::text(listed.version.as_deref().unwrap_or("–")),
        ]
    };
    let table = Table::new(
        reader.t("holders-title"),
        head.map(|name| Head::plain(reader.t(name))).into(),
        holders.iter().map(row).collect(),
    );
    Part {
        all: Some(Query::of([("subscription", subscription.to_string())]).href(PLACE)),
        ..Part::new(reader.t("holders-title"), table, reader.t("holders-none"))
    }
}

/// Moves that wait for a word, as the first page shows them.
pub(super) fn waiting_table(reader: &Reader, waiting: &[Waiting], now: Timestamp) -> Table {
    let head =
        ["move-to", "field-customer", "move-from", "move-ends", "old-one"].map(|name| Head::plain(reader.t(name)));
    let row = |Waiting { newcomer, holder }: &Waiting| {
        let under_way = newcomer.moving(now);
        let old = match under_way.and_then(|move_| move_.asked_at) {
            Some(at) => reader.t_with("old-one-asked", &[("time", reader.time(at))]),
            None => reader.t("old-one-silent"),
        };
        vec![
            link(newcomer),
            Cell::link(newcomer.customer.to_string(), format!("/console/customers/{}", newcomer.subscription.customer)),
            link(holder),
            Cell::text(under_way.map(|move_| reader.time(move_.closes_at)).unwrap_or_default()),
            Cell::text(old),
        ]
    };
    Table::new(reader.t("moves-waiting"), head.into(), waiting.iter().map(row).collect())
}

pub(super) fn read_id(id: &str) -> Result<InstanceId, Trouble> {
    id.parse().map_err(|_| Trouble::Refused(Refusal::InstanceUnknown { instance: id.to_owned() }))
}
