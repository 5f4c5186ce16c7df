//! The one door to a database: statements with named parameters, the same text on both.
//!
//! Above this module nothing learns which database it is. The subset of SQL that runs unchanged on both: parameters as
//! `$name`, TEXT and BIGINT, `ON CONFLICT`, `RETURNING`, `CAST($name AS BIGINT)` where a parameter stands alone.

pub(crate) mod named;
pub(crate) mod postgres;
pub(crate) mod sqlite;

use crate::StoreError;
use crate::value::{Params, Row, Value};

/// One connection.
pub(crate) trait Driver: Send {
    /// Runs a statement and gives its rows, those of a `RETURNING` included.
    fn rows(&mut self, sql: &'static str, params: Params<'_>) -> Result<Vec<Row>, StoreError>;

    /// The same for a statement that was put together while running, from parts that this program knows.
    fn composed_rows(&mut self, sql: &Composed, params: Params<'_>) -> Result<Vec<Row>, StoreError>;

    /// Runs a statement that gives no rows, and says how many it has changed. For SQLite a `RETURNING` costs more than a small
    /// change itself: a table of its own, and a copy of each page for the case that the statement fails half-way.
    fn changed(&mut self, sql: &'static str, params: Params<'_>) -> Result<u64, StoreError>;

    /// Runs a statement that was put together while running, from names that this program knows: for whole tables. Its
    /// parameters are `$1`, `$2`, … in the order in which they first appear.
    fn run(&mut self, sql: &str, values: &[Value]) -> Result<Vec<Vec<Value>>, StoreError>;

    /// Runs statements without parameters: transactions, savepoints, migrations.
    fn batch(&mut self, sql: &str) -> Result<(), StoreError>;

    /// Runs one statement without parameters that comes again and again, such as a savepoint.
    fn again(&mut self, sql: &'static str) -> Result<(), StoreError> {
        self.batch(sql)
    }

    /// A number that grows with everything that may have been written over this connection, so that it says of an operation that
    /// did not stand whether there is anything to be undone.
    fn written(&self) -> u64;

    /// Begins a transaction that will write; waits for others that do, for a bounded time.
    fn begin_write(&mut self) -> Result<(), StoreError>;

    /// Commits what [`Driver::begin_write`] began. An error here that is not [`StoreError::OutcomeUnknown`] means that
    /// nothing was changed.
    fn commit(&mut self) -> Result<(), StoreError>;

    /// Tells other processes, after the commit, that the feed has grown.
    fn announce(&mut self) -> Result<(), StoreError>;

    /// Whether the connection is of no more use and has to be opened again.
    fn is_broken(&self) -> bool;

    /// Begins a transaction that will make tables, and keeps other programs from doing so until it ends. Waits longer than
    /// [`Driver::begin_write`]: the other may be bringing up a large database, and is asked for by nobody yet.
    fn begin_schema(&mut self) -> Result<(), StoreError>;

    /// How this database writes the type of a text column, which has to compare by bytes.
    fn text_type(&self) -> &'static str;

    /// How this database writes the type of a number that rows are kept by, and found by without an index of its own where
    /// the database can do that.
    fn row_number_type(&self) -> &'static str;

    /// Whether a table or anything else has this name, so that no new one can.
    fn has(&mut self, name: &str) -> Result<bool, StoreError>;
}

/// A statement that is put together while running. Its parts are texts of this program, so that nothing which somebody
/// typed can get into it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Composed(String);

impl Composed {
    pub(crate) fn push(&mut self, part: &'static str) -> &mut Self {
        self.0.push_str(part);
        self
    }

    pub(crate) fn push_all(&mut self, other: &Self) -> &mut Self {
        self.0.push_str(&other.0);
        self
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

/// Everything that can be asked: by a reader, or inside a change.
pub trait Select {
    /// All rows of a statement.
    #[doc(hidden)]
    fn rows(&mut self, sql: &'static str, params: Params<'_>) -> Result<Vec<Row>, StoreError>;

    /// All rows of a statement that was put together.
    #[doc(hidden)]
    fn composed_rows(&mut self, sql: &Composed, params: Params<'_>) -> Result<Vec<Row>, StoreError>;

    /// The first row of a statement, if it has one.
    #[doc(hidden)]
    fn row(&mut self, sql: &'static str, params: Params<'_>) -> Result<Option<Row>, StoreError> {
        Ok(self.rows(sql, params)?.into_iter().next())
    }
}

/// A connection that only reads, within one snapshot.
pub struct Reader<'c> {
    driver: &'c mut dyn Driver,
}

impl<'c> Reader<'c> {
    pub(crate) fn new(driver: &'c mut dyn Driver) -> Self {
        Self { driver }
    }

    pub(crate) fn driver(&mut self) -> &mut dyn Driver {
        self.driver
    }
}

impl Select for Reader<'_> {
    fn rows(&mut self, sql: &'static str, params: Params<'_>) -> Result<Vec<Row>, StoreError> {
        self.driver.rows(sql, params)
    }

    fn composed_rows(&mut self, sql: &Composed, params: Params<'_>) -> Result<Vec<Row>, StoreError> {
        self.driver.composed_rows(sql, params)
    }
}
