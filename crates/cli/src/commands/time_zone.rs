//! `latchkey time-zone`: in which time zone dates begin and end. It is kept with the installation, so that every command
//! and every server reckons alike.

use clap::{Args, Subcommand};
use latchkey_domain::text::Reason;
use latchkey_domain::time::Zone;
use latchkey_store::installation;
use serde_json::json;

use crate::config::zone_hint;
use crate::context::Context;
use crate::problem::{Exit, Given, Problem};

#[derive(Debug, Subcommand)]
pub(crate) enum TimeZone {
    /// Say which one it is
    Show,
    /// Use another one from now on; what was sold keeps the instants that its dates stood for
    Set(Set),
}

#[derive(Debug, Args)]
pub(crate) struct Set {
    /// Its IANA name, such as Europe/Paris
    zone: String,
    /// Why, for the audit log
    #[arg(long)]
    reason: Option<String>,
}

pub(super) fn run(command: &TimeZone, context: &Context) -> Result<Exit, Problem> {
    match command {
        TimeZone::Show => show(context),
        TimeZone::Set(arguments) => set(arguments, context),
    }
}

fn show(context: &Context) -> Result<Exit, Problem> {
    context.store()?;
    let zone = context.zone().name();
    context.printer.answer(
        || json!({ "time_zone": zone }),
        |page| {
            page.line(format!(
                "Dates begin and end in {zone}, where it is {} now.",
                context.zone().date_of(context.now())
            ));
        },
    )?;
    Ok(Exit::Done)
}

fn set(arguments: &Set, context: &Context) -> Result<Exit, Problem> {
    let zone = Zone::named(&arguments.zone).ok_or_else(|| {
        Problem::usage(format!("{} is not a time zone", Given(&arguments.zone)), zone_hint(&arguments.zone))
    })?;
    let reason = arguments.reason.as_deref().map(Reason::parse).transpose();
    let reason = reason.map_err(|refusal| Problem::refused(&refusal, context.zone()))?;
    let store = context.store_in_any_zone()?;
    let (actor, new) = (context.actor.clone(), zone.clone());
    let before = context.change(&store, move |tx| installation::set_time_zone(tx, &new, &actor, reason.as_ref()))?;
    let changed = before.as_ref() != Some(&zone);
    let name = zone.name();
    context.printer.answer(
        || json!({ "time_zone": name, "time_zone_before": before.as_ref().map(Zone::name) }),
        |page| {
            if !changed {
                page.line(format!("Dates begin and end in {name} already; nothing was to be done."));
                return;
            }
            page.line(format!("Dates begin and end in {name} from now on."));
            page.advice("What was sold keeps the instants that its dates stood for.");
            page.advice("A server that runs sells and renews nothing until it is restarted; keys are answered for all the while.");
        },
    )?;
    if let Some(stated) = context.config.zone.as_ref().filter(|stated| stated.zone != zone) {
        context.printer.note(&format!(
            "{} still says {}: take it away or change it, or no command will run",
            stated.place,
            stated.zone.name()
        ));
    }
    Ok(Exit::Done)
}
