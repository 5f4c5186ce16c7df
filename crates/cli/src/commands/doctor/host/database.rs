//! Whether the database answers, and how fast.

use std::time::Duration;

use latchkey_store::StoreError;
use latchkey_texts::doctor::{Chapter, Code, Sight};

use super::super::finding::{Check, Finding};
use super::super::visit::Visit;
use super::{Database, config, data_dir, either, schema};
use crate::words;

pub(super) const CHECK: Check = Check { id: "host.database", chapter: Chapter::Host, slow: false, run };

/// Connecting and four small questions take a few milliseconds.
const SLOW: Duration = Duration::from_secs(1);

fn run(visit: &mut Visit) -> Finding {
    either(look(visit))
}

fn look(visit: &Visit) -> Result<Finding, Finding> {
    let (host, config) = config(visit)?;
    match &host.database {
        Database::Unknown | Database::None => Err(Finding::after(data_dir::CHECK.id)),
        Database::Failed(StoreError::NewerSchema { .. }) => Err(Finding::after(schema::CHECK.id)),
        Database::Failed(error) => {
            let (detail, next) = words::store(error);
            Err(Finding::error(Code::DatabaseAway, vec![("detail", detail), ("next", next)]))
        }
        Database::Examined(_, took) => {
            let millis = ("millis", took.as_millis().to_string());
            if *took > SLOW {
                return Err(Finding::warning(Code::DatabaseSlow, vec![millis]));
            }
            Ok(Finding::ok(Sight::Database, vec![("database", config.database.name().to_owned()), millis]))
        }
    }
}
