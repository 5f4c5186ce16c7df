//! Authorities and the certificates that they vouch for, made on the spot.

use std::sync::Arc;

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair, date_time_ymd};
use rustls::ServerConfig;
use rustls::crypto::ring;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};

/// Who vouches for certificates.
pub(super) struct Authority(CertifiedIssuer<'static, KeyPair>);

/// A certificate before it is made: for whom, and from which year to which.
pub(super) struct Wish {
    pub(super) names: Vec<String>,
    pub(super) years: (i32, i32),
    /// It ends so many days from now instead.
    pub(super) days_left: Option<i64>,
    /// It may vouch for others, which no server's should.
    pub(super) may_vouch: bool,
}

impl Wish {
    pub(super) fn of(name: &str) -> Self {
        Self { names: vec![name.to_owned()], years: (2020, 2099), days_left: None, may_vouch: false }
    }

    fn params(&self) -> CertificateParams {
        let mut params = CertificateParams::new(self.names.clone()).unwrap();
        params.distinguished_name.push(DnType::CommonName, self.names[0].clone());
        params.not_before = date_time_ymd(self.years.0, 1, 1);
        params.not_after = date_time_ymd(self.years.1, 1, 1);
        if let Some(days) = self.days_left {
            let ends = jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).date() + jiff::Span::new().days(days);
            let number = |number: i8| u8::try_from(number).unwrap();
            params.not_after = date_time_ymd(i32::from(ends.year()), number(ends.month()), number(ends.day()));
        }
        if self.may_vouch {
            params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        }
        params
    }
}

impl Authority {
    pub(super) fn named(name: &str) -> Self {
        let mut params = CertificateParams::default();
        params.distinguished_name.push(DnType::CommonName, name);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.not_before = date_time_ymd(2020, 1, 1);
        params.not_after = date_time_ymd(2099, 1, 1);
        Self(CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap())
    }

    /// An authority that this one vouches for, which servers have to show beside their own certificate.
    pub(super) fn below(&self, name: &str) -> Self {
        let mut params = CertificateParams::default();
        params.distinguished_name.push(DnType::CommonName, name);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.not_before = date_time_ymd(2020, 1, 1);
        params.not_after = date_time_ymd(2099, 1, 1);
        Self(CertifiedIssuer::signed_by(params, KeyPair::generate().unwrap(), &self.0).unwrap())
    }

    /// A server's settings with a certificate that it vouches for, and with its own beside it.
    pub(super) fn vouches_with_its_own(&self, wish: &Wish) -> Arc<ServerConfig> {
        let key = KeyPair::generate().unwrap();
        let certificate = wish.params().signed_by(&key, &self.0).unwrap();
        config_of(vec![certificate.der().clone(), self.0.der().clone()], &key)
    }

    /// What a trust store holds of it.
    pub(super) fn pem(&self) -> String {
        self.0.pem()
    }

    /// A server's settings with a certificate that it vouches for.
    pub(super) fn vouches_for(&self, wish: &Wish) -> Arc<ServerConfig> {
        let key = KeyPair::generate().unwrap();
        let certificate = wish.params().signed_by(&key, &self.0).unwrap();
        config(certificate.der().clone(), &key)
    }
}

/// A server's settings with a certificate for which nobody vouches but itself.
pub(super) fn self_signed(wish: &Wish) -> Arc<ServerConfig> {
    self_signed_with_pem(wish).0
}

/// The same, with what a trust store would hold of it.
pub(super) fn self_signed_with_pem(wish: &Wish) -> (Arc<ServerConfig>, String) {
    let key = KeyPair::generate().unwrap();
    let certificate = wish.params().self_signed(&key).unwrap();
    (config(certificate.der().clone(), &key), certificate.pem())
}

/// A certificate and its key as PEM, for a Latchkey's own files.
pub(super) fn pem_pair(wish: &Wish) -> (String, String) {
    let key = KeyPair::generate().unwrap();
    (wish.params().self_signed(&key).unwrap().pem(), key.serialize_pem())
}

fn config(certificate: CertificateDer<'static>, key: &KeyPair) -> Arc<ServerConfig> {
    config_of(vec![certificate], key)
}

fn config_of(chain: Vec<CertificateDer<'static>>, key: &KeyPair) -> Arc<ServerConfig> {
    let key = PrivateKeyDer::Pkcs8(key.serialize_der().into());
    let builder = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()));
    let builder = builder.with_safe_default_protocol_versions().unwrap().with_no_client_auth();
    Arc::new(builder.with_single_cert(chain, key).unwrap())
}
