//! What GLPI's agents say on their way through the gateway: how messages are packed, what they are, and what they are told.
//!
//! [`packing`] unpacks within bounds and packs as it was asked; [`message`] reads what a message is from its bytes, JSON
//! ([`json`]) or the old XML ([`xml`]), without taking it apart; [`answer`] writes our own answers and reads GLPI's.
//!
//! Invariant: whatever bytes arrive, reading ends, within bounds, with a value; and what is forwarded is what came, byte
//! by byte, but for the tag where a policy has one.

pub mod answer;
pub mod check;
pub mod headers;
pub mod json;
pub mod message;
pub mod packing;
pub mod paths;
pub mod xml;

pub use message::{Message, What};
pub use packing::Packing;

/// How a message is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// As agents from 1.0 on speak.
    Json,
    /// As FusionInventory did, and agents still do at first.
    Xml,
}
