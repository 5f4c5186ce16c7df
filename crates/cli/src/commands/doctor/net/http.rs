//! One question over HTTP/1.1 and its answer, read as it comes.

use std::io::{self, ErrorKind, Read, Write};
use std::time::{Duration, Instant};

use crate::data_dir::cause;

/// More is not read of an answer, in bytes: neither of its head nor of its body.
const LONGEST: usize = 256 * 1_024;

/// What came back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in super::super) struct Answer {
    pub(in super::super) status: u16,
    /// Names in lower case.
    headers: Vec<(String, String)>,
    pub(in super::super) body: Vec<u8>,
    /// From the question to the last byte.
    pub(in super::super) took: Duration,
}

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in super::super) enum HttpFault {
    TimedOut,
    Broken(String),
}

impl Answer {
    /// What another program heard, as far as it says so.
    pub(in super::super) fn heard(status: u16, body: Vec<u8>) -> Self {
        Self { status, headers: Vec::new(), body, took: Duration::ZERO }
    }

    pub(in super::super) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(given, _)| given == name).map(|(_, value)| value.as_str())
    }

    /// Whether it is a web page, by what it says of itself or by how it begins.
    pub(in super::super) fn is_page(&self) -> bool {
        let begins = String::from_utf8_lossy(&self.body[..self.body.len().min(512)]).trim_start().to_ascii_lowercase();
        self.header("content-type").is_some_and(|kind| kind.to_ascii_lowercase().starts_with("text/html"))
            || begins.starts_with("<!doctype html")
            || begins.starts_with("<html")
    }

    /// How the body begins, on one line and fit to be shown; of a web page its title.
    pub(in super::super) fn beginning(&self) -> String {
        const MOST: usize = 120;
        let text = String::from_utf8_lossy(&self.body[..self.body.len().min(8_192)]).into_owned();
        let lower = text.to_ascii_lowercase();
        let title = lower.find("<title").and_then(|at| {
            let begin = at + lower[at..].find('>')? + 1;
            let end = begin + lower[begin..].find('<')?;
            Some(text[begin..end].trim().to_owned()).filter(|title| !title.is_empty())
        });
        let shown = title.unwrap_or(text);
        let words = shown.split(|c: char| c.is_whitespace() || c.is_control()).filter(|word| !word.is_empty());
        let line = words.collect::<Vec<_>>().join(" ");
        match line.char_indices().nth(MOST) {
            Some((end, _)) => format!("“{}…”", &line[..end]),
            None => format!("“{line}”"),
        }
    }
}

/// Asks and reads the whole answer.
pub(super) fn ask(
    stream: &mut (impl Read + Write),
    target: &str,
    headers: &[(&str, String)],
) -> Result<Answer, HttpFault> {
    let begun = Instant::now();
    let headers: String = headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
    stream.write_all(format!("GET {target} HTTP/1.1\r\n{headers}\r\n").as_bytes()).map_err(|error| fault(&error))?;
    stream.flush().map_err(|error| fault(&error))?;
    let (status, headers, rest) = read_head(stream, 4_096)?;
    let mut answer = Answer { status, headers, body: rest, took: Duration::ZERO };
    if !matches!(status, 204 | 304) {
        answer.body = read_body(stream, &answer)?;
    }
    answer.took = begun.elapsed();
    Ok(answer)
}

/// Reads the head of an answer and nothing behind it, which belongs to somebody else.
pub(super) fn read_head_alone(stream: &mut impl Read) -> Result<u16, HttpFault> {
    read_head(stream, 1).map(|(status, ..)| status)
}

type Head = (u16, Vec<(String, String)>, Vec<u8>);

fn read_head(stream: &mut impl Read, at_once: usize) -> Result<Head, HttpFault> {
    let mut bytes = Vec::new();
    loop {
        if more(stream, &mut bytes, at_once)? == 0 {
            return Err(HttpFault::Broken(match bytes.len() {
                0 => "the connection was closed without a word".into(),
                _ => "the connection was closed in the middle of the answer".into(),
            }));
        }
        let mut headers = [httparse::EMPTY_HEADER; 100];
        let mut response = httparse::Response::new(&mut headers);
        match response.parse(&bytes) {
            Ok(httparse::Status::Complete(length)) => {
                let status = response.code.unwrap_or_default();
                let headers = response.headers.iter().map(|header| {
                    (header.name.to_ascii_lowercase(), String::from_utf8_lossy(header.value).into_owned())
                });
                let headers = headers.collect();
                // 1xx only announce the answer.
                if (100..200).contains(&status) {
                    bytes.drain(..length);
                    continue;
                }
                return Ok((status, headers, bytes.split_off(length)));
            }
            Ok(httparse::Status::Partial) if bytes.len() < LONGEST => {}
            Ok(httparse::Status::Partial) => return Err(HttpFault::Broken("its head does not end".into())),
            Err(_) => return Err(HttpFault::Broken("it is not HTTP".into())),
        }
    }
}

fn read_body(stream: &mut impl Read, head: &Answer) -> Result<Vec<u8>, HttpFault> {
    let mut body = head.body.clone();
    let cut = || HttpFault::Broken("the connection was closed in the middle of the answer".into());
    if head.header("transfer-encoding").is_some_and(|coding| coding.eq_ignore_ascii_case("chunked")) {
        loop {
            match unchunked(&body) {
                Chunks::Whole(whole) => return Ok(whole),
                Chunks::Wrong => return Err(HttpFault::Broken("its chunks do not read".into())),
                Chunks::More if body.len() > LONGEST => return Ok(body),
                Chunks::More if more(stream, &mut body, 4_096)? == 0 => return Err(cut()),
                Chunks::More => {}
            }
        }
    }
    let length = head.header("content-length").and_then(|length| length.trim().parse::<usize>().ok());
    while length.is_none_or(|length| body.len() < length) && body.len() <= LONGEST {
        if more(stream, &mut body, 4_096)? == 0 {
            match length {
                Some(_) => return Err(cut()),
                None => break,
            }
        }
    }
    if let Some(length) = length {
        body.truncate(length);
    }
    Ok(body)
}

enum Chunks {
    Whole(Vec<u8>),
    More,
    Wrong,
}

fn unchunked(mut bytes: &[u8]) -> Chunks {
    let mut whole = Vec::new();
    loop {
        let Some(end) = bytes.windows(2).position(|two| two == b"\r\n") else { return Chunks::More };
        let size = std::str::from_utf8(&bytes[..end]).ok().and_then(|line| line.split(';').next());
        let Some(size) = size.and_then(|size| usize::from_str_radix(size.trim(), 16).ok()) else {
            return Chunks::Wrong;
        };
        bytes = &bytes[end + 2..];
        if size == 0 {
            return Chunks::Whole(whole);
        }
        let Some(chunk) = bytes.get(..size) else { return Chunks::More };
        let Some(rest) = bytes.get(size + 2..) else { return Chunks::More };
        whole.extend_from_slice(chunk);
        bytes = rest;
    }
}

/// Reads what is there; 0 at the end.
fn more(stream: &mut impl Read, into: &mut Vec<u8>, at_once: usize) -> Result<usize, HttpFault> {
    let mut buffer = [0; 4_096];
    match stream.read(&mut buffer[..at_once]) {
        Ok(read) => {
            into.extend_from_slice(&buffer[..read]);
            Ok(read)
        }
        // Many servers close a TLS connection without saying goodbye: where the length is known it shows anyway.
        Err(error) if error.kind() == ErrorKind::UnexpectedEof => Ok(0),
        Err(error) => Err(fault(&error)),
    }
}

fn fault(error: &io::Error) -> HttpFault {
    match error.kind() == ErrorKind::TimedOut || error.kind() == ErrorKind::WouldBlock {
        true => HttpFault::TimedOut,
        false => HttpFault::Broken(said(error)),
    }
}

/// What the system says, in words.
pub(super) fn said(error: &io::Error) -> String {
    match error.kind() == ErrorKind::TimedOut {
        true => "no answer in time".into(),
        false => cause(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A connection that has already said everything.
    struct Said<'a>(&'a [u8]);

    impl Read for Said<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            // Byte by byte, as the slowest network would bring it.
            let Some((first, rest)) = self.0.split_first() else { return Ok(0) };
            buffer[0] = *first;
            self.0 = rest;
            Ok(1)
        }
    }

    impl Write for Said<'_> {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn answer(text: &str) -> Result<Answer, HttpFault> {
        ask(&mut Said(text.as_bytes()), "/", &[])
    }

    #[test]
    fn answers_are_read_in_each_form() {
        let body = |text| answer(text).map(|answer| String::from_utf8(answer.body).unwrap());
        assert_eq!(body("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokmore").unwrap(), "ok");
        assert_eq!(body("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n").unwrap(), "ok");
        assert_eq!(body("HTTP/1.0 200 OK\r\n\r\nto the end").unwrap(), "to the end");
        assert_eq!(body("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 204 No\r\n\r\n").unwrap(), "");
    }

    #[test]
    fn what_is_no_answer_says_why() {
        let why = |text| match answer(text) {
            Err(HttpFault::Broken(why)) => why,
            other => panic!("{other:?}"),
        };
        assert!(why("").contains("without a word"));
        assert!(why("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nok").contains("in the middle"));
        assert!(why("SSH-2.0-x\r\n\r\n").contains("not HTTP"));
    }

    #[test]
    fn a_page_is_shown_by_its_title() {
        let page = answer("HTTP/1.1 200 OK\r\n\r\n<!DOCTYPE html><title>\n Log in </title><p>x").unwrap();
        assert!(page.is_page());
        assert_eq!(page.beginning(), "“Log in”");
        assert!(!answer("HTTP/1.1 200 OK\r\n\r\n{\"a\":1}").unwrap().is_page());
    }
}
