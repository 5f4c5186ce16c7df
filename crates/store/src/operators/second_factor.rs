//! The second factor: an authenticator's secret, sealed, and recovery codes for the day on which it is lost.
//!
//! The invariant: **a code opens once.** The step of an authenticator's code and the use of a recovery code are taken by the
//! statement that accepts them.

use latchkey_domain::Refusal;
use latchkey_domain::ids::OperatorId;
use latchkey_domain::operators::totp::{SECRET_BYTES, Secret};
use serde_json::json;
use uuid::Uuid;
use zeroize::Zeroizing;

use crate::chance::fill;
use crate::driver::Select;
use crate::subscriptions::new_id;
use crate::value::params;
use crate::{Actor, Done, StoreError, Tx, Vault, audit};

/// How many recovery codes there are.
pub const RECOVERY_CODES: usize = 10;
/// Characters of one, in two halves with a hyphen between: 50 bits.
const RECOVERY_LENGTH: usize = 10;
/// Without those that are misread.
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// A recovery code in the clear. It cannot be printed.
pub type RecoveryCode = Zeroizing<String>;

/// Draws a secret for an operator that has no second factor, and keeps it until it is confirmed by a code. One that waits
/// already is kept.
pub fn prepare(tx: &mut Tx<'_>, vault: &Vault, id: OperatorId) -> Done<()> {
    let mut bytes = Zeroizing::new([0; SECRET_BYTES]);
    fill(bytes.as_mut())?;
    let sealed = vault.seal(&sealed_as(id), bytes.as_slice())?;
    tx.row(
        "UPDATE operators SET sealed_totp = $sealed WHERE id = $id AND sealed_totp IS NULL RETURNING id",
        params! { sealed, id },
    )?;
    Ok(())
}

/// The secret that waits to be confirmed, if one does.
pub fn waiting(from: &mut impl Select, vault: &Vault, id: OperatorId) -> Result<Option<Secret>, StoreError> {
    let row = from.row(
        "SELECT sealed_totp FROM operators WHERE id = $id AND sealed_totp IS NOT NULL AND totp_on_at IS NULL",
        params! { id },
    )?;
    row.map(|row| open(vault, id, &row.get::<String>("sealed_totp")?)).transpose()
}

/// Turns the second factor on, for whoever shows by a code that its authenticator has the secret. The recovery codes are not
/// to be had again.
pub fn turn_on(tx: &mut Tx<'_>, vault: &Vault, id: OperatorId, code: &str) -> Done<Vec<RecoveryCode>> {
    let now = tx.now();
    let secret = waiting(tx, vault, id)?.ok_or(Refusal::CodeWrong)?;
    let step = secret.accepts(code, now, None).ok_or(Refusal::CodeWrong)?;
    tx.row(
        "UPDATE operators SET totp_on_at = $now, totp_last_step = $step WHERE id = $id RETURNING id",
        params! { now, step, id },
    )?;
    tx.audit(audit::Entry::new(&Actor::operator(id), "operator.second-factor-on", "operator", id))?;
    renew_codes(tx, vault, id)
}

/// Turns the second factor off.
pub fn turn_off(tx: &mut Tx<'_>, id: OperatorId, actor: &Actor) -> Done<()> {
    forget(tx, id)?;
    tx.audit(audit::Entry::new(actor, "operator.second-factor-off", "operator", id))
}

/// Makes recovery codes anew; those before open nothing any more.
pub fn renew_codes(tx: &mut Tx<'_>, vault: &Vault, id: OperatorId) -> Done<Vec<RecoveryCode>> {
    tx.rows("DELETE FROM operator_recovery_codes WHERE operator_id = $id RETURNING id", params! { id })?;
    let mut codes = Vec::with_capacity(RECOVERY_CODES);
    for _ in 0..RECOVERY_CODES {
        let code = random_code()?;
        let row: Uuid = new_id(tx.now())?;
        tx.row(
            "INSERT INTO operator_recovery_codes (id, operator_id, keyed_hash) VALUES ($row, $id, $keyed_hash)",
            params! { row: row.to_string(), id, keyed_hash: keyed_hash(vault, id, &code) },
        )?;
        codes.push(code);
    }
    tx.audit(audit::Entry::new(&Actor::operator(id), "operator.recovery-codes", "operator", id))?;
    Ok(codes)
}

/// How many recovery codes are left.
pub fn codes_left(from: &mut impl Select, id: OperatorId) -> Result<usize, StoreError> {
    let left = from
        .rows("SELECT id FROM operator_recovery_codes WHERE operator_id = $id AND used_at IS NULL", params! { id })?;
    Ok(left.len())
}

/// Takes a code: of the authenticator, or a recovery code.
pub fn take(tx: &mut Tx<'_>, vault: &Vault, id: OperatorId, code: &str) -> Done<()> {
    let row = tx.row(
        "SELECT sealed_totp, totp_last_step FROM operators WHERE id = $id AND totp_on_at IS NOT NULL",
        params! { id },
    )?;
    let row = row.ok_or(Refusal::CodeWrong)?;
    let (secret, last) = (open(vault, id, &row.get::<String>("sealed_totp")?)?, row.get("totp_last_step")?);
    if let Some(step) = secret.accepts(code, tx.now(), last) {
        let taken = tx.row(
            "UPDATE operators SET totp_last_step = $step
              WHERE id = $id AND (totp_last_step IS NULL OR totp_last_step < $step) RETURNING id",
            params! { step, id },
        )?;
        return taken.map(|_| ()).ok_or(Refusal::CodeWrong.into());
    }
    let now = tx.now();
    let used = tx.row(
        "UPDATE operator_recovery_codes SET used_at = $now
          WHERE operator_id = $id AND keyed_hash = $keyed_hash AND used_at IS NULL RETURNING id",
        params! { now, id, keyed_hash: keyed_hash(vault, id, code) },
    )?;
    if used.is_none() {
        return Err(Refusal::CodeWrong.into());
    }
    let detail = json!({ "left": codes_left(tx, id)? });
    tx.audit(audit::Entry::new(&Actor::operator(id), "operator.recovery-code-used", "operator", id).detail(detail))
}

/// Forgets secret and codes.
pub(super) fn forget(tx: &mut Tx<'_>, id: OperatorId) -> Done<()> {
    tx.row(
        "UPDATE operators SET sealed_totp = NULL, totp_on_at = NULL, totp_last_step = NULL WHERE id = $id RETURNING id",
        params! { id },
    )?;
    tx.rows("DELETE FROM operator_recovery_codes WHERE operator_id = $id RETURNING id", params! { id })?;
    Ok(())
}

fn open(vault: &Vault, id: OperatorId, sealed: &str) -> Result<Secret, StoreError> {
    let what = sealed_as(id);
    let bytes = vault.open(&what, sealed)?;
    Secret::read(&bytes).ok_or(StoreError::Unsealable(what))
}

fn sealed_as(id: OperatorId) -> String {
    format!("second factor of operator {id}")
}

fn random_code() -> Result<RecoveryCode, StoreError> {
    let mut bytes = Zeroizing::new([0; RECOVERY_LENGTH]);
    fill(bytes.as_mut())?;
    let mut code = Zeroizing::new(String::with_capacity(RECOVERY_LENGTH + 1));
    for (at, byte) in bytes.iter().enumerate() {
        if at == RECOVERY_LENGTH / 2 {
            code.push('-');
        }
        code.push(char::from(ALPHABET[usize::from(byte & 31)]));
    }
    Ok(code)
}

/// Case, blanks and hyphens make no difference: it is typed from paper.
fn keyed_hash(vault: &Vault, id: OperatorId, code: &str) -> String {
    let plain: Zeroizing<String> =
        Zeroizing::new(code.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect());
    vault.keyed_hash("latchkey/recovery-code", format!("{id} {}", plain.as_str()).as_bytes())
}
