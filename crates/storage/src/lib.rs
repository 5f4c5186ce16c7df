//! Where plugins' archives lie: a folder, an S3-compatible store, or Azure. It knows bytes and their digests, and neither
//! plugins nor who may have them.
//!
//! Invariants. **An archive is named by its digest**, so that it can be put twice and never changes. **Half an archive is never
//! there**: what comes in is spooled beside the store first, and put as a whole; what breaks off leaves nothing. **What goes out
//! was never in memory as a whole.**

mod collect;
mod outward;
mod place;
mod spool;

use std::fmt::Write as _;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use object_store::path::Path;
use object_store::{ObjectStore, ObjectStoreExt as _};
use tokio::sync::{Semaphore, SemaphorePermit};

pub use place::{Azure, Place, S3, Secret};
pub use spool::{Spool, SpoolFault};

/// How long the store may be silent before it counts as away.
const PATIENCE: Duration = Duration::from_secs(20);
/// The same for whoever waits for an archive: less than a request may take, so that the store is named.
const READER_PATIENCE: Duration = Duration::from_secs(8);
/// How many read from the disk at once. Each does so on a thread, which costs memory for as long as the process lives, and a disk
/// does not become faster by more of them.
const AT_THE_DISK: usize = 8;
/// Below which all archives lie.
const FOLDER: &str = "sha256";

/// SHA-256 of an archive: its name.
pub type Digest = [u8; 32];

/// The archives. Cheap to clone.
#[derive(Clone)]
pub struct Archives {
    objects: Arc<dyn ObjectStore>,
    /// Where what comes in is written until it is whole.
    incoming: PathBuf,
    name: &'static str,
    patience: Duration,
    /// Turns at the disk, where the store is one.
    disk: Option<Arc<Semaphore>>,
}

/// Why the store did not do what was asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StorageError {
    /// The archive is not in it.
    #[error("the archive {0} is not in the store of archives")]
    Missing(String),
    /// No room is left.
    #[error("the disk that takes archives is full; make room, then try again")]
    Full,
    /// It does not answer, or not as it should.
    #[error("the store of archives cannot be used: {0}")]
    Away(String),
}

impl Archives {
    /// Opens the store; folders are made where they are not there.
    pub fn open(place: &Place) -> Result<Self, StorageError> {
        let incoming = place.incoming();
        spool::make_folder(&incoming)?;
        let disk = matches!(place, Place::Folder(_)).then(|| Arc::new(Semaphore::new(AT_THE_DISK)));
        Ok(Self { objects: place.open()?, incoming, name: place.name(), patience: PATIENCE, disk })
    }

    /// The same, with another patience.
    pub fn waiting(self, patience: Duration) -> Self {
        Self { patience, ..self }
    }

    /// What kind of store it is: for people and logs.
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// Whether the store answers at all.
    pub async fn answers(&self) -> Result<(), StorageError> {
        match self.size(&[0; 32]).await {
            Ok(_) | Err(StorageError::Missing(_)) => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// How large an archive is, in bytes.
    pub async fn size(&self, digest: &Digest) -> Result<u64, StorageError> {
        Ok(self.in_time(digest, self.objects.head(&path(digest))).await?.size)
    }

    /// Waits for the store, but not for ever.
    async fn in_time<T>(
        &self,
        digest: &Digest,
        asked: impl Future<Output = object_store::Result<T>>,
    ) -> Result<T, StorageError> {
        within(self.patience, digest, asked).await
    }
}

async fn within<T>(
    patience: Duration,
    digest: &Digest,
    asked: impl Future<Output = object_store::Result<T>>,
) -> Result<T, StorageError> {
    match tokio::time::timeout(patience, asked).await {
        Ok(answer) => answer.map_err(|error| StorageError::of(&error, digest)),
        Err(_) => Err(StorageError::silent(patience)),
    }
}

impl StorageError {
    /// Whether there is no room left.
    pub fn is_full(&self) -> bool {
        matches!(self, Self::Full)
    }

    /// Whether there is no such archive.
    pub fn is_missing(&self) -> bool {
        matches!(self, Self::Missing(_))
    }

    fn of(error: &object_store::Error, digest: &Digest) -> Self {
        if matches!(error, object_store::Error::NotFound { .. }) {
            return Self::Missing(hex(digest));
        }
        let mut source: Option<&(dyn std::error::Error + 'static)> = Some(error);
        while let Some(cause) = source {
            if cause.downcast_ref::<io::Error>().is_some_and(is_full) {
                return Self::Full;
            }
            source = cause.source();
        }
        Self::Away(error.to_string())
    }

    fn io(error: &io::Error) -> Self {
        if is_full(error) { Self::Full } else { Self::Away(error.to_string()) }
    }

    fn silent(patience: Duration) -> Self {
        Self::Away(format!("no answer within {} s", patience.as_secs_f32()))
    }
}

fn is_full(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded)
}

/// A turn at the disk, where there is one. It is held while it is in use.
async fn turn(disk: Option<&Semaphore>) -> Option<SemaphorePermit<'_>> {
    // Nobody ever closes it.
    disk?.acquire().await.ok()
}

/// Two levels, so that no folder grows endless.
fn path(digest: &Digest) -> Path {
    let name = hex(digest);
    Path::from(format!("{FOLDER}/{}/{name}", &name[..2]))
}

/// A digest as 64 hexadecimal digits.
pub fn hex(digest: &Digest) -> String {
    let mut text = String::with_capacity(64);
    for byte in digest {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
    }
    text
}

/// The digest of 64 hexadecimal digits, as [`hex`] writes them.
pub fn unhex(text: &str) -> Option<Digest> {
    let plain = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
    if text.len() != 64 || !text.bytes().all(plain) {
        return None;
    }
    let mut digest = [0; 32];
    for (at, byte) in digest.iter_mut().enumerate() {
        *byte = u8::from_str_radix(text.get(2 * at..2 * at + 2)?, 16).ok()?;
    }
    Some(digest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_digest_survives_its_digits_and_nothing_else_reads_as_one() {
        let digest = std::array::from_fn(|at| at as u8 * 7);
        assert_eq!(unhex(&hex(&digest)), Some(digest));
        for bad in ["", "0", &"0".repeat(63), &"0".repeat(65), &"A".repeat(64), &"+1".repeat(32)] {
            assert_eq!(unhex(bad), None, "{bad}");
        }
    }
}
