//! Setup > General > GLPI Network: is this key good, and what is there to buy?

use axum::extract::{Request, State};
use axum::http::header::{ACCEPT_LANGUAGE, CACHE_CONTROL, CONTENT_TYPE, USER_AGENT};
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use latchkey_domain::Failure;
use latchkey_domain::instances::{Site, UidFault};
use latchkey_domain::subscriptions::{KeyEntry, Verdict, decide, decide_for};
use latchkey_domain::time::Timestamp;
use latchkey_glpi::registration::{Info, Offers, Ping};
use latchkey_glpi::{Question, headers};
use latchkey_store::instances::binding::{Bound, Caller};
use latchkey_store::subscriptions::cache::Cached;
use latchkey_store::subscriptions::entries::Filled;
use latchkey_texts::plugin_withdrawn;

use crate::app::App;
use crate::front::Exchange;
use crate::keys::NoEntry;
use crate::metrics::{Asker, Limit};
use crate::problem::{self, Problem};

/// Where GLPI asks about its key.
pub(crate) const INFO: &str = "/api/registration/info";
/// How long an address waits that came with too many instances for one key, in seconds.
const TIRESOME_SECONDS: u64 = 60;
/// The most plugins of which a version was withdrawn that are named.
const MOST_WARNINGS: usize = 3;

/// The same below `base`, which is empty or a slash.
pub(super) fn routes(base: &str) -> Router<App> {
    Router::new()
        .route(&format!("{base}/api/ping"), get(ping))
        .route(&format!("{base}/api/registration"), get(ping))
        .route(&format!("{base}/api/registration/"), get(ping))
        .route(&format!("{base}{INFO}"), get(routed_info))
        .route(&format!("{base}/api/registration/offers"), get(offers))
}

/// A GLPI asks this before it asks anything else: is the service there?
async fn ping() -> impl IntoResponse {
    Json(Ping::default())
}

async fn routed_info(State(app): State<App>, exchange: Exchange, request: Request) -> Response {
    info(&app, &exchange, request.headers()).await
}

/// What GLPI's tab and its marketplace ask about a key.
pub(crate) async fn info(app: &App, exchange: &Exchange, headers: &HeaderMap) -> Response {
    let question = Question::read(|name| value_of(headers, name));
    let language = question.language;
    let asker = Asker::of(question.asker.map(|asker| asker.version.major));
    let found = app.keys.entry(question.text, || question.key()).await.map(|cached| (cached.entry(), cached));
    match &found {
        Ok((entry, _)) => exchange.about(entry.key.id),
        Err(_) => question.key().into_iter().for_each(|key| exchange.about(key.id)),
    }
    let answer = match found {
        Ok((entry, cached)) => match verdict(app, (&cached, &entry), &question, exchange).await {
            Ok(Told { verdict, turned_away: true, .. }) if is_tiresome(app, exchange) => {
                app.metrics.told(verdict.code(), asker);
                return problem::too_many_failed_keys(TIRESOME_SECONDS).into_response();
            }
            Ok(Told { verdict, at, bound, turned_away: _ }) => {
                tracing::debug!(?question, code = verdict.code(), "answered");
                app.metrics.told(verdict.code(), asker);
                app.seen.note(entry.key.id, &question, &verdict, exchange.client(), at);
                let entry = bound.as_deref().unwrap_or(&entry);
                let title = app.offer_title(&entry.subscription.offer);
                let info = Info::render(&verdict, entry, &title, language, &app.zone);
                let withdrawn = question.uid.map(|uid| app.market.withdrawn_of(uid.as_str())).unwrap_or_default();
                let said = withdrawn.iter().take(MOST_WARNINGS);
                let said = said.map(|(plugin, version)| plugin_withdrawn(plugin, version, language).line());
                Ok(json(&info.and_say(said)))
            }
            Err(failure) => Err(failure),
        },
        Err(NoEntry::Damaged(damage)) => {
            tracing::debug!(?question, code = damage.code(), "answered");
            app.metrics.told(Some(damage.code()), asker);
            // Asked only here: a key that is good is never kept waiting.
            if let Some(seconds) = app.failed_keys.note(exchange.client(), app.clock.monotonic()) {
                app.metrics.limited(Limit::FailedKeys);
                return problem::too_many_failed_keys(seconds).into_response();
            }
            Ok(json(&Info::damaged(&damage, language)))
        }
        Err(NoEntry::Failed(failure)) => Err(failure),
    };
    match answer {
        Ok(answer) => answer,
        Err(failure) => {
            app.metrics.told(Some(failure.code()), asker);
            Problem::ours(failure).into_response()
        }
    }
}

/// The value of one of the headers that a question is read from. To look one up by a name that was read before takes half the
/// time of one that has to be read each time.
fn value_of<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h [u8]> {
    const REGISTRATION_KEY: HeaderName = HeaderName::from_static(headers::REGISTRATION_KEY);
    const INSTANCE_UID: HeaderName = HeaderName::from_static(headers::INSTANCE_UID);
    let value = match name {
        headers::REGISTRATION_KEY => headers.get(REGISTRATION_KEY),
        headers::INSTANCE_UID => headers.get(INSTANCE_UID),
        headers::USER_AGENT => headers.get(USER_AGENT),
        headers::ACCEPT_LANGUAGE => headers.get(ACCEPT_LANGUAGE),
        _ => headers.get(name),
    };
    value.map(HeaderValue::as_bytes)
}

/// What a GLPI is told about a key that we know.
pub(super) struct Told {
    pub(super) verdict: Verdict,
    /// At which instant it holds.
    at: Timestamp,
    /// The key's entry, where it became another one on the way.
    pub(super) bound: Option<Box<KeyEntry>>,
    /// The GLPI is one too many, and not even remembered.
    turned_away: bool,
}

/// The rule about a key and the GLPI that asks. One that is not known yet is given its place, durably, before it hears of it;
/// for one that is known nothing is written.
pub(super) async fn verdict(
    app: &App,
    (cached, entry): (&Cached, &KeyEntry),
    question: &Question<'_>,
    exchange: &Exchange,
) -> Result<Told, Failure> {
    let now = app.now()?;
    if question.asker.is_none() && question.uid == Err(UidFault::Absent) {
        // No GLPI asks, but a program that would know about the key, such as the doctor: it takes no seat.
        return Ok(Told { verdict: decide(entry, now), at: now, bound: None, turned_away: false });
    }
    if let Some(verdict) = decide_for(entry, question.uid, now) {
        if let (true, Ok(uid)) = (verdict.is_running(), question.uid)
            && let Some(place) = entry.holdings.position(&Site::Glpi(uid))
        {
            let face = app.presence.face(exchange.client(), question.asker.as_ref());
            app.presence.note((cached, entry), place, face, now, question.asker.as_ref());
        }
        return Ok(Told { verdict, at: now, bound: None, turned_away: false });
    }
    // Apart, so that the way of nearly every question does not carry what only a first one needs.
    Box::pin(admit(app, cached.as_read(), question, exchange, now)).await
}

/// Lets a GLPI in that the key does not know, or writes down why not.
async fn admit(
    app: &App,
    read: Filled,
    question: &Question<'_>,
    exchange: &Exchange,
    now: Timestamp,
) -> Result<Told, Failure> {
    let Ok(uid) = question.uid else { return Err(Failure::Internal) };
    let face = app.presence.face(exchange.client(), question.asker.as_ref());
    let version = question.asker.map(|asker| asker.version.to_string());
    let Some(key) = read.entry.as_ref().map(|entry| entry.key.id) else { return Err(Failure::Internal) };
    let caller = Caller { key, uid, version, face, read };
    let Bound { entry, turned_away, seen: _ } = app.keys.bind(caller, question.text, now).await?;
    let away = turned_away.is_some();
    let verdict = match turned_away {
        Some(refusal) => Verdict::Refused(refusal),
        // The store gave it a place or wrote down that it has none.
        None => decide_for(&entry, question.uid, now).ok_or(Failure::Internal)?,
    };
    Ok(Told { verdict, at: now, bound: Some(Box::new(entry)), turned_away: away })
}

/// Whether so many came from an address with a key whose seats are taken that it has to wait: each of them takes a turn of
/// the writer.
fn is_tiresome(app: &App, exchange: &Exchange) -> bool {
    let tiresome = app.failed_keys.note(exchange.client(), app.clock.monotonic()).is_some();
    if tiresome {
        app.metrics.limited(Limit::FailedKeys);
    }
    tiresome
}

/// The titles of the offers, for the badges on plugins that need one.
async fn offers(State(app): State<App>) -> impl IntoResponse {
    let offers = app.offers.load();
    Json(Offers::render(offers.iter())).into_response()
}

/// As [`Json`] does it, but into room that is large enough from the beginning, and never kept by anybody on the way.
fn json(info: &Info<'_>) -> Response {
    const USUAL: usize = 512;
    let mut body = Vec::with_capacity(USUAL);
    match serde_json::to_writer(&mut body, info) {
        Ok(()) => {
            let json = HeaderValue::from_static("application/json");
            ([(CONTENT_TYPE, json), (CACHE_CONTROL, HeaderValue::from_static("no-store"))], body).into_response()
        }
        Err(_) => Problem::ours(Failure::Internal).into_response(),
    }
}
