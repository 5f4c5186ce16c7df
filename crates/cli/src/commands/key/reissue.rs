//! `latchkey key reissue`: a key in the place of another, which dies now or after an overlap.

use clap::Args;
use latchkey_domain::Refusal;
use latchkey_domain::subscriptions::KeyState;
use latchkey_domain::text::Reason;
use latchkey_store::subscriptions::keys;
use serde_json::{Value as Json, json};

use super::{issued_json, issued_page, read_key_id};
use crate::context::Context;
use crate::problem::{Exit, Problem};
use crate::records;

#[derive(Debug, Args)]
pub(crate) struct Reissue {
    /// The old key's id, or its whole text; `-` reads it from standard input
    #[arg(value_name = "KEY")]
    key: String,
    /// For how many days both keys work
    #[arg(long, value_name = "N", default_value_t = 0)]
    overlap_days: u32,
    /// Why, for the audit log
    #[arg(long)]
    reason: Option<String>,
}

pub(super) fn run(arguments: &Reissue, context: &Context) -> Result<Exit, Problem> {
    let refused = |refusal: Refusal| Problem::refused(&refusal, context.zone());
    let reason = arguments.reason.as_deref().map(Reason::parse).transpose().map_err(refused)?;
    let (store, vault) = context.store_and_vault()?;
    let id = read_key_id(&arguments.key, &store, context)?;
    let (zone, actor, days) = (context.zone().clone(), context.actor.clone(), arguments.overlap_days);
    let issued =
        context.change(&store, move |tx| keys::reissue(tx, &vault, id, days, &zone, &actor, reason.as_ref()))?;
    let until = match context.ask(&store, |reader| keys::find(reader, id))?.state {
        KeyState::Superseded(succession) => Some(succession.until),
        // A revoked key does not come back to life for an overlap.
        KeyState::Revoked(_) | KeyState::Active => None,
    };
    context.printer.answer(
        || {
            let mut all = issued_json(&issued, context);
            all.insert("replaces".to_owned(), json!(id.to_string()));
            all.insert("overlap_until".to_owned(), json!(until.map(|until| until.to_string())));
            Json::Object(all)
        },
        |page| {
            let old = match until {
                Some(until) if days > 0 => format!("{id}, which works until {}", records::instant(until)),
                Some(_) => format!("{id}, which works no longer"),
                None => format!("{id}, which stays revoked"),
            };
            issued_page(page, &issued, vec![("replaces", Some(old))], context);
        },
    )?;
    Ok(Exit::Done)
}
