//! Faults of names and addresses, in a network of its own: with its own name server, its own addresses, and nothing else.
//! The system gives such a network to root alone.

use std::collections::HashMap;
use std::fs;
use std::net::{IpAddr, TcpListener, UdpSocket};
use std::process::Command;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use nix::mount::{MsFlags, mount};
use nix::sched::{CloneFlags, unshare};

use super::certificates::{Authority, Wish};
use super::lab::{Lab, Service, as_root};
use super::stranger::{Answer, BlackHole, Manner, Stranger};
use crate::house::House;

const NAME: &str = "keys.lab.test";

/// A name server that can be spoilt.
#[derive(Clone, Default)]
struct NameServer(Arc<Mutex<Zone>>);

#[derive(Default)]
struct Zone {
    silent: bool,
    delay: Duration,
    addresses: HashMap<String, Vec<IpAddr>>,
}

impl NameServer {
    fn on(address: &str) -> Self {
        let socket = UdpSocket::bind((address, 53)).unwrap();
        let server = Self::default();
        let its = server.clone();
        std::thread::spawn(move || {
            let mut question = [0; 512];
            while let Ok((length, from)) = socket.recv_from(&mut question) {
                let (silent, delay, answer) = {
                    let zone = its.0.lock().unwrap_or_else(PoisonError::into_inner);
                    (zone.silent, zone.delay, zone.answers(&question[..length]))
                };
                if silent {
                    continue;
                }
                let socket = socket.try_clone().unwrap();
                std::thread::spawn(move || {
                    std::thread::sleep(delay);
                    let _ = socket.send_to(&answer, from);
                });
            }
        });
        server
    }

    fn is(&self, change: impl FnOnce(&mut Zone)) {
        change(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner));
    }

    fn knows(&self, addresses: &[&str]) {
        let addresses = addresses.iter().map(|address| address.parse().unwrap()).collect();
        self.is(|zone| drop(zone.addresses.insert(NAME.to_owned(), addresses)));
    }
}

impl Zone {
    /// RFC 1035, as far as a question about A or AAAA goes.
    fn answers(&self, question: &[u8]) -> Vec<u8> {
        let mut name = Vec::new();
        let mut at = 12;
        while question[at] != 0 {
            let length = usize::from(question[at]);
            name.push(String::from_utf8_lossy(&question[at + 1..at + 1 + length]).to_lowercase());
            at += 1 + length;
        }
        let kind = u16::from_be_bytes([question[at + 1], question[at + 2]]);
        let asked = &question[12..at + 5];
        let known = self.addresses.get(&name.join("."));
        let records: Vec<Vec<u8>> = known
            .into_iter()
            .flatten()
            .filter_map(|address| match (address, kind) {
                (IpAddr::V4(address), 1) => Some(address.octets().to_vec()),
                (IpAddr::V6(address), 28) => Some(address.octets().to_vec()),
                _ => None,
            })
            .collect();
        let code = if known.is_some() { 0x80 } else { 0x83 };
        let mut answer = vec![question[0], question[1], 0x81, code, 0, 1];
        answer.extend_from_slice(&u16::try_from(records.len()).unwrap().to_be_bytes());
        answer.extend_from_slice(&[0; 4]);
        answer.extend_from_slice(asked);
        for record in records {
            answer.extend_from_slice(&[0xc0, 12]);
            answer.extend_from_slice(&kind.to_be_bytes());
            answer.extend_from_slice(&[0, 1, 0, 0, 0, 0]);
            answer.extend_from_slice(&u16::try_from(record.len()).unwrap().to_be_bytes());
            answer.extend_from_slice(&record);
        }
        answer
    }
}

/// Where a story happens that needs a network of its own.
pub(super) struct Network {
    names: NameServer,
    pub(super) dir: tempfile::TempDir,
}

impl Network {
    /// Tells the resolver to ask there.
    fn asks(&self, server: &str) {
        fs::write(self.dir.path().join("resolv.conf"), format!("nameserver {server}\noptions timeout:5 attempts:1\n"))
            .unwrap();
    }
}

/// Runs a story in a network of its own, on a thread of its own, whose processes and threads are all in it.
pub(super) fn in_a_network_of_its_own(story: impl FnOnce(Network) + Send + 'static) {
    if !as_root("a network with a name server of its own") {
        return;
    }
    let thread = std::thread::spawn(move || {
        if let Err(error) = unshare(CloneFlags::CLONE_NEWNET | CloneFlags::CLONE_NEWNS) {
            #[allow(clippy::print_stderr, reason = "a test that is left out must say so")]
            {
                eprintln!("left out, since this system gives no network of its own: {error}");
            }
            return;
        }
        let nothing: Option<&str> = None;
        mount(nothing, "/", nothing, MsFlags::MS_REC | MsFlags::MS_PRIVATE, nothing).unwrap();
        let up = Command::new("ip").args(["link", "set", "lo", "up"]).status();
        assert!(up.expect("ip, which scripts/install-test-tools installs (iproute2)").success());
        let dir = tempfile::tempdir().unwrap();
        let network = Network { names: NameServer::on("127.0.0.53"), dir };
        network.asks("127.0.0.53");
        let ours = network.dir.path().join("resolv.conf");
        fs::set_permissions(network.dir.path(), std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
        fs::set_permissions(&ours, std::os::unix::fs::PermissionsExt::from_mode(0o644)).unwrap();
        mount(Some(&ours), "/etc/resolv.conf", nothing, MsFlags::MS_BIND, nothing).unwrap();
        story(network);
    });
    if let Err(panic) = thread.join() {
        std::panic::resume_unwind(panic);
    }
}

/// A laboratory whose service is known by name, in the clear within this machine.
fn by_name() -> Lab {
    let lab = Lab::healthy();
    lab.points_at(&format!("http://{NAME}:{}", lab.service.latchkey().port()));
    lab
}

#[test]
fn a_name_that_is_known_is_no_fault() {
    in_a_network_of_its_own(|network| {
        network.names.knows(&["127.0.0.1"]);
        let diagnosis = by_name().diagnosis();
        diagnosis.is_clean();
        assert!(diagnosis.seen("road.resolver").starts_with("keys.lab.test is 127.0.0.1"));
    });
}

#[test]
fn a_name_server_that_never_answers_is_named_and_one_that_does_mends_it() {
    in_a_network_of_its_own(|network| {
        network.names.knows(&["127.0.0.1"]);
        let _silent = UdpSocket::bind("127.0.0.54:53").unwrap();
        network.asks("127.0.0.54");
        let lab = by_name();
        let fault = lab.diagnosis().names("DNS_TIMEOUT");
        assert!(fault.seen.contains("Asked: 127.0.0.54"), "{}", fault.seen);
        // "Replace the name servers in /etc/resolv.conf by ones that answer"
        network.asks("127.0.0.53");
        fault.follow();
        lab.diagnosis().is_clean();
    });
}

#[test]
fn a_name_server_that_is_not_there_is_named() {
    in_a_network_of_its_own(|network| {
        network.names.knows(&["127.0.0.1"]);
        network.asks("127.0.0.55");
        let lab = by_name();
        let fault = lab.diagnosis().names("DNS_FAILED");
        network.asks("127.0.0.53");
        fault.follow();
        lab.diagnosis().is_clean();
    });
}

#[test]
fn a_slow_name_server_is_named_and_a_quick_one_mends_it() {
    in_a_network_of_its_own(|network| {
        network.names.knows(&["127.0.0.1"]);
        let slow = NameServer::on("127.0.0.54");
        slow.knows(&["127.0.0.1"]);
        slow.is(|zone| zone.delay = Duration::from_millis(1_100));
        network.asks("127.0.0.54\nnameserver 127.0.0.53");
        let lab = by_name().with_patience("6");
        let fault = lab.diagnosis().names("DNS_SLOW");
        assert_eq!(fault.status, "warning");
        assert!(fault.seen.contains("Asked: 127.0.0.54, 127.0.0.53"), "{}", fault.seen);
        // "Take name servers that answer late out of /etc/resolv.conf"
        network.asks("127.0.0.53");
        lab.diagnosis().is_clean();
    });
}

#[test]
fn a_name_that_nobody_knows_is_named_and_making_it_known_mends_it() {
    in_a_network_of_its_own(|network| {
        let lab = by_name();
        lab.diagnosis().names("DNS_NAME_UNKNOWN");
        network.names.knows(&["127.0.0.1"]);
        lab.diagnosis().is_clean();
    });
}

#[test]
fn ipv6_that_is_announced_but_dead_is_named_and_taking_it_back_mends_it() {
    in_a_network_of_its_own(|network| {
        let lab = by_name();
        let hole = BlackHole::at(&format!("[::1]:{}", lab.service.latchkey().port()));
        network.names.knows(&["127.0.0.1", "::1"]);
        let fault = lab.diagnosis().names("IPV6_DEAD");
        assert!(fault.seen.contains(&hole.address.to_string()), "{}", fault.seen);
        network.names.knows(&["127.0.0.1"]);
        lab.diagnosis().is_clean();
    });
}

#[test]
fn ipv4_that_is_announced_but_dead_is_named_and_taking_it_back_mends_it() {
    in_a_network_of_its_own(|network| {
        let lab = Lab::healthy();
        let listener = TcpListener::bind("[::1]:0").unwrap();
        let six = Stranger::on(listener, Manner { tls: None, answer: Answer::Of(lab.service.latchkey()) });
        lab.points_at(&format!("http://{NAME}:{}", six.address.port()));
        network.names.knows(&["127.0.0.9", "::1"]);
        lab.diagnosis().names("IPV4_DEAD");
        network.names.knows(&["::1"]);
        lab.diagnosis().is_clean();
    });
}

#[test]
fn a_machine_without_ipv6_is_no_fault() {
    in_a_network_of_its_own(|network| {
        network.names.knows(&["127.0.0.1", "2001:db8::1"]);
        let diagnosis = by_name().diagnosis();
        diagnosis.is_clean();
        assert_eq!(diagnosis.check("road.ipv6").status, "skipped");
    });
}

#[test]
fn an_address_without_a_way_is_named_and_a_way_mends_it() {
    in_a_network_of_its_own(|network| {
        network.names.knows(&["192.0.2.10"]);
        let lab = Lab::at(tls_for_its_name());
        let fault = lab.diagnosis().names("TCP_UNREACHABLE");
        assert!(fault.seen.contains("192.0.2.10"), "{}", fault.seen);
        let added = Command::new("ip").args(["addr", "add", "192.0.2.10/32", "dev", "lo"]).status().unwrap();
        assert!(added.success());
        fault.follow();
        lab.diagnosis().is_clean();
    });
}

#[test]
fn a_key_that_would_travel_in_the_clear_is_named_and_tls_mends_it() {
    in_a_network_of_its_own(|network| {
        network.names.knows(&["192.0.2.10"]);
        assert!(Command::new("ip").args(["addr", "add", "192.0.2.10/32", "dev", "lo"]).status().unwrap().success());
        let lab = Lab::at(tls_for_its_name());
        lab.service.front().changes(|manner| manner.tls = None);
        let secure = lab.service.url.clone();
        lab.points_at(&secure.replace("https://", "http://"));
        let fault = lab.diagnosis().names("NOT_ENCRYPTED");
        assert_eq!(fault.status, "warning");
        let tls = lab.service.authority().vouches_for(&Wish::of(NAME));
        lab.service.front().changes(|manner| manner.tls = Some(tls));
        lab.points_at(&secure);
        lab.diagnosis().is_clean();
    });
}

#[test]
fn a_certificate_of_another_name_is_mended_by_writing_that_name() {
    in_a_network_of_its_own(|network| {
        network.names.knows(&["127.0.0.1"]);
        let lab = Lab::at(tls_for_its_name());
        let port = lab.service.front().address.port();
        lab.points_at(&format!("https://127.0.0.1:{port}"));
        let fault = lab.diagnosis().names("CERT_WRONG_NAME");
        // "Write one of these names in local_define.php"
        let name = fault.seen.rsplit_once("a certificate for ").unwrap().1.trim_end_matches('.');
        lab.points_at(&format!("https://{name}:{port}"));
        lab.diagnosis().is_clean();
    });
}

/// A service known by its name, on every address of this network.
fn tls_for_its_name() -> Service {
    let house = House::on_sqlite();
    let authority = Authority::named("The laboratory's authority");
    let tls = authority.vouches_for(&Wish::of(NAME));
    let listener = TcpListener::bind("0.0.0.0:0").unwrap();
    let front = Stranger::on(listener, Manner { tls: Some(tls), answer: Answer::Of(house.address()) });
    let url = format!("https://{NAME}:{}", front.address.port());
    Service { house, front: Some((front, authority)), url }
}
