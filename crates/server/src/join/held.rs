//! The wire of one attempt at a registration: between two calls to GLPI it writes down what was done, and holds the job.
//!
//! Invariant: nothing is sent over it once another worker is known to have the job, nor before all steps that were done are written
//! down but the latest, and that one is on its way.

use std::cell::Cell;
use std::time::Instant;

use latchkey_domain::ids::RegistrationId;
use latchkey_domain::outgoing::Unanswered;
use latchkey_glpi::accounts::{Call, Fault, Heard, Wire};
use latchkey_store::invitations::delivery::{self, Ending, Task};
use latchkey_store::jobs::{self, Leased};
use latchkey_store::{Ahead, StoreError, Tx, Undone};

use super::maker::{LEASE, Maker};
use crate::accounts::{Asker, CALL_WITHIN};

/// The wire of one attempt. A GLPI that is slow at each of a dozen calls must not outlast the lease: the job is held anew
/// before a call, whenever there has been time for one since.
pub(super) struct Held<'m> {
    maker: &'m Maker,
    job: &'m Leased,
    asker: Asker,
    since: Cell<Instant>,
    /// Somebody else has the job: nothing more is sent.
    lost: Cell<bool>,
    /// The step that was done last and is not handed in yet: nothing was asked since.
    done: Cell<Option<Step>>,
    /// The step that is being written down, while GLPI is asked for the next one already: one that is not written down when
    /// this program dies is done again, which changes nothing.
    ahead: Cell<Option<Ahead<bool>>>,
}

/// What was done, and for which account.
#[derive(Clone, Copy)]
struct Step {
    name: &'static str,
    registration: RegistrationId,
    user: Option<i64>,
}

/// Why an attempt came to no end.
pub(super) enum Stopped {
    /// GLPI did not do it.
    Fault(Fault),
    /// Somebody else has the job.
    Lost,
    /// The database did not do it.
    Store(StoreError),
}

impl<'m> Held<'m> {
    pub(super) fn new(maker: &'m Maker, job: &'m Leased, asker: Asker) -> Self {
        Self {
            maker,
            job,
            asker,
            since: Cell::new(Instant::now()),
            lost: Cell::new(false),
            done: Cell::new(None),
            ahead: Cell::new(None),
        }
    }

    /// Asks the same GLPI from another thread, without holding the job or writing anything down.
    pub(super) fn asker(&self) -> &Asker {
        &self.asker
    }

    /// A step was done. It is written down with the next call, or together with the end where nothing more is asked.
    pub(super) fn step(&self, task: &Task, name: &'static str, user: Option<i64>) {
        // One that was not handed in yet is part of this one.
        let user = user.or_else(|| self.done.get().and_then(|before| before.user));
        self.done.set(Some(Step { name, registration: task.registration.id, user }));
    }

    /// Hands the last step in, and with it holds the job for longer.
    fn hand_in(&self) -> Result<(), Stopped> {
        let Some(Step { name, registration, user }) = self.done.take() else { return Ok(()) };
        self.settle()?;
        let leased = self.job.clone();
        let step = move |tx: &mut Tx<'_>| delivery::step(tx, &leased, registration, name, user, LEASE);
        self.ahead.set(Some(self.maker.write_ahead(step)));
        Ok(())
    }

    /// What came of an attempt, once all its steps but the last one are written down; that nobody knows where another worker has
    /// the job.
    pub(super) fn written(&self, ending: Result<Ending, Stopped>) -> Result<(Ending, Option<&'static str>), Stopped> {
        let written = self.settle();
        if self.lost.get() {
            return Err(Stopped::Lost);
        }
        written?;
        let ending = ending?;
        Ok((ending, self.done.get().map(|step| step.name)))
    }

    /// Waits until the last step is written down.
    fn settle(&self) -> Result<(), Stopped> {
        let Some(ahead) = self.ahead.take() else { return Ok(()) };
        match ahead.wait().map_err(as_bug) {
            Ok(true) => Ok(()),
            Ok(false) => {
                self.lost.set(true);
                Err(Stopped::Lost)
            }
            Err(error) => Err(Stopped::Store(error)),
        }
    }
}

impl Wire for Held<'_> {
    fn send(&self, call: &Call<'_>) -> Result<Heard, Unanswered> {
        if self.lost.get() {
            return Err(self.asker.silent());
        }
        if let Err(stopped) = self.hand_in() {
            if let Stopped::Store(error) = stopped {
                tracing::warn!(%error, job = self.job.id, "a step was not written down");
            }
            return Err(self.asker.silent());
        }
        if self.since.get().elapsed() >= CALL_WITHIN {
            let leased = self.job.clone();
            match self.maker.write(move |tx| jobs::hold(tx, &leased, LEASE)) {
                Ok(held) => self.lost.set(!held),
                Err(error) => {
                    tracing::warn!(%error, job = self.job.id, "a job could not be held for longer");
                    return Err(self.asker.silent());
                }
            }
            if self.lost.get() {
                return Err(self.asker.silent());
            }
            self.since.set(Instant::now());
        }
        self.asker.send(call)
    }
}

impl From<Fault> for Stopped {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

/// No step is ever refused.
pub(super) fn as_bug(undone: Undone) -> StoreError {
    match undone {
        Undone::Failed(error) => error,
        Undone::Refused(refusal) => StoreError::Bug(format!("a step was refused: {}", refusal.code())),
    }
}
