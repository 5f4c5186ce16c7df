//! An agent: a machine that hands in its inventory, known by what it calls itself.

use core::fmt;

use uuid::Uuid;

use crate::Refusal;
use crate::ids::AgentId;
use crate::time::Timestamp;

/// What an agent calls its machine, and GLPI finds it by: 1 to 255 printable characters without blanks.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DeviceId(String);

/// What an agent calls itself: a UUID.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AgentUid(pub Uuid);

/// An agent that came with a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Agent {
    /// Ours for it.
    pub id: AgentId,
    /// The id of the key that it came with.
    pub key: String,
    /// What it calls its machine.
    pub device: DeviceId,
    /// What it calls itself, where it does: the old ones do not.
    pub uid: Option<AgentUid>,
    /// The generation of the key's secret that it last used.
    pub generation: u32,
    /// Since when we know it.
    pub first_seen_at: Timestamp,
    /// When it last came.
    pub last_seen_at: Timestamp,
    /// When its first words were last let through.
    pub let_in_at: Option<Timestamp>,
    /// From where it last came.
    pub address: String,
    /// What it says that it is: `GLPI-Agent_v1.12`.
    pub version: String,
    /// The tag that it last sent.
    pub tag: Option<String>,
    /// Since when it is approved, if it is.
    pub approved_at: Option<Timestamp>,
    /// Since when it is quarantined, if it is.
    pub quarantined_at: Option<Timestamp>,
    /// Since when another machine is known to go by the same identity, if one does.
    pub twin_at: Option<Timestamp>,
    /// What gave the other one away: its device, its own name for itself, or its hardware.
    pub twin: Option<String>,
}

/// How an agent stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AgentStanding {
    /// It may hand in inventories.
    Approved,
    /// It waits for a person.
    Pending {
        /// Since when.
        since: Timestamp,
    },
    /// It was shut out.
    Quarantined {
        /// Since when.
        since: Timestamp,
    },
}

impl DeviceId {
    /// Reads one; `None` where it is none.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let fits = (1..=255).contains(&text.chars().count());
        let strange = |c: char| c.is_control() || c.is_whitespace();
        (fits && !text.contains(strange)).then(|| Self(text.to_owned()))
    }

    /// As the agent says it.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl AgentUid {
    /// Reads one; `None` where it is none.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        if text.len() != 36 { None } else { Uuid::parse_str(text).ok().map(Self) }
    }
}

impl Agent {
    /// How it stands.
    pub fn standing(&self) -> AgentStanding {
        match (self.quarantined_at, self.approved_at) {
            (Some(since), _) => AgentStanding::Quarantined { since },
            (None, Some(_)) => AgentStanding::Approved,
            (None, None) => AgentStanding::Pending { since: self.first_seen_at },
        }
    }

    /// Whether it may be approved.
    pub fn may_approve(&self) -> Result<(), Refusal> {
        match self.standing() {
            AgentStanding::Pending { .. } => Ok(()),
            AgentStanding::Approved => Err(Refusal::AgentNotPending { agent: self.device.to_string() }),
            AgentStanding::Quarantined { since } => Err(Refusal::AgentQuarantined { since }),
        }
    }

    /// Whether it may be quarantined.
    pub fn may_quarantine(&self) -> Result<(), Refusal> {
        self.quarantined_at.map_or(Ok(()), |since| Err(Refusal::AgentQuarantined { since }))
    }

    /// Whether it may be taken out of quarantine.
    pub fn may_restore(&self) -> Result<(), Refusal> {
        let none = || Refusal::AgentNotQuarantined { agent: self.device.to_string() };
        self.quarantined_at.map(|_| ()).ok_or_else(none)
    }
}

impl AgentStanding {
    /// Its name, as commands and the API print it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Approved => "approved",
            Self::Pending { .. } => "pending",
            Self::Quarantined { .. } => "quarantined",
        }
    }
}

impl fmt::Display for DeviceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for AgentUid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.as_hyphenated().fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_machines_are_read_or_not() {
        assert_eq!(
            DeviceId::parse("front-desk-01-2026-11-22-02-29-13").unwrap().as_str(),
            "front-desk-01-2026-11-22-02-29-13"
        );
        for bad in ["", "  ", "a b", "a\nb", "a\0", &"x".repeat(256)] {
            assert_eq!(DeviceId::parse(bad), None, "{bad:?}");
        }
        assert!(AgentUid::parse("81f19132-e61c-11f1-ade9-28db19278d72").is_some());
        for bad in [
            "",
            "81f19132e61c11f1ade928db19278d72",
            "81f19132-e61c-11f1-ade9-28db19278d7z",
            "{81f19132-e61c-11f1-ade9-28db19278d72}",
        ] {
            assert_eq!(AgentUid::parse(bad), None, "{bad:?}");
        }
    }
}
