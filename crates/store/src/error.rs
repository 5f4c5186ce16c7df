//! Why something in the store was not done.

use latchkey_domain::clock::ClockFault;
use latchkey_domain::{Failure, Refusal};

/// What an operation gives back instead of its result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Undone {
    /// A rule says no. Nothing was changed.
    Refused(Refusal),
    /// We could not.
    Failed(StoreError),
}

/// What an operation gives back.
pub type Done<T> = Result<T, Undone>;

/// The store could not do what was asked; each says which thing is wrong, and what to do where something can be done.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// The database cannot be reached, or went away in the middle. Nothing was changed.
    #[error("the database cannot be reached: {0}")]
    Away(String),
    /// The connection was lost while a change was being committed: whether it stands is not known.
    #[error(
        "the connection to the database was lost while a change was being committed, so it may or may not stand; look before you repeat it"
    )]
    OutcomeUnknown,
    /// Other programs hold the database.
    #[error("the database is busy: another program has held it for too long; try again")]
    Busy,
    /// More operations are waiting than are taken.
    #[error("too many changes are waiting for the database; try again in a moment")]
    Overloaded,
    /// No space is left.
    #[error("the disk that holds the database is full; make room, then try again")]
    Full,
    /// The database, or its directory, cannot be written.
    #[error("the database cannot be written: {0}")]
    ReadOnly(String),
    /// The database was made by a newer program that an older one may not touch.
    #[error(
        "the database has schema {found}, which needs a Latchkey that knows schema {needs} or later; this one knows {known}: install a newer Latchkey"
    )]
    NewerSchema {
        /// The schema that was found.
        found: i64,
        /// The oldest schema that a program has to know to use it.
        needs: i64,
        /// The schema that this program knows.
        known: i64,
    },
    /// The database belongs to another program: what Latchkey would make is there and is not ours.
    #[error("the database holds what another program has made: {0}; give Latchkey a database of its own")]
    Foreign(String),
    /// The database was sealed under another master key.
    #[error(
        "the master key (fingerprint {given}) is not the one of this database (fingerprint {expected}); use the master key that belongs to it"
    )]
    OtherMasterKey {
        /// The fingerprint that the database has.
        expected: String,
        /// The fingerprint of the key that was given.
        given: String,
    },
    /// The embedded database's file is no longer the one that was opened.
    #[error("the database {0} was removed or replaced while it was in use; put the right one there and start again")]
    Replaced(String),
    /// Dates would be reckoned in another time zone than the installation's.
    #[error(
        "dates would be those of {given}, but this installation's are those of {stored}; nothing was changed: start this program anew"
    )]
    OtherTimeZone {
        /// The installation's.
        stored: String,
        /// The one that was to be used.
        given: String,
    },
    /// A sealed secret does not open.
    #[error("the secret of {0} cannot be opened: it was altered, or sealed under another master key")]
    Unsealable(String),
    /// This machine's clock lies behind what is stored.
    #[error("this machine's clock is {} minutes behind the latest change in the database; set the clock right, or run `latchkey clock acknowledge` if it is right", millis / 60_000)]
    ClockBehind {
        /// How far, in milliseconds.
        millis: i64,
    },
    /// What is stored does not read as what it should be.
    #[error("the database holds something that this program does not understand: {0}")]
    Corrupt(String),
    /// A mistake in Latchkey itself.
    #[error("a mistake in Latchkey: {0}; please report it")]
    Bug(String),
}

impl StoreError {
    /// The failure that callers outside are told of; the details are for the log alone.
    pub fn failure(&self) -> Failure {
        match self {
            Self::Away(_)
            | Self::OutcomeUnknown
            | Self::Busy
            | Self::Full
            | Self::ReadOnly(_)
            | Self::Replaced(_)
            | Self::Foreign(_)
            | Self::NewerSchema { .. } => Failure::StoreAway,
            Self::Overloaded => Failure::Overloaded,
            Self::OtherMasterKey { .. } | Self::Unsealable(_) => Failure::Sealed,
            Self::ClockBehind { .. } => Failure::ClockSuspect,
            Self::OtherTimeZone { .. } => Failure::RestartNeeded,
            Self::Corrupt(_) | Self::Bug(_) => Failure::Internal,
        }
    }

    /// The stable name of the cause, for whoever runs the program; those outside are told the [`StoreError::failure`].
    pub fn code(&self) -> &'static str {
        match self {
            Self::Away(_) => "STORE_UNAVAILABLE",
            Self::OutcomeUnknown => "OUTCOME_UNKNOWN",
            Self::Busy => "DATABASE_BUSY",
            Self::Overloaded => "OVERLOADED",
            Self::Full => "DISK_FULL",
            Self::ReadOnly(_) => "DATABASE_READ_ONLY",
            Self::NewerSchema { .. } => "SCHEMA_NEWER",
            Self::Foreign(_) => "DATABASE_FOREIGN",
            Self::OtherMasterKey { .. } => "MASTER_KEY_OTHER",
            Self::Replaced(_) => "DATABASE_REPLACED",
            Self::OtherTimeZone { .. } => "TIME_ZONE_OTHER",
            Self::Unsealable(_) => "SECRET_UNREADABLE",
            Self::ClockBehind { .. } => "CLOCK_SUSPECT",
            Self::Corrupt(_) => "DATABASE_CORRUPT",
            Self::Bug(_) => "INTERNAL_ERROR",
        }
    }

    /// Whether the same thing may go through a moment later, nothing having been changed.
    pub(crate) fn passes(&self) -> bool {
        match self {
            Self::Away(_) | Self::Busy => true,
            Self::OutcomeUnknown
            | Self::Overloaded
            | Self::Full
            | Self::ReadOnly(_)
            | Self::Replaced(_)
            | Self::Foreign(_)
            | Self::NewerSchema { .. }
            | Self::OtherMasterKey { .. }
            | Self::OtherTimeZone { .. }
            | Self::Unsealable(_)
            | Self::ClockBehind { .. }
            | Self::Corrupt(_)
            | Self::Bug(_) => false,
        }
    }
}

impl From<Refusal> for Undone {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<StoreError> for Undone {
    fn from(error: StoreError) -> Self {
        Self::Failed(error)
    }
}

impl From<ClockFault> for StoreError {
    fn from(fault: ClockFault) -> Self {
        match fault {
            ClockFault::Behind(millis) | ClockFault::Leapt(millis) => Self::ClockBehind { millis },
        }
    }
}
