//! What the vendor sells.

use latchkey_domain::Refusal;
use latchkey_domain::subscriptions::Offer;
use latchkey_domain::text::nearest;
use serde_json::json;

use crate::driver::Select;
use crate::value::{Row, params};
use crate::{Actor, Done, StoreError, Tx, audit, feed};

/// Makes an offer, or changes the one that has its reference. Subscriptions that were sold keep their end and grace.
pub fn set(tx: &mut Tx<'_>, offer: &Offer, actor: &Actor) -> Done<()> {
    let now = tx.now();
    tx.row(
        "INSERT INTO offers (reference, title, grace_days, position, created_at)
         VALUES ($reference, $title, $grace_days, (SELECT COUNT(*) + 1 FROM offers), $now)
         ON CONFLICT (reference) DO UPDATE SET title = excluded.title, grace_days = excluded.grace_days",
        params! { reference: &offer.reference, title: &offer.title, grace_days: offer.grace_days, now },
    )?;
    let detail = json!({ "title": offer.title.as_str(), "grace_days": offer.grace_days });
    tx.audit(audit::Entry::new(actor, "offer.set", "offer", &offer.reference).detail(detail))?;
    tx.announce(feed::Topic::Offer, offer.reference.as_str())
}

/// All offers, in the order in which they were made.
pub fn list(from: &mut impl Select) -> Result<Vec<Offer>, StoreError> {
    from.rows("SELECT reference, title, grace_days FROM offers ORDER BY position, reference", params! {})?
        .iter()
        .map(read)
        .collect()
}

/// The offer of a reference, or a refusal that names what there is.
pub fn find(from: &mut impl Select, reference: &str) -> Done<Offer> {
    let row = from
        // NUL is refused by PostgreSQL; no reference has one, nor a blank.
        .row(
            "SELECT reference, title, grace_days FROM offers WHERE reference = $reference",
            params! { reference: reference.replace('\0', " ") },
        )?;
    if let Some(row) = row {
        return Ok(read(&row)?);
    }
    let known: Vec<String> = list(from)?.into_iter().map(|offer| offer.reference.to_string()).collect();
    let meant = nearest(reference, known.iter().map(String::as_str)).map(str::to_owned);
    // What was typed is shown again: not more of it than a reference can be long, and nothing that moves the cursor.
    let reference = reference.chars().filter(|c| !c.is_control()).take(40).collect();
    Err(Refusal::OfferUnknown { reference, known, meant }.into())
}

fn read(row: &Row) -> Result<Offer, StoreError> {
    Ok(Offer { reference: row.get("reference")?, title: row.get("title")?, grace_days: row.get("grace_days")? })
}
