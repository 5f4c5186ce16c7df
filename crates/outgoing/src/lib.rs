//! Requests to others, through one guard: a GLPI that is asked to make an account, a webhook that is told.
//!
//! Where a request goes is often written by somebody who does not run this machine, so it must not reach what only this
//! machine can: see `guard.rs`. It is bounded in time and in size, follows a redirect within its own host alone, and says
//! why it was not answered in values that can be told to people. It neither retries nor remembers; and it blocks, so it
//! belongs on a thread that may wait.
//!
//! Invariant: a connection is only made to an address that was judged, and it is that very address that is connected to.
//! The environment is not asked for proxies.

mod guard;
mod target;
mod turns;
pub mod upstream;

use std::error::Error as _;
use std::fmt;
use std::io;
use std::sync::Arc;
use std::time::{Duration, Instant};

use latchkey_domain::network::Network;
use latchkey_domain::outgoing::{Distrust, NoConnection, Origin, Stage, Unanswered};
use rustls::CertificateError;
use rustls::crypto::ring;
use ureq::Agent;
use ureq::http;
use ureq::tls::{Certificate, RootCerts, TlsConfig};
use ureq::unversioned::transport::{Connector as _, RustlsConnector, TcpConnector};

use guard::{Guard, NotAllowed};
pub use target::Target;

/// How long the addresses of a name, and then a connection, are waited for.
const CONNECT_WITHIN: Duration = Duration::from_secs(5);
/// Bytes of an answer's head.
const LONGEST_HEAD: usize = 16 << 10;
/// Redirects that are followed, within one host.
const MOST_REDIRECTS: usize = 3;

/// What requests may do.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// Ranges that may be reached besides the internet.
    pub allowed: Vec<Network>,
    /// Certificates of those who may vouch for others, as DER.
    pub roots: Vec<Vec<u8>>,
}

/// Asks others. Cheap to clone.
#[derive(Clone)]
pub struct Client {
    agent: Agent,
}

/// What is asked for.
#[derive(Debug, Clone, Copy)]
pub enum Method<'b> {
    /// Fetch something.
    Get,
    /// Take something away.
    Delete,
    /// Send something.
    Post(&'b [u8]),
    /// Put something there.
    Put(&'b [u8]),
    /// Change something.
    Patch(&'b [u8]),
}

/// One request.
pub struct Request<'r> {
    /// Whom it goes to.
    pub target: &'r Target,
    /// What is asked for.
    pub method: Method<'r>,
    /// Headers by name. They may hold secrets, and are given to nobody but the target's host.
    pub headers: &'r [(&'r str, &'r str)],
    /// How long all of it may take.
    pub within: Duration,
    /// The most bytes of an answer that are taken.
    pub most_bytes: usize,
}

/// What came back, whatever its status.
pub struct Answer {
    /// The status code.
    pub status: u16,
    /// The body.
    pub body: Vec<u8>,
    headers: http::HeaderMap,
}

impl Client {
    /// Makes a client.
    pub fn new(settings: &Settings) -> Self {
        Self::with(settings, Guard::new(settings.allowed.clone()))
    }

    fn with(settings: &Settings, guard: Guard) -> Self {
        let roots = settings.roots.iter().map(|der| Certificate::from_der(der).to_owned()).collect();
        let tls = TlsConfig::builder()
            .root_certs(RootCerts::Specific(Arc::new(roots)))
            .unversioned_rustls_crypto_provider(Arc::new(ring::default_provider()))
            .build();
        let config = Agent::config_builder()
            .tls_config(tls)
            // The environment is not ours to follow: what is behind a proxy is not seen from here.
            .proxy(None)
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .max_response_header_size(LONGEST_HEAD)
            // A connection that is kept was judged for what was asked then.
            .max_idle_connections(0)
            .timeout_resolve(Some(CONNECT_WITHIN))
            .timeout_connect(Some(CONNECT_WITHIN))
            .user_agent(concat!("Latchkey/", env!("CARGO_PKG_VERSION")))
            .build();
        let connector = ().chain(TcpConnector::default()).chain(RustlsConnector::default());
        Self { agent: Agent::with_parts(config, connector, guard) }
    }

    /// Sends a request and waits for its answer.
    pub fn send(&self, request: &Request<'_>) -> Result<Answer, Unanswered> {
        let until = Instant::now() + request.within;
        let mut target = request.target.clone();
        for _ in 0..=MOST_REDIRECTS {
            let answer = self.once(request, &target, until)?;
            let Some(location) = elsewhere(&answer, request.method) else { return Ok(answer) };
            let next = target.follow(location).ok();
            match next {
                Some(next) if next.is_at_home_of(&target) => target = next,
                other => {
                    let to = other.map(|target| target.origin().clone());
                    return Err(Unanswered::Redirected { origin: target.origin().clone(), to });
                }
            }
        }
        let origin = target.origin().clone();
        Err(Unanswered::Redirected { to: Some(origin.clone()), origin })
    }

    fn once(&self, request: &Request<'_>, target: &Target, until: Instant) -> Result<Answer, Unanswered> {
        let failed = |error: ureq::Error| unanswered(error, target.origin(), request.most_bytes);
        let left = until.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Err(Unanswered::TimedOut { origin: target.origin().clone(), stage: Stage::Answer });
        }
        let mut built = http::Request::builder().method(request.method.name()).uri(target.uri().clone());
        for (name, value) in request.headers {
            built = built.header(*name, *value);
        }
        let mut response = match request.method {
            Method::Get | Method::Delete => self.run(built.body(()).map_err(|error| failed(error.into()))?, left),
            Method::Post(body) | Method::Put(body) | Method::Patch(body) => {
                self.run(built.body(body).map_err(|error| failed(error.into()))?, left)
            }
        }
        .map_err(failed)?;
        let body = response.body_mut().with_config().limit(request.most_bytes as u64).read_to_vec().map_err(failed)?;
        let (parts, _) = response.into_parts();
        tracing::debug!(origin = %target.origin(), status = parts.status.as_u16(), "a request to another was answered");
        Ok(Answer { status: parts.status.as_u16(), body, headers: parts.headers })
    }

    fn run(
        &self,
        request: http::Request<impl ureq::AsSendBody>,
        left: Duration,
    ) -> Result<http::Response<ureq::Body>, ureq::Error> {
        self.agent.run(self.agent.configure_request(request).timeout_global(Some(left)).build())
    }
}

impl Method<'_> {
    fn name(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Delete => "DELETE",
            Self::Post(_) => "POST",
            Self::Put(_) => "PUT",
            Self::Patch(_) => "PATCH",
        }
    }
}

impl Answer {
    /// The value of a header, where it is there and plain text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }
}

/// Without what it holds, which may be a secret.
impl fmt::Debug for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let body = format_args!("{} bytes", self.body.len());
        f.debug_struct("Answer").field("status", &self.status).field("body", &body).finish_non_exhaustive()
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Client")
    }
}

/// Where an answer sends on to, if it does. What was to be changed is only sent again where the answer says that it should be
/// as it was: any other redirect would make a question of it.
fn elsewhere<'a>(answer: &'a Answer, method: Method<'_>) -> Option<&'a str> {
    let sends = match (answer.status, method) {
        (301..=303, Method::Get) | (307 | 308, _) => true,
        (_, Method::Get | Method::Delete | Method::Post(_) | Method::Put(_) | Method::Patch(_)) => false,
    };
    if sends { answer.header("location") } else { None }
}

#[allow(clippy::wildcard_enum_match_arm, reason = "what a library says may grow; what we say may not")]
fn unanswered(error: ureq::Error, origin: &Origin, most: usize) -> Unanswered {
    let origin = origin.clone();
    tracing::debug!(%origin, %error, "a request to another was not answered");
    match error {
        ureq::Error::Other(other) => match other.downcast_ref::<NotAllowed>() {
            Some(NotAllowed { address, allowable }) => {
                Unanswered::Forbidden { origin, address: *address, allowable: *allowable }
            }
            None => Unanswered::Broken { origin },
        },
        ureq::Error::HostNotFound => Unanswered::NameUnknown { origin },
        ureq::Error::Timeout(timeout) => {
            let stage = match timeout {
                ureq::Timeout::Resolve => Stage::Name,
                ureq::Timeout::Connect => Stage::Connection,
                _ => Stage::Answer,
            };
            Unanswered::TimedOut { origin, stage }
        }
        ureq::Error::BodyExceedsLimit(_) => Unanswered::TooLong { origin, most },
        ureq::Error::LargeResponseHeader(_, most) => Unanswered::TooLong { origin, most },
        ureq::Error::Rustls(error) => Unanswered::Untrusted { origin, why: distrust(&error) },
        ureq::Error::Tls(_) => Unanswered::Untrusted { origin, why: Distrust::NoTls },
        ureq::Error::Io(error) => broken(&error, origin),
        _ => Unanswered::Broken { origin },
    }
}

#[allow(clippy::wildcard_enum_match_arm, reason = "what a library says may grow; what we say may not")]
fn broken(error: &io::Error, origin: Origin) -> Unanswered {
    let tls = error.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>());
    let tls = tls.or_else(|| error.source().and_then(|inner| inner.downcast_ref::<rustls::Error>()));
    if let Some(tls) = tls {
        return Unanswered::Untrusted { origin, why: distrust(tls) };
    }
    let why = match error.kind() {
        io::ErrorKind::ConnectionRefused => NoConnection::Refused,
        io::ErrorKind::HostUnreachable | io::ErrorKind::NetworkUnreachable => NoConnection::Unreachable,
        io::ErrorKind::AddrNotAvailable | io::ErrorKind::PermissionDenied => NoConnection::Other,
        _ => return Unanswered::Broken { origin },
    };
    Unanswered::NotConnected { origin, why }
}

#[allow(clippy::wildcard_enum_match_arm, reason = "what a library says may grow; what we say may not")]
fn distrust(error: &rustls::Error) -> Distrust {
    match error {
        rustls::Error::InvalidCertificate(fault) => match fault {
            CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => Distrust::Name,
            CertificateError::Expired
            | CertificateError::ExpiredContext { .. }
            | CertificateError::NotValidYet
            | CertificateError::NotValidYetContext { .. } => Distrust::Time,
            _ => Distrust::Issuer,
        },
        _ => Distrust::NoTls,
    }
}

#[cfg(test)]
mod tests;
