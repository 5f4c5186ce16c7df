//! `latchkey migrate`: brings the database's schema up to this program's, and makes the database where there is none.
//! Every other command does so as well; this one is for whoever wants it done before anything else starts.

use latchkey_store::{Location, Store};
use serde_json::json;

use crate::context::Context;
use crate::problem::{Exit, Problem};

pub(super) fn run(context: &Context) -> Result<Exit, Problem> {
    match &context.config.database {
        Location::Sqlite(_) => context.config.data_dir.make()?,
        Location::Postgres(_) => {}
    }
    let applied = Store::migrate(&context.config.database, context.now())?;
    context.printer.answer(
        || json!({ "schema": applied.to, "schema_before": applied.from }),
        |page| {
            page.line(match (applied.from, applied.to) {
                (from, to) if from == to => format!("The database has schema {to} already; nothing was to be done."),
                (0, to) => format!("The database was made, with schema {to}."),
                (from, to) => format!("The database was brought from schema {from} to schema {to}."),
            });
        },
    )?;
    Ok(Exit::Done)
}
