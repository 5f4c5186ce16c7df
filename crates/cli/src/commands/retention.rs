//! `latchkey retention`: for how long people's data is kept that nothing else takes away.

use clap::{ArgGroup, Args, Subcommand};
use latchkey_domain::retention::{KEPT_DAYS, Retention as Terms};
use latchkey_domain::text::Reason;
use latchkey_server::records::Retention as Record;
use latchkey_store::installation;

use crate::context::Context;
use crate::problem::{Exit, Problem};
use crate::records;

#[derive(Debug, Subcommand)]
pub(crate) enum Retention {
    /// Say how long it is
    Show,
    /// Keep it for another time from now on; what is over then is erased within the hour, for good
    Set(Set),
}

#[derive(Debug, Args)]
#[command(group = ArgGroup::new("terms").required(true).multiple(true))]
pub(crate) struct Set {
    /// Registrations, in days after they last changed [30 to 3660]
    #[arg(long, value_name = "DAYS", group = "terms", value_parser = days())]
    registrations_days: Option<u32>,
    /// Agents, in days after they last came [30 to 3660]
    #[arg(long, value_name = "DAYS", group = "terms", value_parser = days())]
    agents_days: Option<u32>,
    /// Why, for the audit log
    #[arg(long)]
    reason: Option<String>,
}

fn days() -> clap::builder::RangedI64ValueParser<u32> {
    clap::value_parser!(u32).range(i64::from(*KEPT_DAYS.start())..=i64::from(*KEPT_DAYS.end()))
}

pub(super) fn run(command: &Retention, context: &Context) -> Result<Exit, Problem> {
    let store = context.store()?;
    let terms = match command {
        Retention::Show => context.ask(&store, |reader| Ok(installation::retention(reader)?))?,
        Retention::Set(set) => {
            let reason = set.reason.as_deref().map(Reason::parse).transpose();
            let reason = reason.map_err(|refusal| Problem::refused(&refusal, context.zone()))?;
            let (actor, registrations, agents) = (context.actor.clone(), set.registrations_days, set.agents_days);
            context.change(&store, move |tx| {
                let before = installation::retention(tx)?;
                let new = Terms {
                    registrations: registrations.unwrap_or(before.registrations),
                    agents: agents.unwrap_or(before.agents),
                };
                installation::set_retention(tx, new, &actor, reason.as_ref())
            })?
        }
    };
    context.printer.answer(
        || records::json(&Record::new(terms)),
        |page| {
            page.line(format!("Registrations are kept for {} days after they last changed,", terms.registrations));
            page.line(format!("agents for {} days after they last came.", terms.agents));
            page.advice("Everything else: docs/privacy.md.");
        },
    )?;
    Ok(Exit::Done)
}
