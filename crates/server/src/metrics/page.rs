//! `/metrics`, on an address of its own: what is counted, and how things stand at this moment.

use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;
use axum::routing::get;
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
    app.metrics.write(&mut out);
    ([(CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], out.finish())
}
