//! The REST API of GLPI (`apirest.php`), as far as accounts are made with it.
//!
//! What is said and heard stands here; how it travels is the caller's ([`Wire`]), since requests to others go through one
//! guard. Errors of a GLPI are known by their code alone: the words beside it are in the language of the account.
//!
//! Invariant: an answer that does not read is a [`Fault`], never taken for a "no". A [`Fault`] holds nothing secret.

mod check;
mod lists;
mod session;
mod users;

pub use latchkey_domain::accounts::Fault;
use latchkey_domain::outgoing::Unanswered;
use serde_json::Value as Json;

pub use check::check;
pub use lists::{Entity, Group, Profile, entities, groups, profiles};
pub use session::{Session, opens};
pub use users::{
    Found, NewUser, Right, add_email, add_group, add_right, create, emails, find, groups_of, remove_right, rights,
    set_password, user,
};

/// How a call travels.
pub trait Wire {
    /// Sends a call and waits for its answer.
    fn send(&self, call: &Call<'_>) -> Result<Heard, Unanswered>;
}

/// What is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verb {
    /// Fetch something.
    Get,
    /// Make something.
    Post,
    /// Change something.
    Put,
    /// Take something away.
    Delete,
}

/// One call. Its headers and its body may hold secrets.
pub struct Call<'c> {
    /// What is asked for.
    pub verb: Verb,
    /// Behind the GLPI's own address: path and query, already encoded.
    pub path: String,
    /// Headers by name.
    pub headers: Vec<(&'static str, String)>,
    /// The body, JSON.
    pub body: Option<&'c [u8]>,
}

/// An answer.
pub struct Heard {
    /// Its status.
    pub status: u16,
    /// Its body.
    pub body: Vec<u8>,
    /// The header `Content-Range`: `0-199/412`.
    pub content_range: Option<String>,
}

/// Reads an answer: its JSON where it is good, else the fault.
fn read(heard: &Heard) -> Result<Json, Fault> {
    let json: Option<Json> = serde_json::from_slice(&heard.body).ok();
    match (heard.status, json) {
        (200..=299, Some(json)) => Ok(json),
        (200..=299, None) if heard.body.is_empty() => Ok(Json::Null),
        (500..=599, _) => Err(Fault::Broken { status: heard.status }),
        (status, json) => Err(refused(status, json.as_ref())),
    }
}

fn refused(status: u16, json: Option<&Json>) -> Fault {
    let Some(code) = json.and_then(|json| json.get(0)).and_then(Json::as_str) else { return Fault::NotGlpi { status } };
    let says_off = || {
        json.and_then(|json| json.get(1)).and_then(Json::as_str).is_some_and(|text| text.starts_with("API disabled"))
    };
    match code {
        // The one text that GLPI does not translate: it has no language yet.
        "ERROR" if says_off() => Fault::ApiOff,
        "ERROR_NOT_ALLOWED_IP" => Fault::AddressNotAllowed,
        "ERROR_APP_TOKEN_PARAMETERS_MISSING" | "ERROR_WRONG_APP_TOKEN_PARAMETER" => Fault::AppToken,
        "ERROR_GLPI_LOGIN" | "ERROR_GLPI_LOGIN_USER_TOKEN" | "ERROR_LOGIN_PARAMETERS_MISSING" => Fault::LoginWrong,
        "ERROR_LOGIN_WITH_CREDENTIALS_DISABLED" => Fault::NoLogins,
        "ERROR_SESSION_TOKEN_INVALID" | "ERROR_SESSION_TOKEN_MISSING" => Fault::SessionOver,
        other => {
            Fault::Refused { code: other.chars().filter(|c| c.is_ascii_uppercase() || *c == '_').take(60).collect() }
        }
    }
}

/// A number, which older versions write as a text.
fn number(json: &Json) -> Option<i64> {
    json.as_i64().or_else(|| json.as_str()?.parse().ok())
}

/// A switch: `1`, `"1"` or `true`.
fn is_on(json: &Json) -> bool {
    json.as_bool().unwrap_or_else(|| number(json).unwrap_or(0) != 0)
}

/// A text as part of a query.
fn encoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~') {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}
