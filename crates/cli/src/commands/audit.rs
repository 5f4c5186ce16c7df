//! `latchkey audit`: the log of who did what, and the proof that it was not tampered with.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use latchkey_store::audit::{self, Finding, SignedHead};
use latchkey_store::signing_keys;
use serde_json::{Value as Json, json};

use super::cut;
use crate::context::Context;
use crate::data_dir;
use crate::printer::Tone;
use crate::problem::{Exit, Problem};
use crate::records;

#[derive(Debug, Subcommand)]
pub(crate) enum Audit {
    /// Verify the whole log: every row, its end, and every signed head that is known
    Verify(Verify),
    /// Show the latest rows of the log, or those after one
    Log(Log),
}

#[derive(Debug, Args)]
pub(crate) struct Verify {
    /// Files of signed heads that were kept elsewhere, besides the data directory's own audit-heads.jsonl
    #[arg(long, value_name = "FILE", num_args = 1..)]
    heads: Vec<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct Log {
    /// Rows after this number; without it, the latest
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(i64).range(0..))]
    after: Option<i64>,
    /// At most so many
    #[arg(long, value_name = "N", default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    limit: u32,
}

pub(super) fn run(command: Audit, context: &Context) -> Result<Exit, Problem> {
    match command {
        Audit::Verify(arguments) => verify(&arguments, context),
        Audit::Log(arguments) => log(&arguments, context),
    }
}

fn verify(arguments: &Verify, context: &Context) -> Result<Exit, Problem> {
    let store = context.store()?;
    let exported = exported_heads(arguments, context)?;
    let bar = progress(context);
    let finding = context.ask(&store, |reader| {
        let ring = signing_keys::ring(reader)?;
        Ok(audit::verify(reader, &ring, &exported, |seen, of| {
            bar.set_length(of.unsigned_abs());
            bar.set_position(seen.unsigned_abs());
        })?)
    })?;
    bar.finish_and_clear();
    let (code, seq, said) = words(&finding);
    let whole = matches!(finding, Finding::Whole { .. });
    context.printer.answer(
        || {
            let mut all = json!({ "whole": whole, "finding": code, "detail": said });
            match finding {
                Finding::Whole { rows, heads, erased } => {
                    all["rows"] = rows.into();
                    all["heads"] = heads.into();
                    all["erased_reasons"] = erased.into();
                }
                Finding::Altered { .. }
                | Finding::Missing { .. }
                | Finding::Cut { .. }
                | Finding::Rewritten { .. }
                | Finding::HeadForged { .. } => all["seq"] = seq,
            }
            all
        },
        |page| {
            let tone = if whole { Tone::Good } else { Tone::Bad };
            page.line(format!("{}: {said}", tone.paint(if whole { "whole" } else { "broken" })));
            if !whole {
                page.advice(
                    "Keep this database as it is, compare it with a backup, and find out who could write to it.",
                );
            }
        },
    )?;
    Ok(if whole { Exit::Done } else { Exit::Refused })
}

fn log(arguments: &Log, context: &Context) -> Result<Exit, Problem> {
    let store = context.store()?;
    let most = i64::from(arguments.limit);
    let (after, mut lines) = context.ask(&store, |reader| {
        let after = match arguments.after {
            Some(after) => after,
            None => (audit::count(reader)? - most).max(0),
        };
        Ok((after, audit::lines(reader, after, most + 1)?))
    })?;
    let more = cut(&mut lines, arguments.limit);
    context.printer.answer(
        || json!({ "lines": records::history(&lines), "more": more }),
        |page| {
            if lines.is_empty() {
                page.line(format!("There are no rows after {after}."));
                return;
            }
            let rows = lines
                .iter()
                .map(|line| {
                    vec![
                        (line.seq.to_string(), Tone::Faint),
                        (records::instant(line.at), Tone::Faint),
                        (line.actor.clone(), Tone::Plain),
                        (line.action.clone(), Tone::Plain),
                        (line.subject.clone(), Tone::Plain),
                        (records::about(line), Tone::Plain),
                    ]
                })
                .collect();
            page.table(&["row", "when", "who", "what", "with", "about it"], &[5], rows);
        },
    )?;
    if let (true, Some(last)) = (more, lines.last()) {
        context.printer.note(&format!("There are more: {} audit log --after {}", context.program(), last.seq));
    }
    Ok(Exit::Done)
}

fn exported_heads(arguments: &Verify, context: &Context) -> Result<Vec<SignedHead>, Problem> {
    let own = context.config.data_dir.heads();
    let mut heads = Vec::new();
    if own.exists() {
        heads.extend(data_dir::read_heads(&own)?);
    }
    for file in &arguments.heads {
        heads.extend(data_dir::read_heads(file)?);
    }
    Ok(heads)
}

fn progress(context: &Context) -> ProgressBar {
    if !context.printer.may_move() {
        return ProgressBar::hidden();
    }
    let style = ProgressStyle::with_template("{bar:40} {pos} of {len} rows, {eta} left");
    let bar = ProgressBar::with_draw_target(Some(0), ProgressDrawTarget::stderr());
    bar.with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
}

/// The finding's stable name, the row it is about, and a sentence.
fn words(finding: &Finding) -> (&'static str, Json, String) {
    match finding {
        Finding::Whole { rows, heads, erased } => {
            let erased = match erased {
                0 => String::new(),
                erased => format!("; {erased} reasons were erased, which breaks nothing"),
            };
            let heads = match heads {
                0 => "no head was signed yet, which a running server does every hour".to_owned(),
                1 => "1 signed head agrees with them".to_owned(),
                heads => format!("{heads} signed heads agree with them"),
            };
            ("WHOLE", Json::Null, format!("{rows} rows are as they were written, and {heads}{erased}"))
        }
        Finding::Altered { seq } => ("ALTERED", (*seq).into(), format!("row {seq} is not as it was written")),
        Finding::Missing { seq } => {
            ("MISSING", (*seq).into(), format!("row {seq} is missing, though later ones are there"))
        }
        Finding::Cut { last, was } => {
            ("CUT", (*last).into(), format!("the end is missing: the last row is {last}, but there were {was}"))
        }
        Finding::Rewritten { seq } => {
            ("REWRITTEN", (*seq).into(), format!("up to row {seq} rows were written anew: a signed head knows others"))
        }
        Finding::HeadForged { seq } => {
            ("HEAD_FORGED", (*seq).into(), format!("the signed head of row {seq} has a signature that does not hold"))
        }
    }
}
