//! Where the archives lie, as it was configured.

use std::path::PathBuf;
use std::sync::Arc;

use object_store::ObjectStore;
use object_store::local::LocalFileSystem;

use crate::{StorageError, spool};

/// Where the archives lie.
#[derive(Debug, Clone)]
pub enum Place {
    /// In a folder of this machine, made where it is not there.
    Folder(PathBuf),
}

impl Place {
    /// What kind of place it is.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Folder(_) => "folder",
        }
    }

    /// Where what comes in is written until it is whole: on the disk of this machine.
    pub(crate) fn incoming(&self) -> PathBuf {
        match self {
            Self::Folder(folder) => folder.join("incoming"),
        }
    }

    pub(crate) fn open(&self) -> Result<Arc<dyn ObjectStore>, StorageError> {
        match self {
            Self::Folder(folder) => {
                spool::make_folder(folder)?;
                let opened = LocalFileSystem::new_with_prefix(folder);
                // On the disk before the database refers to it.
                let objects = opened.map_err(|error| StorageError::Away(error.to_string()))?.with_fsync(true);
                Ok(Arc::new(objects))
            }
        }
    }
}
