//! The installation itself: one vendor, made on the first start.

use latchkey_domain::ids::PublisherId;
use latchkey_domain::retention::Retention;
use latchkey_domain::subscriptions::{Offer, first_offers};
use latchkey_domain::text::Reason;
use latchkey_domain::time::{HOUR, Timestamp, Zone};
use serde_json::json;

use crate::driver::Select;
use crate::subscriptions::offers;
use crate::value::params;
use crate::{Actor, Done, Store, StoreError, Tx, Undone, Vault, audit, feed, jobs, signing_keys};

/// The job that signs the end of the audit chain.
pub const SIGN_AUDIT_HEAD: &str = "audit.sign-head";
/// The job that takes old lines from the feed.
pub const PRUNE_FEED: &str = "feed.prune";

/// What is known of the installation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Installation {
    /// The vendor's id, in every key that it issues.
    pub publisher: PublisherId,
    /// The fingerprint of the master key that its secrets are sealed under.
    pub master_key_fingerprint: String,
    /// Since when it exists.
    pub created_at: Timestamp,
    /// In which its dates begin and end. Nothing where all that was sold was sold before this was kept.
    pub time_zone: Option<Zone>,
}

/// Reads the installation; `None` in a new database.
pub fn load(from: &mut impl Select) -> Result<Option<Installation>, StoreError> {
    from.row(
        "SELECT publisher, master_key_fingerprint, created_at, time_zone FROM installation WHERE id = 1",
        params! {},
    )?
    .map(|row| {
        Ok(Installation {
            publisher: row.get("publisher")?,
            master_key_fingerprint: row.get("master_key_fingerprint")?,
            created_at: row.get("created_at")?,
            time_zone: row.get::<Option<String>>("time_zone")?.map(|name| zone(&name)).transpose()?,
        })
    })
    .transpose()
}

/// Makes the installation on the first start: its id, its first signing key, its first offers. Later, and on a second
/// node, it only checks that the master key is the right one.
pub fn establish(store: &Store, vault: &Vault, now: Timestamp, actor: &Actor) -> Result<Installation, StoreError> {
    if let Some(known) = store.ask(|reader| load(reader))? {
        return checked(known, vault);
    }
    let (vault_there, actor) = (vault.clone(), actor.clone());
    let made = store.write_blocking(now, move |tx| make(tx, &vault_there, &actor));
    match made {
        Ok(installation) => checked(installation, vault),
        Err(Undone::Failed(error)) => Err(error),
        Err(Undone::Refused(refusal)) => {
            Err(StoreError::Bug(format!("the first start was refused: {}", refusal.code())))
        }
    }
}

/// The time zone in which dates are reckoned: the installation's, else the one that is `stated`, which is kept from then
/// on, else UTC. One that is stated and is another is refused, so that no two programs sell different dates.
pub fn settle_time_zone(
    store: &Store,
    stated: Option<&Zone>,
    now: Timestamp,
    actor: &Actor,
) -> Result<Zone, StoreError> {
    let kept = store.ask(|reader| Ok(load(reader)?.and_then(|known| known.time_zone)))?;
    let kept = match (kept, stated) {
        (Some(kept), _) => kept,
        (None, stated) => {
            let (stated, actor) = (stated.cloned(), actor.clone());
            match store.write_blocking(now, move |tx| keep_time_zone(tx, stated.as_ref(), &actor)) {
                Ok(kept) => kept,
                Err(Undone::Failed(error)) => return Err(error),
                Err(Undone::Refused(refusal)) => return Err(StoreError::Bug(refusal.code().to_owned())),
            }
        }
    };
    match stated {
        Some(stated) if *stated != kept => {
            Err(StoreError::OtherTimeZone { stored: kept.name().to_owned(), given: stated.name().to_owned() })
        }
        Some(_) | None => Ok(kept),
    }
}

/// Another time zone from now on. What was sold keeps the instants that its dates stood for.
pub fn set_time_zone(tx: &mut Tx<'_>, zone: &Zone, actor: &Actor, reason: Option<&Reason>) -> Done<Option<Zone>> {
    let Some(known) = load(tx)? else { return Ok(None) };
    let before = known.time_zone;
    if before.as_ref() == Some(zone) {
        return Ok(before);
    }
    tx.row("UPDATE installation SET time_zone = $zone WHERE id = 1 RETURNING id", params! { zone: zone.name() })?;
    let detail = json!({ "time_zone": zone.name(), "time_zone_before": before.as_ref().map(Zone::name) });
    let entry = audit::Entry::new(actor, "installation.set-time-zone", "installation", known.publisher);
    tx.audit(entry.detail(detail).reason(reason))?;
    tx.announce(feed::Topic::TimeZone, zone.name())?;
    Ok(before)
}

/// Where people find the service, without a slash at its end, as the server said last.
pub fn service_url(from: &mut impl Select) -> Result<Option<String>, StoreError> {
    from.row("SELECT url FROM service_place WHERE id = 1", params! {})?.map(|row| row.get("url")).transpose()
}

/// Notes where people find the service.
pub fn note_service_url(tx: &mut Tx<'_>, url: &str) -> Done<()> {
    tx.changed(
        "INSERT INTO service_place (id, url) VALUES (1, $url) ON CONFLICT (id) DO UPDATE SET url = excluded.url",
        params! { url },
    )?;
    Ok(())
}

/// For how long people's data is kept.
pub fn retention(from: &mut impl Select) -> Result<Retention, StoreError> {
    let row =
        from.row("SELECT registrations_kept_days, agents_kept_days FROM installation WHERE id = 1", params! {})?;
    let row = row.ok_or_else(|| StoreError::Corrupt("there is no installation".into()))?;
    Retention::new(row.get("registrations_kept_days")?, row.get("agents_kept_days")?)
        .ok_or_else(|| StoreError::Corrupt("the terms of data".into()))
}

/// Other terms from now on. What is over then goes within the hour.
pub fn set_retention(tx: &mut Tx<'_>, new: Retention, actor: &Actor, reason: Option<&Reason>) -> Done<Retention> {
    let before = retention(tx)?;
    if before == new {
        return Ok(new);
    }
    let row = tx.row(
        "UPDATE installation SET registrations_kept_days = $registrations, agents_kept_days = $agents
          WHERE id = 1 RETURNING publisher",
        params! { registrations: new.registrations, agents: new.agents },
    )?;
    let publisher: PublisherId =
        row.map_or_else(|| Err(StoreError::Bug("no installation".into())), |row| row.get("publisher"))?;
    let detail = json!({
        "registrations_kept_days": new.registrations,
        "registrations_kept_days_before": before.registrations,
        "agents_kept_days": new.agents,
        "agents_kept_days_before": before.agents,
    });
    let entry = audit::Entry::new(actor, "installation.set-retention", "installation", publisher);
    tx.audit(entry.detail(detail).reason(reason))?;
    Ok(new)
}

/// Refuses to reckon dates in another time zone than the installation's: a program that was started before it was changed.
pub(crate) fn is_time_zone(from: &mut impl Select, zone: &Zone) -> Result<(), StoreError> {
    match load(from)?.and_then(|known| known.time_zone) {
        Some(stored) if stored != *zone => {
            Err(StoreError::OtherTimeZone { stored: stored.name().to_owned(), given: zone.name().to_owned() })
        }
        Some(_) | None => Ok(()),
    }
}

/// The one that is stated, or UTC where nothing was sold yet in whatever zone a flag named.
fn keep_time_zone(tx: &mut Tx<'_>, stated: Option<&Zone>, actor: &Actor) -> Done<Zone> {
    if let Some(kept) = load(tx)?.and_then(|known| known.time_zone) {
        return Ok(kept);
    }
    let zone = stated.cloned().unwrap_or_else(Zone::utc);
    if stated.is_some() || tx.row("SELECT id FROM subscriptions LIMIT 1", params! {})?.is_none() {
        set_time_zone(tx, &zone, actor, None)?;
    }
    Ok(zone)
}

fn zone(name: &str) -> Result<Zone, StoreError> {
    Zone::named(name).ok_or_else(|| StoreError::Corrupt(format!("no time zone is named {name}")))
}

fn checked(installation: Installation, vault: &Vault) -> Result<Installation, StoreError> {
    let given = vault.fingerprint();
    if installation.master_key_fingerprint == given {
        Ok(installation)
    } else {
        Err(StoreError::OtherMasterKey { expected: installation.master_key_fingerprint, given })
    }
}

fn make(tx: &mut Tx<'_>, vault: &Vault, actor: &Actor) -> Done<Installation> {
    // Another node may have been quicker.
    if let Some(known) = load(tx)? {
        return Ok(known);
    }
    let now = tx.now();
    let mut random = [0; 5];
    crate::chance::fill(&mut random)?;
    let publisher = PublisherId::from_random(random);
    let master_key_fingerprint = vault.fingerprint();
    tx.row(
        "INSERT INTO installation (id, publisher, master_key_fingerprint, created_at)
         VALUES (1, $publisher, $master_key_fingerprint, $now)",
        params! { publisher, master_key_fingerprint: master_key_fingerprint.as_str(), now },
    )?;
    let detail = json!({ "publisher": publisher.to_string(), "master_key_fingerprint": master_key_fingerprint });
    tx.audit(audit::Entry::new(actor, "installation.create", "installation", publisher).detail(detail))?;
    signing_keys::make_first(tx, vault, publisher, actor)?;
    for (reference, title, grace_days) in first_offers() {
        offers::set(tx, &Offer::new(reference, title, grace_days)?, actor)?;
    }
    jobs::enqueue(tx, SIGN_AUDIT_HEAD, SIGN_AUDIT_HEAD, "{}", now)?;
    jobs::enqueue(tx, PRUNE_FEED, PRUNE_FEED, "{}", now.plus(HOUR))?;
    Ok(Installation { publisher, master_key_fingerprint, created_at: now, time_zone: None })
}
