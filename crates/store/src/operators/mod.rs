//! Operators: added, found, changed, disabled, reset.
//!
//! The invariant: **there is an owner who can sign in, or who holds a link, once there was one.** The guard stands in each
//! statement that could take the last one away; a reset gives a link in the same change.
//!
//! Their setup links are in [`links`], passwords in [`passwords`], authenticators in [`second_factor`], sign-ins in [`sessions`].

pub mod links;
pub mod passwords;
pub mod second_factor;
pub mod sessions;

use latchkey_domain::Refusal;
use latchkey_domain::ids::OperatorId;
use latchkey_domain::operators::{Email, Operator, Role};
use latchkey_domain::text::{nearest, one_word};
use serde_json::json;

use self::passwords::PasswordHash;
use crate::driver::Select;
use crate::subscriptions::new_id;
use crate::value::{Row, params};
use crate::{Actor, Done, StoreError, Tx, audit};

/// More operators than this are not listed. An installation has a handful.
const MOST_LISTED: u32 = 1_000;

/// Adds an operator. Without a password it cannot sign in until it has chosen one by a link.
pub fn add(
    tx: &mut Tx<'_>,
    email: &Email,
    role: Role,
    password: Option<&PasswordHash>,
    actor: &Actor,
) -> Done<Operator> {
    let (id, now) = (OperatorId(new_id(tx.now())?), tx.now());
    let added = tx.row(
        "INSERT INTO operators (id, email, folded_email, role, password_hash, created_at)
         VALUES ($id, $email, $folded, $role, $password, $now)
         ON CONFLICT (folded_email) DO NOTHING RETURNING id",
        params! {
            id,
            email: email.as_str(),
            folded: email.folded(),
            role: role.name(),
            password: password.map(PasswordHash::as_str),
            now,
        },
    )?;
    if added.is_none() {
        return Err(Refusal::OperatorExists { email: email.to_string() }.into());
    }
    let detail = json!({ "role": role.name() });
    tx.audit(audit::Entry::new(actor, "operator.add", "operator", id).detail(detail))?;
    by_id(tx, id)
}

/// Changes what an operator may do.
pub fn change_role(tx: &mut Tx<'_>, id: OperatorId, role: Role, actor: &Actor) -> Done<Operator> {
    let before = by_id(tx, id)?;
    if before.role == role {
        return Ok(before);
    }
    let row = tx.row(
        "UPDATE operators SET role = $role
          WHERE id = $id AND (role <> 'owner' OR disabled_at IS NOT NULL OR password_hash IS NULL
             OR EXISTS (SELECT 1 FROM operators o WHERE o.id <> $id AND o.role = 'owner'
                           AND o.disabled_at IS NULL AND o.password_hash IS NOT NULL))
      RETURNING id",
        params! { role: role.name(), id },
    )?;
    if row.is_none() {
        return Err(Refusal::LastOwner.into());
    }
    let detail = json!({ "from": before.role.name(), "to": role.name() });
    tx.audit(audit::Entry::new(actor, "operator.change-role", "operator", id).detail(detail))?;
    by_id(tx, id)
}

/// Keeps an operator from signing in, and ends its sessions.
pub fn disable(tx: &mut Tx<'_>, id: OperatorId, actor: &Actor) -> Done<Operator> {
    let now = tx.now();
    let row = tx.row(
        "UPDATE operators SET disabled_at = $now
          WHERE id = $id AND disabled_at IS NULL AND (role <> 'owner' OR password_hash IS NULL
             OR EXISTS (SELECT 1 FROM operators o WHERE o.id <> $id AND o.role = 'owner'
                           AND o.disabled_at IS NULL AND o.password_hash IS NOT NULL))
      RETURNING id",
        params! { now, id },
    )?;
    if row.is_none() {
        return Err(match by_id(tx, id)?.disabled_at {
            Some(since) => Refusal::OperatorDisabled { since }.into(),
            None => Refusal::LastOwner.into(),
        });
    }
    sessions::end_all(tx, id, None)?;
    links::close(tx, id)?;
    tx.audit(audit::Entry::new(actor, "operator.disable", "operator", id))?;
    by_id(tx, id)
}

/// Lets an operator sign in again.
pub fn enable(tx: &mut Tx<'_>, id: OperatorId, actor: &Actor) -> Done<Operator> {
    let row = tx.row(
        "UPDATE operators SET disabled_at = NULL WHERE id = $id AND disabled_at IS NOT NULL RETURNING id",
        params! { id },
    )?;
    let operator = by_id(tx, id)?;
    if row.is_none() {
        return Err(Refusal::OperatorNotDisabled { email: operator.email.to_string() }.into());
    }
    tx.audit(audit::Entry::new(actor, "operator.enable", "operator", id))?;
    Ok(operator)
}

/// Gives an operator another password, and ends its sessions but for the one in which it was typed.
pub fn set_password(
    tx: &mut Tx<'_>,
    id: OperatorId,
    password: &PasswordHash,
    keep_session: Option<&str>,
    actor: &Actor,
) -> Done<Operator> {
    tx.row(
        "UPDATE operators SET password_hash = $password WHERE id = $id RETURNING id",
        params! { password: password.as_str(), id },
    )?;
    sessions::end_all(tx, id, keep_session)?;
    links::close(tx, id)?;
    tx.audit(audit::Entry::new(actor, "operator.set-password", "operator", id))?;
    by_id(tx, id)
}

/// Takes an operator's password and second factor away and ends its sessions: for whoever lost one of them. The link that
/// goes with this is the only way in, so that a password that is known to somebody else opens nothing meanwhile.
pub fn reset(tx: &mut Tx<'_>, id: OperatorId, actor: &Actor) -> Done<Operator> {
    tx.row("UPDATE operators SET password_hash = NULL WHERE id = $id RETURNING id", params! { id })?;
    second_factor::forget(tx, id)?;
    sessions::end_all(tx, id, None)?;
    tx.audit(audit::Entry::new(actor, "operator.reset", "operator", id))?;
    by_id(tx, id)
}

/// Writes down that an operator signed in.
pub(crate) fn signed_in(tx: &mut Tx<'_>, id: OperatorId) -> Done<()> {
    let now = tx.now();
    tx.row("UPDATE operators SET signed_in_at = $now WHERE id = $id RETURNING id", params! { now, id })?;
    Ok(())
}

/// The operator of this address, with what its password is compared with.
pub fn credentials(
    from: &mut impl Select,
    email: &str,
) -> Result<Option<(Operator, Option<PasswordHash>)>, StoreError> {
    let row = from.row(
        "SELECT id, email, role, password_hash, totp_on_at, created_at, signed_in_at, disabled_at
           FROM operators WHERE folded_email = $folded",
        params! { folded: one_word(email).to_lowercase() },
    )?;
    let Some(row) = row else { return Ok(None) };
    Ok(Some((read(&row)?, row.get::<Option<String>>("password_hash")?.map(PasswordHash::kept))))
}

/// The operator of this address or id, or a refusal that says which was probably meant.
pub fn find(from: &mut impl Select, email_or_id: &str) -> Done<Operator> {
    let asked = one_word(email_or_id);
    let all = list(from)?;
    let folded = asked.to_lowercase();
    match all.iter().find(|operator| operator.email.folded() == folded || operator.id.to_string() == folded) {
        Some(operator) => Ok(operator.clone()),
        None => {
            let meant = nearest(&asked, all.iter().map(|operator| operator.email.as_str())).map(str::to_owned);
            Err(Refusal::OperatorUnknown { operator: asked, meant }.into())
        }
    }
}

/// The operator of an id.
pub fn by_id(from: &mut impl Select, id: OperatorId) -> Done<Operator> {
    let row = from.row(
        "SELECT id, email, role, password_hash, totp_on_at, created_at, signed_in_at, disabled_at
           FROM operators WHERE id = $id",
        params! { id },
    )?;
    match row {
        Some(row) => Ok(read(&row)?),
        None => Err(Refusal::OperatorUnknown { operator: id.to_string(), meant: None }.into()),
    }
}

/// All operators by address.
pub fn list(from: &mut impl Select) -> Result<Vec<Operator>, StoreError> {
    from.rows(
        "SELECT id, email, role, password_hash, totp_on_at, created_at, signed_in_at, disabled_at
           FROM operators ORDER BY folded_email LIMIT $most",
        params! { most: MOST_LISTED },
    )?
    .iter()
    .map(read)
    .collect()
}

/// An owner who can sign in, if there is one.
pub fn an_owner(from: &mut impl Select) -> Result<Option<Operator>, StoreError> {
    let can =
        |operator: &Operator| operator.role == Role::Owner && operator.disabled_at.is_none() && operator.has_password;
    Ok(list(from)?.into_iter().find(can))
}

fn read(row: &Row) -> Result<Operator, StoreError> {
    let (email, role): (String, String) = (row.get("email")?, row.get("role")?);
    let corrupt = |refusal: Refusal| StoreError::Corrupt(format!("an operator: {}", refusal.code()));
    Ok(Operator {
        id: row.get("id")?,
        email: Email::parse(&email).map_err(corrupt)?,
        role: Role::parse(&role).map_err(corrupt)?,
        created_at: row.get("created_at")?,
        disabled_at: row.get("disabled_at")?,
        signed_in_at: row.get("signed_in_at")?,
        has_password: row.get::<Option<String>>("password_hash")?.is_some(),
        has_second_factor: row.get::<Option<i64>>("totp_on_at")?.is_some(),
    })
}
