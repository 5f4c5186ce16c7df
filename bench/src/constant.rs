//! The server that is measured against: the same axum, tokio, listener and layers as Latchkey's, and a constant answer.
//!
//! What it does not do is what Latchkey does for an answer: read the key, find it, decide, render.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::IntoResponse;
use axum::routing::{get, post};
use axum::serve::ListenerExt as _;
use tokio::net::TcpListener;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::timeout::TimeoutLayer;

use crate::{Failed, glpi};

#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// Where to listen
    #[arg(long)]
    listen: SocketAddr,
    /// What to answer
    #[arg(long)]
    body: PathBuf,
}

/// Answers until it is killed.
pub(crate) fn run(arguments: &Arguments) -> Result<(), Failed> {
    let body: &'static str = std::fs::read_to_string(&arguments.body)?.leak();
    let listen = arguments.listen;
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    runtime.block_on(async move {
        let listener = TcpListener::bind(listen).await?.tap_io(|connection| {
            if let Err(error) = connection.set_nodelay(true) {
                eprintln!("cannot set TCP_NODELAY: {error}");
            }
        });
        Ok(axum::serve(listener, router(body)).await?)
    })
}

fn router(body: &'static str) -> Router {
    Router::new()
        .route(glpi::PATH, get(move || async move { answer(body) }))
        // As a GLPI takes what agents bring: to its end.
        .route("/front/inventory.php", post(move |_: Bytes| async move { answer(body) }))
        .route("/readyz", get(|| async { "ok\n" }))
        .fallback(|| async { StatusCode::NOT_FOUND })
        .layer(CatchPanicLayer::new())
        .layer(TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, Duration::from_secs(10)))
}

fn answer(body: &'static str) -> impl IntoResponse {
    ([(CACHE_CONTROL, "no-store"), (CONTENT_TYPE, "application/json")], body)
}
