//! Registration keys: issued, looked at, shown again, revoked, re-issued, inspected.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use latchkey_domain::Refusal;
use latchkey_domain::subscriptions::{KeyState as Became, decide};
use latchkey_domain::text::OfferRef;
use latchkey_domain::time::{Date, Timestamp};
use latchkey_domain::tokens::Scope;
use latchkey_key::{Damage, registration};
use latchkey_store::lists::keys::Wanted;
use latchkey_store::lists::subscriptions::Whose;
use latchkey_store::lists::{self, KeyIs};
use latchkey_store::subscriptions::keys::{self, Issued, Order as KeyOrder};
use latchkey_store::subscriptions::{customers, entries, subscriptions};
use latchkey_store::{Undone, audit, questions, signing_keys};
use latchkey_texts::Language;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::body::Posted;
use super::caller::Caller;
use super::desk::shown;
use super::parts::{Nothing, WithReason, key_id, lines, read_reason, required_reason, subscription_id, term};
use super::query::{self, Named, Order, Params};
use super::subscriptions::SubscriptionState;
use crate::app::App;
use crate::problem::Problem;
use crate::records;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list, issue))
        .routes(routes!(inspect))
        .routes(routes!(show))
        .routes(routes!(reveal))
        .routes(routes!(revoke))
        .routes(routes!(reissue))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct Listing {
    /// At most so many.
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: Option<u32>,
    /// Where the page before ended: its `next`.
    #[param(min_length = 1)]
    cursor: Option<String>,
    /// Those of this customer alone: name or id.
    customer: Option<String>,
    /// Those to this offer alone: its reference.
    offer: Option<String>,
    /// Those that open this subscription alone: its id.
    subscription: Option<String>,
    /// Those in this state alone.
    #[param(inline)]
    state: Option<KeyState>,
    /// Those whose subscription is in this state alone.
    #[param(inline)]
    subscription_state: Option<SubscriptionState>,
    /// Those whose subscription's last day is this one or later.
    ends_from: Option<String>,
    /// Those whose subscription's last day is this one or earlier.
    ends_until: Option<String>,
    /// By what they are sorted: when they were issued, where nothing is said.
    #[param(inline)]
    sort: Option<KeySort>,
    /// Which end comes first: `desc` where they are sorted by when they were issued, else `asc`, where nothing is said.
    #[param(inline)]
    order: Option<Order>,
}

/// Whether a key counts; `working` is either of the first two.
#[derive(Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
enum KeyState {
    Active,
    Overlap,
    Working,
    Superseded,
    Revoked,
}

/// By what keys are sorted.
#[derive(Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
enum KeySort {
    Issued,
    End,
    Customer,
}

#[derive(Serialize, ToSchema)]
struct KeyPage {
    keys: Vec<records::Key>,
    /// Whether there are more.
    more: bool,
    /// The cursor of the next page.
    next: Option<String>,
}

/// At most one of `years`, `months` and `days`; none where the customer has a subscription to this offer that is not over.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct IssueKey {
    /// The customer's name, or its id; a new name makes a new customer.
    #[schema(min_length = 1, max_length = 200)]
    customer: String,
    /// The offer's reference.
    #[schema(min_length = 1, max_length = 40)]
    offer: String,
    /// The subscription's first day, `YYYY-MM-DD`; today where nothing is said.
    begin_date: Option<String>,
    /// For so many calendar years.
    #[schema(minimum = 1, maximum = 100)]
    years: Option<u32>,
    /// For so many calendar months.
    #[schema(minimum = 1, maximum = 1200)]
    months: Option<u32>,
    /// For so many days.
    #[schema(minimum = 1, maximum = 36525)]
    days: Option<u32>,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Reissue {
    /// For how many days both keys work; none where nothing is said.
    #[schema(maximum = 366)]
    overlap_days: Option<u32>,
    /// Why, for the audit log.
    #[schema(min_length = 1, max_length = 500)]
    reason: Option<String>,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Inspect {
    /// The text of a key, as somebody sent it.
    registration_key: String,
}

#[derive(Serialize, ToSchema)]
struct IssuedKey {
    /// What the administrator pastes into GLPI. A secret.
    registration_key: String,
    #[serde(flatten)]
    key: records::Key,
    /// What may not have been meant: a second subscription beside one that runs, dates in the past.
    notes: Vec<records::Note>,
}

#[derive(Serialize, ToSchema)]
struct ReissuedKey {
    #[serde(flatten)]
    issued: IssuedKey,
    /// The key in whose place it was issued.
    replaces: String,
    /// Until when that one works; null where it was revoked.
    overlap_until: Option<String>,
}

#[derive(Serialize, ToSchema)]
struct ShownKey {
    #[serde(flatten)]
    key: records::Key,
    /// What a GLPI with this key is told, in English.
    glpi_is_told: String,
    /// The latest questions about it, newest first.
    last_questions: Vec<records::Question>,
    /// What was done with it and its subscription, oldest first.
    history: Vec<records::AuditLine>,
}

/// What a text is.
#[derive(Serialize, ToSchema)]
struct Inspected {
    /// Whether it is a key of this service that nobody has changed. Not whether it still counts.
    whole_and_true: bool,
    /// Whether it is well-formed.
    whole: bool,
    /// `good` or `bad`; null where it was not checked.
    signature: Option<&'static str>,
    /// What the signature was checked with.
    checked_against: Option<&'static str>,
    /// What is wrong, by its stable name.
    code: Option<&'static str>,
    /// What is wrong.
    detail: Option<String>,
    /// What to do about it.
    next_step: Option<String>,
    /// What it says its id is.
    key_id: Option<String>,
    /// What it says has signed it.
    signing_key: Option<String>,
    /// What it says issued it.
    publisher: Option<String>,
    /// When it says it was issued.
    issue_date: Option<String>,
}

impl KeyState {
    fn is(self) -> KeyIs {
        match self {
            Self::Active => KeyIs::Active,
            Self::Overlap => KeyIs::Overlap,
            Self::Working => KeyIs::Working,
            Self::Superseded => KeyIs::Superseded,
            Self::Revoked => KeyIs::Revoked,
        }
    }
}

impl KeySort {
    /// How, under which name cursors know it, and which end comes first where nothing is said.
    fn how(self) -> (lists::keys::Sort, &'static str, Order) {
        match self {
            Self::Issued => (lists::keys::Sort::Issued, "keys", Order::Desc),
            Self::End => (lists::keys::Sort::End, "keys by end", Order::Asc),
            Self::Customer => (lists::keys::Sort::Customer, "keys by customer", Order::Asc),
        }
    }
}

impl IssuedKey {
    fn new(issued: &Issued, now: Timestamp) -> Self {
        let Issued { key, text, subscription, customer, notes } = issued;
        Self {
            registration_key: text.reveal().to_owned(),
            key: records::Key::new(key, subscription, customer.name.as_str(), now),
            notes: notes.iter().map(records::Note::new).collect(),
        }
    }
}

/// Keys with what they open; newest first, where nothing else is said.
#[utoipa::path(get, path = "/keys", tag = "keys", params(Listing),
    security(("token" = ["keys:read"])), responses((status = 200, description = "A page of keys.", body = KeyPage)))]
async fn list(State(app): State<App>, caller: Caller, params: Params<Listing>) -> Result<Response, Problem> {
    caller.may(Scope::KeysRead)?;
    let Params(Listing {
        limit,
        cursor,
        customer,
        offer,
        subscription,
        state,
        subscription_state,
        ends_from,
        ends_until,
        sort,
        order,
    }) = params;
    let now = app.now().map_err(Problem::ours)?;
    let (sort, kind, usual) = sort.unwrap_or(KeySort::Issued).how();
    let page = query::page(kind, sort, order.unwrap_or(usual), limit, cursor.as_deref())?;
    let refused = |refusal: Refusal| Problem::refusal(&refusal, &app.zone);
    let offer = offer.map(|offer| OfferRef::parse(&offer)).transpose().map_err(refused)?;
    let subscription = subscription.map(|id| subscription_id(&app, &id)).transpose()?;
    let wanted = Wanted {
        whose: None,
        subscription,
        offer,
        is: state.map(KeyState::is),
        subscription_is: subscription_state.map(SubscriptionState::is),
        ends: query::ends(ends_from.as_deref(), ends_until.as_deref())?,
    };
    let found = app
        .ask(move |reader| {
            let customer = customer.map(|name| customers::find(reader, &name)).transpose()?;
            let wanted = Wanted { whose: customer.map(|found| Whose::Customer(found.id)), ..wanted };
            Ok(lists::keys::page(reader, &wanted, sort, &page, now)?)
        })
        .await?;
    let keys = found
        .rows
        .iter()
        .map(|listed| records::Key::new(&listed.key, &listed.subscription, listed.customer.as_str(), now));
    Ok(shown(&KeyPage { keys: keys.collect(), more: found.after.is_some(), next: query::next(kind, &found) }))
}

/// Issue a key, with a customer and a subscription where they are not there yet.
#[utoipa::path(post, path = "/keys", tag = "keys", request_body = IssueKey, security(("token" = ["keys:issue"])),
    responses((status = 201, description = "The key, with its text.", body = IssuedKey)))]
async fn issue(State(app): State<App>, posted: Posted) -> Result<Response, Problem> {
    let (IssueKey { customer, offer, begin_date, years, months, days }, claim) = posted.read(Scope::KeysIssue)?;
    let begins = begin_date.map(|date| read_date(&app, &date)).transpose()?;
    let order = KeyOrder { customer, offer, begins, term: term(&app, years, months, days)? };
    let (vault, zone, actor) = (app.api.vault.clone(), app.zone.clone(), posted.caller.actor());
    app.change(claim, StatusCode::CREATED, move |tx| {
        Ok(IssuedKey::new(&keys::issue(tx, &vault, &order, &zone, &actor)?, tx.now()))
    })
    .await
}

/// Say what a text is: what it says, whether it is a key of this service, and what is wrong with it.
#[utoipa::path(post, path = "/keys/inspect", tag = "keys", request_body = Inspect, security(("token" = ["keys:read"])),
    responses((status = 200, description = "What it is.", body = Inspected)))]
async fn inspect(State(app): State<App>, posted: Posted) -> Result<Response, Problem> {
    let (Inspect { registration_key }, _) = posted.read(Scope::KeysRead)?;
    let ring = app.ask(|reader| Ok(signing_keys::ring(reader)?)).await?;
    let (key, damage) = match registration::read(registration_key.as_bytes()) {
        Ok(key) => {
            let damage = key.verify(&ring).err();
            (Some(key), damage)
        }
        Err(damage) => (None, Some(damage)),
    };
    let key = key.as_ref();
    let signature = match (key, damage) {
        (Some(_), None) => Some("good"),
        (Some(_), Some(Damage::Forged)) => Some("bad"),
        (Some(_) | None, _) => None,
    };
    Ok(shown(&Inspected {
        whole_and_true: key.is_some() && damage.is_none(),
        whole: key.is_some(),
        signature,
        checked_against: signature.map(|_| "the signing keys of this installation"),
        code: damage.map(|damage| damage.code()),
        detail: damage.map(|damage| damage.to_string()),
        next_step: damage.map(|damage| latchkey_texts::damage(&damage, Language::English).next_step),
        key_id: key.map(|key| key.id.0.to_string()),
        signing_key: key.map(|key| key.signing_key.to_string()),
        publisher: key.map(|key| key.signing_key.publisher().to_string()),
        issue_date: key.map(|key| key.issued.to_string()),
    }))
}

/// One key: what it opens, what a GLPI is told about it, who asked lately, its history. Without its text.
#[utoipa::path(get, path = "/keys/{key}", tag = "keys", security(("token" = ["keys:read"])),
    params(("key" = String, Path, description = "Its id.")),
    responses((status = 200, description = "The key.", body = ShownKey)))]
async fn show(State(app): State<App>, caller: Caller, Named(id): Named) -> Result<Response, Problem> {
    caller.may(Scope::KeysRead)?;
    let (id, now, zone) = (key_id(&app, &id)?, app.now().map_err(Problem::ours)?, app.zone.clone());
    let record = app
        .ask(move |reader| {
            let Some(entry) = entries::fill(reader, id)?.entry else {
                return Err(Undone::Refused(Refusal::KeyUnknown { key: id.to_string() }));
            };
            let mut history = audit::history(reader, "key", &id.to_string())?;
            history.extend(audit::history(reader, "subscription", &entry.subscription.id.to_string())?);
            history.sort_by_key(|line| line.seq);
            Ok(ShownKey {
                key: records::Key::new(&entry.key, &entry.subscription, &entry.owner, now),
                glpi_is_told: latchkey_texts::verdict(&decide(&entry, now), &entry, Language::English, &zone),
                last_questions: questions::of_key(reader, id)?.iter().map(records::Question::new).collect(),
                history: lines(&history),
            })
        })
        .await?;
    Ok(shown(&record))
}

/// Show a key's text again: GLPI is known to lose keys. That it was shown is written into the audit log.
#[utoipa::path(post, path = "/keys/{key}/reveal", tag = "keys", request_body = Nothing, security(("token" = ["keys:reveal"])),
    params(("key" = String, Path, description = "Its id.")),
    responses((status = 200, description = "The key, with its text.", body = IssuedKey)))]
async fn reveal(State(app): State<App>, Named(id): Named, posted: Posted) -> Result<Response, Problem> {
    let (Nothing {}, claim) = posted.read(Scope::KeysReveal)?;
    let (id, vault, actor) = (key_id(&app, &id)?, app.api.vault.clone(), posted.caller.actor());
    app.change(claim, StatusCode::OK, move |tx| Ok(IssuedKey::new(&keys::show_text(tx, &vault, id, &actor)?, tx.now())))
        .await
}

/// Take a key's right away, at once and for good.
#[utoipa::path(post, path = "/keys/{key}/revoke", tag = "keys", request_body = WithReason,
    security(("token" = ["keys:revoke"])), params(("key" = String, Path, description = "Its id.")),
    responses((status = 200, description = "The key as it is now.", body = records::Key)))]
async fn revoke(State(app): State<App>, Named(id): Named, posted: Posted) -> Result<Response, Problem> {
    let (WithReason { reason }, claim) = posted.read(Scope::KeysRevoke)?;
    let (id, reason, actor) = (key_id(&app, &id)?, required_reason(&app, &reason)?, posted.caller.actor());
    app.change(claim, StatusCode::OK, move |tx| {
        let key = keys::revoke(tx, id, &actor, &reason)?;
        let subscription = subscriptions::find(tx, key.subscription)?;
        let customer = customers::find(tx, &subscription.customer.to_string())?;
        Ok(records::Key::new(&key, &subscription, customer.name.as_str(), tx.now()))
    })
    .await
}

/// Issue a key in the place of another, which dies now or after an overlap.
#[utoipa::path(post, path = "/keys/{key}/reissue", tag = "keys", request_body = Reissue,
    security(("token" = ["keys:issue"])), params(("key" = String, Path, description = "The old key's id.")),
    responses((status = 201, description = "The new key, with its text.", body = ReissuedKey)))]
async fn reissue(State(app): State<App>, Named(id): Named, posted: Posted) -> Result<Response, Problem> {
    let (Reissue { overlap_days, reason }, claim) = posted.read(Scope::KeysIssue)?;
    let (id, reason, days) = (key_id(&app, &id)?, read_reason(&app, reason.as_deref())?, overlap_days.unwrap_or(0));
    let (vault, zone, actor) = (app.api.vault.clone(), app.zone.clone(), posted.caller.actor());
    app.change(claim, StatusCode::CREATED, move |tx| {
        let issued = keys::reissue(tx, &vault, id, days, &zone, &actor, reason.as_ref())?;
        let overlap_until = match keys::find(tx, id)?.state {
            Became::Superseded(succession) => Some(succession.until.to_string()),
            // A revoked key does not come back to life for an overlap.
            Became::Revoked(_) | Became::Active => None,
        };
        Ok(ReissuedKey { issued: IssuedKey::new(&issued, tx.now()), replaces: id.to_string(), overlap_until })
    })
    .await
}

/// A day written `YYYY-MM-DD` and in no other way.
fn read_date(app: &App, text: &str) -> Result<Date, Problem> {
    match text.parse::<Date>() {
        Ok(date) if date.to_string() == text => Ok(date),
        Ok(_) | Err(_) => Err(Problem::refusal(&Refusal::DateInvalid { given: text.to_owned() }, &app.zone)),
    }
}
