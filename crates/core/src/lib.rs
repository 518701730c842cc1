//! The rules of the field: flights, airspace, and the sector state machine.
//!
//! Pure and total: no I/O, no clock, no log, no metric, no async, no serde. Odd input is counted
//! and returned, never thrown. A new rule about flights or sectors goes here; how it is fetched,
//! stored or shown goes elsewhere.
#![warn(missing_docs)]
#![cfg_attr(not(test), deny(clippy::expect_used, clippy::unwrap_used))]

pub mod absence;
pub mod airspace;
pub mod controller;
pub mod drift;
pub mod filter;
pub mod flight;
pub mod geometry;
pub mod level;
pub mod members;
pub mod occupancy;
pub mod positions;
pub mod presence;
pub mod radios;
pub mod rules;
#[cfg(test)]
mod sample;
pub mod snapshot;
pub mod staffing;
pub mod tracking;
pub mod transition;
pub mod visits;

/// A moment of the feed, in whole microseconds (the decoder cuts what the feed states beyond).
pub type Time = chrono::DateTime<chrono::Utc>;
