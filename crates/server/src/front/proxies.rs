//! Who asks, where a proxy stands between.
//!
//! Invariant: a header is believed only where the connection comes from a proxy that was named, and only as far back as
//! named proxies reach: what stands left of the first stranger was written by that stranger.

use std::fmt;
use std::net::{IpAddr, Ipv6Addr};
use std::str::FromStr;

use axum::http::{HeaderMap, HeaderName, HeaderValue};

const X_FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
const FORWARDED: HeaderName = HeaderName::from_static("forwarded");
/// More than this many are no chain of proxies.
const LONGEST_CHAIN: usize = 32;

/// A range of addresses, `10.0.0.0/8`; a single address stands for itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Network {
    address: IpAddr,
    bits: u8,
}

/// A text that is no range of addresses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadNetwork {
    /// Not of that form.
    #[error("not an address, or a range such as 10.0.0.0/8 or 2001:db8::/32")]
    Form,
    /// Bits are set behind the prefix: perhaps a digit is wrong.
    #[error("bits are set behind the prefix; the range that it lies in is {0}")]
    HostBits(Network),
}

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

impl Network {
    /// Whether an address lies in it.
    pub fn contains(&self, address: IpAddr) -> bool {
        match (self.address, address) {
            (IpAddr::V4(own), IpAddr::V4(other)) => {
                mask(u128::from(own.to_bits()) << 96, self.bits) == mask(u128::from(other.to_bits()) << 96, self.bits)
            }
            (IpAddr::V6(own), IpAddr::V6(other)) => mask(own.to_bits(), self.bits) == mask(other.to_bits(), self.bits),
            (IpAddr::V4(_), IpAddr::V6(_)) | (IpAddr::V6(_), IpAddr::V4(_)) => false,
        }
    }

    fn whole(address: IpAddr, bits: u8) -> Self {
        let address = match address {
            IpAddr::V4(v4) => {
                let bits = mask(u128::from(v4.to_bits()) << 96, bits) >> 96;
                IpAddr::V4(u32::try_from(bits).unwrap_or_default().into())
            }
            IpAddr::V6(v6) => IpAddr::V6(Ipv6Addr::from_bits(mask(v6.to_bits(), bits))),
        };
        Self { address, bits }
    }
}

/// The first `count` bits.
fn mask(bits: u128, count: u8) -> u128 {
    bits & u128::MAX.checked_shl(128 - u32::from(count)).unwrap_or(0)
}

impl FromStr for Network {
    type Err = BadNetwork;

    fn from_str(text: &str) -> Result<Self, BadNetwork> {
        let (address, bits) = match text.split_once('/') {
            Some((address, bits)) => {
                let plain = (1..=3).contains(&bits.len()) && bits.bytes().all(|byte| byte.is_ascii_digit());
                (address, Some(bits.parse::<u8>().ok().filter(|_| plain).ok_or(BadNetwork::Form)?))
            }
            None => (text, None),
        };
        let address: IpAddr = address.parse().map_err(|_| BadNetwork::Form)?;
        let most = if address.is_ipv4() { 32 } else { 128 };
        let bits = bits.unwrap_or(most);
        if bits > most {
            return Err(BadNetwork::Form);
        }
        let whole = Self::whole(address, bits);
        if whole.address == address { Ok(whole) } else { Err(BadNetwork::HostBits(whole)) }
    }
}

impl fmt::Display for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.address, self.bits)
    }
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

    #[test]
    fn a_range_reads_or_says_why_not() {
        for text in ["10.0.0.0/8", "0.0.0.0/0", "::/0", "2001:db8::/32", "127.0.0.1/32"] {
            assert_eq!(text.parse::<Network>().unwrap().to_string(), text);
        }
        assert_eq!("127.0.0.1".parse::<Network>().unwrap().to_string(), "127.0.0.1/32");
        for text in ["", "10.0.0.0/33", "10.0.0/8", "10.0.0.0/", "10.0.0.0/+8", "proxy", "::/129"] {
            assert_eq!(text.parse::<Network>(), Err(BadNetwork::Form), "{text}");
        }
        let wrong = "10.1.0.0/8".parse::<Network>().unwrap_err();
        assert_eq!(wrong, BadNetwork::HostBits("10.0.0.0/8".parse().unwrap()));
        assert!("0.0.0.0/0".parse::<Network>().unwrap().contains("192.0.2.1".parse().unwrap()));
        assert!(!"0.0.0.0/0".parse::<Network>().unwrap().contains("::1".parse().unwrap()));
    }
}
