//! The ways of a connection, each step by itself and bounded in time: what a check looks at, and what it reuses.
//!
//! No library does all of it in one call here, because the doctor's work is to say which step fails.

pub(super) mod certificate;
pub(super) mod http;
pub(super) mod proxy;
pub(super) mod resolve;
mod socks;
pub(super) mod tcp;
pub(super) mod tls;
pub(super) mod url;

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use http::{Answer, HttpFault};
use proxy::{Proxy, TunnelFault};
use tcp::Timed;
use tls::{CertFault, Secured, TlsFault, Trust};
use url::Url;

/// A way whose first steps are known: the address that answered, and what stands between.
#[derive(Clone)]
pub(super) struct Way {
    pub(super) url: Url,
    pub(super) proxy: Option<Proxy>,
    /// Of the proxy where there is one, else of the service.
    pub(super) address: SocketAddr,
    pub(super) trust: Option<Trust>,
    /// For each step.
    pub(super) patience: Duration,
}

/// Which step of a way failed.
pub(super) enum Fault {
    Connect(io::Error),
    Tunnel(TunnelFault),
    Tls(TlsFault),
    /// Which way is said by the check that looks at it.
    Certificate,
    Http(HttpFault),
}

impl Way {
    /// Asks for a path of the service, as a GLPI does. Nothing is sent where the certificate does not hold.
    pub(super) fn ask(&self, path: &str, headers: &[(&str, &str)]) -> Result<Answer, Fault> {
        if !self.url.secure {
            return self.ask_in_the_clear(path, headers);
        }
        let secured = self.shake_hands()?;
        let held = match &self.trust {
            Some(trust) => tls::judge(&secured.chain, &self.url.host, &trust.roots, tls::now()),
            None => Err(CertFault::UnknownIssuer),
        };
        held.map_err(|_| Fault::Certificate)?;
        self.ask_secured(secured, path, headers)
    }

    /// The same, also where the certificate does not hold: only for what is no secret, and to be believed accordingly.
    pub(super) fn peek(&self, path: &str) -> Result<Answer, Fault> {
        self.ask_secured(self.shake_hands()?, path, &[])
    }

    /// Connects and speaks TLS, through the proxy where there is one, and takes whatever certificate is shown.
    pub(super) fn shake_hands(&self) -> Result<Secured, Fault> {
        let mut stream = Timed::connect(self.address, self.patience).map_err(Fault::Connect)?;
        if let Some(proxy) = &self.proxy {
            proxy.tunnel(&mut stream, &self.url, self.patience).map_err(Fault::Tunnel)?;
        }
        stream.begin_again(self.patience);
        tls::shake_hands(stream, &self.url.host).map_err(Fault::Tls)
    }

    fn ask_secured(&self, mut secured: Secured, path: &str, headers: &[(&str, &str)]) -> Result<Answer, Fault> {
        secured.stream.sock.begin_again(self.patience);
        let target = format!("{}{path}", self.url.path);
        http::ask(&mut secured.stream, &target, &self.headers(headers)).map_err(Fault::Http)
    }

    fn ask_in_the_clear(&self, path: &str, headers: &[(&str, &str)]) -> Result<Answer, Fault> {
        let mut stream = Timed::connect(self.address, self.patience).map_err(Fault::Connect)?;
        let mut headers = self.headers(headers);
        let target = match &self.proxy {
            Some(proxy) if !proxy.fetches() => {
                proxy.tunnel(&mut stream, &self.url, self.patience).map_err(Fault::Tunnel)?;
                stream.begin_again(self.patience);
                format!("{}{path}", self.url.path)
            }
            Some(proxy) => {
                headers.extend(proxy.authorization().map(|value| ("Proxy-Authorization", value)));
                format!("{}{path}", self.url)
            }
            None => format!("{}{path}", self.url.path),
        };
        http::ask(&mut stream, &target, &headers).map_err(Fault::Http)
    }

    fn headers<'h>(&self, more: &[(&'h str, &str)]) -> Vec<(&'h str, String)> {
        let own = [("Host", self.url.authority()), ("Accept", "*/*".to_owned()), ("Connection", "close".to_owned())];
        own.into_iter().chain(more.iter().map(|(name, value)| (*name, (*value).to_owned()))).collect()
    }
}
