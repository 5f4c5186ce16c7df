//! How long a subscription lasts: calendar years, months or days. An end date is the last day, inclusive.

use jiff::ToSpan as _;

use crate::Refusal;
use crate::time::{Date, day_after};

/// A length in calendar units: at least one, and at most a hundred years.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Term {
    count: u32,
    unit: Unit,
}

/// The unit of a [`Term`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// Calendar years.
    Years,
    /// Calendar months.
    Months,
    /// Days.
    Days,
}

impl Term {
    /// So many of a unit.
    pub fn new(count: u32, unit: Unit) -> Result<Self, Refusal> {
        let most = match unit {
            Unit::Years => 100,
            Unit::Months => 1_200,
            Unit::Days => 36_525,
        };
        if (1..=most).contains(&count) { Ok(Self { count, unit }) } else { Err(Refusal::TermInvalid) }
    }

    /// The last day of a term that begins on `first`.
    ///
    /// A year from 2026-11-22 ends on 2027-11-21. Where the calendar has no such day (a month from 30 January, a year
    /// from 29 February) the term ends with the last day of that month, never before: nobody is sold a day less.
    pub fn last_day(self, first: Date) -> Result<Date, Refusal> {
        let count = i64::from(self.count);
        let (next, same_day_exists) = match self.unit {
            Unit::Days => (first.checked_add(count.days()), true),
            Unit::Months => {
                let next = first.checked_add(count.months());
                let exists = next.as_ref().is_ok_and(|next| next.day() == first.day());
                (next, exists)
            }
            Unit::Years => {
                let next = first.checked_add(count.years());
                let exists = next.as_ref().is_ok_and(|next| next.day() == first.day());
                (next, exists)
            }
        };
        let next = next.map_err(|_| Refusal::TermInvalid)?;
        if same_day_exists { next.checked_sub(1.day()).map_err(|_| Refusal::TermInvalid) } else { Ok(next) }
    }

    /// The last day of a term that follows a period that ended on `last`.
    pub fn last_day_after(self, last: Date) -> Result<Date, Refusal> {
        self.last_day(day_after(last).ok_or(Refusal::TermInvalid)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use proptest::prelude::*;

    fn ends(count: u32, unit: Unit, first: Date) -> Date {
        Term::new(count, unit).unwrap().last_day(first).unwrap()
    }

    #[test]
    fn an_end_date_is_the_last_day() {
        assert_eq!(ends(1, Unit::Years, date(2026, 11, 22)), date(2027, 11, 21));
        assert_eq!(ends(1, Unit::Months, date(2026, 1, 1)), date(2026, 1, 31));
        assert_eq!(ends(1, Unit::Days, date(2026, 1, 1)), date(2026, 1, 1));
        assert_eq!(ends(30, Unit::Days, date(2026, 2, 1)), date(2026, 3, 2));
    }

    #[test]
    fn a_day_that_the_calendar_lacks_is_not_lost() {
        assert_eq!(ends(1, Unit::Months, date(2026, 1, 30)), date(2026, 2, 28));
        assert_eq!(ends(1, Unit::Years, date(2024, 2, 29)), date(2025, 2, 28));
        assert_eq!(ends(4, Unit::Years, date(2024, 2, 29)), date(2028, 2, 28));
    }

    #[test]
    fn a_term_has_bounds() {
        for (count, unit) in [(0, Unit::Days), (101, Unit::Years), (1_201, Unit::Months), (36_526, Unit::Days)] {
            assert_eq!(Term::new(count, unit), Err(Refusal::TermInvalid));
        }
        let century = Term::new(100, Unit::Years).unwrap();
        assert_eq!(century.last_day(date(9950, 1, 1)), Err(Refusal::TermInvalid));
        assert_eq!(century.last_day_after(date(9999, 12, 31)), Err(Refusal::TermInvalid));
    }

    proptest! {
        #[test]
        fn twelve_months_are_a_year(day in 0_i64..30_000, count in 1_u32..50) {
            let first = date(1990, 1, 1).checked_add(day.days()).unwrap();
            prop_assert_eq!(ends(count * 12, Unit::Months, first), ends(count, Unit::Years, first));
        }

        #[test]
        fn a_term_covers_its_first_day_and_grows_with_its_count(day in 0_i64..30_000, count in 1_u32..50) {
            let first = date(1990, 1, 1).checked_add(day.days()).unwrap();
            for unit in [Unit::Years, Unit::Months, Unit::Days] {
                prop_assert!(ends(count, unit, first) >= first);
                prop_assert!(ends(count + 1, unit, first) > ends(count, unit, first));
            }
        }
    }
}
