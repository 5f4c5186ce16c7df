//! The store's behaviour, told as stories, on SQLite and PostgreSQL alike.
//!
//! One binary, so that one throw-away PostgreSQL cluster serves all stories. Each story has a [`house::House`] of its
//! own: a new database, a master key and a clock that only the story moves. What the store cannot be asked for (rows
//! that were tampered with, tables as a whole) goes through [`raw`], a connection beside the store's own.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "test code fails by panicking")]

#[macro_use]
mod house;
mod raw;

mod audit_chain;
mod clock;
mod concurrency;
mod connections;
mod durability;
mod feed;
mod full_queue;
mod invitations;
mod issuing;
mod jobs;
mod keys;
mod lists;
mod model;
mod opening;
mod questions;
mod queue;
mod random;
mod seat_lists;
mod seats;
mod signing;
mod storage;
mod subscriptions;
mod traces;
mod writer;
