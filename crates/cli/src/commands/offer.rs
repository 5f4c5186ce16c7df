//! `latchkey offer`: what the vendor sells.

use clap::{Args, Subcommand};
use latchkey_domain::Refusal;
use latchkey_domain::instances::{Cover, PluginName, Policy, SeatedBy};
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

#[derive(Debug, Clone, Args)]
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
    /// How many production instances may use a subscription that is sold from now on [default for a new one: 1]
    #[arg(long, value_name = "N")]
    seats: Option<u32>,
    /// How many instances for staging and development may use it, together [default for a new one: 2]
    #[arg(long, value_name = "N")]
    staging_limit: Option<u32>,
    /// For how many days a newcomer works beside the one that holds the seat; 0 for no moves without a person [default for
    /// a new one: 14]
    #[arg(long, value_name = "N")]
    move_window_days: Option<u32>,
    /// How many moves a newcomer may open in a year, for each seat [default for a new one: 3]
    #[arg(long, value_name = "N")]
    moves_per_year: Option<u32>,
    /// How many seats an administrator may give back in a year without you, for each seat [default for a new one: 0]
    #[arg(long, value_name = "N")]
    self_service_releases_per_year: Option<u32>,
    /// For how many days a seat that was given back so stays empty [default for a new one: 7]
    #[arg(long, value_name = "N")]
    cooling_off_days: Option<u32>,
    /// A plugin that it opens, by its folder's name; again for each. Those named take the place of those before
    #[arg(long = "plugin", value_name = "NAME")]
    plugins: Vec<String>,
    /// It opens no plugins
    #[arg(long, conflicts_with = "plugins")]
    no_plugins: bool,
    /// What takes a seat when a plugin is activated: its GLPI, or the plugin's address [default for a new one: instance]
    #[arg(long, value_name = "WHAT", value_parser = ["instance", "address"])]
    seated_by: Option<String>,
    /// For how many days these plugins may be tried without a key; 0 for not at all [default for a new one: 0]
    #[arg(long, value_name = "N")]
    trial_days: Option<u32>,
}

impl Set {
    /// The offer that is asked for; what is not named stays as it is, or as it usually is.
    fn read(&self, known: Option<subscriptions::Offer>) -> Result<subscriptions::Offer, Refusal> {
        let is_known = known.is_some();
        let kept = match known {
            Some(known) => known,
            None => subscriptions::Offer::new(&self.reference, "-", 0)?,
        };
        let title = match (&self.title, is_known) {
            (Some(title), _) => title.as_str(),
            (None, true) => kept.title.as_str(),
            (None, false) => "",
        };
        let (policy, cover) = (kept.policy, kept.cover);
        let plugins = if self.plugins.is_empty() && !self.no_plugins {
            cover.plugins
        } else {
            self.plugins.iter().map(|name| PluginName::parse(name)).collect::<Result<_, _>>()?
        };
        subscriptions::Offer::new(&self.reference, title, self.grace_days.unwrap_or(kept.grace_days))?
            .allowing(Policy {
                seats: self.seats.unwrap_or(policy.seats),
                others: self.staging_limit.unwrap_or(policy.others),
                move_days: self.move_window_days.unwrap_or(policy.move_days),
                moves_a_year: self.moves_per_year.unwrap_or(policy.moves_a_year),
                releases_a_year: self.self_service_releases_per_year.unwrap_or(policy.releases_a_year),
                cooling_off_days: self.cooling_off_days.unwrap_or(policy.cooling_off_days),
            })?
            .opening(Cover {
                plugins,
                seated_by: match self.seated_by.as_deref() {
                    Some("address") => SeatedBy::Address,
                    Some(_) => SeatedBy::Instance,
                    None => cover.seated_by,
                },
                trial_days: self.trial_days.unwrap_or(cover.trial_days),
            })
    }
}

pub(super) fn run(command: Offer, context: &Context) -> Result<Exit, Problem> {
    match command {
        Offer::Set(arguments) => set(&arguments, context),
        Offer::List => list(context),
    }
}

fn set(arguments: &Set, context: &Context) -> Result<Exit, Problem> {
    // Read once before anything is made: what is wrong with it is wrong with or without an installation.
    let titled = Set { title: arguments.title.clone().or_else(|| Some("-".to_owned())), ..arguments.clone() };
    titled.read(None).map_err(|refusal| Problem::refused(&refusal, context.zone()))?;
    let (store, _) = context.made()?;
    let (actor, arguments) = (context.actor.clone(), arguments.clone());
    let offer = context.change(&store, move |tx| {
        let known = offers::list(tx)?.into_iter().find(|offer| offer.reference.as_str() == arguments.reference);
        let offer = arguments.read(known)?;
        offers::set(tx, &offer, &actor)?;
        Ok(offer)
    })?;
    context.printer.answer(
        || as_json(&offer),
        |page| {
            page.line(format!("Offer {} is set.", offer.reference));
            let (policy, plugins) = (offer.policy, offer.cover.plugins.iter().map(ToString::to_string));
            let plugins: Vec<String> = plugins.collect();
            let releases = match policy.releases_a_year {
                0 => "by support alone".to_owned(),
                some => format!("{some} a year without support, the seat then rests {} days", policy.cooling_off_days),
            };
            page.facts(&[
                ("title", Some(offer.title.to_string())),
                ("grace", Some(format!("{} days", offer.grace_days))),
                ("seats", Some(policy.seats.to_string())),
                ("staging", Some(format!("{} instances", policy.others))),
                ("moves", Some(format!("{} a year, {} days each", policy.moves_a_year, policy.move_days))),
                ("releases", Some(releases)),
                ("plugins", (!plugins.is_empty()).then(|| plugins.join(", "))),
                ("seated by", (!plugins.is_empty()).then(|| offer.cover.seated_by.name().to_owned())),
                ("trial", (offer.cover.trial_days > 0).then(|| format!("{} days", offer.cover.trial_days))),
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
                        (offer.policy.seats.to_string(), Tone::Plain),
                    ]
                })
                .collect();
            page.table(&["offer", "title", "grace days", "seats"], &[1], rows);
        },
    )?;
    Ok(Exit::Done)
}

fn as_json(offer: &subscriptions::Offer) -> Json {
    records::json(&latchkey_server::records::Offer::new(offer))
}
