//! Everything that happens later: durable rows with an expiring lease and a fencing number, done by whichever node is
//! alive.
//!
//! Invariant: what a worker reports counts only under the fence that it was given. One that slept past its lease finds
//! that somebody else has the job, and what it did must be something that may be done twice.

use latchkey_domain::time::{Millis, Timestamp};

use crate::driver::Select;
use crate::value::{Row, params};
use crate::{Done, Reader, StoreError, Tx};

/// The kind of jobs that make accounts. They wait for others, so they have workers of their own.
pub const REGISTRATION: &str = "registration";

/// A job that a worker holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leased {
    /// Its id; for a job that comes again and again, the same as its kind.
    pub id: String,
    /// What is to be done.
    pub kind: String,
    /// With what, as JSON.
    pub payload: String,
    /// How many times it was taken up, this time included.
    pub attempts: i64,
    fence: i64,
}

/// Asks for something to be done at `run_at` or later. A job of this id that is there already, waiting or done, is left
/// as it is.
pub fn enqueue(tx: &mut Tx<'_>, id: &str, kind: &str, payload: &str, run_at: Timestamp) -> Done<()> {
    tx.row(
        "INSERT INTO jobs (id, kind, payload, run_at, attempts, fence) VALUES ($id, $kind, $payload, $run_at, 0, 0)
         ON CONFLICT (id) DO NOTHING",
        params! { id, kind, payload, run_at },
    )?;
    Ok(())
}

/// The same, where a job of this id that is there already begins anew. Whoever holds the earlier one has lost it.
pub fn renew(tx: &mut Tx<'_>, id: &str, kind: &str, payload: &str, run_at: Timestamp) -> Done<()> {
    tx.row(
        "INSERT INTO jobs (id, kind, payload, run_at, attempts, fence) VALUES ($id, $kind, $payload, $run_at, 0, 0)
         ON CONFLICT (id) DO UPDATE
            SET payload = excluded.payload, run_at = excluded.run_at, attempts = 0, fence = jobs.fence + 1,
                finished_at = NULL, lease_until = NULL, last_error = NULL",
        params! { id, kind, payload, run_at },
    )?;
    Ok(())
}

/// Whether there is a job of this id, waiting or done.
pub fn is_known(from: &mut Reader<'_>, id: &str) -> Result<bool, StoreError> {
    Ok(from.row("SELECT id FROM jobs WHERE id = $id", params! { id })?.is_some())
}

/// Who does a job: whoever makes accounts, or whoever does all else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Workers {
    /// Those who make accounts.
    Registrations,
    /// Those who do all else.
    Others,
}

/// Whether anything is due that nobody holds. A look, so that an idle worker writes nothing.
pub fn anything_due(from: &mut Reader<'_>, workers: Workers, now: Timestamp) -> Result<bool, StoreError> {
    let due = from.row(
        "SELECT id FROM jobs
          WHERE finished_at IS NULL AND run_at <= $now AND (lease_until IS NULL OR lease_until <= $now)
            AND (kind = $registration) = ($wanted = 1) LIMIT 1",
        params! { now, registration: REGISTRATION, wanted: i64::from(workers == Workers::Registrations) },
    )?;
    Ok(due.is_some())
}

/// How the table stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// Jobs that are due and that nobody holds.
    pub due: i64,
    /// Jobs whose last attempt failed.
    pub failing: i64,
}

/// Counts what is due and what fails.
pub fn standing(from: &mut Reader<'_>, now: Timestamp) -> Result<Standing, StoreError> {
    let row = from
        .row(
            "SELECT COUNT(CASE WHEN run_at <= $now AND (lease_until IS NULL OR lease_until <= $now) THEN 1 END) AS due,
                    COUNT(last_error) AS failing
               FROM jobs WHERE finished_at IS NULL",
            params! { now },
        )?
        .ok_or_else(|| StoreError::Corrupt("a count has no row".into()))?;
    Ok(Standing { due: row.get("due")?, failing: row.get("failing")? })
}

/// Takes the job that has been due for longest, for `lease` milliseconds.
pub fn take(tx: &mut Tx<'_>, workers: Workers, lease: Millis) -> Done<Option<Leased>> {
    let now = tx.now();
    let taken = tx.row(
        "UPDATE jobs SET lease_until = $until, fence = fence + 1, attempts = attempts + 1
          WHERE id = (SELECT id FROM jobs
                       WHERE finished_at IS NULL AND run_at <= $now AND (lease_until IS NULL OR lease_until <= $now)
                         AND (kind = $registration) = ($wanted = 1)
                       ORDER BY run_at, id LIMIT 1)
      RETURNING id, kind, payload, attempts, fence",
        params! {
            until: now.plus(lease),
            now,
            registration: REGISTRATION,
            wanted: i64::from(workers == Workers::Registrations),
        },
    )?;
    leased(taken)
}

/// Takes one job by its id, for `lease` milliseconds, where nobody holds it.
pub fn take_this(tx: &mut Tx<'_>, id: &str, lease: Millis) -> Done<Option<Leased>> {
    let now = tx.now();
    let taken = tx.row(
        "UPDATE jobs SET lease_until = $until, fence = fence + 1, attempts = attempts + 1
          WHERE id = $id AND finished_at IS NULL AND (lease_until IS NULL OR lease_until <= $now)
      RETURNING id, kind, payload, attempts, fence",
        params! { until: now.plus(lease), now, id },
    )?;
    leased(taken)
}

/// Holds a job for `lease` milliseconds more. False where the lease was lost: somebody else has it.
pub fn hold(tx: &mut Tx<'_>, job: &Leased, lease: Millis) -> Done<bool> {
    let until = tx.now().plus(lease);
    let row = tx.row(
        "UPDATE jobs SET lease_until = $until WHERE id = $id AND fence = $fence AND finished_at IS NULL RETURNING id",
        params! { until, id: job.id.as_str(), fence: job.fence },
    )?;
    Ok(row.is_some())
}

fn leased(taken: Option<Row>) -> Done<Option<Leased>> {
    let Some(row) = taken else { return Ok(None) };
    Ok(Some(Leased {
        id: row.get("id")?,
        kind: row.get("kind")?,
        payload: row.get("payload")?,
        attempts: row.get("attempts")?,
        fence: row.get("fence")?,
    }))
}

/// Reports a job done. False where the lease was lost: somebody else has it.
pub fn finish(tx: &mut Tx<'_>, job: &Leased) -> Done<bool> {
    let now = tx.now();
    let row = tx.row(
        "UPDATE jobs SET finished_at = $now, lease_until = NULL, last_error = NULL
          WHERE id = $id AND fence = $fence AND finished_at IS NULL RETURNING id",
        params! { now, id: job.id.as_str(), fence: job.fence },
    )?;
    Ok(row.is_some())
}

/// Puts a job back until `run_at`: because it failed (with why), or because it comes again and again. False where the
/// lease was lost.
pub fn put_back(tx: &mut Tx<'_>, job: &Leased, run_at: Timestamp, error: Option<&str>) -> Done<bool> {
    let row = tx.row(
        "UPDATE jobs SET run_at = $run_at, lease_until = NULL, last_error = $error
          WHERE id = $id AND fence = $fence AND finished_at IS NULL RETURNING id",
        params! { run_at, error, id: job.id.as_str(), fence: job.fence },
    )?;
    Ok(row.is_some())
}
