//! `latchkey backup` and `latchkey restore`: everything as one file, without the master key.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use clap::Args;
use latchkey_domain::time::Timestamp;
use latchkey_store::archive::{self, Header, Restored, Trouble};
use latchkey_store::audit::{self, Finding};
use latchkey_store::{Location, Store, Vault, signing_keys};
use serde_json::{Value as Json, json};

use super::progress;
use crate::context::Context;
use crate::data_dir::cause;
use crate::new_file::{NewFile, not_written};
use crate::printer::Page;
use crate::problem::{Exit, Problem};
use crate::records::{Facts, instant};

#[derive(Debug, Args)]
pub(crate) struct Backup {
    /// The file to make [default: latchkey-TIME.backup, in the current directory]
    #[arg(long, value_name = "FILE")]
    to: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct Restore {
    /// What `latchkey backup` made
    file: PathBuf,
    /// Move the database that is there aside, and put this one in its place
    #[arg(long)]
    replace: bool,
}

pub(super) fn backup(arguments: &Backup, context: &Context) -> Result<Exit, Problem> {
    let (store, now) = (context.store()?, context.now());
    let path = arguments.to.clone().unwrap_or_else(|| default_name(now));
    let mut file = NewFile::begin(&path)?;
    let bar = progress::bar(context);
    let made = archive::write(&store, now, &mut file, |done, of| progress::show(&bar, done, of));
    bar.finish_and_clear();
    let header = made.map_err(|trouble| {
        if let Trouble::Io(error) = &trouble {
            not_written(&path, error)
        } else {
            not_restored(&trouble, &path, context)
        }
    })?;
    file.finish()?;
    let size = fs::metadata(&path).map(|found| found.len()).unwrap_or(0);
    context.printer.answer(
        || {
            let mut all = as_json(&header);
            all["file"] = path.display().to_string().into();
            all["bytes"] = size.into();
            all
        },
        |page| {
            page.line(format!("Backed up {} rows to {} ({size} bytes).", header.total(), path.display()));
            page.facts(&facts(&header));
            page.advice("The master key is not in it. Keep a copy of that apart from it: latchkey master-key export");
        },
    )?;
    Ok(Exit::Done)
}

pub(super) fn restore(arguments: &Restore, context: &Context) -> Result<Exit, Problem> {
    let trouble = |trouble: Trouble| not_restored(&trouble, &arguments.file, context);
    let mut file = File::open(&arguments.file).map_err(|error| trouble(error.into()))?;
    // Before anything is made.
    archive::inspect(&mut file).map_err(trouble)?;
    let config = &context.config;
    let master = config.master_key.read()?.ok_or_else(|| config.master_key.missing())?;
    if let Location::Sqlite(_) = &config.database {
        config.data_dir.make()?;
        config.data_dir.is_writable()?;
    }
    let bar = progress::bar(context);
    let restored = archive::restore(
        &config.database,
        &Vault::new(master),
        &mut file,
        arguments.replace,
        context.now(),
        &context.actor,
        |done, of| progress::show(&bar, done, of),
    );
    bar.finish_and_clear();
    let restored = restored.map_err(trouble)?;
    let heads = set_heads_aside(context)?;
    let whole = verify(&context.store()?, context)?;
    say_restored(&restored, heads.as_deref(), whole, context)?;
    Ok(if whole { Exit::Done } else { Exit::Refused })
}

/// Signed heads of what was there before know rows that this database does not have. They are kept, for they prove what
/// was lost, but they are no longer this log's.
fn set_heads_aside(context: &Context) -> Result<Option<PathBuf>, Problem> {
    let heads = context.config.data_dir.heads();
    if !heads.exists() {
        return Ok(None);
    }
    let aside = heads.with_extension(format!("jsonl.before-restore-{}", context.now().millis()));
    fs::rename(&heads, &aside).map_err(|error| not_written(&aside, &error))?;
    Ok(Some(aside))
}

fn verify(store: &Store, context: &Context) -> Result<bool, Problem> {
    let finding = context.ask(store, |reader| {
        let ring = signing_keys::ring(reader)?;
        Ok(audit::verify(reader, &ring, &[], |_, _| {})?)
    })?;
    Ok(match finding {
        Finding::Whole { .. } => true,
        Finding::Altered { .. }
        | Finding::Missing { .. }
        | Finding::Cut { .. }
        | Finding::Rewritten { .. }
        | Finding::HeadForged { .. } => false,
    })
}

fn say_restored(restored: &Restored, heads: Option<&Path>, whole: bool, context: &Context) -> Result<(), Problem> {
    let Restored { header, aside } = restored;
    let shown = |path: Option<&Path>| path.map(|path| path.display().to_string());
    context.printer.answer(
        || {
            let mut all = as_json(header);
            all["moved_aside"] = shown(aside.as_deref()).into();
            all["audit_heads_moved_aside"] = shown(heads).into();
            all["audit_log_whole"] = whole.into();
            all
        },
        |page: &mut Page| {
            page.line(format!("Restored {} rows into {}.", header.total(), context.config.database.name()));
            let mut all = facts(header);
            all.push(("what was there", shown(aside.as_deref())));
            all.push(("its signed heads", shown(heads)));
            all.push(("audit log", Some(if whole { "whole" } else { "broken" }.to_owned())));
            page.facts(&all);
            if !whole {
                page.advice(format!("Find out what is wrong with it: {} audit verify", context.program()));
            }
            page.advice(
                "Keys that were issued after the backup was made are answered with 503 until they are replaced.",
            );
            page.advice("Customers that were erased since then are back: erase them again (docs/privacy.md).");
        },
    )
}

/// What is said where a backup was not made or not restored.
fn not_restored(trouble: &Trouble, path: &Path, context: &Context) -> Problem {
    let file = path.display();
    let unable = |code, title: &str, detail: String, next: &str| Problem::unable(code, title, detail, next);
    let untouched = "nothing was touched; take another backup";
    match trouble {
        Trouble::Store(error) => error.clone().into(),
        Trouble::Io(error) => Problem::usage(
            format!("cannot read {file}, or put it where it belongs: {}", cause(error)),
            "check its name, and who may read it",
        ),
        Trouble::NotABackup => {
            Problem::usage(format!("{file} is no backup of Latchkey"), "name a file that `latchkey backup` made")
        }
        Trouble::Damaged => unable(
            "BACKUP_DAMAGED",
            "Backup damaged",
            format!("{file} was cut short or altered: its digest does not hold"),
            untouched,
        ),
        Trouble::NewerFormat { found } => unable(
            "BACKUP_NEWER",
            "Backup of a newer Latchkey",
            format!("{file} has format {found}; this Latchkey knows {}", archive::FORMAT),
            "restore it with the Latchkey that made it, or a newer one",
        ),
        Trouble::NewerSchema { found, known } => unable(
            "BACKUP_NEWER",
            "Backup of a newer Latchkey",
            format!("{file} has schema {found}; this Latchkey knows {known}"),
            "restore it with the Latchkey that made it, or a newer one",
        ),
        Trouble::OtherMasterKey { expected, given } => unable(
            "BACKUP_OTHER_MASTER_KEY",
            "Another master key",
            format!("{file} belongs to the master key with fingerprint {expected}; the one here has {given}"),
            "name the right one with --master-key-file, or bring it back: latchkey master-key import",
        ),
        Trouble::InUse => unable(
            "DATABASE_IN_USE",
            "Database in use",
            format!("a server, or another command, uses the database in {}", context.config.data_dir.path().display()),
            "stop it, then restore",
        ),
        Trouble::NotEmpty => match &context.config.database {
            Location::Sqlite(_) => unable(
                "DATABASE_NOT_EMPTY",
                "Database not empty",
                format!("there is a Latchkey in {} already", context.config.data_dir.path().display()),
                "restore into another --data-dir, or move the database aside: --replace",
            ),
            Location::Postgres(_) => unable(
                "DATABASE_NOT_EMPTY",
                "Database not empty",
                "this PostgreSQL database is, or was, used by a Latchkey already".to_owned(),
                "make a new database, restore into that one, and change the database URL; the old one stays as it is",
            ),
        },
    }
}

fn default_name(now: Timestamp) -> PathBuf {
    let time: String = now.to_string().chars().filter(|c| c.is_ascii_alphanumeric()).take(15).collect();
    format!("latchkey-{time}.backup").into()
}

fn facts(header: &Header) -> Facts {
    let count = |name: &str| header.rows.get(name).map(u64::to_string);
    vec![
        ("made", Some(instant(Timestamp::from_millis(header.created_at)))),
        ("of", Some(format!("{}, schema {}", header.database, header.schema))),
        ("publisher", Some(header.publisher.clone())),
        ("master key", Some(format!("fingerprint {}", header.master_key_fingerprint))),
        ("customers", count("customers")),
        ("subscriptions", count("subscriptions")),
        ("keys", count("keys")),
        ("audit rows", count("audit")),
    ]
}

fn as_json(header: &Header) -> Json {
    json!({
        "schema": header.schema,
        "created_at": Timestamp::from_millis(header.created_at).to_string(),
        "database": header.database,
        "master_key_fingerprint": header.master_key_fingerprint,
        "publisher": header.publisher,
        "rows": header.rows,
    })
}
