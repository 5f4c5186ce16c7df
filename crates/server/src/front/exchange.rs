//! What is known of a request beside its answer: noted by whoever learns it, told once, in the log and the metrics.
//!
//! Invariant: nothing that a stranger wrote is in it, but for an id of the request that is plain and short.

use std::convert::Infallible;
use std::fmt;
use std::net::{IpAddr, Ipv4Addr};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};
use std::task::{Context, Poll};

use axum::extract::{FromRequestParts, MatchedPath, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use latchkey_domain::ids::KeyId;
use tower_layer::Layer;
use tower_service::Service;

use super::Allowance;
use crate::metrics::{Metrics, Route};

/// By it a request is found again in the log.
pub(crate) const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
/// A longer one is not taken over.
const LONGEST_ID: usize = 64;

/// One request and its answer.
#[derive(Clone)]
pub(crate) struct Exchange(Arc<Notes>);

struct Notes {
    client: IpAddr,
    id: HeaderValue,
    route: OnceLock<Arc<Route>>,
    key: OnceLock<KeyId>,
    allowance: OnceLock<Allowance>,
}

impl Exchange {
    pub(crate) fn new(client: IpAddr, id: HeaderValue) -> Self {
        Self(Arc::new(Notes { client, id, route: OnceLock::new(), key: OnceLock::new(), allowance: OnceLock::new() }))
    }

    /// Who asks.
    pub(crate) fn client(&self) -> IpAddr {
        self.0.client
    }

    /// The request's id.
    pub(crate) fn id(&self) -> &HeaderValue {
        &self.0.id
    }

    /// It is about this key.
    pub(crate) fn about(&self, key: KeyId) {
        // The first word counts.
        let _ = self.0.key.set(key);
    }

    /// Which key it is about.
    pub(crate) fn key(&self) -> Option<KeyId> {
        self.0.key.get().copied()
    }

    /// It came with a token that has so much left.
    pub(crate) fn allow(&self, allowance: Allowance) {
        let _ = self.0.allowance.set(allowance);
    }

    /// What is left of its token, if it came with one.
    pub(crate) fn allowance(&self) -> Option<Allowance> {
        self.0.allowance.get().copied()
    }

    /// It takes this route.
    pub(super) fn takes(&self, route: Arc<Route>) {
        let _ = self.0.route.set(route);
    }

    /// Where it went, if it got as far.
    pub(crate) fn route(&self) -> Option<&Arc<Route>> {
        self.0.route.get()
    }
}

impl<S: Sync> FromRequestParts<S> for Exchange {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Infallible> {
        // Always there behind the gate.
        let none = || Self::new(Ipv4Addr::UNSPECIFIED.into(), HeaderValue::from_static("-"));
        Ok(parts.extensions.get::<Self>().cloned().unwrap_or_else(none))
    }
}

/// Makes ids of requests: unlike those of any other process, and one after another.
pub(crate) struct Ids {
    begin: [u8; DIGITS],
    next: AtomicU64,
}

/// Hexadecimal digits of a number of 64 bits.
const DIGITS: usize = 16;

impl Ids {
    pub(crate) fn new() -> Self {
        use std::hash::{BuildHasher as _, RandomState};
        Self { begin: digits(RandomState::new().hash_one(0_u8)), next: AtomicU64::new(1) }
    }

    /// The one that came with the request, where it is plain and short; else one of ours.
    pub(crate) fn of(&self, headers: &HeaderMap) -> HeaderValue {
        match headers.get(REQUEST_ID) {
            Some(given) if is_plain(given.as_bytes()) => given.clone(),
            Some(_) | None => {
                let mut id = [b'-'; DIGITS + 1 + DIGITS];
                id[..DIGITS].copy_from_slice(&self.begin);
                let number = self.next.fetch_add(1, Ordering::Relaxed);
                // Without the zeros before it; the last digit always stands.
                let zeros = (number.leading_zeros() as usize / 4).min(DIGITS - 1);
                let end = DIGITS + 1 + DIGITS - zeros;
                id[DIGITS + 1..end].copy_from_slice(&digits(number)[zeros..]);
                HeaderValue::from_bytes(&id[..end]).unwrap_or_else(|_| HeaderValue::from_static("-"))
            }
        }
    }
}

/// A number in hexadecimal digits: each request gets one, so no formatter is called for it.
fn digits(number: u64) -> [u8; DIGITS] {
    std::array::from_fn(|at| b"0123456789abcdef"[(number >> (4 * (DIGITS - 1 - at)) & 0xf) as usize])
}

fn is_plain(id: &[u8]) -> bool {
    (1..=LONGEST_ID).contains(&id.len())
        && id.iter().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'))
}

/// Shows an id as the text that it is.
pub(crate) struct Plain<'a>(pub(crate) &'a HeaderValue);

impl fmt::Display for Plain<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.to_str().unwrap_or("-"))
    }
}

/// Notes which route a request takes. Each route has its own, so that it is looked up once and not per request.
#[derive(Clone)]
pub(crate) struct Routed(pub(crate) Arc<Metrics>);

#[derive(Clone)]
pub(crate) struct Noting<S> {
    inner: S,
    metrics: Arc<Metrics>,
    route: Arc<OnceLock<Arc<Route>>>,
}

impl<S> Layer<S> for Routed {
    type Service = Noting<S>;

    fn layer(&self, inner: S) -> Noting<S> {
        Noting { inner, metrics: self.0.clone(), route: Arc::default() }
    }
}

impl<S: Service<Request>> Service<Request> for Noting<S> {
    type Response = S::Response;
    type Error = S::Error;
    type Future = S::Future;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, request: Request) -> S::Future {
        let extensions = request.extensions();
        if let (Some(Exchange(notes)), Some(path)) = (extensions.get(), extensions.get::<MatchedPath>()) {
            let known = self.route.get_or_init(|| self.metrics.route(path.as_str()));
            // A layer may see several routes; which one it is counts, not which it was made for.
            let route =
                if known.template() == path.as_str() { known.clone() } else { self.metrics.route(path.as_str()) };
            let _ = notes.route.set(route);
        }
        self.inner.call(request)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(given: &str) -> String {
        let mut headers = HeaderMap::new();
        headers.insert(REQUEST_ID, given.parse().unwrap());
        Ids::new().of(&headers).to_str().unwrap().to_owned()
    }

    #[test]
    fn an_id_is_taken_over_where_it_is_plain_and_short() {
        assert_eq!(id("7f3a-01.b_c"), "7f3a-01.b_c");
        for strange in ["", "a b", "a\"b", "é", &"a".repeat(65), "<script>", "abc=="] {
            assert_ne!(id(strange), strange);
        }
        let ids = Ids::new();
        let made: Vec<_> = (0..20).map(|_| ids.of(&HeaderMap::new()).to_str().unwrap().to_owned()).collect();
        let begin = made[0].strip_suffix("-1").unwrap();
        assert_eq!(begin.len(), DIGITS);
        assert_eq!(made[15], format!("{begin}-10"));
        assert_eq!(made[9], format!("{begin}-a"));
    }
}
