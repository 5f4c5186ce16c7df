//! What the one writer of a process knows by itself of the latest changes to keys, so that whoever read one a moment ago need
//! not have it read again where nothing about it has changed since.
//!
//! Invariant: a change that is not remembered here is one that everything was forgotten for. All changes take the feed's head
//! in turn, so those of other processes show in its number; a change that was undone may be remembered all the same, and costs
//! a read.

use latchkey_domain::ids::KeyId;

use crate::recent::Recent;

/// Changes that are remembered: those of some seconds where very many come at once.
const REMEMBERED: usize = 16_384;

/// The latest changes.
#[derive(Debug)]
pub(crate) struct Lately {
    recent: Recent,
    /// The feed's number when this process was last done with it.
    end: Option<i64>,
}

impl Default for Lately {
    fn default() -> Self {
        Self { recent: Recent::since(0, REMEMBERED), end: None }
    }
}

impl Lately {
    /// A group of changes begins when this is the feed's number: another one than this process left is the work of others.
    pub(crate) fn begin(&mut self, seq: i64) {
        if self.end != Some(seq) {
            self.recent.forget(seq);
            self.end = Some(seq);
        }
    }

    /// It was committed.
    pub(crate) fn committed(&mut self, seq: i64) {
        self.end = Some(seq);
    }

    /// A key has changed.
    pub(crate) fn note(&mut self, key: KeyId, seq: i64) {
        self.recent.note(key, seq);
    }

    /// Whether a key is still as it was read when this was the feed's number.
    pub(crate) fn is_unchanged(&self, key: KeyId, seen: i64) -> bool {
        self.recent.is_unchanged(key, seen)
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    const A: KeyId = KeyId(Uuid::from_u128(1));
    const B: KeyId = KeyId(Uuid::from_u128(2));

    #[test]
    fn what_it_did_itself_is_no_reason_to_forget() {
        let mut lately = Lately::default();
        lately.begin(5);
        lately.note(A, 6);
        lately.committed(6);
        lately.begin(6);
        assert!(!lately.is_unchanged(A, 5));
        assert!(lately.is_unchanged(A, 6) && lately.is_unchanged(B, 5));
    }

    #[test]
    fn after_a_change_by_others_nothing_is_believed_that_is_older() {
        let mut lately = Lately::default();
        lately.begin(5);
        lately.committed(6);
        lately.begin(7);
        assert!(!lately.is_unchanged(A, 6));
        assert!(lately.is_unchanged(A, 7));
    }

    #[test]
    fn a_group_that_was_given_up_is_no_end() {
        let mut lately = Lately::default();
        lately.begin(5);
        lately.note(A, 6);
        lately.begin(5);
        assert!(!lately.is_unchanged(A, 5), "it costs a read");
        assert!(lately.is_unchanged(B, 5));
        // It was committed after all, though nobody said so.
        lately.begin(6);
        assert!(!lately.is_unchanged(B, 5));
    }
}
