//! Which GLPI, or which site of a plugin, uses a subscription: seats, moves between them, plugins and their trials.
//!
//! The instances of one subscription are its [`Holdings`]. A production instance needs a seat; staging and development do
//! not, and have a limit of their own. Where all seats are taken, a newcomer may open a move: a bounded time in which it
//! works beside the holder. What the move has come to when that time is over is never stored by a clock: it is computed from
//! stored timestamps and `now`, by [`Holdings::at`].
//!
//! The invariant, kept by construction and tried by `tests/seats.rs` over any history and any clock: **outside a move's
//! window two production instances never both hold one seat.**

mod address;
mod environment;
mod face;
mod holdings;
mod plugin;
mod policy;
mod rules;
mod trial;
mod uid;

pub use address::{Address, AddressFault, Patterns};
pub use environment::Environment;
pub use face::{Faces, MANY_RETURNS};
pub use holdings::{Change, Denial, Departure, Holdings, Instance, Move, Notice, Outcome, Place, Site, Standing};
pub use plugin::{Cover, PluginName, SeatedBy};
pub use policy::{MOST_DAYS, MOST_NUMBER, Policy};
pub use rules::{Admission, MOST_REFUSED, Newcomer, Spent, YEAR};
pub use trial::{LONGEST_TRIAL_DAYS, Trial, TrialPhase};
pub use uid::{InstanceUid, UidFault};
