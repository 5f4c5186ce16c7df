//! Trying a plugin without a key: once per plugin and instance.

use super::{InstanceUid, PluginName};
use crate::Refusal;
use crate::ids::{SubscriptionId, TrialId};
use crate::time::{DAY, Timestamp};

/// The longest time for which a trial may be given or extended at a time, in days.
pub const LONGEST_TRIAL_DAYS: u32 = 366;

/// What is kept of a trial. It stays when it is over, so that it is never begun again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trial {
    /// Its id.
    pub id: TrialId,
    /// What is tried.
    pub plugin: PluginName,
    /// By which GLPI.
    pub uid: InstanceUid,
    /// Since when.
    pub started_at: Timestamp,
    /// Until when.
    pub ends_at: Timestamp,
    /// The subscription that it was turned into, if it was.
    pub subscription: Option<SubscriptionId>,
}

/// Where a trial stands at a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TrialPhase {
    /// It runs.
    Running,
    /// It is over.
    Ended,
    /// A subscription has taken its place, which decides from then on; until the trial's own end both open the plugin.
    Subscribed(SubscriptionId),
}

impl Trial {
    /// When a trial ends that begins at `now`.
    pub fn ends(now: Timestamp, days: u32) -> Timestamp {
        now.plus(i64::from(days) * DAY)
    }

    /// Where it stands at `now`.
    pub fn phase(&self, now: Timestamp) -> TrialPhase {
        match self.subscription {
            Some(subscription) => TrialPhase::Subscribed(subscription),
            None if self.runs(now) => TrialPhase::Running,
            None => TrialPhase::Ended,
        }
    }

    /// Whether its own time is not over.
    pub fn runs(&self, now: Timestamp) -> bool {
        now < self.ends_at
    }

    /// Its end after somebody has given it so many days more: from its end, or from `now` where it is over.
    pub fn extended(&self, days: u32, now: Timestamp) -> Result<Timestamp, Refusal> {
        if !(1..=LONGEST_TRIAL_DAYS).contains(&days) {
            return Err(Refusal::NumberInvalid { field: "days", least: 1, most: LONGEST_TRIAL_DAYS });
        }
        match self.subscription {
            Some(subscription) => Err(Refusal::TrialSubscribed { subscription }),
            None => Ok(self.ends_at.max(now).plus(i64::from(days) * DAY)),
        }
    }
}

impl TrialPhase {
    /// The state's name, as commands and the API print it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Ended => "ended",
            Self::Subscribed(_) => "subscribed",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn at(days: i64) -> Timestamp {
        Timestamp::from_millis(1_800_000_000_000 + days * DAY)
    }

    fn trial() -> Trial {
        Trial {
            id: TrialId(Uuid::from_u128(1)),
            plugin: PluginName::parse("demo").unwrap(),
            uid: InstanceUid::parse(&[b'a'; 40]).unwrap(),
            started_at: at(0),
            ends_at: Trial::ends(at(0), 30),
            subscription: None,
        }
    }

    #[test]
    fn a_trial_ends_to_the_millisecond() {
        assert_eq!(trial().phase(at(30).plus(-1)), TrialPhase::Running);
        assert_eq!(trial().phase(at(30)), TrialPhase::Ended);
    }

    #[test]
    fn support_gives_days_from_the_end_or_from_today() {
        assert_eq!(trial().extended(10, at(5)), Ok(at(40)));
        assert_eq!(trial().extended(10, at(50)), Ok(at(60)));
        assert!(trial().extended(0, at(5)).is_err() && trial().extended(367, at(5)).is_err());
        let subscription = SubscriptionId(Uuid::from_u128(2));
        let sold = Trial { subscription: Some(subscription), ..trial() };
        assert_eq!(sold.extended(10, at(5)), Err(Refusal::TrialSubscribed { subscription }));
        assert_eq!(sold.phase(at(99)), TrialPhase::Subscribed(subscription));
    }
}
