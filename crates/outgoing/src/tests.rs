//! Requests to servers that behave in every way.

#![allow(clippy::wildcard_enum_match_arm, reason = "whatever else came is shown")]

use std::io::{Read as _, Write as _};
use std::net::{IpAddr, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, channel};

use latchkey_domain::outgoing::UrlFault;

use super::*;

const SOON: Duration = Duration::from_secs(10);

/// Answers each connection with what is next, byte for byte; gives what it was asked.
fn server(answers: Vec<Vec<u8>>) -> (SocketAddr, Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let (asked, questions) = channel();
    std::thread::spawn(move || {
        for answer in answers {
            let (mut connection, _) = listener.accept().unwrap();
            asked.send(question(&mut connection)).unwrap();
            connection.write_all(&answer).unwrap();
        }
    });
    (address, questions)
}

/// Reads a request to its end: the head, and as much body as it announces.
fn question(connection: &mut TcpStream) -> String {
    let (mut text, mut byte) = (String::new(), [0]);
    while !text.ends_with("\r\n\r\n") && connection.read(&mut byte).unwrap() == 1 {
        text.push(byte[0].into());
    }
    let length = text.lines().find_map(|line| line.strip_prefix("content-length: ")).map_or(0, |n| n.parse().unwrap());
    let mut body = vec![0; length];
    connection.read_exact(&mut body).unwrap();
    text + &String::from_utf8(body).unwrap()
}

fn answer(head: &str, body: &str) -> Vec<u8> {
    format!("HTTP/1.1 {head}\r\nContent-Length: {}\r\n\r\n{body}", body.len()).into_bytes()
}

fn loopback() -> Vec<Network> {
    vec!["127.0.0.0/8".parse().unwrap()]
}

fn client(allowed: Vec<Network>) -> Client {
    Client::new(&Settings { allowed, roots: vec![] })
}

fn target(text: &str) -> Target {
    Target::parse(text).unwrap()
}

fn get(client: &Client, to: &str) -> Result<Answer, Unanswered> {
    let target = target(to);
    let request = Request { target: &target, method: Method::Get, headers: &[], within: SOON, most_bytes: 1_000 };
    client.send(&request)
}

fn forbidden(outcome: Result<Answer, Unanswered>) -> (IpAddr, bool) {
    match outcome.unwrap_err() {
        Unanswered::Forbidden { address, allowable, .. } => (address, allowable),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_request_is_sent_and_its_answer_read() {
    let (address, questions) = server(vec![answer("202 Accepted\r\nX-Kind: a", "done")]);
    let target = target(&format!("http://{address}/hook?a=b#c"));
    let answer = client(loopback()).send(&Request {
        target: &target,
        method: Method::Post(b"{\"event\":1}"),
        headers: &[("Content-Type", "application/json"), ("Authorization", "Bearer secret")],
        within: SOON,
        most_bytes: 1_000,
    });
    let answer = answer.unwrap();
    assert_eq!((answer.status, answer.header("x-kind"), &*answer.body), (202, Some("a"), &b"done"[..]));
    assert_eq!(format!("{answer:?}"), "Answer { status: 202, body: 4 bytes, .. }");
    let question = questions.recv().unwrap();
    let lower = question.to_lowercase();
    assert!(question.starts_with("POST /hook?a=b HTTP/1.1\r\n") && question.ends_with("{\"event\":1}"), "{question}");
    assert!(
        lower.contains("authorization: bearer secret\r\n") && lower.contains("user-agent: latchkey/"),
        "{question}"
    );
    assert!(!lower.contains("accept-encoding"), "a small answer could unpack to a large one: {question}");
}

#[test]
fn a_status_that_says_no_is_an_answer() {
    let (address, _questions) = server(vec![answer("500 Oops", "no")]);
    let answer = get(&client(loopback()), &format!("http://{address}/")).unwrap();
    assert_eq!((answer.status, &*answer.body), (500, &b"no"[..]));
}

#[test]
fn what_is_internal_is_reached_by_configuration_alone() {
    let (address, questions) = server(vec![answer("200 OK", "")]);
    let port = address.port();
    let none = client(vec![]);
    let here: IpAddr = "127.0.0.1".parse().unwrap();
    // Every way in which systems write it.
    for host in ["127.0.0.1", "localhost", "127.1", "0x7f000001", "2130706433", "0177.0.0.1", "[::ffff:127.0.0.1]"] {
        let (address, allowable) = forbidden(get(&none, &format!("http://{host}:{port}/")));
        assert!(address.to_canonical() == here || address.to_string() == "::1", "{host}: {address}");
        assert!(allowable, "{host}");
    }
    assert!(questions.try_recv().is_err(), "nobody was asked");
    for host in ["10.0.0.1", "192.168.1.1", "172.16.0.1", "[fd00::1]", "100.64.0.1"] {
        assert!(forbidden(get(&none, &format!("http://{host}/"))).1, "{host}");
    }
    assert_eq!(get(&client(loopback()), &format!("http://{address}/")).unwrap().status, 200);
}

#[test]
fn what_gives_away_credentials_is_never_reached() {
    let everything = client(vec!["0.0.0.0/0".parse().unwrap(), "::/0".parse().unwrap()]);
    for host in [
        "169.254.169.254",
        "0xa9fea9fe",
        "2852039166",
        "0251.0376.0251.0376",
        "[::ffff:169.254.169.254]",
        "[::ffff:a9fe:a9fe]",
        "[64:ff9b::169.254.169.254]",
        "[fd00:ec2::254]",
        "[fe80::1]",
        "100.100.100.200",
        "0.0.0.0",
        "0",
        "[::]",
        "224.0.0.1",
        "255.255.255.255",
    ] {
        let (address, allowable) = forbidden(get(&everything, &format!("http://{host}/latest/meta-data/")));
        assert!(!allowable, "{host}: {address}");
    }
}

#[test]
fn a_name_is_what_it_resolves_to() {
    let (address, questions) = server(vec![answer("200 OK", "")]);
    let port = address.port();
    let guard = Guard::with_lookup(loopback(), move |host| {
        let ip = |text: &str| SocketAddr::new(text.parse().unwrap(), port);
        match host {
            "metadata.example" => vec![ip("169.254.169.254")],
            "inside.example" => vec![ip("10.0.0.1"), ip("fd00::1")],
            // One that may be reached among those that may not: it alone is.
            "mixed.example" => vec![ip("169.254.169.254"), ip("10.0.0.1"), ip("127.0.0.1")],
            _ => vec![],
        }
    });
    let client = Client::with(&Settings::default(), guard);
    assert_eq!(forbidden(get(&client, "http://metadata.example/")), ("169.254.169.254".parse().unwrap(), false));
    assert_eq!(forbidden(get(&client, "http://inside.example/")), ("10.0.0.1".parse().unwrap(), true));
    assert!(matches!(get(&client, "http://nowhere.example/"), Err(Unanswered::NameUnknown { .. })));
    assert_eq!(get(&client, "http://mixed.example/").unwrap().status, 200);
    assert!(questions.recv().unwrap().to_lowercase().contains("host: mixed.example"));
}

#[test]
fn a_name_that_changes_its_mind_gains_nothing() {
    // The first look-up leads to the server, every later one to the metadata service.
    let redirect = answer("302 Found\r\nLocation: /again", "");
    let (address, questions) = server(vec![answer("200 OK", "first"), redirect]);
    let looked_up = Arc::new(AtomicUsize::new(0));
    let rebinding = |answered: usize| {
        let looked_up = looked_up.clone();
        looked_up.store(0, Ordering::SeqCst);
        let guard = Guard::with_lookup(loopback(), move |_| {
            let metadata = SocketAddr::from(([169, 254, 169, 254], 80));
            vec![if looked_up.fetch_add(1, Ordering::SeqCst) < answered { address } else { metadata }]
        });
        Client::with(&Settings::default(), guard)
    };
    // Judged and connected to is one look-up: there is nothing between the two.
    assert_eq!(&*get(&rebinding(1), "http://rebind.example/").unwrap().body, b"first");
    assert_eq!(looked_up.load(Ordering::SeqCst), 1);
    let (address, allowable) = forbidden(get(&rebinding(1), "http://rebind.example/"));
    assert_eq!((address.to_string().as_str(), allowable), ("169.254.169.254", false));
    assert_eq!(looked_up.load(Ordering::SeqCst), 2);
    assert_eq!(questions.iter().take(2).count(), 2);
}

#[test]
fn a_redirect_is_followed_at_home_alone() {
    let to = |location: &str| answer(&format!("302 Found\r\nLocation: {location}"), "");
    let (address, questions) = server(vec![to("/b"), answer("200 OK", "b")]);
    assert_eq!(&*get(&client(loopback()), &format!("http://{address}/a")).unwrap().body, b"b");
    assert!(questions.iter().nth(1).unwrap().starts_with("GET /b "));

    for (location, elsewhere) in [
        ("http://169.254.169.254/latest", Some("http://169.254.169.254")),
        ("http://localhost/", Some("http://localhost")),
        ("//other.example/", Some("http://other.example")),
        ("file:///etc/passwd", None),
        ("http://user:secret@127.0.0.1/", None),
    ] {
        let (address, _questions) = server(vec![to(location)]);
        match get(&client(loopback()), &format!("http://{address}/a")).unwrap_err() {
            Unanswered::Redirected { origin, to } => {
                assert_eq!(origin.to_string(), format!("http://{address}"));
                assert_eq!(to.map(|to| to.to_string()).as_deref(), elsewhere, "{location}");
            }
            other => panic!("{location}: {other:?}"),
        }
    }

    let (address, questions) = server(vec![to("/a"), to("/a"), to("/a"), to("/a")]);
    let round = get(&client(loopback()), &format!("http://{address}/a"));
    assert!(matches!(round, Err(Unanswered::Redirected { .. })), "{round:?}");
    assert_eq!(questions.iter().take(4).count(), 4);
}

#[test]
fn what_was_sent_is_sent_again_only_as_it_was() {
    let post = |address: SocketAddr| {
        let target = target(&format!("http://{address}/a"));
        let method = Method::Post(b"body");
        client(loopback()).send(&Request { target: &target, method, headers: &[], within: SOON, most_bytes: 9 })
    };
    let (address, questions) = server(vec![answer("307 Again\r\nLocation: /b", ""), answer("200 OK", "")]);
    assert_eq!(post(address).unwrap().status, 200);
    let again = questions.iter().nth(1).unwrap();
    assert!(again.starts_with("POST /b ") && again.ends_with("body"), "{again}");
    // This would make a GET of it: whoever asked hears of it instead.
    let (address, _questions) = server(vec![answer("302 Found\r\nLocation: /b", "")]);
    assert_eq!(post(address).unwrap().status, 302);
}

#[test]
fn an_answer_that_is_too_long_is_not_read_to_its_end() {
    let long = "x".repeat(1_001);
    let chunked = format!("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3e9\r\n{long}\r\n0\r\n\r\n");
    let head = format!("HTTP/1.1 200 OK\r\nX-Long: {}\r\nContent-Length: 0\r\n\r\n", "x".repeat(LONGEST_HEAD));
    let endless = "HTTP/1.1 200 OK\r\nContent-Length: 1000000000000\r\n\r\n".to_owned() + &long;
    for text in [String::from_utf8(answer("200 OK", &long)).unwrap(), chunked, head, endless] {
        let (address, _questions) = server(vec![text.clone().into_bytes()]);
        let outcome = get(&client(loopback()), &format!("http://{address}/"));
        assert!(matches!(outcome, Err(Unanswered::TooLong { .. })), "{:.60}: {outcome:?}", text);
    }
    let (address, _questions) = server(vec![answer("200 OK", &"x".repeat(1_000))]);
    assert_eq!(get(&client(loopback()), &format!("http://{address}/")).unwrap().body.len(), 1_000);
}

#[test]
fn nobody_is_waited_for_longer_than_was_said() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = channel::<()>();
    std::thread::spawn(move || {
        // One says nothing; the other sends a byte now and then, for ever.
        let (silent, _) = listener.accept().unwrap();
        let (mut slow, _) = listener.accept().unwrap();
        question(&mut slow);
        slow.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n").unwrap();
        while stopped.recv_timeout(Duration::from_millis(20)).is_err() {
            if slow.write_all(b"x").is_err() {
                break;
            }
        }
        drop(silent);
    });
    let target = target(&format!("http://{address}/"));
    for _ in 0..2 {
        let within = Duration::from_millis(300);
        let begun = Instant::now();
        let request = Request { target: &target, method: Method::Get, headers: &[], within, most_bytes: 10_000 };
        let outcome = client(loopback()).send(&request);
        assert!(
            matches!(outcome, Err(Unanswered::TimedOut { stage: Stage::Answer, .. })),
            "{outcome:?} after {:?}",
            begun.elapsed()
        );
        assert!(begun.elapsed() < SOON);
    }
    stop.send(()).unwrap();
}

#[test]
fn who_is_not_there_or_speaks_otherwise_is_told_apart() {
    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let outcome = get(&client(loopback()), &format!("http://{closed}/"));
    let Err(refused) = outcome else { panic!("{outcome:?}") };
    assert!(matches!(refused, Unanswered::NotConnected { why: NoConnection::Refused, .. }), "{refused:?}");
    assert_eq!((refused.code(), refused.may_pass()), ("OUTGOING_NOT_CONNECTED", true));
    for garbage in ["", "SSH-2.0-OpenSSH_9\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf"] {
        let (address, _questions) = server(vec![garbage.as_bytes().to_vec()]);
        let outcome = get(&client(loopback()), &format!("http://{address}/"));
        assert!(matches!(outcome, Err(Unanswered::Broken { .. })), "{garbage:?}: {outcome:?}");
    }
    let plain = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = plain.local_addr().unwrap();
    std::thread::spawn(move || plain.accept().unwrap().0.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").unwrap());
    let outcome = get(&client(loopback()), &format!("https://{address}/"));
    assert!(matches!(outcome, Err(Unanswered::Untrusted { why: Distrust::NoTls, .. })), "{outcome:?}");
    let unknown = get(&client(loopback()), "http://no-such-name.invalid/");
    assert!(matches!(unknown, Err(Unanswered::NameUnknown { .. })), "{unknown:?}");
}

#[test]
fn tls_is_believed_where_somebody_we_know_vouches_for_it() {
    use rustls::pki_types::pem::PemObject as _;
    use rustls::pki_types::{CertificateDer, PrivateKeyDer};

    let read = |text: &'static str| CertificateDer::from_pem_slice(text.as_bytes()).unwrap();
    let own = read(include_str!("../../../tests/fixtures/tls/first.crt"));
    let other = read(include_str!("../../../tests/fixtures/tls/second.crt"));
    let key = PrivateKeyDer::from_pem_slice(include_bytes!("../../../tests/fixtures/tls/first.key")).unwrap();
    let config = rustls::ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![own.clone()], key)
        .unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        for connection in listener.incoming() {
            let tls = rustls::ServerConnection::new(Arc::new(config.clone())).unwrap();
            let mut stream = rustls::StreamOwned::new(tls, connection.unwrap());
            let mut head = [0; 1_000];
            if stream.read(&mut head).is_ok() {
                let _ = stream.write_all(&answer("200 OK", "sealed"));
                stream.conn.send_close_notify();
                let _ = stream.flush();
            }
        }
    });
    let ask = |root: &CertificateDer<'_>, host: &str| {
        let settings = Settings { roots: vec![root.to_vec()], ..Settings::default() };
        let guard = Guard::with_lookup(loopback(), move |_| vec![SocketAddr::from(([127, 0, 0, 1], port))]);
        get(&Client::with(&settings, guard), &format!("https://{host}/"))
    };
    assert_eq!(&*ask(&own, "localhost").unwrap().body, b"sealed");
    let distrusted = |outcome: Result<Answer, Unanswered>| match outcome {
        Err(Unanswered::Untrusted { why, .. }) => why,
        other => panic!("{other:?}"),
    };
    assert_eq!(distrusted(ask(&other, "localhost")), Distrust::Issuer);
    assert_eq!(distrusted(ask(&own, "second.example")), Distrust::Name);
}

#[test]
fn no_error_repeats_what_stands_behind_the_origin() {
    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    for url in [format!("http://{closed}/s3cret?key=s3cret"), "http://169.254.169.254/s3cret".to_owned()] {
        let error = get(&client(loopback()), &url).unwrap_err();
        assert!(!format!("{error:?}").contains("s3cret"), "{error:?}");
    }
    assert_eq!(
        format!("{:?}", Target::parse("https://u:s3cret@a/").unwrap_err()),
        format!("{:?}", UrlFault::Credentials)
    );
}
