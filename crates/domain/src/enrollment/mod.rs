//! Enrollment: which agents may hand in their inventory to a GLPI.
//!
//! An [`EnrollmentKey`] opens the gateway to machines, an [`Agent`] is a machine that came with one, and [`decide`] says
//! what comes of a message. Two rules are worth more than all others: an agent is refused *before* it collects anything
//! (at its first words, a prolog or a contact), and **one that was let through is not refused its inventory** unless its
//! key was revoked or it was quarantined meanwhile: a stock agent sends a refused inventory never again, and after it only
//! parts of one.

mod agent;
mod answer;
mod key;
mod verdict;

pub use agent::{Agent, AgentStanding, AgentUid, DeviceId};
pub use answer::{Voice, Word, weigh};
pub use key::{EnrollmentKey, KeyStanding, MOST_AGENTS, MOST_KEY_DAYS, MOST_OVERLAP_DAYS, Policy, Tag};
pub use verdict::{Asking, Bearer, LET_THROUGH_FOR, Step, Verdict, decide};
