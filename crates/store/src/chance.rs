//! Randomness, and secrets that are made of it.

use latchkey_key::secret::{ID_BYTES, SECRET_BYTES, SecretKey, SecretKind};
use zeroize::Zeroizing;

use crate::StoreError;

/// A new secret of a kind.
pub(crate) fn secret(kind: SecretKind) -> Result<SecretKey, StoreError> {
    let secret = secret_bytes()?;
    Ok(SecretKey::from_random(kind, bytes::<ID_BYTES>()?, &secret))
}

/// A new secret with the id of one that there was.
pub(crate) fn secret_of(kind: SecretKind, id: &str) -> Result<SecretKey, StoreError> {
    let secret = secret_bytes()?;
    SecretKey::renewed(kind, id, &secret).ok_or_else(|| StoreError::Corrupt(format!("the id of a secret: {id}")))
}

/// Random bytes that are no secret.
pub(crate) fn bytes<const N: usize>() -> Result<[u8; N], StoreError> {
    let mut bytes = [0; N];
    fill(&mut bytes)?;
    Ok(bytes)
}

/// Random bytes in the place of these.
pub(crate) fn fill(bytes: &mut [u8]) -> Result<(), StoreError> {
    getrandom::fill(bytes).map_err(|error| StoreError::Bug(format!("no randomness: {error}")))
}

fn secret_bytes() -> Result<Zeroizing<[u8; SECRET_BYTES]>, StoreError> {
    let mut bytes = Zeroizing::new([0; SECRET_BYTES]);
    fill(bytes.as_mut())?;
    Ok(bytes)
}
