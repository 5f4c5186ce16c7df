//! What people are told, in every language Latchkey speaks. Not what is decided, nor how it travels: the rules stand
//! in the domain, and GLPI's field names and status codes above.
//!
//! The words live in `locales/<tag>.ftl`, in Fluent's notation, and are compiled in. The name of an entry is the stable
//! code of the outcome in lower case (`SUBSCRIPTION_EXPIRED` is `subscription-expired`), with a title, a cause and a
//! next step: one sentence each for somebody in a hurry. All texts are plain, on one line, and never empty.
//!
//! The invariant: **every outcome has its words in every language.** A new variant in the domain does not compile here
//! until it says which values its text shows, and the tests compare the files entry by entry.

mod catalogue;
pub mod console;
pub mod doctor;
mod language;
pub mod letters;
mod message;

use latchkey_domain::accounts::Remark;
use latchkey_domain::instances::Notice;
use latchkey_domain::marketplace::GlpiRange;
use latchkey_domain::outgoing::Unanswered;
use latchkey_domain::request::RequestFault;
use latchkey_domain::subscriptions::{KeyEntry, Note, Succession, Verdict, Warning};
use latchkey_domain::time::{Timestamp, Zone};
use latchkey_domain::{Failure, Refusal};
use latchkey_key::Damage;

pub use language::Language;

/// An outcome in words. Plain text, one line each, never empty; dates are written `YYYY-MM-DD`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// A few words, without a full stop.
    pub title: String,
    /// What is so, and why: a sentence.
    pub cause: String,
    /// What the reader can do now: a sentence.
    pub next_step: String,
}

impl Said {
    /// The cause and the next step as one line.
    pub fn line(&self) -> String {
        let Self { title: _, cause, next_step } = self;
        format!("{cause} {next_step}")
    }
}

/// The one line about a key that GLPI shows its administrator. Where the key is open it names what needs attention, and
/// the last day of the subscription if nothing does.
pub fn verdict(verdict: &Verdict, entry: &KeyEntry, language: Language, zone: &Zone) -> String {
    match verdict {
        Verdict::Open { succession: None, warning: None, notice: Notice::None } => {
            message::valid(&entry.subscription.period, language)
        }
        Verdict::Open { succession, warning, notice } => {
            let overlap = succession.as_ref().map(|succession| overlap(succession, language, zone));
            let notice = self::notice(notice, language, zone);
            let warning = warning.as_ref().map(|warning| self::warning(warning, language));
            let lines: Vec<String> = [overlap, notice, warning].iter().flatten().map(Said::line).collect();
            lines.join(" ")
        }
        Verdict::Closed(refusal) | Verdict::Refused(refusal) => self::refusal(refusal, language, zone).line(),
    }
}

/// What is to be said about a key, in parts; of two things, the one that comes first. Nothing where all is well.
pub fn verdict_said(verdict: &Verdict, language: Language, zone: &Zone) -> Option<Said> {
    match verdict {
        Verdict::Open { succession: Some(succession), .. } => Some(overlap(succession, language, zone)),
        Verdict::Open { succession: None, warning, notice } => {
            self::notice(notice, language, zone).or_else(|| warning.map(|warning| self::warning(&warning, language)))
        }
        Verdict::Closed(refusal) | Verdict::Refused(refusal) => Some(self::refusal(refusal, language, zone)),
    }
}

/// Why something is not done. Instants are shown as the day they fall on in `zone`, the vendor's.
pub fn refusal(refusal: &Refusal, language: Language, zone: &Zone) -> Said {
    // An archive has many faults, and all of them the same next step.
    let code = if let Refusal::ArchiveRefused(_) = refusal { message::ARCHIVE } else { refusal.code() };
    catalogue::said(language, code, &message::refusal(refusal, language, zone))
}

/// That a GLPI has a version of a plugin that was withdrawn.
pub fn plugin_withdrawn(plugin: &str, version: &str, language: Language) -> Said {
    catalogue::said(language, message::PLUGIN_WITHDRAWN, &message::plugin_withdrawn(plugin, version))
}

/// The versions of GLPI that a plugin is for, in a few words.
pub fn glpi_range(range: &GlpiRange, language: Language) -> String {
    let (id, args) = message::range(range);
    catalogue::line(language, id, &args)
}

/// What is to be mended or known about a connection to a GLPI. Only operators read it, so it is said in the console's languages.
pub fn remark(remark: Remark, language: Language) -> String {
    console::word(language, message::remark(remark), &[])
}

/// Why a text is not one of our keys, whole and true: the same as for [`Refusal::KeyDamaged`].
pub fn damage(damage: &Damage, language: Language) -> Said {
    catalogue::said(language, damage.code(), &message::damage(damage))
}

/// The few words for a stable code; the code itself where it is not one of ours.
pub fn title(code: &str, language: Language) -> String {
    catalogue::title(language, code).unwrap_or_else(|| code.to_owned())
}

/// What went wrong on our side.
pub fn failure(failure: &Failure, language: Language) -> Said {
    catalogue::said(language, failure.code(), &message::failure(failure))
}

/// Why a request is not taken as it came.
pub fn request(fault: &RequestFault, language: Language) -> Said {
    catalogue::said(language, fault.code(), &message::request(fault))
}

/// Why a request to somebody else was not answered.
pub fn unanswered(unanswered: &Unanswered, language: Language) -> Said {
    catalogue::said(language, unanswered.code(), &message::unanswered(unanswered))
}

/// What will be wrong if nobody acts.
pub fn warning(warning: &Warning, language: Language) -> Said {
    catalogue::said(language, warning.code(), &message::warning(warning))
}

/// What whoever issued a key may not have meant.
pub fn note(note: &Note, language: Language) -> Said {
    catalogue::said(language, note.code(), &message::note(note))
}

/// What the administrator of an instance should know of a move that it is part of, if it is. It ends in the middle of a day,
/// so its end is shown to the minute.
pub fn notice(notice: &Notice, language: Language, zone: &Zone) -> Option<Said> {
    notice.code().map(|code| catalogue::said(language, code, &message::notice(notice, zone)))
}

/// That a plugin is open for a trial, and until when.
pub fn trial(ends_at: Timestamp, language: Language, zone: &Zone) -> Said {
    catalogue::said(language, "TRIAL_RUNNING", &message::trial(ends_at, zone))
}

/// That another key takes this one's place, and until when this one works: to the minute, with the offset of `zone`,
/// since it ends in the middle of a day.
pub fn overlap(succession: &Succession, language: Language, zone: &Zone) -> Said {
    catalogue::said(language, message::OVERLAP, &message::overlap(succession, zone))
}
