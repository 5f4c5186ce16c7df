//! What the black-box tests stand on: a throw-away PostgreSQL, real processes, raw HTTP, and patience.
//!
//! This crate knows nothing of Latchkey: what a key is or which routes exist belongs to the tests. It is test code
//! throughout, so a helper that cannot do its work fails the test where the test called it, saying what it saw; the few
//! questions whose answer may be "no" return a `Result` or an `Option`.
//!
//! The invariant: a test leaves nothing behind. A cluster is taken down by a keeper of its own, however the test process
//! ends ([`postgres`]); a program is killed when its test lets go of it ([`process`]).

#![allow(clippy::panic, clippy::unwrap_used, clippy::expect_used, reason = "test code fails by panicking")]

pub mod browser;
pub mod glpi;
pub mod http;
pub mod postgres;
pub mod process;
mod wait;
pub mod witness;

pub use process::{Process, Program};
pub use wait::{free_port, poll_until};
