//! One operation's view of a change: it reads, writes, and says what it did to the audit log, the feed and the jobs.

use std::fmt;

use latchkey_domain::ids::{InstanceId, KeyId, OperatorId};
use latchkey_domain::time::Timestamp;

use crate::driver::{Composed, Driver, Select};
use crate::lately::Lately;
use crate::value::{Params, Row, params};
use crate::{Done, StoreError, audit, feed};

/// Who does something, as the audit log has it: `cli:root`, `token:m0820g40m1g7`, `operator:…`, `server`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor(String);

impl Actor {
    /// Somebody at the command line, by the name of the system account.
    pub fn command_line(account: &str) -> Self {
        Self(format!("cli:{account}"))
    }

    /// A program that calls the API, by the id of its token.
    pub fn token(id: &str) -> Self {
        Self(format!("token:{id}"))
    }

    /// Somebody who works in the console.
    pub fn operator(id: OperatorId) -> Self {
        Self(format!("operator:{id}"))
    }

    /// Whoever has a setup link, by the link's id.
    pub(crate) fn link(id: &str) -> Self {
        Self(format!("link:{id}"))
    }

    /// An instance that asks, by its id.
    pub fn instance(id: InstanceId) -> Self {
        Self(format!("instance:{id}"))
    }

    /// The server itself.
    pub fn server() -> Self {
        Self("server".to_owned())
    }
}

impl fmt::Display for Actor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The end of the feed and of the audit chain, which every group of changes takes first and moves on last. Holding its
/// row is what puts all changes of all nodes into one order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Head {
    /// The number of the latest change in the feed.
    pub(crate) seq: i64,
    /// The highest time at which anything was written.
    pub(crate) highest_at: Timestamp,
    /// The number of the latest row of the audit log.
    pub(crate) audit_seq: i64,
    /// Its hash.
    pub(crate) audit_hash: String,
}

/// A change in the making. What is refused or fails leaves no trace.
pub struct Tx<'c> {
    driver: &'c mut dyn Driver,
    head: &'c mut Head,
    lately: &'c mut Lately,
    now: Timestamp,
}

impl<'c> Tx<'c> {
    pub(crate) fn new(driver: &'c mut dyn Driver, head: &'c mut Head, lately: &'c mut Lately, now: Timestamp) -> Self {
        Self { driver, head, lately, now }
    }

    /// The instant of this change.
    pub fn now(&self) -> Timestamp {
        self.now
    }

    /// Appends to the audit log.
    pub fn audit(&mut self, entry: audit::Entry<'_>) -> Done<()> {
        Ok(audit::append(self, entry)?)
    }

    /// Tells every node that something is no longer as it was.
    pub fn announce(&mut self, topic: feed::Topic, subject: &str) -> Done<()> {
        self.head.seq += 1;
        let (seq, at) = (self.head.seq, self.now);
        self.changed(
            "INSERT INTO feed (seq, topic, subject, at) VALUES ($seq, $topic, $subject, $at)",
            params! { seq, topic: topic.name(), subject, at },
        )?;
        if topic == feed::Topic::Key {
            let key = subject.parse().map_err(|_| StoreError::Bug(format!("no key has the id {subject}")))?;
            self.lately.note(key, seq);
        }
        Ok(())
    }

    /// Whether a key is certainly still as it was when `seen` was the number of the last change; false where nobody knows.
    pub(crate) fn is_key_unchanged(&self, key: KeyId, seen: i64) -> bool {
        self.lately.is_unchanged(key, seen)
    }

    /// Runs a statement that gives no rows; how many it has changed. See `Driver::changed`.
    pub(crate) fn changed(&mut self, sql: &'static str, params: Params<'_>) -> Result<u64, StoreError> {
        self.driver.changed(sql, params)
    }

    /// The number of the latest change in the feed, those of this operation included.
    pub(crate) fn seq(&self) -> i64 {
        self.head.seq
    }

    pub(crate) fn head(&mut self) -> &mut Head {
        self.head
    }
}

impl Select for Tx<'_> {
    fn rows(&mut self, sql: &'static str, params: Params<'_>) -> Result<Vec<Row>, StoreError> {
        self.driver.rows(sql, params)
    }

    fn composed_rows(&mut self, sql: &Composed, params: Params<'_>) -> Result<Vec<Row>, StoreError> {
        self.driver.composed_rows(sql, params)
    }
}

impl Head {
    /// Takes the row, and with it the right to write, until the transaction ends.
    pub(crate) fn take(driver: &mut dyn Driver) -> Result<Self, StoreError> {
        let row = driver
            .rows(
                "UPDATE feed_head SET seq = seq WHERE id = 1 RETURNING seq, highest_at, audit_seq, audit_hash",
                params! {},
            )?
            .into_iter()
            .next()
            .ok_or_else(|| StoreError::Corrupt("feed_head has no row".into()))?;
        Ok(Self {
            seq: row.get("seq")?,
            highest_at: row.get("highest_at")?,
            audit_seq: row.get("audit_seq")?,
            audit_hash: row.get("audit_hash")?,
        })
    }

    /// Moves the stored head on to this one.
    pub(crate) fn put(&self, driver: &mut dyn Driver) -> Result<(), StoreError> {
        driver.rows(
            "UPDATE feed_head SET seq = $seq, highest_at = $highest_at, audit_seq = $audit_seq, audit_hash = $audit_hash
              WHERE id = 1",
            params! {
                seq: self.seq,
                highest_at: self.highest_at,
                audit_seq: self.audit_seq,
                audit_hash: self.audit_hash.as_str(),
            },
        )?;
        Ok(())
    }
}
