//! The master key under a passphrase: what can be kept apart from the machine, on paper if need be.
//!
//! A key is made of the passphrase by Argon2id, which is slow on purpose, and the master key is sealed under it
//! (XChaCha20-Poly1305, with all that stands beside it as additional data).

use argon2::{Algorithm, Argon2, Params, Version};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::{Master, StoreError, Vault};

/// A passphrase has at least so many characters.
pub const SHORTEST: usize = 12;
/// What it costs to try one passphrase: 64 MiB of memory, three times over.
const MEMORY_KIB: u32 = 64 * 1_024;
const PASSES: u32 = 3;
/// More than this is asked for by no file of ours, and would only keep the machine busy.
const MOST_MEMORY_KIB: u32 = 1_024 * 1_024;
const MOST_PASSES: u32 = 20;

/// A sealed master key, as it stands in its file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Sealed {
    /// The version of this format.
    latchkey_master_key: u32,
    fingerprint: String,
    algorithm: String,
    memory_kib: u32,
    passes: u32,
    salt: String,
    sealed: String,
}

/// Why a sealed master key does not open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Closed {
    /// The text is not a sealed master key, or one of a version that this program does not know.
    NotOne,
    /// The passphrase is another one, or the text was altered.
    WrongPassphrase {
        /// The fingerprint of the master key that is in it, as the text says.
        fingerprint: String,
    },
}

/// Seals the master key under a passphrase; the text is one line of JSON.
pub fn seal(master: &Master, passphrase: &str) -> Result<String, StoreError> {
    let mut salt = [0; 16];
    crate::chance::fill(&mut salt)?;
    let mut parts = Sealed {
        latchkey_master_key: 1,
        fingerprint: master.fingerprint(),
        algorithm: "argon2id+xchacha20poly1305".to_owned(),
        memory_kib: MEMORY_KIB,
        passes: PASSES,
        salt: BASE64.encode(salt),
        sealed: String::new(),
    };
    let vault = vault(&parts, passphrase).ok_or_else(|| StoreError::Bug("a passphrase makes no key".into()))?;
    parts.sealed = vault.seal(&parts.name(), master.to_text().as_bytes())?;
    serde_json::to_string(&parts).map_err(|error| StoreError::Bug(error.to_string()))
}

/// Opens what [`seal`] made.
pub fn open(text: &str, passphrase: &str) -> Result<Master, Closed> {
    let parts: Sealed = serde_json::from_str(text).map_err(|_| Closed::NotOne)?;
    let ours = parts.latchkey_master_key == 1 && parts.algorithm == "argon2id+xchacha20poly1305";
    let bearable = parts.memory_kib <= MOST_MEMORY_KIB && parts.passes <= MOST_PASSES;
    if !ours || !bearable {
        return Err(Closed::NotOne);
    }
    let wrong = || Closed::WrongPassphrase { fingerprint: parts.fingerprint.clone() };
    let opened =
        vault(&parts, passphrase).ok_or(Closed::NotOne)?.open(&parts.name(), &parts.sealed).map_err(|_| wrong())?;
    let master = std::str::from_utf8(&opened).ok().and_then(Master::from_text).ok_or_else(wrong)?;
    if master.fingerprint() == parts.fingerprint { Ok(master) } else { Err(wrong()) }
}

impl Sealed {
    /// Everything but the secret, so that none of it can be altered unnoticed.
    fn name(&self) -> String {
        format!("master key {} {} {} {} {}", self.fingerprint, self.algorithm, self.memory_kib, self.passes, self.salt)
    }
}

fn vault(parts: &Sealed, passphrase: &str) -> Option<Vault> {
    let salt = BASE64.decode(&parts.salt).ok()?;
    let params = Params::new(parts.memory_kib, parts.passes, 1, Some(32)).ok()?;
    let mut key = Zeroizing::new([0; 32]);
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_into(passphrase.as_bytes(), &salt, key.as_mut())
        .ok()?;
    let text = Zeroizing::new(BASE64.encode(*key));
    Master::from_text(&text).map(Vault::new)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_opens_under_its_passphrase_alone() {
        let master = Master::random().unwrap();
        let text = seal(&master, "correct horse battery").unwrap();
        assert!(!text.contains(master.to_text().as_str()));
        assert_eq!(open(&text, "correct horse battery").unwrap().fingerprint(), master.fingerprint());
        let wrong = Closed::WrongPassphrase { fingerprint: master.fingerprint() };
        assert_eq!(open(&text, "correct horse batteri").err(), Some(wrong));
        let other = text.replace(&master.fingerprint(), "0123456789abcdef");
        assert!(open(&other, "correct horse battery").is_err(), "the fingerprint is sealed, too");
    }

    #[test]
    fn a_file_cannot_ask_for_a_year_of_work() {
        let text = seal(&Master::random().unwrap(), "correct horse battery").unwrap();
        for (was, is) in
            [("\"passes\":3", "\"passes\":4000000000"), ("\"memory_kib\":65536", "\"memory_kib\":4000000000")]
        {
            assert_eq!(open(&text.replace(was, is), "correct horse battery").err(), Some(Closed::NotOne));
        }
        assert_eq!(open("{}", "correct horse battery").err(), Some(Closed::NotOne));
    }
}
