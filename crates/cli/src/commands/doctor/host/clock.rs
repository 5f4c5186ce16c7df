//! This clock against the latest change in the database.

use latchkey_domain::clock::MOST_BEHIND;
use latchkey_server::Clock;
use latchkey_texts::doctor::{Chapter, Code, Sight};

use super::super::finding::{Check, Finding};
use super::super::visit::Visit;
use super::{either, examined};

pub(super) const CHECK: Check = Check { id: "host.clock", chapter: Chapter::Host, slow: false, run };

/// Two machines agree to a second or so; from here on somebody should set it, in milliseconds.
const OFF: i64 = 60_000;

fn run(visit: &mut Visit) -> Finding {
    either(look(visit))
}

fn look(visit: &Visit) -> Result<Finding, Finding> {
    let (config, examined) = examined(visit)?;
    let behind = examined.highest_at.since(Clock::system().wall());
    if behind < OFF {
        return Ok(Finding::ok(Sight::ClockHost, Vec::new()));
    }
    let command = format!("{} clock acknowledge", config.program);
    let values = vec![("seconds", (behind / 1_000).to_string()), ("command", command)];
    Err(match behind > MOST_BEHIND {
        true => Finding::error(Code::ClockBehindDatabase, values),
        false => Finding::warning(Code::ClockBehindDatabase, values),
    })
}
