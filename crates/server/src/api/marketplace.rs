//! The marketplace: plugins published, looked at, withdrawn.

use axum::body::BodyDataStream;
use axum::extract::{FromRequestParts, Path, Request, State};
use axum::http::header::CONTENT_TYPE;
use axum::http::uri::PathAndQuery;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use latchkey_domain::marketplace::{ArchiveFault, Channel};
use latchkey_domain::request::ValueFault;
use latchkey_domain::tokens::Scope;
use latchkey_storage::Spool;
use latchkey_store::lists::plugins::{self, Sort};
use latchkey_store::marketplace as store;
use latchkey_store::subscriptions::subscriptions;
use multer::{Constraints, Multipart, SizeLimit};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::body::{Posted, claim};
use super::caller::Caller;
use super::desk::shown;
use super::fault::short;
use super::parts::{WithReason, required_reason, subscription_id};
use super::query::{Named, Order, Params, next, page};
use crate::app::App;
use crate::market::incoming::{LONGEST_SHEET, Stopped, kept, part_fault, spooled};
use crate::market::publishing::{MOST_BYTES, Wish};
use crate::problem::{Problem, not_found};
use crate::records::marketplace as records;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list, publish))
        .routes(routes!(show))
        .routes(routes!(version))
        .routes(routes!(withdraw))
        .routes(routes!(channel, set_channel))
}

#[derive(Serialize, ToSchema)]
struct PluginPage {
    /// By their keys, each with all its versions.
    plugins: Vec<records::Plugin>,
    /// Whether there are more.
    more: bool,
    /// The cursor of the next page.
    next: Option<String>,
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct Listing {
    /// Those whose key or name has this in it.
    plugin: Option<String>,
    /// At most so many.
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: Option<u32>,
    /// Where the page before ended: its `next`.
    #[param(min_length = 1)]
    cursor: Option<String>,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SetChannel {
    /// `stable` or `pre-release`.
    channel: String,
}

#[derive(Serialize, ToSchema)]
struct SubscriptionChannel {
    /// Of which subscription.
    subscription_id: String,
    /// `stable` or `pre-release`.
    channel: String,
}

#[derive(Serialize, ToSchema)]
struct ShownPlugin {
    #[serde(flatten)]
    plugin: records::Plugin,
    /// Which GLPI has which version, what is known last first; at most 1000.
    instances: Vec<records::PluginHolder>,
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct Publishing {
    /// References of offers of which one is needed, with commas between them; empty for everybody with a key. As before where
    /// nothing is said.
    require_offers: Option<String>,
    /// The version that the archive is to have.
    version: Option<String>,
    /// `stable` or `pre-release`, in place of what the version's name says.
    channel: Option<String>,
}

/// An archive with what is said of the plugin.
#[derive(ToSchema)]
#[expect(dead_code, reason = "it is described here, and read part by part")]
struct ArchiveAndSheet {
    /// The archive.
    #[schema(value_type = String, format = Binary)]
    archive: Vec<u8>,
    /// The plugin's sheet, in the XML of GLPI's public catalogue, in place of one that stands in the archive.
    #[schema(value_type = Option<String>, format = Binary)]
    xml: Option<Vec<u8>>,
}

/// Plugins with their versions.
#[utoipa::path(get, path = "/plugins", tag = "marketplace", params(Listing), security(("token" = ["plugins:read"])),
    responses((status = 200, description = "A page of plugins.", body = PluginPage)))]
async fn list(State(app): State<App>, caller: Caller, params: Params<Listing>) -> Result<Response, Problem> {
    caller.may(Scope::PluginsRead)?;
    let Params(Listing { plugin, limit, cursor }) = params;
    let rows = page("plugins", Sort::Key, Order::Asc, limit, cursor.as_deref())?;
    let found = app.ask(move |reader| Ok(plugins::page(reader, plugin.as_deref(), false, Sort::Key, &rows)?)).await?;
    let next = next("plugins", &found);
    let plugins = found.rows.iter().map(|(plugin, all)| records::Plugin::new(plugin, all)).collect();
    Ok(shown(&PluginPage { plugins, more: next.is_some(), next }))
}

/// A plugin with its versions, and who has which.
#[utoipa::path(get, path = "/plugins/{plugin}", tag = "marketplace", security(("token" = ["plugins:read"])),
    params(("plugin" = String, Path, description = "Its key.")),
    responses((status = 200, description = "The plugin.", body = ShownPlugin)))]
async fn show(State(app): State<App>, caller: Caller, Named(key): Named) -> Result<Response, Problem> {
    caller.may(Scope::PluginsRead)?;
    let found = app.ask(move |reader| {
        let (plugin, versions) = store::find(reader, &key)?;
        let held = store::running(reader, &plugin.key, 1_000)?;
        Ok((plugin, versions, held))
    });
    let (plugin, versions, held) = found.await?;
    let instances = held.iter().map(|held| records::PluginHolder::new(held, &versions)).collect();
    Ok(shown(&ShownPlugin { plugin: records::Plugin::new(&plugin, &versions), instances }))
}

/// One version of a plugin: what `latchkey plugin verify --signature` reads.
#[utoipa::path(get, path = "/plugins/{plugin}/versions/{version}", tag = "marketplace",
    security(("token" = ["plugins:read"])),
    params(("plugin" = String, Path, description = "Its key."), ("version" = String, Path, description = "The version.")),
    responses((status = 200, description = "The version.", body = records::PluginVersion)))]
async fn version(State(app): State<App>, caller: Caller, request: Request) -> Result<Response, Problem> {
    caller.may(Scope::PluginsRead)?;
    let uri = request.uri().clone();
    let (mut parts, _) = request.into_parts();
    // Bytes that are no text name nothing.
    let Ok(Path((plugin, number))) = Path::<(String, String)>::from_request_parts(&mut parts, &app).await else {
        return Err(not_found(uri).await);
    };
    let version = app.ask(move |reader| store::find_version(reader, &plugin, &number)).await?;
    Ok(shown(&records::PluginVersion::new(&version)))
}

/// Publish a version: the body is its archive, or a form with the archive and what is said of the plugin. It is examined before
/// anything of it is kept.
#[utoipa::path(post, path = "/plugins", tag = "marketplace", params(Publishing),
    request_body(content((Vec<u8> = "application/octet-stream"), (ArchiveAndSheet = "multipart/form-data"))),
    security(("token" = ["plugins:publish"])),
    responses((status = 201, description = "The version.", body = records::PluginVersion)))]
async fn publish(State(app): State<App>, request: Request) -> Result<Response, Problem> {
    let (mut parts, body) = request.into_parts();
    let caller = Caller::from_request_parts(&mut parts, &app).await?;
    caller.may(Scope::PluginsPublish)?;
    let Params(asked) = Params::<Publishing>::from_request_parts(&mut parts, &app).await?;
    let channel = asked.channel.as_deref().map(Channel::parse).transpose();
    let channel = channel.map_err(|refusal| Problem::refusal(&refusal, &app.zone))?;
    let offers = |list: String| list.split(',').map(str::trim).filter(|it| !it.is_empty()).map(str::to_owned).collect();
    let (spool, sheet) = take_in(&app, &parts.headers, body.into_data_stream()).await?;
    // The digest of an archive that was never in memory stands for it.
    let body = [&spool.digest(), sheet.as_deref().unwrap_or_default()].concat();
    let target = parts.uri.path_and_query().map(PathAndQuery::as_str).unwrap_or_default();
    let claim = claim(&parts.headers, &caller, [b"POST", target.as_bytes(), &body])?;
    let wish = Wish { sheet, offers: asked.require_offers.map(offers), version: asked.version, channel };
    let order = kept(&app.market.archives, spool, wish).await.map_err(|stopped| problem(&app, stopped))?;
    let (vault, actor) = (app.api.vault.clone(), caller.actor());
    app.change(claim, StatusCode::CREATED, move |tx| {
        Ok(records::PluginVersion::new(&store::publish(tx, &vault, &order, &actor)?))
    })
    .await
}

/// Withdraw a version: nobody gets it any more, and who has it is told.
#[utoipa::path(post, path = "/plugins/{plugin}/versions/{version}/withdraw", tag = "marketplace", request_body = WithReason,
    security(("token" = ["plugins:publish"])),
    params(("plugin" = String, Path, description = "Its key."), ("version" = String, Path, description = "The version.")),
    responses((status = 200, description = "The version as it is now.", body = records::PluginVersion)))]
async fn withdraw(
    State(app): State<App>,
    Path((plugin, version)): Path<(String, String)>,
    posted: Posted,
) -> Result<Response, Problem> {
    let (WithReason { reason }, claim) = posted.read(Scope::PluginsPublish)?;
    let (reason, actor) = (required_reason(&app, &reason)?, posted.caller.actor());
    app.change(claim, StatusCode::OK, move |tx| {
        Ok(records::PluginVersion::new(&store::withdraw(tx, &plugin, &version, &actor, &reason)?))
    })
    .await
}

/// Which versions of plugins a subscription is offered.
#[utoipa::path(get, path = "/subscriptions/{subscription}/channel", tag = "marketplace",
    security(("token" = ["plugins:read"])), params(("subscription" = String, Path, description = "Its id.")),
    responses((status = 200, description = "Its channel.", body = SubscriptionChannel)))]
async fn channel(State(app): State<App>, caller: Caller, Named(id): Named) -> Result<Response, Problem> {
    caller.may(Scope::PluginsRead)?;
    let id = subscription_id(&app, &id)?;
    let channel = app.ask(move |reader| {
        subscriptions::find(reader, id)?;
        Ok(store::channel(reader, id)?)
    });
    let channel = channel.await?.name().to_owned();
    Ok(shown(&SubscriptionChannel { subscription_id: id.to_string(), channel }))
}

/// Put a subscription on a channel: `pre-release` is offered versions that are not ready, too.
#[utoipa::path(post, path = "/subscriptions/{subscription}/channel", tag = "marketplace", request_body = SetChannel,
    security(("token" = ["plugins:publish"])), params(("subscription" = String, Path, description = "Its id.")),
    responses((status = 200, description = "Its channel now.", body = SubscriptionChannel)))]
async fn set_channel(State(app): State<App>, Named(id): Named, posted: Posted) -> Result<Response, Problem> {
    let (SetChannel { channel }, claim) = posted.read(Scope::PluginsPublish)?;
    let (id, actor) = (subscription_id(&app, &id)?, posted.caller.actor());
    let channel = Channel::parse(&channel).map_err(|refusal| Problem::refusal(&refusal, &app.zone))?;
    app.change(claim, StatusCode::OK, move |tx| {
        store::set_channel(tx, id, channel, &actor)?;
        Ok(SubscriptionChannel { subscription_id: id.to_string(), channel: channel.name().to_owned() })
    })
    .await
}

/// An archive, alone or in a form, where a sheet may stand before or after it.
async fn take_in(app: &App, headers: &HeaderMap, body: BodyDataStream) -> Result<(Spool, Option<Vec<u8>>), Problem> {
    let member = |name: &str, fault| Problem::member(Some(short(name)), fault);
    let stopped = |stopped| problem(app, stopped);
    let archives = &app.market.archives;
    let kind = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let boundary = match multer::parse_boundary(kind) {
        Ok(boundary) => boundary,
        Err(multer::Error::NoBoundary) => return Err(member("archive", ValueFault::Missing)),
        Err(_) => {
            let spool = spooled(archives, body, |_| ArchiveFault::Damaged).await.map_err(stopped)?;
            return Ok((spool, None));
        }
    };
    let longest = SizeLimit::new().per_field(LONGEST_SHEET).for_field("archive", MOST_BYTES + 1);
    let mut parts = Multipart::with_constraints(body, boundary, Constraints::new().size_limit(longest));
    let (mut spool, mut sheet) = (None, None);
    while let Some(part) = parts.next_field().await.map_err(|_| stopped(ArchiveFault::Damaged.into()))? {
        let name = part.name().unwrap_or_default().to_owned();
        match name.as_str() {
            "archive" if spool.is_none() => {
                spool = Some(spooled(archives, part, part_fault).await.map_err(stopped)?);
            }
            "xml" if sheet.is_none() => {
                let bytes = part.bytes().await.map_err(|error| {
                    if let multer::Error::FieldSizeExceeded { .. } = error {
                        Problem::body_too_long(LONGEST_SHEET as usize).about("xml")
                    } else {
                        stopped(ArchiveFault::Damaged.into())
                    }
                })?;
                sheet = Some(bytes.to_vec());
            }
            "archive" | "xml" => return Err(member(&name, ValueFault::Twice)),
            _ => {
                let known = ["archive", "xml"].map(str::to_owned).to_vec();
                return Err(member(&name, ValueFault::Unknown { known }));
            }
        }
    }
    Ok((spool.ok_or_else(|| member("archive", ValueFault::Missing))?, sheet))
}

fn problem(app: &App, stopped: Stopped) -> Problem {
    match stopped {
        Stopped::Refused(refusal) => Problem::refusal(&refusal, &app.zone),
        Stopped::Failed(failure) => Problem::ours(failure),
    }
}
