//! Invitations: the list, one with what came of it, and every change to one. A new one: [`invitation_new`].

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use axum::routing::get;
use latchkey_domain::Refusal;
use latchkey_domain::accounts::Connection;
use latchkey_domain::invitations::Invitation;
use latchkey_domain::operators::Deed;
use latchkey_domain::text::Reason;
use latchkey_domain::time::Date;
use latchkey_store::accounts::connections;
use latchkey_store::invitations::counts::{self, Count};
use latchkey_store::invitations::keys;
use latchkey_store::lists::Page as Rows;
use latchkey_store::lists::invitations::{InvitationIs, InvitationSort, invitations, registrations};
use latchkey_store::{Actor, Done, Tx, Undone, audit};
use latchkey_texts::{Language, letters};
use serde::Deserialize;

use super::assets::icons;
use super::dashboard::{days_after, table_of};
use super::deed::{DeedPage, reason};
use super::form::{Fields, Form};
use super::history::{Moment, People, moments};
use super::key_deeds::{own_name, unchanged};
use super::keys::choices;
use super::list::{Action, Cell, Filter, Head, ListPage, ON_A_PAGE, Query, Sorted, Table};
use super::notice::Notice;
use super::page::{Page, show};
use super::plots::{Bar, Bars};
use super::reader::Reader;
use super::registrations;
use super::states;
use super::trouble::{Trouble, done, refused};
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
        Place::page("/console/invitations/{invitation}/suspend", get(ask_suspend).post(suspend)),
        Place::page("/console/invitations/{invitation}/resume", get(ask_resume).post(resume)),
        Place::page("/console/invitations/{invitation}/revoke", get(ask_revoke).post(revoke)),
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

/// What is done to an invitation: its words, and the operation.
#[derive(Clone, Copy)]
enum Change {
    Suspend,
    Resume,
    Revoke,
}

impl Change {
    /// The names of its words: of the page, of its title, of what will happen, and its address.
    fn words(self) -> (&'static str, &'static str, &'static str, &'static str) {
        match self {
            Self::Suspend => ("invitation-suspend", "invitation-suspend-title", "invitation-suspend-will", "suspend"),
            Self::Resume => ("invitation-resume", "invitation-resume-title", "invitation-resume-will", "resume"),
            Self::Revoke => ("invitation-revoke", "invitation-revoke-title", "invitation-revoke-will", "revoke"),
        }
    }

    fn notice(self) -> Notice {
        match self {
            Self::Suspend => Notice::new("done-invitation-suspended"),
            Self::Resume => Notice::new("done-invitation-resumed"),
            Self::Revoke => Notice::new("done-invitation-revoked"),
        }
    }

    fn run(self, tx: &mut Tx<'_>, id: &str, actor: &Actor, why: Option<&Reason>) -> Done<Invitation> {
        match self {
            Self::Suspend => keys::suspend(tx, id, actor, why),
            Self::Resume => keys::resume(tx, id, actor, why),
            Self::Revoke => keys::revoke(tx, id, actor, why),
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
            let some = registrations(reader, Some(&it.id), None, &Rows::first(SHOWN).descending())?;
            let mut lines = audit::history(reader, "invitation", &it.id)?;
            lines.reverse();
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
    let target = &it.target;
    let number = |number: Option<u32>| number.map_or_else(|| page.t("as-glpi-has-it"), |number| number.to_string());
    let mut entity = number(target.entity);
    if target.recursive {
        entity = page.t_with("invitation-entity-below", &[("entity", entity)]);
    }
    let groups = target.groups.iter().map(u32::to_string).collect::<Vec<_>>().join(", ");
    let language = it.language.as_deref().and_then(Language::from_tag).map(own_name);
    let mut facts = vec![
        (page.t("invitation-accounts-in"), place),
        (page.t("invitation-entity"), Cell::text(entity)),
        (page.t("invitation-profile"), Cell::text(number(target.profile))),
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
    let mut causes: BTreeMap<&str, i64> = BTreeMap::new();
    for count in came.iter().filter(|count| kind(&count.what) == "refused") {
        *causes.entry(count.what.trim_start_matches("refused:")).or_default() += count.times;
    }
    let mut causes: Vec<_> = causes.into_iter().collect();
    causes.sort_by_key(|(_, times)| std::cmp::Reverse(*times));
    let words = |cause: &str| match cause.split_once(':') {
        Some((field, fault)) => {
            let field = letters::word(reader.language, &format!("join-{field}"), &[]);
            format!("{field}: {}", reader.t(&format!("join-fault-{fault}")))
        }
        None => states::cause(reader, cause),
    };
    let row = |(cause, times): (&str, i64)| {
        vec![Cell::text(words(cause)), Cell::text(reader.number(usize::try_from(times).unwrap_or_default()))]
    };
    let head = ["cause", "times"].map(|name| Head::plain(reader.t(name)));
    Table::new(reader.t("invitation-causes"), head.into(), causes.into_iter().map(row).collect())
}

async fn known(app: &App, id: String) -> Result<(Invitation, i64), Trouble> {
    app.look(move |reader| {
        let it = keys::find(reader, &id)?;
        let seen = audit::latest(reader, "invitation", &it.id)?;
        Ok::<_, Undone>((it, seen))
    })
    .await
}

async fn change_page(
    app: &App,
    visit: &Visit,
    change: Change,
    id: String,
    typed: &Fields,
    refusal: Option<&Refusal>,
) -> Result<DeedPage, Trouble> {
    visit.may(Deed::ManageInvitations)?;
    let (it, seen) = known(app, id).await?;
    let (name, title, will, way) = change.words();
    let page = visit.page(PLACE, visit.reader().t(title));
    let will = page.t_with(will, &[("name", it.name.to_string())]);
    let place = format!("{PLACE}/{}", it.id);
    let why = reason(&page, typed, refusal, matches!(change, Change::Revoke));
    let deed = DeedPage::new(page, name, format!("{place}/{way}"), place).will(will).seen(seen);
    let deed = match change {
        Change::Suspend | Change::Resume => deed,
        Change::Revoke => deed.for_good(),
    };
    Ok(deed.input(why).refused(refusal))
}

async fn do_change(app: App, change: Change, id: String, form: Form) -> Result<Response, Trouble> {
    form.visit.may(Deed::ManageInvitations)?;
    let why = match (form.text("reason").trim(), change) {
        ("", Change::Suspend | Change::Resume) => Ok(None),
        (typed, _) => Reason::parse(typed).map(Some),
    };
    let changed = match why {
        Ok(why) => {
            let (actor, seen, id) = (form.visit.actor(), form.seen(), id.clone());
            form.once(&app, move |tx| {
                let id = keys::find(tx, &id)?.id;
                unchanged(tx, "invitation", &id, seen)?;
                Ok(change.run(tx, &id, &actor, why.as_ref())?.id)
            })
            .await
        }
        Err(refusal) => Err(Trouble::Refused(refusal)),
    };
    match changed {
        Ok(id) => Ok(done(&app, &format!("{PLACE}/{id}"), &change.notice())),
        Err(Trouble::Refused(refusal)) => {
            let page = change_page(&app, &form.visit, change, id, &form.fields, Some(&refusal)).await?;
            Ok(refused(&refusal, &page))
        }
        Err(trouble) => Err(trouble),
    }
}

macro_rules! changes {
    ($($ask:ident $do:ident $change:ident),*) => {$(
        async fn $ask(State(app): State<App>, visit: Visit, Path(id): Path<String>) -> Result<Response, Trouble> {
            Ok(show(&change_page(&app, &visit, Change::$change, id, &Fields::default(), None).await?))
        }

        async fn $do(State(app): State<App>, Path(id): Path<String>, form: Form) -> Result<Response, Trouble> {
            do_change(app, Change::$change, id, form).await
        }
    )*};
}
changes!(ask_suspend suspend Suspend, ask_resume resume Resume, ask_revoke revoke Revoke);
