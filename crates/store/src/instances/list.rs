//! Instances as lists and pages show them.

use latchkey_domain::Refusal;
use latchkey_domain::ids::{CustomerId, InstanceId, KeyId, MoveId, SubscriptionId};
use latchkey_domain::instances::{Environment, Faces, Holdings, Instance, Move, Outcome, Place, Site};
use latchkey_domain::subscriptions::Subscription;
use latchkey_domain::text::Name;
use latchkey_domain::time::Timestamp;

use super::{holdings, seen};
use crate::driver::Select;
use crate::subscriptions::subscriptions;
use crate::value::{Row, params};
use crate::{Done, StoreError};

/// An instance with all that is known of it.
#[derive(Debug, Clone)]
pub struct Listed {
    /// Its id.
    pub id: InstanceId,
    /// What it uses.
    pub subscription: Subscription,
    /// The name of the customer who holds that.
    pub customer: Name,
    /// The key with which it asked last.
    pub key: KeyId,
    /// The plugin whose site it is, if it is one.
    pub plugin: Option<String>,
    /// How it is told from others.
    pub site: Site,
    /// Its GLPI's UID, as far as it is known.
    pub uid: Option<String>,
    /// What it is for.
    pub environment: Environment,
    /// When it first asked.
    pub first_seen: Timestamp,
    /// When it last asked, give or take an hour.
    pub last_seen: Timestamp,
    /// Its version of GLPI.
    pub version: Option<String>,
    /// What it looks like from outside.
    pub faces: Faces,
    /// As it is stored: see [`Listed::place`].
    place: Place,
    /// The move by which it arrives, if it does.
    arrival: Option<Move>,
    /// The move by which its seat may leave it.
    departure: Option<Move>,
}

/// Which instances a page is to have.
#[derive(Debug, Clone, Default)]
pub struct Page {
    /// Those of this customer alone.
    pub customer: Option<CustomerId>,
    /// Those of this subscription alone.
    pub subscription: Option<SubscriptionId>,
    /// Those that asked with this key last.
    pub key: Option<KeyId>,
    /// Those of this UID or address.
    pub site: Option<String>,
    /// Those that somebody may decide about now: they are moving in.
    pub moving: bool,
    /// Those older than this one alone.
    pub before: Option<InstanceId>,
}

/// A move that is over or not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PastMove {
    /// From whom.
    pub from: InstanceId,
    /// Its UID, or its address.
    pub from_site: String,
    /// To whom.
    pub to: InstanceId,
    /// Its UID, or its address.
    pub to_site: String,
    /// When it began.
    pub opened_at: Timestamp,
    /// When it would end by itself.
    pub closes_at: Timestamp,
    /// How and when it ended, if that is written down.
    pub ended: Option<(Outcome, Timestamp)>,
}

impl Listed {
    /// What it has at `now`.
    pub fn place(&self, now: Timestamp) -> Place {
        let alone = Instance {
            id: self.id,
            site: self.site.clone(),
            environment: self.environment,
            place: self.place,
            last_seen: self.last_seen,
        };
        let moves = self.arrival.into_iter().chain(self.departure).collect();
        let holdings = Holdings::new(self.subscription.seats, vec![alone], moves);
        holdings.at(now).by_id(self.id).map_or(self.place, |known| known.place)
    }

    /// The move that is under way at `now`, by which it arrives or its seat may leave it.
    pub fn moving(&self, now: Timestamp) -> Option<Move> {
        self.arrival.or(self.departure).filter(|move_| now < move_.closes_at)
    }

    pub(super) fn plugin_or_empty(&self) -> &str {
        self.plugin.as_deref().unwrap_or_default()
    }
}

/// The instance of an id.
pub fn find(from: &mut impl Select, id: InstanceId) -> Done<Listed> {
    // The id that sorts before all others is nobody's.
    let rows = from.rows(concat!(one!(), " WHERE i.id = $id"), params! { id })?;
    match rows.first() {
        Some(row) => Ok(read(row)?),
        None => Err(Refusal::InstanceUnknown { instance: id.to_string() }.into()),
    }
}

/// The instance that somebody means: by its id, or by its UID or address where one subscription alone knows it.
pub fn meant(from: &mut impl Select, text: &str, key: Option<KeyId>) -> Done<Listed> {
    let text = text.trim();
    if let Ok(id) = text.parse::<InstanceId>() {
        return find(from, id);
    }
    let unknown = || Refusal::InstanceUnknown { instance: text.chars().take(200).collect() };
    // PostgreSQL takes no NUL, and no UID or address has one.
    if text.is_empty() || text.contains('\0') {
        return Err(unknown().into());
    }
    let page = Page { site: Some(text.to_owned()), ..Page::default() };
    let mut found = self::page(from, &page, 100)?;
    if let Some(key) = key {
        let row = from.row("SELECT subscription_id FROM keys WHERE id = $key", params! { key })?;
        let Some(row) = row else { return Err(Refusal::KeyUnknown { key: key.to_string() }.into()) };
        let subscription: SubscriptionId = row.get("subscription_id")?;
        found.retain(|known| known.subscription.id == subscription);
    }
    match found.len() {
        0 => Err(unknown().into()),
        1 => Ok(found.remove(0)),
        _ => {
            let ids = found.iter().map(|known| known.id.to_string()).collect();
            Err(Refusal::InstanceAmbiguous { instance: text.to_owned(), ids }.into())
        }
    }
}

/// A page of instances, newest first; at most so many.
pub fn page(from: &mut impl Select, page: &Page, most: u32) -> Result<Vec<Listed>, StoreError> {
    from.rows(
        concat!(
            one!(),
            " WHERE (CAST($customer AS TEXT) IS NULL OR s.customer_id = CAST($customer AS TEXT))
                AND (CAST($subscription AS TEXT) IS NULL OR i.subscription_id = CAST($subscription AS TEXT))
                AND (CAST($key AS TEXT) IS NULL OR i.key_id = CAST($key AS TEXT))
                AND (CAST($site AS TEXT) IS NULL OR i.site = CAST($site AS TEXT))
                AND (CAST($before AS TEXT) IS NULL OR i.id < CAST($before AS TEXT))
                AND (CAST($moving AS BIGINT) = 0 OR m.id IS NOT NULL)
              ORDER BY i.id DESC LIMIT $most"
        ),
        params! {
            customer: page.customer,
            subscription: page.subscription,
            key: page.key,
            site: page.site.as_deref(),
            before: page.before,
            moving: u32::from(page.moving),
            most,
        },
    )?
    .iter()
    .map(read)
    .collect()
}

/// The moves of an instance, newest first; at most so many.
pub fn moves(from: &mut impl Select, id: InstanceId, most: u32) -> Result<Vec<PastMove>, StoreError> {
    from.rows(
        "SELECT m.from_instance, f.site AS from_site, m.to_instance, t.site AS to_site, m.opened_at, m.closes_at,
                m.ended_at, m.outcome
           FROM moves m
           JOIN instances f ON f.id = m.from_instance
           JOIN instances t ON t.id = m.to_instance
          WHERE m.from_instance = $id OR m.to_instance = $id
          ORDER BY m.opened_at DESC, m.id DESC LIMIT $most",
        params! { id, most },
    )?
    .iter()
    .map(|row| {
        let ended = match (row.get::<Option<String>>("outcome")?, row.get::<Option<Timestamp>>("ended_at")?) {
            (Some(outcome), Some(at)) => Some((holdings::outcome(&outcome)?, at)),
            _ => None,
        };
        Ok(PastMove {
            from: row.get("from_instance")?,
            from_site: row.get("from_site")?,
            to: row.get("to_instance")?,
            to_site: row.get("to_site")?,
            opened_at: row.get("opened_at")?,
            closes_at: row.get("closes_at")?,
            ended,
        })
    })
    .collect()
}

/// What is asked of an instance: with its subscription, its customer, and the moves that it is part of.
macro_rules! columns {
    () => {
        "SELECT i.id AS instance_id, i.plugin, i.site, i.uid, i.key_id, i.environment, i.place, i.seat, i.why, i.since,
                i.until, i.first_seen, i.last_seen, i.version, i.face, i.face_before, i.returns, i.returned_at,
                m.id AS move_id, m.seat AS move_seat, m.from_instance, m.opened_at, m.closes_at, m.asked_at,
                d.id AS leave_id, d.seat AS leave_seat, d.to_instance, d.opened_at AS leave_opened_at,
                d.closes_at AS leave_closes_at, d.asked_at AS leave_asked_at,
                s.id AS subscription_id, s.customer_id, s.offer, s.begins, s.ends, s.grace_ends, s.begins_at, s.ends_at,
                s.grace_ends_at, s.seats, s.suspended_at, s.terminated_at, c.name"
    };
}
pub(crate) use columns as COLUMNS;

macro_rules! moves {
    () => {
        " LEFT JOIN moves m ON m.to_instance = i.id AND m.ended_at IS NULL
          LEFT JOIN moves d ON d.from_instance = i.id AND d.ended_at IS NULL"
    };
}
pub(crate) use moves as MOVES;

macro_rules! one {
    () => {
        concat!(
            COLUMNS!(),
            " FROM instances i
              JOIN subscriptions s ON s.id = i.subscription_id
              JOIN customers c ON c.id = s.customer_id",
            MOVES!()
        )
    };
}
use one;

pub(crate) fn read(row: &Row) -> Result<Listed, StoreError> {
    let (id, plugin, text): (InstanceId, String, String) =
        (row.get("instance_id")?, row.get("plugin")?, row.get("site")?);
    let arrival = holdings::arrival(row, id)?;
    let departure = match row.get::<Option<MoveId>>("leave_id")? {
        Some(move_id) => Some(Move {
            id: move_id,
            seat: row.get("leave_seat")?,
            from: id,
            to: row.get("to_instance")?,
            opened_at: row.get("leave_opened_at")?,
            closes_at: row.get("leave_closes_at")?,
            asked_at: row.get("leave_asked_at")?,
        }),
        None => None,
    };
    let site = holdings::site(&plugin, &text)?;
    let uid = match &site {
        Site::Glpi(uid) => Some(uid.to_string()),
        Site::Address(_) => row.get("uid")?,
    };
    Ok(Listed {
        id,
        subscription: subscriptions::read(row)?,
        customer: row.get("name")?,
        key: row.get("key_id")?,
        plugin: Some(plugin).filter(|plugin| !plugin.is_empty()),
        site,
        uid,
        environment: holdings::environment(row)?,
        first_seen: row.get("first_seen")?,
        last_seen: row.get("last_seen")?,
        version: row.get("version")?,
        faces: seen::faces(row)?,
        place: holdings::place(row)?,
        arrival,
        departure,
    })
}
