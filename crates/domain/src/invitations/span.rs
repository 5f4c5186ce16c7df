//! When an invitation can be used: days as somebody typed them, as instants in the vendor's zone.

use jiff::ToSpan as _;

use super::MOST_INVITATION_DAYS;
use crate::Refusal;
use crate::time::{DAY, Date, Timestamp, Zone};

/// From when to when an invitation is to be used, as somebody typed it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Span<'t> {
    /// Its first day; at once where none is said.
    pub from: Option<&'t str>,
    /// For how many days.
    pub days: Option<u32>,
    /// Its last day, in their place.
    pub until: Option<&'t str>,
}

/// Why an invitation cannot end with a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LastDayFault {
    /// It is over.
    Over {
        /// The day.
        given: Date,
        /// Which day it is.
        today: Date,
    },
    /// It is before the first one.
    BeforeFirst {
        /// The day.
        given: Date,
        /// The first one.
        first: Date,
    },
    /// It is too far away.
    TooLate {
        /// The day.
        given: Date,
        /// The latest that can be.
        latest: Date,
    },
    /// A number of days was said, too, so it cannot be known which was meant.
    AndDays {
        /// The day.
        given: Date,
    },
}

impl Span<'_> {
    /// The instants from which, and from which no longer, an invitation can be used that is made at `now`. A last day counts to its end,
    /// so today is one.
    pub fn read(self, now: Timestamp, zone: &Zone) -> Result<(Option<Timestamp>, Option<Timestamp>), Refusal> {
        let begins_at = self.from.map(|from| day(from).map(|first| zone.start_of(first))).transpose()?;
        let begins = begins_at.unwrap_or(now);
        let (over_at, given) = match (self.days, self.until.map(day).transpose()?) {
            (None, None) => return Ok((begins_at, None)),
            (Some(days @ 1..=MOST_INVITATION_DAYS), None) => {
                let over_at = begins.plus(i64::from(days) * DAY);
                (over_at, zone.date_of(over_at.plus(-1)))
            }
            (Some(_), None) => {
                return Err(Refusal::NumberInvalid { field: "days", least: 1, most: MOST_INVITATION_DAYS });
            }
            (None, Some(last)) => (zone.end_of(last), last),
            (Some(_), Some(given)) => return Err(Refusal::LastDay(LastDayFault::AndDays { given })),
        };
        let latest = begins.plus(i64::from(MOST_INVITATION_DAYS) * DAY);
        Err(Refusal::LastDay(if over_at <= now {
            LastDayFault::Over { given, today: zone.date_of(now) }
        } else if over_at <= begins {
            LastDayFault::BeforeFirst { given, first: zone.date_of(begins) }
        } else if over_at > latest {
            // The day within which the longest time is over is no longer a whole one.
            LastDayFault::TooLate { given, latest: zone.date_of(latest).saturating_sub(1.day()) }
        } else {
            return Ok((begins_at, Some(over_at)));
        }))
    }
}

/// A day, as it is written in one way alone.
fn day(typed: &str) -> Result<Date, Refusal> {
    match typed.trim().parse::<Date>() {
        Ok(day) if day.to_string() == typed.trim() => Ok(day),
        Ok(_) | Err(_) => Err(Refusal::DateInvalid { given: typed.to_owned() }),
    }
}

impl LastDayFault {
    /// The stable name of the cause.
    pub fn code(self) -> &'static str {
        match self {
            Self::Over { .. } => "LAST_DAY_OVER",
            Self::BeforeFirst { .. } => "LAST_DAY_BEFORE_FIRST",
            Self::TooLate { .. } => "LAST_DAY_TOO_LATE",
            Self::AndDays { .. } => "LAST_DAY_AND_DAYS",
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn read(span: Span<'_>) -> Result<(Option<Timestamp>, Option<Timestamp>), Refusal> {
        let noon = Timestamp::parse("2026-11-26T11:00:00Z").unwrap();
        span.read(noon, &Zone::named("Europe/Paris").unwrap())
    }

    fn until(day: &str) -> Span<'_> {
        Span { until: Some(day), ..Span::default() }
    }

    #[test]
    fn a_last_day_is_over_at_midnight_where_the_vendor_is() {
        assert_eq!(read(Span::default()), Ok((None, None)));
        assert_eq!(read(until("2026-11-26")), Ok((None, Timestamp::parse("2026-11-26T23:00:00Z"))), "today");
        assert_eq!(read(until(" 2027-07-01 ")), Ok((None, Timestamp::parse("2027-07-01T22:00:00Z"))));
        for none in ["2027-02-30", "tomorrow", "", "2027-2-3", "2027-07-01T00:00"] {
            assert_eq!(read(until(none)), Err(Refusal::DateInvalid { given: none.to_owned() }));
        }
    }

    #[test]
    fn days_count_from_the_first() {
        let ten = Span { days: Some(10), ..Span::default() };
        assert_eq!(read(ten), Ok((None, Timestamp::parse("2026-12-06T11:00:00Z"))));
        let later = Span { from: Some("2026-12-01"), ..ten };
        let midnight = |day| Timestamp::parse(&format!("2026-{day}T23:00:00Z"));
        assert_eq!(read(later), Ok((midnight("11-30"), midnight("12-10"))));
        for days in [0, MOST_INVITATION_DAYS + 1] {
            let refused = Refusal::NumberInvalid { field: "days", least: 1, most: MOST_INVITATION_DAYS };
            assert_eq!(read(Span { days: Some(days), ..later }), Err(refused));
        }
    }

    #[test]
    fn an_end_that_cannot_be_is_told_with_its_cause() {
        let today = date(2026, 11, 26);
        let fault = |span| match read(span) {
            Err(Refusal::LastDay(fault)) => fault,
            other => panic!("{other:?}"),
        };
        for (span, given) in [
            (until("2026-11-25"), date(2026, 11, 25)),
            (until("0020-01-01"), date(20, 1, 1)),
            (Span { from: Some("2026-11-01"), days: Some(5), until: None }, date(2026, 11, 5)),
            (Span { from: Some("2026-12-24"), ..until("2026-11-25") }, date(2026, 11, 25)),
        ] {
            assert_eq!(fault(span), LastDayFault::Over { given, today });
        }
        let (given, first) = (date(2026, 12, 23), date(2026, 12, 24));
        let before = Span { from: Some("2026-12-24"), ..until("2026-12-23") };
        assert_eq!(fault(before), LastDayFault::BeforeFirst { given, first });
        assert_eq!(fault(Span { days: Some(1), ..before }), LastDayFault::AndDays { given });
        let LastDayFault::TooLate { given, latest } = fault(until("2999-01-01")) else { panic!("it is too late") };
        assert_eq!(given, date(2999, 1, 1));
        assert!(read(until(&latest.to_string())).is_ok(), "{latest}");
        assert!(read(until(&latest.tomorrow().unwrap().to_string())).is_err());
    }
}
