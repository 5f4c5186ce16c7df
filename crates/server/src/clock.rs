//! The time, and whether it can be believed.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use arc_swap::ArcSwap;
use latchkey_domain::Failure;
use latchkey_domain::clock::{ClockFault, Reading, judge};
use latchkey_domain::time::{MINUTE, Millis, Timestamp};

/// Where the time comes from.
#[derive(Debug, Clone)]
pub struct Clock(Source);

#[derive(Debug, Clone)]
enum Source {
    System { started: Instant },
    Manual(Arc<Hands>),
}

#[derive(Debug)]
struct Hands {
    wall: AtomicI64,
    monotonic: AtomicI64,
}

impl Clock {
    /// This machine's.
    pub fn system() -> Self {
        Self(Source::System { started: Instant::now() })
    }

    /// One that is moved by hand, for tests of what happens as time goes by.
    pub fn manual(start: Timestamp) -> Self {
        Self(Source::Manual(Arc::new(Hands { wall: AtomicI64::new(start.millis()), monotonic: AtomicI64::new(0) })))
    }

    /// Lets time go by, in milliseconds: on both of a manual clock's hands. A system clock is left as it is.
    pub fn advance(&self, by: Millis) {
        if let Source::Manual(hands) = &self.0 {
            hands.wall.fetch_add(by, Ordering::SeqCst);
            hands.monotonic.fetch_add(by, Ordering::SeqCst);
        }
    }

    /// Sets a manual clock wrong (or right again), in milliseconds, as an administrator or a bad time server would: no
    /// time goes by. A system clock is left as it is.
    pub fn set_off(&self, by: Millis) {
        if let Source::Manual(hands) = &self.0 {
            hands.wall.fetch_add(by, Ordering::SeqCst);
        }
    }

    /// The present instant, as the clock has it.
    pub fn wall(&self) -> Timestamp {
        match &self.0 {
            Source::System { .. } => {
                let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
                Timestamp::from_millis(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
            }
            Source::Manual(hands) => Timestamp::from_millis(hands.wall.load(Ordering::SeqCst)),
        }
    }

    /// Milliseconds that have really gone by since some moment.
    pub(crate) fn monotonic(&self) -> Millis {
        match &self.0 {
            Source::System { started } => i64::try_from(started.elapsed().as_millis()).unwrap_or(i64::MAX),
            Source::Manual(hands) => hands.monotonic.load(Ordering::SeqCst),
        }
    }
}

/// A clock that gives no time while it is plainly wrong.
#[derive(Clone)]
pub(crate) struct ClockGuard(Arc<Guard>);

struct Guard {
    clock: Clock,
    /// The wall clock and the monotonic one at the same moment: at the start, or when an operator said it was right.
    anchor: ArcSwap<(Timestamp, Millis)>,
    highest_stored: AtomicI64,
    alarmed: AtomicBool,
}

impl ClockGuard {
    pub(crate) fn new(clock: Clock) -> Self {
        let anchor = ArcSwap::from_pointee((clock.wall(), clock.monotonic()));
        Self(Arc::new(Guard { clock, anchor, highest_stored: AtomicI64::new(0), alarmed: AtomicBool::new(false) }))
    }

    /// The present instant, unless the clock cannot be believed. It heals by itself once the clock is right.
    pub(crate) fn now(&self) -> Result<Timestamp, Failure> {
        let wall = self.0.clock.wall();
        let (at, monotonic) = **self.0.anchor.load();
        let reading = Reading {
            wall,
            expected: at.plus(self.0.clock.monotonic() - monotonic),
            highest_stored: Some(Timestamp::from_millis(self.0.highest_stored.load(Ordering::Relaxed))),
        };
        match judge(reading) {
            Ok(()) => {
                // Looked at first: to write it with each question would make all threads wait for one another.
                if self.0.alarmed.load(Ordering::Relaxed) && self.0.alarmed.swap(false, Ordering::Relaxed) {
                    tracing::info!("the clock is believed again");
                }
                Ok(wall)
            }
            Err(fault) => {
                if !self.0.alarmed.swap(true, Ordering::Relaxed) {
                    let (by, how) = match fault {
                        ClockFault::Behind(by) => (by, "behind the latest change in the database"),
                        ClockFault::Leapt(by) => (by, "ahead of where it was a moment ago"),
                    };
                    tracing::error!(
                        minutes = by / MINUTE,
                        code = Failure::ClockSuspect.code(),
                        "ALARM: this machine's clock is {how} and cannot be believed, no key is answered for; set it right, or run `latchkey clock acknowledge` if it is"
                    );
                }
                Err(Failure::ClockSuspect)
            }
        }
    }

    /// What the clock says, believed or not.
    pub(crate) fn wall(&self) -> Timestamp {
        self.0.clock.wall()
    }

    /// An operator says that the clock is right as it is.
    pub(crate) fn acknowledge(&self, highest_stored: Timestamp) {
        self.0.anchor.store(Arc::new((self.0.clock.wall(), self.0.clock.monotonic())));
        self.heard(highest_stored);
    }

    /// The highest time stored, as last heard.
    pub(crate) fn heard(&self, highest_stored: Timestamp) {
        self.0.highest_stored.store(highest_stored.millis(), Ordering::Relaxed);
    }

    /// Milliseconds that have really gone by since some moment.
    pub(crate) fn monotonic(&self) -> Millis {
        self.0.clock.monotonic()
    }
}
