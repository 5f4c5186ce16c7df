//! A file that comes into being whole or not at all, for its owner alone.
//!
//! Invariant: what is there is never replaced. Whoever looks at the name sees nothing, or everything, on the disk.

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, ErrorKind, Write};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use crate::data_dir::{cause, sync_directory_of};
use crate::problem::Problem;

pub(crate) struct NewFile {
    out: BufWriter<File>,
    temporary: PathBuf,
    path: PathBuf,
}

impl NewFile {
    /// Begins a file; nothing is at its name before [`NewFile::finish`].
    pub(crate) fn begin(path: &Path) -> Result<Self, Problem> {
        let cannot = |error: &io::Error| not_written(path, error);
        if path.try_exists().map_err(|error| cannot(&error))? {
            return Err(cannot(&ErrorKind::AlreadyExists.into()));
        }
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        // The time beside the number, which is the same in two containers that share a directory.
        let nanos = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_nanos();
        let temporary = path.with_file_name(format!(".{name}.{}-{nanos}", std::process::id()));
        let file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&temporary);
        let out = BufWriter::with_capacity(1 << 16, file.map_err(|error| cannot(&error))?);
        Ok(Self { out, temporary, path: path.to_owned() })
    }

    /// Puts it at its name, once all of it is on the disk.
    pub(crate) fn finish(mut self) -> Result<(), Problem> {
        self.out
            .flush()
            .and_then(|()| self.out.get_ref().sync_all())
            .and_then(|()| place(&self.temporary, &self.path))
            .map_err(|error| not_written(&self.path, &error))
    }
}

impl Write for NewFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.out.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

impl Drop for NewFile {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.temporary);
    }
}

/// A link, unlike a renaming, never takes the place of what is there.
fn place(temporary: &Path, path: &Path) -> io::Result<()> {
    match fs::hard_link(temporary, path) {
        Ok(()) => {}
        Err(error) if error.kind() == ErrorKind::AlreadyExists => return Err(error),
        // A file system without links.
        Err(_) if !path.try_exists()? => fs::rename(temporary, path)?,
        Err(error) => return Err(error),
    }
    sync_directory_of(path)
}

/// What is said where a file cannot be written.
pub(crate) fn not_written(path: &Path, error: &io::Error) -> Problem {
    use ErrorKind::{AlreadyExists, FileTooLarge, QuotaExceeded, StorageFull};
    let (detail, next) = if error.kind() == AlreadyExists {
        let detail = format!("there is a file {} already", path.display());
        (detail, "choose another name; what is there is never replaced")
    } else {
        let full = matches!(error.kind(), StorageFull | QuotaExceeded | FileTooLarge);
        let next = if full {
            "make room, or name another place; what was written is gone again"
        } else {
            "check that its directory exists and can be written to"
        };
        (format!("cannot write {}: {}", path.display(), cause(error)), next)
    };
    Problem::unable("FILE_NOT_WRITTEN", "File not written", detail, next)
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[test]
    fn it_is_there_when_it_is_whole() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("file");
        let mut file = NewFile::begin(&path).unwrap();
        file.write_all(b"all of it").unwrap();
        assert!(!path.exists());
        file.finish().unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "all of it");
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        assert!(NewFile::begin(&path).is_err(), "nothing is replaced");
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1);
    }

    #[test]
    fn one_that_is_given_up_leaves_nothing() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("file");
        NewFile::begin(&path).unwrap().write_all(b"half").unwrap();
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 0);
        let (first, second) = (NewFile::begin(&path).unwrap(), dir.path().join("file"));
        fs::write(&second, "theirs").unwrap();
        assert!(first.finish().is_err(), "another program was quicker");
        assert_eq!(fs::read_to_string(&path).unwrap(), "theirs");
    }
}
