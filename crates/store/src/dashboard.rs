//! What needs a person today, in numbers. Behind each stands a list of [`crate::lists`].

use latchkey_domain::text::OfferRef;
use latchkey_domain::time::{DAY, Timestamp};

use crate::StoreError;
use crate::driver::Select;
use crate::invitations::registrations::State;
use crate::lists::instances::count_waiting;
use crate::value::params;

/// How many days ahead keys are looked at; today does not count.
pub const DAYS_AHEAD: [i64; 3] = [7, 30, 90];

/// Numbers at a moment. Keys that count no longer are in none of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Numbers {
    /// Keys whose subscription runs and ends by each of the instants that were asked for.
    pub ending: [i64; 3],
    /// Keys whose subscription is in its grace period.
    pub in_grace: i64,
    /// Keys whose subscription is suspended.
    pub suspended: i64,
}

/// What waits for somebody beside the keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Open {
    /// Agents that wait for somebody's word.
    pub agents: i64,
    /// Registrations, by how they stand: those of [`NOT_DONE`].
    pub registrations: [i64; 3],
    /// Moves that somebody may decide before they end by themselves.
    pub moves: i64,
}

/// Registrations of which nothing becomes without somebody, or nothing has yet.
pub const NOT_DONE: [State; 3] = [State::Incomplete, State::Waiting, State::PasswordNeeded];

/// How many subscriptions end in a stretch of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Renewals {
    /// Its first instant.
    pub from: Timestamp,
    /// The first instant after it.
    pub until: Timestamp,
    /// How many, without those that were terminated.
    pub subscriptions: i64,
}

/// Counts; `by` are the ends of the days that are [`DAYS_AHEAD`], the last of which comes last.
pub fn numbers(from: &mut impl Select, now: Timestamp, by: [Timestamp; 3]) -> Result<Numbers, StoreError> {
    let [soon, month, quarter] = by;
    let missing = || StoreError::Corrupt("a count has no row".into());
    // One pass over the subscriptions that end by then, in the index of last days.
    let ending = from
        .row(
            "SELECT COUNT(CASE WHEN s.ends_at <= $soon THEN 1 END) AS soon,
                    COUNT(CASE WHEN s.ends_at <= $month THEN 1 END) AS month,
                    COUNT(*) AS quarter
               FROM subscriptions s CROSS JOIN keys k
              WHERE s.ends_at > $now AND s.ends_at <= $quarter AND s.suspended_at IS NULL AND s.terminated_at IS NULL
                AND s.begins_at <= $now
                AND k.subscription_id = s.id AND k.revoked_at IS NULL
                AND (k.superseded_until IS NULL OR k.superseded_until > $now)",
            params! { soon, month, quarter, now },
        )?
        .ok_or_else(missing)?;
    let in_grace = from
        .row(
            "SELECT COUNT(*) AS found FROM subscriptions s CROSS JOIN keys k
              WHERE s.ends_at <= $now AND s.ends_at > $earliest AND s.grace_ends_at > $now
                AND s.suspended_at IS NULL AND s.terminated_at IS NULL
                AND k.subscription_id = s.id AND k.revoked_at IS NULL
                AND (k.superseded_until IS NULL OR k.superseded_until > $now)",
            // No grace period is longer: `MOST_GRACE_DAYS`, and a day for the clocks that change.
            params! { now, earliest: now.plus(-LONGEST_GRACE) },
        )?
        .ok_or_else(missing)?;
    let suspended = from
        .row(
            "SELECT COUNT(*) AS found FROM subscriptions s CROSS JOIN keys k
              WHERE s.suspended_at IS NOT NULL AND s.terminated_at IS NULL
                AND k.subscription_id = s.id AND k.revoked_at IS NULL
                AND (k.superseded_until IS NULL OR k.superseded_until > $now)",
            params! { now },
        )?
        .ok_or_else(missing)?;
    Ok(Numbers {
        ending: [ending.get("soon")?, ending.get("month")?, ending.get("quarter")?],
        in_grace: in_grace.get("found")?,
        suspended: suspended.get("found")?,
    })
}

/// Counts what waits at `now`, each in an index of its own.
pub fn open(from: &mut impl Select, now: Timestamp) -> Result<Open, StoreError> {
    let missing = || StoreError::Corrupt("a count has no row".into());
    let agents = from
        .row("SELECT COUNT(*) AS found FROM agents WHERE quarantined_at IS NULL AND approved_at IS NULL", params! {})?
        .ok_or_else(missing)?;
    let mut registrations = [0; NOT_DONE.len()];
    for (count, state) in registrations.iter_mut().zip(NOT_DONE) {
        let row = from
            .row("SELECT COUNT(*) AS found FROM registrations WHERE state = $state", params! { state: state.name() })?;
        *count = row.ok_or_else(missing)?.get("found")?;
    }
    Ok(Open { agents: agents.get("found")?, registrations, moves: count_waiting(from, now)? })
}

/// How many subscriptions to each offer run; offers that have none are not there.
pub fn running_by_offer(from: &mut impl Select, now: Timestamp) -> Result<Vec<(OfferRef, i64)>, StoreError> {
    from.rows(
        "SELECT offer, COUNT(*) AS found FROM subscriptions
          WHERE begins_at <= $now AND ends_at > $now AND suspended_at IS NULL AND terminated_at IS NULL
          GROUP BY offer ORDER BY offer",
        params! { now },
    )?
    .iter()
    .map(|row| Ok((row.get("offer")?, row.get("found")?)))
    .collect()
}

/// How many subscriptions end between each two of these instants, in order.
pub fn renewals(from: &mut impl Select, instants: &[Timestamp]) -> Result<Vec<Renewals>, StoreError> {
    let stretches = instants.iter().zip(instants.iter().skip(1));
    stretches
        .map(|(begin, end)| {
            // The instant after a last day is the first of the next: one that ends with a month belongs to that month.
            let row = from
                .row(
                    "SELECT COUNT(*) AS found FROM subscriptions
                      WHERE ends_at > $begin AND ends_at <= $end AND terminated_at IS NULL",
                    params! { begin: *begin, end: *end },
                )?
                .ok_or_else(|| StoreError::Corrupt("a count has no row".into()))?;
            Ok(Renewals { from: *begin, until: *end, subscriptions: row.get("found")? })
        })
        .collect()
}

const LONGEST_GRACE: i64 = (latchkey_domain::subscriptions::MOST_GRACE_DAYS as i64 + 1) * DAY;
