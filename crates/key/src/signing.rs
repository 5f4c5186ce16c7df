//! Ed25519 with names and purposes: one signing key, and its public half. Not where keys are kept: sealing, rotation and
//! storage belong to the house above.
//!
//! The invariants: nothing is signed or verified without a [`Purpose`]; verification is strict (no small-order points, no
//! second encoding of a signature or of a public key); a seed cannot be printed and is wiped when its [`Signer`] goes.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};
use zeroize::Zeroizing;

use crate::ids::SigningKeyId;
use crate::purpose::Purpose;

/// A signing key that can be used and named, but not read.
pub struct Signer {
    id: SigningKeyId,
    // Wipes itself when dropped.
    key: SigningKey,
}

/// What verifies a [`Signer`]'s signatures. Its point is decompressed once, here, not at each verification.
#[derive(Clone, PartialEq, Eq)]
pub struct PublicKey {
    id: SigningKeyId,
    key: VerifyingKey,
}

/// Bytes that are no public key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadPublicKey {
    /// Not 32 bytes in standard, padded base64.
    #[error("a public key is 44 characters of standard base64, which hold 32 bytes")]
    Encoding,
    /// No point of the curve, or a second way of writing one.
    #[error("these 32 bytes are not an Ed25519 public key")]
    NotAPoint,
    /// A point of small order, for which signatures can be made without any secret.
    #[error("this Ed25519 public key is of small order: anyone can forge signatures for it")]
    Weak,
}

impl Signer {
    /// `seed` is the 32 random bytes of RFC 8032's private key; the caller wipes any copy it keeps.
    pub fn from_seed(id: SigningKeyId, seed: [u8; 32]) -> Self {
        let seed = Zeroizing::new(seed);
        Self { id, key: SigningKey::from_bytes(&seed) }
    }

    /// Its name.
    pub fn id(&self) -> SigningKeyId {
        self.id
    }

    /// The half that may be published.
    pub fn public_key(&self) -> PublicKey {
        PublicKey { id: self.id, key: self.key.verifying_key() }
    }

    /// Signs `purpose || 0x00 || message`. Deterministic: the same arguments give the same signature.
    pub fn sign(&self, purpose: Purpose, message: &[u8]) -> [u8; 64] {
        self.key.sign(&purpose.frame(message)).to_bytes()
    }
}

impl PublicKey {
    /// `bytes` as RFC 8032 encodes a public key.
    pub fn from_bytes(id: SigningKeyId, bytes: [u8; 32]) -> Result<Self, BadPublicKey> {
        let key = VerifyingKey::from_bytes(&bytes).map_err(|_| BadPublicKey::NotAPoint)?;
        if key.is_weak() {
            return Err(BadPublicKey::Weak);
        }
        if key.to_edwards().compress().to_bytes() != bytes {
            return Err(BadPublicKey::NotAPoint);
        }
        Ok(Self { id, key })
    }

    /// The inverse of [`Self::to_base64`].
    pub fn from_base64(id: SigningKeyId, text: &str) -> Result<Self, BadPublicKey> {
        let bytes = STANDARD.decode(text).map_err(|_| BadPublicKey::Encoding)?;
        Self::from_bytes(id, bytes.try_into().map_err(|_| BadPublicKey::Encoding)?)
    }

    /// Its name.
    pub fn id(&self) -> SigningKeyId {
        self.id
    }

    /// 32 bytes, as RFC 8032 encodes them.
    pub fn to_bytes(&self) -> [u8; 32] {
        self.key.to_bytes()
    }

    /// Standard base64 with padding: 44 characters.
    pub fn to_base64(&self) -> String {
        STANDARD.encode(self.key.as_bytes())
    }

    /// Whether `signature` is this key's over `message` for `purpose`. Strict; any length other than 64 bytes is false.
    pub fn verify(&self, purpose: Purpose, message: &[u8], signature: &[u8]) -> bool {
        Signature::from_slice(signature)
            .is_ok_and(|signature| self.key.verify_strict(&purpose.frame(message), &signature).is_ok())
    }
}

impl fmt::Debug for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Signer({})", self.id)
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PublicKey({} {})", self.id, self.to_base64())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::purpose::{AUDIT_HEAD, REGISTRATION_KEY};

    fn id() -> SigningKeyId {
        "7k2m9xqd-1".parse().unwrap()
    }

    /// The y coordinates of the eight points of small order, with both sign bits where they differ.
    const SMALL_ORDER: [&str; 8] = [
        "0000000000000000000000000000000000000000000000000000000000000000",
        "0000000000000000000000000000000000000000000000000000000000000080",
        "0100000000000000000000000000000000000000000000000000000000000000",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
    ];

    fn bytes_of(hex: &str) -> [u8; 32] {
        std::array::from_fn(|at| u8::from_str_radix(&hex[2 * at..2 * at + 2], 16).unwrap())
    }

    #[test]
    fn a_signature_holds_for_its_message_and_purpose_alone() {
        let signer = Signer::from_seed(id(), [1; 32]);
        let signature = signer.sign(AUDIT_HEAD, b"head");
        let public = signer.public_key();
        assert_eq!(signature, signer.sign(AUDIT_HEAD, b"head"), "deterministic");
        assert!(public.verify(AUDIT_HEAD, b"head", &signature));
        assert!(!public.verify(REGISTRATION_KEY, b"head", &signature));
        assert!(!public.verify(AUDIT_HEAD, b"heaD", &signature));
        assert!(!public.verify(AUDIT_HEAD, b"head", &signature[..63]));
        assert!(!public.verify(AUDIT_HEAD, b"head", &[]));
        assert!(!Signer::from_seed(id(), [2; 32]).public_key().verify(AUDIT_HEAD, b"head", &signature));
    }

    #[test]
    fn public_keys_survive_base64_and_nothing_else_reads_as_one() {
        let public = Signer::from_seed(id(), [1; 32]).public_key();
        let text = public.to_base64();
        assert_eq!(text.len(), 44);
        assert_eq!(PublicKey::from_base64(id(), &text), Ok(public.clone()));
        assert_eq!(PublicKey::from_bytes(id(), public.to_bytes()), Ok(public));
        assert_eq!(PublicKey::from_base64(id(), &text[..43]), Err(BadPublicKey::Encoding));
        assert_eq!(PublicKey::from_base64(id(), "AAAA"), Err(BadPublicKey::Encoding));
        // No point of the curve has this y.
        let mut no_point = [0; 32];
        no_point[0] = 2;
        assert_eq!(PublicKey::from_bytes(id(), no_point), Err(BadPublicKey::NotAPoint));
        // y = p + 3: a second way to write y = 3.
        let second = bytes_of("f0ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f");
        assert_eq!(PublicKey::from_bytes(id(), second), Err(BadPublicKey::NotAPoint));
    }

    #[test]
    fn small_order_points_are_no_keys_and_sign_nothing() {
        for hex in SMALL_ORDER {
            assert_eq!(PublicKey::from_bytes(id(), bytes_of(hex)), Err(BadPublicKey::Weak), "{hex}");
            // R of small order with S = 0, the classic universal forgery, under the weak key itself and under a sound one.
            let mut signature = [0; 64];
            signature[..32].copy_from_slice(&bytes_of(hex));
            let weak = PublicKey { id: id(), key: VerifyingKey::from_bytes(&bytes_of(hex)).unwrap() };
            let sound = Signer::from_seed(id(), [1; 32]).public_key();
            for message in 0..32_u8 {
                assert!(!weak.verify(AUDIT_HEAD, &[message], &signature), "{hex}");
                assert!(!sound.verify(AUDIT_HEAD, &[message], &signature), "{hex}");
            }
        }
    }

    #[test]
    fn a_second_encoding_of_s_is_refused() {
        let signer = Signer::from_seed(id(), [1; 32]);
        let mut signature = signer.sign(AUDIT_HEAD, b"head");
        // S + L, L being the group's order, is congruent to S: a lax verifier would accept it.
        let order = bytes_of("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010");
        let mut carry = 0;
        for (byte, addend) in signature[32..].iter_mut().zip(order) {
            let sum = u16::from(*byte) + u16::from(addend) + carry;
            *byte = sum as u8;
            carry = sum >> 8;
        }
        assert_eq!(carry, 0);
        assert!(!signer.public_key().verify(AUDIT_HEAD, b"head", &signature));
    }

    #[test]
    fn a_signer_prints_its_name_only() {
        assert_eq!(format!("{:?}", Signer::from_seed(id(), [1; 32])), "Signer(7k2m9xqd-1)");
    }
}
