//! An enrollment key: what it says of the machines that come with it.

use core::fmt;
use core::net::IpAddr;

use crate::Refusal;
use crate::network::Network;
use crate::text::{Name, TextFault, one_line};
use crate::time::Timestamp;

/// The most agents that a limit may name.
pub const MOST_AGENTS: u32 = 1_000_000;
/// The longest life of a key that has an end, in days.
pub const MOST_KEY_DAYS: u32 = 3_660;
/// The longest overlap of a rotation, in days.
pub const MOST_OVERLAP_DAYS: u32 = 366;

/// The word that GLPI's rules turn into an entity: 1 to 200 characters on one line, without `"`, `\`, `<`, `>` and `&`,
/// so that it reads the same in both formats of agents.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Tag(String);

/// Whom a key lets in, and what happens to what they bring.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    /// The name of the GLPI that inventories go to.
    pub glpi: String,
    /// Put into each message in the place of the agent's own.
    pub tag: Option<Tag>,
    /// So many agents, at the most.
    pub agent_limit: Option<u32>,
    /// From these networks alone; from everywhere where there is none.
    pub networks: Vec<Network>,
    /// Whether agents are let in at once; else each waits for a person.
    pub approves: bool,
}

/// An enrollment key, without its secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EnrollmentKey {
    /// The public part of its text, which stays the same through rotations.
    pub id: String,
    /// What people call it.
    pub name: Name,
    /// What it says of agents.
    pub policy: Policy,
    /// How many times its secret was made anew; 1 at first.
    pub generation: u32,
    /// Until when the secret before the present one counts, where it still may.
    pub previous_until: Option<Timestamp>,
    /// Since when it exists.
    pub created_at: Timestamp,
    /// From when it lets nobody in any more, if ever.
    pub ends_at: Option<Timestamp>,
    /// Since when it is suspended, if it is.
    pub suspended_at: Option<Timestamp>,
    /// Since when it is revoked, if it is.
    pub revoked_at: Option<Timestamp>,
    /// How many agents it has let in.
    pub agents: u32,
}

/// How a key stands at a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyStanding {
    /// It lets agents in.
    Active,
    /// It lets nobody in until it is resumed.
    Suspended {
        /// Since when.
        since: Timestamp,
    },
    /// Its time is over.
    Expired {
        /// Since when.
        since: Timestamp,
    },
    /// It was withdrawn for good.
    Revoked {
        /// Since when.
        since: Timestamp,
    },
}

impl Tag {
    /// Reads a tag.
    pub fn parse(text: &str) -> Result<Self, Refusal> {
        let refuse = |fault| Refusal::TextInvalid { field: "tag", fault };
        let text = one_line(text, 200).map_err(refuse)?;
        match text.chars().position(|c| matches!(c, '"' | '\\' | '<' | '>' | '&')) {
            Some(at) => Err(refuse(TextFault::Character { at: at + 1 })),
            None => Ok(Self(text)),
        }
    }

    /// The tag itself.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Tag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Policy {
    /// Whether a machine at this address may come with the key.
    pub fn takes_from(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        self.networks.is_empty() || self.networks.iter().any(|network| network.contains(address))
    }
}

impl EnrollmentKey {
    /// How it stands at `now`.
    pub fn standing(&self, now: Timestamp) -> KeyStanding {
        match (self.revoked_at, self.ends_at, self.suspended_at) {
            (Some(since), _, _) => KeyStanding::Revoked { since },
            (None, Some(since), _) if since <= now => KeyStanding::Expired { since },
            (None, _, Some(since)) => KeyStanding::Suspended { since },
            (None, _, None) => KeyStanding::Active,
        }
    }

    /// The generation of secrets that counts beside the present one at `now`.
    pub fn previous(&self, now: Timestamp) -> Option<u32> {
        self.previous_until.filter(|until| *until > now).map(|_| self.generation.saturating_sub(1))
    }

    /// Whether a secret of this generation counts at `now`.
    pub fn takes_generation(&self, generation: u32, now: Timestamp) -> bool {
        generation == self.generation || self.previous(now) == Some(generation)
    }

    /// Whether it may be suspended.
    pub fn may_suspend(&self) -> Result<(), Refusal> {
        self.not_revoked()?;
        self.suspended_at.map_or(Ok(()), |since| Err(Refusal::EnrollmentSuspended { since }))
    }

    /// Whether it may be resumed.
    pub fn may_resume(&self) -> Result<(), Refusal> {
        self.not_revoked()?;
        self.suspended_at.map(|_| ()).ok_or_else(|| Refusal::EnrollmentNotSuspended { key: self.id.clone() })
    }

    /// Whether anything can still be done with it.
    pub fn not_revoked(&self) -> Result<(), Refusal> {
        self.revoked_at.map_or(Ok(()), |at| Err(Refusal::EnrollmentRevoked { at }))
    }
}

impl KeyStanding {
    /// Its name, as commands and the API print it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Suspended { .. } => "suspended",
            Self::Expired { .. } => "expired",
            Self::Revoked { .. } => "revoked",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    pub(super) fn key() -> EnrollmentKey {
        EnrollmentKey {
            id: "0123456789ab".into(),
            name: Name::parse("name", "Site A").unwrap(),
            policy: Policy { glpi: "main".into(), tag: None, agent_limit: None, networks: vec![], approves: true },
            generation: 2,
            previous_until: Some(Timestamp::from_millis(50)),
            created_at: Timestamp::from_millis(0),
            ends_at: Some(Timestamp::from_millis(100)),
            suspended_at: None,
            revoked_at: None,
            agents: 0,
        }
    }

    #[test]
    fn a_key_stands_as_its_moments_say() {
        let at = Timestamp::from_millis;
        assert_eq!(key().standing(at(99)), KeyStanding::Active);
        assert_eq!(key().standing(at(100)), KeyStanding::Expired { since: at(100) });
        let suspended = EnrollmentKey { suspended_at: Some(at(10)), ..key() };
        assert_eq!(suspended.standing(at(20)), KeyStanding::Suspended { since: at(10) });
        assert_eq!(suspended.may_suspend(), Err(Refusal::EnrollmentSuspended { since: at(10) }));
        let revoked = EnrollmentKey { revoked_at: Some(at(5)), ..suspended };
        assert_eq!(revoked.standing(at(200)), KeyStanding::Revoked { since: at(5) });
        assert!(revoked.may_resume().is_err());
        assert!(key().may_resume().is_err());
    }

    #[test]
    fn the_secret_before_counts_until_the_overlap_is_over() {
        let at = Timestamp::from_millis;
        assert!(key().takes_generation(2, at(70)) && key().takes_generation(1, at(49)));
        assert!(!key().takes_generation(1, at(50)) && !key().takes_generation(0, at(0)));
    }

    #[test]
    fn networks_and_tags_are_read_once() {
        let policy = Policy { networks: vec!["10.0.0.0/8".parse().unwrap()], ..key().policy };
        assert!(policy.takes_from("::ffff:10.1.2.3".parse().unwrap()));
        assert!(!policy.takes_from("192.0.2.1".parse().unwrap()));
        assert!(key().policy.takes_from("192.0.2.1".parse().unwrap()));
        assert_eq!(Tag::parse(" SITE-A ").unwrap().as_str(), "SITE-A");
        assert!(Tag::parse("a\"b").is_err() && Tag::parse("a<b").is_err() && Tag::parse("").is_err());
    }
}
