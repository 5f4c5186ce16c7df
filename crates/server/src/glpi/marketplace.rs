//! What GLPI's marketplace asks. No plugins are published by this version, and it says so in the shape that GLPI reads:
//! anything else would be asked again at once, three times, and then shown as "Plugin list may be truncated".

use axum::response::IntoResponse;
use axum::routing::get;
use axum::{Json, Router};

use crate::app::App;

/// GLPI 10 and 11 ask below the first; 9.5 has a setting of its own, whose default ends like the second.
const BELOW: [&str; 2] = ["/api/marketplace", "/api/glpi-plugins"];

/// The same below `base`, which is empty or a slash.
pub(super) fn routes(base: &str) -> Router<App> {
    let lists = ["/plugins", "/tags/top", "/tags/{tag}/plugin"];
    let paths = BELOW.iter().flat_map(|below| lists.iter().map(move |list| format!("{base}{below}{list}")));
    paths.fold(Router::new(), |routes, path| routes.route(&path, get(nothing)))
}

/// An empty list: of plugins, of tags, of the plugins of a tag.
async fn nothing() -> impl IntoResponse {
    Json([(); 0])
}
