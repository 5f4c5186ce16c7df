//! What a signature is for. Not a free choice of the caller: every kind of signed thing has its constant here, and only here.
//!
//! The invariant: a signature made for one purpose never verifies for another, because the purpose and a zero byte stand
//! before every signed message, and no purpose contains a zero byte.

use std::fmt;

/// A registration key's members, as [`crate::registration`] writes them.
pub const REGISTRATION_KEY: Purpose = Purpose("latchkey/registration-key");

/// The head of the audit log's hash chain, signed periodically so that a cut tail shows.
pub const AUDIT_HEAD: Purpose = Purpose("latchkey/audit-head");

/// An archive of a plugin: which version of which plugin has which digest.
pub const ARCHIVE_DIGEST: Purpose = Purpose("latchkey/archive-digest");

/// The kind of thing a signature covers. It can only be one of this module's constants.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Purpose(&'static str);

impl Purpose {
    /// The constant string that stands before the zero byte.
    pub const fn as_str(self) -> &'static str {
        self.0
    }

    /// The bytes Ed25519 signs: `purpose || 0x00 || message`.
    pub fn frame(self, message: &[u8]) -> Vec<u8> {
        [self.0.as_bytes(), &[0], message].concat()
    }
}

impl fmt::Display for Purpose {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn purposes_are_distinct_and_free_of_zero_bytes() {
        assert_ne!(REGISTRATION_KEY, AUDIT_HEAD);
        assert_ne!(REGISTRATION_KEY, ARCHIVE_DIGEST);
        assert_ne!(AUDIT_HEAD, ARCHIVE_DIGEST);
        for purpose in [REGISTRATION_KEY, AUDIT_HEAD, ARCHIVE_DIGEST] {
            assert!(!purpose.as_str().bytes().any(|byte| byte == 0));
        }
        assert_eq!(AUDIT_HEAD.frame(b"x"), b"latchkey/audit-head\0x");
    }
}
