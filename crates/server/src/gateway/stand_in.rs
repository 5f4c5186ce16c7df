//! Answering in the place of a GLPI that does not: with what it last told this agent, else with what lets it go on.

use std::hash::{BuildHasher as _, BuildHasherDefault, DefaultHasher};

use axum::http::StatusCode;
use axum::response::Response;
use latchkey_glpi::agent::answer::{self, Heard};
use latchkey_glpi::agent::{Format, What};

use super::roll::Member;
use super::told::Manner;

/// When agents come again that GLPI never told when, in hours: each its own, so that not all come at once.
const HOURS: std::ops::Range<u64> = 20..28;

/// Answers an agent.
pub(super) fn answer(member: Option<&Member>, what: What, message: Format, manner: Manner) -> Response {
    let kept = member.and_then(|member| place(what).and_then(|at| member.look().answers[at].clone()));
    if let Some(kept) = kept {
        let manner = Manner { format: answer::format_of(kept.as_bytes()), ..manner };
        return manner.say(StatusCode::OK, kept.as_bytes());
    }
    let hours = hours(member);
    let words = match (what, manner.format, message) {
        (What::Prolog, Format::Xml, _) => answer::in_place_of_old_glpi(hours),
        _ => answer::in_place_of_glpi(what, manner.format, hours),
    };
    manner.say(StatusCode::OK, &words)
}

/// Keeps what GLPI told an agent, where it may be said again. True where it is new.
pub(super) fn remember(member: &Member, what: What, heard: &Heard) -> bool {
    let Some(at) = place(what).filter(|_| heard.good) else { return false };
    let Ok(text) = std::str::from_utf8(&heard.body) else { return false };
    // As long as no answer of GLPI is.
    if text.len() > 16 << 10 || text.contains('\0') {
        return false;
    }
    let mut now = member.look();
    if now.answers[at].as_deref() == Some(text) {
        return false;
    }
    now.answers[at] = Some(text.to_owned());
    true
}

fn place(what: What) -> Option<usize> {
    match what {
        What::Prolog => Some(0),
        What::Contact => Some(1),
        What::Inventory { .. } | What::Task | What::Question => None,
    }
}

fn hours(member: Option<&Member>) -> u32 {
    let spread = HOURS.end - HOURS.start;
    let of = member.map_or(0, |member| BuildHasherDefault::<DefaultHasher>::default().hash_one(member.id.0.as_bytes()));
    u32::try_from(HOURS.start + of % spread).unwrap_or(24)
}
