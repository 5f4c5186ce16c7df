//! Erasing a customer: what names people goes, what was sold stays as numbers and dates, and the audit chain stays whole.

use latchkey_domain::Refusal;
use latchkey_domain::ids::{CustomerId, KeyId, SubscriptionId};
use latchkey_domain::text::{Name, Reason};
use latchkey_domain::time::Timestamp;
use serde_json::json;

use super::customers;
use crate::driver::Select;
use crate::value::params;
use crate::{Actor, Done, StoreError, Tx, audit, feed};

/// What was erased.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Erased {
    /// The customer.
    pub customer: CustomerId,
    /// What stands in the place of its name now.
    pub pseudonym: String,
    /// How many subscriptions were terminated.
    pub subscriptions: usize,
    /// How many keys were revoked.
    pub keys: usize,
    /// How many reasons were erased from beside the audit log.
    pub reasons: usize,
}

/// Erases a customer for good: its name becomes a pseudonym, all reasons that were given for what was done with it, its
/// subscriptions and its keys go, and so does who asked about those; what still runs ends now. Its id, dates and offers stay, and the audit log's rows.
///
/// `reason` is kept: it should not name the person.
pub fn erase(tx: &mut Tx<'_>, id: CustomerId, actor: &Actor, reason: &Reason) -> Done<Erased> {
    let now = tx.now();
    refuse_erased(tx, id)?;
    let pseudonym = format!("erased-{id}");
    let name = Name::parse("customer", &pseudonym)?;
    let row = tx.row(
        "UPDATE customers SET name = $name, folded_name = $folded, erased_at = $now
          WHERE id = $id AND erased_at IS NULL RETURNING id",
        params! { name: &name, folded: name.folded(), now, id },
    )?;
    if row.is_none() {
        return Err(Refusal::CustomerUnknown { customer: id.to_string(), meant: None }.into());
    }
    // Reasons first: those of the rows that follow are not there yet.
    let reasons = tx
        .rows(
            "DELETE FROM audit_reasons WHERE seq IN (
               SELECT seq FROM audit WHERE subject_kind = 'customer' AND subject = $id
               UNION ALL SELECT a.seq FROM subscriptions s
                           JOIN audit a ON a.subject_kind = 'subscription' AND a.subject = s.id
                          WHERE s.customer_id = $id
               UNION ALL SELECT a.seq FROM subscriptions s JOIN keys k ON k.subscription_id = s.id
                           JOIN audit a ON a.subject_kind = 'key' AND a.subject = k.id
                          WHERE s.customer_id = $id
               UNION ALL SELECT a.seq FROM subscriptions s JOIN instances i ON i.subscription_id = s.id
                           JOIN audit a ON a.subject_kind = 'instance' AND a.subject = i.id
                          WHERE s.customer_id = $id)
             RETURNING seq",
            params! { id },
        )?
        .len();
    tx.rows(
        "DELETE FROM questions WHERE key_id IN (
           SELECT k.id FROM subscriptions s JOIN keys k ON k.subscription_id = s.id WHERE s.customer_id = $id)",
        params! { id },
    )?;
    erase_addresses(tx, id)?;
    let keys = revoke_all(tx, id, actor)?;
    let subscriptions = terminate_all(tx, id, actor)?;
    let detail = json!({ "subscriptions": subscriptions, "keys": keys, "reasons": reasons });
    tx.audit(audit::Entry::new(actor, "customer.erase", "customer", id).detail(detail).reason(Some(reason)))?;
    Ok(Erased { customer: id, pseudonym, subscriptions, keys, reasons })
}

/// Addresses of sites name whose they are; the instances stay, each by its id.
fn erase_addresses(tx: &mut Tx<'_>, customer: CustomerId) -> Done<()> {
    tx.row(
        "UPDATE activations SET url = NULL
          WHERE instance_id IN (SELECT i.id FROM instances i JOIN subscriptions s ON s.id = i.subscription_id
                                 WHERE s.customer_id = $customer)",
        params! { customer },
    )?;
    tx.row(
        "UPDATE instances SET site = 'erased-' || id
          WHERE plugin <> '' AND subscription_id IN (SELECT id FROM subscriptions WHERE customer_id = $customer)",
        params! { customer },
    )?;
    tx.row(
        "UPDATE trials SET url = NULL
          WHERE subscription_id IN (SELECT id FROM subscriptions WHERE customer_id = $customer)",
        params! { customer },
    )?;
    Ok(())
}

/// Nothing more is sold to a customer that was erased.
pub(super) fn refuse_erased(from: &mut impl Select, id: CustomerId) -> Done<()> {
    match erased_at(from, id)? {
        Some(at) => Err(Refusal::CustomerErased { customer: id, at }.into()),
        None => Ok(()),
    }
}

/// Since when a customer is erased; `None` for one that is not, or that is not there.
pub fn erased_at(from: &mut impl Select, id: CustomerId) -> Result<Option<Timestamp>, StoreError> {
    match from.row("SELECT erased_at FROM customers WHERE id = $id", params! { id })? {
        Some(row) => row.get("erased_at"),
        None => Ok(None),
    }
}

/// The customer that is meant, by its id or its name.
pub fn find(from: &mut impl Select, name_or_id: &str) -> Done<customers::Customer> {
    let customer = customers::find(from, name_or_id)?;
    refuse_erased(from, customer.id)?;
    Ok(customer)
}

/// Revokes the keys that still open something, and tells every node of all: the name is in what they remember.
fn revoke_all(tx: &mut Tx<'_>, customer: CustomerId, actor: &Actor) -> Done<usize> {
    let now = tx.now();
    let revoked = tx.rows(
        "UPDATE keys SET revoked_at = $now
          WHERE revoked_at IS NULL AND (superseded_until IS NULL OR superseded_until > $now)
            AND subscription_id IN (SELECT id FROM subscriptions
                                     WHERE customer_id = $customer AND terminated_at IS NULL AND grace_ends_at > $now)
      RETURNING id",
        params! { now, customer },
    )?;
    for row in &revoked {
        let detail = json!({ "customer_erased": customer.to_string() });
        let key: KeyId = row.get("id")?;
        tx.audit(audit::Entry::new(actor, "key.revoke", "key", key).detail(detail))?;
    }
    let all = tx.rows(
        "SELECT k.id FROM keys k JOIN subscriptions s ON s.id = k.subscription_id
          WHERE s.customer_id = $customer ORDER BY k.id",
        params! { customer },
    )?;
    for row in all {
        tx.announce(feed::Topic::Key, &row.get::<KeyId>("id")?.to_string())?;
    }
    Ok(revoked.len())
}

fn terminate_all(tx: &mut Tx<'_>, customer: CustomerId, actor: &Actor) -> Done<usize> {
    let now = tx.now();
    let terminated = tx.rows(
        "UPDATE subscriptions SET terminated_at = $now
          WHERE customer_id = $customer AND terminated_at IS NULL AND grace_ends_at > $now RETURNING id",
        params! { now, customer },
    )?;
    for row in &terminated {
        let detail = json!({ "customer_erased": customer.to_string() });
        let subscription: SubscriptionId = row.get("id")?;
        let entry = audit::Entry::new(actor, "subscription.terminate", "subscription", subscription);
        tx.audit(entry.detail(detail))?;
    }
    Ok(terminated.len())
}
