//! Whom a request goes to, read once.

use std::fmt;

use latchkey_domain::outgoing::{Origin, UrlFault};
use ureq::http::Uri;

/// The longest address, in bytes.
const LONGEST: usize = 2_048;

/// An address of the web that may be asked: `http` or `https`, with a host and without a user. Shown by its origin alone:
/// what stands behind it may be a secret.
#[derive(Clone, PartialEq, Eq)]
pub struct Target {
    uri: Uri,
    origin: Origin,
}

impl Target {
    /// Reads an address.
    pub fn parse(text: &str) -> Result<Self, UrlFault> {
        if text.len() > LONGEST {
            return Err(UrlFault::Length);
        }
        // Behind the # stands what is meant for browsers.
        let text = text.split('#').next().unwrap_or_default();
        let secure = match text.split_once("://") {
            Some((scheme, _)) if scheme.eq_ignore_ascii_case("https") => true,
            Some((scheme, _)) if scheme.eq_ignore_ascii_case("http") => false,
            Some(_) if has_scheme(text) => return Err(UrlFault::Scheme),
            Some(_) | None => return Err(UrlFault::Form),
        };
        let uri: Uri = text.parse().map_err(|_| UrlFault::Form)?;
        let authority = uri.authority().ok_or(UrlFault::Form)?;
        if authority.as_str().contains('@') {
            return Err(UrlFault::Credentials);
        }
        let host = authority.host().to_ascii_lowercase();
        // A port that does not read is none to the library.
        let port = match authority.as_str().get(host.len()..).unwrap_or_default() {
            "" => None,
            _ => Some(authority.port_u16().filter(|port| *port != 0).ok_or(UrlFault::Form)?),
        };
        if host.is_empty() || host == "[]" {
            return Err(UrlFault::Form);
        }
        let origin = Origin { secure, host, port: port.unwrap_or(if secure { 443 } else { 80 }) };
        Ok(Self { uri, origin })
    }

    /// Scheme, host and port.
    pub fn origin(&self) -> &Origin {
        &self.origin
    }

    /// Its path, as it stands in the address.
    pub fn path(&self) -> &str {
        self.uri.path()
    }

    pub(crate) fn uri(&self) -> &Uri {
        &self.uri
    }

    /// Where a redirect from here leads.
    pub(crate) fn follow(&self, location: &str) -> Result<Self, UrlFault> {
        let path = self.uri.path();
        let query = location.starts_with('?');
        let text = if has_scheme(location) {
            location.to_owned()
        } else if location.starts_with("//") {
            let scheme = if self.origin.secure { "https" } else { "http" };
            format!("{scheme}:{location}")
        } else if location.starts_with('/') {
            format!("{}{location}", self.origin)
        } else if query {
            format!("{}{path}{location}", self.origin)
        } else {
            let folder = path.rfind('/').map_or("/", |end| &path[..=end]);
            format!("{}{folder}{location}", self.origin)
        };
        Self::parse(&text)
    }

    /// Whether this is the same host as another, reached no less safely.
    pub(crate) fn is_at_home_of(&self, other: &Self) -> bool {
        let (own, other) = (&self.origin, &other.origin);
        // From http to https the port changes with the scheme.
        let same = own.secure == other.secure && own.port == other.port;
        let safer = own.secure && !other.secure && (own.port, other.port) == (443, 80);
        own.host == other.host && (same || safer)
    }
}

impl fmt::Debug for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Target({}/…)", self.origin)
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.origin.fmt(f)
    }
}

/// `https:…`, but not `page:2` below a path.
fn has_scheme(location: &str) -> bool {
    location.split_once("://").is_some_and(|(scheme, _)| scheme.bytes().all(|byte| byte.is_ascii_alphanumeric()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn an_address_reads_or_says_why_not() {
        for (text, origin) in [
            ("https://glpi.example.org", "https://glpi.example.org"),
            ("https://GLPI.example.org:443/a?token=b#c", "https://glpi.example.org"),
            ("http://10.0.0.7:8080/", "http://10.0.0.7:8080"),
            ("http://[::1]:80/", "http://[::1]"),
            ("http://0177.0.0.1", "http://0177.0.0.1"),
        ] {
            assert_eq!(Target::parse(text).unwrap().origin().to_string(), origin, "{text}");
        }
        for (text, fault) in [
            ("", UrlFault::Form),
            ("glpi.example.org", UrlFault::Form),
            ("/path", UrlFault::Form),
            ("https://", UrlFault::Form),
            ("https:///x", UrlFault::Form),
            ("https://a b/", UrlFault::Form),
            ("https://a:x/", UrlFault::Form),
            ("https://a:/", UrlFault::Form),
            ("https://a:0/", UrlFault::Form),
            ("https://a:65536/", UrlFault::Form),
            ("https://höst/", UrlFault::Form),
            ("file:///etc/passwd", UrlFault::Scheme),
            ("ftp://a/", UrlFault::Scheme),
            ("gopher://a/", UrlFault::Scheme),
            ("https://user:secret@a/", UrlFault::Credentials),
            ("https://user@a/", UrlFault::Credentials),
            (&format!("https://a/{}", "x".repeat(2_048)), UrlFault::Length),
        ] {
            assert_eq!(Target::parse(text).err(), Some(fault), "{text}");
        }
    }

    #[test]
    fn what_stands_behind_the_origin_is_not_shown() {
        let target = Target::parse("https://hooks.example.org/services/T00/s3cret?key=s3cret").unwrap();
        assert_eq!(format!("{target} {target:?}"), "https://hooks.example.org Target(https://hooks.example.org/…)");
    }

    #[test]
    fn a_redirect_leads_where_it_says() {
        let from = Target::parse("https://a.example:8443/one/two?x").unwrap();
        for (location, to) in [
            ("/three", "https://a.example:8443/three"),
            ("three?y", "https://a.example:8443/one/three?y"),
            ("?z", "https://a.example:8443/one/two?z"),
            ("//b.example/x", "https://b.example/x"),
            ("http://a.example/", "http://a.example/"),
        ] {
            assert_eq!(from.follow(location).unwrap().uri().to_string(), to, "{location}");
        }
        assert_eq!(from.follow("file:///etc/passwd").err(), Some(UrlFault::Scheme));
        assert_eq!(from.follow("https://a@a.example/").err(), Some(UrlFault::Credentials));
    }

    #[test]
    fn home_is_the_same_host_and_no_less_safe() {
        let at = |text| Target::parse(text).unwrap();
        let home = |to, from| at(to).is_at_home_of(&at(from));
        assert!(
            home("https://a/x", "https://A/y") && home("https://a/", "http://a/") && home("http://a:81", "http://a:81")
        );
        for (to, from) in [
            ("http://a/", "https://a/"),
            ("https://b/", "https://a/"),
            ("https://a:444/", "https://a/"),
            ("https://a.b/", "https://b/"),
            ("https://a/", "http://a:8080/"),
        ] {
            assert!(!home(to, from), "{from} to {to}");
        }
    }

    proptest! {
        #[test]
        fn no_text_makes_it_stumble(text in "\\PC{0,80}", location in "\\PC{0,80}") {
            let _ = Target::parse(&text);
            let _ = Target::parse(&format!("https://{text}"));
            let _ = Target::parse("https://a.example/b").unwrap().follow(&location);
        }
    }
}
