//! The GLPIs behind the gateway, by name: the one that the machine's settings name, and those to which there are connections.
//!
//! The settings come first: whoever runs the machine says what `main` is. Of connections the gateway takes the address alone;
//! what they open is for making accounts. The feed keeps them true.

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use latchkey_domain::text::fold;
use latchkey_outgoing::upstream::Upstream;
use latchkey_outgoing::{Settings as Outgoing, Target};
use latchkey_store::accounts::connections;
use latchkey_store::{Store, StoreError};

use super::forward::{Credential, Glpi};
use crate::clock::ClockGuard;

/// All of them.
pub(crate) struct Glpis {
    /// By folded name.
    all: RwLock<BTreeMap<String, Known>>,
    outgoing: Outgoing,
    answer_bytes: usize,
    within: Duration,
    clock: ClockGuard,
}

#[derive(Clone)]
struct Known {
    glpi: Arc<Glpi>,
    /// That of a connection; `None` where the settings name it.
    url: Option<String>,
}

impl Glpis {
    pub(super) fn new(
        configured: Vec<(String, Upstream, Credential)>,
        outgoing: Outgoing,
        answer_bytes: usize,
        within: Duration,
        clock: ClockGuard,
    ) -> Self {
        let all = configured.into_iter().map(|(name, upstream, credential)| {
            let glpi = Arc::new(Glpi::new(upstream, credential, within, clock.clone()));
            (fold(&name), Known { glpi, url: None })
        });
        Self { all: RwLock::new(all.collect()), outgoing, answer_bytes, within, clock }
    }

    /// The one of this name.
    pub(super) fn named(&self, name: &str) -> Option<Arc<Glpi>> {
        self.all.read().unwrap_or_else(PoisonError::into_inner).get(&fold(name)).map(|known| known.glpi.clone())
    }

    /// All, with their folded names, under which the queue knows them.
    pub(super) fn all(&self) -> Vec<(String, Arc<Glpi>)> {
        let all = self.all.read().unwrap_or_else(PoisonError::into_inner);
        all.iter().map(|(folded, known)| (folded.clone(), known.glpi.clone())).collect()
    }

    /// Whether there is none.
    pub(super) fn is_empty(&self) -> bool {
        self.all.read().unwrap_or_else(PoisonError::into_inner).is_empty()
    }

    /// Reads the connections again. One that is as it was keeps what is known of it.
    pub(super) fn connections_changed(&self, store: &Store) -> Result<(), StoreError> {
        let connections = store.ask(|reader| connections::list(reader))?;
        let mut all = self.all.write().unwrap_or_else(PoisonError::into_inner);
        let before = std::mem::take(&mut *all);
        let configured = before.iter().filter(|(_, known)| known.url.is_none());
        let mut now: BTreeMap<String, Known> =
            configured.map(|(folded, known)| (folded.clone(), known.clone())).collect();
        for connection in connections {
            let (folded, url) = (connection.name.folded(), connection.url);
            if now.contains_key(&folded) {
                continue;
            }
            let same = before.get(&folded).filter(|known| known.url.as_ref() == Some(&url));
            let Some(known) = same.cloned().or_else(|| self.connected(&folded, url)) else {
                continue;
            };
            now.insert(folded, known);
        }
        *all = now;
        Ok(())
    }

    fn connected(&self, name: &str, url: String) -> Option<Known> {
        let Ok(target) = Target::parse(&url) else {
            tracing::error!(glpi = name, "the address of a connection does not read; agents are not sent there");
            return None;
        };
        let upstream = Upstream::guarded(target, &self.outgoing, self.answer_bytes);
        let glpi = Arc::new(Glpi::new(upstream, Credential::None, self.within, self.clock.clone()));
        Some(Known { glpi, url: Some(url) })
    }
}
