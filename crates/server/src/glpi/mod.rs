//! What a stock GLPI asks. One room per capability.

mod archives;
mod marketplace;
mod registration;

use axum::Router;

use crate::app::App;

pub(crate) fn routes() -> Router<App> {
    // A service address that was written with a slash at its end gives paths that begin with two.
    let below = |base| registration::routes(base).merge(marketplace::routes(base));
    below("").merge(below("/"))
}
