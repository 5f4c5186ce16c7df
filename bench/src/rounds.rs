//! Rounds that take turns, and their median.

use crate::Failed;

/// Two things, measured in turns.
pub(crate) struct Rounds {
    /// What is measured.
    pub(crate) what: String,
    /// What it is measured against.
    pub(crate) against_what: String,
    /// One value of each for each round.
    pub(crate) measured: Vec<f64>,
    pub(crate) against: Vec<f64>,
}

/// Which of the two is to be measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Turn {
    Measured,
    Against,
}

impl Rounds {
    /// Measures both in each round, and begins every other round with the other one: a machine that becomes slower or
    /// faster meanwhile favours neither.
    pub(crate) fn take(
        count: u32,
        what: impl Into<String>,
        against_what: impl Into<String>,
        mut measure: impl FnMut(Turn) -> Result<f64, Failed>,
    ) -> Result<Self, Failed> {
        let mut rounds =
            Self { what: what.into(), against_what: against_what.into(), measured: Vec::new(), against: Vec::new() };
        for round in 0..count {
            let mut turns = [Turn::Against, Turn::Measured];
            turns.rotate_left((round % 2) as usize);
            for turn in turns {
                let value = measure(turn)?;
                match turn {
                    Turn::Measured => rounds.measured.push(value),
                    Turn::Against => rounds.against.push(value),
                }
            }
        }
        Ok(rounds)
    }

    /// The ratio of each round.
    pub(crate) fn ratios(&self) -> Vec<f64> {
        self.measured.iter().zip(&self.against).map(|(measured, against)| measured / against).collect()
    }
}

/// The middle one; of an even number the mean of the two in the middle.
pub(crate) fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let (Some(low), Some(high)) = (sorted.get((sorted.len().wrapping_sub(1)) / 2), sorted.get(sorted.len() / 2)) else {
        return f64::NAN;
    };
    f64::midpoint(*low, *high)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_in_the_middle() {
        assert_eq!(median(&[3.0, 1.0, 2.0]), 2.0);
        assert_eq!(median(&[4.0, 1.0, 2.0, 3.0]), 2.5);
        assert!(median(&[]).is_nan());
    }

    #[test]
    fn rounds_take_turns() {
        let mut turns = Vec::new();
        let rounds = Rounds::take(3, "a", "b", |turn| {
            turns.push(turn);
            Ok(if turn == Measured { 1.0 } else { 2.0 })
        });
        use Turn::{Against, Measured};
        assert_eq!(turns, [Against, Measured, Measured, Against, Against, Measured]);
        assert_eq!(rounds.unwrap().ratios(), [0.5; 3]);
    }
}
