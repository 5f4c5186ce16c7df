//! `/metrics`, on an address of its own: what is counted, and how things stand at this moment.

use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;
use axum::routing::get;
use latchkey_store::enrollment::queue;
use latchkey_store::jobs;

use super::text::{Kind, Text};
use crate::app::App;
use crate::pages;

/// Everything that is told on the address for those who watch over us.
pub(crate) fn routes() -> Router<App> {
    Router::new().route("/metrics", get(metrics)).merge(pages::watch_routes())
}

async fn metrics(State(app): State<App>) -> impl IntoResponse {
    let mut out = Text::default();
    out.begin("latchkey_build_info", Kind::Gauge, "Always 1; the version is in the label.");
    out.value(&[("version", env!("CARGO_PKG_VERSION"))], 1);
    out.begin("latchkey_ready", Kind::Gauge, "Whether questions about keys can be answered, as /readyz says it.");
    out.flag(app.readiness().is_ok());
    out.begin(
        "latchkey_clock_believed",
        Kind::Gauge,
        "Whether this machine's clock is believed; no verdict where not.",
    );
    out.flag(app.now().is_ok());
    out.begin("latchkey_store_up", Kind::Gauge, "Whether the database was heard within the last seconds.");
    out.flag(app.keys.is_heard());
    out.begin("latchkey_feed_silence_seconds", Kind::Gauge, "Since when all changes up to then have been heard.");
    out.seconds(&[], Duration::from_millis(u64::try_from(app.keys.silence()).unwrap_or_default()));
    let tally = app.keys.tally();
    out.begin("latchkey_cache_keys", Kind::Gauge, "Keys that are in memory.");
    out.value(&[], tally.keys);
    out.begin("latchkey_cache_hits_total", Kind::Counter, "Questions that memory answered.");
    out.value(&[], tally.hits);
    out.begin(
        "latchkey_cache_misses_total",
        Kind::Counter,
        "Questions that went on to the signature and the database.",
    );
    out.value(&[], tally.misses);
    out.begin(
        "latchkey_questions_not_kept_total",
        Kind::Counter,
        "Questions that are not among the latest of their key, since too many came at once.",
    );
    out.value(&[], app.seen.left_out());
    // Where the database does not answer these two are absent: a number would be made up.
    let (store, now) = (app.store.clone(), app.clock.wall());
    let asked = tokio::task::spawn_blocking(move || store.ask(|reader| jobs::standing(reader, now)));
    if let Ok(Ok(standing)) = asked.await {
        out.begin("latchkey_jobs_due", Kind::Gauge, "Jobs that are due and that nobody has taken up.");
        out.value(&[], standing.due);
        out.begin("latchkey_jobs_failing", Kind::Gauge, "Jobs whose last attempt failed and that will be tried again.");
        out.value(&[], standing.failing);
    }
    let (keys, agents) = app.gateway.roll.count();
    out.begin("latchkey_enrollment_keys", Kind::Gauge, "Enrollment keys that are in memory.");
    out.value(&[], keys);
    out.begin("latchkey_agents", Kind::Gauge, "Agents that are in memory.");
    out.value(&[], agents);
    out.begin(
        "latchkey_gateway_messages_total",
        Kind::Counter,
        "Messages of agents, by what they are and what became of them.",
    );
    for ((what, code), times) in app.gateway.tally.ever() {
        out.value(&[("what", what), ("code", if code.is_empty() { "OK" } else { code })], times);
    }
    let queue = app.gateway.queue.clone();
    if let Ok(Ok(load)) = tokio::task::spawn_blocking(move || queue.ask(|reader| queue::load(reader))).await {
        out.begin("latchkey_queue_messages", Kind::Gauge, "Messages that wait for a GLPI, dead ones among them.");
        out.value(&[], load.messages);
        out.begin("latchkey_queue_dead_messages", Kind::Gauge, "Messages that GLPI said no to.");
        out.value(&[], load.dead);
        out.begin("latchkey_queue_bytes", Kind::Gauge, "The room that they take.");
        out.value(&[], load.bytes);
        out.begin("latchkey_queue_most_bytes", Kind::Gauge, "The room that there is for them.");
        out.value(&[], app.gateway.bounds.bytes);
        out.begin("latchkey_queue_oldest_seconds", Kind::Gauge, "For how long the oldest waits.");
        let waits = load.oldest_at.map_or(0, |at| app.clock.wall().since(at).max(0));
        out.seconds(&[], Duration::from_millis(u64::try_from(waits).unwrap_or_default()));
    }
    app.metrics.write(&mut out);
    ([(CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], out.finish())
}
