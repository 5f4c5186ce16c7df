//! Passwords, as they are kept: Argon2id, with a salt of its own each.
//!
//! Both directions are slow on purpose and need memory: callers run a bounded number at once, outside of any transaction.

use std::sync::LazyLock;

use argon2::{Algorithm, Argon2, Params, Version};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD as BASE64;
use latchkey_domain::operators::Password;
use subtle::ConstantTimeEq as _;
use zeroize::Zeroizing;

use crate::StoreError;
use crate::chance::fill;

/// What one try costs: 32 MiB of memory, three times over.
const MEMORY_KIB: u32 = 32 * 1_024;
const PASSES: u32 = 3;
/// More than this is asked for by no row of ours.
const MOST_MEMORY_KIB: u32 = 1_024 * 1_024;
const MOST_PASSES: u32 = 20;

/// What a password is compared with, in the common form `$argon2id$v=19$m=…,t=…,p=1$salt$hash`.
#[derive(Clone)]
pub struct PasswordHash(String);

impl PasswordHash {
    /// Of a password that was chosen.
    pub fn of(password: &Password) -> Result<Self, StoreError> {
        let mut salt = [0; 16];
        fill(&mut salt)?;
        let hash = hash(password, &salt, MEMORY_KIB, PASSES)
            .ok_or_else(|| StoreError::Bug("a password makes no hash".into()))?;
        let (salt, hash) = (BASE64.encode(salt), BASE64.encode(*hash));
        Ok(Self(format!("$argon2id$v=19$m={MEMORY_KIB},t={PASSES},p=1${salt}${hash}")))
    }

    /// As it was kept.
    pub(super) fn kept(text: String) -> Self {
        Self(text)
    }

    pub(super) fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether this is the password that was chosen.
    pub fn matches(&self, password: &Password) -> bool {
        let Some((salt, memory, passes, kept)) = self.parts() else { return false };
        hash(password, &salt, memory, passes).is_some_and(|given| bool::from(given.ct_eq(&kept[..])))
    }

    /// What is compared where there is no password to compare with, so that it takes as long.
    pub fn of_nobody() -> &'static Self {
        static NOBODY: LazyLock<PasswordHash> = LazyLock::new(|| {
            let zeroes = |length| BASE64.encode(vec![0; length]);
            PasswordHash(format!("$argon2id$v=19$m={MEMORY_KIB},t={PASSES},p=1${}${}", zeroes(16), zeroes(32)))
        });
        &NOBODY
    }

    fn parts(&self) -> Option<(Vec<u8>, u32, u32, [u8; 32])> {
        let mut parts = self.0.strip_prefix("$argon2id$v=19$m=")?.split('$');
        let (costs, salt, hash) = (parts.next()?, parts.next()?, parts.next()?);
        let (memory, rest) = costs.split_once(",t=")?;
        let (memory, passes): (u32, u32) = (memory.parse().ok()?, rest.strip_suffix(",p=1")?.parse().ok()?);
        if parts.next().is_some() || memory > MOST_MEMORY_KIB || passes > MOST_PASSES {
            return None;
        }
        Some((BASE64.decode(salt).ok()?, memory, passes, BASE64.decode(hash).ok()?.try_into().ok()?))
    }
}

fn hash(password: &Password, salt: &[u8], memory: u32, passes: u32) -> Option<Zeroizing<[u8; 32]>> {
    let params = Params::new(memory, passes, 1, Some(32)).ok()?;
    let mut hash = Zeroizing::new([0; 32]);
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_into(password.reveal().as_bytes(), salt, hash.as_mut())
        .ok()?;
    Some(hash)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_matches_its_own_hash_alone() {
        let password = Password::typed("correct horse battery");
        let kept = PasswordHash::of(&password).unwrap();
        assert!(kept.as_str().starts_with("$argon2id$v=19$m=32768,t=3,p=1$"), "{}", kept.as_str());
        assert!(PasswordHash::kept(kept.as_str().to_owned()).matches(&password));
        assert!(!kept.matches(&Password::typed("correct horse batteri")));
        assert_ne!(PasswordHash::of(&password).unwrap().as_str(), kept.as_str(), "a salt of its own");
        assert!(!PasswordHash::of_nobody().matches(&password));
    }

    #[test]
    fn what_is_no_hash_matches_nothing() {
        let password = Password::typed("correct horse battery");
        let kept = PasswordHash::of(&password).unwrap().as_str().to_owned();
        for bad in
            ["", "$argon2id$", &kept[..kept.len() - 1], &kept.replace("m=32768", "m=4000000000"), &format!("{kept}$")]
        {
            assert!(!PasswordHash::kept(bad.to_owned()).matches(&password), "{bad}");
        }
    }
}
