//! Plugins that a subscription opens.

use core::fmt;

use crate::Refusal;
use crate::text::TextFault;

/// A plugin's key, which is its folder's name: 1 to 60 of `a-z 0-9 _ -`, a letter first.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PluginName(String);

/// The plugins that an offer opens; none, unless it says so.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Cover {
    /// Which ones, in order, each once.
    pub plugins: Vec<PluginName>,
    /// What takes a seat.
    pub seated_by: SeatedBy,
    /// For how many days a plugin may be tried without a key; zero for not at all.
    pub trial_days: u32,
}

/// What takes a seat of a subscription when a plugin is activated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SeatedBy {
    /// The GLPI, by its UID: one key opens all plugins of the offer for it.
    #[default]
    Instance,
    /// The plugin's production address: one key per plugin and address.
    Address,
}

impl PluginName {
    /// Reads a plugin's key.
    pub fn parse(text: &str) -> Result<Self, Refusal> {
        let refuse = |fault| Refusal::TextInvalid { field: "plugin", fault };
        let text = text.trim();
        if text.is_empty() {
            return Err(refuse(TextFault::Empty));
        }
        let strange = text.chars().position(|c| !matches!(c, 'a'..='z' | '0'..='9' | '_' | '-'));
        match strange.or_else(|| (!text.starts_with(|c: char| c.is_ascii_lowercase())).then_some(0)) {
            Some(at) => Err(refuse(TextFault::Character { at: at + 1 })),
            None if text.len() > 60 => Err(refuse(TextFault::TooLong { most: 60 })),
            None => Ok(Self(text.to_owned())),
        }
    }

    /// The key itself.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for PluginName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Cover {
    /// Whether it opens a plugin.
    pub fn opens(&self, plugin: &PluginName) -> bool {
        self.plugins.contains(plugin)
    }
}

impl SeatedBy {
    /// Its name, as commands and the API print and read it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Instance => "instance",
            Self::Address => "address",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plugin_is_named_as_its_folder() {
        for good in ["formcreator", "a", "oauth_imap", "glpi-inventory2"] {
            assert_eq!(PluginName::parse(good).unwrap().as_str(), good);
        }
        for bad in ["", " ", "Form", "2fa", "a b", "é", "a/b", &"a".repeat(61)] {
            assert!(PluginName::parse(bad).is_err(), "{bad}");
        }
    }
}
