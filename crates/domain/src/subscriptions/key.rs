//! A registration key as the vendor keeps it: whom it belongs to, and whether it still counts.

use super::Subscription;
use crate::Refusal;
use crate::ids::{KeyId, SigningKeyId, SubscriptionId};
use crate::time::{DAY, Date, Timestamp};

/// The longest time in which an old key and the one that takes its place may both work, in days.
pub const MOST_OVERLAP_DAYS: u32 = 366;

/// What is stored of a key. Its text is not: it is made again from these, since the signature is deterministic.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    /// Its id.
    pub id: KeyId,
    /// What it opens.
    pub subscription: SubscriptionId,
    /// Which signing key vouches for it.
    pub signing_key: SigningKeyId,
    /// The day on which it was issued, in the vendor's zone.
    pub issued: Date,
    /// What became of it.
    pub state: KeyState,
}

/// What became of a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyState {
    /// Nothing: it counts.
    Active,
    /// Another one takes its place.
    Superseded(Succession),
    /// It was withdrawn.
    Revoked(Revocation),
}

/// The key that takes another one's place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Succession {
    /// The new key.
    pub by: KeyId,
    /// The day on which the new key was issued.
    pub by_issued: Date,
    /// The instant from which the old key no longer works.
    pub until: Timestamp,
    /// Whether the new key was withdrawn since: then it is not the one to use.
    pub by_revoked: bool,
}

/// When a key was withdrawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Revocation {
    /// Since when.
    pub at: Timestamp,
    /// The key that was issued in its place, if one was.
    pub successor: Option<KeyId>,
}

/// Whether a key counts at a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It counts.
    Plain,
    /// It still counts, beside the one that takes its place.
    Overlap(Succession),
    /// It counts no longer: another one has taken its place.
    Superseded(Succession),
    /// It counts no longer: it was withdrawn.
    Revoked(Revocation),
}

impl Key {
    /// Whether it counts at `now`.
    pub fn standing(&self, now: Timestamp) -> Standing {
        match self.state {
            KeyState::Active => Standing::Plain,
            KeyState::Superseded(succession) if now < succession.until => Standing::Overlap(succession),
            KeyState::Superseded(succession) => Standing::Superseded(succession),
            KeyState::Revoked(revocation) => Standing::Revoked(revocation),
        }
    }

    /// Whether it may be revoked. A superseded key may: its overlap ends at once.
    pub fn may_revoke(&self) -> Result<(), Refusal> {
        match self.state {
            KeyState::Active | KeyState::Superseded(_) => Ok(()),
            KeyState::Revoked(Revocation { at, .. }) => Err(Refusal::KeyAlreadyRevoked { at }),
        }
    }

    /// Whether another key may take its place. A revoked key's may: it was leaked, and its holder needs a new one.
    pub fn may_reissue(&self, subscription: &Subscription) -> Result<(), Refusal> {
        subscription.not_terminated()?;
        match self.state {
            KeyState::Active | KeyState::Revoked(Revocation { successor: None, .. }) => Ok(()),
            KeyState::Superseded(Succession { by, .. }) | KeyState::Revoked(Revocation { successor: Some(by), .. }) => {
                Err(Refusal::KeyAlreadySuperseded { by })
            }
        }
    }

    /// The instant at which an old key dies that is re-issued at `now` with an overlap of so many days; zero is at once.
    pub fn overlap_ends(now: Timestamp, days: u32) -> Result<Timestamp, Refusal> {
        if days > MOST_OVERLAP_DAYS {
            return Err(Refusal::DaysInvalid { field: "overlap days", most: MOST_OVERLAP_DAYS });
        }
        Ok(now.plus(i64::from(days) * DAY))
    }
}

impl Standing {
    /// The state's name, as commands and the API print it.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Plain => "active",
            Self::Overlap(_) => "overlap",
            Self::Superseded(_) => "superseded",
            Self::Revoked(_) => "revoked",
        }
    }
}
