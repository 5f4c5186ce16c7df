//! How often a thing may go wrong for one subject, be it an address or an account, before it is told to wait.
//!
//! Invariant: memory is bounded and set aside once. Where a row of the table is full, the subject that owes least is
//! forgotten, which favours the stranger, never the other way round.

use std::hash::{BuildHasher as _, Hash, RandomState};
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};

use latchkey_domain::time::Millis;

/// Rows of the table.
const ROWS: usize = 8_192;
/// Subjects in a row.
const PLACES: usize = 4;

/// Counts by subject.
pub(crate) struct Throttle {
    /// Milliseconds that each time costs; 0 for no limit.
    cost: Millis,
    /// Milliseconds that may be owed.
    most: Millis,
    table: Mutex<Vec<[Place; PLACES]>>,
    /// Chosen at the start, so that nobody can choose subjects that fall into one row.
    hasher: RandomState,
}

#[derive(Debug, Clone, Copy, Default)]
struct Place {
    subject: u64,
    /// The moment at which all is paid for.
    paid_at: Millis,
}

/// What is counted: for an address of IPv6 its first 64 bits, which is what one customer of a provider has.
pub(crate) trait Subject {
    fn hashed(&self, hasher: &RandomState) -> u64;
}

impl Subject for IpAddr {
    fn hashed(&self, hasher: &RandomState) -> u64 {
        hasher.hash_one(match self.to_canonical() {
            IpAddr::V4(v4) => u128::from(v4.to_bits()),
            IpAddr::V6(v6) => v6.to_bits() >> 64 << 64,
        })
    }
}

impl Subject for &String {
    fn hashed(&self, hasher: &RandomState) -> u64 {
        hash(hasher, self)
    }
}

fn hash(hasher: &RandomState, subject: impl Hash) -> u64 {
    hasher.hash_one(subject)
}

impl Throttle {
    /// `burst` may come at once, and then one in `each` milliseconds; no limit where either is 0.
    pub(crate) fn new(burst: u32, each: Millis) -> Self {
        let cost = if burst == 0 { 0 } else { each };
        let rows = if cost == 0 { 0 } else { ROWS };
        let table = Mutex::new(vec![Default::default(); rows]);
        Self { cost, most: cost * Millis::from(burst), table, hasher: RandomState::new() }
    }

    /// Notes that it went wrong. Where it did too often, gives the seconds to wait. `now` is monotonic.
    pub(crate) fn note(&self, subject: impl Subject, now: Millis) -> Option<u64> {
        self.count(subject, now, true)
    }

    /// The seconds to wait, if any, before anything is tried. `now` is monotonic.
    pub(crate) fn wait(&self, subject: impl Subject, now: Millis) -> Option<u64> {
        self.count(subject, now, false)
    }

    fn count(&self, subject: impl Subject, now: Millis, notes: bool) -> Option<u64> {
        if self.cost == 0 {
            return None;
        }
        let subject = subject.hashed(&self.hasher);
        let mut table = self.table.lock().unwrap_or_else(PoisonError::into_inner);
        let row = usize::try_from(subject % ROWS as u64).unwrap_or_default();
        let places = table.get_mut(row)?;
        let known = places.iter().position(|place| place.subject == subject);
        let at = known.unwrap_or_else(|| (0..PLACES).min_by_key(|at| places[*at].paid_at).unwrap_or_default());
        let owed = if known.is_some() { (places[at].paid_at - now).max(0) } else { 0 };
        if owed + self.cost > self.most {
            return Some(u64::try_from((owed + self.cost - self.most + 999) / 1_000).unwrap_or(1).max(1));
        }
        if notes {
            places[at] = Place { subject, paid_at: now + owed + self.cost };
        }
        None
    }

    #[cfg(test)]
    pub(crate) fn rows(&self) -> usize {
        self.table.lock().unwrap_or_else(PoisonError::into_inner).len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn so_many_may_come_at_once_and_looking_costs_nothing() {
        let throttle = Throttle::new(3, 10_000);
        let account = "vendor@example.org".to_owned();
        for _ in 0..3 {
            assert_eq!(throttle.wait(&account, 0), None);
            assert_eq!(throttle.note(&account, 0), None);
        }
        assert_eq!(throttle.wait(&account, 0), Some(10));
        assert_eq!(throttle.wait(&account, 9_001), Some(1));
        assert_eq!(throttle.wait(&account, 10_000), None);
        assert_eq!(throttle.wait(&"other@example.org".to_owned(), 0), None);
    }
}
