//! The step of an occupancy.

use chrono::TimeDelta;

use super::{known::STEP, query::Query};
use crate::web::problem::Problem;

const MINUTES_OF_A_DAY: i64 = 24 * 60;
const DEFAULT_MINUTES: i64 = 15;

/// The length of a step, which divides a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step {
    minutes: i64,
}

impl Step {
    /// Reads `step`; 15 minutes when it is absent.
    ///
    /// # Errors
    /// It is no such length.
    pub fn read(query: &mut Query) -> Result<Self, Problem> {
        let Some(text) = query.get(&STEP) else { return Ok(Self { minutes: DEFAULT_MINUTES }) };
        let step = Self::parsed(text).ok_or_else(|| STEP.refused())?;
        query.normalise(&STEP, format!("{}m", step.minutes));
        Ok(step)
    }

    fn parsed(text: &str) -> Option<Self> {
        let unit = text.chars().last()?;
        let number = &text[..text.len() - unit.len_utf8()];
        let minutes_of_unit = match unit {
            'm' => 1,
            'h' => 60,
            'd' => MINUTES_OF_A_DAY,
            _ => return None,
        };
        let is_number = !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit());
        let number: i64 = if is_number { number.parse().ok()? } else { return None };
        let minutes = number.checked_mul(minutes_of_unit)?;
        let divides = minutes > 0 && MINUTES_OF_A_DAY % minutes == 0;
        divides.then_some(Self { minutes })
    }

    /// The length.
    pub fn length(self) -> TimeDelta {
        TimeDelta::minutes(self.minutes)
    }
}
