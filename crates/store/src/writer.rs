//! The one writer of a process: it takes all operations that wait and commits them as one group.
//!
//! One operation that is refused leaves no trace while its neighbours stand. Nearly all stand, or are refused before they have
//! changed anything, so a group is run without savepoints first; where one has to be undone by itself, the whole group is
//! undone and run again, each in a savepoint of its own.
//!
//! No caller hears a result before the COMMIT, refusals included: what it was refused for must be true, too.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::time::{Duration, Instant};

use latchkey_domain::clock::{Reading, judge};
use latchkey_domain::time::Timestamp;
use tokio::sync::oneshot;

use crate::driver::Driver;
use crate::lately::Lately;
use crate::tx::{Head, Tx};
use crate::{Done, StoreError, Undone};

/// Operations in one commit. A group that grew without bound would make its first caller wait for its last.
const MOST_IN_GROUP: usize = 256;
/// Operations that may wait before callers are told that it is too much.
const MOST_WAITING: usize = 4_096;
/// How long, at the most, a group waits for those who had an answer a moment ago and ask again.
const GATHER_WITHIN: Duration = Duration::from_millis(1);
/// How often it is looked whether they are there.
const GATHER_STEP: Duration = Duration::from_micros(50);
/// How long a group is tried again while the database is away or busy, before its callers are told.
const PATIENCE: Duration = Duration::from_secs(5);

/// Opens a connection, again and again where it was lost.
pub(crate) type Connect = Box<dyn Fn() -> Result<Box<dyn Driver>, StoreError> + Send>;

/// Where operations are handed in.
#[derive(Clone)]
pub(crate) struct Queue(Result<SyncSender<Box<dyn Operation>>, StoreError>);

/// Whether the clock has to agree with what is stored. Only its acknowledgement goes without.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Clock {
    Believed,
    BeingAcknowledged,
}

impl Queue {
    /// One that takes nothing, and says why.
    pub(crate) fn closed(why: StoreError) -> Self {
        Self(Err(why))
    }

    /// Hands an operation in; the answer comes after its group was committed, or was given up.
    pub(crate) fn hand_in<T, F>(&self, now: Timestamp, clock: Clock, run: F) -> oneshot::Receiver<Done<T>>
    where
        T: Send + 'static,
        F: FnMut(&mut Tx<'_>) -> Done<T> + Send + 'static,
    {
        let (reply, answer) = oneshot::channel();
        let waiting = Box::new(Waiting { run, now, clock, outcome: None, reply: Some(reply) });
        match &self.0 {
            Ok(open) => {
                if let Err(TrySendError::Full(refused) | TrySendError::Disconnected(refused)) = open.try_send(waiting) {
                    refused.release(&Err(StoreError::Overloaded));
                }
            }
            Err(why) => waiting.release(&Err(why.clone())),
        }
        answer
    }
}

/// Starts the writer's thread. It ends when the last [`Queue`] is gone, after all that was handed in is done.
pub(crate) fn start(connect: Connect, committed: impl Fn() + Send + 'static) -> Result<Queue, StoreError> {
    let (queue, waiting) = sync_channel(MOST_WAITING);
    let connection = connect()?;
    let writer =
        Writer { connect, connection: Some(connection), committed: Box::new(committed), lately: Lately::default() };
    std::thread::Builder::new()
        .name("store-writer".into())
        .spawn(move || writer.work(&waiting))
        .map_err(|error| StoreError::Away(error.to_string()))?;
    Ok(Queue(Ok(queue)))
}

struct Writer {
    connect: Connect,
    connection: Option<Box<dyn Driver>>,
    committed: Box<dyn Fn() + Send>,
    lately: Lately,
}

/// Waits a little for those who were answered a moment ago, until so many operations are there. Without that, they and those who
/// came meanwhile take turns for ever, in two groups that are half as large, and a commit costs nearly as much for few as for
/// many. Whoever is alone waits for nobody.
fn gather(
    group: &mut Vec<Box<dyn Operation>>,
    waiting: &Receiver<Box<dyn Operation>>,
    expected: usize,
    patience: Duration,
) {
    let give_up = Instant::now() + patience;
    loop {
        let room = MOST_IN_GROUP.saturating_sub(group.len());
        group.extend(waiting.try_iter().take(room));
        if group.len() >= expected.min(MOST_IN_GROUP) || Instant::now() >= give_up {
            return;
        }
        std::thread::sleep(GATHER_STEP);
    }
}

impl Writer {
    fn work(mut self, waiting: &Receiver<Box<dyn Operation>>) {
        let (mut group, mut expected, mut took) = (Vec::new(), 1, Duration::ZERO);
        loop {
            if group.is_empty() {
                let Ok(first) = waiting.recv() else { return };
                group.push(first);
            }
            gather(&mut group, waiting, expected, (took / 4).min(GATHER_WITHIN));
            let begun = Instant::now();
            let verdict = self.commit_patiently(&mut group);
            took = begun.elapsed();
            let next: Vec<_> = waiting.try_iter().take(MOST_IN_GROUP).collect();
            expected = group.len() + next.len();
            for operation in std::mem::replace(&mut group, next) {
                operation.release(&verdict);
            }
        }
    }

    /// Commits a group, again where the database was away or busy: nothing was changed then, so it is the same group.
    fn commit_patiently(&mut self, group: &mut [Box<dyn Operation>]) -> Result<(), StoreError> {
        let give_up = Instant::now() + PATIENCE;
        let mut pause = Duration::from_millis(10);
        loop {
            match self.commit(group) {
                Err(error) if error.passes() && Instant::now() + pause < give_up => {
                    tracing::warn!(%error, "a group of changes has to wait for the database");
                    std::thread::sleep(pause);
                    pause = (pause * 2).min(Duration::from_millis(500));
                }
                outcome => return outcome,
            }
        }
    }

    fn commit(&mut self, group: &mut [Box<dyn Operation>]) -> Result<(), StoreError> {
        let mut driver = match self.connection.take() {
            Some(driver) if !driver.is_broken() => driver,
            Some(_) | None => (self.connect)()?,
        };
        let outcome = commit_group(driver.as_mut(), group, &mut self.lately);
        // After an error that nobody foresaw, a fresh connection is the safest known state.
        if outcome.is_ok() || matches!(outcome, Err(StoreError::Full | StoreError::Busy)) {
            self.connection = Some(driver);
        }
        if outcome.is_ok() {
            (self.committed)();
        }
        outcome
    }
}

/// Runs a group in one transaction.
fn commit_group(
    driver: &mut dyn Driver,
    group: &mut [Box<dyn Operation>],
    lately: &mut Lately,
) -> Result<(), StoreError> {
    let seq = match run_group(driver, group, lately, run_plainly) {
        Ok(Some(seq)) => seq,
        Ok(None) => {
            driver.batch("ROLLBACK")?;
            match run_group(driver, group, lately, run_in_savepoint) {
                Ok(Some(seq)) => seq,
                Ok(None) => return Err(given_up(driver, StoreError::Bug("a savepoint did not undo".into()))),
                Err(error) => return Err(given_up(driver, error)),
            }
        }
        Err(error) => return Err(given_up(driver, error)),
    };
    driver.commit()?;
    lately.committed(seq);
    Ok(())
}

/// What became of a group, or of one operation of it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Ran {
    /// Each stands, or has changed nothing.
    All,
    /// One has changed something and does not stand.
    OneHasToBeUndone,
}

type RunOne = fn(&mut dyn Driver, &mut dyn Operation, &mut Head, &mut Lately) -> Result<Ran, StoreError>;

/// Runs a group, and gives the number of its last change; none where one has to be undone by itself.
fn run_group(
    driver: &mut dyn Driver,
    group: &mut [Box<dyn Operation>],
    lately: &mut Lately,
    run_one: RunOne,
) -> Result<Option<i64>, StoreError> {
    driver.begin_write()?;
    let before = Head::take(driver)?;
    lately.begin(before.seq);
    let mut head = before.clone();
    for operation in group.iter_mut() {
        if run_one(driver, operation.as_mut(), &mut head, lately)? == Ran::OneHasToBeUndone {
            return Ok(None);
        }
    }
    if head != before {
        head.put(driver)?;
    }
    if head.seq != before.seq {
        driver.announce()?;
    }
    Ok(Some(head.seq))
}

fn run_plainly(
    driver: &mut dyn Driver,
    operation: &mut dyn Operation,
    head: &mut Head,
    lately: &mut Lately,
) -> Result<Ran, StoreError> {
    let (kept, written) = (head.clone(), driver.written());
    if operation.run(driver, head, lately)? {
        return Ok(Ran::All);
    }
    *head = kept;
    Ok(if driver.written() == written { Ran::All } else { Ran::OneHasToBeUndone })
}

fn run_in_savepoint(
    driver: &mut dyn Driver,
    operation: &mut dyn Operation,
    head: &mut Head,
    lately: &mut Lately,
) -> Result<Ran, StoreError> {
    let kept = head.clone();
    driver.again("SAVEPOINT operation")?;
    if operation.run(driver, head, lately)? {
        driver.again("RELEASE SAVEPOINT operation")?;
    } else {
        *head = kept;
        driver.batch("ROLLBACK TO SAVEPOINT operation; RELEASE SAVEPOINT operation")?;
    }
    Ok(Ran::All)
}

/// The first error is the one that says what went wrong; a connection that is gone cannot roll back either.
fn given_up(driver: &mut dyn Driver, error: StoreError) -> StoreError {
    let _ = driver.batch("ROLLBACK");
    error
}

/// An operation that waits for its group.
trait Operation: Send {
    /// Runs it; whether it stands. An error is the database's own and ends the whole group.
    fn run(&mut self, driver: &mut dyn Driver, head: &mut Head, lately: &mut Lately) -> Result<bool, StoreError>;

    /// Tells its caller.
    fn release(self: Box<Self>, group: &Result<(), StoreError>);
}

struct Waiting<T, F> {
    run: F,
    now: Timestamp,
    clock: Clock,
    outcome: Option<Done<T>>,
    reply: Option<oneshot::Sender<Done<T>>>,
}

impl<T, F> Operation for Waiting<T, F>
where
    T: Send,
    F: FnMut(&mut Tx<'_>) -> Done<T> + Send,
{
    fn run(&mut self, driver: &mut dyn Driver, head: &mut Head, lately: &mut Lately) -> Result<bool, StoreError> {
        let reading = Reading { wall: self.now, expected: self.now, highest_stored: Some(head.highest_at) };
        if let (Clock::Believed, Err(fault)) = (self.clock, judge(reading)) {
            self.outcome = Some(Err(StoreError::from(fault).into()));
            return Ok(false);
        }
        head.highest_at = match self.clock {
            Clock::Believed => head.highest_at.max(self.now),
            Clock::BeingAcknowledged => self.now,
        };
        let outcome = catch_unwind(AssertUnwindSafe(|| (self.run)(&mut Tx::new(driver, head, lately, self.now))))
            .unwrap_or_else(|_| Err(StoreError::Bug("an operation panicked".into()).into()));
        match outcome {
            // These may be over in a moment, or concern the connection: they are the whole group's.
            Err(Undone::Failed(error)) if error.passes() || error == StoreError::Full => Err(error),
            outcome => {
                let stands = outcome.is_ok();
                self.outcome = Some(outcome);
                Ok(stands)
            }
        }
    }

    fn release(mut self: Box<Self>, group: &Result<(), StoreError>) {
        let answer = match (group, self.outcome.take()) {
            (Ok(()), Some(outcome)) => outcome,
            (Ok(()), None) => Err(StoreError::Bug("an operation was not run".into()).into()),
            (Err(error), _) => Err(error.clone().into()),
        };
        if let Some(reply) = self.reply.take() {
            // A caller that has gone away does not need to know.
            let _ = reply.send(answer);
        }
    }
}
