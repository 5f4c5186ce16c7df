//! SQLite, the embedded default: one file in the data directory.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use rusqlite::config::DbConfig;
use rusqlite::ffi::ErrorCode;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, OpenFlags, Statement};

use super::{Composed, Driver};
use crate::StoreError;
use crate::value::{Params, Row, Value};

/// How long a writer waits for another program, such as the command line beside a server.
const BUSY: Duration = Duration::from_secs(5);
/// How long whoever opens a database waits for another program that makes or brings up its tables.
const SCHEMA_WITHIN: Duration = Duration::from_secs(60);
/// How long after a refusal that SQLite does not wait for by itself it is tried again.
const TRY_AGAIN: Duration = Duration::from_millis(10);
/// Prepared statements kept per connection; the whole program has fewer.
const STATEMENTS: usize = 128;
/// How long settling waits for others; what it does not reach now, a later time will.
const SETTLE_WITHIN: Duration = Duration::from_millis(200);

pub(crate) struct Sqlite {
    connection: Connection,
    /// By where a text stands in this program, which takes less time than to look at all of it.
    shapes: HashMap<(usize, usize), Shape>,
    file: PathBuf,
    /// Which file is open.
    identity: Identity,
}

/// What of a statement stays the same each time: to ask SQLite again, name by name, took longer than most statements.
struct Shape {
    /// Which parameter each given value is, and the names in the order in which they were given.
    indexes: Vec<(&'static str, usize)>,
    columns: Arc<[String]>,
}

/// Device and number of a file: another file at the same place has others.
pub(crate) type Identity = (u64, u64);

impl Sqlite {
    /// Opens for writing, and makes the file where there is none.
    pub(crate) fn open(file: &Path) -> Result<Self, StoreError> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(file, flags).map_err(|error| explain(&error, file))?;
        // SQLite takes what it may only read without a word; the first change would fail with a stranger error.
        if connection.is_readonly("main").map_err(|error| explain(&error, file))? {
            return Err(StoreError::ReadOnly(format!("{}: it can be read, but not written", file.display())));
        }
        prepare(&connection, file)?;
        // FULL: what was acknowledged is on the disk, also after the power has failed. MEMORY: the pages that a savepoint
        // would put back are few, and went through a temporary file for each operation. secure_delete: what was erased
        // leaves nothing behind in the file. cache_size, in KiB: the pages that a large group changes, and the upper ones of all
        // indexes; SQLite's own 2 MiB are too few, and pages that were read a moment ago were read again. wal_autocheckpoint, in
        // pages of 4 KiB: many groups change the same pages, which then go into the file once; with SQLite's own 1,000 pages they
        // went there every fifth group.
        let settings = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;
            PRAGMA temp_store = MEMORY; PRAGMA secure_delete = ON; PRAGMA cache_size = -16384; PRAGMA wal_autocheckpoint = 4000;";
        patiently(|| connection.execute_batch(settings)).map_err(|error| explain(&error, file))?;
        Ok(Self { connection, shapes: HashMap::new(), file: file.to_owned(), identity: identity(file)? })
    }

    /// Opens for reading a file that is there.
    pub(crate) fn open_to_read(file: &Path) -> Result<Self, StoreError> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(file, flags).map_err(|error| explain(&error, file))?;
        prepare(&connection, file)?;
        connection.execute_batch("PRAGMA query_only = ON;").map_err(|error| explain(&error, file))?;
        Ok(Self { connection, shapes: HashMap::new(), file: file.to_owned(), identity: identity(file)? })
    }

    /// Opens for reading a file that is there and may not be written, or lies where nothing may.
    pub(crate) fn open_read_only(file: &Path) -> Result<Self, StoreError> {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let open = |name: &OsStr, flags| -> Result<Self, StoreError> {
            let connection =
                Connection::open_with_flags(Path::new(name), flags).map_err(|error| explain(&error, file))?;
            prepare(&connection, file)?;
            // Nothing is read before the first question, which needs the log and its index beside the file.
            let looked = connection.query_row("SELECT COUNT(*) FROM sqlite_master", [], |_| Ok(()));
            looked.map_err(|error| explain(&error, file))?;
            Ok(Self { connection, shapes: HashMap::new(), file: file.to_owned(), identity: identity(file)? })
        };
        open(file.as_os_str(), flags).or_else(|error| {
            // Where neither is there, and neither can be made, all stands in the file; a program that writes has both open.
            let log = std::fs::metadata(beside(file, "-wal"));
            if log.is_ok_and(|log| log.len() > 0) {
                return Err(error);
            }
            open(&unchanging(file), flags | OpenFlags::SQLITE_OPEN_URI)
        })
    }

    /// Whether the file that is open is still the one at its place. One that was removed or replaced can still be written
    /// to, and all that is written is lost.
    pub(crate) fn is_in_place(&self) -> Result<(), StoreError> {
        self.is_still(self.identity)
    }

    /// The same, where a file was opened before this connection.
    pub(crate) fn is_still(&self, first: Identity) -> Result<(), StoreError> {
        if self.identity == first && identity(&self.file)? == first { Ok(()) } else { Err(replaced(&self.file)) }
    }

    /// Moves everything from the log into the file itself, as far as nobody else is at it.
    pub(crate) fn settle(&self) -> Result<(), StoreError> {
        self.connection.busy_timeout(SETTLE_WITHIN).map_err(map)?;
        self.connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).map_err(map)
    }

    /// Brings all that stands in the log into the database's file, and empties it; false where a reader needs it still.
    pub(crate) fn empty_log(&self) -> Result<bool, StoreError> {
        let busy: i64 =
            self.connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0)).map_err(map)?;
        Ok(busy == 0)
    }

    /// A number that grows when another connection, of any process, commits.
    pub(crate) fn data_version(&self) -> Result<i64, StoreError> {
        self.connection.query_row("PRAGMA data_version", [], |row| row.get(0)).map_err(map)
    }
}

#[cfg(test)]
impl Sqlite {
    /// Counts how far SQLite's machine goes from now on: once for each row that is read, and a little for each statement.
    pub(crate) fn counts_steps(&mut self) -> Arc<std::sync::atomic::AtomicUsize> {
        let steps = Arc::<std::sync::atomic::AtomicUsize>::default();
        let counted = steps.clone();
        let count = move || {
            counted.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
            false
        };
        self.connection.progress_handler(1, Some(count)).unwrap();
        steps
    }
}

impl Driver for Sqlite {
    fn rows(&mut self, sql: &'static str, params: Params<'_>) -> Result<Vec<Row>, StoreError> {
        let mut statement = self.connection.prepare_cached(sql).map_err(map)?;
        shape_of(&mut self.shapes, &statement, sql, params)?.rows(&mut statement, params)
    }

    fn composed_rows(&mut self, sql: &Composed, params: Params<'_>) -> Result<Vec<Row>, StoreError> {
        let mut statement = self.connection.prepare_cached(sql.as_str()).map_err(map)?;
        Shape::of(&statement, sql.as_str(), params)?.rows(&mut statement, params)
    }

    fn changed(&mut self, sql: &'static str, params: Params<'_>) -> Result<u64, StoreError> {
        let mut statement = self.connection.prepare_cached(sql).map_err(map)?;
        shape_of(&mut self.shapes, &statement, sql, params)?.bind(&mut statement, params)?;
        let changed = statement.raw_execute().map_err(map)?;
        Ok(u64::try_from(changed).unwrap_or(u64::MAX))
    }

    fn run(&mut self, sql: &str, values: &[Value]) -> Result<Vec<Vec<Value>>, StoreError> {
        let mut statement = self.connection.prepare_cached(sql).map_err(map)?;
        if statement.parameter_count() != values.len() {
            return Err(StoreError::Bug(format!("parameters do not match the statement: {sql}")));
        }
        for (at, value) in values.iter().enumerate() {
            bind(&mut statement, at + 1, value)?;
        }
        let columns: Vec<String> = statement.column_names().map(str::to_owned).collect();
        let mut found = Vec::new();
        let mut rows = statement.raw_query();
        while let Some(row) = rows.next().map_err(map)? {
            found.push(values_of(row, &columns)?);
        }
        Ok(found)
    }

    fn batch(&mut self, sql: &str) -> Result<(), StoreError> {
        self.connection.execute_batch(sql).map_err(map)
    }

    fn again(&mut self, sql: &'static str) -> Result<(), StoreError> {
        self.connection.prepare_cached(sql).map_err(map)?.raw_execute().map(|_| ()).map_err(map)
    }

    fn written(&self) -> u64 {
        // Rows; a statement that failed has put its own back by itself.
        self.connection.total_changes()
    }

    fn begin_write(&mut self) -> Result<(), StoreError> {
        self.is_in_place()?;
        self.batch("BEGIN IMMEDIATE")
    }

    fn commit(&mut self) -> Result<(), StoreError> {
        self.batch("COMMIT").inspect_err(|_| {
            // A commit that failed (a full disk) leaves the transaction open; nothing of it may stay.
            if !self.connection.is_autocommit() {
                let _ = self.connection.execute_batch("ROLLBACK");
            }
        })
    }

    fn announce(&mut self) -> Result<(), StoreError> {
        // Other processes see `data_version` grow by themselves.
        Ok(())
    }

    fn is_broken(&self) -> bool {
        false
    }

    fn begin_schema(&mut self) -> Result<(), StoreError> {
        // BEGIN IMMEDIATE keeps every other writer out.
        self.connection.busy_timeout(SCHEMA_WITHIN).map_err(map)?;
        let begun = self.begin_write();
        self.connection.busy_timeout(BUSY).map_err(map)?;
        begun
    }

    fn text_type(&self) -> &'static str {
        "TEXT"
    }

    /// A `BIGINT PRIMARY KEY` would be a second tree beside the rows. Databases of before have one, which does no harm.
    fn row_number_type(&self) -> &'static str {
        "INTEGER"
    }

    fn has(&mut self, name: &str) -> Result<bool, StoreError> {
        let sql = "SELECT name FROM sqlite_master WHERE name = $name";
        Ok(!self.rows(sql, &[("name", Value::Text(name.to_owned()))])?.is_empty())
    }
}

fn shape_of<'s>(
    shapes: &'s mut HashMap<(usize, usize), Shape>,
    statement: &Statement<'_>,
    sql: &'static str,
    params: Params<'_>,
) -> Result<&'s Shape, StoreError> {
    Ok(match shapes.entry((sql.as_ptr().addr(), sql.len())) {
        // One text may stand in two places, with its parameters in another order.
        Entry::Occupied(known) if known.get().fits(params) => known.into_mut(),
        Entry::Occupied(mut other) => {
            other.insert(Shape::of(statement, sql, params)?);
            other.into_mut()
        }
        Entry::Vacant(place) => place.insert(Shape::of(statement, sql, params)?),
    })
}

impl Shape {
    fn of(statement: &Statement<'_>, sql: &str, params: Params<'_>) -> Result<Self, StoreError> {
        if statement.parameter_count() != params.len() {
            return Err(StoreError::Bug(format!("parameters do not match the statement: {sql}")));
        }
        // SQLite numbers parameters by their first appearance, so they are bound by name.
        let index = |(name, _): &(&'static str, Value)| match statement.parameter_index(&format!("${name}")) {
            Ok(Some(index)) => Ok((*name, index)),
            Ok(None) => Err(StoreError::Bug(format!("no parameter ${name} in: {sql}"))),
            Err(error) => Err(map(error)),
        };
        let indexes = params.iter().map(index).collect::<Result<_, _>>()?;
        let columns: Arc<[String]> = statement.column_names().map(str::to_owned).collect();
        // Which of two would be read is nobody's guess.
        debug_assert!(
            (1..columns.len()).all(|at| !columns[..at].contains(&columns[at])),
            "two columns of one name: {sql}"
        );
        Ok(Self { indexes, columns })
    }

    fn bind(&self, statement: &mut Statement<'_>, params: Params<'_>) -> Result<(), StoreError> {
        self.indexes.iter().zip(params).try_for_each(|((_, index), (_, value))| bind(statement, *index, value))
    }

    fn rows(&self, statement: &mut Statement<'_>, params: Params<'_>) -> Result<Vec<Row>, StoreError> {
        self.bind(statement, params)?;
        let mut found = Vec::new();
        let mut rows = statement.raw_query();
        while let Some(row) = rows.next().map_err(map)? {
            found.push(Row::new(self.columns.clone(), values_of(row, &self.columns)?));
        }
        Ok(found)
    }

    fn fits(&self, params: Params<'_>) -> bool {
        self.indexes.len() == params.len()
            && self.indexes.iter().zip(params).all(|((name, _), (given, _))| name == given)
    }
}

fn bind(statement: &mut Statement<'_>, index: usize, value: &Value) -> Result<(), StoreError> {
    match value {
        Value::Null => statement.raw_bind_parameter(index, rusqlite::types::Null),
        Value::Int(number) => statement.raw_bind_parameter(index, number),
        Value::Text(text) => statement.raw_bind_parameter(index, text),
    }
    .map_err(map)
}

fn values_of(row: &rusqlite::Row<'_>, columns: &[String]) -> Result<Vec<Value>, StoreError> {
    (0..columns.len())
        .map(|at| match row.get_ref(at).map_err(map)? {
            ValueRef::Null => Ok(Value::Null),
            ValueRef::Integer(number) => Ok(Value::Int(number)),
            ValueRef::Text(text) => String::from_utf8(text.to_vec())
                .map(Value::Text)
                .map_err(|_| StoreError::Corrupt(format!("{} is not UTF-8", columns[at]))),
            ValueRef::Real(_) | ValueRef::Blob(_) => {
                Err(StoreError::Corrupt(format!("{} is neither text nor a whole number", columns[at])))
            }
        })
        .collect()
}

/// How a file is opened.
pub(crate) type Open = fn(&Path) -> Result<Sqlite, StoreError>;

/// Opens readers for the pool.
pub(crate) struct Readers {
    pub(crate) file: PathBuf,
    pub(crate) open: Open,
    /// The file that was opened first.
    pub(crate) identity: Identity,
}

impl r2d2::ManageConnection for Readers {
    type Connection = Sqlite;
    type Error = StoreError;

    fn connect(&self) -> Result<Sqlite, StoreError> {
        let sqlite = (self.open)(&self.file)?;
        sqlite.is_still(self.identity)?;
        Ok(sqlite)
    }

    fn is_valid(&self, sqlite: &mut Sqlite) -> Result<(), StoreError> {
        sqlite.is_in_place()
    }

    fn has_broken(&self, _: &mut Sqlite) -> bool {
        false
    }
}

/// Tries until others let it. A file that gets its log asks for a lock which SQLite refuses at once, without waiting, where
/// another connection is about to do the same.
fn patiently<T>(mut attempt: impl FnMut() -> rusqlite::Result<T>) -> rusqlite::Result<T> {
    let given_up = Instant::now() + BUSY;
    loop {
        match attempt() {
            Err(error) if error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy) && Instant::now() < given_up => {
                std::thread::sleep(TRY_AGAIN);
            }
            outcome => return outcome,
        }
    }
}

/// Settings that every connection has.
fn prepare(connection: &Connection, file: &Path) -> Result<(), StoreError> {
    connection.busy_timeout(BUSY).map_err(|error| explain(&error, file))?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    // Else SQLite plans a kept statement anew whenever its parameters change: a fifth of the time of issuing a key.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true).map_err(|error| explain(&error, file))?;
    Ok(())
}

/// The file of this name with something behind it.
fn beside(file: &Path, suffix: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

/// The URI by which SQLite believes that nobody changes a file.
fn unchanging(file: &Path) -> OsString {
    let plain = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'.' | b'-' | b'_');
    let path: String = file.as_os_str().as_bytes().iter().fold(String::new(), |mut path, byte| {
        if plain(byte) {
            path.push(char::from(*byte));
        } else {
            path.push_str(&format!("%{byte:02x}"));
        }
        path
    });
    format!("file:{path}?immutable=1").into()
}

/// Which file is at this place now.
pub(crate) fn identity(file: &Path) -> Result<Identity, StoreError> {
    match std::fs::metadata(file) {
        Ok(metadata) => Ok((metadata.dev(), metadata.ino())),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Err(replaced(file)),
        Err(error) => Err(StoreError::Away(format!("{}: {error}", file.display()))),
    }
}

fn replaced(file: &Path) -> StoreError {
    StoreError::Replaced(file.display().to_string())
}

fn explain(error: &rusqlite::Error, file: &Path) -> StoreError {
    let mut explained = map_ref(error);
    if let StoreError::Away(why) | StoreError::ReadOnly(why) | StoreError::Corrupt(why) = &mut explained {
        *why = format!("{}: {why}", file.display());
    }
    explained
}

fn map(error: rusqlite::Error) -> StoreError {
    map_ref(&error)
}

fn map_ref(error: &rusqlite::Error) -> StoreError {
    let Some(code) = error.sqlite_error_code() else {
        return StoreError::Bug(error.to_string());
    };
    // The index of the log could not be made as large as it has to be.
    if error.sqlite_error().is_some_and(|error| error.extended_code == rusqlite::ffi::SQLITE_IOERR_SHMSIZE) {
        return StoreError::Full;
    }
    // The list of codes is SQLite's own and grows; what is not named here went wrong on the way to the disk or back.
    #[expect(clippy::wildcard_enum_match_arm)]
    match code {
        ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => StoreError::Busy,
        ErrorCode::DiskFull => StoreError::Full,
        ErrorCode::ReadOnly | ErrorCode::PermissionDenied => StoreError::ReadOnly(error.to_string()),
        ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt => StoreError::Corrupt(error.to_string()),
        ErrorCode::ConstraintViolation | ErrorCode::ParameterOutOfRange | ErrorCode::ApiMisuse | ErrorCode::Unknown => {
            StoreError::Bug(error.to_string())
        }
        _ => StoreError::Away(error.to_string()),
    }
}
