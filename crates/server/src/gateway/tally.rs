//! What came to the gateway, counted by what became of it: for the hours that people look at, and for metrics.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

/// What became of what, and how often.
type Counts = BTreeMap<(&'static str, &'static str), u64>;

/// GLPI could not take it, and it waits.
pub(crate) const STORED: &str = "STORED";
/// It waited, and GLPI has it now.
pub(crate) const DELIVERED: &str = "DELIVERED";
/// We said in GLPI's place what it last said.
pub(crate) const STOOD_IN: &str = "STOOD_IN";
/// GLPI said no to it.
pub(crate) const DECLINED: &str = "DECLINED_BY_GLPI";
/// There was no room for it.
pub(crate) const NO_ROOM: &str = "QUEUE_FULL";

/// Counts.
#[derive(Default)]
pub(crate) struct Tally(Mutex<Both>);

#[derive(Default)]
struct Both {
    ever: Counts,
    new: Counts,
}

impl Tally {
    /// Counts one message: what it was, and the code of what became of it; empty where GLPI answered.
    pub(crate) fn count(&self, what: &'static str, code: &'static str) {
        let mut both = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *both.ever.entry((what, code)).or_default() += 1;
        *both.new.entry((what, code)).or_default() += 1;
    }

    /// Since the start.
    pub(crate) fn ever(&self) -> Counts {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).ever.clone()
    }

    /// Since this was last called.
    pub(crate) fn take_new(&self) -> Vec<(String, String, i64)> {
        let new = std::mem::take(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner).new);
        new.into_iter()
            .map(|((what, code), times)| (what.to_owned(), code.to_owned(), i64::try_from(times).unwrap_or(i64::MAX)))
            .collect()
    }
}
