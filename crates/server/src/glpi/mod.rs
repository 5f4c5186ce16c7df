//! What a stock GLPI asks. One room per capability.

mod marketplace;
mod registration;

use axum::Router;

use crate::app::App;

pub(crate) fn routes() -> Router<App> {
    registration::routes().merge(marketplace::routes())
}
