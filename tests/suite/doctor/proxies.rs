//! HTTP proxies: an honest one, one that wants a password, one that refuses, and one that opens what it should carry.

use std::io::{self, Read as _, Write as _};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rustls::{ServerConfig, ServerConnection, StreamOwned};

use super::certificates::{Authority, Wish};
use super::lab::{Lab, Service};
use super::stranger::{Answer, Manner, Stranger, converse, read_head};

/// What a proxy does.
#[derive(Clone)]
pub(super) enum Kind {
    Honest,
    /// It lets through who brings these.
    Locked(&'static str),
    Refusing,
    /// It shows a certificate of its own, and asks the service itself.
    Opening(Arc<ServerConfig>, SocketAddr),
}

pub(super) fn serve(mut stream: TcpStream, kind: &Kind) -> io::Result<()> {
    let head = read_head(&mut stream)?;
    let refuse = |stream: &mut TcpStream, status: &str| {
        stream.write_all(format!("HTTP/1.1 {status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n").as_bytes())
    };
    let Some(target) = head.strip_prefix("CONNECT ").and_then(|rest| rest.split(' ').next()) else {
        return refuse(&mut stream, "405 Method Not Allowed");
    };
    let welcome = b"HTTP/1.1 200 Connection established\r\n\r\n";
    match kind {
        Kind::Locked(credentials) if !head.contains(&format!("Basic {}", STANDARD.encode(credentials))) => {
            refuse(&mut stream, "407 Proxy Authentication Required")
        }
        Kind::Refusing => refuse(&mut stream, "403 Forbidden"),
        Kind::Honest | Kind::Locked(_) => {
            let upstream = TcpStream::connect(target)?;
            stream.write_all(welcome)?;
            carry(stream, upstream)
        }
        Kind::Opening(config, service) => {
            stream.write_all(welcome)?;
            let connection = ServerConnection::new(config.clone()).map_err(io::Error::other)?;
            converse(&mut StreamOwned::new(connection, stream), &Answer::Of(*service))
        }
    }
}

fn carry(one: TcpStream, other: TcpStream) -> io::Result<()> {
    let (mut from, mut to) = (one.try_clone()?, other.try_clone()?);
    let back = std::thread::spawn(move || {
        let (mut from, mut to) = (other, one);
        let copied = pass(&mut from, &mut to);
        let _ = to.shutdown(Shutdown::Write);
        copied
    });
    pass(&mut from, &mut to)?;
    let _ = to.shutdown(Shutdown::Write);
    back.join().unwrap_or(Ok(()))
}

fn pass(from: &mut TcpStream, to: &mut TcpStream) -> io::Result<()> {
    let mut buffer = [0; 8_192];
    loop {
        match from.read(&mut buffer)? {
            0 => return Ok(()),
            read => to.write_all(&buffer[..read])?,
        }
    }
}

/// A proxy of this kind, and a laboratory that goes through it.
fn behind(kind: Kind) -> (Stranger, Lab) {
    let service = Service::with_tls();
    let proxy = Stranger::in_the_clear(Answer::Proxy(kind));
    let lab = Lab::at(service).with_variable("https_proxy", &format!("http://{}", proxy.address));
    (proxy, lab)
}

#[test]
fn an_honest_proxy_is_no_fault() {
    let (_proxy, lab) = behind(Kind::Honest);
    let diagnosis = lab.diagnosis();
    diagnosis.is_clean();
    assert!(diagnosis.seen("road.proxy").contains("https_proxy names the proxy"));
    assert!(diagnosis.seen("road.php").contains("PHP reaches the service"));
}

#[test]
fn a_proxy_that_wants_a_password_is_named_and_the_setting_with_one_mends_it() {
    let (_proxy, mut lab) = behind(Kind::Locked("glpi:s3cret"));
    let fault = lab.diagnosis().names("PROXY_AUTHENTICATION");
    assert_eq!(fault.id, "road.tls");
    lab.shell.extend(fault.commands().iter().map(|command| command.replace("USER:PASSWORD", "glpi:s3cret")));
    lab.diagnosis().is_clean();
}

#[test]
fn a_proxy_that_refuses_the_service_is_named_and_going_around_it_mends_it() {
    let (_proxy, mut lab) = behind(Kind::Refusing);
    let fault = lab.diagnosis().names("PROXY_REFUSES");
    assert!(fault.seen.contains("403"), "{}", fault.seen);
    lab.shell.extend(fault.commands());
    lab.diagnosis().is_clean();
}

#[test]
fn a_proxy_that_is_away_is_named_and_removing_the_setting_mends_it() {
    let nobody = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let mut lab = Lab::at(Service::with_tls()).with_variable("https_proxy", &format!("http://{nobody}"));
    let fault = lab.diagnosis().names("PROXY_UNREACHABLE");
    lab.shell.extend(fault.commands());
    lab.diagnosis().is_clean();
}

#[test]
fn a_setting_that_is_no_proxy_is_named_without_its_password_and_removing_it_mends_it() {
    let mut lab = Lab::at(Service::with_tls()).with_variable("https_proxy", "socks9://me:hidden@somewhere:1");
    let fault = lab.diagnosis().names("PROXY_MALFORMED");
    assert!(!fault.seen.contains("hidden"), "{}", fault.seen);
    lab.shell.extend(fault.commands());
    lab.diagnosis().is_clean();
}

#[test]
fn a_proxy_that_opens_the_connection_is_named_and_leaving_it_closed_mends_it() {
    let service = Service::with_tls();
    let opening = Authority::named("Firewall Inc. inspection").vouches_for(&Wish::of("127.0.0.1"));
    let manner = Answer::Proxy(Kind::Opening(opening, service.latchkey()));
    let proxy = Stranger::on(TcpListener::bind("127.0.0.1:0").unwrap(), Manner { tls: None, answer: manner });
    let lab = Lab::at(service).with_variable("https_proxy", &format!("http://{}", proxy.address));
    let fault = lab.diagnosis().names("CERT_INTERCEPTED");
    assert!(fault.seen.contains("Firewall Inc. inspection"), "{}", fault.seen);
    proxy.changes(|manner| manner.answer = Answer::Proxy(Kind::Honest));
    lab.diagnosis().is_clean();
}
