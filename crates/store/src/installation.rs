//! The installation itself: one vendor, made on the first start.

use latchkey_domain::ids::PublisherId;
use latchkey_domain::subscriptions::{Offer, first_offers};
use latchkey_domain::time::{HOUR, Timestamp};
use serde_json::json;

use crate::driver::Select;
use crate::subscriptions::offers;
use crate::value::params;
use crate::{Actor, Done, Store, StoreError, Tx, Undone, Vault, audit, jobs, signing_keys};

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
}

/// Reads the installation; `None` in a new database.
pub fn load(from: &mut impl Select) -> Result<Option<Installation>, StoreError> {
    from.row("SELECT publisher, master_key_fingerprint, created_at FROM installation WHERE id = 1", params! {})?
        .map(|row| {
            Ok(Installation {
                publisher: row.get("publisher")?,
                master_key_fingerprint: row.get("master_key_fingerprint")?,
                created_at: row.get("created_at")?,
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
    getrandom::fill(&mut random).map_err(|error| StoreError::Bug(format!("no randomness: {error}")))?;
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
    Ok(Installation { publisher, master_key_fingerprint, created_at: now })
}
