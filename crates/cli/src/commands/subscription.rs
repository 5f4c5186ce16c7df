//! `latchkey subscription`: what customers have bought, and every change to it. New ones come from `latchkey key issue`.

use std::collections::HashMap;

use clap::{Args, Subcommand};
use latchkey_domain::Refusal;
use latchkey_domain::ids::SubscriptionId;
use latchkey_domain::subscriptions::Subscription as Sold;
use latchkey_domain::text::Reason;
use latchkey_domain::time::Zone;
use latchkey_store::audit::{self, Line};
use latchkey_store::instances::decisions;
use latchkey_store::subscriptions::customers::{self, Customer};
use latchkey_store::subscriptions::keys::{self, Filter, Listed};
use latchkey_store::subscriptions::subscriptions;
use latchkey_store::{Actor, Done, Store, Tx};
use serde_json::{Value as Json, json};

use super::{ListArgs, TermArgs, cut, mistaken, say_more};
use crate::context::Context;
use crate::printer::Tone;
use crate::problem::{Exit, Problem};
use crate::records;

#[derive(Debug, Subcommand)]
pub(crate) enum Subscription {
    /// Show subscriptions, newest first
    List(ListArgs),
    /// Show one, its keys and its history
    Show(Show),
    /// Let one go on for longer, without a gap; a lapsed one begins anew today. Its keys stay the same
    Renew(Renew),
    /// Stop one for the time being
    Suspend(WithReason),
    /// Let a suspended one go on
    Resume(WithoutReason),
    /// End one for good
    Terminate(WithReason),
    /// Say how many production instances may use one
    Seats(Seats),
}

#[derive(Debug, Args)]
pub(crate) struct Show {
    /// The subscription's id
    id: String,
}

#[derive(Debug, Args)]
#[command(mut_group("term", |group| group.required(true)))]
pub(crate) struct Renew {
    /// The subscription's id
    id: String,
    #[command(flatten)]
    term: TermArgs,
    /// Why, for the audit log
    #[arg(long)]
    reason: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct Seats {
    /// The subscription's id
    id: String,
    /// How many
    #[arg(value_name = "N")]
    seats: u32,
    /// Why, for the audit log
    #[arg(long)]
    reason: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct WithReason {
    /// The subscription's id
    id: String,
    /// Why, for the audit log
    #[arg(long)]
    reason: String,
}

#[derive(Debug, Args)]
pub(crate) struct WithoutReason {
    /// The subscription's id
    id: String,
    /// Why, for the audit log
    #[arg(long)]
    reason: Option<String>,
}

/// What there is to know of one subscription.
struct Known {
    subscription: Sold,
    customer: Customer,
    keys: Vec<Listed>,
    history: Vec<Line>,
}

pub(super) fn run(command: Subscription, context: &Context) -> Result<Exit, Problem> {
    match command {
        Subscription::List(arguments) => list(&arguments, context),
        Subscription::Show(arguments) => show(&arguments, context),
        Subscription::Renew(arguments) => renew(&arguments, context),
        Subscription::Suspend(WithReason { id, reason }) => {
            let reason = read_reason(&reason, context)?;
            change(&id, context, "was suspended", move |tx, id, _, actor| {
                subscriptions::suspend(tx, id, actor, &reason)
            })
        }
        Subscription::Resume(WithoutReason { id, reason }) => {
            let reason = reason.as_deref().map(|reason| read_reason(reason, context)).transpose()?;
            change(&id, context, "goes on", move |tx, id, _, actor| {
                subscriptions::resume(tx, id, actor, reason.as_ref())
            })
        }
        Subscription::Terminate(WithReason { id, reason }) => {
            let reason = read_reason(&reason, context)?;
            change(&id, context, "was terminated for good", move |tx, id, _, actor| {
                subscriptions::terminate(tx, id, actor, &reason)
            })
        }
        Subscription::Seats(Seats { id, seats, reason }) => {
            let reason = reason.as_deref().map(|reason| read_reason(reason, context)).transpose()?;
            change(&id, context, "has these seats now", move |tx, id, _, actor| {
                decisions::set_seats(tx, id, seats, actor, reason.as_ref())
            })
        }
    }
}

fn list(arguments: &ListArgs, context: &Context) -> Result<Exit, Problem> {
    let (store, now, limit) = (context.store()?, context.now(), arguments.limit);
    let mut sold = context.ask(&store, |reader| {
        let customer = arguments.customer_id(reader)?;
        let sold = subscriptions::list(reader, customer, limit.saturating_add(1))?;
        let mut names = HashMap::new();
        for subscription in &sold {
            if let std::collections::hash_map::Entry::Vacant(place) = names.entry(subscription.customer) {
                place.insert(customers::find(reader, &subscription.customer.to_string())?.name.to_string());
            }
        }
        let named = sold.into_iter().map(|sold| (names.get(&sold.customer).cloned().unwrap_or_default(), sold));
        Ok(named.collect::<Vec<_>>())
    })?;
    let more = cut(&mut sold, limit);
    context.printer.answer(
        || {
            let all = sold.iter().map(|(customer, sold)| Json::Object(records::subscription(sold, customer, now)));
            json!({ "subscriptions": all.collect::<Vec<_>>(), "more": more })
        },
        |page| {
            if sold.is_empty() {
                page.line("There are no subscriptions yet.");
                page.advice(format!(
                    "A key brings one along: {} key issue --customer NAME --offer basic --years 1",
                    context.program()
                ));
                return;
            }
            let rows = sold
                .iter()
                .map(|(customer, sold)| {
                    let phase = sold.phase(now);
                    vec![
                        (sold.id.to_string(), Tone::Plain),
                        (customer.clone(), Tone::Plain),
                        (sold.offer.to_string(), Tone::Plain),
                        (phase.name().to_owned(), records::phase_tone(&phase)),
                        (sold.period.ends.to_string(), Tone::Plain),
                    ]
                })
                .collect();
            page.table(&["subscription", "customer", "offer", "state", "last day"], &[1], rows);
        },
    )?;
    say_more(context, more, limit);
    Ok(Exit::Done)
}

fn show(arguments: &Show, context: &Context) -> Result<Exit, Problem> {
    let (store, now) = (context.store()?, context.now());
    let id = read_id(&arguments.id, &store, context)?;
    let Known { subscription, customer, keys, history } = known(id, &store, context)?;
    context.printer.answer(
        || {
            let mut all = records::subscription(&subscription, customer.name.as_str(), now);
            let keys: Vec<Json> = keys
                .iter()
                .map(|listed| {
                    Json::Object(records::key(&listed.key, &listed.subscription, listed.customer.as_str(), now))
                })
                .collect();
            all.insert("keys".to_owned(), Json::Array(keys));
            all.insert("history".to_owned(), records::history(&history));
            Json::Object(all)
        },
        |page| {
            page.facts(&records::subscription_facts(&subscription, &customer, now));
            page.blank();
            let rows = keys
                .iter()
                .map(|Listed { key, .. }| {
                    let standing = key.standing(now);
                    vec![
                        (key.id.to_string(), Tone::Plain),
                        (standing.name().to_owned(), records::standing_tone(standing)),
                        (key.issued.to_string(), Tone::Plain),
                    ]
                })
                .collect();
            page.table(&["key", "state", "issued"], &[], rows);
            page.blank();
            records::history_table(page, &history);
        },
    )?;
    Ok(Exit::Done)
}

fn renew(arguments: &Renew, context: &Context) -> Result<Exit, Problem> {
    let refused = |refusal: Refusal| Problem::refused(&refusal, context.zone());
    let term = arguments.term.read().and_then(|term| term.ok_or(Refusal::TermMissing)).map_err(refused)?;
    let reason = arguments.reason.as_deref().map(|reason| read_reason(reason, context)).transpose()?;
    change(&arguments.id, context, "was renewed", move |tx, id, zone, actor| {
        subscriptions::renew(tx, id, term, zone, actor, reason.as_ref())
    })
}

/// Does one of the changes, and shows what the subscription is like then.
fn change(
    id: &str,
    context: &Context,
    done: &str,
    mut operation: impl FnMut(&mut Tx<'_>, SubscriptionId, &Zone, &Actor) -> Done<Sold> + Send + 'static,
) -> Result<Exit, Problem> {
    let (store, actor) = (context.store()?, context.actor.clone());
    let (id, zone) = (read_id(id, &store, context)?, context.zone().clone());
    let subscription = context.change(&store, move |tx| operation(tx, id, &zone, &actor))?;
    let customer = context.ask(&store, |reader| customers::find(reader, &subscription.customer.to_string()))?;
    let now = context.now();
    context.printer.answer(
        || Json::Object(records::subscription(&subscription, customer.name.as_str(), now)),
        |page| {
            page.line(format!("The subscription {done}."));
            page.facts(&records::subscription_facts(&subscription, &customer, now));
        },
    )?;
    Ok(Exit::Done)
}

fn known(id: SubscriptionId, store: &Store, context: &Context) -> Result<Known, Problem> {
    context.ask(store, |reader| {
        let subscription = subscriptions::find(reader, id)?;
        let filter = Filter { subscription: Some(id), customer: None };
        Ok(Known {
            customer: customers::find(reader, &subscription.customer.to_string())?,
            keys: keys::list(reader, filter, 1_000)?,
            history: audit::history(reader, "subscription", &id.to_string())?,
            subscription,
        })
    })
}

fn read_id(text: &str, store: &Store, context: &Context) -> Result<SubscriptionId, Problem> {
    let id: SubscriptionId = text.trim().parse().map_err(|_| {
        Problem::refused(&Refusal::SubscriptionUnknown { subscription: text.to_owned() }, context.zone())
    })?;
    context
        .ask(store, |reader| subscriptions::find(reader, id))
        .map_err(|unknown| mistaken(unknown, id.0, store, context))?;
    Ok(id)
}

fn read_reason(text: &str, context: &Context) -> Result<Reason, Problem> {
    Reason::parse(text).map_err(|refusal| Problem::refused(&refusal, context.zone()))
}
