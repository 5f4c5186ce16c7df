//! Plugins, their versions, and who has them. Archives themselves are kept elsewhere, by their digests.
//!
//! A version is published once and never changes: what somebody has downloaded is what its signature names.

pub mod downloads;
pub(crate) mod holders;
mod publishing;

pub use downloads::{Download, channel, channels, count, downloaded_at, held_offers, set_channel};
pub use holders::{Held, holders_of_withdrawn, running, spread};
pub use publishing::{Order, publish, signed_text, withdraw};

use latchkey_domain::Refusal;
use latchkey_domain::ids::SigningKeyId;
use latchkey_domain::marketplace::{Channel, GlpiRange, PluginKey, PluginVersion, Release};
use latchkey_domain::text::{OfferRef, nearest};
use latchkey_domain::time::Timestamp;

use crate::driver::Select;
use crate::value::{FromValue, IntoValue, Row, Value, params};
use crate::{Done, StoreError};

/// A plugin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plugin {
    /// Its key.
    pub key: PluginKey,
    /// How people read it.
    pub name: String,
    /// What is said of it, as JSON.
    pub sheet: String,
    /// The offers of which one is needed; none for a plugin that is for everybody with a key.
    pub offers: Vec<OfferRef>,
    /// Downloads, each instance and version once.
    pub downloads: u32,
    /// When it was first published.
    pub added_at: Timestamp,
    /// When its latest version was.
    pub updated_at: Timestamp,
}

/// One version of a plugin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version {
    /// Of which plugin.
    pub plugin: PluginKey,
    /// What decides who gets it.
    pub release: Release,
    /// The extension of its archive.
    pub packing: String,
    /// SHA-256 of the archive, as 64 hexadecimal digits.
    pub digest: String,
    /// The archive's length, in bytes.
    pub size: u64,
    /// Which signing key vouches for it.
    pub signing_key: SigningKeyId,
    /// The signature of [`signed_text`], in standard base64.
    pub signature: String,
    /// When it was published.
    pub published_at: Timestamp,
}

/// All plugins by their keys, and all versions of each, the highest first.
pub fn all(from: &mut impl Select) -> Result<Vec<(Plugin, Vec<Version>)>, StoreError> {
    let plugins = from.rows(
        "SELECT plugin, name, sheet, offers, downloads, added_at, updated_at FROM plugins ORDER BY plugin",
        params! {},
    )?;
    let mut all = plugins.iter().map(|row| Ok((plugin(row)?, Vec::new()))).collect::<Result<Vec<_>, StoreError>>()?;
    let rows = from.rows(
        "SELECT plugin, version, channel, glpi_min, glpi_max, packing, digest, size, signing_key, signature, published_at,
                withdrawn_at
           FROM plugin_versions ORDER BY plugin",
        params! {},
    )?;
    let mut at = 0;
    for row in &rows {
        let version = version(row)?;
        while all.get(at).is_some_and(|(plugin, _)| plugin.key != version.plugin) {
            at += 1;
        }
        if let Some((_, versions)) = all.get_mut(at) {
            versions.push(version);
        }
    }
    all.iter_mut().for_each(|(_, versions)| sort(versions));
    Ok(all)
}

/// A plugin with its versions, the highest first, or a refusal that names what was probably meant.
pub fn find(from: &mut impl Select, key: &str) -> Done<(Plugin, Vec<Version>)> {
    let row = from.row(
        "SELECT plugin, name, sheet, offers, downloads, added_at, updated_at FROM plugins WHERE plugin = $key",
        params! { key: key },
    )?;
    let Some(row) = row else {
        let known = from.rows("SELECT plugin FROM plugins ORDER BY plugin LIMIT 1000", params! {})?;
        let known = known.iter().map(|row| row.get("plugin")).collect::<Result<Vec<String>, _>>()?;
        let meant = nearest(key, known.iter().map(String::as_str)).map(str::to_owned);
        return Err(Refusal::PluginUnknown { plugin: key.chars().take(60).collect(), meant }.into());
    };
    let plugin = plugin(&row)?;
    let versions = versions(from, &plugin.key)?;
    Ok((plugin, versions))
}

/// One version of a plugin, withdrawn or not.
pub fn find_version(from: &mut impl Select, key: &str, number: &str) -> Done<Version> {
    let (plugin, versions) = find(from, key)?;
    let found = versions.into_iter().find(|version| version.release.version.as_str() == number);
    found.ok_or_else(|| {
        let version = number.chars().take(60).collect();
        Refusal::PluginVersionUnknown { plugin: plugin.key.to_string(), version }.into()
    })
}

/// The versions whose archive has this digest; the same archive is never published under two names, but nothing rests on that.
pub fn by_digest(from: &mut impl Select, digest: &str) -> Result<Vec<Version>, StoreError> {
    from.rows(
        "SELECT plugin, version, channel, glpi_min, glpi_max, packing, digest, size, signing_key, signature, published_at,
                withdrawn_at
           FROM plugin_versions WHERE digest = $digest ORDER BY id",
        params! { digest },
    )?
    .iter()
    .map(version)
    .collect()
}

/// The digests of all archives that a version refers to, withdrawn or not.
pub fn digests(from: &mut impl Select) -> Result<Vec<String>, StoreError> {
    let rows = from.rows("SELECT DISTINCT digest FROM plugin_versions", params! {})?;
    rows.iter().map(|row| row.get("digest")).collect()
}

pub(crate) fn versions(from: &mut impl Select, key: &PluginKey) -> Result<Vec<Version>, StoreError> {
    let rows = from.rows(
        "SELECT plugin, version, channel, glpi_min, glpi_max, packing, digest, size, signing_key, signature, published_at,
                withdrawn_at
           FROM plugin_versions WHERE plugin = $key",
        params! { key },
    )?;
    let mut versions = rows.iter().map(version).collect::<Result<Vec<_>, _>>()?;
    sort(&mut versions);
    Ok(versions)
}

fn sort(versions: &mut [Version]) {
    versions.sort_by(|a, b| b.release.version.compare(&a.release.version).then(b.published_at.cmp(&a.published_at)));
}

pub(crate) fn plugin(row: &Row) -> Result<Plugin, StoreError> {
    let offers: Vec<String> = serde_json::from_str(&row.get::<String>("offers")?)
        .map_err(|error| StoreError::Corrupt(format!("offers of a plugin: {error}")))?;
    let offers = offers.iter().map(|offer| OfferRef::parse(offer)).collect::<Result<_, _>>();
    Ok(Plugin {
        key: row.get("plugin")?,
        name: row.get("name")?,
        sheet: row.get("sheet")?,
        offers: offers.map_err(|_| StoreError::Corrupt("offers of a plugin".into()))?,
        downloads: row.get("downloads")?,
        added_at: row.get("added_at")?,
        updated_at: row.get("updated_at")?,
    })
}

fn version(row: &Row) -> Result<Version, StoreError> {
    let size: i64 = row.get("size")?;
    Ok(Version {
        plugin: row.get("plugin")?,
        release: Release {
            version: row.get("version")?,
            glpi: GlpiRange { min: row.get("glpi_min")?, max: row.get("glpi_max")? },
            channel: row.get("channel")?,
            withdrawn_at: row.get("withdrawn_at")?,
        },
        packing: row.get("packing")?,
        digest: row.get("digest")?,
        size: u64::try_from(size).map_err(|_| StoreError::Corrupt("size of an archive".into()))?,
        signing_key: row.get("signing_key")?,
        signature: row.get("signature")?,
        published_at: row.get("published_at")?,
    })
}

impl IntoValue for &PluginKey {
    fn into_value(self) -> Value {
        Value::Text(self.as_str().to_owned())
    }
}

impl FromValue for PluginKey {
    fn from_value(value: &Value) -> Option<Self> {
        String::from_value(value).and_then(|text| Self::parse(&text).ok())
    }
}

impl IntoValue for &PluginVersion {
    fn into_value(self) -> Value {
        Value::Text(self.as_str().to_owned())
    }
}

impl FromValue for PluginVersion {
    fn from_value(value: &Value) -> Option<Self> {
        String::from_value(value).and_then(|text| Self::parse(&text).ok())
    }
}

impl IntoValue for Channel {
    fn into_value(self) -> Value {
        Value::Text(self.name().to_owned())
    }
}

impl FromValue for Channel {
    fn from_value(value: &Value) -> Option<Self> {
        String::from_value(value).and_then(|text| Self::parse(&text).ok())
    }
}
