//! Trials: a plugin that is used without a key for a while, once per plugin and GLPI.

use latchkey_domain::Refusal;
use latchkey_domain::ids::{InstanceId, MoveId, SubscriptionId, TrialId};
use latchkey_domain::instances::{Address, Environment, InstanceUid, Newcomer, PluginName, SeatedBy, Site, Trial};
use latchkey_domain::subscriptions::{Period, Term};
use latchkey_domain::text::Reason;
use latchkey_domain::time::{Timestamp, Zone};
use serde_json::json;

use super::holdings::{self, Guise};
use super::{Pool, plugins};
use crate::driver::Select;
use crate::marketplace::holders;
use crate::subscriptions::keys::{self, Issued};
use crate::subscriptions::subscriptions::guarded;
use crate::subscriptions::{customers, new_id, offers, subscriptions};
use crate::value::{Row, params};
use crate::{Actor, Done, StoreError, Tx, Vault, audit};

/// A GLPI that would try a plugin.
#[derive(Debug, Clone)]
pub struct Asked {
    /// Which plugin.
    pub plugin: PluginName,
    /// Its version.
    pub plugin_version: Option<String>,
    /// Which GLPI.
    pub uid: InstanceUid,
    /// Its version.
    pub glpi_version: Option<String>,
    /// Where it is.
    pub address: Address,
}

/// A trial as lists show it.
#[derive(Debug, Clone)]
pub struct Listed {
    /// The trial.
    pub trial: Trial,
    /// Where it was last used.
    pub url: Option<String>,
    /// When it was last used, give or take an hour.
    pub last_seen: Timestamp,
}

/// What a trial is turned into.
#[derive(Debug, Clone)]
pub struct Order {
    /// The customer's name, or its id; one that is not there is added by name.
    pub customer: String,
    /// The offer's reference; it has to open the plugin.
    pub offer: String,
    /// How long the subscription lasts.
    pub term: Term,
}

/// Begins a trial, or finds the one that was begun. A GLPI that has had its trial is not given another.
pub fn begin(tx: &mut Tx<'_>, asked: &Asked) -> Done<Trial> {
    let (plugin, uid) = (asked.plugin.as_str(), asked.uid.as_str());
    let before = holders::version_in(tx, plugin, uid)?;
    let trial = begun(tx, asked)?;
    let after = holders::version_in(tx, plugin, uid)?;
    holders::moved_on(tx, plugin, before.as_deref(), after.as_deref())?;
    Ok(trial)
}

fn begun(tx: &mut Tx<'_>, asked: &Asked) -> Done<Trial> {
    let now = tx.now();
    if let Some(known) = find_for(tx, &asked.plugin, asked.uid)? {
        used(tx, &known, asked)?;
        return Ok(known);
    }
    let offered = offers::list(tx)?.into_iter().filter(|offer| offer.cover.opens(&asked.plugin));
    let days = offered.map(|offer| offer.cover.trial_days).max().unwrap_or(0);
    if days == 0 {
        return Err(Refusal::TrialUnavailable { plugin: asked.plugin.to_string() }.into());
    }
    let (id, ends_at) = (TrialId(new_id(now)?), Trial::ends(now, days));
    tx.row(
        "INSERT INTO trials (id, plugin, uid, url, plugin_version, glpi_version, started_at, ends_at, last_seen)
         VALUES ($id, $plugin, $uid, $url, $plugin_version, $glpi_version, $now, $ends_at, $now)",
        params! {
            id,
            plugin: asked.plugin.as_str(),
            uid: asked.uid.as_str(),
            url: asked.address.as_str(),
            plugin_version: asked.plugin_version.as_deref(),
            glpi_version: asked.glpi_version.as_deref(),
            now,
            ends_at,
        },
    )?;
    let detail = json!({ "plugin": asked.plugin.as_str(), "until": ends_at.to_string() });
    tx.audit(audit::Entry::new(&Actor::server(), "trial.begin", "trial", id).detail(detail))?;
    find(tx, id).map(|listed| listed.trial)
}

/// Notes that a trial was used.
pub fn used(tx: &mut Tx<'_>, trial: &Trial, asked: &Asked) -> Done<()> {
    let now = tx.now();
    tx.row(
        "UPDATE trials SET last_seen = $now, url = $url,
                plugin_version = COALESCE(CAST($plugin_version AS TEXT), plugin_version),
                glpi_version = COALESCE(CAST($glpi_version AS TEXT), glpi_version)
          WHERE id = $id RETURNING id",
        params! {
            now,
            url: asked.address.as_str(),
            plugin_version: asked.plugin_version.as_deref(),
            glpi_version: asked.glpi_version.as_deref(),
            id: trial.id,
        },
    )?;
    Ok(())
}

/// The trial of a plugin by a GLPI.
pub fn find_for(from: &mut impl Select, plugin: &PluginName, uid: InstanceUid) -> Result<Option<Trial>, StoreError> {
    let row = from.row(
        "SELECT id, plugin, uid, url, started_at, ends_at, last_seen, subscription_id
           FROM trials WHERE plugin = $plugin AND uid = $uid",
        params! { plugin: plugin.as_str(), uid: uid.as_str() },
    )?;
    row.as_ref().map(|row| read(row).map(|listed| listed.trial)).transpose()
}

/// The trial of an id.
pub fn find(from: &mut impl Select, id: TrialId) -> Done<Listed> {
    let row = from.row(
        "SELECT id, plugin, uid, url, started_at, ends_at, last_seen, subscription_id FROM trials WHERE id = $id",
        params! { id },
    )?;
    match row {
        Some(row) => Ok(read(&row)?),
        None => Err(Refusal::TrialUnknown { trial: id.to_string() }.into()),
    }
}

/// A page of trials, newest first; at most so many.
pub fn page(from: &mut impl Select, before: Option<TrialId>, most: u32) -> Result<Vec<Listed>, StoreError> {
    from.rows(
        "SELECT id, plugin, uid, url, started_at, ends_at, last_seen, subscription_id FROM trials
          WHERE (CAST($before AS TEXT) IS NULL OR id < CAST($before AS TEXT)) ORDER BY id DESC LIMIT $most",
        params! { before, most },
    )?
    .iter()
    .map(read)
    .collect()
}

/// Lets a trial go on for so many days more: from its end, or from now where it is over.
pub fn extend(tx: &mut Tx<'_>, id: TrialId, days: u32, actor: &Actor, reason: Option<&Reason>) -> Done<Listed> {
    let before = find(tx, id)?.trial;
    let ends_at = before.extended(days, tx.now())?;
    let row = tx.row(
        "UPDATE trials SET ends_at = $ends_at WHERE id = $id AND subscription_id IS NULL RETURNING id",
        params! { ends_at, id },
    )?;
    guarded(row)?;
    let detail = json!({ "until": ends_at.to_string(), "until_before": before.ends_at.to_string() });
    tx.audit(audit::Entry::new(actor, "trial.extend", "trial", id).detail(detail).reason(reason))?;
    find(tx, id)
}

/// Turns a trial into a subscription without a gap: its first day is the one on which the trial ends, or today where it is
/// over, and the GLPI that tried has its seat.
pub fn subscribe(
    tx: &mut Tx<'_>,
    vault: &Vault,
    id: TrialId,
    order: &Order,
    zone: &Zone,
    actor: &Actor,
) -> Done<Issued> {
    let (now, listed) = (tx.now(), find(tx, id)?);
    let trial = listed.trial;
    if let Some(subscription) = trial.subscription {
        return Err(Refusal::TrialSubscribed { subscription }.into());
    }
    let offer = offers::find(tx, &order.offer)?;
    if !offer.cover.opens(&trial.plugin) {
        return Err(plugins::not_covered(&offer, &trial.plugin).into());
    }
    let begins = zone.date_of(trial.ends_at.max(now));
    let period = Period::starting(begins, order.term, &offer, zone)?;
    let (customer, _) = customers::find_or_add(tx, &order.customer, actor)?;
    let subscription = subscriptions::sell(tx, customer.id, &offer, period, actor)?;
    let issued = keys::issue_to(tx, vault, subscription, customer, zone, actor)?;
    let row = tx.row(
        "UPDATE trials SET subscription_id = $subscription WHERE id = $id AND subscription_id IS NULL RETURNING id",
        params! { subscription: issued.subscription.id, id },
    )?;
    guarded(row)?;
    let detail = json!({ "subscription": issued.subscription.id.to_string(), "key": issued.key.id.to_string() });
    tx.audit(audit::Entry::new(actor, "trial.subscribe", "trial", id).detail(detail))?;
    seat(tx, &trial, listed.url.as_deref(), &issued, offer.cover.seated_by)?;
    Ok(issued)
}

/// The subscription that a trial was turned into, with the newest of its keys.
pub fn key_of(
    from: &mut impl Select,
    subscription: SubscriptionId,
) -> Result<Option<latchkey_domain::ids::KeyId>, StoreError> {
    from.row(
        "SELECT id FROM keys WHERE subscription_id = $subscription ORDER BY id DESC LIMIT 1",
        params! { subscription },
    )?
    .map(|row| row.get("id"))
    .transpose()
}

/// Gives the GLPI that tried the first seat of its new subscription.
fn seat(tx: &mut Tx<'_>, trial: &Trial, url: Option<&str>, issued: &Issued, seated_by: SeatedBy) -> Done<()> {
    let (now, subscription) = (tx.now(), issued.subscription.id);
    let (pool, site) = match (seated_by, url) {
        (SeatedBy::Instance, _) => (Pool::glpis(subscription), Site::Glpi(trial.uid)),
        (SeatedBy::Address, Some(url)) => (Pool::sites(subscription, &trial.plugin), Site::Address(url.into())),
        // It never said where it is; it will when it comes with its key.
        (SeatedBy::Address, None) => return Ok(()),
    };
    let newcomer = Newcomer {
        id: InstanceId(new_id(now)?),
        move_id: MoveId(new_id(now)?),
        site,
        environment: Environment::Production,
        on_purpose: true,
    };
    let here = holdings::load(tx, &pool)?;
    let spent = holdings::spent(tx, &pool, now)?;
    let offer = offers::find(tx, issued.subscription.offer.as_str())?;
    let admission = here.admit(&newcomer, &offer.policy, &spent, now);
    let guise = Guise { key: issued.key.id, uid: Some(trial.uid), version: None, face: None };
    holdings::write(tx, &pool, &admission.changes, Some(&guise), &Actor::instance(newcomer.id))
}

pub(crate) fn read(row: &Row) -> Result<Listed, StoreError> {
    let (plugin, uid): (String, String) = (row.get("plugin")?, row.get("uid")?);
    Ok(Listed {
        trial: Trial {
            id: row.get("id")?,
            plugin: PluginName::parse(&plugin).map_err(|_| StoreError::Corrupt("a trial's plugin is none".into()))?,
            uid: InstanceUid::parse(uid.as_bytes()).map_err(|_| StoreError::Corrupt("a trial's UID is none".into()))?,
            started_at: row.get("started_at")?,
            ends_at: row.get("ends_at")?,
            subscription: row.get("subscription_id")?,
        },
        url: row.get("url")?,
        last_seen: row.get("last_seen")?,
    })
}
