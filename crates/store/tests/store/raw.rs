//! A connection beside the store's own: to tamper with rows, and to see tables as a whole.

use std::collections::BTreeMap;

use postgres::{Client, NoTls, SimpleQueryMessage};
use rusqlite::Connection;
use rusqlite::types::ValueRef;

use crate::house::Place;

/// Every table of the schema.
pub(crate) const TABLES: [&str; 13] = [
    "schema_versions",
    "feed_head",
    "feed",
    "audit",
    "audit_reasons",
    "audit_heads",
    "jobs",
    "installation",
    "signing_keys",
    "offers",
    "customers",
    "subscriptions",
    "keys",
];

pub(crate) enum Raw {
    Sqlite(Connection),
    Postgres(Client),
}

impl Raw {
    pub(crate) fn open(place: &Place) -> Self {
        match place {
            Place::Sqlite(directory) => Self::file(&directory.path().join(latchkey_store::SQLITE_FILE)),
            Place::Room(directory) => Self::file(&directory.join(latchkey_store::SQLITE_FILE)),
            Place::Postgres(url) => Self::Postgres(Client::connect(url, NoTls).unwrap()),
        }
    }

    pub(crate) fn file(path: &std::path::Path) -> Self {
        let connection = Connection::open(path).unwrap();
        connection.busy_timeout(std::time::Duration::from_secs(10)).unwrap();
        Self::Sqlite(connection)
    }

    #[track_caller]
    pub(crate) fn run(&mut self, sql: &str) {
        match self {
            Self::Sqlite(connection) => connection.execute_batch(sql).unwrap_or_else(|error| panic!("{sql}: {error}")),
            Self::Postgres(client) => client.batch_execute(sql).unwrap_or_else(|error| panic!("{sql}: {error}")),
        }
    }

    /// All rows of a query, each value as text.
    #[track_caller]
    pub(crate) fn rows(&mut self, sql: &str) -> Vec<Vec<Option<String>>> {
        match self {
            Self::Sqlite(connection) => {
                let mut statement = connection.prepare(sql).unwrap_or_else(|error| panic!("{sql}: {error}"));
                let columns = statement.column_count();
                let text = |value: ValueRef<'_>| match value {
                    ValueRef::Null => None,
                    ValueRef::Integer(number) => Some(number.to_string()),
                    ValueRef::Text(text) => Some(String::from_utf8(text.to_vec()).unwrap()),
                    ValueRef::Real(_) | ValueRef::Blob(_) => panic!("{sql}: a value of a type that has no place here"),
                };
                let rows = statement.query_map([], |row| (0..columns).map(|at| row.get_ref(at).map(text)).collect());
                rows.unwrap().map(Result::unwrap).collect()
            }
            Self::Postgres(client) => client
                .simple_query(sql)
                .unwrap_or_else(|error| panic!("{sql}: {error}"))
                .into_iter()
                .filter_map(|message| match message {
                    SimpleQueryMessage::Row(row) => {
                        Some((0..row.len()).map(|at| row.get(at).map(str::to_owned)).collect())
                    }
                    SimpleQueryMessage::CommandComplete(_) | SimpleQueryMessage::RowDescription(_) | _ => None,
                })
                .collect(),
        }
    }

    /// The one value of a query.
    #[track_caller]
    pub(crate) fn value(&mut self, sql: &str) -> String {
        self.rows(sql)[0][0].clone().unwrap()
    }

    #[track_caller]
    pub(crate) fn number(&mut self, sql: &str) -> i64 {
        self.value(sql).parse().unwrap()
    }

    /// The first column of a query.
    #[track_caller]
    pub(crate) fn column(&mut self, sql: &str) -> Vec<String> {
        self.rows(sql).into_iter().map(|mut row| row.swap_remove(0).unwrap()).collect()
    }

    /// Every row of every table.
    pub(crate) fn everything(&mut self) -> BTreeMap<&'static str, Vec<Vec<Option<String>>>> {
        TABLES.into_iter().map(|table| (table, self.rows(&format!("SELECT * FROM {table} ORDER BY 1")))).collect()
    }

    /// The feed's lines after a number, as `topic subject`.
    pub(crate) fn feed_after(&mut self, seq: i64) -> Vec<String> {
        self.column(&format!("SELECT topic || ' ' || subject FROM feed WHERE seq > {seq} ORDER BY seq"))
    }

    /// The number of the last change.
    pub(crate) fn end_of_feed(&mut self) -> i64 {
        self.number("SELECT seq FROM feed_head")
    }

    /// The number of the last row of the audit log.
    pub(crate) fn end_of_audit(&mut self) -> i64 {
        self.number("SELECT audit_seq FROM feed_head")
    }
}
