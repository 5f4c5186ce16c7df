//! Customers and subscriptions from a spreadsheet: first what would become of each row, then, at a second click, all of them or none.
//!
//! The sheet travels with the form, so that nothing is kept in between; it is read and judged anew when it is taken in. Larger ones
//! are the command line's.

use std::collections::HashSet;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{get, post};
use latchkey_domain::Refusal;
use latchkey_domain::operators::Deed;
use latchkey_domain::time::Zone;
use latchkey_store::subscriptions::import::Fate;
use latchkey_store::{Actor, Done, Select, Tx, Vault};
use serde::{Deserialize, Serialize};

use super::Place;
use super::assets::icons;
use super::deed::Select as Choice;
use super::form::{Fields, Form};
use super::list::{Cell, Csv, Head, Table};
use super::page::{Page, show, show_as};
use super::reader::Reader;
use super::states::{BAD, GOOD};
use super::trouble::Trouble;
use super::visit::Visit;
use super::{data, keys};
use crate::app::App;
use crate::sheets::{self, Kind, Line, Row, RowFault, SheetFault};

pub(super) const PLACE: &str = "/console/import";
const TAKE: &str = "/console/import/take";
/// Rows that are taken in at once, as one change.
const MOST_ROWS: usize = 500;
/// The longest sheet, in bytes: it is sent twice.
const LONGEST: usize = 64 * 1_024;

pub(super) fn places() -> Vec<Place> {
    vec![Place::page(PLACE, get(new).post(look)), Place::action(TAKE, post(take))]
}

#[derive(Template)]
#[template(path = "console/import.html")]
struct ImportPage {
    page: Page,
    /// Why the sheet is not read, or what would become of it.
    said: Option<String>,
    /// Whether that is bad news.
    bad: bool,
    kind: Choice,
    /// What was pasted.
    typed: String,
    columns: Vec<(String, String)>,
    most_rows: usize,
    most_kib: usize,
    /// What would become of each row.
    fates: Option<Table>,
    /// The sheet, where every row can be taken in.
    ready: Option<(String, String)>,
}

#[derive(Template)]
#[template(path = "console/imported.html")]
struct ImportedPage {
    page: Page,
    said: String,
    rows: Table,
    /// The keys that were issued, as a file.
    keys: Option<String>,
}

/// Why nothing of a sheet is looked at row by row.
enum Fault {
    Empty,
    TooLong,
    TooManyRows(usize),
    NotUtf8,
    Sheet(SheetFault),
}

/// What became of a row: kept with the form's operation, so that a second click is answered alike.
#[derive(Serialize, Deserialize)]
struct Taken {
    line: u64,
    fate: String,
    customer: String,
    offer: String,
    ends: String,
    key: Option<(String, String)>,
}

async fn new(visit: Visit) -> Result<Response, Trouble> {
    visit.may(Deed::ImportSales)?;
    Ok(show(&page(&visit, &Fields::default())))
}

/// The page with nothing judged yet.
fn page(visit: &Visit, typed: &Fields) -> ImportPage {
    let page = visit.page(data::PLACE, visit.reader().t("import-title"));
    let choice = |kind: Kind| (name(kind).to_owned(), page.t(&format!("import-kind-{}", name(kind))));
    let kind = Choice {
        name: "kind",
        label: page.t("import-kind"),
        value: typed.text("kind").to_owned(),
        choices: vec![choice(Kind::Subscriptions), choice(Kind::Customers)],
        hint: None,
        fault: None,
    };
    let columns = Kind::Subscriptions.columns();
    ImportPage {
        said: None,
        bad: false,
        kind,
        typed: typed.text("sheet").to_owned(),
        columns: columns
            .iter()
            .map(|it| ((*it).to_owned(), page.t(&format!("import-column-{}", it.replace('_', "-")))))
            .collect(),
        most_rows: MOST_ROWS,
        most_kib: LONGEST >> 10,
        fates: None,
        ready: None,
        page,
    }
}

async fn look(State(app): State<App>, visit: Visit, form: Result<Form, Trouble>) -> Result<Response, Trouble> {
    visit.may(Deed::ImportSales)?;
    match form {
        Ok(form) => judged(&app, &form.visit, &form.fields, None).await,
        // The form is longer than any: so is the file.
        Err(Trouble::Unreadable) => Ok(faulty(&visit, &Fields::default(), &Fault::TooLong)),
        Err(trouble) => Err(trouble),
    }
}

/// The page with what would become of each row; and with what a rule said of all of them, where it did.
async fn judged(app: &App, visit: &Visit, fields: &Fields, refusal: Option<&Refusal>) -> Result<Response, Trouble> {
    let (kind, text) = (kind_of(fields), sheet_of(fields).to_owned());
    let lines = match lines(&text, kind) {
        Ok(lines) => lines,
        Err(fault) => return Ok(faulty(visit, fields, &fault)),
    };
    let zone = app.zone.clone();
    let fated = app.look(move |reader| fates(reader, lines, &zone)).await?;
    let refused = fated.iter().filter(|(_, fate)| fate.is_err()).count();
    let (reader, mut shown) = (visit.reader(), page(visit, fields));
    let count = |wanted: Fate| fated.iter().filter(|(_, fate)| fate.as_ref().is_ok_and(|fate| *fate == wanted)).count();
    shown.bad = refused > 0 || refusal.is_some();
    shown.said = Some(if refused > 0 {
        reader.t_count("import-refused", refused)
    } else if let Some(refusal) = refusal {
        let said = reader.refusal(refusal);
        format!("{} {}", said.cause, said.next_step)
    } else {
        reader.t_with(
            "import-ready",
            &[
                ("made", reader.number(count(Fate::Made))),
                ("exist", reader.number(count(Fate::Exists))),
                ("keys", reader.number(count(Fate::KeyAdded))),
            ],
        )
    });
    // The bad ones first: they are what has to be mended.
    let (bad, good): (Vec<_>, Vec<_>) = fated.iter().partition(|(_, fate)| fate.is_err());
    let rows = bad.into_iter().chain(good).map(|(line, fate)| row(reader, line, fate.as_ref())).collect();
    let head = ["import-line", "import-fate", "import-row", "import-why"].map(|name| Head::plain(reader.t(name)));
    shown.fates = Some(Table::new(reader.t("import-fates"), head.into(), rows));
    shown.ready = (refused == 0).then(|| (name(kind).to_owned(), text));
    let status = if shown.bad { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    Ok(show_as(status, &shown))
}

fn faulty(visit: &Visit, fields: &Fields, fault: &Fault) -> Response {
    let mut shown = page(visit, fields);
    (shown.said, shown.bad) = (Some(fault.said(visit.reader())), true);
    show_as(StatusCode::UNPROCESSABLE_ENTITY, &shown)
}

async fn take(State(app): State<App>, form: Form) -> Result<Response, Trouble> {
    form.visit.may(Deed::ImportSales)?;
    let lines = match lines(sheet_of(&form.fields), kind_of(&form.fields)) {
        Ok(lines) if lines.iter().all(|line| line.row.is_ok()) => lines,
        Ok(_) | Err(_) => return judged(&app, &form.visit, &form.fields, None).await,
    };
    let (vault, zone, actor) = (app.console.vault.clone(), app.zone.clone(), form.visit.actor());
    let taken = form.once(&app, move |tx| {
        lines.iter().map(|line| take_line(tx, line, &vault, &zone, &actor)).collect::<Done<Vec<Taken>>>()
    });
    match taken.await {
        Ok(taken) => Ok(show(&imported(&form.visit, &taken))),
        // Something has changed since it was looked at: that is shown anew, row by row.
        Err(Trouble::Refused(refusal)) => judged(&app, &form.visit, &form.fields, Some(&refusal)).await,
        Err(trouble) => Err(trouble),
    }
}

fn take_line(tx: &mut Tx<'_>, line: &Line, vault: &Vault, zone: &Zone, actor: &Actor) -> Done<Taken> {
    let taken = line.take(tx, vault, zone, actor)?;
    let (customer, offer, ends) = match &line.row {
        Ok(Row::Sale(sale)) => (sale.customer.clone(), sale.offer.clone(), sale.ends.to_string()),
        Ok(Row::Customer(name)) => (name.clone(), String::new(), String::new()),
        Ok(Row::Key(key)) => (key.customer.clone(), key.offer.clone(), key.ends.to_string()),
        Err(_) => Default::default(),
    };
    let key = taken.issued.map(|issued| (issued.key.id.to_string(), issued.text.reveal().to_owned()));
    Ok(Taken { line: line.number, fate: fate_name(taken.fate).to_owned(), customer, offer, ends, key })
}

fn imported(visit: &Visit, taken: &[Taken]) -> ImportedPage {
    let page = visit.page(data::PLACE, visit.reader().t("imported-title"));
    let row = |it: &Taken| {
        vec![
            Cell::text(it.line.to_string()),
            Cell::badge(page.t(&format!("state-{}", it.fate)), GOOD),
            Cell::text([it.customer.as_str(), it.offer.as_str(), it.ends.as_str()].join(" ").trim()),
            match &it.key {
                Some((key, _)) => Cell::link(page.t("import-key"), format!("{}/{key}", keys::PLACE)),
                None => Cell::text("–"),
            },
        ]
    };
    let head = ["import-line", "import-fate", "import-row", "import-key"].map(|name| Head::plain(page.t(name)));
    let rows = Table::new(page.t("import-fates"), head.into(), taken.iter().map(row).collect());
    let mut csv = Csv::new(&["line", "customer", "offer", "end_date", "key_id", "registration_key"]);
    let keys: Vec<_> = taken.iter().filter_map(|it| it.key.as_ref().map(|key| (it, key))).collect();
    for (it, (id, text)) in &keys {
        let Taken { line, customer, offer, ends, .. } = it;
        csv.row([line.to_string(), customer.clone(), offer.clone(), ends.clone(), id.clone(), text.clone()]);
    }
    let said = page.t_count("imported-said", taken.iter().filter(|it| it.fate != "exists").count());
    ImportedPage { said, rows, keys: (!keys.is_empty()).then(|| csv.into_text()), page }
}

fn lines(text: &str, kind: Kind) -> Result<Vec<Line>, Fault> {
    if text.trim().is_empty() {
        return Err(Fault::Empty);
    }
    if text.len() > LONGEST {
        return Err(Fault::TooLong);
    }
    // What a form could not read as UTF-8 has these in its place.
    if text.contains(char::REPLACEMENT_CHARACTER) {
        return Err(Fault::NotUtf8);
    }
    let lines = sheets::read(text.as_bytes(), kind).map_err(Fault::Sheet)?;
    if lines.is_empty() {
        return Err(Fault::Empty);
    }
    if lines.len() > MOST_ROWS { Err(Fault::TooManyRows(lines.len())) } else { Ok(lines) }
}

type Fated = (Line, Result<Fate, RowFault>);

fn fates(from: &mut impl Select, lines: Vec<Line>, zone: &Zone) -> Done<Vec<Fated>> {
    let fated = |line: Line| {
        let fate = line.fate(from, zone, &HashSet::new())?;
        Ok((line, fate))
    };
    lines.into_iter().map(fated).collect()
}

fn row(reader: &Reader, line: &Line, fate: Result<&Fate, &RowFault>) -> Vec<Cell> {
    let words = match &line.row {
        Ok(Row::Customer(name)) => name.clone(),
        Ok(Row::Sale(sale)) => {
            format!("{}, {}, {} – {}", sale.customer, sale.offer, reader.day(sale.begins), reader.day(sale.ends))
        }
        Ok(Row::Key(key)) => format!("{}, {}, {}", key.id, key.customer, key.offer),
        Err(_) => "–".to_owned(),
    };
    let (badge, why) = match (fate, line.same_as) {
        (Ok(_), Some(number)) => {
            (Cell::badge(reader.t("state-exists"), GOOD), reader.t_with("import-same", &[("line", number)]))
        }
        (Ok(fate), None) => (Cell::badge(reader.t(&format!("state-{}", fate_name(*fate))), GOOD), "–".to_owned()),
        (Err(fault), _) => (Cell::badge(reader.t("state-refused"), BAD), why(reader, fault)),
    };
    vec![Cell::text(line.number.to_string()), badge, Cell::text(words), Cell::text(why)]
}

fn why(reader: &Reader, fault: &RowFault) -> String {
    match fault {
        RowFault::Misshapen { fields, columns } => {
            reader.t_with("import-misshapen", &[("fields", fields), ("columns", columns)])
        }
        RowFault::NotUtf8 { .. } => reader.t("import-not-utf8"),
        RowFault::YesOrNo { given } => reader.t_with("import-yes-or-no", &[("given", given)]),
        RowFault::Ended => reader.t("import-ended"),
        RowFault::DateMissing => reader.t("import-date-missing"),
        RowFault::Date { given } => reader.t_with("import-date", &[("given", given)]),
        // Keys are taken in on the command line alone.
        RowFault::KeyMissing
        | RowFault::HalfSuperseded
        | RowFault::KeyTwice { .. }
        | RowFault::NoId { .. }
        | RowFault::NoInstant { .. } => reader.t("import-no-key"),
        RowFault::Refused(refusal) => {
            let said = reader.refusal(refusal);
            format!("{} {}", said.cause, said.next_step)
        }
    }
}

impl Fault {
    fn said(&self, reader: &Reader) -> String {
        match self {
            Self::Empty => reader.t("import-empty"),
            Self::TooLong => reader.t_with("import-too-long", &[("most", LONGEST >> 10)]),
            Self::TooManyRows(rows) => reader.t_with("import-too-many", &[("rows", *rows), ("most", MOST_ROWS)]),
            Self::NotUtf8 | Self::Sheet(SheetFault::Utf16) => reader.t("import-not-utf8"),
            Self::Sheet(SheetFault::Unreadable(words)) => reader.t_with("import-unreadable", &[("words", words)]),
            Self::Sheet(SheetFault::ColumnUnknown { name, meant }) => match meant {
                Some(meant) => reader.t_with("import-column-meant", &[("name", name.as_str()), ("meant", meant)]),
                None => reader.t_with("import-column-unknown", &[("name", name)]),
            },
            Self::Sheet(SheetFault::ColumnTwice { name }) => reader.t_with("import-column-twice", &[("name", name)]),
            Self::Sheet(SheetFault::ColumnMissing { name }) => {
                reader.t_with("import-column-missing", &[("name", name)])
            }
        }
    }
}

/// The file, where one was chosen; else what was pasted.
fn sheet_of(fields: &Fields) -> &str {
    match fields.text("file") {
        "" => fields.text("sheet"),
        file => file,
    }
}

fn kind_of(fields: &Fields) -> Kind {
    if fields.text("kind") == name(Kind::Customers) { Kind::Customers } else { Kind::Subscriptions }
}

fn name(kind: Kind) -> &'static str {
    match kind {
        Kind::Customers => "customers",
        Kind::Subscriptions => "subscriptions",
        Kind::Keys => "keys",
    }
}

fn fate_name(fate: Fate) -> &'static str {
    match fate {
        Fate::Made => "made",
        Fate::Exists => "exists",
        Fate::KeyAdded => "key-added",
        Fate::Updated => "updated",
    }
}
