//! What goes out: a part of an archive, piece by piece.

use std::fs::File;
use std::io::{self, Read as _, Seek as _, SeekFrom};
use std::ops::Range;
use std::time::Duration;

use bytes::Bytes;
use futures_util::stream::{self, BoxStream};
use futures_util::{Stream, StreamExt as _};
use object_store::{GetOptions, GetResultPayload};

use crate::{Archives, Digest, READER_PATIENCE, StorageError, hex, path, within};

/// A piece, in bytes. A hundred downloads have one each in memory, and one more that is on its way.
const PIECE: u64 = 64 << 10;

/// A part of an archive on its way out.
struct Outward {
    source: Source,
    left: u64,
    digest: Digest,
    patience: Duration,
}

enum Source {
    File(File),
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
        let found =
            within(self.patience.min(READER_PATIENCE), digest, self.objects.get_opts(&path(digest), options)).await?;
        if found.range != range {
            return Err(StorageError::Away(format!("the archive {} is not as long as it was", hex(digest))));
        }
        let source = match found.payload {
            GetResultPayload::File(mut file, _) => {
                file.seek(SeekFrom::Start(range.start)).map_err(|error| StorageError::io(&error))?;
                Source::File(file)
            }
            GetResultPayload::Stream(stream) => Source::Stream(stream),
        };
        Ok(Outward { source, left: range.end - range.start, digest: *digest, patience: self.patience })
    }
}

impl Outward {
    async fn piece(&mut self) -> Result<Bytes, StorageError> {
        let piece = match &mut self.source {
            Source::File(file) => read_piece(file, self.left.min(PIECE)).await?,
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

/// Read on a thread that may wait.
async fn read_piece(file: &File, length: u64) -> Result<Bytes, StorageError> {
    // Both handles share their place in the file, and only one is used at a time.
    let mut file = file.try_clone().map_err(|error| StorageError::io(&error))?;
    let read = tokio::task::spawn_blocking(move || -> io::Result<Bytes> {
        let mut bytes = Vec::with_capacity(usize::try_from(length).unwrap_or(0));
        (&mut file).take(length).read_to_end(&mut bytes)?;
        Ok(bytes.into())
    });
    match read.await {
        Ok(read) => read.map_err(|error| StorageError::io(&error)),
        Err(error) => Err(StorageError::Away(error.to_string())),
    }
}
