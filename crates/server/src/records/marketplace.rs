//! Plugins as JSON.

use latchkey_store::marketplace as store;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A plugin.
#[derive(Debug, Serialize, ToSchema)]
pub struct Plugin {
    /// Its key: its folder's name.
    pub plugin: String,
    /// How people read it.
    pub name: String,
    /// The offers of which one is needed; none for a plugin that is for everybody with a key.
    pub requires: Vec<String>,
    /// Downloads, each instance and version once.
    pub downloads: u32,
    /// When it was first published.
    pub added_at: String,
    /// When its latest version was.
    pub updated_at: String,
    /// All versions, the highest first.
    pub versions: Vec<PluginVersion>,
}

/// One version of a plugin. It is its own signature file, too: `latchkey plugin verify FILE --signature THIS`.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct PluginVersion {
    /// Of which plugin.
    pub plugin: String,
    /// The version.
    pub version: String,
    /// `stable` or `pre-release`.
    pub channel: String,
    /// From which GLPI on it works, where it says so.
    pub glpi_min: Option<String>,
    /// Up to which GLPI it works, which is not among them, where it says so.
    pub glpi_max: Option<String>,
    /// `tar.gz`, `tar.bz2` or `zip`.
    pub format: String,
    /// SHA-256 of the archive, in hexadecimal.
    pub sha256: String,
    /// The archive's length, in bytes.
    pub size: u64,
    /// Which signing key vouches for it.
    pub signing_key: String,
    /// The signature of plugin, version, digest and length, in standard base64.
    pub signature: String,
    /// When it was published.
    pub published_at: String,
    /// Since when nobody gets it, if so.
    pub withdrawn_at: Option<String>,
}

/// The version that a GLPI has of a plugin, as far as is known: what it downloaded, or what the plugin said of itself since.
#[derive(Debug, Serialize, ToSchema)]
pub struct PluginHolder {
    /// Which GLPI, by its instance UID; null for the site of a plugin that did not say.
    pub instance_uid: Option<String>,
    /// The address of the site, where the plugin said one.
    pub url: Option<String>,
    /// The customer's name; null for a trial.
    pub customer: Option<String>,
    /// Which version, as it was published or as the plugin said.
    pub version: String,
    /// Whether that version was withdrawn.
    pub withdrawn: bool,
    /// When it was downloaded, where no more is known.
    pub downloaded_at: Option<String>,
    /// When the plugin last said that it runs there, give or take an hour.
    pub seen_at: Option<String>,
}

impl Plugin {
    /// The record of a plugin.
    pub fn new(plugin: &store::Plugin, versions: &[store::Version]) -> Self {
        Self {
            plugin: plugin.key.to_string(),
            name: plugin.name.clone(),
            requires: plugin.offers.iter().map(ToString::to_string).collect(),
            downloads: plugin.downloads,
            added_at: plugin.added_at.to_string(),
            updated_at: plugin.updated_at.to_string(),
            versions: versions.iter().map(PluginVersion::new).collect(),
        }
    }
}

impl PluginVersion {
    /// The record of a version.
    pub fn new(version: &store::Version) -> Self {
        let release = &version.release;
        Self {
            plugin: version.plugin.to_string(),
            version: release.version.to_string(),
            channel: release.channel.name().to_owned(),
            glpi_min: release.glpi.min.as_ref().map(ToString::to_string),
            glpi_max: release.glpi.max.as_ref().map(ToString::to_string),
            format: version.packing.clone(),
            sha256: version.digest.clone(),
            size: version.size,
            signing_key: version.signing_key.to_string(),
            signature: version.signature.clone(),
            published_at: version.published_at.to_string(),
            withdrawn_at: release.withdrawn_at.map(|at| at.to_string()),
        }
    }
}

impl PluginHolder {
    /// The record of a GLPI that has a version.
    pub fn new(held: &store::Held, versions: &[store::Version]) -> Self {
        let is_withdrawn =
            |it: &store::Version| it.release.version.as_str() == held.version && it.release.withdrawn_at.is_some();
        let at = |runs: bool| (held.runs == runs).then(|| held.at.to_string());
        Self {
            instance_uid: held.instance.clone(),
            url: held.url.clone(),
            customer: held.customer.clone(),
            version: held.version.clone(),
            withdrawn: versions.iter().any(is_withdrawn),
            downloaded_at: at(false),
            seen_at: at(true),
        }
    }
}
