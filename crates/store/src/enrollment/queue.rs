//! What GLPI could not take: kept until it can, delivered in order for each agent.
//!
//! An embedded database keeps it in a file of its own, with a writer of its own, so that a morning's inventories do not
//! keep anybody else waiting; on PostgreSQL it is a table, and a lease per agent says which node delivers (`turns`).
//!
//! Invariant: a message is durable before whoever sent it hears so, and it is gone only after GLPI took it, a person
//! dropped it, or a bound that is told of long before was reached. Among the messages of one agent the order is that of
//! their numbers, and what lies before a newer whole inventory is the first to go where something has to.

use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use latchkey_domain::Refusal;
use latchkey_domain::time::{Millis, Timestamp};

use super::room::{self, LITTLE, Passed, TOO_MUCH};
use super::turns::{self, Turn};
use crate::driver::Select;
use crate::value::{Row, params};
use crate::{Done, Location, Store, StoreError, Tx};

/// Messages in one change, where there may be any number of them.
pub const AT_ONCE: u32 = 200;
/// What a whole inventory is called.
const WHOLE: &str = "inventory";
/// The file in the data directory.
pub const QUEUE_FILE: &str = "latchkey-queue.db";

/// All of a message but its body. It is tried when its agent's turn comes.
macro_rules! queued {
    () => {
        "SELECT q.number, q.agent, q.device, q.glpi, q.what, q.bytes, q.received_at, COALESCE(t.run_at, q.run_at) AS run_at,
                q.attempts, q.last_error, q.dead_at
           FROM queued_messages q LEFT JOIN queue_turns t ON t.agent = q.agent AND t.glpi = q.glpi"
    };
}

/// A message to be kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parcel {
    /// Whose it is: messages of one are delivered in order.
    pub agent: String,
    /// The machine that it is about, for people.
    pub device: String,
    /// The GLPI that it goes to.
    pub glpi: String,
    /// What it is: `inventory`, `partial`, `task`.
    pub what: String,
    /// Path and headers, as the gateway writes them.
    pub head: String,
    /// The body, as it is to be delivered.
    pub body: Vec<u8>,
}

/// A message that waits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Queued {
    /// Its number; later ones are larger.
    pub number: i64,
    /// Whose it is.
    pub agent: String,
    /// The machine that it is about.
    pub device: String,
    /// The GLPI that it goes to.
    pub glpi: String,
    /// What it is.
    pub what: String,
    /// How many bytes its body has.
    pub bytes: i64,
    /// Since when it waits.
    pub received_at: Timestamp,
    /// When it is tried next.
    pub run_at: Timestamp,
    /// How often it was tried.
    pub attempts: i64,
    /// Why it was not taken, the last time.
    pub last_error: Option<String>,
    /// Since when it is not tried any more, because GLPI said no to it.
    pub dead_at: Option<Timestamp>,
}

/// A message that somebody delivers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leased {
    /// The message.
    pub message: Queued,
    /// Path and headers.
    pub head: String,
    /// Its body.
    pub body: Vec<u8>,
    turn: Turn,
}

/// How much may wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bounds {
    /// Bytes of all messages.
    pub bytes: i64,
    /// How long one waits, in milliseconds.
    pub age: Millis,
}

/// How much waits.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Load {
    /// Messages that are to be delivered, and dead ones.
    pub messages: i64,
    /// Their bytes.
    pub bytes: i64,
    /// Those that GLPI said no to.
    pub dead: i64,
    /// Since when the oldest waits that is to be delivered.
    pub oldest_at: Option<Timestamp>,
}

/// Opens the queue that belongs to a database: a file beside an embedded one, the database itself on PostgreSQL. It has
/// its own writer in either case.
pub fn open(of: &Location, now: Timestamp) -> Result<Store, StoreError> {
    Store::open(location(of), now)
}

/// Whether there is one yet.
pub fn is_there(of: &Location) -> bool {
    match location(of) {
        Location::Sqlite(file) => file.exists(),
        Location::Postgres(_) => true,
    }
}

fn location(of: &Location) -> Location {
    match of {
        Location::Sqlite(file) => Location::Sqlite(file.parent().unwrap_or_else(|| Path::new("")).join(QUEUE_FILE)),
        Location::Postgres(config) => Location::Postgres(config.clone()),
    }
}

/// Keeps a message. Durable when the write has come back. False where there is no room, and nothing that could make way. What it
/// takes does not depend on how much waits, but on what waits of the same machine.
pub fn put(tx: &mut Tx<'_>, parcel: &Parcel, bounds: Bounds) -> Done<bool> {
    let (now, is_whole) = (tx.now(), parcel.what == WHOLE);
    let body = BASE64.encode(&parcel.body);
    let bytes = i64::try_from(body.len() + parcel.head.len()).unwrap_or(i64::MAX);
    let (missed, spare) = if is_whole { (TOO_MUCH, 0) } else { (LITTLE, bytes) };
    let head = tx.row(
        "UPDATE queue_head
            SET last_number = last_number + 1, messages = messages + 1, bytes = bytes + $bytes, spare_bytes = spare_bytes + $spare
          WHERE id = 1 RETURNING last_number, bytes, spare_bytes",
        params! { bytes, spare },
    )?;
    let head = head.ok_or_else(|| StoreError::Corrupt("queue_head has no row".into()))?;
    let (number, total, all_spare): (i64, i64, i64) =
        (head.get("last_number")?, head.get("bytes")?, head.get("spare_bytes")?);
    let passed = if is_whole { Passed::by(tx, parcel)? } else { Passed::default() };
    let lacking = total - bounds.bytes;
    if lacking > all_spare - spare + passed.bytes {
        tx.changed(
            "UPDATE queue_head
                SET messages = messages - 1, bytes = bytes - $bytes, spare_bytes = spare_bytes - $spare WHERE id = 1",
            params! { bytes, spare },
        )?;
        return Ok(false);
    }
    passed.is_left_behind(tx, parcel)?;
    tx.row(
        "INSERT INTO queued_messages
                (number, agent, device, glpi, what, head, body, bytes, received_at, run_at, attempts, missed)
         VALUES ($number, $agent, $device, $glpi, $what, $head, $body, $bytes, $now, $now, 0, $missed)",
        params! {
            number,
            agent: parcel.agent.as_str(),
            device: parcel.device.as_str(),
            glpi: parcel.glpi.as_str(),
            what: parcel.what.as_str(),
            head: parcel.head.as_str(),
            body,
            bytes,
            now,
            missed,
        },
    )?;
    turns::has(tx, &parcel.agent, &parcel.glpi)?;
    if lacking > 0 {
        room::make(tx, lacking, number)?;
    }
    Ok(true)
}

/// Whether anything of this agent waits, so that what comes now has to wait behind it.
pub fn waits(from: &mut impl Select, agent: &str) -> Result<bool, StoreError> {
    let row = from.row(
        "SELECT number FROM queued_messages WHERE agent = $agent AND dead_at IS NULL LIMIT 1",
        params! { agent },
    )?;
    Ok(row.is_some())
}

/// Whether anything is due for a GLPI. A look, so that an idle courier writes nothing.
pub fn due(from: &mut impl Select, glpi: &str, now: Timestamp) -> Result<bool, StoreError> {
    turns::is_anybodys(from, glpi, now)
}

/// Takes the first message of the agent whose turn has been for longest, for `lease` milliseconds. It counts as tried once it
/// is known what came of it.
pub fn take(tx: &mut Tx<'_>, glpi: &str, lease: Millis) -> Done<Option<Leased>> {
    let Some(turn) = turns::take(tx, glpi, lease)? else { return Ok(None) };
    let row = tx.row(
        "SELECT number, agent, device, glpi, what, head, body, bytes, received_at, run_at, attempts, last_error, dead_at
           FROM queued_messages WHERE agent = $agent AND glpi = $glpi AND dead_at IS NULL ORDER BY number LIMIT 1",
        params! { agent: turn.agent.as_str(), glpi },
    )?;
    let Some(row) = row else { return Ok(None) };
    let mut message = read(&row)?;
    message.attempts += 1;
    let body: String = row.get("body")?;
    let body = BASE64.decode(body);
    let body = body.map_err(|_| StoreError::Corrupt(format!("the body of queued message {}", message.number)))?;
    Ok(Some(Leased { message, head: row.get("head")?, body, turn }))
}

/// GLPI has it. False where the turn was lost: somebody else delivers it, or did.
pub fn delivered(tx: &mut Tx<'_>, leased: &Leased) -> Done<bool> {
    let now = tx.now();
    if !turns::give_back(tx, &leased.turn, now)? {
        return Ok(false);
    }
    forget(tx, &[(leased.message.number, leased.message.bytes)])?;
    turns::settle(tx, &leased.turn.agent, &leased.turn.glpi)?;
    Ok(true)
}

/// GLPI could not take it: tried again at `run_at`, and nothing of this agent before it.
pub fn put_back(tx: &mut Tx<'_>, leased: &Leased, run_at: Timestamp, error: &str) -> Done<bool> {
    if !turns::give_back(tx, &leased.turn, run_at)? {
        return Ok(false);
    }
    let (number, attempts) = (leased.message.number, leased.message.attempts);
    tx.changed(
        "UPDATE queued_messages SET attempts = $attempts, last_error = $error WHERE number = $number",
        params! { attempts, error, number },
    )?;
    turns::settle(tx, &leased.turn.agent, &leased.turn.glpi)?;
    Ok(true)
}

/// GLPI said no to it, and would again: it is kept for people to look at, and holds nobody up.
pub fn bury(tx: &mut Tx<'_>, leased: &Leased, error: &str) -> Done<bool> {
    let now = tx.now();
    if !turns::give_back(tx, &leased.turn, now)? {
        return Ok(false);
    }
    let (number, attempts) = (leased.message.number, leased.message.attempts);
    tx.changed(
        "UPDATE queued_messages SET dead_at = $now, attempts = $attempts, last_error = $error WHERE number = $number",
        params! { now, attempts, error, number },
    )?;
    turns::settle(tx, &leased.turn.agent, &leased.turn.glpi)?;
    Ok(true)
}

/// GLPI is back: everybody who waits for a turn has it now; how many they are.
pub fn hurry(tx: &mut Tx<'_>, glpi: &str) -> Done<u64> {
    turns::all_of_now(tx, glpi)
}

/// Takes away what waits for longer than it may, at most [`AT_ONCE`] of it; gives it, so that it can be told.
pub fn expire(tx: &mut Tx<'_>, bounds: Bounds) -> Done<Vec<Queued>> {
    let cutoff = tx.now().plus(-bounds.age);
    // Their numbers are in the order in which they came.
    let rows = tx.rows(concat!(queued!(), " ORDER BY q.number LIMIT $most"), params! { most: AT_ONCE })?;
    let mut old: Vec<Queued> = rows.iter().map(read).collect::<Result<_, _>>()?;
    old.retain(|message| message.received_at < cutoff);
    let gone: Vec<_> = old.iter().map(|message| (message.number, message.bytes)).collect();
    forget(tx, &gone)?;
    turns::prune(tx, cutoff)?;
    Ok(old)
}

/// Messages by number, those after one, and at most so many; dead ones alone where `dead`.
pub fn list(from: &mut impl Select, dead: bool, after: i64, most: u32) -> Result<Vec<Queued>, StoreError> {
    from.rows(
        concat!(
            queued!(),
            " WHERE q.number > $after AND ($dead = 0 OR q.dead_at IS NOT NULL) ORDER BY q.number LIMIT $most"
        ),
        params! { after, dead: i64::from(dead), most },
    )?
    .iter()
    .map(read)
    .collect()
}

/// The same of those that are still to be delivered.
pub fn list_waiting(from: &mut impl Select, after: i64, most: u32) -> Result<Vec<Queued>, StoreError> {
    from.rows(
        concat!(queued!(), " WHERE q.number > $after AND q.dead_at IS NULL ORDER BY q.number LIMIT $most"),
        params! { after, most },
    )?
    .iter()
    .map(read)
    .collect()
}

/// How much waits.
pub fn load(from: &mut impl Select) -> Result<Load, StoreError> {
    let head = from.row("SELECT messages, bytes FROM queue_head WHERE id = 1", params! {})?;
    let Some(head) = head else { return Ok(Load::default()) };
    let dead = from.row("SELECT COUNT(*) AS dead FROM queued_messages WHERE dead_at IS NOT NULL", params! {})?;
    let oldest =
        from.row("SELECT received_at FROM queued_messages WHERE dead_at IS NULL ORDER BY number LIMIT 1", params! {})?;
    Ok(Load {
        messages: head.get("messages")?,
        bytes: head.get("bytes")?,
        dead: dead.map_or(Ok(0), |row| row.get("dead"))?,
        oldest_at: oldest.map(|row| row.get("received_at")).transpose()?,
    })
}

/// Tries a message again now, a dead one too. It keeps its place among those of its agent.
pub fn retry(tx: &mut Tx<'_>, number: &str) -> Done<Queued> {
    let (now, parsed) = (tx.now(), parse(number)?);
    let row = tx.row(
        "UPDATE queued_messages SET run_at = $now, dead_at = NULL WHERE number = $number
         RETURNING number, agent, device, glpi, what, bytes, received_at, run_at, attempts, last_error, dead_at",
        params! { now, number: parsed },
    )?;
    let message = row.map_or_else(|| Err(unknown(number)), |row| Ok(read(&row)))??;
    turns::has_now(tx, &message.agent, &message.glpi)?;
    Ok(message)
}

/// Tries everything again now, dead ones too; gives how many there are. It is done in several changes, so that nobody waits for
/// it who brings something meanwhile; done again, it goes on. Blocks the thread.
pub fn retry_all(queue: &Store, now: Timestamp) -> Done<i64> {
    let mut after = Some(0);
    while let Some(number) = after {
        after = queue.write_blocking(now, move |tx| revive(tx, number))?;
    }
    queue.write_blocking(now, |tx| {
        turns::all_now(tx)?;
        Ok(load(tx)?.messages)
    })
}

/// Dead ones behind this number are no longer so; the last of them, where there may be more.
fn revive(tx: &mut Tx<'_>, after: i64) -> Done<Option<i64>> {
    let now = tx.now();
    let revived = tx.rows(
        "UPDATE queued_messages SET dead_at = NULL, run_at = $now
          WHERE number IN (SELECT number FROM queued_messages
                            WHERE number > $after AND dead_at IS NOT NULL ORDER BY number LIMIT $most)
      RETURNING number, agent, glpi",
        params! { now, after, most: AT_ONCE },
    )?;
    let mut last = after;
    for row in &revived {
        let (agent, glpi): (String, String) = (row.get("agent")?, row.get("glpi")?);
        turns::has_now(tx, &agent, &glpi)?;
        last = last.max(row.get("number")?);
    }
    Ok((revived.len() >= AT_ONCE as usize).then_some(last))
}

/// Takes a message away that is not to be delivered.
pub fn discard(tx: &mut Tx<'_>, number: &str) -> Done<Queued> {
    let parsed = parse(number)?;
    let row = tx.row(concat!(queued!(), " WHERE q.number = $number"), params! { number: parsed })?;
    let Some(row) = row else { return Err(unknown(number).into()) };
    let message = read(&row)?;
    forget(tx, &[(message.number, message.bytes)])?;
    Ok(message)
}

/// Takes away all that waits of an agent, which was erased; gives how many.
pub fn forget_agent(tx: &mut Tx<'_>, agent: &str) -> Done<usize> {
    let of_agent = tx.rows("SELECT number, bytes FROM queued_messages WHERE agent = $agent", params! { agent })?;
    let gone = of_agent.iter().map(|row| Ok((row.get("number")?, row.get("bytes")?)));
    let gone = gone.collect::<Result<Vec<_>, StoreError>>()?;
    forget(tx, &gone)?;
    Ok(gone.len())
}

/// Takes messages away, with all that is counted of them.
pub(super) fn forget(tx: &mut Tx<'_>, gone: &[(i64, i64)]) -> Done<()> {
    for (number, bytes) in gone {
        let row = tx.row(
            "DELETE FROM queued_messages WHERE number = $number RETURNING agent, device, glpi, missed",
            params! { number: *number },
        )?;
        let Some(row) = row else { continue };
        let (agent, device, missed): (String, String, i64) =
            (row.get("agent")?, row.get("device")?, row.get("missed")?);
        let spare = if missed < TOO_MUCH { *bytes } else { 0 };
        tx.changed(
            "UPDATE queue_head SET messages = messages - 1, bytes = bytes - $bytes, spare_bytes = spare_bytes - $spare
              WHERE id = 1",
            params! { bytes: *bytes, spare },
        )?;
        if missed == TOO_MUCH {
            room::newest_is_gone(tx, &agent, &device, *number)?;
        }
        let glpi: String = row.get("glpi")?;
        turns::settle(tx, &agent, &glpi)?;
    }
    Ok(())
}

fn parse(number: &str) -> Result<i64, Refusal> {
    number.trim().parse().map_err(|_| unknown(number))
}

fn unknown(number: &str) -> Refusal {
    Refusal::QueuedUnknown { message: number.to_owned() }
}

fn read(row: &Row) -> Result<Queued, StoreError> {
    Ok(Queued {
        number: row.get("number")?,
        agent: row.get("agent")?,
        device: row.get("device")?,
        glpi: row.get("glpi")?,
        what: row.get("what")?,
        bytes: row.get("bytes")?,
        received_at: row.get("received_at")?,
        run_at: row.get("run_at")?,
        attempts: row.get("attempts")?,
        last_error: row.get("last_error")?,
        dead_at: row.get("dead_at")?,
    })
}
