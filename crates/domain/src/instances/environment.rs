//! What an instance is for, as somebody has declared it.

use core::fmt;

use crate::Refusal;

/// What an instance is for. Nothing that GLPI sends says so: production is what is not declared otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Environment {
    /// Work is done with it; it takes a seat.
    #[default]
    Production,
    /// Changes are tried on it; it takes no seat.
    Staging,
    /// Something is built on it; it takes no seat.
    Development,
}

impl Environment {
    /// All there are.
    pub const ALL: [Self; 3] = [Self::Production, Self::Staging, Self::Development];

    /// Its name, as commands and the API print and read it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Production => "production",
            Self::Staging => "staging",
            Self::Development => "development",
        }
    }

    /// Reads a name.
    pub fn parse(name: &str) -> Result<Self, Refusal> {
        let name = name.trim();
        Self::ALL
            .into_iter()
            .find(|environment| environment.name().eq_ignore_ascii_case(name))
            .ok_or_else(|| Refusal::EnvironmentUnknown { given: name.chars().take(40).collect() })
    }

    /// Whether it takes a seat.
    pub const fn takes_a_seat(self) -> bool {
        match self {
            Self::Production => true,
            Self::Staging | Self::Development => false,
        }
    }
}

impl fmt::Display for Environment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
