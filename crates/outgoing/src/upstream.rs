//! One host that is asked all the time: the administrator's own GLPI behind the gateway.
//!
//! Beside [`crate::Client`], which asks whom somebody named, this asks one whom the configuration names, so that it may
//! stand on a private network; what gives away credentials is never reached here either. It does not block, keeps
//! connections, follows no redirect, and passes on what it is given: an answer of any kind is an answer.

use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use http_body_util::{BodyExt as _, Full, Limited};
use hyper::body::{Bytes, Incoming};
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper_util::rt::TokioIo;
use latchkey_domain::network::{Network, Place, may_reach};
use latchkey_domain::outgoing::{Distrust, NoConnection, Origin, Stage, Unanswered};
use rustls::crypto::ring;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

use crate::{Settings, Target};

/// How long the addresses of a name, and then a connection, are waited for.
const CONNECT_WITHIN: Duration = Duration::from_secs(5);
/// How long a connection is kept that is not used: less than web servers do.
const KEPT_FOR: Duration = Duration::from_secs(4);
/// Connections that are kept.
const MOST_KEPT: usize = 64;

/// A host that is asked again and again. Cheap to clone.
#[derive(Clone)]
pub struct Upstream(Arc<Inner>);

struct Inner {
    target: Target,
    allowed: Vec<Network>,
    tls: Option<TlsConnector>,
    most_bytes: usize,
    kept: Mutex<Vec<Kept>>,
}

struct Kept {
    connection: SendRequest<Full<Bytes>>,
    since: Instant,
}

/// What came back.
pub struct Answer {
    /// The status code.
    pub status: u16,
    /// The headers.
    pub headers: hyper::HeaderMap,
    /// The body.
    pub body: Bytes,
}

impl Upstream {
    /// Makes one. All addresses of private networks may be reached: whoever names this host runs the machine.
    pub fn new(target: Target, settings: &Settings, most_bytes: usize) -> Self {
        let everywhere = ["0.0.0.0/0", "::/0"].iter().filter_map(|network| network.parse().ok());
        let allowed = everywhere.collect();
        Self::guarded(target, &Settings { allowed, roots: settings.roots.clone() }, most_bytes)
    }

    /// The same for a host that somebody else names: of private networks it reaches those alone that are allowed.
    pub fn guarded(target: Target, settings: &Settings, most_bytes: usize) -> Self {
        let tls = target.origin().secure.then(|| tls(settings)).flatten();
        let allowed = settings.allowed.clone();
        Self(Arc::new(Inner { target, allowed, tls, most_bytes, kept: Mutex::default() }))
    }

    /// Whom it asks.
    pub fn origin(&self) -> &Origin {
        self.0.target.origin()
    }

    /// The path below which everything is asked, without a slash at its end.
    pub fn base(&self) -> &str {
        self.0.target.path().trim_end_matches('/')
    }

    /// Sends a request, whose address is a path, and waits for the whole answer.
    pub async fn send(&self, request: hyper::Request<Bytes>, within: Duration) -> Result<Answer, Unanswered> {
        match tokio::time::timeout(within, self.exchange(request)).await {
            Ok(answer) => answer,
            Err(_) => Err(Unanswered::TimedOut { origin: self.origin().clone(), stage: Stage::Answer }),
        }
    }

    async fn exchange(&self, request: hyper::Request<Bytes>) -> Result<Answer, Unanswered> {
        let (parts, body) = request.into_parts();
        let again = || {
            let mut request = hyper::Request::new(Full::new(body.clone()));
            *request.method_mut() = parts.method.clone();
            *request.uri_mut() = parts.uri.clone();
            *request.headers_mut() = parts.headers.clone();
            request
        };
        while let Some(mut kept) = self.kept() {
            match kept.send_request(again()).await {
                Ok(response) => return self.finish(response, kept).await,
                // The other side has let go of it while nobody looked. What it then got of the request is nothing, or is
                // what a repetition repairs.
                Err(error) => tracing::debug!(origin = %self.origin(), %error, "a connection that was kept is gone"),
            }
        }
        let mut fresh = self.connect().await?;
        let response = fresh.send_request(again()).await.map_err(|_| self.broken())?;
        self.finish(response, fresh).await
    }

    async fn finish(
        &self,
        response: hyper::Response<Incoming>,
        connection: SendRequest<Full<Bytes>>,
    ) -> Result<Answer, Unanswered> {
        let (parts, body) = response.into_parts();
        let body = Limited::new(body, self.0.most_bytes).collect().await.map_err(|error| {
            if error.is::<http_body_util::LengthLimitError>() {
                Unanswered::TooLong { origin: self.origin().clone(), most: self.0.most_bytes }
            } else {
                self.broken()
            }
        })?;
        let mut kept = self.0.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() < MOST_KEPT && !connection.is_closed() {
            kept.push(Kept { connection, since: Instant::now() });
        }
        Ok(Answer { status: parts.status.as_u16(), headers: parts.headers, body: body.to_bytes() })
    }

    /// The connection that was used last, so that those that nobody needs grow old.
    fn kept(&self) -> Option<SendRequest<Full<Bytes>>> {
        let mut kept = self.0.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|kept| kept.since.elapsed() < KEPT_FOR);
        while let Some(Kept { connection, .. }) = kept.pop() {
            if connection.is_ready() {
                return Some(connection);
            }
        }
        None
    }

    async fn connect(&self) -> Result<SendRequest<Full<Bytes>>, Unanswered> {
        let origin = self.origin();
        let host = origin.host.trim_start_matches('[').trim_end_matches(']');
        let late = |stage| Unanswered::TimedOut { origin: origin.clone(), stage };
        let found = tokio::time::timeout(CONNECT_WITHIN, tokio::net::lookup_host((host, origin.port))).await;
        let found: Vec<SocketAddr> = match found {
            Ok(Ok(found)) => found.collect(),
            Ok(Err(_)) => Vec::new(),
            Err(_) => return Err(late(Stage::Name)),
        };
        let Some(first) = found.first() else { return Err(Unanswered::NameUnknown { origin: origin.clone() }) };
        let mut refused = Unanswered::Forbidden {
            origin: origin.clone(),
            address: first.ip(),
            allowable: Place::of(first.ip()) == Place::Internal,
        };
        for address in found.iter().filter(|address| may_reach(address.ip(), &self.0.allowed)).take(16) {
            match tokio::time::timeout(CONNECT_WITHIN, TcpStream::connect(address)).await {
                Ok(Ok(connection)) => return self.speak(connection).await,
                Ok(Err(error)) => refused = not_connected(&error, origin),
                Err(_) => refused = late(Stage::Connection),
            }
        }
        Err(refused)
    }

    async fn speak(&self, connection: TcpStream) -> Result<SendRequest<Full<Bytes>>, Unanswered> {
        // Requests are sent as a whole: waiting for more would only delay them.
        let _ = connection.set_nodelay(true);
        let origin = self.origin();
        if !origin.secure {
            return self.greet(connection).await;
        }
        let untrusted = |why| Unanswered::Untrusted { origin: origin.clone(), why };
        let tls = self.0.tls.as_ref().ok_or_else(|| untrusted(Distrust::NoTls))?;
        let host = origin.host.trim_start_matches('[').trim_end_matches(']').to_owned();
        let name = ServerName::try_from(host).map_err(|_| untrusted(Distrust::Name))?;
        let connection = tls.connect(name, connection).await.map_err(|error| {
            let inner = error.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>());
            untrusted(inner.map_or(Distrust::NoTls, crate::distrust))
        })?;
        self.greet(connection).await
    }

    async fn greet<C>(&self, connection: C) -> Result<SendRequest<Full<Bytes>>, Unanswered>
    where
        C: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        let (sender, connection) = handshake(TokioIo::new(connection)).await.map_err(|_| self.broken())?;
        // It ends with its sender.
        tokio::spawn(async move {
            if let Err(error) = connection.await {
                tracing::debug!(%error, "a connection to the upstream ended");
            }
        });
        Ok(sender)
    }

    fn broken(&self) -> Unanswered {
        Unanswered::Broken { origin: self.origin().clone() }
    }
}

fn tls(settings: &Settings) -> Option<TlsConnector> {
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(settings.roots.iter().map(|der| CertificateDer::from(der.clone())));
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .ok()?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Some(TlsConnector::from(Arc::new(config)))
}

#[allow(clippy::wildcard_enum_match_arm, reason = "what a library says may grow; what we say may not")]
fn not_connected(error: &io::Error, origin: &Origin) -> Unanswered {
    let why = match error.kind() {
        io::ErrorKind::ConnectionRefused => NoConnection::Refused,
        io::ErrorKind::HostUnreachable | io::ErrorKind::NetworkUnreachable => NoConnection::Unreachable,
        _ => NoConnection::Other,
    };
    Unanswered::NotConnected { origin: origin.clone(), why }
}

/// Whom it asks; nothing that is asked.
impl fmt::Debug for Upstream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Upstream({})", self.origin())
    }
}
