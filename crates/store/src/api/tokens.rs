//! API tokens: created, looked up, revoked.
//!
//! A token's text is not stored: its keyed hash is, under a key that is derived from the master key, so that a copy of
//! the database neither holds a token nor can be given one. A request reads its token anew, by one indexed read: what
//! was revoked on any node is refused on all of them by the next request.

use std::fmt;

use latchkey_domain::Refusal;
use latchkey_domain::text::{Name, Reason};
use latchkey_domain::time::{DAY, Timestamp};
use latchkey_domain::tokens::{MOST_TOKEN_DAYS, Scopes, Token};
use latchkey_key::secret::{SecretKey, SecretKind};
use serde_json::json;
use subtle::ConstantTimeEq as _;

use crate::driver::Select;
use crate::subscriptions::subscriptions::why_not;
use crate::value::{Row, params};
use crate::{Actor, Done, StoreError, Tx, Vault, audit, chance};

/// What is asked for when a token is created.
#[derive(Debug, Clone)]
pub struct Order {
    /// What people call it.
    pub name: Name,
    /// What it may do.
    pub scopes: Scopes,
    /// For how many days it counts; without an end where nothing is said.
    pub days: Option<u32>,
}

/// A token with its text, which is not to be had again.
pub struct Created {
    /// What is kept of it.
    pub token: Token,
    /// What whoever calls the API sends.
    pub text: SecretKey,
}

/// Creates a token.
pub fn create(tx: &mut Tx<'_>, vault: &Vault, order: &Order, actor: &Actor) -> Done<Created> {
    let now = tx.now();
    let expires_at = match order.days {
        Some(days) if !(1..=MOST_TOKEN_DAYS).contains(&days) => {
            return Err(Refusal::NumberInvalid { field: "days", least: 1, most: MOST_TOKEN_DAYS }.into());
        }
        Some(days) => Some(now.plus(i64::from(days) * DAY)),
        None => None,
    };
    let text = chance::secret(SecretKind::Api)?;
    let token = Token {
        id: text.id().to_owned(),
        name: order.name.clone(),
        scopes: order.scopes.clone(),
        created_at: now,
        expires_at,
        last_used_at: None,
        revoked_at: None,
    };
    tx.row(
        "INSERT INTO api_tokens (id, name, scopes, keyed_hash, created_at, expires_at)
         VALUES ($id, $name, $scopes, $keyed_hash, $now, $expires_at)",
        params! {
            id: text.id(),
            name: &token.name,
            scopes: token.scopes.to_string(),
            keyed_hash: keyed_hash(vault, &text),
            now,
            expires_at,
        },
    )?;
    // Its name may be that of a person, and rows of the log stay: it is found by the id.
    let detail = json!({ "scopes": token.scopes.to_string(), "expires_at": token.expires_at.map(|at| at.to_string()) });
    tx.audit(audit::Entry::new(actor, "token.create", "token", &token.id).detail(detail))?;
    Ok(Created { token, text })
}

/// Takes a token's right away, at once and for good.
pub fn revoke(tx: &mut Tx<'_>, id: &str, actor: &Actor, reason: &Reason) -> Done<Token> {
    let now = tx.now();
    let id = readable(id);
    let row = tx.row(
        "UPDATE api_tokens SET revoked_at = $now WHERE id = $id AND revoked_at IS NULL RETURNING id",
        params! { now, id: id.as_str() },
    )?;
    if row.is_none() {
        return Err(why_not(find(tx, &id)?.may_revoke()));
    }
    tx.audit(audit::Entry::new(actor, "token.revoke", "token", &id).reason(Some(reason)))?;
    find(tx, &id)
}

/// The token that this is the text of; `None` where there is none, be it that the id is not known or that the secret is
/// another. Whether it still counts is for the caller to ask.
pub fn recognise(from: &mut impl Select, vault: &Vault, text: &SecretKey) -> Result<Option<Token>, StoreError> {
    let row = from.row(
        "SELECT id, name, scopes, created_at, expires_at, last_used_at, revoked_at, keyed_hash
           FROM api_tokens WHERE id = $id",
        params! { id: text.id() },
    )?;
    // Hashed before anything is known, so that an id that is there takes no longer than one that is not.
    let given = keyed_hash(vault, text);
    let Some(row) = row else { return Ok(None) };
    let same = row.get::<String>("keyed_hash")?.as_bytes().ct_eq(given.as_bytes());
    if bool::from(same) { read(&row).map(Some) } else { Ok(None) }
}

/// The token of an id.
pub fn find(from: &mut impl Select, id: &str) -> Done<Token> {
    let id = readable(id);
    let row = from.row(
        "SELECT id, name, scopes, created_at, expires_at, last_used_at, revoked_at FROM api_tokens WHERE id = $id",
        params! { id: id.as_str() },
    )?;
    match row {
        Some(row) => Ok(read(&row)?),
        None => Err(Refusal::TokenUnknown { token: id }.into()),
    }
}

/// Tokens by id, those after one, and at most so many.
pub fn list(from: &mut impl Select, after: &str, most: u32) -> Result<Vec<Token>, StoreError> {
    from.rows(
        "SELECT id, name, scopes, created_at, expires_at, last_used_at, revoked_at
           FROM api_tokens WHERE id > $after ORDER BY id LIMIT $most",
        params! { after, most },
    )?
    .iter()
    .map(read)
    .collect()
}

/// Writes down when tokens were last used. Nothing of it is audited, and nobody has to hear of it.
pub fn used(tx: &mut Tx<'_>, uses: &[(String, Timestamp)]) -> Done<()> {
    for (id, at) in uses {
        tx.row(
            "UPDATE api_tokens SET last_used_at = $at
              WHERE id = $id AND (last_used_at IS NULL OR last_used_at < $at) RETURNING id",
            params! { at: *at, id: id.as_str() },
        )?;
    }
    Ok(())
}

impl fmt::Debug for Created {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Created").field("token", &self.token).finish_non_exhaustive()
    }
}

fn keyed_hash(vault: &Vault, text: &SecretKey) -> String {
    vault.keyed_hash("latchkey/api-token", text.reveal().as_bytes())
}

/// What somebody gave as an id: no id is longer, and PostgreSQL takes no NUL.
fn readable(id: &str) -> String {
    id.trim().chars().filter(|c| !c.is_control()).take(40).collect()
}

pub(crate) fn read(row: &Row) -> Result<Token, StoreError> {
    let scopes: String = row.get("scopes")?;
    Ok(Token {
        id: row.get("id")?,
        name: row.get("name")?,
        scopes: Scopes::parse(scopes.split(' '))
            .map_err(|refusal| StoreError::Corrupt(format!("scopes of a token: {}", refusal.code())))?,
        created_at: row.get("created_at")?,
        expires_at: row.get("expires_at")?,
        last_used_at: row.get("last_used_at")?,
        revoked_at: row.get("revoked_at")?,
    })
}
