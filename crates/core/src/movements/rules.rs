//! What movements are judged by.

use super::{airports::Airports, movement::Happened, observed::Observed, state::AirportState};

/// The thresholds that are settings.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Thresholds {
    /// Below this groundspeed (knots) a flight may be on the ground.
    pub ground_kt: i32,
    /// From this groundspeed (knots) on a flight may be in the air.
    pub air_kt: i32,
    /// How far from an airport (nautical miles) a flight is at it.
    pub radius_nm: f64,
}

impl Default for Thresholds {
    fn default() -> Self {
        Self { ground_kt: 40, air_kt: 50, radius_nm: 3.0 }
    }
}

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
