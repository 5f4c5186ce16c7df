//! What the console has of its own: turns at the database and at hashing, throttles, and who was seen when.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use latchkey_domain::operators::Password;
use latchkey_domain::time::{MINUTE, Timestamp};
use latchkey_domain::{Failure, Refusal};
use latchkey_store::operators::passwords::PasswordHash;
use latchkey_store::operators::sessions;
use latchkey_store::{Done, Reader, Store, StoreError, Undone, Vault};
use tokio::sync::Semaphore;

use super::trouble::Trouble;
use crate::app::App;
use crate::front::Throttle;

/// Questions of the console that are under way at once; the others wait. Fewer than there are connections to the database,
/// so that no key waits for them.
const AT_ONCE: usize = 4;
/// Passwords that are hashed at once: each takes a processor and memory for a while.
const HASHED_AT_ONCE: usize = 2;
/// How long a page waits for its turn.
const TURN_WITHIN: Duration = Duration::from_secs(5);
/// A session that was seen within this time is not written down again, in milliseconds.
const SEEN_EVERY: i64 = MINUTE;

/// Wrong passwords and codes that may come for one account in a row, and how often one more, in milliseconds.
const ACCOUNT: (u32, i64) = (8, 30_000);
/// The same from one address.
const ADDRESS: (u32, i64) = (20, 6_000);

pub(crate) struct Desk {
    pub(super) vault: Vault,
    pub(super) accounts: Throttle,
    pub(super) addresses: Throttle,
    pub(crate) sightings: Arc<Sightings>,
    turns: Semaphore,
    hashing: Semaphore,
}

/// When sessions were last used: noted here, written down by the worker, never while a page waits.
#[derive(Default)]
pub(crate) struct Sightings(Mutex<HashMap<String, Timestamp>>);

impl Desk {
    /// What opens secrets.
    pub(crate) fn vault(&self) -> &Vault {
        &self.vault
    }

    pub(crate) fn new(vault: Vault) -> Self {
        Self {
            vault,
            accounts: Throttle::new(ACCOUNT.0, ACCOUNT.1),
            addresses: Throttle::new(ADDRESS.0, ADDRESS.1),
            sightings: Arc::default(),
            turns: Semaphore::new(AT_ONCE),
            hashing: Semaphore::new(HASHED_AT_ONCE),
        }
    }
}

impl Sightings {
    pub(super) fn note(&self, session: &sessions::Session, now: Timestamp) {
        if now.since(session.times.seen_at) >= SEEN_EVERY {
            self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(session.id.clone(), now);
        }
    }

    /// Writes down what was noted so far. Where that fails it is lost: a session then ends a little early.
    pub(crate) fn write_down(&self, store: &Store, now: Timestamp) {
        let noted = std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner));
        if noted.is_empty() {
            return;
        }
        let seen: Vec<_> = noted.into_iter().collect();
        if let Err(Undone::Failed(error)) = store.write_blocking(now, move |tx| sessions::seen(tx, &seen)) {
            tracing::debug!(%error, "sessions of the console were not written down as seen");
        }
    }
}

impl App {
    /// Asks the store something, in one snapshot, on a thread that may wait.
    pub(crate) async fn look<T: Send + 'static>(
        &self,
        question: impl FnOnce(&mut Reader<'_>) -> Done<T> + Send + 'static,
    ) -> Result<T, Trouble> {
        self.in_turn(move |store| store.read(|reader| told(question(reader)))).await
    }

    /// The same for a question of a single statement, which is a snapshot by itself.
    pub(crate) async fn look_once<T: Send + 'static>(
        &self,
        question: impl FnOnce(&mut Reader<'_>) -> Done<T> + Send + 'static,
    ) -> Result<T, Trouble> {
        self.in_turn(move |store| store.ask(|reader| told(question(reader)))).await
    }

    async fn in_turn<T: Send + 'static>(
        &self,
        question: impl FnOnce(&Store) -> Result<Result<T, Refusal>, StoreError> + Send + 'static,
    ) -> Result<T, Trouble> {
        let turn = tokio::time::timeout(TURN_WITHIN, self.console.turns.acquire()).await;
        let Ok(Ok(_turn)) = turn else { return Err(Trouble::Failed(Failure::Overloaded)) };
        let store = self.store.clone();
        match tokio::task::spawn_blocking(move || question(&store)).await {
            Ok(Ok(Ok(answer))) => Ok(answer),
            Ok(Ok(Err(refusal))) => Err(Trouble::Refused(refusal)),
            Ok(Err(error)) => {
                tracing::error!(%error, "the database did not answer the console");
                Err(Trouble::Failed(error.failure()))
            }
            Err(error) => {
                tracing::error!(%error, "a question to the database panicked");
                Err(Trouble::Failed(Failure::Internal))
            }
        }
    }

    /// Whether a password is the one that was chosen. Where none was, it takes as long, and is not.
    pub(super) async fn compare(&self, password: Password, chosen: Option<PasswordHash>) -> Result<bool, Trouble> {
        self.hashed(move || {
            let is_chosen = chosen.is_some();
            chosen.as_ref().unwrap_or_else(|| PasswordHash::of_nobody()).matches(&password) && is_chosen
        })
        .await
    }

    /// The hash of a password that was chosen.
    pub(super) async fn hash(&self, password: Password) -> Result<PasswordHash, Trouble> {
        self.hashed(move || PasswordHash::of(&password)).await?.map_err(|error| Trouble::Failed(error.failure()))
    }

    async fn hashed<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, Trouble> {
        let turn = tokio::time::timeout(TURN_WITHIN, self.console.hashing.acquire()).await;
        let Ok(Ok(_turn)) = turn else { return Err(Trouble::Failed(Failure::Overloaded)) };
        tokio::task::spawn_blocking(work).await.map_err(|error| {
            tracing::error!(%error, "hashing a password panicked");
            Trouble::Failed(Failure::Internal)
        })
    }
}

/// A refusal is an answer, too, and ends the snapshot as one.
fn told<T>(answer: Done<T>) -> Result<Result<T, Refusal>, StoreError> {
    match answer {
        Ok(answer) => Ok(Ok(answer)),
        Err(Undone::Refused(refusal)) => Ok(Err(refusal)),
        Err(Undone::Failed(error)) => Err(error),
    }
}

/// A change of the console that no form names, such as a sign-in.
impl App {
    pub(crate) async fn alter<T: Send + 'static>(
        &self,
        operation: impl FnMut(&mut latchkey_store::Tx<'_>) -> Done<T> + Send + 'static,
    ) -> Result<T, Trouble> {
        let now = self.now().map_err(Trouble::Failed)?;
        self.store.write(now, operation).await.map_err(|undone| match undone {
            Undone::Refused(refusal) => Trouble::Refused(refusal),
            Undone::Failed(error) => {
                tracing::error!(%error, "the database did not do what the console was asked for");
                Trouble::Failed(error.failure())
            }
        })
    }
}

/// Refuses what comes too often, before any work is done for it.
pub(super) fn throttled(seconds: Option<u64>) -> Result<(), Trouble> {
    match seconds {
        Some(seconds) => Err(Trouble::Refused(Refusal::SignInThrottled { seconds })),
        None => Ok(()),
    }
}
