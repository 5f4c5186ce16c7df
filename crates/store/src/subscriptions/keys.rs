//! Registration keys: issued, shown again, revoked, re-issued.

use std::fmt;
use std::sync::{Arc, OnceLock};

use latchkey_domain::Refusal;
use latchkey_domain::ids::{CustomerId, KeyId, SubscriptionId};
use latchkey_domain::subscriptions::{Key, KeyState, Note, Period, Revocation, Subscription, Succession, Term, notes};
use latchkey_domain::text::{Name, OfferRef, Reason};
use latchkey_domain::time::{Date, Timestamp, Zone};
use latchkey_key::{IssueDate, Signer, registration};
use serde_json::json;
use zeroize::Zeroizing;

use super::customers::{self, Customer};
use super::subscriptions::{guarded, why_not};
use super::{new_id, offers, subscriptions};
use crate::driver::Select;
use crate::value::{Row, params};
use crate::{Actor, Done, StoreError, Tx, Vault, audit, feed, installation, signing_keys};

/// Successors that are followed; more than any line of keys has.
const LONGEST_LINE: usize = 1_000;

/// What is asked for when a key is issued.
#[derive(Debug, Clone, Default)]
pub struct Order {
    /// The customer's name, or its id; one that is not there is added by name.
    pub customer: String,
    /// The offer's reference.
    pub offer: String,
    /// The subscription's first day; today where nothing is said.
    pub begins: Option<Date>,
    /// How long the subscription lasts. Without it the customer has to have one to this offer already.
    pub term: Option<Term>,
}

/// A key with its text and all that belongs to it.
#[derive(Debug, Clone)]
pub struct Issued {
    /// The key.
    pub key: Key,
    /// What the administrator pastes into GLPI.
    pub text: KeyText,
    /// What it opens.
    pub subscription: Subscription,
    /// Who holds it.
    pub customer: Customer,
    /// What whoever issued it may not have meant; nothing for a key that is shown again.
    pub notes: Vec<Note>,
}

/// The text of a registration key. It opens things, so it cannot be printed by accident.
///
/// It is signed when it is first wanted. A signature is the same each time, so nothing of it has to be kept, and the one
/// writer, for whom all changes wait, does not make it.
#[derive(Clone)]
pub struct KeyText {
    signer: Arc<Signer>,
    key: KeyId,
    issued: IssueDate,
    text: OnceLock<Zeroizing<String>>,
}

/// A key as lists show it.
#[derive(Debug, Clone)]
pub struct Listed {
    /// The key.
    pub key: Key,
    /// What it opens.
    pub subscription: Subscription,
    /// The name of the customer who holds it.
    pub customer: Name,
}

/// Which keys a list is to have.
#[derive(Debug, Clone, Copy, Default)]
pub struct Filter {
    /// Those of this customer alone.
    pub customer: Option<CustomerId>,
    /// Those of this subscription alone.
    pub subscription: Option<SubscriptionId>,
}

/// Which keys a page is to have.
#[derive(Debug, Clone, Default)]
pub struct Page {
    /// Whose.
    pub filter: Filter,
    /// Those to this offer alone.
    pub offer: Option<OfferRef>,
    /// Those older than this one alone.
    pub before: Option<KeyId>,
}

/// Issues a key: to the subscription that fits the order, which is made where there is none, and for the customer of
/// that name, who is added where there is none.
///
/// A subscription fits when it is the same customer's, to the same offer, not terminated, and has the dates of the order
/// or, where the order names no term, is not over.
pub fn issue(tx: &mut Tx<'_>, vault: &Vault, order: &Order, zone: &Zone, actor: &Actor) -> Done<Issued> {
    installation::is_time_zone(tx, zone)?;
    let offer = offers::find(tx, &order.offer)?;
    let today = zone.date_of(tx.now());
    let period = match (order.begins, order.term) {
        (begins, Some(term)) => Some(Period::starting(begins.unwrap_or(today), term, &offer, zone)?),
        (None, None) => None,
        // A first day alone sells nothing, and must not be taken for nothing said.
        (Some(_), None) => return Err(Refusal::TermMissing.into()),
    };
    let (customer, is_new) = customers::find_or_add(tx, &order.customer, actor)?;
    // Whoever is new has bought nothing yet.
    let bought = |tx: &mut Tx<'_>, period| {
        if is_new { Ok(None) } else { subscriptions::find_sold(tx, customer.id, &offer, period) }
    };
    let (subscription, sold, beside) = match (bought(tx, period)?, period) {
        (Some(subscription), _) => (subscription, false, None),
        (None, Some(period)) => {
            let beside = bought(tx, None)?;
            (subscriptions::sell(tx, customer.id, &offer, period, actor)?, true, beside)
        }
        (None, None) => return Err(Refusal::TermMissing.into()),
    };
    let notes = notes(&subscription, sold, beside.as_ref(), today, tx.now());
    Ok(Issued { notes, ..issue_to(tx, vault, subscription, customer, zone, actor)? })
}

/// Issues a key to a subscription that is there.
pub(crate) fn issue_to(
    tx: &mut Tx<'_>,
    vault: &Vault,
    subscription: Subscription,
    customer: Customer,
    zone: &Zone,
    actor: &Actor,
) -> Done<Issued> {
    let (key, text) = make(tx, vault, &subscription, zone)?;
    let detail = json!({ "subscription": subscription.id.to_string() });
    tx.audit(audit::Entry::new(actor, "key.issue", "key", key.id).detail(detail))?;
    Ok(Issued { key, text, subscription, customer, notes: vec![] })
}

/// Takes a key's right away, at once and for good.
pub fn revoke(tx: &mut Tx<'_>, id: KeyId, actor: &Actor, reason: &Reason) -> Done<Key> {
    let now = tx.now();
    let row = tx.row(
        "UPDATE keys SET revoked_at = $now WHERE id = $id AND revoked_at IS NULL RETURNING id",
        params! { now, id },
    )?;
    if row.is_none() {
        return Err(why_not(find(tx, id)?.may_revoke()));
    }
    tx.audit(audit::Entry::new(actor, "key.revoke", "key", id).reason(Some(reason)))?;
    announce_line(tx, id)?;
    find(tx, id)
}

/// Whatever is remembered of a key, and of those that it came after, is no longer true: they name it as the one to use.
fn announce_line(tx: &mut Tx<'_>, id: KeyId) -> Done<()> {
    let mut known = Some(id);
    for _ in 0..LONGEST_LINE {
        let Some(id) = known else { break };
        tx.announce(feed::Topic::Key, &id.to_string())?;
        let before = tx.row(
            "SELECT o.id FROM keys k JOIN keys o ON o.subscription_id = k.subscription_id AND o.superseded_by = k.id
              WHERE k.id = $id",
            params! { id },
        )?;
        known = before.map(|row| row.get("id")).transpose()?;
    }
    Ok(())
}

/// Issues a key in the place of another, which dies now or after an overlap of so many days.
pub fn reissue(
    tx: &mut Tx<'_>,
    vault: &Vault,
    id: KeyId,
    overlap_days: u32,
    zone: &Zone,
    actor: &Actor,
    reason: Option<&Reason>,
) -> Done<Issued> {
    installation::is_time_zone(tx, zone)?;
    let old = find(tx, id)?;
    let subscription = subscriptions::find(tx, old.subscription)?;
    old.may_reissue(&subscription)?;
    let until = Key::overlap_ends(tx.now(), overlap_days)?;
    let (key, text) = make(tx, vault, &subscription, zone)?;
    let row = tx.row(
        "UPDATE keys SET superseded_by = $by, superseded_until = $until
          WHERE id = $id AND superseded_by IS NULL RETURNING id",
        params! { by: key.id, until, id },
    )?;
    guarded(row)?;
    let detail = json!({ "by": key.id.to_string(), "until": until.to_string() });
    tx.audit(audit::Entry::new(actor, "key.reissue", "key", id).detail(detail).reason(reason))?;
    let detail = json!({ "subscription": subscription.id.to_string(), "replaces": id.to_string() });
    tx.audit(audit::Entry::new(actor, "key.issue", "key", key.id).detail(detail))?;
    // All of them: those that this one replaced name the last of their line.
    subscriptions::announce_keys(tx, subscription.id)?;
    let customer = customers::find(tx, &subscription.customer.to_string())?;
    let notes = notes(&subscription, false, None, zone.date_of(tx.now()), tx.now());
    Ok(Issued { key, text, subscription, customer, notes })
}

/// Shows a key's text again: GLPI is known to lose keys. That it was shown is written down.
pub fn show_text(tx: &mut Tx<'_>, vault: &Vault, id: KeyId, actor: &Actor) -> Done<Issued> {
    let key = find(tx, id)?;
    let subscription = subscriptions::find(tx, key.subscription)?;
    let customer = customers::find(tx, &subscription.customer.to_string())?;
    let text = text_of(&key, signing_keys::by_id(tx, vault, key.signing_key)?)?;
    tx.audit(audit::Entry::new(actor, "key.show", "key", id))?;
    Ok(Issued { key, text, subscription, customer, notes: vec![] })
}

/// The key of an id.
pub fn find(from: &mut impl Select, id: KeyId) -> Done<Key> {
    let row = from.row(
        "SELECT k.id AS key_id, k.subscription_id, k.signing_key, k.issued, k.superseded_by, k.superseded_until,
                k.revoked_at, s.issued AS successor_issued
           FROM keys k LEFT JOIN keys s ON s.id = k.superseded_by
          WHERE k.id = $id",
        params! { id },
    )?;
    match row {
        Some(row) => Ok(name_last(from, read(&row)?)?),
        None => Err(Refusal::KeyUnknown { key: id.to_string() }.into()),
    }
}

/// Lets a key that was replaced name the last of its line: the one that took its place may have been re-issued in turn, and
/// whoever holds the old key is to be sent to the one that counts.
pub(super) fn name_last(from: &mut impl Select, mut key: Key) -> Result<Key, StoreError> {
    let mut last = match &key.state {
        KeyState::Superseded(succession) => succession.by,
        KeyState::Revoked(Revocation { successor: Some(by), .. }) => *by,
        KeyState::Revoked(Revocation { successor: None, .. }) | KeyState::Active => return Ok(key),
    };
    // A line cannot go in a circle, since a key is re-issued once; but a database that says so must not hang us.
    for _ in 0..LONGEST_LINE {
        let row = from
            .row("SELECT issued, superseded_by, revoked_at FROM keys WHERE id = $last", params! { last })?
            .ok_or_else(|| StoreError::Corrupt("a key's successor is not there".into()))?;
        if let Some(next) = row.get("superseded_by")? {
            last = next;
            continue;
        }
        match &mut key.state {
            KeyState::Superseded(succession) => {
                succession.by = last;
                succession.by_issued = row.get("issued")?;
                succession.by_revoked = row.get::<Option<Timestamp>>("revoked_at")?.is_some();
            }
            KeyState::Revoked(revocation) => revocation.successor = Some(last),
            KeyState::Active => {}
        }
        break;
    }
    Ok(key)
}

/// Keys with what they open, newest first; at most so many.
pub fn list(from: &mut impl Select, filter: Filter, most: u32) -> Result<Vec<Listed>, StoreError> {
    page(from, &Page { filter, ..Page::default() }, most)
}

/// A page of keys with what they open, newest first; at most so many.
pub fn page(from: &mut impl Select, page: &Page, most: u32) -> Result<Vec<Listed>, StoreError> {
    let rows = from.rows(
        "SELECT k.id AS key_id, k.subscription_id, k.signing_key, k.issued, k.superseded_by, k.superseded_until,
                k.revoked_at, n.issued AS successor_issued,
                s.customer_id, s.offer, s.begins, s.ends, s.grace_ends, s.begins_at, s.ends_at, s.grace_ends_at,
                s.seats, s.suspended_at, s.terminated_at, c.name
           FROM keys k
           JOIN subscriptions s ON s.id = k.subscription_id
           JOIN customers c ON c.id = s.customer_id
           LEFT JOIN keys n ON n.id = k.superseded_by
          WHERE (CAST($customer AS TEXT) IS NULL OR s.customer_id = CAST($customer AS TEXT))
            AND (CAST($subscription AS TEXT) IS NULL OR k.subscription_id = CAST($subscription AS TEXT))
            AND (CAST($offer AS TEXT) IS NULL OR s.offer = CAST($offer AS TEXT))
            AND (CAST($before AS TEXT) IS NULL OR k.id < CAST($before AS TEXT))
          ORDER BY k.id DESC LIMIT $most",
        params! {
            customer: page.filter.customer,
            subscription: page.filter.subscription,
            offer: page.offer.as_ref(),
            before: page.before,
            most,
        },
    )?;
    rows.iter().map(|row| listed(from, row)).collect()
}

/// The key of an id with what it opens, as lists show it.
pub fn find_listed(from: &mut impl Select, id: KeyId) -> Result<Option<Listed>, StoreError> {
    let row = from.row(
        "SELECT k.id AS key_id, k.subscription_id, k.signing_key, k.issued, k.superseded_by, k.superseded_until,
                k.revoked_at, n.issued AS successor_issued,
                s.customer_id, s.offer, s.begins, s.ends, s.grace_ends, s.begins_at, s.ends_at, s.grace_ends_at,
                s.seats, s.suspended_at, s.terminated_at, c.name
           FROM keys k
           JOIN subscriptions s ON s.id = k.subscription_id
           JOIN customers c ON c.id = s.customer_id
           LEFT JOIN keys n ON n.id = k.superseded_by
          WHERE k.id = $id",
        params! { id },
    )?;
    row.map(|row| listed(from, &row)).transpose()
}

pub(crate) fn listed(from: &mut impl Select, row: &Row) -> Result<Listed, StoreError> {
    Ok(Listed {
        key: name_last(from, read(row)?)?,
        subscription: subscriptions::read(row)?,
        customer: row.get("name")?,
    })
}

impl KeyText {
    /// The text itself, for whoever may have it.
    pub fn reveal(&self) -> &str {
        self.text.get_or_init(|| Zeroizing::new(registration::issue(&self.signer, self.key, self.issued).to_text()))
    }
}

impl PartialEq for KeyText {
    fn eq(&self, other: &Self) -> bool {
        (self.signer.id(), self.key, self.issued) == (other.signer.id(), other.key, other.issued)
    }
}

impl Eq for KeyText {}

impl fmt::Debug for KeyText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("KeyText(…)")
    }
}

fn make(tx: &mut Tx<'_>, vault: &Vault, subscription: &Subscription, zone: &Zone) -> Done<(Key, KeyText)> {
    let now = tx.now();
    let signer = signing_keys::current(tx, vault)?;
    let key = Key {
        id: KeyId(new_id(now)?),
        subscription: subscription.id,
        signing_key: signer.id(),
        issued: zone.date_of(now),
        state: KeyState::Active,
    };
    tx.changed(
        "INSERT INTO keys (id, subscription_id, signing_key, issued, issued_at)
         VALUES ($id, $subscription, $signing_key, $issued, $now)",
        params! {
            id: key.id,
            subscription: key.subscription,
            signing_key: key.signing_key,
            issued: key.issued,
            now,
        },
    )?;
    let text = text_of(&key, signer)?;
    Ok((key, text))
}

fn text_of(key: &Key, signer: Arc<Signer>) -> Result<KeyText, StoreError> {
    Ok(KeyText { signer, key: key.id, issued: issue_date(key.issued)?, text: OnceLock::new() })
}

fn issue_date(date: Date) -> Result<IssueDate, StoreError> {
    IssueDate::new(date.year(), date.month().unsigned_abs(), date.day().unsigned_abs())
        .map_err(|error| StoreError::Bug(error.to_string()))
}

pub(super) fn read(row: &Row) -> Result<Key, StoreError> {
    let successor: Option<KeyId> = row.get("superseded_by")?;
    let until: Option<Timestamp> = row.get("superseded_until")?;
    let state = match (row.get::<Option<Timestamp>>("revoked_at")?, successor, until) {
        (Some(at), successor, _) => KeyState::Revoked(Revocation { at, successor }),
        (None, Some(by), Some(until)) => {
            // The last of the line may have been withdrawn; whoever needs to know asks `name_last`.
            KeyState::Superseded(Succession { by, by_issued: row.get("successor_issued")?, until, by_revoked: false })
        }
        (None, None, None) => KeyState::Active,
        (None, Some(_), None) | (None, None, Some(_)) => {
            return Err(StoreError::Corrupt("a key is superseded by halves".into()));
        }
    };
    Ok(Key {
        id: row.get("key_id")?,
        subscription: row.get("subscription_id")?,
        signing_key: row.get("signing_key")?,
        issued: row.get("issued")?,
        state,
    })
}
