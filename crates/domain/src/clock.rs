//! When this machine's clock may be believed.
//!
//! Every verdict depends on `now`, and a GLPI remembers a verdict for a day. So a clock that is plainly wrong stops
//! verdicts: one that lies behind what is already written down, or that leapt forward while we ran.

use crate::time::{DAY, HOUR, Millis, Timestamp};

/// How far the clock may lie behind the highest time that is stored, in milliseconds.
pub const MOST_BEHIND: Millis = HOUR;
/// How far the clock may run ahead of the monotonic clock while the program runs, in milliseconds.
pub const MOST_AHEAD: Millis = DAY;

/// One look at the clocks.
#[derive(Debug, Clone, Copy)]
pub struct Reading {
    /// What the wall clock says.
    pub wall: Timestamp,
    /// What the wall clock should say by the monotonic clock: its reading at the start (or at the last
    /// acknowledgement), plus the monotonic time that has passed since.
    pub expected: Timestamp,
    /// The highest time that is stored, if any.
    pub highest_stored: Option<Timestamp>,
}

/// Why a clock is not believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClockFault {
    /// It lies behind a time that was already written down, by this many milliseconds.
    Behind(Millis),
    /// It leapt ahead of the monotonic clock, by this many milliseconds.
    Leapt(Millis),
}

/// `Ok` where the clock may be believed.
pub fn judge(reading: Reading) -> Result<(), ClockFault> {
    let leap = reading.wall.since(reading.expected);
    if leap > MOST_AHEAD {
        return Err(ClockFault::Leapt(leap));
    }
    match reading.highest_stored {
        Some(highest) if highest.since(reading.wall) > MOST_BEHIND => {
            Err(ClockFault::Behind(highest.since(reading.wall)))
        }
        Some(_) | None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(millis: i64) -> Timestamp {
        Timestamp::from_millis(1_800_000_000_000 + millis)
    }

    #[test]
    fn the_bounds_hold_to_the_millisecond() {
        let reading = |wall, highest| Reading { wall: at(wall), expected: at(0), highest_stored: highest };
        assert_eq!(judge(reading(0, None)), Ok(()));
        assert_eq!(judge(reading(MOST_AHEAD, None)), Ok(()));
        assert_eq!(judge(reading(MOST_AHEAD + 1, None)), Err(ClockFault::Leapt(MOST_AHEAD + 1)));
        assert_eq!(judge(reading(0, Some(at(MOST_BEHIND)))), Ok(()));
        assert_eq!(judge(reading(0, Some(at(MOST_BEHIND + 1)))), Err(ClockFault::Behind(MOST_BEHIND + 1)));
    }

    #[test]
    fn a_clock_that_is_set_back_by_less_than_an_hour_is_believed() {
        let back = Reading { wall: at(-HOUR + 1), expected: at(0), highest_stored: Some(at(0)) };
        assert_eq!(judge(back), Ok(()));
    }
}
