//! What movements are judged by.

use super::{
    airports::Airports, movement::Happened, observed::Observed, state::AirportState,
    thresholds::Thresholds,
};

/// What movements are judged by.
#[derive(Debug, Default)]
pub struct Rules {
    /// The airports at which a flight can move.
    pub airports: Airports,
    /// The thresholds.
    pub thresholds: Thresholds,
}

impl Rules {
    /// The state of a flight after an observation, and the movement that became known by it.
    pub fn step(&self, state: &AirportState, seen: &Observed) -> (AirportState, Option<Happened>) {
        state.step(seen, &self.airports, &self.thresholds)
    }
}
