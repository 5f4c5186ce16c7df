//! How an account comes into GLPI, as far as it is written down: steps of one registration, each under the fence of its job.
//!
//! Invariant: what a worker writes down counts only while it holds the job; and when the job is finished, so is the
//! registration: complete, reported, or its use given back, in one transaction.

use latchkey_domain::accounts::{Connection, Credentials, Secret};
use latchkey_domain::ids::{ConnectionId, RegistrationId};
use latchkey_domain::invitations::Target;
use latchkey_domain::time::{Millis, Timestamp};
use serde_json::json;

use super::keys;
use super::registrations::{PASSWORD_KEPT, Registration, State, find, job_of, place, sealed_name};
use crate::accounts::connections;
use crate::driver::Select;
use crate::jobs::{self, Leased};
use crate::value::params;
use crate::{Actor, Done, Reader, StoreError, Tx, Vault, audit};

/// All that is needed to make an account.
pub struct Task {
    /// For whom.
    pub registration: Registration,
    /// As what.
    pub target: Target,
    /// Where.
    pub connection: Connection,
    /// As whom we ask there.
    pub credentials: Credentials,
    /// The password, as long as it is held.
    pub password: Option<Secret>,
}

/// What came of an attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ending {
    /// The account is there; what is not as promised is named.
    There {
        /// GLPI's id of the account.
        user: i64,
        /// By name; empty where all is as promised.
        remarks: Vec<String>,
    },
    /// Somebody else has the login.
    Taken,
    /// Something is in the way, and it is tried again.
    Later {
        /// When.
        at: Timestamp,
        /// Which, by name.
        remark: String,
    },
    /// The password is no longer held.
    PasswordNeeded,
}

/// Asks for the account of a registration to be made, and takes the job at once.
pub(super) fn begin(tx: &mut Tx<'_>, id: RegistrationId, lease: Millis) -> Done<Option<Leased>> {
    let (job, now) = (job_of(id), tx.now());
    // One that was finished, or waits from before, comes again.
    jobs::renew(tx, &job, jobs::REGISTRATION, &json!({ "registration": id.to_string() }).to_string(), now)?;
    jobs::take_this(tx, &job, lease)
}

/// The registration that a job is about.
pub fn registration_of(job: &Leased) -> Result<RegistrationId, StoreError> {
    let payload: serde_json::Value = serde_json::from_str(&job.payload).unwrap_or_default();
    let id = payload["registration"].as_str().and_then(|id| id.parse().ok());
    id.ok_or_else(|| StoreError::Corrupt(format!("the job {} names no registration", job.id)))
}

/// What a job is about; `None` where nothing is left to do.
pub fn task(from: &mut Reader<'_>, vault: &Vault, job: &Leased) -> Done<Option<Task>> {
    let id = registration_of(job)?;
    let registration = find(from, id)?;
    let (State::Waiting, Some(connection)) = (registration.state, registration.connection) else { return Ok(None) };
    let target = keys::find(from, &registration.invitation)?.target;
    let sealed = from.row("SELECT sealed_password FROM registrations WHERE id = $id", params! { id })?;
    let sealed: Option<String> = sealed.map(|row| row.get("sealed_password")).transpose()?.flatten();
    let password = match sealed {
        Some(sealed) => {
            let opened = vault.open(&sealed_name(id), &sealed)?;
            let text = std::str::from_utf8(&opened).map_err(|_| StoreError::Unsealable(sealed_name(id)))?;
            Some(Secret::new(text))
        }
        None => None,
    };
    Ok(Some(Task {
        registration,
        target,
        connection: connections::by_id(from, connection)?,
        credentials: connections::credentials(from, vault, connection)?,
        password,
    }))
}

/// Writes a step down, and holds the job for longer. False where somebody else has it.
pub fn step(
    tx: &mut Tx<'_>,
    job: &Leased,
    id: RegistrationId,
    step: &str,
    user: Option<i64>,
    lease: Millis,
) -> Done<bool> {
    if !jobs::hold(tx, job, lease)? {
        return Ok(false);
    }
    let now = tx.now();
    tx.row(
        "UPDATE registrations SET step = $step, glpi_user = COALESCE($user, glpi_user), changed_at = $now
          WHERE id = $id RETURNING id",
        params! { step, user, now, id },
    )?;
    Ok(true)
}

/// Writes down what came of an attempt, together with the job, and the last step where that is not written down yet. False where
/// somebody else has it.
pub fn end(tx: &mut Tx<'_>, job: &Leased, id: RegistrationId, ending: &Ending, step: Option<&str>) -> Done<bool> {
    let now = tx.now();
    let held = match ending {
        Ending::Later { at, remark } => jobs::put_back(tx, job, *at, Some(remark))?,
        Ending::There { .. } | Ending::Taken | Ending::PasswordNeeded => jobs::finish(tx, job)?,
    };
    if !held {
        return Ok(false);
    }
    let (state, user, remarks) = match ending {
        Ending::There { user, remarks } if remarks.is_empty() => (State::Complete, Some(*user), String::new()),
        Ending::There { user, remarks } => (State::Incomplete, Some(*user), remarks.join(" ")),
        Ending::Taken => (State::Taken, None, "login".to_owned()),
        Ending::Later { remark, .. } => (State::Waiting, None, remark.clone()),
        Ending::PasswordNeeded => (State::PasswordNeeded, None, String::new()),
    };
    let done = matches!(ending, Ending::There { .. });
    let over = !matches!(ending, Ending::Later { .. });
    tx.row(
        "UPDATE registrations
            SET state = $state, remarks = $remarks, glpi_user = COALESCE($user, glpi_user), changed_at = $now,
                step = COALESCE($step, step),
                sealed_password = CASE WHEN $over = 1 THEN NULL ELSE sealed_password END,
                completed_at = CASE WHEN $done = 1 THEN $now ELSE completed_at END
          WHERE id = $id RETURNING id",
        params! {
            state: state.name(),
            remarks: remarks.as_str(),
            user,
            now,
            step,
            over: i64::from(over),
            done: i64::from(done),
            id,
        },
    )?;
    if *ending == Ending::Taken {
        give_back(tx, id)?;
    }
    if over {
        let detail = json!({ "state": state.name(), "glpi_user": user, "remarks": remarks });
        tx.audit(audit::Entry::new(&Actor::server(), "registration.end", "registration", id).detail(detail))?;
    }
    Ok(true)
}

/// Gives the use of a registration back, once.
fn give_back(tx: &mut Tx<'_>, id: RegistrationId) -> Done<()> {
    let now = tx.now();
    let row = tx.row(
        "UPDATE registrations SET returned_at = $now WHERE id = $id AND returned_at IS NULL RETURNING invitation_id",
        params! { now, id },
    )?;
    if let Some(row) = row {
        let invitation: String = row.get("invitation_id")?;
        tx.row(
            "UPDATE invitations SET uses = uses - 1 WHERE id = $invitation AND uses > 0 RETURNING id",
            params! { invitation },
        )?;
    }
    Ok(())
}

/// Sends what is in the built-in directory on to a GLPI that was connected: the accounts, and invitations without a GLPI.
/// Gives how many accounts are on their way.
pub fn connect(tx: &mut Tx<'_>, connection: ConnectionId, actor: &Actor) -> Done<usize> {
    let now = tx.now();
    tx.rows(
        "UPDATE invitations SET connection_id = $connection WHERE connection_id IS NULL RETURNING id",
        params! { connection },
    )?;
    let names = connections::names(tx, connection)?;
    keys::name_targets(tx, connection, &names)?;
    let moved = tx.rows(
        "UPDATE registrations
            SET connection_id = $connection, place = $place, changed_at = $now, kept_until = $kept_until, completed_at = NULL,
                state = CASE WHEN sealed_password IS NULL THEN $needed ELSE $waiting END
          WHERE state = $directory RETURNING id, sealed_password",
        params! {
            connection,
            place: place(Some(connection)),
            now,
            kept_until: now.plus(PASSWORD_KEPT),
            needed: State::PasswordNeeded.name(),
            waiting: State::Waiting.name(),
            directory: State::Directory.name(),
        },
    )?;
    for row in &moved {
        let id: RegistrationId = row.get("id")?;
        if row.get::<Option<String>>("sealed_password")?.is_some() {
            let payload = json!({ "registration": id.to_string() }).to_string();
            jobs::enqueue(tx, &job_of(id), jobs::REGISTRATION, &payload, now)?;
        }
    }
    if !moved.is_empty() {
        let detail = json!({ "accounts": moved.len() });
        tx.audit(audit::Entry::new(actor, "directory.deliver", "connection", connection).detail(detail))?;
    }
    Ok(moved.len())
}
