//! How others are asked: where requests may go, and whose word for a certificate counts.

use std::path::PathBuf;

use latchkey_domain::network::Network;
use latchkey_outgoing::{Client, Settings};

use super::front::networks;
use super::{Setting, Stated};
use crate::data_dir;
use crate::problem::Problem;

/// All of it, as it was configured.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct OutgoingConfig {
    /// Ranges that may be reached besides the internet.
    pub(crate) allowed: Vec<Network>,
    /// Certificates of authorities of one's own, besides those of the system.
    pub(crate) ca_file: Option<PathBuf>,
}

impl OutgoingConfig {
    pub(super) fn read(stated: &dyn Fn(Setting) -> Option<Stated>) -> Result<Self, Problem> {
        Ok(Self {
            allowed: match stated(Setting::OutgoingAllow) {
                Some(stated) => networks(&stated, "what may be reached, such as 10.20.0.0/16 or 127.0.0.1")?,
                None => Vec::new(),
            },
            ca_file: stated(Setting::OutgoingCaFile).map(|stated| stated.text.into()),
        })
    }

    /// Whoever asks others.
    pub(crate) fn client(&self) -> Result<Client, Problem> {
        Ok(Client::new(&self.settings()?))
    }

    /// What whoever asks others may do.
    pub(crate) fn settings(&self) -> Result<Settings, Problem> {
        let system = rustls_native_certs::load_native_certs();
        for error in &system.errors {
            tracing::warn!(%error, "some certificates of the system do not read");
        }
        let mut roots: Vec<Vec<u8>> = system.certs.iter().map(|certificate| certificate.to_vec()).collect();
        if let Some(file) = &self.ca_file {
            roots.extend(data_dir::certificates(file)?);
        }
        Ok(Settings { allowed: self.allowed.clone(), roots })
    }
}
