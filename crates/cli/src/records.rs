//! How keys, subscriptions and what happened to them look: as JSON members, and as facts and rows for people.
//!
//! Members are the same wherever a thing is printed. Instants are RFC 3339 in UTC, dates are `YYYY-MM-DD`.

use latchkey_domain::subscriptions::{Key, Phase, Revocation, Standing, Subscription, Succession};
use latchkey_domain::time::Timestamp;
use latchkey_server::records;
use latchkey_store::audit::Line;
use latchkey_store::questions::Asked;
use latchkey_store::subscriptions::customers::Customer;
use serde::Serialize;
use serde_json::{Map, Value as Json};

use crate::printer::{Page, Tone};

/// Facts, as [`Page::facts`] takes them.
pub(crate) type Facts = Vec<(&'static str, Option<String>)>;

/// A subscription's members.
pub(crate) fn subscription(subscription: &Subscription, customer: &str, now: Timestamp) -> Map<String, Json> {
    members(json(&records::Subscription::new(subscription, customer, now)))
}

/// A key's members, with those of what it opens; `state` is the key's own.
pub(crate) fn key(key: &Key, opens: &Subscription, customer: &str, now: Timestamp) -> Map<String, Json> {
    members(json(&records::Key::new(key, opens, customer, now)))
}

/// What happened, oldest first.
pub(crate) fn history(lines: &[Line]) -> Json {
    lines.iter().map(|line| json(&records::AuditLine::new(line))).collect()
}

/// A record that the API prints, too. None of them can fail to be JSON.
pub(crate) fn json(record: &impl Serialize) -> Json {
    serde_json::to_value(record).unwrap_or_default()
}

/// A subscription for people.
pub(crate) fn subscription_facts(subscription: &Subscription, customer: &Customer, now: Timestamp) -> Facts {
    let Subscription { id, customer: _, offer, period, seats, suspended_at: _, terminated_at: _ } = subscription;
    vec![
        ("subscription", Some(id.to_string())),
        ("customer", Some(customer.name.to_string())),
        ("offer", Some(offer.to_string())),
        ("first day", Some(period.begins.to_string())),
        ("last day", Some(period.ends.to_string())),
        ("grace until", (period.grace_ends != period.ends).then(|| period.grace_ends.to_string())),
        ("seats", (*seats != 1).then(|| seats.to_string())),
        ("state", Some(phase(&subscription.phase(now)))),
    ]
}

/// A key's state in its colour, with what matters about it.
pub(crate) fn standing(standing: Standing) -> String {
    let (tone, more) = match standing {
        Standing::Plain => (Tone::Good, String::new()),
        Standing::Overlap(succession) => {
            (Tone::Careful, format!(": works until {}, {}", instant(succession.until), replaced(&succession)))
        }
        Standing::Superseded(succession) => {
            (Tone::Bad, format!(" since {}, {}", instant(succession.until), replaced(&succession)))
        }
        Standing::Revoked(Revocation { at, successor: None }) => (Tone::Bad, format!(" since {}", instant(at))),
        Standing::Revoked(Revocation { at, successor: Some(by) }) => {
            (Tone::Bad, format!(" since {}, replaced by {by}", instant(at)))
        }
    };
    format!("{}{more}", tone.paint(standing.name()))
}

fn replaced(Succession { by, by_revoked, .. }: &Succession) -> String {
    let lost = if *by_revoked { ", which was revoked" } else { "" };
    format!("replaced by {by}{lost}")
}

/// A subscription's state in its colour, with what matters about it.
pub(crate) fn phase(phase: &Phase) -> String {
    let more = match phase {
        Phase::Scheduled { begins } => format!(": begins on {begins}"),
        Phase::Running { .. } => String::new(),
        Phase::Grace { ended, until } => format!(": ended on {ended}, goes on until {until}"),
        Phase::Expired { ended } => format!(": ended on {ended}"),
        Phase::Suspended { since } | Phase::Terminated { since } => format!(" since {}", instant(*since)),
    };
    format!("{}{more}", phase_tone(phase).paint(phase.name()))
}

/// The colour of a subscription's state.
pub(crate) fn phase_tone(phase: &Phase) -> Tone {
    match phase {
        Phase::Running { .. } => Tone::Good,
        Phase::Scheduled { .. } | Phase::Grace { .. } | Phase::Suspended { .. } => Tone::Careful,
        Phase::Expired { .. } | Phase::Terminated { .. } => Tone::Bad,
    }
}

/// The colour of a key's state.
pub(crate) fn standing_tone(standing: Standing) -> Tone {
    match standing {
        Standing::Plain => Tone::Good,
        Standing::Overlap(_) => Tone::Careful,
        Standing::Superseded(_) | Standing::Revoked(_) => Tone::Bad,
    }
}

/// The history of one thing, for people.
pub(crate) fn history_table(page: &mut Page, lines: &[Line]) {
    let rows = lines
        .iter()
        .map(|line| {
            vec![
                (instant(line.at), Tone::Faint),
                (line.action.clone(), Tone::Plain),
                (line.actor.clone(), Tone::Plain),
                (about(line), Tone::Plain),
            ]
        })
        .collect();
    page.table(&["when", "what", "who", "about it"], &[3], rows);
}

/// The latest questions about a key.
pub(crate) fn questions(asked: &[Asked]) -> Json {
    asked.iter().map(|asked| json(&records::Question::new(asked))).collect()
}

/// The latest questions about a key, for people.
pub(crate) fn questions_table(page: &mut Page, asked: &[Asked]) {
    let rows = asked
        .iter()
        .map(|asked| {
            let tone = match asked.verdict.as_str() {
                "open" => Tone::Good,
                _ => Tone::Bad,
            };
            let or = |text: &str, other: &str| if text.is_empty() { other.to_owned() } else { text.to_owned() };
            vec![
                (instant(asked.at), Tone::Faint),
                (asked.times.to_string(), Tone::Plain),
                (or(&asked.code, &asked.verdict), tone),
                (asked.address.clone(), Tone::Plain),
                (or(&asked.version, "-"), Tone::Plain),
                (or(&asked.instance, "-"), Tone::Plain),
            ]
        })
        .collect();
    page.table(&["asked", "times", "answer", "from", "GLPI", "instance"], &[5], rows);
}

/// Why, and the facts that were written down with it, in a few words.
pub(crate) fn about(line: &Line) -> String {
    let mut parts: Vec<String> = line.reason.iter().map(|reason| format!("“{reason}”")).collect();
    if let Ok(Json::Object(detail)) = serde_json::from_str(&line.detail) {
        parts.extend(detail.iter().filter(|(_, value)| !value.is_null()).map(|(name, value)| match value {
            Json::String(text) => format!("{}: {text}", name.replace('_', " ")),
            Json::Bool(_) | Json::Number(_) | Json::Array(_) | Json::Object(_) | Json::Null => {
                format!("{}: {value}", name.replace('_', " "))
            }
        }));
    }
    parts.join(", ")
}

/// To the second, in UTC: people do not read milliseconds.
pub(crate) fn instant(at: Timestamp) -> String {
    let text = at.to_string();
    match text.split_once('.') {
        Some((seconds, _)) => format!("{seconds}Z"),
        None => text,
    }
}

/// The members of an object.
pub(crate) fn members(mut json: Json) -> Map<String, Json> {
    json.as_object_mut().map(std::mem::take).unwrap_or_default()
}
