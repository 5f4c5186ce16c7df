//! The plan of the house, held by a test: what stands where, and what may touch what.
//!
//! Each rule reads the workspace's files and names every place that breaks it. The rules speak of `crates/` alone: the
//! tests and the benchmark look at the house from outside, and may open what its rooms may not. Unit tests inside a
//! crate are free in what they use.

#![allow(clippy::panic, clippy::unwrap_used, reason = "test code fails by panicking")]

#[path = "architecture/source.rs"]
mod source;

use std::path::Path;

use source::{Crate, Line, Source, crates, dependencies, files_ending, has_field, has_word, read};

/// The floors, from the ground up; an arrow only points to a lower floor. Rooms on one floor do not know each other.
const FLOORS: [&[&str]; 6] =
    [&["key"], &["domain"], &["texts"], &["glpi", "outgoing", "storage", "store"], &["server"], &["cli"]];

/// No file is longer, in lines.
const LONGEST_FILE: usize = 600;

/// What would give `domain` the time, chance, or the world outside.
const IMPURE: [&str; 13] = [
    "SystemTime",
    "Instant",
    "Timestamp::now",
    "Zoned::now",
    "TimeZone::system",
    "now_v7",
    "new_v4",
    "getrandom",
    "rand",
    "tokio",
    "axum",
    "tracing",
    "thread_local",
];
const OUTSIDE: [&str; 5] = ["fs", "net", "env", "process", "thread"];

const DATABASES: [&str; 7] = ["rusqlite", "libsqlite3-sys", "postgres", "tokio-postgres", "r2d2", "sqlx", "diesel"];

/// What sends requests to others.
const CLIENTS: [&str; 6] = ["ureq", "reqwest", "hyper-tls", "curl", "attohttpc", "isahc"];

const STATEMENTS: [&str; 9] = ["SELECT", "INSERT", "UPDATE", "DELETE", "WITH", "CREATE", "ALTER", "DROP", "PRAGMA"];

/// Names that only GLPI, its marketplace and its agents would choose.
const GLPI_FIELDS: [&str; 17] = [
    "is_valid",
    "validation_message",
    "offer_reference",
    "required_offers",
    "download_url",
    "readme_url",
    "logo_url",
    "issues_url",
    "homepage_url",
    "changelog_url",
    "download_count",
    "date_added",
    "date_updated",
    "glpinetwork_registration_key",
    "glpi_network_uuid",
    "deviceid",
    "versionclient",
];

/// Who may use which of the standard library's doors to the machine, and why.
const DOORS: [(&str, &str, &str); 4] = [
    ("cli", "env", "the binary is the place that reads flags and environment"),
    ("cli", "fs", "the binary is the place that reads files"),
    ("storage", "fs", "what comes in is a file without a name until it is whole, and a folder may be the store"),
    ("store", "fs", "SQLite's database directory is made, locked and measured by the crate that owns it"),
];

#[test]
fn arrows_only_point_down() {
    holds("an arrow only points down (key < domain < texts < glpi, outgoing, storage, store < server < cli)", arrows);
}

fn arrows(house: &[Crate]) -> Vec<String> {
    let floor = |name: &str| FLOORS.iter().position(|rooms| rooms.contains(&name));
    let mut broken = Vec::new();
    for room in house {
        let Some(own) = floor(&room.name) else {
            broken.push(format!("{}: `{}` has no floor; give it one in this test", room.manifest, room.name));
            continue;
        };
        for dependency in &room.dependencies {
            let name = match dependency.package.as_str() {
                "latchkey" => "cli",
                // Tests of a crate may stand on what all tests stand on.
                "latchkey-tests-support" if dependency.dev => continue,
                other => match other.strip_prefix("latchkey-") {
                    Some(name) => name,
                    None => continue,
                },
            };
            if floor(name).is_none_or(|other| other >= own) {
                broken.push(format!("{}: `{}` must not know `{}`", room.manifest, room.name, dependency.package));
            }
        }
    }
    broken
}

#[test]
fn the_domain_is_pure() {
    holds("`domain` does no I/O, asks no clock and draws no lots", impurities);
}

fn impurities(house: &[Crate]) -> Vec<String> {
    let mut broken = Vec::new();
    for room in house.iter().filter(|room| room.name == "domain") {
        let forbidden = |package: &str| IMPURE.contains(&package) || DATABASES.contains(&package);
        for dependency in
            room.dependencies.iter().filter(|dependency| !dependency.dev && forbidden(&dependency.package))
        {
            broken.push(format!("{}: depends on `{}`", room.manifest, dependency.package));
        }
        for source in &room.sources {
            broken.extend(words(source, &IMPURE, names));
            broken.extend(modules(source, &OUTSIDE));
        }
    }
    broken
}

#[test]
fn only_the_store_knows_sql() {
    holds("only `store` knows a database", databases);
    holds("only `store` has SQL", statements);
    let elsewhere: Vec<String> =
        files_ending(root(), "sql").into_iter().filter(|path| !path.starts_with("crates/store/")).collect();
    assert!(elsewhere.is_empty(), "only `store` has SQL: {elsewhere:?}");
}

fn databases(house: &[Crate]) -> Vec<String> {
    let mut broken = Vec::new();
    for room in house.iter().filter(|room| room.name != "store") {
        for dependency in room.dependencies.iter().filter(|given| DATABASES.contains(&given.package.as_str())) {
            broken.push(format!("{}: depends on `{}`", room.manifest, dependency.package));
        }
    }
    broken
}

fn statements(house: &[Crate]) -> Vec<String> {
    let begins = |text: &str| {
        let text = text.trim_start_matches(|c: char| c.is_whitespace() || c == '\\');
        let word = text.split_once(char::is_whitespace)?.0;
        STATEMENTS.into_iter().find(|statement| *statement == word)
    };
    let mut broken = Vec::new();
    for source in house.iter().filter(|room| room.name != "store").flat_map(|room| &room.sources) {
        for (number, line) in source.program() {
            for statement in line.strings.iter().filter_map(|string| begins(string)) {
                broken.push(format!("{}:{number}: a string begins with {statement}", source.path));
            }
        }
    }
    broken
}

#[test]
fn only_the_guard_asks_others() {
    holds("only `outgoing` has a client of the web, and `storage` one for its store of objects", clients);
}

fn clients(house: &[Crate]) -> Vec<String> {
    let mut broken = Vec::new();
    // A store of objects is named by whoever runs the service, never by a stranger: it needs no guard.
    for room in house.iter().filter(|room| room.name != "outgoing" && room.name != "storage") {
        let given = room.dependencies.iter().filter(|given| !given.dev && CLIENTS.contains(&given.package.as_str()));
        broken.extend(given.map(|given| format!("{}: depends on `{}`", room.manifest, given.package)));
    }
    broken
}

#[test]
fn only_the_server_knows_status_codes() {
    holds("only `server` knows HTTP's status codes", |house| elsewhere(house, "server", &["StatusCode"], names));
}

#[test]
fn only_glpi_knows_glpis_field_names() {
    holds("only `glpi` has GLPI's field names, be it as fields or within strings", |house| {
        elsewhere(house, "glpi", &GLPI_FIELDS, has_glpi_field)
    });
}

fn has_glpi_field(line: &Line, name: &str) -> bool {
    has_field(&line.code, name) || line.strings.iter().any(|string| has_word(string, name))
}

#[test]
fn only_the_binary_opens_doors_to_the_machine() {
    holds("only `cli` reads environment and files; the exceptions are listed in this test", doors);
}

fn doors(house: &[Crate]) -> Vec<String> {
    let mut broken = Vec::new();
    for room in house {
        let allowed = |door: &str| DOORS.iter().any(|(name, open, _)| *name == room.name && *open == door);
        let closed: Vec<&str> = ["env", "fs"].into_iter().filter(|door| !allowed(door)).collect();
        for source in &room.sources {
            broken.extend(modules(source, &closed));
            if closed.contains(&"fs") {
                broken.extend(words(source, &["tokio::fs"], names));
            }
        }
    }
    broken
}

#[test]
fn files_are_rooms_not_halls() {
    holds("a file has at most 600 lines", |house| {
        let sources = house.iter().flat_map(|room| &room.sources);
        sources
            .filter(|source| source.lines.len() > LONGEST_FILE + 1)
            .map(|source| format!("{}:{LONGEST_FILE}: goes on to line {}", source.path, source.lines.len() - 1))
            .collect()
    });
}

fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
}

/// Fails with every place that breaks the rule.
#[track_caller]
fn holds(rule: &str, broken: impl Fn(&[Crate]) -> Vec<String>) {
    let house = crates(root());
    let rooms: Vec<&str> = house.iter().map(|room| room.name.as_str()).collect();
    for expected in FLOORS.concat() {
        assert!(rooms.contains(&expected), "crates/{expected} is not where this test looks for it");
    }
    for room in &house {
        assert!(!room.sources.is_empty(), "crates/{} has no sources", room.name);
    }
    let broken = broken(&house);
    assert!(broken.is_empty(), "{rule}. Not so here:\n{}", broken.join("\n"));
}

fn names(line: &Line, word: &str) -> bool {
    has_word(&line.code, word)
}

fn elsewhere(house: &[Crate], home: &str, names: &[&str], found: fn(&Line, &str) -> bool) -> Vec<String> {
    let sources = house.iter().filter(|room| room.name != home).flat_map(|room| &room.sources);
    sources.flat_map(|source| words(source, names, found)).collect()
}

fn words(source: &Source, words: &[&str], found: fn(&Line, &str) -> bool) -> Vec<String> {
    let mut broken = Vec::new();
    for (number, line) in source.program() {
        for word in words.iter().filter(|word| found(line, word)) {
            broken.push(format!("{}:{number}: {word}", source.path));
        }
    }
    broken
}

fn modules(source: &Source, forbidden: &[&str]) -> Vec<String> {
    let found = source.std_modules().into_iter().filter(|(_, module)| forbidden.contains(&module.as_str()));
    found.map(|(number, module)| format!("{}:{number}: std::{module}", source.path)).collect()
}

/// The rules, tried on a house of their own: a rule that finds nothing is worth nothing.
mod tried {
    use super::*;

    fn room(name: &str, manifest: &str, text: &str) -> Crate {
        Crate {
            name: name.to_owned(),
            manifest: format!("crates/{name}/Cargo.toml"),
            dependencies: dependencies(manifest),
            sources: vec![read(&format!("crates/{name}/src/lib.rs"), text)],
        }
    }

    #[test]
    fn arrows_up_and_across_are_found() {
        let house = [
            room("server", "[dependencies]\nlatchkey-glpi.workspace = true\nserde = '1'", ""),
            room("store", "[dependencies]\nother = { package = 'latchkey-glpi', path = '../glpi' }", ""),
            room("key", "[target.'cfg(unix)'.dev-dependencies]\nlatchkey.workspace = true", ""),
            room("glpi", "[dev-dependencies]\nlatchkey-tests-support.workspace = true", ""),
            room("texts", "[dependencies]\nlatchkey-tests-support.workspace = true", ""),
            room("cellar", "", ""),
        ];
        assert_eq!(
            arrows(&house),
            [
                "crates/store/Cargo.toml: `store` must not know `latchkey-glpi`",
                "crates/key/Cargo.toml: `key` must not know `latchkey`",
                "crates/texts/Cargo.toml: `texts` must not know `latchkey-tests-support`",
                "crates/cellar/Cargo.toml: `cellar` has no floor; give it one in this test",
            ]
        );
    }

    #[test]
    fn an_impure_domain_is_found() {
        let text = "use std::{\n    fmt,\n    collections::{fs, env},\n    fs::{self},\n};\n// SystemTime, std::net\n\
                    fn f() { let _ = (std :: env, std::net::x(), Instants, Timestamp::now()); }\n";
        let house = [
            room("domain", "[dependencies]\ntokio = '1'\n[dev-dependencies]\nrand = '1'", text),
            room("cli", "", text),
        ];
        assert_eq!(
            impurities(&house),
            [
                "crates/domain/Cargo.toml: depends on `tokio`",
                "crates/domain/src/lib.rs:7: Timestamp::now",
                "crates/domain/src/lib.rs:4: std::fs",
                "crates/domain/src/lib.rs:7: std::net",
            ]
        );
    }

    #[test]
    fn sql_is_found_wherever_it_begins() {
        let text = "const A: &str = \"SELECT 1\";\nconst B: &str = \"\\\n    UPDATE a SET b\";\nconst C: &str = r#\"\n  DELETE \
                    FROM a\"#;\n// \"SELECT 1\"\nconst D: &str = \"UPDATED a\";\nconst E: &str = \"please SELECT one\";\n";
        let manifest = "[dependencies]\npostgres = '1'";
        let house = [room("server", manifest, text), room("store", manifest, text)];
        assert_eq!(databases(&house), ["crates/server/Cargo.toml: depends on `postgres`"]);
        assert_eq!(
            statements(&house),
            [
                "crates/server/src/lib.rs:1: a string begins with SELECT",
                "crates/server/src/lib.rs:2: a string begins with UPDATE",
                "crates/server/src/lib.rs:4: a string begins with DELETE",
            ]
        );
    }

    #[test]
    fn a_client_beside_the_guard_is_found() {
        let manifest = "[dependencies]\nureq = '3'\n[dev-dependencies]\nreqwest = '1'";
        let house = [room("server", manifest, ""), room("outgoing", manifest, "")];
        assert_eq!(clients(&house), ["crates/server/Cargo.toml: depends on `ureq`"]);
    }

    #[test]
    fn field_names_are_found_in_code_and_strings_but_not_in_comments_functions_or_tests() {
        let text = r##"/// `is_valid`
struct A { is_valid: bool, is_valid_key: bool } // is_valid
/* /* x */ is_valid */ const B: &str = "{\"is_valid\"}";
const C: (char, &'static str) = ('"', "a // b"); const D: bool = a.is_valid;
#[cfg(test)]
mod tests {
    fn f() { if true {} a.is_valid }
}
const E: &str = r#"is_valid"#;
fn is_valid() { self.is_valid () }
#[cfg(test)]
use is_valid;
use x;
const F: (char, bool) = ('\'', a.is_valid);
"##;
        let house = [room("server", "", text), room("glpi", "", text)];
        let found = elsewhere(&house, "glpi", &GLPI_FIELDS, has_glpi_field);
        assert_eq!(found, [2, 3, 4, 9, 14].map(|number| format!("crates/server/src/lib.rs:{number}: is_valid")));
    }

    #[test]
    fn doors_are_open_to_those_on_the_list() {
        let text = "use std::{env, fs};\nconst V: &str = env!(\"CARGO_PKG_VERSION\");\n";
        let house = ["cli", "store", "key"].map(|name| room(name, "", text));
        assert_eq!(
            doors(&house),
            [
                "crates/store/src/lib.rs:1: std::env",
                "crates/key/src/lib.rs:1: std::env",
                "crates/key/src/lib.rs:1: std::fs",
            ]
        );
    }
}
