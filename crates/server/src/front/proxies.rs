//! Who asks, where a proxy stands between.
//!
//! Invariant: a header is believed only where the connection comes from a proxy that was named, and only as far back as
//! named proxies reach: what stands left of the first stranger was written by that stranger.

use std::net::IpAddr;

use axum::http::{HeaderMap, HeaderName, HeaderValue};
use latchkey_domain::network::Network;

const X_FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
const FORWARDED: HeaderName = HeaderName::from_static("forwarded");
/// More than this many are no chain of proxies.
const LONGEST_CHAIN: usize = 32;

/// The proxies that are trusted.
#[derive(Debug, Default)]
pub(crate) struct Proxies(Vec<Network>);

impl Proxies {
    pub(crate) fn new(networks: Vec<Network>) -> Self {
        Self(networks)
    }

    /// The address that a request comes from, as far as it can be believed.
    pub(crate) fn client(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        let peer = peer.to_canonical();
        if !self.trusts(peer) {
            return peer;
        }
        let x_forwarded = self.back(peer, headers.get_all(X_FORWARDED_FOR).iter(), address);
        let forwarded = self.back(peer, headers.get_all(FORWARDED).iter(), forwarded_for);
        match (x_forwarded, forwarded) {
            // A proxy sets one of the two and may pass on the other as a stranger wrote it: neither is believed then.
            (Some(one), Some(other)) if one != other => peer,
            (Some(client), _) | (None, Some(client)) => client,
            (None, None) => peer,
        }
    }

    fn trusts(&self, address: IpAddr) -> bool {
        self.0.iter().any(|network| network.contains(address))
    }

    /// Goes back along a chain, from its end, to the first that is not a trusted proxy. `None` where there is no chain.
    fn back<'h>(
        &self,
        peer: IpAddr,
        values: impl DoubleEndedIterator<Item = &'h HeaderValue>,
        read: fn(&str) -> Option<IpAddr>,
    ) -> Option<IpAddr> {
        let mut client = None;
        let hops = values.rev().flat_map(|value| value.to_str().unwrap_or("?").rsplit(','));
        for hop in hops.take(LONGEST_CHAIN) {
            // What does not read was not written by a proxy of ours; whoever handed it on is as far as we see.
            let Some(address) = read(hop.trim()) else { return client.or(Some(peer)) };
            client = Some(address);
            if !self.trusts(address) {
                break;
            }
        }
        client
    }
}

/// `192.0.2.1`, `2001:db8::1`, and both with a port.
fn address(text: &str) -> Option<IpAddr> {
    let text = text.trim_matches('"');
    let bare = match text.strip_prefix('[') {
        Some(rest) => rest.split_once(']')?.0,
        None => match text.split_once(':') {
            Some((host, port)) if !port.contains(':') => host,
            Some(_) | None => text,
        },
    };
    bare.parse::<IpAddr>().ok().map(|address| address.to_canonical())
}

/// `for=192.0.2.1;proto=https`, RFC 7239.
fn forwarded_for(element: &str) -> Option<IpAddr> {
    element.split(';').find_map(|pair| {
        let (name, value) = pair.split_once('=')?;
        name.trim().eq_ignore_ascii_case("for").then(|| address(value.trim())).flatten()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn client(peer: &str, headers: &[(HeaderName, &str)]) -> String {
        let trusted = ["10.0.0.0/8", "fd00::/8"].map(|network| network.parse().unwrap());
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.append(name, value.parse().unwrap());
        }
        Proxies::new(trusted.into()).client(peer.parse().unwrap(), &map).to_string()
    }

    #[test]
    fn a_header_of_a_stranger_is_not_believed() {
        assert_eq!(client("192.0.2.9", &[(X_FORWARDED_FOR, "198.51.100.1")]), "192.0.2.9");
        assert_eq!(client("192.0.2.9", &[(FORWARDED, "for=198.51.100.1")]), "192.0.2.9");
    }

    #[test]
    fn named_proxies_are_believed_as_far_back_as_they_reach() {
        let of = |value| client("10.0.0.1", &[(X_FORWARDED_FOR, value)]);
        assert_eq!(of("198.51.100.1"), "198.51.100.1");
        assert_eq!(of("203.0.113.7, 198.51.100.1, 10.0.0.2"), "198.51.100.1", "the rest is a stranger's word");
        assert_eq!(of("10.0.0.3, 10.0.0.2"), "10.0.0.3", "where all are ours the first is as far as we see");
        assert_eq!(of("nonsense, 10.0.0.2"), "10.0.0.2");
        assert_eq!(of("nonsense"), "10.0.0.1");
        assert_eq!(of("198.51.100.1:4711"), "198.51.100.1");
        assert_eq!(of("[2001:db8::1]:4711"), "2001:db8::1");
        let lines = [(X_FORWARDED_FOR, "203.0.113.7"), (X_FORWARDED_FOR, "198.51.100.1")];
        assert_eq!(client("::ffff:10.0.0.1", &lines), "198.51.100.1", "the last line is the nearest");
        assert_eq!(
            client("fd00::1", &[(FORWARDED, "for=203.0.113.7, For=\"[2001:db8::1]:80\";proto=https")]),
            "2001:db8::1"
        );
    }

    #[test]
    fn two_headers_that_disagree_are_both_left_alone() {
        let both = |one, other| client("10.0.0.1", &[(X_FORWARDED_FOR, one), (FORWARDED, other)]);
        assert_eq!(both("198.51.100.1", "for=203.0.113.7"), "10.0.0.1");
        assert_eq!(both("198.51.100.1", "for=198.51.100.1"), "198.51.100.1");
    }
}
