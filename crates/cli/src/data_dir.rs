//! The data directory, and every file that is read or written by path. What stands in the database is the store's.
//!
//! ```text
//! latchkey.db        the embedded database (the store's)
//! master.key         what opens its secrets, 0600
//! audit-heads.jsonl  signed heads of the audit log, one JSON object a line
//! latchkey.toml      the configuration, if somebody wrote one
//! ```
//!
//! Invariant: only a command that makes something makes the directory, and then for its owner alone.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, ErrorKind, Read as _, Seek as _, SeekFrom, Write as _};
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use latchkey_server::AuditSink;
use latchkey_server::front::{Pair, TlsFault};
use latchkey_store::SQLITE_FILE;
use latchkey_store::audit::SignedHead;
use nix::unistd::{AccessFlags, access};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use zeroize::Zeroizing;

use crate::problem::Problem;

/// No file that is read here is longer, in bytes, but for the heads of the audit log.
const LONGEST_TEXT: u64 = 1 << 20;

/// The directory of one installation. It may not be there yet.
#[derive(Debug, Clone)]
pub(crate) struct DataDir {
    path: PathBuf,
}

impl DataDir {
    pub(crate) fn new(path: PathBuf) -> Self {
        Self { path }
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    pub(crate) fn configuration(&self) -> PathBuf {
        self.path.join("latchkey.toml")
    }

    pub(crate) fn master_key(&self) -> PathBuf {
        self.path.join("master.key")
    }

    pub(crate) fn heads(&self) -> PathBuf {
        self.path.join("audit-heads.jsonl")
    }

    /// Whether it is there. Something else in its place is a problem, and so is a directory that may not be entered.
    pub(crate) fn exists(&self) -> Result<bool, Problem> {
        match fs::metadata(&self.path) {
            Ok(found) if found.is_dir() => self.may(AccessFlags::X_OK, "enter").map(|()| true),
            Ok(_) => Err(unusable(
                format!("the data directory {} is not a directory", self.path.display()),
                "name a directory with --data-dir, or move what is there out of the way",
            )),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(false),
            Err(error) => Err(self.cannot("use", &error)),
        }
    }

    /// Whether the embedded database is there.
    pub(crate) fn has_database(&self) -> Result<bool, Problem> {
        if !self.exists()? {
            return Ok(false);
        }
        let file = self.path.join(SQLITE_FILE);
        let there = file.try_exists().map_err(|error| self.cannot("look into", &error))?;
        if there && let Err(errno) = access(&file, AccessFlags::R_OK) {
            let detail = format!("cannot read the database {}: {}", file.display(), cause(&errno.into()));
            return Err(unusable(detail, "run the command as the user it belongs to, or name another data directory"));
        }
        Ok(there)
    }

    /// Makes it where it is not there, for its owner alone.
    pub(crate) fn make(&self) -> Result<(), Problem> {
        if self.exists()? {
            return Ok(());
        }
        if let Some(parent) = self.path.parent() {
            fs::create_dir_all(parent).map_err(|error| self.cannot("make", &error))?;
        }
        match DirBuilder::new().mode(0o700).create(&self.path) {
            Ok(()) => Ok(()),
            // Another command was quicker.
            Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(()),
            Err(error) => Err(self.cannot("make", &error)),
        }
    }

    /// Whether files can be made in it; said here, where the system's own words are plain.
    pub(crate) fn is_writable(&self) -> Result<(), Problem> {
        self.may(AccessFlags::W_OK, "write into")
    }

    fn may(&self, what: AccessFlags, verb: &str) -> Result<(), Problem> {
        access(&self.path, what).map_err(|errno| self.cannot(verb, &errno.into()))
    }

    fn cannot(&self, verb: &str, error: &io::Error) -> Problem {
        let detail = format!("cannot {verb} the data directory {}: {}", self.path.display(), cause(error));
        unusable(detail, "name another one with --data-dir or LATCHKEY_DATA_DIR, or run as the user it belongs to")
    }

    /// Keeps each signed head once, on the disk before it returns.
    pub(crate) fn audit_sink(&self) -> AuditSink {
        let path = self.heads();
        let latest = Mutex::new(None);
        Box::new(move |head| {
            let mut latest = latest.lock().unwrap_or_else(PoisonError::into_inner);
            if latest.is_none() {
                *latest = last_line(&path)?;
            }
            let line = serde_json::to_string(head)?;
            if latest.as_ref() != Some(&line) {
                append(&path, &line)?;
                *latest = Some(line);
            }
            Ok(())
        })
    }
}

/// The signed heads of a file, one JSON object a line. A last line that was cut off by a crash does not count.
pub(crate) fn read_heads(path: &Path) -> Result<Vec<SignedHead>, Problem> {
    let text = fs::read_to_string(path).map_err(|error| unreadable(path, &error))?;
    let whole = text.rfind('\n').map_or("", |end| &text[..end]);
    let lines = whole.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    lines
        .map(|(at, line)| {
            serde_json::from_str(line).map_err(|_| {
                let detail = format!("{}:{}: not a signed head of an audit log", path.display(), at + 1);
                Problem::usage(
                    detail,
                    "a file of heads is what `latchkey serve` writes as audit-heads.jsonl; was it changed?",
                )
            })
        })
        .collect()
}

/// A certificate's file and its key's, as they are now.
pub(crate) fn tls_pair(certificate: &Path, key: &Path) -> Result<Pair, TlsFault> {
    let read = |path: &Path| {
        let mut bytes = Vec::new();
        let read = File::open(path).and_then(|file| file.take(LONGEST_TEXT).read_to_end(&mut bytes));
        match read {
            Ok(_) => Ok(bytes),
            Err(error) => Err(TlsFault::Unreadable { file: path.display().to_string(), why: cause(&error) }),
        }
    };
    Ok(Pair { certificate: read(certificate)?, key: Zeroizing::new(read(key)?) })
}

/// Certificates of authorities, as DER; at least one.
pub(crate) fn certificates(file: &Path) -> Result<Vec<Vec<u8>>, Problem> {
    let text = read_text(file)?;
    let read =
        CertificateDer::pem_slice_iter(text.as_bytes()).map(|found| found.map(|certificate| certificate.to_vec()));
    match read.collect::<Result<Vec<_>, _>>() {
        Ok(found) if !found.is_empty() => Ok(found),
        Ok(_) | Err(_) => Err(Problem::usage(
            format!("{} holds no certificates in PEM form, or one that does not read", file.display()),
            "name a file of certificates, each between BEGIN CERTIFICATE and END CERTIFICATE",
        )),
    }
}

/// A text file that has to be there.
pub(crate) fn read_text(path: &Path) -> Result<String, Problem> {
    let mut text = String::new();
    File::open(path)
        .and_then(|file| file.take(LONGEST_TEXT).read_to_string(&mut text))
        .map_err(|error| unreadable(path, &error))?;
    Ok(text)
}

/// A text file that need not be there.
pub(crate) fn read_text_if_there(path: &Path) -> Result<Option<String>, Problem> {
    match fs::symlink_metadata(path) {
        // What is wrong with the directory is said by whoever needs it.
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => Ok(None),
        Ok(_) | Err(_) => read_text(path).map(Some),
    }
}

/// Makes what was written into a directory outlive a crash.
pub(crate) fn sync_directory_of(path: &Path) -> io::Result<()> {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => File::open(parent)?.sync_all(),
        Some(_) | None => File::open(".")?.sync_all(),
    }
}

/// What the system says, without its number.
pub(crate) fn cause(error: &io::Error) -> String {
    let text = error.to_string();
    text.split(" (os error").next().unwrap_or(&text).to_owned()
}

fn unreadable(path: &Path, error: &io::Error) -> Problem {
    Problem::usage(format!("cannot read {}: {}", path.display(), cause(error)), "check its name, and who may read it")
}

fn unusable(detail: String, next_step: &str) -> Problem {
    Problem::unable("DATA_DIRECTORY_UNUSABLE", "Data directory not usable", detail, next_step)
}

fn last_line(path: &Path) -> io::Result<Option<String>> {
    match fs::read_to_string(path) {
        Ok(text) if text.ends_with('\n') => Ok(text.lines().last().map(str::to_owned)),
        Ok(_) => Ok(None),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

fn append(path: &Path, line: &str) -> io::Result<()> {
    let mut file = OpenOptions::new().read(true).append(true).create(true).open(path)?;
    let mut last = [b'\n'];
    if file.seek(SeekFrom::End(0))? > 0 {
        file.seek(SeekFrom::End(-1))?;
        file.read_exact(&mut last)?;
    }
    // A line that a crash cut off is ended, so that it spoils no other.
    let begin = if last == [b'\n'] { "" } else { "\n" };
    file.write_all(format!("{begin}{line}\n").as_bytes())?;
    file.sync_all()?;
    sync_directory_of(path)
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    fn head(seq: i64) -> SignedHead {
        SignedHead { seq, hash: "00".into(), at: 1, signing_key: "7k2m9xqd-1".into(), signature: "AA".into() }
    }

    #[test]
    fn it_is_made_for_its_owner_alone() {
        let dir = tempfile::tempdir().unwrap();
        let data = DataDir::new(dir.path().join("a/b"));
        assert!(!data.exists().unwrap());
        data.make().unwrap();
        data.make().unwrap();
        assert!(data.exists().unwrap());
        assert_eq!(fs::metadata(data.path()).unwrap().permissions().mode() & 0o777, 0o700);
    }

    #[test]
    fn a_file_in_its_place_is_named() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("data");
        fs::write(&file, "").unwrap();
        assert!(DataDir::new(file.clone()).exists().unwrap_err().detail.ends_with("is not a directory"));
        assert!(DataDir::new(file.join("below")).make().is_err());
    }

    #[test]
    fn each_head_is_kept_once() {
        let dir = tempfile::tempdir().unwrap();
        let data = DataDir::new(dir.path().to_owned());
        for sink in [data.audit_sink(), data.audit_sink()] {
            sink(&head(1)).unwrap();
            sink(&head(1)).unwrap();
        }
        data.audit_sink()(&head(2)).unwrap();
        assert_eq!(read_heads(&data.heads()).unwrap(), [head(1), head(2)]);
    }

    #[test]
    fn a_line_that_was_cut_off_spoils_no_other() {
        let dir = tempfile::tempdir().unwrap();
        let data = DataDir::new(dir.path().to_owned());
        data.audit_sink()(&head(1)).unwrap();
        let mut file = OpenOptions::new().append(true).open(data.heads()).unwrap();
        file.write_all(b"{\"seq\":2,").unwrap();
        assert_eq!(read_heads(&data.heads()).unwrap(), [head(1)]);
    }
}
