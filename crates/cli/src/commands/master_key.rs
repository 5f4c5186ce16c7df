//! `latchkey master-key`: a copy of the master key that can be kept apart, under a passphrase.
//!
//! Invariant: neither a passphrase nor the key is ever an argument, where others on this machine could read it.

use std::io::{self, BufRead as _, IsTerminal as _, Read as _, Write as _};
use std::path::PathBuf;

use clap::{Args, Subcommand};
use latchkey_store::passphrase::{self, Closed};
use latchkey_store::{Location, installation};
use nix::sys::termios::{LocalFlags, SetArg, tcgetattr, tcsetattr};
use serde_json::json;
use zeroize::Zeroizing;

use crate::context::Context;
use crate::data_dir::{self, cause};
use crate::new_file::NewFile;
use crate::problem::{Exit, Problem};

/// No passphrase is longer, in bytes.
const LONGEST: u64 = 1_024;

#[derive(Debug, Subcommand)]
pub(crate) enum MasterKey {
    /// Write a copy, sealed under a passphrase (asked for, or the first line of standard input)
    Export(Export),
    /// Put a copy back, where there is no master key; asks for its passphrase
    Import(Import),
    /// Say which one it is; nothing else can be learnt from that
    ShowFingerprint,
}

#[derive(Debug, Args)]
pub(crate) struct Export {
    /// The file to make
    #[arg(long, value_name = "FILE")]
    to: PathBuf,
}

#[derive(Debug, Args)]
pub(crate) struct Import {
    /// What `latchkey master-key export` made
    file: PathBuf,
}

pub(super) fn run(command: MasterKey, context: &Context) -> Result<Exit, Problem> {
    match command {
        MasterKey::Export(arguments) => export(&arguments, context),
        MasterKey::Import(arguments) => import(&arguments, context),
        MasterKey::ShowFingerprint => show_fingerprint(context),
    }
}

fn export(arguments: &Export, context: &Context) -> Result<Exit, Problem> {
    let source = &context.config.master_key;
    let master = source.read()?.ok_or_else(|| source.missing())?;
    let mut file = NewFile::begin(&arguments.to)?;
    let given = ask("Passphrase, of 12 characters or more: ")?;
    if given.chars().count() < passphrase::SHORTEST {
        return Err(Problem::usage(
            format!("the passphrase has fewer than {} characters", passphrase::SHORTEST),
            "five or six words that nobody else would put together are good, and can be written on paper",
        ));
    }
    if io::stdin().is_terminal() && *ask("Once more: ")? != *given {
        return Err(Problem::usage("the two passphrases are not the same", "try again; nothing was written"));
    }
    let sealed = passphrase::seal(&master, &given)?;
    writeln!(file, "{sealed}").map_err(|error| crate::new_file::not_written(&arguments.to, &error))?;
    file.finish()?;
    let (fingerprint, path) = (master.fingerprint(), arguments.to.display());
    context.printer.answer(
        || json!({ "fingerprint": fingerprint, "file": path.to_string() }),
        |page| {
            page.line(format!("The master key {fingerprint} is in {path}, sealed under the passphrase."));
            page.advice(
                "Keep it apart from the backups, and the passphrase apart from it. Try it once: it is worth nothing \
                         if one of the two is lost.",
            );
        },
    )?;
    Ok(Exit::Done)
}

fn import(arguments: &Import, context: &Context) -> Result<Exit, Problem> {
    let text = data_dir::read_text(&arguments.file)?;
    let source = &context.config.master_key;
    if source.read()?.is_some() {
        return Err(Problem::unable(
            "MASTER_KEY_EXISTS",
            "There is a master key already",
            "there is a master key already, and one that is there is never replaced".to_owned(),
            "move it aside yourself if you are sure that no database needs it",
        ));
    }
    let file = arguments.file.display();
    let given = ask("Passphrase: ")?;
    let master = passphrase::open(text.trim(), &given).map_err(|closed| match closed {
        Closed::NotOne => Problem::usage(
            format!("{file} is not a master key that this version exported"),
            "name a file that `latchkey master-key export` made",
        ),
        Closed::WrongPassphrase { fingerprint } => Problem::unable(
            "PASSPHRASE_WRONG",
            "Wrong passphrase",
            format!("the passphrase does not open {file} (master key {fingerprint}), or the file was altered"),
            "try again; upper and lower case matter, and so do blanks",
        ),
    })?;
    let fingerprint = master.fingerprint();
    if let Some(expected) = fingerprint_of_database(context)?.filter(|expected| *expected != fingerprint) {
        return Err(latchkey_store::StoreError::OtherMasterKey { expected, given: fingerprint }.into());
    }
    let path = source.put(&master, &context.config.data_dir)?;
    context.printer.answer(
        || json!({ "fingerprint": fingerprint, "file": path.display().to_string() }),
        |page| page.line(format!("The master key {fingerprint} is in {} now.", path.display())),
    )?;
    Ok(Exit::Done)
}

fn show_fingerprint(context: &Context) -> Result<Exit, Problem> {
    let source = &context.config.master_key;
    let master = source.read()?.ok_or_else(|| source.missing())?;
    let (fingerprint, expected) = (master.fingerprint(), fingerprint_of_database(context)?);
    let fits = expected.as_ref().map(|expected| *expected == fingerprint);
    context.printer.answer(
        || json!({ "fingerprint": fingerprint, "database": expected, "belongs_to_database": fits }),
        |page| {
            page.line(&fingerprint);
            if let (Some(expected), Some(false)) = (&expected, fits) {
                page.advice(format!("The database belongs to another master key, with fingerprint {expected}."));
            }
        },
    )?;
    Ok(if fits == Some(false) { Exit::Refused } else { Exit::Done })
}

/// Of the master key that the database here belongs to, if there is one that can be asked.
fn fingerprint_of_database(context: &Context) -> Result<Option<String>, Problem> {
    if let Location::Sqlite(_) = &context.config.database
        && !context.config.data_dir.has_database()?
    {
        return Ok(None);
    }
    let Some(store) = context.store_if_there()? else { return Ok(None) };
    let known = store.ask(|reader| installation::load(reader))?;
    Ok(known.map(|installation| installation.master_key_fingerprint))
}

/// A passphrase: typed without being shown, or the first line of standard input.
fn ask(prompt: &str) -> Result<Zeroizing<String>, Problem> {
    let input = io::stdin();
    let hidden = input.is_terminal().then(|| Hidden::begin(prompt)).transpose();
    let _hidden = hidden.map_err(|error| unreadable(&error))?;
    let mut line = Zeroizing::new(String::new());
    input.lock().take(LONGEST).read_line(&mut line).map_err(|error| unreadable(&error))?;
    let length = line.trim_end_matches(['\n', '\r']).len();
    line.truncate(length);
    Ok(line)
}

fn unreadable(error: &io::Error) -> Problem {
    Problem::usage(
        format!("cannot read the passphrase: {}", cause(error)),
        "type it when asked, or give it as the first line of standard input",
    )
}

/// What is typed is not shown until this is dropped.
struct Hidden(nix::sys::termios::Termios);

impl Hidden {
    fn begin(prompt: &str) -> io::Result<Self> {
        let shown = tcgetattr(io::stdin())?;
        let mut hidden = shown.clone();
        hidden.local_flags.remove(LocalFlags::ECHO);
        tcsetattr(io::stdin(), SetArg::TCSAFLUSH, &hidden)?;
        let mut err = anstream::stderr();
        err.write_all(prompt.as_bytes())?;
        err.flush()?;
        Ok(Self(shown))
    }
}

impl Drop for Hidden {
    fn drop(&mut self) {
        let _ = tcsetattr(io::stdin(), SetArg::TCSAFLUSH, &self.0);
        // The key that ended the line was not shown either.
        let _ = anstream::stderr().write_all(b"\n");
    }
}
