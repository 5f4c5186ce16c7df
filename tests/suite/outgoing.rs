//! How an installation asks others, tried with the command that shows it. The guard itself is tried where it stands.

use std::net::SocketAddr;

use latchkey_server::front::Front;

use crate::house::House;
use crate::installed::{Installed, Ran};

fn reaches(url: &str, allow: &str) -> Ran {
    let installed = Installed::embedded();
    let program = installed.program(&["reach", url]);
    // What would send it through a proxy, were the environment followed.
    let program = program.env("http_proxy", "http://127.0.0.1:1").env("ALL_PROXY", "http://127.0.0.1:1");
    Ran::of(program.env("LATCHKEY_OUTGOING_ALLOW", allow).spawn())
}

fn service() -> (House, SocketAddr) {
    let house = House::behind(Front::default());
    let address = house.address();
    (house, address)
}

#[test]
fn what_belongs_to_this_machine_is_reached_where_that_was_allowed() {
    let (_house, address) = service();
    let url = format!("http://{address}/readyz?token=s3cret");
    let refused = reaches(&url, "");
    assert_eq!(refused.status.code(), Some(3), "{}", refused.stdout);
    assert!(refused.stderr.contains("127.0.0.1") && refused.stderr.contains("outgoing_allow"), "{}", refused.stderr);
    assert!(!refused.stderr.contains("s3cret"), "{}", refused.stderr);
    let reached = reaches(&url, "127.0.0.0/8");
    assert!(reached.status.success(), "{}", reached.stderr);
    let said = format!("http://{address} answered with status 200: 3 bytes in ");
    assert!(reached.stdout.starts_with(&said), "{}", reached.stdout);
}

#[test]
fn what_is_never_asked_is_told_apart_from_what_may_be_allowed() {
    for (url, code) in [
        ("http://169.254.169.254/latest/meta-data/", "OUTGOING_ADDRESS_FORBIDDEN"),
        ("http://[::ffff:169.254.169.254]/", "OUTGOING_ADDRESS_FORBIDDEN"),
        ("http://0/", "OUTGOING_ADDRESS_FORBIDDEN"),
        ("https://user:s3cret@127.0.0.1/", "OUTGOING_URL_INVALID"),
        ("file:///etc/passwd", "OUTGOING_URL_INVALID"),
        ("http://no-such-name.invalid/", "OUTGOING_NAME_UNKNOWN"),
    ] {
        let installed = Installed::embedded();
        let program = installed.program(&["--json", "reach", url]).env("LATCHKEY_OUTGOING_ALLOW", "0.0.0.0/0,::/0");
        let ran = Ran::of(program.spawn());
        assert_eq!(ran.status.code(), Some(3), "{url}: {}", ran.stdout);
        let problem: serde_json::Value = serde_json::from_str(&ran.stderr).unwrap();
        assert_eq!(problem["code"], code, "{url}: {problem}");
        assert!(!problem.to_string().contains("s3cret"), "{problem}");
    }
}

#[test]
fn a_file_without_certificates_is_named() {
    let installed = Installed::embedded();
    let file = installed.path().join("own.pem");
    std::fs::write(&file, "no certificate").unwrap();
    let program = installed.program(&["reach", "https://127.0.0.1:1/"]).env("LATCHKEY_OUTGOING_CA_FILE", &file);
    let ran = Ran::of(program.spawn());
    assert_eq!(ran.status.code(), Some(2), "{}", ran.stdout);
    assert!(ran.stderr.contains("own.pem holds no certificates"), "{}", ran.stderr);
}
