//! A spreadsheet's rows, each read or found wanting by its line: for the command line and for the console, which say so in their own words.

mod past;

use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};

use csv::{ByteRecord, ReaderBuilder};
use latchkey_domain::Refusal;
use latchkey_domain::ids::KeyId;
use latchkey_domain::text::{fold, nearest};
use latchkey_domain::time::{Date, Zone};
use latchkey_store::subscriptions::import::{self, Fate, Sale, Taken};
use latchkey_store::subscriptions::past_keys::{self, PastKey};
use latchkey_store::{Actor, Done, Select, Tx, Undone, Vault};

use crate::exports::begins_a_formula;
use past::{Past, given, instant, once};

/// What the rows are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Customers by name.
    Customers,
    /// Subscriptions that were sold elsewhere.
    Subscriptions,
    /// Keys that were issued here, and that an older backup does not have.
    Keys,
}

/// A row as it is meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Row {
    /// A customer's name.
    Customer(String),
    /// A subscription.
    Sale(Sale),
    /// A key.
    Key(Box<PastKey>),
}

/// Why a file is not read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SheetFault {
    /// It is UTF-16.
    Utf16,
    /// It is not what it is called, in the reader's words.
    Unreadable(String),
    /// A column that nobody knows, and the one that may be meant.
    ColumnUnknown {
        /// Its name.
        name: String,
        /// The nearest.
        meant: Option<&'static str>,
    },
    /// Two columns of one name.
    ColumnTwice {
        /// The name.
        name: String,
    },
    /// A column that has to be there.
    ColumnMissing {
        /// Its name.
        name: &'static str,
    },
}

/// Why a row is not taken in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RowFault {
    /// It has another number of fields than there are columns.
    Misshapen {
        /// How many it has.
        fields: usize,
        /// How many there are.
        columns: usize,
    },
    /// A field is not UTF-8.
    NotUtf8 {
        /// Which, counted from one.
        field: usize,
    },
    /// What is meant for `yes` or `no` is neither.
    YesOrNo {
        /// What stands there.
        given: String,
    },
    /// It ended where it comes from.
    Ended,
    /// A date is missing.
    DateMissing,
    /// A date is none, or is written in another way.
    Date {
        /// What stands there.
        given: String,
    },
    /// Of what makes a key something is missing.
    KeyMissing,
    /// The key that took its place is there without its day, or the day without the key.
    HalfSuperseded,
    /// An earlier row says something else of the same key.
    KeyTwice {
        /// Its line.
        line: u64,
    },
    /// An id is none.
    NoId {
        /// In which column.
        column: &'static str,
        /// What stands there.
        given: String,
    },
    /// An instant is none.
    NoInstant {
        /// In which column.
        column: &'static str,
        /// What stands there.
        given: String,
    },
    /// A rule says no.
    Refused(Refusal),
}

/// A row at its place.
#[derive(Debug, Clone)]
pub struct Line {
    /// The line of the file on which it begins.
    pub number: u64,
    /// What it says.
    pub row: Result<Row, RowFault>,
    /// The line of an earlier row that says the same.
    pub same_as: Option<u64>,
}

/// What may stand in a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Column {
    Customer,
    Offer,
    Begin,
    End,
    IssueKey,
    /// The subscription's id.
    Subscription,
    Key,
    SigningKey,
    Issued,
    SupersededBy,
    SupersededUntil,
    Revoked,
    /// What `export` writes, and nobody can bring in.
    Told,
    /// The same; but a row with a value in it is not what it looks like without.
    Ended,
}

impl Kind {
    /// The columns that it needs, and those that it may have.
    pub fn columns(self) -> Vec<&'static str> {
        [self.needed(), self.optional()].concat()
    }

    fn needed(self) -> &'static [&'static str] {
        match self {
            Self::Customers => &["customer"],
            Self::Subscriptions => &["customer", "offer", "begin_date", "end_date"],
            Self::Keys => past::NEEDED,
        }
    }

    fn optional(self) -> &'static [&'static str] {
        match self {
            Self::Customers => &[],
            Self::Subscriptions => &["issue_key"],
            Self::Keys => past::OPTIONAL,
        }
    }
}

impl RowFault {
    /// Its name, for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Misshapen { .. }
            | Self::YesOrNo { .. }
            | Self::KeyMissing
            | Self::HalfSuperseded
            | Self::NoId { .. }
            | Self::NoInstant { .. } => "ROW_MISSHAPEN",
            Self::KeyTwice { .. } => "KEY_EXISTS",
            Self::NotUtf8 { .. } => "ROW_NOT_UTF8",
            Self::Ended => "ROW_ENDED",
            Self::DateMissing | Self::Date { .. } => "DATE_INVALID",
            Self::Refused(refusal) => refusal.code(),
        }
    }
}

impl Line {
    /// Whether it is to have a key.
    pub fn asks_for_key(&self) -> bool {
        match &self.row {
            Ok(Row::Sale(sale)) => sale.key,
            Ok(Row::Customer(_) | Row::Key(_)) | Err(_) => false,
        }
    }

    /// The key that the row is about, where it is about one.
    pub fn key(&self) -> Option<KeyId> {
        match &self.row {
            Ok(Row::Key(key)) => Some(key.id),
            Ok(Row::Customer(_) | Row::Sale(_)) | Err(_) => None,
        }
    }

    /// What would become of it, where these keys come along with it.
    pub fn fate(&self, from: &mut impl Select, zone: &Zone, come: &HashSet<KeyId>) -> Done<Result<Fate, RowFault>> {
        let fate = match &self.row {
            Err(fault) => return Ok(Err(fault.clone())),
            // It will be there by then.
            Ok(_) if self.same_as.is_some() => return Ok(Ok(Fate::Exists)),
            Ok(Row::Customer(name)) => import::fate_of_customer(from, name),
            Ok(Row::Sale(sale)) => import::fate_of_sale(from, sale, zone),
            Ok(Row::Key(key)) => past_keys::fate_of_key(from, key, zone, |id| come.contains(&id)),
        };
        match fate {
            Ok(fate) => Ok(Ok(fate)),
            Err(Undone::Refused(refusal)) => Ok(Err(RowFault::Refused(refusal))),
            Err(failed) => Err(failed),
        }
    }

    /// Takes it in. One that is at fault is left alone: whoever has any of those takes in nothing.
    pub fn take(&self, tx: &mut Tx<'_>, vault: &Vault, zone: &Zone, actor: &Actor) -> Done<Taken> {
        match &self.row {
            Ok(Row::Customer(name)) => Ok(Taken { fate: import::take_customer(tx, name, actor)?, issued: None }),
            Ok(Row::Sale(sale)) => import::take_sale(tx, vault, sale, zone, actor),
            Ok(Row::Key(key)) => Ok(Taken { fate: past_keys::take_key(tx, key, zone, actor)?, issued: None }),
            Err(_) => Ok(Taken { fate: Fate::Exists, issued: None }),
        }
    }
}

/// Reads a sheet. What is wrong with a row stands in its place; what is wrong with the whole is a fault of it.
pub fn read(bytes: &[u8], kind: Kind) -> Result<Vec<Line>, SheetFault> {
    if bytes.starts_with(&[0xFF, 0xFE]) || bytes.starts_with(&[0xFE, 0xFF]) {
        return Err(SheetFault::Utf16);
    }
    let unreadable = |error: csv::Error| SheetFault::Unreadable(error.to_string());
    let bytes = one_kind_of_line_end(bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes));
    let mut reader = ReaderBuilder::new().delimiter(delimiter(&bytes)).flexible(true).from_reader(bytes.as_slice());
    let names = reader.byte_headers().map_err(unreadable)?.clone();
    let columns = columns(&names, kind)?;
    let mut lines = Vec::new();
    let (mut seen, mut keys): (HashMap<String, u64>, HashMap<KeyId, (u64, PastKey)>) = Default::default();
    for record in reader.byte_records() {
        let record = record.map_err(unreadable)?;
        let number = record.position().map_or(0, csv::Position::line);
        let row = row(&record, &columns, kind).and_then(|row| once(row, number, &mut keys));
        let same_as = row.as_ref().ok().and_then(|row| match seen.entry(sameness(row)) {
            Entry::Occupied(earlier) => Some(*earlier.get()),
            Entry::Vacant(place) => {
                place.insert(number);
                None
            }
        });
        lines.push(Line { number, row, same_as });
    }
    Ok(lines)
}

/// The reader of rows counts a line that ends in two characters only with the second: rows would be named by the line before theirs.
fn one_kind_of_line_end(bytes: &[u8]) -> Vec<u8> {
    let ends_there = |at: usize| bytes.get(at + 1) == Some(&b'\n');
    bytes.iter().enumerate().filter(|(at, byte)| **byte != b'\r' || !ends_there(*at)).map(|(_, byte)| *byte).collect()
}

/// Spreadsheets write what their country does: whichever appears most often in the line of names.
fn delimiter(bytes: &[u8]) -> u8 {
    let first = bytes.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let often = |wanted: u8| first.iter().filter(|byte| **byte == wanted).count();
    [b',', b';', b'\t'].into_iter().rev().max_by_key(|wanted| often(*wanted)).unwrap_or(b',')
}

fn columns(names: &ByteRecord, kind: Kind) -> Result<Vec<Column>, SheetFault> {
    let known = kind.columns();
    let mut columns = Vec::new();
    let mut found: Vec<String> = Vec::new();
    for name in names {
        let name = fold(&String::from_utf8_lossy(name)).replace([' ', '-'], "_");
        let column = match name.as_str() {
            "offer" | "begin_date" | "end_date" if kind == Kind::Customers => Column::Told,
            "customer" => Column::Customer,
            "offer" => Column::Offer,
            "begin_date" => Column::Begin,
            "end_date" => Column::End,
            "issue_key" if kind == Kind::Subscriptions => Column::IssueKey,
            "key_id" if kind == Kind::Keys => Column::Key,
            "signing_key" if kind == Kind::Keys => Column::SigningKey,
            "issue_date" if kind == Kind::Keys => Column::Issued,
            "subscription_id" if kind == Kind::Keys => Column::Subscription,
            "superseded_by" if kind == Kind::Keys => Column::SupersededBy,
            "superseded_until" if kind == Kind::Keys => Column::SupersededUntil,
            "revoked_at" if kind == Kind::Keys => Column::Revoked,
            "subscription_state" if kind == Kind::Keys => Column::Told,
            "customer_id" | "created_at" | "subscription_id" | "grace_end_date" | "state" => Column::Told,
            "erased_at" | "suspended_at" | "terminated_at" => Column::Ended,
            _ => {
                let meant = nearest(&name, known.iter().copied());
                return Err(SheetFault::ColumnUnknown { name, meant });
            }
        };
        if found.contains(&name) {
            return Err(SheetFault::ColumnTwice { name });
        }
        found.push(name);
        columns.push(column);
    }
    match kind.needed().iter().find(|name| !found.iter().any(|found| found == *name)) {
        Some(name) => Err(SheetFault::ColumnMissing { name }),
        None => Ok(columns),
    }
}

fn row(record: &ByteRecord, columns: &[Column], kind: Kind) -> Result<Row, RowFault> {
    if record.len() != columns.len() {
        return Err(RowFault::Misshapen { fields: record.len(), columns: columns.len() });
    }
    let mut customer = String::new();
    let (mut offer, mut begins, mut ends, mut key) = (String::new(), None, None, false);
    let mut past = Past::default();
    for ((column, bytes), field) in columns.iter().zip(record).zip(1..) {
        let text = std::str::from_utf8(bytes).map_err(|_| RowFault::NotUtf8 { field })?;
        let text = text.trim();
        let text = text.strip_prefix('\'').filter(|rest| begins_a_formula(rest)).unwrap_or(text);
        match column {
            Column::Customer => text.clone_into(&mut customer),
            Column::Offer => text.clone_into(&mut offer),
            Column::Begin => begins = Some(date(text)?),
            Column::End => ends = Some(date(text)?),
            Column::IssueKey => key = yes(text)?,
            Column::Subscription => past.subscription = given("subscription_id", text)?,
            Column::Key => past.id = given("key_id", text)?,
            Column::SigningKey => past.signing_key = given("signing_key", text)?,
            Column::Issued => past.issued = Some(date(text)?),
            Column::SupersededBy => past.by = given("superseded_by", text)?,
            Column::SupersededUntil => past.until = instant("superseded_until", text)?,
            Column::Revoked => past.revoked_at = instant("revoked_at", text)?,
            Column::Ended if !text.is_empty() => return Err(RowFault::Ended),
            Column::Ended | Column::Told => {}
        }
    }
    match (kind, begins, ends) {
        (Kind::Customers, _, _) => Ok(Row::Customer(customer)),
        (Kind::Subscriptions, Some(begins), Some(ends)) => Ok(Row::Sale(Sale { customer, offer, begins, ends, key })),
        (Kind::Keys, Some(begins), Some(ends)) => {
            past.key(customer, offer, begins, ends).map(|key| Row::Key(Box::new(key)))
        }
        (Kind::Subscriptions | Kind::Keys, _, _) => Err(RowFault::DateMissing),
    }
}

/// A day written `YYYY-MM-DD` and in no other way: of others nobody knows which number is the month.
fn date(text: &str) -> Result<Date, RowFault> {
    match text.parse::<Date>() {
        Ok(date) if date.to_string() == text => Ok(date),
        Ok(_) | Err(_) => Err(RowFault::Date { given: text.to_owned() }),
    }
}

fn yes(text: &str) -> Result<bool, RowFault> {
    match fold(text).as_str() {
        "yes" | "true" | "1" => Ok(true),
        "no" | "false" | "0" | "" => Ok(false),
        _ => Err(RowFault::YesOrNo { given: text.to_owned() }),
    }
}

/// Two rows with the same text say the same.
fn sameness(row: &Row) -> String {
    match row {
        Row::Customer(name) => fold(name),
        Row::Sale(Sale { customer, offer, begins, ends, key }) => {
            format!("{}\0{offer}\0{begins}\0{ends}\0{key}", fold(customer))
        }
        Row::Key(key) => format!("{key:?}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sales(text: &[u8]) -> Vec<Line> {
        read(text, Kind::Subscriptions).unwrap()
    }

    fn code(line: &Line) -> &'static str {
        line.row.as_ref().map_or_else(RowFault::code, |_| "fine")
    }

    #[test]
    fn what_spreadsheets_write_is_read() {
        for text in [
            "customer,offer,begin_date,end_date\nAcme,basic,2026-01-01,2026-12-31\n",
            "\u{FEFF}Customer;Offer;Begin date;End date\r\nAcme;basic;2026-01-01;2026-12-31\r\n",
            "offer\tcustomer\tend-date\tbegin-date\nbasic\t \"Acme\" \t2026-12-31\t2026-01-01",
        ] {
            let lines = sales(text.as_bytes());
            let Ok(Row::Sale(sale)) = &lines[0].row else { panic!("{text}: {:?}", lines[0].row) };
            assert_eq!(sale.customer.trim_matches('"'), "Acme");
            assert_eq!((sale.offer.as_str(), sale.begins.to_string()), ("basic", "2026-01-01".to_owned()));
        }
    }

    #[test]
    fn each_bad_row_is_named_by_its_line() {
        let lines = sales(
            b"customer,offer,begin_date,end_date,issue_key\n\
              Acme,basic,2026-01-01,2026-12-31,yes\n\
              Caf\xE9,basic,2026-01-01,2026-12-31,\n\
              Beta,basic,01/02/2026,2026-12-31,\n\
              Gamma,basic\n\
              Delta,basic,2026-01-01,2026-12-31,perhaps\n\
              ACME ,basic,2026-01-01,2026-12-31,yes\n",
        );
        let codes: Vec<_> = lines.iter().map(|line| (line.number, code(line))).collect();
        assert_eq!(
            codes,
            [
                (2, "fine"),
                (3, "ROW_NOT_UTF8"),
                (4, "DATE_INVALID"),
                (5, "ROW_MISSHAPEN"),
                (6, "ROW_MISSHAPEN"),
                (7, "fine")
            ]
        );
        assert_eq!(lines[5].same_as, Some(2));
    }

    #[test]
    fn lines_are_counted_alike_however_they_end() {
        for end in ["\n", "\r\n"] {
            let text = ["customer", "Acme", "Globex", ""].join(end);
            let lines = read(text.as_bytes(), Kind::Customers).unwrap();
            assert_eq!(lines.iter().map(|line| line.number).collect::<Vec<_>>(), [2, 3], "{end:?}");
        }
    }

    #[test]
    fn columns_are_known_by_name() {
        let wrong = |text: &str| read(text.as_bytes(), Kind::Subscriptions).unwrap_err();
        let unknown = |name: &str, meant| SheetFault::ColumnUnknown { name: name.into(), meant };
        assert_eq!(wrong("customer,ofer,begin_date,end_date\n"), unknown("ofer", Some("offer")));
        assert_eq!(wrong("customer,offer,begin_date\n"), SheetFault::ColumnMissing { name: "end_date" });
        assert_eq!(
            wrong("customer,offer,offer,begin_date,end_date\n"),
            SheetFault::ColumnTwice { name: "offer".into() }
        );
        assert!(matches!(wrong("\u{FF}\u{FE}"), SheetFault::ColumnUnknown { .. }));
        assert_eq!(read(b"\xFF\xFEc\0", Kind::Customers).unwrap_err(), SheetFault::Utf16);
        assert!(read(b"", Kind::Customers).is_err());
    }

    #[test]
    fn what_export_made_harmless_is_itself_again() {
        let lines = read(b"customer\n'=1+1\n'quoted'\n", Kind::Customers).unwrap();
        let names: Vec<_> = lines.into_iter().map(|line| line.row.unwrap()).collect();
        assert_eq!(names, [Row::Customer("=1+1".into()), Row::Customer("'quoted'".into())]);
    }

    #[test]
    fn what_has_ended_elsewhere_does_not_begin_again_here() {
        let lines = sales(
            b"customer,offer,begin_date,end_date,state,terminated_at\n\
              Acme,basic,2026-01-01,2026-12-31,terminated,2026-03-01T00:00:00Z\n\
              Beta,basic,2026-01-01,2026-12-31,running,\n",
        );
        assert_eq!([code(&lines[0]), code(&lines[1])], ["ROW_ENDED", "fine"]);
    }
}
