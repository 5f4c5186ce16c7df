//! Rows of the audit log, newest first or oldest first.

use latchkey_domain::ids::CustomerId;
use latchkey_domain::time::Timestamp;

use super::{At, Column, Found, Page, Question, Sorting};
use crate::StoreError;
use crate::audit::{self, Line};
use crate::driver::Select;
use crate::value::{Value, params};

/// The most rows that are looked at for one page of a filtered log, so that no question takes long.
pub const MOST_LOOKED_AT: i64 = 50_000;

/// Which rows a list is to have; all, where nothing is said.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wanted {
    /// Where this was done.
    pub action: Option<String>,
    /// Where this one did it, as it stands in the log.
    pub actor: Option<String>,
    /// Where it was done with such a thing.
    pub subject_kind: Option<String>,
    /// Where it was done with this one: an id, or an offer's reference.
    pub subject: Option<String>,
    /// Where it was done at this instant or later.
    pub from: Option<Timestamp>,
    /// Where it was done before this instant.
    pub until: Option<Timestamp>,
}

/// How rows are sorted: by number.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ByNumber;

impl Sorting for ByNumber {
    fn columns(self) -> &'static [Column] {
        const { &[Column::number("a.seq", "seq")] }
    }
}

impl Wanted {
    fn is_all(&self) -> bool {
        *self == Self::default()
    }
}

/// A page of rows. Of a filtered log only so many rows are looked at, so a page may be short, even empty, and still have
/// neighbours.
pub fn page(from: &mut impl Select, wanted: &Wanted, page: &Page) -> Result<Found<Line>, StoreError> {
    let mut question = lines();
    let mut looked_to = None;
    // One thing's rows are found by their index.
    if !wanted.is_all() && (wanted.subject.is_none() || wanted.subject_kind.is_none()) {
        let (lowest, highest) = looked_at(from, page)?;
        question.and("a.seq >= $lowest AND a.seq <= $highest").bind("lowest", lowest).bind("highest", highest);
        let down = page.descending != matches!(page.at, At::Before(_));
        let end = if down { lowest } else { highest };
        let rows = audit::count(from)?;
        looked_to = (end > 1 && end < rows).then_some(end);
    }
    if let Some(kind) = &wanted.subject_kind {
        question.and("a.subject_kind = $kind").bind("kind", kind.trim());
    }
    if let Some(subject) = &wanted.subject {
        question.and("a.subject = $subject").bind("subject", subject.trim());
    }
    if let Some(action) = &wanted.action {
        question.and("a.action = $action").bind("action", action.trim());
    }
    if let Some(actor) = &wanted.actor {
        question.and("a.actor = $actor").bind("actor", actor.trim());
    }
    if let Some(begin) = wanted.from {
        question.and("a.at >= $from").bind("from", begin);
    }
    if let Some(end) = wanted.until {
        question.and("a.at < $until").bind("until", end);
    }
    let mut found = question.page(from, ByNumber, page, |_, row| Line::read(row))?;
    // Where the page is not full because no more was looked at, its neighbour begins where the look ended.
    if let Some(end) = looked_to {
        let place = || super::Place(vec![Value::Int(end)]);
        match page.at {
            At::Before(_) => found.before = found.before.or_else(|| Some(place())),
            At::Beginning | At::After(_) => found.after = found.after.or_else(|| Some(place())),
        }
    }
    Ok(found)
}

/// What was done with a customer, its subscriptions and its keys, newest first; those before a number, and at most so many.
pub fn of_customer(
    from: &mut impl Select,
    customer: CustomerId,
    before: Option<i64>,
    most: u32,
) -> Result<Vec<Line>, StoreError> {
    let before = before.unwrap_or(i64::MAX);
    from.rows(
        "SELECT a.seq, a.at, a.actor, a.action, a.subject_kind, a.subject, a.detail, a.reason_digest, a.hash,
                r.salt, r.body
           FROM (SELECT seq FROM audit WHERE subject_kind = 'customer' AND subject = $customer
                 UNION ALL SELECT a.seq FROM subscriptions s
                             JOIN audit a ON a.subject_kind = 'subscription' AND a.subject = s.id
                            WHERE s.customer_id = $customer
                 UNION ALL SELECT a.seq FROM subscriptions s JOIN keys k ON k.subscription_id = s.id
                             JOIN audit a ON a.subject_kind = 'key' AND a.subject = k.id
                            WHERE s.customer_id = $customer) AS own
           JOIN audit a ON a.seq = own.seq
           LEFT JOIN audit_reasons r ON r.seq = a.seq
          WHERE own.seq < $before ORDER BY a.seq DESC LIMIT $most",
        params! { customer, before, most },
    )?
    .iter()
    .map(Line::read)
    .collect()
}

fn lines() -> Question {
    Question::new(
        "SELECT a.seq, a.at, a.actor, a.action, a.subject_kind, a.subject, a.detail, a.reason_digest, a.hash, r.salt,
                r.body",
        "FROM audit a LEFT JOIN audit_reasons r ON r.seq = a.seq",
    )
}

/// The numbers of the first and the last row that are looked at for a page.
fn looked_at(from: &mut impl Select, page: &Page) -> Result<(i64, i64), StoreError> {
    let rows = audit::count(from)?;
    let (place, backward) = match &page.at {
        At::Beginning => (None, false),
        At::After(place) => (Some(place), false),
        At::Before(place) => (Some(place), true),
    };
    let number = match place.map(|place| place.0.as_slice()) {
        Some([Value::Int(number)]) => Some(*number),
        Some(_) | None => None,
    };
    Ok(if page.descending != backward {
        let highest = number.map_or(rows, |number| number.saturating_sub(1));
        (highest.saturating_sub(MOST_LOOKED_AT - 1).max(1), highest)
    } else {
        let lowest = number.map_or(1, |number| number.saturating_add(1));
        (lowest, lowest.saturating_add(MOST_LOOKED_AT - 1).min(rows))
    })
}
