//! The end of `files/_log/php-errors.log`: what GLPI wrote about registration, read and explained.

use std::fs::File;
use std::io::{ErrorKind, Read as _, Seek as _, SeekFrom};

use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use latchkey_glpi::installation::{LogCause, log_cause};
use latchkey_texts::doctor::{Chapter, Code, Sight, sight};

use super::super::finding::{Check, Finding};
use super::super::visit::Visit;
use crate::data_dir::cause;

pub(super) const CHECK: Check = Check { id: "glpi.log", chapter: Chapter::Folder, slow: false, run };

/// So much of its end is read, in bytes.
const END: u64 = 256 * 1_024;
/// A line is old after a day; whose clock it was written by is not known, so the widest zone is added.
const RECENT: SignedDuration = SignedDuration::from_hours(24 + 14);
/// The most characters of an entry that are shown.
const SHOWN: usize = 240;
/// So many entries that say different things are shown.
const LINES: usize = 3;

/// One entry of the log: its first line and those that belong to it.
struct Entry<'a> {
    written: DateTime,
    whole: &'a str,
    cause: LogCause,
}

impl Entry<'_> {
    /// What it says beside when and where: the message, and what belongs to it, on one line.
    fn said(&self) -> String {
        let lines = self.whole.lines().map(str::trim).take_while(|line| !line.starts_with("Backtrace"));
        let text = lines.collect::<Vec<_>>().join(" ");
        let text = text.get(21..).unwrap_or(&text).trim();
        text.chars().filter(|c| !c.is_control() && *c != '`').take(SHOWN).collect()
    }
}

fn run(visit: &mut Visit) -> Finding {
    let Some(glpi) = &visit.glpi else { return Finding::skipped(Sight::SkippedNoUrl, Vec::new()) };
    let file = glpi.log_dir.join("php-errors.log");
    let shown = file.display().to_string();
    let text = match end_of(&file) {
        Ok(text) => text,
        Err(error) if error.kind() == ErrorKind::NotFound => return Finding::ok(Sight::LogNone, vec![("file", shown)]),
        Err(error) => {
            return Finding::skipped(Sight::SkippedBySystem, vec![("path", shown), ("cause", cause(&error))]);
        }
    };
    let entries = about_registration(&text);
    let Some(last) = entries.last() else { return Finding::ok(Sight::LogQuiet, vec![("file", shown)]) };
    let recent = |entry: &&Entry<'_>| {
        let written = entry.written.to_zoned(TimeZone::UTC).map(|zoned| zoned.timestamp());
        written.is_ok_and(|at| Timestamp::now().duration_since(at) < RECENT)
    };
    let count = entries.iter().filter(recent).count();
    if count == 0 {
        return Finding::ok(Sight::LogOld, vec![("file", shown), ("last", when(last.written))]);
    }
    // The last lines that say different things, the latest first.
    let mut lines: Vec<String> = Vec::new();
    let mut causes: Vec<LogCause> = Vec::new();
    for entry in entries.iter().filter(recent).rev() {
        let line = format!("“{}”", entry.said());
        if !lines.contains(&line) && lines.len() < LINES {
            lines.push(line);
            causes.push(entry.cause);
        }
    }
    let mut told: Vec<String> = causes.iter().map(|cause| sight(explained(*cause), &[], visit.language)).collect();
    told.dedup();
    let values = vec![
        ("file", shown),
        ("count", count.to_string()),
        ("last", when(last.written)),
        ("lines", lines.join("; ")),
        ("explained", told.join(" ")),
    ];
    Finding::warning(Code::LogFailures, values)
}

fn end_of(file: &std::path::Path) -> std::io::Result<String> {
    let mut file = File::open(file)?;
    let length = file.metadata()?.len();
    file.seek(SeekFrom::Start(length.saturating_sub(END)))?;
    let mut bytes = Vec::new();
    file.take(END).read_to_end(&mut bytes)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// Entries begin with `[2026-11-25 07:51:34]`; what stands between two belongs to the first.
fn about_registration(text: &str) -> Vec<Entry<'_>> {
    let begins: Vec<(usize, DateTime)> = text
        .match_indices('[')
        .filter(|(at, _)| *at == 0 || text.as_bytes()[at - 1] == b'\n')
        .filter_map(|(at, _)| Some((at, text.get(at + 1..at + 20)?.replace(' ', "T").parse().ok()?)))
        .collect();
    let ends = begins.iter().skip(1).map(|(at, _)| *at).chain([text.len()]);
    begins
        .iter()
        .zip(ends)
        .filter_map(|((begin, written), end)| {
            let whole = &text[*begin..end];
            Some(Entry { written: *written, whole, cause: log_cause(whole)? })
        })
        .collect()
}

fn when(written: DateTime) -> String {
    written.strftime("%Y-%m-%d %H:%M").to_string()
}

fn explained(cause: LogCause) -> Sight {
    match cause {
        LogCause::Name => Sight::LogDns,
        LogCause::Connection => Sight::LogConnect,
        LogCause::TimeOut => Sight::LogTimeout,
        LogCause::Certificate => Sight::LogCertificate,
        LogCause::WebPage => Sight::LogHtml,
        LogCause::Unavailable => Sight::LogUnavailable,
        LogCause::Other => Sight::LogOther,
    }
}
