//! What a customer has bought, and every change to it.

use latchkey_domain::Refusal;
use latchkey_domain::ids::{CustomerId, SubscriptionId};
use latchkey_domain::subscriptions::{Offer, Period, Subscription, Term};
use latchkey_domain::text::{Name, OfferRef, Reason};
use latchkey_domain::time::Zone;
use serde_json::json;

use super::{new_id, offers};
use crate::driver::Select;
use crate::value::{Row, params};
use crate::{Actor, Done, StoreError, Tx, Undone, audit, feed, installation};

/// Which subscriptions a page is to have.
#[derive(Debug, Clone, Default)]
pub struct Page {
    /// Those of this customer alone.
    pub customer: Option<CustomerId>,
    /// Those to this offer alone.
    pub offer: Option<OfferRef>,
    /// Those older than this one alone.
    pub before: Option<SubscriptionId>,
}

/// Sells an offer for a period.
pub(crate) fn sell(
    tx: &mut Tx<'_>,
    customer: CustomerId,
    offer: &Offer,
    period: Period,
    actor: &Actor,
) -> Done<Subscription> {
    let (id, now) = (SubscriptionId(new_id(tx.now())?), tx.now());
    let subscription = Subscription {
        id,
        customer,
        offer: offer.reference.clone(),
        period,
        seats: offer.policy.seats,
        suspended_at: None,
        terminated_at: None,
    };
    tx.changed(
        "INSERT INTO subscriptions (id, customer_id, offer, begins, ends, grace_ends, begins_at, ends_at, grace_ends_at,
                                    seats, created_at)
         VALUES ($id, $customer, $offer, $begins, $ends, $grace_ends, $begins_at, $ends_at, $grace_ends_at, $seats, $now)",
        params! {
            id,
            customer,
            offer: &offer.reference,
            begins: period.begins,
            ends: period.ends,
            grace_ends: period.grace_ends,
            begins_at: period.begins_at,
            ends_at: period.ends_at,
            grace_ends_at: period.grace_ends_at,
            seats: subscription.seats,
            now,
        },
    )?;
    let detail = json!({
        "customer": customer.to_string(),
        "offer": offer.reference.as_str(),
        "begin_date": period.begins.to_string(),
        "end_date": period.ends.to_string(),
    });
    tx.audit(audit::Entry::new(actor, "subscription.create", "subscription", id).detail(detail))?;
    Ok(subscription)
}

/// Renews for a term: from the end date, or from today where the subscription has lapsed.
pub fn renew(
    tx: &mut Tx<'_>,
    id: SubscriptionId,
    term: Term,
    zone: &Zone,
    actor: &Actor,
    reason: Option<&Reason>,
) -> Done<Subscription> {
    installation::is_time_zone(tx, zone)?;
    let before = find(tx, id)?;
    let offer = offers::find(tx, before.offer.as_str())?;
    let period = before.renewed(term, &offer, zone, tx.now())?;
    let row = tx.row(
        "UPDATE subscriptions
            SET begins = $begins, ends = $ends, grace_ends = $grace_ends,
                begins_at = $begins_at, ends_at = $ends_at, grace_ends_at = $grace_ends_at
          WHERE id = $id AND terminated_at IS NULL AND ends = $ended
      RETURNING id",
        params! {
            begins: period.begins,
            ends: period.ends,
            grace_ends: period.grace_ends,
            begins_at: period.begins_at,
            ends_at: period.ends_at,
            grace_ends_at: period.grace_ends_at,
            id,
            ended: before.period.ends,
        },
    )?;
    guarded(row)?;
    let detail = json!({
        "begin_date": period.begins.to_string(),
        "end_date": period.ends.to_string(),
        "end_date_before": before.period.ends.to_string(),
    });
    tx.audit(audit::Entry::new(actor, "subscription.renew", "subscription", id).detail(detail).reason(reason))?;
    announce_keys(tx, id)?;
    Ok(Subscription { period, ..before })
}

/// Stops a subscription for the time being.
pub fn suspend(tx: &mut Tx<'_>, id: SubscriptionId, actor: &Actor, reason: &Reason) -> Done<Subscription> {
    let now = tx.now();
    let row = tx.row(
        "UPDATE subscriptions SET suspended_at = $now
          WHERE id = $id AND suspended_at IS NULL AND terminated_at IS NULL RETURNING id",
        params! { now, id },
    )?;
    if row.is_none() {
        return Err(why_not(find(tx, id)?.may_suspend()));
    }
    tx.audit(audit::Entry::new(actor, "subscription.suspend", "subscription", id).reason(Some(reason)))?;
    announce_keys(tx, id)?;
    find(tx, id)
}

/// Lets a suspended subscription go on.
pub fn resume(tx: &mut Tx<'_>, id: SubscriptionId, actor: &Actor, reason: Option<&Reason>) -> Done<Subscription> {
    let row = tx.row(
        "UPDATE subscriptions SET suspended_at = NULL
          WHERE id = $id AND suspended_at IS NOT NULL AND terminated_at IS NULL RETURNING id",
        params! { id },
    )?;
    if row.is_none() {
        return Err(why_not(find(tx, id)?.may_resume()));
    }
    tx.audit(audit::Entry::new(actor, "subscription.resume", "subscription", id).reason(reason))?;
    announce_keys(tx, id)?;
    find(tx, id)
}

/// Ends a subscription for good.
pub fn terminate(tx: &mut Tx<'_>, id: SubscriptionId, actor: &Actor, reason: &Reason) -> Done<Subscription> {
    let now = tx.now();
    let row = tx.row(
        "UPDATE subscriptions SET terminated_at = $now WHERE id = $id AND terminated_at IS NULL RETURNING id",
        params! { now, id },
    )?;
    if row.is_none() {
        return Err(why_not(find(tx, id)?.not_terminated()));
    }
    tx.audit(audit::Entry::new(actor, "subscription.terminate", "subscription", id).reason(Some(reason)))?;
    announce_keys(tx, id)?;
    find(tx, id)
}

/// The subscription of an id.
pub fn find(from: &mut impl Select, id: SubscriptionId) -> Done<Subscription> {
    let row = from.row(
        "SELECT id AS subscription_id, customer_id, offer, begins, ends, grace_ends, begins_at, ends_at, grace_ends_at,
                seats, suspended_at, terminated_at
           FROM subscriptions WHERE id = $id",
        params! { id },
    )?;
    match row {
        Some(row) => Ok(read(&row)?),
        None => Err(Refusal::SubscriptionUnknown { subscription: id.to_string() }.into()),
    }
}

/// The subscription of an id with the name of its customer.
pub fn find_listed(from: &mut impl Select, id: SubscriptionId) -> Result<Option<(Subscription, Name)>, StoreError> {
    let row = from.row(
        "SELECT s.id AS subscription_id, s.customer_id, s.offer, s.begins, s.ends, s.grace_ends, s.begins_at, s.ends_at,
                s.grace_ends_at, s.seats, s.suspended_at, s.terminated_at, c.name
           FROM subscriptions s JOIN customers c ON c.id = s.customer_id
          WHERE s.id = $id",
        params! { id },
    )?;
    row.map(|row| Ok((read(&row)?, row.get("name")?))).transpose()
}

/// Subscriptions of a customer, or of all, newest first; at most so many.
pub fn list(from: &mut impl Select, customer: Option<CustomerId>, most: u32) -> Result<Vec<Subscription>, StoreError> {
    let page = Page { customer, ..Page::default() };
    Ok(self::page(from, &page, most)?.into_iter().map(|(subscription, _)| subscription).collect())
}

/// A page of subscriptions with the names of their customers, newest first; at most so many.
pub fn page(from: &mut impl Select, page: &Page, most: u32) -> Result<Vec<(Subscription, Name)>, StoreError> {
    from.rows(
        "SELECT s.id AS subscription_id, s.customer_id, s.offer, s.begins, s.ends, s.grace_ends, s.begins_at, s.ends_at,
                s.grace_ends_at, s.seats, s.suspended_at, s.terminated_at, c.name
           FROM subscriptions s JOIN customers c ON c.id = s.customer_id
          WHERE (CAST($customer AS TEXT) IS NULL OR s.customer_id = CAST($customer AS TEXT))
            AND (CAST($offer AS TEXT) IS NULL OR s.offer = CAST($offer AS TEXT))
            AND (CAST($before AS TEXT) IS NULL OR s.id < CAST($before AS TEXT))
          ORDER BY s.id DESC LIMIT $most",
        params! { customer: page.customer, offer: page.offer.as_ref(), before: page.before, most },
    )?
    .iter()
    .map(|row| Ok((read(row)?, row.get("name")?)))
    .collect()
}

/// The subscription of a customer to an offer that is not over, with these dates where they are given. Of several, the one
/// that a key opens most with: one that runs, else in grace, else to begin, else suspended; of equals the newest.
pub(super) fn find_sold(
    tx: &mut Tx<'_>,
    customer: CustomerId,
    offer: &Offer,
    period: Option<Period>,
) -> Result<Option<Subscription>, StoreError> {
    let now = tx.now();
    tx.row(
        "SELECT id AS subscription_id, customer_id, offer, begins, ends, grace_ends, begins_at, ends_at, grace_ends_at,
                seats, suspended_at, terminated_at
           FROM subscriptions
          WHERE customer_id = $customer AND offer = $offer AND terminated_at IS NULL
            AND (CAST($begins AS TEXT) IS NULL AND grace_ends_at > $now OR begins = CAST($begins AS TEXT))
            AND (CAST($ends AS TEXT) IS NULL OR ends = CAST($ends AS TEXT))
          ORDER BY CASE WHEN suspended_at IS NOT NULL THEN 3 WHEN begins_at > $now THEN 2 WHEN ends_at <= $now THEN 1
                        ELSE 0 END, id DESC
          LIMIT 1",
        params! {
            customer,
            offer: &offer.reference,
            begins: period.map(|period| period.begins),
            ends: period.map(|period| period.ends),
            now,
        },
    )?
    .as_ref()
    .map(read)
    .transpose()
}

pub(crate) fn read(row: &Row) -> Result<Subscription, StoreError> {
    Ok(Subscription {
        id: row.get("subscription_id")?,
        customer: row.get("customer_id")?,
        offer: row.get("offer")?,
        period: Period {
            begins: row.get("begins")?,
            ends: row.get("ends")?,
            grace_ends: row.get("grace_ends")?,
            begins_at: row.get("begins_at")?,
            ends_at: row.get("ends_at")?,
            grace_ends_at: row.get("grace_ends_at")?,
        },
        seats: row.get("seats")?,
        suspended_at: row.get("suspended_at")?,
        terminated_at: row.get("terminated_at")?,
    })
}

/// Whatever is remembered of the subscription's keys is no longer true.
pub(crate) fn announce_keys(tx: &mut Tx<'_>, id: SubscriptionId) -> Done<()> {
    // In their order, so that histories can be compared. They are few: to have them sorted takes the database longer.
    let rows = tx.rows("SELECT id FROM keys WHERE subscription_id = $id", params! { id })?;
    let mut keys = rows.iter().map(|row| row.get::<String>("id")).collect::<Result<Vec<_>, _>>()?;
    keys.sort_unstable();
    for key in &keys {
        tx.announce(feed::Topic::Key, key)?;
    }
    Ok(())
}

/// The statement's guard said no; so must the rule.
pub(crate) fn why_not(rule: Result<(), Refusal>) -> Undone {
    match rule {
        Err(refusal) => refusal.into(),
        Ok(()) => StoreError::Bug("a statement refuses what its rule allows".into()).into(),
    }
}

/// The rule said yes, so the statement must have found its row: nobody else can have been in between.
pub(crate) fn guarded(row: Option<Row>) -> Result<Row, StoreError> {
    row.ok_or_else(|| StoreError::Bug("a rule allows what its statement refuses".into()))
}
