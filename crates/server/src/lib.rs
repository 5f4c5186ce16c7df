//! HTTP and background work.
//!
//! A handler reads, asks, renders: what a key opens is decided in the domain, how GLPI hears it in `latchkey_glpi`. This
//! is the only crate that knows status codes, and it reads neither files nor flags nor the environment.
//!
//! Invariant: a failure of ours is a [`problem::Problem`] and never a verdict.

mod api;
mod app;
mod clock;
mod door;
mod follower;
mod glpi;
mod jobs;
mod keys;
mod pages;
mod problem;
pub mod records;
pub mod well_known;

use std::net::SocketAddr;
use std::time::Duration;

use axum::Router;
use axum::http::StatusCode;
use latchkey_domain::time::Zone;
use latchkey_store::audit::SignedHead;
use latchkey_store::{Actor, Store, StoreError, Vault, feed, installation};
use tokio::net::TcpListener;
use tokio::sync::watch;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::timeout::TimeoutLayer;

use app::App;
pub use clock::Clock;
use door::Door;

/// The longest that an answer may take. A GLPI waits for seconds, not for minutes.
const ANSWER_WITHIN: Duration = Duration::from_secs(10);
/// How long a stop waits for answers that are under way.
const STOP_WITHIN: Duration = Duration::from_secs(10);

/// Takes each signed head of the audit chain, to keep it where the database is not. It is given the latest one again
/// and again until the chain grows.
pub type AuditSink = Box<dyn Fn(&SignedHead) -> std::io::Result<()> + Send + Sync>;

/// How a server is to be.
pub struct Settings {
    /// Where to listen; port 0 takes any that is free.
    pub listen: SocketAddr,
    /// The address by which others reach it, without a slash at its end.
    pub public_url: String,
    /// The vendor's time zone.
    pub zone: Zone,
    /// The most keys that are kept in memory.
    pub cache_keys: usize,
    /// For how long keys in memory are answered for while the database is away.
    pub max_staleness: Duration,
    /// Where signed heads of the audit log go.
    pub audit_sink: AuditSink,
}

/// The server, before it runs.
pub struct Server;

/// A server that runs.
pub struct Running {
    address: SocketAddr,
    stop: watch::Sender<bool>,
    serving: tokio::task::JoinHandle<std::io::Result<()>>,
    worker: jobs::Worker,
    _following: feed::Following,
}

/// Why a server did not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The address cannot be listened on.
    #[error("cannot listen on {address}: {error}")]
    Listen {
        /// Which address.
        address: SocketAddr,
        /// What the system says.
        error: std::io::Error,
    },
    /// The database does not do.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Server {
    /// Starts to answer. The database is made ready where it is new, and everything that is asked of it often is read,
    /// before the first question is taken.
    pub async fn start(settings: Settings, store: Store, vault: Vault, clock: Clock) -> Result<Running, StartError> {
        let Settings { listen, public_url, zone, cache_keys, max_staleness, audit_sink } = settings;
        let listener =
            TcpListener::bind(listen).await.map_err(|error| StartError::Listen { address: listen, error })?;
        let address = listener.local_addr().map_err(|error| StartError::Listen { address: listen, error })?;

        let prepared = {
            let (store, vault, clock) = (store.clone(), vault.clone(), clock.clone());
            tokio::task::spawn_blocking(move || {
                installation::establish(&store, &vault, clock.wall(), &Actor::server())?;
                App::prepare(store, vault, clock, zone, public_url, cache_keys, max_staleness)
            })
        };
        let (app, following) =
            prepared.await.map_err(|error| StoreError::Bug(format!("the start panicked: {error}")))??;
        let worker = jobs::Worker::start(store, vault, app.clock.clone(), audit_sink, app.api.uses())?;

        let (stop, mut stopped) = watch::channel(false);
        let serving = axum::serve(Door::new(listener), router(app)).with_graceful_shutdown(async move {
            // A sender that is gone stops the server, too.
            let _ = stopped.wait_for(|stop| *stop).await;
        });
        let serving = tokio::spawn(serving.into_future());
        Ok(Running { address, stop, serving, worker, _following: following })
    }
}

impl Running {
    /// The address that it listens on.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Takes no more connections, lets answers that are under way finish for a bounded time, and ends.
    pub async fn stop(self) {
        // Nobody left to hear it means that it has stopped already.
        let _ = self.stop.send(true);
        if tokio::time::timeout(STOP_WITHIN, self.serving).await.is_err() {
            tracing::warn!("some connections were still open at the end and were cut");
        }
        self.worker.stop();
    }
}

fn router(app: App) -> Router {
    Router::new()
        .merge(pages::routes())
        .merge(well_known::routes())
        .merge(glpi::routes())
        .merge(api::routes())
        .fallback(problem::not_found)
        .method_not_allowed_fallback(problem::method_not_allowed)
        .with_state(app)
        .layer(CatchPanicLayer::custom(problem::panicked))
        .layer(TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, ANSWER_WITHIN))
}
