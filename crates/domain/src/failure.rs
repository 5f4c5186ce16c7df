//! What we could not do. Apart from what is refused: the two never mix.

use crate::ids::KeyId;

/// Something that we could not do, through no fault of whoever asked. It says nothing about a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failure {
    /// The database does not answer, or does not take what it is given.
    StoreAway,
    /// The key carries our signature, but the database does not know it: an older backup was restored.
    KeyAbsent {
        /// Which key.
        key: KeyId,
    },
    /// This machine's clock cannot be believed, so no verdict can.
    ClockSuspect,
    /// A secret in the database cannot be opened with this master key.
    Sealed,
    /// More is asked at once than can be answered in time.
    Overloaded,
    /// A setting of the installation was changed that this program has read before.
    RestartNeeded,
    /// The place where archives are kept does not answer, or does not take what it is given.
    StorageAway,
    /// A mistake in Latchkey itself.
    Internal,
}

impl Failure {
    /// The stable name of the cause.
    pub fn code(&self) -> &'static str {
        match self {
            Self::StoreAway => "STORE_UNAVAILABLE",
            Self::KeyAbsent { .. } => "KEY_NOT_IN_STORE",
            Self::ClockSuspect => "CLOCK_SUSPECT",
            Self::Sealed => "SECRET_UNREADABLE",
            Self::Overloaded => "OVERLOADED",
            Self::RestartNeeded => "RESTART_NEEDED",
            Self::StorageAway => "STORAGE_UNAVAILABLE",
            Self::Internal => "INTERNAL_ERROR",
        }
    }
}
