//! How strangers are met: TLS, proxies, limits. Read here, used by the server.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use latchkey_domain::instances::Patterns;
use latchkey_domain::network::{BadNetwork, Network};
use latchkey_server::front::{Front, Limits, TlsSource};

use super::{Setting, Stated};
use crate::data_dir;
use crate::problem::Problem;

/// For how long connections are still taken after the server was told to stop.
const DRAIN_SECONDS: u64 = 1;

/// All of it, as it was configured.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct FrontConfig {
    /// The certificate's file and the key's.
    pub(crate) tls: Option<(PathBuf, PathBuf)>,
    pub(crate) trusted_proxies: Vec<Network>,
    pub(crate) metrics_listen: Option<SocketAddr>,
    pub(crate) limits: Limits,
    /// Hosts of plugins' sites on which no work is done.
    pub(crate) non_production: Patterns,
}

impl FrontConfig {
    pub(super) fn read(stated: &dyn Fn(Setting) -> Option<Stated>) -> Result<Self, Problem> {
        let defaults = Limits::default();
        let size = |setting, what: &str, least: usize, default: usize| match stated(setting) {
            Some(stated) => at_least(&stated, stated.read("a whole number", what)?, least),
            None => Ok(default),
        };
        let seconds = |setting, least: u64, default: Duration| -> Result<Duration, Problem> {
            match stated(setting) {
                Some(stated) => {
                    let seconds = at_least(&stated, stated.read("a whole number", "seconds, such as 15")?, least)?;
                    Ok(Duration::from_secs(seconds))
                }
                None => Ok(default),
            }
        };
        let limits = Limits {
            connections: size(
                Setting::MaxConnections,
                "how many connections may be open, such as 16384",
                1,
                defaults.connections,
            )?,
            requests: size(
                Setting::MaxRequests,
                "how many requests are answered at once, such as 1024",
                1,
                defaults.requests,
            )?,
            body_bytes: size(Setting::MaxBodyBytes, "bytes, such as 2097152", 0, defaults.body_bytes)?,
            // What an HTTP/1 connection reads at once; a key of 8 KiB is still told what is wrong with it.
            header_bytes: size(Setting::MaxHeaderBytes, "bytes, such as 65536", 16_384, defaults.header_bytes)?,
            request_time: seconds(Setting::RequestTimeout, 1, defaults.request_time)?,
            idle_time: seconds(Setting::IdleTimeout, 1, defaults.idle_time)?,
            failed_keys_per_minute: match stated(Setting::FailedKeys) {
                Some(stated) => stated
                    .read("a whole number", "failed keys of one address in a minute, such as 60; 0 for no limit")?,
                None => defaults.failed_keys_per_minute,
            },
            token_requests_per_minute: match stated(Setting::TokenRequests) {
                Some(stated) => stated
                    .read("a whole number", "requests of one API token in a minute, such as 1200; 0 for no limit")?,
                None => defaults.token_requests_per_minute,
            },
            drain_time: seconds(Setting::Drain, 0, Duration::from_secs(DRAIN_SECONDS))?,
        };
        Ok(Self {
            tls: tls(stated(Setting::TlsCert), stated(Setting::TlsKey))?,
            trusted_proxies: match stated(Setting::TrustedProxies) {
                Some(stated) => networks(&stated, "the proxies' addresses, such as 127.0.0.1 or 10.0.0.0/8")?,
                None => Vec::new(),
            },
            metrics_listen: match stated(Setting::MetricsListen) {
                Some(stated) => {
                    Some(stated.read("an address to listen on", "an IP address and a port, such as 127.0.0.1:9090")?)
                }
                None => None,
            },
            limits,
            non_production: match stated(Setting::NonProductionHosts) {
                Some(stated) => patterns(&stated)?,
                None => Patterns::default(),
            },
        })
    }

    /// For the server.
    pub(crate) fn front(&self) -> Front {
        Front {
            tls: self.tls.clone().map(|(certificate, key)| TlsSource {
                certificate: certificate.display().to_string(),
                key: key.display().to_string(),
                read: Box::new(move || data_dir::tls_pair(&certificate, &key)),
            }),
            trusted_proxies: self.trusted_proxies.clone(),
            metrics_listen: self.metrics_listen,
            limits: self.limits,
            non_production: self.non_production.clone(),
        }
    }
}

fn tls(certificate: Option<Stated>, key: Option<Stated>) -> Result<Option<(PathBuf, PathBuf)>, Problem> {
    match (certificate, key) {
        (Some(certificate), Some(key)) => Ok(Some((certificate.text.into(), key.text.into()))),
        (None, None) => Ok(None),
        (Some(given), None) => Err(Problem::usage(
            format!("{}: a certificate without its key", given.place),
            "name both, or neither: --tls-cert FILE --tls-key FILE",
        )),
        (None, Some(given)) => Err(Problem::usage(
            format!("{}: a key without its certificate", given.place),
            "name both, or neither: --tls-cert FILE --tls-key FILE",
        )),
    }
}

/// Separated by commas or blanks.
fn patterns(stated: &Stated) -> Result<Patterns, Problem> {
    let words: Vec<String> = stated.text.split([',', ' ']).filter(|word| !word.is_empty()).map(str::to_owned).collect();
    Patterns::parse(&words).map_err(|word| {
        let one = Stated { text: word, place: stated.place.clone() };
        one.unreadable(
            "a host, or a pattern of hosts",
            "names in which * stands for anything, such as *.qa.example.org",
        )
    })
}

/// Separated by commas or blanks.
pub(super) fn networks(stated: &Stated, example: &str) -> Result<Vec<Network>, Problem> {
    let words = stated.text.split([',', ' ']).filter(|word| !word.is_empty());
    words
        .map(|word| {
            word.parse().map_err(|bad| {
                let one = Stated { text: word.to_owned(), place: stated.place.clone() };
                match bad {
                    BadNetwork::Form => one.unreadable("an address, or a range of addresses", example),
                    BadNetwork::HostBits(meant) => one.unreadable(
                        "a range of addresses: bits are set behind its prefix",
                        &format!("the range that it lies in, {meant}, or correct the address"),
                    ),
                }
            })
        })
        .collect()
}

fn at_least<T: PartialOrd + std::fmt::Display>(stated: &Stated, number: T, least: T) -> Result<T, Problem> {
    if number >= least {
        return Ok(number);
    }
    Err(Problem::usage(format!("{}: {number} is too little", stated.place), format!("give {least} or more")))
}
