//! The certificate and its key: read, judged, and taken anew when the files change.
//!
//! Invariant: connections are always answered with a pair that fits together. One that does not is named in the log and
//! left; the one before it stays in use.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use arc_swap::ArcSwap;
use rustls::ServerConfig;
use rustls::crypto::{CryptoProvider, ring};
use rustls::pki_types::pem::{self, PemObject as _};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;
use tokio_rustls::TlsAcceptor;
use zeroize::Zeroizing;

/// How often the files are looked at.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// The name of HTTP/2 in a handshake.
pub(crate) const HTTP_2: &[u8] = b"h2";
const HTTP_1: &[u8] = b"http/1.1";

/// Where a certificate and its key come from.
pub struct TlsSource {
    /// What to call the file of the certificate.
    pub certificate: String,
    /// What to call the file of the key.
    pub key: String,
    /// Reads both.
    pub read: Box<dyn Fn() -> Result<Pair, TlsFault> + Send + Sync>,
}

/// What stands in the two files, as PEM.
#[derive(Clone, PartialEq, Eq)]
pub struct Pair {
    /// The certificate, then those that vouch for it.
    pub certificate: Vec<u8>,
    /// The private key.
    pub key: Zeroizing<Vec<u8>>,
}

/// Why a pair does not do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TlsFault {
    /// A file cannot be read.
    #[error("cannot read {file}: {why}")]
    Unreadable {
        /// Which.
        file: String,
        /// What the system says.
        why: String,
    },
    /// A file without what it should hold.
    #[error("{file} holds no {what} in PEM form{}", if *.exchanged { "; are the two files exchanged?" } else { "" })]
    Missing {
        /// Which.
        file: String,
        /// What is looked for.
        what: &'static str,
        /// It holds what the other one should.
        exchanged: bool,
    },
    /// A key under a passphrase, which nobody could type at the start.
    #[error("the private key in {file} is under a passphrase; take it off (openssl pkey -in OLD -out NEW)")]
    Passphrase {
        /// Which.
        file: String,
    },
    /// Something that is there and does not read.
    #[error("the {what} in {file} does not read: {why}")]
    Malformed {
        /// Which.
        file: String,
        /// What is looked at.
        what: &'static str,
        /// Why not.
        why: String,
    },
    /// The key is another one's.
    #[error("the private key in {key} does not belong to the {} in {certificate}{}",
        if .fits.is_some() { "first certificate" } else { "certificate" },
        .fits.map(|number| format!(" but to number {number}, which has to come first")).unwrap_or_default())]
    Mismatch {
        /// The certificate's file.
        certificate: String,
        /// The key's file.
        key: String,
        /// Which one of the other certificates in the file it belongs to, counted from 1.
        fits: Option<usize>,
    },
}

/// The pair in use, and those who ask for it.
pub(crate) struct Tls {
    source: TlsSource,
    provider: Arc<CryptoProvider>,
    current: Arc<Current>,
    acceptor: TlsAcceptor,
}

struct Current(ArcSwap<CertifiedKey>);

impl Tls {
    /// Reads the pair for the first time.
    pub(crate) fn start(source: TlsSource) -> Result<(Arc<Self>, Pair), TlsFault> {
        let provider = Arc::new(ring::default_provider());
        let pair = (source.read)()?;
        let current = Arc::new(Current(ArcSwap::from_pointee(judge(&pair, &source, &provider)?)));
        let builder = ServerConfig::builder_with_provider(provider.clone())
            .with_protocol_versions(rustls::ALL_VERSIONS)
            .map_err(|error| malformed(&source.key, "private key", error))?;
        let mut config = builder.with_no_client_auth().with_cert_resolver(current.clone());
        config.alpn_protocols = vec![HTTP_2.to_vec(), HTTP_1.to_vec()];
        let acceptor = TlsAcceptor::from(Arc::new(config));
        Ok((Arc::new(Self { source, provider, current, acceptor }), pair))
    }

    /// Shakes hands with the pair that is in use now.
    pub(crate) fn acceptor(&self) -> &TlsAcceptor {
        &self.acceptor
    }

    /// Looks at the files for ever, and takes what is new. `in_use` is what was read at the start; `told` hears of each
    /// change whether it was taken.
    pub(crate) async fn follow(self: Arc<Self>, in_use: Pair, told: impl Fn(bool)) {
        let mut judged: Result<Pair, TlsFault> = Ok(in_use);
        let mut seen = judged.clone();
        loop {
            tokio::time::sleep(LOOK_EVERY).await;
            let tls = self.clone();
            let Ok(read) = tokio::task::spawn_blocking(move || (tls.source.read)()).await else { continue };
            // Two files are not replaced at one moment: what is judged has stood still for a while.
            if read != judged && read == seen {
                let taken = read.as_ref().map_err(TlsFault::clone).and_then(|pair| self.take(pair));
                match &taken {
                    Ok(()) => tracing::info!(certificate = self.source.certificate, "a new certificate is in use"),
                    Err(fault) => tracing::error!(
                        %fault,
                        code = "TLS_UNUSABLE",
                        "ALARM: the new certificate is not used, the one before it stays in use"
                    ),
                }
                told(taken.is_ok());
                judged = read.clone();
            }
            seen = read;
        }
    }

    fn take(&self, pair: &Pair) -> Result<(), TlsFault> {
        self.current.0.store(Arc::new(judge(pair, &self.source, &self.provider)?));
        Ok(())
    }
}

/// Whether the two files make a pair; the certificate first, then those that vouch for it.
pub fn examine(source: &TlsSource) -> Result<Vec<CertificateDer<'static>>, TlsFault> {
    let pair = (source.read)()?;
    Ok(judge(&pair, source, &ring::default_provider())?.cert.clone())
}

/// Whether two files make a pair.
fn judge(pair: &Pair, source: &TlsSource, provider: &CryptoProvider) -> Result<CertifiedKey, TlsFault> {
    let chain = CertificateDer::pem_slice_iter(&pair.certificate)
        .collect::<Result<Vec<_>, pem::Error>>()
        .map_err(|error| malformed(&source.certificate, "certificate", error))?;
    if chain.is_empty() {
        let exchanged = PrivateKeyDer::from_pem_slice(&pair.certificate).is_ok();
        return Err(TlsFault::Missing { file: source.certificate.clone(), what: "certificate", exchanged });
    }
    let key = PrivateKeyDer::from_pem_slice(&pair.key).map_err(|error| no_key(pair, source, error))?;
    let key =
        provider.key_provider.load_private_key(key).map_err(|error| malformed(&source.key, "private key", error))?;
    let belongs_to = |chain: Vec<CertificateDer<'static>>| CertifiedKey::new(chain, key.clone()).keys_match();
    match belongs_to(chain.clone()) {
        // A kind of key that does not tell its public half: the handshake will show.
        Ok(()) | Err(rustls::Error::InconsistentKeys(rustls::InconsistentKeys::Unknown)) => {
            Ok(CertifiedKey::new(chain, key))
        }
        Err(rustls::Error::InconsistentKeys(_)) => Err(TlsFault::Mismatch {
            certificate: source.certificate.clone(),
            key: source.key.clone(),
            fits: chain.iter().position(|one| belongs_to(vec![one.clone()]).is_ok()).map(|at| at + 1),
        }),
        Err(error) => Err(malformed(&source.certificate, "certificate", error)),
    }
}

fn no_key(pair: &Pair, source: &TlsSource, error: pem::Error) -> TlsFault {
    let file = source.key.clone();
    let has = |needle: &[u8]| pair.key.windows(needle.len()).any(|window| window == needle);
    if has(b"BEGIN ENCRYPTED PRIVATE KEY") || has(b"Proc-Type: 4,ENCRYPTED") {
        return TlsFault::Passphrase { file };
    }
    if matches!(error, pem::Error::NoItemsFound) {
        let exchanged = CertificateDer::from_pem_slice(&pair.key).is_ok();
        return TlsFault::Missing { file, what: "private key", exchanged };
    }
    // The library's words repeat the line at which it stumbled, which may be of the key.
    TlsFault::Malformed { file, what: "private key", why: "not PEM".into() }
}

fn malformed(file: &str, what: &'static str, error: impl fmt::Display) -> TlsFault {
    TlsFault::Malformed { file: file.to_owned(), what, why: error.to_string() }
}

impl ResolvesServerCert for Current {
    fn resolve(&self, _hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(self.0.load_full())
    }
}

impl fmt::Debug for Current {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Current")
    }
}
