//! Enrollment keys: the list, one key, a new one with the lines that install an agent, and every change to one.

use axum::extract::{Path, State};
use axum::response::Response;
use axum::routing::get;
use latchkey_domain::Refusal;
use latchkey_domain::enrollment::{EnrollmentKey, MOST_AGENTS, MOST_KEY_DAYS, Policy, Tag};
use latchkey_domain::operators::Deed;
use latchkey_domain::text::{Name, Reason};
use latchkey_store::enrollment::keys::{self, Created, MAIN, Order};
use latchkey_store::lists::Page as Rows;
use latchkey_store::lists::agents::{AgentSort, EnrollmentIs, EnrollmentSort, Which, enrollments, page as agents_page};
use latchkey_store::{Actor, Done, Tx, Undone, audit};
use serde::Deserialize;

use super::Place;
use super::agents::table as agents_table;
use super::assets::icons;
use super::change::{Change, asked_and_done};
use super::deed::{DeedPage, Input, Select, fault};
use super::detail::{DetailPage, Part};
use super::form::{Fields, Form};
use super::history::{People, moments};
use super::install::{self, InstallPage};
use super::key_deeds::unchanged;
use super::keys::choices;
use super::list::{Action, Cell, Filter, ListPage, ON_A_PAGE, Query, Sorted, Table};
use super::notice::Notice;
use super::page::{Field, Page, show};
use super::states;
use super::trouble::{Trouble, refused};
use super::visit::{Visit, Wishes};
use crate::app::App;

pub(super) const PLACE: &str = "/console/enrollments";
/// Agents that a key's page shows.
const SHOWN: u32 = 10;

pub(super) fn places() -> Vec<Place> {
    vec![
        Place::page(PLACE, get(list)),
        Place::page("/console/enrollments/new", get(new).post(create)),
        Place::page("/console/enrollments/{enrollment}", get(show_one)),
        Place::page("/console/enrollments/{enrollment}/install", get(install::without_text)),
        Place::page("/console/enrollments/{enrollment}/suspend", asked_and_done(EnrollmentChange::Suspend)),
        Place::page("/console/enrollments/{enrollment}/resume", asked_and_done(EnrollmentChange::Resume)),
        Place::page("/console/enrollments/{enrollment}/revoke", asked_and_done(EnrollmentChange::Revoke)),
        Place::page("/console/enrollments/{enrollment}/rotate", get(ask_rotate).post(rotate)),
    ]
}

/// What the list is asked for.
#[derive(Deserialize, Default)]
#[serde(default)]
struct Wish {
    state: String,
    sort: String,
    order: String,
    after: String,
    before: String,
}

/// What is done to a key.
#[derive(Clone, Copy)]
enum EnrollmentChange {
    Suspend,
    Resume,
    Revoke,
}

impl Change for EnrollmentChange {
    type Thing = EnrollmentKey;

    const PLACE: &'static str = PLACE;
    const KIND: &'static str = "enrollment";
    const DEED: Deed = Deed::ManageEnrollment;

    fn name(self) -> &'static str {
        match self {
            Self::Suspend => "enrollment-suspend",
            Self::Resume => "enrollment-resume",
            Self::Revoke => "enrollment-revoke",
        }
    }

    fn done(self) -> Notice {
        match self {
            Self::Suspend => Notice::new("done-enrollment-suspended"),
            Self::Resume => Notice::new("done-enrollment-resumed"),
            Self::Revoke => Notice::new("done-enrollment-revoked"),
        }
    }

    fn is_for_good(self) -> bool {
        matches!(self, Self::Revoke)
    }

    fn needs_reason(self) -> bool {
        matches!(self, Self::Revoke)
    }

    fn find(from: &mut impl latchkey_store::Select, id: &str) -> Done<EnrollmentKey> {
        keys::find(from, id)
    }

    fn of(key: &EnrollmentKey) -> (String, String) {
        (key.id.clone(), key.name.to_string())
    }

    /// What becomes of the agents that a revoked key has let in.
    fn choice(self, page: &Page, key: &EnrollmentKey, typed: &Fields) -> Option<Input> {
        let its_agents = Select {
            name: "agents",
            label: page.t_with("enrollment-revoke-agents", &[("count", key.agents.to_string())]),
            value: typed.text("agents").to_owned(),
            choices: vec![
                (String::new(), page.t("enrollment-revoke-keep")),
                ("quarantine".to_owned(), page.t("enrollment-revoke-quarantine")),
            ],
            hint: None,
            fault: None,
        };
        matches!(self, Self::Revoke).then(|| its_agents.into())
    }

    fn run(self, tx: &mut Tx<'_>, id: &str, typed: &Fields, actor: &Actor, why: Option<&Reason>) -> Done<()> {
        match self {
            Self::Suspend => keys::suspend(tx, id, actor, why).map(drop),
            Self::Resume => keys::resume(tx, id, actor, why).map(drop),
            Self::Revoke => keys::revoke(tx, id, typed.text("agents") == "quarantine", actor, why).map(drop),
        }
    }
}

async fn list(State(app): State<App>, visit: Visit, Wishes(wish): Wishes<Wish>) -> Result<Response, Trouble> {
    visit.may(Deed::Look)?;
    let now = app.now().map_err(Trouble::Failed)?;
    let ways = [("name", EnrollmentSort::Name, false), ("made", EnrollmentSort::Made, true)];
    let usual = Sorted { by: EnrollmentSort::Name, name: "name", descending: false };
    let sorted = Sorted::of(&wish.sort, &wish.order, &ways).unwrap_or(usual);
    let is = EnrollmentIs::ALL.into_iter().find(|is| is.name() == wish.state);
    let rows = sorted.rows(ON_A_PAGE, &wish.after, &wish.before);
    let found = app.look(move |reader| Ok(enrollments(reader, is, sorted.by, &rows, now)?)).await?;
    let query = Query::of([("state", wish.state.clone()), ("sort", wish.sort.clone()), ("order", wish.order.clone())]);
    let reader = visit.reader();
    let frame = visit.page(PLACE, reader.t("enrollments-title"));
    let columns = vec![
        (frame.t("field-name"), Some("name")),
        (frame.t("state"), None),
        (frame.t("enrollment-agents"), None),
        (frame.t("fact-tag"), None),
        (frame.t("enrollment-until"), None),
        (frame.t("since"), Some("made")),
    ];
    let row = |key: &EnrollmentKey| {
        vec![
            Cell::link(key.name.to_string(), format!("{PLACE}/{}", key.id)),
            states::enrollment(reader, key.standing(now)),
            Cell::text(agents_of(&frame, key)),
            Cell::text(key.policy.tag.as_ref().map_or_else(|| "–".to_owned(), ToString::to_string)),
            Cell::text(key.ends_at.map_or_else(|| "–".to_owned(), |at| reader.time(at))),
            Cell::text(reader.day_of(key.created_at)),
        ]
    };
    let table =
        Table::new(frame.title.clone(), query.head(PLACE, &sorted, columns), found.rows.iter().map(row).collect());
    let filtered = query.filters();
    let mut actions = Vec::new();
    if visit.can(Deed::ManageEnrollment) {
        actions.push(Action::new("/console/enrollments/new", frame.t("enrollment-new"), icons::PLUS));
    }
    Ok(show(&ListPage {
        said: None,
        actions,
        filters: vec![Filter::choice(
            "state",
            frame.t("state"),
            &wish.state,
            choices(reader, EnrollmentIs::ALL.map(EnrollmentIs::name)),
        )],
        none: frame.t(if filtered { "none-found" } else { "enrollments-none" }),
        filtered,
        path: PLACE,
        turns: query.turns(PLACE, &found),
        csv: None,
        table,
        page: frame,
    }))
}

fn agents_of(page: &Page, key: &EnrollmentKey) -> String {
    match key.policy.agent_limit {
        None => key.agents.to_string(),
        Some(most) => {
            page.t_with("enrollment-agents-of", &[("count", key.agents.to_string()), ("most", most.to_string())])
        }
    }
}

async fn show_one(State(app): State<App>, visit: Visit, Path(id): Path<String>) -> Result<Response, Trouble> {
    visit.may(Deed::Look)?;
    let now = app.now().map_err(Trouble::Failed)?;
    let (key, old, agents, lines, people) = app
        .look(move |reader| {
            let key = keys::find(reader, &id)?;
            let of = |old_secret| Which { key: Some(key.id.clone()), old_secret, ..Which::default() };
            let some = Rows::first(SHOWN);
            let old = agents_page(reader, &of(true), AgentSort::Device, &some)?;
            let agents = agents_page(reader, &of(false), AgentSort::Device, &some)?;
            let mut lines = audit::history(reader, "enrollment", &key.id)?;
            lines.reverse();
            Ok((key, old, agents, lines, People::read(reader)?))
        })
        .await?;
    let reader = visit.reader();
    let frame = visit.page(PLACE, key.name.to_string());
    let way = |name: &str| format!("{PLACE}/{}/{name}", key.id);
    let mut actions = Vec::new();
    if key.not_revoked().is_ok() {
        actions.push(Action::new(way("install"), frame.t("enrollment-install"), icons::DEVICES).second());
    }
    if visit.can(Deed::ManageEnrollment) && key.not_revoked().is_ok() {
        if key.may_suspend().is_ok() {
            actions.push(Action::new(way("suspend"), frame.t("enrollment-suspend"), icons::PLAYER_PAUSE).second());
        } else {
            actions.push(Action::new(way("resume"), frame.t("enrollment-resume"), icons::PLAYER_PLAY));
        }
        actions.push(Action::new(way("rotate"), frame.t("enrollment-rotate"), icons::REFRESH).second());
        actions.push(Action::new(way("revoke"), frame.t("enrollment-revoke"), icons::BAN).dangerous());
    }
    let mut networks = key.policy.networks.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    if networks.is_empty() {
        networks.push('–');
    }
    let approves = if key.policy.approves { "enrollment-approve-yes" } else { "enrollment-approve-no" };
    let mut facts = vec![
        (frame.t("enrollment-id"), Cell::code(key.id.as_str())),
        (frame.t("enrollment-glpi"), Cell::text(key.policy.glpi.as_str())),
        (frame.t("fact-tag"), Cell::text(key.policy.tag.as_ref().map_or_else(|| "–".to_owned(), ToString::to_string))),
        (frame.t("enrollment-agents"), Cell::text(agents_of(&frame, &key))),
        (frame.t("enrollment-networks"), Cell::text(networks)),
        (frame.t("enrollment-approve"), Cell::text(frame.t(approves))),
        (frame.t("since"), Cell::text(reader.time(key.created_at))),
        (frame.t("enrollment-until"), Cell::text(key.ends_at.map_or_else(|| "–".to_owned(), |at| reader.time(at)))),
    ];
    let mut parts = Vec::new();
    let all = |query: Query| Some(query.href(super::agents::PLACE));
    if let Some(until) = key.previous_until.filter(|until| *until > now) {
        let words = frame.t_with("enrollment-previous-until", &[("time", reader.time(until))]);
        facts.push((frame.t("enrollment-previous"), Cell::text(words)));
        let table = agents_table(reader, frame.t("enrollment-old-agents"), &old.rows);
        parts.push(Part::new(frame.t("enrollment-old-agents"), table, frame.t("enrollment-old-agents-none")));
    }
    let mut its = Part::new(
        frame.t("enrollment-its-agents"),
        agents_table(reader, frame.t("enrollment-its-agents"), &agents.rows),
        frame.t("agents-none"),
    );
    its.all = agents.after.as_ref().and_then(|_| all(Query::of([("key", key.id.clone())])));
    parts.push(its);
    Ok(show(&DetailPage {
        state: Some(states::enrollment(reader, key.standing(now))),
        about: Vec::new(),
        actions,
        facts,
        parts,
        moments: moments(reader, &lines, &people, &key.id),
        more: None,
        page: frame,
    }))
}

async fn new(visit: Visit) -> Result<Response, Trouble> {
    visit.may(Deed::ManageEnrollment)?;
    let typed = Fields::of([("glpi", MAIN.to_owned())]);
    Ok(show(&new_page(&visit, &typed, None)))
}

fn new_page(visit: &Visit, typed: &Fields, refusal: Option<&Refusal>) -> DeedPage {
    let page = visit.page(PLACE, visit.reader().t("enrollment-new-title"));
    let wrong = |name: &str| fault(&page, refusal, name);
    let field = |name: &'static str, label: &str, hint: &str| {
        Field::text(name, page.t(label)).hint(page.t(hint)).typed(typed).fault(wrong(name))
    };
    let name = field("name", "field-name", "enrollment-name-hint").most(200);
    let glpi = field("glpi", "enrollment-glpi", "enrollment-glpi-hint").most(200);
    let tag = field("tag", "fact-tag", "enrollment-tag-hint").most(200).optional();
    let agents = field("agents", "enrollment-agents", "enrollment-agents-hint").optional();
    let days = field("days", "field-days", "enrollment-days-hint").optional();
    let networks = field("networks", "enrollment-networks", "enrollment-networks-hint").optional();
    let approve = Select {
        name: "approve",
        label: page.t("enrollment-approve"),
        value: typed.text("approve").to_owned(),
        choices: vec![
            (String::new(), page.t("enrollment-approve-no")),
            ("yes".to_owned(), page.t("enrollment-approve-yes")),
        ],
        hint: None,
        fault: None,
    };
    let will = page.t("enrollment-new-will");
    DeedPage::new(page, "enrollment-new", format!("{PLACE}/new"), PLACE.to_owned())
        .will(will)
        .input(name)
        .input(glpi)
        .input(tag)
        .input(agents)
        .input(days)
        .input(networks)
        .input(approve)
        .refused(refusal)
}

fn order(fields: &Fields) -> Result<Order, Refusal> {
    let number = |field: &'static str, most: u32| match fields.text(field).trim() {
        "" => Ok(None),
        typed => typed.parse().map(Some).map_err(|_| Refusal::NumberInvalid { field, least: 1, most }),
    };
    let tag = fields.text("tag").trim();
    Ok(Order {
        name: Name::parse("name", fields.text("name"))?,
        policy: Policy {
            glpi: Name::parse("glpi", fields.text("glpi"))?.to_string(),
            tag: (!tag.is_empty()).then(|| Tag::parse(tag)).transpose()?,
            agent_limit: number("agents", MOST_AGENTS)?,
            networks: crate::api::networks(fields.text("networks").split([' ', ',']).filter(|word| !word.is_empty()))?,
            approves: fields.text("approve") == "yes",
        },
        days: number("days", MOST_KEY_DAYS)?,
    })
}

/// What a form's repetition finds again: id, text, and where agents find the gateway.
type Shown = (String, String, String);

fn shown(tx: &mut Tx<'_>, created: &Created) -> Done<Shown> {
    let url = keys::gateway_url(tx)?.unwrap_or_default();
    Ok((created.key.id.clone(), created.text.reveal().to_owned(), url))
}

fn text_page(visit: &Visit, (id, text, url): Shown) -> Response {
    show(&InstallPage::once(visit, id, text, &url))
}

async fn create(State(app): State<App>, form: Form) -> Result<Response, Trouble> {
    form.visit.may(Deed::ManageEnrollment)?;
    let created = match order(&form.fields) {
        Ok(order) => {
            let (vault, actor) = (app.console.vault.clone(), form.visit.actor());
            form.once(&app, move |tx| {
                let created = keys::create(tx, &vault, &order, &actor)?;
                shown(tx, &created)
            })
            .await
        }
        Err(refusal) => Err(Trouble::Refused(refusal)),
    };
    match created {
        Ok(made) => Ok(text_page(&form.visit, made)),
        Err(Trouble::Refused(refusal)) => Ok(refused(&refusal, &new_page(&form.visit, &form.fields, Some(&refusal)))),
        Err(trouble) => Err(trouble),
    }
}

async fn known(app: &App, id: String) -> Result<(EnrollmentKey, i64), Trouble> {
    app.look(move |reader| {
        let key = keys::find(reader, &id)?;
        let seen = audit::latest(reader, "enrollment", &key.id)?;
        Ok::<_, Undone>((key, seen))
    })
    .await
}

async fn rotate_page(
    app: &App,
    visit: &Visit,
    id: String,
    typed: &Fields,
    refusal: Option<&Refusal>,
) -> Result<DeedPage, Trouble> {
    visit.may(Deed::ManageEnrollment)?;
    let (key, seen) = known(app, id).await?;
    let page = visit.page(PLACE, visit.reader().t("enrollment-rotate-title"));
    let will = page.t_with("enrollment-rotate-will", &[("name", key.id.clone())]);
    let place = format!("{PLACE}/{}", key.id);
    let days = Field::text("overlap_days", page.t("field-overlap-days"))
        .hint(page.t("enrollment-rotate-hint"))
        .typed(typed)
        .fault(fault(&page, refusal, "overlap_days"));
    Ok(DeedPage::new(page, "enrollment-rotate", format!("{place}/rotate"), place)
        .will(will)
        .seen(seen)
        .input(days)
        .refused(refusal))
}

async fn ask_rotate(State(app): State<App>, visit: Visit, Path(id): Path<String>) -> Result<Response, Trouble> {
    let typed = Fields::of([("overlap_days", "30".to_owned())]);
    Ok(show(&rotate_page(&app, &visit, id, &typed, None).await?))
}

async fn rotate(State(app): State<App>, Path(id): Path<String>, form: Form) -> Result<Response, Trouble> {
    form.visit.may(Deed::ManageEnrollment)?;
    let most = latchkey_domain::enrollment::MOST_OVERLAP_DAYS;
    let days = form.text("overlap_days").trim().parse::<u32>();
    let rotated = match days.map_err(|_| Refusal::DaysInvalid { field: "overlap days", most }) {
        Ok(days) => {
            let (vault, actor, seen, id) = (app.console.vault.clone(), form.visit.actor(), form.seen(), id.clone());
            form.once(&app, move |tx| {
                let id = keys::find(tx, &id)?.id;
                unchanged(tx, "enrollment", &id, seen)?;
                let created = keys::rotate(tx, &vault, &id, days, &actor, None)?;
                shown(tx, &created)
            })
            .await
        }
        Err(refusal) => Err(Trouble::Refused(refusal)),
    };
    match rotated {
        Ok(made) => Ok(text_page(&form.visit, made)),
        Err(Trouble::Refused(refusal)) => {
            let page = rotate_page(&app, &form.visit, id, &form.fields, Some(&refusal)).await?;
            Ok(refused(&refusal, &page))
        }
        Err(trouble) => Err(trouble),
    }
}
