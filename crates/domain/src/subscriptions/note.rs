//! What whoever issued a key may not have meant. Nothing of it is wrong, so nothing is refused.

use super::subscription::{Phase, Subscription};
use crate::ids::SubscriptionId;
use crate::time::{Date, Timestamp};

/// One thing to know about a key that was issued just now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Note {
    /// The subscription was sold beside another one of the same customer to the same offer, which is not over.
    SecondSubscription {
        /// The other one.
        other: SubscriptionId,
        /// Its last day.
        ends: Date,
    },
    /// The subscription that was sold began on a day before today.
    BeganBefore {
        /// Its first day.
        begins: Date,
    },
    /// The subscription is over already, or in its grace period.
    OverAlready {
        /// Its last day.
        ended: Date,
        /// The last day on which the key still works, if it works at all.
        until: Option<Date>,
    },
}

/// What there is to say about a key to `subscription` that is issued at `now`, the vendor's `today`. `sold` says that the
/// subscription was made with it, and `beside` which other one the customer had.
pub fn notes(
    subscription: &Subscription,
    sold: bool,
    beside: Option<&Subscription>,
    today: Date,
    now: Timestamp,
) -> Vec<Note> {
    let second =
        beside.filter(|_| sold).map(|other| Note::SecondSubscription { other: other.id, ends: other.period.ends });
    let begins = subscription.period.begins;
    let dates = match subscription.phase(now) {
        Phase::Grace { ended, until } => Some(Note::OverAlready { ended, until: Some(until) }),
        Phase::Expired { ended } => Some(Note::OverAlready { ended, until: None }),
        Phase::Running { .. } if sold && begins < today => Some(Note::BeganBefore { begins }),
        Phase::Running { .. } | Phase::Scheduled { .. } | Phase::Suspended { .. } | Phase::Terminated { .. } => None,
    };
    second.into_iter().chain(dates).collect()
}

impl Note {
    /// Its stable name.
    pub fn code(&self) -> &'static str {
        match self {
            Self::SecondSubscription { .. } => "SUBSCRIPTION_BESIDE_ANOTHER",
            Self::BeganBefore { .. } => "SUBSCRIPTION_BEGAN_BEFORE",
            Self::OverAlready { .. } => "SUBSCRIPTION_OVER_ALREADY",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::CustomerId;
    use crate::subscriptions::{Offer, Period, Term, Unit};
    use crate::time::Zone;
    use jiff::civil::date;
    use uuid::Uuid;

    fn sold(number: u128, begins: Date) -> Subscription {
        let offer = Offer::new("basic", "Basic", 14).unwrap();
        let term = Term::new(1, Unit::Years).unwrap();
        Subscription {
            id: SubscriptionId(Uuid::from_u128(number)),
            customer: CustomerId(Uuid::from_u128(9)),
            period: Period::starting(begins, term, &offer, &Zone::utc()).unwrap(),
            offer: offer.reference,
            seats: 1,
            suspended_at: None,
            terminated_at: None,
        }
    }

    #[test]
    fn a_sale_that_may_not_be_meant_is_noted() {
        let today = date(2026, 11, 22);
        let now = Zone::utc().start_of(today).plus(1);
        let notes = |begins, sold_now, beside| notes(&sold(1, begins), sold_now, beside, today, now);
        let before = |begins| vec![Note::BeganBefore { begins }];
        assert_eq!(notes(today, true, None), []);
        assert_eq!(notes(date(2026, 11, 23), true, None), []);
        assert_eq!(notes(date(2026, 11, 21), true, None), before(date(2026, 11, 21)));
        assert_eq!(notes(date(2026, 11, 21), false, None), [], "it was sold on another day");
        let (ended, until) = (date(2026, 11, 21), Some(date(2026, 12, 5)));
        assert_eq!(notes(date(2025, 11, 22), true, None), [Note::OverAlready { ended, until }]);
        let ended = date(2021, 11, 21);
        assert_eq!(notes(date(2020, 11, 22), false, None), [Note::OverAlready { ended, until: None }]);
        let other = sold(2, date(2026, 11, 1));
        let second = Note::SecondSubscription { other: other.id, ends: date(2027, 10, 31) };
        assert_eq!(notes(today, true, Some(&other)), [second]);
        assert_eq!(notes(today, false, Some(&other)), [], "the key went to the one that was there");
    }
}
