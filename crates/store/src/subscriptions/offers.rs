//! What the vendor sells.

use latchkey_domain::Refusal;
use latchkey_domain::instances::{Cover, PluginName, Policy, SeatedBy};
use latchkey_domain::subscriptions::Offer;
use latchkey_domain::text::nearest;
use serde_json::json;

use crate::driver::Select;
use crate::value::{Row, params};
use crate::{Actor, Done, StoreError, Tx, audit, feed};

/// All of an offer.
macro_rules! all {
    () => {
        "SELECT reference, title, grace_days, seats, others, move_days, moves_a_year, releases_a_year, cooling_off_days,
                plugins, seated_by, trial_days
           FROM offers"
    };
}

/// Makes an offer, or changes the one that has its reference. Subscriptions that were sold keep their end and grace.
pub fn set(tx: &mut Tx<'_>, offer: &Offer, actor: &Actor) -> Done<()> {
    let now = tx.now();
    let (policy, cover) = (&offer.policy, &offer.cover);
    let plugins: Vec<&str> = cover.plugins.iter().map(PluginName::as_str).collect();
    tx.row(
        "INSERT INTO offers (reference, title, grace_days, seats, others, move_days, moves_a_year, releases_a_year,
                             cooling_off_days, plugins, seated_by, trial_days, position, created_at)
         VALUES ($reference, $title, $grace_days, $seats, $others, $move_days, $moves_a_year, $releases_a_year,
                 $cooling_off_days, $plugins, $seated_by, $trial_days, (SELECT COUNT(*) + 1 FROM offers), $now)
         ON CONFLICT (reference) DO UPDATE
            SET title = excluded.title, grace_days = excluded.grace_days, seats = excluded.seats,
                others = excluded.others, move_days = excluded.move_days, moves_a_year = excluded.moves_a_year,
                releases_a_year = excluded.releases_a_year, cooling_off_days = excluded.cooling_off_days,
                plugins = excluded.plugins, seated_by = excluded.seated_by, trial_days = excluded.trial_days",
        params! {
            reference: &offer.reference,
            title: &offer.title,
            grace_days: offer.grace_days,
            seats: policy.seats,
            others: policy.others,
            move_days: policy.move_days,
            moves_a_year: policy.moves_a_year,
            releases_a_year: policy.releases_a_year,
            cooling_off_days: policy.cooling_off_days,
            plugins: plugins.join(" "),
            seated_by: cover.seated_by.name(),
            trial_days: cover.trial_days,
            now,
        },
    )?;
    let detail = json!({
        "title": offer.title.as_str(),
        "grace_days": offer.grace_days,
        "seats": policy.seats,
        "staging_limit": policy.others,
        "move_window_days": policy.move_days,
        "moves_per_year": policy.moves_a_year,
        "self_service_releases_per_year": policy.releases_a_year,
        "cooling_off_days": policy.cooling_off_days,
        "plugins": plugins,
        "seated_by": cover.seated_by.name(),
        "trial_days": cover.trial_days,
    });
    tx.audit(audit::Entry::new(actor, "offer.set", "offer", &offer.reference).detail(detail))?;
    tx.announce(feed::Topic::Offer, offer.reference.as_str())
}

/// All offers, in the order in which they were made.
pub fn list(from: &mut impl Select) -> Result<Vec<Offer>, StoreError> {
    from.rows(concat!(all!(), " ORDER BY position, reference"), params! {})?.iter().map(read).collect()
}

/// The offer of a reference, or a refusal that names what there is.
pub fn find(from: &mut impl Select, reference: &str) -> Done<Offer> {
    let row = from
        // NUL is refused by PostgreSQL; no reference has one, nor a blank.
        .row(concat!(all!(), " WHERE reference = $reference"), params! { reference: reference })?;
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
    let plugins: String = row.get("plugins")?;
    let seated_by: String = row.get("seated_by")?;
    Ok(Offer {
        reference: row.get("reference")?,
        title: row.get("title")?,
        grace_days: row.get("grace_days")?,
        policy: Policy {
            seats: row.get("seats")?,
            others: row.get("others")?,
            move_days: row.get("move_days")?,
            moves_a_year: row.get("moves_a_year")?,
            releases_a_year: row.get("releases_a_year")?,
            cooling_off_days: row.get("cooling_off_days")?,
        },
        cover: Cover {
            plugins: plugins
                .split_whitespace()
                .map(PluginName::parse)
                .collect::<Result<_, _>>()
                .map_err(|_| StoreError::Corrupt("an offer's plugin is none".into()))?,
            seated_by: [SeatedBy::Instance, SeatedBy::Address]
                .into_iter()
                .find(|known| known.name() == seated_by)
                .ok_or_else(|| StoreError::Corrupt(format!("an offer is seated by {seated_by}")))?,
            trial_days: row.get("trial_days")?,
        },
    })
}
