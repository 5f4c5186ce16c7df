//! `latchkey customer`: who holds subscriptions.

use clap::{Args, Subcommand};
use latchkey_domain::text::{Name, Reason};
use latchkey_store::subscriptions::{customers, erasure};
use serde_json::{Value as Json, json};

use super::{cut, say_more};
use crate::context::Context;
use crate::printer::Tone;
use crate::problem::{Exit, Problem};
use crate::records::{self, instant};

#[derive(Debug, Subcommand)]
pub(crate) enum Customer {
    /// Add a customer; `key issue` adds one by itself
    Add(Add),
    /// Show customers by name
    List(List),
    /// Erase a customer for good: the name, and all reasons that were written down; what still runs ends
    Erase(Erase),
}

#[derive(Debug, Args)]
pub(crate) struct Add {
    /// Upper and lower case make no difference between two names
    name: String,
}

#[derive(Debug, Args)]
pub(crate) struct List {
    /// At most so many
    #[arg(long, value_name = "N", default_value_t = 1_000, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    limit: u32,
}

#[derive(Debug, Args)]
pub(crate) struct Erase {
    /// The customer's id, or its name
    #[arg(value_name = "CUSTOMER")]
    customer: String,
    /// Why; this one is kept, so it should not name a person
    #[arg(long)]
    reason: String,
}

pub(super) fn run(command: Customer, context: &Context) -> Result<Exit, Problem> {
    match command {
        Customer::Add(arguments) => add(&arguments, context),
        Customer::List(arguments) => list(&arguments, context),
        Customer::Erase(arguments) => erase(&arguments, context),
    }
}

fn add(arguments: &Add, context: &Context) -> Result<Exit, Problem> {
    let name =
        Name::parse("customer", &arguments.name).map_err(|refusal| Problem::refused(&refusal, context.zone()))?;
    let (store, _) = context.made()?;
    let actor = context.actor.clone();
    let customer = context.change(&store, move |tx| customers::add(tx, &name, &actor))?;
    context.printer.answer(
        || as_json(&customer),
        |page| {
            page.line(format!("Customer {} was added.", customer.name));
            page.facts(&[("customer id", Some(customer.id.to_string()))]);
            page.advice(format!(
                "Next: {} key issue --customer {:?} --offer basic --years 1",
                context.program(),
                customer.name.as_str()
            ));
        },
    )?;
    Ok(Exit::Done)
}

fn list(arguments: &List, context: &Context) -> Result<Exit, Problem> {
    let store = context.store()?;
    let limit = arguments.limit;
    let mut customers = context.ask(&store, |reader| Ok(customers::list(reader, "", limit.saturating_add(1))?))?;
    let more = cut(&mut customers, limit);
    context.printer.answer(
        || json!({ "customers": customers.iter().map(as_json).collect::<Vec<_>>(), "more": more }),
        |page| {
            if customers.is_empty() {
                page.line("There are no customers yet.");
                return;
            }
            let rows = customers
                .iter()
                .map(|customer| {
                    vec![
                        (customer.name.to_string(), Tone::Plain),
                        (customer.id.to_string(), Tone::Plain),
                        (instant(customer.created_at), Tone::Faint),
                    ]
                })
                .collect();
            page.table(&["customer", "id", "since"], &[0], rows);
        },
    )?;
    say_more(context, more, limit);
    Ok(Exit::Done)
}

fn erase(arguments: &Erase, context: &Context) -> Result<Exit, Problem> {
    let reason = Reason::parse(&arguments.reason).map_err(|refusal| Problem::refused(&refusal, context.zone()))?;
    let (store, actor) = (context.store()?, context.actor.clone());
    let customer = context.ask(&store, |reader| erasure::find(reader, &arguments.customer))?.id;
    let erased = context.change(&store, move |tx| erasure::erase(tx, customer, &actor, &reason))?;
    if !store.settle_erased()? {
        context.printer.note("The database's log still has the name; the server writes it anew before long.");
    }
    context.printer.answer(
        || records::json(&latchkey_server::records::Erased::new(&erased)),
        |page| {
            page.line(format!("The customer was erased; it is called {} now.", erased.pseudonym));
            page.facts(&[
                ("subscriptions terminated", Some(erased.subscriptions.to_string())),
                ("keys revoked", Some(erased.keys.to_string())),
                ("reasons erased", Some(erased.reasons.to_string())),
            ]);
            page.advice("Backups and exports that were made before still have the name: docs/privacy.md.");
        },
    )?;
    Ok(Exit::Done)
}

fn as_json(customer: &customers::Customer) -> Json {
    records::json(&latchkey_server::records::Customer::new(customer))
}
