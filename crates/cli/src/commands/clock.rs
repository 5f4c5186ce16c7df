//! `latchkey clock`: what to do where this machine's clock is not believed.

use clap::Subcommand;
use serde_json::json;

use crate::context::Context;
use crate::problem::{Exit, Problem};
use crate::records::instant;

#[derive(Debug, Subcommand)]
pub(crate) enum Clock {
    /// Say that this machine's clock is right, although it lies behind what is stored or leapt ahead
    Acknowledge,
}

pub(super) fn run(command: &Clock, context: &Context) -> Result<Exit, Problem> {
    match command {
        Clock::Acknowledge => acknowledge(context),
    }
}

fn acknowledge(context: &Context) -> Result<Exit, Problem> {
    let (store, now) = (context.store()?, context.now());
    store.acknowledge_clock(now, &context.actor).map_err(|undone| Problem::undone(undone, context.zone()))?;
    context.printer.answer(
        || json!({ "acknowledged_at": now.to_string() }),
        |page| page.line(format!("It is {} here, and that is taken to be right from now on.", instant(now))),
    )?;
    Ok(Exit::Done)
}
