//! Customers, offers, subscriptions and registration keys: each operation on them, by name.

pub mod cache;
mod compact;
pub mod customers;
pub mod entries;
pub mod erasure;
pub mod export;
pub mod import;
pub mod keys;
pub mod offers;
pub mod past_keys;
#[expect(clippy::module_inception)]
pub mod subscriptions;

use latchkey_domain::time::Timestamp;
use uuid::Uuid;

use crate::StoreError;

/// A new id for a row: a UUIDv7, so that rows made later sort later.
pub(crate) fn new_id(now: Timestamp) -> Result<Uuid, StoreError> {
    let mut random = [0; 10];
    crate::chance::fill(&mut random)?;
    let millis = u64::try_from(now.millis()).unwrap_or(0);
    Ok(uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid())
}
