//! Setup > General > GLPI Network: is this key good, and what is there to buy?

use axum::extract::{Request, State};
use axum::http::HeaderValue;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use latchkey_domain::Failure;
use latchkey_domain::subscriptions::decide;
use latchkey_glpi::Question;
use latchkey_glpi::registration::{Info, Offers, Ping};

use crate::app::App;
use crate::front::Exchange;
use crate::keys::NoEntry;
use crate::metrics::{Asker, Limit};
use crate::problem::{self, Problem};

/// The same below `base`, which is empty or a slash.
pub(super) fn routes(base: &str) -> Router<App> {
    Router::new()
        .route(&format!("{base}/api/ping"), get(ping))
        .route(&format!("{base}/api/registration"), get(ping))
        .route(&format!("{base}/api/registration/"), get(ping))
        .route(&format!("{base}/api/registration/info"), get(info))
        .route(&format!("{base}/api/registration/offers"), get(offers))
}

/// A GLPI asks this before it asks anything else: is the service there?
async fn ping() -> impl IntoResponse {
    Json(Ping::default())
}

/// What GLPI's tab and its marketplace ask about a key.
async fn info(State(app): State<App>, exchange: Exchange, request: Request) -> Response {
    let headers = request.headers();
    let question = Question::read(|name| headers.get(name).map(|value| value.as_bytes()));
    let language = question.language;
    let asker = Asker::of(question.asker.map(|asker| asker.version.major));
    let found = app.keys.entry(question.text, || question.key()).await;
    match &found {
        Ok(known) => exchange.about(known.entry.key.id),
        Err(_) => question.key().into_iter().for_each(|key| exchange.about(key.id)),
    }
    let answer = match found {
        Ok(known) => app.now().map(|now| {
            let verdict = decide(&known.entry, now);
            tracing::debug!(?question, code = verdict.code(), "answered");
            app.metrics.told(verdict.code(), asker);
            app.seen.note(known.entry.key.id, &question, &verdict, exchange.client(), now);
            let title = app.offer_title(&known.entry.subscription.offer);
            json(&Info::render(&verdict, &known.entry, &title, language, &app.zone))
        }),
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
