//! What an offer allows of seats and moves.

use crate::Refusal;

/// The most days that a policy may name.
pub const MOST_DAYS: u32 = 366;
/// The most seats, other instances, moves and releases that a policy may name.
pub const MOST_NUMBER: u32 = 100_000;

/// What an offer allows. Seats are those of what is sold from now on; the rest holds for what was sold, too.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Policy {
    /// Production instances that may use a subscription.
    pub seats: u32,
    /// Instances for staging and development, together.
    pub others: u32,
    /// For how many days a newcomer works beside the one that holds the seat; zero for no moves without a person.
    pub move_days: u32,
    /// Moves that a newcomer may open in a year, for each seat.
    pub moves_a_year: u32,
    /// Seats that an administrator may give back without a person in a year, for each seat.
    pub releases_a_year: u32,
    /// For how many days a seat that was given back so stays empty.
    pub cooling_off_days: u32,
}

impl Default for Policy {
    fn default() -> Self {
        Self { seats: 1, others: 2, move_days: 14, moves_a_year: 3, releases_a_year: 0, cooling_off_days: 7 }
    }
}

impl Policy {
    /// This policy, or what is wrong with it.
    pub fn checked(self) -> Result<Self, Refusal> {
        let Self { seats, others, move_days, moves_a_year, releases_a_year, cooling_off_days } = self;
        if seats == 0 {
            return Err(Refusal::NumberInvalid { field: "seats", least: 1, most: MOST_NUMBER });
        }
        let numbers = [
            ("seats", seats),
            ("staging limit", others),
            ("moves per year", moves_a_year),
            ("self service releases per year", releases_a_year),
        ];
        for (field, number) in numbers {
            if number > MOST_NUMBER {
                let least = u32::from(field == "seats");
                return Err(Refusal::NumberInvalid { field, least, most: MOST_NUMBER });
            }
        }
        for (field, days) in [("move window days", move_days), ("cooling off days", cooling_off_days)] {
            if days > MOST_DAYS {
                return Err(Refusal::DaysInvalid { field, most: MOST_DAYS });
            }
        }
        Ok(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_usual_is_allowed_and_each_bound_is_named() {
        let usual = Policy::default();
        assert_eq!(usual.checked(), Ok(usual));
        let field = |policy: Policy| match policy.checked() {
            Err(Refusal::NumberInvalid { field, .. } | Refusal::DaysInvalid { field, .. }) => field,
            other => panic!("{other:?}"),
        };
        assert_eq!(field(Policy { seats: 0, ..usual }), "seats");
        assert_eq!(field(Policy { seats: MOST_NUMBER + 1, ..usual }), "seats");
        assert_eq!(field(Policy { others: MOST_NUMBER + 1, ..usual }), "staging limit");
        assert_eq!(field(Policy { move_days: MOST_DAYS + 1, ..usual }), "move window days");
        assert_eq!(field(Policy { cooling_off_days: MOST_DAYS + 1, ..usual }), "cooling off days");
    }
}
