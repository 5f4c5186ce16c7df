//! What is published, in memory, and the pages made of it: every GLPI of one version with the same rights gets the same bytes.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};

use axum::body::Bytes;
use latchkey_domain::ids::SubscriptionId;
use latchkey_domain::marketplace::{Channel, Release, opens};
use latchkey_domain::text::OfferRef;
use latchkey_domain::time::Timestamp;
use latchkey_glpi::archive::Packing;
use latchkey_glpi::marketplace::{Card, Facts, Offered, Tag, archive_path};
use latchkey_glpi::sheet::Sheet;
use latchkey_store::marketplace::{self, Plugin, Version};
use latchkey_store::{Store, StoreError};

/// Lists that are kept ready, and the most bytes of them all.
const LISTS: usize = 64;
const MOST_BYTES: usize = 64 * 1_024 * 1_024;

/// All that is published, at one moment.
pub(crate) struct Shelf {
    plugins: Vec<Shelved>,
    channels: HashMap<SubscriptionId, Channel>,
    public_url: String,
    lists: Mutex<VecDeque<(Asked, Arc<List>)>>,
}

struct Shelved {
    plugin: Plugin,
    sheet: Sheet,
    offers: Vec<String>,
    added: String,
    updated: String,
    versions: Vec<Version>,
}

/// Whose list it is, as far as that matters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Asked {
    /// The version of GLPI.
    pub(crate) glpi: Option<(u16, u16, u16)>,
    /// The channel of the subscription.
    pub(crate) channel: Channel,
    /// Offers that are held, in order; none where the key opens nothing at all.
    pub(crate) held: Option<Vec<OfferRef>>,
    /// The plugins of this tag alone.
    pub(crate) tag: Option<String>,
}

/// A list as JSON, and where each of its plugins ends.
struct List {
    body: Bytes,
    ends: Vec<usize>,
}

impl Shelf {
    pub(super) fn read(store: &Store, public_url: &str) -> Result<Self, StoreError> {
        let (all, channels) = store.read(|reader| Ok((marketplace::all(reader)?, marketplace::channels(reader)?)))?;
        let shelve = |(plugin, versions): (Plugin, Vec<Version>)| {
            let sheet = serde_json::from_str(&plugin.sheet)
                .map_err(|error| StoreError::Corrupt(format!("sheet of {}: {error}", plugin.key)))?;
            Ok(Shelved {
                sheet,
                offers: plugin.offers.iter().map(ToString::to_string).collect(),
                added: minute(plugin.added_at),
                updated: minute(plugin.updated_at),
                plugin,
                versions,
            })
        };
        let plugins = all.into_iter().map(shelve).collect::<Result<_, StoreError>>()?;
        Ok(Self { plugins, channels, public_url: public_url.to_owned(), lists: Mutex::default() })
    }

    /// The channel of a subscription.
    pub(crate) fn channel(&self, subscription: SubscriptionId) -> Channel {
        self.channels.get(&subscription).copied().unwrap_or_default()
    }

    /// Whether it matters which offers somebody holds besides this one.
    pub(crate) fn needs_more_than(&self, own: &OfferRef) -> bool {
        self.plugins.iter().any(|it| !opens(&it.plugin.offers, [own]))
    }

    /// Whether the list that is asked for is ready: making one of thousands of plugins takes a while.
    pub(crate) fn is_ready(&self, asked: &Asked) -> bool {
        self.lists.lock().unwrap_or_else(PoisonError::into_inner).iter().any(|(of, _)| of == asked)
    }

    /// A page of a list: from the first place to the last, as JSON. Past the end it is empty.
    pub(crate) fn page(&self, asked: &Asked, range: Option<(usize, usize)>) -> Result<Vec<u8>, serde_json::Error> {
        let list = self.list(asked)?;
        let (first, last) = range.unwrap_or((0, usize::MAX));
        let last = last.saturating_add(1).min(list.ends.len());
        let end_of = |place: usize| place.checked_sub(1).and_then(|place| list.ends.get(place)).copied().unwrap_or(0);
        let cards = if first < last { &list.body[end_of(first)..end_of(last)] } else { &[] };
        // Each begins with the comma that parts it from the one before.
        let cards = cards.strip_prefix(b",").unwrap_or(cards);
        Ok([b"[", cards, b"]"].concat())
    }

    /// The tags of all plugins, since every GLPI is shown every card; in a language where there is one in it: the vendor's
    /// recommended ones first, then those with most plugins.
    pub(crate) fn tags(&self, language: &str) -> Result<Vec<u8>, serde_json::Error> {
        let mut counted: HashMap<&str, (usize, &str, bool)> = HashMap::new();
        for it in &self.plugins {
            let mut of_plugin: HashMap<&str, ()> = HashMap::new();
            for tag in &it.sheet.tags {
                let entry = counted.entry(&tag.key).or_insert((0, &tag.word, false));
                if of_plugin.insert(&tag.key, ()).is_none() {
                    entry.0 += 1;
                }
                if tag.language == language || tag.language == "en" && !entry.2 {
                    (entry.1, entry.2) = (&tag.word, tag.language == language);
                }
            }
        }
        let mut tags: Vec<_> = counted.into_iter().collect();
        tags.sort_by_key(|(key, (count, _, _))| (*key != RECOMMENDED, std::cmp::Reverse(*count), *key));
        serde_json::to_vec(&tags.iter().map(|(key, (_, word, _))| Tag { key, tag: word }).collect::<Vec<_>>())
    }

    fn list(&self, asked: &Asked) -> Result<Arc<List>, serde_json::Error> {
        let kept = || self.lists.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, list)) = kept().iter().find(|(of, _)| of == asked) {
            return Ok(list.clone());
        }
        let list = Arc::new(self.render(asked)?);
        let mut kept = kept();
        kept.push_front((asked.clone(), list.clone()));
        let mut bytes = 0;
        let fit = kept.iter().take(LISTS).take_while(|(_, list)| {
            bytes += list.body.len();
            bytes <= MOST_BYTES
        });
        let fit = fit.count().max(1);
        kept.truncate(fit);
        Ok(list)
    }

    fn render(&self, asked: &Asked) -> Result<List, serde_json::Error> {
        let (mut body, mut ends) = (Vec::new(), Vec::new());
        for it in &self.plugins {
            let about = |tag: &String| it.sheet.tags.iter().any(|word| word.key == *tag);
            if !asked.tag.as_ref().is_none_or(about) {
                continue;
            }
            let open = asked.held.as_ref().is_some_and(|held| opens(&it.plugin.offers, held));
            let offered: Vec<(&Version, String, String)> = it
                .versions
                .iter()
                .filter(|version| version.release.suits(asked.glpi, asked.channel))
                .map(|version| (version, compatibility(asked.glpi, &version.release), self.address(version)))
                .collect();
            let versions = offered.iter().map(|(version, compatibility, address)| {
                Offered::new(&version.release.version, compatibility, open.then_some(address.as_str()))
            });
            let facts = Facts {
                plugin: it.plugin.key.as_str(),
                offers: &it.offers,
                downloads: it.plugin.downloads,
                added: &it.added,
                updated: &it.updated,
            };
            body.push(b',');
            serde_json::to_writer(&mut body, &Card::render(&it.sheet, facts, versions.collect()))?;
            ends.push(body.len());
        }
        Ok(List { body: body.into(), ends })
    }

    fn address(&self, version: &Version) -> String {
        let packing = Packing::of_extension(&version.packing).unwrap_or(Packing::TarGz);
        format!("{}{}", self.public_url, archive_path(version.plugin.as_str(), &version.release.version, packing))
    }
}

/// The tag whose plugins a vendor puts first.
const RECOMMENDED: &str = "recommended";

/// The line of GLPI that a version is told to be for: that of whoever asks.
fn compatibility(glpi: Option<(u16, u16, u16)>, release: &Release) -> String {
    match (glpi, &release.glpi.min) {
        (Some((major, minor, _)), _) => format!("{major}.{minor}"),
        (None, Some(min)) => min.to_string(),
        (None, None) => String::new(),
    }
}

/// As GLPI writes times: `2026-11-25 12:00:00`.
fn minute(at: Timestamp) -> String {
    at.to_string().chars().take(19).map(|c| if c == 'T' { ' ' } else { c }).collect()
}
