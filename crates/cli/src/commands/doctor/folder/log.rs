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
/// The most characters of a line that are shown.
const SHOWN: usize = 160;

/// One entry of the log: its first line, and those that belong to it.
struct Entry<'a> {
    written: DateTime,
    first: &'a str,
    cause: LogCause,
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
    let explained = sight(explained(last.cause), &[], visit.language);
    let line: String = last.first.chars().filter(|c| !c.is_control() && *c != '`').take(SHOWN).collect();
    let values = vec![
        ("file", shown),
        ("count", count.to_string()),
        ("last", when(last.written)),
        ("line", format!("“{}”", line.trim())),
        ("explained", explained),
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
            let first = whole.lines().next().unwrap_or_default();
            Some(Entry { written: *written, first: first.get(21..).unwrap_or(first), cause: log_cause(whole)? })
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
