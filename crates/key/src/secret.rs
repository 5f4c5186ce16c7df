//! Keys that are secrets rather than signed statements: a token for the API, and later invitations and enrollments.
//!
//! `lkapi_<id>_<secret>_<check>`: a readable prefix that says what it opens, a public id to call it by, 160 bits of
//! secret, and a checksum. Letters, digits and underscores only, so that a double click takes the whole of it and no
//! shell, URL or header has to quote it. The alphabet leaves out `i`, `l`, `o` and `u`, which are misread.
//!
//! The invariant: **one value, one text**, and a text that was cut or mistyped is told from a whole one by its checksum,
//! before anybody looks anything up. The checksum is no protection against whoever makes things up: the secret is.

use std::fmt;

use zeroize::Zeroizing;

use crate::ids::PublisherId;

/// Characters of an id: 60 bits.
pub const ID_LENGTH: usize = 12;
/// Random bytes of an id; the top four bits of the first are not used.
pub const ID_BYTES: usize = 8;
/// Random bytes of a secret: 160 bits.
pub const SECRET_BYTES: usize = 20;

const SECRET_LENGTH: usize = SECRET_BYTES * 8 / 5;
/// Characters of a checksum: 30 bits of a CRC-32.
const CHECK_LENGTH: usize = 6;

/// What a secret key opens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SecretKind {
    /// The REST API.
    Api,
    /// A password that is yet to be chosen: what a setup link holds.
    Setup,
    /// The console, for somebody who has signed in.
    Session,
    /// The gateway, for the machines that may hand in their inventory.
    Enrollment,
    /// A form by which a person gets an account.
    Invitation,
    /// The page that says how a registration stands.
    Receipt,
}

/// A secret key, whole. It opens something, so it cannot be printed by accident.
#[derive(Clone, PartialEq, Eq)]
pub struct SecretKey {
    kind: SecretKind,
    text: Zeroizing<String>,
}

/// Why a text is not a secret key of the kind that is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SecretFault {
    /// Nothing there.
    #[error("there is no token")]
    Missing,
    /// It does not begin as one.
    #[error("the text is not a token: one begins with {}", SecretKind::Api.prefix())]
    NotOne,
    /// It begins as one, but it was cut, or a character is another.
    #[error("the token is not whole: characters are missing, or one was changed")]
    Damaged,
}

impl SecretKind {
    /// How its texts begin.
    pub const fn prefix(self) -> &'static str {
        match self {
            Self::Api => "lkapi_",
            Self::Setup => "lksetup_",
            Self::Session => "lksession_",
            Self::Enrollment => "lkenroll_",
            Self::Invitation => "lkinvite_",
            Self::Receipt => "lkkept_",
        }
    }
}

impl SecretKey {
    /// A new one from random bytes, which the caller draws.
    pub fn from_random(kind: SecretKind, id: [u8; ID_BYTES], secret: &[u8; SECRET_BYTES]) -> Self {
        let mut name = String::with_capacity(ID_LENGTH);
        push_bits(&mut name, u64::from_be_bytes(id), ID_LENGTH);
        Self::of(kind, &name, secret)
    }

    /// Another secret under the id that this one has: for a rotation, after which the id stays what it was.
    pub fn renewed(kind: SecretKind, id: &str, secret: &[u8; SECRET_BYTES]) -> Option<Self> {
        let well_formed = id.len() == ID_LENGTH && id.bytes().all(|byte| PublisherId::ALPHABET.contains(&byte));
        well_formed.then(|| Self::of(kind, id, secret))
    }

    fn of(kind: SecretKind, id: &str, secret: &[u8; SECRET_BYTES]) -> Self {
        let mut text = Zeroizing::new(String::with_capacity(kind.prefix().len() + 2 + 50));
        text.push_str(kind.prefix());
        text.push_str(id);
        text.push('_');
        for five in secret.chunks_exact(5) {
            push_bits(&mut text, five.iter().fold(0, |sum, byte| sum << 8 | u64::from(*byte)), 8);
        }
        let check = crc32(text.as_bytes());
        text.push('_');
        push_bits(&mut text, check.into(), CHECK_LENGTH);
        Self { kind, text }
    }

    /// Reads one of a kind. White space at its ends does not count.
    pub fn read(kind: SecretKind, text: &str) -> Result<Self, SecretFault> {
        let text = text.trim();
        if text.is_empty() {
            return Err(SecretFault::Missing);
        }
        let rest = text.strip_prefix(kind.prefix()).ok_or(SecretFault::NotOne)?;
        let parts: Vec<&str> = rest.split('_').collect();
        let lengths = [ID_LENGTH, SECRET_LENGTH, CHECK_LENGTH];
        let well_formed = parts.iter().map(|part| part.len()).eq(lengths)
            && parts.iter().all(|part| part.bytes().all(|byte| PublisherId::ALPHABET.contains(&byte)));
        let covered = &text[..text.len().saturating_sub(if well_formed { CHECK_LENGTH + 1 } else { 0 })];
        let mut check = String::new();
        push_bits(&mut check, crc32(covered.as_bytes()).into(), CHECK_LENGTH);
        if well_formed && text.ends_with(&check) {
            Ok(Self { kind, text: Zeroizing::new(text.to_owned()) })
        } else {
            Err(SecretFault::Damaged)
        }
    }

    /// What it opens.
    pub fn kind(&self) -> SecretKind {
        self.kind
    }

    /// What it is called in lists and logs. Not a secret.
    pub fn id(&self) -> &str {
        let begin = self.kind.prefix().len();
        &self.text[begin..begin + ID_LENGTH]
    }

    /// The text itself, for whoever may have it.
    pub fn reveal(&self) -> &str {
        &self.text
    }
}

impl fmt::Debug for SecretKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SecretKey({}{}…)", self.kind.prefix(), self.id())
    }
}

/// The lowest bits of a number, five to a character.
fn push_bits(text: &mut String, bits: u64, characters: usize) {
    for at in (0..characters).rev() {
        text.push(char::from(PublisherId::ALPHABET[(bits >> (5 * at) & 31) as usize]));
    }
}

/// CRC-32 as zlib and PHP's `crc32` have it: every change of up to three neighbouring characters shows.
fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| if crc & 1 == 1 { crc >> 1 ^ 0xedb8_8320 } else { crc >> 1 })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token() -> SecretKey {
        SecretKey::from_random(SecretKind::Api, [0x0a, 1, 2, 3, 4, 5, 6, 7], &[0x5a; SECRET_BYTES])
    }

    #[test]
    fn a_token_is_read_as_it_was_written() {
        let token = token();
        assert_eq!(token.reveal(), "lkapi_m0820c20a1g7_b9d5mpjtb9d5mpjtb9d5mpjtb9d5mpjt_g9j6xq");
        let read = SecretKey::read(SecretKind::Api, &format!(" {}\n", token.reveal())).unwrap();
        assert_eq!((read.id(), read.kind()), (token.id(), SecretKind::Api));
        assert!(token.reveal().bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_'));
        assert!(!format!("{token:?}").contains("b9d5mpjt"), "{token:?}");
    }

    #[test]
    fn a_token_that_was_cut_or_mistyped_is_told_without_a_look_up() {
        let whole = token();
        let text = whole.reveal();
        for length in SecretKind::Api.prefix().len()..text.len() {
            assert_eq!(SecretKey::read(SecretKind::Api, &text[..length]), Err(SecretFault::Damaged), "{length}");
        }
        for at in SecretKind::Api.prefix().len()..text.len() {
            for other in ['0', 'z', 'Z', '-', '_'] {
                let mut typed = text.to_owned();
                typed.replace_range(at..=at, &other.to_string());
                let whole = typed == text;
                assert_eq!(SecretKey::read(SecretKind::Api, &typed).is_ok(), whole, "{typed}");
            }
        }
        assert_eq!(SecretKey::read(SecretKind::Api, &format!("{text}{text}")), Err(SecretFault::Damaged));
        assert_eq!(SecretKey::read(SecretKind::Api, "lkapi_é"), Err(SecretFault::Damaged));
    }

    #[test]
    fn what_never_was_a_token_is_told_apart() {
        assert_eq!(SecretKey::read(SecretKind::Api, "  "), Err(SecretFault::Missing));
        assert_eq!(SecretKey::read(SecretKind::Api, "hunter2"), Err(SecretFault::NotOne));
    }

    #[test]
    fn the_checksum_is_the_common_one() {
        assert_eq!(crc32(b"123456789"), 0xcbf4_3926);
    }
}
