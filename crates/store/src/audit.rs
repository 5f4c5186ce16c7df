//! The audit log: who did what, when and why, as a hash chain from its first row.
//!
//! A row's hash covers the row and the hash before it, so that no row can be altered or left out unnoticed. A cut tail
//! shows against heads that were signed earlier ([`sign_head`]). Rows name things by id; what people wrote as a reason
//! stands apart and enters the chain as a salted digest, so that it can be erased without breaking it.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use latchkey_domain::Refusal;
use latchkey_domain::text::Reason;
use latchkey_domain::time::Timestamp;
use latchkey_key::{PublicKeys, Signer, SigningKeyId, purpose};
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};
use sha2::{Digest as _, Sha256};

use crate::driver::Select;
use crate::value::{Row, params};
use crate::{Actor, Done, Reader, StoreError, Tx};

/// Rows that are verified at a time.
const PAGE: i64 = 1_000;

/// What is to be written down.
pub struct Entry<'e> {
    actor: &'e Actor,
    action: &'static str,
    subject_kind: &'static str,
    subject: String,
    detail: Json,
    reason: Option<&'e Reason>,
}

impl<'e> Entry<'e> {
    /// That `actor` did `action` with a thing of a kind.
    pub fn new(actor: &'e Actor, action: &'static str, subject_kind: &'static str, subject: impl ToString) -> Self {
        Self { actor, action, subject_kind, subject: subject.to_string(), detail: json!({}), reason: None }
    }

    /// With facts about it: ids, dates, numbers; never names of people, never secrets.
    pub fn detail(self, detail: Json) -> Self {
        Self { detail, ..self }
    }

    /// With why.
    pub fn reason(self, reason: Option<&'e Reason>) -> Self {
        Self { reason, ..self }
    }
}

/// One row, as it is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Its number, from 1.
    pub seq: i64,
    /// When.
    pub at: Timestamp,
    /// Who.
    pub actor: String,
    /// What was done.
    pub action: String,
    /// With which kind of thing.
    pub subject_kind: String,
    /// With which one.
    pub subject: String,
    /// Facts about it, as JSON.
    pub detail: String,
    /// Why, where somebody said so and it was not erased.
    pub reason: Option<String>,
    reason_salt: Option<String>,
    reason_digest: Option<String>,
    hash: String,
}

/// A signed statement of how long the chain was at a moment, and of its last hash.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignedHead {
    /// The number of the last row.
    pub seq: i64,
    /// Its hash, in hexadecimal digits.
    pub hash: String,
    /// When it was signed, in milliseconds since the epoch.
    pub at: i64,
    /// By which signing key.
    pub signing_key: String,
    /// The signature, in base64.
    pub signature: String,
}

/// What a verification found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Finding {
    /// Every row and every signed head agree.
    Whole {
        /// How many rows there are.
        rows: i64,
        /// How many signed heads were compared.
        heads: usize,
        /// How many reasons were erased.
        erased: i64,
    },
    /// This row is not the one that was written.
    Altered {
        /// Its number.
        seq: i64,
    },
    /// This row is not there, though later ones are.
    Missing {
        /// Its number.
        seq: i64,
    },
    /// The chain is shorter than it once was.
    Cut {
        /// The number of the last row there is.
        last: i64,
        /// The number of the last row there was.
        was: i64,
    },
    /// A signed head does not agree with the chain: rows were written anew.
    Rewritten {
        /// The number of the row that the head names.
        seq: i64,
    },
    /// A signed head carries a signature that does not hold.
    HeadForged {
        /// The number of the row that the head names.
        seq: i64,
    },
}

/// How far a verification has come.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reached {
    /// The number of the last row that was seen.
    pub seq: i64,
    /// Its hash.
    pub hash: String,
    /// How many reasons were erased, of the rows so far.
    pub erased: i64,
}

/// What came of a part of a verification.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verification {
    /// It is over.
    Ended(Finding),
    /// All is well so far; it goes on from here.
    Reached(Reached),
}

pub(crate) fn append(tx: &mut Tx<'_>, entry: Entry<'_>) -> Result<(), StoreError> {
    let salt = entry.reason.map(|_| random_salt()).transpose()?;
    let reason_digest = match (&salt, entry.reason) {
        (Some(salt), Some(reason)) => Some(digest_of_reason(salt, reason.as_str())),
        _ => None,
    };
    let at = tx.now();
    let head = tx.head();
    head.audit_seq += 1;
    let mut line = Line {
        seq: head.audit_seq,
        at,
        actor: entry.actor.to_string(),
        action: entry.action.to_owned(),
        subject_kind: entry.subject_kind.to_owned(),
        subject: entry.subject,
        detail: entry.detail.to_string(),
        reason: None,
        reason_salt: None,
        reason_digest,
        hash: String::new(),
    };
    line.hash = line.hash_after(&head.audit_hash);
    head.audit_hash.clone_from(&line.hash);
    let seq = line.seq;
    tx.changed(
        "INSERT INTO audit (seq, at, actor, action, subject_kind, subject, detail, reason_digest, hash)
         VALUES ($seq, $at, $actor, $action, $subject_kind, $subject, $detail, $reason_digest, $hash)",
        params! {
            seq,
            at,
            actor: line.actor,
            action: line.action,
            subject_kind: line.subject_kind,
            subject: line.subject,
            detail: line.detail,
            reason_digest: line.reason_digest,
            hash: line.hash,
        },
    )?;
    if let (Some(salt), Some(body)) = (salt, entry.reason) {
        tx.row("INSERT INTO audit_reasons (seq, salt, body) VALUES ($seq, $salt, $body)", params! { seq, salt, body })?;
    }
    Ok(())
}

/// Signs the end of the chain, and keeps the signed head; `None` where the chain has not grown since the last one.
pub fn sign_head(tx: &mut Tx<'_>, signer: &Signer) -> Done<Option<SignedHead>> {
    let (seq, hash) = (tx.head().audit_seq, tx.head().audit_hash.clone());
    let known = tx.row("SELECT seq FROM audit_heads WHERE seq = $seq", params! { seq })?;
    if seq == 0 || known.is_some() {
        return Ok(None);
    }
    let at = tx.now().millis();
    let signature = BASE64.encode(signer.sign(purpose::AUDIT_HEAD, signed_text(seq, &hash, at).as_bytes()));
    let head = SignedHead { seq, hash, at, signing_key: signer.id().to_string(), signature };
    tx.row(
        "INSERT INTO audit_heads (seq, hash, at, signing_key, signature)
         VALUES ($seq, $hash, $at, $signing_key, $signature)",
        params! {
            seq,
            hash: head.hash.as_str(),
            at,
            signing_key: head.signing_key.as_str(),
            signature: head.signature.as_str(),
        },
    )?;
    Ok(Some(head))
}

/// The latest signed head.
pub fn latest_head(from: &mut impl Select) -> Result<Option<SignedHead>, StoreError> {
    from.row("SELECT seq, hash, at, signing_key, signature FROM audit_heads ORDER BY seq DESC LIMIT 1", params! {})?
        .as_ref()
        .map(SignedHead::read)
        .transpose()
}

/// Verifies the whole chain, its end, and the signed heads: those in the database and those that were exported.
/// `progress` is told how many rows have been seen, and how many there are.
pub fn verify(
    from: &mut Reader<'_>,
    keys: &PublicKeys,
    exported: &[SignedHead],
    progress: impl FnMut(i64, i64),
) -> Result<Finding, StoreError> {
    match verify_on(from, keys, exported, Reached::default(), i64::MAX, progress)? {
        Verification::Ended(finding) => Ok(finding),
        Verification::Reached(_) => Err(StoreError::Bug("a verification without a limit came to one".into())),
    }
}

/// The same from where a verification has come to, for at least `most` rows, so that one of a long log can be done piece
/// by piece. Rows that were seen before are not looked at again.
pub fn verify_on(
    from: &mut Reader<'_>,
    keys: &PublicKeys,
    exported: &[SignedHead],
    reached: Reached,
    most: i64,
    mut progress: impl FnMut(i64, i64),
) -> Result<Verification, StoreError> {
    let ended = |finding| Ok(Verification::Ended(finding));
    let end = from
        .row("SELECT audit_seq, audit_hash FROM feed_head WHERE id = 1", params! {})?
        .ok_or_else(|| StoreError::Corrupt("feed_head has no row".into()))?;
    let (last, last_hash): (i64, String) = (end.get("audit_seq")?, end.get("audit_hash")?);
    let mut heads = stored_heads(from)?;
    heads.extend_from_slice(exported);
    heads.sort_by(|a, b| (a.seq, &a.hash).cmp(&(b.seq, &b.hash)));
    // Most are both stored and exported.
    heads.dedup();
    if let Some(forged) = heads.iter().find(|head| !head.holds(keys)) {
        return ended(Finding::HeadForged { seq: forged.seq });
    }
    let Reached { seq: begun, mut hash, mut erased } = reached;
    let mut seen = begun;
    let mut due = heads.iter().skip_while(|head| head.seq <= begun).peekable();
    loop {
        let page = lines(from, seen, PAGE)?;
        if page.is_empty() {
            break;
        }
        for line in page {
            if line.seq != seen + 1 {
                return ended(Finding::Missing { seq: seen + 1 });
            }
            if !line.is_true_after(&hash) {
                return ended(Finding::Altered { seq: line.seq });
            }
            erased += i64::from(line.reason_digest.is_some() && line.reason.is_none());
            seen = line.seq;
            hash = line.hash;
            while let Some(head) = due.next_if(|head| head.seq == seen) {
                if head.hash != hash {
                    return ended(Finding::Rewritten { seq: seen });
                }
            }
        }
        progress(seen, last);
        if seen - begun >= most && seen < last {
            return Ok(Verification::Reached(Reached { seq: seen, hash, erased }));
        }
    }
    let was = heads.last().map_or(last, |head| head.seq.max(last));
    if seen < was {
        return ended(Finding::Cut { last: seen, was });
    }
    if hash != last_hash || seen != last {
        return ended(Finding::Altered { seq: seen });
    }
    ended(Finding::Whole { rows: seen, heads: heads.len(), erased })
}

/// How many rows there are, which is the number of the last.
pub fn count(from: &mut impl Select) -> Result<i64, StoreError> {
    from.row("SELECT audit_seq FROM feed_head WHERE id = 1", params! {})?
        .ok_or_else(|| StoreError::Corrupt("feed_head has no row".into()))?
        .get("audit_seq")
}

/// Rows after a number, oldest first.
pub fn lines(from: &mut impl Select, after: i64, most: i64) -> Result<Vec<Line>, StoreError> {
    from.rows(
        "SELECT a.seq, a.at, a.actor, a.action, a.subject_kind, a.subject, a.detail, a.reason_digest, a.hash,
                r.salt, r.body
           FROM audit a LEFT JOIN audit_reasons r ON r.seq = a.seq
          WHERE a.seq > $after ORDER BY a.seq LIMIT $most",
        params! { after, most },
    )?
    .iter()
    .map(Line::read)
    .collect()
}

/// What was done with one thing, oldest first.
pub fn history(from: &mut impl Select, subject_kind: &str, subject: &str) -> Result<Vec<Line>, StoreError> {
    from.rows(
        "SELECT a.seq, a.at, a.actor, a.action, a.subject_kind, a.subject, a.detail, a.reason_digest, a.hash,
                r.salt, r.body
           FROM audit a LEFT JOIN audit_reasons r ON r.seq = a.seq
          WHERE a.subject_kind = $subject_kind AND a.subject = $subject ORDER BY a.seq",
        params! { subject_kind, subject },
    )?
    .iter()
    .map(Line::read)
    .collect()
}

/// The number of the latest row that changed one thing; 0 where nothing was ever done with it. That its text was shown, or
/// that it signed in, changed nothing.
pub fn latest(from: &mut impl Select, subject_kind: &str, subject: &str) -> Result<i64, StoreError> {
    Ok(latest_row(from, subject_kind, subject)?.map_or(0, |(seq, _)| seq))
}

/// Refuses where one thing was changed after a row.
pub fn unchanged_since(from: &mut impl Select, subject_kind: &str, subject: &str, seen: i64) -> Done<()> {
    match latest_row(from, subject_kind, subject)? {
        Some((seq, at)) if seq > seen => Err(Refusal::ChangedMeanwhile { at }.into()),
        Some(_) | None => Ok(()),
    }
}

fn latest_row(
    from: &mut impl Select,
    subject_kind: &str,
    subject: &str,
) -> Result<Option<(i64, Timestamp)>, StoreError> {
    from.row(
        "SELECT seq, at FROM audit
          WHERE subject_kind = $subject_kind AND subject = $subject AND action NOT IN ('key.show', 'operator.sign-in', 'operator.sign-out')
          ORDER BY seq DESC LIMIT 1",
        params! { subject_kind, subject },
    )?
    .map(|row| Ok((row.get("seq")?, row.get("at")?)))
    .transpose()
}

impl Line {
    pub(crate) fn read(row: &Row) -> Result<Self, StoreError> {
        Ok(Self {
            seq: row.get("seq")?,
            at: row.get("at")?,
            actor: row.get("actor")?,
            action: row.get("action")?,
            subject_kind: row.get("subject_kind")?,
            subject: row.get("subject")?,
            detail: row.get("detail")?,
            reason: row.get("body")?,
            reason_salt: row.get("salt")?,
            reason_digest: row.get("reason_digest")?,
            hash: row.get("hash")?,
        })
    }

    fn is_true_after(&self, before: &str) -> bool {
        let reason_is_true = match (&self.reason, &self.reason_salt, &self.reason_digest) {
            (Some(body), Some(salt), Some(digest)) => digest_of_reason(salt, body) == *digest,
            (None, None, _) => true,
            _ => false,
        };
        reason_is_true && self.hash_after(before) == self.hash
    }

    /// Every field goes in with its length before it, so that no two rows have the same bytes.
    fn hash_after(&self, before: &str) -> String {
        let mut hash = Sha256::new();
        let numbers = [self.seq.to_string(), self.at.millis().to_string()];
        let texts = [&self.actor, &self.action, &self.subject_kind, &self.subject, &self.detail];
        let fields = std::iter::once(before)
            .chain(numbers.iter().map(String::as_str))
            .chain(texts.into_iter().map(String::as_str))
            // None at all where there was no reason: an empty one is another row.
            .chain(self.reason_digest.as_deref());
        for field in fields {
            hash.update((field.len() as u64).to_be_bytes());
            hash.update(field.as_bytes());
        }
        hex(&hash.finalize())
    }
}

impl SignedHead {
    fn read(row: &Row) -> Result<Self, StoreError> {
        Ok(Self {
            seq: row.get("seq")?,
            hash: row.get("hash")?,
            at: row.get("at")?,
            signing_key: row.get("signing_key")?,
            signature: row.get("signature")?,
        })
    }

    /// Whether its signature is one of these keys'.
    fn holds(&self, keys: &PublicKeys) -> bool {
        let key = self.signing_key.parse::<SigningKeyId>().ok().and_then(|id| keys.get(&id));
        let signature = BASE64.decode(&self.signature).ok().and_then(|bytes| <[u8; 64]>::try_from(bytes).ok());
        match (key, signature) {
            (Some(key), Some(signature)) => {
                key.verify(purpose::AUDIT_HEAD, signed_text(self.seq, &self.hash, self.at).as_bytes(), &signature)
            }
            _ => false,
        }
    }
}

fn stored_heads(from: &mut impl Select) -> Result<Vec<SignedHead>, StoreError> {
    from.rows("SELECT seq, hash, at, signing_key, signature FROM audit_heads ORDER BY seq", params! {})?
        .iter()
        .map(SignedHead::read)
        .collect()
}

fn signed_text(seq: i64, hash: &str, at: i64) -> String {
    format!("{seq}\n{hash}\n{at}")
}

fn digest_of_reason(salt: &str, body: &str) -> String {
    hex(&Sha256::new().chain_update(salt).chain_update([0]).chain_update(body).finalize())
}

fn random_salt() -> Result<String, StoreError> {
    let mut salt = [0; 16];
    crate::chance::fill(&mut salt)?;
    Ok(hex(&salt))
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    const DIGITS: [u8; 16] = *b"0123456789abcdef";
    // Without a formatter: each row of the log has two of these.
    bytes.iter().flat_map(|byte| [byte >> 4, byte & 0xf]).map(|digit| char::from(DIGITS[usize::from(digit)])).collect()
}
