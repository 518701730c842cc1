//! The rules of the field: flights, airspace, and the sector state machine.
//!
//! Pure and total: no I/O, clock, log, metric, async or serde. Unexpected input is counted and returned. Add
//! rules about flights or sectors here; fetching, storing and displaying are elsewhere.
#![warn(missing_docs)]
#![cfg_attr(not(test), deny(clippy::expect_used, clippy::unwrap_used))]

pub mod absence;
pub mod airspace;
pub mod channel;
pub mod contact;
pub mod control;
pub mod controller;
pub mod distance;
pub mod drift;
pub mod filter;
pub mod flight;
pub mod geometry;
mod index;
pub mod level;
pub mod meetings;
pub mod members;
pub mod movements;
pub mod occupancy;
pub mod positions;
pub mod presence;
pub mod radios;
pub mod rules;
#[cfg(test)]
mod sample;
mod sector;
pub mod snapshot;
pub mod staffing;
pub mod tracking;
pub mod transition;
pub mod visits;

/// A time of the feed in whole microseconds. The decoder cuts further digits.
pub type Time = chrono::DateTime<chrono::Utc>;
