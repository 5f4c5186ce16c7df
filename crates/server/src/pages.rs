//! What stands at the front door, and whether the house is fit to be asked.

use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::get;

use crate::app::{App, Unready};
use crate::problem::{self, Problem};

pub(crate) fn routes() -> Router<App> {
    Router::new().route("/", get(home)).merge(watch_routes())
}

/// Whether we live, and whether we are fit to be asked.
pub(crate) fn watch_routes() -> Router<App> {
    Router::new().route("/healthz", get(healthy)).route("/readyz", get(ready))
}

/// Says to whoever opens the address in a browser what it is for.
async fn home(State(app): State<App>) -> String {
    format!(
        "Latchkey answers for GLPI registration keys here.\n\n\
         To let a GLPI 10 or 11 ask this service, put this line into its config/local_define.php:\n\n  \
         define('GLPI_NETWORK_SERVICES', '{}');\n",
        app.public_url
    )
}

/// The process runs.
async fn healthy() -> &'static str {
    "ok\n"
}

/// Questions about keys can be answered: the clock is believed, the database is heard, and nobody has said stop.
async fn ready(State(app): State<App>) -> Response {
    match app.readiness() {
        Ok(()) => "ok\n".into_response(),
        Err(Unready::Stopping) => problem::stopping().into_response(),
        Err(Unready::Failed(failure)) => Problem::ours(failure).into_response(),
    }
}
