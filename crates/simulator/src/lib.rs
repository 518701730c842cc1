//! The simulated network behind `serve --demo`, and behind tests that need a lively feed.
//!
//! What it publishes is a pure function of (settings, moment): there is no state to step, so any
//! moment can be asked for, in any order, and a restarted service meets the same flights again. It
//! must never hold data of a real member: names, CIDs and flights are made up, only the aerodromes'
//! places are facts. A new mishap goes to `connections.rs`, a new field of the feed to
//! `documents.rs`, a new place to `aerodromes.rs` or `positions.rs`.
#![warn(missing_docs)]
#![cfg_attr(not(test), deny(clippy::expect_used, clippy::unwrap_used))]

mod aerodromes;
mod aircraft;
mod clock;
mod connections;
mod controllers;
mod documents;
mod leg;
mod members;
mod plan;
mod positions;
mod profile;
mod publisher;
mod reference;
mod rng;
mod server;
#[cfg(test)]
mod tests;
mod transceivers;
mod trip;
mod world;

pub use server::{SimulatedFeed, SimulatorError};
pub use world::World;

use chrono::DateTime;

use sectorwatch_core::Time;

/// What is simulated.
#[derive(Debug, Clone, PartialEq)]
pub struct SimulatorSettings {
    /// Another seed is another network: other members, routes and mishaps.
    pub seed: u64,
    /// The moment at which simulated time and feed time agree. Fixed by default, so that a service
    /// that restarts finds its flights where they would be by now.
    pub start: Time,
    /// How many pilots are connected at a time, give or take a twentieth.
    pub pilots: usize,
    /// How many of a hundred members fly between Australian aerodromes. A few more come from abroad.
    pub domestic_percent: usize,
    /// Simulated seconds per second of the feed, 0.001…10,000 (beyond that the nearest is taken).
    /// Flying, reporting and reconnecting go at this pace; all stated times are feed times.
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

/// What the network publishes at one moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Publication {
    /// The main document, as `vatsim-data.json`.
    pub main_json: String,
    /// The radios, as `transceivers-data.json`.
    pub transceivers_json: String,
}
