//! The installation, and the operators who work in it.

use latchkey_domain::operators::Operator as Person;
use latchkey_domain::retention;
use latchkey_domain::time::{Timestamp, Zone};
use latchkey_store::installation;
use latchkey_store::operators::links::Made;
use serde::Serialize;
use utoipa::ToSchema;

/// The installation, and its settings that are kept in the database.
#[derive(Debug, Serialize, ToSchema)]
pub struct Installation {
    /// The vendor's id, with which the ids of its signing keys begin.
    pub publisher: String,
    /// The version of the program that answers.
    pub version: &'static str,
    /// Since when it exists.
    pub created_at: String,
    /// In which dates begin and end, by its IANA name.
    pub time_zone: String,
    /// Which master key its secrets are sealed under. Not a secret.
    pub master_key_fingerprint: String,
    /// For how long people's data is kept.
    pub retention: Retention,
}

/// For how long people's data is kept.
#[derive(Debug, Serialize, ToSchema)]
pub struct Retention {
    /// Registrations, in days after they last changed.
    pub registrations_days: u32,
    /// Agents, in days after they last came.
    pub agents_days: u32,
}

/// Somebody who works in the console.
#[derive(Debug, Serialize, ToSchema)]
pub struct Operator {
    /// Its id, by which the audit log names it.
    pub operator_id: String,
    /// The address by which it signs in.
    pub email: String,
    /// `owner`, `manager`, `support` or `auditor`.
    pub role: &'static str,
    /// `active`, `invited` (it has yet to choose a password) or `disabled`.
    pub state: &'static str,
    /// Whether it also shows a code when it signs in.
    pub has_second_factor: bool,
    /// Since when it exists.
    pub created_at: String,
    /// When it last signed in.
    pub signed_in_at: Option<String>,
    /// Since when it may no longer sign in.
    pub disabled_at: Option<String>,
}

/// A link by which a password is chosen, once.
#[derive(Debug, Serialize, ToSchema)]
pub struct SetupLink {
    /// What is opened in a browser. A secret.
    pub setup_link: String,
    /// Until when it opens.
    pub expires_at: String,
    /// Whose password it is; null for the first owner, who is made by it.
    pub operator: Option<Operator>,
}

impl Installation {
    /// The record of an installation that reckons in `zone`.
    pub fn new(known: &installation::Installation, zone: &Zone, retention: retention::Retention) -> Self {
        Self {
            publisher: known.publisher.to_string(),
            version: env!("CARGO_PKG_VERSION"),
            created_at: known.created_at.to_string(),
            time_zone: zone.name().to_owned(),
            master_key_fingerprint: known.master_key_fingerprint.clone(),
            retention: Retention::new(retention),
        }
    }
}

impl Retention {
    /// The record of terms.
    pub fn new(retention: retention::Retention) -> Self {
        let retention::Retention { registrations, agents } = retention;
        Self { registrations_days: registrations, agents_days: agents }
    }
}

impl Operator {
    /// The record of an operator.
    pub fn new(operator: &Person) -> Self {
        let at = |at: Option<Timestamp>| at.map(|at| at.to_string());
        Self {
            operator_id: operator.id.to_string(),
            email: operator.email.to_string(),
            role: operator.role.name(),
            state: match (operator.disabled_at, operator.has_password) {
                (Some(_), _) => "disabled",
                (None, false) => "invited",
                (None, true) => "active",
            },
            has_second_factor: operator.has_second_factor,
            created_at: operator.created_at.to_string(),
            signed_in_at: at(operator.signed_in_at),
            disabled_at: at(operator.disabled_at),
        }
    }
}

impl SetupLink {
    /// The record of a link to the console at `public_url`.
    pub fn new(public_url: &str, made: &Made, operator: Option<&Person>) -> Self {
        Self {
            setup_link: format!("{public_url}/console/setup/{}", made.text.reveal()),
            expires_at: made.expires_at.to_string(),
            operator: operator.map(Operator::new),
        }
    }
}
