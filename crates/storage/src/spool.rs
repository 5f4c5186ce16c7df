//! What comes in, until it is whole: a file without a name, gone with whoever writes it.

use std::fs::{DirBuilder, File};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::os::unix::fs::DirBuilderExt as _;
use std::path::Path;

use bytes::Bytes;
use object_store::{ObjectStoreExt as _, WriteMultipart};
use sha2::{Digest as _, Sha256};

use crate::{Archives, Digest, StorageError, path};

/// So much of an archive is in memory while it is put, in bytes; the least that S3 takes as a part.
const PART: usize = 5 << 20;

/// An archive that is coming in. Nothing is left of one that is dropped.
pub struct Spool {
    file: File,
    sha256: Sha256,
    size: u64,
    most: u64,
}

/// Why something was not taken in.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SpoolFault {
    /// More came than was to be taken.
    #[error("the archive is longer than {most} bytes")]
    TooLong {
        /// The most, in bytes.
        most: u64,
    },
    /// It could not be written.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

pub(crate) fn make_folder(path: &Path) -> Result<(), StorageError> {
    let made = DirBuilder::new().mode(0o700).recursive(true).create(path);
    made.map_err(|error| StorageError::Away(format!("the folder {} cannot be made: {error}", path.display())))
}

impl Spool {
    /// Takes what came next. Blocks the thread while it is written.
    pub fn write(&mut self, bytes: &[u8]) -> Result<(), SpoolFault> {
        if self.size + bytes.len() as u64 > self.most {
            return Err(SpoolFault::TooLong { most: self.most });
        }
        self.file.write_all(bytes).map_err(|error| StorageError::io(&error))?;
        self.sha256.update(bytes);
        self.size += bytes.len() as u64;
        Ok(())
    }

    /// What has come so far, to be read from wherever the reader seeks to. Nothing may be written after that.
    pub fn file(&mut self) -> &mut File {
        &mut self.file
    }

    /// How much has come so far, in bytes.
    pub fn len(&self) -> u64 {
        self.size
    }

    /// Whether nothing has come.
    pub fn is_empty(&self) -> bool {
        self.size == 0
    }

    /// The digest of what has come so far.
    pub fn digest(&self) -> Digest {
        self.sha256.clone().finalize().into()
    }
}

impl Archives {
    /// Begins to take in an archive of so many bytes at the most.
    pub fn spool(&self, most: u64) -> Result<Spool, StorageError> {
        // It has no name at all: a program that is killed leaves nothing behind.
        let file = tempfile::tempfile_in(&self.incoming).map_err(|error| StorageError::io(&error))?;
        Ok(Spool { file, sha256: Sha256::new(), size: 0, most })
    }

    /// Puts an archive into the store, where it is whole or not at all. One that is there already is put again: its age is
    /// what keeps it from being collected before anything refers to it.
    pub async fn keep(&self, spool: Spool) -> Result<(), StorageError> {
        let (digest, size, mut file) = (spool.digest(), spool.size, spool.file);
        file.seek(SeekFrom::Start(0)).map_err(|error| StorageError::io(&error))?;
        let path = path(&digest);
        if size <= PART as u64 {
            let (_, bytes) = part(file).await?;
            return self.in_time(&digest, self.objects.put(&path, bytes.into())).await.map(drop);
        }
        let upload = self.in_time(&digest, self.objects.put_multipart(&path)).await?;
        let mut upload = WriteMultipart::new_with_chunk_size(upload, PART);
        match self.put_parts(&mut upload, file, &digest).await {
            Ok(()) => match self.in_time(&digest, upload.finish()).await {
                Ok(_) => Ok(()),
                // Whoever put the same one at the same moment was quicker, and Azure then forgets our parts.
                Err(error) => match self.size(&digest).await {
                    Ok(there) if there == size => Ok(()),
                    Ok(_) | Err(_) => Err(error),
                },
            },
            Err(error) => {
                // Parts that stay behind where the store is away are its own to forget.
                let _ = tokio::time::timeout(self.patience, upload.abort()).await;
                Err(error)
            }
        }
    }

    /// One part at a time: what is put is never in memory as a whole.
    async fn put_parts(
        &self,
        upload: &mut WriteMultipart,
        mut file: File,
        digest: &Digest,
    ) -> Result<(), StorageError> {
        loop {
            let (back, bytes) = part(file).await?;
            if bytes.is_empty() {
                return Ok(());
            }
            file = back;
            self.in_time(digest, upload.wait_for_capacity(0)).await?;
            upload.put(bytes);
        }
    }
}

/// The next part of a file, read on a thread that may wait.
async fn part(mut file: File) -> Result<(File, Bytes), StorageError> {
    let read = tokio::task::spawn_blocking(move || -> io::Result<_> {
        let mut bytes = Vec::with_capacity(PART);
        (&mut file).take(PART as u64).read_to_end(&mut bytes)?;
        Ok((file, Bytes::from(bytes)))
    });
    match read.await {
        Ok(read) => read.map_err(|error| StorageError::io(&error)),
        Err(error) => Err(StorageError::Away(error.to_string())),
    }
}
