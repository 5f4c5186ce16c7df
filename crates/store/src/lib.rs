//! What Latchkey keeps, on SQLite and PostgreSQL alike.
//!
//! This is the only crate that knows SQL, and nothing above it learns which database it is. A question goes through
//! [`Store::read`]; a change is one named operation handed to [`Store::write`]: a plain function over a [`Tx`] that
//! reads, asks the domain, writes, appends to the audit log and the feed, and returns. It may be run again where the
//! database was away, so it does nothing outside its transaction.
//!
//! Invariant: all changes of all nodes stand in one order, that of [`feed`], and a result is given to a caller only
//! after it was committed.

pub mod accounts;
pub mod api;
pub mod archive;
pub mod audit;
mod chance;
pub mod dashboard;
mod driver;
pub mod enrollment;
mod error;
pub mod feed;
pub mod installation;
pub mod instances;
pub mod invitations;
pub mod jobs;
mod lately;
pub mod lists;
pub mod marketplace;
mod migrations;
pub mod operators;
pub mod passphrase;
mod presence;
pub mod questions;
mod recent;
pub mod retention;
pub mod signing_keys;
pub mod subscriptions;
mod tx;
mod value;
mod vault;
mod writer;

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use latchkey_domain::time::Timestamp;

use driver::postgres::Postgres;
use driver::sqlite::Sqlite;
pub use driver::{Reader, Select};
pub use error::{Done, StoreError, Undone};
pub use migrations::{Applied, SCHEMA};
pub use tx::{Actor, Tx};
pub use vault::{Master, Vault};

/// The database's file in the data directory.
pub const SQLITE_FILE: &str = "latchkey.db";
/// How long a question waits for a connection.
const READ_PATIENCE: Duration = Duration::from_secs(2);

/// Where the database is.
#[derive(Debug, Clone)]
pub enum Location {
    /// A file in this directory, which has to exist.
    Sqlite(PathBuf),
    /// A PostgreSQL database.
    Postgres(Box<postgres::Config>),
}

impl Location {
    /// The embedded database of a data directory.
    pub fn embedded(data_dir: &Path) -> Self {
        Self::Sqlite(data_dir.join(SQLITE_FILE))
    }

    /// A `postgresql://` URL. The error does not repeat it, since it may hold a password.
    pub fn url(url: &str) -> Result<Self, StoreError> {
        let config: postgres::Config =
            url.parse().map_err(|error| StoreError::Away(format!("the database URL does not read: {error}")))?;
        if config.get_ssl_mode() == postgres::config::SslMode::Require {
            return Err(StoreError::Away(
                "the database URL asks for TLS, which this version cannot speak to PostgreSQL; use a socket, a private network or a tunnel".into(),
            ));
        }
        let mut config = config;
        config
            .application_name("latchkey")
            .connect_timeout(Duration::from_secs(3))
            .keepalives_idle(Duration::from_secs(30));
        Ok(Self::Postgres(Box::new(config)))
    }

    /// What to call it: never the URL, which may hold a password.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Sqlite(_) => "SQLite",
            Self::Postgres(_) => "PostgreSQL",
        }
    }

    fn connect(&self) -> Result<Box<dyn driver::Driver>, StoreError> {
        Ok(match self {
            Self::Sqlite(file) => Box::new(Sqlite::open(file)?),
            Self::Postgres(config) => Box::new(Postgres::connect(config)?),
        })
    }
}

/// What a look at a database tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Examined {
    /// Its schema; 0 where it has none of ours.
    pub schema: i64,
    /// The highest time stored.
    pub highest_at: Timestamp,
    /// The installation, where there is one.
    pub installation: Option<installation::Installation>,
}

/// What comes of an operation that was handed in.
#[must_use]
pub struct Ahead<T>(tokio::sync::oneshot::Receiver<Done<T>>);

impl<T> Ahead<T> {
    /// Waits until it is durable. Blocks the thread.
    pub fn wait(self) -> Done<T> {
        self.0.blocking_recv().unwrap_or_else(|_| Err(gone()))
    }
}

/// The database, opened. Cheap to clone.
#[derive(Clone)]
pub struct Store {
    location: Location,
    queue: writer::Queue,
    readers: Readers,
    /// This process's own follower need not wait for a poll.
    wake: Arc<feed::Wake>,
    _present: presence::Present,
}

#[derive(Clone)]
enum Readers {
    /// With the file that was opened first.
    Sqlite(r2d2::Pool<driver::sqlite::Readers>, driver::sqlite::Identity),
    Postgres(r2d2::Pool<driver::postgres::Readers>),
}

impl Store {
    /// Opens the database, makes it where there is none, and brings its schema up to this program's.
    pub fn open(location: Location, now: Timestamp) -> Result<Self, StoreError> {
        let _present = presence::Present::at(&location)?;
        migrations::apply(location.connect()?.as_mut(), now)?;
        let wake = Arc::new(feed::Wake::default());
        let connect = {
            let location = location.clone();
            Box::new(move || location.connect())
        };
        let queue = writer::start(connect, {
            let wake = wake.clone();
            move || wake.ring()
        })?;
        let readers = Readers::of(&location, Sqlite::open_to_read)?;
        Ok(Self { location, queue, readers, wake, _present })
    }

    /// Opens a database that may only be read, such as one on a disk that is mounted so. It has to have this program's
    /// schema already; whoever wants to change something is told `why` it cannot be written.
    pub fn open_to_read(location: Location, why: StoreError) -> Result<Self, StoreError> {
        let _present = presence::Present::at(&location)?;
        let mut driver: Box<dyn driver::Driver> = match &location {
            Location::Sqlite(file) => Box::new(Sqlite::open_read_only(file)?),
            Location::Postgres(config) => Box::new(Postgres::connect(config)?),
        };
        match migrations::current(driver.as_mut())? {
            Some(found) if found >= SCHEMA => {}
            // It would have to be brought up first.
            Some(_) | None => return Err(why),
        }
        let queue = writer::Queue::closed(why);
        let readers = Readers::of(&location, Sqlite::open_read_only)?;
        Ok(Self { location, queue, readers, wake: Arc::default(), _present })
    }

    /// Whether there is a schema of ours in the database, of whatever version. Makes nothing in a PostgreSQL database; an
    /// embedded one is made as an empty file where it is not there.
    pub fn is_made(location: &Location) -> Result<bool, StoreError> {
        migrations::are_there(location.connect()?.as_mut())
    }

    /// Looks at a database without changing anything in it, its schema least of all. An embedded one has to be there.
    pub fn examine(location: &Location) -> Result<Examined, StoreError> {
        let mut driver: Box<dyn driver::Driver> = match location {
            Location::Sqlite(file) => Box::new(match Sqlite::open_to_read(file) {
                // On a disk or by a user that may only read.
                Err(StoreError::ReadOnly(_)) => Sqlite::open_read_only(file)?,
                opened => opened?,
            }),
            Location::Postgres(_) => location.connect()?,
        };
        let Some(schema) = migrations::current(driver.as_mut())? else {
            return Ok(Examined { schema: 0, highest_at: Timestamp::from_millis(0), installation: None });
        };
        let mut reader = Reader::new(driver.as_mut());
        let (_, highest_at) = feed::end(&mut reader)?;
        Ok(Examined { schema, highest_at, installation: installation::load(&mut reader)? })
    }

    /// Brings the schema up to this program's, and says what was done.
    pub fn migrate(location: &Location, now: Timestamp) -> Result<Applied, StoreError> {
        migrations::apply(location.connect()?.as_mut(), now)
    }

    /// Makes the schema of an earlier program, for tests of what later steps do with what that one wrote.
    #[doc(hidden)]
    pub fn migrate_as(location: &Location, schema: i64, now: Timestamp) -> Result<Applied, StoreError> {
        migrations::apply_as(location.connect()?.as_mut(), schema, now)
    }

    /// Changes something, as one operation, and waits until it is durable.
    pub async fn write<T, F>(&self, now: Timestamp, operation: F) -> Done<T>
    where
        T: Send + 'static,
        F: FnMut(&mut Tx<'_>) -> Done<T> + Send + 'static,
    {
        self.queue.hand_in(now, writer::Clock::Believed, operation).await.unwrap_or_else(|_| Err(gone()))
    }

    /// The same as [`Store::write`] for callers that are threads.
    pub fn write_blocking<T, F>(&self, now: Timestamp, operation: F) -> Done<T>
    where
        T: Send + 'static,
        F: FnMut(&mut Tx<'_>) -> Done<T> + Send + 'static,
    {
        self.queue.hand_in(now, writer::Clock::Believed, operation).blocking_recv().unwrap_or_else(|_| Err(gone()))
    }

    /// The same for callers that go on meanwhile, and ask later what came of it. Operations that one caller hands in are done
    /// in their order.
    pub fn write_ahead<T, F>(&self, now: Timestamp, operation: F) -> Ahead<T>
    where
        T: Send + 'static,
        F: FnMut(&mut Tx<'_>) -> Done<T> + Send + 'static,
    {
        Ahead(self.queue.hand_in(now, writer::Clock::Believed, operation))
    }

    /// Says that this machine's clock is right although it lies behind what is stored. From then on the highest time
    /// stored is `now`, on every node.
    pub fn acknowledge_clock(&self, now: Timestamp, actor: &Actor) -> Done<()> {
        let actor = actor.clone();
        let acknowledge = move |tx: &mut Tx<'_>| {
            tx.announce(feed::Topic::Clock, "")?;
            tx.audit(audit::Entry::new(&actor, "clock.acknowledge", "clock", ""))
        };
        self.queue
            .hand_in(now, writer::Clock::BeingAcknowledged, acknowledge)
            .blocking_recv()
            .unwrap_or_else(|_| Err(gone()))
    }

    /// Asks something, in one snapshot. Blocks the thread: callers that must not block use a thread for it.
    pub fn read<T>(&self, question: impl FnOnce(&mut Reader<'_>) -> Result<T, StoreError>) -> Result<T, StoreError> {
        match &self.readers {
            Readers::Sqlite(pool, _) => in_snapshot(&mut *pool.get().map_err(|e| no_reader(&e))?, question),
            Readers::Postgres(pool) => in_snapshot(&mut *pool.get().map_err(|e| no_reader(&e))?, question),
        }
    }

    /// The same as [`Store::read`] for a question of a single statement, which is a snapshot by itself.
    pub fn ask<T>(&self, question: impl FnOnce(&mut Reader<'_>) -> Result<T, StoreError>) -> Result<T, StoreError> {
        match &self.readers {
            Readers::Sqlite(pool, _) => question(&mut Reader::new(&mut *pool.get().map_err(|e| no_reader(&e))?)),
            Readers::Postgres(pool) => question(&mut Reader::new(&mut *pool.get().map_err(|e| no_reader(&e))?)),
        }
    }

    /// Makes the embedded database's file complete by itself, as far as no other program is at it; PostgreSQL needs nothing
    /// of the kind. What is acknowledged is durable without it.
    pub fn settle(&self) {
        if let Location::Sqlite(file) = &self.location
            && let Err(error) = Sqlite::open(file).and_then(|sqlite| {
                sqlite.is_still(self.identity()?)?;
                sqlite.settle()
            })
        {
            tracing::debug!(%error, "the database's log stays beside it");
        }
    }

    /// The embedded database's file, as it was first opened.
    fn identity(&self) -> Result<driver::sqlite::Identity, StoreError> {
        match self.readers {
            Readers::Sqlite(_, identity) => Ok(identity),
            Readers::Postgres(_) => Err(StoreError::Bug("PostgreSQL is no file".into())),
        }
    }

    /// Takes what was erased out of an embedded database's log, where it would stay for a while. False where somebody reads
    /// in it just now, and the log is written anew a little later. PostgreSQL does this by itself.
    pub fn settle_erased(&self) -> Result<bool, StoreError> {
        match &self.location {
            Location::Sqlite(file) => Sqlite::open(file)?.empty_log(),
            Location::Postgres(_) => Ok(true),
        }
    }

    /// Where the database is.
    pub fn location(&self) -> &Location {
        &self.location
    }
}

impl Readers {
    /// `open` is how a file is opened to read in it.
    fn of(location: &Location, open: driver::sqlite::Open) -> Result<Self, StoreError> {
        Ok(match location {
            Location::Sqlite(file) => {
                let identity = driver::sqlite::identity(file)?;
                Self::Sqlite(pool(driver::sqlite::Readers { file: file.clone(), identity, open }), identity)
            }
            Location::Postgres(config) => {
                Self::Postgres(pool(driver::postgres::Readers { config: (**config).clone() }))
            }
        })
    }
}

fn pool<M: r2d2::ManageConnection<Error = StoreError>>(manager: M) -> r2d2::Pool<M> {
    r2d2::Pool::builder()
        .max_size(8)
        .min_idle(Some(1))
        .connection_timeout(READ_PATIENCE)
        // A connection may have died with the database that it led to; asking it costs little.
        .test_on_check_out(true)
        .error_handler(Box::new(Quiet))
        .build_unchecked(manager)
}

fn in_snapshot<T>(
    driver: &mut dyn driver::Driver,
    question: impl FnOnce(&mut Reader<'_>) -> Result<T, StoreError>,
) -> Result<T, StoreError> {
    driver.batch("BEGIN")?;
    // A snapshot that is not let go would hold back the database's own housekeeping, and a connection that is given back
    // with one is of no use to the next: let go also where the question panics.
    let answer = catch_unwind(AssertUnwindSafe(|| question(&mut Reader::new(driver))));
    let let_go = driver.batch("ROLLBACK");
    answer.map_or_else(|panic| resume_unwind(panic), |answer| let_go.and(answer))
}

fn no_reader(error: &r2d2::Error) -> StoreError {
    StoreError::Away(format!("no connection within {} s: {error}", READ_PATIENCE.as_secs()))
}

fn gone() -> Undone {
    StoreError::Bug("the writer has stopped".into()).into()
}

/// The pool tells of each failed attempt to connect; whoever asked is told in any case.
#[derive(Debug)]
struct Quiet;

impl r2d2::HandleError<StoreError> for Quiet {
    fn handle_error(&self, error: StoreError) {
        tracing::debug!(%error, "no new connection to the database");
    }
}
