//! `latchkey key show`: one key, what a GLPI is told about it, who asked lately, and its history. Its text only on demand, which is audited.

use clap::Args;
use latchkey_domain::Refusal;
use latchkey_domain::ids::KeyId;
use latchkey_domain::subscriptions::{KeyEntry, decide};
use latchkey_store::audit::{self, Line};
use latchkey_store::questions::{self, Asked};
use latchkey_store::subscriptions::customers::{self, Customer};
use latchkey_store::subscriptions::{entries, keys};
use latchkey_store::{Store, Undone};
use latchkey_texts::Language;
use serde_json::{Value as Json, json};

use super::{issued_json, issued_page, read_key_id};
use crate::context::Context;
use crate::problem::{Exit, Problem};
use crate::records;

#[derive(Debug, Args)]
pub(crate) struct Show {
    /// The key's id, or its whole text; `-` reads it from standard input
    #[arg(value_name = "KEY")]
    key: String,
    /// Print the text of the key again; that this was done is written into the audit log
    #[arg(long)]
    reveal: bool,
}

/// What there is to know of one key.
struct Known {
    entry: KeyEntry,
    customer: Customer,
    /// The key's own and its subscription's, as they went on side by side.
    history: Vec<Line>,
    /// The latest questions about it, newest first.
    asked: Vec<Asked>,
}

pub(super) fn run(arguments: &Show, context: &Context) -> Result<Exit, Problem> {
    if arguments.reveal {
        return reveal(arguments, context);
    }
    let (store, now) = (context.store()?, context.now());
    let id = read_key_id(&arguments.key, &store, context)?;
    let Known { entry, customer, history, asked } = known(id, &store, context)?;
    let told = latchkey_texts::verdict(&decide(&entry, now), &entry, Language::English, context.zone());
    let KeyEntry { key, subscription, owner, holdings: _ } = &entry;
    context.printer.answer(
        || {
            let mut all = records::key(key, subscription, owner, now);
            all.insert("glpi_is_told".to_owned(), json!(told));
            all.insert("last_questions".to_owned(), records::questions(&asked));
            all.insert("history".to_owned(), records::history(&history));
            Json::Object(all)
        },
        |page| {
            let mut facts = vec![
                ("key id", Some(key.id.to_string())),
                ("key is", Some(records::standing(key.standing(now)))),
                ("issued", Some(key.issued.to_string())),
                ("signing key", Some(key.signing_key.to_string())),
            ];
            facts.extend(records::subscription_facts(subscription, &customer, now));
            facts.push(("GLPI is told", Some(told.clone())));
            page.facts(&facts);
            page.blank();
            if !asked.is_empty() {
                records::questions_table(page, &asked);
                page.blank();
            }
            records::history_table(page, &history);
        },
    )?;
    Ok(Exit::Done)
}

fn reveal(arguments: &Show, context: &Context) -> Result<Exit, Problem> {
    let (store, vault) = context.store_and_vault()?;
    let id = read_key_id(&arguments.key, &store, context)?;
    let actor = context.actor.clone();
    let issued = context.change(&store, move |tx| keys::show_text(tx, &vault, id, &actor))?;
    context.printer.answer(
        || Json::Object(issued_json(&issued, context)),
        |page| {
            let standing = records::standing(issued.key.standing(context.now()));
            issued_page(page, &issued, vec![("key is", Some(standing))], context);
        },
    )?;
    Ok(Exit::Done)
}

fn known(id: KeyId, store: &Store, context: &Context) -> Result<Known, Problem> {
    context.ask(store, |reader| {
        let Some(entry) = entries::fill(reader, id)?.entry else {
            return Err(Undone::Refused(Refusal::KeyUnknown { key: id.to_string() }));
        };
        let mut history = audit::history(reader, "key", &id.to_string())?;
        history.extend(audit::history(reader, "subscription", &entry.subscription.id.to_string())?);
        history.sort_by_key(|line| line.seq);
        let asked = questions::of_key(reader, id)?;
        Ok(Known {
            customer: customers::find(reader, &entry.subscription.customer.to_string())?,
            history,
            asked,
            entry,
        })
    })
}
