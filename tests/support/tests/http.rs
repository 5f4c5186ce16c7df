//! The HTTP client over real sockets, against servers that behave and servers that do not.

#![allow(clippy::panic, clippy::unwrap_used, reason = "test code fails by panicking")]

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use latchkey_tests_support::free_port;
use latchkey_tests_support::http::Request;
use serde_json::json;

/// A server for one connection; it ends with what `serve` made of it.
fn server<T: Send + 'static>(serve: impl FnOnce(TcpStream) -> T + Send + 'static) -> (SocketAddr, JoinHandle<T>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    (address, thread::spawn(move || serve(listener.accept().unwrap().0)))
}

/// Reads a request's head, as bytes.
fn head(stream: &TcpStream) -> Vec<u8> {
    let mut input = BufReader::new(stream);
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        assert_ne!(input.read_until(b'\n', &mut head).unwrap(), 0, "the request ends in its head");
    }
    head
}

#[test]
fn headers_arrive_byte_for_byte_in_their_order() {
    let (address, server) = server(|mut stream| {
        let head = head(&stream);
        stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi").unwrap();
        head
    });
    let long = vec![b'k'; 8 * 1024];
    let response = Request::get("/api/registration/info")
        .header("User-Agent", "GLPI/10.0.19")
        .header("Host", "services.example")
        .header_bytes("X-Glpi-Network-Uid", b"caf\xe9\xff")
        .header_bytes("X-Registration-Key", &long)
        .header("accept", "*/*")
        .send(address);
    assert_eq!((response.status, response.text().as_str()), (200, "hi"));
    let expected = [
        &b"GET /api/registration/info HTTP/1.1\r\nUser-Agent: GLPI/10.0.19\r\nHost: services.example\r\n"[..],
        b"X-Glpi-Network-Uid: caf\xe9\xff\r\nX-Registration-Key: ",
        &long,
        b"\r\naccept: */*\r\n\r\n",
    ];
    assert_eq!(server.join().unwrap(), expected.concat());
}

#[test]
fn a_connection_that_stays_open_does_not_hold_up_the_response() {
    let (address, server) = server(|mut stream| {
        head(&stream);
        stream.write_all(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\n{\"a\r\n").unwrap();
        thread::sleep(Duration::from_millis(50));
        stream.write_all(b"4\r\n\":1}\r\n0\r\n\r\n").unwrap();
        // Only the client's leaving ends this.
        stream.read(&mut [0]).unwrap()
    });
    assert_eq!(Request::get("/").send(address).json(), json!({"a": 1}));
    assert_eq!(server.join().unwrap(), 0);
}

#[test]
fn a_body_is_sent_with_its_length() {
    let (address, server) = server(|mut stream| {
        let head = String::from_utf8(head(&stream)).unwrap();
        stream.write_all(b"HTTP/1.1 201 Created\r\nConnection: close\r\n\r\nto the end").unwrap();
        head
    });
    assert_eq!(Request::post("/x").json(&json!({"b": [1, 2]})).send(address).text(), "to the end");
    assert_eq!(
        server.join().unwrap(),
        format!("POST /x HTTP/1.1\r\nHost: {address}\r\nContent-Type: application/json\r\nContent-Length: 11\r\n\r\n")
    );
}

#[test]
fn a_refusal_before_the_body_was_read_is_still_heard() {
    let (address, server) = server(|mut stream| {
        stream.write_all(b"HTTP/1.1 413 Content Too Large\r\nContent-Length: 0\r\n\r\n").unwrap();
        stream.shutdown(std::net::Shutdown::Write).unwrap();
        io::copy(&mut stream, &mut io::sink()).unwrap()
    });
    assert_eq!(Request::post("/").body(vec![0; 8 << 20]).send(address).status, 413);
    assert!(server.join().unwrap() > 8 << 20);
}

#[test]
fn a_server_that_says_nothing_is_given_up_in_time() {
    let (address, server) = server(|mut stream| io::copy(&mut stream, &mut io::sink()).map(drop));
    let begun = Instant::now();
    let error = Request::get("/").timeout(Duration::from_millis(200)).try_send(address).unwrap_err();
    assert_eq!(error.kind(), io::ErrorKind::TimedOut);
    assert!((Duration::from_millis(200)..Duration::from_secs(10)).contains(&begun.elapsed()));
    server.join().unwrap().unwrap();
}

#[test]
fn a_server_that_drips_is_given_up_in_time() {
    let (address, server) = server(|mut stream| {
        head(&stream);
        let mut dripped = 0;
        while stream.write_all(b"H").is_ok() && dripped < 1_000 {
            dripped += 1;
            thread::sleep(Duration::from_millis(20));
        }
        dripped
    });
    let error = Request::get("/").timeout(Duration::from_millis(300)).try_send(address).unwrap_err();
    assert_eq!(error.kind(), io::ErrorKind::TimedOut);
    assert!(server.join().unwrap() < 1_000);
}

#[test]
fn a_server_that_breaks_off_or_is_away_is_an_error() {
    let (address, server) = server(|mut stream| {
        head(&stream);
        stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nonly this").unwrap();
    });
    assert_eq!(Request::get("/").try_send(address).unwrap_err().kind(), io::ErrorKind::UnexpectedEof);
    server.join().unwrap();
    let nobody = Request::get("/").try_send(("127.0.0.1", free_port())).unwrap_err();
    assert_eq!(nobody.kind(), io::ErrorKind::ConnectionRefused);
}
