//! What a plugin's own code asks: may this site use the plugin? The key is the credential; without one it is a trial.
//!
//! An offer says what takes a seat: the GLPI, so that one key opens all its plugins for it, or the plugin's address, so that
//! there is one key per plugin and production address. Either way the same rules hold as for a GLPI's own questions.

use latchkey_domain::Refusal;
use latchkey_domain::ids::{InstanceId, KeyId, MoveId};
use latchkey_domain::instances::{
    Address, Environment, InstanceUid, Newcomer, Notice, PluginName, SeatedBy, Site, Standing, UidFault,
};
use latchkey_domain::subscriptions::{KeyEntry, Offer, Verdict, decide};
use latchkey_domain::time::{HOUR, Millis, Timestamp};
use serde_json::json;
use uuid::Uuid;

use super::holdings::{self, Guise};
use super::list::{self, Listed};
use super::{Pool, releases, seen};
use crate::driver::Select;
use crate::marketplace::holders;
use crate::subscriptions::{entries, new_id, offers};
use crate::value::params;
use crate::{Actor, Done, StoreError, Tx, audit};

/// How old what is written down of a site may be, in milliseconds.
const FRESH: Millis = HOUR;

/// A site that asks.
#[derive(Debug, Clone)]
pub struct Asked {
    /// With which key, which was found whole and true.
    pub key: KeyId,
    /// About which plugin.
    pub plugin: PluginName,
    /// The plugin's version.
    pub plugin_version: Option<String>,
    /// Where it is.
    pub address: Address,
    /// In which GLPI.
    pub uid: Result<InstanceUid, UidFault>,
    /// Its version.
    pub glpi_version: Option<String>,
    /// What it is for: production only where the address may be.
    pub environment: Environment,
    /// What it looks like from outside.
    pub face: u32,
}

/// What a site is told.
#[derive(Debug, Clone)]
pub struct Answered {
    /// The key with what it opens.
    pub entry: KeyEntry,
    /// Whether the plugin is open, and why not.
    pub verdict: Verdict,
    /// The instance that the site counts as, where it is remembered.
    pub instance: Option<Listed>,
    /// Whether what is written down of the plugin there is old, or another version: then it is to be noted.
    pub is_news: bool,
}

/// Activates a plugin: its site gets a place, or is told why not, and either is written down.
pub fn activate(tx: &mut Tx<'_>, asked: &Asked) -> Done<Answered> {
    let (entry, offer) = opened(tx, asked)?;
    let verdict = decide(&entry, tx.now());
    if !verdict.is_running() {
        return Ok(Answered::without(entry, verdict));
    }
    let now = tx.now();
    let (pool, site) = place_of(asked, &entry, &offer)?;
    let newcomer = Newcomer {
        id: InstanceId(new_id(now)?),
        move_id: MoveId(new_id(now)?),
        site: site.clone(),
        environment: asked.environment,
        on_purpose: true,
    };
    let mut here = holdings::load(tx, &pool)?;
    let spent = holdings::spent(tx, &pool, now)?;
    let admission = here.admit(&newcomer, &offer.policy, &spent, now);
    let known = here.find(&site).map_or(newcomer.id, |known| known.id);
    let actor = Actor::instance(known);
    holdings::write(tx, &pool, &admission.changes, Some(&asked.guise(&pool)), &actor)?;
    for change in &admission.changes {
        here.apply(change);
    }
    if let Some(refusal) = admission.turned_away {
        return Ok(Answered::without(entry, Verdict::Refused(refusal)));
    }
    let verdict = standing(verdict, here.standing(&site, now))?;
    if verdict.is_running() {
        write_down(tx, known, asked, &actor)?;
    }
    seen::note(tx, &[asked.sighting(known, now)])?;
    Ok(Answered { entry, verdict, instance: Some(list::find(tx, known)?), is_news: false })
}

/// Asks whether a plugin that was activated is open. Nothing is written.
pub fn validate(from: &mut impl Select, asked: &Asked, now: Timestamp) -> Done<Answered> {
    let (entry, offer) = opened(from, asked)?;
    let verdict = decide(&entry, now);
    if !verdict.is_running() {
        return Ok(Answered::without(entry, verdict));
    }
    let (pool, site) = place_of(asked, &entry, &offer)?;
    let here = holdings::load(from, &pool)?;
    let unknown = || Refusal::InstanceUnknown { instance: site.as_str().to_owned() };
    let known = here.find(&site).ok_or_else(unknown)?;
    let verdict = match here.standing(&site, now) {
        // It may be activated, but not by asking.
        Standing::Stranger | Standing::MayTry => return Err(unknown().into()),
        settled @ (Standing::Works(_) | Standing::Stopped(_)) => standing(verdict, settled)?,
    };
    let is_news = is_news(from, asked, known.id, now)?;
    Ok(Answered { entry, verdict, instance: Some(list::find(from, known.id)?), is_news })
}

/// Whether a plugin says another version of itself than is written down, or that is old.
fn is_news(from: &mut impl Select, asked: &Asked, instance: InstanceId, now: Timestamp) -> Result<bool, StoreError> {
    let row = from.row(
        "SELECT plugin_version, last_seen FROM activations WHERE instance_id = $instance AND plugin = $plugin",
        params! { instance, plugin: asked.plugin.as_str() },
    )?;
    let Some(row) = row else { return Ok(true) };
    let (version, last_seen): (Option<String>, Timestamp) = (row.get("plugin_version")?, row.get("last_seen")?);
    Ok(now.since(last_seen) > FRESH || asked.plugin_version.is_some() && asked.plugin_version != version)
}

/// Notes that a site that is known has asked, where what is written down of it is old or where it decides something.
pub fn note(tx: &mut Tx<'_>, asked: &Asked, instance: InstanceId) -> Done<()> {
    let now = tx.now();
    write_down(tx, instance, asked, &Actor::instance(instance))?;
    seen::note(tx, &[asked.sighting(instance, now)])
}

/// A plugin is no longer in use at a site. Its seat stays what it is; `give_back` gives it back, as far as the offer lets
/// that happen without a person.
pub fn deactivate(tx: &mut Tx<'_>, asked: &Asked, give_back: bool) -> Done<Listed> {
    let (entry, offer) = opened(tx, asked)?;
    let now = tx.now();
    let (pool, site) = place_of(asked, &entry, &offer)?;
    let here = holdings::load(tx, &pool)?;
    let Some(known) = here.find(&site).map(|known| known.id) else {
        return Err(Refusal::InstanceUnknown { instance: site.as_str().to_owned() }.into());
    };
    let actor = Actor::instance(known);
    let before = version_there(tx, asked, known)?;
    let row = tx.row(
        "UPDATE activations SET deactivated_at = $now
          WHERE instance_id = $known AND plugin = $plugin AND deactivated_at IS NULL RETURNING id",
        params! { now, known, plugin: asked.plugin.as_str() },
    )?;
    if row.is_some() {
        let detail = json!({ "plugin": asked.plugin.as_str() });
        tx.audit(audit::Entry::new(&actor, "plugin.deactivate", "instance", known).detail(detail))?;
        let after = version_there(tx, asked, known)?;
        holders::moved_on(tx, asked.plugin.as_str(), before.as_deref(), after.as_deref())?;
    }
    if give_back {
        releases::give_back(tx, &pool, &here, known, &offer.policy)?;
    }
    list::find(tx, known)
}

impl Answered {
    fn without(entry: KeyEntry, verdict: Verdict) -> Self {
        Self { entry, verdict, instance: None, is_news: false }
    }
}

impl Asked {
    fn guise(&self, pool: &Pool) -> Guise {
        let uid = if pool.plugin.is_empty() { None } else { self.uid.ok() };
        Guise { key: self.key, uid, version: self.glpi_version.clone(), face: Some(self.face) }
    }

    fn sighting(&self, instance: InstanceId, at: Timestamp) -> seen::Sighting {
        seen::Sighting { instance, key: self.key, at, version: self.glpi_version.clone(), face: self.face }
    }
}

/// The key's entry and its offer, which has to open the plugin.
fn opened(from: &mut impl Select, asked: &Asked) -> Done<(KeyEntry, Offer)> {
    let Some(entry) = entries::fill(from, asked.key)?.entry else {
        return Err(Refusal::KeyUnknown { key: asked.key.to_string() }.into());
    };
    let offer = offers::find(from, entry.subscription.offer.as_str())?;
    if !offer.cover.opens(&asked.plugin) {
        return Err(not_covered(&offer, &asked.plugin).into());
    }
    Ok((entry, offer))
}

pub(super) fn not_covered(offer: &Offer, plugin: &PluginName) -> Refusal {
    let covered = offer.cover.plugins.iter().map(ToString::to_string).collect();
    Refusal::PluginNotCovered { plugin: plugin.to_string(), covered }
}

/// What takes the seat, and among whom.
fn place_of(asked: &Asked, entry: &KeyEntry, offer: &Offer) -> Result<(Pool, Site), Refusal> {
    let subscription = entry.subscription.id;
    match offer.cover.seated_by {
        SeatedBy::Instance => {
            let uid = asked.uid.map_err(|fault| Refusal::InstanceUnnamed { fault })?;
            Ok((Pool::glpis(subscription), Site::Glpi(uid)))
        }
        SeatedBy::Address => {
            Ok((Pool::sites(subscription, &asked.plugin), Site::Address(asked.address.as_str().into())))
        }
    }
}

fn standing(verdict: Verdict, standing: Standing) -> Result<Verdict, StoreError> {
    match (verdict, standing) {
        (Verdict::Open { succession, warning, notice: Notice::None }, Standing::Works(notice)) => {
            Ok(Verdict::Open { succession, warning, notice })
        }
        (_, Standing::Stopped(refusal)) => Ok(Verdict::Refused(refusal)),
        (_, Standing::Works(_) | Standing::Stranger | Standing::MayTry) => {
            Err(StoreError::Bug("a site was neither admitted nor refused".into()))
        }
    }
}

fn write_down(tx: &mut Tx<'_>, instance: InstanceId, asked: &Asked, actor: &Actor) -> Done<()> {
    let now = tx.now();
    let id: Uuid = new_id(now)?;
    let before = version_there(tx, asked, instance)?;
    let row = tx.row(
        "SELECT deactivated_at FROM activations WHERE instance_id = $instance AND plugin = $plugin",
        params! { instance, plugin: asked.plugin.as_str() },
    )?;
    tx.row(
        "INSERT INTO activations (id, instance_id, plugin, plugin_version, glpi_version, url, uid, first_seen, last_seen)
         VALUES ($id, $instance, $plugin, $plugin_version, $glpi_version, $url, $uid, $now, $now)
         ON CONFLICT (instance_id, plugin) DO UPDATE
            SET plugin_version = COALESCE(excluded.plugin_version, activations.plugin_version),
                glpi_version = COALESCE(excluded.glpi_version, activations.glpi_version), url = excluded.url,
                uid = COALESCE(excluded.uid, activations.uid), last_seen = excluded.last_seen, deactivated_at = NULL",
        params! {
            id: id.to_string(),
            instance,
            plugin: asked.plugin.as_str(),
            plugin_version: asked.plugin_version.as_deref(),
            glpi_version: asked.glpi_version.as_deref(),
            url: asked.address.as_str(),
            uid: asked.uid.as_ref().ok().map(InstanceUid::as_str),
            now,
        },
    )?;
    let begins = match row {
        None => true,
        Some(row) => row.get::<Option<Timestamp>>("deactivated_at")?.is_some(),
    };
    let after = version_there(tx, asked, instance)?;
    holders::moved_on(tx, asked.plugin.as_str(), before.as_deref(), after.as_deref())?;
    if begins {
        let detail = json!({ "plugin": asked.plugin.as_str(), "key": asked.key.to_string() });
        tx.audit(audit::Entry::new(actor, "plugin.activate", "instance", instance).detail(detail))?;
    }
    Ok(())
}

/// The version of a plugin that its GLPI has, as far as is known; where the GLPI is not, that of the site.
fn version_there(from: &mut impl Select, asked: &Asked, instance: InstanceId) -> Result<Option<String>, StoreError> {
    if let Ok(uid) = &asked.uid {
        return holders::version_in(from, asked.plugin.as_str(), uid.as_str());
    }
    let row = from.row(
        "SELECT plugin_version FROM activations
          WHERE instance_id = $instance AND plugin = $plugin AND deactivated_at IS NULL",
        params! { instance, plugin: asked.plugin.as_str() },
    )?;
    row.map(|row| row.get("plugin_version")).transpose().map(Option::flatten)
}
