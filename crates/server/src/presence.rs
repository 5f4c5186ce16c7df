//! When instances ask, and what they look like: noted in memory on the way of an answer, written down by the worker.
//!
//! Nothing is noted of most questions: an instance that asked within the hour and looks as it did is left alone, by a number
//! beside its key in memory. Who holds a seat that another one is moving to is noted at once, since it decides something.

use std::net::IpAddr;
use std::sync::atomic::Ordering;
use std::sync::{Mutex, PoisonError};

use latchkey_domain::subscriptions::KeyEntry;
use latchkey_domain::time::{HOUR, Millis, Timestamp};
use latchkey_glpi::UserAgent;
use latchkey_store::instances::seen::{self, Sighting};
use latchkey_store::subscriptions::cache::Cached;
use latchkey_store::{Store, Undone, Vault};
use siphasher::sip::SipHasher24;

/// How old what is written down of an instance may be, in milliseconds.
const FRESH: Millis = HOUR;
/// How long what was noted of the holder of a moving seat may be on its way, in milliseconds.
const ON_ITS_WAY: Millis = 10_000;
/// Notes that are kept; more are lost, and made again when those instances ask next.
const MOST_NOTES: usize = 100_000;
/// Notes that are written down as one operation.
const AT_ONCE: usize = 200;

/// Bytes of an address, three numbers, and two words.
const LONGEST_FACE: usize = 16 + 6 + 2 * 33;

/// Notes that wait to be written down.
pub(crate) struct Presence {
    notes: Mutex<Vec<Sighting>>,
    /// SipHash-2-4 under a secret, without which nobody can tell an address from what is kept of it. Faces are stored, so it
    /// has to be the same in each version of this program.
    hasher: SipHasher24,
}

impl Presence {
    pub(crate) fn new(vault: &Vault) -> Self {
        let hash = vault.keyed_hash("latchkey/faces", b"");
        let half =
            |digits: Option<&str>| digits.and_then(|digits| u64::from_str_radix(digits, 16).ok()).unwrap_or_default();
        let hasher = SipHasher24::new_with_keys(half(hash.get(..16)), half(hash.get(16..32)));
        Self { notes: Mutex::default(), hasher }
    }

    /// What a GLPI looks like from outside. Never zero.
    pub(crate) fn face(&self, client: IpAddr, asker: Option<&UserAgent<'_>>) -> u32 {
        let mut seen = Vec::with_capacity(LONGEST_FACE);
        match client.to_canonical() {
            IpAddr::V4(v4) => seen.extend_from_slice(&v4.to_ipv6_mapped().octets()),
            IpAddr::V6(v6) => seen.extend_from_slice(&v6.octets()),
        }
        if let Some(UserAgent { version, installation_mode }) = asker {
            for number in [version.major, version.minor, version.patch] {
                seen.extend_from_slice(&number.to_be_bytes());
            }
            // Words have no zeros.
            for word in [version.suffix, *installation_mode] {
                seen.push(0);
                seen.extend_from_slice(word.unwrap_or_default().as_bytes());
            }
        }
        // Half of it tells two apart well enough; the sign stays free for the database.
        u32::try_from(self.hasher.hash(&seen) >> 33).unwrap_or(1).max(1)
    }

    /// Notes that the instance at a place of a key's holdings has asked, where that is worth a note.
    pub(crate) fn note(
        &self,
        (cached, entry): (&Cached, &KeyEntry),
        place: usize,
        face: u32,
        now: Timestamp,
        asker: Option<&UserAgent<'_>>,
    ) {
        let (Some(mark), Some(instance)) = (cached.mark(place), entry.holdings.instances().get(place)) else {
            return;
        };
        let before = mark.load(Ordering::Relaxed);
        let noted = Mark::read(before);
        let last = if noted.at > instance.last_seen { noted.at } else { instance.last_seen };
        let holdings = &entry.holdings;
        // Most subscriptions have no move at all.
        let decides = !holdings.moves().is_empty() && holdings.heard(instance.id, now).is_some();
        let due = now.since(last) > FRESH || decides && now.since(noted.at) > ON_ITS_WAY;
        let changed = noted.face != 0 && noted.face != face;
        if !due && !changed {
            if noted.face == 0 {
                let first = Mark { at: noted.at, face }.number();
                let _ = mark.compare_exchange(before, first, Ordering::Relaxed, Ordering::Relaxed);
            }
            return;
        }
        let now_noted = Mark { at: now, face }.number();
        if mark.compare_exchange(before, now_noted, Ordering::Relaxed, Ordering::Relaxed).is_err() {
            // Another question of the same instance is noted at this very moment.
            return;
        }
        let version = asker.map(|asker| asker.version.to_string());
        let sighting = Sighting { instance: instance.id, key: entry.key.id, at: now, version, face };
        let mut notes = self.notes.lock().unwrap_or_else(PoisonError::into_inner);
        if notes.len() < MOST_NOTES {
            notes.push(sighting);
        }
    }

    /// Writes down what was noted so far. Where that fails it is kept for the next time.
    pub(crate) fn write_down(&self, store: &Store, now: Timestamp) {
        let notes = std::mem::take(&mut *self.notes.lock().unwrap_or_else(PoisonError::into_inner));
        let mut notes = notes.as_slice();
        while !notes.is_empty() {
            let (batch, rest) = notes.split_at(notes.len().min(AT_ONCE));
            let owned = batch.to_vec();
            if let Err(Undone::Failed(error)) = store.write_blocking(now, move |tx| seen::note(tx, &owned)) {
                tracing::warn!(%error, "when instances last asked has to wait to be written down");
                let mut kept = self.notes.lock().unwrap_or_else(PoisonError::into_inner);
                let room = MOST_NOTES.saturating_sub(kept.len());
                kept.splice(0..0, notes.iter().take(room).cloned());
                return;
            }
            notes = rest;
        }
    }
}

/// What was last noted of an instance, in the number beside its key.
#[derive(Clone, Copy)]
struct Mark {
    at: Timestamp,
    face: u32,
}

impl Mark {
    fn read(number: u64) -> Self {
        let seconds = i64::try_from(number >> 32).unwrap_or(0);
        Self { at: Timestamp::from_millis(seconds * 1_000), face: (number & u64::from(u32::MAX)) as u32 }
    }

    fn number(self) -> u64 {
        // Seconds fit until the year 2106; later ones count as the last.
        let seconds = u64::try_from(self.at.millis() / 1_000).unwrap_or(0).min(u64::from(u32::MAX));
        seconds << 32 | u64::from(self.face)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_face_is_the_same_in_each_version() {
        // The key is that of SipHash's own test vectors; the numbers were reckoned by another implementation.
        let hasher = SipHasher24::new_with_keys(0x0706_0504_0302_0100, 0x0f0e_0d0c_0b0a_0908);
        let presence = Presence { notes: Mutex::default(), hasher };
        let asker = UserAgent::parse(b"GLPI/11.0.0-beta (installation-mode:TARBALL)").unwrap();
        for address in ["192.0.2.1", "::ffff:192.0.2.1"] {
            let address = address.parse().unwrap();
            assert_eq!(presence.face(address, None), 0x2e9d_6118);
            assert_eq!(presence.face(address, Some(&asker)), 0x3754_dda0);
        }
        assert_ne!(presence.face("2001:db8::1".parse().unwrap(), None), 0x2e9d_6118);
    }

    #[test]
    fn a_mark_is_a_number_and_back() {
        let mark = Mark { at: Timestamp::from_millis(1_795_345_200_000), face: 0x7fff_fffe };
        let again = Mark::read(mark.number());
        assert_eq!((again.at, again.face), (mark.at, mark.face));
        assert_eq!(Mark::read(0).face, 0);
    }
}
