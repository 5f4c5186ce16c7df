//! The GLPIs behind the gateway, by name: the one that the machine's settings name, and those to which there are connections.
//!
//! The settings come first: whoever runs the machine says what `main` is. Of connections the gateway takes the address, and what
//! the GLPI is shown for inventories; what else they open is for making accounts. The feed keeps them true.

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use latchkey_domain::accounts::InventoryCredential;
use latchkey_domain::text::fold;
use latchkey_outgoing::upstream::Upstream;
use latchkey_outgoing::{Settings as Outgoing, Target};
use latchkey_store::accounts::connections;
use latchkey_store::{Store, StoreError, Vault};

use super::forward::Glpi;
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
        configured: Vec<(String, Upstream, InventoryCredential)>,
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
    pub(super) fn connections_changed(&self, store: &Store, vault: &Vault) -> Result<(), StoreError> {
        let connections = store.read(|reader| {
            let all = connections::list(reader)?.into_iter();
            all.map(|it| match connections::inventory(reader, vault, &it) {
                Ok(credential) => Ok((it, Some(credential))),
                Err(StoreError::Unsealable(what)) => {
                    tracing::error!(
                        what,
                        "ALARM: a secret does not open under this master key; agents are not sent to its GLPI"
                    );
                    Ok((it, None))
                }
                Err(error) => Err(error),
            })
            .collect::<Result<Vec<_>, _>>()
        })?;
        let mut all = self.all.write().unwrap_or_else(PoisonError::into_inner);
        let before = std::mem::take(&mut *all);
        let configured = before.iter().filter(|(_, known)| known.url.is_none());
        let mut now: BTreeMap<String, Known> =
            configured.map(|(folded, known)| (folded.clone(), known.clone())).collect();
        for (connection, credential) in connections {
            let (folded, url) = (connection.name.folded(), connection.url);
            let Some(credential) = credential.filter(|_| !now.contains_key(&folded)) else { continue };
            let same = before.get(&folded).filter(|known| known.url.as_ref() == Some(&url));
            let known = match same {
                Some(known) if known.glpi.is_shown(&credential) => Some(known.clone()),
                Some(known) => Some(Known { glpi: Arc::new(known.glpi.shown(credential)), url: Some(url) }),
                None => self.connected(&folded, url, credential),
            };
            now.extend(known.map(|known| (folded, known)));
        }
        *all = now;
        Ok(())
    }

    fn connected(&self, name: &str, url: String, credential: InventoryCredential) -> Option<Known> {
        let Ok(target) = Target::parse(&url) else {
            tracing::error!(glpi = name, "the address of a connection does not read; agents are not sent there");
            return None;
        };
        let upstream = Upstream::guarded(target, &self.outgoing, self.answer_bytes);
        let glpi = Arc::new(Glpi::new(upstream, credential, self.within, self.clock.clone()));
        Some(Known { glpi, url: Some(url) })
    }
}
