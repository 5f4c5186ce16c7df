//! Invitations: the list, one with what came of it, and every change to one. A new one: [`invitation_new`].

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use axum::routing::get;

use latchkey_domain::accounts::Connection;
use latchkey_domain::invitations::Invitation;
use latchkey_domain::operators::Deed;
use latchkey_domain::text::Reason;
use latchkey_domain::time::Date;
use latchkey_store::accounts::connections;
use latchkey_store::audit::Line;
use latchkey_store::invitations::counts::{self, Count};
use latchkey_store::invitations::keys;
use latchkey_store::lists::Page as Rows;
use latchkey_store::lists::invitations::{InvitationIs, InvitationSort, invitations, registrations};
use latchkey_store::{Actor, Done, Tx, audit};
use latchkey_texts::{Language, letters};
use serde::Deserialize;
use serde_json::{Value as Json, json};

use super::assets::icons;
use super::change::{Change, asked_and_done};
use super::dashboard::{days_after, table_of};
use super::form::Fields;
use super::history::{Moment, People, moments};
use super::key_deeds::own_name;
use super::keys::choices;
use super::list::{Action, Cell, Filter, ListPage, ON_A_PAGE, Query, Sorted, Table};
use super::notice::Notice;
use super::page::{Page, show};
use super::plots::{Bar, Bars};
use super::reader::Reader;
use super::registrations;
use super::states;
use super::trouble::Trouble;
use super::visit::{Visit, Wishes};
use super::{Place, invitation_new};
use crate::app::App;

pub(super) const PLACE: &str = "/console/invitations";
/// Registrations that an invitation's page shows.
const SHOWN: u32 = 10;
/// Days of the plot.
const DAYS: i64 = 30;

pub(super) fn places() -> Vec<Place> {
    vec![
        Place::page(PLACE, get(list)),
        Place::page("/console/invitations/new", get(invitation_new::new).post(invitation_new::create)),
        Place::page("/console/invitations/{invitation}", get(show_one)),
        Place::page("/console/invitations/{invitation}/suspend", asked_and_done(InvitationChange::Suspend)),
        Place::page("/console/invitations/{invitation}/resume", asked_and_done(InvitationChange::Resume)),
        Place::page("/console/invitations/{invitation}/revoke", asked_and_done(InvitationChange::Revoke)),
    ]
}

/// What the list is asked for.
#[derive(Deserialize, Default)]
#[serde(default)]
struct Wish {
    q: String,
    state: String,
    sort: String,
    order: String,
    after: String,
    before: String,
}

/// One invitation, with what came of it.
#[derive(Template)]
#[template(path = "console/invitation.html")]
struct OnePage {
    page: Page,
    state: Cell,
    actions: Vec<Action>,
    facts: Vec<(String, Cell)>,
    numbers: Vec<(String, String)>,
    plot: Bars,
    days: Table,
    causes: Table,
    registered: Table,
    /// Where all of them are.
    all: String,
    csv: String,
    moments: Vec<Moment>,
}

/// What is done to an invitation.
#[derive(Clone, Copy)]
enum InvitationChange {
    Suspend,
    Resume,
    Revoke,
}

impl Change for InvitationChange {
    type Thing = Invitation;

    const PLACE: &'static str = PLACE;
    const KIND: &'static str = "invitation";
    const DEED: Deed = Deed::ManageInvitations;

    fn name(self) -> &'static str {
        match self {
            Self::Suspend => "invitation-suspend",
            Self::Resume => "invitation-resume",
            Self::Revoke => "invitation-revoke",
        }
    }

    fn done(self) -> Notice {
        match self {
            Self::Suspend => Notice::new("done-invitation-suspended"),
            Self::Resume => Notice::new("done-invitation-resumed"),
            Self::Revoke => Notice::new("done-invitation-revoked"),
        }
    }

    fn is_for_good(self) -> bool {
        matches!(self, Self::Revoke)
    }

    fn needs_reason(self) -> bool {
        matches!(self, Self::Revoke)
    }

    fn find(from: &mut impl latchkey_store::Select, id: &str) -> Done<Invitation> {
        keys::find(from, id)
    }

    fn of(it: &Invitation) -> (String, String) {
        (it.id.clone(), it.name.to_string())
    }

    fn run(self, tx: &mut Tx<'_>, id: &str, _: &Fields, actor: &Actor, why: Option<&Reason>) -> Done<()> {
        match self {
            Self::Suspend => keys::suspend(tx, id, actor, why).map(drop),
            Self::Resume => keys::resume(tx, id, actor, why).map(drop),
            Self::Revoke => keys::revoke(tx, id, actor, why).map(drop),
        }
    }
}

async fn list(State(app): State<App>, visit: Visit, Wishes(wish): Wishes<Wish>) -> Result<Response, Trouble> {
    visit.may(Deed::Look)?;
    let now = app.now().map_err(Trouble::Failed)?;
    let ways = [("name", InvitationSort::Name, false), ("made", InvitationSort::Made, true)];
    let usual = Sorted { by: InvitationSort::Name, name: "name", descending: false };
    let sorted = Sorted::of(&wish.sort, &wish.order, &ways).unwrap_or(usual);
    let is = InvitationIs::ALL.into_iter().find(|is| is.name() == wish.state);
    let (rows, part) =
        (sorted.rows(ON_A_PAGE, &wish.after, &wish.before), wish.q.chars().take(200).collect::<String>());
    let found = app.look(move |reader| Ok(invitations(reader, is, &part, sorted.by, &rows, now)?)).await?;
    let query = Query::of([
        ("q", wish.q.clone()),
        ("state", wish.state.clone()),
        ("sort", wish.sort.clone()),
        ("order", wish.order.clone()),
    ]);
    let reader = visit.reader();
    let frame = visit.page(PLACE, reader.t("invitations-title"));
    let columns = vec![
        (frame.t("field-name"), Some("name")),
        (frame.t("state"), None),
        (frame.t("invitation-uses"), None),
        (frame.t("invitation-until"), None),
        (frame.t("since"), Some("made")),
    ];
    let row = |it: &Invitation| {
        vec![
            Cell::link(it.name.to_string(), format!("{PLACE}/{}", it.id)),
            states::invitation(reader, it.may_use(now)),
            Cell::text(uses(&frame, it)),
            Cell::text(it.ends_at.map_or_else(|| "–".to_owned(), |at| reader.time(at))),
            Cell::text(reader.day_of(it.created_at)),
        ]
    };
    let table =
        Table::new(frame.title.clone(), query.head(PLACE, &sorted, columns), found.rows.iter().map(row).collect());
    let filtered = query.filters();
    let mut actions = Vec::new();
    if visit.can(Deed::ManageInvitations) {
        actions.push(Action::new("/console/invitations/new", frame.t("invitation-new"), icons::PLUS));
    }
    let states = choices(reader, InvitationIs::ALL.map(InvitationIs::name));
    Ok(show(&ListPage {
        said: None,
        actions,
        filters: vec![
            Filter::text("q", frame.t("invitations-filter"), &wish.q),
            Filter::choice("state", frame.t("state"), &wish.state, states),
        ],
        none: frame.t(if filtered { "none-found" } else { "invitations-none" }),
        filtered,
        path: PLACE,
        turns: query.turns(PLACE, &found),
        csv: None,
        table,
        page: frame,
    }))
}

fn uses(page: &Page, it: &Invitation) -> String {
    match it.limit {
        None => page.t_with("invitation-uses-any", &[("count", it.uses)]),
        Some(most) => page.t_with("invitation-uses-of", &[("count", it.uses), ("most", most)]),
    }
}

async fn show_one(State(app): State<App>, visit: Visit, Path(id): Path<String>) -> Result<Response, Trouble> {
    visit.may(Deed::Look)?;
    let now = app.now().map_err(Trouble::Failed)?;
    let (it, glpi, came, some, lines, people) = app
        .look(move |reader| {
            let it = keys::find(reader, &id)?;
            let glpi = it.connection.and_then(|id| connections::by_id(reader, id).ok());
            let came = counts::of(reader, &it.id)?;
            let some = registrations(reader, Some(&it.id), None, None, &Rows::first(SHOWN).descending())?;
            let mut lines = audit::history(reader, "invitation", &it.id)?;
            lines.reverse();
            lines.iter_mut().for_each(|line| with_names(line, &it, glpi.as_ref()));
            Ok((it, glpi, came, some.rows, lines, People::read(reader)?))
        })
        .await?;
    let reader = visit.reader();
    let frame = visit.page(PLACE, it.name.to_string());
    let mut actions = Vec::new();
    if visit.can(Deed::ManageInvitations) && it.revoked_at.is_none() {
        let way = |name: &str| format!("{PLACE}/{}/{name}", it.id);
        if it.suspended_at.is_none() {
            actions.push(Action::new(way("suspend"), frame.t("invitation-suspend"), icons::PLAYER_PAUSE).second());
        } else {
            actions.push(Action::new(way("resume"), frame.t("invitation-resume"), icons::PLAYER_PLAY));
        }
        actions.push(Action::new(way("revoke"), frame.t("invitation-revoke"), icons::BAN).dangerous());
    }
    let plot = plot(reader, &came, app.zone.date_of(now));
    let of_it = Query::of([("invitation", it.id.clone())]);
    Ok(show(&OnePage {
        state: states::invitation(reader, it.may_use(now)),
        actions,
        facts: facts(&frame, reader, &it, glpi.as_ref()),
        numbers: numbers(reader, &came),
        days: table_of(&plot, frame.t("day")),
        plot,
        causes: causes(reader, &came),
        registered: registrations::table(reader, frame.t("invitation-registered"), &some, None),
        all: of_it.href(registrations::PLACE),
        csv: of_it.href(registrations::FILE),
        moments: moments(reader, &lines, &people, &it.id),
        page: frame,
    }))
}

fn facts(page: &Page, reader: &Reader, it: &Invitation, glpi: Option<&Connection>) -> Vec<(String, Cell)> {
    let or_none = |text: String| if text.is_empty() { "–".to_owned() } else { text };
    let place = match (it.connection, glpi) {
        (None, _) => Cell::text(page.t("invitation-directory")),
        (Some(_), Some(glpi)) => {
            Cell::link(glpi.name.to_string(), format!("{}/{}", super::connections::PLACE, glpi.id))
        }
        (Some(_), None) => Cell::text(page.t("invitation-glpi-gone")),
    };
    let (target, called) = (&it.target, &it.called);
    let one = |number: Option<u32>, name: &Option<String>| {
        number.map_or_else(|| page.t("as-glpi-has-it"), |number| numbered(number.into(), name.as_deref()))
    };
    let mut entity = one(target.entity, &called.entity);
    if target.recursive {
        entity = page.t_with("invitation-entity-below", &[("entity", entity)]);
    }
    let groups = it.groups().map(|(group, name)| numbered(group.into(), name)).collect::<Vec<_>>().join(", ");
    let language = it.language.as_deref().and_then(Language::from_tag).map(own_name);
    let mut facts = vec![
        (page.t("invitation-accounts-in"), place),
        (page.t("invitation-entity"), Cell::text(entity)),
        (page.t("invitation-profile"), Cell::text(one(target.profile, &called.profile))),
        (page.t("invitation-groups"), Cell::text(or_none(groups))),
        (page.t("invitation-uses"), Cell::text(uses(page, it))),
        (page.t("invitation-from"), Cell::text(reader.time(it.begins_at))),
        (page.t("invitation-until"), Cell::text(it.ends_at.map_or_else(|| "–".to_owned(), |at| reader.time(at)))),
        (page.t("invitation-domains"), Cell::text(or_none(it.email_domains.join(", ")))),
        (page.t("invitation-language"), Cell::text(language.unwrap_or_else(|| page.t("invitation-language-any")))),
        (page.t("invitation-id"), Cell::code(it.id.as_str())),
    ];
    if let Some(comment) = &it.comment {
        facts.insert(0, (page.t("invitation-comment"), Cell::text(comment.to_string())));
    }
    facts
}

/// The log has numbers and ids alone, as they were written; what they are called stands with the invitation.
fn with_names(line: &mut Line, it: &Invitation, glpi: Option<&Connection>) {
    let Ok(Json::Object(mut detail)) = serde_json::from_str(&line.detail) else { return };
    let (target, called) = (&it.target, &it.called);
    let groups: Vec<String> = it.groups().map(|(group, name)| numbered(group.into(), name)).collect();
    let one =
        |number: Option<u32>, name: &Option<String>| number.map(|number| numbered(number.into(), name.as_deref()));
    for (fact, logged, shown) in [
        ("connection", json!(it.connection.map(|id| id.to_string())), json!(glpi.map(|glpi| glpi.name.as_str()))),
        ("entity", json!(target.entity), json!(one(target.entity, &called.entity))),
        ("profile", json!(target.profile), json!(one(target.profile, &called.profile))),
        ("groups", json!(target.groups), json!(groups)),
    ] {
        if let Some(value) = detail.get_mut(fact)
            && *value == logged
            && !shown.is_null()
        {
            *value = shown;
        }
    }
    line.detail = Json::Object(detail).to_string();
}

/// What GLPI calls it, as far as that is known, and its number.
pub(super) fn numbered(number: i64, name: Option<&str>) -> String {
    name.map_or_else(|| number.to_string(), |name| format!("{name} ({number})"))
}

/// What is counted as what.
fn kind(what: &str) -> &str {
    what.split(':').next().unwrap_or_default()
}

/// How many opened it, sent its form, got in, and were refused.
fn numbers(reader: &Reader, came: &[Count]) -> Vec<(String, String)> {
    let sum = |kind_of: &str| -> i64 { came.iter().filter(|it| kind(&it.what) == kind_of).map(|it| it.times).sum() };
    let number = |count: i64| reader.number(usize::try_from(count).unwrap_or_default());
    [
        ("opened", "count-opened"),
        ("started", "count-started"),
        ("completed", "count-completed"),
        ("refused", "count-refused"),
    ]
    .map(|(what, name)| (number(sum(what)), reader.t(name)))
    .into()
}

/// By day: who got in, who was refused, and who opened it.
fn plot(reader: &Reader, came: &[Count], today: Date) -> Bars {
    let mut days: BTreeMap<Date, [u64; 3]> = (0..DAYS).map(|back| (days_after(today, -back), [0; 3])).collect();
    for count in came {
        let part = match kind(&count.what) {
            "completed" => 0,
            "refused" => 1,
            "opened" => 2,
            _ => continue,
        };
        if let Some(day) = days.get_mut(&count.day) {
            day[part] += u64::try_from(count.times).unwrap_or_default();
        }
    }
    let bars = days.into_iter().enumerate().map(|(at, (date, values))| Bar {
        label: reader.day(date),
        mark: if at % 5 == 4 { date.day().to_string() } else { String::new() },
        values: values.into(),
        href: None,
    });
    Bars {
        title: reader.t("invitation-plot"),
        parts: ["count-completed", "count-refused", "count-opened"].map(|name| reader.t(name)).into(),
        bars: bars.collect(),
    }
}

/// Why people were refused, the most frequent first.
fn causes(reader: &Reader, came: &[Count]) -> Table {
    let words = |cause: &str| match cause.split_once(':') {
        Some((field, fault)) => {
            let field = letters::word(reader.language, &format!("join-{field}"), &[]);
            format!("{field}: {}", reader.t(&format!("join-fault-{fault}")))
        }
        None => states::cause(reader, cause),
    };
    let refused = came.iter().filter(|count| kind(&count.what) == "refused");
    let refused = refused.map(|count| (count.what.trim_start_matches("refused:"), count.times));
    Table::by_cause(reader, reader.t("invitation-causes"), refused, |cause, times| {
        vec![Cell::text(words(cause)), Cell::text(times)]
    })
}
