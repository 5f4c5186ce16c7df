//! The marketplace, as all handlers see it: what is published, in memory, and the archives.
//!
//! What GLPIs are shown comes from memory, which is read again after the feed has told of a change. Whether somebody may
//! download is asked of the database, each time.

pub(crate) mod incoming;
pub mod publishing;
mod shelf;

use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex as Lock, PoisonError};

use arc_swap::ArcSwap;
use latchkey_domain::Failure;
use latchkey_storage::{Archives, StorageError};
use latchkey_store::marketplace::{self, Download};
use latchkey_store::{Store, StoreError};
use tokio::sync::Mutex;

pub(crate) use shelf::{Asked, Shelf};

use crate::app::App;

/// How an instance was told: plugin and version.
type Holdings = HashMap<String, Vec<(String, String)>>;

/// Downloads that are remembered to be counted, so that most repetitions cost no write.
const REMEMBERED: usize = 100_000;

/// Everything about plugins that handlers share.
pub(crate) struct Market {
    pub(crate) archives: Archives,
    /// How often something was published or withdrawn, as far as this server has heard.
    changes: AtomicU64,
    /// With the number of changes that it has seen.
    shelf: Mutex<Option<(u64, Arc<Shelf>)>>,
    /// Which instances have versions that were withdrawn.
    withdrawn: ArcSwap<Holdings>,
    /// The version that an instance downloaded last, by plugin and instance.
    latest: Lock<HashMap<(String, String), String>>,
}

impl Market {
    pub(crate) fn new(archives: Archives) -> Self {
        Self {
            archives,
            changes: AtomicU64::new(0),
            shelf: Mutex::new(None),
            withdrawn: ArcSwap::default(),
            latest: Lock::default(),
        }
    }

    /// Something was published or withdrawn: what is in memory is no longer true.
    pub(crate) fn changed(&self, store: &Store) -> Result<(), StoreError> {
        self.changes.fetch_add(1, Ordering::SeqCst);
        let mut holdings = Holdings::new();
        for held in store.ask(|reader| marketplace::holders_of_withdrawn(reader))? {
            // A site that did not say in which GLPI it is cannot be warned there; it is counted all the same.
            holdings.entry(held.instance.unwrap_or_default()).or_default().push((held.plugin, held.version));
        }
        self.withdrawn.store(Arc::new(holdings));
        Ok(())
    }

    /// The versions that were withdrawn and that this instance has.
    pub(crate) fn withdrawn_of(&self, instance: &str) -> Vec<(String, String)> {
        self.withdrawn.load().get(instance).cloned().unwrap_or_default()
    }

    /// How many versions that were withdrawn are still the latest that an instance has.
    pub(crate) fn withdrawn_in_use(&self) -> usize {
        self.withdrawn.load().values().flatten().collect::<HashSet<_>>().len()
    }

    /// What is published. One reads it again, the others wait for that.
    pub(crate) async fn shelf(&self, app: &App) -> Result<Arc<Shelf>, Failure> {
        let mut kept = self.shelf.lock().await;
        // Before the read: what changes meanwhile makes it old again, and whoever hangs up leaves nothing behind.
        let changes = self.changes.load(Ordering::SeqCst);
        if let Some((as_of, shelf)) = kept.as_ref()
            && *as_of == changes
        {
            return Ok(shelf.clone());
        }
        let (store, public_url) = (app.store.clone(), app.public_url.clone());
        let read = tokio::task::spawn_blocking(move || Shelf::read(&store, &public_url)).await;
        match read {
            Ok(Ok(shelf)) => Ok(kept.insert((changes, Arc::new(shelf))).1.clone()),
            Ok(Err(error)) => {
                tracing::error!(%error, "the database did not say what is published");
                Err(error.failure())
            }
            Err(error) => {
                tracing::error!(%error, "reading what is published panicked");
                Err(Failure::Internal)
            }
        }
    }

    /// Whether a download is not known to be written down: another version than the one before.
    pub(crate) fn is_new(&self, download: &Download) -> bool {
        let mut latest = self.latest.lock().unwrap_or_else(PoisonError::into_inner);
        if latest.len() >= REMEMBERED {
            latest.clear();
        }
        let version = download.version.to_string();
        latest.insert(who(download), version.clone()) != Some(version)
    }

    /// It could not be written down; the next time may do.
    pub(crate) fn forget(&self, download: &Download) {
        self.latest.lock().unwrap_or_else(PoisonError::into_inner).remove(&who(download));
    }
}

fn who(download: &Download) -> (String, String) {
    (download.plugin.to_string(), download.instance.clone())
}

/// What the store of archives did not do, as it is told to those outside.
pub(crate) fn failure(error: &StorageError) -> Failure {
    tracing::error!(%error, "the store of archives did not do what was asked");
    Failure::StorageAway
}
