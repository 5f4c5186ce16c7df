//! What a vendor sells.

use crate::Refusal;
use crate::instances::{Cover, LONGEST_TRIAL_DAYS, Policy};
use crate::text::{Name, OfferRef};

/// The longest grace period that an offer may give, in days.
pub const MOST_GRACE_DAYS: u32 = 366;

/// One offer. Its reference never changes; subscriptions name it by that.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    /// How GLPI's plugins name it (`offer_reference`, `required_offers`).
    pub reference: OfferRef,
    /// How people read it.
    pub title: Name,
    /// For how many days after the end of a subscription everything goes on, with a warning.
    pub grace_days: u32,
    /// What it allows of seats and moves.
    pub policy: Policy,
    /// The plugins that it opens.
    pub cover: Cover,
}

impl Offer {
    /// An offer as somebody asked for it, or what is wrong with it. It allows what is usual, and opens no plugins.
    pub fn new(reference: &str, title: &str, grace_days: u32) -> Result<Self, Refusal> {
        if grace_days > MOST_GRACE_DAYS {
            return Err(Refusal::DaysInvalid { field: "grace days", most: MOST_GRACE_DAYS });
        }
        Ok(Self {
            reference: OfferRef::parse(reference)?,
            title: Name::parse("title", title)?,
            grace_days,
            policy: Policy::default(),
            cover: Cover::default(),
        })
    }

    /// The same offer with another policy, or what is wrong with that.
    pub fn allowing(self, policy: Policy) -> Result<Self, Refusal> {
        Ok(Self { policy: policy.checked()?, ..self })
    }

    /// The same offer opening other plugins, or what is wrong with them.
    pub fn opening(self, mut cover: Cover) -> Result<Self, Refusal> {
        if cover.trial_days > LONGEST_TRIAL_DAYS {
            return Err(Refusal::DaysInvalid { field: "trial days", most: LONGEST_TRIAL_DAYS });
        }
        cover.plugins.sort_unstable();
        cover.plugins.dedup();
        Ok(Self { cover, ..self })
    }
}

/// The offers that exist from the first start: reference, title, grace days. They carry the references that plugins in
/// GLPI's public catalogue already use in `required_offers`.
pub fn first_offers() -> [(&'static str, &'static str, u32); 4] {
    [("free", "Free", 0), ("basic", "Basic", 14), ("standard", "Standard", 14), ("advanced", "Advanced", 14)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_offers_are_well_formed() {
        for (reference, title, grace_days) in first_offers() {
            assert!(Offer::new(reference, title, grace_days).is_ok(), "{reference}");
        }
    }

    #[test]
    fn grace_has_a_limit() {
        assert_eq!(
            Offer::new("basic", "Basic", MOST_GRACE_DAYS + 1),
            Err(Refusal::DaysInvalid { field: "grace days", most: MOST_GRACE_DAYS })
        );
    }
}
