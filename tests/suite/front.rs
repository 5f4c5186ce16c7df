//! What strangers do to a server, and what it tells of itself: limits, proxies, metrics, request ids.

use std::io::{Read as _, Write as _};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::time::Duration;

use latchkey_server::front::{Front, Limits};
use latchkey_tests_support::http::{Request, Response, answer_to};
use latchkey_tests_support::{free_port, poll_until};

use crate::glpi::Answer;
use crate::house::House;

const PATIENCE: Duration = Duration::from_secs(20);

fn limited(limits: Limits) -> House {
    House::behind(Front { limits, ..Front::default() })
}

/// A question that says which address it was handed on for.
fn asks_for(house: &House, client: &str, key: &str) -> Response {
    let request = Request::get("/api/registration/info").header("X-Registration-Key", key);
    let request = request.header("X-Glpi-Network-Uid", &crate::glpi::uid(1));
    request.header("X-Forwarded-For", client).send(house.address())
}

fn metric(page: &str, name: &str) -> f64 {
    let line = page.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
    line.unwrap_or_else(|| panic!("no {name} in\n{page}")).parse().unwrap()
}

#[test]
fn whoever_is_too_much_is_told_so_and_never_that_a_key_is_bad() {
    let house = limited(Limits { requests: 0, ..Limits::default() });
    let key = house.vendor().issues_key("Acme", "basic");
    house.glpi_10().asks(key.text.reveal()).is_our_failure("OVERLOADED");
    let refused = Request::get("/api/registration/info").send(house.address());
    assert!(refused.header("retry-after").is_some_and(|seconds| seconds.parse::<u32>().is_ok()));
    for always in ["/healthz", "/readyz"] {
        assert_eq!(Request::get(always).send(house.address()).status, 200, "{always}");
    }
}

#[test]
fn an_address_with_too_many_failed_keys_waits_but_not_for_its_good_ones() {
    let house = House::behind(Front {
        limits: Limits { failed_keys_per_minute: 3, ..Limits::default() },
        trusted_proxies: vec!["127.0.0.0/8".parse().unwrap()],
        ..Front::default()
    });
    let key = house.vendor().issues_key("Acme", "basic");
    let (key, stranger, other) = (key.text.reveal(), "192.0.2.7", "192.0.2.8");
    for _ in 0..3 {
        assert_eq!(Answer::of(&asks_for(&house, stranger, &key[..90])).code(), "KEY_TRUNCATED");
    }
    let waits = asks_for(&house, stranger, &key[..90]);
    assert_eq!((waits.status, waits.header("retry-after").as_deref()), (429, Some("20")), "{}", waits.text());
    assert_eq!(waits.json()["code"], "TOO_MANY_FAILED_KEYS");
    assert!(waits.json().get("is_valid").is_none(), "GLPI would believe it for a day");

    assert_eq!(Answer::of(&asks_for(&house, stranger, key)).is_valid(), Some(true), "a good key never waits");
    assert_eq!(Answer::of(&asks_for(&house, other, &key[..90])).code(), "KEY_TRUNCATED");
    let spoofed = format!("198.51.100.1, {stranger}");
    assert_eq!(asks_for(&house, &spoofed, &key[..90]).status, 429, "what a stranger wrote is not believed");
    house.clock.advance(20_000);
    assert_eq!(Answer::of(&asks_for(&house, stranger, &key[..90])).code(), "KEY_TRUNCATED");
}

#[test]
fn nobody_is_believed_who_was_not_named_a_proxy() {
    let house = limited(Limits { failed_keys_per_minute: 1, ..Limits::default() });
    assert_eq!(asks_for(&house, "192.0.2.7", "x").status, 200);
    assert_eq!(asks_for(&house, "192.0.2.8", "x").status, 429);
}

#[test]
fn what_is_too_long_is_refused() {
    let house = limited(Limits { body_bytes: 1_000, header_bytes: 16_384, ..Limits::default() });
    let long = Request::post("/api/registration/info").body(vec![b'x'; 1_001]).send(house.address());
    assert_eq!((long.status, &long.json()["code"]), (413, &"BODY_TOO_LONG".into()));
    let head = Request::get("/healthz").header("X-Long", &"x".repeat(20_000)).send(house.address());
    assert_eq!((head.status, &head.json()["code"]), (431, &"HEADERS_TOO_LONG".into()));
    // One byte is where it ends, wherever the buffer happened to be.
    let beside = Request::get("/healthz").header("X-Long", &"x".repeat(16_000)).send(house.address());
    assert_eq!(beside.status, 200);
    let far = Request::get("/healthz").header("X-Long", &"x".repeat(200_000)).send(house.address());
    assert_eq!(far.status, 431);
    let many = (0..200).fold(Request::get("/healthz"), |request, n| request.header(&format!("X-{n}"), "x"));
    assert_eq!(many.send(house.address()).status, 431);
    assert_eq!(Request::get("/healthz").send(house.address()).status, 200);
}

#[test]
fn a_head_that_does_not_come_is_not_waited_for() {
    let house = limited(Limits { idle_time: Duration::from_secs(1), ..Limits::default() });
    for begun in ["", "GET /healthz HTT", "GET /healthz HTTP/1.1\r\nHost: a\r\nX-Slow: "] {
        let mut slow = TcpStream::connect(house.address()).unwrap();
        slow.set_read_timeout(Some(PATIENCE)).unwrap();
        slow.write_all(begun.as_bytes()).unwrap();
        let mut rest = Vec::new();
        // Closed, be it in order or not, before the patience is over.
        let end = slow.read_to_end(&mut rest);
        assert!(
            end.as_ref().is_ok_and(|_| !rest.starts_with(b"HTTP/1.1 200"))
                || end.as_ref().is_err_and(|error| error.kind() == std::io::ErrorKind::ConnectionReset),
            "after {begun:?}: {end:?} {}",
            String::from_utf8_lossy(&rest)
        );
    }
}

#[test]
fn a_body_that_does_not_come_is_not_waited_for() {
    let house = limited(Limits { request_time: Duration::from_secs(1), ..Limits::default() });
    let token = house.makes_token(&["customers:write"], None);
    let mut slow = TcpStream::connect(house.address()).unwrap();
    slow.set_read_timeout(Some(PATIENCE)).unwrap();
    let head = format!(
        "POST /api/v1/customers HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {token}\r\nContent-Type: application/json\r\nContent-Length: 900\r\n\r\n{{"
    );
    slow.write_all(head.as_bytes()).unwrap();
    let answer = answer_to("POST", "/api/v1/customers", &mut slow).unwrap();
    assert_eq!((answer.status, &answer.json()["code"]), (503, &"OVERLOADED".into()));
    assert_eq!(Request::get("/healthz").send(house.address()).status, 200, "and others are answered");
}

#[test]
fn whoever_does_not_take_the_answers_is_cut() {
    let metrics: SocketAddr = format!("127.0.0.1:{}", free_port()).parse().unwrap();
    let second = Duration::from_secs(1);
    let limits = Limits { request_time: second, idle_time: second, ..Limits::default() };
    let house = House::behind(Front { limits, metrics_listen: Some(metrics), ..Front::default() });
    let mut slow = TcpStream::connect(house.address()).unwrap();
    slow.set_write_timeout(Some(second)).unwrap();
    // Far more than the buffers between the two hold.
    let asked = "GET /api/v1/openapi.json HTTP/1.1\r\nHost: a\r\n\r\n".repeat(500);
    let _ = slow.write_all(asked.as_bytes());
    poll_until(PATIENCE, || {
        let page = Request::get("/metrics").send(metrics).text();
        (metric(&page, "latchkey_limited_total{limit=\"idle_time\"}") > 0.0).then_some(())
    });
}

#[test]
fn one_who_says_that_nothing_more_comes_still_hears_the_answer() {
    let house = House::on_sqlite();
    let mut half = TcpStream::connect(house.address()).unwrap();
    half.set_read_timeout(Some(PATIENCE)).unwrap();
    half.write_all(b"GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n").unwrap();
    half.shutdown(Shutdown::Write).unwrap();
    let mut answer = String::new();
    half.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200") && answer.ends_with("ok\n"), "{answer}");
}

#[test]
fn a_connection_beyond_the_last_waits_for_one_to_end() {
    let house = limited(Limits { connections: 1, ..Limits::default() });
    let first = TcpStream::connect(house.address()).unwrap();
    let second = std::thread::scope(|scope| {
        let waits = scope.spawn(|| Request::get("/healthz").timeout(PATIENCE).send(house.address()));
        std::thread::sleep(Duration::from_millis(50));
        drop(first);
        waits.join().unwrap()
    });
    assert_eq!(second.status, 200);
}

#[test]
fn every_answer_names_its_request() {
    let house = House::on_sqlite();
    let id = |request: Request| request.send(house.address()).header("x-request-id").unwrap();
    assert_eq!(id(Request::get("/healthz").header("X-Request-Id", "7f3a-1")), "7f3a-1");
    let (one, other) = (id(Request::get("/healthz")), id(Request::get("/nothing")));
    assert!(!one.is_empty() && one != other);
    assert_ne!(id(Request::get("/healthz").header("X-Request-Id", "a b")), "a b");
}

#[test]
fn metrics_tell_what_was_asked_on_an_address_of_their_own() {
    let metrics: SocketAddr = format!("127.0.0.1:{}", free_port()).parse().unwrap();
    let house = House::behind(Front { metrics_listen: Some(metrics), ..Front::default() });
    let key = house.vendor().issues_key("Acme", "basic");
    for _ in 0..3 {
        house.glpi_10().asks(key.text.reveal());
    }
    house.glpi_10().asks(&key.text.reveal()[..50]);
    Request::get("/secret-in-a-path?key=secret-in-a-query").send(house.address());
    assert_eq!(Request::get("/metrics").send(house.address()).status, 404, "not where strangers are");
    let page = poll_until(PATIENCE, || {
        let page = Request::get("/metrics").send(metrics).text();
        // An answer is counted a moment after it was sent.
        page.contains("latchkey_http_requests_total{route=\"\",status=\"404\"} 2").then_some(page)
    });
    for (name, value) in [
        ("latchkey_questions_total{code=\"OK\",glpi=\"10\"}", 3.0),
        ("latchkey_questions_total{code=\"KEY_TRUNCATED\",glpi=\"10\"}", 1.0),
        ("latchkey_http_requests_total{route=\"/api/registration/info\",status=\"200\"}", 4.0),
        ("latchkey_http_request_duration_seconds_count{route=\"/api/registration/info\"}", 4.0),
        ("latchkey_cache_keys", 1.0),
        ("latchkey_cache_hits_total", 2.0),
        ("latchkey_cache_misses_total", 1.0),
        ("latchkey_store_up", 1.0),
        ("latchkey_clock_believed", 1.0),
        ("latchkey_ready", 1.0),
        ("latchkey_jobs_failing", 0.0),
        ("latchkey_http_requests_under_way", 0.0),
    ] {
        assert_eq!(metric(&page, name), value, "{name}");
    }
    assert!(!page.contains("secret"), "{page}");
    house.clock.set_off(-3 * latchkey_domain::time::DAY);
    poll_until(PATIENCE, || {
        let page = Request::get("/metrics").send(metrics).text();
        (metric(&page, "latchkey_clock_believed") == 0.0 && metric(&page, "latchkey_ready") == 0.0).then_some(())
    });
    assert_eq!(Request::get("/readyz").send(metrics).status, 503);
}

/// Each metric has its line in the documentation, and each line there its metric.
#[test]
fn every_metric_is_documented() {
    let metrics: SocketAddr = format!("127.0.0.1:{}", free_port()).parse().unwrap();
    let _house = House::behind(Front { metrics_listen: Some(metrics), ..Front::default() });
    let page = Request::get("/metrics").send(metrics).text();
    let mut told: Vec<&str> = page.lines().filter_map(|line| line.strip_prefix("# TYPE ")?.split(' ').next()).collect();
    let text = std::fs::read_to_string(crate::house::test_file("../docs/metrics.md")).unwrap();
    let mut documented: Vec<&str> =
        text.lines().filter_map(|line| line.strip_prefix("| `")?.split(['`', '{']).next()).collect();
    told.sort_unstable();
    documented.sort_unstable();
    assert_eq!(told, documented);
}
