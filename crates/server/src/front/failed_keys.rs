//! How often one address may come with a key that is none.
//!
//! Whoever tries keys gets an answer to each, and each costs a signature to verify; so an address that fails again and
//! again is told to wait. It is asked only after a key was found wanting: one that is good is never kept waiting, also
//! where it shares its address with others.

use std::net::IpAddr;

use latchkey_domain::time::{MINUTE, Millis};

use super::Throttle;

/// Counts failed keys by address.
pub(crate) struct FailedKeys(Throttle);

impl FailedKeys {
    pub(crate) fn new(per_minute: u32) -> Self {
        // A minute's worth may come at once.
        Self(Throttle::new(per_minute, if per_minute == 0 { 0 } else { (MINUTE / Millis::from(per_minute)).max(1) }))
    }

    /// Notes a failed key. Where there were too many, gives the seconds to wait. `now` is monotonic.
    pub(crate) fn note(&self, from: IpAddr, now: Millis) -> Option<u64> {
        self.0.note(from, now)
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
        let rows = failed.0.rows();
        for number in 0..200_000_u32 {
            failed.note(IpAddr::V4(number.into()), 0);
        }
        assert!(failed.note(offender, 0).is_some(), "those who owe less are forgotten first");
        assert_eq!(failed.0.rows(), rows);
    }

    #[test]
    fn no_limit_is_no_limit() {
        let failed = FailedKeys::new(0);
        assert!((0..10_000).all(|_| failed.note(ip("192.0.2.1"), 0).is_none()));
    }
}
