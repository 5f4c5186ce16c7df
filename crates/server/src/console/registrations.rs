//! Who registered: by one invitation or by all, those that need somebody among them; and the same as a file.

use axum::extract::{Path, State};
use axum::response::Response;
use axum::routing::get;
use latchkey_domain::operators::Deed;
use latchkey_domain::text::Reason;
use latchkey_domain::time::Timestamp;
use latchkey_store::accounts::connections;
use latchkey_store::invitations::registrations::{Registration, State as Stands, find_given, with_invitations};
use latchkey_store::invitations::{erasure, keys};
use latchkey_store::lists::invitations::{Sent, registrations};
use latchkey_store::lists::{At, Page as Rows};
use latchkey_store::{Actor, Done, Reader as Database, Select, Tx, audit};
use latchkey_texts::console::is_word;
use serde::Deserialize;

use super::Place;
use super::assets::icons;
use super::change::{Change, asked_and_done, given};
use super::detail::DetailPage;
use super::form::Fields;
use super::history::{People, moments};
use super::keys::choices;
use super::list::{
    AT_A_TIME, Action, Cell, Csv, Filter, Head, ListPage, MOST_IN_A_FILE, ON_A_PAGE, Query, Sorted, Table,
};
use super::notice::Notice;
use super::page::show;
use super::reader::Reader;
use super::states;
use super::trouble::Trouble;
use super::visit::{Visit, Wishes};
use crate::app::App;
use crate::exports::Kind;
use crate::records::invitations::InvitedRegistration;

pub(super) const PLACE: &str = "/console/registrations";
pub(super) const FILE: &str = "/console/registrations.csv";

pub(super) fn places() -> Vec<Place> {
    vec![
        Place::page(PLACE, get(list)),
        Place::action(FILE, get(file)),
        Place::page("/console/registrations/{registration}", get(show_one)),
        Place::page("/console/registrations/{registration}/erase", asked_and_done(Erase)),
    ]
}

/// Who registered goes for good; that somebody did stays.
#[derive(Clone, Copy)]
struct Erase;

impl Change for Erase {
    type Thing = Registration;

    const PLACE: &'static str = PLACE;
    const KIND: &'static str = "registration";
    const DEED: Deed = Deed::Erase;

    fn name(self) -> &'static str {
        "registration-erase"
    }

    fn done(self) -> Notice {
        Notice::new("done-registration-erased")
    }

    fn is_erasure(self) -> bool {
        true
    }

    fn find(from: &mut impl Select, id: &str) -> Done<Registration> {
        find_given(from, id)
    }

    fn of(it: &Registration) -> (String, String) {
        (it.id.to_string(), it.person.login.clone())
    }

    fn run(self, tx: &mut Tx<'_>, id: &str, _: &Fields, actor: &Actor, why: Option<&Reason>) -> Done<()> {
        erasure::erase(tx, id, actor, given(why)?).map(drop)
    }
}

/// What the list is asked for.
#[derive(Deserialize, Default)]
#[serde(default)]
struct Wish {
    /// The invitation, by its id or its name.
    invitation: String,
    /// The beginning of a login or of an e-mail address.
    q: String,
    state: String,
    order: String,
    after: String,
    before: String,
}

impl Wish {
    fn query(&self) -> Query {
        let Self { invitation, q, state, order, .. } = self;
        Query::of([
            ("invitation", invitation.clone()),
            ("q", q.clone()),
            ("state", state.clone()),
            ("order", order.clone()),
        ])
    }

    fn person(&self) -> Option<String> {
        Some(self.q.trim().to_owned()).filter(|begin| !begin.is_empty())
    }

    fn is(&self) -> Option<Stands> {
        Stands::ALL.into_iter().find(|is| is.name() == self.state)
    }
}

async fn list(State(app): State<App>, visit: Visit, Wishes(wish): Wishes<Wish>) -> Result<Response, Trouble> {
    visit.may(Deed::Look)?;
    let usual = Sorted { by: Sent, name: "sent", descending: true };
    let sorted = Sorted::of("sent", &wish.order, &[("sent", Sent, true)]).unwrap_or(usual);
    let (rows, is, named) = (sorted.rows(ON_A_PAGE, &wish.after, &wish.before), wish.is(), wish.invitation.clone());
    let person = wish.person();
    let found = app
        .look(move |reader| {
            let id = of_invitation(reader, &named)?;
            Ok(registrations(reader, id.as_deref(), is, person.as_deref(), &rows)?)
        })
        .await?;
    let (query, reader) = (wish.query(), visit.reader());
    let frame = visit.page(PLACE, reader.t("registrations-title"));
    let head = query.head(PLACE, &sorted, columns(reader));
    let table = table(reader, frame.title.clone(), &found.rows, Some(head));
    let filtered = query.filters();
    Ok(show(&ListPage {
        said: None,
        actions: Vec::new(),
        filters: vec![
            Filter::text("invitation", frame.t("registration-invitation"), &wish.invitation),
            Filter::text("q", frame.t("registration-person-begins"), &wish.q),
            Filter::choice("state", frame.t("state"), &wish.state, choices(reader, Stands::ALL.map(Stands::name))),
        ],
        none: frame.t(if filtered { "none-found" } else { "registrations-none" }),
        filtered,
        path: PLACE,
        turns: query.turns(PLACE, &found),
        csv: Some(query.href(FILE)),
        table,
        page: frame,
    }))
}

fn of_invitation(reader: &mut Database<'_>, named: &str) -> Done<Option<String>> {
    match named.trim() {
        "" => Ok(None),
        named => Ok(Some(keys::find(reader, named)?.id)),
    }
}

fn columns(reader: &Reader) -> Vec<(String, Option<&'static str>)> {
    let plain = |name: &str| (reader.t(name), None);
    vec![
        plain("registration-login"),
        plain("registration-person"),
        plain("field-email"),
        plain("state"),
        plain("registration-remarks"),
        (reader.t("registration-sent"), Some("sent")),
    ]
}

/// Registrations as a table; with a head of its own where the list is sorted by it.
pub(super) fn table(reader: &Reader, caption: String, rows: &[Registration], head: Option<Vec<Head>>) -> Table {
    let head = head.unwrap_or_else(|| heads(reader));
    Table::new(caption, head, rows.iter().map(|it| row(reader, it)).collect())
}

pub(super) fn heads(reader: &Reader) -> Vec<Head> {
    columns(reader).into_iter().map(|(title, _)| Head::plain(title)).collect()
}

pub(super) fn row(reader: &Reader, it: &Registration) -> Vec<Cell> {
    vec![
        Cell::link(it.person.login.as_str(), format!("{PLACE}/{}", it.id)),
        Cell::text(format!("{} {}", it.person.firstname, it.person.realname)),
        Cell::text(it.person.email.as_str()),
        states::registration(reader, it.state),
        Cell::text(remarks(reader, it)),
        Cell::text(reader.time(it.created_at)),
    ]
}

fn remarks(reader: &Reader, it: &Registration) -> String {
    let remarks: Vec<String> = it.remarks.iter().map(|remark| about(reader, remark)).collect();
    if remarks.is_empty() { "–".to_owned() } else { remarks.join(", ") }
}

/// What is not as promised, or in the way.
fn about(reader: &Reader, remark: &str) -> String {
    let name = format!("remark-{remark}");
    if is_word(&name) { reader.t(&name) } else { states::cause(reader, remark) }
}

async fn show_one(State(app): State<App>, visit: Visit, Path(id): Path<String>) -> Result<Response, Trouble> {
    visit.may(Deed::Look)?;
    let (it, invitation, glpi, lines, people) = app
        .look(move |reader| {
            let it = find_given(reader, &id)?;
            let invitation = keys::find(reader, &it.invitation)?;
            let glpi = it.connection.and_then(|id| connections::by_id(reader, id).ok());
            let mut lines = audit::history(reader, "registration", &it.id.to_string())?;
            lines.reverse();
            Ok((it, invitation, glpi, lines, People::read(reader)?))
        })
        .await?;
    let reader = visit.reader();
    let frame = visit.page(PLACE, it.person.login.as_str());
    let mut actions = Vec::new();
    if visit.can(Deed::Erase) && it.erased_at.is_none() {
        let way = format!("{PLACE}/{}/erase", it.id);
        actions.push(Action::new(way, frame.t("registration-erase"), icons::ERASER).dangerous());
    }
    let erased = it.erased_at.map(|at| frame.t_with("registration-is-erased", &[("time", reader.time(at))]));
    let time = |at: Option<Timestamp>| Cell::text(at.map_or_else(|| "–".to_owned(), |at| reader.time(at)));
    let or_none = |text: String| Cell::text(if text.trim().is_empty() { "–".to_owned() } else { text });
    let place = match (it.connection, glpi) {
        (None, _) => Cell::text(frame.t("invitation-directory")),
        (Some(_), Some(glpi)) => {
            Cell::link(glpi.name.to_string(), format!("{}/{}", super::connections::PLACE, glpi.id))
        }
        (Some(_), None) => Cell::text(frame.t("invitation-glpi-gone")),
    };
    let came_by = Cell::link(invitation.name.to_string(), format!("{}/{}", super::invitations::PLACE, invitation.id));
    Ok(show(&DetailPage {
        state: Some(states::registration(reader, it.state)),
        about: erased.into_iter().collect(),
        actions,
        facts: vec![
            (frame.t("registration-person"), or_none(format!("{} {}", it.person.firstname, it.person.realname))),
            (frame.t("field-email"), or_none(it.person.email.clone())),
            (frame.t("registration-came-by"), came_by),
            (frame.t("invitation-accounts-in"), place),
            (frame.t("registration-glpi-user"), or_none(it.glpi_user.map(|id| id.to_string()).unwrap_or_default())),
            (frame.t("registration-remarks"), Cell::text(remarks(reader, &it))),
            (frame.t("registration-sent"), time(Some(it.created_at))),
            (frame.t("registration-completed"), time(it.completed_at)),
            (frame.t("registration-returned"), time(it.returned_at)),
            (frame.t("registration-id"), Cell::code(it.id.to_string())),
        ],
        parts: Vec::new(),
        moments: moments(reader, &lines, &people, &it.id.to_string()),
        more: None,
        page: frame,
    }))
}

async fn file(State(app): State<App>, visit: Visit, Wishes(wish): Wishes<Wish>) -> Result<Response, Trouble> {
    visit.may(Deed::Look)?;
    let csv = app
        .look(move |reader| {
            let id = of_invitation(reader, &wish.invitation)?;
            of(reader, id.as_deref(), wish.is(), wish.person().as_deref())
        })
        .await?;
    Ok(csv.answer("registrations"))
}

/// Registrations as a file, for the API as well.
pub(crate) fn csv(reader: &mut Database<'_>, invitation: &str) -> Done<String> {
    of(reader, Some(invitation), None, None).map(Csv::into_text)
}

fn of(reader: &mut Database<'_>, invitation: Option<&str>, is: Option<Stands>, person: Option<&str>) -> Done<Csv> {
    let mut csv = Csv::new(Kind::Registrations.columns());
    let (mut page, mut rows) = (Rows::first(AT_A_TIME), 0);
    loop {
        let found = registrations(reader, invitation, is, person, &page)?;
        rows += found.rows.len();
        for it in with_invitations(reader, found.rows)? {
            csv.record(&InvitedRegistration::new(&it));
        }
        match found.after {
            Some(place) if rows < MOST_IN_A_FILE => page = page.at(At::After(place)),
            Some(_) | None => return Ok(csv),
        }
    }
}
