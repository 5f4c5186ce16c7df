//! What happened to a thing, as a line through time: newest first, from the audit log.

use std::collections::HashMap;

use latchkey_domain::ids::OperatorId;
use latchkey_domain::time::{Date, Timestamp};
use latchkey_store::audit::Line;
use latchkey_store::{Done, Reader as Database, operators};
use latchkey_texts::console::is_word;
use serde_json::Value as Json;

use super::reader::Reader;

/// One moment.
#[derive(Debug, Clone)]
pub(crate) struct Moment {
    pub(crate) at: String,
    /// What was done, in a few words.
    pub(crate) what: String,
    /// With which one, where it is another than the page is about.
    pub(crate) href: Option<(String, String)>,
    pub(crate) who: String,
    /// Why.
    pub(crate) reason: Option<String>,
    /// Facts about it.
    pub(crate) facts: Vec<(String, String)>,
}

/// The addresses by which operators sign in, by their ids: the log knows the ids alone.
#[derive(Debug, Clone, Default)]
pub(super) struct People(HashMap<String, String>);

impl People {
    pub(super) fn read(from: &mut Database<'_>) -> Done<Self> {
        let all = operators::list(from)?;
        Ok(Self(all.into_iter().map(|operator| (operator.id.to_string(), operator.email.to_string())).collect()))
    }

    /// The actor of the log that has this address.
    pub(super) fn actor(&self, email: &str) -> Option<String> {
        let known = self.0.iter().find(|(_, known)| known.eq_ignore_ascii_case(email));
        known.map(|(id, _)| format!("operator:{id}"))
    }

    /// Who an actor of the log is, as far as is known here.
    pub(super) fn name(&self, actor: &str) -> String {
        let known = actor.strip_prefix("operator:").filter(|id| id.parse::<OperatorId>().is_ok());
        known.and_then(|id| self.0.get(id)).cloned().unwrap_or_else(|| actor.to_owned())
    }
}

/// Moments of rows, in their order. Those about `own` lead nowhere.
pub(super) fn moments(reader: &Reader, lines: &[Line], people: &People, own: &str) -> Vec<Moment> {
    lines.iter().map(|line| moment(reader, line, people, own)).collect()
}

fn moment(reader: &Reader, line: &Line, people: &People, own: &str) -> Moment {
    let href = (line.subject != own).then(|| place(&line.subject_kind, &line.subject)).flatten();
    Moment {
        at: reader.time(line.at),
        what: action(reader, &line.action),
        href: href.map(|href| (href, short(&line.subject))),
        who: people.name(&line.actor),
        reason: line.reason.clone(),
        facts: facts(reader, &line.detail),
    }
}

/// What was done, in words; as the log has it where a newer program wrote it.
pub(super) fn action(reader: &Reader, action: &str) -> String {
    let name = format!("action-{}", action.replace('.', "-"));
    if is_word(&name) { reader.t(&name) } else { action.to_owned() }
}

/// The page of a thing that the log names.
pub(super) fn place(kind: &str, subject: &str) -> Option<String> {
    let folder = match kind {
        "customer" => "customers",
        "subscription" => "subscriptions",
        "key" => "keys",
        "instance" => "instances",
        "trial" => "trials",
        "offer" => "offers",
        "plugin" => "plugins",
        "signing-key" => "signing-keys",
        "token" => "tokens",
        "enrollment" => "enrollments",
        "agent" => "agents",
        "operator" => "operators",
        "invitation" => "invitations",
        "registration" => "registrations",
        "connection" => "connections",
        _ => return None,
    };
    let plain = subject.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'));
    plain.then(|| format!("/console/{folder}/{subject}"))
}

/// An id as far as people tell it from others by it; its end differs most.
pub(super) fn short(id: &str) -> String {
    match id.len() {
        36 => format!("…{}", &id[24..]),
        _ => id.to_owned(),
    }
}

fn facts(reader: &Reader, detail: &str) -> Vec<(String, String)> {
    let Ok(Json::Object(detail)) = serde_json::from_str(detail) else { return Vec::new() };
    let fact = |(name, value): (&String, &Json)| {
        let word = format!("fact-{}", name.replace('_', "-"));
        let label = if is_word(&word) { reader.t(&word) } else { name.replace('_', " ") };
        let value = match value {
            Json::Null => return None,
            Json::Array(all) if all.is_empty() => return None,
            Json::String(text) => shown(reader, text),
            Json::Array(all) => {
                let words = all.iter().map(|one| one.as_str().map_or_else(|| one.to_string(), str::to_owned));
                words.collect::<Vec<_>>().join(", ")
            }
            Json::Bool(is_so) => reader.t(if *is_so { "yes" } else { "no" }).to_lowercase(),
            Json::Number(_) | Json::Object(_) => value.to_string(),
        };
        Some((in_a_line(&label), value))
    };
    detail.iter().filter_map(fact).collect()
}

/// A label as it stands within a line; one of capitals stays.
fn in_a_line(label: &str) -> String {
    let mut rest = label.chars();
    match (rest.next(), label.chars().nth(1)) {
        (Some(first), Some(second)) if second.is_lowercase() => first.to_lowercase().chain(rest).collect(),
        _ => label.to_owned(),
    }
}

/// Days and instants in the reader's form.
fn shown(reader: &Reader, text: &str) -> String {
    match (Timestamp::parse(text), text.parse::<Date>()) {
        (Some(at), _) => reader.time(at),
        (None, Ok(date)) => reader.day(date),
        (None, Err(_)) => text.to_owned(),
    }
}
