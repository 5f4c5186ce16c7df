//! What goes into a backup, section by section. A table stands after those that it refers to.

use std::fmt::Write as _;

/// Rows that are read at a time.
const PAGE: usize = 1_000;

/// A table, or the part of one that can be put in at this point.
pub(super) struct Section {
    /// Its name in the file.
    pub(super) name: &'static str,
    pub(super) table: &'static str,
    /// The first is the primary key, by which the rows are sorted.
    pub(super) columns: &'static [&'static str],
    pub(super) put: Put,
}

/// How rows are put in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Put {
    /// As new rows.
    Insert,
    /// Into rows that are there: what refers to other rows of the same table, and what a new schema has already. Only rows
    /// whose second column has a value are in the file.
    Update,
}

/// Everything that is kept. A new table belongs here, or into [`LEFT_OUT`]; a test compares both with the schema.
pub(super) const SECTIONS: &[Section] = &[
    Section::of(
        "installation",
        &[
            "id",
            "publisher",
            "master_key_fingerprint",
            "created_at",
            "time_zone",
            "registrations_kept_days",
            "agents_kept_days",
        ],
    ),
    Section::of("signing_keys", &["id", "number", "public_key", "sealed_seed", "created_at", "retired_at"]),
    Section::of(
        "offers",
        &[
            "reference",
            "title",
            "grace_days",
            "seats",
            "others",
            "move_days",
            "moves_a_year",
            "releases_a_year",
            "cooling_off_days",
            "plugins",
            "seated_by",
            "trial_days",
            "position",
            "created_at",
        ],
    ),
    Section::of("customers", &["id", "name", "folded_name", "created_at", "erased_at"]),
    Section::of(
        "subscriptions",
        &[
            "id",
            "customer_id",
            "offer",
            "begins",
            "ends",
            "grace_ends",
            "begins_at",
            "ends_at",
            "grace_ends_at",
            "seats",
            "suspended_at",
            "terminated_at",
            "created_at",
        ],
    ),
    Section::of(
        "api_tokens",
        &["id", "name", "scopes", "keyed_hash", "created_at", "expires_at", "last_used_at", "revoked_at"],
    ),
    Section::of(
        "operators",
        &[
            "id",
            "email",
            "folded_email",
            "role",
            "password_hash",
            "sealed_totp",
            "totp_on_at",
            "totp_last_step",
            "created_at",
            "signed_in_at",
            "disabled_at",
        ],
    ),
    Section::of(
        "glpi_connections",
        &[
            "id",
            "name",
            "folded_name",
            "url",
            "sealed_credentials",
            "report",
            "created_at",
            "checked_at",
            "removed_at",
            "names",
            "inventory",
            "sealed_inventory",
        ],
    ),
    Section::of(
        "invitations",
        &[
            "id",
            "name",
            "folded_name",
            "comment",
            "connection_id",
            "entity",
            "is_recursive",
            "profile",
            "group_ids",
            "use_limit",
            "uses",
            "email_domains",
            "language",
            "keyed_hash",
            "begins_at",
            "ends_at",
            "created_at",
            "suspended_at",
            "revoked_at",
            "target_names",
        ],
    ),
    Section::of(
        "registrations",
        &[
            "id",
            "invitation_id",
            "connection_id",
            "place",
            "login",
            "folded_login",
            "firstname",
            "realname",
            "email",
            "language",
            "state",
            "step",
            "remarks",
            "glpi_user",
            "sealed_password",
            "receipt_hash",
            "created_at",
            "changed_at",
            "kept_until",
            "completed_at",
            "returned_at",
            "erased_at",
        ],
    ),
    Section::of("invitation_counts", &["id", "invitation_id", "day", "what", "times"]),
    Section::of("operator_recovery_codes", &["id", "operator_id", "keyed_hash", "used_at"]),
    Section::of("keys", &["id", "subscription_id", "signing_key", "issued", "issued_at", "revoked_at"]),
    Section {
        name: "key_successions",
        table: "keys",
        columns: &["id", "superseded_by", "superseded_until"],
        put: Put::Update,
    },
    Section::of(
        "enrollment_keys",
        &[
            "id",
            "name",
            "folded_name",
            "glpi",
            "tag",
            "agent_limit",
            "networks",
            "approves",
            "keyed_hash",
            "generation",
            "previous_hash",
            "previous_until",
            "created_at",
            "ends_at",
            "suspended_at",
            "revoked_at",
            "agents",
        ],
    ),
    Section::of(
        "agents",
        &[
            "id",
            "enrollment_key",
            "device",
            "folded_device",
            "agent_uid",
            "machine",
            "generation",
            "first_seen_at",
            "last_seen_at",
            "let_in_at",
            "address",
            "version",
            "tag",
            "approved_at",
            "quarantined_at",
            "twin_at",
            "twin",
            "prolog_answer",
            "contact_answer",
        ],
    ),
    Section::of(
        "plugins",
        &["plugin", "name", "sheet", "offers", "downloads", "added_at", "updated_at", "folded_name"],
    ),
    Section::of(
        "plugin_versions",
        &[
            "id",
            "plugin",
            "version",
            "channel",
            "glpi_min",
            "glpi_max",
            "packing",
            "digest",
            "size",
            "signing_key",
            "signature",
            "published_at",
            "withdrawn_at",
        ],
    ),
    Section::of("plugin_downloads", &["id", "plugin", "version", "instance", "subscription_id", "at"]),
    Section::of("plugin_channels", &["subscription_id", "channel"]),
    Section::of(
        "instances",
        &[
            "id",
            "subscription_id",
            "plugin",
            "site",
            "uid",
            "key_id",
            "environment",
            "place",
            "seat",
            "why",
            "since",
            "until",
            "first_seen",
            "last_seen",
            "version",
            "face",
            "face_before",
            "returns",
            "returned_at",
        ],
    ),
    Section::of(
        "moves",
        &[
            "id",
            "subscription_id",
            "plugin",
            "seat",
            "from_instance",
            "to_instance",
            "opened_at",
            "closes_at",
            "asked_at",
            "ended_at",
            "outcome",
        ],
    ),
    Section::of("seat_releases", &["id", "subscription_id", "plugin", "instance_id", "at"]),
    Section::of(
        "activations",
        &[
            "id",
            "instance_id",
            "plugin",
            "plugin_version",
            "glpi_version",
            "url",
            "uid",
            "first_seen",
            "last_seen",
            "deactivated_at",
        ],
    ),
    Section::of(
        "trials",
        &[
            "id",
            "plugin",
            "uid",
            "url",
            "plugin_version",
            "glpi_version",
            "started_at",
            "ends_at",
            "last_seen",
            "subscription_id",
        ],
    ),
    Section::of(
        "audit",
        &["seq", "at", "actor", "action", "subject_kind", "subject", "detail", "reason_digest", "hash"],
    ),
    Section::of("audit_reasons", &["seq", "salt", "body"]),
    Section::of("audit_heads", &["seq", "hash", "at", "signing_key", "signature"]),
    Section::of(
        "jobs",
        &["id", "kind", "payload", "run_at", "attempts", "fence", "lease_until", "finished_at", "last_error"],
    ),
    Section {
        name: "feed_head",
        table: "feed_head",
        columns: &["id", "seq", "highest_at", "audit_seq", "audit_hash"],
        put: Put::Update,
    },
];

/// Tables that no backup has: the schema's steps are made by the program that restores, lines of the feed tell caches
/// what changed, of which none outlives a restore, who asked about keys, and how often, is kept briefly or not at all, and a
/// session or a link that was over by then must not open again. What waits for a GLPI is delivered, not kept; where agents
/// find the gateway, and people the service, is said by the server that starts.
#[cfg(test)]
const LEFT_OUT: [&str; 14] = [
    "schema_versions",
    "feed",
    "idempotency",
    "questions",
    "answers",
    "operator_links",
    "operator_sessions",
    "gateway_hours",
    "gateway_place",
    "service_place",
    "queued_messages",
    "queue_leases",
    "queue_turns",
    "queue_head",
];

impl Section {
    const fn of(table: &'static str, columns: &'static [&'static str]) -> Self {
        Self { name: table, table, columns, put: Put::Insert }
    }

    pub(super) fn named(name: &str) -> Option<&'static Self> {
        SECTIONS.iter().find(|section| section.name == name)
    }

    /// How many rows there are.
    pub(super) fn count(&self) -> String {
        format!("SELECT COUNT(*) FROM {} WHERE {}", self.table, self.belongs())
    }

    /// A page of rows: the first, or what follows the key `$1`.
    pub(super) fn page(&self, first: bool) -> String {
        let (columns, key) = (self.columns.join(", "), self.columns[0]);
        let follows = if first { String::new() } else { format!(" AND {key} > $1") };
        let belongs = self.belongs();
        format!("SELECT {columns} FROM {} WHERE {belongs}{follows} ORDER BY {key} LIMIT {PAGE}", self.table)
    }

    /// Puts so many rows of these columns in, which have to be columns of this section.
    pub(super) fn insert(&self, columns: &[&str], rows: usize) -> String {
        let mut sql = format!("INSERT INTO {} ({}) VALUES ", self.table, columns.join(", "));
        let mut number = 0;
        for row in 0..rows {
            sql.push_str(if row == 0 { "(" } else { ", (" });
            for column in 0..columns.len() {
                number += 1;
                // Writing to a string cannot fail.
                let _ = write!(sql, "{}${number}", if column == 0 { "" } else { ", " });
            }
            sql.push(')');
        }
        sql
    }

    /// Puts one row's other columns into the row that has its key. The key is the last parameter.
    pub(super) fn update(&self, columns: &[&str]) -> String {
        let set: Vec<String> =
            columns[1..].iter().enumerate().map(|(at, column)| format!("{column} = ${}", at + 1)).collect();
        format!("UPDATE {} SET {} WHERE {} = ${}", self.table, set.join(", "), columns[0], columns.len())
    }

    fn belongs(&self) -> String {
        match self.put {
            Put::Insert => "1 = 1".to_owned(),
            Put::Update => format!("{} IS NOT NULL", self.columns[1]),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use latchkey_domain::time::Timestamp;

    use super::*;
    use crate::driver::Driver as _;
    use crate::driver::sqlite::Sqlite;
    use crate::value::Value;
    use crate::{Location, Store};

    /// Columns of each table of a new database.
    fn schema() -> BTreeMap<String, BTreeSet<String>> {
        let dir = tempfile::tempdir().unwrap();
        Store::open(Location::embedded(dir.path()), Timestamp::from_millis(0)).unwrap();
        let mut sqlite = Sqlite::open(&dir.path().join(crate::SQLITE_FILE)).unwrap();
        let sql = "SELECT m.name, c.name FROM sqlite_master m JOIN pragma_table_info(m.name) c WHERE m.type = 'table'";
        let mut tables: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for row in sqlite.run(sql, &[]).unwrap() {
            let [Value::Text(table), Value::Text(column)] = &row[..] else { panic!("{row:?}") };
            tables.entry(table.clone()).or_default().insert(column.clone());
        }
        tables.retain(|name, _| !name.starts_with("sqlite_"));
        tables
    }

    #[test]
    fn nothing_that_is_kept_is_forgotten() {
        for (table, columns) in schema() {
            if LEFT_OUT.contains(&table.as_str()) {
                continue;
            }
            let known: BTreeSet<String> = SECTIONS
                .iter()
                .filter(|section| section.table == table)
                .flat_map(|section| section.columns)
                .map(|column| (*column).to_owned())
                .collect();
            assert_eq!(known, columns, "{table}: is it in SECTIONS, with all its columns?");
        }
    }

    #[test]
    fn parameters_appear_in_the_order_of_their_numbers() {
        let section = Section::named("key_successions").unwrap();
        assert_eq!(section.insert(&["a", "b"], 2), "INSERT INTO keys (a, b) VALUES ($1, $2), ($3, $4)");
        assert_eq!(
            section.update(section.columns),
            "UPDATE keys SET superseded_by = $1, superseded_until = $2 WHERE id = $3"
        );
    }
}
