//! What GLPI hears under `/api/marketplace/`: plugins, tags.
//!
//! A missing `key`, `name` or `versions` crashes GLPI's whole list, so each is always there. GLPI shows only what is
//! called stable: a version that a subscription has asked for is called so, whatever we call it.

use latchkey_domain::marketplace::PluginVersion;
use serde::Serialize;

use crate::archive::Packing;
use crate::sheet::{Description, Sheet};

/// One plugin as a GLPI is shown it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Card<'a> {
    key: &'a str,
    name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    logo_url: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    license: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    homepage_url: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    issues_url: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    readme_url: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    changelog_url: Option<&'a str>,
    descriptions: Vec<Described<'a>>,
    authors: Vec<Author<'a>>,
    tags: Vec<Tag<'a>>,
    required_offers: &'a [String],
    download_count: u32,
    date_added: String,
    date_updated: String,
    versions: Vec<Offered<'a>>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct Described<'a> {
    lang: &'a str,
    short_description: &'a str,
    long_description: &'a str,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct Author<'a> {
    id: usize,
    name: &'a str,
}

/// A tag, in one language.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Tag<'a> {
    /// By which a GLPI asks for its plugins.
    pub key: &'a str,
    /// As people read it.
    pub tag: &'a str,
}

/// One version as a GLPI is shown it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Offered<'a> {
    num: &'a str,
    compatibility: &'a str,
    stability: &'static str,
    /// Empty where the key does not open the plugin.
    download_url: &'a str,
}

/// What a card says of a plugin besides its sheet.
#[derive(Debug, Clone, Copy)]
pub struct Facts<'a> {
    /// The plugin's key.
    pub plugin: &'a str,
    /// References of the offers of which one is needed.
    pub offers: &'a [String],
    /// Downloads, each instance and version once.
    pub downloads: u32,
    /// When it was first published, as `YYYY-MM-DD HH:MM:SS`.
    pub added: &'a str,
    /// When its latest version was.
    pub updated: &'a str,
}

impl<'a> Card<'a> {
    /// The card of a plugin.
    pub fn render(sheet: &'a Sheet, facts: Facts<'a>, versions: Vec<Offered<'a>>) -> Self {
        let described = |it: &'a Description| Described {
            lang: &it.language,
            short_description: &it.short,
            long_description: &it.long,
        };
        let author = |(id, name): (usize, &'a String)| Author { id: id + 1, name };
        Self {
            key: facts.plugin,
            name: &sheet.name,
            logo_url: sheet.logo.as_deref(),
            license: sheet.license.as_deref(),
            homepage_url: sheet.homepage.as_deref(),
            issues_url: sheet.issues.as_deref(),
            readme_url: sheet.readme.as_deref(),
            changelog_url: sheet.changelog.as_deref(),
            descriptions: sheet.descriptions.iter().map(described).collect(),
            authors: sheet.authors.iter().enumerate().map(author).collect(),
            tags: sheet.tags.iter().map(|it| Tag { key: &it.key, tag: &it.word }).collect(),
            required_offers: facts.offers,
            download_count: facts.downloads,
            date_added: facts.added.to_owned(),
            date_updated: facts.updated.to_owned(),
            versions,
        }
    }
}

impl<'a> Offered<'a> {
    /// A version; without an address where the key does not open it.
    pub fn new(version: &'a PluginVersion, compatibility: &'a str, address: Option<&'a str>) -> Self {
        Self { num: version.as_str(), compatibility, stability: "stable", download_url: address.unwrap_or_default() }
    }
}

/// Where the archive of a version is, from the root of the server. GLPI knows how to unpack it by how this ends.
pub fn archive_path(plugin: &str, version: &PluginVersion, packing: Packing) -> String {
    format!("/api/marketplace/archives/{plugin}/{plugin}-{version}.{}", packing.extension())
}

/// The version and the packing that a file's name in [`archive_path`] says.
pub fn archive_named(plugin: &str, file: &str) -> Option<(PluginVersion, Packing)> {
    let rest = file.strip_prefix(plugin)?.strip_prefix('-')?;
    [Packing::TarGz, Packing::TarBz2, Packing::Zip].into_iter().find_map(|packing| {
        let version = rest.strip_suffix(packing.extension())?.strip_suffix('.')?;
        Some((PluginVersion::parse(version).ok()?, packing))
    })
}

/// The first and the last place that `X-Range: 0-199` asks for. Everything where it does not read: GLPI asks on and on until
/// it has seen a page that is empty.
pub fn range(header: &[u8]) -> Option<(usize, usize)> {
    let (first, last) = core::str::from_utf8(header).ok()?.trim().split_once('-')?;
    let (first, last) = (first.trim().parse().ok()?, last.trim().parse().ok()?);
    (first <= last).then_some((first, last))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_files_are_read_as_they_are_written() {
        for (version, packing) in [("1.0.0", Packing::TarGz), ("2.0-beta.1", Packing::TarBz2), ("3", Packing::Zip)] {
            let version = PluginVersion::parse(version).unwrap();
            let path = archive_path("demo", &version, packing);
            let file = path.rsplit('/').next().unwrap();
            assert_eq!(archive_named("demo", file), Some((version, packing)));
            assert_eq!(archive_named("other", file), None);
        }
        assert_eq!(archive_named("demo", "demo-1.0.0"), None);
        assert_eq!(archive_named("demo", "demo-../x.zip"), None);
    }

    #[test]
    fn ranges_are_read_as_glpi_writes_them() {
        assert_eq!(range(b"0-199"), Some((0, 199)));
        assert_eq!(range(b" 200-399 "), Some((200, 399)));
        for none in [&b""[..], b"-", b"a-b", b"5-1", b"0-99999999999999999999", b"\xff"] {
            assert_eq!(range(none), None);
        }
    }
}
