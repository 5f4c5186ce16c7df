//! A stock GLPI's requests, as they were captured from one, and the answers to them: HTTP by hand, header for header.

use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use serde::Deserialize;

const CAPTURED: &str = include_str!("../../../../../tests/fixtures/glpi/requests-10.0.19.json");
/// What stands in the captured requests where the key stood.
const PLACE_OF_KEY: &str = "<the registration key>";
const PATIENCE: Duration = Duration::from_secs(10);
/// No answer to these requests is nearly as long, in bytes.
const LONGEST_ANSWER: usize = 1 << 20;

/// One request, with its headers in the order in which GLPI sends them.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Request {
    method: String,
    pub(super) path: String,
    http: String,
    pub(super) headers: Vec<(String, String)>,
}

/// What came back.
pub(super) struct Answer {
    /// The status line, without its version.
    pub(super) status: String,
    pub(super) body: String,
}

/// The captured request of this path.
pub(super) fn captured(path: &str) -> io::Result<Request> {
    let all: Vec<Request> = serde_json::from_str(CAPTURED)?;
    all.into_iter()
        .find(|request| request.path == path)
        .ok_or_else(|| io::Error::other(format!("no capture of {path}")))
}

/// The UID of the GLPI from which the requests were captured.
pub(super) fn uid() -> io::Result<String> {
    let all: Vec<Request> = serde_json::from_str(CAPTURED)?;
    let uid = all.iter().flat_map(|request| &request.headers).find(|(name, _)| name == "X-Glpi-Network-Uid");
    uid.map(|(_, uid)| uid.clone()).ok_or_else(|| io::Error::other("no capture names a UID"))
}

impl Request {
    /// The same, about this key.
    pub(super) fn with_key(mut self, key: &str) -> Self {
        for (_, value) in &mut self.headers {
            *value = value.replace(PLACE_OF_KEY, key);
        }
        self
    }

    /// The same, from a GLPI in this language.
    pub(super) fn in_language(mut self, tag: &str) -> Self {
        for (name, value) in &mut self.headers {
            if name == "Accept-Language" {
                tag.clone_into(value);
            }
        }
        self
    }

    /// The first line.
    pub(super) fn line(&self) -> String {
        format!("{} {} {}", self.method, self.path, self.http)
    }

    /// Asks it of a server.
    pub(super) fn ask(&self, address: SocketAddr) -> io::Result<Answer> {
        let mut stream = TcpStream::connect_timeout(&address, PATIENCE)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        stream.set_write_timeout(Some(PATIENCE))?;
        let headers: String = self.headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
        stream.write_all(format!("{}\r\n{headers}\r\n", self.line()).as_bytes())?;
        read(&mut BufReader::new(stream))
    }
}

fn read(stream: &mut BufReader<TcpStream>) -> io::Result<Answer> {
    let mut line = || -> io::Result<String> {
        let mut line = String::new();
        stream.by_ref().take(LONGEST_ANSWER as u64).read_line(&mut line)?;
        Ok(line.trim_end().to_owned())
    };
    let status = line()?;
    let mut length = 0;
    loop {
        let header = line()?;
        match header.split_once(':') {
            Some((name, value)) if name.eq_ignore_ascii_case("content-length") => {
                length = value.trim().parse().map_err(|_| io::Error::from(io::ErrorKind::InvalidData))?;
            }
            Some(_) => {}
            None => break,
        }
    }
    let mut body = vec![0; usize::min(length, LONGEST_ANSWER)];
    stream.read_exact(&mut body)?;
    let status = status.split_once(' ').map_or(status.as_str(), |(_, rest)| rest).to_owned();
    Ok(Answer { status, body: String::from_utf8_lossy(&body).into_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_captured_requests_are_there_and_take_a_key() {
        for path in ["/api/registration/", "/api/registration/info", "/api/registration/offers"] {
            assert_eq!(captured(path).unwrap().line(), format!("GET {path} HTTP/1.1"));
        }
        let request = captured("/api/registration/info").unwrap().with_key("abc").in_language("fr");
        assert!(request.headers.contains(&("X-Registration-Key".into(), "abc".into())));
        assert!(request.headers.contains(&("Accept-Language".into(), "fr".into())));
    }
}
