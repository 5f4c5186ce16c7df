//! What every request goes through before and after its handler: who asks, whether there is room, how long it may take,
//! and what is told of it.

use std::convert::Infallible;
use std::future::poll_fn;
use std::net::IpAddr;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;
use std::time::{Duration, Instant};

use axum::Router;
use axum::extract::Request;
use axum::http::header::{ACCEPT_LANGUAGE, CONTENT_LENGTH, HeaderMap};
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse as _, Response};
use latchkey_domain::Failure;
use tower_service::Service as _;

use super::exchange::{Exchange, Ids, Plain, REQUEST_ID};
use super::proxies::Proxies;
use super::{Allowance, Limits};
use crate::app::App;
use crate::market::publishing::MOST_BYTES;
use crate::metrics::{Limit, Metrics, Route};
use crate::problem::{self, Problem};
use crate::{console, gateway, glpi};

/// Asked by whoever watches over us, also and above all where we have too much to do.
const ALWAYS: [&str; 2] = ["/healthz", "/readyz"];

const POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");
const LEFT: HeaderName = HeaderName::from_static("ratelimit");

/// Where archives of plugins come in, beside the console's form.
const UPLOADS: &str = "/api/v1/plugins";
/// What a form has around an archive, in bytes.
const FORM_BYTES: usize = 2 << 20;
/// What an upload is held to.
const UPLOAD: Bounds =
    Bounds { body_bytes: MOST_BYTES as usize + FORM_BYTES, request_time: Duration::from_secs(15 * 60) };

/// The way to the handlers.
pub(crate) struct Gate {
    router: Router,
    usual: Option<Usual>,
    agents: Option<Agents>,
    proxies: Proxies,
    ids: Ids,
    most: usize,
    header_bytes: usize,
    bounds: Bounds,
    metrics: Arc<Metrics>,
}

/// Where very many go: past the router, whose boxes and notes beside a request cost as much as what nearly all ask.
struct Usual {
    app: App,
    route: Arc<Route>,
}

/// Where agents go, past the router, too.
pub(crate) struct Agents {
    to: Usual,
    /// The path below which all is theirs.
    below: &'static str,
    /// Their messages are longer, and wait for a GLPI.
    bounds: Bounds,
}

/// What a request is held to.
#[derive(Clone, Copy)]
struct Bounds {
    /// The most bytes of its body.
    body_bytes: usize,
    /// How long its answer may take.
    request_time: Duration,
}

/// A request that is under way, until this is dropped: with its answer, or where whoever asked has hung up.
struct UnderWay<'a> {
    metrics: &'a Metrics,
    with_this: usize,
}

impl Agents {
    /// Whatever comes for a path below this is for the gateway of this app.
    pub(crate) fn of(app: App, below: &'static str) -> Self {
        let route = app.metrics.route(&format!("{below}/{{*rest}}"));
        let bounds = Bounds { body_bytes: app.gateway.packed_bytes(), request_time: app.gateway.message_time() };
        Self { to: Usual { app, route }, below, bounds }
    }
}

impl Gate {
    /// A gate before a router. Where there are agents, it brings what is theirs to the gateway by itself.
    pub(crate) fn new(
        router: Router,
        agents: Option<Agents>,
        proxies: Proxies,
        limits: &Limits,
        metrics: Arc<Metrics>,
    ) -> Self {
        Self {
            router,
            usual: None,
            agents,
            proxies,
            ids: Ids::new(),
            most: limits.requests,
            header_bytes: limits.header_bytes,
            bounds: Bounds { body_bytes: limits.body_bytes, request_time: limits.request_time },
            metrics,
        }
    }

    /// Answers what nearly all ask by itself, for this app.
    pub(crate) fn knowing(self, app: App) -> Self {
        let route = self.metrics.route(glpi::INFO);
        Self { usual: Some(Usual { app, route }), ..self }
    }

    fn bounds(&self, path: &str) -> Bounds {
        match self.agents(path) {
            Some(agents) => agents.bounds,
            None if path == UPLOADS || path == console::PUBLISH => UPLOAD,
            None => self.bounds,
        }
    }

    /// Answers a request that came over a connection from `peer`.
    pub(crate) async fn answer(&self, mut request: Request, peer: IpAddr) -> Result<Response, Infallible> {
        let begun = Instant::now();
        let exchange = Exchange::new(self.proxies.client(peer, request.headers()), self.ids.of(request.headers()));
        let method = request.method().clone();
        let wish = request.headers().get(ACCEPT_LANGUAGE).cloned();
        let under_way = self.enter();
        let Bounds { body_bytes, request_time } = self.bounds(request.uri().path());
        let mut response = if let Some(problem) = self.bars(&request, under_way.with_this, body_bytes) {
            problem.into_response()
        } else {
            let answered = if let Some(Usual { app, route }) = self.usual.as_ref().filter(|_| glpi::is_usual(&request))
            {
                exchange.takes(route.clone());
                in_time(request_time, caught(glpi::info(app, &exchange, request.headers()))).await
            } else if let Some(Agents { to: Usual { app, route }, .. }) = self.agents(request.uri().path()) {
                exchange.takes(route.clone());
                // Apart, so that the others do not carry what only an agent's message needs.
                in_time(request_time, Box::pin(caught(gateway::meet(app, &exchange, request)))).await
            } else {
                request.extensions_mut().insert(exchange.clone());
                // Cheap to clone, and ready by itself.
                let routed = self.router.clone().call(request);
                in_time(request_time, async { routed.await.unwrap_or_else(|never| match never {}) }).await
            };
            answered.unwrap_or_else(|| {
                self.metrics.limited(Limit::RequestTime);
                Problem::ours(Failure::Overloaded).into_response()
            })
        };
        drop(under_way);
        problem::in_words_of(wish.as_ref(), &mut response);
        response.headers_mut().insert(REQUEST_ID, exchange.id().clone());
        if let Some(allowance) = exchange.allowance() {
            say_allowance(allowance, response.headers_mut());
        }
        self.tell(&exchange, method.as_str(), response.status(), begun.elapsed());
        Ok(response)
    }

    /// Where a path is the agents'.
    fn agents(&self, path: &str) -> Option<&Agents> {
        self.agents.as_ref().filter(|agents| gateway::is_below(agents.below, path))
    }

    fn enter(&self) -> UnderWay<'_> {
        UnderWay { metrics: &self.metrics, with_this: self.metrics.entered() }
    }

    /// Why a request does not get as far as its handler.
    fn bars(&self, request: &Request, under_way: usize, body_bytes: usize) -> Option<Problem> {
        if under_way > self.most && !ALWAYS.contains(&request.uri().path()) {
            self.metrics.limited(Limit::Requests);
            return Some(Problem::ours(Failure::Overloaded));
        }
        let head: usize = request.headers().iter().map(|(name, value)| name.as_str().len() + value.len()).sum();
        if head > self.header_bytes {
            self.metrics.limited(Limit::HeaderBytes);
            return Some(Problem::headers_too_long(self.header_bytes));
        }
        let length = request.headers().get(CONTENT_LENGTH)?.to_str().ok()?.parse::<u64>().ok()?;
        (length > body_bytes as u64).then(|| {
            self.metrics.limited(Limit::BodyBytes);
            Problem::body_too_long(body_bytes)
        })
    }

    /// One line, and one count. The route is told, never the path: what stands in a path or a query may be a secret.
    fn tell(&self, exchange: &Exchange, method: &str, status: StatusCode, took: Duration) {
        let route = exchange.route();
        self.metrics.answered(route, status.as_u16(), took);
        let ms = took.as_micros() as f64 / 1_000.0;
        // Methods are a stranger's words, too; those that a route takes are not.
        let method = if route.is_some() && status != StatusCode::METHOD_NOT_ALLOWED { method } else { "-" };
        let route = route.map_or("-", |route| route.template());
        let (request, client, status) = (Plain(exchange.id()), exchange.client(), status.as_u16());
        let key = exchange.key().map(tracing::field::display);
        if status >= 400 {
            tracing::info!(%request, method, route, status, ms, %client, key, "answered a request");
        } else {
            tracing::debug!(%request, method, route, status, ms, %client, key, "answered a request");
        }
    }
}

/// The answer, unless it is too long in coming. Most are there at once, and no clock is set for them.
async fn in_time(most: Duration, answer: impl Future<Output = Response>) -> Option<Response> {
    let mut answer = pin!(answer);
    match poll_fn(|context| Poll::Ready(answer.as_mut().poll(context))).await {
        Poll::Ready(response) => Some(response),
        Poll::Pending => tokio::time::timeout(most, answer).await.ok(),
    }
}

/// Answers also where the handler has a mistake, as the router's layer does for the others.
async fn caught(answer: impl Future<Output = Response>) -> Response {
    let mut answer = pin!(answer);
    poll_fn(|context| match catch_unwind(AssertUnwindSafe(|| answer.as_mut().poll(context))) {
        Ok(polled) => polled,
        Err(panic) => Poll::Ready(problem::panicked(panic)),
    })
    .await
}

/// As the IETF's draft on rate limit fields has it: what may be sent in a minute, and what is left.
fn say_allowance(allowance: Allowance, headers: &mut HeaderMap) {
    let Allowance { most, left, whole_in, wait: _ } = allowance;
    for (name, value) in
        [(POLICY, format!("\"token\";q={most};w=60")), (LEFT, format!("\"token\";r={left};t={whole_in}"))]
    {
        if let Ok(value) = HeaderValue::try_from(value) {
            headers.insert(name, value);
        }
    }
}

impl Drop for UnderWay<'_> {
    fn drop(&mut self) {
        self.metrics.left();
    }
}
