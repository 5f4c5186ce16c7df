//! Whether a connection is fit to make accounts, as GLPI itself says.

use latchkey_domain::accounts::{Policy, Remark, Report};
use serde_json::Value as Json;

use super::session::Session;
use super::{Fault, Verb, Wire, is_on, number};

const READ: i64 = 1;
const UPDATE: i64 = 2;
const CREATE: i64 = 4;

/// Asks for version, policy and rights. `encrypted` is whether the connection is.
pub fn check<W: Wire>(session: &Session<'_, W>, encrypted: bool) -> Result<Report, Fault> {
    let config = session.ask(Verb::Get, "getGlpiConfig".to_owned(), None)?;
    let config = &config["cfg_glpi"];
    if !config.is_object() {
        return Err(Fault::NotGlpi { status: 200 });
    }
    let active = session.ask(Verb::Get, "getActiveProfile".to_owned(), None)?;
    let profile = &active["active_profile"];
    let verifies_passwords = is_on(&config["enable_api_login_credentials"]);
    let mut remarks = remarks(profile);
    if !encrypted {
        remarks.push(Remark::NotEncrypted);
    }
    if !verifies_passwords {
        remarks.push(Remark::CannotVerifyPasswords);
    }
    remarks.sort_unstable();
    Ok(Report {
        version: config["version"]
            .as_str()
            .map(|version| version.chars().filter(|c| !c.is_control()).take(40).collect()),
        policy: policy(config),
        verifies_passwords,
        profile: profile["name"].as_str().unwrap_or_default().chars().filter(|c| !c.is_control()).take(100).collect(),
        remarks,
    })
}

fn policy(config: &Json) -> Policy {
    if !is_on(&config["use_password_security"]) {
        return Policy::default();
    }
    let on = |member: &str| is_on(&config[member]);
    Policy {
        least: number(&config["password_min_length"]).and_then(|least| u32::try_from(least).ok()).unwrap_or(0),
        digit: on("password_need_number"),
        lower: on("password_need_letter"),
        upper: on("password_need_caps"),
        symbol: on("password_need_symbol"),
    }
}

fn remarks(profile: &Json) -> Vec<Remark> {
    let may = |what: &str, right: i64| number(&profile[what]).unwrap_or(0) & right != 0;
    [
        (!may("user", READ), Remark::CannotReadUsers),
        (!may("user", CREATE), Remark::CannotCreateUsers),
        (!may("user", UPDATE), Remark::CannotUpdateUsers),
        (!may("group", READ), Remark::CannotReadGroups),
        (!may("group", UPDATE), Remark::CannotUpdateGroups),
        // Whoever may change profiles may give itself all that there is.
        (may("profile", UPDATE) || number(&profile["id"]) == Some(4), Remark::SuperAdmin),
    ]
    .into_iter()
    .filter_map(|(is_so, remark)| is_so.then_some(remark))
    .collect()
}
