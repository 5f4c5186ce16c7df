//! A small HTTP/1.1 client that sends exactly the bytes it is told to.
//!
//! Ordinary clients put headers in an order of their own and refuse values that are not text. GLPI and its agents are
//! not so particular, and the tests replay what those really send. It is no client for anything else: no TLS, no
//! redirects, one request per connection.

mod response;

use std::io::{self, Read, Write};
use std::net::{Shutdown, TcpStream, ToSocketAddrs};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use serde_json::Value;

pub use self::response::Response;

/// Whoever hears every answer, with the method and the target of its request.
type Listener = fn(&str, &str, &Response);

static LISTENER: OnceLock<Listener> = OnceLock::new();

/// Lets somebody hear every answer that this process gets, from now on; whoever came first stays. It fails the test by
/// panicking.
pub fn overhear(listener: Listener) {
    LISTENER.get_or_init(|| listener);
}

/// The response to a request that a test wrote by hand, byte by byte.
///
/// # Errors
/// What the network says; `UnexpectedEof` where there is no whole response; `InvalidData` where it is not HTTP/1.
pub fn answer_to(method: &str, target: &str, connection: &mut impl Read) -> io::Result<Response> {
    let response = response::read(connection, method)?;
    if let Some(listener) = LISTENER.get() {
        listener(method, target, &response);
    }
    Ok(response)
}

/// A request. Its headers go out as they were given: names, values, order and repetitions.
#[derive(Debug, Clone)]
pub struct Request {
    method: String,
    target: String,
    headers: Vec<(String, Vec<u8>)>,
    body: Vec<u8>,
    timeout: Duration,
}

impl Request {
    /// A request with any method. `target` is sent as it is: path and query, already encoded.
    pub fn new(method: &str, target: &str) -> Request {
        Request {
            method: method.to_owned(),
            target: target.to_owned(),
            headers: Vec::new(),
            body: Vec::new(),
            timeout: Duration::from_secs(30),
        }
    }

    /// `GET target`.
    pub fn get(target: &str) -> Request {
        Request::new("GET", target)
    }

    /// `POST target`.
    pub fn post(target: &str) -> Request {
        Request::new("POST", target)
    }

    /// Adds a header.
    pub fn header(self, name: &str, value: &str) -> Request {
        self.header_bytes(name, value.as_bytes())
    }

    /// Adds a header whose value may be any bytes; nothing is checked, so that a test can also send nonsense.
    pub fn header_bytes(mut self, name: &str, value: &[u8]) -> Request {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Sets the body. No content type comes with it.
    pub fn body(mut self, bytes: impl Into<Vec<u8>>) -> Request {
        self.body = bytes.into();
        self
    }

    /// Sets the body to this JSON, and adds its `Content-Type`.
    pub fn json(self, value: &Value) -> Request {
        self.header("Content-Type", "application/json").body(value.to_string())
    }

    /// How long everything may take, from connecting to the last byte; 30 seconds where this is not called.
    pub fn timeout(mut self, timeout: Duration) -> Request {
        self.timeout = timeout;
        self
    }

    /// Sends the request to `address`, such as `127.0.0.1:8080`. Fails the test where no whole response comes back.
    #[track_caller]
    pub fn send(&self, address: impl ToSocketAddrs) -> Response {
        self.try_send(address).unwrap_or_else(|error| panic!("{} {}: {error}", self.method, self.target))
    }

    /// Like [`send`](Self::send), for tests of servers that are away or break off.
    ///
    /// # Errors
    /// What the network says; `TimedOut`; `UnexpectedEof` where the response is cut short; `InvalidData` where it is not
    /// HTTP/1.
    pub fn try_send(&self, address: impl ToSocketAddrs) -> io::Result<Response> {
        let address = address.to_socket_addrs()?.next().ok_or(io::ErrorKind::AddrNotAvailable)?;
        let deadline = Deadline(Instant::now() + self.timeout);
        let stream = TcpStream::connect_timeout(&address, deadline.left()?)?;
        stream.set_nodelay(true)?;
        let mut connection = Connection { stream, deadline };
        // A server may refuse before it has read everything, and answer all the same: the answer counts.
        let sent = connection.write_all(&self.bytes(&address.to_string()));
        let received = answer_to(&self.method, &self.target, &mut connection);
        // The connection may be gone already, with the response read.
        let _ = connection.stream.shutdown(Shutdown::Both);
        received.map_err(|error| sent.err().unwrap_or(error))
    }

    /// What goes over the wire. `Host` comes first and `Content-Length` last where the test did not give them.
    fn bytes(&self, host: &str) -> Vec<u8> {
        let given = |wanted: &str| self.headers.iter().any(|(name, _)| name.eq_ignore_ascii_case(wanted));
        let mut bytes = format!("{} {} HTTP/1.1\r\n", self.method, self.target).into_bytes();
        if !given("Host") {
            bytes.extend_from_slice(format!("Host: {host}\r\n").as_bytes());
        }
        for (name, value) in &self.headers {
            bytes.extend_from_slice(name.as_bytes());
            bytes.extend_from_slice(b": ");
            bytes.extend_from_slice(value);
            bytes.extend_from_slice(b"\r\n");
        }
        let has_body = !self.body.is_empty() || matches!(self.method.as_str(), "POST" | "PUT" | "PATCH");
        if has_body && !given("Content-Length") && !given("Transfer-Encoding") {
            bytes.extend_from_slice(format!("Content-Length: {}\r\n", self.body.len()).as_bytes());
        }
        bytes.extend_from_slice(b"\r\n");
        bytes.extend_from_slice(&self.body);
        bytes
    }
}

struct Deadline(Instant);

impl Deadline {
    fn left(&self) -> io::Result<Duration> {
        let left = self.0.saturating_duration_since(Instant::now());
        if left.is_zero() { Err(late()) } else { Ok(left) }
    }
}

fn late() -> io::Error {
    io::Error::new(io::ErrorKind::TimedOut, "no whole response in time")
}

/// A connection of which every read and write ends at the request's deadline.
struct Connection {
    stream: TcpStream,
    deadline: Deadline,
}

impl Connection {
    fn in_time<T>(result: io::Result<T>) -> io::Result<T> {
        // What a socket's time-out looks like differs between systems.
        result.map_err(|error| if error.kind() == io::ErrorKind::WouldBlock { late() } else { error })
    }
}

impl Read for Connection {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.stream.set_read_timeout(Some(self.deadline.left()?))?;
        Connection::in_time(self.stream.read(buffer))
    }
}

impl Write for Connection {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.stream.set_write_timeout(Some(self.deadline.left()?))?;
        Connection::in_time(self.stream.write(bytes))
    }

    fn flush(&mut self) -> io::Result<()> {
        self.stream.flush()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_given_goes_out_as_it_is() {
        let request =
            Request::get("/a?b=%20c").header("user-agent", "x").header("Host", "h").header_bytes("X-É", b"\xff");
        assert_eq!(
            request.bytes("ignored:1"),
            b"GET /a?b=%20c HTTP/1.1\r\nuser-agent: x\r\nHost: h\r\nX-\xc3\x89: \xff\r\n\r\n"
        );
    }

    #[test]
    fn host_and_length_are_added_where_they_are_missing() {
        assert_eq!(
            Request::post("/").json(&json!({})).bytes("h:1"),
            b"POST / HTTP/1.1\r\nHost: h:1\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"
        );
        assert_eq!(Request::post("/").bytes("h"), b"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\n\r\n");
        assert_eq!(
            Request::post("/").header("content-length", "9").body("short").bytes("h"),
            b"POST / HTTP/1.1\r\nHost: h\r\ncontent-length: 9\r\n\r\nshort"
        );
    }
}
