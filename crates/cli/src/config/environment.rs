//! The environment's part of what is configured.

use std::collections::BTreeMap;
use std::ffi::OsString;

use zeroize::Zeroizing;

use super::{Setting, suggestion};
use crate::problem::Problem;

/// The variables that count, by name without `LATCHKEY_`. Empty ones count as not set.
pub(crate) struct Environment(BTreeMap<String, Zeroizing<String>>);

impl Environment {
    /// Variables that belong to no setting of the file.
    const OTHERS: [&str; 6] = ["DATA_DIR", "CONFIG", "MASTER_KEY", "LOG", "LOG_FORMAT", "MASTER_KEY_FILE"];

    /// Takes this program's variables, and refuses those with its prefix that it does not know.
    pub(crate) fn read() -> Result<Self, Problem> {
        Self::from_variables(std::env::vars_os())
    }

    pub(super) fn from_variables(variables: impl Iterator<Item = (OsString, OsString)>) -> Result<Self, Problem> {
        let mut known: Vec<&str> = Setting::all().map(Setting::variable).collect();
        known.extend(Self::OTHERS.iter().filter(|name| **name != "MASTER_KEY_FILE"));
        let mut found = BTreeMap::new();
        for (name, value) in variables {
            let Some(short) = name.to_str().and_then(|name| name.strip_prefix("LATCHKEY_")) else { continue };
            if is_service_link(short) {
                continue;
            }
            if !known.contains(&short) {
                let names: Vec<String> = known.iter().map(|name| format!("LATCHKEY_{name}")).collect();
                let names: Vec<&str> = names.iter().map(String::as_str).collect();
                let detail = format!("the environment has LATCHKEY_{}, which is no setting", short.escape_debug());
                let typed = format!("LATCHKEY_{short}");
                let next_step = suggestion(&typed, &names);
                return Err(Problem::usage(detail, next_step));
            }
            let value = value.into_string().map_err(|_| {
                Problem::usage(format!("LATCHKEY_{short} is not UTF-8 text"), "set it to plain text, or unset it")
            })?;
            if !value.is_empty() {
                found.insert(short.to_owned(), Zeroizing::new(value));
            }
        }
        Ok(Self(found))
    }

    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(|value| value.as_str())
    }
}

/// Kubernetes puts these into every container beside a service named `latchkey`; nobody meant them for us.
fn is_service_link(short: &str) -> bool {
    ["SERVICE_HOST", "SERVICE_PORT", "PORT"]
        .iter()
        .any(|name| short.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with('_')))
}
