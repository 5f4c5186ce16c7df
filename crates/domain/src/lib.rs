//! The rules of Latchkey, and nothing else.
//!
//! Everything here is a function from values to a value: no I/O, no clock (`now` is an argument), no randomness, no
//! words for people. What a rule decides is a value of an enum that the caller has to match in full, so that a new state
//! does not compile until every place has an answer to it.
//!
//! One room per capability: [`subscriptions`], [`instances`] that use them, [`accounts`] that are made in a GLPI, [`invitations`] by which people get them, [`tokens`] for the REST API, [`operators`] for the console,
//! [`enrollment`] for agents that hand in inventories, [`marketplace`] for plugins. What they share stands beside them: [`time`], [`ids`], [`text`], [`clock`], who may be
//! behind an address of a [`network`], for how long data is kept ([`retention`]), why an [`outgoing`] request was not answered, what is wrong with a [`request`] itself, and the one list of reasons why something is not done,
//! [`Refusal`].

pub mod accounts;
pub mod clock;
pub mod enrollment;
mod failure;
pub mod ids;
pub mod instances;
pub mod invitations;
pub mod marketplace;
pub mod network;
pub mod operators;
pub mod outgoing;
mod refusal;
pub mod request;
pub mod retention;
pub mod subscriptions;
pub mod text;
pub mod time;
pub mod tokens;

pub use failure::Failure;
pub use refusal::{MessageFault, Refusal};
