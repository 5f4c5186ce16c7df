//! The address of a site, so written that the same site is the same text, and whether work is done there.
//!
//! What does not tell one site from another is left away: the scheme, the default port, upper and lower case of the host, a
//! dot or a slash at the end, `index.php`, the query. International names stand in their ASCII form.

use core::fmt;
use core::net::{Ipv4Addr, Ipv6Addr};

use idna::AsciiDenyList;

use super::Environment;

/// The longest address that is read, in bytes.
const LONGEST: usize = 2_000;

/// A site's address, normalised: `glpi.example.org`, `glpi.example.org:8443/support`, `[2001:db8::1]/glpi`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Address {
    text: String,
    host: Host,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Host {
    V4(Ipv4Addr),
    V6(Ipv6Addr),
    Name(String),
}

/// Why a text is no address of a site.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AddressFault {
    /// Nothing there.
    Empty,
    /// Longer than any address.
    TooLong {
        /// The most that is read, in bytes.
        most: usize,
    },
    /// It does not begin with `http://` or `https://`.
    Scheme,
    /// It has a name or a password before an `@`, which must not be sent or kept.
    Credentials,
    /// Its host is none.
    Host,
    /// Its port is none.
    Port,
    /// A blank, a control character or a backslash.
    Character,
}

/// Hosts on which no work is done, beside those that everybody knows: names in which `*` stands for anything.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Patterns(Vec<String>);

impl Address {
    /// Reads an address as somebody typed it, or as a plugin knows it.
    pub fn parse(text: &str) -> Result<Self, AddressFault> {
        let text = text.trim();
        if text.is_empty() {
            return Err(AddressFault::Empty);
        }
        if text.len() > LONGEST {
            return Err(AddressFault::TooLong { most: LONGEST });
        }
        if text.chars().any(|c| c.is_control() || c.is_whitespace() || c == '\\') {
            return Err(AddressFault::Character);
        }
        let (scheme, rest) = text.split_once("://").ok_or(AddressFault::Scheme)?;
        let default_port = match scheme.to_ascii_lowercase().as_str() {
            "http" => 80,
            "https" => 443,
            _ => return Err(AddressFault::Scheme),
        };
        let rest = rest.split(['?', '#']).next().unwrap_or_default();
        let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
        if authority.contains('@') {
            return Err(AddressFault::Credentials);
        }
        let (host, port) = host_and_port(authority)?;
        let port = match port {
            None | Some("") => None,
            Some(digits) if digits.bytes().all(|byte| byte.is_ascii_digit()) => match digits.parse::<u16>() {
                Ok(0) | Err(_) => return Err(AddressFault::Port),
                Ok(port) => Some(port).filter(|port| *port != default_port),
            },
            Some(_) => return Err(AddressFault::Port),
        };
        let mut text = host.to_string();
        if let Some(port) = port {
            text.push_str(&format!(":{port}"));
        }
        text.push_str(&normal_path(path));
        Ok(Self { text, host })
    }

    /// What is done there, as far as the host tells.
    pub fn environment(&self, patterns: &Patterns) -> Environment {
        let name = match &self.host {
            Host::V4(v4) => {
                return if is_private_v4(*v4) { Environment::Development } else { Environment::Production };
            }
            Host::V6(v6) => {
                return if is_private_v6(*v6) { Environment::Development } else { Environment::Production };
            }
            Host::Name(name) => name,
        };
        let first = name.split('.').next().unwrap_or_default();
        let last = name.rsplit('.').next().unwrap_or_default();
        let has_more = name.contains('.');
        if matches!(last, "localhost") || has_more && (matches!(last, "test" | "local") || first == "dev") {
            Environment::Development
        } else if has_more && first == "staging" || patterns.fit(name) {
            Environment::Staging
        } else {
            Environment::Production
        }
    }

    /// The normalised text.
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

impl Patterns {
    /// Patterns as they are configured; the first that is none is given back.
    pub fn parse(patterns: &[String]) -> Result<Self, String> {
        let patterns = patterns.iter().map(|pattern| {
            let folded = pattern.trim().to_ascii_lowercase();
            let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '*' | '.' | '-' | '_');
            if folded.is_empty() || folded.len() > 253 || !folded.chars().all(plain) || folded.chars().all(|c| c == '*')
            {
                return Err(pattern.clone());
            }
            Ok(folded)
        });
        patterns.collect::<Result<_, _>>().map(Self)
    }

    fn fit(&self, name: &str) -> bool {
        self.0.iter().any(|pattern| fits(pattern, name))
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl fmt::Display for Host {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::V4(v4) => v4.fmt(f),
            Self::V6(v6) => write!(f, "[{v6}]"),
            Self::Name(name) => f.write_str(name),
        }
    }
}

fn host_and_port(authority: &str) -> Result<(Host, Option<&str>), AddressFault> {
    if let Some(rest) = authority.strip_prefix('[') {
        let (inside, after) = rest.split_once(']').ok_or(AddressFault::Host)?;
        let v6: Ipv6Addr = inside.parse().map_err(|_| AddressFault::Host)?;
        let port = match after {
            "" => None,
            after => Some(after.strip_prefix(':').ok_or(AddressFault::Port)?),
        };
        // An IPv4 address in IPv6's clothes is the same machine.
        return Ok((v6.to_ipv4_mapped().map_or(Host::V6(v6), Host::V4), port));
    }
    let (name, port) = match authority.split_once(':') {
        Some((name, port)) => (name, Some(port)),
        None => (authority, None),
    };
    // Percent signs are for paths; a host that needs them is none.
    let ascii = idna::domain_to_ascii_cow(name.as_bytes(), AsciiDenyList::URL).map_err(|_| AddressFault::Host)?;
    let name = ascii.strip_suffix('.').unwrap_or(&ascii);
    let labels_fit = name.split('.').all(|label| (1..=63).contains(&label.len()));
    if name.len() > 253 || !labels_fit {
        return Err(AddressFault::Host);
    }
    // A name whose last label is a number is an IPv4 address or nothing.
    if name.rsplit('.').next().is_some_and(|last| last.bytes().all(|byte| byte.is_ascii_digit())) {
        return Ok((Host::V4(name.parse().map_err(|_| AddressFault::Host)?), port));
    }
    Ok((Host::Name(name.to_owned()), port))
}

/// The path without empty and dotted parts, without `index.php` and without a slash at its end; empty for the root.
fn normal_path(path: &str) -> String {
    let mut parts: Vec<String> = Vec::new();
    for part in path.split('/').map(decoded) {
        match part.as_str() {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            _ => parts.push(part),
        }
    }
    if parts.last().is_some_and(|last| last == "index.php") {
        parts.pop();
    }
    parts.iter().fold(String::new(), |path, part| path + "/" + part)
}

/// A part of a path in the one way of writing it: letters, digits, `-._~` and what stands in paths are themselves, all else
/// is percent-encoded.
fn decoded(part: &str) -> String {
    let mut bytes = part.bytes();
    let mut normal = String::with_capacity(part.len());
    while let Some(byte) = bytes.next() {
        let byte = match byte {
            b'%' => {
                let mut ahead = bytes.clone();
                let digits = [ahead.next(), ahead.next()].map(|digit| digit.and_then(|d| (d as char).to_digit(16)));
                match digits {
                    [Some(high), Some(low)] => {
                        bytes = ahead;
                        u8::try_from(high * 16 + low).unwrap_or(b'%')
                    }
                    _ => byte,
                }
            }
            other => other,
        };
        if byte.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=:@".contains(&byte) {
            normal.push(byte.into());
        } else {
            normal.push_str(&format!("%{byte:02X}"));
        }
    }
    normal
}

fn is_private_v4(v4: Ipv4Addr) -> bool {
    let [first, second, ..] = v4.octets();
    let shared = first == 100 && (64..128).contains(&second);
    v4.is_private() || v4.is_loopback() || v4.is_link_local() || v4.is_unspecified() || shared
}

fn is_private_v6(v6: Ipv6Addr) -> bool {
    v6.is_loopback() || v6.is_unspecified() || v6.is_unique_local() || v6.is_unicast_link_local()
}

/// Whether a name is of a pattern in which `*` stands for any characters, none included.
fn fits(pattern: &str, name: &str) -> bool {
    let mut parts = pattern.split('*');
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = name.strip_prefix(first) else { return false };
    let Some(last) = parts.next_back() else { return rest.is_empty() };
    for part in parts {
        match rest.find(part) {
            Some(at) => rest = &rest[at + part.len()..],
            None => return false,
        }
    }
    rest.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn normal(text: &str) -> String {
        Address::parse(text).unwrap_or_else(|fault| panic!("{text}: {fault:?}")).to_string()
    }

    #[test]
    fn the_same_site_is_the_same_text() {
        for same in [
            "https://glpi.example.org/support",
            "http://GLPI.example.ORG/support/",
            "HTTPS://glpi.example.org:443/support/index.php",
            "http://glpi.example.org:80/support/index.php?redirect=ticket_1#top",
            "https://glpi.example.org./support//",
            "https://glpi.example.org/x/../support/.",
            "https://glpi.example.org/%73upport",
            " https://glpi.example.org/support ",
        ] {
            assert_eq!(normal(same), "glpi.example.org/support", "{same}");
        }
        assert_eq!(normal("https://glpi.example.org/index.php"), normal("http://glpi.example.org"));
        assert_eq!(normal("https://bücher.example"), "xn--bcher-kva.example");
        assert_eq!(normal("https://BÜCHER.example"), normal("https://xn--bcher-kva.example/"));
        assert_eq!(normal("https://bu\u{308}cher.example"), normal("https://bücher.example"));
        assert_eq!(normal("http://[2001:DB8:0:0::1]:8080/glpi"), "[2001:db8::1]:8080/glpi");
        assert_eq!(normal("http://[::ffff:192.0.2.1]/"), "192.0.2.1");
        assert_eq!(normal("https://example.org/été"), normal("https://example.org/%c3%a9t%C3%A9"));
    }

    #[test]
    fn other_sites_are_other_texts() {
        let sites = [
            "https://example.org",
            "https://example.org:8443",
            "http://example.org:443",
            "https://example.org/glpi",
            "https://example.org/GLPI",
            "https://www.example.org",
            "https://192.0.2.1",
            "https://example.org/a%2Fb",
            "https://example.org/a/b",
        ];
        let all: std::collections::BTreeSet<_> = sites.map(normal).into_iter().collect();
        assert_eq!(all.len(), sites.len(), "{all:?}");
    }

    #[test]
    fn what_is_no_address_says_why() {
        let long = format!("https://example.org/{}", "a".repeat(2_000));
        for (text, fault) in [
            ("", AddressFault::Empty),
            ("  ", AddressFault::Empty),
            (long.as_str(), AddressFault::TooLong { most: 2_000 }),
            ("glpi.example.org", AddressFault::Scheme),
            ("ftp://example.org", AddressFault::Scheme),
            ("javascript:alert(1)", AddressFault::Scheme),
            ("https://admin:secret@example.org", AddressFault::Credentials),
            ("https://admin@example.org", AddressFault::Credentials),
            ("https://", AddressFault::Host),
            ("https:///glpi", AddressFault::Host),
            ("https://a..b", AddressFault::Host),
            ("https://[::1", AddressFault::Host),
            ("https://[fe80::1%25eth0]", AddressFault::Host),
            ("https://1.2.3", AddressFault::Host),
            ("https://256.1.1.1", AddressFault::Host),
            ("https://exa<mple.org", AddressFault::Host),
            ("https://example.org:0", AddressFault::Port),
            ("https://example.org:99999", AddressFault::Port),
            ("https://example.org:http", AddressFault::Port),
            ("https://[::1]8080", AddressFault::Port),
            ("https://example.org/a b", AddressFault::Character),
            ("https://example.org\\@evil.example", AddressFault::Character),
            ("https://exam\0ple.org", AddressFault::Character),
        ] {
            assert_eq!(Address::parse(text).unwrap_err(), fault, "{text}");
        }
    }

    #[test]
    fn where_no_work_is_done_no_seat_is_taken() {
        let patterns = Patterns::parse(&["*.qa.example.org".into(), "preprod-*".into(), "recette*".into()]).unwrap();
        let environment = |text: &str| Address::parse(text).unwrap().environment(&patterns);
        for text in [
            "http://localhost",
            "http://LOCALHOST:8080/glpi",
            "http://glpi.localhost",
            "http://127.0.0.1",
            "http://10.1.2.3/glpi",
            "http://172.31.0.1",
            "http://192.168.1.10",
            "http://100.64.0.1",
            "http://169.254.1.1",
            "http://[::1]",
            "http://[fd00::1]",
            "http://[fe80::1]",
            "http://[::ffff:10.0.0.1]",
            "https://glpi.test",
            "https://glpi.local",
            "https://dev.example.org",
            "https://DEV.example.org.",
        ] {
            assert_eq!(environment(text), Environment::Development, "{text}");
        }
        for text in ["https://staging.example.org", "https://a.qa.example.org", "https://preprod-1.example.org"] {
            assert_eq!(environment(text), Environment::Staging, "{text}");
        }
        for text in [
            "https://example.org",
            "https://development.example.org",
            "https://devices.example.org",
            "https://test.example.org",
            "https://local.example.org",
            "https://qa.example.org",
            "http://glpi",
            "http://dev",
            "http://staging",
            "http://172.32.0.1",
            "http://8.8.8.8",
            "http://[2001:db8::1]",
            "http://localhost.example.org",
        ] {
            assert_eq!(environment(text), Environment::Production, "{text}");
        }
        assert!(Patterns::parse(&["*".into()]).is_err() && Patterns::parse(&["a b".into()]).is_err());
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused_and_what_is_normal_stays(text in "\\PC{0,60}", host in "[a-z.:@\\[\\]0-9é%-]{0,30}", path in "[a-z/.%0-9é?#]{0,20}") {
            for text in [text, format!("https://{host}/{path}")] {
                if let Ok(address) = Address::parse(&text) {
                    let again = Address::parse(&format!("https://{address}"));
                    prop_assert_eq!(again.as_ref(), Ok(&address), "{}", text);
                }
            }
        }
    }
}
