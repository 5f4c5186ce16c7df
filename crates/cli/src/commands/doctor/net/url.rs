//! The address of a service, as far as one may have been configured.

use std::fmt;
use std::net::IpAddr;

/// `http` or `https`, a host, a port, and a path in front of all others. No query, no user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in super::super) struct Url {
    pub(in super::super) secure: bool,
    /// In lower case; an IPv6 address without its brackets.
    pub(in super::super) host: String,
    pub(in super::super) port: u16,
    /// Empty, or beginning and not ending with a slash.
    pub(in super::super) path: String,
}

impl Url {
    /// Reads what somebody wrote; blanks around it and slashes at its end do not count here.
    pub(in super::super) fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let (secure, rest) = match text.split_once("://") {
            Some((scheme, rest)) if scheme.eq_ignore_ascii_case("https") => (true, rest),
            Some((scheme, rest)) if scheme.eq_ignore_ascii_case("http") => (false, rest),
            Some(_) | None => return None,
        };
        let (authority, path) = rest.find('/').map_or((rest, ""), |at| rest.split_at(at));
        let plain = |c: char| c.is_ascii_graphic() && !matches!(c, '?' | '#' | '@' | '"' | '\'' | '<' | '>' | '\\');
        if !path.chars().all(plain) {
            return None;
        }
        let (host, port) = split(authority, if secure { 443 } else { 80 })?;
        Some(Self { secure, host, port, path: path.trim_end_matches('/').to_owned() })
    }

    /// The address itself, where the host is one.
    pub(in super::super) fn literal(&self) -> Option<IpAddr> {
        self.host.parse().ok()
    }

    /// Host and port, as in a `Host` header: the port only where it is not the usual one.
    pub(in super::super) fn authority(&self) -> String {
        let usual = if self.secure { 443 } else { 80 };
        let host = bracketed(&self.host);
        if self.port == usual { host } else { format!("{host}:{}", self.port) }
    }

    /// Host and port.
    pub(in super::super) fn host_and_port(&self) -> String {
        format!("{}:{}", bracketed(&self.host), self.port)
    }

    /// Where a `Location` leads, seen from a page of this service.
    pub(in super::super) fn follow(&self, location: &str) -> Option<(Self, String)> {
        if let Some(path) = location.strip_prefix('/').filter(|path| !path.starts_with('/')) {
            return Some((Self { path: String::new(), ..self.clone() }, format!("/{path}")));
        }
        let whole = match location.strip_prefix("//") {
            Some(rest) => format!("{}://{rest}", if self.secure { "https" } else { "http" }),
            None => location.to_owned(),
        };
        let bare = whole.split(['?', '#']).next().unwrap_or(&whole);
        let url = Self::parse(bare)?;
        let path = if url.path.is_empty() { "/".to_owned() } else { bare[bare.rfind(&url.path)?..].to_owned() };
        Some((Self { path: String::new(), ..url }, path))
    }
}

/// Host and port of an authority.
pub(super) fn split(authority: &str, usual: u16) -> Option<(String, u16)> {
    let (host, port) = match authority.strip_prefix('[') {
        Some(rest) => {
            let (host, after) = rest.split_once(']')?;
            host.parse::<std::net::Ipv6Addr>().ok()?;
            (host, after.strip_prefix(':').or_else(|| after.is_empty().then_some("")))
        }
        None => match authority.split_once(':') {
            Some((host, port)) => (host, Some(port)),
            None => (authority, Some("")),
        },
    };
    let port = match port? {
        "" => usual,
        text => text.parse().ok().filter(|port| *port != 0)?,
    };
    let sound =
        !host.is_empty() && host.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | ':'));
    sound.then(|| (host.to_ascii_lowercase(), port))
}

fn bracketed(host: &str) -> String {
    if host.contains(':') { format!("[{host}]") } else { host.to_owned() }
}

impl fmt::Display for Url {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://{}{}", if self.secure { "https" } else { "http" }, self.authority(), self.path)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_read_in_each_way_it_is_written() {
        for (written, read) in [
            ("https://keys.example.org", "https://keys.example.org"),
            (" HTTPS://Keys.Example.org:443/ ", "https://keys.example.org"),
            ("http://127.0.0.1:7070", "http://127.0.0.1:7070"),
            ("http://[::1]:7070/below/", "http://[::1]:7070/below"),
        ] {
            assert_eq!(Url::parse(written).map(|url| url.to_string()).as_deref(), Some(read), "{written}");
        }
        for written in
            ["", "keys.example.org", "ftp://x", "https://", "https://a b", "https://x:0", "https://x:y", "https://x?y"]
        {
            assert_eq!(Url::parse(written), None, "{written}");
        }
    }

    #[test]
    fn a_redirect_is_followed() {
        let here = Url::parse("http://keys.example.org").unwrap();
        let to = |location: &str| here.follow(location).map(|(url, path)| format!("{url} {path}"));
        assert_eq!(to("/login").as_deref(), Some("http://keys.example.org /login"));
        assert_eq!(to("https://a.example/x/").as_deref(), Some("https://a.example /x/"));
        assert_eq!(to("//b.example?from=1").as_deref(), Some("http://b.example /"));
        assert_eq!(to("mailto:x"), None);
    }
}
