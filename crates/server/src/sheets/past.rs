//! What a row says of a key that was issued by this installation and that its database has lost.

use std::collections::HashMap;
use std::str::FromStr;

use latchkey_domain::ids::{KeyId, SigningKeyId, SubscriptionId};
use latchkey_domain::time::{Date, Timestamp};
use latchkey_store::subscriptions::past_keys::PastKey;

use super::{Row, RowFault};

/// The columns that such a sheet needs.
pub(super) const NEEDED: &[&str] =
    &["key_id", "signing_key", "issue_date", "customer", "offer", "begin_date", "end_date"];
/// Those that it may have.
pub(super) const OPTIONAL: &[&str] = &["subscription_id", "superseded_by", "superseded_until", "revoked_at"];

/// A key as far as the row was read.
#[derive(Default)]
pub(super) struct Past {
    pub(super) id: Option<KeyId>,
    pub(super) signing_key: Option<SigningKeyId>,
    pub(super) issued: Option<Date>,
    pub(super) subscription: Option<SubscriptionId>,
    pub(super) by: Option<KeyId>,
    pub(super) until: Option<Timestamp>,
    pub(super) revoked_at: Option<Timestamp>,
}

impl Past {
    pub(super) fn key(self, customer: String, offer: String, begins: Date, ends: Date) -> Result<PastKey, RowFault> {
        let (Some(id), Some(signing_key), Some(issued)) = (self.id, self.signing_key, self.issued) else {
            return Err(RowFault::KeyMissing);
        };
        let superseded = match (self.by, self.until) {
            (Some(by), Some(until)) => Some((by, until)),
            (None, None) => None,
            (Some(_), None) | (None, Some(_)) => return Err(RowFault::HalfSuperseded),
        };
        Ok(PastKey {
            id,
            signing_key,
            issued,
            subscription: self.subscription,
            customer,
            offer,
            begins,
            ends,
            superseded,
            revoked_at: self.revoked_at,
        })
    }
}

/// Refuses what says something else of a key than an earlier row.
pub(super) fn once(row: Row, number: u64, keys: &mut HashMap<KeyId, (u64, PastKey)>) -> Result<Row, RowFault> {
    let Row::Key(key) = &row else { return Ok(row) };
    let (earlier, said) = keys.entry(key.id).or_insert_with(|| (number, PastKey::clone(key)));
    if *said == **key { Ok(row) } else { Err(RowFault::KeyTwice { line: *earlier }) }
}

/// An id, where there is one.
pub(super) fn given<T: FromStr>(column: &'static str, text: &str) -> Result<Option<T>, RowFault> {
    if text.is_empty() {
        return Ok(None);
    }
    text.parse().map(Some).map_err(|_| RowFault::NoId { column, given: text.to_owned() })
}

/// An instant, where there is one.
pub(super) fn instant(column: &'static str, text: &str) -> Result<Option<Timestamp>, RowFault> {
    match (text.is_empty(), Timestamp::parse(text)) {
        (true, _) => Ok(None),
        (false, Some(at)) => Ok(Some(at)),
        (false, None) => Err(RowFault::NoInstant { column, given: text.to_owned() }),
    }
}
