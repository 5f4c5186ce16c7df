//! `latchkey trial`: plugins that are tried without a key.

use clap::{Args, Subcommand};
use latchkey_domain::Refusal;
use latchkey_domain::ids::TrialId;
use latchkey_domain::instances::TrialPhase;
use latchkey_domain::text::Reason;
use latchkey_server::records::Trial as Record;
use latchkey_store::instances::trials::{self, Listed, Order};
use serde_json::{Value as Json, json};

use super::{TermArgs, cut, say_more};
use crate::context::Context;
use crate::printer::Tone;
use crate::problem::{Exit, Problem};
use crate::records::{self, instant};

#[derive(Debug, Subcommand)]
pub(crate) enum Trial {
    /// Show trials, newest first
    List(List),
    /// Let one go on for longer: from its end, or from today where it is over
    Extend(Extend),
    /// Turn one into a subscription without a gap, and issue its key
    Subscribe(Subscribe),
}

#[derive(Debug, Args)]
pub(crate) struct List {
    /// At most so many
    #[arg(long, value_name = "N", default_value_t = 1_000, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    limit: u32,
}

#[derive(Debug, Args)]
pub(crate) struct Extend {
    /// The trial's id
    id: String,
    /// For so many days
    #[arg(long, value_name = "N")]
    days: u32,
    /// Why, for the audit log
    #[arg(long)]
    reason: Option<String>,
}

#[derive(Debug, Args)]
#[command(mut_group("term", |group| group.required(true)))]
pub(crate) struct Subscribe {
    /// The trial's id
    id: String,
    /// The customer's name or id; one that is not there is added by name
    #[arg(long, value_name = "CUSTOMER")]
    customer: String,
    /// The offer's reference; it has to open the plugin
    #[arg(long, value_name = "REFERENCE")]
    offer: String,
    #[command(flatten)]
    term: TermArgs,
}

pub(super) fn run(command: Trial, context: &Context) -> Result<Exit, Problem> {
    match command {
        Trial::List(arguments) => list(&arguments, context),
        Trial::Extend(arguments) => extend(&arguments, context),
        Trial::Subscribe(arguments) => subscribe(&arguments, context),
    }
}

fn list(arguments: &List, context: &Context) -> Result<Exit, Problem> {
    let (store, now, limit) = (context.store()?, context.now(), arguments.limit);
    let mut found = context.ask(&store, |reader| Ok(trials::page(reader, None, limit.saturating_add(1))?))?;
    let more = cut(&mut found, limit);
    context.printer.answer(
        || {
            let all: Vec<Json> = found.iter().map(|listed| records::json(&Record::new(listed, now))).collect();
            json!({ "trials": all, "more": more })
        },
        |page| {
            if found.is_empty() {
                page.line("There are no trials yet.");
                let program = context.program();
                page.advice(format!(
                    "To let a plugin be tried: {program} offer set REFERENCE --plugin NAME --trial-days 30"
                ));
                return;
            }
            let rows = found
                .iter()
                .map(|Listed { trial, .. }| {
                    let phase = trial.phase(now);
                    vec![
                        (trial.id.to_string(), Tone::Plain),
                        (trial.plugin.to_string(), Tone::Plain),
                        (trial.uid.to_string(), Tone::Plain),
                        (phase.name().to_owned(), tone(phase)),
                        (instant(trial.ends_at), Tone::Plain),
                    ]
                })
                .collect();
            page.table(&["trial", "plugin", "GLPI", "state", "until"], &[2], rows);
        },
    )?;
    say_more(context, more, limit);
    Ok(Exit::Done)
}

fn extend(arguments: &Extend, context: &Context) -> Result<Exit, Problem> {
    let refused = |refusal: Refusal| Problem::refused(&refusal, context.zone());
    let (id, days) = (read_id(&arguments.id, context)?, arguments.days);
    let reason = arguments.reason.as_deref().map(Reason::parse).transpose().map_err(refused)?;
    let (store, actor) = (context.store()?, context.actor.clone());
    let listed = context.change(&store, move |tx| trials::extend(tx, id, days, &actor, reason.as_ref()))?;
    let now = context.now();
    context.printer.answer(
        || records::json(&Record::new(&listed, now)),
        |page| page.line(format!("The trial goes on until {}.", instant(listed.trial.ends_at))),
    )?;
    Ok(Exit::Done)
}

fn subscribe(arguments: &Subscribe, context: &Context) -> Result<Exit, Problem> {
    let refused = |refusal: Refusal| Problem::refused(&refusal, context.zone());
    let id = read_id(&arguments.id, context)?;
    let term = arguments.term.read().and_then(|term| term.ok_or(Refusal::TermMissing)).map_err(refused)?;
    let order = Order { customer: arguments.customer.clone(), offer: arguments.offer.clone(), term };
    let (store, vault) = context.made()?;
    let (actor, zone) = (context.actor.clone(), context.zone().clone());
    let issued = context.change(&store, move |tx| trials::subscribe(tx, &vault, id, &order, &zone, &actor))?;
    let now = context.now();
    context.printer.answer(
        || {
            let customer = issued.customer.name.as_str();
            let mut all = records::key(&issued.key, &issued.subscription, customer, now);
            all.insert("registration_key".to_owned(), json!(issued.text.reveal()));
            Json::Object(all)
        },
        |page| {
            page.line(issued.text.reveal());
            page.blank();
            page.facts(&records::subscription_facts(&issued.subscription, &issued.customer, now));
            page.advice("The plugin goes on without a gap, also before this key is pasted.");
        },
    )?;
    Ok(Exit::Done)
}

fn tone(phase: TrialPhase) -> Tone {
    match phase {
        TrialPhase::Running => Tone::Careful,
        TrialPhase::Ended => Tone::Faint,
        TrialPhase::Subscribed(_) => Tone::Good,
    }
}

fn read_id(text: &str, context: &Context) -> Result<TrialId, Problem> {
    let unknown = || Refusal::TrialUnknown { trial: text.to_owned() };
    text.trim().parse().map_err(|_| Problem::refused(&unknown(), context.zone()))
}
