//! Versions of plugins, in the order in which PHP's `version_compare` has them: it is what a GLPI goes by.

use core::cmp::Ordering;
use core::fmt;

use super::Channel;
use crate::Refusal;
use crate::text::TextFault;

/// A plugin's version: 1 to 40 of ASCII letters, digits, `.`, `-`, `+` and `_`, a digit first, a letter or digit last.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct PluginVersion(String);

/// The versions of GLPI that something is made for.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct GlpiRange {
    /// From this one on.
    pub min: Option<PluginVersion>,
    /// Up to this one, which is not among them.
    pub max: Option<PluginVersion>,
}

impl PluginVersion {
    /// Reads a version.
    pub fn parse(text: &str) -> Result<Self, Refusal> {
        let refuse = |fault| Err(Refusal::TextInvalid { field: "version", fault });
        if text.is_empty() {
            return refuse(TextFault::Empty);
        }
        let strange = |(at, c): (usize, char)| {
            !(c.is_ascii_digit() || at > 0 && (c.is_ascii_alphabetic() || matches!(c, '.' | '-' | '+' | '_')))
        };
        match text.chars().enumerate().position(strange) {
            Some(at) => refuse(TextFault::Character { at: at + 1 }),
            None if text.len() > 40 => refuse(TextFault::TooLong { most: 40 }),
            // To PHP 1.0. is lower than 1.0; nobody means that.
            None if !text.ends_with(|c: char| c.is_ascii_alphanumeric()) => {
                refuse(TextFault::Character { at: text.len() })
            }
            None => Ok(Self(text.to_owned())),
        }
    }

    /// As it was written.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The channel that it belongs to by its name: `1.0.0-beta2` is a pre-release.
    pub fn channel(&self) -> Channel {
        let unready = parts(&self.0).any(|part| (DEV..RELEASE).contains(&rank(part)));
        if unready { Channel::PreRelease } else { Channel::Stable }
    }

    /// Which of two is higher, as PHP's `version_compare` sees it: `1.0` is lower than `1.0.0` there.
    pub fn compare(&self, other: &Self) -> Ordering {
        compare(&self.0, &other.0)
    }
}

impl fmt::Display for PluginVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl GlpiRange {
    /// Whether a GLPI of this version is in it.
    pub fn holds(&self, (major, minor, patch): (u16, u16, u16)) -> bool {
        let glpi = format!("{major}.{minor}.{patch}");
        self.min.as_ref().is_none_or(|min| compare(&glpi, &min.0).is_ge())
            && self.max.as_ref().is_none_or(|max| compare(&glpi, &max.0).is_lt())
    }
}

/// The rank of a number among words, and that of the lowest word with a meaning.
const RELEASE: i8 = 0;
const DEV: i8 = -4;

fn compare(a: &str, b: &str) -> Ordering {
    let (mut left, mut right) = (parts(a), parts(b));
    loop {
        let order = match (left.next(), right.next()) {
            (None, None) => return Ordering::Equal,
            // More of a number is higher, more of a word is judged by the word: 1.0.0 > 1.0, but 1.0-beta < 1.0.
            (Some(more), None) if is_number(more) => Ordering::Greater,
            (None, Some(more)) if is_number(more) => Ordering::Less,
            (Some(a), Some(b)) if is_number(a) && is_number(b) => magnitude(a).cmp(&magnitude(b)),
            (a, b) => a.map_or(RELEASE, rank).cmp(&b.map_or(RELEASE, rank)),
        };
        if order.is_ne() {
            return order;
        }
    }
}

/// PHP's order of words: any other < dev < a… < b… < RC… < a number < p…. It looks at how they begin.
fn rank(word: &str) -> i8 {
    let begins = |with: &str| word.starts_with(with);
    match word {
        _ if is_number(word) => RELEASE,
        _ if begins("dev") => DEV,
        _ if begins("a") => -3,
        _ if begins("b") => -2,
        _ if begins("RC") || begins("rc") => -1,
        _ if begins("p") => 1,
        _ => -5,
    }
}

/// Without leading zeros the longer of two numbers is the larger; of two that are as long, bytes decide.
fn magnitude(digits: &str) -> (usize, &str) {
    let digits = digits.trim_start_matches('0');
    (digits.len(), digits)
}

fn is_number(part: &str) -> bool {
    part.starts_with(|c: char| c.is_ascii_digit())
}

/// Runs of digits and runs of letters; everything else parts them.
fn parts(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    core::iter::from_fn(move || {
        rest = rest.trim_start_matches(|c: char| !c.is_ascii_alphanumeric());
        let digits = is_number(rest);
        let end = rest.find(|c: char| !c.is_ascii_alphanumeric() || c.is_ascii_digit() != digits).unwrap_or(rest.len());
        let (part, after) = rest.split_at(end);
        rest = after;
        (!part.is_empty()).then_some(part)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn version(text: &str) -> PluginVersion {
        PluginVersion::parse(text).unwrap()
    }

    #[test]
    fn the_order_is_that_of_php() {
        for (lower, higher) in [
            ("1.0.0-dev", "1.0.0-alpha1"),
            ("1.0.0-alpha2", "1.0.0-beta1"),
            ("1.0.0-beta1", "1.0.0-RC1"),
            ("1.0.0-rc1", "1.0.0"),
            ("1.0.0", "1.0.0p1"),
            ("1.0", "1.0.0"),
            ("1.9.0", "1.10.0"),
            ("9.5.13", "10.0.0"),
            ("1.0.0-x", "1.0.0-dev"),
            ("2.13.9", "2.14.0-beta.1"),
        ] {
            assert_eq!(version(lower).compare(&version(higher)), Ordering::Less, "{lower} < {higher}");
            assert_eq!(version(higher).compare(&version(lower)), Ordering::Greater, "{higher} > {lower}");
        }
        assert_eq!(version("1.0-1").compare(&version("1.0.01")), Ordering::Equal);
    }

    #[test]
    fn the_name_says_the_channel() {
        for (text, channel) in [
            ("1.0.0", Channel::Stable),
            ("1.0.0p2", Channel::Stable),
            ("1.0.0-beta1", Channel::PreRelease),
            ("1.0.0-RC1", Channel::PreRelease),
            ("2.0.0a1", Channel::PreRelease),
            ("3.0.0-dev", Channel::PreRelease),
        ] {
            assert_eq!(version(text).channel(), channel, "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_two_are_in_one_order(a in "[0-9]([0-9a-c.-]{0,8}[0-9a-c])?", b in "[0-9]([0-9a-c.-]{0,8}[0-9a-c])?") {
            prop_assert_eq!(version(&a).compare(&version(&b)), version(&b).compare(&version(&a)).reverse());
            prop_assert_eq!(version(&a).compare(&version(&a)), Ordering::Equal);
        }

        #[test]
        fn reading_never_panics(text in ".*") {
            let _ = PluginVersion::parse(&text);
        }
    }
}
