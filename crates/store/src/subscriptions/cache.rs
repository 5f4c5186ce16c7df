//! Keys in memory: bounded, read through, emptied by the feed.
//!
//! Invariant: what is given is at most as old as the last word from the feed. A fill whose read is older than an
//! invalidation of the same key is discarded, so that a slow reader cannot put an old truth back.

use std::sync::atomic::AtomicU64;
use std::sync::{Arc, PoisonError, RwLock};

use latchkey_domain::ids::KeyId;
use latchkey_domain::subscriptions::KeyEntry;
use quick_cache::sync::Cache;
use subtle::ConstantTimeEq as _;

use super::compact::{Commons, Kept};
use super::entries::Filled;
use crate::recent::Recent;

/// Invalidations that are remembered to judge fills by. A fill that is older than all of them is discarded, too.
const REMEMBERED: usize = 4_096;

/// SHA-256 of a key's text: by it a cached key is recognised, without its signature being verified again.
pub type TextDigest = [u8; 32];

/// The cache.
pub struct KeyCache {
    entries: Cache<KeyId, Arc<Cached>>,
    commons: Commons,
    recent: RwLock<Recent>,
}

/// What is remembered of a key.
#[derive(Debug)]
pub struct Cached {
    kept: Kept,
    digest: TextDigest,
    /// The number of the last change that its read saw.
    seen: i64,
}

// There may be millions. With its two counters this fills a size in which allocators give memory; one byte more would take the
// next, a quarter larger.
const _: () = assert!(size_of::<Cached>() <= 256 - 2 * size_of::<usize>());

/// What a look into the cache found.
#[derive(Debug)]
pub enum Look {
    /// The key, with the very text that was verified once.
    Known(Arc<Cached>),
    /// Nothing that helps: the key is not there, or not with this text.
    Unknown,
}

impl Cached {
    /// The entry, equal to the one that was remembered.
    pub fn entry(&self) -> KeyEntry {
        self.kept.entry()
    }

    /// The entry as it was read, and when.
    pub fn as_read(&self) -> Filled {
        Filled { entry: Some(self.entry()), seen: self.seen }
    }

    /// A number that whoever answers may keep for the instance at a place of the entry's holdings. It begins as zero, and is
    /// forgotten with the entry.
    pub fn mark(&self, place: usize) -> Option<&AtomicU64> {
        self.kept.mark(place)
    }
}

impl KeyCache {
    /// A cache that keeps so many keys, and a few more. `seen` is the number of the last change before the feed is followed.
    pub fn new(capacity: usize, seen: i64) -> Self {
        let recent = RwLock::new(Recent::since(seen, REMEMBERED));
        Self { entries: Cache::new(with_slack(capacity)), commons: Commons::default(), recent }
    }

    /// Looks a key up; its text is compared in constant time.
    pub fn look(&self, id: KeyId, digest: &TextDigest) -> Look {
        match self.entries.get(&id) {
            Some(cached) if bool::from(cached.digest.ct_eq(digest)) => Look::Known(cached),
            Some(_) | None => Look::Unknown,
        }
    }

    /// Remembers an entry that was read when `seen` was the last change, unless it has changed since; gives it back
    /// either way. The key's signature has to have been verified.
    pub fn fill(&self, entry: KeyEntry, digest: TextDigest, seen: i64) -> Arc<Cached> {
        let id = entry.key.id;
        let cached = Arc::new(Cached { kept: Kept::new(entry, &self.commons), digest, seen });
        // Held while inserting: an invalidation comes wholly before, and is seen here, or wholly after, and removes.
        let recent = self.recent.read().unwrap_or_else(PoisonError::into_inner);
        if recent.is_unchanged(id, seen) {
            self.entries.insert(id, cached.clone());
        }
        cached
    }

    /// A key has changed.
    pub fn invalidate(&self, id: KeyId, seq: i64) {
        let mut recent = self.recent.write().unwrap_or_else(PoisonError::into_inner);
        recent.note(id, seq);
        // One that was read or written since knows of it.
        self.entries.remove_if(&id, |cached| cached.seen < seq);
    }

    /// Anything may have changed, up to this number.
    pub fn invalidate_all(&self, seq: i64) {
        let mut recent = self.recent.write().unwrap_or_else(PoisonError::into_inner);
        recent.forget(seq);
        self.entries.clear();
        self.commons.clear();
    }

    /// How many keys are remembered.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether none is.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }
}

/// The cache is cut into parts that fill unevenly: without some slack the fullest would begin to forget long before as
/// many keys are there as were asked for, and each that it forgets costs a signature and a read.
fn with_slack(capacity: usize) -> usize {
    capacity.saturating_add(capacity / 8).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use latchkey_domain::ids::{CustomerId, SubscriptionId};
    use latchkey_domain::instances::Holdings;
    use latchkey_domain::subscriptions::{Key, KeyState, Offer, Period, Subscription, Term, Unit};
    use latchkey_domain::time::Zone;
    use uuid::Uuid;

    fn entry(number: u128) -> KeyEntry {
        let offer = Offer::new("basic", "Basic", 0).unwrap();
        let term = Term::new(1, Unit::Years).unwrap();
        let day = "2026-01-01".parse().unwrap();
        KeyEntry {
            key: Key {
                id: KeyId(Uuid::from_u128(number)),
                subscription: SubscriptionId(Uuid::from_u128(1)),
                signing_key: "00000000-1".parse().unwrap(),
                issued: day,
                state: KeyState::Active,
            },
            subscription: Subscription {
                id: SubscriptionId(Uuid::from_u128(1)),
                customer: CustomerId(Uuid::from_u128(1)),
                offer: offer.reference.clone(),
                period: Period::starting(day, term, &offer, &Zone::utc()).unwrap(),
                seats: 1,
                suspended_at: None,
                terminated_at: None,
            },
            owner: "Acme".into(),
            holdings: Holdings::default(),
        }
    }

    fn knows(cache: &KeyCache, number: u128, digest: TextDigest) -> bool {
        matches!(cache.look(KeyId(Uuid::from_u128(number)), &digest), Look::Known(_))
    }

    #[test]
    fn a_key_is_recognised_by_its_very_text() {
        let cache = KeyCache::new(10, 0);
        cache.fill(entry(1), [1; 32], 0);
        assert!(knows(&cache, 1, [1; 32]));
        assert!(!knows(&cache, 1, [2; 32]));
        assert!(!knows(&cache, 2, [1; 32]));
    }

    #[test]
    fn a_fill_that_is_older_than_its_invalidation_is_discarded() {
        let cache = KeyCache::new(10, 0);
        cache.invalidate(KeyId(Uuid::from_u128(1)), 5);
        cache.fill(entry(1), [1; 32], 4);
        assert!(!knows(&cache, 1, [1; 32]));
        cache.fill(entry(2), [1; 32], 4);
        assert!(knows(&cache, 2, [1; 32]), "another key's change is no reason");
        cache.fill(entry(1), [1; 32], 5);
        assert!(knows(&cache, 1, [1; 32]));
        cache.invalidate(KeyId(Uuid::from_u128(1)), 6);
        assert!(!knows(&cache, 1, [1; 32]));
    }

    #[test]
    fn what_is_too_long_ago_to_be_judged_is_discarded() {
        let cache = KeyCache::new(10, 3);
        cache.fill(entry(1), [1; 32], 2);
        assert!(!knows(&cache, 1, [1; 32]));
        for seq in 0..=REMEMBERED as i64 {
            cache.invalidate(KeyId(Uuid::from_u128(9)), 10 + seq);
        }
        cache.fill(entry(1), [1; 32], 9);
        assert!(!knows(&cache, 1, [1; 32]));
        cache.fill(entry(1), [1; 32], 10);
        assert!(knows(&cache, 1, [1; 32]));
    }

    #[test]
    fn it_is_bounded() {
        let cache = KeyCache::new(100, 0);
        for number in 0..10_000 {
            cache.fill(entry(number), [0; 32], 0);
        }
        assert!(cache.len() <= with_slack(100));
    }

    #[test]
    fn it_keeps_as_many_as_were_asked_for() {
        let cache = KeyCache::new(20_000, 0);
        for number in 0..20_000 {
            cache.fill(entry(number), [0; 32], 0);
        }
        let kept = (0..20_000).filter(|number| knows(&cache, *number, [0; 32])).count();
        assert_eq!(kept, 20_000);
    }
}
