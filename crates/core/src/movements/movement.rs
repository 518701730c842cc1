//! A movement, as it is found and as it is stored.

use std::sync::Arc;

use strum::{IntoStaticStr, VariantArray};

use super::observed::Fix;
use crate::Time;

/// The kind of a movement: the values of `airport_movements.kind`.
///
/// In the order in which movements of one time are stored: whoever lands and takes off at once landed first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "snake_case")]
pub enum MovementKind {
    /// From the air to the ground.
    Landing,
    /// An approach that ended in a climb and came to 50 ft above the airport or lower.
    TouchAndGo,
    /// Any other approach that ended in a climb.
    GoAround,
    /// From the ground into the air.
    Takeoff,
}

impl MovementKind {
    /// The name in the column and the label.
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

/// What one observation showed of a flight.
#[derive(Debug, Clone, PartialEq)]
pub struct Happened {
    /// The kind of the movement.
    pub kind: MovementKind,
    /// The airport.
    pub icao: Arc<str>,
    /// The observation that stands for it, which may be an earlier one.
    pub fix: Fix,
}

impl Happened {
    /// What movements are stored in the order of: the time, and a landing before a take-off.
    pub fn order(&self) -> (Time, MovementKind) {
        (self.fix.at, self.kind)
    }
}
