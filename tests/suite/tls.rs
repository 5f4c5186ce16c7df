//! TLS as a stranger meets it: HTTP/1.1 and 2, a certificate that is replaced while serving, and pairs that are none.

use std::io::{self, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use latchkey_tests_support::{free_port, poll_until};
use rustls::crypto::ring;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};

use crate::house::test_file;
use crate::installed::{Installed, Served};

const PATIENCE: Duration = Duration::from_secs(30);

fn fixture(name: &str) -> PathBuf {
    test_file("fixtures/tls").join(name)
}

/// A client that takes this certificate for true, and no other.
fn trusting(name: &str, protocol: &str) -> Arc<ClientConfig> {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_file(fixture(&format!("{name}.crt"))).unwrap()).unwrap();
    let builder = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()));
    let mut config =
        builder.with_safe_default_protocol_versions().unwrap().with_root_certificates(roots).with_no_client_auth();
    config.alpn_protocols = vec![protocol.as_bytes().to_vec()];
    Arc::new(config)
}

/// Sends a request over TLS and reads until the server closes.
fn asks(address: SocketAddr, certificate: &str, request: &str) -> io::Result<String> {
    let name = ServerName::try_from("localhost").unwrap();
    let connection = ClientConnection::new(trusting(certificate, "http/1.1"), name).map_err(io::Error::other)?;
    let stream = TcpStream::connect(address)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    let mut stream = StreamOwned::new(connection, stream);
    stream.write_all(request.as_bytes())?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer)?;
    Ok(String::from_utf8_lossy(&answer).into_owned())
}

fn is_ready(address: SocketAddr, certificate: &str) -> bool {
    let request = "GET /readyz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    asks(address, certificate, request).is_ok_and(|answer| answer.starts_with("HTTP/1.1 200"))
}

/// Puts these into the place that the server reads.
fn put(installed: &Installed, certificate: &str, key: &str) {
    for (from, to) in [(certificate, "tls.crt"), (key, "tls.key")] {
        std::fs::copy(fixture(from), installed.path().join(to)).unwrap();
    }
}

fn serves(installed: &Installed) -> Served {
    let listen = format!("127.0.0.1:{}", free_port());
    let arguments = ["serve", "--listen", &listen, "--tls-cert", "tls.crt", "--tls-key", "tls.key"];
    Served { process: installed.program(&arguments).spawn(), address: listen.parse().unwrap() }
}

#[test]
fn http_1_and_2_are_spoken_and_a_broken_paste_is_still_told() {
    let installed = Installed::embedded();
    put(&installed, "first.crt", "first.key");
    let server = serves(&installed);
    poll_until(PATIENCE, || is_ready(server.address, "first").then_some(()));
    assert!(server.process.wait_for_line("listens on", PATIENCE).contains("https://"));
    assert!(!is_ready(server.address, "second"));

    let issued = installed.issues_key("Acme");
    let key = issued["registration_key"].as_str().unwrap();
    let about = |key: &str| {
        let request = format!(
            "GET /api/registration/info HTTP/1.1\r\nHost: localhost\r\nX-Registration-Key: {key}\r\nX-Glpi-Network-Uid: 7Bi5W7oTTA6tGL3nqM9vffhBKrQS8bTQR6IVdVvn\r\nConnection: close\r\n\r\n"
        );
        asks(server.address, "first", &request).unwrap()
    };
    assert!(about(key).contains("\"is_valid\":true"));
    let broken = about(&format!("{}\r\n{}", &key[..60], &key[60..]));
    assert!(broken.contains("KEY_WHITESPACE"), "{broken}");

    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let statuses = runtime.block_on(async {
        let connector = tokio_rustls::TlsConnector::from(trusting("first", "h2"));
        let stream = tokio::net::TcpStream::connect(server.address).await.unwrap();
        let stream = connector.connect(ServerName::try_from("localhost").unwrap(), stream).await.unwrap();
        assert_eq!(stream.get_ref().1.alpn_protocol(), Some(&b"h2"[..]));
        let executor = hyper_util::rt::TokioExecutor::new();
        let io = hyper_util::rt::TokioIo::new(stream);
        let (mut sender, connection) = hyper::client::conn::http2::handshake(executor, io).await.unwrap();
        tokio::spawn(connection);
        let mut statuses = Vec::new();
        for path in ["/healthz", "/api/registration/info", "/nothing"] {
            let request = hyper::Request::get(format!("https://localhost{path}"))
                .header("x-registration-key", key)
                .body(String::new())
                .unwrap();
            statuses.push(sender.send_request(request).await.unwrap().status().as_u16());
        }
        statuses
    });
    assert_eq!(statuses, [200, 200, 404]);
}

#[test]
fn a_certificate_is_replaced_while_serving_and_one_that_does_not_fit_is_left() {
    let installed = Installed::embedded();
    put(&installed, "first.crt", "first.key");
    let server = serves(&installed);
    poll_until(PATIENCE, || is_ready(server.address, "first").then_some(()));

    put(&installed, "second.crt", "first.key");
    let line = server.process.wait_for_line("ALARM", PATIENCE);
    assert!(line.contains("the private key in tls.key does not belong to the certificate in tls.crt"), "{line}");
    assert!(is_ready(server.address, "first"), "the one before it stays in use");

    put(&installed, "second.crt", "second.key");
    poll_until(PATIENCE, || is_ready(server.address, "second").then_some(()));
    assert!(!is_ready(server.address, "first"));

    std::fs::remove_file(installed.path().join("tls.key")).unwrap();
    server.process.wait_for_line("cannot read tls.key", PATIENCE);
    assert!(is_ready(server.address, "second"));
}

#[test]
fn a_pair_that_is_none_is_named_and_the_server_does_not_start() {
    let installed = Installed::embedded();
    let path = |name: &str| installed.path().join(name);
    let read = |name: &str| std::fs::read(fixture(name)).unwrap();
    let both = [read("second.crt"), read("first.crt")].concat();
    let encrypted = b"-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n".to_vec();
    let cases: [(&str, Vec<u8>, Vec<u8>, &str); 6] = [
        ("mismatch", read("second.crt"), read("first.key"), "does not belong to the certificate in tls.crt"),
        ("order", both, read("first.key"), "but to number 2, which has to come first"),
        (
            "exchanged",
            read("first.key"),
            read("first.crt"),
            "tls.crt holds no certificate in PEM form; are the two files exchanged?",
        ),
        ("empty", Vec::new(), read("first.key"), "tls.crt holds no certificate in PEM form"),
        ("no key", read("first.crt"), b"hello".to_vec(), "tls.key holds no private key in PEM form"),
        ("passphrase", read("first.crt"), encrypted, "the private key in tls.key is under a passphrase"),
    ];
    for (fault, certificate, key, said) in cases {
        std::fs::write(path("tls.crt"), certificate).unwrap();
        std::fs::write(path("tls.key"), key).unwrap();
        let ran =
            installed.runs(&["serve", "--listen", "127.0.0.1:0", "--tls-cert", "tls.crt", "--tls-key", "tls.key"]);
        assert_eq!(ran.status.code(), Some(3), "{fault}: {}", ran.stderr);
        assert!(ran.stderr.contains(said), "{fault}: {}", ran.stderr);
    }
    let half = installed.runs(&["serve", "--tls-cert", "tls.crt"]);
    assert_eq!(half.status.code(), Some(2));
    assert!(half.stderr.contains("--tls-cert: a certificate without its key"), "{}", half.stderr);
}
