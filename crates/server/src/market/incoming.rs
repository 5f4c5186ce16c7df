//! An archive as it comes in over HTTP, piece by piece: what the REST API and the console share. One that breaks off leaves
//! nothing behind.

use axum::body::Bytes;
use futures_util::{Stream, StreamExt as _};
use latchkey_domain::marketplace::ArchiveFault;
use latchkey_domain::{Failure, Refusal};
use latchkey_storage::{Archives, Spool, SpoolFault, StorageError};
use latchkey_store::marketplace::Order;

use super::failure;
use super::publishing::{self, MOST_BYTES, NotReady, Wish};

/// The longest sheet beside an archive, in bytes.
pub(crate) const LONGEST_SHEET: u64 = 1 << 20;

/// Why an archive did not come in, or is not to be published.
pub(crate) enum Stopped {
    /// Something is wrong with it.
    Refused(Refusal),
    /// It could not be kept.
    Failed(Failure),
}

/// Takes in an archive; `fault` says what it means that a piece did not come.
pub(crate) async fn spooled<E>(
    archives: &Archives,
    mut pieces: impl Stream<Item = Result<Bytes, E>> + Unpin,
    fault: impl Fn(E) -> ArchiveFault,
) -> Result<Spool, Stopped> {
    let mut spool = archives.spool(MOST_BYTES)?;
    while let Some(piece) = pieces.next().await {
        let piece = piece.map_err(|error| Stopped::from(fault(error)))?;
        spool.write(&piece).map_err(|stopped| match stopped {
            SpoolFault::TooLong { most } => ArchiveFault::TooLong { most }.into(),
            SpoolFault::Storage(error) => Stopped::from(error),
        })?;
    }
    Ok(spool)
}

/// What it means that a part of a form did not come.
pub(crate) fn part_fault(error: multer::Error) -> ArchiveFault {
    if let multer::Error::FieldSizeExceeded { .. } = error {
        ArchiveFault::TooLong { most: MOST_BYTES }
    } else {
        ArchiveFault::Damaged
    }
}

/// Examines an archive that came in whole, on a thread that may wait, and keeps it: so that no version names what is not there.
pub(crate) async fn kept(archives: &Archives, mut spool: Spool, wish: Wish) -> Result<Order, Stopped> {
    let examined =
        tokio::task::spawn_blocking(move || publishing::order(&mut spool, &wish).map(|order| (order, spool))).await;
    let (order, spool) = match examined {
        Ok(Ok(ready)) => ready,
        Ok(Err(NotReady::Refused(refusal))) => return Err(Stopped::Refused(refusal)),
        Ok(Err(NotReady::Failed(error))) => return Err(error.into()),
        Err(error) => {
            tracing::error!(%error, "examining an archive panicked");
            return Err(Stopped::Failed(Failure::Internal));
        }
    };
    archives.keep(spool).await?;
    Ok(order)
}

impl From<ArchiveFault> for Stopped {
    fn from(fault: ArchiveFault) -> Self {
        Self::Refused(Refusal::ArchiveRefused(fault))
    }
}

impl From<StorageError> for Stopped {
    fn from(error: StorageError) -> Self {
        Self::Failed(failure(&error))
    }
}
