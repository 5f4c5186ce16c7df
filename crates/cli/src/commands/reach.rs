//! `latchkey reach`: what comes of asking an address, the way in which this installation asks others.

use std::time::{Duration, Instant};

use clap::Args;
use latchkey_domain::outgoing::Unanswered;
use latchkey_outgoing::{Method, Request, Target};
use latchkey_texts::Language;
use serde_json::json;

use crate::context::Context;
use crate::problem::{Exit, Problem};

/// How long it may take.
const WITHIN: Duration = Duration::from_secs(15);
/// The most bytes of an answer that are taken.
const MOST_BYTES: usize = 1 << 20;

#[derive(Debug, Args)]
pub(crate) struct Reach {
    /// The address, with http: or https: before it
    url: String,
}

pub(super) fn run(arguments: &Reach, context: &Context) -> Result<Exit, Problem> {
    let target = Target::parse(&arguments.url).map_err(|fault| problem(&Unanswered::UrlInvalid(fault)))?;
    let client = context.config.outgoing.client()?;
    let begun = Instant::now();
    let request =
        Request { target: &target, method: Method::Get, headers: &[], within: WITHIN, most_bytes: MOST_BYTES };
    let answer = client.send(&request).map_err(|unanswered| problem(&unanswered))?;
    let (took, bytes) = (begun.elapsed().as_millis(), answer.body.len());
    let origin = target.origin().to_string();
    context.printer.answer(
        || json!({ "origin": origin, "status": answer.status, "bytes": bytes, "milliseconds": took }),
        |page| page.line(format!("{origin} answered with status {}: {bytes} bytes in {took} ms", answer.status)),
    )?;
    Ok(Exit::Done)
}

fn problem(unanswered: &Unanswered) -> Problem {
    Problem::told(unanswered.code(), latchkey_texts::unanswered(unanswered, Language::English))
}
