//! Makes accounts in GLPI: one registration at a time, from whichever step it is at.
//!
//! GLPI says 201 where it dropped half of what it was told, an answer may be lost after the work was done, and this program may
//! be killed at any call. So nothing is believed that was not read back, an account is known as ours by the registration's id
//! in it, and every step may be done again. It finishes forward: what cannot be mended is reported by name, and nothing is
//! deleted but a right that GLPI gave in the place of another.

use std::cell::Cell;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use latchkey_domain::accounts::Secret;
use latchkey_domain::ids::RegistrationId;
use latchkey_domain::outgoing::Unanswered;
use latchkey_domain::time::Millis;
use latchkey_glpi::accounts::{self as api, Call, Fault, Heard, NewUser, Right, Session, Wire};
use latchkey_outgoing::Client;
use latchkey_store::invitations::counts;
use latchkey_store::invitations::delivery::{self, Ending, Task};
use latchkey_store::jobs::{self, Leased, Workers};
use latchkey_store::{Ahead, Done, Store, StoreError, Tx, Undone, Vault};

use crate::accounts::{Asker, CALL_WITHIN};
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
    zone: latchkey_domain::time::Zone,
}

/// Why an attempt came to no end.
enum Stopped {
    /// GLPI did not do it.
    Fault(Fault),
    /// Somebody else has the job.
    Lost,
    /// The database did not do it.
    Store(StoreError),
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
                let ending = in_session(job, &task, password, &wire, &session);
                self.end(job, &task, wire.written(ending));
                // Nobody has to wait for GLPI to close its book.
                drop(whoever_waits);
                session.close();
            }
            Err(fault) => self.end(job, &task, wire.written(Err(Stopped::Fault(fault)))),
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

    fn write<T: Send + 'static>(
        &self,
        operation: impl FnMut(&mut Tx<'_>) -> Done<T> + Send + 'static,
    ) -> Result<T, StoreError> {
        self.store.write_blocking(self.clock.wall(), operation).map_err(as_bug)
    }
}

/// No step is ever refused.
fn as_bug(undone: Undone) -> StoreError {
    match undone {
        Undone::Failed(error) => error,
        Undone::Refused(refusal) => StoreError::Bug(format!("a step was refused: {}", refusal.code())),
    }
}

/// Makes the account, sees to it that it is as promised, and says what it has become.
fn in_session(
    job: &Leased,
    task: &Task,
    password: &Secret,
    wire: &Held<'_>,
    session: &Session<'_, Held<'_>>,
) -> Result<Ending, Stopped> {
    let person = &task.registration.person;
    let ours = task.registration.id.to_string();
    let user = match task.registration.glpi_user {
        Some(user) => user,
        None => match account(job, task, password, wire, session)? {
            Some(user) => user,
            None => return Ok(Ending::Taken),
        },
    };
    let found = api::user(session, user).map_err(Stopped::Fault)?;
    if found.registration != ours || found.login.to_lowercase() != person.login.to_lowercase() || found.in_trash {
        // Somebody changed it in between: whose it is now is not ours to say.
        return Ok(Ending::There { user, remarks: vec!["changed".to_owned()] });
    }
    std::thread::scope(|scope| {
        // Whether the password opens it is asked in a session of its own, so GLPI answers both at once.
        let asker = &wire.asker;
        let opened = scope.spawn(move || opens(asker, task, password));
        let mut remarks = mended(task, user, wire, session)?;
        let opened =
            opened.join().map_err(|_| Stopped::Store(StoreError::Bug("asking for a password panicked".into())))?;
        // The first answer may be older than what was mended meanwhile.
        let is_shut = |opens: Result<Option<bool>, Fault>| Ok(opens.map_err(Stopped::Fault)? == Some(false));
        if is_shut(opened)? && is_shut(opens(wire, task, password))? {
            mend(api::set_password(session, user, password))?;
            if is_shut(opens(wire, task, password))? {
                remarks.push("password".to_owned());
            }
        }
        Ok(Ending::There { user, remarks })
    })
}

/// Whether the password opens the account; `None` where GLPI does not let it be asked.
fn opens<W: Wire>(wire: &W, task: &Task, password: &Secret) -> Result<Option<bool>, Fault> {
    api::opens(wire, &task.registration.person.login, password, task.credentials.app_token.as_ref())
}

/// Mends what GLPI dropped of an account, and names what it cannot.
fn mended(task: &Task, user: i64, wire: &Held<'_>, session: &Session<'_, Held<'_>>) -> Result<Vec<String>, Stopped> {
    let (person, mut remarks) = (&task.registration.person, Vec::new());
    let has_email = |session| -> Result<bool, Fault> {
        Ok(api::emails(session, user)?.iter().any(|email| email.to_lowercase() == person.email.to_lowercase()))
    };
    if !has_email(session).map_err(Stopped::Fault)? {
        mend(api::add_email(session, user, &person.email))?;
        if !has_email(session).map_err(Stopped::Fault)? {
            remarks.push("email".to_owned());
        }
    }
    let rights = rights(task, user, session)?;
    if rights == Rights::Lacking {
        remarks.push("profile".to_owned());
    }
    if rights != Rights::AsPromised {
        wire.step(task, "rights", None);
    }
    let missing = |session| -> Result<Vec<i64>, Fault> {
        let has = api::groups_of(session, user)?;
        Ok(task.target.groups.iter().map(|group| i64::from(*group)).filter(|group| !has.contains(group)).collect())
    };
    if !task.target.groups.is_empty() {
        let lacking = missing(session).map_err(Stopped::Fault)?;
        for group in &lacking {
            mend(api::add_group(session, user, *group))?;
        }
        if !lacking.is_empty() && !missing(session).map_err(Stopped::Fault)?.is_empty() {
            remarks.push("groups".to_owned());
        }
        wire.step(task, "groups", None);
    }
    Ok(remarks)
}

/// The account with this login that is ours, made or found; `None` where the login is somebody else's.
fn account(
    job: &Leased,
    task: &Task,
    password: &Secret,
    wire: &Held<'_>,
    session: &Session<'_, Held<'_>>,
) -> Result<Option<i64>, Stopped> {
    let person = &task.registration.person;
    let ours = task.registration.id.to_string();
    let adopt = |found: Option<api::Found>| found.map(|found| (found.registration == ours).then_some(found.id));
    // After the first attempt nobody knows how far it got.
    if job.attempts > 1
        && let Some(known) = adopt(api::find(session, &person.login).map_err(Stopped::Fault)?)
    {
        return created(wire, task, known);
    }
    let right = task.target.profile.map(|profile| Right {
        profile: profile.into(),
        entity: task.target.entity.unwrap_or_default().into(),
        recursive: task.target.recursive,
    });
    let new = NewUser {
        registration: &ours,
        login: &person.login,
        firstname: &person.firstname,
        realname: &person.realname,
        email: &person.email,
        password,
        right,
        language: language_of(&person.language),
    };
    match api::create(session, &new) {
        Ok(user) => created(wire, task, Some(user)),
        Err(fault @ Fault::Refused { .. }) => {
            match adopt(api::find(session, &person.login).map_err(Stopped::Fault)?) {
                Some(known) => created(wire, task, known),
                // GLPI has one code for all that keeps it from adding something. Where the account that asks still may
                // create, nothing but the login is in the way: it is there, only not for our eyes.
                None if fault_is_about_login(&fault)
                    && api::check(session, true).map_err(Stopped::Fault)?.fit().is_ok() =>
                {
                    Ok(None)
                }
                None => Err(Stopped::Fault(fault)),
            }
        }
        Err(fault) if fault.may_be_done() => match adopt(api::find(session, &person.login).map_err(Stopped::Fault)?) {
            Some(known) => created(wire, task, known),
            None => Err(Stopped::Fault(fault)),
        },
        Err(fault) => Err(Stopped::Fault(fault)),
    }
}

fn created(wire: &Held<'_>, task: &Task, known: Option<i64>) -> Result<Option<i64>, Stopped> {
    if known.is_some() {
        wire.step(task, "created", known);
    }
    Ok(known)
}

/// What an account may do, against what was promised.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Rights {
    /// GLPI did as it was told.
    AsPromised,
    /// They are now.
    Mended,
    /// They are not, and cannot be made so.
    Lacking,
}

/// Sees to it that the account may do what was promised, and nothing that GLPI gave in its place.
fn rights(task: &Task, user: i64, session: &Session<'_, Held<'_>>) -> Result<Rights, Stopped> {
    let target = &task.target;
    if target.profile.is_none() && target.entity.is_none() {
        return Ok(Rights::AsPromised);
    }
    let rows = api::rights(session, user).map_err(Stopped::Fault)?;
    let given = rows.first().map(|(_, right)| right.profile);
    let Some(profile) = target.profile.map(i64::from).or(given) else { return Ok(Rights::Lacking) };
    let wanted = Right { profile, entity: target.entity.unwrap_or_default().into(), recursive: target.recursive };
    let has = |rows: &[(i64, Right)]| rows.iter().any(|(_, right)| *right == wanted);
    let is_all = |rows: &[(i64, Right)]| has(rows) && rows.iter().all(|(_, right)| *right == wanted);
    if is_all(&rows) {
        return Ok(Rights::AsPromised);
    }
    if !has(&rows) {
        mend(api::add_right(session, user, wanted))?;
        if !has(&api::rights(session, user).map_err(Stopped::Fault)?) {
            return Ok(Rights::Lacking);
        }
    }
    for (row, _) in rows.iter().filter(|(_, right)| *right != wanted) {
        mend(api::remove_right(session, *row))?;
    }
    let left = api::rights(session, user).map_err(Stopped::Fault)?;
    Ok(if is_all(&left) { Rights::Mended } else { Rights::Lacking })
}

/// The wire of one attempt. A GLPI that is slow at each of a dozen calls must not outlast the lease: the job is held anew
/// before a call, whenever there has been time for one since.
struct Held<'m> {
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

impl<'m> Held<'m> {
    fn new(maker: &'m Maker, job: &'m Leased, asker: Asker) -> Self {
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

    /// A step was done. It is written down with the next call, or together with the end where nothing more is asked.
    fn step(&self, task: &Task, name: &'static str, user: Option<i64>) {
        // One that was not handed in yet is part of this one.
        let user = user.or_else(|| self.done.get().and_then(|before| before.user));
        self.done.set(Some(Step { name, registration: task.registration.id, user }));
    }

    /// Hands the last step in, and with it holds the job for longer.
    fn hand_in(&self) -> Result<(), Stopped> {
        let Some(Step { name, registration, user }) = self.done.take() else { return Ok(()) };
        self.settle()?;
        let (leased, now) = (self.job.clone(), self.maker.clock.wall());
        let ahead = move |tx: &mut Tx<'_>| delivery::step(tx, &leased, registration, name, user, LEASE);
        self.ahead.set(Some(self.maker.store.write_ahead(now, ahead)));
        Ok(())
    }

    /// What came of an attempt, once all its steps but the last one are written down; that nobody knows where another worker has
    /// the job.
    fn written(&self, ending: Result<Ending, Stopped>) -> Result<(Ending, Option<&'static str>), Stopped> {
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

/// What was refused while mending shows when it is read back; anything else stops the attempt.
fn mend(done: Result<(), Fault>) -> Result<(), Stopped> {
    match done {
        Ok(()) | Err(Fault::Refused { .. }) => Ok(()),
        Err(fault) => Err(Stopped::Fault(fault)),
    }
}

fn fault_is_about_login(fault: &Fault) -> bool {
    matches!(fault, Fault::Refused { code } if code == "ERROR_GLPI_ADD")
}

fn pause(job: &Leased) -> Millis {
    LONGEST_PAUSE.min(FIRST_PAUSE << (job.attempts - 1).clamp(0, 10))
}

/// As GLPI names languages.
fn language_of(tag: &str) -> Option<&'static str> {
    match tag {
        "en" => Some("en_GB"),
        "fr" => Some("fr_FR"),
        "es" => Some("es_ES"),
        "pt" => Some("pt_BR"),
        "de" => Some("de_DE"),
        _ => None,
    }
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
