//! The proxy that the environment names, as libcurl reads it, which is what GLPI asks with.

use std::io::{self, Write as _};
use std::net::IpAddr;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::http::{self, HttpFault};
use super::resolve::{Lookup, look_up};
use super::socks;
use super::tcp::Timed;
use super::url::{Url, split};

/// A proxy.
#[derive(Clone)]
pub(in super::super) struct Proxy {
    /// The variable that names it.
    pub(in super::super) variable: String,
    /// As it stands before `://`.
    pub(in super::super) scheme: &'static str,
    kind: Kind,
    pub(in super::super) host: String,
    pub(in super::super) port: u16,
    /// `name:password`, never shown.
    credentials: Option<String>,
}

/// What is spoken to a proxy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Http,
    /// HTTP within TLS, which is left to PHP.
    Https,
    Socks4 {
        looks_up: bool,
    },
    Socks5 {
        looks_up: bool,
    },
}

/// The schemes that libcurl knows, and the usual port of each.
const SCHEMES: [(&str, Kind, u16); 8] = [
    ("http", Kind::Http, 1080),
    ("https", Kind::Https, 443),
    ("socks4", Kind::Socks4 { looks_up: false }, 1080),
    ("socks", Kind::Socks4 { looks_up: false }, 1080),
    ("socks4a", Kind::Socks4 { looks_up: true }, 1080),
    ("socks5", Kind::Socks5 { looks_up: false }, 1080),
    ("socks5h", Kind::Socks5 { looks_up: true }, 1080),
    // Without a scheme.
    ("", Kind::Http, 1080),
];

/// What the environment says about a way.
pub(in super::super) enum Named {
    None,
    /// There is one, but not for this host.
    Bypassed,
    Proxy(Proxy),
    /// One that wants TLS before it is spoken to: libcurl does that, this program does not.
    OverTls(Proxy),
    /// Something that is no address of a proxy; what may be shown of it.
    Malformed {
        variable: String,
        value: String,
    },
}

/// Why a proxy does not let us through.
pub(in super::super) enum TunnelFault {
    Authentication,
    /// With which status.
    Refused(String),
    Broken(String),
}

/// The proxy for a service. `variable` gives a variable's value.
pub(in super::super) fn named(url: &Url, variable: impl Fn(&str) -> Option<String>) -> Named {
    // libcurl takes `http_proxy` in lower case only: a web server's request could set the other one.
    let names: &[&str] = match url.secure {
        true => &["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"],
        false => &["http_proxy", "all_proxy", "ALL_PROXY"],
    };
    let set = |name: &&str| variable(name).filter(|value| !value.is_empty()).map(|value| ((*name).to_owned(), value));
    let Some((name, value)) = names.iter().find_map(set) else { return Named::None };
    let exempt = ["no_proxy", "NO_PROXY"].iter().find_map(|name| variable(name)).unwrap_or_default();
    if is_exempt(&url.host, &exempt) {
        return Named::Bypassed;
    }
    match Proxy::parse(&name, &value) {
        Some(proxy) if proxy.kind == Kind::Https => Named::OverTls(proxy),
        Some(proxy) => Named::Proxy(proxy),
        None => Named::Malformed { variable: name, value: without_credentials(&value) },
    }
}

fn is_exempt(host: &str, list: &str) -> bool {
    list.split([',', ' ']).filter(|entry| !entry.is_empty()).any(|entry| {
        let entry = entry.trim_start_matches('.').to_ascii_lowercase();
        if let (Some((net, bits)), Ok(address)) = (entry.split_once('/'), host.parse()) {
            return is_within(address, net, bits);
        }
        entry == "*" || host == entry || host.strip_suffix(entry.as_str()).is_some_and(|front| front.ends_with('.'))
    })
}

/// Whether an address is in a network such as `10.0.0.0/8`, which libcurl understands from 7.86 on.
fn is_within(address: IpAddr, net: &str, bits: &str) -> bool {
    let (Ok(net), Ok(bits)) = (net.parse::<IpAddr>(), bits.parse::<u32>()) else { return false };
    let (one, other, width) = match (address, net) {
        (IpAddr::V4(one), IpAddr::V4(other)) => (u128::from(one.to_bits()), u128::from(other.to_bits()), 32),
        (IpAddr::V6(one), IpAddr::V6(other)) => (one.to_bits(), other.to_bits(), 128),
        (IpAddr::V4(_), IpAddr::V6(_)) | (IpAddr::V6(_), IpAddr::V4(_)) => return false,
    };
    bits <= width && (bits == 0 || (one ^ other) >> (width - bits) == 0)
}

/// A password must not stand on a screen.
fn without_credentials(value: &str) -> String {
    match value.rsplit_once('@') {
        Some((before, after)) => {
            let scheme = before.split_once("://").map(|(scheme, _)| format!("{scheme}://")).unwrap_or_default();
            format!("{scheme}…@{after}")
        }
        None => value.to_owned(),
    }
}

impl Proxy {
    fn parse(variable: &str, value: &str) -> Option<Self> {
        let (scheme, rest) = value.split_once("://").unwrap_or(("", value));
        let (scheme, kind, usual) = *SCHEMES.iter().find(|(name, ..)| name.eq_ignore_ascii_case(scheme))?;
        let rest = rest.trim_end_matches('/');
        let (credentials, authority) = match rest.rsplit_once('@') {
            Some((credentials, authority)) => (Some(percent_decoded(credentials)), authority),
            None => (None, rest),
        };
        let (host, port) = split(authority, usual)?;
        let scheme = if scheme.is_empty() { "http" } else { scheme };
        Some(Self { variable: variable.to_owned(), scheme, kind, host, port, credentials })
    }

    /// Host and port.
    pub(in super::super) fn name(&self) -> String {
        format!("{}:{}", self.host, self.port)
    }

    pub(super) fn authorization(&self) -> Option<String> {
        self.credentials.as_ref().map(|credentials| format!("Basic {}", STANDARD.encode(credentials)))
    }

    /// Whether it is asked for pages, not for a way, where these are not encrypted.
    pub(super) fn fetches(&self) -> bool {
        self.kind == Kind::Http
    }

    /// Asks it to open the way to a service.
    pub(super) fn tunnel(&self, stream: &mut Timed, url: &Url, patience: Duration) -> Result<(), TunnelFault> {
        let wish = |looks_up| -> Result<socks::Wish<'_>, TunnelFault> {
            Ok(socks::Wish {
                host: &url.host,
                address: if looks_up { url.literal() } else { Some(address_of(url, patience)?) },
                port: url.port,
                credentials: self.credentials.as_deref().map(|both| both.split_once(':').unwrap_or((both, ""))),
            })
        };
        match self.kind {
            Kind::Http | Kind::Https => self.connect(stream, url),
            Kind::Socks4 { looks_up } => socks::four(stream, &wish(looks_up)?),
            Kind::Socks5 { looks_up } => socks::five(stream, &wish(looks_up)?),
        }
    }

    fn connect(&self, stream: &mut Timed, url: &Url) -> Result<(), TunnelFault> {
        let to = url.host_and_port();
        let authorization =
            self.authorization().map(|value| format!("Proxy-Authorization: {value}\r\n")).unwrap_or_default();
        let broken = |error: io::Error| TunnelFault::Broken(http::said(&error));
        stream
            .write_all(format!("CONNECT {to} HTTP/1.1\r\nHost: {to}\r\n{authorization}\r\n").as_bytes())
            .map_err(broken)?;
        let status = http::read_head_alone(stream).map_err(|fault| match fault {
            HttpFault::TimedOut => TunnelFault::Broken("no answer in time".into()),
            HttpFault::Broken(why) => TunnelFault::Broken(why),
        })?;
        match status {
            200..=299 => Ok(()),
            407 => Err(TunnelFault::Authentication),
            other => Err(TunnelFault::Refused(other.to_string())),
        }
    }
}

/// The address of a service whose name the proxy does not look up. SOCKS 4 knows IPv4 alone, which comes first here.
fn address_of(url: &Url, patience: Duration) -> Result<IpAddr, TunnelFault> {
    if let Some(address) = url.literal() {
        return Ok(address);
    }
    let unknown = || TunnelFault::Broken(format!("{}: no address found here; the proxy is not asked for it", url.host));
    match look_up(&url.host, patience).0 {
        Lookup::Found(mut addresses) => {
            addresses.sort_by_key(IpAddr::is_ipv6);
            addresses.first().copied().ok_or_else(unknown)
        }
        Lookup::Unknown | Lookup::Failed(_) | Lookup::TimedOut => Err(unknown()),
    }
}

fn percent_decoded(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let hex = after
            .get(..2)
            .and_then(|two| std::str::from_utf8(two).ok())
            .and_then(|two| u8::from_str_radix(two, 16).ok());
        match (first, hex) {
            (b'%', Some(byte)) => {
                bytes.push(byte);
                rest = &after[2..];
            }
            (byte, _) => {
                bytes.push(*byte);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(url: &str, variables: &[(&str, &str)]) -> Named {
        let value =
            |name: &str| variables.iter().find(|(given, _)| *given == name).map(|(_, value)| (*value).to_owned());
        named(&Url::parse(url).unwrap(), value)
    }

    #[test]
    fn the_environment_is_read_as_libcurl_reads_it() {
        let proxy = |url: &str, variables: &[(&str, &str)]| match of(url, variables) {
            Named::Proxy(proxy) => proxy.name(),
            Named::None => "none".into(),
            Named::Bypassed => "bypassed".into(),
            Named::OverTls(proxy) => format!("over TLS {}", proxy.name()),
            Named::Malformed { value, .. } => format!("malformed {value}"),
        };
        assert_eq!(proxy("https://k.example", &[]), "none");
        assert_eq!(proxy("https://k.example", &[("https_proxy", "http://p:3128")]), "p:3128");
        assert_eq!(proxy("https://k.example", &[("HTTPS_PROXY", "p")]), "p:1080");
        assert_eq!(proxy("http://k.example", &[("HTTP_PROXY", "http://p:3128")]), "none");
        assert_eq!(proxy("https://k.example", &[("https_proxy", "http://p:1"), ("no_proxy", ".example")]), "bypassed");
        assert_eq!(proxy("https://kexample", &[("https_proxy", "http://p:1"), ("no_proxy", "example")]), "p:1");
        assert_eq!(proxy("https://k", &[("all_proxy", "socks5h://u:secret@p")]), "p:1080");
        assert_eq!(proxy("https://k", &[("https_proxy", "https://p")]), "over TLS p:443");
        assert_eq!(proxy("https://k", &[("all_proxy", "socks9://u:secret@p:1")]), "malformed socks9://…@p:1");
        let inside = |net: &str| proxy("https://10.1.2.3", &[("https_proxy", "http://p:1"), ("no_proxy", net)]);
        assert_eq!(inside("10.0.0.0/8"), "bypassed");
        assert_eq!(inside("10.2.0.0/16"), "p:1");
        assert_eq!(inside("0.0.0.0/0"), "bypassed");
    }

    #[test]
    fn a_password_is_sent_and_never_shown() {
        let Named::Proxy(proxy) = of("https://k", &[("https_proxy", "http://me:a%40b@p:1")]) else { panic!("a proxy") };
        assert_eq!(proxy.name(), "p:1");
        assert_eq!(proxy.authorization().as_deref(), Some("Basic bWU6YUBi"));
    }
}
