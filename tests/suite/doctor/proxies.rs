//! Proxies, of HTTP and of SOCKS: an honest one, one that wants a password, one that refuses, and one that opens what it should carry.

use std::io::{self, Read as _, Write as _};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rustls::{ServerConfig, ServerConnection, StreamOwned};

use super::certificates::{Authority, Wish};
use super::lab::{Lab, Service};
use super::stranger::{Answer, Manner, Stranger, converse, read_head, relayed};

/// What a proxy does.
#[derive(Clone)]
pub(super) enum Kind {
    Honest,
    /// It lets through who brings these.
    Locked(&'static str),
    Refusing,
    /// It shows a certificate of its own, and asks the service itself.
    Opening(Arc<ServerConfig>, SocketAddr),
    /// SOCKS 4, 4a and 5; of 5 it lets through who brings these.
    Socks(Option<&'static str>),
    /// SOCKS 5 that allows nobody to go anywhere.
    SocksRefusing,
}

pub(super) fn serve(mut stream: TcpStream, kind: &Kind) -> io::Result<()> {
    if matches!(kind, Kind::Socks(_) | Kind::SocksRefusing) {
        return serve_socks(stream, kind);
    }
    let head = read_head(&mut stream)?;
    let refuse = |stream: &mut TcpStream, status: &str| {
        stream.write_all(format!("HTTP/1.1 {status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n").as_bytes())
    };
    let Some(target) = head.strip_prefix("CONNECT ").and_then(|rest| rest.split(' ').next()) else {
        return fetch(&mut stream, &head, kind);
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
        Kind::Socks(_) | Kind::SocksRefusing => unreachable!("served above"),
    }
}

/// Asks for a page in somebody's place: the question names all of its address.
fn fetch(stream: &mut TcpStream, head: &str, kind: &Kind) -> io::Result<()> {
    let allowed = match kind {
        Kind::Locked(credentials) => head.contains(&format!("Basic {}", STANDARD.encode(credentials))),
        Kind::Honest => true,
        Kind::Refusing | Kind::Opening(..) | Kind::Socks(_) | Kind::SocksRefusing => false,
    };
    let target = head.strip_prefix("GET http://").and_then(|rest| rest.split_once('/'));
    let Some((host, path)) = target.filter(|_| allowed) else {
        let status = if allowed { "400 Bad Request" } else { "407 Proxy Authentication Required" };
        return stream.write_all(format!("HTTP/1.1 {status}\r\nContent-Length: 0\r\n\r\n").as_bytes());
    };
    let reply = relayed(&format!("GET /{path}"), host.parse().map_err(io::Error::other)?)?;
    stream.write_all(&reply)
}

fn serve_socks(mut stream: TcpStream, kind: &Kind) -> io::Result<()> {
    let mut bytes = |count: usize| -> io::Result<Vec<u8>> {
        let mut bytes = vec![0; count];
        stream.read_exact(&mut bytes)?;
        Ok(bytes)
    };
    let version = bytes(1)?[0];
    let (target, granted): (String, &[u8]) = if version == 4 {
        let [_, high, low, a, b, c, d] = bytes(7)?.try_into().unwrap();
        let mut text = || -> io::Result<String> {
            let mut text = Vec::new();
            loop {
                match bytes(1)?[0] {
                    0 => return Ok(String::from_utf8_lossy(&text).into_owned()),
                    byte => text.push(byte),
                }
            }
        };
        let _user = text()?;
        let host = if (a, b, c) == (0, 0, 0) { text()? } else { format!("{a}.{b}.{c}.{d}") };
        (format!("{host}:{}", u16::from_be_bytes([high, low])), &[0, 90, 0, 0, 0, 0, 0, 0])
    } else {
        let count = bytes(1)?[0];
        let methods = bytes(usize::from(count))?;
        let wanted = if let Kind::Socks(Some(_)) = kind { 2 } else { 0 };
        if !methods.contains(&wanted) {
            return stream.write_all(&[5, 0xff]);
        }
        stream.write_all(&[5, wanted])?;
        let mut bytes = |count: usize| -> io::Result<Vec<u8>> {
            let mut bytes = vec![0; count];
            stream.read_exact(&mut bytes)?;
            Ok(bytes)
        };
        if let Kind::Socks(Some(credentials)) = kind {
            let length = bytes(2)?[1];
            let name = bytes(usize::from(length))?;
            let length = bytes(1)?[0];
            let password = bytes(usize::from(length))?;
            let given = format!("{}:{}", String::from_utf8_lossy(&name), String::from_utf8_lossy(&password));
            let right = given == *credentials;
            stream.write_all(&[1, u8::from(!right)])?;
            if !right {
                return Ok(());
            }
        }
        let mut bytes = |count: usize| -> io::Result<Vec<u8>> {
            let mut bytes = vec![0; count];
            stream.read_exact(&mut bytes)?;
            Ok(bytes)
        };
        let host = match bytes(4)?[3] {
            1 => bytes(4)?.iter().map(ToString::to_string).collect::<Vec<_>>().join("."),
            3 => {
                let length = bytes(1)?[0];
                String::from_utf8_lossy(&bytes(usize::from(length))?).into_owned()
            }
            kind => return Err(io::Error::other(format!("address of kind {kind}"))),
        };
        let port = bytes(2)?;
        (format!("{host}:{}", u16::from_be_bytes([port[0], port[1]])), &[5, 0, 0, 1, 0, 0, 0, 0, 0, 0])
    };
    if let Kind::SocksRefusing = kind {
        return stream.write_all(&[5, 2, 0, 1, 0, 0, 0, 0, 0, 0]);
    }
    let upstream = TcpStream::connect(target)?;
    stream.write_all(granted)?;
    carry(stream, upstream)
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
    assert!(diagnosis.seen("road.php").contains("PHP gets the service’s answers"));
}

#[test]
fn a_proxy_that_wants_a_password_is_named_and_the_setting_with_one_mends_it() {
    let (_proxy, mut lab) = behind(Kind::Locked("glpi:s3cret"));
    let fault = lab.diagnosis().names("PROXY_AUTHENTICATION");
    assert_eq!(fault.id, "road.tls");
    lab.shell.extend(fault.commands().iter().map(|command| command.replace("USER:PASSWORD", "glpi:s3cret")));
    lab.diagnosis().is_clean();
}

/// The same without TLS, where the proxy is asked for the page itself.
fn behind_in_the_clear(kind: Kind) -> (Stranger, Lab) {
    let proxy = Stranger::in_the_clear(Answer::Proxy(kind));
    let lab = Lab::healthy().with_variable("http_proxy", &format!("http://{}", proxy.address));
    (proxy, lab)
}

#[test]
fn a_proxy_without_tls_is_named_where_it_wants_a_password_and_is_no_fault_where_it_does_not() {
    let (_honest, lab) = behind_in_the_clear(Kind::Honest);
    // Whoever listens between this machine and its proxy hears the key, wherever the service is.
    let fault = lab.diagnosis().names("NOT_ENCRYPTED");
    assert_eq!(fault.status, "warning");
    let (_locked, mut lab) = behind_in_the_clear(Kind::Locked("glpi:s3cret"));
    let diagnosis = lab.diagnosis();
    let fault = diagnosis.check("road.http");
    assert_eq!(fault.code.as_deref(), Some("PROXY_AUTHENTICATION"));
    lab.shell.extend(fault.commands().iter().map(|command| command.replace("USER:PASSWORD", "glpi:s3cret")));
    lab.diagnosis().names("NOT_ENCRYPTED");
}

#[test]
fn a_407_of_a_proxy_that_nobody_named_is_named_and_being_let_through_mends_it() {
    let lab = Lab::healthy();
    let reply =
        "HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".to_owned();
    let on_the_way = Stranger::in_the_clear(Answer::Bytes(reply));
    lab.points_at(&on_the_way.url());
    let fault = lab.diagnosis().names("PROXY_UNNAMED");
    assert_eq!(fault.id, "road.http");
    on_the_way.changes(|manner| manner.answer = Answer::Of(lab.service.latchkey()));
    lab.diagnosis().is_clean();
}

/// A laboratory that goes through a proxy of this kind, by a setting with this before the address.
fn by_socks(kind: Kind, scheme: &str) -> (Stranger, Lab) {
    let service = Service::with_tls();
    let proxy = Stranger::in_the_clear(Answer::Proxy(kind));
    let lab = Lab::at(service).with_variable("all_proxy", &format!("{scheme}{}", proxy.address));
    (proxy, lab)
}

#[test]
fn an_honest_socks_proxy_is_no_fault() {
    for scheme in ["socks4://", "socks4a://", "socks5://", "socks5h://"] {
        let (_proxy, lab) = by_socks(Kind::Socks(None), scheme);
        let diagnosis = lab.diagnosis();
        diagnosis.is_clean();
        assert!(diagnosis.seen("road.proxy").contains("all_proxy names the proxy"), "{scheme}");
        assert!(diagnosis.seen("road.tls").starts_with("TLS 1.3"), "{scheme}");
        assert_eq!(diagnosis.check("road.php").status, "ok", "{scheme}");
    }
    let (_proxy, lab) = by_socks(Kind::Socks(Some("glpi:s3cret")), "socks5h://glpi:s3cret@");
    lab.diagnosis().is_clean();
}

#[test]
fn a_socks_proxy_that_wants_a_password_or_refuses_is_named_and_mended_as_it_says() {
    for scheme in ["socks5h://", "socks5h://glpi:wrong@"] {
        let (_proxy, mut lab) = by_socks(Kind::Socks(Some("glpi:s3cret")), scheme);
        let fault = lab.diagnosis().names("PROXY_AUTHENTICATION");
        lab.shell.extend(fault.commands().iter().map(|command| command.replace("USER:PASSWORD", "glpi:s3cret")));
        lab.diagnosis().is_clean();
    }
    let (_proxy, mut lab) = by_socks(Kind::SocksRefusing, "socks5://");
    let fault = lab.diagnosis().names("PROXY_REFUSES");
    assert!(fault.seen.contains("not allowed"), "{}", fault.seen);
    lab.shell.extend(fault.commands());
    lab.diagnosis().is_clean();
    let (_proxy, mut lab) = by_socks(Kind::Honest, "socks5://");
    let fault = lab.diagnosis().names("PROXY_UNREACHABLE");
    lab.shell.extend(fault.commands());
    lab.diagnosis().is_clean();
}

#[test]
fn a_proxy_to_which_tls_is_spoken_is_left_to_php() {
    let service = Service::with_tls();
    let tls = Authority::named("Nobody that PHP knows").vouches_for(&Wish::of("127.0.0.1"));
    let proxy = Stranger::with_tls(tls, Answer::Nothing);
    let mut lab = Lab::at(service).with_variable("https_proxy", &format!("https://{}", proxy.address));
    let diagnosis = lab.diagnosis();
    assert!(diagnosis.seen("road.proxy").contains("to which TLS is spoken"), "{}", diagnosis.seen("road.proxy"));
    let fault = diagnosis.names("PHP_ROAD");
    assert!(fault.seen.contains("cURL error"), "{}", fault.seen);
    // "Look for what is different for PHP: a proxy"
    lab.shell.push("unset https_proxy".to_owned());
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
