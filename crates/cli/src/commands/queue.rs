//! `latchkey queue`: what waits for a GLPI that cannot take it.

use clap::{Args, Subcommand};
use latchkey_server::records::enrollment::{QueueLoad, QueuedMessage};
use latchkey_store::enrollment::queue::{self, Load, Queued};
use latchkey_store::{Store, audit};
use serde_json::{Value as Json, json};

use super::{cut, say_more};
use crate::context::Context;
use crate::printer::Tone;
use crate::problem::{Exit, Problem};
use crate::records::{self, instant};

#[derive(Debug, Subcommand)]
pub(crate) enum Queue {
    /// Show what waits, the oldest first
    Show(Show),
    /// Try messages again now, dead ones too
    Retry(Retry),
    /// Take a message away that is not to be delivered
    Drop(Discard),
}

#[derive(Debug, Args)]
pub(crate) struct Show {
    /// Those alone that GLPI said no to
    #[arg(long)]
    dead: bool,
    /// At most so many
    #[arg(long, value_name = "N", default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    limit: u32,
}

#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
pub(crate) struct Retry {
    /// The message's number
    message: Option<String>,
    /// All that wait, and all dead ones
    #[arg(long)]
    all: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Discard {
    /// The message's number
    message: String,
}

pub(super) fn run(command: Queue, context: &Context) -> Result<Exit, Problem> {
    // Of an installation that is there.
    let store = context.store()?;
    let queue =
        if queue::is_there(store.location()) { Some(queue::open(store.location(), context.now())?) } else { None };
    match (command, queue) {
        (Queue::Show(arguments), queue) => show(&arguments, queue.as_ref(), context),
        (Queue::Retry(Retry { message: Some(number), .. }), Some(queue)) => {
            let message = context.change(&queue, move |tx| queue::retry(tx, &number))?;
            noted(&store, context, "queue.retry", &message)?;
            say(&message, "The message is tried again now.", context)
        }
        (Queue::Retry(Retry { message: None, .. }), queue) => {
            let tried = match queue {
                Some(queue) => {
                    let tried = queue::retry_all(&queue, context.now());
                    queue.settle();
                    tried.map_err(|undone| Problem::undone(undone, context.zone()))?
                }
                None => 0,
            };
            let actor = context.actor.clone();
            context.change(&store, move |tx| {
                let entry = audit::Entry::new(&actor, "queue.retry", "queue", "all");
                tx.audit(entry.detail(json!({ "messages": tried })))
            })?;
            context.printer.answer(
                || json!({ "tried": tried }),
                |page| page.line(format!("{tried} messages are tried again now.")),
            )?;
            Ok(Exit::Done)
        }
        (Queue::Drop(Discard { message: number }), Some(queue)) => {
            let message = context.change(&queue, move |tx| queue::discard(tx, &number))?;
            noted(&store, context, "queue.drop", &message)?;
            say(&message, "The message is gone, and will not be delivered.", context)
        }
        (Queue::Retry(Retry { message: Some(message), .. }) | Queue::Drop(Discard { message }), None) => {
            Err(Problem::refused(&latchkey_domain::Refusal::QueuedUnknown { message }, context.zone()))
        }
    }
}

fn show(arguments: &Show, queue: Option<&Store>, context: &Context) -> Result<Exit, Problem> {
    let (limit, dead) = (arguments.limit, arguments.dead);
    let (mut found, load) = match queue {
        Some(queue) => context
            .ask(queue, |reader| Ok((queue::list(reader, dead, 0, limit.saturating_add(1))?, queue::load(reader)?)))?,
        None => (Vec::new(), Load::default()),
    };
    let more = cut(&mut found, limit);
    context.printer.answer(
        || {
            let mut all = records::members(records::json(&QueueLoad::new(&load)));
            let waiting: Vec<Json> = found.iter().map(|queued| records::json(&QueuedMessage::new(queued))).collect();
            all.insert("queued".to_owned(), Json::Array(waiting));
            all.insert("more".to_owned(), json!(more));
            Json::Object(all)
        },
        |page| {
            if found.is_empty() {
                page.line(if dead { "GLPI said no to nothing." } else { "Nothing waits." });
                return;
            }
            let wait = if load.messages == 1 { "message waits" } else { "messages wait" };
            page.line(format!("{} {wait}, {} of them dead; in all {} bytes.", load.messages, load.dead, load.bytes));
            page.blank();
            let rows = found.iter().map(|queued| {
                let (state, tone) = match queued.dead_at {
                    Some(_) => ("dead", Tone::Bad),
                    None => ("waits", Tone::Careful),
                };
                vec![
                    (queued.number.to_string(), Tone::Plain),
                    (queued.device.clone(), Tone::Plain),
                    (queued.what.clone(), Tone::Plain),
                    (state.to_owned(), tone),
                    (instant(queued.received_at), Tone::Faint),
                    (queued.attempts.to_string(), Tone::Plain),
                    (queued.last_error.clone().unwrap_or_default(), Tone::Plain),
                ]
            });
            page.table(&["message", "device", "what", "state", "since", "tried", "why"], &[1, 6], rows.collect());
        },
    )?;
    say_more(context, more, limit);
    Ok(Exit::Done)
}

/// Who took which message away, and who had one tried again, stands in the audit log.
fn noted(store: &Store, context: &Context, action: &'static str, message: &Queued) -> Result<(), Problem> {
    let (actor, number) = (context.actor.clone(), message.number);
    let detail =
        json!({ "agent": message.agent, "what": message.what, "received_at": message.received_at.to_string() });
    context.change(store, move |tx| tx.audit(audit::Entry::new(&actor, action, "queue", number).detail(detail.clone())))
}

fn say(message: &Queued, said: &str, context: &Context) -> Result<Exit, Problem> {
    context.printer.answer(
        || records::json(&QueuedMessage::new(message)),
        |page| {
            page.line(said);
            page.facts(&[
                ("message", Some(message.number.to_string())),
                ("device", Some(message.device.clone())),
                ("what", Some(message.what.clone())),
                ("since", Some(instant(message.received_at))),
            ]);
        },
    )?;
    Ok(Exit::Done)
}
