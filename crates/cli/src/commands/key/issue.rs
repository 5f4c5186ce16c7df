//! `latchkey key issue`: a key, and what it needs.

use clap::Args;
use latchkey_domain::Refusal;
use latchkey_domain::time::Date;
use latchkey_store::subscriptions::keys::{self, Order};
use serde_json::Value as Json;

use super::{issued_json, issued_page};
use crate::commands::TermArgs;
use crate::context::Context;
use crate::problem::{Exit, Problem};

#[derive(Debug, Args)]
pub(crate) struct Issue {
    /// The customer's name, or its id; a new name makes a new customer
    #[arg(long)]
    customer: String,
    /// The offer's reference; `latchkey offer list` shows them
    #[arg(long)]
    offer: String,
    #[command(flatten)]
    term: TermArgs,
    /// The subscription's first day [default: today]
    #[arg(long, value_name = "YYYY-MM-DD")]
    begin: Option<String>,
}

pub(super) fn run(arguments: &Issue, context: &Context) -> Result<Exit, Problem> {
    let order = order(arguments).map_err(|refusal| Problem::refused(&refusal, context.zone()))?;
    let (store, vault) = context.made()?;
    let (zone, actor) = (context.zone().clone(), context.actor.clone());
    let issued = context.change(&store, move |tx| keys::issue(tx, &vault, &order, &zone, &actor))?;
    context.printer.answer(
        || Json::Object(issued_json(&issued, context)),
        |page| {
            issued_page(page, &issued, vec![], context);
            page.advice(format!(
                "Should it get lost, this shows it again: {} key show {} --reveal",
                context.program(),
                issued.key.id
            ));
        },
    )?;
    Ok(Exit::Done)
}

fn order(arguments: &Issue) -> Result<Order, Refusal> {
    Ok(Order {
        customer: arguments.customer.clone(),
        offer: arguments.offer.clone(),
        begins: arguments.begin.as_deref().map(read_date).transpose()?,
        term: arguments.term.read()?,
    })
}

/// A day written `YYYY-MM-DD` and in no other way.
fn read_date(text: &str) -> Result<Date, Refusal> {
    let text = text.trim();
    match text.parse::<Date>() {
        Ok(date) if date.to_string() == text => Ok(date),
        Ok(_) | Err(_) => Err(Refusal::DateInvalid { given: text.to_owned() }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_is_written_in_one_way() {
        assert_eq!(read_date(" 2026-11-22 ").unwrap().to_string(), "2026-11-22");
        for bad in ["2026-02-30", "20261122", "22.11.2026", "2026-11-22T00:00", "tomorrow", ""] {
            assert!(read_date(bad).is_err(), "{bad}");
        }
    }
}
