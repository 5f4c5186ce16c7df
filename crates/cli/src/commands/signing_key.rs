//! `latchkey signing-key`: the keys that sign registration keys.

use clap::Subcommand;
use latchkey_domain::text::Reason;
use latchkey_store::signing_keys;
use serde_json::{Value as Json, json};

use crate::context::Context;
use crate::printer::Tone;
use crate::problem::{Exit, Problem};
use crate::records::{self, instant};

#[derive(Debug, Subcommand)]
pub(crate) enum SigningKey {
    /// Show all signing keys: the one that signs, and those before it, which still verify
    List,
    /// Make a new signing key that signs from now on; keys that older ones signed stay true
    Rotate {
        /// Why, for the audit log
        #[arg(long, value_name = "TEXT")]
        reason: Option<String>,
    },
}

pub(super) fn run(command: &SigningKey, context: &Context) -> Result<Exit, Problem> {
    match command {
        SigningKey::List => list(context),
        SigningKey::Rotate { reason } => rotate(reason.as_deref(), context),
    }
}

fn list(context: &Context) -> Result<Exit, Problem> {
    let store = context.store()?;
    let keys = context.ask(&store, |reader| Ok(signing_keys::list(reader)?))?;
    context.printer.answer(
        || json!({ "signing_keys": keys.iter().map(as_json).collect::<Vec<_>>() }),
        |page| {
            let rows = keys
                .iter()
                .map(|key| {
                    vec![
                        (key.id.to_string(), Tone::Plain),
                        match key.retired_at {
                            None => ("signs".to_owned(), Tone::Good),
                            Some(at) => (format!("verifies; retired {}", instant(at)), Tone::Faint),
                        },
                        (instant(key.created_at), Tone::Faint),
                        (key.public_key.to_base64(), Tone::Plain),
                    ]
                })
                .collect();
            page.table(&["signing key", "state", "since", "public key"], &[1], rows);
        },
    )?;
    Ok(Exit::Done)
}

fn rotate(reason: Option<&str>, context: &Context) -> Result<Exit, Problem> {
    let reason = reason.map(Reason::parse).transpose().map_err(|refusal| Problem::refused(&refusal, context.zone()))?;
    let (store, vault) = context.store_and_vault()?;
    let actor = context.actor.clone();
    let key = context.change(&store, move |tx| signing_keys::rotate(tx, &vault, &actor, reason.as_ref()))?;
    context.printer.answer(
        || as_json(&key),
        |page| {
            page.line(format!("Signing key {} signs from now on; keys that older ones signed stay true.", key.id));
            page.facts(&[("public key", Some(key.public_key.to_base64()))]);
            page.advice("Plugins that check keys offline need this public key before they meet a key that it signed.");
        },
    )?;
    Ok(Exit::Done)
}

fn as_json(key: &signing_keys::SigningKey) -> Json {
    records::json(&latchkey_server::records::SigningKey::new(key))
}
