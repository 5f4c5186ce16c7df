//! The marketplace: plugins published, looked at, withdrawn.

use axum::body::BodyDataStream;
use axum::extract::{FromRequestParts, Request, State};
use axum::http::StatusCode;
use axum::response::Response;
use futures_util::StreamExt as _;
use latchkey_domain::marketplace::{ArchiveFault, Channel};
use latchkey_domain::tokens::Scope;
use latchkey_domain::{Failure, Refusal};
use latchkey_storage::{Spool, SpoolFault};
use latchkey_store::marketplace as store;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::body::Posted;
use super::caller::Caller;
use super::desk::shown;
use super::parts::{WithReason, required_reason};
use super::query::{Named, Params};
use crate::app::App;
use crate::market;
use crate::market::publishing::{self, MOST_BYTES, NotReady, Wish};
use crate::problem::Problem;
use crate::records::marketplace as records;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list, publish)).routes(routes!(show)).routes(routes!(withdraw))
}

#[derive(Serialize, ToSchema)]
struct PluginList {
    /// All there are, by their keys.
    plugins: Vec<records::Plugin>,
}

#[derive(Serialize, ToSchema)]
struct ShownPlugin {
    #[serde(flatten)]
    plugin: records::Plugin,
    /// Which GLPI has which version, the latest download first; at most 1000.
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

/// All plugins with their versions.
#[utoipa::path(get, path = "/plugins", tag = "marketplace", security(("token" = ["plugins:read"])),
    responses((status = 200, description = "All plugins.", body = PluginList)))]
async fn list(State(app): State<App>, caller: Caller) -> Result<Response, Problem> {
    caller.may(Scope::PluginsRead)?;
    let all = app.ask(|reader| Ok(store::all(reader)?)).await?;
    Ok(shown(&PluginList { plugins: all.iter().map(|(plugin, all)| records::Plugin::new(plugin, all)).collect() }))
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

/// Publish a version: the body is its archive. It is examined before anything of it is kept.
#[utoipa::path(post, path = "/plugins", tag = "marketplace", params(Publishing),
    request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    security(("token" = ["plugins:publish"])),
    responses((status = 201, description = "The version.", body = records::PluginVersion)))]
async fn publish(State(app): State<App>, request: Request) -> Result<Response, Problem> {
    let (mut parts, body) = request.into_parts();
    let caller = Caller::from_request_parts(&mut parts, &app).await?;
    caller.may(Scope::PluginsPublish)?;
    let Params(asked) = Params::<Publishing>::from_request_parts(&mut parts, &app).await?;
    let refuse = |refusal: &Refusal| Problem::refusal(refusal, &app.zone);
    let offers = |list: String| list.split(',').map(str::trim).filter(|it| !it.is_empty()).map(str::to_owned).collect();
    let wish = Wish {
        sheet: None,
        offers: asked.require_offers.map(offers),
        version: asked.version,
        channel: asked.channel.as_deref().map(Channel::parse).transpose().map_err(|refusal| refuse(&refusal))?,
    };
    let mut spool = take_in(&app, body.into_data_stream()).await?;
    let examined =
        tokio::task::spawn_blocking(move || publishing::order(&mut spool, &wish).map(|order| (order, spool)));
    let (order, spool) = match examined.await {
        Ok(Ok(ready)) => ready,
        Ok(Err(NotReady::Refused(refusal))) => return Err(refuse(&refusal)),
        Ok(Err(NotReady::Failed(error))) => return Err(Problem::ours(market::failure(&error))),
        Err(_) => return Err(Problem::ours(Failure::Internal)),
    };
    app.market.archives.keep(spool).await.map_err(|error| Problem::ours(market::failure(&error)))?;
    let (vault, actor) = (app.api.vault.clone(), caller.actor());
    app.change(None, StatusCode::CREATED, move |tx| {
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
    axum::extract::Path((plugin, version)): axum::extract::Path<(String, String)>,
    posted: Posted,
) -> Result<Response, Problem> {
    let (WithReason { reason }, claim) = posted.read(Scope::PluginsPublish)?;
    let (reason, actor) = (required_reason(&app, &reason)?, posted.caller.actor());
    app.change(claim, StatusCode::OK, move |tx| {
        Ok(records::PluginVersion::new(&store::withdraw(tx, &plugin, &version, &actor, &reason)?))
    })
    .await
}

/// An archive as it comes in, piece by piece. One that breaks off leaves nothing behind.
async fn take_in(app: &App, mut body: BodyDataStream) -> Result<Spool, Problem> {
    let refused = |fault| Problem::refusal(&Refusal::ArchiveRefused(fault), &app.zone);
    let failed = |error| Problem::ours(market::failure(&error));
    let mut spool = app.market.archives.spool(MOST_BYTES).map_err(failed)?;
    while let Some(piece) = body.next().await {
        let piece = piece.map_err(|_| refused(ArchiveFault::Damaged))?;
        spool.write(&piece).map_err(|fault| match fault {
            SpoolFault::TooLong { most } => refused(ArchiveFault::TooLong { most }),
            SpoolFault::Storage(error) => failed(error),
        })?;
    }
    Ok(spool)
}
