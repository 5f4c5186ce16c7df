//! How every list of the console looks and is asked for: filters, columns that sort, pages forward and back, and the same as CSV.

use std::collections::BTreeMap;

use askama::Template;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse as _, Response};
use latchkey_domain::time::Date;
use latchkey_store::lists::{At, Ends, Found, Page as Rows, Place as RowPlace, Sorting};
use latchkey_store::{Done, Reader as Database};
use latchkey_texts::Said;
use serde::Serialize;

use super::assets::{Icon, icons};
use super::page::Page;
use super::reader::Reader;
use super::trouble::Trouble;
use crate::app::App;
use crate::exports::{fields, harmless};

/// Rows on a page.
pub(super) const ON_A_PAGE: u32 = 50;
/// Rows that are asked for at a time for a file.
pub(super) const AT_A_TIME: u32 = 1_000;
/// The most rows of a file.
pub(super) const MOST_IN_A_FILE: usize = 200_000;

/// A list.
#[derive(Template)]
#[template(path = "console/list.html")]
pub(super) struct ListPage {
    pub(super) page: Page,
    pub(super) said: Option<Said>,
    /// What can be done here.
    pub(super) actions: Vec<Action>,
    pub(super) filters: Vec<Filter>,
    pub(super) table: Table,
    /// What is said where there are no rows.
    pub(super) none: String,
    /// Whether anything is filtered.
    pub(super) filtered: bool,
    /// The list's own address.
    pub(super) path: &'static str,
    pub(super) turns: Turns,
    /// The same as a file.
    pub(super) csv: Option<String>,
}

/// A button that leads to a page.
#[derive(Debug, Clone)]
pub(crate) struct Action {
    pub(crate) href: String,
    pub(crate) label: String,
    pub(crate) icon: Icon,
    pub(crate) kind: &'static str,
}

/// A table of a page.
#[derive(Debug, Clone, Default)]
pub(crate) struct Table {
    pub(crate) caption: String,
    pub(crate) head: Vec<Head>,
    pub(crate) rows: Vec<Vec<Cell>>,
}

/// A column.
#[derive(Debug, Clone)]
pub(crate) struct Head {
    pub(crate) title: String,
    /// Where the list is sorted by it.
    pub(crate) href: Option<String>,
    /// `ascending` or `descending`, where it is sorted by it now.
    pub(crate) sorted: Option<&'static str>,
}

/// A cell.
#[derive(Debug, Clone, Default)]
pub(crate) struct Cell {
    pub(crate) text: String,
    pub(crate) href: Option<String>,
    /// The class of a state.
    pub(crate) badge: Option<&'static str>,
    /// An id or a code.
    pub(crate) code: bool,
}

/// A field by which a list is filtered.
#[derive(Debug, Clone)]
pub(crate) struct Filter {
    pub(crate) name: &'static str,
    pub(crate) label: String,
    pub(crate) value: String,
    /// Choices: value and words; none for a field to type into.
    pub(crate) choices: Vec<(String, String)>,
    pub(crate) placeholder: String,
}

/// Where the pages beside this one are.
#[derive(Debug, Clone, Default)]
pub(super) struct Turns {
    pub(super) first: Option<String>,
    pub(super) before: Option<String>,
    pub(super) after: Option<String>,
}

impl Action {
    pub(super) fn new(href: impl Into<String>, label: String, icon: Icon) -> Self {
        Self { href: href.into(), label, icon, kind: "btn-primary" }
    }

    /// Not the first thing that somebody does.
    pub(super) fn second(self) -> Self {
        Self { kind: "", ..self }
    }

    /// Something that takes away.
    pub(super) fn dangerous(self) -> Self {
        Self { kind: "btn-outline-danger", ..self }
    }
}

impl Cell {
    pub(crate) fn text(text: impl Into<String>) -> Self {
        Self { text: text.into(), ..Self::default() }
    }

    pub(crate) fn link(text: impl Into<String>, href: impl Into<String>) -> Self {
        Self { text: text.into(), href: Some(href.into()), ..Self::default() }
    }

    pub(crate) fn badge(text: impl Into<String>, class: &'static str) -> Self {
        Self { text: text.into(), badge: Some(class), ..Self::default() }
    }

    pub(crate) fn code(text: impl Into<String>) -> Self {
        Self { text: text.into(), code: true, ..Self::default() }
    }

    pub(crate) fn to(self, href: impl Into<String>) -> Self {
        Self { href: Some(href.into()), ..self }
    }
}

impl Table {
    pub(crate) fn new(caption: impl Into<String>, head: Vec<Head>, rows: Vec<Vec<Cell>>) -> Self {
        Self { caption: caption.into(), head, rows }
    }

    /// The name of a column, which a phone shows beside each cell.
    pub(crate) fn label(&self, at: impl std::borrow::Borrow<usize>) -> &str {
        self.head.get(*at.borrow()).map(|head| head.title.as_str()).unwrap_or_default()
    }
}

impl Table {
    /// How often each cause was one, the most frequent first; `row` makes the cells of a cause and its number.
    pub(super) fn by_cause<'c>(
        reader: &Reader,
        title: String,
        counts: impl Iterator<Item = (&'c str, i64)>,
        row: impl Fn(&str, String) -> Vec<Cell>,
    ) -> Self {
        let mut causes: BTreeMap<&str, i64> = BTreeMap::new();
        for (cause, times) in counts {
            *causes.entry(cause).or_default() += times;
        }
        let mut causes: Vec<_> = causes.into_iter().collect();
        causes.sort_by_key(|(_, times)| std::cmp::Reverse(*times));
        let number = |times| reader.number(usize::try_from(times).unwrap_or_default());
        let rows = causes.into_iter().map(|(cause, times)| row(cause, number(times))).collect();
        Self::new(title, ["cause", "times"].map(|name| Head::plain(reader.t(name))).into(), rows)
    }
}

impl Head {
    pub(crate) fn plain(title: String) -> Self {
        Self { title, href: None, sorted: None }
    }
}

impl Filter {
    pub(super) fn text(name: &'static str, label: String, value: &str) -> Self {
        Self { name, placeholder: label.clone(), label, value: value.to_owned(), choices: Vec::new() }
    }

    pub(super) fn day(name: &'static str, label: String, value: &str) -> Self {
        Self { placeholder: "2027-02-28".to_owned(), ..Self::text(name, label, value) }
    }

    /// One of some words; the first is for all.
    pub(super) fn choice(name: &'static str, label: String, value: &str, choices: Vec<(String, String)>) -> Self {
        Self { choices, ..Self::text(name, label, value) }
    }
}

/// What a list is asked for, as it stands in its address.
#[derive(Debug, Clone, Default)]
pub(super) struct Query(Vec<(&'static str, String)>);

impl Query {
    /// Of these values; empty ones are left out.
    pub(super) fn of(values: impl IntoIterator<Item = (&'static str, String)>) -> Self {
        Self(values.into_iter().filter(|(_, value)| !value.is_empty()).collect())
    }

    /// The same with this value instead.
    pub(super) fn with(&self, name: &'static str, value: impl Into<String>) -> Self {
        let others = self.0.iter().filter(|(other, _)| *other != name).cloned();
        Self::of(others.chain([(name, value.into())]))
    }

    pub(super) fn href(&self, path: &str) -> String {
        let query = form_urlencoded::Serializer::new(String::new())
            .extend_pairs(self.0.iter().map(|(name, value)| (*name, value.as_str())))
            .finish();
        if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") }
    }

    /// Whether it filters anything.
    pub(super) fn filters(&self) -> bool {
        self.0.iter().any(|(name, _)| *name != "sort" && *name != "order")
    }

    /// The columns: those with a way to be sorted lead there, the one that is sorted by the other way round.
    pub(super) fn head<S>(
        &self,
        path: &str,
        sorted: &Sorted<S>,
        columns: Vec<(String, Option<&'static str>)>,
    ) -> Vec<Head> {
        let head = |(title, sort): (String, Option<&'static str>)| match sort {
            None => Head::plain(title),
            Some(name) if name == sorted.name => Head {
                title,
                href: Some(
                    self.with("sort", name).with("order", if sorted.descending { "asc" } else { "desc" }).href(path),
                ),
                sorted: Some(if sorted.descending { "descending" } else { "ascending" }),
            },
            Some(name) => {
                Head { title, href: Some(self.with("sort", name).with("order", "").href(path)), sorted: None }
            }
        };
        columns.into_iter().map(head).collect()
    }

    /// Where the pages beside a page are.
    pub(super) fn turns<T>(&self, path: &str, found: &Found<T>) -> Turns {
        let at =
            |name, place: &Option<RowPlace>| place.as_ref().map(|place| self.with(name, place.to_text()).href(path));
        Turns {
            first: found.before.as_ref().map(|_| self.href(path)),
            before: at("before", &found.before),
            after: at("after", &found.after),
        }
    }
}

/// How a list is sorted now.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sorted<S> {
    pub(super) by: S,
    pub(super) name: &'static str,
    pub(super) descending: bool,
}

impl<S: Sorting> Sorted<S> {
    /// By the name of a way to sort; each has the end that usually comes first. The first is the usual way.
    pub(super) fn of(sort: &str, order: &str, ways: &[(&'static str, S, bool)]) -> Option<Self> {
        let (name, by, usual) = *ways.iter().find(|(name, ..)| *name == sort).or_else(|| ways.first())?;
        let descending = match order {
            "asc" => false,
            "desc" => true,
            _ => usual,
        };
        Some(Self { by, name, descending })
    }

    /// The rows of a page. A place that is none begins anew.
    pub(super) fn rows(&self, most: u32, after: &str, before: &str) -> Rows {
        let at = match (self.by.place(after), self.by.place(before)) {
            (Some(place), _) => At::After(place),
            (None, Some(place)) => At::Before(place),
            (None, None) => At::Beginning,
        };
        let first = Rows::first(most);
        (if self.descending { first.descending() } else { first }).at(at)
    }
}

/// Last days, as somebody typed them; or the name of the one that is no day.
pub(super) fn ends(from: &str, until: &str) -> Result<Ends, String> {
    Ok(Ends { from: day(from)?, until: day(until)? })
}

/// A day, where one was typed.
pub(super) fn day(text: &str) -> Result<Option<Date>, String> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    match text.parse::<Date>() {
        Ok(date) if date.to_string() == text => Ok(Some(date)),
        Ok(_) | Err(_) => Err(text.to_owned()),
    }
}

/// Rows as a file that spreadsheets open.
pub(super) struct Csv {
    out: csv::Writer<Vec<u8>>,
    columns: &'static [&'static str],
}

/// A list as a file: what is on its pages, one after the other, each row as programs have it.
pub(super) async fn file<T: Send + 'static, R: Serialize>(
    app: &App,
    name: &str,
    columns: &'static [&'static str],
    first: Rows,
    page: impl Fn(&mut Database<'_>, &Rows) -> Done<Found<T>> + Clone + Send + 'static,
    record: impl Fn(&T) -> R,
) -> Result<Response, Trouble> {
    let (mut csv, mut rows, mut written) = (Csv::new(columns), first, 0);
    loop {
        let (asked, page) = (rows.clone(), page.clone());
        let found = app.look(move |reader| page(reader, &asked)).await?;
        found.rows.iter().for_each(|row| csv.record(&record(row)));
        written += found.rows.len();
        match found.after {
            Some(place) if written < MOST_IN_A_FILE => rows = rows.at(At::After(place)),
            Some(_) | None => return Ok(csv.answer(name)),
        }
    }
}

impl Csv {
    pub(super) fn new(columns: &'static [&'static str]) -> Self {
        let out = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
        let mut csv = Self { out, columns };
        csv.row(columns.iter().map(|column| (*column).to_owned()));
        csv
    }

    /// A record as programs have it: of its members those that are columns.
    pub(super) fn record(&mut self, record: &impl Serialize) {
        match fields(self.columns, record) {
            Ok(fields) => self.row(fields),
            Err(error) => tracing::error!(%error, "a record is not in a file of the console"),
        }
    }

    /// As many cells as there are columns.
    pub(super) fn row(&mut self, cells: impl IntoIterator<Item = String>) {
        // Only a row with another number of cells fails, which is a mistake of ours.
        if let Err(error) = self.out.write_record(cells.into_iter().map(|cell| harmless(&cell))) {
            tracing::error!(%error, "a row is not in a file of the console");
        }
    }

    pub(super) fn into_text(self) -> String {
        String::from_utf8(self.out.into_inner().unwrap_or_default()).unwrap_or_default()
    }

    pub(super) fn answer(self, name: &str) -> Response {
        let headers = [
            (CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
            (CONTENT_DISPOSITION, format!("attachment; filename=\"{name}.csv\"")),
        ];
        (headers, self.into_text()).into_response()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_says_what_is_there_and_nothing_that_is_run() {
        let mut csv = Csv::new(&["a", "b"]);
        csv.row(["Acme, \"Ltd\"".to_owned(), "=1+1".to_owned()]);
        assert_eq!(csv.into_text(), "a,b\r\n\"Acme, \"\"Ltd\"\"\",'=1+1\r\n");
    }

    #[test]
    fn an_address_keeps_what_was_chosen() {
        let query = Query::of([("q", "a b".to_owned()), ("state", String::new())]);
        assert_eq!(query.href("/x"), "/x?q=a+b");
        assert_eq!(query.with("q", "").href("/x"), "/x");
        assert_eq!(query.with("sort", "end").href("/x"), "/x?q=a+b&sort=end");
        assert!(query.filters() && !Query::of([("sort", "end".to_owned())]).filters());
    }

    #[test]
    fn a_day_of_another_country_is_none() {
        assert_eq!(day(" 2027-02-28 "), Ok("2027-02-28".parse().ok()));
        for other in ["28/02/2027", "02/28/2027", "2027-2-28", "2027-02-30", "demain"] {
            assert_eq!(day(other), Err(other.to_owned()));
        }
        assert_eq!(day(" "), Ok(None));
    }
}
