//! The names of keys: which registration key, whose, signed by which signing key. Names only, no key material.
//!
//! The invariant: each name has one canonical text, which `Display` writes. [`PublisherId`] and [`SigningKeyId`] read
//! nothing else, because their text is part of what is signed.

use std::fmt;
use std::str::FromStr;

use uuid::Uuid;

/// Which registration key: what the store, the logs and an operator call it. Not a secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeyId(pub Uuid);

/// Which installation issues: 8 characters of `0-9a-z` without `i l o u` (40 bits, Crockford's alphabet in lower case).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PublisherId([u8; PublisherId::LENGTH]);

/// Which signing key: the publisher, and a number that grows with every rotation. Written `7k2m9xqd-1`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SigningKeyId {
    publisher: PublisherId,
    number: u32,
}

/// A name or a date that is not written as it must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Malformed {
    /// Not a UUID in its hyphenated or its simple form.
    #[error("a key id is a UUID: 32 hexadecimal digits, with or without hyphens")]
    KeyId,
    /// Not 8 characters of the publisher's alphabet.
    #[error("a publisher id is 8 characters of 0-9 and a-z without i, l, o and u")]
    PublisherId,
    /// Not `<publisher>-<number>`.
    #[error("a signing key id is a publisher id, a hyphen and a number from 1 to 999999")]
    SigningKeyId,
    /// Not a day of the calendar written `YYYY-MM-DD`.
    #[error("an issue date is a day of the calendar, written YYYY-MM-DD")]
    IssueDate,
}

impl KeyId {
    pub(crate) const TEXT_LENGTH: usize = 32;

    /// The 32 lower-case digits a registration key carries.
    pub(crate) fn to_simple(self) -> [u8; Self::TEXT_LENGTH] {
        let mut digits = [0; Self::TEXT_LENGTH];
        self.0.simple().encode_lower(&mut digits);
        digits
    }
}

impl PublisherId {
    /// Its length in characters.
    pub const LENGTH: usize = 8;

    pub(crate) const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

    /// Names an installation by 40 random bits, which the caller draws once, when the installation is made.
    pub fn from_random(bits: [u8; 5]) -> Self {
        let bits = bits.iter().fold(0_u64, |sum, byte| sum << 8 | u64::from(*byte));
        Self(std::array::from_fn(|at| Self::ALPHABET[(bits >> (35 - 5 * at) & 31) as usize]))
    }

    /// Its 8 characters.
    pub fn as_str(&self) -> &str {
        // Only characters of the alphabet get in, so these bytes are always ASCII.
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

impl SigningKeyId {
    /// The highest number: six digits, so that a key's length stays bounded.
    pub const MAX_NUMBER: u32 = 999_999;

    /// Fails for a number outside 1 to [`Self::MAX_NUMBER`].
    pub const fn new(publisher: PublisherId, number: u32) -> Result<Self, Malformed> {
        match number {
            1..=Self::MAX_NUMBER => Ok(Self { publisher, number }),
            0 | 1_000_000.. => Err(Malformed::SigningKeyId),
        }
    }

    /// The installation this signing key belongs to.
    pub const fn publisher(self) -> PublisherId {
        self.publisher
    }

    /// Its place in the publisher's rotation, from 1.
    pub const fn number(self) -> u32 {
        self.number
    }
}

impl FromStr for KeyId {
    type Err = Malformed;

    fn from_str(text: &str) -> Result<Self, Malformed> {
        // `Uuid` would also read braces and URNs, which no one means here.
        match text.len() {
            32 | 36 => Uuid::try_parse(text).map(Self).map_err(|_| Malformed::KeyId),
            _ => Err(Malformed::KeyId),
        }
    }
}

impl FromStr for PublisherId {
    type Err = Malformed;

    fn from_str(text: &str) -> Result<Self, Malformed> {
        let characters: [u8; Self::LENGTH] = text.as_bytes().try_into().map_err(|_| Malformed::PublisherId)?;
        match characters.iter().all(|character| Self::ALPHABET.contains(character)) {
            true => Ok(Self(characters)),
            false => Err(Malformed::PublisherId),
        }
    }
}

impl FromStr for SigningKeyId {
    type Err = Malformed;

    fn from_str(text: &str) -> Result<Self, Malformed> {
        let (publisher, number) = text.split_once('-').ok_or(Malformed::SigningKeyId)?;
        let canonical = matches!(number.as_bytes(), [b'1'..=b'9', rest @ ..] if rest.iter().all(u8::is_ascii_digit));
        if !canonical {
            return Err(Malformed::SigningKeyId);
        }
        let number = number.parse().map_err(|_| Malformed::SigningKeyId)?;
        Self::new(publisher.parse().map_err(|_| Malformed::SigningKeyId)?, number)
    }
}

impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.hyphenated().fmt(f)
    }
}

impl fmt::Display for PublisherId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl fmt::Debug for PublisherId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PublisherId({self})")
    }
}

impl fmt::Display for SigningKeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.publisher, self.number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_id_reads_both_forms_and_no_others() {
        let id: KeyId = "0198c1de-7a3b-7c4d-8e5f-60718293a4b5".parse().unwrap();
        assert_eq!("0198c1de7a3b7c4d8e5f60718293a4b5".parse(), Ok(id));
        assert_eq!(id.to_string(), "0198c1de-7a3b-7c4d-8e5f-60718293a4b5");
        assert_eq!(&id.to_simple(), b"0198c1de7a3b7c4d8e5f60718293a4b5");
        for other in ["", "0198", "{0198c1de-7a3b-7c4d-8e5f-60718293a4b5}", "0198c1de-7a3b-7c4d-8e5f-60718293a4bg"] {
            assert_eq!(other.parse::<KeyId>(), Err(Malformed::KeyId), "{other}");
        }
    }

    #[test]
    fn a_publisher_is_eight_characters_made_of_forty_bits() {
        assert_eq!(PublisherId::from_random([0; 5]).as_str(), "00000000");
        assert_eq!(PublisherId::from_random([0xff; 5]).as_str(), "zzzzzzzz");
        assert_eq!(PublisherId::from_random([0x00, 0x44, 0x32, 0x14, 0xc7]).as_str(), "01234567");
        assert_eq!("7k2m9xqd".parse::<PublisherId>().unwrap().to_string(), "7k2m9xqd");
        for other in ["", "7k2m9xq", "7k2m9xqdd", "7K2M9XQD", "7k2m9xql", "7k2m9xé"] {
            assert_eq!(other.parse::<PublisherId>(), Err(Malformed::PublisherId), "{other}");
        }
    }

    #[test]
    fn a_signing_key_id_has_one_text() {
        for text in ["7k2m9xqd-1", "7k2m9xqd-999999"] {
            assert_eq!(text.parse::<SigningKeyId>().unwrap().to_string(), text);
        }
        for other in [
            "7k2m9xqd",
            "7k2m9xqd-",
            "7k2m9xqd-0",
            "7k2m9xqd-01",
            "7k2m9xqd-+1",
            "7k2m9xqd-1000000",
            "7k2m-1",
            "7k2m9xqd-1-1",
        ] {
            assert_eq!(other.parse::<SigningKeyId>(), Err(Malformed::SigningKeyId), "{other}");
        }
        let publisher = "7k2m9xqd".parse().unwrap();
        assert_eq!(SigningKeyId::new(publisher, 0), Err(Malformed::SigningKeyId));
        assert!(
            SigningKeyId::new(publisher, 2).unwrap() < SigningKeyId::new(publisher, 10).unwrap(),
            "numbers sort as numbers"
        );
    }
}
