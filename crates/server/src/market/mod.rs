//! The marketplace, as all handlers see it: what is published, in memory, and the archives.
//!
//! What GLPIs are shown comes from memory, which is read again after the feed has told of a change. Whether somebody may
//! download is asked of the database, each time.

pub mod publishing;
mod shelf;

use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicBool, Ordering};
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
    stale: AtomicBool,
    shelf: Mutex<Option<Arc<Shelf>>>,
    /// Which instances have versions that were withdrawn.
    withdrawn: ArcSwap<Holdings>,
    counted: Lock<HashSet<(String, String, String)>>,
}

impl Market {
    pub(crate) fn new(archives: Archives) -> Self {
        Self {
            archives,
            stale: AtomicBool::new(false),
            shelf: Mutex::new(None),
            withdrawn: ArcSwap::default(),
            counted: Lock::default(),
        }
    }

    /// Something was published or withdrawn: what is in memory is no longer true.
    pub(crate) fn changed(&self, store: &Store) -> Result<(), StoreError> {
        self.stale.store(true, Ordering::SeqCst);
        let mut holdings = Holdings::new();
        for held in store.ask(|reader| marketplace::holders_of_withdrawn(reader))? {
            holdings.entry(held.instance).or_default().push((held.plugin.to_string(), held.version.to_string()));
        }
        self.withdrawn.store(Arc::new(holdings));
        Ok(())
    }

    /// The versions that were withdrawn and that this instance has.
    pub(crate) fn withdrawn_of(&self, instance: &str) -> Vec<(String, String)> {
        self.withdrawn.load().get(instance).cloned().unwrap_or_default()
    }

    /// What is published. One reads it again, the others wait for that.
    pub(crate) async fn shelf(&self, app: &App) -> Result<Arc<Shelf>, Failure> {
        let mut kept = self.shelf.lock().await;
        if !self.stale.swap(false, Ordering::SeqCst)
            && let Some(shelf) = kept.as_ref()
        {
            return Ok(shelf.clone());
        }
        let (store, public_url) = (app.store.clone(), app.public_url.clone());
        let read = tokio::task::spawn_blocking(move || Shelf::read(&store, &public_url)).await;
        match read {
            Ok(Ok(shelf)) => Ok(kept.insert(Arc::new(shelf)).clone()),
            Ok(Err(error)) => {
                self.stale.store(true, Ordering::SeqCst);
                tracing::error!(%error, "the database did not say what is published");
                Err(error.failure())
            }
            Err(error) => {
                self.stale.store(true, Ordering::SeqCst);
                tracing::error!(%error, "reading what is published panicked");
                Err(Failure::Internal)
            }
        }
    }

    /// Whether a download is not known to be counted already.
    pub(crate) fn is_new(&self, download: &Download) -> bool {
        let Download { plugin, version, instance, subscription: _ } = download;
        let mut counted = self.counted.lock().unwrap_or_else(PoisonError::into_inner);
        if counted.len() >= REMEMBERED {
            counted.clear();
        }
        counted.insert((plugin.to_string(), version.to_string(), instance.clone()))
    }

    /// It could not be counted; the next time may do.
    pub(crate) fn forget(&self, download: &Download) {
        let Download { plugin, version, instance, subscription: _ } = download;
        let named = (plugin.to_string(), version.to_string(), instance.clone());
        self.counted.lock().unwrap_or_else(PoisonError::into_inner).remove(&named);
    }
}

/// What the store of archives did not do, as it is told to those outside.
pub(crate) fn failure(error: &StorageError) -> Failure {
    tracing::error!(%error, "the store of archives did not do what was asked");
    Failure::StorageAway
}
