//! The vendor's signing keys: one that signs, and all before it, which still verify.

use std::sync::Arc;

use latchkey_domain::ids::{PublisherId, SigningKeyId};
use latchkey_domain::text::Reason;
use latchkey_domain::time::Timestamp;
use latchkey_key::{PublicKey, PublicKeys, Signer};
use serde_json::json;
use zeroize::Zeroizing;

use crate::driver::Select;
use crate::value::{Row, params};
use crate::{Actor, Done, StoreError, Tx, Vault, audit, feed, installation, vault};

/// One signing key, without its secret.
#[derive(Debug, Clone)]
pub struct SigningKey {
    /// Its id.
    pub id: SigningKeyId,
    /// What verifies its signatures.
    pub public_key: PublicKey,
    /// Since when it exists.
    pub created_at: Timestamp,
    /// Since when it no longer signs; `None` for the one that does.
    pub retired_at: Option<Timestamp>,
}

/// Makes a new signing key that signs from now on. Keys that older ones signed stay true.
pub fn rotate(tx: &mut Tx<'_>, vault: &Vault, actor: &Actor, reason: Option<&Reason>) -> Done<SigningKey> {
    let now = tx.now();
    let publisher = installation::load(tx)?.ok_or_else(not_established)?.publisher;
    let retired = tx
        .row(
            "UPDATE signing_keys SET retired_at = $now WHERE retired_at IS NULL RETURNING id, number",
            params! { now },
        )?
        .ok_or_else(|| StoreError::Corrupt("no signing key signs".into()))?;
    let (old, number): (SigningKeyId, u32) = (retired.get("id")?, retired.get("number")?);
    let next = SigningKeyId::new(publisher, number + 1).map_err(|error| StoreError::Bug(error.to_string()))?;
    let made = make(tx, vault, next)?;
    let detail = json!({ "replaces": old.to_string() });
    tx.audit(audit::Entry::new(actor, "signing-key.rotate", "signing-key", made.id).detail(detail).reason(reason))?;
    tx.announce(feed::Topic::SigningKey, &made.id.to_string())?;
    Ok(made)
}

/// All signing keys, oldest first.
pub fn list(from: &mut impl Select) -> Result<Vec<SigningKey>, StoreError> {
    from.rows("SELECT id, public_key, created_at, retired_at FROM signing_keys ORDER BY number", params! {})?
        .iter()
        .map(read)
        .collect()
}

/// All public keys as a key ring.
pub fn ring(from: &mut impl Select) -> Result<PublicKeys, StoreError> {
    let publisher = installation::load(from)?.ok_or_else(not_established)?.publisher;
    let mut ring = PublicKeys::new(publisher);
    for key in list(from)? {
        ring.insert(key.public_key).map_err(|error| StoreError::Corrupt(error.to_string()))?;
    }
    Ok(ring)
}

/// The signer that signs now.
pub fn current(from: &mut impl Select, vault: &Vault) -> Result<Arc<Signer>, StoreError> {
    let row = from
        .row("SELECT id, sealed_seed FROM signing_keys WHERE retired_at IS NULL", params! {})?
        .ok_or_else(|| StoreError::Corrupt("no signing key signs".into()))?;
    vault.signer(row.get("id")?, row.get("sealed_seed")?)
}

/// A signer by its id, retired or not: an older key is shown again under the one that signed it.
pub fn by_id(from: &mut impl Select, vault: &Vault, id: SigningKeyId) -> Result<Arc<Signer>, StoreError> {
    let row = from
        .row("SELECT sealed_seed FROM signing_keys WHERE id = $id", params! { id })?
        .ok_or_else(|| StoreError::Corrupt(format!("there is no signing key {id}")))?;
    vault.signer(id, row.get("sealed_seed")?)
}

pub(crate) fn make_first(tx: &mut Tx<'_>, vault: &Vault, publisher: PublisherId, actor: &Actor) -> Done<()> {
    let first = SigningKeyId::new(publisher, 1).map_err(|error| StoreError::Bug(error.to_string()))?;
    let made = make(tx, vault, first)?;
    tx.audit(audit::Entry::new(actor, "signing-key.create", "signing-key", made.id))?;
    tx.announce(feed::Topic::SigningKey, &made.id.to_string())
}

fn make(tx: &mut Tx<'_>, vault: &Vault, id: SigningKeyId) -> Done<SigningKey> {
    let created_at = tx.now();
    let mut seed = Zeroizing::new([0; 32]);
    crate::chance::fill(seed.as_mut())?;
    let sealed_seed = vault.seal(&vault::seed_name(id), seed.as_ref())?;
    let public_key = Signer::from_seed(id, *seed).public_key();
    tx.row(
        "INSERT INTO signing_keys (id, number, public_key, sealed_seed, created_at)
         VALUES ($id, $number, $public_key, $sealed_seed, $created_at)",
        params! { id, number: id.number(), public_key: public_key.to_base64(), sealed_seed, created_at },
    )?;
    Ok(SigningKey { id, public_key, created_at, retired_at: None })
}

fn read(row: &Row) -> Result<SigningKey, StoreError> {
    let id = row.get("id")?;
    let public_key = PublicKey::from_base64(id, &row.get::<String>("public_key")?)
        .map_err(|error| StoreError::Corrupt(format!("signing key {id}: {error}")))?;
    Ok(SigningKey { id, public_key, created_at: row.get("created_at")?, retired_at: row.get("retired_at")? })
}

fn not_established() -> StoreError {
    StoreError::Corrupt("there is no installation in it".into())
}
