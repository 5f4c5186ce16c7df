//! What goes out: a part of an archive, piece by piece.

use std::fs::File;
use std::io;
use std::ops::Range;
use std::os::unix::fs::FileExt as _;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use futures_util::stream::{self, BoxStream};
use futures_util::{Stream, StreamExt as _};
use object_store::{GetOptions, GetResultPayload};
use tokio::sync::Semaphore;

use crate::{Archives, Digest, READER_PATIENCE, StorageError, hex, path, turn, within};

/// A piece, in bytes. Of each download several are in memory at once: one that was read, and what hyper and TLS hold of those
/// before it.
const PIECE: u64 = 64 << 10;

/// A part of an archive on its way out.
struct Outward {
    source: Source,
    left: u64,
    digest: Digest,
    patience: Duration,
    disk: Option<Arc<Semaphore>>,
}

enum Source {
    /// And where in it the next piece begins.
    File(Arc<File>, u64),
    Stream(BoxStream<'static, object_store::Result<Bytes>>),
}

impl Archives {
    /// Gives out a part of an archive, piece by piece. A stream that ends gave all of it: one that cannot says so last.
    pub async fn read(
        &self,
        digest: &Digest,
        range: Range<u64>,
    ) -> Result<impl Stream<Item = Result<Bytes, StorageError>> + Send + 'static + use<>, StorageError> {
        let outward = if range.is_empty() { None } else { Some(self.outward(digest, range).await?) };
        Ok(stream::unfold(outward, |outward| async {
            let mut outward = outward?;
            match outward.piece().await {
                Ok(piece) => {
                    let more = (outward.left > 0).then_some(outward);
                    Some((Ok(piece), more))
                }
                Err(error) => Some((Err(error), None)),
            }
        }))
    }

    async fn outward(&self, digest: &Digest, range: Range<u64>) -> Result<Outward, StorageError> {
        let options = GetOptions { range: Some(range.clone().into()), ..GetOptions::default() };
        let path = path(digest);
        let found = async {
            let _turn = turn(self.disk.as_deref()).await;
            self.objects.get_opts(&path, options).await
        };
        let found = within(self.patience.min(READER_PATIENCE), digest, found).await?;
        if found.range != range {
            return Err(StorageError::Away(format!("the archive {} is not as long as it was", hex(digest))));
        }
        let source = match found.payload {
            GetResultPayload::File(file, _) => Source::File(Arc::new(file), range.start),
            GetResultPayload::Stream(stream) => Source::Stream(stream),
        };
        let left = range.end - range.start;
        Ok(Outward { source, left, digest: *digest, patience: self.patience, disk: self.disk.clone() })
    }
}

impl Outward {
    async fn piece(&mut self) -> Result<Bytes, StorageError> {
        let piece = match &mut self.source {
            Source::File(file, at) => {
                let _turn = turn(self.disk.as_deref()).await;
                let piece = read_piece(file.clone(), *at, self.left.min(PIECE)).await?;
                *at += piece.len() as u64;
                piece
            }
            Source::Stream(stream) => match tokio::time::timeout(self.patience, stream.next()).await {
                Ok(Some(Ok(bytes))) => bytes,
                Ok(Some(Err(error))) => return Err(StorageError::of(&error, &self.digest)),
                Ok(None) => Bytes::new(),
                Err(_) => return Err(StorageError::silent(self.patience)),
            },
        };
        match self.left.checked_sub(piece.len() as u64) {
            Some(left) if !piece.is_empty() => {
                self.left = left;
                Ok(piece)
            }
            Some(_) | None => {
                Err(StorageError::Away(format!("the archive {} is not as long as it was", hex(&self.digest))))
            }
        }
    }
}

/// Read on a thread that may wait; as far as the file goes.
async fn read_piece(file: Arc<File>, at: u64, length: u64) -> Result<Bytes, StorageError> {
    // Made here: threads that wait are many, and each would keep the memory of its own pieces.
    let mut bytes = vec![0; usize::try_from(length).unwrap_or(0)];
    let read = tokio::task::spawn_blocking(move || -> io::Result<Bytes> {
        let mut filled = 0;
        while filled < bytes.len() {
            match file.read_at(&mut bytes[filled..], at + filled as u64) {
                Ok(0) => break,
                Ok(read) => filled += read,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        bytes.truncate(filled);
        Ok(bytes.into())
    });
    match read.await {
        Ok(read) => read.map_err(|error| StorageError::io(&error)),
        Err(error) => Err(StorageError::Away(error.to_string())),
    }
}
