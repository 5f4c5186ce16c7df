//! Instances, with the subscriptions that they use.

use latchkey_domain::ids::{InstanceId, SubscriptionId};
use latchkey_domain::instances::{Environment, MANY_RETURNS};
use latchkey_domain::time::Timestamp;

use super::subscriptions::Whose;
use super::{Column, Found, Page, Question, Sorting};
use crate::StoreError;
use crate::driver::Select;
use crate::instances::list::{COLUMNS, Listed, MOVES, read};
use crate::value::params;

/// Which instances a list is to have; all, where nothing is said.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// Those of these customers.
    pub whose: Option<Whose>,
    /// Those that use this subscription.
    pub subscription: Option<SubscriptionId>,
    /// Those that stand so.
    pub is: Option<InstanceIs>,
    /// Those that are for this.
    pub environment: Option<Environment>,
    /// Those whose UID or address begins so.
    pub site: Option<String>,
    /// Those that look like two alone.
    pub twins: bool,
}

/// What an instance has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InstanceIs {
    /// A place.
    Active,
    /// It is moving in.
    Moving,
    /// It had a place.
    Released,
    /// It has none.
    Refused,
}

/// Instances are sorted by the moment at which they first asked.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct FirstSeen;

/// A move that waits for its end, or for somebody's word.
#[derive(Debug, Clone)]
pub struct Waiting {
    /// Whoever is moving in.
    pub newcomer: Listed,
    /// Whoever holds the seat.
    pub holder: Listed,
}

impl InstanceIs {
    /// All there are.
    pub const ALL: [Self; 4] = [Self::Active, Self::Moving, Self::Released, Self::Refused];

    /// The name, as commands and the API print it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Moving => "moving",
            Self::Released => "released",
            Self::Refused => "refused",
        }
    }

    /// What the ends of windows have brought about counts, be it written down or not.
    fn lets_pass(self, question: &mut Question, now: Timestamp) {
        let condition = match self {
            Self::Active => {
                "(i.place = 'beside'
                  OR (i.place = 'seated' AND NOT EXISTS (SELECT 1 FROM moves o WHERE o.from_instance = i.id
                      AND o.ended_at IS NULL AND o.closes_at <= $now AND o.asked_at IS NULL))
                  OR (i.place = 'arriving' AND EXISTS (SELECT 1 FROM moves o WHERE o.to_instance = i.id
                      AND o.ended_at IS NULL AND o.closes_at <= $now AND o.asked_at IS NULL)))"
            }
            Self::Moving => {
                "i.place = 'arriving' AND i.id IN (SELECT o.to_instance FROM moves o
                      WHERE o.ended_at IS NULL AND o.closes_at > $now)"
            }
            Self::Released => {
                "(i.place = 'gone'
                  OR (i.place = 'seated' AND EXISTS (SELECT 1 FROM moves o WHERE o.from_instance = i.id
                      AND o.ended_at IS NULL AND o.closes_at <= $now AND o.asked_at IS NULL)))"
            }
            Self::Refused => {
                "(i.place = 'refused'
                  OR (i.place = 'arriving' AND EXISTS (SELECT 1 FROM moves o WHERE o.to_instance = i.id
                      AND o.ended_at IS NULL AND o.closes_at <= $now AND o.asked_at IS NOT NULL)))"
            }
        };
        question.and(condition).bind("now", now);
    }
}

impl Sorting for FirstSeen {
    fn columns(self) -> &'static [Column] {
        const { &[Column::text("i.id", "instance_id")] }
    }
}

/// A page of instances as they stand at `now`.
pub fn page(from: &mut impl Select, wanted: &Wanted, page: &Page, now: Timestamp) -> Result<Found<Listed>, StoreError> {
    let tables = match &wanted.whose {
        Some(Whose::NameHas(_)) => CUSTOMERS_FIRST,
        Some(Whose::Customer(_)) => SUBSCRIPTIONS_FIRST,
        None => INSTANCES_FIRST,
    };
    let mut question = Question::new(COLUMNS!(), tables);
    question.and("s.id = i.subscription_id").and("c.id = s.customer_id");
    if let Some(whose) = &wanted.whose {
        whose.lets_pass(&mut question);
    }
    if let Some(subscription) = wanted.subscription {
        question.and("i.subscription_id = $subscription").bind("subscription", subscription);
    }
    if let Some(is) = wanted.is {
        is.lets_pass(&mut question, now);
    }
    if let Some(environment) = wanted.environment {
        question.and("i.environment = $environment").bind("environment", environment.name());
    }
    if let Some(begin) = &wanted.site {
        let end = format!("{begin}\u{10ffff}");
        question.and("i.site >= $site AND i.site < $site_end").bind("site", begin.as_str());
        question.bind("site_end", end.as_str());
    }
    if wanted.twins {
        question.and("i.returns >= $many").bind("many", MANY_RETURNS);
    }
    question.page(from, FirstSeen, page, |_, row| read(row))
}

/// How many moves wait at `now`.
pub fn count_waiting(from: &mut impl Select, now: Timestamp) -> Result<i64, StoreError> {
    from.row("SELECT COUNT(*) AS found FROM moves WHERE ended_at IS NULL AND closes_at > $now", params! { now })?
        .ok_or_else(|| StoreError::Corrupt("a count has no row".into()))?
        .get("found")
}

/// Moves that wait at `now`, the ones that end first before the others; at most so many.
pub fn waiting(from: &mut impl Select, now: Timestamp, most: u32) -> Result<Vec<Waiting>, StoreError> {
    let rows = from.rows(
        "SELECT from_instance, to_instance FROM moves WHERE ended_at IS NULL AND closes_at > $now
          ORDER BY closes_at, id LIMIT $most",
        params! { now, most },
    )?;
    let mut waiting = Vec::with_capacity(rows.len());
    for row in rows {
        let (holder, newcomer) = (by_id(from, row.get("from_instance")?)?, by_id(from, row.get("to_instance")?)?);
        if let (Some(holder), Some(newcomer)) = (holder, newcomer) {
            waiting.push(Waiting { newcomer, holder });
        }
    }
    Ok(waiting)
}

pub(super) fn by_id(from: &mut impl Select, id: InstanceId) -> Result<Option<Listed>, StoreError> {
    let sql = concat!(
        COLUMNS!(),
        " FROM instances i JOIN subscriptions s ON s.id = i.subscription_id JOIN customers c ON c.id = s.customer_id",
        MOVES!(),
        " WHERE i.id = $id"
    );
    from.row(sql, params! { id })?.as_ref().map(read).transpose()
}

/// SQLite keeps to the order in which a CROSS JOIN names tables.
const CUSTOMERS_FIRST: &str = concat!("FROM customers c CROSS JOIN subscriptions s CROSS JOIN instances i", MOVES!());
const SUBSCRIPTIONS_FIRST: &str =
    concat!("FROM subscriptions s CROSS JOIN instances i CROSS JOIN customers c", MOVES!());
const INSTANCES_FIRST: &str = concat!("FROM instances i CROSS JOIN subscriptions s CROSS JOIN customers c", MOVES!());
