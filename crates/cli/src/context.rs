//! What every command has at hand: the configuration, the time, who asks, and the way to the store.
//!
//! Invariant: reading makes nothing. Only [`Context::made`] makes a data directory, a database or a master key.

use std::sync::OnceLock;

use latchkey_domain::time::{Timestamp, Zone};
use latchkey_server::Clock;
use latchkey_store::installation::Installation;
use latchkey_store::{Actor, Done, Location, Reader, Store, StoreError, Tx, Undone, Vault, installation};

use crate::config::Config;
use crate::printer::Printer;
use crate::problem::Problem;

pub(crate) struct Context {
    pub(crate) config: Config,
    pub(crate) printer: Printer,
    /// Who gives the command.
    pub(crate) actor: Actor,
    clock: Clock,
    /// Until the installation was asked: the one that is stated, else UTC.
    assumed_zone: Zone,
    zone: OnceLock<Zone>,
}

impl Context {
    /// `account` is the system account that the command was given by.
    pub(crate) fn new(config: Config, printer: Printer, account: String) -> Self {
        let assumed_zone = config.zone.as_ref().map_or_else(Zone::utc, |stated| stated.zone.clone());
        let actor = Actor::command_line(&account);
        Self { config, printer, actor, clock: Clock::system(), assumed_zone, zone: OnceLock::new() }
    }

    /// The present instant.
    pub(crate) fn now(&self) -> Timestamp {
        self.clock.wall()
    }

    /// The clock itself, for the server.
    pub(crate) fn clock(&self) -> Clock {
        self.clock.clone()
    }

    /// The vendor's time zone; the installation's from when its store was opened.
    pub(crate) fn zone(&self) -> &Zone {
        self.zone.get().unwrap_or(&self.assumed_zone)
    }

    /// How to call this program again, with the same data.
    pub(crate) fn program(&self) -> &str {
        &self.config.program
    }

    /// The store of an installation that is there.
    pub(crate) fn store(&self) -> Result<Store, Problem> {
        self.store_if_there()?.ok_or_else(|| self.nothing_there())
    }

    /// The store of an installation, `None` where there is none.
    pub(crate) fn store_if_there(&self) -> Result<Option<Store>, Problem> {
        let Some((store, installation)) = self.open_if_there()? else { return Ok(None) };
        match (installation.time_zone, &self.config.zone) {
            (Some(kept), Some(stated)) if kept != stated.zone => return Err(self.other_zone(kept.name())),
            (Some(kept), _) => drop(self.zone.set(kept)),
            (None, _) => {}
        }
        Ok(Some(store))
    }

    /// The store of an installation that is there, whatever time zone somebody states: for whoever changes it.
    pub(crate) fn store_in_any_zone(&self) -> Result<Store, Problem> {
        self.open_if_there()?.map(|(store, _)| store).ok_or_else(|| self.nothing_there())
    }

    fn open_if_there(&self) -> Result<Option<(Store, Installation)>, Problem> {
        match &self.config.database {
            Location::Sqlite(_) if !self.config.data_dir.has_database()? => return Ok(None),
            Location::Postgres(_) if !Store::is_made(&self.config.database)? => return Ok(None),
            Location::Sqlite(_) | Location::Postgres(_) => {}
        }
        let store = self.open()?;
        let established = store.ask(|reader| installation::load(reader))?;
        Ok(established.map(|installation| (store, installation)))
    }

    /// The store as far as it may be used: one that may not be written can be asked.
    fn open(&self) -> Result<Store, StoreError> {
        let location = &self.config.database;
        Store::open(location.clone(), self.now()).or_else(|error| match (location, &error) {
            // Whatever keeps it from being read, too, is said by the first error.
            (Location::Sqlite(_), StoreError::ReadOnly(_) | StoreError::Away(_) | StoreError::Full) => {
                Store::open_to_read(location.clone(), error.clone()).map_err(|_| error)
            }
            (Location::Sqlite(_) | Location::Postgres(_), _) => Err(error),
        })
    }

    /// The store of an installation that is there, and what opens its secrets.
    pub(crate) fn store_and_vault(&self) -> Result<(Store, Vault), Problem> {
        let store = self.store()?;
        let master = self.config.master_key.read()?.ok_or_else(|| self.config.master_key.missing())?;
        let vault = Vault::new(master);
        installation::establish(&store, &vault, self.now(), &self.actor)?;
        self.settle_zone(&store)?;
        Ok((store, vault))
    }

    /// The store and what opens its secrets, made where they are not there.
    pub(crate) fn made(&self) -> Result<(Store, Vault), Problem> {
        let data_dir = &self.config.data_dir;
        match &self.config.database {
            Location::Sqlite(_) => {
                let key_is_here = self.config.master_key.is_file_in(data_dir.path());
                if key_is_here
                    && data_dir.exists()?
                    && !data_dir.has_database()?
                    && self.config.master_key.read()?.is_some()
                {
                    return Err(self.lost("the master key is there, but the database is not"));
                }
                data_dir.make()?;
                data_dir.is_writable()?;
            }
            // Nothing needs to be in there, if the master key comes from elsewhere.
            Location::Postgres(_) => {}
        }
        let store = Store::open(self.config.database.clone(), self.now())?;
        let established = store.ask(|reader| installation::load(reader))?;
        let master = match established {
            Some(_) => self.config.master_key.read()?.ok_or_else(|| self.config.master_key.missing())?,
            None if data_dir.heads().exists() => {
                return Err(self.lost("its audit log was signed before, but the database has no installation in it"));
            }
            // On the disk before anything is sealed under it.
            None => {
                if self.config.master_key.is_file_in(data_dir.path()) {
                    data_dir.make()?;
                }
                self.config.master_key.read_or_make()?
            }
        };
        let vault = Vault::new(master);
        installation::establish(&store, &vault, self.now(), &self.actor)?;
        self.settle_zone(&store)?;
        Ok((store, vault))
    }

    fn settle_zone(&self, store: &Store) -> Result<(), Problem> {
        let stated = self.config.zone.as_ref().map(|stated| &stated.zone);
        match installation::settle_time_zone(store, stated, self.now(), &self.actor) {
            Ok(zone) => {
                // Set before, it was the same.
                let _ = self.zone.set(zone);
                Ok(())
            }
            Err(StoreError::OtherTimeZone { stored, .. }) => Err(self.other_zone(&stored)),
            Err(error) => Err(error.into()),
        }
    }

    fn other_zone(&self, kept: &str) -> Problem {
        let (place, name) = match &self.config.zone {
            Some(stated) => (stated.place.as_str(), stated.zone.name()),
            None => ("", self.assumed_zone.name()),
        };
        Problem::usage(
            format!("{place} says {name}, but the dates of this installation are those of {kept}"),
            format!(
                "take it away: the installation knows its time zone; to change that: {} time-zone set {name} --reason WHY",
                self.program()
            ),
        )
    }

    /// Where people find the service, without a slash at its end: as it is configured, else as the server said last, else as one
    /// would that was started now.
    pub(crate) fn service_url(&self, store: &Store) -> Result<String, Problem> {
        if let Some(url) = &self.config.public_url {
            return Ok(url.clone());
        }
        let scheme = if self.config.front.tls.is_some() { "https" } else { "http" };
        let said = store.ask(|reader| installation::service_url(reader))?;
        Ok(said.unwrap_or_else(|| format!("{scheme}://{}", self.config.listen)))
    }

    /// Asks the store something, in one snapshot.
    pub(crate) fn ask<T>(
        &self,
        store: &Store,
        question: impl FnOnce(&mut Reader<'_>) -> Done<T>,
    ) -> Result<T, Problem> {
        let answer = store.read(|reader| match question(reader) {
            Ok(answer) => Ok(Ok(answer)),
            Err(Undone::Refused(refusal)) => Ok(Err(refusal)),
            Err(Undone::Failed(error)) => Err(error),
        })?;
        answer.map_err(|refusal| Problem::refused(&refusal, self.zone()))
    }

    /// Changes something in the store, as one operation.
    pub(crate) fn change<T: Send + 'static>(
        &self,
        store: &Store,
        operation: impl FnMut(&mut Tx<'_>) -> Done<T> + Send + 'static,
    ) -> Result<T, Problem> {
        let changed = store.write_blocking(self.now(), operation);
        // Whoever copies the database after a command finds all of it in the one file, unless a server is at it.
        store.settle();
        changed.map_err(|undone| Problem::undone(undone, self.zone()))
    }

    /// What is there shows that there was an installation. A new one in its place would be another vendor, and every key
    /// that is out would be refused as a stranger's.
    fn lost(&self, what: &str) -> Problem {
        let path = self.config.data_dir.path().display();
        Problem::unable(
            "INSTALLATION_LOST",
            "The installation is gone",
            format!("the installation in {path} is not whole: {what}"),
            "restore the database from a backup (with its -wal file, if there is one), or check the database URL; to begin anew as another vendor, use an empty data directory",
        )
    }

    fn nothing_there(&self) -> Problem {
        let (detail, which) = match &self.config.database {
            Location::Sqlite(_) => {
                let path = self.config.data_dir.path();
                let whole = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
                let which = "name its data directory with --data-dir or LATCHKEY_DATA_DIR";
                (format!("there is no Latchkey in {}", whole.display()), which)
            }
            Location::Postgres(_) => {
                ("there is no Latchkey in this PostgreSQL database yet".to_owned(), "check the database URL")
            }
        };
        Problem::unable(
            "INSTALLATION_MISSING",
            "No installation",
            detail,
            format!("{which}; to make a new one: {} serve", self.program()),
        )
    }
}
