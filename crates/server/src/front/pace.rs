//! How often one API token may come.
//!
//! Programs loop, and one that does must not take the place of the others. A minute's worth may come at once, then as much
//! as is paid for by the time that passes. Each server counts for itself. Keys are not asked here: whoever has a good one
//! is never kept waiting.
//!
//! Invariant: only tokens that count are noted, so that memory is bounded by their number.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use latchkey_domain::time::{MINUTE, Millis};

/// From so many tokens on, those that owe nothing are forgotten.
const FORGET_FROM: usize = 1_024;

/// Counts requests by token.
pub(crate) struct Pace {
    per_minute: u32,
    /// When all requests of a token are paid for. In milliseconds of the monotonic clock times the limit: each request then
    /// costs a minute, and no limit is rounded.
    paid_at: Mutex<HashMap<String, i128>>,
}

/// What a token has left, with this request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Allowance {
    /// How many requests it may send in a minute.
    pub(crate) most: u32,
    /// How many it may send at once from now.
    pub(crate) left: u32,
    /// Seconds until it has all of them again.
    pub(crate) whole_in: u64,
    /// Where this one is too many: seconds until the next is not.
    pub(crate) wait: Option<u64>,
}

impl Pace {
    /// With no limit where it is 0.
    pub(crate) fn new(per_minute: u32) -> Self {
        Self { per_minute, paid_at: Mutex::default() }
    }

    /// Notes a request of a token; `None` where there is no limit. `now` is monotonic. What is refused costs nothing.
    pub(crate) fn take(&self, token: &str, now: Millis) -> Option<Allowance> {
        if self.per_minute == 0 {
            return None;
        }
        let scale = i128::from(self.per_minute);
        let (cost, window, now) = (i128::from(MINUTE), i128::from(MINUTE) * scale, i128::from(now) * scale);
        let mut all = self.paid_at.lock().unwrap_or_else(PoisonError::into_inner);
        if all.len() >= FORGET_FROM && !all.contains_key(token) {
            all.retain(|_, paid_at| *paid_at > now);
        }
        let paid_at = all.entry(token.to_owned()).or_insert(now);
        let owed = (*paid_at - now).max(0);
        let too_much = owed + cost - window;
        let owed = if too_much > 0 { owed } else { owed + cost };
        *paid_at = now + owed;
        // Whole seconds, never too few.
        let seconds = |part: i128| u64::try_from((part + scale * 1_000 - 1) / (scale * 1_000)).unwrap_or_default();
        Some(Allowance {
            most: self.per_minute,
            left: u32::try_from((window - owed) / cost).unwrap_or_default(),
            whole_in: seconds(owed),
            wait: (too_much > 0).then(|| seconds(too_much)),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_minutes_worth_passes_and_then_as_many_as_are_paid_for() {
        let pace = Pace::new(6);
        for left in (0..6).rev() {
            let allowance = pace.take("a", 0).unwrap();
            assert_eq!((allowance.left, allowance.wait), (left, None));
        }
        let refused = Allowance { most: 6, left: 0, whole_in: 60, wait: Some(10) };
        assert_eq!(pace.take("a", 0), Some(refused));
        assert_eq!(pace.take("a", 0), Some(refused), "what is refused costs nothing");
        assert_eq!(pace.take("b", 0).unwrap().wait, None, "others are not kept waiting");
        assert_eq!(pace.take("a", 9_999).unwrap().wait, Some(1));
        assert_eq!(pace.take("a", 10_000).unwrap().wait, None);
        assert_eq!(pace.take("a", 70_000).unwrap(), Allowance { most: 6, left: 5, whole_in: 10, wait: None });
    }

    #[test]
    fn a_limit_that_does_not_divide_a_minute_is_kept_too() {
        for most in [1, 7, 1_200, 90_000] {
            let pace = Pace::new(most);
            let passed = (0..most * 2).filter(|_| pace.take("a", 0).unwrap().wait.is_none()).count();
            assert_eq!(passed, most as usize);
        }
    }

    #[test]
    fn no_limit_is_no_limit() {
        assert_eq!(Pace::new(0).take("a", 0), None);
    }

    #[test]
    fn tokens_that_owe_nothing_are_forgotten() {
        let pace = Pace::new(60);
        for number in 0..FORGET_FROM {
            pace.take(&number.to_string(), 0);
        }
        pace.take("later", 2_000);
        assert_eq!(pace.paid_at.lock().unwrap().len(), 1);
    }
}
