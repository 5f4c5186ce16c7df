//! From the text of a key to all that is known about it: memory first, then the store.
//!
//! Invariant: a miss in memory is never a verdict. What is not in memory is asked of the store; what the store cannot
//! say is a failure of ours.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::time::Duration;

use arc_swap::ArcSwap;
use latchkey_domain::Failure;
use latchkey_domain::ids::KeyId;
use latchkey_domain::time::{Millis, Timestamp};
use latchkey_key::{Damage, PublicKeys, RegistrationKey, registration};
use latchkey_store::instances::binding::{self, Bound, Caller};
use latchkey_store::subscriptions::cache::{Cached, KeyCache, Look, TextDigest};
use latchkey_store::subscriptions::entries::{self, Filled};
use latchkey_store::{Store, StoreError, signing_keys};
use sha2::{Digest as _, Sha256};
use tokio::sync::Semaphore;

use crate::clock::ClockGuard;

/// Questions to the store that are under way at once; the others wait. As many as there are connections to read over: more would
/// only wait on threads instead, each of which sets memory aside for itself.
const MISSES_AT_ONCE: usize = 8;
/// How long a question waits for its turn at the store.
const TURN_WITHIN: Duration = Duration::from_secs(3);
/// How often, at the most, the store is asked for a signing key that is not known here, in milliseconds. Anybody can
/// name one.
const RING_READ_EVERY: Millis = 1_000;
/// How long the feed may be silent before this node is no longer called ready, in milliseconds.
const HEARD_WITHIN: Millis = 3_000;

/// All keys, as a handler sees them.
pub(crate) struct Keys {
    store: Store,
    cache: KeyCache,
    ring: ArcSwap<PublicKeys>,
    ring_read_at: AtomicI64,
    turns: Semaphore,
    clock: ClockGuard,
    max_staleness: Millis,
    heard_at: AtomicI64,
    hits: AtomicU64,
    misses: AtomicU64,
}

/// How memory has done.
pub(crate) struct Tally {
    /// Keys in it.
    pub(crate) keys: usize,
    /// Questions that it answered.
    pub(crate) hits: u64,
    /// Questions that went on to the signature and the store.
    pub(crate) misses: u64,
}

/// Why there is no entry for a key.
#[derive(Debug)]
pub(crate) enum NoEntry {
    /// The text is not one of our keys, whole and true.
    Damaged(Damage),
    /// We are.
    Failed(Failure),
}

impl Keys {
    pub(crate) fn new(
        store: Store,
        ring: PublicKeys,
        capacity: usize,
        max_staleness: Duration,
        clock: ClockGuard,
    ) -> Self {
        Self {
            store,
            cache: KeyCache::new(capacity, 0),
            ring: ArcSwap::from_pointee(ring),
            ring_read_at: AtomicI64::new(Millis::MIN / 2),
            turns: Semaphore::new(MISSES_AT_ONCE),
            max_staleness: i64::try_from(max_staleness.as_millis()).unwrap_or(i64::MAX),
            heard_at: AtomicI64::new(clock.monotonic()),
            hits: AtomicU64::new(0),
            misses: AtomicU64::new(0),
            clock,
        }
    }

    /// What is known about the key of this text. One in memory is known by its very text, so that only others have to be
    /// `read`.
    pub(crate) async fn entry(
        &self,
        text: &[u8],
        read: impl FnOnce() -> Result<RegistrationKey, Damage>,
    ) -> Result<Arc<Cached>, NoEntry> {
        let digest = Sha256::digest(text).into();
        let known = registration::named_id(text).map(|id| self.cache.look(id, &digest));
        if let Some(Look::Known(cached)) = known {
            self.hits.fetch_add(1, Ordering::Relaxed);
            return if self.is_stale() { Err(NoEntry::Failed(Failure::StoreAway)) } else { Ok(cached) };
        }
        // Apart, so that the way of nearly every question does not carry what only a miss needs.
        let key = read().map_err(NoEntry::Damaged)?;
        Box::pin(async move { self.missed(&key, digest).await }).await
    }

    async fn missed(&self, key: &RegistrationKey, digest: TextDigest) -> Result<Arc<Cached>, NoEntry> {
        self.misses.fetch_add(1, Ordering::Relaxed);
        self.verify(key).await?;
        let id = key.id;
        let Filled { entry, seen } = self.ask(move |store| store.ask(|reader| entries::fill(reader, id))).await?;
        match entry {
            Some(entry) => Ok(self.cache.fill(entry, digest, seen)),
            None => {
                tracing::error!(
                    key = %id,
                    code = Failure::KeyAbsent { key: id }.code(),
                    "ALARM: a key that we signed is not in the database; was an old backup restored?"
                );
                Err(NoEntry::Failed(Failure::KeyAbsent { key: id }))
            }
        }
    }

    /// A key has changed.
    pub(crate) fn forget(&self, id: KeyId, seq: i64) {
        self.cache.invalidate(id, seq);
    }

    /// Anything may have changed.
    pub(crate) fn forget_all(&self, seq: i64) {
        self.cache.invalidate_all(seq);
    }

    /// Gives an instance its place before it is answered. What it is told depends on it, so where the store is away it is
    /// told nothing.
    pub(crate) async fn bind(&self, caller: Caller, text: &[u8], now: Timestamp) -> Result<Bound, Failure> {
        let digest = Sha256::digest(text).into();
        let bound = self.store.write(now, move |tx| binding::bind(tx, &caller)).await.map_err(binding::failed);
        match bound {
            Ok(bound) => {
                // From now on it is known, also where the store goes away.
                self.cache.fill(bound.entry.clone(), digest, bound.seen);
                Ok(bound)
            }
            Err(error) => {
                tracing::error!(%error, "an instance was not bound");
                Err(error.failure())
            }
        }
    }

    /// All changes up to now have been heard.
    pub(crate) fn heard(&self) {
        self.heard_at.store(self.clock.monotonic(), Ordering::Relaxed);
    }

    /// These are the signing keys from now on.
    pub(crate) fn use_ring(&self, ring: PublicKeys) {
        self.ring.store(Arc::new(ring));
    }

    /// Whether the feed was heard within the last seconds.
    pub(crate) fn is_heard(&self) -> bool {
        self.silence() < HEARD_WITHIN
    }

    /// Milliseconds since the feed was last heard.
    pub(crate) fn silence(&self) -> Millis {
        self.clock.monotonic() - self.heard_at.load(Ordering::Relaxed)
    }

    /// Keys in memory, and how often memory knew a key and how often not.
    pub(crate) fn tally(&self) -> Tally {
        let read = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        Tally { keys: self.cache.len(), hits: read(&self.hits), misses: read(&self.misses) }
    }

    fn is_stale(&self) -> bool {
        self.silence() > self.max_staleness
    }

    async fn verify(&self, key: &RegistrationKey) -> Result<(), NoEntry> {
        match key.verify(&self.ring.load()) {
            Ok(()) => Ok(()),
            // Another node may have rotated a moment ago.
            Err(damage @ Damage::UnknownSigningKey { .. }) if self.may_read_ring() => {
                let ring = self.ask(|store| store.read(|reader| signing_keys::ring(reader))).await?;
                let verified = key.verify(&ring);
                if verified != Err(damage) {
                    self.use_ring(ring);
                }
                verified.map_err(NoEntry::Damaged)
            }
            Err(damage) => Err(NoEntry::Damaged(damage)),
        }
    }

    fn may_read_ring(&self) -> bool {
        let now = self.clock.monotonic();
        let last = self.ring_read_at.load(Ordering::Relaxed);
        now - last >= RING_READ_EVERY
            && self.ring_read_at.compare_exchange(last, now, Ordering::Relaxed, Ordering::Relaxed).is_ok()
    }

    /// Asks the store on a thread that may wait, a bounded number at a time.
    async fn ask<T: Send + 'static>(
        &self,
        question: impl FnOnce(&Store) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, NoEntry> {
        let turn = tokio::time::timeout(TURN_WITHIN, self.turns.acquire()).await;
        let Ok(Ok(_turn)) = turn else {
            return Err(NoEntry::Failed(Failure::Overloaded));
        };
        let store = self.store.clone();
        let answer = tokio::task::spawn_blocking(move || question(&store)).await;
        match answer {
            Ok(Ok(answer)) => Ok(answer),
            Ok(Err(error)) => {
                tracing::error!(%error, "the database did not answer a question");
                Err(NoEntry::Failed(error.failure()))
            }
            Err(error) => {
                tracing::error!(%error, "a question to the database panicked");
                Err(NoEntry::Failed(Failure::Internal))
            }
        }
    }
}
