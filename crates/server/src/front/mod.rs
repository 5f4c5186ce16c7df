//! What stands before every handler: connections, TLS, limits, who asks, and the line in the log.
//!
//! Invariant: a limit that bites is told as a problem document, never as a verdict, and no limit on
//! failed keys, or on tokens, ever bites a key that is good.

pub(crate) mod connections;
pub(crate) mod door;
pub(crate) mod exchange;
mod failed_keys;
mod gate;
mod pace;
pub(crate) mod proxies;
mod throttle;
pub(crate) mod tls;

use std::net::SocketAddr;
use std::time::Duration;

pub(crate) use exchange::Exchange;
pub(crate) use failed_keys::FailedKeys;
pub(crate) use gate::{Agents, Gate};
use latchkey_domain::instances::Patterns;
use latchkey_domain::network::Network;
pub(crate) use pace::{Allowance, Pace};
pub(crate) use throttle::Throttle;
pub use tls::{Pair, TlsFault, TlsSource, examine};

/// How strangers are met.
#[derive(Default)]
pub struct Front {
    /// The certificate and its key; without them HTTP is spoken in the clear.
    pub tls: Option<TlsSource>,
    /// From these addresses alone is `X-Forwarded-For`, or `Forwarded`, believed.
    pub trusted_proxies: Vec<Network>,
    /// Where metrics are told; nowhere, where there is no address.
    pub metrics_listen: Option<SocketAddr>,
    /// How much of anything there may be.
    pub limits: Limits,
    /// Hosts of plugins' sites on which no work is done.
    pub non_production: Patterns,
}

/// How much of anything there may be. The defaults suit a public address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Connections that are open at once; later ones wait for one to end.
    pub connections: usize,
    /// Requests that are answered at once; those beyond are told to come again.
    pub requests: usize,
    /// Bytes of a request's body.
    pub body_bytes: usize,
    /// Bytes of a request's head.
    pub header_bytes: usize,
    /// How long an answer may take. A GLPI waits for seconds, not for minutes.
    pub request_time: Duration,
    /// How long a connection may take to bring the head of a request, and be silent between two.
    pub idle_time: Duration,
    /// Failed keys of one address in a minute, after which it is told to wait; 0 for no limit.
    pub failed_keys_per_minute: u32,
    /// Requests of one API token in a minute, after which it is told to wait; 0 for no limit.
    pub token_requests_per_minute: u32,
    /// For how long connections are still taken after the server was told to stop, so that a balancer sees that it is no
    /// longer ready.
    pub drain_time: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 16_384,
            requests: 1_024,
            body_bytes: 2 << 20,
            header_bytes: 64 << 10,
            request_time: Duration::from_secs(10),
            idle_time: Duration::from_secs(15),
            failed_keys_per_minute: 60,
            token_requests_per_minute: 1_200,
            drain_time: Duration::ZERO,
        }
    }
}
