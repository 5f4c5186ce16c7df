//! HTTP and background work.
//!
//! A handler reads, asks, renders: what a key opens is decided in the domain, how GLPI hears it in `latchkey_glpi`. This
//! is the only crate that knows status codes, and it reads neither files nor flags nor the environment.
//!
//! Invariant: a failure of ours is a `Problem` and never a verdict.

pub mod accounts;
mod api;
mod app;
mod clock;
pub mod console;
mod cookies;
pub mod exports;
mod follower;
pub mod front;
pub mod gateway;
mod glpi;
mod jobs;
mod join;
mod keys;
pub mod market;
mod metrics;
mod pages;
mod presence;
mod problem;
mod public;
pub mod records;
mod refused;
mod seen;
pub mod sheets;
pub mod well_known;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use latchkey_domain::time::{Timestamp, Zone};
use latchkey_storage::Archives;
use latchkey_store::audit::SignedHead;
use latchkey_store::enrollment::keys as enrollment_keys;
use latchkey_store::{Actor, Store, StoreError, Undone, Vault, feed, installation};
use tokio::net::{TcpListener, TcpSocket};
use tokio::sync::watch;
use tower_http::catch_panic::CatchPanicLayer;

use app::{App, Memory};
pub use clock::Clock;
use front::connections::Connections;
use front::exchange::Routed;
use front::proxies::Proxies;
use front::tls::Tls;
use front::{Agents, Front, Gate, Limits, TlsFault};

/// Connections that wait with the system until they are taken; after a restart many come at once. The system may allow
/// fewer.
const BACKLOG: u32 = 4_096;
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
    /// How strangers are met.
    pub front: Front,
    /// How agents are.
    pub gateway: gateway::Settings,
    /// Where plugins' archives are kept.
    pub archives: Archives,
    /// Whoever asks others: GLPIs in which accounts are made.
    pub outgoing: latchkey_outgoing::Client,
}

/// The server, before it runs.
pub struct Server;

/// A server that runs.
pub struct Running {
    address: SocketAddr,
    metrics_address: Option<SocketAddr>,
    gateway_address: Option<SocketAddr>,
    app: App,
    drain_time: Duration,
    stop: watch::Sender<bool>,
    serving: Vec<tokio::task::JoinHandle<()>>,
    worker: jobs::Worker,
    clerk: gateway::Clerk,
    makers: join::maker::Makers,
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
    /// The certificate and its key do not do.
    #[error(transparent)]
    Tls(#[from] TlsFault),
    /// The database does not do.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Server {
    /// Starts to answer. The database is made ready where it is new, and everything that is asked of it often is read,
    /// before the first question is taken.
    pub async fn start(settings: Settings, store: Store, vault: Vault, clock: Clock) -> Result<Running, StartError> {
        let Settings {
            listen,
            public_url,
            zone,
            cache_keys,
            max_staleness,
            audit_sink,
            front,
            gateway,
            archives,
            outgoing,
        } = settings;
        let Front { tls, trusted_proxies, metrics_listen, limits, non_production } = front;
        let tls = tls.map(Tls::start).transpose()?;
        let (listener, address) = bind(listen)?;
        let metrics_listener = match metrics_listen {
            Some(listen) => Some(bind(listen)?),
            None => None,
        };

        let gateway_listener = gateway.listen.map(bind).transpose()?;
        let gateway_address = gateway_listener.as_ref().map(|(_, address)| *address);
        let gateway_url = gateway.public_url.clone().unwrap_or_else(|| match gateway_address {
            Some(address) => format!("{}://{address}/", if tls.is_some() { "https" } else { "http" }),
            None => format!("{public_url}{}/", gateway::BASE),
        });

        let prepared = {
            let (store, vault, clock) = (store.clone(), vault.clone(), clock.clone());
            tokio::task::spawn_blocking(move || {
                installation::establish(&store, &vault, clock.wall(), &Actor::server())?;
                let memory = Memory { keys: cache_keys, max_staleness, non_production };
                keep_places(&store, clock.wall(), &public_url, &gateway_url)?;
                App::prepare(store, vault, clock, zone, public_url, memory, &limits, gateway, archives, outgoing)
            })
        };
        let (app, following) =
            prepared.await.map_err(|error| StoreError::Bug(format!("the start panicked: {error}")))??;
        let worker = jobs::Worker::start(store, vault, audit_sink, &app)?;

        let clerk = gateway::Clerk::start(app.clone())?;
        let makers = join::maker::Makers::start(join::maker::Maker::of(&app))?;
        let (stop, stopped) = watch::channel(false);
        app.gateway.deliver(&app, &stopped);
        let metrics_address = metrics_listener.as_ref().map(|(_, address)| *address);
        if let Some((listener, _)) = metrics_listener {
            let telling = axum::serve(listener, metrics::routes().with_state(app.clone()));
            let mut stopped = stopped.clone();
            tokio::spawn(async move {
                tokio::select! {
                    // It ends with the process; a scrape that is under way then has nothing to lose.
                    _ = telling => {}
                    _ = stopped.wait_for(|stop| *stop) => {}
                }
            });
        }
        let metrics = app.metrics.clone();
        let tls = tls.map(|(tls, pair)| {
            let metrics = metrics.clone();
            tokio::spawn(tls.clone().follow(pair, move |taken| metrics.certificate_changed(taken)));
            tls
        });
        let drain_time = limits.drain_time;
        let mut serving = Vec::new();
        let mut serve = |router, agents_below, listener, limits: Limits| {
            let agents = Agents::of(app.clone(), agents_below);
            let proxies = Proxies::new(trusted_proxies.clone());
            let gate = Gate::new(router, Some(agents), proxies, &limits, metrics.clone());
            let gate = Arc::new(if agents_below.is_empty() { gate } else { gate.knowing(app.clone()) });
            // A connection is watched for as long as any request on it may take.
            let longest = if app.gateway.is_used() { app.gateway.message_time() } else { Duration::ZERO };
            let limits = Limits { request_time: limits.request_time.max(longest), ..limits };
            let connections = Arc::new(Connections { gate, tls: tls.clone(), limits, metrics: metrics.clone() });
            serving.push(tokio::spawn(connections.serve(listener, stopped.clone(), STOP_WITHIN)));
        };
        serve(router(app.clone(), &limits), gateway::BASE, listener, limits);
        if let Some((listener, _)) = gateway_listener {
            // Whatever comes there is for the gateway.
            let (body_bytes, request_time) = (app.gateway.packed_bytes(), app.gateway.message_time());
            let limits = Limits { body_bytes, request_time, ..limits };
            serve(Router::new(), "", listener, limits);
        }
        let _following = following;
        Ok(Running {
            address,
            metrics_address,
            gateway_address,
            app,
            drain_time,
            stop,
            serving,
            worker,
            clerk,
            makers,
            _following,
        })
    }
}

fn bind(address: SocketAddr) -> Result<(TcpListener, SocketAddr), StartError> {
    let failed = |error| StartError::Listen { address, error };
    let socket = if address.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }.map_err(failed)?;
    // A server that is started again finds its own address free.
    socket.set_reuseaddr(true).map_err(failed)?;
    socket.bind(address).map_err(failed)?;
    let listener = socket.listen(BACKLOG).map_err(failed)?;
    let address = listener.local_addr().map_err(failed)?;
    Ok((listener, address))
}

impl Running {
    /// The address that it listens on.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The address on which metrics are told, if any.
    pub fn metrics_address(&self) -> Option<SocketAddr> {
        self.metrics_address
    }

    /// The address of the gateway's own listener, if it has one.
    pub fn gateway_address(&self) -> Option<SocketAddr> {
        self.gateway_address
    }

    /// Says that it is not ready any more, takes no more connections, lets answers that are under way finish for a
    /// bounded time, and ends.
    pub async fn stop(self) {
        self.app.will_stop();
        tokio::time::sleep(self.drain_time).await;
        // Nobody left to hear it means that it has stopped already.
        let _ = self.stop.send(true);
        for serving in self.serving {
            if let Err(error) = serving.await {
                tracing::error!(%error, "serving panicked");
            }
        }
        self.worker.stop();
        self.clerk.stop();
        self.makers.stop();
    }
}

fn router(app: App, limits: &Limits) -> Router {
    let metrics = app.metrics.clone();
    Router::new()
        .merge(pages::routes())
        .merge(well_known::routes())
        .merge(glpi::routes())
        .merge(api::routes())
        .merge(console::routes(&app))
        .merge(join::routes(&app))
        .fallback(problem::not_found)
        .method_not_allowed_fallback(problem::method_not_allowed)
        .with_state(app)
        // As one, the outermost first: each layer of its own is a box more per request.
        .layer((Routed(metrics), DefaultBodyLimit::max(limits.body_bytes), CatchPanicLayer::custom(problem::panicked)))
}

/// So that whoever makes an invitation or an enrollment key on the command line can say where people and agents bring it.
fn keep_places(store: &Store, now: Timestamp, service: &str, gateway: &str) -> Result<(), StoreError> {
    let kept = store.read(|reader| Ok((installation::service_url(reader)?, enrollment_keys::gateway_url(reader)?)))?;
    if kept == (Some(service.to_owned()), Some(gateway.to_owned())) {
        return Ok(());
    }
    let (service, gateway) = (service.to_owned(), gateway.to_owned());
    let noted = store.write_blocking(now, move |tx| {
        installation::note_service_url(tx, &service)?;
        enrollment_keys::note_gateway_url(tx, &gateway)
    });
    match noted {
        Ok(()) | Err(Undone::Refused(_)) => Ok(()),
        Err(Undone::Failed(error)) => Err(error),
    }
}
