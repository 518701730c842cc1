//! The simulated network for `serve --demo`, and for tests that need a lively feed.
//!
//! What it publishes is a pure function of settings and moment. There is no state, so that any moment can be
//! requested in any order, and a restarted service finds the same flights. It must never hold data of a real
//! member: names, CIDs and flights are invented, and only the places of the aerodromes are facts. Add a
//! disturbance in `connections.rs`, a habit of pilots with their radios in `habits.rs`, a field of the feed in
//! `documents.rs`, a place in `aerodromes.rs` or `positions.rs`; who controls the default airspace is in
//! `rosters.rs`.
#![warn(missing_docs)]
#![cfg_attr(not(test), deny(clippy::expect_used, clippy::unwrap_used))]

mod aerodromes;
mod aircraft;
mod circuit;
mod clock;
mod connections;
mod controllers;
mod documents;
mod habits;
mod leg;
mod members;
mod plan;
mod positions;
mod profile;
mod publisher;
mod reference;
mod rng;
mod rosters;
mod server;
mod stations;
#[cfg(test)]
mod tests;
mod transceivers;
mod trip;
mod world;

pub use server::{SimulatedFeed, SimulatorError};
pub use world::World;

use chrono::DateTime;

use sectorwatch_core::Time;

/// The settings of the simulation.
#[derive(Debug, Clone, PartialEq)]
pub struct SimulatorSettings {
    /// Another seed gives another network: other members, routes and disturbances.
    pub seed: u64,
    /// When simulated time and feed time are equal. It is fixed by default, so that a restarted service finds
    /// its flights where they would be.
    pub start: Time,
    /// How many pilots are connected at a time, ± 5 %.
    pub pilots: usize,
    /// How many of a hundred members fly between Australian aerodromes. Others come from abroad.
    pub domestic_percent: usize,
    /// Simulated seconds per second of the feed, clamped to 0.001…10,000. Flying, reporting and reconnecting
    /// follow this pace; all published times are feed times.
    pub pace: f64,
}

impl Default for SimulatorSettings {
    fn default() -> Self {
        Self {
            seed: 1,
            start: DateTime::UNIX_EPOCH + chrono::TimeDelta::days(20_000),
            pilots: 1_500,
            domestic_percent: 5,
            pace: 1.0,
        }
    }
}

/// The publication at one moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Publication {
    /// The main document, like `vatsim-data.json`.
    pub main_json: String,
    /// The radios, like `transceivers-data.json`.
    pub transceivers_json: String,
}
