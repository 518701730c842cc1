//! The parameters of the state machine.

use std::time::Duration;

use chrono::TimeDelta;

/// The parameters of the state machine.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rules {
    /// A flight enters a sector at this groundspeed (knots) or more.
    pub entry_speed_kt: i32,
    /// Below this groundspeed (knots) an observation counts as slow.
    pub exit_speed_kt: i32,
    /// This number of slow observations in a row ends the visit.
    pub exit_polls: i16,
    /// The observed time of absence after which a flight has disconnected.
    pub missing_grace: TimeDelta,
    /// The gap between two stored snapshots after which visits end as unobserved.
    pub longest_gap: TimeDelta,
    /// How many feet above or below its sector a flight may be and stay in it.
    pub level_hysteresis_ft: i32,
}

impl Rules {
    /// Converts the time of a setting. A time that is too long for the type becomes the longest possible one.
    pub fn time(setting: Duration) -> TimeDelta {
        TimeDelta::from_std(setting).unwrap_or(TimeDelta::MAX)
    }
}

impl Default for Rules {
    fn default() -> Self {
        Self {
            entry_speed_kt: 60,
            exit_speed_kt: 30,
            exit_polls: 2,
            missing_grace: TimeDelta::minutes(5),
            longest_gap: TimeDelta::minutes(15),
            level_hysteresis_ft: 100,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_that_cannot_be_told_is_the_longest() {
        assert_eq!(Rules::time(Duration::from_millis(90_500)), TimeDelta::milliseconds(90_500));
        assert_eq!(Rules::time(Duration::MAX), TimeDelta::MAX);
    }
}
