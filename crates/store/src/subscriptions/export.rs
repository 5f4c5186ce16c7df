//! Everything, page by page in the order of its making, for whoever writes it into a file.

use latchkey_domain::ids::{CustomerId, KeyId, SubscriptionId};
use latchkey_domain::subscriptions::Subscription;
use latchkey_domain::text::Name;
use latchkey_domain::time::Timestamp;
use uuid::Uuid;

use super::customers::{self, Customer};
use super::keys::{self, Listed};
use super::subscriptions;
use crate::StoreError;
use crate::driver::Select;
use crate::value::params;

/// Rows of a page.
const PAGE: i64 = 1_000;

/// Customers after an id, each with the instant since which it is erased.
pub fn customers(
    from: &mut impl Select,
    after: Option<CustomerId>,
) -> Result<Vec<(Customer, Option<Timestamp>)>, StoreError> {
    let after = after.unwrap_or(CustomerId(Uuid::nil()));
    from.rows(
        "SELECT id, name, folded_name, created_at, erased_at FROM customers WHERE id > $after ORDER BY id LIMIT $most",
        params! { after, most: PAGE },
    )?
    .iter()
    .map(|row| Ok((customers::read(row)?, row.get("erased_at")?)))
    .collect()
}

/// Subscriptions after an id, each with its customer's name.
pub fn subscriptions(
    from: &mut impl Select,
    after: Option<SubscriptionId>,
) -> Result<Vec<(Subscription, Name)>, StoreError> {
    let after = after.unwrap_or(SubscriptionId(Uuid::nil()));
    from.rows(
        "SELECT s.id AS subscription_id, s.customer_id, s.offer, s.begins, s.ends, s.grace_ends, s.begins_at, s.ends_at,
                s.grace_ends_at, s.seats, s.suspended_at, s.terminated_at, c.name
           FROM subscriptions s JOIN customers c ON c.id = s.customer_id
          WHERE s.id > $after ORDER BY s.id LIMIT $most",
        params! { after, most: PAGE },
    )?
    .iter()
    .map(|row| Ok((subscriptions::read(row)?, row.get("name")?)))
    .collect()
}

/// Keys after an id, with what they open; without their texts.
pub fn keys(from: &mut impl Select, after: Option<KeyId>) -> Result<Vec<Listed>, StoreError> {
    let after = after.unwrap_or(KeyId(Uuid::nil()));
    from.rows(
        "SELECT k.id AS key_id, k.subscription_id, k.signing_key, k.issued, k.superseded_by, k.superseded_until,
                k.revoked_at, n.issued AS successor_issued,
                s.customer_id, s.offer, s.begins, s.ends, s.grace_ends, s.begins_at, s.ends_at, s.grace_ends_at,
                s.seats, s.suspended_at, s.terminated_at, c.name
           FROM keys k
           LEFT JOIN keys n ON n.id = k.superseded_by
           JOIN subscriptions s ON s.id = k.subscription_id
           JOIN customers c ON c.id = s.customer_id
          WHERE k.id > $after ORDER BY k.id LIMIT $most",
        params! { after, most: PAGE },
    )?
    .iter()
    .map(|row| {
        Ok(Listed { key: keys::read(row)?, subscription: subscriptions::read(row)?, customer: row.get("name")? })
    })
    .collect()
}
