//! How many connections this process may have: each is a file to the system.

use nix::sys::resource::{Resource, getrlimit, setrlimit};

/// Files that are no connections of strangers: the database, its readers, the log, what tomorrow brings.
const OWN: u64 = 256;

/// Raises the limit as far as this account may without a privilege, and gives how many connections then fit.
pub(crate) fn raise() -> usize {
    let (soft, hard) = match getrlimit(Resource::RLIMIT_NOFILE) {
        Ok(limits) => limits,
        Err(error) => {
            tracing::warn!(%error, "cannot ask how many files may be open");
            return usize::MAX;
        }
    };
    let now = match setrlimit(Resource::RLIMIT_NOFILE, hard, hard) {
        Ok(()) => hard,
        Err(error) => {
            tracing::warn!(%error, soft, hard, "cannot raise the number of files that may be open");
            soft
        }
    };
    usize::try_from(now.saturating_sub(OWN).max(1)).unwrap_or(usize::MAX)
}
