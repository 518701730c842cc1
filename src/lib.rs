//! sectorwatch polls the VATSIM network's feed, keeps the flights inside an airspace, and records
//! who flew through which sector and when.
//!
//! Reading order: [`collector::cycle`] (one poll, top to bottom) → [`sectorwatch_core::occupancy`] (the
//! state machine) → [`sectorwatch_store`] (the two transactions) → [`sectorwatch_feed`] → [`status`] →
//! [`web`].
//!
//! Rooms, crates and their allowed imports are in `docs/architecture.md`; `tests/it/arrows.rs` checks them.
#![recursion_limit = "512"]
#![cfg_attr(not(test), deny(clippy::expect_used, clippy::unwrap_used))]

pub mod app;
pub mod cli;
pub mod collector;
pub mod config;
pub mod export;
pub mod jobs;
pub mod status;
pub mod supervision;
pub mod web;
