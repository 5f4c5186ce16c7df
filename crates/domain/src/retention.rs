//! For how long people's data is kept that nothing else takes away.

use core::ops::RangeInclusive;

/// Terms in days. Each has an end: what nobody needs any more goes by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Retention {
    /// Registrations, from the moment at which they last changed; accounts that are in the built-in directory alone, and
    /// those that are being made, are kept.
    pub registrations: u32,
    /// Agents, from the moment at which they last came.
    pub agents: u32,
}

/// The terms that may be set, in days: long enough for a holiday, and at most ten years.
pub const KEPT_DAYS: RangeInclusive<u32> = 30..=3_660;

impl Retention {
    /// These terms, where each may be set.
    pub fn new(registrations: u32, agents: u32) -> Option<Self> {
        let both = KEPT_DAYS.contains(&registrations) && KEPT_DAYS.contains(&agents);
        both.then_some(Self { registrations, agents })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_term_has_an_end_and_is_no_slip() {
        assert_eq!(Retention::new(30, 3_660), Some(Retention { registrations: 30, agents: 3_660 }));
        for (registrations, agents) in [(29, 30), (30, 29), (3_661, 30), (30, 3_661), (0, 0)] {
            assert_eq!(Retention::new(registrations, agents), None);
        }
    }
}
