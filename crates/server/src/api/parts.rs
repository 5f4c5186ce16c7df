//! What the questions and answers of several rooms have: reasons, terms, ids of other things, a history.

use latchkey_domain::Refusal;
use latchkey_domain::ids::{KeyId, SubscriptionId};
use latchkey_domain::subscriptions::{Term, Unit};
use latchkey_domain::text::Reason;
use latchkey_store::audit::Line;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::app::App;
use crate::problem::Problem;
use crate::records;

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct WithReason {
    /// Why, for the audit log: 1 to 500 characters on one line.
    #[schema(min_length = 1, max_length = 500)]
    pub(super) reason: String,
}

/// All is said by the address.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Nothing {}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct WithoutReason {
    /// Why, for the audit log.
    #[schema(min_length = 1, max_length = 500)]
    pub(super) reason: Option<String>,
}

/// How long a subscription lasts: one of three, at most.
pub(super) fn term(
    app: &App,
    years: Option<u32>,
    months: Option<u32>,
    days: Option<u32>,
) -> Result<Option<Term>, Problem> {
    let term = match (years, months, days) {
        (None, None, None) => return Ok(None),
        (Some(years), None, None) => Term::new(years, Unit::Years),
        (None, Some(months), None) => Term::new(months, Unit::Months),
        (None, None, Some(days)) => Term::new(days, Unit::Days),
        (Some(_), _, _) | (None, Some(_), Some(_)) => Err(Refusal::TermInvalid),
    };
    term.map(Some).map_err(|refusal| Problem::refusal(&refusal, &app.zone))
}

/// Why, where somebody says so.
pub(super) fn read_reason(app: &App, reason: Option<&str>) -> Result<Option<Reason>, Problem> {
    reason.map(|reason| required_reason(app, reason)).transpose()
}

/// Why.
pub(super) fn required_reason(app: &App, reason: &str) -> Result<Reason, Problem> {
    Reason::parse(reason).map_err(|refusal| Problem::refusal(&refusal, &app.zone))
}

/// What was done with something.
pub(super) fn lines(history: &[Line]) -> Vec<records::AuditLine> {
    history.iter().map(records::AuditLine::new).collect()
}

/// The subscription of this id, which may be none.
pub(super) fn subscription_id(app: &App, id: &str) -> Result<SubscriptionId, Problem> {
    id.parse().map_err(|_| Problem::refusal(&Refusal::SubscriptionUnknown { subscription: id.to_owned() }, &app.zone))
}

/// The key of this id, which may be none.
pub(super) fn key_id(app: &App, id: &str) -> Result<KeyId, Problem> {
    id.parse().map_err(|_| Problem::refusal(&Refusal::KeyUnknown { key: id.to_owned() }, &app.zone))
}
