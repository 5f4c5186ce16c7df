//! Secrets at rest: sealed under the master key, which never stands in the database.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use chacha20poly1305::aead::{Aead as _, KeyInit as _, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use hmac::{Hmac, Mac as _};
use latchkey_key::{Signer, SigningKeyId};
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

use crate::StoreError;
use crate::audit::hex;

/// Length of a nonce of XChaCha20-Poly1305, in bytes.
const NONCE: usize = 24;

/// The master key: 32 random bytes. It cannot be printed.
#[derive(Clone)]
pub struct Master(Zeroizing<[u8; 32]>);

impl Master {
    /// A new one.
    pub fn random() -> Result<Self, StoreError> {
        let mut bytes = Zeroizing::new([0; 32]);
        crate::chance::fill(bytes.as_mut())?;
        Ok(Self(bytes))
    }

    /// From the text that [`Master::to_text`] wrote; `None` where it is not that.
    pub fn from_text(text: &str) -> Option<Self> {
        let bytes = Zeroizing::new(BASE64.decode(text.trim()).ok()?);
        Some(Self(Zeroizing::new(bytes.as_slice().try_into().ok()?)))
    }

    /// Standard base64, 44 characters: what stands in the master key's file. It is the secret itself.
    pub fn to_text(&self) -> Zeroizing<String> {
        Zeroizing::new(BASE64.encode(*self.0))
    }

    /// Sixteen hexadecimal digits that tell this key from another, and nothing else about it.
    pub fn fingerprint(&self) -> String {
        let digest = Sha256::new().chain_update(b"latchkey/master-key-fingerprint\0").chain_update(*self.0).finalize();
        hex(&digest[..8])
    }
}

impl fmt::Debug for Master {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Master({})", self.fingerprint())
    }
}

/// Seals and opens. Cheap to clone.
#[derive(Clone)]
pub struct Vault {
    master: Master,
    /// Signing keys that were opened: opening one and deriving its halves for each key issued would cost more than the
    /// signature.
    signers: Arc<Mutex<HashMap<SigningKeyId, Opened>>>,
}

struct Opened {
    /// The sealed seed that it was opened from. A rotation that is rolled back and made again gives another seed the
    /// same id, and what the first one signs would be nobody's.
    sealed_seed: String,
    signer: Arc<Signer>,
}

impl Vault {
    /// A vault under this master key.
    pub fn new(master: Master) -> Self {
        Self { master, signers: Arc::default() }
    }

    /// The master key's fingerprint.
    pub fn fingerprint(&self) -> String {
        self.master.fingerprint()
    }

    /// Seals a secret as base64. `what` names its kind and its owner; it opens under the same name only, so that sealed
    /// secrets cannot be exchanged for one another.
    pub(crate) fn seal(&self, what: &str, secret: &[u8]) -> Result<String, StoreError> {
        let mut nonce = [0; NONCE];
        crate::chance::fill(&mut nonce)?;
        let sealed = self
            .cipher()
            .encrypt(&XNonce::from(nonce), Payload { msg: secret, aad: what.as_bytes() })
            .map_err(|_| StoreError::Bug("sealing failed".into()))?;
        Ok(BASE64.encode([nonce.as_slice(), &sealed].concat()))
    }

    /// Opens what [`Vault::seal`] sealed under the same name.
    pub(crate) fn open(&self, what: &str, sealed: &str) -> Result<Zeroizing<Vec<u8>>, StoreError> {
        let unsealable = || StoreError::Unsealable(what.to_owned());
        let bytes = BASE64.decode(sealed).map_err(|_| unsealable())?;
        let (nonce, sealed) = bytes.split_first_chunk::<NONCE>().ok_or_else(unsealable)?;
        self.cipher()
            .decrypt(&XNonce::from(*nonce), Payload { msg: sealed, aad: what.as_bytes() })
            .map(Zeroizing::new)
            .map_err(|_| unsealable())
    }

    /// HMAC-SHA256 in hexadecimal digits, under a key of its own for each `purpose`: tells whether a secret is the one that
    /// was once given, for whoever has the master key.
    pub fn keyed_hash(&self, purpose: &str, secret: &[u8]) -> String {
        let key = Zeroizing::new(mac(&self.master.0, &[b"latchkey/keyed-hash\0", purpose.as_bytes()]));
        hex(&mac(&key, &[secret]))
    }

    /// The signer of this id and this sealed seed, opened once.
    pub(crate) fn signer(&self, id: SigningKeyId, sealed_seed: String) -> Result<Arc<Signer>, StoreError> {
        let mut signers = self.signers.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = signers.get(&id).filter(|known| known.sealed_seed == sealed_seed) {
            return Ok(known.signer.clone());
        }
        let what = seed_name(id);
        let seed = self.open(&what, &sealed_seed)?;
        let seed: Zeroizing<[u8; 32]> =
            Zeroizing::new(seed.as_slice().try_into().map_err(|_| StoreError::Unsealable(what))?);
        let signer = Arc::new(Signer::from_seed(id, *seed));
        signers.insert(id, Opened { sealed_seed, signer: signer.clone() });
        Ok(signer)
    }

    fn cipher(&self) -> XChaCha20Poly1305 {
        XChaCha20Poly1305::new(&(*self.master.0).into())
    }
}

fn mac(key: &[u8; 32], parts: &[&[u8]]) -> [u8; 32] {
    // A block of this length is a key as it is: nothing can go wrong with it.
    let mut block = Zeroizing::new([0; 64]);
    block[..32].copy_from_slice(key);
    let mut mac = Hmac::<Sha256>::new(&(*block).into());
    for part in parts {
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

/// The name under which a signing key's seed is sealed.
pub(crate) fn seed_name(id: SigningKeyId) -> String {
    format!("signing key {id}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_sealed_opens_under_its_own_name_and_key_alone() {
        let vault = Vault::new(Master::random().unwrap());
        let sealed = vault.seal("a thing", b"secret").unwrap();
        assert_eq!(vault.open("a thing", &sealed).unwrap().as_slice(), b"secret");
        assert!(vault.open("another thing", &sealed).is_err());
        assert!(Vault::new(Master::random().unwrap()).open("a thing", &sealed).is_err());
        assert!(vault.open("a thing", "").is_err());
    }

    #[test]
    fn a_keyed_hash_depends_on_key_purpose_and_secret() {
        let (vault, other) = (Vault::new(Master(Zeroizing::new([1; 32]))), Vault::new(Master(Zeroizing::new([2; 32]))));
        let hashes = [
            vault.keyed_hash("a", b"secret"),
            vault.keyed_hash("b", b"secret"),
            vault.keyed_hash("a", b"other"),
            other.keyed_hash("a", b"secret"),
        ];
        let distinct: std::collections::BTreeSet<_> = hashes.iter().collect();
        assert_eq!(distinct.len(), hashes.len());
        assert_eq!(vault.keyed_hash("a", b"secret"), hashes[0]);
    }

    #[test]
    fn a_master_key_survives_its_file_and_is_never_printed() {
        let master = Master::random().unwrap();
        let text = master.to_text();
        assert_eq!(Master::from_text(&format!("{}\n", text.as_str())).unwrap().fingerprint(), master.fingerprint());
        assert!(!format!("{master:?}").contains(text.as_str()));
        assert!(Master::from_text("short").is_none());
    }
}
