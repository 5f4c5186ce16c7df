//! What a plugin's own code asks. The registration key in the body is the credential: no token is needed, and none is taken.
//!
//! Without a key it is a trial, where an offer lets the plugin be tried. What is not open is told as a problem document with
//! the cause and the next step, in the language that `Accept-Language` asks for.

use std::sync::Arc;

use axum::body::to_bytes;
use axum::extract::{FromRequest, Request, State};
use axum::http::header::{ACCEPT_LANGUAGE, HeaderMap};
use axum::response::Response;
use latchkey_domain::Refusal;
use latchkey_domain::ids::KeyId;
use latchkey_domain::instances::{Address, Environment, InstanceUid, Notice, PluginName, Trial, TrialPhase, UidFault};
use latchkey_domain::request::ValueFault;
use latchkey_domain::subscriptions::Verdict;
use latchkey_domain::time::{Date, Timestamp};
use latchkey_key::registration;
use latchkey_store::instances::plugins::{self, Answered, Asked};
use latchkey_store::instances::{releases, trials};
use latchkey_texts::Language;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::body::{MOST_BYTES, is_json, members};
use super::desk::{failed, shown};
use crate::app::App;
use crate::front::Exchange;
use crate::keys::NoEntry;
use crate::metrics::Limit;
use crate::problem::{Problem, too_many_failed_keys};
use crate::records;

/// The longest version that is kept, in characters.
const LONGEST_VERSION: usize = 60;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(activate))
        .routes(routes!(validate))
        .routes(routes!(deactivate))
        .routes(routes!(release))
}

/// A site of a plugin.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct PluginSite {
    /// The registration key; left away to try the plugin.
    key: Option<String>,
    /// The plugin's key, which is its folder's name.
    plugin: String,
    /// The plugin's version.
    plugin_version: Option<String>,
    /// The address of GLPI, as its general setup has it (`url_base`).
    url: String,
    /// GLPI's UID: what `GLPINetwork::getGlpiNetworkUid()` gives. Needed to try a plugin, and for keys that open their
    /// plugins for a GLPI.
    uid: Option<String>,
    /// GLPI's version.
    glpi_version: Option<String>,
    /// `production`, `staging` or `development`; production where nothing is said. An address on which no work is done takes
    /// no production seat, whatever is said.
    environment: Option<String>,
}

/// A site of a plugin where it is no longer in use.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct PluginLeft {
    /// The registration key.
    key: String,
    /// The plugin's key.
    plugin: String,
    /// The plugin's version.
    plugin_version: Option<String>,
    /// The address of GLPI.
    url: String,
    /// GLPI's UID.
    uid: Option<String>,
    /// GLPI's version.
    glpi_version: Option<String>,
    /// What it was for.
    environment: Option<String>,
    /// Also give the seat back, as far as the offer lets that happen without support.
    release: Option<bool>,
}

/// A GLPI that gives its seat back.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SeatLeft {
    /// The registration key.
    key: String,
    /// GLPI's UID: what `GLPINetwork::getGlpiNetworkUid()` gives.
    uid: String,
}

/// That a plugin is open.
#[derive(Serialize, ToSchema)]
struct PluginOpen {
    /// Always true: what is not open is a problem.
    valid: bool,
    /// `subscription` or `trial`.
    basis: &'static str,
    /// The plugin's key.
    plugin: String,
    /// The stable name of what the administrator should know, if anything.
    code: Option<&'static str>,
    /// A line for the administrator.
    message: String,
    /// The address of the site, normalised.
    url: String,
    /// What the site is for.
    environment: Option<String>,
    /// The instance that the site counts as.
    instance_id: Option<String>,
    /// `active` or `moving`.
    state: Option<String>,
    /// Until when both work, where the seat is moving.
    move_until: Option<String>,
    /// The subscription's last day.
    end_date: Option<String>,
    /// The end of the trial.
    trial_until: Option<String>,
}

/// What a site says of itself, read.
struct Told {
    key: Option<String>,
    plugin: PluginName,
    plugin_version: Option<String>,
    address: Address,
    uid: Result<InstanceUid, UidFault>,
    glpi_version: Option<String>,
    environment: Environment,
    face: u32,
    language: Language,
}

/// A request of a plugin, which has no token.
struct FromPlugin {
    exchange: Exchange,
    headers: HeaderMap,
    body: Vec<u8>,
}

impl FromRequest<App> for FromPlugin {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &App) -> Result<Self, Problem> {
        let (mut parts, body) = request.into_parts();
        if parts.uri.query().is_some_and(|query| !query.is_empty()) {
            // A key in an address would be written into logs on its way here.
            return Err(Problem::parameter(None, ValueFault::NotTaken));
        }
        let Ok(exchange) = <Exchange as axum::extract::FromRequestParts<()>>::from_request_parts(&mut parts, &()).await;
        let body = to_bytes(body, MOST_BYTES).await.map_err(|_| Problem::body_too_long(MOST_BYTES))?;
        if !is_json(&parts.headers) {
            return Err(Problem::body_not_json());
        }
        Ok(Self { exchange, headers: parts.headers, body: body.to_vec() })
    }
}

/// Say that a plugin is in use at a site: it takes a seat where it needs one. Without a key, its trial begins.
#[utoipa::path(post, path = "/activations", tag = "plugins", request_body = PluginSite, security(()),
    responses((status = 200, description = "The plugin is open.", body = PluginOpen)))]
async fn activate(State(app): State<App>, request: FromPlugin) -> Result<Response, Problem> {
    let told = Told::read(&app, members(&request.body)?, &request)?;
    let now = app.now().map_err(Problem::ours)?;
    let Some(key) = known_key(&app, &told, &request.exchange, now).await? else {
        return shown_trial(&app, &told, begin_trial(&app, &told, &request.exchange, now).await?, now);
    };
    let asked = told.asked(key);
    let answered = app.store.write(now, move |tx| plugins::activate(tx, &asked)).await;
    tell(&app, &told, answered.map_err(|undone| failed_with(&app, undone))?, now).await
}

/// Ask whether a plugin that was activated is open. Nothing is written on the way.
#[utoipa::path(post, path = "/validations", tag = "plugins", request_body = PluginSite, security(()),
    responses((status = 200, description = "The plugin is open.", body = PluginOpen)))]
async fn validate(State(app): State<App>, request: FromPlugin) -> Result<Response, Problem> {
    let told = Told::read(&app, members(&request.body)?, &request)?;
    let now = app.now().map_err(Problem::ours)?;
    let Some(key) = known_key(&app, &told, &request.exchange, now).await? else {
        let trial = find_trial(&app, &told).await?;
        let trial =
            trial.ok_or_else(|| refused(&app, Refusal::TrialUnavailable { plugin: told.plugin.to_string() }))?;
        return shown_trial(&app, &told, trial, now);
    };
    let asked = Arc::new(told.asked(key));
    let there = asked.clone();
    let answered = app.ask(move |reader| plugins::validate(reader, &there, now)).await?;
    if let Some(instance) = answered.instance.as_ref().filter(|_| answered.verdict.is_running()) {
        // Who holds a seat that is moving decides by being heard.
        let decides = matches!(answered.verdict, Verdict::Open { notice: Notice::Leaving { .. }, .. });
        if decides || answered.is_news {
            let (id, store) = (instance.id, app.store.clone());
            tokio::spawn(async move { store.write(now, move |tx| plugins::note(tx, &asked, id)).await.map(drop) });
        }
    }
    tell(&app, &told, answered, now).await
}

/// Say that a plugin is no longer in use at a site. Its seat stays, unless it is given back.
#[utoipa::path(post, path = "/deactivations", tag = "plugins", request_body = PluginLeft, security(()),
    responses((status = 200, description = "The instance as it is now.", body = records::Instance)))]
async fn deactivate(State(app): State<App>, request: FromPlugin) -> Result<Response, Problem> {
    let PluginLeft { key, plugin, plugin_version, url, uid, glpi_version, environment, release } =
        members(&request.body)?;
    let site = PluginSite { key: Some(key), plugin, plugin_version, url, uid, glpi_version, environment };
    let told = Told::read(&app, site, &request)?;
    let now = app.now().map_err(Problem::ours)?;
    let key = given_key(&app, told.key.as_deref().unwrap_or_default(), &request.exchange).await?;
    let (asked, release) = (told.asked(key), release.unwrap_or(false));
    let left = app.store.write(now, move |tx| plugins::deactivate(tx, &asked, release)).await;
    Ok(shown(&records::Instance::new(&left.map_err(|undone| failed_with(&app, undone))?, now)))
}

/// Give the seat of a GLPI back, as far as the offer lets that happen without support. Others may take it once its time to
/// rest is over; the GLPI itself does not sit down again by asking on.
#[utoipa::path(post, path = "/releases", tag = "instances", request_body = SeatLeft, security(()),
    responses((status = 200, description = "The instance as it is now.", body = records::Instance)))]
async fn release(State(app): State<App>, request: FromPlugin) -> Result<Response, Problem> {
    let SeatLeft { key, uid } = members(&request.body)?;
    let uid = InstanceUid::parse(uid.as_bytes()).map_err(|fault| refused(&app, Refusal::InstanceUnnamed { fault }))?;
    let now = app.now().map_err(Problem::ours)?;
    let key = given_key(&app, key.trim(), &request.exchange).await?;
    let left = app.store.write(now, move |tx| releases::of_glpi(tx, key, uid)).await;
    Ok(shown(&records::Instance::new(&left.map_err(|undone| failed_with(&app, undone))?, now)))
}

impl Told {
    fn read(app: &App, site: PluginSite, request: &FromPlugin) -> Result<Self, Problem> {
        let refused = |refusal| refused(app, refusal);
        let address = Address::parse(&site.url).map_err(|fault| refused(Refusal::AddressInvalid { fault }))?;
        let declared = site.environment.as_deref().map(Environment::parse).transpose().map_err(refused)?;
        let environment = match (address.environment(&app.non_production), declared.unwrap_or_default()) {
            (Environment::Production, declared) => declared,
            (on_this_address, Environment::Production) => on_this_address,
            (_, declared) => declared,
        };
        let uid = match site.uid.as_deref() {
            None => Err(UidFault::Absent),
            Some(uid) => match InstanceUid::parse(uid.as_bytes()) {
                Ok(uid) => Ok(uid),
                Err(UidFault::Absent) => Err(UidFault::Absent),
                Err(fault) => return Err(refused(Refusal::InstanceUnnamed { fault })),
            },
        };
        let language = request.headers.get(ACCEPT_LANGUAGE).map(|value| value.as_bytes()).unwrap_or_default();
        Ok(Self {
            key: site.key.map(|key| key.trim().to_owned()).filter(|key| !key.is_empty()),
            plugin: PluginName::parse(&site.plugin).map_err(refused)?,
            plugin_version: version(app, "plugin_version", site.plugin_version)?,
            address,
            uid,
            glpi_version: version(app, "glpi_version", site.glpi_version)?,
            environment,
            face: app.presence.face(request.exchange.client(), None),
            language: Language::negotiate(language),
        })
    }

    fn asked(&self, key: KeyId) -> Asked {
        Asked {
            key,
            plugin: self.plugin.clone(),
            plugin_version: self.plugin_version.clone(),
            address: self.address.clone(),
            uid: self.uid,
            glpi_version: self.glpi_version.clone(),
            environment: self.environment,
            face: self.face,
        }
    }

    fn tries(&self, app: &App) -> Result<trials::Asked, Problem> {
        Ok(trials::Asked {
            plugin: self.plugin.clone(),
            plugin_version: self.plugin_version.clone(),
            uid: self.uid.map_err(|fault| refused(app, Refusal::InstanceUnnamed { fault }))?,
            glpi_version: self.glpi_version.clone(),
            address: self.address.clone(),
        })
    }
}

/// The key that decides: the one that was sent, or the one of the subscription that a trial was turned into. `None` where a
/// trial decides: there is no key, or the key's subscription begins when the trial ends.
async fn known_key(app: &App, told: &Told, exchange: &Exchange, now: Timestamp) -> Result<Option<KeyId>, Problem> {
    let sent = match &told.key {
        Some(text) => Some(given_key(app, text, exchange).await?),
        None => None,
    };
    if told.uid.is_err() {
        return Ok(sent);
    }
    let Some(trial) = find_trial(app, told).await? else { return Ok(sent) };
    match trial.phase(now) {
        // Both open the plugin; the trial does for sure.
        TrialPhase::Subscribed(_) if trial.runs(now) => Ok(None),
        TrialPhase::Subscribed(subscription) if sent.is_none() => {
            app.ask(move |reader| Ok(trials::key_of(reader, subscription)?)).await
        }
        TrialPhase::Subscribed(_) | TrialPhase::Running | TrialPhase::Ended => Ok(sent),
    }
}

/// The id of a key that is whole and true. Whoever comes with too many that are not has to wait.
async fn given_key(app: &App, text: &str, exchange: &Exchange) -> Result<KeyId, Problem> {
    match app.keys.entry(text.as_bytes(), || registration::read(text.as_bytes())).await {
        Ok(known) => {
            let id = known.entry().key.id;
            exchange.about(id);
            Ok(id)
        }
        Err(NoEntry::Failed(failure)) => Err(Problem::ours(failure)),
        Err(NoEntry::Damaged(damage)) => match tiresome(app, exchange) {
            Some(problem) => Err(problem),
            None => Err(refused(app, Refusal::KeyDamaged(damage))),
        },
    }
}

async fn find_trial(app: &App, told: &Told) -> Result<Option<Trial>, Problem> {
    let asked = told.tries(app)?;
    app.ask(move |reader| Ok(trials::find_for(reader, &asked.plugin, asked.uid)?)).await
}

async fn begin_trial(app: &App, told: &Told, exchange: &Exchange, now: Timestamp) -> Result<Trial, Problem> {
    let known = find_trial(app, told).await?;
    // Anybody can make up a UID: an address begins so many trials and no more.
    if let (None, Some(problem)) = (&known, tiresome(app, exchange)) {
        return Err(problem);
    }
    let asked = told.tries(app)?;
    let begun = app.store.write(now, move |tx| trials::begin(tx, &asked)).await;
    begun.map_err(|undone| failed_with(app, undone))
}

fn tiresome(app: &App, exchange: &Exchange) -> Option<Problem> {
    let seconds = app.failed_keys.note(exchange.client(), app.clock.monotonic())?;
    app.metrics.limited(Limit::FailedKeys);
    Some(too_many_failed_keys(seconds))
}

/// What is told of a trial.
fn shown_trial(app: &App, told: &Told, trial: Trial, now: Timestamp) -> Result<Response, Problem> {
    if !trial.runs(now) {
        return Err(refused(app, Refusal::TrialEnded { at: trial.ends_at }));
    }
    Ok(shown(&PluginOpen {
        valid: true,
        basis: "trial",
        plugin: told.plugin.to_string(),
        code: Some("TRIAL_RUNNING"),
        message: latchkey_texts::trial(trial.ends_at, told.language, &app.zone).line(),
        url: told.address.to_string(),
        environment: None,
        instance_id: None,
        state: None,
        move_until: None,
        end_date: None,
        trial_until: Some(trial.ends_at.to_string()),
    }))
}

/// What is told of a key.
async fn tell(app: &App, told: &Told, answered: Answered, now: Timestamp) -> Result<Response, Problem> {
    let Answered { entry, verdict, instance, is_news: _ } = answered;
    let notice = match &verdict {
        Verdict::Open { notice, .. } => notice,
        Verdict::Closed(refusal) | Verdict::Refused(refusal) => return Err(refused(app, refusal.clone())),
    };
    let move_until = match notice {
        Notice::None => None,
        Notice::Arriving { until, .. } | Notice::Leaving { until, .. } => Some(until.to_string()),
    };
    let ends: Date = entry.subscription.period.ends;
    Ok(shown(&PluginOpen {
        valid: true,
        basis: "subscription",
        plugin: told.plugin.to_string(),
        code: verdict.code(),
        message: latchkey_texts::verdict(&verdict, &entry, told.language, &app.zone),
        url: told.address.to_string(),
        environment: instance.as_ref().map(|known| known.environment.to_string()),
        instance_id: instance.as_ref().map(|known| known.id.to_string()),
        state: instance.as_ref().map(|known| known.place(now).name().to_owned()),
        move_until,
        end_date: Some(ends.to_string()),
        trial_until: None,
    }))
}

fn version(app: &App, member: &'static str, given: Option<String>) -> Result<Option<String>, Problem> {
    let Some(given) = given.map(|given| given.trim().to_owned()).filter(|given| !given.is_empty()) else {
        return Ok(None);
    };
    let fault = match given.chars().position(char::is_control) {
        Some(at) => Some(latchkey_domain::text::TextFault::Control { at: at + 1 }),
        None if given.chars().count() > LONGEST_VERSION => {
            Some(latchkey_domain::text::TextFault::TooLong { most: LONGEST_VERSION })
        }
        None => None,
    };
    match fault {
        Some(fault) => Err(refused(app, Refusal::TextInvalid { field: member, fault })),
        None => Ok(Some(given)),
    }
}

fn refused(app: &App, refusal: Refusal) -> Problem {
    Problem::refusal(&refusal, &app.zone)
}

fn failed_with(app: &App, undone: latchkey_store::Undone) -> Problem {
    match undone {
        latchkey_store::Undone::Refused(refusal) => refused(app, refusal),
        latchkey_store::Undone::Failed(error) => failed(&error),
    }
}
