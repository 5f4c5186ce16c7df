//! Enrollment keys, the agents that came with them, and what waits for a GLPI that cannot take it.

pub mod access;
pub mod agents;
pub mod erasure;
pub mod hours;
pub mod keys;
pub mod queue;
mod room;
mod turns;
