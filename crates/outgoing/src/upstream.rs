//! One host that is asked all the time: the administrator's own GLPI behind the gateway.
//!
//! Beside [`crate::Client`], which asks whom somebody named, this asks one whom the configuration names, so that it may
//! stand on a private network; what gives away credentials is never reached here either. It does not block, keeps
//! connections, follows no redirect, and passes on what it is given: an answer of any kind is an answer.

use std::fmt;
use std::future::{Future, poll_fn};
use std::io;
use std::net::SocketAddr;
use std::pin::{Pin, pin};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::task::Poll;
use std::time::{Duration, Instant};

use http_body_util::{BodyExt as _, Full, LengthLimitError, Limited};
use hyper::body::Bytes;
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper::header::HeaderValue;
use hyper_util::rt::TokioIo;
use latchkey_domain::network::{Network, Place, may_reach};
use latchkey_domain::outgoing::{Distrust, NoConnection, Origin, Stage, Unanswered};
use rustls::crypto::ring;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

use crate::turns::{Nudge, in_turns};
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
    host: HeaderValue,
    allowed: Vec<Network>,
    tls: Option<TlsConnector>,
    most_bytes: usize,
    kept: Mutex<Pool>,
}

/// Connections that nobody uses just now.
#[derive(Default)]
struct Pool {
    kept: Vec<Kept>,
    /// Whether somebody comes by to let go of those that grow old.
    is_swept: bool,
}

struct Kept {
    line: Line,
    since: Instant,
}

/// A connection. Whoever asks over it moves its bytes, too: with a task of its own, each answer would wait for two more
/// turns of other tasks.
struct Line {
    sender: SendRequest<Full<Bytes>>,
    /// Ends with the connection.
    wire: Pin<Box<dyn Future<Output = ()> + Send>>,
    nudge: Arc<Nudge>,
}

/// Why there is no answer of a connection that was there.
enum Broken {
    /// It broke.
    Off,
    /// The answer is too long.
    TooLong,
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
        let (host, allowed) = (host(target.origin()), settings.allowed.clone());
        Self(Arc::new(Inner { target, host, allowed, tls, most_bytes, kept: Mutex::default() }))
    }

    /// Whom it asks.
    pub fn origin(&self) -> &Origin {
        self.0.target.origin()
    }

    /// The same as a request's `Host` says it.
    pub fn host(&self) -> &HeaderValue {
        &self.0.host
    }

    /// The path below which everything is asked, without a slash at its end.
    pub fn base(&self) -> &str {
        self.0.target.path().trim_end_matches('/')
    }

    /// Sends a request, whose address is a path, and waits for the whole answer. It is made again where the connection over
    /// which it was sent turns out to be gone.
    pub async fn send(
        &self,
        request: impl Fn() -> hyper::Request<Bytes>,
        within: Duration,
    ) -> Result<Answer, Unanswered> {
        match tokio::time::timeout(within, self.exchange(request)).await {
            Ok(answer) => answer,
            Err(_) => Err(Unanswered::TimedOut { origin: self.origin().clone(), stage: Stage::Answer }),
        }
    }

    async fn exchange(&self, request: impl Fn() -> hyper::Request<Bytes>) -> Result<Answer, Unanswered> {
        while let Some(mut kept) = self.kept().await {
            match kept.ask(request().map(Full::new), self.0.most_bytes).await {
                Ok(answer) => return Ok(self.keep(kept, answer)),
                Err(Broken::TooLong) => return Err(self.too_long()),
                // The other side has let go of it while nobody looked. What it then got of the request is nothing, or is
                // what a repetition repairs.
                Err(Broken::Off) => tracing::debug!(origin = %self.origin(), "a connection that was kept is gone"),
            }
        }
        // Apart, so that the usual way does not carry what only a new connection needs.
        let mut fresh = Box::pin(self.connect()).await?;
        match fresh.ask(request().map(Full::new), self.0.most_bytes).await {
            Ok(answer) => Ok(self.keep(fresh, answer)),
            Err(Broken::TooLong) => Err(self.too_long()),
            Err(Broken::Off) => Err(self.broken()),
        }
    }

    /// Keeps a connection for the next one who asks.
    fn keep(&self, line: Line, answer: Answer) -> Answer {
        let mut pool = self.0.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if pool.kept.len() < MOST_KEPT && !line.sender.is_closed() {
            pool.kept.push(Kept { line, since: Instant::now() });
            if !pool.is_swept {
                pool.is_swept = true;
                tokio::spawn(sweep(Arc::downgrade(&self.0)));
            }
        }
        answer
    }

    /// The connection that was used last, so that those that nobody needs grow old.
    async fn kept(&self) -> Option<Line> {
        loop {
            let last = self.0.kept.lock().unwrap_or_else(PoisonError::into_inner).kept.pop();
            let Kept { mut line, since } = last?;
            // Where the last one is too old, all are.
            if since.elapsed() < KEPT_FOR && line.is_open().await {
                return Some(line);
            }
        }
    }

    async fn connect(&self) -> Result<Line, Unanswered> {
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

    async fn speak(&self, connection: TcpStream) -> Result<Line, Unanswered> {
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

    async fn greet<C>(&self, connection: C) -> Result<Line, Unanswered>
    where
        C: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        let (sender, connection) = handshake(TokioIo::new(connection)).await.map_err(|_| self.broken())?;
        let wire = async move {
            if let Err(error) = connection.await {
                tracing::debug!(%error, "a connection to the upstream ended");
            }
        };
        Ok(Line { sender, wire: Box::pin(wire), nudge: Arc::default() })
    }

    fn too_long(&self) -> Unanswered {
        Unanswered::TooLong { origin: self.origin().clone(), most: self.0.most_bytes }
    }

    fn broken(&self) -> Unanswered {
        Unanswered::Broken { origin: self.origin().clone() }
    }
}

impl Line {
    /// Sends a request and reads the whole answer.
    async fn ask(&mut self, request: hyper::Request<Full<Bytes>>, most_bytes: usize) -> Result<Answer, Broken> {
        let Self { sender, wire, nudge } = self;
        let answer = pin!(async {
            let (parts, body) = sender.send_request(request).await.map_err(|_| Broken::Off)?.into_parts();
            let body = Limited::new(body, most_bytes).collect().await;
            let body = body.map_err(|error| if error.is::<LengthLimitError>() { Broken::TooLong } else { Broken::Off });
            Ok(Answer { status: parts.status.as_u16(), headers: parts.headers, body: body?.to_bytes() })
        });
        in_turns(nudge, answer, wire.as_mut()).await
    }

    /// Whether the other side is still there, as far as was heard.
    async fn is_open(&mut self) -> bool {
        poll_fn(|context| Poll::Ready(self.wire.as_mut().poll(context).is_pending())).await && self.sender.is_ready()
    }
}

/// Lets go of connections that nobody has used for a while, until there are none.
async fn sweep(of: Weak<Inner>) {
    loop {
        tokio::time::sleep(KEPT_FOR).await;
        let Some(inner) = of.upgrade() else { return };
        let mut pool = inner.kept.lock().unwrap_or_else(PoisonError::into_inner);
        pool.kept.retain(|kept| kept.since.elapsed() < KEPT_FOR);
        if pool.kept.is_empty() {
            pool.is_swept = false;
            return;
        }
    }
}

/// Without the port where it is the usual one.
fn host(origin: &Origin) -> HeaderValue {
    let usual = if origin.secure { 443 } else { 80 };
    let host = if origin.port == usual { origin.host.clone() } else { format!("{}:{}", origin.host, origin.port) };
    // A host that could be looked up is one that can be written.
    HeaderValue::try_from(host).unwrap_or_else(|_| HeaderValue::from_static(""))
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
