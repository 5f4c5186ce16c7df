//! The latest questions about each key, and how many had which answer in each hour.
//!
//! Nothing of it is audited or announced, and no answer waits for it: a server notes in memory, and its worker hands in
//! what was noted. Questions in a row about a key that differ in nothing but their time are one row with a count, so that
//! an instance that asks again and again does not push out the one that asked otherwise.
//!
//! Invariant: of a key at most [`MOST_PER_KEY`] rows are kept, and none for longer than [`KEPT_DAYS`].

use latchkey_domain::ids::KeyId;
use latchkey_domain::time::{DAY, HOUR, Timestamp};

use crate::driver::Select;
use crate::lists::{Column, Found, Page, Place, Question, Sorting};
use crate::value::{Row, params};
use crate::{Done, StoreError, Tx};

/// Rows that are kept of a key.
pub const MOST_PER_KEY: u32 = 20;
/// How long a row is kept after its last question, in days.
pub const KEPT_DAYS: i64 = 14;
/// How long hourly counts are kept, in days.
pub const COUNTS_KEPT_DAYS: i64 = 400;

/// A question about a key, and what was answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// About which key.
    pub key: KeyId,
    /// When; of several, the last time.
    pub at: Timestamp,
    /// When it was first asked so, without another question in between.
    pub first_at: Timestamp,
    /// How many times.
    pub times: u32,
    /// `open`, `closed` or `refused`.
    pub verdict: String,
    /// The stable name of what was said; empty where all was well.
    pub code: String,
    /// From which address.
    pub address: String,
    /// Which version of GLPI it was; empty where it did not say so.
    pub version: String,
    /// Which GLPI it was, by its instance UID; empty where it did not say so.
    pub instance: String,
}

/// How many times a code was answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Count {
    /// The first instant of the hour, or of the time that was asked for.
    pub hour: Timestamp,
    /// The code; empty where all was well.
    pub code: String,
    /// How many times.
    pub times: i64,
}

impl Asked {
    /// Whether it differs in nothing but its time.
    fn is_like(&self, other: &Self) -> bool {
        (self.key, &self.verdict, &self.code, &self.address, &self.version, &self.instance)
            == (other.key, &other.verdict, &other.code, &other.address, &other.version, &other.instance)
    }
}

/// Keeps questions, in the order in which they were asked.
pub fn keep(tx: &mut Tx<'_>, asked: &[Asked]) -> Done<()> {
    for asked in &merged(asked) {
        let Asked { key, at, first_at, times, verdict, code, address, version, instance } = asked;
        let latest = tx.row(
            "SELECT number, verdict, code, address, version, instance FROM questions
              WHERE key_id = $key ORDER BY number DESC LIMIT 1",
            params! { key: *key },
        )?;
        let number: i64 = latest.as_ref().map(|row| row.get("number")).transpose()?.unwrap_or(0);
        let is_like = |row: &Row| -> Result<bool, StoreError> {
            let known = ["verdict", "code", "address", "version", "instance"].map(|column| row.get::<String>(column));
            let asked = [verdict, code, address, version, instance];
            known.into_iter().zip(asked).try_fold(true, |so_far, (known, asked)| Ok(so_far && known? == *asked))
        };
        if latest.as_ref().map(is_like).transpose()? == Some(true) {
            tx.changed(
                "UPDATE questions SET at = $at, times = times + $times WHERE key_id = $key AND number = $number",
                params! { at: *at, times: *times, key: *key, number },
            )?;
            continue;
        }
        let number = number + 1;
        tx.changed(
            "INSERT INTO questions (key_id, number, first_at, at, times, verdict, code, address, version, instance)
             VALUES ($key, $number, $first_at, $at, $times, $verdict, $code, $address, $version, $instance)",
            params! {
                key: *key,
                number,
                first_at: *first_at,
                at: *at,
                times: *times,
                verdict: verdict.as_str(),
                code: code.as_str(),
                address: address.as_str(),
                version: version.as_str(),
                instance: instance.as_str(),
            },
        )?;
        let last = number - i64::from(MOST_PER_KEY);
        if last > 0 {
            tx.changed("DELETE FROM questions WHERE key_id = $key AND number <= $last", params! { key: *key, last })?;
        }
    }
    Ok(())
}

/// Adds to the counts of the hour in which `at` lies.
pub fn count(tx: &mut Tx<'_>, at: Timestamp, counted: &[(String, u64)]) -> Done<()> {
    let hour = hour_of(at);
    for (code, times) in counted {
        let times = i64::try_from(*times).unwrap_or(i64::MAX);
        tx.row(
            "INSERT INTO answers (hour, code, times) VALUES ($hour, $code, $times)
             ON CONFLICT (hour, code) DO UPDATE SET times = answers.times + excluded.times",
            params! { hour, code: code.as_str(), times },
        )?;
    }
    Ok(())
}

/// The latest questions about a key, newest first.
pub fn of_key(from: &mut impl Select, key: KeyId) -> Result<Vec<Asked>, StoreError> {
    from.rows(
        "SELECT key_id, first_at, at, times, verdict, code, address, version, instance
           FROM questions WHERE key_id = $key ORDER BY number DESC",
        params! { key },
    )?
    .iter()
    .map(read)
    .collect()
}

/// How the latest questions are sorted: by time.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ByTime;

impl Sorting for ByTime {
    fn columns(self) -> &'static [Column] {
        const { &[Column::number("q.at", "at"), Column::text("q.key_id", "key_id"), Column::number("q.number", "number")] }
    }
}

/// A page of the latest questions about all keys; those with this code alone, where one is given.
pub fn page(from: &mut impl Select, code: Option<&str>, page: &Page) -> Result<Found<Asked>, StoreError> {
    let mut question = Question::new(
        "SELECT q.key_id, q.number, q.first_at, q.at, q.times, q.verdict, q.code, q.address, q.version, q.instance",
        "FROM questions q",
    );
    if let Some(code) = code {
        question.and("q.code = $code").bind("code", code);
    }
    question.page(from, ByTime, page, |_, row| read(row))
}

/// The place that a text stands for in [`page`].
pub fn place(text: &str) -> Option<Place> {
    ByTime.place(text)
}

/// Counts by hour and code since an instant, oldest first.
pub fn counts_since(from: &mut impl Select, since: Timestamp) -> Result<Vec<Count>, StoreError> {
    let since = hour_of(since);
    from.rows("SELECT hour, code, times FROM answers WHERE hour >= $since ORDER BY hour, code", params! { since })?
        .iter()
        .map(|row| Ok(Count { hour: row.get("hour")?, code: row.get("code")?, times: row.get("times")? }))
        .collect()
}

/// Takes away what is too old; gives how many rows of questions, and of counts.
pub(crate) fn prune(tx: &mut Tx<'_>) -> Done<(usize, usize)> {
    let (asked, counted) = (tx.now().plus(-KEPT_DAYS * DAY), tx.now().plus(-COUNTS_KEPT_DAYS * DAY));
    let questions = tx.rows("DELETE FROM questions WHERE at < $asked RETURNING number", params! { asked })?.len();
    let counts = tx.rows("DELETE FROM answers WHERE hour < $counted RETURNING hour", params! { counted })?.len();
    Ok((questions, counts))
}

fn hour_of(at: Timestamp) -> Timestamp {
    Timestamp::from_millis(at.millis() - at.millis() % HOUR)
}

/// Questions in a row about a key that differ in nothing but their time, as one.
fn merged(asked: &[Asked]) -> Vec<Asked> {
    let mut by_key: Vec<&Asked> = asked.iter().collect();
    // Stable: those about one key stay in their order.
    by_key.sort_by_key(|asked| asked.key);
    let mut merged: Vec<Asked> = Vec::new();
    for asked in by_key {
        match merged.last_mut() {
            Some(last) if last.is_like(asked) => {
                last.at = last.at.max(asked.at);
                last.times = last.times.saturating_add(asked.times);
            }
            Some(_) | None => merged.push(asked.clone()),
        }
    }
    merged
}

fn read(row: &Row) -> Result<Asked, StoreError> {
    Ok(Asked {
        key: row.get("key_id")?,
        at: row.get("at")?,
        first_at: row.get("first_at")?,
        times: row.get("times")?,
        verdict: row.get("verdict")?,
        code: row.get("code")?,
        address: row.get("address")?,
        version: row.get("version")?,
        instance: row.get("instance")?,
    })
}
