//! A bounded memory of the latest changes to keys: whether what was read when the feed had some number is still so.
//!
//! Invariant: what is not remembered counts as changed. A change that had to make way moves the number up before which
//! nothing is believed.

use std::collections::{HashMap, VecDeque};

use latchkey_domain::ids::KeyId;

/// The latest changes.
#[derive(Debug)]
pub(crate) struct Recent {
    /// How many are remembered.
    most: usize,
    /// By key, the number of its last change.
    last: HashMap<KeyId, i64>,
    /// Oldest first.
    order: VecDeque<(i64, KeyId)>,
    /// Anything may have changed up to this number.
    forgotten: i64,
}

impl Recent {
    /// Remembers so many changes of those that come after this number.
    pub(crate) fn since(seq: i64, most: usize) -> Self {
        Self { most, last: HashMap::new(), order: VecDeque::new(), forgotten: seq }
    }

    /// Anything may have changed, up to this number.
    pub(crate) fn forget(&mut self, seq: i64) {
        self.last.clear();
        self.order.clear();
        self.forgotten = seq;
    }

    /// A key has changed. Where its number is lower than one before, that one was undone.
    pub(crate) fn note(&mut self, key: KeyId, seq: i64) {
        self.last.insert(key, seq);
        self.order.push_back((seq, key));
        while self.order.len() > self.most {
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
        let mut recent = Recent::since(5, 10);
        assert!(recent.is_unchanged(A, 5));
        assert!(!recent.is_unchanged(A, 4), "nobody knows what came before");
        recent.note(A, 6);
        assert!(!recent.is_unchanged(A, 5));
        assert!(recent.is_unchanged(A, 6) && recent.is_unchanged(B, 5));
    }

    #[test]
    fn it_forgets_the_oldest_and_knows_that_it_did() {
        let mut recent = Recent::since(0, 3);
        for (key, seq) in [(A, 1), (B, 2), (B, 3), (B, 4)] {
            recent.note(key, seq);
        }
        assert!(!recent.is_unchanged(A, 0));
        assert!(recent.is_unchanged(A, 1));
        assert_eq!((recent.order.len(), recent.last.len()), (3, 1));
    }

    #[test]
    fn what_was_forgotten_counts_as_changed() {
        let mut recent = Recent::since(0, 10);
        recent.note(A, 1);
        recent.forget(3);
        assert!(!recent.is_unchanged(A, 2) && !recent.is_unchanged(B, 2));
        assert!(recent.is_unchanged(A, 3) && recent.is_unchanged(B, 3));
    }
}
