//! What the one writer of a process knows by itself of the latest changes to keys, so that whoever read one a moment ago need
//! not have it read again where nothing about it has changed since.
//!
//! Invariant: a change that is not remembered here is one that everything was forgotten for. All changes take the feed's head
//! in turn, so those of other processes show in its number; a change that was undone may be remembered all the same, and costs
//! a read.

use std::collections::{HashMap, VecDeque};

use latchkey_domain::ids::KeyId;

/// Changes that are remembered: those of some seconds where very many come at once.
const REMEMBERED: usize = 16_384;

/// The latest changes.
#[derive(Debug, Default)]
pub(crate) struct Lately {
    /// By key, the number of its last change.
    last: HashMap<KeyId, i64>,
    /// Oldest first.
    order: VecDeque<(i64, KeyId)>,
    /// Anything may have changed up to this number.
    forgotten: i64,
    /// The feed's number when this process was last done with it.
    end: Option<i64>,
}

impl Lately {
    /// A group of changes begins when this is the feed's number: another one than this process left is the work of others.
    pub(crate) fn begin(&mut self, seq: i64) {
        if self.end != Some(seq) {
            self.last.clear();
            self.order.clear();
            self.forgotten = seq;
            self.end = Some(seq);
        }
    }

    /// It was committed.
    pub(crate) fn committed(&mut self, seq: i64) {
        self.end = Some(seq);
    }

    /// A key has changed.
    pub(crate) fn note(&mut self, key: KeyId, seq: i64) {
        self.last.insert(key, seq);
        self.order.push_back((seq, key));
        while self.order.len() > REMEMBERED {
            let Some((seq, key)) = self.order.pop_front() else { return };
            self.forgotten = self.forgotten.max(seq);
            if self.last.get(&key) == Some(&seq) {
                self.last.remove(&key);
            }
        }
    }

    /// Whether a key is still as it was read when this was the feed's number.
    pub(crate) fn is_unchanged(&self, key: KeyId, seen: i64) -> bool {
        seen >= self.forgotten && self.last.get(&key).is_none_or(|last| *last <= seen)
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    const A: KeyId = KeyId(Uuid::from_u128(1));
    const B: KeyId = KeyId(Uuid::from_u128(2));

    #[test]
    fn what_was_read_holds_until_it_changes() {
        let mut lately = Lately::default();
        lately.begin(5);
        assert!(lately.is_unchanged(A, 5));
        assert!(!lately.is_unchanged(A, 4), "nobody knows what came before");
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

    #[test]
    fn it_forgets_the_oldest_and_knows_that_it_did() {
        let mut lately = Lately::default();
        lately.begin(0);
        for seq in 1..=REMEMBERED as i64 + 1 {
            lately.note(if seq == 1 { A } else { B }, seq);
        }
        assert!(!lately.is_unchanged(A, 0));
        assert!(lately.is_unchanged(A, 1));
        assert_eq!(lately.order.len(), REMEMBERED);
        assert_eq!(lately.last.len(), 1);
    }
}
