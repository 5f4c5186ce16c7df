//! What is counted while we run, for whoever watches over us (Prometheus' text format, `docs/metrics.md`).
//!
//! Invariant: labels are words of ours, or classes of what was sent, so that there is a bounded number of them and no
//! secret among them. Counting on the way of a good key takes no lock and no memory.

mod page;
mod text;

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::{Duration, Instant};

pub(crate) use page::routes;
use text::{Kind, Text};

/// Upper ends of the histogram's classes, in microseconds.
const CLASSES: [u64; 12] =
    [250, 500, 1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000, 250_000, 1_000_000, 10_000_000];
/// Status codes, from 100 on.
const STATUSES: usize = 500;

/// Everything that is counted.
pub(crate) struct Metrics {
    started: Instant,
    routes: RwLock<Vec<Arc<Route>>>,
    /// Requests that got to no route.
    elsewhere: Arc<Route>,
    /// Answers that a key is good and all is well: the way of nearly every question.
    good: [AtomicU64; Asker::ALL.len()],
    /// All other answers about keys, by their code.
    told: Mutex<BTreeMap<(&'static str, Asker), u64>>,
    limited: [AtomicU64; Limit::ALL.len()],
    under_way: AtomicI64,
    connections_open: AtomicI64,
    connections: AtomicU64,
    handshakes_failed: AtomicU64,
    certificates_taken: AtomicU64,
    certificates_refused: AtomicU64,
}

/// What is counted of one route.
pub(crate) struct Route {
    template: String,
    statuses: Box<[AtomicU64]>,
    classes: [AtomicU64; CLASSES.len() + 1],
    micros: AtomicU64,
}

/// Which GLPI asks, roughly.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Asker {
    Glpi9,
    Glpi10,
    Glpi11,
    /// A GLPI of another version.
    GlpiOther,
    /// Somebody else.
    Stranger,
}

/// A limit that bites.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Limit {
    Connections,
    Requests,
    RequestTime,
    IdleTime,
    HeaderBytes,
    BodyBytes,
    FailedKeys,
    TokenRequests,
}

impl Metrics {
    pub(crate) fn new() -> Self {
        Self {
            started: Instant::now(),
            routes: RwLock::default(),
            elsewhere: Arc::new(Route::new("")),
            good: Default::default(),
            told: Mutex::default(),
            limited: Default::default(),
            under_way: AtomicI64::new(0),
            connections_open: AtomicI64::new(0),
            connections: AtomicU64::new(0),
            handshakes_failed: AtomicU64::new(0),
            certificates_taken: AtomicU64::new(0),
            certificates_refused: AtomicU64::new(0),
        }
    }

    /// The counters of a route, by its template; never by a path.
    pub(crate) fn route(&self, template: &str) -> Arc<Route> {
        let mut routes = self.routes.write().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = routes.iter().find(|route| route.template == template) {
            return known.clone();
        }
        let route = Arc::new(Route::new(template));
        routes.push(route.clone());
        route
    }

    /// A request was answered.
    pub(crate) fn answered(&self, route: Option<&Arc<Route>>, status: u16, took: Duration) {
        route.unwrap_or(&self.elsewhere).count(status, took);
    }

    /// A question about a key was answered; without a code, that all is well.
    pub(crate) fn told(&self, code: Option<&'static str>, asker: Asker) {
        match code {
            None => add(&self.good[asker as usize]),
            Some(code) => {
                *self.told.lock().unwrap_or_else(PoisonError::into_inner).entry((code, asker)).or_default() += 1;
            }
        }
    }

    /// Answers about keys so far, by code, whoever asked; all that were well under an empty one.
    pub(crate) fn answers(&self) -> BTreeMap<&'static str, u64> {
        let mut answers = BTreeMap::from([("", self.good.iter().map(read).sum())]);
        for ((code, _), count) in self.told.lock().unwrap_or_else(PoisonError::into_inner).iter() {
            *answers.entry(*code).or_default() += count;
        }
        answers
    }

    pub(crate) fn limited(&self, limit: Limit) {
        add(&self.limited[limit as usize]);
    }

    /// A request is under way; gives how many are, with this one.
    pub(crate) fn entered(&self) -> usize {
        usize::try_from(self.under_way.fetch_add(1, Ordering::Relaxed) + 1).unwrap_or_default()
    }

    pub(crate) fn left(&self) {
        self.under_way.fetch_sub(1, Ordering::Relaxed);
    }

    pub(crate) fn connection_opened(&self) {
        add(&self.connections);
        self.connections_open.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn connection_closed(&self) {
        self.connections_open.fetch_sub(1, Ordering::Relaxed);
    }

    pub(crate) fn handshake_failed(&self) {
        add(&self.handshakes_failed);
    }

    /// The files of the certificate have changed.
    pub(crate) fn certificate_changed(&self, taken: bool) {
        add(if taken { &self.certificates_taken } else { &self.certificates_refused });
    }

    fn write(&self, out: &mut Text) {
        out.begin("latchkey_uptime_seconds", Kind::Gauge, "How long this process has been running.");
        out.seconds(&[], self.started.elapsed());

        out.begin("latchkey_questions_total", Kind::Counter, "Answers about keys, by code and by who asked.");
        for asker in Asker::ALL {
            out.value(&[("code", "OK"), ("glpi", asker.name())], read(&self.good[asker as usize]));
        }
        for ((code, asker), count) in self.told.lock().unwrap_or_else(PoisonError::into_inner).iter() {
            out.value(&[("code", code), ("glpi", asker.name())], *count);
        }

        let mut routes = self.routes.read().unwrap_or_else(PoisonError::into_inner).clone();
        routes.push(self.elsewhere.clone());
        out.begin("latchkey_http_requests_total", Kind::Counter, "Requests answered, by route and status.");
        routes.iter().for_each(|route| route.write_statuses(out));
        out.begin(
            "latchkey_http_request_duration_seconds",
            Kind::Histogram,
            "Time from a request's head to its answer.",
        );
        routes.iter().for_each(|route| route.write_times(out));
        out.begin("latchkey_http_requests_under_way", Kind::Gauge, "Requests that are being answered.");
        out.value(&[], self.under_way.load(Ordering::Relaxed));

        out.begin("latchkey_limited_total", Kind::Counter, "How often a limit has bitten.");
        for limit in Limit::ALL {
            out.value(&[("limit", limit.name())], read(&self.limited[limit as usize]));
        }
        out.begin("latchkey_connections_open", Kind::Gauge, "Connections that are open.");
        out.value(&[], self.connections_open.load(Ordering::Relaxed));
        out.begin("latchkey_connections_total", Kind::Counter, "Connections that were taken.");
        out.value(&[], read(&self.connections));
        out.begin("latchkey_tls_handshakes_failed_total", Kind::Counter, "Connections without a TLS handshake.");
        out.value(&[], read(&self.handshakes_failed));
        out.begin("latchkey_tls_certificates_total", Kind::Counter, "Changes of the certificate's files.");
        out.value(&[("outcome", "taken")], read(&self.certificates_taken));
        out.value(&[("outcome", "refused")], read(&self.certificates_refused));
    }
}

impl Route {
    fn new(template: &str) -> Self {
        let statuses = (0..STATUSES).map(|_| AtomicU64::new(0)).collect();
        Self { template: template.to_owned(), statuses, classes: Default::default(), micros: AtomicU64::new(0) }
    }

    /// Its path, with names where values stand.
    pub(crate) fn template(&self) -> &str {
        &self.template
    }

    fn count(&self, status: u16, took: Duration) {
        if let Some(count) = self.statuses.get(usize::from(status).wrapping_sub(100)) {
            add(count);
        }
        let micros = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
        add(&self.classes[CLASSES.partition_point(|end| *end < micros)]);
        self.micros.fetch_add(micros, Ordering::Relaxed);
    }

    fn write_statuses(&self, out: &mut Text) {
        for (status, count) in (100..).zip(self.statuses.iter().map(read)).filter(|(_, count)| *count > 0) {
            out.value(&[("route", &self.template), ("status", &format!("{status}"))], count);
        }
    }

    fn write_times(&self, out: &mut Text) {
        let mut total = 0;
        for (at, class) in self.classes.iter().enumerate() {
            total += read(class);
            let end = CLASSES.get(at).map_or("+Inf".to_owned(), |end| format!("{}", *end as f64 / 1e6));
            out.part("_bucket", &[("route", &self.template), ("le", &end)], total);
        }
        out.part("_sum", &[("route", &self.template)], read(&self.micros) as f64 / 1e6);
        out.part("_count", &[("route", &self.template)], total);
    }
}

impl Asker {
    const ALL: [Self; 5] = [Self::Glpi9, Self::Glpi10, Self::Glpi11, Self::GlpiOther, Self::Stranger];

    /// By the major version that a GLPI names; `None` is no GLPI.
    pub(crate) fn of(major: Option<u16>) -> Self {
        match major {
            Some(9) => Self::Glpi9,
            Some(10) => Self::Glpi10,
            Some(11) => Self::Glpi11,
            Some(_) => Self::GlpiOther,
            None => Self::Stranger,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Glpi9 => "9",
            Self::Glpi10 => "10",
            Self::Glpi11 => "11",
            Self::GlpiOther => "other",
            Self::Stranger => "none",
        }
    }
}

impl Limit {
    const ALL: [Self; 8] = [
        Self::Connections,
        Self::Requests,
        Self::RequestTime,
        Self::IdleTime,
        Self::HeaderBytes,
        Self::BodyBytes,
        Self::FailedKeys,
        Self::TokenRequests,
    ];

    fn name(self) -> &'static str {
        match self {
            Self::Connections => "connections",
            Self::Requests => "requests",
            Self::RequestTime => "request_time",
            Self::IdleTime => "idle_time",
            Self::HeaderBytes => "header_bytes",
            Self::BodyBytes => "body_bytes",
            Self::FailedKeys => "failed_keys",
            Self::TokenRequests => "token_requests",
        }
    }
}

fn add(counter: &AtomicU64) {
    counter.fetch_add(1, Ordering::Relaxed);
}

fn read(counter: &AtomicU64) -> u64 {
    counter.load(Ordering::Relaxed)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(metrics: &Metrics) -> String {
        let mut out = Text::default();
        metrics.write(&mut out);
        out.finish()
    }

    #[test]
    fn a_time_falls_into_its_class_and_all_above() {
        let metrics = Metrics::new();
        let route = metrics.route("/a/{id}");
        metrics.answered(Some(&route), 200, Duration::from_micros(500));
        metrics.answered(Some(&route), 200, Duration::from_micros(501));
        metrics.answered(Some(&route), 503, Duration::from_secs(60));
        let text = text(&metrics);
        let has = |line: &str| assert!(text.lines().any(|other| other == line), "{line} in {text}");
        has("latchkey_http_requests_total{route=\"/a/{id}\",status=\"200\"} 2");
        has("latchkey_http_requests_total{route=\"/a/{id}\",status=\"503\"} 1");
        has("latchkey_http_request_duration_seconds_bucket{route=\"/a/{id}\",le=\"0.00025\"} 0");
        has("latchkey_http_request_duration_seconds_bucket{route=\"/a/{id}\",le=\"0.0005\"} 1");
        has("latchkey_http_request_duration_seconds_bucket{route=\"/a/{id}\",le=\"0.001\"} 2");
        has("latchkey_http_request_duration_seconds_bucket{route=\"/a/{id}\",le=\"10\"} 2");
        has("latchkey_http_request_duration_seconds_bucket{route=\"/a/{id}\",le=\"+Inf\"} 3");
        has("latchkey_http_request_duration_seconds_sum{route=\"/a/{id}\"} 60.001001");
        has("latchkey_http_request_duration_seconds_count{route=\"/a/{id}\"} 3");
    }

    #[test]
    fn answers_are_counted_by_code_and_by_who_asked() {
        let metrics = Metrics::new();
        metrics.told(None, Asker::of(Some(11)));
        metrics.told(Some("KEY_REVOKED"), Asker::of(Some(9)));
        metrics.told(Some("KEY_REVOKED"), Asker::of(Some(9)));
        metrics.told(Some("KEY_REVOKED"), Asker::of(None));
        let text = text(&metrics);
        for line in [
            "latchkey_questions_total{code=\"OK\",glpi=\"11\"} 1",
            "latchkey_questions_total{code=\"OK\",glpi=\"10\"} 0",
            "latchkey_questions_total{code=\"KEY_REVOKED\",glpi=\"9\"} 2",
            "latchkey_questions_total{code=\"KEY_REVOKED\",glpi=\"none\"} 1",
        ] {
            assert!(text.lines().any(|other| other == line), "{line} in {text}");
        }
    }
}
