//! The change feed: what is no longer as it was, in the order of the commits, without gaps.
//!
//! Caches are emptied by it, on this node and on every other. It is read by a follower of its own: in this process woken
//! after each commit; beside it by SQLite's `data_version` (every 100 ms) or PostgreSQL's NOTIFY, with a poll every
//! 250 ms as the net.

use std::sync::{Arc, Condvar, Mutex, PoisonError, Weak};
use std::time::Duration;

use latchkey_domain::time::{DAY, Millis, Timestamp};

use crate::driver::postgres::Postgres;
use crate::driver::sqlite::Sqlite;
use crate::driver::{Driver, Select};
use crate::value::params;
use crate::{Done, Location, Store, StoreError, Tx};

/// How long a line of the feed is kept, in milliseconds. A follower that was away for longer starts anew.
pub const KEPT: Millis = DAY;
/// Lines read at a time.
const PAGE: i64 = 1_000;
/// How often SQLite is asked whether another process has written.
const SQLITE_POLL: Duration = Duration::from_millis(100);
/// How often PostgreSQL is asked where nobody wakes us.
const POSTGRES_POLL: Duration = Duration::from_millis(250);
/// How long a follower waits before it tries a database again that is away.
const RETRY: Duration = Duration::from_millis(500);

/// What a change concerns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Topic {
    /// A registration key, or what it opens; the subject is the key's id.
    Key,
    /// An offer; the subject is its reference.
    Offer,
    /// The signing keys.
    SigningKey,
    /// The clock was acknowledged.
    Clock,
    /// The time zone; the subject is its name.
    TimeZone,
    /// A plugin, or who sees it; the subject is its key.
    Plugin,
    /// An enrollment key, or several of its agents at once; the subject is the key's id.
    Enrollment,
    /// An agent; the subject is its id.
    Agent,
    /// A connection to a GLPI; the subject is its id.
    Connection,
}

/// One line of the feed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Its number; one more than the one before.
    pub seq: i64,
    /// What it concerns; `None` where a newer program wrote it, and this one should assume the worst.
    pub topic: Option<Topic>,
    /// Which one.
    pub subject: String,
}

/// Whoever needs to know.
pub trait Follower: Send + 'static {
    /// These have changed, in this order.
    fn changed(&mut self, changes: &[Change]);
    /// Lines were missed: anything may have changed, up to this number.
    fn missed(&mut self, up_to: i64);
    /// Everything up to now has been heard; `highest_at` is the highest time stored.
    fn current(&mut self, highest_at: Timestamp);
    /// The database cannot be heard.
    fn away(&mut self, error: &StoreError);
}

impl Topic {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Key => "key",
            Self::Offer => "offer",
            Self::SigningKey => "signing-key",
            Self::Clock => "clock",
            Self::TimeZone => "time-zone",
            Self::Plugin => "plugin",
            Self::Enrollment => "enrollment",
            Self::Agent => "agent",
            Self::Connection => "connection",
        }
    }

    fn named(name: &str) -> Option<Self> {
        let all = [
            Self::Key,
            Self::Offer,
            Self::SigningKey,
            Self::Clock,
            Self::TimeZone,
            Self::Enrollment,
            Self::Agent,
            Self::Plugin,
            Self::Connection,
        ];
        all.into_iter().find(|topic| topic.name() == name)
    }
}

impl Store {
    /// Follows the feed from its present end, on a thread of its own, until the returned guard is dropped. The end is
    /// known, and everything after it will be heard, when this returns.
    pub fn follow(&self, follower: impl Follower) -> Result<Following, StoreError> {
        let ear = Ear::open(self)?;
        let applied = self.ask(|reader| end(reader))?.0;
        let alive = Arc::new(());
        let thread = Thread { store: self.clone(), follower, applied, heard: -1, alive: Arc::downgrade(&alive) };
        std::thread::Builder::new()
            .name("store-feed".into())
            .spawn(move || thread.work(ear))
            .map_err(|error| StoreError::Away(error.to_string()))?;
        Ok(Following { _alive: alive })
    }
}

/// Keeps a follower at work; it stops soon after this is dropped.
#[must_use]
pub struct Following {
    _alive: Arc<()>,
}

/// Takes away lines that are older than [`KEPT`]; gives how many.
pub fn prune(tx: &mut Tx<'_>) -> Done<usize> {
    let cutoff = tx.now().plus(-KEPT);
    Ok(tx.rows("DELETE FROM feed WHERE at < $cutoff RETURNING seq", params! { cutoff })?.len())
}

struct Thread<F> {
    store: Store,
    follower: F,
    applied: i64,
    /// SQLite's `data_version` at the last look.
    heard: i64,
    alive: Weak<()>,
}

/// How this process hears of changes that others make.
enum Ear {
    Sqlite(Sqlite),
    Postgres(Box<Postgres>),
}

impl<F: Follower> Thread<F> {
    fn work(mut self, ear: Ear) {
        let mut ear = Some(ear);
        while self.alive.strong_count() > 0 {
            let heard = match ear.take() {
                Some(open) => Ok(open),
                None => Ear::open(&self.store),
            }
            .and_then(|mut open| self.listen(&mut open).map(|()| open));
            match heard {
                Ok(open) => ear = Some(open),
                Err(error) => {
                    // Another connection counts `data_version` anew.
                    self.heard = -1;
                    self.follower.away(&error);
                    std::thread::sleep(RETRY);
                }
            }
        }
    }

    /// Reads what is new, tells it, and waits for more.
    fn listen(&mut self, ear: &mut Ear) -> Result<(), StoreError> {
        match ear {
            Ear::Sqlite(sqlite) => {
                sqlite.is_still(self.store.identity()?)?;
                let version = sqlite.data_version()?;
                if version != self.heard {
                    self.read(sqlite)?;
                    self.heard = version;
                } else {
                    // Nobody has written since the last look, so that look is still true.
                    self.follower.current(end(&mut crate::Reader::new(sqlite))?.1);
                }
                self.store.wake.wait(SQLITE_POLL);
            }
            Ear::Postgres(postgres) => {
                self.read(postgres.as_mut())?;
                postgres.wait(POSTGRES_POLL)?;
            }
        }
        Ok(())
    }

    fn read(&mut self, driver: &mut dyn Driver) -> Result<(), StoreError> {
        let mut reader = crate::Reader::new(driver);
        loop {
            let (seq, highest_at) = end(&mut reader)?;
            if seq == self.applied {
                self.follower.current(highest_at);
                return Ok(());
            }
            let changes = after(&mut reader, self.applied)?;
            // Lines of a clock that was set back are pruned before older ones, so a gap can be anywhere.
            let whole = changes.iter().zip(self.applied + 1..).all(|(change, seq)| change.seq == seq);
            match changes.last() {
                // The feed is shorter than it was (a backup was restored), or its beginning was pruned.
                _ if seq < self.applied => {
                    self.follower.missed(seq);
                    self.applied = seq;
                }
                Some(last) if whole => {
                    self.follower.changed(&changes);
                    self.applied = last.seq;
                }
                Some(_) | None => {
                    self.follower.missed(seq);
                    self.applied = seq;
                }
            }
        }
    }
}

impl Ear {
    fn open(store: &Store) -> Result<Self, StoreError> {
        Ok(match store.location() {
            Location::Sqlite(file) => Self::Sqlite(Sqlite::open_to_read(file)?),
            Location::Postgres(config) => {
                let mut postgres = Postgres::connect(config)?;
                postgres.listen()?;
                Self::Postgres(Box::new(postgres))
            }
        })
    }
}

/// The number of the last change, and the highest time stored.
pub(crate) fn end(from: &mut impl Select) -> Result<(i64, Timestamp), StoreError> {
    let row = from
        .row("SELECT seq, highest_at FROM feed_head WHERE id = 1", params! {})?
        .ok_or_else(|| StoreError::Corrupt("feed_head has no row".into()))?;
    Ok((row.get("seq")?, row.get("highest_at")?))
}

fn after(from: &mut impl Select, seq: i64) -> Result<Vec<Change>, StoreError> {
    from.rows(
        "SELECT seq, topic, subject FROM feed WHERE seq > $seq ORDER BY seq LIMIT $most",
        params! { seq, most: PAGE },
    )?
    .iter()
    .map(|row| {
        let topic = Topic::named(&row.get::<String>("topic")?);
        Ok(Change { seq: row.get("seq")?, topic, subject: row.get("subject")? })
    })
    .collect()
}

/// Wakes this process's follower after a commit of its own.
#[derive(Default)]
pub(crate) struct Wake {
    rung: Mutex<bool>,
    bell: Condvar,
}

impl Wake {
    pub(crate) fn ring(&self) {
        *self.rung.lock().unwrap_or_else(PoisonError::into_inner) = true;
        self.bell.notify_all();
    }

    fn wait(&self, patience: Duration) {
        let rung = self.rung.lock().unwrap_or_else(PoisonError::into_inner);
        let (mut rung, _) =
            self.bell.wait_timeout_while(rung, patience, |rung| !*rung).unwrap_or_else(PoisonError::into_inner);
        *rung = false;
    }
}
