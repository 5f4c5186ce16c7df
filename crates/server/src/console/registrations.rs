//! Who registered: by one invitation or by all, those that need somebody among them; and the same as a file.

use axum::extract::State;
use axum::response::Response;
use axum::routing::get;
use latchkey_domain::operators::Deed;
use latchkey_store::invitations::keys;
use latchkey_store::invitations::registrations::{Registration, State as Stands};
use latchkey_store::lists::invitations::{Sent, registrations};
use latchkey_store::lists::{At, Page as Rows};
use latchkey_store::{Done, Reader as Database};
use latchkey_texts::console::is_word;
use serde::Deserialize;

use super::Place;
use super::keys::choices;
use super::list::{AT_A_TIME, Cell, Csv, Filter, Head, ListPage, MOST_IN_A_FILE, ON_A_PAGE, Query, Sorted, Table};
use super::page::show;
use super::reader::Reader;
use super::states;
use super::trouble::Trouble;
use super::visit::{Visit, Wishes};
use crate::app::App;

pub(super) const PLACE: &str = "/console/registrations";
pub(super) const FILE: &str = "/console/registrations.csv";

pub(super) fn places() -> Vec<Place> {
    vec![Place::page(PLACE, get(list)), Place::action(FILE, get(file))]
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
    let remarks: Vec<String> = it.remarks.iter().map(|remark| about(reader, remark)).collect();
    vec![
        Cell::text(it.person.login.as_str()),
        Cell::text(format!("{} {}", it.person.firstname, it.person.realname)),
        Cell::text(it.person.email.as_str()),
        states::registration(reader, it.state),
        Cell::text(if remarks.is_empty() { "–".to_owned() } else { remarks.join(", ") }),
        Cell::text(reader.time(it.created_at)),
    ]
}

/// What is not as promised, or in the way.
fn about(reader: &Reader, remark: &str) -> String {
    let name = format!("remark-{remark}");
    if is_word(&name) { reader.t(&name) } else { states::cause(reader, remark) }
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
    let mut csv = Csv::new(&[
        "registration_id",
        "invitation_id",
        "state",
        "remarks",
        "login",
        "firstname",
        "realname",
        "email",
        "language",
        "glpi_user",
        "created_at",
        "completed_at",
        "returned_at",
    ]);
    let (mut page, mut rows) = (Rows::first(AT_A_TIME), 0);
    loop {
        let found = registrations(reader, invitation, is, person, &page)?;
        rows += found.rows.len();
        for it in found.rows {
            let text = |at: Option<latchkey_domain::time::Timestamp>| at.map(|at| at.to_string()).unwrap_or_default();
            csv.row([
                it.id.to_string(),
                it.invitation,
                it.state.name().to_owned(),
                it.remarks.join(" "),
                it.person.login,
                it.person.firstname,
                it.person.realname,
                it.person.email,
                it.person.language,
                it.glpi_user.map(|id| id.to_string()).unwrap_or_default(),
                it.created_at.to_string(),
                text(it.completed_at),
                text(it.returned_at),
            ]);
        }
        match found.after {
            Some(place) if rows < MOST_IN_A_FILE => page = page.at(At::After(place)),
            Some(_) | None => return Ok(csv),
        }
    }
}
