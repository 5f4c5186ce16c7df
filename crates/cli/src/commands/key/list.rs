//! `latchkey key list`: keys with what they open.

use latchkey_domain::subscriptions::{Phase, Standing};
use latchkey_store::subscriptions::keys::{self, Filter, Listed};
use serde_json::{Value as Json, json};

use crate::commands::{ListArgs, cut, say_more};
use crate::context::Context;
use crate::printer::Tone;
use crate::problem::{Exit, Problem};
use crate::records;

pub(super) fn run(arguments: &ListArgs, context: &Context) -> Result<Exit, Problem> {
    let (store, now, limit) = (context.store()?, context.now(), arguments.limit);
    let mut listed = context.ask(&store, |reader| {
        let filter = Filter { customer: arguments.customer_id(reader)?, subscription: None };
        Ok(keys::list(reader, filter, limit.saturating_add(1))?)
    })?;
    let more = cut(&mut listed, limit);
    context.printer.answer(
        || {
            let all = listed.iter().map(|Listed { key, subscription, customer }| {
                Json::Object(records::key(key, subscription, customer.as_str(), now))
            });
            json!({ "keys": all.collect::<Vec<_>>(), "more": more })
        },
        |page| {
            if listed.is_empty() {
                page.line("There are no keys yet.");
                page.advice(format!(
                    "The first one: {} key issue --customer NAME --offer basic --years 1",
                    context.program()
                ));
                return;
            }
            let rows = listed
                .iter()
                .map(|Listed { key, subscription, customer }| {
                    let (state, tone) = state(key.standing(now), subscription.phase(now));
                    vec![
                        (key.id.to_string(), Tone::Plain),
                        (customer.to_string(), Tone::Plain),
                        (subscription.offer.to_string(), Tone::Plain),
                        (state.to_owned(), tone),
                        (subscription.period.ends.to_string(), Tone::Plain),
                    ]
                })
                .collect();
            page.table(&["key", "customer", "offer", "state", "last day"], &[1], rows);
        },
    )?;
    say_more(context, more, limit);
    Ok(Exit::Done)
}

/// The one word that says most: the key's own where it does not count, else its subscription's where that does not run.
fn state(standing: Standing, phase: Phase) -> (&'static str, Tone) {
    let own = (standing.name(), records::standing_tone(standing));
    match (standing, phase) {
        (Standing::Revoked(_) | Standing::Superseded(_), _) | (_, Phase::Running { .. }) => own,
        (
            Standing::Plain | Standing::Overlap(_),
            Phase::Scheduled { .. }
            | Phase::Grace { .. }
            | Phase::Expired { .. }
            | Phase::Suspended { .. }
            | Phase::Terminated { .. },
        ) => (phase.name(), records::phase_tone(&phase)),
    }
}
