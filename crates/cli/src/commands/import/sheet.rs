//! A spreadsheet's rows, each read or refused by its line.

use std::collections::HashMap;
use std::fs::File;
use std::io::{self, Read as _};
use std::path::Path;
use std::str::FromStr;

use csv::{ByteRecord, ReaderBuilder};
use latchkey_domain::ids::{KeyId, SigningKeyId, SubscriptionId};
use latchkey_domain::text::{fold, nearest};
use latchkey_domain::time::{Date, Timestamp};
use latchkey_store::subscriptions::import::Sale;
use latchkey_store::subscriptions::past_keys::PastKey;

use crate::data_dir::cause;
use crate::problem::{Given, Problem};
use latchkey_server::exports::begins_a_formula;

/// No file is longer, in bytes: it is held in memory. A hundred thousand rows take some ten million.
const LONGEST: u64 = 64 << 20;

/// What the rows are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Customers,
    Subscriptions,
    Keys,
}

/// A row as it is meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Row {
    Customer(String),
    Sale(Sale),
    Key(Box<PastKey>),
}

/// Why a row is not taken in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Why {
    pub(super) code: &'static str,
    pub(super) detail: String,
}

/// A row at its place.
#[derive(Debug, Clone)]
pub(super) struct Line {
    /// The line of the file on which it begins.
    pub(super) number: u64,
    pub(super) row: Result<Row, Why>,
    /// The line of an earlier row that says the same.
    pub(super) same_as: Option<u64>,
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

impl Line {
    pub(super) fn asks_for_key(&self) -> bool {
        match &self.row {
            Ok(Row::Sale(sale)) => sale.key,
            Ok(Row::Customer(_) | Row::Key(_)) | Err(_) => false,
        }
    }

    /// The key that the row is about, where it is about one.
    pub(super) fn key(&self) -> Option<KeyId> {
        match &self.row {
            Ok(Row::Key(key)) => Some(key.id),
            Ok(Row::Customer(_) | Row::Sale(_)) | Err(_) => None,
        }
    }

    /// The row in a few words.
    pub(super) fn summary(&self) -> String {
        match &self.row {
            Ok(Row::Customer(name)) => name.clone(),
            Ok(Row::Sale(sale)) => format!("{}: {}, {} to {}", sale.customer, sale.offer, sale.begins, sale.ends),
            Ok(Row::Key(key)) => format!("{}: {}, {}", key.id, key.customer, key.offer),
            Err(_) => String::new(),
        }
    }
}

/// Reads a file. What is wrong with a row stands in its place; what is wrong with the file is a problem.
pub(super) fn read(path: &Path, kind: Kind) -> Result<Vec<Line>, Problem> {
    let cannot = |error: &io::Error| {
        Problem::usage(
            format!("cannot read {}: {}", path.display(), cause(error)),
            "check its name, and who may read it",
        )
    };
    let mut bytes = Vec::new();
    File::open(path).and_then(|file| file.take(LONGEST + 1).read_to_end(&mut bytes)).map_err(|error| cannot(&error))?;
    if bytes.len() as u64 > LONGEST {
        return Err(Problem::usage(
            format!("{} is longer than {} MiB", path.display(), LONGEST >> 20),
            "divide it; each part has to begin with the line of column names",
        ));
    }
    rows(&bytes, kind).map_err(|(detail, next)| Problem::usage(format!("{}: {detail}", path.display()), next))
}

fn rows(bytes: &[u8], kind: Kind) -> Result<Vec<Line>, (String, String)> {
    let again = || "save it as CSV in UTF-8, with the column names in its first line".to_owned();
    if bytes.starts_with(&[0xFF, 0xFE]) || bytes.starts_with(&[0xFE, 0xFF]) {
        return Err(("this is UTF-16".to_owned(), again()));
    }
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let mut reader = ReaderBuilder::new().delimiter(delimiter(bytes)).flexible(true).from_reader(bytes);
    let names = reader.byte_headers().map_err(|error| (error.to_string(), again()))?.clone();
    let columns = columns(&names, kind)?;
    let mut lines = Vec::new();
    let (mut seen, mut keys): (HashMap<String, u64>, HashMap<KeyId, (u64, PastKey)>) = Default::default();
    for record in reader.byte_records() {
        let record = record.map_err(|error| (error.to_string(), again()))?;
        let number = record.position().map_or(0, csv::Position::line);
        let row = row(&record, &columns, kind).and_then(|row| once(row, number, &mut keys));
        let same_as = row.as_ref().ok().and_then(|row| match seen.entry(sameness(row)) {
            std::collections::hash_map::Entry::Occupied(earlier) => Some(*earlier.get()),
            std::collections::hash_map::Entry::Vacant(place) => {
                place.insert(number);
                None
            }
        });
        lines.push(Line { number, row, same_as });
    }
    Ok(lines)
}

/// Refuses what says something else of a key than an earlier row.
fn once(row: Row, number: u64, keys: &mut HashMap<KeyId, (u64, PastKey)>) -> Result<Row, Why> {
    let Row::Key(key) = &row else { return Ok(row) };
    let (earlier, said) = keys.entry(key.id).or_insert_with(|| (number, PastKey::clone(key)));
    if *said == **key {
        return Ok(row);
    }
    Err(Why { code: "KEY_EXISTS", detail: format!("line {earlier} says something else of this key") })
}

/// Spreadsheets write what their country does: whichever appears most often in the line of names.
fn delimiter(bytes: &[u8]) -> u8 {
    let first = bytes.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let often = |wanted: u8| first.iter().filter(|byte| **byte == wanted).count();
    [b',', b';', b'\t'].into_iter().rev().max_by_key(|wanted| often(*wanted)).unwrap_or(b',')
}

fn columns(names: &ByteRecord, kind: Kind) -> Result<Vec<Column>, (String, String)> {
    let (needed, may): (&[&str], &[&str]) = match kind {
        Kind::Customers => (&["customer"], &[]),
        Kind::Subscriptions => (&["customer", "offer", "begin_date", "end_date"], &["issue_key"]),
        Kind::Keys => (
            &["key_id", "signing_key", "issue_date", "customer", "offer", "begin_date", "end_date"],
            &["subscription_id", "superseded_by", "superseded_until", "revoked_at"],
        ),
    };
    let known: Vec<&str> = needed.iter().chain(may).copied().collect();
    let there_are = format!("the columns are: {}", known.join(", "));
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
                let next = match nearest(&name, known.iter().copied()) {
                    Some(meant) => format!("{there_are}. Did you mean {meant:?}?"),
                    None => there_are,
                };
                return Err((format!("there is no column {}", Given(&name)), next));
            }
        };
        if found.contains(&name) {
            return Err((format!("there are two columns {}", Given(&name)), there_are));
        }
        found.push(name);
        columns.push(column);
    }
    match needed.iter().find(|name| !found.iter().any(|found| found == *name)) {
        Some(lacking) => Err((format!("there is no column {lacking}"), there_are)),
        None => Ok(columns),
    }
}

fn row(record: &ByteRecord, columns: &[Column], kind: Kind) -> Result<Row, Why> {
    if record.len() != columns.len() {
        let detail = format!("{} fields where there are {} columns", record.len(), columns.len());
        return Err(Why { code: "ROW_MISSHAPEN", detail });
    }
    let mut customer = String::new();
    let (mut offer, mut begins, mut ends, mut key) = (String::new(), None, None, false);
    let mut past = Past::default();
    for ((column, bytes), number) in columns.iter().zip(record).zip(1..) {
        let text = std::str::from_utf8(bytes).map_err(|_| Why {
            code: "ROW_NOT_UTF8",
            detail: format!("field {number} is not UTF-8; save the file as CSV in UTF-8"),
        })?;
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
            Column::Ended if !text.is_empty() => {
                let detail = "it was erased, suspended or terminated where it comes from; take the row out".to_owned();
                return Err(Why { code: "ROW_ENDED", detail });
            }
            Column::Ended | Column::Told => {}
        }
    }
    let (begins, ends) = match (kind, begins, ends) {
        (Kind::Customers, _, _) => return Ok(Row::Customer(customer)),
        (Kind::Subscriptions | Kind::Keys, Some(begins), Some(ends)) => (begins, ends),
        (Kind::Subscriptions | Kind::Keys, _, _) => {
            return Err(Why { code: "DATE_INVALID", detail: "a date is missing".to_owned() });
        }
    };
    if kind == Kind::Keys {
        return past.key(customer, offer, begins, ends).map(|key| Row::Key(Box::new(key)));
    }
    Ok(Row::Sale(Sale { customer, offer, begins, ends, key }))
}

/// What a row says of a key.
#[derive(Default)]
struct Past {
    id: Option<KeyId>,
    signing_key: Option<SigningKeyId>,
    issued: Option<Date>,
    subscription: Option<SubscriptionId>,
    by: Option<KeyId>,
    until: Option<Timestamp>,
    revoked_at: Option<Timestamp>,
}

impl Past {
    fn key(self, customer: String, offer: String, begins: Date, ends: Date) -> Result<PastKey, Why> {
        let misshapen = |detail: &str| Why { code: "ROW_MISSHAPEN", detail: detail.to_owned() };
        let (Some(id), Some(signing_key), Some(issued)) = (self.id, self.signing_key, self.issued) else {
            return Err(misshapen("key_id, signing_key or issue_date is missing"));
        };
        let superseded = match (self.by, self.until) {
            (Some(by), Some(until)) => Some((by, until)),
            (None, None) => None,
            (Some(_), None) | (None, Some(_)) => {
                return Err(misshapen("superseded_by and superseded_until are both there, or neither"));
            }
        };
        Ok(PastKey {
            id,
            signing_key,
            issued,
            subscription: self.subscription,
            customer,
            offer,
            begins,
            ends,
            superseded,
            revoked_at: self.revoked_at,
        })
    }
}

/// An id, where there is one.
fn given<T: FromStr>(column: &str, text: &str) -> Result<Option<T>, Why> {
    if text.is_empty() {
        return Ok(None);
    }
    let wrong = |_| Why { code: "ROW_MISSHAPEN", detail: format!("{column}: {} is not one", Given(text)) };
    text.parse().map(Some).map_err(wrong)
}

/// An instant, where there is one.
fn instant(column: &str, text: &str) -> Result<Option<Timestamp>, Why> {
    match (text.is_empty(), Timestamp::parse(text)) {
        (true, _) => Ok(None),
        (false, Some(at)) => Ok(Some(at)),
        (false, None) => {
            let detail = format!("{column}: {} is no instant; write it as 2027-02-28T12:00:00Z", Given(text));
            Err(Why { code: "ROW_MISSHAPEN", detail })
        }
    }
}

/// A day written `YYYY-MM-DD` and in no other way: of others nobody knows which number is the month.
fn date(text: &str) -> Result<Date, Why> {
    match text.parse::<Date>() {
        Ok(date) if date.to_string() == text => Ok(date),
        Ok(_) | Err(_) => {
            let detail = format!("{} is not a date; write it as 2027-02-28", Given(text));
            Err(Why { code: "DATE_INVALID", detail })
        }
    }
}

fn yes(text: &str) -> Result<bool, Why> {
    match fold(text).as_str() {
        "yes" | "true" | "1" => Ok(true),
        "no" | "false" | "0" | "" => Ok(false),
        _ => Err(Why { code: "ROW_MISSHAPEN", detail: format!("issue_key: {} is neither yes nor no", Given(text)) }),
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
        rows(text, Kind::Subscriptions).unwrap()
    }

    fn code(line: &Line) -> &'static str {
        line.row.as_ref().map_or_else(|why| why.code, |_| "fine")
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
    fn columns_are_known_by_name() {
        let wrong = |text: &str| rows(text.as_bytes(), Kind::Subscriptions).unwrap_err();
        assert!(wrong("customer,ofer,begin_date,end_date\n").1.contains("\"offer\""));
        assert!(wrong("customer,offer,begin_date\n").0.contains("end_date"));
        assert!(wrong("customer,offer,offer,begin_date,end_date\n").0.contains("two columns"));
        assert!(wrong("\u{FF}\u{FE}").0.contains("no column"));
        assert!(rows(b"\xFF\xFEc\0", Kind::Customers).unwrap_err().0.contains("UTF-16"));
        assert!(rows(b"", Kind::Customers).is_err());
    }

    #[test]
    fn what_export_made_harmless_is_itself_again() {
        let lines = rows(b"customer\n'=1+1\n'quoted'\n", Kind::Customers).unwrap();
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
