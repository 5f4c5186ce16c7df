//! Makes accounts in GLPI, one attempt at a registration's job after another: whoever waits at the form has the first, and
//! threads of their own take up what waits: after a crash, or when a GLPI is back.
//!
//! What is done in GLPI stands in `making.rs`, and what holds the job meanwhile in `held.rs`. Invariant: what came of an attempt
//! is written down together with what becomes of its job; where it cannot be, the lease runs out, and the job is taken up again.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::Duration;

use latchkey_domain::time::{Millis, Zone};
use latchkey_glpi::accounts::Session;
use latchkey_outgoing::Client;
use latchkey_store::invitations::counts;
use latchkey_store::invitations::delivery::{self, Ending, Task};
use latchkey_store::jobs::{self, Leased, Workers};
use latchkey_store::{Ahead, Done, Store, StoreError, Tx, Undone, Vault};

use super::held::{Held, Stopped, as_bug};
use super::making::Making;
use crate::accounts::Asker;
use crate::app::App;
use crate::clock::ClockGuard;

/// How long a job is held, in milliseconds: more than two calls take, and it is held anew before a third.
pub(crate) const LEASE: Millis = 25_000;
/// How often the job table is looked at.
const LOOK_EVERY: Duration = Duration::from_millis(500);
/// Accounts that are made at once, besides those whose people wait.
const AT_ONCE: usize = 4;
/// The first and the longest pause before another attempt, in milliseconds.
const FIRST_PAUSE: Millis = 1_000;
const LONGEST_PAUSE: Millis = 300_000;

/// Makes accounts. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Maker {
    store: Store,
    vault: Vault,
    clock: ClockGuard,
    client: Client,
    zone: Zone,
}

impl Maker {
    pub(crate) fn of(app: &App) -> Self {
        Self {
            store: app.store.clone(),
            vault: app.console.vault().clone(),
            clock: app.clock.clone(),
            client: app.outgoing.clone(),
            zone: app.zone.clone(),
        }
    }

    /// Makes one attempt at a job that is held. It blocks. Whoever waits for what comes of it is let go as soon as that is written
    /// down.
    pub(crate) fn attempt<W>(&self, job: &Leased, whoever_waits: W) {
        let task = self.store.read(|reader| match delivery::task(reader, &self.vault, job) {
            Ok(task) => Ok(Ok(task)),
            Err(Undone::Refused(refusal)) => Ok(Err(refusal)),
            Err(Undone::Failed(error)) => Err(error),
        });
        let task = match task {
            Ok(Ok(Some(task))) => task,
            Ok(Ok(None)) => return self.finish(job),
            Ok(Err(refusal)) => return self.wait_visibly(job, refusal.code()),
            Err(error) => return self.put_back(job, error.code()),
        };
        let Some(password) = &task.password else {
            return self.end(job, &task, Ok((Ending::PasswordNeeded, None)));
        };
        let wire = Held::new(self, job, Asker::new(self.client.clone(), &task.connection.url));
        match Session::open(&wire, &task.credentials) {
            Ok(session) => {
                let ending = Making { job, task: &task, password, wire: &wire, session: &session }.make();
                self.end(job, &task, wire.written(ending));
                // Nobody has to wait for GLPI to close its book.
                drop(whoever_waits);
                session.close();
            }
            Err(fault) => self.end(job, &task, wire.written(Err(fault.into()))),
        }
    }

    /// Writes down what came of an attempt, and its last step.
    fn end(&self, job: &Leased, task: &Task, ending: Result<(Ending, Option<&'static str>), Stopped>) {
        let id = task.registration.id;
        let (ending, step) = match ending {
            Ok(ending) => ending,
            Err(Stopped::Lost) => {
                tracing::warn!(registration = %id, "making an account took longer than its lease; another worker has it");
                return;
            }
            Err(Stopped::Store(error)) => {
                tracing::error!(%error, registration = %id, "an account waits for the database");
                return self.put_back(job, error.code());
            }
            Err(Stopped::Fault(fault)) => {
                tracing::warn!(registration = %id, attempts = job.attempts, code = fault.code(), "an account waits for its GLPI");
                (Ending::Later { at: self.clock.wall().plus(pause(job)), remark: fault.code().to_owned() }, None)
            }
        };
        let (leased, invitation, zone) = (job.clone(), task.registration.invitation.clone(), self.zone.clone());
        let ended = self.write(move |tx| {
            let held = delivery::end(tx, &leased, id, &ending, step)?;
            let what = match &ending {
                Ending::There { .. } => "completed",
                Ending::Taken => "refused:login:taken",
                Ending::Later { .. } | Ending::PasswordNeeded => return Ok(held),
            };
            if held {
                counts::count(tx, &invitation, zone.date_of(tx.now()), what)?;
            }
            Ok(held)
        });
        if let Err(error) = ended {
            tracing::error!(%error, registration = %id, "what came of an account was not written down; it is looked at again");
        }
    }

    fn finish(&self, job: &Leased) {
        let leased = job.clone();
        if let Err(error) = self.write(move |tx| jobs::finish(tx, &leased)) {
            tracing::warn!(%error, job = job.id, "a job is looked at again");
        }
    }

    /// What only a person can mend, such as a connection that was removed, is shown with the registration.
    fn wait_visibly(&self, job: &Leased, code: &'static str) {
        let ending = Ending::Later { at: self.clock.wall().plus(pause(job)), remark: code.to_owned() };
        let leased = job.clone();
        let written =
            self.write(move |tx| delivery::end(tx, &leased, delivery::registration_of(&leased)?, &ending, None));
        if let Err(error) = written {
            tracing::warn!(%error, job = job.id, "a job is looked at again");
        }
    }

    fn put_back(&self, job: &Leased, code: &'static str) {
        let (leased, at) = (job.clone(), self.clock.wall().plus(pause(job)));
        if let Err(error) = self.write(move |tx| jobs::put_back(tx, &leased, at, Some(code))) {
            tracing::warn!(%error, job = job.id, "a job is looked at again");
        }
    }

    pub(super) fn write<T: Send + 'static>(
        &self,
        operation: impl FnMut(&mut Tx<'_>) -> Done<T> + Send + 'static,
    ) -> Result<T, StoreError> {
        self.store.write_blocking(self.clock.wall(), operation).map_err(as_bug)
    }

    /// The same, without waiting until it is written down.
    pub(super) fn write_ahead<T: Send + 'static>(
        &self,
        operation: impl FnMut(&mut Tx<'_>) -> Done<T> + Send + 'static,
    ) -> Ahead<T> {
        self.store.write_ahead(self.clock.wall(), operation)
    }
}

fn pause(job: &Leased) -> Millis {
    LONGEST_PAUSE.min(FIRST_PAUSE << (job.attempts - 1).clamp(0, 10))
}

/// The thread that takes up what waits: after a crash, or when a GLPI is back.
pub(crate) struct Makers {
    stop: Sender<()>,
    thread: JoinHandle<()>,
}

impl Makers {
    pub(crate) fn start(maker: Maker) -> Result<Self, StoreError> {
        let (stop, stopped) = channel();
        let busy = Arc::new(AtomicUsize::new(0));
        let thread = std::thread::Builder::new()
            .name("makers".into())
            .spawn(move || {
                while matches!(stopped.recv_timeout(LOOK_EVERY), Err(RecvTimeoutError::Timeout)) {
                    // What is due can wait until the clock is right.
                    if maker.clock.now().is_err() {
                        continue;
                    }
                    if let Err(error) = maker.take_up(&busy) {
                        tracing::warn!(%error, "accounts have to wait");
                    }
                }
            })
            .map_err(|error| StoreError::Bug(error.to_string()))?;
        Ok(Self { stop, thread })
    }

    /// Takes up nothing more. An attempt that is under way is taken up again by whoever comes next.
    pub(crate) fn stop(self) {
        drop(self.stop);
        if self.thread.join().is_err() {
            tracing::error!("the thread that takes up registrations panicked");
        }
    }
}

impl Maker {
    fn take_up(&self, busy: &Arc<AtomicUsize>) -> Result<(), StoreError> {
        while busy.load(Ordering::Relaxed) < AT_ONCE
            && self.store.ask(|reader| jobs::anything_due(reader, Workers::Registrations, self.clock.wall()))?
        {
            let Some(job) = self.write(|tx| jobs::take(tx, Workers::Registrations, LEASE))? else { break };
            let (maker, slot) = (self.clone(), Slot::taken(busy));
            std::thread::Builder::new()
                .name("maker".into())
                .spawn(move || {
                    maker.attempt(&job, ());
                    drop(slot);
                })
                .map_err(|error| StoreError::Bug(error.to_string()))?;
        }
        Ok(())
    }
}

/// One of those at work. It is free again also where an attempt panicked or no thread was to be had.
struct Slot(Arc<AtomicUsize>);

impl Slot {
    fn taken(busy: &Arc<AtomicUsize>) -> Self {
        busy.fetch_add(1, Ordering::Relaxed);
        Self(busy.clone())
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}
