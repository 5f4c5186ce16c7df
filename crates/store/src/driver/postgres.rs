//! PostgreSQL, for more than one machine.

use std::borrow::Cow;
use std::collections::HashMap;
use std::error::Error as _;
use std::sync::Arc;
use std::time::Duration;

use postgres::error::SqlState;
use postgres::fallible_iterator::FallibleIterator as _;
use postgres::types::{FromSql, IsNull, ToSql, Type, to_sql_checked};
use postgres::{Client, Config, NoTls, Statement};

use super::named::{Numbered, number};
use super::{Composed, Driver};
use crate::StoreError;
use crate::value::{Params, Row, Value};

/// The channel on which nodes wake each other. The net below it is a poll.
const CHANNEL: &str = "latchkey_feed";
/// Held while migrating, so that two nodes that start at once do it one after the other. Any number that is ours.
const SCHEMA_LOCK: i64 = 0x6c61_7463_686b_6579;

/// Prepared statements kept per connection, before those that were put together are forgotten.
const STATEMENTS: usize = 512;

pub(crate) struct Postgres {
    client: Client,
    statements: HashMap<Cow<'static, str>, Prepared>,
    written: u64,
}

struct Prepared {
    statement: Statement,
    names: Vec<String>,
    columns: Arc<[String]>,
}

impl Postgres {
    pub(crate) fn connect(config: &Config) -> Result<Self, StoreError> {
        let mut client = config.connect(NoTls).map_err(map)?;
        // Nothing may hang: not on another node's lock, not on a slow disk, not on a node that died in a transaction.
        client
            .batch_execute(
                "SET lock_timeout = '5s'; SET statement_timeout = '10s';
                 SET idle_in_transaction_session_timeout = '10s'; SET client_min_messages = 'warning';",
            )
            .map_err(map)?;
        Ok(Self { client, statements: HashMap::new(), written: 0 })
    }

    /// Begins to hear other nodes' announcements.
    pub(crate) fn listen(&mut self) -> Result<(), StoreError> {
        self.batch(&format!("LISTEN {CHANNEL}"))
    }

    /// Waits for an announcement, for at most `patience`.
    pub(crate) fn wait(&mut self, patience: Duration) -> Result<(), StoreError> {
        let mut notifications = self.client.notifications();
        notifications.timeout_iter(patience).next().map_err(map)?;
        // One look at the feed answers all announcements that came so far.
        while notifications.iter().next().map_err(map)?.is_some() {}
        Ok(())
    }

    fn prepared(&mut self, sql: Cow<'static, str>) -> Result<&Prepared, StoreError> {
        if self.statements.len() >= STATEMENTS && !self.statements.contains_key(&sql) {
            // Only statements that are put together can be so many; each is prepared again when it comes.
            self.statements.retain(|known, _| matches!(known, Cow::Borrowed(_)));
        }
        match self.statements.entry(sql) {
            std::collections::hash_map::Entry::Occupied(known) => Ok(known.into_mut()),
            std::collections::hash_map::Entry::Vacant(place) => {
                let Numbered { sql, names } = number(place.key());
                let statement = self.client.prepare(&sql).map_err(map)?;
                let columns = statement.columns().iter().map(|column| column.name().to_owned()).collect();
                Ok(place.insert(Prepared { statement, names, columns }))
            }
        }
    }

    /// A statement, its parameters in their order, and the names of its columns.
    #[expect(clippy::type_complexity, reason = "a type of its own would say no more")]
    fn prepared_with<'p>(
        &mut self,
        sql: Cow<'static, str>,
        params: Params<'p>,
    ) -> Result<(Statement, Vec<&'p (dyn ToSql + Sync)>, Arc<[String]>), StoreError> {
        let prepared = self.prepared(sql.clone())?;
        if prepared.names.len() != params.len() {
            return Err(StoreError::Bug(format!("parameters do not match the statement: {sql}")));
        }
        let ordered = prepared
            .names
            .iter()
            .map(|name| {
                params
                    .iter()
                    .find(|(given, _)| given == name)
                    .map(|(_, value)| value as &(dyn ToSql + Sync))
                    .ok_or_else(|| StoreError::Bug(format!("no parameter ${name} in: {sql}")))
            })
            .collect::<Result<_, _>>()?;
        Ok((prepared.statement.clone(), ordered, prepared.columns.clone()))
    }

    fn rows_of(&mut self, sql: Cow<'static, str>, params: Params<'_>) -> Result<Vec<Row>, StoreError> {
        let (statement, ordered, columns) = self.prepared_with(sql, params)?;
        let rows = self.client.query(&statement, &ordered).map_err(map)?;
        rows.iter()
            .map(|row| {
                let values = (0..columns.len())
                    .map(|at| row.try_get::<_, Value>(at).map_err(|error| StoreError::Bug(error.to_string())))
                    .collect::<Result<_, _>>()?;
                Ok(Row::new(columns.clone(), values))
            })
            .collect()
    }
}

impl Driver for Postgres {
    fn rows(&mut self, sql: &'static str, params: Params<'_>) -> Result<Vec<Row>, StoreError> {
        let rows = self.rows_of(Cow::Borrowed(sql), params);
        // What has failed counts as well: nothing more can be done in its transaction.
        self.written += u64::from(rows.is_err() || !sql.starts_with("SELECT"));
        rows
    }

    fn composed_rows(&mut self, sql: &Composed, params: Params<'_>) -> Result<Vec<Row>, StoreError> {
        let rows = self.rows_of(Cow::Owned(sql.as_str().to_owned()), params);
        self.written += u64::from(rows.is_err() || !sql.as_str().starts_with("SELECT"));
        rows
    }

    fn changed(&mut self, sql: &'static str, params: Params<'_>) -> Result<u64, StoreError> {
        self.written += 1;
        let (statement, ordered, _) = self.prepared_with(Cow::Borrowed(sql), params)?;
        self.client.execute(&statement, &ordered).map_err(map)
    }

    fn run(&mut self, sql: &str, values: &[Value]) -> Result<Vec<Vec<Value>>, StoreError> {
        let values: Vec<&(dyn ToSql + Sync)> = values.iter().map(|value| value as &(dyn ToSql + Sync)).collect();
        let rows = self.client.query(sql, &values).map_err(map)?;
        rows.iter()
            .map(|row| (0..row.len()).map(|at| row.try_get::<_, Value>(at).map_err(map)).collect::<Result<_, _>>())
            .collect()
    }

    fn batch(&mut self, sql: &str) -> Result<(), StoreError> {
        self.client.batch_execute(sql).map_err(map)
    }

    fn written(&self) -> u64 {
        self.written
    }

    fn begin_write(&mut self) -> Result<(), StoreError> {
        self.batch("BEGIN")
    }

    fn commit(&mut self) -> Result<(), StoreError> {
        // The database may have heard the COMMIT before we lost it.
        self.batch("COMMIT")
            .map_err(|error| if matches!(error, StoreError::Away(_)) { StoreError::OutcomeUnknown } else { error })
    }

    fn announce(&mut self) -> Result<(), StoreError> {
        self.batch(&format!("NOTIFY {CHANNEL}"))
    }

    fn is_broken(&self) -> bool {
        self.client.is_closed()
    }

    fn begin_schema(&mut self) -> Result<(), StoreError> {
        self.begin_write()?;
        // A step may have a million rows to go through, and the others wait for it.
        self.batch(&format!(
            "SET LOCAL lock_timeout = '60s'; SET LOCAL statement_timeout = '10min';
             SELECT pg_advisory_xact_lock({SCHEMA_LOCK})"
        ))
    }

    fn text_type(&self) -> &'static str {
        "TEXT COLLATE \"C\""
    }

    fn row_number_type(&self) -> &'static str {
        "BIGINT"
    }

    fn has(&mut self, name: &str) -> Result<bool, StoreError> {
        let sql = "SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                    WHERE n.nspname = current_schema() AND c.relname = $name";
        Ok(!self.rows(sql, &[("name", Value::Text(name.to_owned()))])?.is_empty())
    }
}

impl ToSql for Value {
    fn to_sql(
        &self,
        ty: &Type,
        out: &mut postgres::types::private::BytesMut,
    ) -> Result<IsNull, Box<dyn std::error::Error + Sync + Send>> {
        match self {
            Self::Null => Ok(IsNull::Yes),
            Self::Int(number) if *ty == Type::INT8 => number.to_sql(ty, out),
            Self::Int(number) if *ty == Type::INT4 => i32::try_from(*number)?.to_sql(ty, out),
            Self::Text(text) if *ty != Type::INT8 && *ty != Type::INT4 => text.to_sql(ty, out),
            Self::Int(_) | Self::Text(_) => Err(format!("a parameter has the wrong type for {ty}").into()),
        }
    }

    fn accepts(ty: &Type) -> bool {
        matches!(*ty, Type::INT8 | Type::INT4 | Type::TEXT | Type::VARCHAR | Type::NAME)
    }

    to_sql_checked!();
}

impl<'a> FromSql<'a> for Value {
    fn from_sql(ty: &Type, raw: &'a [u8]) -> Result<Self, Box<dyn std::error::Error + Sync + Send>> {
        match *ty {
            Type::INT8 => i64::from_sql(ty, raw).map(Self::Int),
            Type::INT4 => i32::from_sql(ty, raw).map(|number| Self::Int(number.into())),
            _ => String::from_sql(ty, raw).map(Self::Text),
        }
    }

    fn from_sql_null(_: &Type) -> Result<Self, Box<dyn std::error::Error + Sync + Send>> {
        Ok(Self::Null)
    }

    fn accepts(ty: &Type) -> bool {
        <Self as ToSql>::accepts(ty)
    }
}

/// Opens readers for the pool.
pub(crate) struct Readers {
    pub(crate) config: Config,
}

impl r2d2::ManageConnection for Readers {
    type Connection = Postgres;
    type Error = StoreError;

    fn connect(&self) -> Result<Postgres, StoreError> {
        let mut postgres = Postgres::connect(&self.config)?;
        // Without the isolation each statement would see a moment of its own.
        postgres
            .batch("SET default_transaction_read_only = on; SET default_transaction_isolation = 'repeatable read'")?;
        Ok(postgres)
    }

    fn is_valid(&self, connection: &mut Postgres) -> Result<(), StoreError> {
        connection.batch("")
    }

    fn has_broken(&self, connection: &mut Postgres) -> bool {
        connection.is_broken()
    }
}

fn map(error: postgres::Error) -> StoreError {
    let Some(code) = error.code() else {
        // Without a code it is the connection that failed, or a value that did not fit its column.
        let why = error.source().map_or_else(|| error.to_string(), |source| format!("{error}: {source}"));
        return if error.is_closed() || error.source().is_some_and(|source| source.is::<std::io::Error>()) {
            StoreError::Away(why)
        } else if error.to_string().starts_with("error serializing")
            || error.to_string().starts_with("error deserializing")
        {
            StoreError::Bug(why)
        } else {
            StoreError::Away(why)
        };
    };
    let why = error.as_db_error().map_or_else(|| error.to_string(), |db| db.message().to_owned());
    if *code == SqlState::LOCK_NOT_AVAILABLE || code.code().starts_with("40") {
        StoreError::Busy
    } else if *code == SqlState::DISK_FULL {
        StoreError::Full
    } else if [SqlState::READ_ONLY_SQL_TRANSACTION, SqlState::INSUFFICIENT_PRIVILEGE, SqlState::INVALID_SCHEMA_NAME]
        .contains(code)
    {
        StoreError::ReadOnly(why)
    } else if *code == SqlState::IN_FAILED_SQL_TRANSACTION {
        // An operation went on after an error that it should have given back.
        StoreError::Bug(why)
    } else if *code == SqlState::DUPLICATE_TABLE || *code == SqlState::DUPLICATE_OBJECT {
        // Only the schema's steps make anything.
        StoreError::Foreign(why)
    } else if ["08", "28", "3D", "53", "57", "25"].contains(&&code.code()[..2]) {
        StoreError::Away(why)
    } else {
        StoreError::Bug(format!("{why} ({})", code.code()))
    }
}
