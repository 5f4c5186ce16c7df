//! States in words and colours: the colour never says more than the word.

use latchkey_domain::enrollment::{AgentStanding, KeyStanding};
use latchkey_domain::instances::{Denial, Departure, Place, TrialPhase};
use latchkey_domain::invitations::Closed;
use latchkey_domain::marketplace::{Channel, Release};
use latchkey_domain::subscriptions::{Phase, Revocation, Standing, Succession};
use latchkey_domain::tokens::TokenStanding;
use latchkey_store::invitations::registrations::State as Registered;

use super::list::Cell;
use super::reader::Reader;

pub(super) const GOOD: &str = "bg-green-lt";
pub(super) const CAREFUL: &str = "bg-yellow-lt";
pub(super) const BAD: &str = "bg-red-lt";
const PLAIN: &str = "bg-secondary-lt";

/// A subscription's state.
pub(super) fn phase(reader: &Reader, phase: &Phase) -> Cell {
    let class = match phase {
        Phase::Running { .. } => GOOD,
        Phase::Scheduled { .. } => PLAIN,
        Phase::Grace { .. } | Phase::Suspended { .. } => CAREFUL,
        Phase::Expired { .. } | Phase::Terminated { .. } => BAD,
    };
    Cell::badge(named(reader, phase.name()), class)
}

/// A key's own state.
pub(super) fn standing(reader: &Reader, standing: Standing) -> Cell {
    let class = match standing {
        Standing::Plain => GOOD,
        Standing::Overlap(_) => CAREFUL,
        Standing::Superseded(_) | Standing::Revoked(_) => BAD,
    };
    Cell::badge(named(reader, standing.name()), class)
}

/// The one word that says most of a key: its own where it does not count, else that of its subscription where it does not run.
pub(super) fn of_key(reader: &Reader, own: Standing, of: &Phase) -> Cell {
    match (own, of) {
        (Standing::Revoked(_) | Standing::Superseded(_), _) | (_, Phase::Running { .. }) => standing(reader, own),
        (
            Standing::Plain | Standing::Overlap(_),
            Phase::Scheduled { .. }
            | Phase::Grace { .. }
            | Phase::Expired { .. }
            | Phase::Suspended { .. }
            | Phase::Terminated { .. },
        ) => phase(reader, of),
    }
}

/// Whether a token counts.
pub(super) fn token(reader: &Reader, standing: TokenStanding) -> Cell {
    let class = match standing {
        TokenStanding::Active => GOOD,
        TokenStanding::Expired { .. } | TokenStanding::Revoked { .. } => BAD,
    };
    Cell::badge(named(reader, standing.name()), class)
}

/// Whether an enrollment key lets agents in.
pub(super) fn enrollment(reader: &Reader, standing: KeyStanding) -> Cell {
    let class = match standing {
        KeyStanding::Active => GOOD,
        KeyStanding::Suspended { .. } | KeyStanding::Expired { .. } => CAREFUL,
        KeyStanding::Revoked { .. } => BAD,
    };
    Cell::badge(named(reader, standing.name()), class)
}

/// Whether an agent may hand in inventories.
pub(super) fn agent(reader: &Reader, standing: AgentStanding) -> Cell {
    let class = match standing {
        AgentStanding::Approved => GOOD,
        AgentStanding::Pending { .. } => CAREFUL,
        AgentStanding::Quarantined { .. } => BAD,
    };
    Cell::badge(named(reader, standing.name()), class)
}

/// Whether an invitation may be used.
pub(super) fn invitation(reader: &Reader, may_use: Result<(), Closed>) -> Cell {
    let (name, class) = match may_use {
        Ok(()) => ("open", GOOD),
        Err(closed @ (Closed::NotBegun { .. } | Closed::UsedUp { .. })) => (closed.name(), PLAIN),
        Err(closed @ Closed::Suspended { .. }) => (closed.name(), CAREFUL),
        Err(closed @ (Closed::Expired { .. } | Closed::Revoked { .. })) => (closed.name(), BAD),
    };
    Cell::badge(named(reader, name), class)
}

/// How a registration stands.
pub(super) fn registration(reader: &Reader, state: Registered) -> Cell {
    let class = match state {
        Registered::Complete | Registered::Directory => GOOD,
        Registered::Waiting | Registered::PasswordNeeded => CAREFUL,
        Registered::Incomplete | Registered::Taken => BAD,
        Registered::Erased => PLAIN,
    };
    Cell::badge(named(reader, state.name()), class)
}

/// Whether a message waits, or is dead.
pub(super) fn queued(reader: &Reader, is_dead: bool) -> Cell {
    if is_dead { Cell::badge(named(reader, "dead"), BAD) } else { Cell::badge(named(reader, "waiting"), CAREFUL) }
}

/// Whether a version is given out, and to whom.
pub(super) fn release(reader: &Reader, release: &Release) -> Cell {
    match (release.withdrawn_at, release.channel) {
        (Some(_), _) => Cell::badge(named(reader, "withdrawn"), BAD),
        (None, Channel::Stable) => Cell::badge(named(reader, "stable"), GOOD),
        (None, Channel::PreRelease) => Cell::badge(named(reader, "pre-release"), CAREFUL),
    }
}

/// What an instance has.
pub(super) fn place(reader: &Reader, place: Place) -> Cell {
    let class = match place {
        Place::Seated { .. } | Place::Beside { .. } => GOOD,
        Place::Arriving { .. } => CAREFUL,
        Place::Gone { .. } => PLAIN,
        Place::Refused { .. } => BAD,
    };
    Cell::badge(named(reader, place.name()), class)
}

/// Why an instance has no place, in a sentence.
pub(super) fn about_place(reader: &Reader, place: Place) -> Option<String> {
    let name = match place {
        Place::Seated { .. } | Place::Beside { .. } | Place::Arriving { .. } => return None,
        Place::Gone { why: Departure::Moved, .. } => "about-instance-moved",
        Place::Gone { why: Departure::Released, .. } => "about-instance-released",
        Place::Gone { why: Departure::GivenBack { .. }, .. } => "about-instance-given-back",
        Place::Refused { why: Denial::SeatsTaken, .. } => "about-instance-seats-taken",
        Place::Refused { why: Denial::OthersTaken, .. } => "about-instance-others-taken",
        Place::Refused { why: Denial::OldStayed, .. } => "about-instance-old-stayed",
        Place::Refused { why: Denial::ByPerson, .. } => "about-instance-by-person",
    };
    Some(reader.t_with(name, &[("time", reader.time(place.since()))]))
}

/// Where a trial stands.
pub(super) fn trial(reader: &Reader, phase: TrialPhase) -> Cell {
    let class = match phase {
        TrialPhase::Running => CAREFUL,
        TrialPhase::Ended => BAD,
        TrialPhase::Subscribed(_) => GOOD,
    };
    Cell::badge(named(reader, phase.name()), class)
}

/// What was answered to a question.
pub(super) fn answer(reader: &Reader, verdict: &str, code: &str) -> Cell {
    let class = match verdict {
        "open" if code.is_empty() => GOOD,
        "open" => CAREFUL,
        _ => BAD,
    };
    Cell::badge(cause(reader, code), class)
}

/// The word for a state.
pub(super) fn named(reader: &Reader, state: &str) -> String {
    reader.t(&format!("state-{state}"))
}

/// What a stable code says, in a few words; the code itself where a newer program wrote it.
pub(super) fn cause(reader: &Reader, code: &str) -> String {
    if code.is_empty() { reader.t("all-is-well") } else { latchkey_texts::title(code, reader.language) }
}

/// What matters about a subscription's state, in a sentence.
pub(super) fn about_phase(reader: &Reader, phase: &Phase) -> Option<String> {
    Some(match phase {
        Phase::Running { .. } => return None,
        Phase::Scheduled { begins } => reader.t_with("about-scheduled", &[("day", reader.day(begins))]),
        Phase::Grace { ended, until } => {
            reader.t_with("about-grace", &[("day", reader.day(ended)), ("until", reader.day(until))])
        }
        Phase::Expired { ended } => reader.t_with("about-expired", &[("day", reader.day(ended))]),
        Phase::Suspended { since } => reader.t_with("about-suspended", &[("time", reader.time(since))]),
        Phase::Terminated { since } => reader.t_with("about-terminated", &[("time", reader.time(since))]),
    })
}

/// What matters about a key's state, in a sentence.
pub(super) fn about_standing(reader: &Reader, standing: Standing) -> Option<String> {
    Some(match standing {
        Standing::Plain => return None,
        Standing::Overlap(Succession { until, .. }) => reader.t_with("about-overlap", &[("time", reader.time(until))]),
        Standing::Superseded(Succession { until, .. }) => {
            reader.t_with("about-superseded", &[("time", reader.time(until))])
        }
        Standing::Revoked(Revocation { at, .. }) => reader.t_with("about-revoked", &[("time", reader.time(at))]),
    })
}
