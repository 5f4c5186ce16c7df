//! `latchkey key revoke`: a key's right is taken away, at once and for good.

use clap::Args;
use latchkey_domain::subscriptions::{KeyState, Revocation};
use latchkey_domain::text::Reason;
use latchkey_store::subscriptions::{customers, keys, subscriptions};
use serde_json::Value as Json;

use super::read_key_id;
use crate::context::Context;
use crate::problem::{Exit, Problem};
use crate::records;

#[derive(Debug, Args)]
pub(crate) struct Revoke {
    /// The key's id, or its whole text; `-` reads it from standard input
    #[arg(value_name = "KEY")]
    key: String,
    /// Why, for the audit log
    #[arg(long)]
    reason: String,
}

pub(super) fn run(arguments: &Revoke, context: &Context) -> Result<Exit, Problem> {
    let reason = Reason::parse(&arguments.reason).map_err(|refusal| Problem::refused(&refusal, context.zone()))?;
    let store = context.store()?;
    let id = read_key_id(&arguments.key, &store, context)?;
    let actor = context.actor.clone();
    let key = context.change(&store, move |tx| keys::revoke(tx, id, &actor, &reason))?;
    let (subscription, customer) = context.ask(&store, |reader| {
        let subscription = subscriptions::find(reader, key.subscription)?;
        let customer = customers::find(reader, &subscription.customer.to_string())?;
        Ok((subscription, customer))
    })?;
    let now = context.now();
    context.printer.answer(
        || Json::Object(records::key(&key, &subscription, customer.name.as_str(), now)),
        |page| {
            page.line("The key was revoked; a running service refuses it within a second.");
            page.facts(&[
                ("key id", Some(key.id.to_string())),
                ("customer", Some(customer.name.to_string())),
                ("key is", Some(records::standing(key.standing(now)))),
            ]);
            page.advice(
                "A GLPI remembers its last answer for up to a day; its tab GLPI Network asks anew when it is opened.",
            );
            page.advice(match key.state {
                KeyState::Revoked(Revocation { successor: Some(by), .. }) => {
                    format!("The key in its place, {by}, is not touched by this.")
                }
                KeyState::Revoked(Revocation { successor: None, .. }) | KeyState::Active | KeyState::Superseded(_) => {
                    format!("To give the customer another key: {} key reissue {}", context.program(), key.id)
                }
            });
        },
    )?;
    Ok(Exit::Done)
}
