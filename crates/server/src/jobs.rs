//! The worker: takes what is due from the job table and does it.

use std::collections::HashSet;
use std::sync::Arc;
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::Duration;

use latchkey_domain::time::{DAY, HOUR, MINUTE, Millis};
use latchkey_storage::{Archives, unhex};
use latchkey_store::jobs::{self, Leased, Workers};
use latchkey_store::{
    Done, Store, StoreError, Undone, Vault, audit, installation, marketplace, retention, signing_keys,
};
use tokio::runtime::Handle;

use crate::AuditSink;
use crate::api::Uses;
use crate::app::App;
use crate::clock::ClockGuard;
use crate::console::Sightings;
use crate::join::Tally;
use crate::presence::Presence;
use crate::seen::Seen;

/// How often the table is looked at.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// With every so manieth look, who asked about keys is written down.
const SEEN_EVERY: u32 = 2;
/// How long a job may take before another node may take it, in milliseconds.
const LEASE: Millis = 5 * MINUTE;
/// How often the end of the audit chain is signed, in milliseconds.
const SIGN_EVERY: Millis = HOUR;
/// How often the feed, and answers of the API, are pruned, in milliseconds.
const PRUNE_EVERY: Millis = HOUR;
/// When it goes on where there may be more to erase, in milliseconds: others write in between.
const PRUNE_ON: Millis = 5_000;
/// The job that takes away archives that nothing refers to.
const COLLECT_ARCHIVES: &str = "collect-archives";
/// How often it is done, in milliseconds.
const COLLECT_EVERY: Millis = 6 * HOUR;
/// How long an archive stays that nothing refers to, in milliseconds: far longer than any publishing takes.
const KEEP_UNUSED: Millis = DAY;
/// The longest pause after failures, in milliseconds.
const LONGEST_PAUSE: Millis = HOUR;

/// The thread that works.
pub(crate) struct Worker {
    stop: Sender<()>,
    thread: JoinHandle<()>,
}

impl Worker {
    pub(crate) fn start(store: Store, vault: Vault, sink: AuditSink, app: &App) -> Result<Self, StoreError> {
        let (stop, stopped) = channel();
        let desk = Desk {
            store,
            vault,
            clock: app.clock.clone(),
            sink,
            uses: app.api.uses(),
            sightings: app.console.sightings.clone(),
            seen: app.seen.clone(),
            invitations: app.join.tally.clone(),
            presence: app.presence.clone(),
            archives: app.market.archives.clone(),
            runtime: Handle::current(),
        };
        let thread = std::thread::Builder::new()
            .name("jobs".into())
            .spawn(move || {
                let (mut looks, mut is_ready) = (0_u32, false);
                while matches!(stopped.recv_timeout(LOOK_EVERY), Err(RecvTimeoutError::Timeout)) {
                    looks = looks.wrapping_add(1);
                    // What is due can wait until the clock is right; what it writes down could not be taken back.
                    if let Ok(now) = desk.clock.now() {
                        desk.uses.write_down(&desk.store, now);
                        if looks.is_multiple_of(SEEN_EVERY) {
                            desk.seen.write_down(&desk.store, now);
                        }
                        desk.sightings.write_down(&desk.store, now);
                        desk.invitations.write_down(&desk.store, now);
                        desk.presence.write_down(&desk.store, now);
                        if let Err(error) = desk.get_ready(&mut is_ready).and_then(|()| desk.clear()) {
                            tracing::warn!(%error, "jobs have to wait");
                        }
                    }
                }
                if let Ok(now) = desk.clock.now() {
                    desk.presence.write_down(&desk.store, now);
                    desk.uses.write_down(&desk.store, now);
                    desk.seen.write_down(&desk.store, now);
                    desk.sightings.write_down(&desk.store, now);
                    desk.invitations.write_down(&desk.store, now);
                }
            })
            .map_err(|error| StoreError::Bug(error.to_string()))?;
        Ok(Self { stop, thread })
    }

    /// Finishes the job at hand and ends.
    pub(crate) fn stop(self) {
        drop(self.stop);
        if self.thread.join().is_err() {
            tracing::error!("the worker panicked");
        }
    }
}

struct Desk {
    store: Store,
    vault: Vault,
    clock: ClockGuard,
    sink: AuditSink,
    /// When API tokens were last used.
    uses: Arc<Uses>,
    /// When sessions of the console were last used.
    sightings: Arc<Sightings>,
    /// Who asked about keys.
    seen: Arc<Seen>,
    /// What came of invitations.
    invitations: Arc<Tally>,
    /// When instances last asked.
    presence: Arc<Presence>,
    archives: Archives,
    runtime: Handle,
}

impl Desk {
    /// Sees to it that there is the job of collecting, also in a database that is older than it.
    fn get_ready(&self, is_ready: &mut bool) -> Result<(), StoreError> {
        if *is_ready {
            return Ok(());
        }
        if !self.store.ask(|reader| jobs::is_known(reader, COLLECT_ARCHIVES))? {
            self.write(|tx| jobs::enqueue(tx, COLLECT_ARCHIVES, COLLECT_ARCHIVES, "{}", tx.now()))?;
        }
        *is_ready = true;
        Ok(())
    }

    /// Does all that is due.
    fn clear(&self) -> Result<(), StoreError> {
        while self.store.ask(|reader| jobs::anything_due(reader, Workers::Others, self.clock.wall()))? {
            let Some(job) = self.write(|tx| jobs::take(tx, Workers::Others, LEASE))? else { break };
            let (next, error) = match self.work(&job) {
                Ok(next) => (next, None),
                Err(error) => {
                    let pause = LONGEST_PAUSE.min(MINUTE << job.attempts.clamp(0, 6));
                    tracing::warn!(job = job.id, attempts = job.attempts, %error, "a job failed and will be tried again");
                    (pause, Some(error))
                }
            };
            let run_at = self.clock.wall().plus(next);
            if !self.write(move |tx| jobs::put_back(tx, &job, run_at, error.as_deref()))? {
                tracing::warn!("a job took longer than its lease; another node has it");
            }
        }
        Ok(())
    }

    /// Does one job, and says in how many milliseconds it is due again.
    fn work(&self, job: &Leased) -> Result<Millis, String> {
        match job.kind.as_str() {
            installation::SIGN_AUDIT_HEAD => self.sign_audit_head().map(|()| SIGN_EVERY),
            installation::PRUNE_FEED => {
                let swept = self.write(retention::sweep).map_err(|error| error.to_string())?;
                Ok(if swept.is_partial() { PRUNE_ON } else { PRUNE_EVERY })
            }
            COLLECT_ARCHIVES => self.collect_archives().map(|()| COLLECT_EVERY),
            // A newer program put it there; a node that runs it will do it.
            other => Err(format!("this version of Latchkey does not know the job {other}")),
        }
    }

    /// Takes away what nothing refers to.
    fn collect_archives(&self) -> Result<(), String> {
        let used = self.store.ask(|reader| marketplace::digests(reader)).map_err(|error| error.to_string())?;
        let used: HashSet<_> = used.iter().filter_map(|digest| unhex(digest)).collect();
        let older_than = u64::try_from(KEEP_UNUSED / 1_000).unwrap_or(u64::MAX);
        let collected = self.runtime.block_on(self.archives.collect(|digest| used.contains(digest), older_than));
        let removed = collected.map_err(|error| error.to_string())?;
        if removed > 0 {
            tracing::info!(removed, "archives that nothing referred to were taken away");
        }
        Ok(())
    }

    /// Signs the end of the chain where it has grown, and exports the latest head, also one whose export failed before.
    fn sign_audit_head(&self) -> Result<(), String> {
        let vault = self.vault.clone();
        let head = self
            .write(move |tx| {
                let signer = signing_keys::current(tx, &vault)?;
                audit::sign_head(tx, &signer)?;
                Ok(audit::latest_head(tx)?)
            })
            .map_err(|error| error.to_string())?;
        match head {
            Some(head) => (self.sink)(&head).map_err(|error| format!("the signed head was not exported: {error}")),
            None => Ok(()),
        }
    }

    fn write<T, F>(&self, operation: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnMut(&mut latchkey_store::Tx<'_>) -> Done<T> + Send + 'static,
    {
        self.store.write_blocking(self.clock.wall(), operation).map_err(|undone| match undone {
            Undone::Failed(error) => error,
            Undone::Refused(refusal) => StoreError::Bug(format!("a job was refused: {}", refusal.code())),
        })
    }
}
