//! Keys that were issued by this installation and that its database has lost: an older backup was restored. What an export
//! says of them is all that there is to know, since a key's text is made of its id, its date and its signing key.
//!
//! Invariant: what a key lost meanwhile (its right, its place) it loses here, too; nothing is given back.

use latchkey_domain::Refusal;
use latchkey_domain::ids::{KeyId, SigningKeyId, SubscriptionId};
use latchkey_domain::subscriptions::{Period, Subscription};
use latchkey_domain::time::{Date, Timestamp, Zone};
use serde_json::json;

use super::import::{Fate, find_sold};
use super::{customers, erasure, offers, subscriptions};
use crate::driver::Select;
use crate::value::params;
use crate::{Actor, Done, StoreError, Tx, audit, installation};

/// A key as an export has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PastKey {
    /// Its id.
    pub id: KeyId,
    /// Which signing key vouches for it.
    pub signing_key: SigningKeyId,
    /// The day on which it was issued.
    pub issued: Date,
    /// What it opens, by its id; by what follows where that is not there.
    pub subscription: Option<SubscriptionId>,
    /// The customer's name, or its id.
    pub customer: String,
    /// The offer's reference.
    pub offer: String,
    /// The first day of the subscription.
    pub begins: Date,
    /// Its last day, inclusive.
    pub ends: Date,
    /// The key that takes its place, and until when it works beside that one.
    pub superseded: Option<(KeyId, Timestamp)>,
    /// Since when it is revoked.
    pub revoked_at: Option<Timestamp>,
}

/// How a key stands here.
struct Here {
    subscription: Subscription,
    /// Whether it is there.
    is_known: bool,
    fate: Fate,
}

/// What would become of a key. Whether another key comes along with it, `comes_along` says.
pub fn fate_of_key(
    from: &mut impl Select,
    key: &PastKey,
    zone: &Zone,
    comes_along: impl Fn(KeyId) -> bool,
) -> Done<Fate> {
    Ok(look(from, key, zone, comes_along)?.fate)
}

/// Takes a key in. The key that takes its place has to be there before it.
pub fn take_key(tx: &mut Tx<'_>, key: &PastKey, zone: &Zone, actor: &Actor) -> Done<Fate> {
    installation::is_time_zone(tx, zone)?;
    let Here { subscription, is_known, fate } = look(tx, key, zone, |_| false)?;
    if fate == Fate::Exists {
        return Ok(fate);
    }
    if !is_known {
        tx.changed(
            "INSERT INTO keys (id, subscription_id, signing_key, issued, issued_at)
             VALUES ($id, $subscription, $signing_key, $issued, $issued_at)",
            params! {
                id: key.id,
                subscription: subscription.id,
                signing_key: key.signing_key,
                issued: key.issued,
                issued_at: zone.start_of(key.issued),
            },
        )?;
    }
    let (by, until) = key.superseded.unzip();
    tx.row(
        "UPDATE keys SET revoked_at = COALESCE(revoked_at, $revoked_at),
                superseded_until = CASE WHEN superseded_by IS NULL THEN $until ELSE superseded_until END,
                superseded_by = COALESCE(superseded_by, $by)
          WHERE id = $id RETURNING id",
        params! { revoked_at: key.revoked_at, until, by, id: key.id },
    )?;
    let detail = json!({
        "subscription": subscription.id.to_string(),
        "superseded_by": by.map(|by| by.to_string()),
        "revoked_at": key.revoked_at.map(|at| at.to_string()),
    });
    tx.audit(audit::Entry::new(actor, "key.import", "key", key.id).detail(detail))?;
    subscriptions::announce_keys(tx, subscription.id)?;
    Ok(fate)
}

fn look(from: &mut impl Select, key: &PastKey, zone: &Zone, comes_along: impl Fn(KeyId) -> bool) -> Done<Here> {
    let subscription = opened(from, key, zone)?;
    let signing_key = key.signing_key;
    if from.row("SELECT id FROM signing_keys WHERE id = $signing_key", params! { signing_key })?.is_none() {
        return Err(Refusal::SigningKeyUnknown { signing_key: signing_key.to_string() }.into());
    }
    if let Some((by, _)) = key.superseded
        && !comes_along(by)
        && from.row("SELECT id FROM keys WHERE id = $by", params! { by })?.is_none()
    {
        return Err(Refusal::KeyUnknown { key: by.to_string() }.into());
    }
    let row = from.row(
        "SELECT subscription_id, signing_key, issued, superseded_by, revoked_at FROM keys WHERE id = $id",
        params! { id: key.id },
    )?;
    let Some(row) = row else { return Ok(Here { subscription, is_known: false, fate: Fate::Made }) };
    let same = row.get::<SubscriptionId>("subscription_id")? == subscription.id
        && row.get::<SigningKeyId>("signing_key")? == signing_key
        && row.get::<Date>("issued")? == key.issued;
    if !same {
        return Err(Refusal::KeyExists { key: key.id.to_string() }.into());
    }
    let revoked = row.get::<Option<Timestamp>>("revoked_at")?.is_some();
    let superseded = row.get::<Option<KeyId>>("superseded_by")?.is_some();
    let loses = (key.revoked_at.is_some() && !revoked) || (key.superseded.is_some() && !superseded);
    Ok(Here { subscription, is_known: true, fate: if loses { Fate::Updated } else { Fate::Exists } })
}

/// The subscription that a key opens.
fn opened(from: &mut impl Select, key: &PastKey, zone: &Zone) -> Done<Subscription> {
    let customer = customers::find(from, &key.customer)?;
    erasure::refuse_erased(from, customer.id)?;
    let unknown = || Refusal::SubscriptionUnknown {
        subscription: format!("{}: {}, {} to {}", key.customer, key.offer, key.begins, key.ends),
    };
    if let Some(id) = key.subscription
        && let Ok(found) = subscriptions::find(from, id)
    {
        return if found.customer == customer.id { Ok(found) } else { Err(unknown().into()) };
    }
    let offer = offers::find(from, &key.offer)?;
    let period = Period::new(key.begins, key.ends, offer.grace_days, zone)?;
    let sold: Result<Option<Subscription>, StoreError> = find_sold(from, customer.id, &offer, period);
    Ok(sold?.ok_or_else(unknown)?)
}
