//! Who has an embedded database open: everybody who uses it holds a lock together with the others, and whoever exchanges
//! it under them needs it alone.
//!
//! PostgreSQL needs none of this: a backup is only restored into a database that nobody has used yet.

use std::fs::{File, OpenOptions, TryLockError};
use std::path::Path;
use std::sync::Arc;

use crate::{Location, StoreError};

/// The file that is locked, in the data directory; it stays empty.
const LOCK_FILE: &str = "latchkey.lock";

/// That somebody uses a database. Cheap to clone; over when the last one is dropped.
#[derive(Clone)]
pub(crate) struct Present {
    _lock: Option<Arc<File>>,
}

impl Present {
    /// Refused while somebody needs the database alone. Where no lock can be had for another reason (a directory that
    /// may only be read), whatever opens the database says so itself.
    pub(crate) fn at(location: &Location) -> Result<Self, StoreError> {
        let Location::Sqlite(path) = location else { return Ok(Self { _lock: None }) };
        let Ok(file) = open(path) else { return Ok(Self { _lock: None }) };
        match file.try_lock_shared() {
            Ok(()) => Ok(Self { _lock: Some(Arc::new(file)) }),
            Err(TryLockError::WouldBlock) => Err(StoreError::Busy),
            Err(TryLockError::Error(_)) => Ok(Self { _lock: None }),
        }
    }
}

/// That nobody else uses an embedded database, until it is dropped.
pub(crate) struct Alone {
    _lock: File,
}

impl Alone {
    /// `None` where somebody does.
    pub(crate) fn take(database: &Path) -> std::io::Result<Option<Self>> {
        let file = open(database)?;
        match file.try_lock() {
            Ok(()) => Ok(Some(Self { _lock: file })),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => Err(error),
        }
    }
}

fn open(database: &Path) -> std::io::Result<File> {
    OpenOptions::new().write(true).create(true).truncate(false).open(database.with_file_name(LOCK_FILE))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_may_be_present_and_one_alone() {
        let dir = tempfile::tempdir().unwrap();
        let location = Location::embedded(dir.path());
        let database = dir.path().join(crate::SQLITE_FILE);
        let (first, second) = (Present::at(&location).unwrap(), Present::at(&location).unwrap());
        assert!(Alone::take(&database).unwrap().is_none());
        drop((first, second));
        let alone = Alone::take(&database).unwrap().unwrap();
        assert_eq!(Present::at(&location).err(), Some(StoreError::Busy));
        drop(alone);
        assert!(Present::at(&location).is_ok());
    }
}
