//! `latchkey import`: customers and subscriptions from a spreadsheet.
//!
//! The whole file is checked first, and one bad row keeps every row out. Then the rows are taken in, some hundred at a
//! time, so that a running server is not kept from writing. Rows that are there already are left alone: an import that
//! was interrupted is run again and goes on where it was.

use std::collections::HashSet;
use std::fs::{File, OpenOptions};
use std::io::{self, Read as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::{Args, Subcommand};
use latchkey_domain::ids::KeyId;
use latchkey_server::sheets::{self, Kind, Line, Row, RowFault, SheetFault};
use latchkey_store::subscriptions::import::{Fate, Taken};
use latchkey_store::subscriptions::keys::Issued;
use latchkey_store::{Done, Store, Vault};
use serde_json::{Value as Json, json};

use super::progress;
use crate::context::Context;
use crate::data_dir::cause;
use crate::new_file::not_written;
use crate::printer::{Page, Tone};
use crate::problem::{Exit, Given, Problem};
use crate::words;

/// No file is longer, in bytes: it is held in memory. A hundred thousand rows take some ten million.
const LONGEST: u64 = 64 << 20;
/// Rows that are taken in at once, as one change.
const AT_ONCE: usize = 200;
/// Bad rows that people are shown of a long list.
const SHOWN: usize = 20;

#[derive(Debug, Subcommand)]
pub(crate) enum Import {
    /// Columns: customer
    Customers(Customers),
    /// Columns: customer, offer, begin_date, end_date (the last day, inclusive), issue_key (yes or no; may be left away)
    Subscriptions(Subscriptions),
    /// Keys that this installation issued and its database has lost, as `export keys` wrote them: after an older backup was restored
    Keys(SheetArgs),
}

#[derive(Debug, Args)]
pub(crate) struct Customers {
    #[command(flatten)]
    sheet: SheetArgs,
}

#[derive(Debug, Args)]
pub(crate) struct Subscriptions {
    #[command(flatten)]
    sheet: SheetArgs,
    /// The file to make (CSV) for the keys of rows with issue_key
    #[arg(long, value_name = "FILE")]
    keys_to: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct SheetArgs {
    /// Comma-, semicolon- or tab-separated text in UTF-8, with a line of column names
    file: PathBuf,
    /// Change nothing, and show what would become of each row
    #[arg(long)]
    dry_run: bool,
}

/// A row with what becomes of it.
struct Fated {
    line: Line,
    fate: Result<Fate, RowFault>,
}

pub(super) fn run(command: Import, context: &Context) -> Result<Exit, Problem> {
    match command {
        Import::Customers(arguments) => import(Kind::Customers, &arguments.sheet, None, context),
        Import::Subscriptions(arguments) => {
            import(Kind::Subscriptions, &arguments.sheet, arguments.keys_to.as_deref(), context)
        }
        Import::Keys(sheet) => import(Kind::Keys, &sheet, None, context),
    }
}

fn import(kind: Kind, arguments: &SheetArgs, keys_to: Option<&Path>, context: &Context) -> Result<Exit, Problem> {
    let lines = read(&arguments.file, kind)?;
    let (store, vault) = if arguments.dry_run {
        (context.store()?, None)
    } else {
        context.made().map(|(store, vault)| (store, Some(vault)))?
    };
    let fated = fates(lines, &store, context)?;
    let bad = fated.iter().any(|row| row.fate.is_err());
    let keys =
        fated.iter().any(|row| row.fate.as_ref().is_ok_and(|fate| *fate != Fate::Exists) && row.line.asks_for_key());
    let vault = match vault {
        Some(vault) if !bad => vault,
        Some(_) | None => {
            say(&fated, arguments.dry_run, false, context)?;
            return Ok(if bad { Exit::Refused } else { Exit::Done });
        }
    };
    let mut keys = match (keys, keys_to) {
        (false, _) => None,
        (true, Some(path)) => Some(Keys::begin(path)?),
        (true, None) => {
            return Err(Problem::usage(
                "some rows ask for a key, and nothing says where the keys are to go",
                "name a file that is not there yet: --keys-to FILE",
            ));
        }
    };
    let fated = take(fated, &store, &vault, keys.as_mut(), context)?;
    say(&fated, false, true, context)?;
    Ok(Exit::Done)
}

/// Reads a file. What is wrong with a row stands in its place; what is wrong with the file is a problem.
fn read(path: &Path, kind: Kind) -> Result<Vec<Line>, Problem> {
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
    sheets::read(&bytes, kind).map_err(|fault| {
        let (detail, next) = about_sheet(&fault, kind);
        Problem::usage(format!("{}: {detail}", path.display()), next)
    })
}

/// What is wrong with a file, and what to do.
fn about_sheet(fault: &SheetFault, kind: Kind) -> (String, String) {
    let again = || "save it as CSV in UTF-8, with the column names in its first line".to_owned();
    let there_are = || format!("the columns are: {}", kind.columns().join(", "));
    match fault {
        SheetFault::Utf16 => ("this is UTF-16".to_owned(), again()),
        SheetFault::Unreadable(words) => (words.clone(), again()),
        SheetFault::ColumnUnknown { name, meant } => {
            let next = match meant {
                Some(meant) => format!("{}. Did you mean {meant:?}?", there_are()),
                None => there_are(),
            };
            (format!("there is no column {}", Given(name)), next)
        }
        SheetFault::ColumnTwice { name } => (format!("there are two columns {}", Given(name)), there_are()),
        SheetFault::ColumnMissing { name } => (format!("there is no column {name}"), there_are()),
    }
}

/// What is wrong with a row.
fn about_row(fault: &RowFault, context: &Context) -> String {
    match fault {
        RowFault::Misshapen { fields, columns } => format!("{fields} fields where there are {columns} columns"),
        RowFault::NotUtf8 { field } => format!("field {field} is not UTF-8; save the file as CSV in UTF-8"),
        RowFault::YesOrNo { given } => format!("issue_key: {} is neither yes nor no", Given(given)),
        RowFault::Ended => "it was erased, suspended or terminated where it comes from; take the row out".to_owned(),
        RowFault::DateMissing => "a date is missing".to_owned(),
        RowFault::Date { given } => format!("{} is not a date; write it as 2027-02-28", Given(given)),
        RowFault::KeyMissing => "key_id, signing_key or issue_date is missing".to_owned(),
        RowFault::HalfSuperseded => "superseded_by and superseded_until are both there, or neither".to_owned(),
        RowFault::KeyTwice { line } => format!("line {line} says something else of this key"),
        RowFault::NoId { column, given } => format!("{column}: {} is not one", Given(given)),
        RowFault::NoInstant { column, given } => {
            format!("{column}: {} is no instant; write it as 2027-02-28T12:00:00Z", Given(given))
        }
        RowFault::Refused(refusal) => words::refusal(refusal, context.zone()).0,
    }
}

/// The row in a few words.
fn summary(line: &Line) -> String {
    match &line.row {
        Ok(Row::Customer(name)) => name.clone(),
        Ok(Row::Sale(sale)) => format!("{}: {}, {} to {}", sale.customer, sale.offer, sale.begins, sale.ends),
        Ok(Row::Key(key)) => format!("{}: {}, {}", key.id, key.customer, key.offer),
        Err(_) => String::new(),
    }
}

/// What would become of each row, all in one snapshot.
fn fates(lines: Vec<Line>, store: &Store, context: &Context) -> Result<Vec<Fated>, Problem> {
    let (bar, total) = (progress::bar(context), lines.len() as u64);
    let come: HashSet<KeyId> = lines.iter().filter_map(Line::key).collect();
    let fated = context.ask(store, |reader| {
        lines
            .into_iter()
            .zip(1..)
            .map(|(line, number)| {
                progress::show(&bar, number, total);
                let fate = line.fate(reader, context.zone(), &come)?;
                Ok(Fated { line, fate })
            })
            .collect::<Done<Vec<_>>>()
    });
    bar.finish_and_clear();
    fated
}

/// Takes all rows in, a group at a time.
fn take(
    fated: Vec<Fated>,
    store: &Store,
    vault: &Vault,
    mut keys: Option<&mut Keys>,
    context: &Context,
) -> Result<Vec<Fated>, Problem> {
    let (bar, total) = (progress::bar(context), fated.len() as u64);
    let mut done = Vec::with_capacity(fated.len());
    let mut lines: Vec<Line> = fated.into_iter().map(|row| row.line).collect();
    // The key that took another one's place is younger, and has to be there before it.
    lines.sort_by_key(|line| std::cmp::Reverse(line.key()));
    let mut waiting = lines.into_iter();
    loop {
        let group: Arc<[Line]> = waiting.by_ref().take(AT_ONCE).collect();
        if group.is_empty() {
            break;
        }
        let (there, vault) = (group.clone(), vault.clone());
        let (zone, actor) = (context.zone().clone(), context.actor.clone());
        let taken = context.change(store, move |tx| {
            there.iter().map(|line| line.take(tx, &vault, &zone, &actor)).collect::<Done<Vec<Taken>>>()
        })?;
        for (line, Taken { fate, issued }) in group.iter().zip(taken) {
            if let (Some(keys), Some(issued)) = (keys.as_deref_mut(), issued) {
                keys.row(line.number, &issued)?;
            }
            done.push(Fated { line: line.clone(), fate: Ok(fate) });
        }
        if let Some(keys) = keys.as_deref_mut() {
            keys.settle()?;
        }
        bar.set_length(total);
        bar.set_position(done.len() as u64);
    }
    bar.finish_and_clear();
    done.sort_by_key(|row| row.line.number);
    Ok(done)
}

fn say(fated: &[Fated], dry_run: bool, done: bool, context: &Context) -> Result<(), Problem> {
    let count = |wanted: Fate| fated.iter().filter(|row| row.fate.as_ref().is_ok_and(|fate| *fate == wanted)).count();
    let updated = count(Fate::Updated);
    let (made, exist, keys) = (count(Fate::Made), count(Fate::Exists), count(Fate::KeyAdded));
    let bad: Vec<&Fated> = fated.iter().filter(|row| row.fate.is_err()).collect();
    context.printer.answer(
        || {
            let rows: Vec<Json> = fated.iter().map(|row| as_json(row, context)).collect();
            json!({
                "dry_run": dry_run,
                "done": done,
                "made": made,
                "existing": exist,
                "keys_added": keys,
                "updated": updated,
                "refused": bad.len(),
                "rows": rows,
            })
        },
        |page| {
            let shown: Vec<&Fated> =
                if dry_run { fated.iter().collect() } else { bad.iter().take(SHOWN).copied().collect() };
            table(page, &shown, context);
            let refused = bad.len();
            page.line(match (done, refused) {
                (true, _) => format!("{made} made, {exist} there already, {keys} got a key."),
                (false, 0) => format!("{made} to be made, {exist} there already, {keys} to get a key."),
                (false, 1) => "1 row cannot be taken in, so none was. Nothing was changed.".to_owned(),
                (false, _) => format!("{refused} rows cannot be taken in, so none was. Nothing was changed."),
            });
            if updated > 0 && refused == 0 {
                let what = if done { "lost" } else { "would lose" };
                page.line(format!("Of those there already, {updated} {what} what was lost elsewhere."));
            }
            if !dry_run && refused > SHOWN {
                page.advice("These are the first of them; --dry-run shows what would become of every row.");
            }
        },
    )
}

fn table(page: &mut Page, rows: &[&Fated], context: &Context) {
    if rows.is_empty() {
        return;
    }
    let rows = rows
        .iter()
        .map(|row| {
            let (tone, fate, why) = match &row.fate {
                Ok(fate) => {
                    (if *fate == Fate::Exists { Tone::Faint } else { Tone::Good }, name(*fate), same(&row.line))
                }
                Err(fault) => (Tone::Bad, "refused", about_row(fault, context)),
            };
            vec![
                (row.line.number.to_string(), Tone::Faint),
                (fate.to_owned(), tone),
                (summary(&row.line), Tone::Plain),
                (why, Tone::Plain),
            ]
        })
        .collect();
    page.table(&["line", "fate", "row", "why"], &[2, 3], rows);
    page.blank();
}

fn as_json(row: &Fated, context: &Context) -> Json {
    let (fate, code, why) = match &row.fate {
        Ok(fate) => (name(*fate), Json::Null, same(&row.line)),
        Err(fault) => ("refused", fault.code().into(), about_row(fault, context)),
    };
    json!({ "line": row.line.number, "fate": fate, "code": code, "why": why })
}

fn same(line: &Line) -> String {
    line.same_as.map(|number| format!("the same as line {number}")).unwrap_or_default()
}

fn name(fate: Fate) -> &'static str {
    match fate {
        Fate::Made => "made",
        Fate::Exists => "exists",
        Fate::KeyAdded => "key added",
        Fate::Updated => "updated",
    }
}

/// The file for the keys, which open things: for its owner alone. It grows with each group, so that what was issued
/// before an interruption is in it.
struct Keys {
    out: csv::Writer<File>,
    path: PathBuf,
}

impl Keys {
    fn begin(path: &Path) -> Result<Self, Problem> {
        let file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path);
        let out = csv::Writer::from_writer(file.map_err(|error| not_written(path, &error))?);
        let mut keys = Self { out, path: path.to_owned() };
        let names = ["line", "customer", "offer", "begin_date", "end_date", "key_id", "registration_key"];
        keys.out.write_record(names).map_err(|error| keys.failed(error.into()))?;
        Ok(keys)
    }

    fn row(&mut self, line: u64, issued: &Issued) -> Result<(), Problem> {
        let Issued { key, text, subscription, customer, notes: _ } = issued;
        let name = latchkey_server::exports::harmless(customer.name.as_str());
        let fields = [
            line.to_string(),
            name,
            subscription.offer.to_string(),
            subscription.period.begins.to_string(),
            subscription.period.ends.to_string(),
            key.id.to_string(),
            text.reveal().to_owned(),
        ];
        self.out.write_record(fields).map_err(|error| self.failed(error.into()))
    }

    fn settle(&mut self) -> Result<(), Problem> {
        let settled = self.out.flush().and_then(|()| self.out.get_ref().sync_all());
        settled.map_err(|error| self.failed(error))
    }

    /// Keys that were issued are not lost with it.
    fn failed(&self, error: io::Error) -> Problem {
        let mut problem = not_written(&self.path, &error);
        problem.next_step = format!(
            "make room; {} has the keys up to here, `latchkey key show KEY --reveal` shows the others",
            Given(&self.path.to_string_lossy())
        );
        problem
    }
}
