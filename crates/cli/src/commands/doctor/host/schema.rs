//! The schema of the database against this program's.

use std::cmp::Ordering;

use latchkey_store::{SCHEMA, StoreError};
use latchkey_texts::doctor::{Chapter, Code, Sight};

use super::super::finding::{Check, Finding};
use super::super::visit::Visit;
use super::{Database, config, either, examined};

pub(super) const CHECK: Check = Check { id: "host.schema", chapter: Chapter::Host, slow: false, run };

fn run(visit: &mut Visit) -> Finding {
    either(look(visit))
}

fn look(visit: &Visit) -> Result<Finding, Finding> {
    let (host, _) = config(visit)?;
    let newer = |found: i64| {
        Finding::error(Code::SchemaNewer, vec![("found", found.to_string()), ("known", SCHEMA.to_string())])
    };
    if let Database::Failed(StoreError::NewerSchema { found, .. }) = &host.database {
        return Err(newer(*found));
    }
    let (config, examined) = examined(visit)?;
    Ok(match examined.schema.cmp(&SCHEMA) {
        // One that this program may use although it is newer is no fault.
        Ordering::Equal | Ordering::Greater => {
            Finding::ok(Sight::Schema, vec![("schema", examined.schema.to_string())])
        }
        Ordering::Less => {
            let command = ("command", format!("{} migrate", config.program));
            let numbers = [("found", examined.schema.to_string()), ("known", SCHEMA.to_string())];
            Finding::warning(Code::SchemaOld, numbers.into_iter().chain([command]).collect())
        }
    })
}
