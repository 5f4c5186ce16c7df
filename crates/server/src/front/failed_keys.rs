//! How often one address may come with a key that is none.
//!
//! Whoever tries keys gets an answer to each, and each costs a signature to verify; so an address that fails again and
//! again is told to wait. It is asked only after a key was found wanting: one that is good is never kept waiting, also
//! where it shares its address with others.
//!
//! Invariant: memory is bounded and set aside once. Where a row of the table is full, the address that owes least is
//! forgotten, which favours the stranger, never the other way round.

use std::hash::{BuildHasher as _, RandomState};
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};

use latchkey_domain::time::{MINUTE, Millis};

/// Rows of the table.
const ROWS: usize = 8_192;
/// Addresses in a row.
const PLACES: usize = 4;

/// Counts failed keys by address; IPv6 by its first 64 bits, which is what one customer of a provider has.
pub(crate) struct FailedKeys {
    /// Milliseconds that each failure costs; 0 for no limit.
    cost: Millis,
    table: Mutex<Vec<[Place; PLACES]>>,
    /// Chosen at the start, so that nobody can choose addresses that fall into one row.
    hasher: RandomState,
}

#[derive(Debug, Clone, Copy, Default)]
struct Place {
    address: u64,
    /// The moment at which all failures are paid for.
    paid_at: Millis,
}

impl FailedKeys {
    pub(crate) fn new(per_minute: u32) -> Self {
        let (cost, rows) = match per_minute {
            0 => (0, 0),
            some => ((MINUTE / Millis::from(some)).max(1), ROWS),
        };
        Self { cost, table: Mutex::new(vec![Default::default(); rows]), hasher: RandomState::new() }
    }

    /// Notes a failed key. Where there were too many, gives the seconds to wait. `now` is monotonic.
    pub(crate) fn note(&self, from: IpAddr, now: Millis) -> Option<u64> {
        if self.cost == 0 {
            return None;
        }
        let address = self.hasher.hash_one(subject(from));
        let mut table = self.table.lock().unwrap_or_else(PoisonError::into_inner);
        let row = usize::try_from(address % ROWS as u64).unwrap_or_default();
        let places = table.get_mut(row)?;
        let known = places.iter().position(|place| place.address == address);
        let at = known.unwrap_or_else(|| (0..PLACES).min_by_key(|at| places[*at].paid_at).unwrap_or_default());
        let owed = if known.is_some() { (places[at].paid_at - now).max(0) } else { 0 };
        // A minute's worth may come at once.
        if owed + self.cost > MINUTE {
            return Some(u64::try_from((owed + self.cost - MINUTE + 999) / 1_000).unwrap_or(1).max(1));
        }
        places[at] = Place { address, paid_at: now + owed + self.cost };
        None
    }
}

/// What is counted for an address.
fn subject(address: IpAddr) -> u128 {
    match address.to_canonical() {
        IpAddr::V4(v4) => u128::from(v4.to_bits()),
        IpAddr::V6(v6) => v6.to_bits() >> 64 << 64,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ip(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn a_minutes_worth_passes_and_then_as_many_as_are_paid_for() {
        let failed = FailedKeys::new(6);
        let from = ip("192.0.2.1");
        for _ in 0..6 {
            assert_eq!(failed.note(from, 1_000), None);
        }
        assert_eq!(failed.note(from, 1_000), Some(10));
        assert_eq!(failed.note(from, 1_000), Some(10), "a refused one costs nothing more");
        assert_eq!(failed.note(ip("192.0.2.2"), 1_000), None, "others are not kept waiting");
        assert_eq!(failed.note(from, 10_999), Some(1));
        assert_eq!(failed.note(from, 11_000), None);
        assert_eq!(failed.note(from, 11_000), Some(10));
    }

    #[test]
    fn a_customer_of_a_provider_is_one_address() {
        let failed = FailedKeys::new(1);
        assert_eq!(failed.note(ip("2001:db8::1"), 0), None);
        assert!(failed.note(ip("2001:db8::ffff:2"), 0).is_some());
        assert_eq!(failed.note(ip("2001:db8:0:1::1"), 0), None);
        assert_eq!(failed.note(ip("192.0.2.1"), 0), None);
        assert!(failed.note(ip("::ffff:192.0.2.1"), 0).is_some());
    }

    #[test]
    fn any_number_of_addresses_takes_the_same_memory_and_an_offender_is_not_flushed_out() {
        let failed = FailedKeys::new(10);
        let offender = ip("192.0.2.1");
        while failed.note(offender, 0).is_none() {}
        for number in 0..200_000_u32 {
            failed.note(IpAddr::V4(number.into()), 0);
        }
        assert!(failed.note(offender, 0).is_some(), "those who owe less are forgotten first");
        assert_eq!(failed.table.lock().unwrap().len(), ROWS);
    }

    #[test]
    fn no_limit_is_no_limit() {
        let failed = FailedKeys::new(0);
        assert!((0..10_000).all(|_| failed.note(ip("192.0.2.1"), 0).is_none()));
    }
}
