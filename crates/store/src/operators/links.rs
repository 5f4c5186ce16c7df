//! Setup links: with one, once, and within a day, somebody chooses a password.
//!
//! One that names no operator makes the first owner. Its text is not stored: its keyed hash is.

use latchkey_domain::Refusal;
use latchkey_domain::ids::OperatorId;
use latchkey_domain::operators::{Email, LINK_OPENS, Operator, Role};
use latchkey_domain::time::Timestamp;
use latchkey_key::secret::{SecretKey, SecretKind};
use subtle::ConstantTimeEq as _;

use super::passwords::PasswordHash;
use super::{add, an_owner, by_id, second_factor, set_password};
use crate::driver::Select;
use crate::value::params;
use crate::{Actor, Done, StoreError, Tx, Vault, audit, chance};

/// A link that was made, with its text, which is not to be had again.
pub struct Made {
    /// What whoever is to choose a password opens.
    pub text: SecretKey,
    /// Until when it opens.
    pub expires_at: Timestamp,
}

/// What a link opens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// Whose password is to be chosen; `None` for the first owner, who gives its address along with it.
    pub operator: Option<Operator>,
    /// Until when it opens.
    pub expires_at: Timestamp,
}

/// Makes a link for the first owner. Earlier ones open no more.
pub fn make_first(tx: &mut Tx<'_>, vault: &Vault, actor: &Actor) -> Done<Made> {
    if let Some(owner) = an_owner(tx)? {
        return Err(Refusal::OwnerExists { email: owner.email.to_string() }.into());
    }
    let now = tx.now();
    tx.rows(
        "UPDATE operator_links SET used_at = $now WHERE operator_id IS NULL AND used_at IS NULL RETURNING id",
        params! { now },
    )?;
    make(tx, vault, None, actor)
}

/// Makes a link for an operator. Earlier ones open no more.
pub fn make_for(tx: &mut Tx<'_>, vault: &Vault, operator: OperatorId, actor: &Actor) -> Done<Made> {
    by_id(tx, operator)?;
    close(tx, operator)?;
    make(tx, vault, Some(operator), actor)
}

/// What a link opens, if it does.
pub fn look(from: &mut impl Select, vault: &Vault, text: &SecretKey, now: Timestamp) -> Done<Link> {
    let row = from.row(
        "SELECT operator_id, keyed_hash, expires_at, used_at FROM operator_links WHERE id = $id",
        params! { id: text.id() },
    )?;
    let given = keyed_hash(vault, text);
    let row = row.ok_or(Refusal::LinkUnusable)?;
    let same = row.get::<String>("keyed_hash")?.as_bytes().ct_eq(given.as_bytes());
    let expires_at: Timestamp = row.get("expires_at")?;
    if !bool::from(same) || row.get::<Option<i64>>("used_at")?.is_some() || expires_at <= now {
        return Err(Refusal::LinkUnusable.into());
    }
    let operator = match row.get::<Option<OperatorId>>("operator_id")? {
        Some(id) => Some(by_id(from, id)?),
        // Somebody else was quicker, by another way.
        None if an_owner(from)?.is_some() => return Err(Refusal::LinkUnusable.into()),
        None => None,
    };
    Ok(Link { operator, expires_at })
}

/// Uses a link: the password is chosen, and where there is no operator yet it is made, as an owner.
pub fn redeem(
    tx: &mut Tx<'_>,
    vault: &Vault,
    text: &SecretKey,
    email: &Email,
    password: &PasswordHash,
) -> Done<Operator> {
    let now = tx.now();
    let link = look(tx, vault, text, now)?;
    let used = tx.row(
        "UPDATE operator_links SET used_at = $now WHERE id = $id AND used_at IS NULL AND expires_at > $now RETURNING id",
        params! { now, id: text.id() },
    )?;
    if used.is_none() {
        return Err(Refusal::LinkUnusable.into());
    }
    match link.operator {
        Some(operator) => {
            if let Some(since) = operator.disabled_at {
                return Err(Refusal::OperatorDisabled { since }.into());
            }
            // Whoever lost its phone has nobody else to ask.
            second_factor::forget(tx, operator.id)?;
            set_password(tx, operator.id, password, None, &Actor::operator(operator.id))
        }
        None => add(tx, email, Role::Owner, Some(password), &Actor::link(text.id())),
    }
}

/// Closes all links of an operator.
pub(super) fn close(tx: &mut Tx<'_>, operator: OperatorId) -> Done<()> {
    let now = tx.now();
    tx.rows(
        "UPDATE operator_links SET used_at = $now WHERE operator_id = $operator AND used_at IS NULL RETURNING id",
        params! { now, operator },
    )?;
    Ok(())
}

fn make(tx: &mut Tx<'_>, vault: &Vault, operator: Option<OperatorId>, actor: &Actor) -> Done<Made> {
    let (text, now) = (chance::secret(SecretKind::Setup)?, tx.now());
    let expires_at = now.plus(LINK_OPENS);
    tx.row(
        "INSERT INTO operator_links (id, operator_id, keyed_hash, created_at, expires_at)
         VALUES ($id, $operator, $keyed_hash, $now, $expires_at)",
        params! { id: text.id(), operator, keyed_hash: keyed_hash(vault, &text), now, expires_at },
    )?;
    let entry = match operator {
        Some(operator) => audit::Entry::new(actor, "operator.link", "operator", operator),
        None => audit::Entry::new(actor, "operator.first-link", "link", text.id()),
    };
    tx.audit(entry)?;
    Ok(Made { text, expires_at })
}

fn keyed_hash(vault: &Vault, text: &SecretKey) -> String {
    vault.keyed_hash("latchkey/setup-link", text.reveal().as_bytes())
}

/// Takes away links that opened nothing for long; gives how many.
pub(crate) fn prune(tx: &mut Tx<'_>) -> Result<usize, StoreError> {
    let oldest = tx.now().plus(-LINK_OPENS);
    Ok(tx.rows("DELETE FROM operator_links WHERE expires_at <= $oldest RETURNING id", params! { oldest })?.len())
}
