//! Registration keys: issuing, reading, verifying. Whether a sound key opens anything is not decided here.
//!
//! The invariant: [`read`] writes what it has read anew and compares it, byte for byte, with what it was given. So the
//! bytes [`RegistrationKey::verify`] builds from the members are exactly those received, and a text has no second form.

mod diagnosis;
mod json;
mod layout;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD};
use uuid::Uuid;

use crate::damage::Damage;
use crate::date::IssueDate;
use crate::ids::{KeyId, PublisherId, SigningKeyId};
use crate::keyring::PublicKeys;
use crate::purpose;
use crate::signing::Signer;

/// No longer text is looked at, in bytes. Keys have [`TEXT_LENGTHS`]; the rest is room for formats to come.
pub const MAX_TEXT: usize = 1024;

/// The lengths a key's text can have, in characters: it depends on the digits of the signing key's number alone.
pub const TEXT_LENGTHS: [usize; 3] = [248, 252, 256];

const SIGNATURE: usize = 64;
const SIGNATURE_TEXT: usize = 86;

/// A well-formed registration key. Its signature is not necessarily good: see [`Self::verify`]. Members changed by hand
/// make another key, which no longer verifies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RegistrationKey {
    /// The signing key it names (`kid`).
    pub signing_key: SigningKeyId,
    /// Its own name (`id`).
    pub id: KeyId,
    /// The day it was issued (`iat`).
    pub issued: IssueDate,
    signature: [u8; SIGNATURE],
}

/// Makes a key. Deterministic, so that a lost key can be shown again: the same arguments make the same text.
pub fn issue(signer: &Signer, id: KeyId, issued: IssueDate) -> RegistrationKey {
    let mut key = RegistrationKey { signing_key: signer.id(), id, issued, signature: [0; SIGNATURE] };
    key.signature = signer.sign(purpose::REGISTRATION_KEY, key.members().as_bytes());
    key
}

/// [`read`], then [`RegistrationKey::verify`].
pub fn check(text: &[u8], keys: &PublicKeys) -> Result<RegistrationKey, Damage> {
    let key = read(text)?;
    key.verify(keys)?;
    Ok(key)
}

/// Reads a key without verifying its signature. White space at both ends is ignored, as GLPI trims it.
///
/// The first of these that fits is the error: [`Damage::Missing`], `TooLong`, `Trailing` after a whole key, `WhiteSpace`,
/// `WrongAlphabet`, `Truncated`, `Trailing` inside the base64, `UnknownFormat`, `BeginningMissing`, `Altered`,
/// `ForeignFormat`, `NotAKey`. A good key costs no allocation.
pub fn read(text: &[u8]) -> Result<RegistrationKey, Damage> {
    let text = trim(text);
    match text.len() {
        0 => Err(Damage::Missing),
        1..=MAX_TEXT => parse(text).ok_or_else(|| diagnosis::diagnose(text)),
        len => Err(Damage::TooLong { len }),
    }
}

/// The id that a text names where a key names its own; nothing else of it is looked at, and it may be no key at all. For
/// whoever remembers the keys that it has verified, text by text, and wants to look one up before reading it.
pub fn named_id(text: &[u8]) -> Option<KeyId> {
    let mut json = [0; layout::UP_TO_ID / 4 * 3];
    STANDARD.decode_slice(trim(text).get(..layout::UP_TO_ID)?, &mut json).ok()?;
    (1..=layout::MAX_DIGITS).find_map(|digits| {
        let after_kid = json.get(layout::OPEN.len() + PublisherId::LENGTH + 1 + digits..)?;
        let id = after_kid.strip_prefix(layout::TO_ID)?.get(..KeyId::TEXT_LENGTH)?;
        Uuid::try_parse_ascii(id).ok().map(KeyId)
    })
}

impl RegistrationKey {
    /// Whether the publisher of `keys` signed exactly this. The error is `UnknownPublisher`, `UnknownSigningKey` or
    /// `Forged`.
    pub fn verify(&self, keys: &PublicKeys) -> Result<(), Damage> {
        let signing_key = self.signing_key;
        if signing_key.publisher() != keys.publisher() {
            return Err(Damage::UnknownPublisher { signing_key });
        }
        let key = keys.get(&signing_key).ok_or(Damage::UnknownSigningKey { signing_key })?;
        match key.verify(purpose::REGISTRATION_KEY, self.members().as_bytes(), &self.signature) {
            true => Ok(()),
            false => Err(Damage::Forged),
        }
    }

    /// The text to hand out: one line, of one of [`TEXT_LENGTHS`].
    pub fn to_text(&self) -> String {
        STANDARD.encode(self.json().as_bytes())
    }

    /// What the signature covers, purpose included: for whoever verifies with another library.
    pub fn signed_bytes(&self) -> Vec<u8> {
        purpose::REGISTRATION_KEY.frame(self.members().as_bytes())
    }

    /// The Ed25519 signature as it is in the key, good or not.
    pub fn signature(&self) -> &[u8; SIGNATURE] {
        &self.signature
    }

    /// The JSON before `,"signature":`.
    fn members(&self) -> Line {
        let mut line = Line { bytes: [0; layout::MAX_JSON], len: 0 };
        line.push(layout::OPEN);
        line.push(self.signing_key.publisher().as_str().as_bytes());
        line.push(b"-");
        line.push_number(self.signing_key.number());
        line.push(layout::TO_ID);
        line.push(&self.id.to_simple());
        line.push(layout::TO_ISSUED);
        line.push(&self.issued.to_ascii());
        line.push(layout::END_OF_SIGNED);
        line
    }

    fn json(&self) -> Line {
        let mut signature = [0; SIGNATURE_TEXT];
        // 64 bytes make 86 characters, so this never fails; a shortfall would leave a text that `parse` refuses.
        let written = STANDARD_NO_PAD.encode_slice(self.signature, &mut signature);
        debug_assert_eq!(written, Ok(SIGNATURE_TEXT));
        let mut line = self.members();
        line.push(layout::TO_SIGNATURE);
        line.push(&signature);
        line.push(layout::CLOSE);
        line
    }
}

/// Reads a trimmed text, or says only that it is no key. All positions follow from the length; the comparison at the end
/// refuses everything that does not stand where it should, in the only form it may have.
fn parse(text: &[u8]) -> Option<RegistrationKey> {
    if !TEXT_LENGTHS.contains(&text.len()) {
        return None;
    }
    let mut buffer = [0; layout::MAX_JSON + 1];
    let len = STANDARD.decode_slice(text, &mut buffer).ok()?;
    let json = &buffer[..len];

    let mut rest = json.get(layout::OPEN.len()..)?;
    let mut take = |len: usize, then: &[u8]| {
        let (taken, after) = rest.split_at_checked(len)?;
        rest = after.get(then.len()..)?;
        std::str::from_utf8(taken).ok()
    };
    let signing_key = take(len.checked_sub(layout::JSON_WITHOUT_KID)?, layout::TO_ID)?.parse().ok()?;
    let id = KeyId(Uuid::try_parse(take(KeyId::TEXT_LENGTH, layout::TO_ISSUED)?).ok()?);
    let issued = take(IssueDate::TEXT_LENGTH, layout::END_OF_SIGNED)?.parse().ok()?;
    take(0, layout::TO_SIGNATURE)?;
    let mut signature = [0; SIGNATURE];
    let written = STANDARD_NO_PAD.decode_slice(take(SIGNATURE_TEXT, layout::CLOSE)?, &mut signature).ok()?;

    let key = RegistrationKey { signing_key, id, issued, signature };
    (written == SIGNATURE && key.json().as_bytes() == json).then_some(key)
}

fn trim(text: &[u8]) -> &[u8] {
    let begin = text.iter().position(|byte| !is_white_space(*byte)).unwrap_or(text.len());
    let end = text.iter().rposition(|byte| !is_white_space(*byte)).map_or(begin, |last| last + 1);
    &text[begin..end]
}

/// ASCII white space. Zero bytes, which PHP's `trim` removes too, cannot reach us in a header and are named instead.
const fn is_white_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | 0x0b | 0x0c)
}

/// The compact JSON of one key, on the stack.
struct Line {
    bytes: [u8; layout::MAX_JSON],
    len: usize,
}

impl Line {
    fn as_bytes(&self) -> &[u8] {
        &self.bytes[..self.len]
    }

    /// The pieces pushed by one key never exceed [`layout::MAX_JSON`], because every member's type bounds its length.
    fn push(&mut self, piece: &[u8]) {
        self.bytes[self.len..self.len + piece.len()].copy_from_slice(piece);
        self.len += piece.len();
    }

    fn push_number(&mut self, number: u32) {
        let digits = number.checked_ilog10().unwrap_or(0);
        for power in (0..=digits).rev() {
            self.push(&[b'0' + (number / 10_u32.pow(power) % 10) as u8]);
        }
    }
}

#[cfg(test)]
mod tests;
