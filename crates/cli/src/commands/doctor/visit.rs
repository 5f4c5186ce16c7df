//! What the checks of one visit share: who and what is looked at, and what earlier checks found out.

use std::path::PathBuf;

use latchkey_texts::Language;
use zeroize::Zeroizing;

use super::child::Account;
use super::folder::Glpi;
use super::host::Host;
use super::php::Php;
use super::road::Road;

pub(super) struct Visit {
    pub(super) language: Language,
    /// Where a GLPI is looked at.
    pub(super) glpi: Option<Glpi>,
    /// Where a Latchkey is looked at.
    pub(super) host: Option<Host>,
    pub(super) php: Php,
    pub(super) web_user: Option<WebUser>,
    /// The way to the service; `None` where it is not known which.
    pub(super) road: Option<Road>,
    pub(super) key: Option<Zeroizing<String>>,
    /// The key was found wanting before the service was asked about it.
    pub(super) key_refuted: bool,
    /// Where backups are kept.
    pub(super) backups: Option<PathBuf>,
}

/// The user that the web server runs as, and how that is known.
#[derive(Debug, Clone)]
pub(super) struct WebUser {
    pub(super) account: Account,
    pub(super) known_by: KnownBy,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum KnownBy {
    /// It was said.
    Given,
    /// It runs.
    Process,
    /// It owns GLPI's files.
    Owner,
    /// It has one of the usual names.
    Usual,
}

impl Visit {
    /// The web server's user, whether or not this program may look as that user.
    pub(super) fn web_account(&self) -> Option<&Account> {
        self.web_user.as_ref().map(|user| &user.account)
    }

    /// How GLPI calls itself when it asks.
    pub(super) fn user_agent(&self) -> String {
        match self.glpi.as_ref().and_then(|glpi| glpi.version.as_ref()) {
            Some(version) => format!("GLPI/{version}"),
            None => format!("latchkey-doctor/{}", env!("CARGO_PKG_VERSION")),
        }
    }

    /// The name of whoever PHP is run as.
    pub(super) fn php_user(&self) -> String {
        match self.web_account().filter(|account| account.can_be_taken()) {
            Some(account) => account.name.clone(),
            None => Account::own().name,
        }
    }
}
