//! How things look as JSON, wherever they are printed: by the REST API, and by the command line's `--json`.
//!
//! Instants are RFC 3339 in UTC, dates are `YYYY-MM-DD`. Members may be added; none changes its meaning.

pub mod enrollment;
mod house;
mod instances;
pub mod invitations;
pub mod marketplace;
mod trials;

pub use house::{Installation, Operator, Retention, SetupLink};
pub use instances::{Activation, Instance, InstanceMove, Move};
use latchkey_domain::subscriptions::{self as domain, KeyState};
use latchkey_domain::time::Timestamp;
use latchkey_domain::tokens;
use latchkey_store::audit::Line;
use latchkey_store::questions::Asked;
use latchkey_store::signing_keys;
use latchkey_store::subscriptions::{customers, erasure};
use latchkey_texts::Language;
use serde::Serialize;
use serde_json::Value as Json;
pub use trials::Trial;
use utoipa::ToSchema;

/// Who holds subscriptions.
#[derive(Debug, Serialize, ToSchema)]
pub struct Customer {
    /// Its id.
    pub customer_id: String,
    /// Its name; no two differ by case, white space or the composition of characters alone.
    pub customer: String,
    /// Since when it is known.
    pub created_at: String,
}

/// What is left of a customer that was erased.
#[derive(Debug, Serialize, ToSchema)]
pub struct Erased {
    /// Its id, which stays.
    pub customer_id: String,
    /// What stands in the place of its name.
    pub customer: String,
    /// How many subscriptions ended with it.
    pub subscriptions_terminated: usize,
    /// How many keys were revoked.
    pub keys_revoked: usize,
    /// How many reasons were erased from beside the audit log.
    pub reasons_erased: usize,
}

/// What subscriptions are sold from.
#[derive(Debug, Serialize, ToSchema)]
pub struct Offer {
    /// Its reference, as GLPI's plugins name it.
    pub offer: String,
    /// How people read it.
    pub title: String,
    /// For how many days after its end a subscription goes on, with a warning.
    pub grace_days: u32,
    /// How many production instances may use a subscription that is sold from now on.
    pub seats: u32,
    /// How many instances for staging and development may use it, together.
    pub staging_limit: u32,
    /// For how many days a newcomer works beside the one that holds the seat; 0 for no moves without a person.
    pub move_window_days: u32,
    /// How many moves a newcomer may open in a year, for each seat.
    pub moves_per_year: u32,
    /// How many seats an administrator may give back in a year without a person, for each seat.
    pub self_service_releases_per_year: u32,
    /// For how many days a seat that was given back so stays empty.
    pub cooling_off_days: u32,
    /// The plugins that it opens.
    pub plugins: Vec<String>,
    /// What takes a seat when a plugin is activated: the `instance`, or the plugin's `address`.
    pub seated_by: &'static str,
    /// For how many days these plugins may be tried without a key; 0 for not at all.
    pub trial_days: u32,
}

/// What a customer has bought.
#[derive(Debug, Serialize, ToSchema)]
pub struct Subscription {
    /// Its id.
    pub subscription_id: String,
    /// Who holds it.
    pub customer_id: String,
    /// The name of who holds it.
    pub customer: String,
    /// What was sold.
    pub offer: String,
    /// The first day.
    pub begin_date: String,
    /// The last day, inclusive.
    pub end_date: String,
    /// The last day of the grace period; the last day where there is none.
    pub grace_end_date: String,
    /// `scheduled`, `running`, `grace`, `expired`, `suspended` or `terminated`.
    pub state: String,
    /// How many production instances may use it.
    pub seats: u32,
    /// Since when it is suspended.
    pub suspended_at: Option<String>,
    /// Since when it is terminated.
    pub terminated_at: Option<String>,
}

/// A registration key, with what it opens; without its text.
#[derive(Debug, Serialize, ToSchema)]
pub struct Key {
    /// Its id. Not a secret.
    pub key_id: String,
    /// The key's own: `active`, `overlap`, `superseded` or `revoked`.
    pub state: String,
    /// Which signing key vouches for it.
    pub signing_key: String,
    /// The day on which it was issued.
    pub issue_date: String,
    /// The key that takes its place.
    pub superseded_by: Option<String>,
    /// Until when it works beside that one.
    pub superseded_until: Option<String>,
    /// Since when it is revoked.
    pub revoked_at: Option<String>,
    /// `scheduled`, `running`, `grace`, `expired`, `suspended` or `terminated`.
    pub subscription_state: String,
    /// What it opens.
    pub subscription_id: String,
    /// Who holds it.
    pub customer_id: String,
    /// The name of who holds it.
    pub customer: String,
    /// What was sold.
    pub offer: String,
    /// The first day of the subscription.
    pub begin_date: String,
    /// The last day of the subscription, inclusive.
    pub end_date: String,
    /// The last day of its grace period; the last day where there is none.
    pub grace_end_date: String,
    /// Since when the subscription is suspended.
    pub suspended_at: Option<String>,
    /// Since when the subscription is terminated.
    pub terminated_at: Option<String>,
}

/// What whoever issued a key may not have meant. Nothing is wrong.
#[derive(Debug, Serialize, ToSchema)]
pub struct Note {
    /// `SUBSCRIPTION_BESIDE_ANOTHER`, `SUBSCRIPTION_BEGAN_BEFORE` or `SUBSCRIPTION_OVER_ALREADY`.
    pub code: &'static str,
    /// What is so.
    pub detail: String,
    /// What to do about it.
    pub next_step: String,
    /// The other subscription, where there is one.
    pub subscription_id: Option<String>,
}

/// A key that signs registration keys, or did.
#[derive(Debug, Serialize, ToSchema)]
pub struct SigningKey {
    /// Its id, which each registration key names.
    pub signing_key: String,
    /// 32 bytes in standard base64.
    pub public_key: String,
    /// `signs`, or `retired`: it still verifies.
    pub state: String,
    /// Since when it exists.
    pub created_at: String,
    /// Since when it no longer signs.
    pub retired_at: Option<String>,
}

/// One row of the audit log.
#[derive(Debug, Serialize, ToSchema)]
pub struct AuditLine {
    /// Its number, from 1, without gaps.
    pub seq: i64,
    /// When.
    pub at: String,
    /// Who: `cli:ACCOUNT` (`cli:root(PERSON)` through sudo), `token:ID` or `server`.
    pub actor: String,
    /// What was done.
    pub action: String,
    /// With which kind of thing.
    pub subject_kind: String,
    /// With which one.
    pub subject: String,
    /// Facts about it.
    #[schema(value_type = Object)]
    pub detail: Json,
    /// Why, where somebody said so and it was not erased.
    pub reason: Option<String>,
}

/// A question of a GLPI about a key; several in a row that differ in nothing but their time are one.
#[derive(Debug, Serialize, ToSchema)]
pub struct Question {
    /// When; of several, the last time.
    pub at: String,
    /// When it was first asked so.
    pub first_at: String,
    /// How many times.
    pub times: u32,
    /// `open`, `closed` or `refused`.
    pub verdict: String,
    /// The stable name of what was said; null where all was well.
    pub code: Option<String>,
    /// From which address.
    pub address: String,
    /// Which version of GLPI asked, where it said so.
    pub glpi_version: Option<String>,
    /// Which GLPI asked, by its instance UID, where it said so.
    pub instance_uid: Option<String>,
}

/// An API token, without its text.
#[derive(Debug, Serialize, ToSchema)]
pub struct Token {
    /// Its id: the part of its text that is not a secret.
    pub token_id: String,
    /// What people call it.
    pub name: String,
    /// What it may do.
    pub scopes: Vec<&'static str>,
    /// `active`, `expired` or `revoked`.
    pub state: String,
    /// Since when it exists.
    pub created_at: String,
    /// From when it no longer counts, if ever.
    pub expires_at: Option<String>,
    /// When it was last used, give or take some seconds.
    pub last_used_at: Option<String>,
    /// Since when it is revoked.
    pub revoked_at: Option<String>,
}

impl Erased {
    /// What is told of an erasure.
    pub fn new(erased: &erasure::Erased) -> Self {
        Self {
            customer_id: erased.customer.to_string(),
            customer: erased.pseudonym.clone(),
            subscriptions_terminated: erased.subscriptions,
            keys_revoked: erased.keys,
            reasons_erased: erased.reasons,
        }
    }
}

impl Customer {
    /// The record of a customer.
    pub fn new(customer: &customers::Customer) -> Self {
        Self {
            customer_id: customer.id.to_string(),
            customer: customer.name.to_string(),
            created_at: customer.created_at.to_string(),
        }
    }
}

impl Offer {
    /// The record of an offer.
    pub fn new(offer: &domain::Offer) -> Self {
        let domain::Offer { reference, title, grace_days, policy, cover } = offer;
        Self {
            offer: reference.to_string(),
            title: title.to_string(),
            grace_days: *grace_days,
            seats: policy.seats,
            staging_limit: policy.others,
            move_window_days: policy.move_days,
            moves_per_year: policy.moves_a_year,
            self_service_releases_per_year: policy.releases_a_year,
            cooling_off_days: policy.cooling_off_days,
            plugins: cover.plugins.iter().map(ToString::to_string).collect(),
            seated_by: cover.seated_by.name(),
            trial_days: cover.trial_days,
        }
    }
}

impl Subscription {
    /// The record of a subscription as it stands at `now`.
    pub fn new(subscription: &domain::Subscription, customer: &str, now: Timestamp) -> Self {
        let domain::Subscription { id, customer: customer_id, offer, period, seats, suspended_at, terminated_at } =
            subscription;
        Self {
            subscription_id: id.to_string(),
            customer_id: customer_id.to_string(),
            customer: customer.to_owned(),
            offer: offer.to_string(),
            begin_date: period.begins.to_string(),
            end_date: period.ends.to_string(),
            grace_end_date: period.grace_ends.to_string(),
            state: subscription.phase(now).name().to_owned(),
            seats: *seats,
            suspended_at: suspended_at.map(|at| at.to_string()),
            terminated_at: terminated_at.map(|at| at.to_string()),
        }
    }
}

impl Key {
    /// The record of a key as it stands at `now`.
    pub fn new(key: &domain::Key, opens: &domain::Subscription, customer: &str, now: Timestamp) -> Self {
        let (superseded, revoked) = match key.state {
            KeyState::Active => (None, None),
            KeyState::Superseded(succession) => (Some(succession), None),
            KeyState::Revoked(revocation) => (None, Some(revocation)),
        };
        let by = superseded.map(|succession| succession.by).or(revoked.and_then(|revocation| revocation.successor));
        let opens = Subscription::new(opens, customer, now);
        Self {
            key_id: key.id.to_string(),
            state: key.standing(now).name().to_owned(),
            signing_key: key.signing_key.to_string(),
            issue_date: key.issued.to_string(),
            superseded_by: by.map(|by| by.to_string()),
            superseded_until: superseded.map(|succession| succession.until.to_string()),
            revoked_at: revoked.map(|revocation| revocation.at.to_string()),
            subscription_state: opens.state,
            subscription_id: opens.subscription_id,
            customer_id: opens.customer_id,
            customer: opens.customer,
            offer: opens.offer,
            begin_date: opens.begin_date,
            end_date: opens.end_date,
            grace_end_date: opens.grace_end_date,
            suspended_at: opens.suspended_at,
            terminated_at: opens.terminated_at,
        }
    }
}

impl Note {
    /// The record of a note.
    pub fn new(note: &domain::Note) -> Self {
        let said = latchkey_texts::note(note, Language::English);
        let other = match note {
            domain::Note::SecondSubscription { other, ends: _ } => Some(other.to_string()),
            domain::Note::BeganBefore { .. } | domain::Note::OverAlready { .. } => None,
        };
        Self { code: note.code(), detail: said.cause, next_step: said.next_step, subscription_id: other }
    }
}

impl SigningKey {
    /// The record of a signing key.
    pub fn new(key: &signing_keys::SigningKey) -> Self {
        Self {
            signing_key: key.id.to_string(),
            public_key: key.public_key.to_base64(),
            state: if key.retired_at.is_none() { "signs" } else { "retired" }.to_owned(),
            created_at: key.created_at.to_string(),
            retired_at: key.retired_at.map(|at| at.to_string()),
        }
    }
}

impl AuditLine {
    /// The record of a row.
    pub fn new(line: &Line) -> Self {
        Self {
            seq: line.seq,
            at: line.at.to_string(),
            actor: line.actor.clone(),
            action: line.action.clone(),
            subject_kind: line.subject_kind.clone(),
            subject: line.subject.clone(),
            detail: serde_json::from_str(&line.detail).unwrap_or_else(|_| Json::String(line.detail.clone())),
            reason: line.reason.clone(),
        }
    }
}

impl Question {
    /// The record of a question.
    pub fn new(asked: &Asked) -> Self {
        let said = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        Self {
            at: asked.at.to_string(),
            first_at: asked.first_at.to_string(),
            times: asked.times,
            verdict: asked.verdict.clone(),
            code: said(&asked.code),
            address: asked.address.clone(),
            glpi_version: said(&asked.version),
            instance_uid: said(&asked.instance),
        }
    }
}

impl Token {
    /// The record of a token as it stands at `now`.
    pub fn new(token: &tokens::Token, now: Timestamp) -> Self {
        Self {
            token_id: token.id.clone(),
            name: token.name.to_string(),
            scopes: token.scopes.names().collect(),
            state: token.standing(now).name().to_owned(),
            created_at: token.created_at.to_string(),
            expires_at: token.expires_at.map(|at| at.to_string()),
            last_used_at: token.last_used_at.map(|at| at.to_string()),
            revoked_at: token.revoked_at.map(|at| at.to_string()),
        }
    }
}
