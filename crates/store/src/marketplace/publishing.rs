//! Publishing a version, and withdrawing one.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use latchkey_domain::Refusal;
use latchkey_domain::marketplace::{PluginKey, PluginVersion, Release};
use latchkey_domain::text::{Reason, fold};
use latchkey_domain::time::Timestamp;
use latchkey_key::purpose::ARCHIVE_DIGEST;
use serde_json::json;

use super::{Version, find_version, versions};
use crate::driver::Select as _;
use crate::subscriptions::{new_id, offers};
use crate::value::params;
use crate::{Actor, Done, StoreError, Tx, Vault, audit, feed, signing_keys};

/// A version that is to be published. Its archive is kept already.
#[derive(Debug, Clone)]
pub struct Order {
    /// Of which plugin; one that is not there is made.
    pub plugin: PluginKey,
    /// How people read it.
    pub name: String,
    /// What is said of the plugin, as JSON; what was said before stays where nothing is.
    pub sheet: Option<String>,
    /// What is said of a plugin that is new where nothing is said, as JSON.
    pub plain_sheet: String,
    /// The offers of which one is needed, by reference; as before where nothing is said.
    pub offers: Option<Vec<String>>,
    /// What decides who gets it.
    pub release: Release,
    /// The extension of its archive.
    pub packing: String,
    /// SHA-256 of the archive, as 64 hexadecimal digits.
    pub digest: String,
    /// The archive's length, in bytes.
    pub size: u64,
}

/// The text that is signed about an archive: which version of which plugin it is, its digest and its length, a line each.
pub fn signed_text(plugin: &str, version: &str, digest: &str, size: u64) -> String {
    format!("{plugin}\n{version}\n{digest}\n{size}\n")
}

/// Publishes a version. Of two who publish the same one, the second is told.
pub fn publish(tx: &mut Tx<'_>, vault: &Vault, order: &Order, actor: &Actor) -> Done<Version> {
    let now = tx.now();
    let Order { plugin, name, release, packing, digest, size, .. } = order;
    let mut references = order.offers.clone().unwrap_or_default();
    references.sort();
    references.dedup();
    for reference in &references {
        offers::find(tx, reference)?;
    }
    let offers = serde_json::to_string(&references).map_err(|error| StoreError::Bug(error.to_string()))?;
    tx.row(
        "INSERT INTO plugins (plugin, name, folded_name, sheet, offers, downloads, added_at, updated_at)
         VALUES ($plugin, $name, $folded, $sheet, $offers, 0, $now, $now) ON CONFLICT (plugin) DO NOTHING",
        params! {
            plugin,
            name: name.as_str(),
            folded: fold(name.as_str()),
            sheet: order.plain_sheet.as_str(),
            offers: offers.as_str(),
            now,
        },
    )?;
    let signer = signing_keys::current(tx, vault)?;
    let text = signed_text(plugin.as_str(), release.version.as_str(), digest, *size);
    let signature = STANDARD.encode(signer.sign(ARCHIVE_DIGEST, text.as_bytes()));
    let published = tx.row(
        "INSERT INTO plugin_versions (id, plugin, version, channel, glpi_min, glpi_max, packing, digest, size, signing_key,
                                      signature, published_at)
         VALUES ($id, $plugin, $version, $channel, $min, $max, $packing, $digest, $size, $signing_key, $signature, $now)
         ON CONFLICT (plugin, version) DO NOTHING RETURNING id",
        params! {
            id: new_id(now)?.to_string(),
            plugin,
            version: &release.version,
            channel: release.channel,
            min: release.glpi.min.as_ref(),
            max: release.glpi.max.as_ref(),
            packing: packing.as_str(),
            digest: digest.as_str(),
            size: i64::try_from(*size).unwrap_or(i64::MAX),
            signing_key: signer.id(),
            signature: signature.as_str(),
            now,
        },
    )?;
    if published.is_none() {
        let known = find_version(tx, plugin.as_str(), release.version.as_str())?;
        return Err(exists(plugin, &release.version, known.published_at).into());
    }
    // What is published for an older line says nothing about the plugin as it is now.
    let is_highest = |tx: &mut Tx<'_>| -> Result<bool, StoreError> {
        Ok(versions(tx, plugin)?.first().is_some_and(|highest| highest.release.version == release.version))
    };
    let described = order.sheet.is_some() && is_highest(tx)?;
    tx.row(
        "UPDATE plugins SET updated_at = $now, name = CASE WHEN $described = 1 THEN $name ELSE name END,
                            folded_name = CASE WHEN $described = 1 THEN $folded ELSE folded_name END,
                            sheet = CASE WHEN $described = 1 THEN $sheet ELSE sheet END,
                            offers = CASE WHEN $priced = 1 THEN $offers ELSE offers END
          WHERE plugin = $plugin",
        params! {
            now,
            described: i64::from(described),
            name: name.as_str(),
            folded: fold(name.as_str()),
            sheet: order.sheet.as_deref().unwrap_or_default(),
            priced: i64::from(order.offers.is_some()),
            offers: offers.as_str(),
            plugin,
        },
    )?;
    let detail = json!({
        "version": release.version.as_str(),
        "channel": release.channel.name(),
        "sha256": digest,
        "required_by": order.offers.as_ref().map(|_| references),
    });
    tx.audit(audit::Entry::new(actor, "plugin.publish", "plugin", plugin).detail(detail))?;
    tx.announce(feed::Topic::Plugin, plugin.as_str())?;
    Ok(Version {
        plugin: plugin.clone(),
        release: release.clone(),
        packing: packing.clone(),
        digest: digest.clone(),
        size: *size,
        signing_key: signer.id(),
        signature,
        published_at: now,
    })
}

/// Withdraws a version: nobody gets it any more, and who has it is told.
pub fn withdraw(tx: &mut Tx<'_>, plugin: &str, version: &str, actor: &Actor, reason: &Reason) -> Done<Version> {
    let now = tx.now();
    let known = find_version(tx, plugin, version)?;
    let row = tx.row(
        "UPDATE plugin_versions SET withdrawn_at = $now
          WHERE plugin = $plugin AND version = $version AND withdrawn_at IS NULL RETURNING id",
        params! { now, plugin: &known.plugin, version: &known.release.version },
    )?;
    if row.is_none() {
        let at = known.release.withdrawn_at.unwrap_or(now);
        return Err(withdrawn(&known, at).into());
    }
    let detail = json!({ "version": version });
    tx.audit(audit::Entry::new(actor, "plugin.withdraw", "plugin", plugin).detail(detail).reason(Some(reason)))?;
    tx.announce(feed::Topic::Plugin, plugin)?;
    Ok(Version { release: Release { withdrawn_at: Some(now), ..known.release.clone() }, ..known })
}

fn exists(plugin: &PluginKey, version: &PluginVersion, at: Timestamp) -> Refusal {
    Refusal::PluginVersionExists { plugin: plugin.to_string(), version: version.to_string(), at }
}

fn withdrawn(version: &Version, at: Timestamp) -> Refusal {
    Refusal::PluginVersionWithdrawn {
        plugin: version.plugin.to_string(),
        version: version.release.version.to_string(),
        at,
    }
}
