//! Taking away what nothing refers to: an archive whose publishing was refused at the last moment, or broke off.

use std::time::{SystemTime, UNIX_EPOCH};

use futures_util::StreamExt as _;
use object_store::{ObjectMeta, ObjectStoreExt as _};

use crate::{Archives, Digest, FOLDER, StorageError, unhex};

impl Archives {
    /// Takes away every archive that is not used and was put longer ago than that, and says how many. That has to be longer
    /// than any publishing takes: an archive is put first, and referred to after that. By the clocks of this machine and of
    /// the store.
    pub async fn collect(
        &self,
        is_used: impl Fn(&Digest) -> bool,
        older_than_secs: u64,
    ) -> Result<usize, StorageError> {
        let (mut removed, mut all) = (0, self.objects.list(Some(&FOLDER.into())));
        loop {
            let next = tokio::time::timeout(self.patience, all.next()).await;
            let object = match next.map_err(|_| StorageError::silent(self.patience))? {
                None => return Ok(removed),
                Some(found) => found.map_err(|error| StorageError::of(&error, &[0; 32]))?,
            };
            // What is not named as an archive is somebody else's.
            let Some(digest) = unhex(object.location.filename().unwrap_or_default()) else { continue };
            if is_used(&digest) || age_secs(&object) < older_than_secs {
                continue;
            }
            // It may have been put again since it was listed.
            match self.in_time(&digest, self.objects.head(&object.location)).await {
                Ok(now) if age_secs(&now) < older_than_secs => continue,
                Ok(_) => {}
                Err(StorageError::Missing(_)) => continue,
                Err(error) => return Err(error),
            }
            match self.in_time(&digest, self.objects.delete(&object.location)).await {
                Ok(()) => removed += 1,
                // Another node was quicker.
                Err(StorageError::Missing(_)) => {}
                Err(error) => return Err(error),
            }
        }
    }
}

/// Nothing for what lies in the future.
fn age_secs(object: &ObjectMeta) -> u64 {
    let put = u64::try_from(object.last_modified.timestamp()).unwrap_or(0);
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs().saturating_sub(put)
}
