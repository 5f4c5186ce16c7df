//! What a certificate says of itself, for people.

use std::time::Duration;

use rustls::pki_types::CertificateDer;
use x509_cert::Certificate;
use x509_cert::der::Decode as _;
use x509_cert::name::Name;

/// Names and dates of one certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in super::super) struct Summary {
    pub(in super::super) subject: String,
    pub(in super::super) issuer: String,
    /// Since the epoch.
    pub(in super::super) begins: Duration,
    /// Since the epoch.
    pub(in super::super) ends: Duration,
    /// The issuer is the subject itself.
    pub(in super::super) self_signed: bool,
}

/// Reads the first certificate of a chain.
pub(in super::super) fn summary(chain: &[CertificateDer<'_>]) -> Option<Summary> {
    let certificate = Certificate::from_der(chain.first()?).ok()?;
    let told = certificate.tbs_certificate();
    Some(Summary {
        subject: name(told.subject()),
        issuer: name(told.issuer()),
        begins: told.validity().not_before.to_unix_duration(),
        ends: told.validity().not_after.to_unix_duration(),
        self_signed: told.subject() == told.issuer(),
    })
}

/// The common name and the organisation, else all of it.
fn name(name: &Name) -> String {
    let whole = name.to_string();
    let part = |of: &str| {
        let parts = whole.split([',', '+']);
        parts.filter_map(|part| part.trim().strip_prefix(of)).find_map(|rest| rest.strip_prefix('=')).map(str::to_owned)
    };
    match (part("CN"), part("O")) {
        (Some(common), Some(organisation)) if common != organisation => format!("{common} ({organisation})"),
        (Some(one), _) | (None, Some(one)) => one,
        (None, None) if whole.is_empty() => "-".to_owned(),
        (None, None) => whole,
    }
}
