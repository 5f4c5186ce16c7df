//! Answers to requests that may come again: who repeats one under the same `Idempotency-Key` gets the same answer, and
//! nothing is done twice.
//!
//! The invariant: **what was done and its answer are committed together.** All changes stand in one order, so of two that
//! come at the same time the second finds the first one's answer. What was refused has changed nothing, so it is not
//! kept: a repetition is looked at anew.
//!
//! Answers can hold keys, so they are sealed; the request and the `Idempotency-Key` are kept as digests.

use latchkey_domain::time::{DAY, Millis, Timestamp};
use sha2::{Digest as _, Sha256};

use crate::driver::Select;
use crate::value::params;
use crate::{Done, StoreError, Tx, Vault};

/// How long an answer is kept, in milliseconds.
pub const KEPT: Millis = DAY;

/// A request that named itself.
#[derive(Debug, Clone)]
pub struct Claim {
    token: String,
    key_digest: String,
    request_digest: String,
}

/// What was answered.
#[derive(Clone, PartialEq, Eq)]
pub struct Reply {
    /// The status that went with it.
    pub status: u16,
    /// The body. It may hold a key.
    pub body: Vec<u8>,
}

/// What becomes of a request that may have come before.
pub enum Once {
    /// It was done now.
    Done(Reply),
    /// It had been done before, and this was the answer.
    Replayed(Reply),
    /// Another request had this name before.
    OtherRequest,
}

impl Claim {
    /// The request of a token, or of an operator, under a name that it gave. `parts` is what makes it this request: method, target, body.
    pub fn new(token: &str, key: &str, parts: &[&[u8]]) -> Self {
        let digest = |parts: &[&[u8]]| {
            let mut hash = Sha256::new();
            for part in parts {
                hash.update((part.len() as u64).to_be_bytes());
                hash.update(part);
            }
            crate::audit::hex(&hash.finalize())
        };
        Self { token: token.to_owned(), key_digest: digest(&[key.as_bytes()]), request_digest: digest(parts) }
    }

    /// The name under which its answer is sealed: it opens for this request of this token alone.
    fn sealed_as(&self) -> String {
        format!("answer {} {} {}", self.token, self.key_digest, self.request_digest)
    }
}

/// What a request of this name was answered before, for whoever has to ask somebody else before the operation: `None` where it
/// comes for the first time. [`once`] looks again, so nothing depends on this but what is asked in vain.
pub fn known(from: &mut impl Select, vault: &Vault, claim: &Claim, now: Timestamp) -> Result<Option<Once>, StoreError> {
    let row = from.row(
        "SELECT request_digest, status, sealed_body FROM idempotency
          WHERE token_id = $token AND key_digest = $key AND at > $oldest",
        params! { token: claim.token.as_str(), key: claim.key_digest.as_str(), oldest: now.plus(-KEPT) },
    )?;
    let Some(row) = row else { return Ok(None) };
    if row.get::<String>("request_digest")? != claim.request_digest {
        return Ok(Some(Once::OtherRequest));
    }
    let body = vault.open(&claim.sealed_as(), &row.get::<String>("sealed_body")?)?.to_vec();
    let status = u16::try_from(row.get::<i64>("status")?)
        .map_err(|_| StoreError::Corrupt("the status of a kept answer".into()))?;
    Ok(Some(Once::Replayed(Reply { status, body })))
}

/// Does something once. Without a claim it is simply done.
pub fn once(
    tx: &mut Tx<'_>,
    vault: &Vault,
    claim: Option<&Claim>,
    operation: impl FnOnce(&mut Tx<'_>) -> Done<Reply>,
) -> Done<Once> {
    let Some(claim) = claim else { return operation(tx).map(Once::Done) };
    let now = tx.now();
    if let Some(known) = known(tx, vault, claim, now)? {
        return Ok(known);
    }
    let reply = operation(tx)?;
    let sealed_body = vault.seal(&claim.sealed_as(), &reply.body)?;
    tx.row(
        "INSERT INTO idempotency (token_id, key_digest, request_digest, status, sealed_body, at)
         VALUES ($token, $key, $request, $status, $sealed_body, $now)
         ON CONFLICT (token_id, key_digest) DO UPDATE
            SET request_digest = excluded.request_digest, status = excluded.status,
                sealed_body = excluded.sealed_body, at = excluded.at",
        params! {
            token: claim.token.as_str(),
            key: claim.key_digest.as_str(),
            request: claim.request_digest.as_str(),
            status: u32::from(reply.status),
            sealed_body,
            now,
        },
    )?;
    Ok(Once::Done(reply))
}

/// Takes away answers that are older than [`KEPT`]; gives how many.
pub fn prune(tx: &mut Tx<'_>) -> Done<usize> {
    let oldest = tx.now().plus(-KEPT);
    Ok(tx.rows("DELETE FROM idempotency WHERE at <= $oldest RETURNING at", params! { oldest })?.len())
}
