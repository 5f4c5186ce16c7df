//! What can be wrong with the text of a registration key. Not what can be wrong with a key that is sound: revocation,
//! subscriptions and instances are the service's matter.
//!
//! The invariant: each variant has one stable code and one plain English sentence, and none repeats the pasted text beyond
//! a single character. Positions count the characters of the text after white space was trimmed from both ends.

use std::fmt;

use crate::ids::SigningKeyId;

/// Why a text is not a registration key that can be trusted. The most useful name wins where several would fit: see
/// [`crate::registration::read`] for the order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Damage {
    /// Nothing there, or white space only.
    Missing,
    /// Longer than [`crate::registration::MAX_TEXT`].
    TooLong {
        /// Its length in bytes.
        len: usize,
    },
    /// White space or a line break inside.
    WhiteSpace {
        /// How many characters stand before it.
        after: usize,
        /// What it is.
        kind: WhiteSpaceKind,
        /// Whether the text would be a whole key without any white space.
        whole_without: bool,
    },
    /// A byte that standard base64 never contains (or `=` before the end).
    WrongAlphabet {
        /// The character's position, from 1.
        at: usize,
        /// The byte, the first of a non-ASCII character.
        byte: u8,
    },
    /// The end was lost: the text is the beginning of some well-formed key.
    Truncated {
        /// How many characters are left.
        after: usize,
    },
    /// The beginning was lost: the text ends as a key ends.
    BeginningMissing,
    /// A whole key, followed by more.
    Trailing {
        /// How many characters the whole key has.
        after: usize,
    },
    /// One of ours by its looks, but not as any Latchkey wrote it.
    Altered {
        /// The first part that is wrong.
        part: Part,
    },
    /// A format newer than this program.
    UnknownFormat {
        /// The format's version, above 1.
        version: u64,
    },
    /// A base64 JSON object with a `signature` that no Latchkey wrote, such as a key of GLPI's own publisher.
    ForeignFormat,
    /// Nothing that resembles a registration key.
    NotAKey,
    /// A well-formed key of another Latchkey.
    UnknownPublisher {
        /// The signing key it names.
        signing_key: SigningKeyId,
    },
    /// A well-formed key of this publisher, whose signing key is not in the keyring.
    UnknownSigningKey {
        /// The signing key it names.
        signing_key: SigningKeyId,
    },
    /// The signature does not hold: the key was changed or made up.
    Forged,
}

/// The white space that stands inside a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WhiteSpaceKind {
    /// A line feed or a carriage return.
    LineBreak,
    /// U+0020.
    Space,
    /// U+0009.
    Tab,
    /// A vertical tab or a form feed.
    Other,
}

/// A part of a registration key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// The base64 around everything: its padding or its last bits.
    Encoding,
    /// The names, the order or the number of the members, or what stands between them.
    Layout,
    /// `v`.
    Version,
    /// `kid`.
    SigningKey,
    /// `id`.
    KeyId,
    /// `iat`.
    IssueDate,
    /// `signature`, as it is written.
    Signature,
}

impl Damage {
    /// The stable code: for logs, APIs and translations.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Missing => "KEY_MISSING",
            Self::TooLong { .. } => "KEY_TOO_LONG",
            Self::WhiteSpace { .. } => "KEY_WHITESPACE",
            Self::WrongAlphabet { .. } => "KEY_ALPHABET",
            Self::Truncated { .. } => "KEY_TRUNCATED",
            Self::BeginningMissing => "KEY_BEGINNING_MISSING",
            Self::Trailing { .. } => "KEY_TRAILING",
            Self::Altered { .. } => "KEY_ALTERED",
            Self::UnknownFormat { .. } => "KEY_FORMAT_UNKNOWN",
            Self::ForeignFormat | Self::UnknownPublisher { .. } => "KEY_FOREIGN",
            Self::NotAKey => "KEY_NOT_A_KEY",
            Self::UnknownSigningKey { .. } => "KEY_SIGNER_UNKNOWN",
            Self::Forged => "KEY_FORGED",
        }
    }
}

impl fmt::Display for Damage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Missing => f.write_str("There is no registration key."),
            Self::TooLong { len } => {
                write!(f, "The text has {len} characters, far more than any registration key.")
            }
            Self::WhiteSpace { after, kind, whole_without: true } => {
                write!(f, "The key has {kind} after {} and is whole without it.", Characters(after))
            }
            Self::WhiteSpace { after, kind, whole_without: false } => {
                write!(f, "The key has {kind} after {}, and it is not whole without it either.", Characters(after))
            }
            Self::WrongAlphabet { at, byte } if byte.is_ascii_graphic() => {
                write!(f, "Character {at} of the key is {:?}, which cannot stand there.", char::from(byte))
            }
            Self::WrongAlphabet { at, byte } => {
                write!(f, "Character {at} of the key (byte 0x{byte:02x}) is one that no key contains.")
            }
            Self::Truncated { after } => {
                write!(f, "The end of the key is missing: it was cut after {}.", Characters(after))
            }
            Self::BeginningMissing => f.write_str("The beginning of the key is missing."),
            Self::Trailing { after } => {
                write!(f, "The key is whole after {}, but more text follows it.", Characters(after))
            }
            Self::Altered { part } => write!(f, "The key was altered: {part} is not as it was issued."),
            Self::UnknownFormat { version } => {
                write!(f, "The key has format {version}, which needs a newer Latchkey.")
            }
            Self::ForeignFormat => f.write_str("The key is a signed registration key, but not one of a Latchkey."),
            Self::NotAKey => f.write_str("The text is not a registration key."),
            Self::UnknownPublisher { signing_key } => {
                write!(f, "The key comes from another publisher, {}.", signing_key.publisher())
            }
            Self::UnknownSigningKey { signing_key } => {
                write!(f, "The key was signed with {signing_key}, a signing key that is not known here.")
            }
            Self::Forged => f.write_str("The signature does not hold: the key was changed or forged."),
        }
    }
}

impl std::error::Error for Damage {}

impl fmt::Display for WhiteSpaceKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::LineBreak => "a line break",
            Self::Space => "a space",
            Self::Tab => "a tab",
            Self::Other => "white space",
        })
    }
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Encoding => "its base64 encoding",
            Self::Layout => "the layout of its members",
            Self::Version => "its format version",
            Self::SigningKey => "its signing key's id",
            Self::KeyId => "its key id",
            Self::IssueDate => "its issue date",
            Self::Signature => "its signature",
        })
    }
}

/// A count of characters, in words that agree with it.
struct Characters(usize);

impl fmt::Display for Characters {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            1 => f.write_str("1 character"),
            count => write!(f, "{count} characters"),
        }
    }
}
