//! sectorwatch polls the VATSIM network's feed, keeps the flights inside an airspace, and records
//! who flew through which sector and when.
//!
//! Reading order: [`poller::cycle`] (one poll, top to bottom) → [`domain::occupancy`] (the state
//! machine) → [`store`] (the two transactions) → [`feed`] → [`web`].
//!
//! Rooms, and who may name whom (`tests/it/arrows.rs` keeps it so):
//! `main → app → {cli, web → poller → {feed, store}} → {config, airspace, telemetry, fault} → domain`.
#![recursion_limit = "512"]
#![warn(missing_docs)]
#![cfg_attr(not(test), deny(clippy::expect_used, clippy::unwrap_used))]

pub mod airspace;
pub mod app;
pub mod cli;
pub mod config;
pub mod domain;
mod fault;
pub mod feed;
pub mod poller;
pub mod store;
pub mod telemetry;
pub mod web;
