//! Invitations: made, found, halted, withdrawn; who registered by them, and what came of it.

pub mod counts;
pub mod delivery;
pub mod erasure;
pub mod keys;
pub mod registrations;
pub mod visits;
