//! One key with all that a verdict about it needs, in one indexed read.

use latchkey_domain::ids::KeyId;
use latchkey_domain::subscriptions::KeyEntry;

use super::{keys, subscriptions};
use crate::StoreError;
use crate::driver::Select;
use crate::instances::{HELD, read_holdings};
use crate::value::params;

/// What was read, and when in the feed's order.
#[derive(Debug, Clone)]
pub struct Filled {
    /// The entry; `None` where no key has this id.
    pub entry: Option<KeyEntry>,
    /// The number of the last change that the read saw.
    pub seen: i64,
}

/// Reads an entry and the feed's number, in one statement and so in one snapshot; for a key that was replaced, then also
/// the last of its line, which is never older than the number says.
pub fn fill(from: &mut impl Select, id: KeyId) -> Result<Filled, StoreError> {
    // A row for each instance, or one where there is none.
    let rows = from.rows(
        concat!(
            "SELECT h.seq AS seen, k.id AS key_id, k.subscription_id, k.signing_key, k.issued, k.superseded_by,
                    k.superseded_until, k.revoked_at, n.issued AS successor_issued,
                    s.customer_id, s.offer, s.begins, s.ends, s.grace_ends, s.begins_at, s.ends_at, s.grace_ends_at,
                    s.seats, s.suspended_at, s.terminated_at, c.name, ",
            HELD!(),
            " FROM feed_head h
               LEFT JOIN keys k ON k.id = $id
               LEFT JOIN keys n ON n.id = k.superseded_by
               LEFT JOIN subscriptions s ON s.id = k.subscription_id
               LEFT JOIN customers c ON c.id = s.customer_id
               LEFT JOIN instances i ON i.subscription_id = s.id AND i.plugin = ''
               LEFT JOIN moves m ON m.to_instance = i.id AND m.ended_at IS NULL
              WHERE h.id = 1"
        ),
        params! { id },
    )?;
    let row = rows.first().ok_or_else(|| StoreError::Corrupt("feed_head has no row".into()))?;
    let entry = match row.get::<Option<KeyId>>("key_id")? {
        None => None,
        Some(_) => Some(KeyEntry {
            key: keys::name_last(from, keys::read(row)?)?,
            subscription: subscriptions::read(row)?,
            owner: row.get("name")?,
            holdings: read_holdings(row.get("seats")?, &rows)?,
        }),
    };
    Ok(Filled { entry, seen: row.get("seen")? })
}
