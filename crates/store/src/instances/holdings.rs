//! Holdings, read and written.

use latchkey_domain::ids::{InstanceId, KeyId, MoveId};
use latchkey_domain::instances::{
    Change, Denial, Departure, Environment, Holdings, Instance, InstanceUid, Move, Outcome, Place, Site, Spent, YEAR,
};
use latchkey_domain::time::Timestamp;
use serde_json::json;

use super::Pool;
use crate::driver::Select;
use crate::subscriptions::subscriptions::{announce_keys, guarded};
use crate::value::{Row, params};
use crate::{Actor, Done, StoreError, Tx, audit};

/// What stands of an instance in a row of a question that joins them, and of the move by which it arrives.
macro_rules! held {
    () => {
        "i.id AS instance_id, i.plugin, i.site, i.environment, i.place, i.seat, i.why, i.since, i.until, i.last_seen,
         m.id AS move_id, m.seat AS move_seat, m.from_instance, m.opened_at, m.closes_at, m.asked_at"
    };
}
pub(crate) use held as HELD;

/// Whoever comes, beside what the rules need of it.
#[derive(Debug, Clone)]
pub(super) struct Guise {
    /// With which key.
    pub(super) key: KeyId,
    /// Its UID, where it is told by something else.
    pub(super) uid: Option<InstanceUid>,
    /// Which version of GLPI it is.
    pub(super) version: Option<String>,
    /// What it looks like from outside.
    pub(super) face: Option<u32>,
}

/// Holdings out of rows that have [`HELD`]; a row without an instance is one without.
pub(crate) fn read_holdings(seats: u32, rows: &[Row]) -> Result<Holdings, StoreError> {
    let (mut instances, mut moves) = (Vec::new(), Vec::new());
    for row in rows {
        let Some(id) = row.get::<Option<InstanceId>>("instance_id")? else { continue };
        instances.push(Instance {
            id,
            site: site(&row.get::<String>("plugin")?, &row.get::<String>("site")?)?,
            environment: environment(row)?,
            place: place(row)?,
            last_seen: row.get("last_seen")?,
        });
        moves.extend(arrival(row, id)?);
    }
    Ok(Holdings::new(seats, instances, moves))
}

/// The open move to an instance, where its row has one.
pub(super) fn arrival(row: &Row, to: InstanceId) -> Result<Option<Move>, StoreError> {
    let Some(id) = row.get::<Option<MoveId>>("move_id")? else { return Ok(None) };
    Ok(Some(Move {
        id,
        seat: row.get("move_seat")?,
        from: row.get("from_instance")?,
        to,
        opened_at: row.get("opened_at")?,
        closes_at: row.get("closes_at")?,
        asked_at: row.get("asked_at")?,
    }))
}

/// The holdings of a pool.
pub(super) fn load(from: &mut impl Select, pool: &Pool) -> Result<Holdings, StoreError> {
    let rows = from.rows(
        concat!(
            "SELECT s.seats, ",
            held!(),
            " FROM subscriptions s
               LEFT JOIN instances i ON i.subscription_id = s.id AND i.plugin = $plugin
               LEFT JOIN moves m ON m.to_instance = i.id AND m.ended_at IS NULL
              WHERE s.id = $subscription"
        ),
        params! { subscription: pool.subscription, plugin: pool.plugin.as_str() },
    )?;
    let first = rows.first().ok_or_else(|| StoreError::Bug("a pool has no subscription".into()))?;
    read_holdings(first.get("seats")?, &rows)
}

/// What was used up in a pool within the last year.
pub(super) fn spent(from: &mut impl Select, pool: &Pool, now: Timestamp) -> Result<Spent, StoreError> {
    let (subscription, plugin, oldest) = (pool.subscription, pool.plugin.as_str(), now.plus(-YEAR));
    let moves = from.rows(
        "SELECT opened_at FROM moves
          WHERE subscription_id = $subscription AND plugin = $plugin AND opened_at > $oldest
            AND (outcome IS NULL OR outcome <> 'cancelled')",
        params! { subscription, plugin, oldest },
    )?;
    let releases = from.rows(
        "SELECT at FROM seat_releases WHERE subscription_id = $subscription AND plugin = $plugin AND at > $oldest",
        params! { subscription, plugin, oldest },
    )?;
    Ok(Spent {
        moves: moves.iter().map(|row| row.get("opened_at")).collect::<Result<_, _>>()?,
        releases: releases.iter().map(|row| row.get("at")).collect::<Result<_, _>>()?,
    })
}

/// Writes down what the rules have given, and tells every node. `guise` is whoever comes, where somebody does.
pub(super) fn write(
    tx: &mut Tx<'_>,
    pool: &Pool,
    changes: &[Change],
    guise: Option<&Guise>,
    actor: &Actor,
) -> Done<()> {
    for change in changes {
        write_one(tx, pool, change, guise, actor)?;
    }
    // Sites of plugins are not remembered in memory.
    if !changes.is_empty() && pool.plugin.is_empty() {
        announce_keys(tx, pool.subscription)?;
    }
    Ok(())
}

fn write_one(tx: &mut Tx<'_>, pool: &Pool, change: &Change, guise: Option<&Guise>, actor: &Actor) -> Done<()> {
    match change {
        Change::Add(instance) => {
            let guise = guise.ok_or_else(|| StoreError::Bug("an instance comes out of nowhere".into()))?;
            add(tx, pool, instance, guise, actor)
        }
        Change::Place { instance, place } => {
            let Columns { place, seat, why, since, until } = columns(*place);
            // A seat is only taken where one is left; the rule has seen that it is.
            let row = tx.row(
                "UPDATE instances SET place = $place, seat = $seat, why = $why, since = $since, until = $until
                  WHERE id = $instance
                    AND (CAST($seat AS BIGINT) IS NULL OR seat IS NOT NULL
                         OR (SELECT COUNT(*) FROM instances t
                              WHERE t.subscription_id = $subscription AND t.plugin = $plugin AND t.seat IS NOT NULL)
                            < (SELECT seats FROM subscriptions WHERE id = $subscription))
              RETURNING id",
                params! {
                    place,
                    seat,
                    why,
                    since,
                    until,
                    instance: *instance,
                    subscription: pool.subscription,
                    plugin: pool.plugin.as_str(),
                },
            )?;
            guarded(row)?;
            Ok(())
        }
        Change::Declare { instance, environment } => {
            let row = tx.row(
                "UPDATE instances SET environment = $environment WHERE id = $instance RETURNING id",
                params! { environment: environment.name(), instance: *instance },
            )?;
            guarded(row)?;
            Ok(())
        }
        Change::Open(move_) => open(tx, pool, move_, actor),
        Change::Asked { id, at } => {
            let row = tx.row(
                "UPDATE moves SET asked_at = $at
                  WHERE id = $id AND ended_at IS NULL AND asked_at IS NULL AND closes_at > $at RETURNING id",
                params! { at: *at, id: *id },
            )?;
            guarded(row)?;
            Ok(tx.audit(audit::Entry::new(actor, "move.old-one-asked", "move", id))?)
        }
        Change::End { id, outcome, at } => {
            let row = tx.row(
                "UPDATE moves SET ended_at = $at, outcome = $outcome WHERE id = $id AND ended_at IS NULL
              RETURNING from_instance, to_instance",
                params! { at: *at, outcome: outcome.name(), id: *id },
            )?;
            let row = guarded(row)?;
            let detail = json!({
                "outcome": outcome.name(),
                "from": row.get::<String>("from_instance")?,
                "to": row.get::<String>("to_instance")?,
                "since": at.to_string(),
            });
            Ok(tx.audit(audit::Entry::new(actor, "move.end", "move", id).detail(detail))?)
        }
    }
}

fn add(tx: &mut Tx<'_>, pool: &Pool, instance: &Instance, guise: &Guise, actor: &Actor) -> Done<()> {
    let Columns { place, seat, why, since, until } = columns(instance.place);
    // The rule has seen that there is a seat; where there is none all the same, the row has no place, which none may be without.
    tx.changed(
        "INSERT INTO instances (id, subscription_id, plugin, site, uid, key_id, environment, place, seat, why, since,
                                until, first_seen, last_seen, version, face)
         VALUES ($id, CAST($subscription AS TEXT), CAST($plugin AS TEXT), $site, $uid, $key, $environment,
                 CASE WHEN CAST($seat AS BIGINT) IS NULL
                        OR (SELECT COUNT(*) FROM instances t
                             WHERE t.subscription_id = CAST($subscription AS TEXT)
                               AND t.plugin = CAST($plugin AS TEXT) AND t.seat IS NOT NULL)
                           < (SELECT seats FROM subscriptions WHERE id = CAST($subscription AS TEXT))
                      THEN CAST($place AS TEXT) END,
                 CAST($seat AS BIGINT), $why, $since, $until, $seen, $seen, $version, $face)",
        params! {
            id: instance.id,
            subscription: pool.subscription,
            plugin: pool.plugin.as_str(),
            site: instance.site.as_str(),
            uid: guise.uid.as_ref().map(InstanceUid::as_str),
            key: guise.key,
            environment: instance.environment.name(),
            place,
            seat,
            why,
            since,
            until,
            seen: instance.last_seen,
            version: guise.version.as_deref(),
            face: guise.face,
        },
    )?;
    let detail = json!({
        "subscription": pool.subscription.to_string(),
        "plugin": (!pool.plugin.is_empty()).then_some(&pool.plugin),
        "key": guise.key.to_string(),
        "environment": instance.environment.name(),
        "state": instance.place.name(),
    });
    tx.audit(audit::Entry::new(actor, "instance.bind", "instance", instance.id).detail(detail))
}

fn open(tx: &mut Tx<'_>, pool: &Pool, move_: &Move, actor: &Actor) -> Done<()> {
    let Move { id, seat, from, to, opened_at, closes_at, asked_at: _ } = *move_;
    tx.row(
        "INSERT INTO moves (id, subscription_id, plugin, seat, from_instance, to_instance, opened_at, closes_at)
         VALUES ($id, $subscription, $plugin, $seat, $from, $to, $opened_at, $closes_at)",
        params! {
            id,
            subscription: pool.subscription,
            plugin: pool.plugin.as_str(),
            seat,
            from,
            to,
            opened_at,
            closes_at,
        },
    )?;
    let detail = json!({
        "subscription": pool.subscription.to_string(),
        "from": from.to_string(),
        "to": to.to_string(),
        "until": closes_at.to_string(),
    });
    tx.audit(audit::Entry::new(actor, "move.open", "move", id).detail(detail))
}

/// A place as it stands in a row.
struct Columns {
    place: &'static str,
    seat: Option<u32>,
    why: Option<&'static str>,
    since: Timestamp,
    until: Option<Timestamp>,
}

fn columns(place: Place) -> Columns {
    let (since, seat) = (place.since(), place.seat());
    let (place, why, until) = match place {
        Place::Seated { .. } => ("seated", None, None),
        Place::Beside { .. } => ("beside", None, None),
        Place::Arriving { .. } => ("arriving", None, None),
        Place::Gone { why: Departure::Moved, .. } => ("gone", Some("moved"), None),
        Place::Gone { why: Departure::Released, .. } => ("gone", Some("released"), None),
        Place::Gone { why: Departure::GivenBack { rests_until }, .. } => {
            ("gone", Some("given-back"), Some(rests_until))
        }
        Place::Refused { why, retry_at, .. } => ("refused", Some(denial(why)), retry_at),
    };
    Columns { place, seat, why, since, until }
}

/// The place that a row has.
pub(super) fn place(row: &Row) -> Result<Place, StoreError> {
    let (place, why): (String, Option<String>) = (row.get("place")?, row.get("why")?);
    let (since, until): (Timestamp, Option<Timestamp>) = (row.get("since")?, row.get("until")?);
    Ok(match (place.as_str(), why.as_deref(), until) {
        ("seated", None, None) => Place::Seated { seat: row.get("seat")?, since },
        ("beside", None, None) => Place::Beside { since },
        ("arriving", None, None) => Place::Arriving { since },
        ("gone", Some("moved"), None) => Place::Gone { at: since, why: Departure::Moved },
        ("gone", Some("released"), None) => Place::Gone { at: since, why: Departure::Released },
        ("gone", Some("given-back"), Some(rests_until)) => {
            Place::Gone { at: since, why: Departure::GivenBack { rests_until } }
        }
        ("refused", Some(why), retry_at) => {
            let known = [Denial::SeatsTaken, Denial::OthersTaken, Denial::OldStayed, Denial::ByPerson];
            let why = known.into_iter().find(|known| denial(*known) == why);
            let why = why.ok_or_else(|| StoreError::Corrupt("an instance is refused for no known reason".into()))?;
            Place::Refused { at: since, why, retry_at }
        }
        _ => return Err(StoreError::Corrupt(format!("an instance has the place {place} {why:?}"))),
    })
}

fn denial(why: Denial) -> &'static str {
    match why {
        Denial::SeatsTaken => "seats-taken",
        Denial::OthersTaken => "others-taken",
        Denial::OldStayed => "old-stayed",
        Denial::ByPerson => "by-person",
    }
}

/// How a row's instance is told from others.
pub(super) fn site(plugin: &str, site: &str) -> Result<Site, StoreError> {
    if !plugin.is_empty() {
        return Ok(Site::Address(site.into()));
    }
    InstanceUid::parse(site.as_bytes())
        .map(Site::Glpi)
        .map_err(|fault| StoreError::Corrupt(format!("a UID is none: {fault:?}")))
}

/// What a row's instance is for.
pub(super) fn environment(row: &Row) -> Result<Environment, StoreError> {
    let name: String = row.get("environment")?;
    Environment::parse(&name).map_err(|_| StoreError::Corrupt(format!("an environment is {name}")))
}

/// How a row's move ended.
pub(super) fn outcome(name: &str) -> Result<Outcome, StoreError> {
    let known = Outcome::ALL.into_iter().find(|outcome| outcome.name() == name);
    known.ok_or_else(|| StoreError::Corrupt(format!("a move ended as {name}")))
}
