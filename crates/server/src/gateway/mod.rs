//! The gateway: agents hand in their inventories here, those with a key alone, and a GLPI behind it hears them.
//!
//! `door.rs` meets a message, `credentials.rs` finds its key, `roll.rs` has all keys and agents in memory, `glpis.rs` the GLPIs by
//! name, `forward.rs` speaks with one, `stand_in.rs` answers in its place, and `courier.rs` delivers what it could not take.
//!
//! Invariant: a message is answered "ok" only after GLPI has it, or after it is durable here. What a key opens is decided
//! in the domain; what agents say is read in `latchkey_glpi`.

mod clerk;
mod courier;
mod credentials;
mod door;
mod forward;
mod glpis;
mod oauth;
mod roll;
mod stand_in;
pub(crate) mod tally;
mod told;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use latchkey_domain::accounts::InventoryCredential;
use latchkey_domain::time::DAY;
use latchkey_outgoing::Settings as Outgoing;
use latchkey_outgoing::upstream::Upstream;
use latchkey_store::enrollment::queue::{self, Bounds};
use latchkey_store::{Store, StoreError, Vault};

use crate::clock::ClockGuard;
pub(crate) use clerk::Clerk;
pub(crate) use door::meet;
use forward::Glpi;
use glpis::Glpis;
use roll::Roll;
use tally::Tally;

/// Where the gateway is on the service's own listener.
pub(crate) const BASE: &str = "/gateway";

/// How the gateway is to be.
pub struct Settings {
    /// A listener of its own, where it is to have one.
    pub listen: Option<SocketAddr>,
    /// Where agents find it, with a slash at its end; the service's own address, where nothing is said.
    pub public_url: Option<String>,
    /// The GLPIs that inventories go to, by name, beside those to which there are connections.
    pub glpis: Vec<(String, Upstream, InventoryCredential)>,
    /// What requests to GLPIs of connections may do.
    pub outgoing: Outgoing,
    /// The most bytes of an answer of those that are passed on: plugins hand out files.
    pub answer_bytes: usize,
    /// How long a GLPI may take to answer.
    pub upstream_time: Duration,
    /// How long a message may take to come.
    pub receive_time: Duration,
    /// Bytes of a message as it comes.
    pub packed_bytes: usize,
    /// Bytes of a message unpacked.
    pub plain_bytes: usize,
    /// How much may wait for a GLPI.
    pub bounds: Bounds,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            listen: None,
            public_url: None,
            glpis: Vec::new(),
            outgoing: Outgoing::default(),
            answer_bytes: 64 << 20,
            upstream_time: Duration::from_secs(20),
            receive_time: Duration::from_secs(60),
            packed_bytes: 16 << 20,
            plain_bytes: 64 << 20,
            bounds: Bounds { bytes: 2 << 30, age: 30 * DAY },
        }
    }
}

/// Everything that the gateway has. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Gateway(Arc<Inner>);

pub(crate) struct Inner {
    pub(crate) roll: Roll,
    pub(crate) tally: Tally,
    pub(crate) queue: Store,
    pub(crate) bounds: Bounds,
    vault: Vault,
    glpis: Glpis,
    wake: tokio::sync::Notify,
    upstream_time: Duration,
    receive_time: Duration,
    packed_bytes: usize,
    plain_bytes: usize,
}

impl std::ops::Deref for Gateway {
    type Target = Inner;

    fn deref(&self) -> &Inner {
        &self.0
    }
}

impl Gateway {
    /// Reads all keys and agents, and opens what waits.
    pub(crate) fn prepare(
        store: &Store,
        vault: Vault,
        settings: Settings,
        clock: &ClockGuard,
    ) -> Result<Self, StoreError> {
        let Settings { glpis, outgoing, answer_bytes, upstream_time, .. } = settings;
        Ok(Self(Arc::new(Inner {
            // Read when the feed is followed, so that nothing that changes in between is missed.
            roll: Roll::default(),
            tally: Tally::default(),
            queue: queue::open(store.location(), clock.wall())?,
            bounds: settings.bounds,
            vault,
            glpis: Glpis::new(glpis, outgoing, answer_bytes, upstream_time, clock.clone()),
            wake: tokio::sync::Notify::new(),
            upstream_time,
            receive_time: settings.receive_time,
            packed_bytes: settings.packed_bytes,
            plain_bytes: settings.plain_bytes,
        })))
    }

    /// Reads the connections to GLPIs again.
    pub(crate) fn connections_changed(&self, store: &Store) -> Result<(), StoreError> {
        self.glpis.connections_changed(store, &self.vault)
    }

    fn glpi(&self, name: &str) -> Option<Arc<Glpi>> {
        self.glpis.named(name)
    }
}

impl Inner {
    /// How long a message may take at the most, from its first byte to its answer.
    pub(crate) fn message_time(&self) -> Duration {
        // It is read, GLPI is asked, and what it could not take is stored.
        self.receive_time + self.upstream_time + Duration::from_secs(10)
    }

    /// Whether there is a GLPI behind it.
    pub(crate) fn is_used(&self) -> bool {
        !self.glpis.is_empty()
    }

    /// Bytes of a message as it comes.
    pub(crate) fn packed_bytes(&self) -> usize {
        self.packed_bytes
    }
}

/// Whether a path is `below` this one, or this one itself.
pub(crate) fn is_below(below: &str, path: &str) -> bool {
    path.strip_prefix(below).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}
