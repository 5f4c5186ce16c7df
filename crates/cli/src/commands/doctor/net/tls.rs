//! TLS with a look at the certificates before they are judged: a handshake that fails would not say what it saw.
//!
//! Invariant: the handshake itself proves that the other side has the certificate's key; whether the certificate holds is
//! said by [`judge`], and nothing that is secret is sent before it did.

use std::fmt;
use std::fs::File;
use std::io::{ErrorKind, Read as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, ring, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{
    AlertDescription, CertificateError, ClientConfig, ClientConnection, DigitallySignedStruct, Error, PeerIncompatible,
    ProtocolVersion, RootCertStore, SignatureScheme, StreamOwned,
};

use super::certificate;
use super::tcp::Timed;
use crate::data_dir::cause;

/// Where systems keep the certificates of authorities, in one file.
pub(in super::super) const PLACES: [&str; 5] = [
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
    "/etc/ssl/ca-bundle.pem",
    "/etc/ssl/cert.pem",
];
/// No trust store is longer, in bytes.
const LONGEST: u64 = 16 << 20;

/// Authorities that are believed.
#[derive(Clone)]
pub(in super::super) struct Trust {
    pub(in super::super) roots: Arc<RootCertStore>,
}

/// Why a handshake did not come about.
pub(in super::super) enum TlsFault {
    /// Something answered, but not with TLS.
    NotTls,
    TooOld,
    TimedOut,
    Failed(String),
}

/// Why a certificate does not hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in super::super) enum CertFault {
    Expired,
    NotYetValid,
    /// The names that it has.
    WrongName(Vec<String>),
    SelfSigned,
    UnknownIssuer,
    Other(String),
}

/// A connection on which TLS is spoken.
pub(in super::super) struct Secured {
    pub(super) stream: StreamOwned<ClientConnection, Timed>,
    pub(in super::super) chain: Vec<CertificateDer<'static>>,
    pub(in super::super) version: &'static str,
}

/// The system's trust store: SSL_CERT_FILE, else where the system keeps it.
pub(in super::super) fn system_trust(named: Option<PathBuf>) -> Option<Trust> {
    let places = named.into_iter().chain(PLACES.iter().map(PathBuf::from));
    places.filter(|path| path.is_file()).find_map(|path| trust(&path).ok())
}

/// The authorities in a file. The error says why there are none.
pub(in super::super) fn trust(path: &Path) -> Result<Trust, String> {
    let mut bytes = Vec::new();
    File::open(path).and_then(|file| file.take(LONGEST).read_to_end(&mut bytes)).map_err(|error| cause(&error))?;
    let mut roots = RootCertStore::empty();
    // One that does not read takes nothing from the others.
    let certificates = CertificateDer::pem_slice_iter(&bytes).filter_map(Result::ok);
    let (added, _) = roots.add_parsable_certificates(certificates);
    if added == 0 { Err("no certificate in it".into()) } else { Ok(Trust { roots: Arc::new(roots) }) }
}

/// This machine's time.
pub(in super::super) fn now() -> Duration {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default()
}

/// Speaks TLS, and takes whatever certificate is shown.
pub(super) fn shake_hands(mut stream: Timed, host: &str) -> Result<Secured, TlsFault> {
    let provider = Arc::new(ring::default_provider());
    let name = server_name(host).map_err(TlsFault::Failed)?;
    let failed = |error: Error| TlsFault::Failed(error.to_string());
    let builder = ClientConfig::builder_with_provider(provider.clone()).with_protocol_versions(rustls::ALL_VERSIONS);
    let mut config = builder
        .map_err(failed)?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(Looks(provider)))
        .with_no_client_auth();
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    let mut connection = ClientConnection::new(Arc::new(config), name).map_err(failed)?;
    while connection.is_handshaking() {
        if let Err(error) = connection.complete_io(&mut stream) {
            return Err(why(&error));
        }
    }
    let chain = connection.peer_certificates().unwrap_or_default().iter().map(|one| one.clone().into_owned()).collect();
    let version = match connection.protocol_version() {
        Some(ProtocolVersion::TLSv1_3) => "TLS 1.3",
        Some(_) | None => "TLS 1.2",
    };
    Ok(Secured { stream: StreamOwned::new(connection, stream), chain, version })
}

fn why(error: &std::io::Error) -> TlsFault {
    if error.kind() == ErrorKind::TimedOut {
        return TlsFault::TimedOut;
    }
    if error.kind() == ErrorKind::UnexpectedEof {
        return TlsFault::Failed("the connection was closed".into());
    }
    let Some(tls) = error.get_ref().and_then(|inner| inner.downcast_ref::<Error>()) else {
        return TlsFault::Failed(cause(error));
    };
    #[allow(clippy::wildcard_enum_match_arm, reason = "the library's errors are not a closed list")]
    match tls {
        Error::InvalidMessage(_) => TlsFault::NotTls,
        Error::AlertReceived(AlertDescription::ProtocolVersion)
        | Error::PeerIncompatible(PeerIncompatible::ServerDoesNotSupportTls12Or13) => TlsFault::TooOld,
        other => TlsFault::Failed(other.to_string()),
    }
}

/// Whether a certificate is one of this host that an authority vouches for, at a moment since the epoch.
pub(in super::super) fn judge(
    chain: &[CertificateDer<'_>],
    host: &str,
    roots: &Arc<RootCertStore>,
    at: Duration,
) -> Result<(), CertFault> {
    let other = |error: String| CertFault::Other(error);
    let (leaf, between) = chain.split_first().ok_or_else(|| other("there is none".into()))?;
    let name = server_name(host).map_err(other)?;
    let verifier = WebPkiServerVerifier::builder_with_provider(roots.clone(), Arc::new(ring::default_provider()));
    let verifier = verifier.build().map_err(|error| other(error.to_string()))?;
    let judged = verifier.verify_server_cert(leaf, between, &name, &[], UnixTime::since_unix_epoch(at));
    let self_signed = certificate::summary(chain).is_some_and(|summary| summary.self_signed);
    #[allow(clippy::wildcard_enum_match_arm, reason = "the library's errors are not a closed list")]
    match judged {
        Ok(_) => Ok(()),
        Err(Error::InvalidCertificate(error)) => Err(match error {
            CertificateError::Expired | CertificateError::ExpiredContext { .. } => CertFault::Expired,
            CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => CertFault::NotYetValid,
            CertificateError::NotValidForName => CertFault::WrongName(Vec::new()),
            CertificateError::NotValidForNameContext { presented, .. } => {
                CertFault::WrongName(presented.iter().map(|name| plain(name)).collect())
            }
            _ if self_signed => CertFault::SelfSigned,
            CertificateError::UnknownIssuer => CertFault::UnknownIssuer,
            other => CertFault::Other(other.to_string()),
        }),
        Err(error) => Err(other(error.to_string())),
    }
}

/// `DnsName("a.example")` is `a.example`.
fn plain(name: &str) -> String {
    let inside = name.split_once('(').and_then(|(_, rest)| rest.strip_suffix(')')).unwrap_or(name);
    inside.trim_matches('"').to_owned()
}

fn server_name(host: &str) -> Result<ServerName<'static>, String> {
    ServerName::try_from(host.to_owned()).map_err(|_| format!("{host} cannot stand in a certificate"))
}

/// Takes every certificate; that its key is there is verified all the same.
struct Looks(Arc<CryptoProvider>);

impl ServerCertVerifier for Looks {
    fn verify_server_cert(
        &self,
        _leaf: &CertificateDer<'_>,
        _between: &[CertificateDer<'_>],
        _name: &ServerName<'_>,
        _ocsp: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls12_signature(message, certificate, signed, &self.0.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls13_signature(message, certificate, signed, &self.0.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}

impl fmt::Debug for Looks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Looks")
    }
}
