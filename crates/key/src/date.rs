//! The day a key was issued: a civil date without a time zone, for people to read. Nothing is computed from it, and a
//! key's end is never derived from it.
//!
//! The invariant: an [`IssueDate`] is a day that exists in the proleptic Gregorian calendar, in the years 1 to 9999.

use std::fmt;
use std::str::FromStr;

use crate::ids::Malformed;

/// A day of the calendar, in the vendor's time zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct IssueDate {
    year: i16,
    month: u8,
    day: u8,
}

impl IssueDate {
    pub(crate) const TEXT_LENGTH: usize = 10;

    /// Fails where the calendar has no such day, or the year is not 1 to 9999.
    pub const fn new(year: i16, month: u8, day: u8) -> Result<Self, Malformed> {
        let exists = matches!(year, 1..=9999) && 1 <= day && day <= days_in(year, month);
        if exists { Ok(Self { year, month, day }) } else { Err(Malformed::IssueDate) }
    }

    /// 1 to 9999.
    pub const fn year(self) -> i16 {
        self.year
    }

    /// 1 to 12.
    pub const fn month(self) -> u8 {
        self.month
    }

    /// 1 to 31.
    pub const fn day(self) -> u8 {
        self.day
    }

    /// `YYYY-MM-DD`, as a registration key carries it.
    pub(crate) fn to_ascii(self) -> [u8; Self::TEXT_LENGTH] {
        // `new` keeps the year from 1 to 9999, so nothing is lost.
        let year = self.year.unsigned_abs();
        let digit = |number: u16, unit: u16| b'0' + (number / unit % 10) as u8;
        let (month, day) = (u16::from(self.month), u16::from(self.day));
        [
            digit(year, 1000),
            digit(year, 100),
            digit(year, 10),
            digit(year, 1),
            b'-',
            digit(month, 10),
            digit(month, 1),
            b'-',
            digit(day, 10),
            digit(day, 1),
        ]
    }
}

const fn days_in(year: i16, month: u8) -> u8 {
    match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        0 | 13.. => 0,
    }
}

impl FromStr for IssueDate {
    type Err = Malformed;

    fn from_str(text: &str) -> Result<Self, Malformed> {
        let bytes: &[u8; Self::TEXT_LENGTH] = text.as_bytes().try_into().map_err(|_| Malformed::IssueDate)?;
        let [y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2] = bytes else { return Err(Malformed::IssueDate) };
        let number = |digits: &[&u8]| {
            digits
                .iter()
                .try_fold(0_i16, |sum, digit| digit.is_ascii_digit().then(|| sum * 10 + i16::from(**digit - b'0')))
        };
        let two = |tens, ones| number(&[tens, ones]).and_then(|number| u8::try_from(number).ok());
        match (number(&[y1, y2, y3, y4]), two(m1, m2), two(d1, d2)) {
            (Some(year), Some(month), Some(day)) => Self::new(year, month, day),
            (None, _, _) | (_, None, _) | (_, _, None) => Err(Malformed::IssueDate),
        }
    }
}

impl fmt::Display for IssueDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_days_that_exist() {
        for (year, month, day) in [(2024, 2, 29), (2000, 2, 29), (1, 1, 1), (9999, 12, 31), (2026, 4, 30)] {
            let date = IssueDate::new(year, month, day).unwrap();
            assert_eq!(date.to_string().parse(), Ok(date));
            assert_eq!(date.to_string().as_bytes(), date.to_ascii());
        }
        for (year, month, day) in [
            (2023, 2, 29),
            (1900, 2, 29),
            (0, 1, 1),
            (-1, 1, 1),
            (10000, 1, 1),
            (2026, 4, 31),
            (2026, 0, 1),
            (2026, 13, 1),
            (2026, 1, 0),
            (2026, 1, 32),
        ] {
            assert_eq!(IssueDate::new(year, month, day), Err(Malformed::IssueDate), "{year} {month} {day}");
        }
    }

    #[test]
    fn only_one_way_to_write_it() {
        for text in [
            "",
            "2026-3-01",
            "2026/03/01",
            "20260301",
            "+026-03-01",
            "2026-03-1 ",
            "2026-02-30",
            "2026-03-01T",
            "２026-03-",
        ] {
            assert_eq!(text.parse::<IssueDate>(), Err(Malformed::IssueDate), "{text}");
        }
    }
}
