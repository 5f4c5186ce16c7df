//! A backup: everything that is kept, as one file that either database can be restored from.
//!
//! ```text
//! latchkey-backup 1          the format's version
//! {"schema":…,…}             the header: what is in it, readable without any tool
//! gzip of JSON lines         per section {"section":…,"columns":[…]}, then one array a row
//! 32 bytes                   SHA-256 of all that stands before
//! ```
//!
//! It is logical (rows, not pages), so that what SQLite wrote PostgreSQL reads. Signing keys are in it as they are
//! stored: sealed. The master key that opens them is not, only its fingerprint.
//!
//! Invariants: a backup is one snapshot; a file that was cut short or altered is found before anything is touched; a
//! restore is done wholly or not at all.

mod restore;
mod tables;
mod write;

use std::collections::BTreeMap;
use std::io;

use serde::{Deserialize, Serialize};

use crate::StoreError;

pub use restore::{Restored, glance, inspect, restore};
pub use write::write;

/// The version of the file's format that this program writes, and the newest that it reads.
pub const FORMAT: u32 = 1;
/// How the first line begins; the format's version follows.
const MAGIC: &str = "latchkey-backup ";
/// Length of the digest at the end, in bytes.
const DIGEST: u64 = 32;

/// What a backup says about itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Header {
    /// The schema of what is in it.
    pub schema: i64,
    /// When it was made, in milliseconds since the epoch.
    pub created_at: i64,
    /// The kind of database that it was made of; it can be restored into either.
    pub database: String,
    /// The fingerprint of the master key that opens its secrets.
    pub master_key_fingerprint: String,
    /// The vendor's id.
    pub publisher: String,
    /// How many rows there are, by section.
    pub rows: BTreeMap<String, u64>,
}

impl Header {
    /// How many rows there are in all.
    pub fn total(&self) -> u64 {
        self.rows.values().sum()
    }
}

/// Why a backup was not made, or not restored.
#[derive(Debug, thiserror::Error)]
pub enum Trouble {
    /// The store could not.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The backup cannot be read from, or written to, where it is.
    #[error("{0}")]
    Io(#[from] io::Error),
    /// The file is something else.
    #[error("this is no backup of Latchkey")]
    NotABackup,
    /// The file was cut short, or altered: its digest does not hold.
    #[error("the backup was cut short or altered")]
    Damaged,
    /// The file's format is a newer one.
    #[error("the backup has format {found}; this program knows {FORMAT}")]
    NewerFormat {
        /// The format that was found.
        found: u32,
    },
    /// What is in it has a schema that this program does not know.
    #[error("the backup has schema {found}; this program knows {known}")]
    NewerSchema {
        /// The schema that was found.
        found: i64,
        /// The schema that this program knows.
        known: i64,
    },
    /// Its secrets are sealed under another master key.
    #[error("the backup belongs to the master key {expected}, not to {given}")]
    OtherMasterKey {
        /// The fingerprint that the backup has.
        expected: String,
        /// The fingerprint of the key that was given.
        given: String,
    },
    /// A server or another command has the database open.
    #[error("the database is in use")]
    InUse,
    /// Something is there already.
    #[error("there is an installation already")]
    NotEmpty,
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;
    use std::path::Path;

    use latchkey_domain::time::{Timestamp, Zone};
    use sha2::{Digest as _, Sha256};

    use super::*;
    use crate::subscriptions::keys::{self, Order};
    use crate::{Actor, Location, Master, Store, Vault, feed, installation};

    fn noon() -> Timestamp {
        Timestamp::from_millis(1_795_345_200_000)
    }

    fn made(dir: &Path, vault: &Vault) -> (Store, Vec<u8>) {
        let store = Store::open(Location::embedded(dir), noon()).unwrap();
        let actor = Actor::command_line("test");
        installation::establish(&store, vault, noon(), &actor).unwrap();
        let term = latchkey_domain::subscriptions::Term::new(1, latchkey_domain::subscriptions::Unit::Years).unwrap();
        let vault = vault.clone();
        store
            .write_blocking(noon(), move |tx| {
                let order = Order { customer: "Acme".into(), offer: "basic".into(), begins: None, term: Some(term) };
                let first = keys::issue(tx, &vault, &order, &Zone::utc(), &actor)?;
                keys::reissue(tx, &vault, first.key.id, 7, &Zone::utc(), &actor, None)
            })
            .unwrap();
        let mut file = Vec::new();
        write(&store, noon(), &mut file, |_, _| {}).unwrap();
        (store, file)
    }

    fn restore_into(dir: &Path, vault: &Vault, file: &[u8], now: Timestamp) -> Result<Restored, Trouble> {
        let actor = Actor::command_line("test");
        restore(&Location::embedded(dir), vault, &mut Cursor::new(file), false, now, &actor, |_, _| {})
    }

    /// With a digest that holds, whatever was done to it.
    fn sealed(mut covered: Vec<u8>) -> Vec<u8> {
        let digest = Sha256::digest(&covered);
        covered.extend_from_slice(&digest);
        covered
    }

    #[test]
    fn one_that_was_cut_short_at_any_byte_is_found() {
        let dir = tempfile::tempdir().unwrap();
        let (_, file) = made(dir.path(), &Vault::new(Master::random().unwrap()));
        assert!(inspect(&mut Cursor::new(&file)).is_ok());
        for end in 0..file.len() {
            let found = inspect(&mut Cursor::new(&file[..end]));
            assert!(matches!(found, Err(Trouble::Damaged)), "{end} of {}: {found:?}", file.len());
        }
    }

    #[test]
    fn one_that_was_altered_at_any_byte_is_found() {
        let dir = tempfile::tempdir().unwrap();
        let (_, mut file) = made(dir.path(), &Vault::new(Master::random().unwrap()));
        for at in 0..file.len() {
            file[at] ^= 1;
            assert!(inspect(&mut Cursor::new(&file)).is_err(), "byte {at}");
            file[at] ^= 1;
        }
        file.push(0);
        assert!(matches!(inspect(&mut Cursor::new(&file)), Err(Trouble::Damaged)));
    }

    #[test]
    fn a_newer_one_is_named_and_another_file_is_none() {
        let dir = tempfile::tempdir().unwrap();
        let (_, file) = made(dir.path(), &Vault::new(Master::random().unwrap()));
        let newer = [b"latchkey-backup 2\n", &file[18..]].concat();
        assert!(matches!(inspect(&mut Cursor::new(newer)), Err(Trouble::NewerFormat { found: 2 })));
        let schema = format!("\"schema\":{}", crate::SCHEMA);
        let covered = &file[..file.len() - 32];
        let at = covered.windows(schema.len()).position(|window| window == schema.as_bytes()).unwrap();
        let newer = [&covered[..at], b"\"schema\":99", &covered[at + schema.len()..]].concat();
        let found = inspect(&mut Cursor::new(sealed(newer)));
        assert!(matches!(found, Err(Trouble::NewerSchema { found: 99, .. })), "{found:?}");
        assert!(matches!(inspect(&mut Cursor::new(b"SQLite format 3\0")), Err(Trouble::NotABackup)));
    }

    #[test]
    fn what_does_not_fit_in_leaves_nothing_behind() {
        let (from, to) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let vault = Vault::new(Master::random().unwrap());
        let (_, file) = made(from.path(), &vault);
        // Whole by its digest, and its body is not what a body is.
        let start = file.iter().enumerate().filter(|(_, byte)| **byte == b'\n').nth(1).unwrap().0 + 1;
        let mut hollow = file[..start].to_vec();
        hollow.extend_from_slice(b"not gzip at all");
        let trouble = restore_into(to.path(), &vault, &sealed(hollow), noon()).unwrap_err();
        assert!(matches!(trouble, Trouble::Damaged), "{trouble:?}");
        let left: Vec<_> = std::fs::read_dir(to.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        assert_eq!(left, ["latchkey.lock"]);
    }

    #[test]
    fn the_feed_goes_on_from_where_no_node_can_have_been() {
        let (from, to) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let vault = Vault::new(Master::random().unwrap());
        let (before, file) = made(from.path(), &vault);
        restore_into(to.path(), &vault, &file, noon()).unwrap();
        let after = Store::open(Location::embedded(to.path()), noon()).unwrap();
        let end = |store: &Store| store.ask(|reader| feed::end(reader)).unwrap().0;
        assert!(end(&after) > end(&before) + 1_000_000_000);
        drop(after);
        let again = tempfile::tempdir().unwrap();
        restore_into(again.path(), &vault, &file, noon().plus(60_000)).unwrap();
        let again = Store::open(Location::embedded(again.path()), noon()).unwrap();
        assert!(end(&again) > noon().millis() * 1_000, "and a later restore of the same one further on");
    }
}
