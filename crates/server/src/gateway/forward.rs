//! Speaking with the GLPI behind the gateway: what is passed on of a message, and what its answer comes to.

use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use axum::body::{Body, Bytes};
use axum::http::header::{
    AUTHORIZATION, CONNECTION, CONTENT_LENGTH, CONTENT_TYPE, EXPECT, HOST, HeaderMap, PROXY_AUTHENTICATE,
    PROXY_AUTHORIZATION, TE, TRAILER, TRANSFER_ENCODING, UPGRADE,
};
use axum::http::{HeaderName, HeaderValue, Method, Request, StatusCode, Uri};
use axum::response::Response;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use latchkey_domain::accounts::{InventoryCredential, Secret};
use latchkey_domain::enrollment::{Voice, Word, weigh};
use latchkey_domain::outgoing::Unanswered;
use latchkey_domain::time::Millis;
use latchkey_glpi::agent::What;
use latchkey_glpi::agent::answer::{self, Heard};
use latchkey_outgoing::upstream::{Answer, Upstream};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::clock::ClockGuard;

/// How long a GLPI that did not answer is left alone, at first; twice as long each time that it does not, up to half a
/// minute. In milliseconds.
const LEFT_ALONE: Millis = 2_000;
const LEFT_ALONE_AT_MOST: Millis = 30_000;

/// Headers that concern a connection and not what goes over it.
static HOP: [HeaderName; 10] = [
    CONNECTION,
    CONTENT_LENGTH,
    HeaderName::from_static("keep-alive"),
    TE,
    TRAILER,
    TRANSFER_ENCODING,
    UPGRADE,
    PROXY_AUTHENTICATE,
    PROXY_AUTHORIZATION,
    EXPECT,
];
/// What a stranger says of where it is.
const WHEREABOUTS: [&str; 8] = [
    "x-forwarded-for",
    "forwarded",
    "x-real-ip",
    "x-client-ip",
    "x-forwarded-host",
    "x-forwarded-proto",
    "true-client-ip",
    "cf-connecting-ip",
];
const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// A GLPI.
pub(super) struct Glpi {
    upstream: Upstream,
    credential: InventoryCredential,
    within: Duration,
    clock: ClockGuard,
    token: Mutex<Option<(HeaderValue, Instant)>>,
    rest: Mutex<Rest>,
}

/// Whether it is left alone, because it did not answer.
#[derive(Default)]
struct Rest {
    /// On the monotonic clock.
    until: Option<Millis>,
    times: u32,
}

/// What is passed on: path and headers, without any credential.
#[derive(Debug, Clone)]
pub(super) struct Head {
    pub(super) method: Method,
    /// With its query.
    pub(super) path: String,
    pub(super) headers: HeaderMap,
}

/// The same as it is stored.
#[derive(Serialize, Deserialize)]
struct Stored {
    method: String,
    path: String,
    headers: Vec<(String, String)>,
}

/// What came of it.
pub(super) enum Outcome {
    /// GLPI has it, and answers.
    Answered(Answer, Heard),
    /// GLPI says no to it, and would again.
    Never(Answer),
    /// GLPI cannot take it now, and why.
    NotNow(String),
}

impl Head {
    /// What is passed on of a message that came from `client` for `path`.
    pub(super) fn of(method: &Method, path: &str, query: Option<&str>, headers: &HeaderMap, client: IpAddr) -> Self {
        let hop = Hop::of(headers);
        let passes = |name: &HeaderName, value: &HeaderValue| {
            !hop.has(name)
                && ![HOST, AUTHORIZATION].contains(name)
                && !WHEREABOUTS.contains(&name.as_str())
                && value.to_str().is_ok()
        };
        let mut passed = HeaderMap::with_capacity(headers.len() + 3);
        for (name, value) in headers.iter().filter(|(name, value)| passes(name, value)) {
            passed.append(name, value.clone());
        }
        if let Ok(client) = HeaderValue::try_from(client.to_string()) {
            passed.append(FORWARDED_FOR, client);
        }
        let path = query.map_or_else(|| path.to_owned(), |query| format!("{path}?{query}"));
        Self { method: method.clone(), path, headers: passed }
    }

    /// As it is stored.
    pub(super) fn store(&self) -> String {
        let text = |(name, value): (&HeaderName, &HeaderValue)| {
            Some((name.as_str().to_owned(), value.to_str().ok()?.to_owned()))
        };
        let headers = self.headers.iter().filter_map(text).collect();
        let stored = Stored { method: self.method.as_str().to_owned(), path: self.path.clone(), headers };
        serde_json::to_string(&stored).unwrap_or_default()
    }

    /// What was stored.
    pub(super) fn stored(text: &str) -> Option<Self> {
        let Stored { method, path, headers } = serde_json::from_str(text).ok()?;
        let read = |(name, value): (String, String)| Some((name.parse().ok()?, value.parse().ok()?));
        let headers = headers.into_iter().map(read).collect::<Option<Vec<(HeaderName, HeaderValue)>>>()?;
        let mut all = HeaderMap::with_capacity(headers.len() + 2);
        for (name, value) in headers {
            all.append(name, value);
        }
        Some(Self { method: method.parse().ok()?, path, headers: all })
    }
}

impl Glpi {
    pub(super) fn new(
        upstream: Upstream,
        credential: InventoryCredential,
        within: Duration,
        clock: ClockGuard,
    ) -> Self {
        Self { upstream, credential, within, clock, token: Mutex::default(), rest: Mutex::default() }
    }

    /// The same GLPI, which is shown something else from now on: where it did not answer before, it is asked again at once.
    pub(super) fn shown(&self, credential: InventoryCredential) -> Self {
        let rest = Rest { until: self.was_away().then(|| self.clock.monotonic()), times: 0 };
        let (upstream, clock) = (self.upstream.clone(), self.clock.clone());
        Self { upstream, credential, within: self.within, clock, token: Mutex::default(), rest: Mutex::new(rest) }
    }

    /// Whether it is shown this.
    pub(super) fn is_shown(&self, credential: &InventoryCredential) -> bool {
        self.credential == *credential
    }

    /// Whether it is left alone for a moment.
    pub(super) fn rests(&self) -> bool {
        let rest = self.rest.lock().unwrap_or_else(PoisonError::into_inner);
        rest.until.is_some_and(|until| until > self.clock.monotonic())
    }

    /// Whether it did not answer, the last time that it was asked.
    pub(super) fn was_away(&self) -> bool {
        self.rest.lock().unwrap_or_else(PoisonError::into_inner).until.is_some()
    }

    /// Sends a message on. True beside the outcome where GLPI was away before, and is back.
    pub(super) async fn send(&self, what: What, head: &Head, body: Bytes) -> (Outcome, bool) {
        let outcome = self.ask(what, head, body).await;
        let mut rest = self.rest.lock().unwrap_or_else(PoisonError::into_inner);
        match &outcome {
            Outcome::Answered(..) | Outcome::Never(_) => {
                let was_away = rest.until.is_some();
                *rest = Rest::default();
                if was_away {
                    tracing::info!(glpi = %self.upstream.origin(), "GLPI is back");
                }
                (outcome, was_away)
            }
            Outcome::NotNow(why) => {
                if rest.until.is_none() {
                    tracing::warn!(glpi = %self.upstream.origin(), why, "GLPI cannot be asked; what comes is kept");
                }
                let pause = (LEFT_ALONE << rest.times.min(5)).min(LEFT_ALONE_AT_MOST);
                *rest = Rest { until: Some(self.clock.monotonic() + pause), times: rest.times + 1 };
                (outcome, false)
            }
        }
    }

    async fn ask(&self, what: What, head: &Head, body: Bytes) -> Outcome {
        let until = Instant::now() + self.within;
        for again in [false, true] {
            let authorization = match self.authorization(again).await {
                Ok(authorization) => authorization,
                Err(why) => return Outcome::NotNow(why),
            };
            let left = until.saturating_duration_since(Instant::now());
            let Some(uri) = self.uri(head) else {
                return Outcome::NotNow("the message cannot be passed on".to_owned());
            };
            let request = || self.request(head, uri.clone(), authorization.clone(), body.clone());
            let answer = match self.upstream.send(request, left).await {
                Ok(answer) => answer,
                Err(unanswered) => return Outcome::NotNow(why(&unanswered)),
            };
            // Its token may have been taken back before its time.
            if answer.status == 401 && !again && matches!(self.credential, InventoryCredential::Client { .. }) {
                continue;
            }
            let heard = answer::heard(&answer.body);
            return match weigh(what.needs_own_words(), answer.status, heard.voice) {
                Word::Answered => Outcome::Answered(answer, heard),
                Word::Never => Outcome::Never(answer),
                Word::NotNow => Outcome::NotNow(what_stands_between(answer.status, heard.voice)),
            };
        }
        Outcome::NotNow("GLPI does not take the client's id and secret".to_owned())
    }

    /// Where a message goes.
    fn uri(&self, head: &Head) -> Option<Uri> {
        match self.upstream.base() {
            "" => head.path.parse().ok(),
            base => format!("{base}{}", head.path).parse().ok(),
        }
    }

    fn request(&self, head: &Head, uri: Uri, authorization: Option<HeaderValue>, body: Bytes) -> Request<Bytes> {
        let mut request = Request::new(body);
        *request.method_mut() = head.method.clone();
        *request.uri_mut() = uri;
        let headers = request.headers_mut();
        headers.clone_from(&head.headers);
        headers.insert(HOST, self.upstream.host().clone());
        if let Some(authorization) = authorization {
            headers.insert(AUTHORIZATION, authorization);
        }
        request
    }

    async fn authorization(&self, anew: bool) -> Result<Option<HeaderValue>, String> {
        match &self.credential {
            InventoryCredential::None => Ok(None),
            InventoryCredential::Basic { user, password } => {
                let pair = Zeroizing::new(format!("{user}:{}", password.reveal()));
                Ok(Some(secret("Basic", &BASE64.encode(pair.as_bytes()))?))
            }
            InventoryCredential::Client { id, secret } => {
                let known = self.token.lock().unwrap_or_else(PoisonError::into_inner).clone();
                match known.filter(|(_, until)| !anew && *until > Instant::now()) {
                    Some((token, _)) => Ok(Some(token)),
                    None => self.fetch_token(id, secret).await.map(Some),
                }
            }
        }
    }

    /// As an agent does it.
    async fn fetch_token(&self, id: &str, client_secret: &Secret) -> Result<HeaderValue, String> {
        #[derive(Serialize)]
        struct Asks<'a> {
            grant_type: &'static str,
            client_id: &'a str,
            client_secret: &'a str,
            scope: &'static str,
        }
        #[derive(Deserialize)]
        struct Granted {
            access_token: String,
            #[serde(default)]
            expires_in: u64,
        }
        let asks = Asks {
            grant_type: "client_credentials",
            client_id: id,
            client_secret: client_secret.reveal(),
            scope: "inventory",
        };
        let head = Head {
            method: Method::POST,
            path: "/api.php/token".to_owned(),
            headers: HeaderMap::from_iter([(CONTENT_TYPE, HeaderValue::from_static("application/json"))]),
        };
        let body = Bytes::from(serde_json::to_vec(&asks).unwrap_or_default());
        let uri = self.uri(&head).ok_or("the token cannot be asked for")?;
        let request = || self.request(&head, uri.clone(), None, body.clone());
        let answer = self.upstream.send(request, self.within).await.map_err(|unanswered| why(&unanswered))?;
        let granted: Granted = match answer.status {
            200 => serde_json::from_slice(&answer.body).map_err(|_| "GLPI's token does not read".to_owned())?,
            status => return Err(format!("GLPI gives no token for the client's id and secret (status {status})")),
        };
        let token = secret("Bearer", &Zeroizing::new(granted.access_token))?;
        // A little before its time, so that none is over on its way.
        let until = Instant::now() + Duration::from_secs(granted.expires_in.max(60) - 30);
        *self.token.lock().unwrap_or_else(PoisonError::into_inner) = Some((token.clone(), until));
        Ok(token)
    }
}

/// GLPI's answer, as it is passed on.
pub(super) fn pass_on(answer: Answer) -> Response {
    let Answer { status, mut headers, body } = answer;
    let hop = Hop::of(&headers);
    for name in hop.all() {
        headers.remove(name);
    }
    headers.remove(AUTHORIZATION);
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_GATEWAY);
    *response.headers_mut() = headers;
    response
}

/// The headers that concern one connection alone: those that always do, and those that its own `Connection` names.
struct Hop(Vec<HeaderName>);

impl Hop {
    fn of(headers: &HeaderMap) -> Self {
        let named = headers.get_all(CONNECTION).iter().filter_map(|value| value.to_str().ok());
        Self(named.flat_map(|value| value.split(',')).filter_map(|name| name.trim().parse().ok()).collect())
    }

    fn all(&self) -> impl Iterator<Item = &HeaderName> {
        HOP.iter().chain(&self.0)
    }

    fn has(&self, name: &HeaderName) -> bool {
        self.all().any(|hop| hop == name)
    }
}

/// For the log and the queue: why an answer is no word of GLPI on the message.
fn what_stands_between(status: u16, voice: Voice) -> String {
    match (status, voice) {
        (_, Voice::SwitchedOff) => "inventory is disabled in GLPI".to_owned(),
        (401, _) => "GLPI wants a credential for inventories, or another than it is shown (status 401)".to_owned(),
        (300..=399, _) => format!("GLPI's address leads elsewhere (status {status}): give the one that it leads to"),
        (200..=299, _) => {
            format!("something that is not GLPI answered with status {status}, such as a maintenance page")
        }
        _ => format!("GLPI answered with status {status}"),
    }
}

/// For the log and the queue: whom it went to, and what went wrong.
fn why(unanswered: &Unanswered) -> String {
    latchkey_texts::unanswered(unanswered, latchkey_texts::Language::English).cause
}

fn secret(scheme: &str, value: &str) -> Result<HeaderValue, String> {
    let mut value =
        HeaderValue::try_from(format!("{scheme} {value}")).map_err(|_| "GLPI's credential does not read".to_owned())?;
    value.set_sensitive(true);
    Ok(value)
}
