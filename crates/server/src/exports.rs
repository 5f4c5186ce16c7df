//! Everything there is, as rows of a spreadsheet or as lines of JSON: for the command line and for the API.
//!
//! Pages are read one after another, not in one snapshot, so that a slow reader holds nothing up.

use std::io::{self, Write};

use latchkey_domain::time::Timestamp;
use latchkey_store::invitations::registrations;
use latchkey_store::subscriptions::export;
use latchkey_store::{Store, StoreError, audit};
use serde::Serialize;
use serde_json::{Map, Value as Json, json};

use crate::records;
use crate::records::invitations::Registration;

/// Rows that are read at a time, of what is not divided by the store.
const PAGE: u32 = 1_000;

/// What is given out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Customers, erased ones by the name that stands in the place of theirs.
    Customers,
    /// Subscriptions.
    Subscriptions,
    /// Keys, without their texts.
    Keys,
    /// The audit log.
    Audit,
    /// Accounts of people who registered while there was no GLPI, without their passwords.
    Directory,
}

/// How.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Comma-separated, with a line of names; what a spreadsheet would take for a formula begins with an apostrophe.
    Csv,
    /// One JSON object a line.
    Jsonl,
}

/// Why an export was not made.
#[derive(Debug)]
pub enum Failed {
    /// The database did not give it.
    Store(StoreError),
    /// The other side did not take it.
    Written(io::Error),
}

impl From<StoreError> for Failed {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<io::Error> for Failed {
    fn from(error: io::Error) -> Self {
        Self::Written(error)
    }
}

/// Gives all rows of a kind out, and returns how many there were; `step` is told after each row. States are those at `now`.
pub fn write(
    kind: Kind,
    format: Format,
    store: &Store,
    now: Timestamp,
    out: impl Write,
    step: impl FnMut(u64),
) -> Result<u64, Failed> {
    let mut sheet = Sheet::begin(kind, format, out, step)?;
    match kind {
        Kind::Customers => {
            let mut after = None;
            loop {
                let page = store.read(|reader| export::customers(reader, after))?;
                let Some((last, _)) = page.last() else { break };
                after = Some(last.id);
                for (customer, erased_at) in &page {
                    sheet.row(&json!({
                        "customer_id": customer.id.to_string(),
                        "customer": customer.name.as_str(),
                        "created_at": customer.created_at.to_string(),
                        "erased_at": erased_at.map(|at| at.to_string()),
                    }))?;
                }
            }
        }
        Kind::Subscriptions => {
            let mut after = None;
            loop {
                let page = store.read(|reader| export::subscriptions(reader, after))?;
                let Some((last, _)) = page.last() else { break };
                after = Some(last.id);
                for (subscription, customer) in &page {
                    sheet.row(&records::Subscription::new(subscription, customer.as_str(), now))?;
                }
            }
        }
        Kind::Keys => {
            let mut after = None;
            loop {
                let page = store.read(|reader| export::keys(reader, after))?;
                let Some(last) = page.last() else { break };
                after = Some(last.key.id);
                for listed in &page {
                    let customer = listed.customer.as_str();
                    sheet.row(&records::Key::new(&listed.key, &listed.subscription, customer, now))?;
                }
            }
        }
        Kind::Audit => {
            let mut after = 0;
            loop {
                let page = store.read(|reader| audit::lines(reader, after, i64::from(PAGE)))?;
                let Some(last) = page.last() else { break };
                after = last.seq;
                for line in &page {
                    sheet.row(&records::AuditLine::new(line))?;
                }
            }
        }
        Kind::Directory => {
            let mut after = String::new();
            loop {
                let page = store.read(|reader| registrations::directory(reader, &after, PAGE))?;
                let Some(last) = page.last() else { break };
                after = last.id.to_string();
                for account in &page {
                    sheet.row(&Registration::new(account))?;
                }
            }
        }
    }
    sheet.finish()
}

impl Kind {
    /// All there are.
    pub const ALL: [Self; 5] = [Self::Customers, Self::Subscriptions, Self::Keys, Self::Audit, Self::Directory];

    /// Its name, as people type it and as its file is called.
    pub fn name(self) -> &'static str {
        match self {
            Self::Customers => "customers",
            Self::Subscriptions => "subscriptions",
            Self::Keys => "keys",
            Self::Audit => "audit",
            Self::Directory => "directory",
        }
    }

    /// The columns of its CSV, members of its rows.
    fn columns(self) -> &'static [&'static str] {
        match self {
            Self::Customers => &["customer_id", "customer", "created_at", "erased_at"],
            Self::Subscriptions => &[
                "subscription_id",
                "customer_id",
                "customer",
                "offer",
                "begin_date",
                "end_date",
                "grace_end_date",
                "state",
                "suspended_at",
                "terminated_at",
            ],
            Self::Keys => &[
                "key_id",
                "state",
                "signing_key",
                "issue_date",
                "superseded_by",
                "superseded_until",
                "revoked_at",
                "subscription_id",
                "subscription_state",
                "customer_id",
                "customer",
                "offer",
                "begin_date",
                "end_date",
            ],
            Self::Audit => &["seq", "at", "actor", "action", "subject_kind", "subject", "detail", "reason"],
            Self::Directory => &[
                "registration_id",
                "login",
                "firstname",
                "realname",
                "email",
                "language",
                "invitation_id",
                "created_at",
            ],
        }
    }
}

impl Format {
    /// Its name, as people type it and as its file ends.
    pub fn name(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Jsonl => "jsonl",
        }
    }
}

/// Where rows go.
struct Sheet<W: Write, S> {
    out: Out<W>,
    columns: &'static [&'static str],
    rows: u64,
    step: S,
}

enum Out<W: Write> {
    Csv(Box<csv::Writer<W>>),
    Jsonl(W),
}

impl<W: Write, S: FnMut(u64)> Sheet<W, S> {
    fn begin(kind: Kind, format: Format, out: W, step: S) -> io::Result<Self> {
        let columns = kind.columns();
        let out = match format {
            Format::Csv => {
                let mut out = csv::Writer::from_writer(out);
                out.write_record(columns)?;
                Out::Csv(Box::new(out))
            }
            Format::Jsonl => Out::Jsonl(out),
        };
        Ok(Self { out, columns, rows: 0, step })
    }

    fn row(&mut self, record: &impl Serialize) -> Result<(), Failed> {
        self.rows += 1;
        (self.step)(self.rows);
        match &mut self.out {
            Out::Csv(out) => {
                let row = serde_json::to_value(record).map_err(io::Error::from)?;
                let none = Map::new();
                let row = row.as_object().unwrap_or(&none);
                let fields = self.columns.iter().map(|column| field(row.get(*column).unwrap_or(&Json::Null)));
                out.write_record(fields).map_err(io::Error::from)?;
            }
            Out::Jsonl(out) => {
                serde_json::to_writer(&mut *out, record).map_err(io::Error::from)?;
                out.write_all(b"\n")?;
            }
        }
        Ok(())
    }

    fn finish(self) -> Result<u64, Failed> {
        match self.out {
            Out::Csv(mut out) => out.flush()?,
            Out::Jsonl(mut out) => out.flush()?,
        }
        Ok(self.rows)
    }
}

fn field(value: &Json) -> String {
    match value {
        Json::Null => String::new(),
        Json::String(text) => harmless(text),
        Json::Number(number) => number.to_string(),
        Json::Bool(_) | Json::Array(_) | Json::Object(_) => value.to_string(),
    }
}

/// A spreadsheet takes a field that begins like a formula for one, and runs it. An apostrophe makes it text; `import`
/// takes it away again.
pub fn harmless(text: &str) -> String {
    if begins_a_formula(text) { format!("'{text}") } else { text.to_owned() }
}

/// Whether a spreadsheet would take a field for a formula.
pub fn begins_a_formula(text: &str) -> bool {
    text.starts_with(['=', '+', '-', '@', '\t', '\r'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_field_is_a_formula() {
        assert_eq!(field(&json!("=HYPERLINK(\"http://x\")")), "'=HYPERLINK(\"http://x\")");
        for text in ["+1", "-1", "@A1"] {
            assert_eq!(field(&json!(text)), format!("'{text}"));
        }
        assert_eq!(field(&json!("Acme = Co")), "Acme = Co");
        assert_eq!(field(&json!(-1)), "-1", "a number is one");
    }
}
