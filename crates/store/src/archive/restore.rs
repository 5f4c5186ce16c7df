//! Restoring a backup: into a new database, which takes the old one's place when all is in it.

use std::io::{BufRead as _, BufReader, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::{fs, io};

use flate2::read::GzDecoder;
use latchkey_domain::time::Timestamp;
use serde::Deserialize;
use serde_json::{Value as Json, json};
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;

use super::tables::{Put, Section};
use super::{DIGEST, FORMAT, Header, MAGIC, Trouble};
use crate::driver::Driver;
use crate::driver::sqlite::Sqlite;
use crate::lately::Lately;
use crate::presence::Alone;
use crate::tx::{Head, Tx};
use crate::value::Value;
use crate::{Actor, Location, Reader, StoreError, Undone, Vault, audit, installation, migrations, signing_keys};

/// Values in one statement; SQLite takes 32,766.
const VALUES_AT_ONCE: usize = 6_000;
/// Longer lines are in no backup, in bytes.
const LONGEST_LINE: u64 = 1 << 20;

/// What a restore has done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Restored {
    /// What the backup said about itself.
    pub header: Header,
    /// Where the embedded database is now that was there before.
    pub aside: Option<PathBuf>,
}

/// Reads what a backup says of itself, without reading the rest: it may be damaged all the same.
pub fn glance(file: &mut impl Read) -> Result<Header, Trouble> {
    serde_json::from_str(&header_line(file)?).map_err(|_| Trouble::Damaged)
}

/// Reads a backup's header, after its digest was found to hold.
pub fn inspect(file: &mut (impl Read + Seek)) -> Result<Header, Trouble> {
    let length = file.seek(SeekFrom::End(0))?;
    file.seek(SeekFrom::Start(0))?;
    let header = header_line(file)?;
    if !digest_holds(file, length)? {
        return Err(Trouble::Damaged);
    }
    let header: Header = serde_json::from_str(&header).map_err(|_| Trouble::Damaged)?;
    if header.schema > migrations::SCHEMA {
        return Err(Trouble::NewerSchema { found: header.schema, known: migrations::SCHEMA });
    }
    Ok(header)
}

fn header_line(file: &mut impl Read) -> Result<String, Trouble> {
    let mut start = BufReader::new(file);
    let first = line(&mut start)?;
    let version = match first.strip_prefix(MAGIC) {
        Some(version) => version.trim_end().parse::<u32>().map_err(|_| Trouble::Damaged)?,
        None if MAGIC.starts_with(&first) => return Err(Trouble::Damaged),
        None => return Err(Trouble::NotABackup),
    };
    if version > FORMAT {
        return Err(Trouble::NewerFormat { found: version });
    }
    line(&mut start)
}

/// Restores a backup. With `replace` an embedded database that is there is moved aside, never deleted; a PostgreSQL
/// database has to be a new one. `progress` is told how many rows are in, and of how many.
pub fn restore(
    location: &Location,
    vault: &Vault,
    file: &mut (impl Read + Seek),
    replace: bool,
    now: Timestamp,
    actor: &Actor,
    progress: impl FnMut(u64, u64),
) -> Result<Restored, Trouble> {
    let header = inspect(file)?;
    let given = vault.fingerprint();
    if header.master_key_fingerprint != given {
        return Err(Trouble::OtherMasterKey { expected: header.master_key_fingerprint, given });
    }
    let mut filling = Filling { vault, header: &header, now, actor, progress };
    let aside = match location {
        Location::Sqlite(path) => embedded(path, replace, &mut filling, file)?,
        Location::Postgres(_) => {
            // Whoever serves it, or ever did, has made its tables.
            let mut driver = location.connect()?;
            if migrations::are_there(driver.as_mut())? {
                return Err(Trouble::NotEmpty);
            }
            filling.fill(driver.as_mut(), file)?;
            None
        }
    };
    Ok(Restored { header, aside })
}

/// Fills a new file beside the old one, and exchanges them when it is whole and on the disk.
fn embedded<P: FnMut(u64, u64)>(
    path: &Path,
    replace: bool,
    filling: &mut Filling<'_, P>,
    file: &mut (impl Read + Seek),
) -> Result<Option<PathBuf>, Trouble> {
    let _alone = Alone::take(path)?.ok_or(Trouble::InUse)?;
    let there = path.try_exists()?;
    if there && !replace && holds_something(path) {
        return Err(Trouble::NotEmpty);
    }
    let fresh = beside(path, "restoring");
    remove(&fresh)?;
    if let Err(trouble) = fill_fresh(&fresh, filling, file) {
        // The first error says what went wrong; what is left is taken away by the next attempt.
        let _ = remove(&fresh);
        return Err(trouble);
    }
    let aside = there.then(|| beside(path, &format!("before-restore-{}", filling.now.millis())));
    if let Some(aside) = &aside {
        // Its log is moved with it, should it have one: a log beside another database would be taken for that one's.
        for suffix in ["", "-wal", "-shm"] {
            match fs::rename(beside_itself(path, suffix), beside_itself(aside, suffix)) {
                Err(error) if suffix.is_empty() || error.kind() != io::ErrorKind::NotFound => return Err(error.into()),
                Ok(()) | Err(_) => {}
            }
        }
    }
    fs::rename(&fresh, path)?;
    if let Some(directory) = path.parent() {
        fs::File::open(directory)?.sync_all()?;
    }
    Ok(aside)
}

fn fill_fresh<P: FnMut(u64, u64)>(
    fresh: &Path,
    filling: &mut Filling<'_, P>,
    file: &mut (impl Read + Seek),
) -> Result<(), Trouble> {
    let mut new = Sqlite::open(fresh)?;
    filling.fill(&mut new, file)?;
    // All has to be in the one file that is renamed.
    if !new.empty_log()? {
        return Err(StoreError::Busy.into());
    }
    drop(new);
    Ok(fs::File::open(fresh)?.sync_all()?)
}

/// Whether there is an installation in it, or something that cannot be read and might be one.
fn holds_something(path: &Path) -> bool {
    let looked = Sqlite::open(path).and_then(|mut sqlite| match migrations::are_there(&mut sqlite)? {
        true => installation::load(&mut Reader::new(&mut sqlite)).map(|found| found.is_some()),
        false => Ok(false),
    });
    looked.unwrap_or(true)
}

struct Filling<'f, P> {
    vault: &'f Vault,
    header: &'f Header,
    now: Timestamp,
    actor: &'f Actor,
    progress: P,
}

/// A line of the file's body.
#[derive(Deserialize)]
#[serde(untagged)]
enum Line {
    Section { section: String, columns: Vec<String> },
    Row(Vec<Json>),
}

impl<P: FnMut(u64, u64)> Filling<'_, P> {
    /// All in one transaction.
    fn fill(&mut self, driver: &mut dyn Driver, file: &mut (impl Read + Seek)) -> Result<(), Trouble> {
        driver.begin_schema()?;
        match self.fill_open(driver, file) {
            Ok(()) => Ok(driver.commit()?),
            Err(trouble) => {
                let _ = driver.batch("ROLLBACK");
                Err(trouble)
            }
        }
    }

    fn fill_open(&mut self, driver: &mut dyn Driver, file: &mut (impl Read + Seek)) -> Result<(), Trouble> {
        // Another program may have come first, after the look that found nothing.
        if migrations::are_there(driver)? {
            return Err(Trouble::NotEmpty);
        }
        // What an older program wrote goes into the schema that it had, and is then brought up like any database.
        migrations::apply_up_to(driver, self.header.schema, self.now)?;
        self.put_all(driver, file)?;
        migrations::apply_up_to(driver, migrations::SCHEMA, self.now)?;
        self.write_down(driver)
    }

    fn put_all(&mut self, driver: &mut dyn Driver, file: &mut (impl Read + Seek)) -> Result<(), Trouble> {
        let mut lines = body(file)?;
        let mut part: Option<Part> = None;
        let (mut done, total) = (0, self.header.total());
        loop {
            let text = line(&mut lines)?;
            if text.is_empty() {
                break;
            }
            match serde_json::from_str(&text).map_err(|_| Trouble::Damaged)? {
                Line::Section { section, columns } => {
                    if let Some(before) = part.replace(Part::new(&section, &columns)?) {
                        before.finish(driver)?;
                    }
                }
                Line::Row(row) => {
                    part.as_mut().ok_or(Trouble::Damaged)?.take(row, driver)?;
                    done += 1;
                    (self.progress)(done, total);
                }
            }
        }
        if let Some(last) = part {
            last.finish(driver)?;
        }
        if done == total { Ok(()) } else { Err(Trouble::Damaged) }
    }

    /// Ends the restore: the feed goes on from where no node can have been, and the audit log says what was done.
    fn write_down(&mut self, driver: &mut dyn Driver) -> Result<(), Trouble> {
        let mut head = Head::take(driver)?;
        // The microseconds since the epoch: more than any number that was given out before, after an earlier restore of
        // the same backup, too. A node that followed the feed further than the backup knows it sees a gap, and forgets all.
        head.seq = head.seq.max(self.now.millis().saturating_mul(1_000));
        head.highest_at = head.highest_at.max(self.now);
        let mut lately = Lately::default();
        let mut tx = Tx::new(driver, &mut head, &mut lately, self.now);
        // The master key opens what it has to open.
        signing_keys::current(&mut tx, self.vault)?;
        let detail = json!({
            "backup_created_at": Timestamp::from_millis(self.header.created_at).to_string(),
            "rows": self.header.total(),
        });
        let entry = audit::Entry::new(self.actor, "installation.restore", "installation", &self.header.publisher);
        match tx.audit(entry.detail(detail)) {
            Ok(()) => Ok(head.put(driver)?),
            Err(Undone::Failed(error)) => Err(error.into()),
            Err(Undone::Refused(refusal)) => {
                Err(StoreError::Bug(format!("the restore was refused: {}", refusal.code())).into())
            }
        }
    }
}

/// A section that is being put in.
struct Part {
    section: &'static Section,
    columns: Vec<&'static str>,
    waiting: Vec<Value>,
}

impl Part {
    /// Names come from the file, so only those that this program knows go into a statement.
    fn new(name: &str, columns: &[String]) -> Result<Self, Trouble> {
        let section = Section::named(name).ok_or(Trouble::Damaged)?;
        let known = |given: &String| section.columns.iter().copied().find(|column| column == given);
        let columns: Vec<&str> = columns.iter().map(known).collect::<Option<_>>().ok_or(Trouble::Damaged)?;
        match columns.first() {
            Some(first) if *first == section.columns[0] => Ok(Self { section, columns, waiting: Vec::new() }),
            Some(_) | None => Err(Trouble::Damaged),
        }
    }

    fn take(&mut self, row: Vec<Json>, driver: &mut dyn Driver) -> Result<(), Trouble> {
        if row.len() != self.columns.len() {
            return Err(Trouble::Damaged);
        }
        let row: Vec<Value> = row.into_iter().map(as_value).collect::<Option<_>>().ok_or(Trouble::Damaged)?;
        match self.section.put {
            Put::Insert => {
                self.waiting.extend(row);
                if self.waiting.len() + self.columns.len() > VALUES_AT_ONCE {
                    self.insert(driver)?;
                }
            }
            Put::Update => {
                let mut values = row;
                values.rotate_left(1);
                driver.run(&self.section.update(&self.columns), &values)?;
            }
        }
        Ok(())
    }

    fn finish(mut self, driver: &mut dyn Driver) -> Result<(), Trouble> {
        if !self.waiting.is_empty() {
            self.insert(driver)?;
        }
        Ok(())
    }

    fn insert(&mut self, driver: &mut dyn Driver) -> Result<(), Trouble> {
        let rows = self.waiting.len() / self.columns.len();
        driver.run(&self.section.insert(&self.columns, rows), &self.waiting)?;
        self.waiting.clear();
        Ok(())
    }
}

fn as_value(json: Json) -> Option<Value> {
    match json {
        Json::Null => Some(Value::Null),
        Json::Number(number) => number.as_i64().map(Value::Int),
        Json::String(text) => Some(Value::Text(text)),
        Json::Bool(_) | Json::Array(_) | Json::Object(_) => None,
    }
}

/// The JSON lines of a file whose digest holds.
fn body(file: &mut (impl Read + Seek)) -> Result<BufReader<GzDecoder<io::Take<&mut (impl Read + Seek)>>>, Trouble> {
    let length = file.seek(SeekFrom::End(0))?;
    file.seek(SeekFrom::Start(0))?;
    let mut start = BufReader::new(&mut *file);
    let begins = (line(&mut start)?.len() + line(&mut start)?.len()) as u64;
    drop(start);
    file.seek(SeekFrom::Start(begins))?;
    Ok(BufReader::new(GzDecoder::new(file.take(length.saturating_sub(begins + DIGEST)))))
}

/// A line with its end; empty where there are no more.
fn line(from: &mut BufReader<impl Read>) -> Result<String, Trouble> {
    let mut bytes = Vec::new();
    from.take(LONGEST_LINE).read_until(b'\n', &mut bytes).map_err(|error| {
        use io::ErrorKind::{InvalidData, InvalidInput, UnexpectedEof};
        // What the unpacking has to say about what it is given.
        let unpacking = matches!(error.kind(), InvalidInput | InvalidData | UnexpectedEof);
        if unpacking { Trouble::Damaged } else { Trouble::Io(error) }
    })?;
    // What is no text is no backup; that it is said so is up to whoever reads the first line.
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

fn digest_holds(file: &mut (impl Read + Seek), length: u64) -> Result<bool, Trouble> {
    let Some(covered) = length.checked_sub(DIGEST) else { return Ok(false) };
    file.seek(SeekFrom::Start(0))?;
    let mut digest = Sha256::new();
    let mut rest = BufReader::with_capacity(1 << 16, &mut *file).take(covered);
    loop {
        let bytes = rest.fill_buf()?;
        if bytes.is_empty() {
            break;
        }
        digest.update(bytes);
        let seen = bytes.len();
        rest.consume(seen);
    }
    let mut written = Vec::new();
    file.seek(SeekFrom::Start(covered))?;
    file.take(DIGEST).read_to_end(&mut written)?;
    Ok(digest.finalize().as_slice().ct_eq(&written).into())
}

/// A file beside another: `latchkey.db.suffix`.
fn beside(path: &Path, suffix: &str) -> PathBuf {
    beside_itself(path, &format!(".{suffix}"))
}

fn beside_itself(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

/// Takes a database away that an attempt left behind.
fn remove(path: &Path) -> io::Result<()> {
    for suffix in ["", "-wal", "-shm"] {
        match fs::remove_file(beside_itself(path, suffix)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            Ok(()) | Err(_) => {}
        }
    }
    Ok(())
}
