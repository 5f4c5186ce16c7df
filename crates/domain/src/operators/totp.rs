//! The code of an authenticator: RFC 6238 with the values that every authenticator knows (SHA-1, 30 seconds, six digits).
//!
//! The invariant: **a step is taken once.** Whoever accepts a code keeps its step, and gives the last one taken here: a code
//! that was looked at over somebody's shoulder opens nothing a second time.

use core::fmt;

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha1::Sha1;
use subtle::ConstantTimeEq as _;
use zeroize::Zeroizing;

use crate::time::Timestamp;

/// Bytes of a secret: as many as the hash gives.
pub const SECRET_BYTES: usize = 20;
/// For how long a code counts, in milliseconds.
const STEP: i64 = 30_000;
/// How many steps a clock may be off, either way.
const SLACK: i64 = 1;
const BASE32: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// What an authenticator and we both know. It cannot be printed.
#[derive(Clone)]
pub struct Secret(Zeroizing<[u8; SECRET_BYTES]>);

impl Secret {
    /// From random bytes, which the caller draws.
    pub fn from_bytes(bytes: [u8; SECRET_BYTES]) -> Self {
        Self(Zeroizing::new(bytes))
    }

    /// As it was kept.
    pub fn read(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self::from_bytes)
    }

    /// The bytes, to be sealed.
    pub fn bytes(&self) -> &[u8] {
        self.0.as_slice()
    }

    /// As people type it into an authenticator: 32 letters and digits.
    pub fn to_base32(&self) -> Zeroizing<String> {
        let text = self.0.chunks_exact(5).flat_map(|five| {
            let bits = five.iter().fold(0_u64, |sum, byte| sum << 8 | u64::from(*byte));
            (0..8).rev().map(move |at| char::from(BASE32[(bits >> (5 * at) & 31) as usize]))
        });
        Zeroizing::new(text.collect())
    }

    /// What an authenticator reads from a picture.
    pub fn to_uri(&self, issuer: &str, account: &str) -> Zeroizing<String> {
        let (issuer, account) = (encoded(issuer), encoded(account));
        let secret = self.to_base32();
        Zeroizing::new(format!("otpauth://totp/{issuer}:{account}?secret={}&issuer={issuer}", secret.as_str()))
    }

    /// The step that a code belongs to, if it is right at `now` and its step comes after the last that was taken.
    pub fn accepts(&self, code: &str, now: Timestamp, last_taken: Option<i64>) -> Option<i64> {
        let digits: String = code.chars().filter(|c| !c.is_whitespace()).collect();
        if digits.len() != 6 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let step = now.millis() / STEP;
        let fresh = (step - SLACK..=step + SLACK).filter(|step| last_taken.is_none_or(|last| *step > last));
        // Every candidate is computed, so that the time taken says nothing.
        let same = |step: i64| bool::from(self.code(step).as_bytes().ct_eq(digits.as_bytes()));
        fresh.fold(None, |found, step| if same(step) { Some(step) } else { found })
    }

    /// The code that an authenticator shows at `now`.
    pub fn code_at(&self, now: Timestamp) -> String {
        self.code(now.millis() / STEP)
    }

    fn code(&self, step: i64) -> String {
        // A key of this length is a key as it is: nothing can go wrong with it.
        let mut block = Zeroizing::new([0; 64]);
        block[..SECRET_BYTES].copy_from_slice(self.0.as_slice());
        let mut mac = Hmac::<Sha1>::new(&(*block).into());
        mac.update(&step.to_be_bytes());
        let hash = mac.finalize().into_bytes();
        let at = usize::from(hash[19] & 15);
        let number = u32::from_be_bytes([hash[at] & 0x7f, hash[at + 1], hash[at + 2], hash[at + 3]]);
        format!("{:06}", number % 1_000_000)
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

fn encoded(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'@' => char::from(byte).to_string(),
            other => format!("%{other:02X}"),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The secret of RFC 6238's own examples.
    fn secret() -> Secret {
        Secret::from_bytes(*b"12345678901234567890")
    }

    fn second(second: i64) -> Timestamp {
        Timestamp::from_millis(second * 1_000)
    }

    #[test]
    fn codes_are_those_of_the_rfc() {
        for (at, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ] {
            assert_eq!(secret().code_at(second(at)), code);
        }
        assert_eq!(secret().to_base32().as_str(), "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
    }

    #[test]
    fn a_code_counts_for_a_step_either_way_and_once() {
        let (secret, now) = (secret(), second(1_111_111_111));
        let code = secret.code_at(now);
        let step = secret.accepts(&code, now, None).unwrap();
        assert_eq!(secret.accepts(&format!(" {} {} ", &code[..3], &code[3..]), now, None), Some(step));
        assert_eq!(secret.accepts(&code, now, Some(step)), None, "taken");
        assert_eq!(secret.accepts(&code, now, Some(step - 1)), Some(step));
        assert_eq!(secret.accepts(&code, now.plus(30_000), None), Some(step));
        assert_eq!(secret.accepts(&code, now.plus(-30_000), None), Some(step));
        assert_eq!(secret.accepts(&code, now.plus(90_000), None), None);
        for bad in ["", "12345", "1234567", "12345x", "١٢٣٤٥٦"] {
            assert_eq!(secret.accepts(bad, now, None), None, "{bad}");
        }
    }

    #[test]
    fn a_picture_holds_who_and_what() {
        assert_eq!(
            secret().to_uri("Latchkey keys.example.org", "a+b@example.org").as_str(),
            "otpauth://totp/Latchkey%20keys.example.org:a%2Bb@example.org?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Latchkey%20keys.example.org"
        );
        assert!(!format!("{:?}", secret()).contains("12345"));
    }
}
