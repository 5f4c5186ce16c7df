//! Which addresses are connected to.
//!
//! A name is looked up once for each connection, each of its addresses is judged, and only those that may be reached are
//! handed on to be connected to. So it does not matter what the name says a moment later, and a redirect is judged like
//! anything else. A host that is an address in any of the ways in which systems write one (`127.1`, `0x7f000001`,
//! `0177.0.0.1`) goes the same way and is judged by what it turns out to be.

use std::fmt;
use std::net::{IpAddr, SocketAddr};

use latchkey_domain::network::{Network, Place, may_reach};
use ureq::config::Config;
use ureq::http::Uri;
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::NextTimeout;

/// Looks up names.
type Lookup = Box<dyn Fn(&Uri, &Config, NextTimeout) -> Result<Vec<SocketAddr>, ureq::Error> + Send + Sync>;

/// Looks up names, and lets through what may be reached.
pub(crate) struct Guard {
    allowed: Vec<Network>,
    lookup: Lookup,
}

/// All addresses of a name are refused; this is the first.
#[derive(Debug)]
pub(crate) struct NotAllowed {
    pub(crate) address: IpAddr,
    /// Whether configuration can allow it.
    pub(crate) allowable: bool,
}

impl Guard {
    pub(crate) fn new(allowed: Vec<Network>) -> Self {
        let system = DefaultResolver::default();
        let lookup = move |uri: &Uri, config: &Config, timeout| {
            // Any fault of the look-up means that there is no address.
            let found = system
                .resolve(uri, config, timeout)
                .map_err(|error| if matches!(error, ureq::Error::Io(_)) { ureq::Error::HostNotFound } else { error })?;
            Ok(found.iter().copied().collect())
        };
        Self { allowed, lookup: Box::new(lookup) }
    }

    #[cfg(test)]
    pub(crate) fn with_lookup(
        allowed: Vec<Network>,
        lookup: impl Fn(&str) -> Vec<SocketAddr> + Send + Sync + 'static,
    ) -> Self {
        Self { allowed, lookup: Box::new(move |uri, _, _| Ok(lookup(uri.host().unwrap_or_default()))) }
    }
}

impl Resolver for Guard {
    fn resolve(&self, uri: &Uri, config: &Config, timeout: NextTimeout) -> Result<ResolvedSocketAddrs, ureq::Error> {
        let found = (self.lookup)(uri, config, timeout)?;
        let mut passed = self.empty();
        for address in found.iter().filter(|address| may_reach(address.ip(), &self.allowed)).take(16) {
            passed.push(*address);
        }
        match found.first() {
            None => Err(ureq::Error::HostNotFound),
            Some(first) if passed.is_empty() => {
                let address = first.ip();
                let allowable = Place::of(address) == Place::Internal;
                Err(ureq::Error::Other(Box::new(NotAllowed { address, allowable })))
            }
            Some(_) => Ok(passed),
        }
    }
}

impl fmt::Debug for Guard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Guard").field("allowed", &self.allowed).finish_non_exhaustive()
    }
}

impl fmt::Display for NotAllowed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} may not be reached", self.address)
    }
}

impl std::error::Error for NotAllowed {}
