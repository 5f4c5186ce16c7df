//! The master key: read from its file or the environment, made on the first start.
//!
//! Invariant: a key that is there is never replaced. It comes into being whole, for its owner alone, and on the disk
//! before anything is sealed under it; of two commands that make one at the same time, one finds the other's.

use std::fs::{self, OpenOptions};
use std::io::{self, ErrorKind, Read as _, Write as _};
use std::os::unix::fs::{MetadataExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use latchkey_store::Master;
use zeroize::Zeroizing;

use crate::data_dir::{DataDir, cause, sync_directory_of};
use crate::new_file::{NewFile, not_written};
use crate::problem::Problem;

/// Where the master key is.
pub(crate) enum Source {
    /// It was given as text.
    Text(Zeroizing<String>),
    /// It stands in this file.
    File(PathBuf),
}

impl Source {
    /// The key, `None` where its file is not there.
    pub(crate) fn read(&self) -> Result<Option<Master>, Problem> {
        match self {
            Self::Text(text) => match Master::from_text(text) {
                Some(master) => Ok(Some(master)),
                None => Err(unusable(
                    "LATCHKEY_MASTER_KEY is not a master key".to_owned(),
                    "it has to be 32 bytes in base64, 44 characters: what stands in the file master.key",
                )),
            },
            Self::File(path) => read(path),
        }
    }

    /// Whether it stands in a file of this directory.
    pub(crate) fn is_file_in(&self, directory: &Path) -> bool {
        match self {
            Self::Text(_) => false,
            Self::File(path) => path.parent() == Some(directory),
        }
    }

    /// The key, made where its file is not there. Only for an installation that has none yet.
    pub(crate) fn read_or_make(&self) -> Result<Master, Problem> {
        match (self.read()?, self) {
            (Some(master), _) => Ok(master),
            (None, Self::File(path)) => make(path),
            (None, Self::Text(_)) => Err(self.missing()),
        }
    }

    /// Puts a key into its file, where there is none; gives the file's name.
    pub(crate) fn put(&self, master: &Master, data_dir: &DataDir) -> Result<PathBuf, Problem> {
        let Self::File(path) = self else {
            return Err(Problem::usage(
                "LATCHKEY_MASTER_KEY is set, so there is no file to put the master key into",
                "unset it, or name a file with --master-key-file",
            ));
        };
        if self.is_file_in(data_dir.path()) {
            data_dir.make()?;
        }
        let mut file = NewFile::begin(path)?;
        let written = file.write_all(master.to_text().as_bytes()).and_then(|()| file.write_all(b"\n"));
        written.map_err(|error| not_written(path, &error))?;
        file.finish()?;
        Ok(path.clone())
    }

    /// What is said where the database has an installation, and the key that belongs to it is not there.
    pub(crate) fn missing(&self) -> Problem {
        let which = match self {
            Self::Text(_) => "LATCHKEY_MASTER_KEY is empty".to_owned(),
            Self::File(path) => format!("{} does not exist", path.display()),
        };
        Problem::unable(
            "MASTER_KEY_MISSING",
            "Master key missing",
            format!("the master key of this database is missing: {which}"),
            "put it back, or name it with --master-key-file or LATCHKEY_MASTER_KEY; a new one cannot open the database",
        )
    }
}

fn read(path: &Path) -> Result<Option<Master>, Problem> {
    let cannot = |error: &io::Error| {
        unusable(
            format!("cannot read the master key {}: {}", path.display(), cause(error)),
            "run as the user it belongs to",
        )
    };
    let file = match fs::File::open(path) {
        Ok(file) => file,
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => return Ok(None),
        Err(error) => return Err(cannot(&error)),
    };
    let found = file.metadata().map_err(|error| cannot(&error))?;
    let mode = found.mode() & 0o777;
    if found.is_file() && mode & 0o077 != 0 {
        return Err(unusable(
            format!("others may read or change the master key {} (mode {mode:04o})", path.display()),
            &format!("chmod 600 {}", path.display()),
        ));
    }
    let mut text = Zeroizing::new(Vec::with_capacity(4_096));
    file.take(4_096).read_to_end(&mut text).map_err(|error| cannot(&error))?;
    let master = std::str::from_utf8(&text).ok().and_then(Master::from_text);
    match master {
        Some(master) => Ok(Some(master)),
        None => Err(unusable(
            format!(
                "{} does not hold a master key: {} bytes that are not 44 characters of base64",
                path.display(),
                text.len()
            ),
            "put the right file back; a new key cannot open what the old one sealed",
        )),
    }
}

fn make(path: &Path) -> Result<Master, Problem> {
    let master = Master::random()?;
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    // By the key itself: process numbers are the same in two containers that share a directory.
    let temporary = path.with_file_name(format!(".{name}.{}", master.fingerprint()));
    let placed = write_new(&temporary, &master).and_then(|()| place(&temporary, path));
    let _ = fs::remove_file(&temporary);
    match placed {
        Ok(()) => Ok(master),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => match read(path)? {
            Some(theirs) => Ok(theirs),
            None => Err(unusable(format!("{} comes and goes", path.display()), "try again")),
        },
        Err(error) => Err(unusable(
            format!("cannot write the master key {}: {}", path.display(), cause(&error)),
            "check that its directory exists and can be written to",
        )),
    }
}

fn write_new(temporary: &Path, master: &Master) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(temporary)?;
    file.write_all(master.to_text().as_bytes())?;
    file.write_all(b"\n")?;
    file.sync_all()
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

fn unusable(detail: String, next_step: &str) -> Problem {
    Problem::unable("MASTER_KEY_UNUSABLE", "Master key not usable", detail, next_step)
}

#[cfg(test)]
mod tests {
    use std::fs::Permissions;
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[test]
    fn it_is_made_once_for_its_owner_alone() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("master.key");
        let source = Source::File(path.clone());
        assert!(source.read().unwrap().is_none());
        let made: Vec<String> = std::thread::scope(|scope| {
            let makers: Vec<_> = (0..2).map(|_| scope.spawn(|| source.read_or_make().unwrap().fingerprint())).collect();
            makers.into_iter().map(|maker| maker.join().unwrap()).collect()
        });
        let kept = source.read().unwrap().unwrap().fingerprint();
        assert_eq!(made, [kept.clone(), kept]);
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1, "nothing is left behind");
    }

    #[test]
    fn one_that_others_may_read_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("master.key");
        let source = Source::File(path.clone());
        source.read_or_make().unwrap();
        fs::set_permissions(&path, Permissions::from_mode(0o640)).unwrap();
        let problem = source.read_or_make().unwrap_err();
        assert!(problem.detail.contains("mode 0640"), "{}", problem.detail);
        assert_eq!(problem.next_step, format!("chmod 600 {}", path.display()));
    }

    #[test]
    fn one_that_does_not_read_is_not_replaced() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("master.key");
        for text in ["", "short\n", "\u{0}\u{1}"] {
            fs::write(&path, text).unwrap();
            fs::set_permissions(&path, Permissions::from_mode(0o600)).unwrap();
            let problem = Source::File(path.clone()).read_or_make().unwrap_err();
            assert_eq!(problem.code, "MASTER_KEY_UNUSABLE");
            assert_eq!(fs::read_to_string(&path).unwrap(), text);
        }
    }
}
