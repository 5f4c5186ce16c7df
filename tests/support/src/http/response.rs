//! Reading a response: RFC 9112, as far as a server of ours may go.

use std::io::{self, BufRead, BufReader, Read};

use serde_json::Value;

use crate::witness;

/// More than any test needs; a server that never stops talking fails the test instead of filling the memory.
const LONGEST: u64 = 64 * 1024 * 1024;

/// A whole response.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Response {
    /// The status code.
    pub status: u16,
    /// Names as they were sent, in the order and with the repetitions of the response. Values are any bytes, without the
    /// blanks around them.
    pub headers: Vec<(String, Vec<u8>)>,
    /// The body, its chunks joined; a content encoding is left as it is.
    pub body: Vec<u8>,
}

impl Response {
    /// The first header of that name, in whatever case; bytes that are not UTF-8 are replaced.
    pub fn header(&self, name: &str) -> Option<String> {
        values(&self.headers, name).next()
    }

    /// The body as text; bytes that are not UTF-8 are replaced.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The body as JSON. Fails the test where it is not.
    #[track_caller]
    pub fn json(&self) -> Value {
        let json = serde_json::from_slice(&self.body)
            .unwrap_or_else(|error| panic!("no JSON ({error}) with status {}: {}", self.status, self.text()));
        witness::secrets_in(&json);
        json
    }
}

fn values<'a>(headers: &'a [(String, Vec<u8>)], name: &'a str) -> impl Iterator<Item = String> + 'a {
    headers
        .iter()
        .filter(move |(given, _)| given.eq_ignore_ascii_case(name))
        .map(|(_, value)| String::from_utf8_lossy(value).into_owned())
}

/// Reads the response to a request with `method` from `connection`.
pub(super) fn read(connection: &mut impl Read, method: &str) -> io::Result<Response> {
    let mut input = BufReader::new(connection.take(LONGEST));
    loop {
        let status = status(&line(&mut input)?)?;
        let headers = headers(&mut input)?;
        // 1xx announce the real response. After 101 it would no longer be HTTP; no server of ours does that.
        if !(100..200).contains(&status) {
            let body =
                if method == "HEAD" || matches!(status, 204 | 304) { Vec::new() } else { body(&mut input, &headers)? };
            for cookie in values(&headers, "set-cookie") {
                let value = cookie.split(';').next().and_then(|pair| pair.split_once('='));
                witness::secret(value.map(|(_, value)| value).unwrap_or_default());
            }
            values(&headers, "location").for_each(|address| witness::in_address(&address));
            return Ok(Response { status, headers, body });
        }
    }
}

fn status(line: &[u8]) -> io::Result<u16> {
    let text = String::from_utf8_lossy(line);
    let mut words = text.split(' ');
    let version = words.next().is_some_and(|word| word == "HTTP/1.1" || word == "HTTP/1.0");
    let code = words.next().filter(|word| word.len() == 3).and_then(|word| word.parse().ok());
    code.filter(|_| version).ok_or_else(|| nonsense("status line", line))
}

fn headers(input: &mut impl BufRead) -> io::Result<Vec<(String, Vec<u8>)>> {
    let mut headers = Vec::new();
    loop {
        let line = line(input)?;
        if line.is_empty() {
            return Ok(headers);
        }
        let colon = line.iter().position(|byte| *byte == b':').ok_or_else(|| nonsense("header", &line))?;
        headers.push((String::from_utf8_lossy(&line[..colon]).into_owned(), line[colon + 1..].trim_ascii().to_owned()));
    }
}

fn body(input: &mut impl BufRead, headers: &[(String, Vec<u8>)]) -> io::Result<Vec<u8>> {
    if let Some(coding) = values(headers, "Transfer-Encoding").next() {
        return match coding.to_ascii_lowercase().as_str() {
            "chunked" => chunks(input),
            _ => Err(nonsense("transfer encoding", coding.as_bytes())),
        };
    }
    let Some(length) = values(headers, "Content-Length").next() else {
        let mut body = Vec::new();
        input.read_to_end(&mut body)?;
        return Ok(body);
    };
    let length = length.parse().map_err(|_| nonsense("length", length.as_bytes()))?;
    exactly(input, length)
}

fn chunks(input: &mut impl BufRead) -> io::Result<Vec<u8>> {
    let mut body = Vec::new();
    loop {
        let head = line(input)?;
        let text = String::from_utf8_lossy(&head);
        let size = text.split(';').next().unwrap_or_default().trim();
        let size = u64::from_str_radix(size, 16).map_err(|_| nonsense("chunk size", &head))?;
        if size == 0 {
            // Trailers look like headers; nobody here asks for them.
            headers(input)?;
            return Ok(body);
        }
        body.extend(exactly(input, size)?);
        let end = line(input)?;
        if !end.is_empty() {
            return Err(nonsense("end of a chunk", &end));
        }
    }
}

fn exactly(input: &mut impl BufRead, length: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let read = input.take(length).read_to_end(&mut bytes)?;
    if read as u64 == length {
        return Ok(bytes);
    }
    Err(io::Error::new(io::ErrorKind::UnexpectedEof, format!("the body ends after {read} of {length} bytes")))
}

/// One line without its end.
fn line(input: &mut impl BufRead) -> io::Result<Vec<u8>> {
    let mut line = Vec::new();
    input.read_until(b'\n', &mut line)?;
    if line.pop() != Some(b'\n') {
        return Err(io::Error::new(io::ErrorKind::UnexpectedEof, "the response ends in the middle of a line"));
    }
    if line.last() == Some(&b'\r') {
        line.pop();
    }
    Ok(line)
}

fn nonsense(what: &str, bytes: &[u8]) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, format!("not HTTP, the {what}: {:?}", String::from_utf8_lossy(bytes)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_all(mut bytes: &[u8]) -> io::Result<Response> {
        read(&mut bytes, "GET")
    }

    #[test]
    fn a_length_ends_the_body_though_more_follows() {
        let response = read_all(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nX: a\r\nx:  b \r\n\r\nhellomore").unwrap();
        assert_eq!((response.status, response.text().as_str()), (200, "hello"));
        assert_eq!(response.headers[1..], [("X".into(), b"a".to_vec()), ("x".into(), b"b".to_vec())]);
        assert_eq!(response.header("content-length").as_deref(), Some("5"));
        assert_eq!(response.header("y"), None);
    }

    #[test]
    fn chunks_are_joined_and_trailers_left_out() {
        let response = read_all(
            b"HTTP/1.1 200 \r\nTransfer-Encoding: chunked\r\n\r\n5;a=b\r\nhello\r\n00A\r\n, \r\nworld!\r\n0\r\nT: x\r\n\r\n",
        )
        .unwrap();
        assert_eq!(response.text(), "hello, \r\nworld!");
    }

    #[test]
    fn else_the_end_of_the_connection_ends_the_body() {
        assert_eq!(read_all(b"HTTP/1.0 200 OK\r\n\r\nto the end").unwrap().text(), "to the end");
    }

    #[test]
    fn announcements_are_passed_over_and_some_responses_have_no_body() {
        assert_eq!(read_all(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n").unwrap().status, 204);
        let mut head: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n";
        assert_eq!(read(&mut head, "HEAD").unwrap().body, b"");
    }

    #[test]
    fn what_is_cut_short_is_an_error() {
        for cut in [
            &b""[..],
            b"HTTP/1.1 200 OK\r\nContent-Le",
            b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhell",
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",
        ] {
            assert_eq!(read_all(cut).unwrap_err().kind(), io::ErrorKind::UnexpectedEof);
        }
    }

    #[test]
    fn what_is_not_http_is_an_error() {
        for nonsense in [
            &b"SSH-2.0-x\r\n\r\n"[..],
            b"HTTP/1.1 20 OK\r\n\r\n",
            b"HTTP/1.1 200 OK\r\nno colon\r\n\r\n",
            b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n",
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nab\r\n0\r\n\r\n",
        ] {
            assert_eq!(read_all(nonsense).unwrap_err().kind(), io::ErrorKind::InvalidData);
        }
    }

    #[test]
    fn a_body_is_json_or_fails_the_test() {
        assert_eq!(read_all(b"HTTP/1.1 200 OK\r\n\r\n{\"a\":1}").unwrap().json()["a"], 1);
        let broken = read_all(b"HTTP/1.1 500 Oh\r\n\r\nnot so").unwrap();
        let panic = std::panic::catch_unwind(|| broken.json()).unwrap_err();
        assert!(panic.downcast_ref::<String>().unwrap().contains("with status 500: not so"));
    }
}
