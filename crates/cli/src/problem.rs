//! How a command ends, and what is said where it does not end well.

use std::fmt;
use std::process::ExitCode;

use latchkey_domain::Refusal;
use latchkey_domain::time::Zone;
use latchkey_store::{StoreError, Undone};
use latchkey_texts::{Language, Said};
use serde::Serialize;

use crate::words;

/// The four ways in which a command ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Exit {
    /// It did what it was asked.
    Done,
    /// A rule said no, or what was looked at is not as it should be.
    Refused,
    /// It was not understood: arguments, environment, configuration.
    Usage,
    /// It could not: the database, the disk, the master key, the clock.
    Unable,
}

/// Why a command did not do what it was asked. As JSON it has exactly these members, but for the exit code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Problem {
    #[serde(skip)]
    pub(crate) exit: Exit,
    /// The stable name of the cause.
    pub(crate) code: &'static str,
    /// A few words.
    pub(crate) title: String,
    /// What went wrong: which thing, with its value.
    pub(crate) detail: String,
    /// What to do next.
    pub(crate) next_step: String,
}

impl Problem {
    /// The arguments, the environment or the configuration file are not understood.
    pub(crate) fn usage(detail: impl Into<String>, next_step: impl Into<String>) -> Self {
        Self::new(Exit::Usage, "USAGE", "Not understood", detail, next_step)
    }

    /// The surroundings do not allow it.
    pub(crate) fn unable(
        code: &'static str,
        title: &str,
        detail: impl Into<String>,
        next_step: impl Into<String>,
    ) -> Self {
        Self::new(Exit::Unable, code, title, detail, next_step)
    }

    /// The same, in the words that everybody reads.
    pub(crate) fn told(code: &'static str, said: Said) -> Self {
        Self::unable(code, &said.title, said.cause, said.next_step)
    }

    /// A rule said no.
    pub(crate) fn refused(refusal: &Refusal, zone: &Zone) -> Self {
        let title = latchkey_texts::refusal(refusal, Language::English, zone).title;
        let (detail, next_step) = words::refusal(refusal, zone);
        Self::new(Exit::Refused, refusal.code(), &title, detail, next_step)
    }

    /// An operation of the store was not done.
    pub(crate) fn undone(undone: Undone, zone: &Zone) -> Self {
        match undone {
            Undone::Refused(refusal) => Self::refused(&refusal, zone),
            Undone::Failed(error) => error.into(),
        }
    }

    fn new(
        exit: Exit,
        code: &'static str,
        title: &str,
        detail: impl Into<String>,
        next_step: impl Into<String>,
    ) -> Self {
        Self { exit, code, title: title.to_owned(), detail: detail.into(), next_step: next_step.into() }
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        let title = latchkey_texts::failure(&error.failure(), Language::English).title;
        let (detail, next_step) = words::store(&error);
        Self::unable(error.code(), &title, detail, next_step)
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        match exit {
            Exit::Done => Self::SUCCESS,
            Exit::Refused => Self::from(1),
            Exit::Usage => Self::from(2),
            Exit::Unable => Self::from(3),
        }
    }
}

/// A value as it was given, in quotation marks: no control characters, and not endlessly long.
pub(crate) struct Given<'a>(pub(crate) &'a str);

impl fmt::Display for Given<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const MOST: usize = 60;
        match self.0.char_indices().nth(MOST) {
            Some((end, _)) => write!(f, "{:?}…", &self.0[..end]),
            None => write!(f, "{:?}", self.0),
        }
    }
}
