//! What no agent sends: bombs, cut and false messages, senders that never finish.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use latchkey_glpi::agent::{Packing, check};
use latchkey_server::front::{Front, Limits};
use latchkey_server::gateway::Settings;
use latchkey_tests_support::http::Request;

use super::agent::{Agent, Shows, captured, key, words};
use super::glpi::StubGlpi;
use crate::house::House;

fn with_limits() -> (House, StubGlpi, Agent) {
    let glpi = StubGlpi::starts();
    let settings = Settings {
        receive_time: Duration::from_secs(1),
        packed_bytes: 1 << 20,
        plain_bytes: 8 << 20,
        ..glpi.gateway()
    };
    let house = House::with_gateway(false, settings);
    let agent = Agent::with(&house, &key(&house));
    (house, glpi, agent)
}

#[test]
fn bombs_and_what_is_no_message_are_refused_before_glpi_sees_them() {
    let (house, glpi, agent) = with_limits();
    let raw = |body: Vec<u8>| {
        agent
            .dressed(Request::post(&agent.server))
            .header("Content-Type", "application/x-compress-zlib")
            .body(body)
            .send(house.address())
    };
    let zeros = vec![b' '; 64 << 20];
    for packing in [Packing::Zlib, Packing::Gzip] {
        let answer = raw(packing.pack(&zeros));
        assert_eq!(answer.status, 413, "{}", words(&answer));
    }
    assert_eq!(raw(vec![b'x'; 2 << 20]).status, 413);
    let contact = captured("contact.json");
    let packed = Packing::Zlib.pack(contact.as_bytes());
    for body in [
        packed[..packed.len() - 4].to_vec(),
        contact.as_bytes()[..contact.len() - 10].to_vec(),
        contact.replace("contact", "drop tables").into_bytes(),
        contact.replace("deviceid", "device").into_bytes(),
        b"<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]><REQUEST><DEVICEID>&b;</DEVICEID><QUERY>PROLOG</QUERY></REQUEST>".to_vec(),
        b"{".repeat(200_000),
        vec![],
    ] {
        let answer = raw(body.clone());
        assert_eq!(answer.status, 400, "{}", String::from_utf8_lossy(&body[..body.len().min(60)]));
    }
    let nameless = Agent { uid: None, ..agent.clone() };
    assert_eq!(nameless.contact().status, 400, "GLPI's own protocol always says who speaks");
    let other = Agent { uid: Some("nobody".into()), ..agent.clone() };
    assert_eq!(other.contact().status, 400);
    assert!(glpi.takes().is_empty());
    assert_eq!(agent.contact().status, 200);
}

#[test]
fn a_sender_that_does_not_finish_is_let_go() {
    let (house, glpi, agent) = with_limits();
    let Shows::Basic(user, password) = &agent.shows else { unreachable!() };
    let mut connection = TcpStream::connect(house.address()).unwrap();
    let head = format!(
        "POST /gateway/ HTTP/1.1\r\nHost: x\r\nAuthorization: {}\r\nContent-Length: 1000\r\n\r\n{{\"action\"",
        check::basic(user, password)
    );
    connection.write_all(head.as_bytes()).unwrap();
    connection.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
    let begun = Instant::now();
    let mut answer = [0; 64];
    let read = connection.read(&mut answer).unwrap();
    assert!(answer[..read].starts_with(b"HTTP/1.1 408 "), "{}", String::from_utf8_lossy(&answer[..read]));
    assert!(begun.elapsed() < Duration::from_secs(6), "{:?}", begun.elapsed());
    // One that breaks off in the middle is nobody's message.
    let mut connection = TcpStream::connect(house.address()).unwrap();
    connection.write_all(head.as_bytes()).unwrap();
    drop(connection);
    std::thread::sleep(Duration::from_millis(300));
    assert!(glpi.takes().is_empty());
    assert_eq!(agent.contact().status, 200);
}

#[test]
fn whoever_tries_keys_is_told_to_wait_and_who_has_one_is_not() {
    let glpi = StubGlpi::starts();
    let limits = Limits { failed_keys_per_minute: 30, ..Limits::default() };
    let house = House::behind_with(Front { limits, ..Front::default() }, glpi.gateway());
    let agent = Agent::with(&house, &key(&house));
    let tries: Vec<u16> = (0..40)
        .map(|number| {
            let wrong = Agent { shows: Shows::Basic(format!("{number:012}"), "lkenroll_x".into()), ..agent.clone() };
            wrong.contact().status
        })
        .collect();
    // Some of the thirty were spent while the gateway had not heard of the key.
    let refused = tries.iter().take_while(|status| **status == 401).count();
    assert!((1..=30).contains(&refused) && tries[refused..].iter().all(|status| *status == 429), "{tries:?}");
    let wrong = Agent { shows: Shows::Basic("0".repeat(12), "lkenroll_x".into()), ..agent.clone() };
    let packed = wrong.contact();
    assert_eq!(packed.header("content-type").as_deref(), Some("application/x-compress-zlib"), "as it packs itself");
    assert_eq!(agent.contact().status, 200, "whoever has one comes in all the while");
}
