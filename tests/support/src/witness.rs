//! What the tests make in secret, and what the programs under test write: kept apart, and compared when all is over.
//!
//! `make test` names a directory in `LATCHKEY_TEST_OUTPUT`; `scripts/no-secret-in-output` then looks for each secret of this
//! run in all output of it. Without the variable nothing is kept.

use std::fs::{File, OpenOptions};
use std::io::Write as _;
use std::path::PathBuf;
use std::sync::OnceLock;

use serde_json::Value;

/// Members of answers whose values open something.
const SECRET_MEMBERS: [&str; 8] = [
    "access_token",
    "api_token",
    "basic_password",
    "oauth_client_secret",
    "recovery_codes",
    "registration_key",
    "setup_link",
    "totp_secret",
];
/// Addresses below which secrets stand. Others are in logs by right.
const SECRET_PLACES: [&str; 3] = ["/join/", "/enroll/", "/console/setup/"];
/// What is shorter may be found by chance.
const SHORTEST: usize = 16;

/// Notes a secret that the tests know of.
pub fn secret(text: &str) {
    if text.len() >= SHORTEST && !text.contains(char::is_whitespace) {
        append("secrets", text);
    }
}

/// Notes the secrets in an answer.
pub fn secrets_in(json: &Value) {
    match json {
        Value::Object(members) => {
            for (name, value) in members {
                match value {
                    Value::String(text) if text.contains("://") => in_address(text),
                    Value::String(text) if SECRET_MEMBERS.contains(&name.as_str()) => secret(text),
                    Value::String(_) | Value::Object(_) | Value::Array(_) => secrets_in(value),
                    Value::Null | Value::Bool(_) | Value::Number(_) => {}
                }
            }
        }
        Value::Array(all) => all.iter().for_each(secrets_in),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// Notes the secret in an address, where it has one.
pub fn in_address(address: &str) {
    if let Some(rest) = SECRET_PLACES.iter().find_map(|place| address.split_once(place)).map(|(_, rest)| rest) {
        secret(rest.split(['/', '?']).find(|part| part.len() >= SHORTEST).unwrap_or_default());
    }
}

/// Notes what a program wrote where it must not say a secret.
pub fn written(text: &str) {
    if !text.is_empty() {
        append("output", text);
    }
}

/// The file to which servers within this process write their log.
pub fn log() -> Option<File> {
    open("output")
}

fn append(kind: &str, text: &str) {
    // One write: other tests append to the same file.
    if let Some(mut file) = open(kind) {
        file.write_all(format!("{text}\n").as_bytes()).unwrap();
    }
}

fn open(kind: &str) -> Option<File> {
    static DIRECTORY: OnceLock<Option<PathBuf>> = OnceLock::new();
    let directory = DIRECTORY.get_or_init(|| std::env::var_os("LATCHKEY_TEST_OUTPUT").map(PathBuf::from)).as_ref()?;
    let path = directory.join(format!("{kind}-{}", std::process::id()));
    Some(OpenOptions::new().create(true).append(true).open(path).unwrap())
}
