//! Who asked about which key, noted while it is answered, written down later: never on the path of an answer.
//!
//! Noting copies a few words into a place that was set aside at the start: no memory is asked for, nobody is waited for.
//! The worker takes what was noted every few seconds and hands it to the store. Where more is asked than there are
//! places, or two note at the same place at the same moment, a note is left out and counted: support sees the latest
//! questions of a key, not an account of all. The account, by code and hour, is made from the metrics, and leaves
//! nothing out.
//!
//! Invariant: only questions with a key that is whole and true are noted, so that nobody can write about a key who does
//! not have it.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use latchkey_domain::ids::KeyId;
use latchkey_domain::subscriptions::Verdict;
use latchkey_domain::time::Timestamp;
use latchkey_glpi::{InstanceUid, Question, UserAgent};
use latchkey_store::questions::{self, Asked};
use latchkey_store::{Store, Undone};

use crate::metrics::Metrics;

/// Parts that are noted in side by side.
const PARTS: usize = 16;
/// Places of a part. All parts together hold 128 questions a second, which is ten times what a million GLPIs ask; to write many
/// more down at once kept a processor, and the answers with it, for as long as hundreds of answers take.
const PLACES: usize = 16;
/// The longest suffix of a version that is noted whole, in bytes.
const LONGEST_SUFFIX: usize = 16;

/// What was noted and is not written down yet.
pub(crate) struct Seen {
    parts: [Part; PARTS],
    metrics: Arc<Metrics>,
    /// Answers by code that are written down.
    counted: Mutex<BTreeMap<&'static str, u64>>,
}

struct Part {
    full: AtomicBool,
    notes: Mutex<Vec<Note>>,
    left_out: AtomicU64,
}

#[derive(Clone, Copy)]
struct Note {
    key: KeyId,
    at: Timestamp,
    verdict: &'static str,
    code: &'static str,
    address: IpAddr,
    version: Option<Version>,
    instance: Option<InstanceUid>,
}

/// A version of GLPI that borrows nothing.
#[derive(Clone, Copy)]
struct Version {
    numbers: [u16; 3],
    suffix: [u8; LONGEST_SUFFIX],
    suffix_length: usize,
}

impl Seen {
    pub(crate) fn new(metrics: Arc<Metrics>) -> Self {
        Self { parts: std::array::from_fn(|_| Part::new()), metrics, counted: Mutex::default() }
    }

    /// Notes a question about a key that is whole and true, and what it was answered.
    pub(crate) fn note(&self, key: KeyId, question: &Question<'_>, verdict: &Verdict, from: IpAddr, at: Timestamp) {
        // A key's questions come to one part, so that they stay in order.
        let part = &self.parts[usize::from(key.0.as_bytes()[15]) % PARTS];
        part.note(|| Note {
            key,
            at,
            verdict: verdict.name(),
            code: verdict.code().unwrap_or_default(),
            address: from,
            version: question.asker.as_ref().map(Version::of),
            instance: question.uid.as_ref().ok().copied(),
        });
    }

    /// How many questions were not noted.
    pub(crate) fn left_out(&self) -> u64 {
        self.parts.iter().map(|part| part.left_out.load(Ordering::Relaxed)).sum()
    }

    /// Writes down what was noted so far, and how many had which answer. Notes are lost where that fails; counts are not.
    pub(crate) fn write_down(&self, store: &Store, now: Timestamp) {
        let asked: Vec<Asked> = self.parts.iter().flat_map(Part::take).map(Asked::from).collect();
        let answers = self.metrics.answers();
        let counted = self.counted.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let new: Vec<(String, u64)> = answers
            .iter()
            .map(|(code, times)| (*code, times - counted.get(code).copied().unwrap_or_default()))
            .filter(|(_, times)| *times > 0)
            .map(|(code, times)| (code.to_owned(), times))
            .collect();
        if asked.is_empty() && new.is_empty() {
            return;
        }
        let notes = asked.len() as u64;
        let written = store.write_blocking(now, move |tx| {
            questions::keep(tx, &asked)?;
            questions::count(tx, now, &new)
        });
        match written {
            Ok(()) => *self.counted.lock().unwrap_or_else(PoisonError::into_inner) = answers,
            Err(undone) => {
                self.parts[0].left_out.fetch_add(notes, Ordering::Relaxed);
                if let Undone::Failed(error) = undone {
                    tracing::debug!(%error, "questions about keys were not written down");
                }
            }
        }
    }
}

impl Part {
    fn new() -> Self {
        Self {
            full: AtomicBool::new(false),
            notes: Mutex::new(Vec::with_capacity(PLACES)),
            left_out: AtomicU64::new(0),
        }
    }

    fn note(&self, note: impl FnOnce() -> Note) {
        if !self.full.load(Ordering::Relaxed)
            && let Ok(mut notes) = self.notes.try_lock()
        {
            if notes.len() < PLACES {
                notes.push(note());
                return;
            }
            self.full.store(true, Ordering::Relaxed);
        }
        self.left_out.fetch_add(1, Ordering::Relaxed);
    }

    fn take(&self) -> Vec<Note> {
        let mut notes = self.notes.lock().unwrap_or_else(PoisonError::into_inner);
        let taken = notes.clone();
        notes.clear();
        self.full.store(false, Ordering::Relaxed);
        taken
    }
}

impl Version {
    fn of(asker: &UserAgent<'_>) -> Self {
        let version = &asker.version;
        let given = version.suffix.unwrap_or_default().as_bytes();
        let suffix_length = given.len().min(LONGEST_SUFFIX);
        let mut suffix = [0; LONGEST_SUFFIX];
        suffix[..suffix_length].copy_from_slice(&given[..suffix_length]);
        Self { numbers: [version.major, version.minor, version.patch], suffix, suffix_length }
    }

    fn text(&self) -> String {
        let [major, minor, patch] = self.numbers;
        // A suffix has ASCII characters alone.
        match std::str::from_utf8(&self.suffix[..self.suffix_length]) {
            Ok(suffix) if !suffix.is_empty() => format!("{major}.{minor}.{patch}-{suffix}"),
            Ok(_) | Err(_) => format!("{major}.{minor}.{patch}"),
        }
    }
}

impl From<Note> for Asked {
    fn from(note: Note) -> Self {
        Self {
            key: note.key,
            at: note.at,
            first_at: note.at,
            times: 1,
            verdict: note.verdict.to_owned(),
            code: note.code.to_owned(),
            address: note.address.to_canonical().to_string(),
            version: note.version.map(|version| version.text()).unwrap_or_default(),
            instance: note.instance.map(|instance| instance.to_string()).unwrap_or_default(),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use latchkey_glpi::headers;

    use super::*;
    use latchkey_domain::instances::Notice;

    fn note(seen: &Seen, key: u128, version: &str) {
        let agent = format!("GLPI/{version} (installation-mode:TARBALL)");
        let question = Question::read(|name| if name == headers::USER_AGENT { Some(agent.as_bytes()) } else { None });
        let open = Verdict::Open { succession: None, warning: None, notice: Notice::None };
        seen.note(id(key), &question, &open, Ipv4Addr::LOCALHOST.into(), Timestamp::from_millis(5));
    }

    fn id(number: u128) -> KeyId {
        format!("{number:032x}").parse().unwrap()
    }

    fn take(seen: &Seen) -> Vec<Asked> {
        seen.parts.iter().flat_map(Part::take).map(Asked::from).collect()
    }

    #[test]
    fn what_was_asked_is_noted_in_order() {
        let seen = Seen::new(Arc::new(Metrics::new()));
        for version in ["9.5.13", "11.0.0-beta", "10.0.0-an-endless-suffix"] {
            note(&seen, 3, version);
        }
        let versions: Vec<_> = take(&seen).into_iter().map(|asked| asked.version).collect();
        assert_eq!(versions, ["9.5.13", "11.0.0-beta", "10.0.0-an-endless-suffi"]);
        assert!(take(&seen).is_empty(), "each is taken once");
    }

    #[test]
    fn memory_is_bounded_and_what_is_left_out_is_counted() {
        let seen = Seen::new(Arc::new(Metrics::new()));
        for number in 0..10_000 {
            note(&seen, number, "10.0.19");
        }
        assert_eq!(seen.left_out(), 10_000 - (PARTS * PLACES) as u64);
        assert_eq!(take(&seen).len(), PARTS * PLACES);
        note(&seen, 1, "10.0.19");
        assert_eq!(take(&seen).len(), 1, "there is room again");
        let places: usize = seen.parts.iter().map(|part| part.notes.lock().unwrap().capacity()).sum();
        assert_eq!(places, PARTS * PLACES);
    }
}
