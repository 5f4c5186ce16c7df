//! The machine of a Latchkey: what the server needs to start and to answer.

mod backups;
mod certificate;
mod clock;
mod configuration;
mod data_dir;
mod database;
mod disk;
mod master_key;
mod public_url;
mod schema;

use std::time::{Duration, Instant};

use latchkey_store::{Examined, Location, Store, StoreError};
use latchkey_texts::doctor::Sight;

use super::finding::{Check, Finding};
use super::visit::Visit;
use crate::account;
use crate::args::Cli;
use crate::config::{self, Config, Environment};
use crate::printer::Printer;
use crate::problem::Problem;

pub(super) const CHECKS: &[Check] = &[
    configuration::CHECK,
    data_dir::CHECK,
    database::CHECK,
    schema::CHECK,
    master_key::CHECK,
    certificate::CHECK,
    clock::CHECK,
    disk::CHECK,
    backups::CHECK,
];
pub(super) const PUBLIC_CHECKS: &[Check] = &[public_url::CHECK];

/// A Latchkey, as far as it can be read.
pub(super) struct Host {
    config: Result<Config, Problem>,
    database: Database,
}

/// What became of the look at the database.
enum Database {
    /// The settings do not say where it is.
    Unknown,
    /// There is none.
    None,
    Examined(Examined, Duration),
    Failed(StoreError),
}

impl Host {
    /// Reads the settings and looks at the database. Whatever is wrong with either is a finding, not a reason to stop.
    pub(super) fn look_around(cli: &Cli, printer: &Printer) -> Result<Self, Problem> {
        let config = match Environment::read() {
            Ok(environment) => {
                let data_dir = config::data_dir(cli, &environment);
                // As every command does, so that it sees what the server sees.
                account::settle(&data_dir, printer)?;
                config::load(cli, environment, data_dir)
            }
            Err(problem) => Err(problem),
        };
        let database = match &config {
            Ok(config) => look(config),
            Err(_) => Database::Unknown,
        };
        Ok(Self { config, database })
    }

    /// The address by which others reach it, where one is configured.
    pub(super) fn public_url(&self) -> Option<String> {
        self.config.as_ref().ok().and_then(|config| config.public_url.clone())
    }
}

fn look(config: &Config) -> Database {
    let there = match &config.database {
        Location::Sqlite(_) => config.data_dir.has_database().unwrap_or(false),
        Location::Postgres(_) => true,
    };
    if !there {
        return Database::None;
    }
    let begun = Instant::now();
    match Store::examine(&config.database) {
        Ok(examined) if examined.installation.is_none() => Database::None,
        Ok(examined) => Database::Examined(examined, begun.elapsed()),
        Err(error) => Database::Failed(error),
    }
}

/// The settings, or what to say instead where they do not read.
fn config(visit: &Visit) -> Result<(&Host, &Config), Finding> {
    let host = visit.host.as_ref().ok_or_else(|| Finding::skipped(Sight::SkippedNoUrl, Vec::new()))?;
    let config = host.config.as_ref().map_err(|_| Finding::after(configuration::CHECK.id))?;
    Ok((host, config))
}

/// What was seen in the database, or what to say instead where that was not possible.
fn examined(visit: &Visit) -> Result<(&Config, &Examined), Finding> {
    let (host, config) = config(visit)?;
    match &host.database {
        Database::Examined(examined, _) => Ok((config, examined)),
        Database::None => Err(Finding::after(data_dir::CHECK.id)),
        Database::Failed(StoreError::NewerSchema { .. }) => Err(Finding::after(schema::CHECK.id)),
        Database::Failed(_) | Database::Unknown => Err(Finding::after(database::CHECK.id)),
    }
}

/// A finding, whichever way it came about.
fn either(found: Result<Finding, Finding>) -> Finding {
    found.unwrap_or_else(|finding| finding)
}
