//! What GLPI's marketplace asks: plugins by pages, tags, and the plugins of a tag. Archives are in [`super::archives`].
//!
//! A key that opens nothing is shown everything, without an address to download from; a failure of ours is 503, which GLPI
//! shows as a list that may be truncated, and does not remember.

use axum::Router;
use axum::extract::{Path, Request, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::http::{HeaderMap, HeaderName};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use latchkey_domain::Failure;
use latchkey_domain::subscriptions::{KeyEntry, Verdict};
use latchkey_glpi::{Question, marketplace};
use latchkey_store::marketplace as store;

use super::{archives, registration};
use crate::app::App;
use crate::front::Exchange;
use crate::keys::NoEntry;
use crate::market::Asked;
use crate::problem::Problem;

/// GLPI 10 and 11 ask below the first; 9.5 has a setting of its own, whose default ends like the second.
const BELOW: [&str; 2] = ["/api/marketplace", "/api/glpi-plugins"];

const RANGE: HeaderName = HeaderName::from_static("x-range");
const LANGUAGE: HeaderName = HeaderName::from_static("x-lang");

/// The same below `base`, which is empty or a slash.
pub(super) fn routes(base: &str) -> Router<App> {
    BELOW.iter().fold(Router::new(), |routes, below| {
        routes
            .route(&format!("{base}{below}/plugins"), get(plugins))
            .route(&format!("{base}{below}/tags/top"), get(tags))
            .route(&format!("{base}{below}/tags/{{tag}}/plugin"), get(of_tag))
            .route(&format!("{base}{below}/plugin/{{plugin}}/download/{{version}}"), get(archives::report))
            .route(&format!("{base}{below}/archives/{{plugin}}/{{file}}"), get(archives::download))
    })
}

async fn plugins(State(app): State<App>, exchange: Exchange, request: Request) -> Result<Response, Problem> {
    list(&app, &exchange, request.headers(), None).await
}

async fn of_tag(
    State(app): State<App>,
    exchange: Exchange,
    Path(tag): Path<String>,
    request: Request,
) -> Result<Response, Problem> {
    list(&app, &exchange, request.headers(), Some(tag)).await
}

async fn tags(State(app): State<App>, headers: HeaderMap) -> Result<Response, Problem> {
    let shelf = app.market.shelf(&app).await.map_err(Problem::ours)?;
    let language = headers.get(LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or("en");
    let language = language.split(['-', '_']).next().unwrap_or("en").to_lowercase();
    Ok(json(shelf.tags(&language).map_err(|_| Problem::ours(Failure::Internal))?))
}

async fn list(app: &App, exchange: &Exchange, headers: &HeaderMap, tag: Option<String>) -> Result<Response, Problem> {
    let range = headers.get(RANGE).and_then(|value| marketplace::range(value.as_bytes()));
    let (asked, shelf) = asked(app, exchange, headers, tag).await?;
    let page = if shelf.is_ready(&asked) {
        shelf.page(&asked, range)
    } else {
        // Others are answered meanwhile.
        let made = tokio::task::spawn_blocking(move || shelf.page(&asked, range)).await;
        made.map_err(|_| Problem::ours(Failure::Internal))?
    };
    Ok(json(page.map_err(|_| Problem::ours(Failure::Internal))?))
}

/// Who asks, as far as the answer depends on it.
async fn asked(
    app: &App,
    exchange: &Exchange,
    headers: &HeaderMap,
    tag: Option<String>,
) -> Result<(Asked, std::sync::Arc<crate::market::Shelf>), Problem> {
    let question = question(headers);
    let glpi = question.asker.map(|it| (it.version.major, it.version.minor, it.version.patch));
    let entry = open_entry(app, exchange, &question).await?;
    let shelf = app.market.shelf(app).await.map_err(Problem::ours)?;
    let Some(entry) = entry else {
        return Ok((Asked { glpi, channel: Default::default(), held: None, tag }, shelf));
    };
    let own = entry.subscription.offer.clone();
    let mut held = vec![own.clone()];
    if shelf.needs_more_than(&own) {
        let (customer, now) = (entry.subscription.customer, app.now().map_err(Problem::ours)?);
        held.extend(app.look_up(move |reader| store::held_offers(reader, customer, now)).await?);
        held.sort();
        held.dedup();
    }
    let channel = shelf.channel(entry.subscription.id);
    Ok((Asked { glpi, channel, held: Some(held), tag }, shelf))
}

pub(super) fn question(headers: &HeaderMap) -> Question<'_> {
    Question::read(|name| headers.get(name).map(|value| value.as_bytes()))
}

/// The key that asks, where it opens anything at this moment. One that does not is nobody's failure.
pub(super) async fn open_entry(
    app: &App,
    exchange: &Exchange,
    question: &Question<'_>,
) -> Result<Option<KeyEntry>, Problem> {
    match app.keys.entry(question.text, || question.key()).await {
        Ok(known) => {
            let entry = known.entry();
            exchange.about(entry.key.id);
            let told = registration::verdict(app, (&known, &entry), question, exchange).await.map_err(Problem::ours)?;
            match told.verdict {
                Verdict::Open { .. } => Ok(Some(told.bound.map_or(entry, |bound| *bound))),
                Verdict::Closed(_) | Verdict::Refused(_) => Ok(None),
            }
        }
        Err(NoEntry::Damaged(_)) => Ok(None),
        Err(NoEntry::Failed(failure)) => Err(Problem::ours(failure)),
    }
}

fn json(body: Vec<u8>) -> Response {
    ([(CONTENT_TYPE, "application/json"), (CACHE_CONTROL, "no-store")], body).into_response()
}
