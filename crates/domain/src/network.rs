//! Ranges of addresses, and what an address is to somebody who is asked to send something there.

use core::fmt;
use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use core::str::FromStr;

/// A range of addresses, `10.0.0.0/8`; a single address stands for itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Network {
    address: IpAddr,
    bits: u8,
}

/// A text that is no range of addresses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BadNetwork {
    /// Not of that form.
    Form,
    /// Bits are set behind the prefix: perhaps a digit is wrong. This is the range that it lies in.
    HostBits(Network),
}

/// Who may be behind an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// Anybody on the internet.
    Public,
    /// This machine, or one of a private network: somebody who trusts whoever reaches it.
    Internal,
    /// What gives away credentials to whoever asks from the right machine, or nobody at all: the metadata services of
    /// clouds, link-local addresses, groups, the unspecified address.
    Never,
}

/// Metadata services that are not link-local: of Alibaba, Azure and Oracle, and over IPv6 of Amazon, Google and Oracle.
const METADATA_4: [Ipv4Addr; 3] =
    [Ipv4Addr::new(100, 100, 100, 200), Ipv4Addr::new(168, 63, 129, 16), Ipv4Addr::new(192, 0, 0, 192)];
const METADATA_6: [Ipv6Addr; 3] = [
    Ipv6Addr::new(0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x254),
    Ipv6Addr::new(0xfd20, 0xce, 0, 0, 0, 0, 0, 0x254),
    Ipv6Addr::new(0xfd00, 0xc1, 0, 0, 0, 0, 0xa9fe, 0xa9fe),
];

impl Place {
    /// What stands behind an address. One that carries another within (IPv4 in IPv6, and what translates between the
    /// two) is what that other is.
    pub fn of(address: IpAddr) -> Self {
        match inner(address) {
            IpAddr::V4(address) => of_4(address),
            IpAddr::V6(address) => of_6(address),
        }
    }
}

/// Whether something may be sent to an address where these ranges were allowed besides the internet.
pub fn may_reach(address: IpAddr, allowed: &[Network]) -> bool {
    match Place::of(address) {
        Place::Public => true,
        Place::Internal => allowed.iter().any(|network| network.contains(address) || network.contains(inner(address))),
        Place::Never => false,
    }
}

fn of_4(address: Ipv4Addr) -> Place {
    let [a, b, c, _] = address.octets();
    match (a, b, c) {
        _ if METADATA_4.contains(&address) => Place::Never,
        // "This network": 0.0.0.0 is this machine to many systems.
        (0, _, _) | (169, 254, _) | (224.., _, _) => Place::Never,
        (10 | 127, _, _) | (172, 16..=31, _) | (192, 168, _) | (100, 64..=127, _) => Place::Internal,
        // Protocols, documentation, relays, measurements.
        (192, 0, 0 | 2) | (192, 88, 99) | (198, 18 | 19, _) | (198, 51, 100) | (203, 0, 113) => Place::Internal,
        _ => Place::Public,
    }
}

fn of_6(address: Ipv6Addr) -> Place {
    let segments = address.segments();
    let (first, second) = (segments[0], segments[1]);
    if METADATA_6.contains(&address) || address.is_unspecified() {
        return Place::Never;
    }
    match (first, second) {
        (0xfe80..=0xfebf | 0xff00.., _) => Place::Never,
        // Protocols (Teredo among them), documentation.
        (0x2001, 0..=0x01ff | 0x0db8) | (0x3fff, 0..=0x0fff) => Place::Internal,
        (0x2000..=0x3fff, _) => Place::Public,
        // Whatever else there is, or will be.
        _ => Place::Internal,
    }
}

/// The IPv4 address that an IPv6 address stands for; else the address itself.
fn inner(address: IpAddr) -> IpAddr {
    let IpAddr::V6(v6) = address else { return address };
    let v4 = |high: u16, low: u16| IpAddr::V4(Ipv4Addr::from_bits(u32::from(high) << 16 | u32::from(low)));
    match v6.segments() {
        [0, 0, 0, 0, 0, 0, 0, 0 | 1] => address,
        // Mapped (::ffff:0:0/96), compatible (::/96), translated (64:ff9b::/96).
        [0, 0, 0, 0, 0, 0xffff | 0, high, low] | [0x64, 0xff9b, 0, 0, 0, 0, high, low] => v4(high, low),
        // 6to4.
        [0x2002, high, low, ..] => v4(high, low),
        _ => address,
    }
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

    fn ip(text: &str) -> IpAddr {
        text.parse().unwrap()
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

    #[test]
    fn an_address_is_what_stands_behind_it() {
        for (place, addresses) in [
            (
                Place::Public,
                "1.1.1.1 8.8.8.8 100.63.255.255 100.128.0.1 172.15.0.1 172.32.0.1 192.0.1.1 223.255.255.255",
            ),
            (
                Place::Public,
                "2606:4700::1111 2a00::1 2002:101:101:: 64:ff9b::8.8.8.8 ::ffff:8.8.8.8 2001:200::1 3fff:1000::1",
            ),
            (Place::Internal, "127.0.0.1 127.255.255.255 10.0.0.1 172.16.0.1 172.31.255.255 192.168.1.1 100.64.0.1"),
            (Place::Internal, "192.0.0.1 192.0.2.1 198.18.0.1 198.51.100.1 203.0.113.1 192.88.99.1"),
            (
                Place::Internal,
                "::1 fc00::1 fd12:3456::1 fec0::1 2001::1 2001:db8::1 3fff::1 64:ff9b:1::1 5f00::1 4000::1",
            ),
            (
                Place::Internal,
                "::ffff:127.0.0.1 ::ffff:10.0.0.1 ::7f00:1 64:ff9b::10.0.0.1 2002:7f00:1:: 2002:a00:1::1",
            ),
            (
                Place::Never,
                "169.254.169.254 169.254.0.1 169.254.170.2 0.0.0.0 0.1.2.3 224.0.0.1 240.0.0.1 255.255.255.255",
            ),
            (Place::Never, "100.100.100.200 168.63.129.16 192.0.0.192"),
            (Place::Never, ":: fe80::1 febf::1 ff02::1 fd00:ec2::254 fd20:ce::254 fd00:c1::a9fe:a9fe"),
            (
                Place::Never,
                "::ffff:169.254.169.254 ::a9fe:a9fe 64:ff9b::169.254.169.254 2002:a9fe:a9fe:: ::ffff:0.0.0.0",
            ),
        ] {
            for address in addresses.split(' ') {
                assert_eq!(Place::of(ip(address)), place, "{address}");
            }
        }
    }

    #[test]
    fn what_is_allowed_opens_what_is_internal_and_nothing_else() {
        let networks = |texts: &[&str]| texts.iter().map(|text| text.parse().unwrap()).collect::<Vec<Network>>();
        assert!(may_reach(ip("1.1.1.1"), &[]));
        assert!(!may_reach(ip("10.1.2.3"), &[]));
        let own = networks(&["10.1.0.0/16", "::1", "127.0.0.1"]);
        for address in ["10.1.2.3", "::ffff:10.1.2.3", "64:ff9b::10.1.2.3", "::1", "127.0.0.1"] {
            assert!(may_reach(ip(address), &own), "{address}");
        }
        for address in ["10.2.0.1", "127.0.0.2", "fd00::1"] {
            assert!(!may_reach(ip(address), &own), "{address}");
        }
        let everything = networks(&["0.0.0.0/0", "::/0"]);
        assert!(may_reach(ip("192.168.0.1"), &everything));
        for address in ["169.254.169.254", "fd00:ec2::254", "::ffff:169.254.169.254", "0.0.0.0", "fe80::1"] {
            assert!(!may_reach(ip(address), &everything), "{address}");
        }
    }
}
