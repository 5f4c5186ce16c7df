//! Invitations: a key in a URL by which a person gets an account, so often as was said and no more.
//!
//! What an invitation is and whether it may be used stands here; what is typed into its form in [`form`], which logins
//! would be taken for another's in [`login`], and from when to when it is made for in [`Span`].

pub mod form;
pub mod login;
mod span;

pub use span::{LastDayFault, Span};

use crate::Refusal;
use crate::ids::ConnectionId;
use crate::text::{Name, TextFault};
use crate::time::Timestamp;

/// The longest life of an invitation that has an end, in days.
pub const MOST_INVITATION_DAYS: u32 = 3_660;
/// The most uses that can be said as a number.
pub const MOST_USES: u32 = 1_000_000;
/// The most groups, and the most e-mail domains.
pub const MOST_LISTED: usize = 50;

/// What is kept of an invitation. Its secret is not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invitation {
    /// The public part of its secret.
    pub id: String,
    /// What people call it.
    pub name: Name,
    /// What is to be known about it.
    pub comment: Option<Name>,
    /// The GLPI that gets the accounts, by its connection's id; the built-in directory where there is none.
    pub connection: Option<ConnectionId>,
    /// As what people are registered there.
    pub target: Target,
    /// What its GLPI called all that when the invitation was made, or else when it first said so.
    pub called: Called,
    /// How many may use it; any number only where somebody chose that.
    pub limit: Option<u32>,
    /// How many have.
    pub uses: u32,
    /// From when it may be used.
    pub begins_at: Timestamp,
    /// From when it may no longer be used, if ever.
    pub ends_at: Option<Timestamp>,
    /// Addresses of e-mail have to be of one of these; of any where there are none.
    pub email_domains: Vec<String>,
    /// The tag of the language that the form begins in, else the browser's.
    pub language: Option<String>,
    /// Since when it exists.
    pub created_at: Timestamp,
    /// Since when it is suspended, if it is.
    pub suspended_at: Option<Timestamp>,
    /// Since when it is revoked, if it is.
    pub revoked_at: Option<Timestamp>,
}

/// As what people are registered in GLPI, by GLPI's own numbers. What is not said is as GLPI has it by default.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Target {
    /// The entity.
    pub entity: Option<u32>,
    /// Whether the profile counts in the entities below, too.
    pub recursive: bool,
    /// The profile.
    pub profile: Option<u32>,
    /// The groups.
    pub groups: Vec<u32>,
}

/// The names of what is in a [`Target`], as far as they are known.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Called {
    /// The entity, with those above it.
    pub entity: Option<String>,
    /// The profile.
    pub profile: Option<String>,
    /// The groups, in the target's order; none at all where nothing was known.
    pub groups: Vec<Option<String>>,
}

/// Why an invitation cannot be used at a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Closed {
    /// It was withdrawn for good.
    Revoked {
        /// Since when.
        at: Timestamp,
    },
    /// It is halted.
    Suspended {
        /// Since when.
        since: Timestamp,
    },
    /// Its time is yet to come.
    NotBegun {
        /// From when.
        begins_at: Timestamp,
    },
    /// Its time is over.
    Expired {
        /// Since when.
        ended_at: Timestamp,
    },
    /// As many as may have used it.
    UsedUp {
        /// How many may.
        limit: u32,
    },
}

impl Invitation {
    /// Whether it may be used at `now`.
    pub fn may_use(&self, now: Timestamp) -> Result<(), Closed> {
        if let Some(at) = self.revoked_at {
            return Err(Closed::Revoked { at });
        }
        if let Some(since) = self.suspended_at {
            return Err(Closed::Suspended { since });
        }
        if self.begins_at > now {
            return Err(Closed::NotBegun { begins_at: self.begins_at });
        }
        match (self.ends_at, self.limit) {
            (Some(ended_at), _) if ended_at <= now => Err(Closed::Expired { ended_at }),
            (_, Some(limit)) if self.uses >= limit => Err(Closed::UsedUp { limit }),
            (Some(_) | None, Some(_) | None) => Ok(()),
        }
    }

    /// Each group with its name, as far as that is known.
    pub fn groups(&self) -> impl Iterator<Item = (u32, Option<&str>)> {
        let name = |at: usize| self.called.groups.get(at).and_then(Option::as_deref);
        self.target.groups.iter().enumerate().map(move |(at, group)| (*group, name(at)))
    }

    /// The state's name at `now`, as commands and the API print it.
    pub fn state(&self, now: Timestamp) -> &'static str {
        match self.may_use(now) {
            Ok(()) => "open",
            Err(closed) => closed.name(),
        }
    }
}

impl Called {
    /// With names that were not known before. One that was stays: it says what was meant.
    pub fn completed(self, later: Self) -> Self {
        let known = |at: usize| self.groups.get(at).cloned().flatten();
        Self {
            groups: later.groups.into_iter().enumerate().map(|(at, name)| known(at).or(name)).collect(),
            entity: self.entity.or(later.entity),
            profile: self.profile.or(later.profile),
        }
    }
}

impl Closed {
    /// The state's name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Revoked { .. } => "revoked",
            Self::Suspended { .. } => "suspended",
            Self::NotBegun { .. } => "scheduled",
            Self::Expired { .. } => "expired",
            Self::UsedUp { .. } => "used-up",
        }
    }

    /// The stable name of the cause.
    pub fn code(self) -> &'static str {
        match self {
            Self::Revoked { .. } => "INVITATION_REVOKED",
            Self::Suspended { .. } => "INVITATION_SUSPENDED",
            Self::NotBegun { .. } => "INVITATION_NOT_BEGUN",
            Self::Expired { .. } => "INVITATION_EXPIRED",
            Self::UsedUp { .. } => "INVITATION_USED_UP",
        }
    }
}

/// Reads a domain of e-mail addresses, such as `example.org`, with or without an @ before it. Only what an address of
/// the form can have counts: a domain in plain letters with a dot in it, an international one in its `xn--` form.
pub fn email_domain(text: &str) -> Result<String, Refusal> {
    let domain = text.trim().trim_start_matches('@').to_lowercase();
    let refuse = |fault| Refusal::TextInvalid { field: "email domain", fault };
    if domain.is_empty() {
        return Err(refuse(TextFault::Empty));
    }
    if domain.len() > 253 {
        return Err(refuse(TextFault::TooLong { most: 253 }));
    }
    let is_label = |label: &str| !label.is_empty() && label.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    if domain.contains('.') && domain.split('.').all(is_label) {
        Ok(domain)
    } else {
        Err(Refusal::EmailDomainInvalid { given: domain })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(millis: i64) -> Timestamp {
        Timestamp::from_millis(millis)
    }

    fn invitation() -> Invitation {
        Invitation {
            id: "i".into(),
            name: Name::parse("name", "Sales").unwrap(),
            comment: None,
            connection: None,
            target: Target::default(),
            called: Called::default(),
            limit: Some(1),
            uses: 0,
            begins_at: at(10),
            ends_at: Some(at(20)),
            email_domains: vec![],
            language: None,
            created_at: at(0),
            suspended_at: None,
            revoked_at: None,
        }
    }

    #[test]
    fn an_invitation_opens_and_closes_to_the_millisecond() {
        let it = invitation();
        assert_eq!(it.state(at(9)), "scheduled");
        assert_eq!(it.state(at(10)), "open");
        assert_eq!(it.state(at(20)), "expired");
        assert_eq!(Invitation { uses: 1, ..it.clone() }.state(at(15)), "used-up");
        assert_eq!(Invitation { limit: Some(0), ..it.clone() }.state(at(15)), "used-up", "zero means none");
        assert_eq!(Invitation { limit: None, uses: 9_000, ..it.clone() }.state(at(15)), "open");
        assert_eq!(Invitation { suspended_at: Some(at(11)), ..it.clone() }.state(at(15)), "suspended");
        let both = Invitation { suspended_at: Some(at(11)), revoked_at: Some(at(12)), ..it };
        assert_eq!(both.may_use(at(15)), Err(Closed::Revoked { at: at(12) }));
    }

    #[test]
    fn a_name_that_is_known_stays_and_another_comes_beside_it() {
        let called = |entity: Option<&str>, groups: &[Option<&str>]| Called {
            entity: entity.map(str::to_owned),
            profile: None,
            groups: groups.iter().map(|name| name.map(str::to_owned)).collect(),
        };
        let later = called(Some("The North"), &[Some("Staff"), None]);
        assert_eq!(Called::default().completed(later.clone()), later);
        let before = called(Some("North"), &[None, Some("Guests")]);
        assert_eq!(before.completed(later), called(Some("North"), &[Some("Staff"), Some("Guests")]));
    }

    #[test]
    fn a_domain_is_read_as_people_write_it() {
        assert_eq!(email_domain(" @Example.ORG ").unwrap(), "example.org");
        for bad in ["", "@", "a@b.org", "exa mple.org", ".org", "a..b", "a/b", "localhost", "b\u{fc}ro.example"] {
            assert!(email_domain(bad).is_err(), "{bad}");
        }
    }
}
