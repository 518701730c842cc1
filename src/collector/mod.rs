//! The collector: one poll from top to bottom, its schedule and supervision, and the right to write.
//!
//! It runs on its own arbiter, which owns no database connection, and passes its results to
//! [`crate::status`]. Add a phase in `cycle.rs`, and its presentation in `status`.

pub mod airspace_files;
pub mod airspaces;
pub mod claim;
mod contact_figures;
mod contact_metrics;
mod contact_snapshot;
pub mod contacts;
mod controllers;
pub mod cycle;
pub mod error;
mod flights;
pub mod heartbeat;
mod later_phases;
mod ledger;
mod map_data;
pub mod memory;
pub mod metrics;
pub mod movements;
mod not_newer;
pub mod phase_runner;
pub mod poller;
pub mod publish;
mod radios;
mod rejections;
pub mod reload;
pub mod replay;
pub mod report;
mod schedule;
mod sectors;

pub mod setup;
pub mod snapshot_source;
mod start;
pub mod stations;
pub mod supervisor;
pub mod traffic;
