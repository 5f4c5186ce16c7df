//! What a stock GLPI asks. One room per capability.

mod archives;
mod marketplace;
mod registration;

use axum::Router;
use axum::extract::Request;
use axum::http::Method;

use crate::app::App;

pub(crate) use registration::{INFO, info};

pub(crate) fn routes() -> Router<App> {
    // A service address that was written with a slash at its end gives paths that begin with two.
    let below = |base| registration::routes(base).merge(marketplace::routes(base));
    below("").merge(below("/"))
}

/// Whether a request is what nearly all are: a GLPI's question about its key. The gate answers it without the router, whose
/// boxes and notes beside the request cost as much as the answer.
pub(crate) fn is_usual(request: &Request) -> bool {
    request.method() == Method::GET && request.uri().path() == INFO
}
