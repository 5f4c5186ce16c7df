//! What a stock GLPI asks. One room per capability.

mod registration;

use axum::Router;

use crate::app::App;

pub(crate) fn routes() -> Router<App> {
    registration::routes()
}
