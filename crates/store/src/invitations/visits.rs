//! A visit to the form: sealed, short-lived, and nowhere but in the visitor's cookie.

use latchkey_domain::time::{HOUR, Millis, Timestamp};
use latchkey_key::secret::{ID_BYTES, SECRET_BYTES, SecretKey, SecretKind};
use serde_json::{Value as Json, json};
use subtle::ConstantTimeEq as _;

use crate::{StoreError, Vault};

/// How long a form may be filled in, in milliseconds.
pub const VISIT_FOR: Millis = 2 * HOUR;
/// What a sealed visit is called.
const SEALED_AS: &str = "a visit to an invitation's form";

/// Somebody who opened an invitation's URL.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Visit {
    /// Which invitation.
    pub invitation: String,
    /// Since when.
    pub begun: Timestamp,
    /// Tells this visit from others.
    nonce: String,
}

impl Visit {
    /// A new one.
    pub fn begin(invitation: &str, now: Timestamp) -> Result<Self, StoreError> {
        let mut nonce = [0; 16];
        crate::chance::fill(&mut nonce)?;
        Ok(Self { invitation: invitation.to_owned(), begun: now, nonce: crate::audit::hex(&nonce) })
    }

    /// As a cookie holds it: letters, digits, `-` and `_`.
    pub fn sealed(&self, vault: &Vault) -> Result<String, StoreError> {
        let text = json!([self.invitation, self.begun.millis(), self.nonce]).to_string();
        Ok(vault.seal(SEALED_AS, text.as_bytes())?.replace('+', "-").replace('/', "_").replace('=', ""))
    }

    /// What [`Visit::sealed`] wrote, as long as it counts.
    pub fn open(vault: &Vault, sealed: &str, now: Timestamp) -> Option<Self> {
        let mut text = sealed.replace('-', "+").replace('_', "/");
        while !text.len().is_multiple_of(4) {
            text.push('=');
        }
        let opened = vault.open(SEALED_AS, &text).ok()?;
        let json: Json = serde_json::from_slice(&opened).ok()?;
        let begun = Timestamp::from_millis(json[1].as_i64()?);
        let is_over = now.since(begun) >= VISIT_FOR;
        let visit = Self { invitation: json[0].as_str()?.to_owned(), begun, nonce: json[2].as_str()?.to_owned() };
        (!is_over).then_some(visit)
    }

    /// What its form carries, so that no other page can have it sent.
    pub fn form_token(&self, vault: &Vault) -> String {
        vault.keyed_hash("latchkey/join-form", format!("{} {}", self.invitation, self.nonce).as_bytes())
    }

    /// What opens the page that says how a registration stands: the same for the same visit and login, so that a form which is
    /// sent twice is one registration.
    pub fn receipt(&self, vault: &Vault, login: &str) -> SecretKey {
        let seed =
            vault.keyed_hash("latchkey/join-receipt", format!("{} {} {login}", self.invitation, self.nonce).as_bytes());
        let (mut id, mut secret) = ([0; ID_BYTES], [0; SECRET_BYTES]);
        let bytes = seed.as_bytes().chunks_exact(2).map(|two| {
            two.iter().fold(0_u8, |byte, digit| byte << 4 | (*digit as char).to_digit(16).unwrap_or_default() as u8)
        });
        for (to, from) in id.iter_mut().chain(&mut secret).zip(bytes) {
            *to = from;
        }
        SecretKey::from_random(SecretKind::Receipt, id, &secret)
    }

    /// Whether a form is this visit's.
    pub fn sent(&self, vault: &Vault, form_token: &str) -> bool {
        bool::from(self.form_token(vault).as_bytes().ct_eq(form_token.as_bytes()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Master;

    #[test]
    fn a_visit_counts_for_a_while_here_and_for_its_own_form() {
        let (vault, other) = (Vault::new(Master::random().unwrap()), Vault::new(Master::random().unwrap()));
        let at = |millis| Timestamp::from_millis(1_795_345_200_000 + millis);
        let visit = Visit::begin("0123456789ab", at(0)).unwrap();
        let sealed = visit.sealed(&vault).unwrap();
        assert!(sealed.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_'), "{sealed}");
        assert!(!sealed.contains("0123456789ab"));
        assert_eq!(Visit::open(&vault, &sealed, at(VISIT_FOR - 1)).as_ref(), Some(&visit));
        assert_eq!(Visit::open(&vault, &sealed, at(VISIT_FOR)), None);
        assert_eq!(Visit::open(&other, &sealed, at(1)), None);
        assert_eq!(Visit::open(&vault, &sealed[1..], at(1)), None);
        assert_eq!(visit.receipt(&vault, "marie"), visit.receipt(&vault, "marie"));
        assert_ne!(visit.receipt(&vault, "marie"), visit.receipt(&vault, "maria"));
        let second = Visit::begin("0123456789ab", at(0)).unwrap();
        assert!(visit.sent(&vault, &visit.form_token(&vault)) && !visit.sent(&vault, &second.form_token(&vault)));
    }
}
