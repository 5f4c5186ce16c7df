//! Instants and days. An instant is a [`Timestamp`]; a day is a [`Date`]; only a [`Zone`], the vendor's, turns one into
//! the other.

use core::fmt;

use jiff::tz::TimeZone;
use jiff::{SignedDuration, ToSpan as _};

use crate::text::nearest;

/// A civil date, without a zone: what a contract names.
pub type Date = jiff::civil::Date;

/// An instant: milliseconds since 1970-01-01T00:00:00Z.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(i64);

/// A length of time in milliseconds.
pub type Millis = i64;

/// One day of 24 hours, in milliseconds.
pub const DAY: Millis = 24 * HOUR;
/// One hour, in milliseconds.
pub const HOUR: Millis = 60 * MINUTE;
/// One minute, in milliseconds.
pub const MINUTE: Millis = 60_000;

/// The last instant that Latchkey can hold: the end of the year 9999, as [`Date`] does.
const LAST: i64 = 253_402_207_200_000;

impl Timestamp {
    /// From milliseconds since the epoch; kept within the years 1970 to 9999.
    pub fn from_millis(millis: i64) -> Self {
        Self(millis.clamp(0, LAST))
    }

    /// Reads an instant as RFC 3339 writes it: with a time of day, and with `Z` or an offset.
    pub fn parse(text: &str) -> Option<Self> {
        text.parse::<jiff::Timestamp>().ok().map(|at| Self::from_millis(at.as_millisecond()))
    }

    /// Milliseconds since the epoch.
    pub fn millis(self) -> i64 {
        self.0
    }

    /// This instant moved by `by` milliseconds, which may be negative; stays within the years 1970 to 9999.
    pub fn plus(self, by: Millis) -> Self {
        Self::from_millis(self.0.saturating_add(by))
    }

    /// Milliseconds from `earlier` to this one; negative where it is later.
    pub fn since(self, earlier: Self) -> Millis {
        self.0 - earlier.0
    }
}

/// RFC 3339 in UTC with milliseconds: `2026-11-22T07:30:00.000Z`.
impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let at = to_jiff(*self).to_zoned(TimeZone::UTC);
        write!(
            f,
            "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z",
            at.year(),
            at.month(),
            at.day(),
            at.hour(),
            at.minute(),
            at.second(),
            at.millisecond()
        )
    }
}

/// The vendor's time zone, in which its dates begin and end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Zone(TimeZone);

impl Zone {
    /// Coordinated universal time.
    pub fn utc() -> Self {
        Self(TimeZone::UTC)
    }

    /// A zone of the IANA database that is compiled in, such as `Europe/Paris`.
    pub fn named(name: &str) -> Option<Self> {
        TimeZone::get(name).ok().map(Self)
    }

    /// The name that `typed` most likely meant, if any is near enough to be worth naming.
    pub fn meant(typed: &str) -> Option<String> {
        let names: Vec<String> = jiff::tz::db().available().map(|name| name.to_string()).collect();
        nearest(typed, names.iter().map(String::as_str)).map(str::to_owned)
    }

    /// The name as the IANA database has it.
    pub fn name(&self) -> &str {
        self.0.iana_name().unwrap_or("UTC")
    }

    /// The first instant of a day; where the clocks skip midnight, the first that exists.
    pub fn start_of(&self, date: Date) -> Timestamp {
        match date.to_zoned(self.0.clone()) {
            Ok(zoned) => Timestamp::from_millis(zoned.timestamp().as_millisecond()),
            // Only the very last day of the calendar has no instant in a zone west of Greenwich.
            Err(_) => Timestamp(LAST),
        }
    }

    /// The first instant after a day.
    pub fn end_of(&self, date: Date) -> Timestamp {
        day_after(date).map_or(Timestamp(LAST), |next| self.start_of(next))
    }

    /// The day on which an instant falls.
    pub fn date_of(&self, at: Timestamp) -> Date {
        to_jiff(at).to_zoned(self.0.clone()).date()
    }
}

/// A date as it is written, `2026-07-01`. The same as its `Display`, without a formatter: each answer about a key has three, and
/// they took longer than all else that is written in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Written([u8; 10]);

impl Written {
    /// A date of the years 0 to 9999.
    pub fn of(date: Date) -> Self {
        let (year, month, day) = (date.year().unsigned_abs(), date.month().unsigned_abs(), date.day().unsigned_abs());
        let digit = |number: u16| b'0' + (number % 10) as u8;
        let two = |number: u8| [digit(u16::from(number) / 10), digit(number.into())];
        let ([m, n], [d, e]) = (two(month), two(day));
        let [a, b, c] = [1_000, 100, 10].map(|unit| digit(year / unit));
        Self([a, b, c, digit(year), b'-', m, n, b'-', d, e])
    }

    /// Its ten characters.
    pub fn as_str(&self) -> &str {
        // Digits and dashes are always text.
        core::str::from_utf8(&self.0).unwrap_or_default()
    }
}

/// The day after `date`, or `None` at the end of the calendar.
pub fn day_after(date: Date) -> Option<Date> {
    date.checked_add(1.day()).ok()
}

fn to_jiff(at: Timestamp) -> jiff::Timestamp {
    // `from_millis` keeps every value within what jiff can hold.
    jiff::Timestamp::UNIX_EPOCH.saturating_add(SignedDuration::from_millis(at.0)).unwrap_or(jiff::Timestamp::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn a_day_begins_at_midnight_of_the_zone() {
        let paris = Zone::named("Europe/Paris").unwrap();
        assert_eq!(paris.start_of(date(2026, 7, 1)).to_string(), "2026-06-30T22:00:00.000Z");
        assert_eq!(paris.start_of(date(2026, 1, 1)).to_string(), "2025-12-31T23:00:00.000Z");
    }

    #[test]
    fn a_day_without_a_midnight_begins_when_the_clocks_let_it() {
        let santiago = Zone::named("America/Santiago").unwrap();
        let skipped = date(2024, 9, 8);
        assert_eq!(santiago.date_of(santiago.start_of(skipped)), skipped);
        assert_ne!(santiago.date_of(santiago.start_of(skipped).plus(-1)), skipped);
    }

    #[test]
    fn a_date_is_written_as_it_is_shown() {
        for date in [date(1970, 1, 1), date(2026, 11, 25), date(2024, 2, 29), date(9999, 12, 31), date(0, 10, 10)] {
            assert_eq!(Written::of(date).as_str(), date.to_string());
        }
    }

    #[test]
    fn a_slip_in_a_name_is_understood() {
        assert_eq!(Zone::meant("Europe/Pari").as_deref(), Some("Europe/Paris"));
        assert_eq!(Zone::meant("europe/berln").as_deref(), Some("Europe/Berlin"));
        assert_eq!(Zone::meant("12:30"), None);
    }

    #[test]
    fn an_instant_prints_with_its_milliseconds() {
        assert_eq!(Timestamp::from_millis(1).to_string(), "1970-01-01T00:00:00.001Z");
    }

    #[test]
    fn an_instant_reads_as_it_is_written_elsewhere() {
        let at = Timestamp::from_millis(1_796_563_979_000);
        for text in ["2026-12-06T13:32:59Z", "2026-12-06T14:32:59.000+01:00", &at.to_string()] {
            assert_eq!(Timestamp::parse(text), Some(at), "{text}");
        }
        for text in ["", "2026-12-06", "2026-12-06T13:32:59", "2026-12-06T13:32:59 01:00", "yesterday"] {
            assert_eq!(Timestamp::parse(text), None, "{text}");
        }
    }

    #[test]
    fn instants_stay_within_the_calendar() {
        assert_eq!(Timestamp::from_millis(i64::MAX).plus(i64::MAX).millis(), LAST);
        assert_eq!(Timestamp::from_millis(-5).millis(), 0);
        assert!(Zone::utc().date_of(Timestamp::from_millis(i64::MAX)).year() == 9999);
    }
}
