//! What GLPI says and hears: the only crate that knows GLPI's names for headers and fields. It serves no HTTP: whoever does
//! hands over header values and sends what it is given.
//!
//! [`Question`] is what a GLPI asks, read from its headers; [`registration`] is what it is told, and [`heard`] what it
//! makes of that. [`installation`] is how it stands on a disk; [`agent`] is what its agents say. [`archive`] and [`sheet`]
//! are a plugin and what is said of it, [`marketplace`] is how a GLPI is shown it, [`accounts`] its REST API, by which accounts
//! are made.
//!
//! Two invariants. **Whatever bytes arrive, there is a question**: reading never fails and never panics, what is wrong
//! with the key or the instance stands in it as a value. **Whatever is answered about a key is a verdict**: a
//! failure of ours has no way into [`registration::Info`], because GLPI would believe it for a day.

pub mod accounts;
pub mod agent;
pub mod archive;
pub mod headers;
pub mod heard;
pub mod installation;
pub mod marketplace;
pub mod paste;
mod question;
pub mod registration;
pub mod sheet;
mod user_agent;

pub use latchkey_domain::instances::{InstanceUid, UidFault};
pub use question::Question;
pub use user_agent::{UserAgent, Version};
