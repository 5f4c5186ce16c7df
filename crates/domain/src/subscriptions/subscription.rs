//! One subscription and its state machine.
//!
//! ```text
//! scheduled ──▶ running ──▶ grace ──▶ expired       by dates alone, as `now` goes on
//!     └────────────┴──────────┴─────────┘
//!        │ suspend ▲ resume      │ renew: a later end date, and with it an earlier state
//!        ▼         │             ▼
//!      suspended ──┘         terminated             by terminate, from any state, for good
//! ```

use jiff::ToSpan as _;

use super::offer::Offer;
use super::term::Term;
use crate::Refusal;
use crate::ids::{CustomerId, SubscriptionId};
use crate::text::OfferRef;
use crate::time::{Date, Timestamp, Zone, day_after};

/// What a customer has bought, and what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subscription {
    /// Its id.
    pub id: SubscriptionId,
    /// Who holds it.
    pub customer: CustomerId,
    /// What was sold.
    pub offer: OfferRef,
    /// From when to when.
    pub period: Period,
    /// How many production instances may use it.
    pub seats: u32,
    /// Since when it is suspended, if it is.
    pub suspended_at: Option<Timestamp>,
    /// Since when it is terminated, if it is.
    pub terminated_at: Option<Timestamp>,
}

/// A period of days with the instants that they stand for in the vendor's zone.
///
/// Both are stored: the dates are what was sold and what people read, the instants are what decides, also after the
/// configured zone was changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Period {
    /// The first day.
    pub begins: Date,
    /// The last day, inclusive.
    pub ends: Date,
    /// The last day of the grace period; `ends` where there is none.
    pub grace_ends: Date,
    /// The first instant of the first day.
    pub begins_at: Timestamp,
    /// The first instant after the last day.
    pub ends_at: Timestamp,
    /// The first instant after the last day of the grace period.
    pub grace_ends_at: Timestamp,
}

/// Where a subscription stands at a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// It has not begun.
    Scheduled {
        /// Its first day.
        begins: Date,
    },
    /// It runs.
    Running {
        /// Its last day.
        ends: Date,
    },
    /// It is over, but everything still works for a while.
    Grace {
        /// Its last day, which has passed.
        ended: Date,
        /// The last day on which everything still works.
        until: Date,
    },
    /// It is over.
    Expired {
        /// Its last day.
        ended: Date,
    },
    /// Somebody has stopped it for the time being.
    Suspended {
        /// Since when.
        since: Timestamp,
    },
    /// Somebody has ended it for good.
    Terminated {
        /// Since when.
        since: Timestamp,
    },
}

impl Subscription {
    /// Where it stands at `now`. What somebody decided goes before what the calendar says.
    pub fn phase(&self, now: Timestamp) -> Phase {
        let Period { begins, ends, grace_ends, begins_at, ends_at, grace_ends_at } = self.period;
        if let Some(since) = self.terminated_at {
            Phase::Terminated { since }
        } else if let Some(since) = self.suspended_at {
            Phase::Suspended { since }
        } else if now < begins_at {
            Phase::Scheduled { begins }
        } else if now < ends_at {
            Phase::Running { ends }
        } else if now < grace_ends_at {
            Phase::Grace { ended: ends, until: grace_ends }
        } else {
            Phase::Expired { ended: ends }
        }
    }

    /// The period after a renewal: it goes on from the end date, without a gap; where the subscription has lapsed, grace
    /// and all, a new period begins today. Suspended subscriptions can be renewed, and stay suspended.
    pub fn renewed(&self, term: Term, offer: &Offer, zone: &Zone, now: Timestamp) -> Result<Period, Refusal> {
        self.not_terminated()?;
        if now >= self.period.grace_ends_at {
            Period::starting(zone.date_of(now), term, offer, zone)
        } else {
            let ends = term.last_day_after(self.period.ends)?;
            Period::new(self.period.begins, ends, offer.grace_days, zone)
        }
    }

    /// Whether it may be suspended.
    pub fn may_suspend(&self) -> Result<(), Refusal> {
        self.not_terminated()?;
        match self.suspended_at {
            Some(since) => Err(Refusal::AlreadySuspended { since }),
            None => Ok(()),
        }
    }

    /// Whether it may be resumed.
    pub fn may_resume(&self) -> Result<(), Refusal> {
        self.not_terminated()?;
        match self.suspended_at {
            Some(_) => Ok(()),
            None => Err(Refusal::NotSuspended { subscription: self.id }),
        }
    }

    /// Whether anything may still be done with it.
    pub fn not_terminated(&self) -> Result<(), Refusal> {
        match self.terminated_at {
            Some(since) => Err(Refusal::AlreadyTerminated { since }),
            None => Ok(()),
        }
    }
}

impl Period {
    /// A period of one term from a first day.
    pub fn starting(begins: Date, term: Term, offer: &Offer, zone: &Zone) -> Result<Self, Refusal> {
        Self::new(begins, term.last_day(begins)?, offer.grace_days, zone)
    }

    /// A period from day to day, with its grace days.
    pub fn new(begins: Date, ends: Date, grace_days: u32, zone: &Zone) -> Result<Self, Refusal> {
        if begins.year() < 1970 || ends < begins {
            return Err(Refusal::DateInvalid { given: begins.to_string() });
        }
        let grace_ends = ends.checked_add(i64::from(grace_days).days()).map_err(|_| Refusal::TermInvalid)?;
        let start_of_next = |date| Ok(zone.start_of(day_after(date).ok_or(Refusal::TermInvalid)?));
        Ok(Self {
            begins,
            ends,
            grace_ends,
            begins_at: zone.start_of(begins),
            ends_at: start_of_next(ends)?,
            grace_ends_at: start_of_next(grace_ends)?,
        })
    }
}

impl Phase {
    /// The state's name, as commands and the API print it.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Scheduled { .. } => "scheduled",
            Self::Running { .. } => "running",
            Self::Grace { .. } => "grace",
            Self::Expired { .. } => "expired",
            Self::Suspended { .. } => "suspended",
            Self::Terminated { .. } => "terminated",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::subscriptions::Unit;
    use jiff::civil::date;
    use uuid::Uuid;

    fn paris() -> Zone {
        Zone::named("Europe/Paris").unwrap()
    }

    fn offer(grace_days: u32) -> Offer {
        Offer::new("basic", "Basic", grace_days).unwrap()
    }

    fn year(grace_days: u32) -> Subscription {
        let term = Term::new(1, Unit::Years).unwrap();
        Subscription {
            id: SubscriptionId(Uuid::from_u128(1)),
            customer: CustomerId(Uuid::from_u128(2)),
            offer: OfferRef::parse("basic").unwrap(),
            period: Period::starting(date(2026, 3, 1), term, &offer(grace_days), &paris()).unwrap(),
            seats: 1,
            suspended_at: None,
            terminated_at: None,
        }
    }

    #[test]
    fn each_boundary_is_exact_to_the_millisecond() {
        let subscription = year(14);
        let Period { begins_at, ends_at, grace_ends_at, ends, .. } = subscription.period;
        assert_eq!(ends, date(2027, 2, 28));
        assert_eq!(begins_at.to_string(), "2026-02-28T23:00:00.000Z");
        assert_eq!(ends_at.to_string(), "2027-02-28T23:00:00.000Z");
        for (at, name) in [
            (begins_at.plus(-1), "scheduled"),
            (begins_at, "running"),
            (ends_at.plus(-1), "running"),
            (ends_at, "grace"),
            (grace_ends_at.plus(-1), "grace"),
            (grace_ends_at, "expired"),
        ] {
            assert_eq!(subscription.phase(at).name(), name, "{at}");
        }
    }

    #[test]
    fn without_grace_the_end_is_the_end() {
        let subscription = year(0);
        assert_eq!(subscription.phase(subscription.period.ends_at).name(), "expired");
    }

    #[test]
    fn a_renewal_leaves_no_gap_until_it_has_lapsed() {
        let subscription = year(14);
        let term = Term::new(1, Unit::Years).unwrap();
        let renewed = |now| subscription.renewed(term, &offer(14), &paris(), now).unwrap();
        let last_moment = subscription.period.grace_ends_at.plus(-1);
        assert_eq!((renewed(last_moment).begins, renewed(last_moment).ends), (date(2026, 3, 1), date(2028, 2, 29)));
        let lapsed = subscription.period.grace_ends_at;
        assert_eq!((renewed(lapsed).begins, renewed(lapsed).ends), (date(2027, 3, 15), date(2028, 3, 14)));
    }

    #[test]
    fn what_somebody_decided_goes_before_the_calendar() {
        let now = year(14).period.begins_at;
        let suspended = Subscription { suspended_at: Some(now), ..year(14) };
        assert_eq!(suspended.phase(now.plus(-1)).name(), "suspended");
        let terminated = Subscription { terminated_at: Some(now), ..suspended };
        assert_eq!(terminated.phase(now).name(), "terminated");
        assert_eq!(terminated.may_resume(), Err(Refusal::AlreadyTerminated { since: now }));
    }
}
