//! Who has downloaded what, and what a subscription is given to see.

use std::collections::HashMap;

use latchkey_domain::ids::{CustomerId, SubscriptionId};
use latchkey_domain::marketplace::{Channel, PluginKey, PluginVersion};
use latchkey_domain::subscriptions::Phase;
use latchkey_domain::text::OfferRef;
use latchkey_domain::time::Timestamp;
use serde_json::json;

use super::holders;
use crate::driver::Select;
use crate::subscriptions::{new_id, subscriptions};
use crate::value::params;
use crate::{Actor, Done, StoreError, Tx, audit, feed};

/// A download that is to be counted.
#[derive(Debug, Clone)]
pub struct Download {
    /// Of which plugin.
    pub plugin: PluginKey,
    /// Which version.
    pub version: PluginVersion,
    /// By which GLPI.
    pub instance: String,
    /// With a key of which subscription.
    pub subscription: SubscriptionId,
}

/// A download as it is kept.
#[derive(Debug, Clone)]
pub struct Kept {
    /// Its row.
    pub id: String,
    /// What was downloaded, and by whom.
    pub download: Download,
    /// When, the last time.
    pub at: Timestamp,
}

/// Downloads, those after one, and at most so many.
pub fn list(from: &mut impl Select, after: &str, most: u32) -> Result<Vec<Kept>, StoreError> {
    from.rows(
        "SELECT id, plugin, version, instance, subscription_id, at FROM plugin_downloads
          WHERE id > $after ORDER BY id LIMIT CAST($most AS BIGINT)",
        params! { after, most },
    )?
    .iter()
    .map(|row| {
        Ok(Kept {
            id: row.get("id")?,
            download: Download {
                plugin: row.get("plugin")?,
                version: row.get("version")?,
                instance: row.get("instance")?,
                subscription: row.get("subscription_id")?,
            },
            at: row.get("at")?,
        })
    })
    .collect()
}

/// Writes a download down: it is what its instance has now, an earlier version that was fetched again included. Each instance
/// and version counts once. True where it was the first.
pub fn count(tx: &mut Tx<'_>, download: &Download) -> Done<bool> {
    let Download { plugin, version, instance, subscription } = download;
    let now = tx.now();
    let before = holders::version_in(tx, plugin.as_str(), instance)?;
    let moved_on = |tx: &mut Tx<'_>| holders::moved_on(tx, plugin.as_str(), before.as_deref(), Some(version.as_str()));
    let again = tx.row(
        "UPDATE plugin_downloads SET at = $now, subscription_id = $subscription
          WHERE plugin = $plugin AND version = $version AND instance = $instance RETURNING id",
        params! { now, subscription: *subscription, plugin, version, instance: instance.as_str() },
    )?;
    if again.is_some() {
        moved_on(tx)?;
        return Ok(false);
    }
    let row = tx.row(
        "INSERT INTO plugin_downloads (id, plugin, version, instance, subscription_id, at)
         SELECT $id, v.plugin, v.version, $instance, $subscription, $now FROM plugin_versions v
          WHERE v.plugin = $plugin AND v.version = $version
         ON CONFLICT (plugin, version, instance) DO NOTHING RETURNING id",
        params! {
            id: new_id(now)?.to_string(),
            instance: instance.as_str(),
            subscription: *subscription,
            now,
            plugin,
            version,
        },
    )?;
    if row.is_none() {
        return Ok(false);
    }
    tx.row("UPDATE plugins SET downloads = downloads + 1 WHERE plugin = $plugin", params! { plugin })?;
    moved_on(tx)?;
    Ok(true)
}

/// When the versions of a plugin were downloaded since, each instance and version once, oldest first.
pub fn downloaded_at(
    from: &mut impl Select,
    plugin: &PluginKey,
    since: Timestamp,
) -> Result<Vec<Timestamp>, StoreError> {
    from.rows(
        "SELECT at FROM plugin_downloads WHERE plugin = $plugin AND at >= $since ORDER BY at",
        params! { plugin, since },
    )?
    .iter()
    .map(|row| row.get("at"))
    .collect()
}

/// The offers of all subscriptions of a customer that run at `now`.
pub fn held_offers(from: &mut impl Select, customer: CustomerId, now: Timestamp) -> Result<Vec<OfferRef>, StoreError> {
    let rows = from.rows(
        "SELECT s.id AS subscription_id, s.customer_id, s.offer, s.begins, s.ends, s.grace_ends, s.begins_at, s.ends_at,
                s.grace_ends_at, s.seats, s.suspended_at, s.terminated_at
           FROM subscriptions s WHERE s.customer_id = $customer",
        params! { customer },
    )?;
    let mut offers = Vec::new();
    for row in &rows {
        let subscription = subscriptions::read(row)?;
        match subscription.phase(now) {
            Phase::Running { .. } | Phase::Grace { .. } => offers.push(subscription.offer),
            Phase::Scheduled { .. } | Phase::Expired { .. } | Phase::Suspended { .. } | Phase::Terminated { .. } => {}
        }
    }
    Ok(offers)
}

/// Puts a subscription on a channel.
pub fn set_channel(tx: &mut Tx<'_>, id: SubscriptionId, channel: Channel, actor: &Actor) -> Done<()> {
    subscriptions::find(tx, id)?;
    tx.row(
        "INSERT INTO plugin_channels (subscription_id, channel) VALUES ($id, $channel)
         ON CONFLICT (subscription_id) DO UPDATE SET channel = excluded.channel",
        params! { id, channel },
    )?;
    let detail = json!({ "channel": channel.name() });
    tx.audit(audit::Entry::new(actor, "subscription.channel", "subscription", id).detail(detail))?;
    tx.announce(feed::Topic::Plugin, "")
}

/// The channel of a subscription.
pub fn channel(from: &mut impl Select, id: SubscriptionId) -> Result<Channel, StoreError> {
    let row = from.row("SELECT channel FROM plugin_channels WHERE subscription_id = $id", params! { id })?;
    row.map_or(Ok(Channel::Stable), |row| row.get("channel"))
}

/// All subscriptions that are not on the stable channel.
pub fn channels(from: &mut impl Select) -> Result<HashMap<SubscriptionId, Channel>, StoreError> {
    from.rows("SELECT subscription_id, channel FROM plugin_channels WHERE channel <> 'stable'", params! {})?
        .iter()
        .map(|row| Ok((row.get("subscription_id")?, row.get("channel")?)))
        .collect()
}
