//! Names what is wrong with a text that is no registration key. It never decides whether a text is one: that is `parse`'s,
//! and whatever is said here, the text stays refused.
//!
//! The order of the questions is the design: what a person can see and mend comes first (something after the key, white
//! space, a strange character, a missing end), what needs the vendor comes last.

use crate::damage::{Damage, Part, WhiteSpaceKind};

use super::layout::{self, Layout};
use super::{TEXT_LENGTHS, is_white_space, json, parse};

/// Fewer bytes than these could be the end of a key by chance.
const TELLING_END: usize = 16;

/// Of a trimmed text, neither empty nor longer than `MAX_TEXT`, that `parse` refused.
#[cold]
pub(super) fn diagnose(text: &[u8]) -> Damage {
    more_than_a_key(text).or_else(|| white_space(text)).or_else(|| wrong_alphabet(text)).unwrap_or_else(|| inside(text))
}

fn more_than_a_key(text: &[u8]) -> Option<Damage> {
    let after = TEXT_LENGTHS.into_iter().find(|length| text.get(..*length).is_some_and(|key| parse(key).is_some()))?;
    Some(Damage::Trailing { after })
}

fn white_space(text: &[u8]) -> Option<Damage> {
    let after = text.iter().position(|byte| is_white_space(*byte))?;
    let kind = match text[after] {
        b'\n' | b'\r' => WhiteSpaceKind::LineBreak,
        b' ' => WhiteSpaceKind::Space,
        b'\t' => WhiteSpaceKind::Tab,
        _ => WhiteSpaceKind::Other,
    };
    let without: Vec<u8> = text.iter().copied().filter(|byte| !is_white_space(*byte)).collect();
    Some(Damage::WhiteSpace { after, kind, whole_without: parse(&without).is_some() })
}

fn wrong_alphabet(text: &[u8]) -> Option<Damage> {
    let digits = without_padding(text);
    let at = digits.iter().position(|byte| sextet(*byte).is_none())?;
    Some(Damage::WrongAlphabet { at: at + 1, byte: digits[at] })
}

/// Of a text that is base64 by its characters.
fn inside(text: &[u8]) -> Damage {
    let digits = without_padding(text);
    if digits.is_empty() {
        return Damage::NotAKey;
    }
    let decoded = Decoded::new(digits, 0);
    let layouts: Vec<Layout> = Layout::all().collect();
    whole_or_cut(&decoded, &layouts, digits.len(), text.len())
        .or_else(|| newer(&decoded.bytes))
        .or_else(|| end_of_a_key(digits, &layouts))
        .or_else(|| altered(&decoded.bytes, &layouts))
        .or_else(|| foreign(&decoded.bytes))
        .or_else(|| end_of_something_signed(digits))
        .unwrap_or(Damage::NotAKey)
}

/// The JSON is that of a key, or its beginning, or has one at its beginning.
fn whole_or_cut(decoded: &Decoded, layouts: &[Layout], digits: usize, text: usize) -> Option<Damage> {
    let json = &decoded.bytes;
    let layout =
        layouts.iter().find(|layout| layout.begins_with(json) && decoded.may_go_on_in(layout, text > digits))?;
    let whole = (layout.len() * 4).div_ceil(3);
    if json.len() < layout.len() {
        // A tool that pads what was cut does not make it less cut.
        Some(Damage::Truncated { after: digits })
    } else if json.len() > layout.len() {
        Some(Damage::Trailing { after: whole })
    } else if decoded.rest == 0 && text < layout.len().div_ceil(3) * 4 {
        Some(Damage::Truncated { after: text })
    } else {
        Some(Damage::Altered { part: Part::Encoding })
    }
}

/// All formats to come begin with their version, as this one does.
fn newer(json: &[u8]) -> Option<Damage> {
    let rest = json.strip_prefix(br#"{"v":"#)?;
    let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let (number, then) = rest.split_at(digits);
    if number.starts_with(b"0") || !matches!(then.first(), None | Some(b',' | b'}')) {
        return None;
    }
    let version = std::str::from_utf8(number).ok()?.parse().ok()?;
    (version > 1).then_some(Damage::UnknownFormat { version })
}

/// The beginning may have been lost at any character, so the rest is tried at each of base64's four alignments.
fn end_of_a_key(digits: &[u8], layouts: &[Layout]) -> Option<Damage> {
    (0..4)
        .map(|lost| Decoded::new(digits, lost).bytes)
        .any(|end| end.len() >= TELLING_END && layouts.iter().any(|layout| layout.ends_with(&end)))
        .then_some(Damage::BeginningMissing)
}

/// Like `end_of_a_key`, where the end is not as it should be either.
fn end_of_something_signed(digits: &[u8]) -> Option<Damage> {
    (0..4)
        .map(|lost| Decoded::new(digits, lost).bytes)
        .any(|end| {
            !end.starts_with(b"{") && end.windows(layout::TO_SIGNATURE.len()).any(|part| part == layout::TO_SIGNATURE)
        })
        .then_some(Damage::BeginningMissing)
}

fn altered(json: &[u8], layouts: &[Layout]) -> Option<Damage> {
    let (at, part) = layouts.iter().filter_map(|layout| layout.first_fault(json)).max_by_key(|(at, _)| *at)?;
    let begins_as_ours = at >= layout::OPEN.len();
    let alike = layouts.iter().map(|layout| layout.resemblance(json)).max().unwrap_or(0);
    // Three quarters of a key, in place, are not chance; every other text shares far less.
    let resembles_ours = json.len() >= layout::OPEN.len() && alike * 4 >= json.len() * 3;
    let has_our_members = json::members(json).is_some_and(|members| {
        members.contains(&(b"v", b"1")) && members.iter().any(|(name, _)| [b"kid".as_slice(), b"iat"].contains(name))
    });
    (begins_as_ours || resembles_ours || has_our_members).then_some(Damage::Altered { part })
}

/// GLPI says of its publisher's keys no more than this: a base64 JSON object with a member `signature`.
fn foreign(json: &[u8]) -> Option<Damage> {
    let members = json::members(json)?;
    members.iter().any(|(name, _)| *name == b"signature").then_some(Damage::ForeignFormat)
}

fn without_padding(text: &[u8]) -> &[u8] {
    let end = text.iter().rposition(|byte| *byte != b'=').map_or(0, |last| last + 1);
    &text[..end]
}

/// The six bits of a character of standard base64.
fn sextet(character: u8) -> Option<u8> {
    match character {
        b'A'..=b'Z' => Some(character - b'A'),
        b'a'..=b'z' => Some(character - b'a' + 26),
        b'0'..=b'9' => Some(character - b'0' + 52),
        b'+' => Some(62),
        b'/' => Some(63),
        _ => None,
    }
}

/// Base64 without its rules on length: whole bytes, and the bits that are left over.
struct Decoded {
    bytes: Vec<u8>,
    /// The left-over bits, as the high bits of a byte whose other bits are zero.
    rest: u8,
    /// How many bits are left over: 0, 2, 4 or 6.
    rest_bits: u32,
}

impl Decoded {
    /// `digits` has characters of the alphabet only, and at least one; `lost` characters (0 to 3) stood before them in their group of four.
    /// Bytes that were begun in the lost characters are left out.
    fn new(digits: &[u8], lost: usize) -> Self {
        let (mut bits, mut count) = (0_u32, 6 * lost as u32);
        let mut bytes = Vec::with_capacity(digits.len());
        for sextet in digits.iter().filter_map(|digit| sextet(*digit)) {
            bits = bits << 6 | u32::from(sextet);
            count += 6;
            while count >= 8 {
                count -= 8;
                bytes.push((bits >> count) as u8);
            }
        }
        bytes.drain(..lost.min(bytes.len()));
        Self { bytes, rest: if count == 0 { 0 } else { (bits << (8 - count)) as u8 }, rest_bits: count }
    }

    /// Whether the left-over bits can begin the byte that comes next in this layout. Those of a padded text are void.
    fn may_go_on_in(&self, layout: &Layout, padded: bool) -> bool {
        if self.rest_bits == 0 || padded || self.bytes.len() >= layout.len() {
            return true;
        }
        let mut longer = self.bytes.clone();
        longer.push(0);
        (0..1_u16 << (8 - self.rest_bits)).any(|low| {
            longer[self.bytes.len()] = self.rest | low as u8;
            layout.begins_with(&longer)
        })
    }
}
