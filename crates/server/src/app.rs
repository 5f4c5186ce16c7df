//! What every handler has at hand.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use arc_swap::ArcSwap;
use latchkey_domain::Failure;
use latchkey_domain::ids::AgentId;
use latchkey_domain::instances::Patterns;
use latchkey_domain::subscriptions::Offer;
use latchkey_domain::text::OfferRef;
use latchkey_domain::time::{Timestamp, Zone};
use latchkey_key::PublicKeys;
use latchkey_storage::Archives;
use latchkey_store::enrollment::queue;
use latchkey_store::signing_keys::{self, SigningKey};
use latchkey_store::subscriptions::offers;
use latchkey_store::{Store, StoreError, Undone, Vault, feed};

use crate::api::Desk;
use crate::clock::{Clock, ClockGuard};
use crate::console;
use crate::follower::Refresh;
use crate::front::{FailedKeys, Limits};
use crate::gateway::{self, Gateway};
use crate::join;
use crate::keys::Keys;
use crate::market::Market;
use crate::metrics::Metrics;
use crate::presence::Presence;
use crate::seen::Seen;

/// Shared by all handlers; cheap to clone.
#[derive(Clone)]
pub(crate) struct App(Arc<Inner>);

pub(crate) struct Inner {
    pub(crate) store: Store,
    pub(crate) api: Desk,
    pub(crate) console: console::Desk,
    pub(crate) join: join::Desk,
    pub(crate) outgoing: latchkey_outgoing::Client,
    pub(crate) gateway: Gateway,
    pub(crate) market: Market,
    pub(crate) zone: Zone,
    pub(crate) public_url: String,
    pub(crate) clock: ClockGuard,
    pub(crate) keys: Keys,
    pub(crate) offers: ArcSwap<Vec<Offer>>,
    pub(crate) signing_keys: ArcSwap<Vec<SigningKey>>,
    pub(crate) metrics: Arc<Metrics>,
    pub(crate) failed_keys: FailedKeys,
    pub(crate) seen: Arc<Seen>,
    pub(crate) presence: Arc<Presence>,
    pub(crate) non_production: Patterns,
    stopping: AtomicBool,
}

/// Why questions about keys should go elsewhere.
pub(crate) enum Unready {
    /// We were told to stop.
    Stopping,
    /// They could not be answered.
    Failed(Failure),
}

impl std::ops::Deref for App {
    type Target = Inner;

    fn deref(&self) -> &Inner {
        &self.0
    }
}

/// How much is remembered of keys, and for how long it is believed.
pub(crate) struct Memory {
    /// The most keys.
    pub(crate) keys: usize,
    /// For how long they are answered for while the database is away.
    pub(crate) max_staleness: Duration,
    /// Hosts of plugins' sites on which no work is done.
    pub(crate) non_production: Patterns,
}

impl App {
    /// Reads what is asked for often, and follows the feed so that it stays true.
    #[allow(clippy::too_many_arguments, reason = "everything that a server is made of, once")]
    pub(crate) fn prepare(
        store: Store,
        vault: Vault,
        clock: Clock,
        zone: Zone,
        public_url: String,
        memory: Memory,
        limits: &Limits,
        gateway: gateway::Settings,
        archives: Archives,
        outgoing: latchkey_outgoing::Client,
    ) -> Result<(Self, feed::Following), StoreError> {
        let ring = store.read(|reader| signing_keys::ring(reader))?;
        let clock = ClockGuard::new(clock);
        let metrics = Arc::new(Metrics::new());
        let app = Self(Arc::new(Inner {
            keys: Keys::new(store.clone(), ring, memory.keys, memory.max_staleness, clock.clone()),
            store: store.clone(),
            presence: Arc::new(Presence::new(&vault)),
            api: Desk::new(vault.clone(), limits.token_requests_per_minute),
            gateway: Gateway::prepare(&store, vault.clone(), gateway, &clock)?,
            market: Market::new(archives),
            console: console::Desk::new(vault),
            non_production: memory.non_production,
            join: join::Desk::new(),
            outgoing,
            zone,
            public_url,
            clock,
            offers: ArcSwap::default(),
            signing_keys: ArcSwap::default(),
            seen: Arc::new(Seen::new(metrics.clone())),
            metrics,
            failed_keys: FailedKeys::new(limits.failed_keys_per_minute),
            stopping: AtomicBool::new(false),
        }));
        // Followed first, read second: what changes in between is read twice rather than not at all.
        let following = store.follow(Refresh::new(app.clone()))?;
        app.refresh_offers()?;
        app.refresh_signing_keys()?;
        app.gateway.roll.read_again(&app.store)?;
        app.gateway.connections_changed(&app.store)?;
        app.market.changed(&app.store)?;
        Ok((app, following))
    }

    /// What was erased leaves the embedded database's log, too; where somebody reads that just now it goes later.
    pub(crate) async fn settle_erased(&self) {
        let store = self.store.clone();
        let settled = tokio::task::spawn_blocking(move || store.settle_erased()).await;
        if !matches!(settled, Ok(Ok(true))) {
            tracing::info!("what was erased stands in the database's log until that is written anew");
        }
    }

    /// Takes away what waits of an agent for a GLPI, before the agent is erased; gives how many messages. Done once more it finds
    /// none.
    pub(crate) async fn forget_messages_of(&self, agent: AgentId) -> Result<usize, Failure> {
        let forgotten = self.gateway.queue.write(self.now()?, move |tx| queue::forget_agent(tx, &agent.to_string()));
        forgotten.await.map_err(|undone| match undone {
            Undone::Failed(error) => error.failure(),
            Undone::Refused(refusal) => {
                tracing::error!(code = refusal.code(), "what waits of an agent was not taken away");
                Failure::Internal
            }
        })
    }

    /// The present instant, unless this machine's clock cannot be believed.
    pub(crate) fn now(&self) -> Result<Timestamp, Failure> {
        self.clock.now()
    }

    /// Whether questions about keys can be answered here, now and in a moment.
    pub(crate) fn readiness(&self) -> Result<(), Unready> {
        if self.stopping.load(Ordering::Relaxed) {
            return Err(Unready::Stopping);
        }
        self.now().map_err(Unready::Failed)?;
        if self.keys.is_heard() { Ok(()) } else { Err(Unready::Failed(Failure::StoreAway)) }
    }

    /// From now on this server is not ready.
    pub(crate) fn will_stop(&self) {
        self.stopping.store(true, Ordering::Relaxed);
    }

    /// The title of an offer; its reference where it was made a moment ago and is not in memory.
    pub(crate) fn offer_title(&self, reference: &OfferRef) -> String {
        let offers = self.offers.load();
        let offer = offers.iter().find(|offer| offer.reference == *reference);
        offer.map_or_else(|| reference.to_string(), |offer| offer.title.to_string())
    }

    pub(crate) fn refresh_offers(&self) -> Result<(), StoreError> {
        self.offers.store(Arc::new(self.store.ask(|reader| offers::list(reader))?));
        Ok(())
    }

    pub(crate) fn refresh_signing_keys(&self) -> Result<(), StoreError> {
        let (keys, ring): (Vec<SigningKey>, PublicKeys) =
            self.store.read(|reader| Ok((signing_keys::list(reader)?, signing_keys::ring(reader)?)))?;
        self.signing_keys.store(Arc::new(keys));
        self.keys.use_ring(ring);
        Ok(())
    }
}
