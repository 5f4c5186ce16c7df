//! What GLPI is told about a key at a moment, and why.

use std::sync::Arc;

use super::key::{Key, Standing, Succession};
use super::subscription::{Phase, Subscription};
use crate::Refusal;
use crate::instances::{Holdings, InstanceUid, Notice, Site, Standing as InstanceStanding, UidFault};
use crate::time::{DAY, Date, Millis, Timestamp};

/// How long before the end of a subscription GLPI's own tab begins to say so, in milliseconds: 60 days.
pub const WARNING_PERIOD: Millis = 60 * DAY;

/// One key with all that a verdict about it needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyEntry {
    /// The key.
    pub key: Key,
    /// What it opens.
    pub subscription: Subscription,
    /// The name of the customer who holds it.
    pub owner: Arc<str>,
    /// The GLPIs that use it.
    pub holdings: Holdings,
}

/// What a key opens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// Everything: the key is valid and its subscription runs. There may be something to be told in time.
    Open {
        /// Another key takes this one's place, but this one still works.
        succession: Option<Succession>,
        /// The subscription needs a person soon.
        warning: Option<Warning>,
        /// The instance's seat needs a person soon.
        notice: Notice,
    },
    /// Nothing, though the key is true: its subscription does not run.
    Closed(Refusal),
    /// Nothing: the key does not count.
    Refused(Refusal),
}

/// Something that will be wrong if nobody acts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Warning {
    /// The subscription ends within [`WARNING_PERIOD`].
    EndsSoon {
        /// Its last day.
        ends: Date,
    },
    /// The subscription has ended and is in its grace period.
    InGrace {
        /// Its last day, which has passed.
        ended: Date,
        /// The last day on which everything still works.
        until: Date,
    },
}

/// The rule for an instance: what is wrong with the key or its subscription goes before what is wrong with the instance.
/// `None` where it has to be admitted first, which is for the store to write down.
pub fn decide_for(entry: &KeyEntry, asker: Result<InstanceUid, UidFault>, now: Timestamp) -> Option<Verdict> {
    let verdict = decide(entry, now);
    let Verdict::Open { succession, warning, notice: _ } = verdict else { return Some(verdict) };
    let uid = match asker {
        Ok(uid) => uid,
        Err(fault) => return Some(Verdict::Refused(Refusal::InstanceUnnamed { fault })),
    };
    match entry.holdings.standing(&Site::Glpi(uid), now) {
        InstanceStanding::Works(notice) => Some(Verdict::Open { succession, warning, notice }),
        InstanceStanding::Stopped(refusal) => Some(Verdict::Refused(refusal)),
        InstanceStanding::Stranger | InstanceStanding::MayTry => None,
    }
}

/// The rule, whichever instance asks. What is wrong with the key itself goes before what is wrong with its subscription.
pub fn decide(entry: &KeyEntry, now: Timestamp) -> Verdict {
    let succession = match entry.key.standing(now) {
        Standing::Revoked(revocation) => return Verdict::Refused(Refusal::KeyRevoked { at: revocation.at }),
        Standing::Superseded(Succession { by, by_issued, until, by_revoked }) => {
            return Verdict::Refused(Refusal::KeySuperseded { by, by_issued, until, by_revoked });
        }
        Standing::Overlap(succession) => Some(succession),
        Standing::Plain => None,
    };
    match entry.subscription.phase(now) {
        Phase::Scheduled { begins } => Verdict::Refused(Refusal::NotYetBegun { begins }),
        Phase::Running { ends } => {
            let soon = entry.subscription.period.ends_at.since(now) <= WARNING_PERIOD;
            Verdict::Open { succession, warning: soon.then_some(Warning::EndsSoon { ends }), notice: Notice::None }
        }
        Phase::Grace { ended, until } => {
            Verdict::Open { succession, warning: Some(Warning::InGrace { ended, until }), notice: Notice::None }
        }
        Phase::Expired { ended } => Verdict::Closed(Refusal::Expired { ended }),
        Phase::Suspended { since } => Verdict::Closed(Refusal::Suspended { since }),
        Phase::Terminated { since } => Verdict::Closed(Refusal::Terminated { since }),
    }
}

impl Verdict {
    /// GLPI's `is_valid`: the key counts.
    pub fn is_valid(&self) -> bool {
        match self {
            Self::Open { .. } | Self::Closed(_) => true,
            Self::Refused(_) => false,
        }
    }

    /// GLPI's `is_running`, and whether updates and paid plugins are open.
    pub fn is_running(&self) -> bool {
        match self {
            Self::Open { .. } => true,
            Self::Closed(_) | Self::Refused(_) => false,
        }
    }

    /// Its kind in a word: `open`, `closed` or `refused`.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Open { .. } => "open",
            Self::Closed(_) => "closed",
            Self::Refused(_) => "refused",
        }
    }

    /// The stable name of what is to be said, if anything is.
    pub fn code(&self) -> Option<&'static str> {
        match self {
            Self::Open { succession: Some(_), .. } => Some("KEY_OVERLAP"),
            Self::Open { succession: None, warning, notice } => {
                notice.code().or_else(|| warning.map(|warning| warning.code()))
            }
            Self::Closed(refusal) | Self::Refused(refusal) => Some(refusal.code()),
        }
    }
}

impl Warning {
    /// The stable name of the cause.
    pub fn code(&self) -> &'static str {
        match self {
            Self::EndsSoon { .. } => "SUBSCRIPTION_ENDS_SOON",
            Self::InGrace { .. } => "SUBSCRIPTION_IN_GRACE",
        }
    }
}
