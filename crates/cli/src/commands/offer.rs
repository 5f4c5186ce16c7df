//! `latchkey offer`: what the vendor sells.

use clap::{Args, Subcommand};
use latchkey_domain::subscriptions;
use latchkey_store::subscriptions::offers;
use serde_json::{Value as Json, json};

use crate::context::Context;
use crate::printer::Tone;
use crate::problem::{Exit, Problem};
use crate::records;

#[derive(Debug, Subcommand)]
pub(crate) enum Offer {
    /// Make an offer, or change the one of this reference
    Set(Set),
    /// Show all offers
    List,
}

#[derive(Debug, Args)]
pub(crate) struct Set {
    /// How GLPI's plugins name it, such as `basic`
    #[arg(value_name = "REFERENCE")]
    reference: String,
    /// How people read it; an offer that is there keeps its title where nothing is said
    #[arg(long)]
    title: Option<String>,
    /// For how many days after its end a subscription goes on, with a warning; sold subscriptions keep theirs, and so does
    /// an offer that is there where nothing is said [default for a new one: 0]
    #[arg(long, value_name = "N")]
    grace_days: Option<u32>,
}

pub(super) fn run(command: Offer, context: &Context) -> Result<Exit, Problem> {
    match command {
        Offer::Set(arguments) => set(&arguments, context),
        Offer::List => list(context),
    }
}

fn set(arguments: &Set, context: &Context) -> Result<Exit, Problem> {
    // Read once before anything is made: what is wrong with it is wrong with or without an installation.
    let title = arguments.title.as_deref();
    subscriptions::Offer::new(&arguments.reference, title.unwrap_or("-"), arguments.grace_days.unwrap_or(0))
        .map_err(|refusal| Problem::refused(&refusal, context.zone()))?;
    let (store, _) = context.made()?;
    let (actor, reference, title, grace_days) =
        (context.actor.clone(), arguments.reference.clone(), arguments.title.clone(), arguments.grace_days);
    let offer = context.change(&store, move |tx| {
        let known = offers::list(tx)?.into_iter().find(|offer| offer.reference.as_str() == reference);
        let kept = known.map(|offer| (offer.title.to_string(), offer.grace_days));
        let (kept_title, kept_days) = kept.unwrap_or_default();
        let title = title.as_deref().unwrap_or(&kept_title);
        let offer = subscriptions::Offer::new(&reference, title, grace_days.unwrap_or(kept_days))?;
        offers::set(tx, &offer, &actor)?;
        Ok(offer)
    })?;
    context.printer.answer(
        || as_json(&offer),
        |page| {
            page.line(format!("Offer {} is set.", offer.reference));
            page.facts(&[
                ("title", Some(offer.title.to_string())),
                ("grace", Some(format!("{} days", offer.grace_days))),
            ]);
        },
    )?;
    Ok(Exit::Done)
}

fn list(context: &Context) -> Result<Exit, Problem> {
    let store = context.store()?;
    let offers = context.ask(&store, |reader| Ok(offers::list(reader)?))?;
    context.printer.answer(
        || json!({ "offers": offers.iter().map(as_json).collect::<Vec<_>>() }),
        |page| {
            let rows = offers
                .iter()
                .map(|offer| {
                    vec![
                        (offer.reference.to_string(), Tone::Plain),
                        (offer.title.to_string(), Tone::Plain),
                        (offer.grace_days.to_string(), Tone::Plain),
                    ]
                })
                .collect();
            page.table(&["offer", "title", "grace days"], &[1], rows);
        },
    )?;
    Ok(Exit::Done)
}

fn as_json(offer: &subscriptions::Offer) -> Json {
    records::json(&latchkey_server::records::Offer::new(offer))
}
