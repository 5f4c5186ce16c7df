//! `latchkey export`: everything there is, for spreadsheets and scripts. A backup is another thing: `latchkey backup`.

use std::fs::DirBuilder;
use std::io::{self, ErrorKind, Write};
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};

use clap::builder::PossibleValuesParser;
use clap::{Args, ValueEnum};
use latchkey_server::exports::{self, Failed, Kind};
use latchkey_store::Store;
use serde_json::json;

use super::progress;
use crate::context::Context;
use crate::new_file::{NewFile, not_written};
use crate::problem::{Exit, Problem};

/// A file of each kind.
const ALL: &str = "all";

#[derive(Debug, Args)]
pub(crate) struct Export {
    /// What to give out; all makes a file of each kind. Nothing that is secret is in any of them
    #[arg(value_parser = PossibleValuesParser::new(Kind::ALL.map(Kind::name).into_iter().chain([ALL])))]
    what: String,
    /// How
    #[arg(long, value_enum, default_value_t = Format::Csv)]
    format: Format,
    /// The file to make [default: standard output]; for all, the directory to make files in
    #[arg(long, value_name = "FILE")]
    to: Option<PathBuf>,
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
    let format = arguments.format.meant();
    let kind = Kind::ALL.into_iter().find(|kind| kind.name() == arguments.what);
    match (kind, &arguments.to) {
        (None, None) => {
            return Err(Problem::usage("all makes several files", "name a directory for them: --to DIRECTORY"));
        }
        (None, Some(directory)) => {
            match DirBuilder::new().mode(0o700).create(directory) {
                Err(error) if error.kind() != ErrorKind::AlreadyExists => return Err(not_written(directory, &error)),
                Ok(()) | Err(_) => {}
            }
            for kind in Kind::ALL {
                let name = format!("{}.{}", kind.name(), format.name());
                into_file(&directory.join(name), kind, format, &store, context)?;
            }
        }
        (Some(kind), Some(path)) => into_file(path, kind, format, &store, context)?,
        (Some(kind), None) => {
            let out = io::BufWriter::new(io::stdout().lock());
            match give(kind, format, out, &store, context) {
                // Whoever closes it early has seen enough.
                Err(Failed::Written(error)) if error.kind() == ErrorKind::BrokenPipe => {}
                Err(failed) => return Err(not_given(failed, Path::new("standard output"))),
                Ok(_) => {}
            }
        }
    }
    Ok(Exit::Done)
}

fn into_file(
    path: &Path,
    kind: Kind,
    format: exports::Format,
    store: &Store,
    context: &Context,
) -> Result<(), Problem> {
    let mut file = NewFile::begin(path)?;
    let rows = give(kind, format, &mut file, store, context).map_err(|failed| not_given(failed, path))?;
    file.finish()?;
    context.printer.answer(
        || json!({ "file": path.display().to_string(), "rows": rows }),
        |page| page.line(format!("{rows} {} are in {}.", noun(kind), path.display())),
    )
}

fn give(kind: Kind, format: exports::Format, out: impl Write, store: &Store, context: &Context) -> Result<u64, Failed> {
    let bar = progress::bar(context);
    let given = exports::write(kind, format, store, context.now(), out, |rows| progress::show(&bar, rows, 0));
    bar.finish_and_clear();
    given
}

fn not_given(failed: Failed, path: &Path) -> Problem {
    match failed {
        Failed::Written(error) => not_written(path, &error),
        Failed::Store(error) => error.into(),
    }
}

fn noun(kind: Kind) -> String {
    let others =
        [(Kind::Audit, "rows of the audit log"), (Kind::Directory, "accounts"), (Kind::Plugins, "versions of plugins")];
    let other = others.iter().find(|(other, _)| *other == kind);
    other.map_or_else(|| kind.name().replace('-', " "), |(_, noun)| (*noun).to_owned())
}

impl Format {
    fn meant(self) -> exports::Format {
        match self {
            Self::Csv => exports::Format::Csv,
            Self::Jsonl => exports::Format::Jsonl,
        }
    }
}
