//! Agents: the list, one agent, and what is decided about one.

use axum::extract::{Path, State};
use axum::response::Response;
use axum::routing::get;

use latchkey_domain::enrollment::Agent;
use latchkey_domain::operators::Deed;
use latchkey_domain::text::Reason;
use latchkey_domain::time::DAY;
use latchkey_store::enrollment::{agents, erasure, keys};
use latchkey_store::lists::agents::{AgentIs, AgentSort, Which, page};
use latchkey_store::{Actor, Done, Tx, audit};
use serde::Deserialize;

use super::Place;
use super::assets::icons;
use super::change::{Change, asked_and_done, given};
use super::detail::DetailPage;
use super::form::Fields;
use super::history::{People, moments};
use super::keys::choices;
use super::list::{self, AT_A_TIME, Action, Cell, Filter, Head, ListPage, ON_A_PAGE, Query, Sorted, Table};
use super::notice::Notice;
use super::page::show;
use super::reader::Reader;
use super::states;
use super::trouble::Trouble;
use super::visit::{Visit, Wishes};
use crate::app::App;
use crate::exports::Kind;
use crate::records::enrollment as record;

pub(super) const PLACE: &str = "/console/agents";

pub(super) fn places() -> Vec<Place> {
    vec![
        Place::page(PLACE, get(list)),
        Place::action("/console/agents.csv", get(file)),
        Place::page("/console/agents/{agent}", get(show_one)),
        Place::page("/console/agents/{agent}/approve", asked_and_done(AgentChange::Approve)),
        Place::page("/console/agents/{agent}/quarantine", asked_and_done(AgentChange::Quarantine)),
        Place::page("/console/agents/{agent}/restore", asked_and_done(AgentChange::Restore)),
        Place::page("/console/agents/{agent}/erase", asked_and_done(Erase)),
    ]
}

/// What the list is asked for.
#[derive(Deserialize, Default, Clone)]
#[serde(default)]
struct Wish {
    key: String,
    state: String,
    tag: String,
    version: String,
    silent: String,
    twins: String,
    sort: String,
    order: String,
    after: String,
    before: String,
}

impl Wish {
    fn sorted(&self) -> Sorted<AgentSort> {
        let ways = [("device", AgentSort::Device, false), ("seen", AgentSort::Seen, true)];
        let usual = Sorted { by: AgentSort::Device, name: "device", descending: false };
        Sorted::of(&self.sort, &self.order, &ways).unwrap_or(usual)
    }

    fn query(&self) -> Query {
        Query::of([
            ("key", self.key.clone()),
            ("state", self.state.clone()),
            ("tag", self.tag.clone()),
            ("version", self.version.clone()),
            ("silent", self.silent.clone()),
            ("twins", self.twins.clone()),
            ("sort", self.sort.clone()),
            ("order", self.order.clone()),
        ])
    }
}

/// What is decided about an agent.
#[derive(Clone, Copy)]
enum AgentChange {
    Approve,
    Quarantine,
    Restore,
}

impl Change for AgentChange {
    type Thing = Agent;

    const PLACE: &'static str = PLACE;
    const KIND: &'static str = "agent";
    const DEED: Deed = Deed::ManageAgents;

    fn name(self) -> &'static str {
        match self {
            Self::Approve => "agent-approve",
            Self::Quarantine => "agent-quarantine",
            Self::Restore => "agent-restore",
        }
    }

    fn done(self) -> Notice {
        match self {
            Self::Approve => Notice::new("done-agent-approved"),
            Self::Quarantine => Notice::new("done-agent-quarantined"),
            Self::Restore => Notice::new("done-agent-restored"),
        }
    }

    fn find(from: &mut impl latchkey_store::Select, id: &str) -> Done<Agent> {
        agents::find(from, id)
    }

    fn of(agent: &Agent) -> (String, String) {
        (agent.id.to_string(), agent.device.to_string())
    }

    fn run(self, tx: &mut Tx<'_>, id: &str, _: &Fields, actor: &Actor, why: Option<&Reason>) -> Done<()> {
        match self {
            Self::Approve => agents::approve(tx, id, actor, why).map(drop),
            Self::Quarantine => agents::quarantine(tx, id, actor, why).map(drop),
            Self::Restore => agents::restore(tx, id, actor, why).map(drop),
        }
    }
}

/// An agent goes for good, with what waits of it for a GLPI.
#[derive(Clone, Copy)]
struct Erase;

impl Change for Erase {
    type Thing = Agent;

    const PLACE: &'static str = PLACE;
    const KIND: &'static str = "agent";
    const DEED: Deed = Deed::Erase;

    fn name(self) -> &'static str {
        "agent-erase"
    }

    fn done(self) -> Notice {
        Notice::new("done-agent-erased")
    }

    fn is_erasure(self) -> bool {
        true
    }

    /// Its row is gone.
    fn leads_to(self, _: &str) -> String {
        PLACE.to_owned()
    }

    fn find(from: &mut impl latchkey_store::Select, id: &str) -> Done<Agent> {
        agents::find(from, id)
    }

    fn of(agent: &Agent) -> (String, String) {
        (agent.id.to_string(), agent.device.to_string())
    }

    async fn first(self, app: &App, agent: &Agent) -> Result<(), Trouble> {
        app.forget_messages_of(agent.id).await.map(drop).map_err(Trouble::Failed)
    }

    fn run(self, tx: &mut Tx<'_>, id: &str, _: &Fields, actor: &Actor, why: Option<&Reason>) -> Done<()> {
        erasure::erase(tx, id, actor, given(why)?).map(drop)
    }
}

/// Which agents a wish is for; the name or id of the key that it names is looked up.
fn which(reader: &mut latchkey_store::Reader<'_>, wish: &Wish, now: latchkey_domain::time::Timestamp) -> Done<Which> {
    let typed = |text: &str| (!text.trim().is_empty()).then(|| text.trim().to_owned());
    // One that is none has no agents.
    let key = typed(&wish.key).map(|key| keys::find(reader, &key).map_or(key, |key| key.id));
    Ok(Which {
        key,
        is: AgentIs::ALL.into_iter().find(|is| is.name() == wish.state),
        tag: typed(&wish.tag),
        version: typed(&wish.version),
        seen_before: wish.silent.trim().parse::<u16>().ok().map(|days| now.plus(-i64::from(days) * DAY)),
        twins: wish.twins == "yes",
        old_secret: false,
    })
}

async fn list(State(app): State<App>, visit: Visit, Wishes(wish): Wishes<Wish>) -> Result<Response, Trouble> {
    visit.may(Deed::Look)?;
    let now = app.now().map_err(Trouble::Failed)?;
    let sorted = wish.sorted();
    let rows = sorted.rows(ON_A_PAGE, &wish.after, &wish.before);
    let wanted = wish.clone();
    let found = app
        .look(move |reader| {
            let which = which(reader, &wanted, now)?;
            Ok(page(reader, &which, sorted.by, &rows)?)
        })
        .await?;
    let query = wish.query();
    let reader = visit.reader();
    let frame = visit.page(PLACE, reader.t("agents-title"));
    let mut table = table(reader, frame.title.clone(), &found.rows);
    let ways = [Some("device"), None, None, None, None, Some("seen")];
    let columns = table.head.iter().map(|head| head.title.clone()).zip(ways).collect();
    table.head = query.head(PLACE, &sorted, columns);
    let filtered = query.filters();
    let twins = vec![(String::new(), reader.t("all")), ("yes".to_owned(), reader.t("agent-twin-yes"))];
    Ok(show(&ListPage {
        said: None,
        actions: Vec::new(),
        filters: vec![
            Filter::text("key", frame.t("agent-key"), &wish.key),
            Filter::choice("state", frame.t("state"), &wish.state, choices(reader, AgentIs::ALL.map(AgentIs::name))),
            Filter::text("tag", frame.t("fact-tag"), &wish.tag),
            Filter::text("version", frame.t("agent-version"), &wish.version),
            Filter::text("silent", frame.t("agent-silent"), &wish.silent),
            Filter::choice("twins", frame.t("agent-twin-only"), &wish.twins, twins),
        ],
        none: frame.t(if filtered { "none-found" } else { "agents-none" }),
        filtered,
        path: PLACE,
        turns: query.turns(PLACE, &found),
        csv: Some(query.href("/console/agents.csv")),
        table,
        page: frame,
    }))
}

/// Agents as rows, wherever they are shown.
pub(super) fn table(reader: &Reader, caption: String, agents: &[Agent]) -> Table {
    Table::new(caption, columns(reader), agents.iter().map(|agent| row(reader, agent)).collect())
}

pub(super) fn columns(reader: &Reader) -> Vec<Head> {
    ["agent-device", "state", "agent-version", "fact-tag", "agent-address", "agent-seen"]
        .map(|name| Head::plain(reader.t(name)))
        .into()
}

pub(super) fn row(reader: &Reader, agent: &Agent) -> Vec<Cell> {
    vec![
        Cell::link(agent.device.to_string(), format!("{PLACE}/{}", agent.id)),
        states::agent(reader, agent.standing()),
        Cell::text(agent.version.as_str()),
        Cell::text(agent.tag.clone().unwrap_or_else(|| "–".to_owned())),
        Cell::text(agent.address.as_str()),
        Cell::text(reader.time(agent.last_seen_at)),
    ]
}

async fn file(State(app): State<App>, visit: Visit, Wishes(wish): Wishes<Wish>) -> Result<Response, Trouble> {
    visit.may(Deed::Look)?;
    let now = app.now().map_err(Trouble::Failed)?;
    let sorted = wish.sorted();
    let (first, columns) = (sorted.rows(AT_A_TIME, "", ""), Kind::Agents.columns());
    list::file(
        &app,
        "agents",
        columns,
        first,
        move |reader, rows| {
            let which = which(reader, &wish, now)?;
            Ok(page(reader, &which, sorted.by, rows)?)
        },
        record::Agent::new,
    )
    .await
}

async fn show_one(State(app): State<App>, visit: Visit, Path(id): Path<String>) -> Result<Response, Trouble> {
    visit.may(Deed::Look)?;
    let (agent, key, lines, people) = app
        .look(move |reader| {
            let agent = agents::find(reader, &id)?;
            let key = keys::find(reader, &agent.key)?;
            let mut lines = audit::history(reader, "agent", &agent.id.to_string())?;
            lines.reverse();
            Ok((agent, key, lines, People::read(reader)?))
        })
        .await?;
    let reader = visit.reader();
    let frame = visit.page(PLACE, agent.device.to_string());
    let way = |name: &str| format!("{PLACE}/{}/{name}", agent.id);
    let mut actions = Vec::new();
    if visit.can(Deed::ManageAgents) {
        if agent.may_approve().is_ok() {
            actions.push(Action::new(way("approve"), frame.t("agent-approve"), icons::CHECK));
        }
        if agent.may_restore().is_ok() {
            actions.push(Action::new(way("restore"), frame.t("agent-restore"), icons::PLAYER_PLAY));
        } else {
            actions.push(Action::new(way("quarantine"), frame.t("agent-quarantine"), icons::BAN).dangerous());
        }
    }
    if visit.can(Deed::Erase) {
        actions.push(Action::new(way("erase"), frame.t("agent-erase"), icons::ERASER).dangerous());
    }
    let about = agent.twin_at.map(|at| {
        let twin = agent.twin.clone().unwrap_or_default();
        frame.t_with("agent-twin", &[("time", reader.time(at)), ("twin", twin)])
    });
    let or_none = |text: Option<String>| Cell::text(text.unwrap_or_else(|| "–".to_owned()));
    Ok(show(&DetailPage {
        state: Some(states::agent(reader, agent.standing())),
        about: about.into_iter().collect(),
        actions,
        facts: vec![
            (
                frame.t("agent-key"),
                Cell::link(key.name.to_string(), format!("{}/{}", super::enrollments::PLACE, key.id)),
            ),
            (frame.t("agent-id"), or_none(agent.uid.map(|uid| uid.to_string()))),
            (frame.t("agent-version"), Cell::text(agent.version.as_str())),
            (frame.t("fact-tag"), or_none(agent.tag.clone())),
            (frame.t("agent-address"), Cell::text(agent.address.as_str())),
            (frame.t("agent-seen"), Cell::text(reader.time(agent.last_seen_at))),
            (frame.t("agent-let-in"), or_none(agent.let_in_at.map(|at| reader.time(at)))),
            (frame.t("agent-first-seen"), Cell::text(reader.time(agent.first_seen_at))),
        ],
        parts: Vec::new(),
        moments: moments(reader, &lines, &people, &agent.id.to_string()),
        more: None,
        page: frame,
    }))
}
