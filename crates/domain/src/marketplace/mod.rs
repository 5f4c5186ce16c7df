//! The marketplace: which plugins there are for whom.
//!
//! A plugin has versions; a version is one archive that was examined before it was published ([`ArchiveFault`],
//! [`SheetFault`] say what was wrong with one that was not). What a GLPI is shown, and what it may download, is decided by
//! [`Release::suits`] and [`opens`].

mod fault;
mod version;

use core::fmt;

pub use fault::{ArchiveFault, SheetFault, SheetMistake};
pub use version::{GlpiRange, PluginVersion};

use crate::Refusal;
use crate::text::{OfferRef, TextFault};
use crate::time::Timestamp;

/// A plugin's key: the name of its folder in GLPI. 1 to 60 ASCII letters and digits, a letter first.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PluginKey(String);

impl PluginKey {
    /// Reads a key.
    pub fn parse(text: &str) -> Result<Self, Refusal> {
        let refuse = |fault| Err(Refusal::TextInvalid { field: "plugin", fault });
        if text.is_empty() {
            return refuse(TextFault::Empty);
        }
        let strange = |(at, c): (usize, char)| !(c.is_ascii_alphabetic() || at > 0 && c.is_ascii_digit());
        match text.chars().enumerate().position(strange) {
            Some(at) => refuse(TextFault::Character { at: at + 1 }),
            None if text.len() > 60 => refuse(TextFault::TooLong { most: 60 }),
            None => Ok(Self(text.to_owned())),
        }
    }

    /// The key itself.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for PluginKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// How tried a version is, and how eager a subscription.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Channel {
    /// For everybody.
    #[default]
    Stable,
    /// For those who asked for it.
    PreRelease,
}

impl Channel {
    /// Its name, as people type it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Stable => "stable",
            Self::PreRelease => "pre-release",
        }
    }

    /// The channel of this name.
    pub fn parse(name: &str) -> Result<Self, Refusal> {
        [Self::Stable, Self::PreRelease]
            .into_iter()
            .find(|channel| channel.name() == name)
            .ok_or_else(|| Refusal::ChannelUnknown { given: name.chars().take(60).collect() })
    }
}

/// What decides whether a version is for somebody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Release {
    /// The version.
    pub version: PluginVersion,
    /// The versions of GLPI that it is made for.
    pub glpi: GlpiRange,
    /// How tried it is.
    pub channel: Channel,
    /// Since when nobody gets it, if so.
    pub withdrawn_at: Option<Timestamp>,
}

impl Release {
    /// Whether it is for a GLPI of this version whose subscription is on this channel. Without a version everything is: whoever
    /// asks is no GLPI.
    pub fn suits(&self, glpi: Option<(u16, u16, u16)>, channel: Channel) -> bool {
        self.withdrawn_at.is_none() && self.channel <= channel && glpi.is_none_or(|glpi| self.glpi.holds(glpi))
    }
}

/// Whether somebody who holds these offers, all of them running, gets a plugin that requires one of those.
pub fn opens<'a>(required: &[OfferRef], held: impl IntoIterator<Item = &'a OfferRef>) -> bool {
    required.is_empty() || held.into_iter().any(|offer| required.contains(offer))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn release(version: &str, min: &str, max: &str, channel: Channel) -> Release {
        let glpi = GlpiRange { min: PluginVersion::parse(min).ok(), max: PluginVersion::parse(max).ok() };
        Release { version: PluginVersion::parse(version).unwrap(), glpi, channel, withdrawn_at: None }
    }

    #[test]
    fn a_version_is_for_the_glpi_it_is_made_for() {
        let release = release("1.0.0", "10.0.0", "11.0.0", Channel::Stable);
        for (glpi, suits) in [((9, 5, 13), false), ((10, 0, 0), true), ((10, 0, 19), true), ((11, 0, 0), false)] {
            assert_eq!(release.suits(Some(glpi), Channel::Stable), suits, "{glpi:?}");
        }
        assert!(release.suits(None, Channel::Stable));
        assert!(!Release { withdrawn_at: Some(Timestamp::from_millis(1)), ..release }.suits(None, Channel::PreRelease));
    }

    #[test]
    fn pre_releases_are_for_those_who_asked() {
        let release = release("1.1.0-beta1", "10.0", "", Channel::PreRelease);
        assert!(!release.suits(Some((10, 0, 19)), Channel::Stable));
        assert!(release.suits(Some((10, 0, 19)), Channel::PreRelease));
    }

    #[test]
    fn a_plugin_that_requires_nothing_is_open_and_any_of_what_it_requires_opens_it() {
        let offer = |name: &str| OfferRef::parse(name).unwrap();
        assert!(opens(&[], []));
        assert!(!opens(&[offer("basic")], []));
        assert!(!opens(&[offer("basic")], &[offer("free")]));
        assert!(opens(&[offer("basic"), offer("gold")], &[offer("free"), offer("gold")]));
    }

    #[test]
    fn keys_are_names_of_folders() {
        for good in ["fields", "formcreator", "oauthSSO", "a1"] {
            assert_eq!(PluginKey::parse(good).unwrap().as_str(), good);
        }
        let long = "a".repeat(61);
        for bad in ["", ".", "..", "a/b", "a-b", "a b", "1a", "é", "a\0", long.as_str()] {
            assert!(PluginKey::parse(bad).is_err(), "{bad:?}");
        }
    }
}
