//! Subscriptions and their registration keys: what is sold, for how long, and what a key opens at this moment.
//!
//! The state of a subscription and of a key is never stored: it is computed from stored dates and `now`, here, in
//! [`Subscription::phase`] and [`Key::standing`], and put together into what GLPI is told in [`decide_for`].

mod key;
mod note;
mod offer;
mod subscription;
mod term;
mod verdict;

pub use key::{Key, KeyState, MOST_OVERLAP_DAYS, Revocation, Standing, Succession};
pub use note::{Note, notes};
pub use offer::{MOST_GRACE_DAYS, Offer, first_offers};
pub use subscription::{Period, Phase, Subscription};
pub use term::{Term, Unit};
pub use verdict::{KeyEntry, Verdict, WARNING_PERIOD, Warning, decide, decide_for};
