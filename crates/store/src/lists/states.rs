//! The domain's states as conditions on what is stored.

use latchkey_domain::time::{DAY, Date, Timestamp, Zone};

use super::Question;

/// Where a subscription stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SubscriptionIs {
    /// It has not begun.
    Scheduled,
    /// It runs.
    Running,
    /// It is over, but everything still works for a while.
    Grace,
    /// It is over.
    Expired,
    /// It was stopped for the time being.
    Suspended,
    /// It was ended for good.
    Terminated,
}

/// Whether a key counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyIs {
    /// It counts.
    Active,
    /// It counts beside the one that takes its place.
    Overlap,
    /// It counts: one of the two above.
    Working,
    /// Another one has taken its place.
    Superseded,
    /// It was withdrawn.
    Revoked,
}

/// Last days of subscriptions, both inclusive.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Ends {
    /// Not before this day.
    pub from: Option<Date>,
    /// Not after this day.
    pub until: Option<Date>,
}

impl SubscriptionIs {
    /// All there are.
    pub const ALL: [Self; 6] =
        [Self::Scheduled, Self::Running, Self::Grace, Self::Expired, Self::Suspended, Self::Terminated];

    /// The name, as commands and the API print it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Scheduled => "scheduled",
            Self::Running => "running",
            Self::Grace => "grace",
            Self::Expired => "expired",
            Self::Suspended => "suspended",
            Self::Terminated => "terminated",
        }
    }

    pub(super) fn lets_pass(self, question: &mut Question, now: Timestamp) {
        let by_dates = match self {
            Self::Scheduled => "s.begins_at > $now",
            Self::Running => "s.begins_at <= $now AND s.ends_at > $now",
            Self::Grace => "s.begins_at <= $now AND s.ends_at <= $now AND s.grace_ends_at > $now",
            Self::Expired => "s.begins_at <= $now AND s.ends_at <= $now AND s.grace_ends_at <= $now",
            Self::Suspended => {
                question.and("s.suspended_at IS NOT NULL AND s.terminated_at IS NULL");
                return;
            }
            Self::Terminated => {
                question.and("s.terminated_at IS NOT NULL");
                return;
            }
        };
        question.and("s.terminated_at IS NULL AND s.suspended_at IS NULL").and(by_dates).bind("now", now);
    }
}

impl KeyIs {
    /// All there are.
    pub const ALL: [Self; 5] = [Self::Active, Self::Overlap, Self::Working, Self::Superseded, Self::Revoked];

    /// The name, as commands and the API print it; `working` for either state in which a key counts.
    pub fn name(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Overlap => "overlap",
            Self::Working => "working",
            Self::Superseded => "superseded",
            Self::Revoked => "revoked",
        }
    }

    /// Whether most keys are so in any installation.
    pub(super) fn is_usual(self) -> bool {
        match self {
            Self::Active | Self::Working => true,
            Self::Overlap | Self::Superseded | Self::Revoked => false,
        }
    }

    pub(super) fn lets_pass(self, question: &mut Question, now: Timestamp) {
        match self {
            Self::Active => question.and("k.revoked_at IS NULL AND k.superseded_until IS NULL"),
            Self::Overlap => question
                .and("k.superseded_until IS NOT NULL AND k.superseded_until > $now AND k.revoked_at IS NULL")
                .bind("now", now),
            Self::Working => question
                .and("k.revoked_at IS NULL AND (k.superseded_until IS NULL OR k.superseded_until > $now)")
                .bind("now", now),
            Self::Superseded => question
                .and("k.superseded_until IS NOT NULL AND k.superseded_until <= $now AND k.revoked_at IS NULL")
                .bind("now", now),
            Self::Revoked => question.and("k.revoked_at IS NOT NULL"),
        };
    }
}

impl Ends {
    pub(super) fn is_any(self) -> bool {
        self.from.is_none() && self.until.is_none()
    }

    /// The days decide. The instants, wider by more than any zone's distance, say where in the index they are.
    pub(super) fn lets_pass(self, question: &mut Question) {
        let midnight = |date: Date| Zone::utc().start_of(date);
        if let Some(from) = self.from {
            question.and("s.ends >= $ends_from AND s.ends_at >= $ends_from_at");
            question.bind("ends_from", from).bind("ends_from_at", midnight(from));
        }
        if let Some(until) = self.until {
            question.and("s.ends <= $ends_until AND s.ends_at <= $ends_until_at");
            question.bind("ends_until", until).bind("ends_until_at", midnight(until).plus(2 * DAY));
        }
    }
}
