//! Downloads: with a key that is entitled at this very moment, asked of the database and not of memory. An archive never
//! changes under its address, so it can be asked for in parts, and whoever has it need not take it again.

use axum::body::Body;
use axum::extract::{Path, Request, State};
use axum::http::header::{
    ACCEPT_RANGES, CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_RANGE, CONTENT_TYPE, ETAG, HeaderMap,
    IF_NONE_MATCH, IF_RANGE, RANGE,
};
use axum::http::{HeaderName, Method, StatusCode};
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use latchkey_domain::marketplace::{PluginKey, opens};
use latchkey_domain::subscriptions::{KeyEntry, Verdict};
use latchkey_domain::{Failure, Refusal};
use latchkey_glpi::archive::Packing;
use latchkey_glpi::{Question, marketplace};
use latchkey_storage::unhex;
use latchkey_store::marketplace::{self as store, Download, Version};

use super::marketplace::question;
use super::registration;
use crate::app::App;
use crate::front::Exchange;
use crate::keys::NoEntry;
use crate::market;
use crate::metrics::Limit;
use crate::problem::{self, Problem};

const REPR_DIGEST: HeaderName = HeaderName::from_static("repr-digest");

/// An archive, whole or in part.
pub(super) async fn download(
    State(app): State<App>,
    exchange: Exchange,
    Path((plugin, file)): Path<(String, String)>,
    request: Request,
) -> Result<Response, Problem> {
    let headers = request.headers();
    let question = question(headers);
    let named = marketplace::archive_named(&plugin, &file);
    let Some((number, packing)) = named else { return Err(problem::not_found(request.uri().clone()).await) };
    let entry = entry(&app, &exchange, &question).await?;
    let version = entitled(&app, &entry, &plugin, number.as_str()).await?;
    if version.packing != packing.extension() {
        return Err(problem::not_found(request.uri().clone()).await);
    }
    let digest = unhex(&version.digest).ok_or(Problem::ours(Failure::Internal))?;
    let etag = format!("\"{}\"", version.digest);
    let is = |name| headers.get(name).and_then(|value| value.to_str().ok()).is_some_and(|value| value.contains(&etag));
    let about = [
        (ETAG, etag.clone()),
        (REPR_DIGEST, format!("sha-256=:{}:", STANDARD.encode(digest))),
        (ACCEPT_RANGES, "bytes".to_owned()),
        // Only for whoever's key opens it, and only after asking again.
        (CACHE_CONTROL, "private, no-cache".to_owned()),
    ];
    if is(IF_NONE_MATCH) {
        return Ok((StatusCode::NOT_MODIFIED, about).into_response());
    }
    let part = if headers.contains_key(IF_RANGE) && !is(IF_RANGE) { Part::Whole } else { part(headers, version.size) };
    let (status, first, end) = match part {
        Part::Whole => (StatusCode::OK, 0, version.size),
        Part::From(first, end) => (StatusCode::PARTIAL_CONTENT, first, end),
        Part::Outside => {
            let range = [(CONTENT_RANGE, format!("bytes */{}", version.size))];
            return Ok((StatusCode::RANGE_NOT_SATISFIABLE, range, about).into_response());
        }
    };
    let body = if request.method() == Method::HEAD {
        Body::empty()
    } else {
        let stream = app.market.archives.read(&digest, first..end).await;
        let stream = stream.map_err(|error| Problem::ours(market::failure(&error)))?;
        if first == 0 {
            count(&app, &entry, &question, &version);
        }
        Body::from_stream(stream)
    };
    let media_type = Packing::of_extension(&version.packing).map_or("application/octet-stream", Packing::media_type);
    let mut response = (status, about, body).into_response();
    let mut say = |name: HeaderName, value: String| {
        if let Ok(value) = value.try_into() {
            response.headers_mut().insert(name, value);
        }
    };
    say(CONTENT_TYPE, media_type.to_owned());
    say(CONTENT_LENGTH, (end - first).to_string());
    say(CONTENT_DISPOSITION, format!("attachment; filename=\"{file}\""));
    if status == StatusCode::PARTIAL_CONTENT {
        say(CONTENT_RANGE, format!("bytes {first}-{}/{}", end - 1, version.size));
    }
    Ok(response)
}

/// What a GLPI says after it has unpacked an archive. It does not wait for the answer.
pub(super) async fn report(
    State(app): State<App>,
    exchange: Exchange,
    Path((plugin, number)): Path<(String, String)>,
    request: Request,
) -> Result<Response, Problem> {
    let question = question(request.headers());
    let entry = entry(&app, &exchange, &question).await?;
    let version = entitled(&app, &entry, &plugin, &number).await?;
    count(&app, &entry, &question, &version);
    Ok(([(CONTENT_TYPE, "application/json")], "{}").into_response())
}

/// The key that asks, if it opens anything; otherwise why not.
async fn entry(app: &App, exchange: &Exchange, question: &Question<'_>) -> Result<KeyEntry, Problem> {
    match app.keys.entry(question.text, || question.key()).await {
        Ok(known) => {
            let entry = known.entry();
            exchange.about(entry.key.id);
            // Every GLPI says which one it is; whoever does not is none, and holds no seat.
            if let Err(fault) = question.uid {
                return Err(Problem::forbidden(&Refusal::InstanceUnnamed { fault }, &app.zone));
            }
            let told = registration::verdict(app, (&known, &entry), question, exchange).await.map_err(Problem::ours)?;
            match told.verdict {
                Verdict::Open { .. } => Ok(told.bound.map_or(entry, |bound| *bound)),
                Verdict::Closed(refusal) | Verdict::Refused(refusal) => Err(Problem::forbidden(&refusal, &app.zone)),
            }
        }
        Err(NoEntry::Damaged(damage)) => {
            if let Some(seconds) = app.failed_keys.note(exchange.client(), app.clock.monotonic()) {
                app.metrics.limited(Limit::FailedKeys);
                return Err(problem::too_many_failed_keys(seconds));
            }
            Err(Problem::forbidden(&Refusal::KeyDamaged(damage), &app.zone))
        }
        Err(NoEntry::Failed(failure)) => Err(Problem::ours(failure)),
    }
}

/// The version, if this key opens it now.
async fn entitled(app: &App, entry: &KeyEntry, plugin: &str, number: &str) -> Result<Version, Problem> {
    let now = app.now().map_err(Problem::ours)?;
    let (customer, own, id) = (entry.subscription.customer, entry.subscription.offer.clone(), entry.subscription.id);
    let (plugin, number) = (plugin.to_owned(), number.to_owned());
    app.ask(move |reader| {
        let (known, versions) = store::find(reader, &plugin)?;
        let unknown = Refusal::PluginVersionUnknown { plugin: plugin.clone(), version: number.clone() };
        let version = versions.into_iter().find(|it| it.release.version.as_str() == number).ok_or(unknown.clone())?;
        if let Some(at) = version.release.withdrawn_at {
            return Err(Refusal::PluginVersionWithdrawn { plugin, version: number, at }.into());
        }
        if store::channel(reader, id)? < version.release.channel {
            return Err(unknown.into());
        }
        if !opens(&known.offers, [&own]) && !opens(&known.offers, &store::held_offers(reader, customer, now)?) {
            let offers = known.offers.iter().map(ToString::to_string).collect();
            return Err(Refusal::PluginNotOpened { plugin, offers }.into());
        }
        Ok(version)
    })
    .await
}

/// Counts the download without keeping anybody waiting.
fn count(app: &App, entry: &KeyEntry, question: &Question<'_>, version: &Version) {
    let (Ok(uid), Ok(now)) = (question.uid, app.now()) else { return };
    let download = Download {
        plugin: version.plugin.clone(),
        version: version.release.version.clone(),
        instance: uid.to_string(),
        subscription: entry.subscription.id,
    };
    if !app.market.is_new(&download) {
        return;
    }
    let app = app.clone();
    tokio::spawn(async move {
        let counted = download.clone();
        if let Err(undone) = app.store.write(now, move |tx| store::count(tx, &counted)).await {
            tracing::warn!(?undone, plugin = %PluginKey::to_owned(&download.plugin), "a download was not counted");
            app.market.forget(&download);
        }
    });
}

enum Part {
    Whole,
    /// From this byte to before that one.
    From(u64, u64),
    Outside,
}

/// The part that is asked for. Several at once, and units that nobody knows, get the whole.
fn part(headers: &HeaderMap, size: u64) -> Part {
    let asked = headers.get(RANGE).and_then(|value| value.to_str().ok()).and_then(|value| value.strip_prefix("bytes="));
    let Some((first, last)) = asked.filter(|asked| !asked.contains(',')).and_then(|asked| asked.split_once('-')) else {
        return Part::Whole;
    };
    match (first.parse::<u64>().ok(), last.parse::<u64>().ok()) {
        (Some(first), _) if first >= size => Part::Outside,
        (Some(first), Some(last)) if last < first => Part::Whole,
        (Some(first), Some(last)) => Part::From(first, last.saturating_add(1).min(size)),
        (Some(first), None) if last.is_empty() => Part::From(first, size),
        (None, Some(0)) if first.is_empty() => Part::Outside,
        (None, Some(last)) if first.is_empty() => Part::From(size.saturating_sub(last), size),
        _ => Part::Whole,
    }
}
