//! `latchkey export`: everything there is, for spreadsheets and scripts. A backup is another thing: `latchkey backup`.
//!
//! Pages are read one after another, not in one snapshot, so that a slow reader holds nothing up.

use std::fs::DirBuilder;
use std::io::{self, ErrorKind, Write};
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use indicatif::ProgressBar;
use latchkey_server::records::invitations::Registration;
use latchkey_store::invitations::registrations;
use latchkey_store::subscriptions::export;
use latchkey_store::{Store, audit};
use serde_json::{Map, Value as Json, json};

use super::progress;
use crate::context::Context;
use crate::new_file::{NewFile, not_written};
use crate::problem::{Exit, Problem};
use crate::records;

/// Rows of the audit log that are read at a time.
const PAGE: i64 = 1_000;

#[derive(Debug, Args)]
pub(crate) struct Export {
    /// What to give out; all makes a file of each kind
    #[arg(value_enum)]
    what: What,
    /// How
    #[arg(long, value_enum, default_value_t = Format::Csv)]
    format: Format,
    /// The file to make [default: standard output]; for all, the directory to make files in
    #[arg(long, value_name = "FILE")]
    to: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum What {
    Customers,
    Subscriptions,
    /// Without their texts
    Keys,
    Audit,
    /// Accounts of people who registered while there was no GLPI, without their passwords
    Directory,
    All,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// Comma-separated, with a line of names; what a spreadsheet would take for a formula begins with an apostrophe
    Csv,
    /// One JSON object a line
    Jsonl,
}

pub(super) fn run(arguments: &Export, context: &Context) -> Result<Exit, Problem> {
    let store = context.store()?;
    let kinds = [What::Customers, What::Subscriptions, What::Keys, What::Audit, What::Directory];
    match (arguments.what, &arguments.to) {
        (What::All, None) => {
            return Err(Problem::usage("all makes several files", "name a directory for them: --to DIRECTORY"));
        }
        (What::All, Some(directory)) => {
            match DirBuilder::new().mode(0o700).create(directory) {
                Err(error) if error.kind() != ErrorKind::AlreadyExists => return Err(not_written(directory, &error)),
                Ok(()) | Err(_) => {}
            }
            for kind in kinds {
                let name = format!("{}.{}", kind.name(), arguments.format.name());
                into_file(&directory.join(name), kind, arguments.format, &store, context)?;
            }
        }
        (kind, Some(path)) => into_file(path, kind, arguments.format, &store, context)?,
        (kind, None) => {
            let out = io::BufWriter::new(io::stdout().lock());
            match give(kind, arguments.format, out, &store, context) {
                // Whoever closes it early has seen enough.
                Err(Failed::Written(error)) if error.kind() == ErrorKind::BrokenPipe => {}
                Err(Failed::Written(error)) => return Err(not_written(Path::new("standard output"), &error)),
                Err(Failed::Read(problem)) => return Err(problem),
                Ok(_) => {}
            }
        }
    }
    Ok(Exit::Done)
}

fn into_file(path: &Path, kind: What, format: Format, store: &Store, context: &Context) -> Result<(), Problem> {
    let mut file = NewFile::begin(path)?;
    let rows = give(kind, format, &mut file, store, context).map_err(|failed| match failed {
        Failed::Written(error) => not_written(path, &error),
        Failed::Read(problem) => problem,
    })?;
    file.finish()?;
    context.printer.answer(
        || json!({ "file": path.display().to_string(), "rows": rows }),
        |page| page.line(format!("{rows} {} are in {}.", kind.noun(), path.display())),
    )
}

/// Why an export was not made.
enum Failed {
    Read(Problem),
    Written(io::Error),
}

impl From<Problem> for Failed {
    fn from(problem: Problem) -> Self {
        Self::Read(problem)
    }
}

/// Gives all rows of a kind out, a page at a time; how many there were.
fn give(what: What, format: Format, out: impl Write, store: &Store, context: &Context) -> Result<u64, Failed> {
    let now = context.now();
    let mut sheet = Sheet::begin(what, format, out, progress::bar(context)).map_err(Failed::Written)?;
    match what {
        What::Customers => {
            let mut after = None;
            loop {
                let page = context.ask(store, |reader| Ok(export::customers(reader, after)?))?;
                let Some((last, _)) = page.last() else { break };
                after = Some(last.id);
                for (customer, erased_at) in &page {
                    sheet.row(records::members(json!({
                        "customer_id": customer.id.to_string(),
                        "customer": customer.name.as_str(),
                        "created_at": customer.created_at.to_string(),
                        "erased_at": erased_at.map(|at| at.to_string()),
                    })))?;
                }
            }
        }
        What::Subscriptions => {
            let mut after = None;
            loop {
                let page = context.ask(store, |reader| Ok(export::subscriptions(reader, after)?))?;
                let Some((last, _)) = page.last() else { break };
                after = Some(last.id);
                for (subscription, customer) in &page {
                    sheet.row(records::subscription(subscription, customer.as_str(), now))?;
                }
            }
        }
        What::Keys => {
            let mut after = None;
            loop {
                let page = context.ask(store, |reader| Ok(export::keys(reader, after)?))?;
                let Some(last) = page.last() else { break };
                after = Some(last.key.id);
                for listed in &page {
                    let customer = listed.customer.as_str();
                    sheet.row(records::key(&listed.key, &listed.subscription, customer, now))?;
                }
            }
        }
        What::Audit => {
            let mut after = 0;
            loop {
                let page = context.ask(store, |reader| Ok(audit::lines(reader, after, PAGE)?))?;
                let Some(last) = page.last() else { break };
                after = last.seq;
                for line in &page {
                    sheet.row(records::audit_line(line))?;
                }
            }
        }
        What::Directory => {
            let mut after = String::new();
            loop {
                let page = context.ask(store, |reader| Ok(registrations::directory(reader, &after, 1_000)?))?;
                let Some(last) = page.last() else { break };
                after = last.id.to_string();
                for account in &page {
                    sheet.row(records::members(records::json(&Registration::new(account))))?;
                }
            }
        }
        What::All => {}
    }
    sheet.finish().map_err(Failed::Written)
}

impl What {
    fn name(self) -> &'static str {
        match self {
            Self::Customers => "customers",
            Self::Subscriptions => "subscriptions",
            Self::Keys => "keys",
            Self::Audit => "audit",
            Self::Directory => "directory",
            Self::All => "all",
        }
    }

    fn noun(self) -> &'static str {
        match self {
            Self::Audit => "rows of the audit log",
            Self::Directory => "accounts",
            Self::Customers | Self::Subscriptions | Self::Keys | Self::All => self.name(),
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
            Self::All => &[],
        }
    }
}

impl Format {
    fn name(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Jsonl => "jsonl",
        }
    }
}

/// Where rows go.
struct Sheet<W: Write> {
    out: Out<W>,
    columns: &'static [&'static str],
    rows: u64,
    bar: ProgressBar,
}

enum Out<W: Write> {
    Csv(Box<csv::Writer<W>>),
    Jsonl(W),
}

impl<W: Write> Sheet<W> {
    fn begin(what: What, format: Format, out: W, bar: ProgressBar) -> io::Result<Self> {
        let columns = what.columns();
        let out = match format {
            Format::Csv => {
                let mut out = csv::Writer::from_writer(out);
                out.write_record(columns)?;
                Out::Csv(Box::new(out))
            }
            Format::Jsonl => Out::Jsonl(out),
        };
        Ok(Self { out, columns, rows: 0, bar })
    }

    fn row(&mut self, row: Map<String, Json>) -> Result<(), Failed> {
        self.rows += 1;
        progress::show(&self.bar, self.rows, 0);
        let written = match &mut self.out {
            Out::Csv(out) => {
                let fields = self.columns.iter().map(|column| field(row.get(*column).unwrap_or(&Json::Null)));
                out.write_record(fields).map_err(io::Error::from)
            }
            Out::Jsonl(out) => writeln!(out, "{}", Json::Object(row)),
        };
        written.map_err(Failed::Written)
    }

    fn finish(self) -> io::Result<u64> {
        self.bar.finish_and_clear();
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
pub(super) fn harmless(text: &str) -> String {
    if begins_a_formula(text) { format!("'{text}") } else { text.to_owned() }
}

pub(super) fn begins_a_formula(text: &str) -> bool {
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
