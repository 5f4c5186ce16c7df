//! Setup > General > GLPI Network: is this key good, and what is there to buy?

use axum::extract::State;
use axum::http::header::{CACHE_CONTROL, HeaderMap};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use latchkey_domain::subscriptions::decide;
use latchkey_glpi::Question;
use latchkey_glpi::registration::{Info, Offers, Ping};

use crate::app::App;
use crate::front::Exchange;
use crate::keys::NoEntry;
use crate::metrics::{Asker, Limit};
use crate::problem::{self, Problem};

pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/api/ping", get(ping))
        .route("/api/registration", get(ping))
        .route("/api/registration/", get(ping))
        .route("/api/registration/info", get(info))
        .route("/api/registration/offers", get(offers))
}

/// A GLPI asks this before it asks anything else: is the service there?
async fn ping() -> impl IntoResponse {
    Json(Ping::default())
}

/// What GLPI's tab and its marketplace ask about a key.
async fn info(State(app): State<App>, exchange: Exchange, headers: HeaderMap) -> Response {
    let question = Question::read(|name| headers.get(name).map(|value| value.as_bytes()));
    let language = question.language;
    let asker = Asker::of(question.asker.map(|asker| asker.version.major));
    if let Ok(key) = &question.key {
        exchange.about(key.id);
    }
    let found = match &question.key {
        Ok(key) => app.keys.entry(key, question.text).await,
        Err(damage) => Err(NoEntry::Damaged(*damage)),
    };
    let answer = match found {
        Ok(known) => app.now().map(|now| {
            let verdict = decide(&known.entry, now);
            tracing::debug!(?question, code = verdict.code(), "answered");
            app.metrics.told(verdict.code(), asker);
            app.seen.note(known.entry.key.id, &question, &verdict, exchange.client(), now);
            let title = app.offer_title(&known.entry.subscription.offer);
            Json(Info::render(&verdict, &known.entry, &title, language, &app.zone)).into_response()
        }),
        Err(NoEntry::Damaged(damage)) => {
            tracing::debug!(?question, code = damage.code(), "answered");
            app.metrics.told(Some(damage.code()), asker);
            // Asked only here: a key that is good is never kept waiting.
            if let Some(seconds) = app.failed_keys.note(exchange.client(), app.clock.monotonic()) {
                app.metrics.limited(Limit::FailedKeys);
                return problem::too_many_failed_keys(seconds).into_response();
            }
            Ok(Json(Info::damaged(&damage, language)).into_response())
        }
        Err(NoEntry::Failed(failure)) => Err(failure),
    };
    match answer {
        Ok(answer) => ([(CACHE_CONTROL, "no-store")], answer).into_response(),
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
