//! The way from here to the service, step by step: each is asked only where the one before it held.

mod clock;
mod family;
mod http;
mod info;
mod ipv4;
mod ipv6;
mod php;
mod php_trust;
mod proxy;
mod resolver;
mod tls;

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use jiff::Timestamp;
use jiff::fmt::rfc2822;
use rustls::pki_types::CertificateDer;

use super::finding::Check;
use super::net::Way;
use super::net::http::Answer;
use super::net::proxy::{Named, Proxy};
use super::net::tcp::Dead;
use super::net::tls::Trust;
use super::net::url::Url;

pub(super) use http::{fault_of, no_answer};

pub(super) const CHECKS: &[Check] =
    &[proxy::CHECK, resolver::CHECK, ipv4::CHECK, ipv6::CHECK, tls::CHECK, http::CHECK, info::CHECK];
pub(super) const PHP_CHECKS: &[Check] = &[php_trust::CHECK, php::CHECK];
pub(super) const TIME_CHECKS: &[Check] = &[clock::CHECK];

/// The way, as far as it is known.
pub(super) struct Road {
    pub(super) url: Url,
    patience: Duration,
    trust: Option<Trust>,
    named: Named,
    addresses: Vec<IpAddr>,
    reach: Option<Reach>,
    /// Once an address answered.
    pub(super) way: Option<Way>,
    chain: Vec<CertificateDer<'static>>,
    /// How far this clock is ahead of the service's, in seconds.
    ahead: Option<i64>,
    /// The check that failed, after which none is asked.
    pub(super) blocked: Option<&'static str>,
}

type Knocked = Option<Result<(SocketAddr, Duration), (SocketAddr, Dead)>>;

/// What became of the addresses of each kind.
struct Reach {
    v4: Knocked,
    v6: Knocked,
}

impl Road {
    pub(super) fn to(url: Url, patience: Duration) -> Self {
        let variable = |name: &str| std::env::var(name).ok();
        let trust = super::net::tls::system_trust(variable("SSL_CERT_FILE").map(PathBuf::from));
        let named = super::net::proxy::named(&url, variable);
        Self {
            url,
            patience,
            trust,
            named,
            addresses: Vec::new(),
            reach: None,
            way: None,
            chain: Vec::new(),
            ahead: None,
            blocked: None,
        }
    }

    fn proxy(&self) -> Option<&Proxy> {
        if let Named::Proxy(proxy) = &self.named { Some(proxy) } else { None }
    }

    /// Whether only PHP can ask, since this program does not speak to such a proxy.
    fn is_left_to_php(&self) -> bool {
        matches!(self.named, Named::OverTls(_))
    }

    /// Notes what the answer says of the service's clock.
    fn hear_the_time(&mut self, answer: &Answer) {
        let Some(theirs) = time_of(answer) else { return };
        self.ahead = Some(Timestamp::now().as_second() - theirs.as_second());
    }

    fn block(&mut self, check: &'static str) {
        self.blocked = self.blocked.or(Some(check));
    }
}

/// What a server's clock says.
fn time_of(answer: &Answer) -> Option<Timestamp> {
    let zoned = rfc2822::DateTimeParser::new().parse_zoned(answer.header("date")?).ok()?;
    Some(zoned.timestamp())
}

fn millis(took: Duration) -> String {
    took.as_millis().to_string()
}

/// A day, of a time since the epoch.
pub(super) fn day(at: Duration) -> String {
    let second = i64::try_from(at.as_secs()).unwrap_or(i64::MAX);
    let at = Timestamp::from_second(second).unwrap_or(Timestamp::MAX);
    at.strftime("%Y-%m-%d").to_string()
}

/// Whole days from now until a time since the epoch.
pub(super) fn days_until(at: Duration) -> i64 {
    let left =
        i64::try_from(at.as_secs()).unwrap_or(i64::MAX) - i64::try_from(super::net::tls::now().as_secs()).unwrap_or(0);
    left.div_euclid(24 * 60 * 60)
}
