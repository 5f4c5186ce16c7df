//! Lists as people look through them: filtered, sorted, page by page, forward and back.
//!
//! A page begins where the one before it ended, at the sorted columns of its last row, so that every page costs the same
//! wherever it is, and none is skipped or shown twice while others change things. Which table is read first is decided
//! for each question: where few rows pass its filters, those are found first and sorted; else rows are read along the
//! sort until the page is full.
//!
//! Invariant: states are filtered by the same dates and instants by which the domain decides them; a test compares both.

pub mod agents;
pub mod audit;
pub mod beside;
pub mod customers;
pub mod instances;
pub mod invitations;
pub mod keys;
pub mod plugins;
pub mod search;
mod states;
pub mod subscriptions;
pub mod tokens;
pub mod trials;

use serde_json::{Value as Json, json};

pub use states::{Ends, KeyIs, SubscriptionIs};

use crate::StoreError;
use crate::driver::{Composed, Select};
use crate::value::{IntoValue, Row, Value};

/// Where filters let so many rows pass at the most, those are found first and sorted.
const FEW: i64 = 5_000;

/// What a page is to have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// At most so many rows.
    pub most: u32,
    /// Whether the largest comes first.
    pub descending: bool,
    /// Where it begins.
    pub at: At,
}

/// Where a page begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum At {
    /// With the first row.
    Beginning,
    /// After a row.
    After(Place),
    /// So that it ends before a row.
    Before(Place),
}

/// A page of a list.
#[derive(Debug, Clone)]
pub struct Found<T> {
    /// Its rows.
    pub rows: Vec<T>,
    /// The place before which the page before it ends, where there is one.
    pub before: Option<Place>,
    /// The place after which the next page begins, where there is one.
    pub after: Option<Place>,
}

impl<T> Default for Found<T> {
    fn default() -> Self {
        Self { rows: Vec::new(), before: None, after: None }
    }
}

/// A place in a sorted list: what a row has in the sorted columns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place(Vec<Value>);

/// How a list is sorted.
pub trait Sorting: Copy {
    /// The columns, the last of which no two rows share.
    #[doc(hidden)]
    fn columns(self) -> &'static [Column];

    /// The place that a text stands for, if it is one of a list that is sorted so.
    fn place(self, text: &str) -> Option<Place> {
        let Ok(Json::Array(parts)) = serde_json::from_str(text) else { return None };
        let columns = self.columns();
        let values = columns.iter().zip(&parts).map(|(column, part)| match (column.kind, part) {
            (Kind::Number, Json::Number(number)) => number.as_i64().map(Value::Int),
            // PostgreSQL takes no NUL.
            (Kind::Text, Json::String(text)) if !text.contains('\0') => Some(Value::Text(text.clone())),
            (Kind::Number | Kind::Text, _) => None,
        });
        let place = values.collect::<Option<Vec<_>>>()?;
        (parts.len() == columns.len()).then_some(Place(place))
    }
}

/// A column by which a list is sorted.
#[doc(hidden)]
#[derive(Debug, Clone, Copy)]
pub struct Column {
    /// In the statement.
    sql: &'static str,
    /// In its answer.
    name: &'static str,
    kind: Kind,
}

#[derive(Debug, Clone, Copy)]
enum Kind {
    Text,
    Number,
}

impl Column {
    pub(crate) const fn text(sql: &'static str, name: &'static str) -> Self {
        Self { sql, name, kind: Kind::Text }
    }

    pub(crate) const fn number(sql: &'static str, name: &'static str) -> Self {
        Self { sql, name, kind: Kind::Number }
    }
}

impl Page {
    /// The first so many rows, the smallest first.
    pub fn first(most: u32) -> Self {
        Self { most, descending: false, at: At::Beginning }
    }

    /// The same with the largest first.
    pub fn descending(self) -> Self {
        Self { descending: true, ..self }
    }

    /// The page of a place.
    pub fn at(self, at: At) -> Self {
        Self { at, ..self }
    }
}

impl Place {
    /// As text, from which [`Sorting::place`] reads it again.
    pub fn to_text(&self) -> String {
        let parts = self.0.iter().map(|value| match value {
            Value::Text(text) => json!(text),
            Value::Int(number) => json!(number),
            Value::Null => Json::Null,
        });
        Json::Array(parts.collect()).to_string()
    }

    fn of(row: &Row, columns: &[Column]) -> Result<Self, StoreError> {
        columns.iter().map(|column| row.get(column.name)).collect::<Result<_, _>>().map(Self)
    }
}

/// A question that is being put together: the text so far, and its parameters.
#[derive(Debug, Clone, Default)]
pub(crate) struct Question {
    sql: Composed,
    params: Vec<(&'static str, Value)>,
    conditions: usize,
}

/// Names of a place's values.
const PLACE: [(&str, &str); 3] = [("p0", "$p0"), ("p1", "$p1"), ("p2", "$p2")];

impl Question {
    pub(crate) fn new(select: &'static str, from: &'static str) -> Self {
        let mut question = Self::default();
        question.sql.push(select).push(" ").push(from);
        question
    }

    /// Lets only rows pass that have this.
    pub(crate) fn and(&mut self, condition: &'static str) -> &mut Self {
        self.sql.push(if self.conditions == 0 { " WHERE " } else { " AND " }).push(condition);
        self.conditions += 1;
        self
    }

    /// Closes a condition that was left open.
    pub(crate) fn close(&mut self) {
        self.sql.push(")");
    }

    /// Gives a parameter its value; the same one may be given again.
    pub(crate) fn bind(&mut self, name: &'static str, value: impl IntoValue) -> &mut Self {
        if self.params.iter().all(|(known, _)| *known != name) {
            self.params.push((name, value.into_value()));
        }
        self
    }

    /// Whether more than [`FEW`] rows pass.
    pub(crate) fn finds_many(mut self, from: &mut impl Select) -> Result<bool, StoreError> {
        self.sql.push(" LIMIT $few");
        self.bind("few", FEW + 1);
        let mut counted = Composed::default();
        counted.push("SELECT COUNT(*) AS found FROM (").push_all(&self.sql).push(") AS passed");
        let row = from.composed_rows(&counted, &self.params)?.into_iter().next();
        Ok(row.ok_or_else(|| StoreError::Corrupt("a count has no row".into()))?.get::<i64>("found")? > FEW)
    }

    /// The rows of a page, and where its neighbours begin.
    pub(crate) fn page<F: Select, T>(
        mut self,
        from: &mut F,
        sorting: impl Sorting,
        page: &Page,
        mut read: impl FnMut(&mut F, &Row) -> Result<T, StoreError>,
    ) -> Result<Found<T>, StoreError> {
        let columns = sorting.columns();
        let (place, backward) = match &page.at {
            At::Beginning => (None, false),
            At::After(place) => (Some(place), false),
            At::Before(place) => (Some(place), true),
        };
        let down = page.descending != backward;
        if let Some(place) = place {
            self.beyond(columns, place, down)?;
        }
        self.sort(columns, down);
        let mut rows = from.composed_rows(&self.limited(i64::from(page.most) + 1), &self.params)?;
        let most = usize::try_from(page.most).unwrap_or(usize::MAX);
        let more = rows.len() > most;
        rows.truncate(most);
        if backward {
            rows.reverse();
        }
        let first = rows.first().map(|row| Place::of(row, columns)).transpose()?;
        let last = rows.last().map(|row| Place::of(row, columns)).transpose()?;
        let (before, after) = match page.at {
            At::Beginning => (None, last.filter(|_| more)),
            At::After(_) => (first, last.filter(|_| more)),
            At::Before(_) => (first.filter(|_| more), last),
        };
        let rows = rows.iter().map(|row| read(from, row)).collect::<Result<_, _>>()?;
        Ok(Found { rows, before, after })
    }

    fn beyond(&mut self, columns: &[Column], place: &Place, down: bool) -> Result<(), StoreError> {
        let [first, ..] = columns else { return Err(StoreError::Bug("a list is sorted by nothing".into())) };
        if columns.len() != place.0.len() || columns.len() > PLACE.len() {
            return Err(StoreError::Bug("a place is of another list".into()));
        }
        let named = || columns.iter().zip(PLACE).enumerate();
        // By itself too, where the columns are of several tables: only so does SQLite see where to begin.
        if columns.len() > 1 {
            self.and(first.sql).sql.push(if down { " <= $p0" } else { " >= $p0" });
        }
        self.and("(");
        for (at, (column, _)) in named() {
            self.sql.push(if at == 0 { "" } else { ", " }).push(column.sql);
        }
        self.sql.push(if down { ") < (" } else { ") > (" });
        for (at, (_, (_, parameter))) in named() {
            self.sql.push(if at == 0 { "" } else { ", " }).push(parameter);
        }
        self.sql.push(")");
        for ((name, _), value) in PLACE.iter().zip(&place.0) {
            self.params.push((name, value.clone()));
        }
        Ok(())
    }

    fn sort(&mut self, columns: &[Column], down: bool) {
        for (at, column) in columns.iter().enumerate() {
            self.sql.push(if at == 0 { " ORDER BY " } else { ", " }).push(column.sql);
            self.sql.push(if down { " DESC" } else { "" });
        }
    }

    fn limited(&mut self, most: i64) -> Composed {
        self.bind("most", most);
        let mut sql = self.sql.clone();
        sql.push(" LIMIT $most");
        sql
    }
}

/// A part of a folded name, as LIKE takes it: what it takes for its own signs stands for itself.
pub(crate) fn containing(part: &str) -> String {
    let mut pattern = String::from("%");
    for c in latchkey_domain::text::fold(part).chars().filter(|c| *c != '\0') {
        if matches!(c, '%' | '_' | '!') {
            pattern.push('!');
        }
        pattern.push(c);
    }
    pattern.push('%');
    pattern
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Clone, Copy)]
    struct ByEnd;

    impl Sorting for ByEnd {
        fn columns(self) -> &'static [Column] {
            const { &[Column::number("s.ends_at", "ends_at"), Column::text("s.id", "id")] }
        }
    }

    #[test]
    fn a_place_is_read_as_it_was_written_and_nothing_else_is_one() {
        let place = Place(vec![Value::Int(-5), Value::Text("a\"b".into())]);
        assert_eq!(ByEnd.place(&place.to_text()), Some(place));
        for strange in
            ["", "[]", "[1]", "[1,2]", "[\"a\",\"b\"]", "[1,\"b\",3]", "{\"a\":1}", "[1.5,\"b\"]", "[1,\"\\u0000\"]"]
        {
            assert_eq!(ByEnd.place(strange), None, "{strange}");
        }
    }

    #[test]
    fn a_part_of_a_name_means_itself() {
        assert_eq!(containing("  50%_Off! "), "%50!%!_off!!%");
    }
}
