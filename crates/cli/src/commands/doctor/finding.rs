//! What a check is, and what it gives.

use latchkey_key::Damage;
use latchkey_texts::doctor::{Chapter, Code, Fault, Sight, Value, fault, sight, why_damaged};
use latchkey_texts::{Language, damage};

use super::visit::Visit;

/// One thing that is looked at.
#[derive(Clone, Copy)]
pub(super) struct Check {
    /// Stable, for scripts.
    pub(super) id: &'static str,
    pub(super) chapter: Chapter,
    /// It may take as long as a network lets it wait.
    pub(super) slow: bool,
    pub(super) run: fn(&mut Visit) -> Finding,
}

/// What a check came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Status {
    Ok,
    Warning,
    Error,
    Skipped,
}

/// Whose view it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum View {
    Program,
    Php,
    WebUser,
    /// Made out from owner and mode, since this program may not look as the web server's user.
    Computed,
    Service,
}

/// What was seen.
pub(super) struct Finding {
    pub(super) status: Status,
    pub(super) view: View,
    word: Word,
}

enum Word {
    Fault(Code, Vec<Value>),
    Damage(Damage),
    Sight(Sight, Vec<Value>),
}

/// A finding in words.
pub(super) struct Said {
    /// The stable code of a fault.
    pub(super) code: Option<&'static str>,
    /// A few words; for what is no fault, all of it.
    pub(super) title: String,
    pub(super) seen: String,
    pub(super) why: String,
    pub(super) next_step: String,
}

impl Finding {
    pub(super) fn ok(sight: Sight, values: Vec<Value>) -> Self {
        Self { status: Status::Ok, view: View::Program, word: Word::Sight(sight, values) }
    }

    pub(super) fn skipped(sight: Sight, values: Vec<Value>) -> Self {
        Self { status: Status::Skipped, view: View::Program, word: Word::Sight(sight, values) }
    }

    /// Another check has to be mended first.
    pub(super) fn after(check: &str) -> Self {
        Self::skipped(Sight::SkippedAfter, vec![("check", check.to_owned())])
    }

    pub(super) fn warning(code: Code, values: Vec<Value>) -> Self {
        Self { status: Status::Warning, view: View::Program, word: Word::Fault(code, values) }
    }

    pub(super) fn error(code: Code, values: Vec<Value>) -> Self {
        Self { status: Status::Error, view: View::Program, word: Word::Fault(code, values) }
    }

    /// The text of a key is not that of a key.
    pub(super) fn damaged(damage: Damage) -> Self {
        Self { status: Status::Error, view: View::Program, word: Word::Damage(damage) }
    }

    pub(super) fn seen_by(self, view: View) -> Self {
        Self { view, ..self }
    }

    pub(super) fn say(&self, language: Language) -> Said {
        match &self.word {
            Word::Fault(code, values) => {
                let Fault { title, seen, why, next_step } = fault(*code, values, language);
                Said { code: Some(code.as_str()), title, seen, why, next_step }
            }
            Word::Damage(what) => {
                let said = damage(what, language);
                let why = why_damaged(what, language);
                Said { code: Some(what.code()), title: said.title, seen: said.cause, why, next_step: said.next_step }
            }
            Word::Sight(what, values) => {
                let seen = sight(*what, values, language);
                Said { code: None, title: seen.clone(), seen, why: String::new(), next_step: String::new() }
            }
        }
    }
}
