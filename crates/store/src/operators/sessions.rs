//! Sessions: rows that a cookie names by id and opens by secret, read anew for each page, so that one which was ended on any
//! node is over everywhere by the next page.

use latchkey_domain::ids::OperatorId;
use latchkey_domain::operators::{LONGEST, Operator, SessionTimes};
use latchkey_domain::time::{DAY, Timestamp};
use latchkey_key::secret::{SecretKey, SecretKind};
use serde_json::json;
use subtle::ConstantTimeEq as _;

use super::{read as read_operator, signed_in};
use crate::driver::Select;
use crate::value::{Row, params};
use crate::{Actor, Done, StoreError, Tx, Vault, audit, chance};

/// The longest name of a browser that is kept, in characters.
const LONGEST_AGENT: usize = 200;

/// A session, without its secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// What it is called in lists. Not a secret.
    pub id: String,
    /// Whose it is.
    pub operator: OperatorId,
    /// From where it was begun.
    pub address: String,
    /// With which browser, as that names itself.
    pub agent: String,
    /// What its standing depends on.
    pub times: SessionTimes,
}

/// A session that was begun, with the text of its cookie.
pub struct Begun {
    /// What is kept of it.
    pub session: Session,
    /// What the browser sends.
    pub text: SecretKey,
}

/// Begins a session for an operator whose password was right. It is half open where a second factor is awaited.
pub fn begin(tx: &mut Tx<'_>, vault: &Vault, operator: &Operator, address: &str, agent: &str) -> Done<Begun> {
    let (text, now, half_open) = (chance::secret(SecretKind::Session)?, tx.now(), operator.has_second_factor);
    let agent: String = agent.chars().filter(|c| !c.is_control()).take(LONGEST_AGENT).collect();
    tx.row(
        "INSERT INTO operator_sessions (id, operator_id, keyed_hash, half_open, address, agent, created_at, seen_at)
         VALUES ($id, $operator, $keyed_hash, $half_open, $address, $agent, $now, $now)",
        params! {
            id: text.id(),
            operator: operator.id,
            keyed_hash: keyed_hash(vault, &text),
            half_open: u32::from(half_open),
            address,
            agent: agent.as_str(),
            now,
        },
    )?;
    if !half_open {
        note_sign_in(tx, operator.id, text.id())?;
    }
    let times = SessionTimes { created_at: now, seen_at: now, ended_at: None, half_open };
    let session =
        Session { id: text.id().to_owned(), operator: operator.id, address: address.to_owned(), agent, times };
    Ok(Begun { session, text })
}

/// Ends a half-open session and begins a whole one in its place, with a secret of its own.
pub fn complete(tx: &mut Tx<'_>, vault: &Vault, half_open: &Session, operator: &Operator) -> Done<Begun> {
    end_row(tx, &half_open.id)?;
    let done = Operator { has_second_factor: false, ..operator.clone() };
    begin(tx, vault, &done, &half_open.address, &half_open.agent)
}

/// The session that this is the text of, and whose it is; `None` where there is none. Whether it still counts is for the
/// caller to ask.
pub fn recognise(
    from: &mut impl Select,
    vault: &Vault,
    text: &SecretKey,
) -> Result<Option<(Session, Operator)>, StoreError> {
    let row = from.row(
        "SELECT s.id AS session_id, s.operator_id, s.keyed_hash, s.half_open, s.address, s.agent,
                s.created_at AS begun_at, s.seen_at, s.ended_at,
                o.id, o.email, o.role, o.password_hash, o.totp_on_at, o.created_at, o.signed_in_at, o.disabled_at
           FROM operator_sessions s JOIN operators o ON o.id = s.operator_id WHERE s.id = $id",
        params! { id: text.id() },
    )?;
    let given = keyed_hash(vault, text);
    let Some(row) = row else { return Ok(None) };
    let same = row.get::<String>("keyed_hash")?.as_bytes().ct_eq(given.as_bytes());
    if bool::from(same) { Ok(Some((read(&row)?, read_operator(&row)?))) } else { Ok(None) }
}

/// What forms of a session carry, so that nobody else can have them sent: derived from its secret, and of no use without.
pub fn form_token(vault: &Vault, text: &SecretKey) -> String {
    vault.keyed_hash("latchkey/form-token", text.reveal().as_bytes())
}

/// Sessions of an operator that are not over, the latest first.
pub fn list(from: &mut impl Select, operator: OperatorId, now: Timestamp) -> Result<Vec<Session>, StoreError> {
    let all: Vec<Session> = from
        .rows(
            "SELECT id AS session_id, operator_id, half_open, address, agent, created_at AS begun_at, seen_at, ended_at
               FROM operator_sessions WHERE operator_id = $operator AND ended_at IS NULL ORDER BY seen_at DESC, id",
            params! { operator },
        )?
        .iter()
        .map(read)
        .collect::<Result<_, _>>()?;
    use latchkey_domain::operators::SessionStanding::Over;
    Ok(all.into_iter().filter(|session| session.times.standing(now) != Over).collect())
}

/// Ends one session of an operator. One that is over already stays so.
pub fn end(tx: &mut Tx<'_>, operator: OperatorId, session: &str, actor: &Actor) -> Done<()> {
    let now = tx.now();
    let row = tx.row(
        "UPDATE operator_sessions SET ended_at = $now
          WHERE id = $session AND operator_id = $operator AND ended_at IS NULL RETURNING id",
        params! { now, session, operator },
    )?;
    if row.is_some() {
        let detail = json!({ "session": session });
        tx.audit(audit::Entry::new(actor, "operator.sign-out", "operator", operator).detail(detail))?;
    }
    Ok(())
}

/// Ends all sessions of an operator but their own one, because they say so.
pub fn end_others(tx: &mut Tx<'_>, operator: OperatorId, own: &str, actor: &Actor) -> Done<()> {
    let ended = end_all(tx, operator, Some(own))?;
    if ended > 0 {
        let detail = json!({ "sessions": ended });
        tx.audit(audit::Entry::new(actor, "operator.sign-out", "operator", operator).detail(detail))?;
    }
    Ok(())
}

/// Ends all sessions of an operator but one.
pub fn end_all(tx: &mut Tx<'_>, operator: OperatorId, but: Option<&str>) -> Done<usize> {
    let now = tx.now();
    let ended = tx.rows(
        "UPDATE operator_sessions SET ended_at = $now
          WHERE operator_id = $operator AND ended_at IS NULL AND id <> $but RETURNING id",
        params! { now, operator, but: but.unwrap_or_default() },
    )?;
    Ok(ended.len())
}

/// Writes down when sessions were last used. Nothing of it is audited, and nobody has to hear of it.
pub fn seen(tx: &mut Tx<'_>, seen: &[(String, Timestamp)]) -> Done<()> {
    for (id, at) in seen {
        tx.row(
            "UPDATE operator_sessions SET seen_at = $at WHERE id = $id AND seen_at < $at RETURNING id",
            params! { at: *at, id: id.as_str() },
        )?;
    }
    Ok(())
}

/// Takes away sessions that have been over for a day; gives how many.
pub(crate) fn prune(tx: &mut Tx<'_>) -> Result<usize, StoreError> {
    let oldest = tx.now().plus(-LONGEST - DAY);
    Ok(tx.rows("DELETE FROM operator_sessions WHERE created_at <= $oldest RETURNING id", params! { oldest })?.len())
}

fn end_row(tx: &mut Tx<'_>, id: &str) -> Done<()> {
    let now = tx.now();
    tx.row("UPDATE operator_sessions SET ended_at = $now WHERE id = $id RETURNING id", params! { now, id })?;
    Ok(())
}

fn note_sign_in(tx: &mut Tx<'_>, operator: OperatorId, session: &str) -> Done<()> {
    signed_in(tx, operator)?;
    let (actor, detail) = (Actor::operator(operator), json!({ "session": session }));
    tx.audit(audit::Entry::new(&actor, "operator.sign-in", "operator", operator).detail(detail))
}

fn keyed_hash(vault: &Vault, text: &SecretKey) -> String {
    vault.keyed_hash("latchkey/session", text.reveal().as_bytes())
}

fn read(row: &Row) -> Result<Session, StoreError> {
    Ok(Session {
        id: row.get("session_id")?,
        operator: row.get("operator_id")?,
        address: row.get("address")?,
        agent: row.get("agent")?,
        times: SessionTimes {
            created_at: row.get("begun_at")?,
            seen_at: row.get("seen_at")?,
            ended_at: row.get("ended_at")?,
            half_open: row.get::<i64>("half_open")? != 0,
        },
    })
}
