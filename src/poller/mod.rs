//! The poller: one poll from top to bottom, its supervision, and the status it publishes.
//!
//! Imports feed, store and domain, and is named by web (`status`) and app only. It runs on an arbiter
//! of its own, which owns no database connection. A new phase goes to `cycle.rs`; what is shown of
//! it to `status`.

pub mod claim;
pub mod cycle;
pub mod error;
mod housekeeping;
pub mod memory;
pub mod metrics;
mod not_newer;
mod phases;
mod picture;
pub mod progress;
pub mod publish;
pub mod pulse;
mod rejections;
pub mod replay;
pub mod report;
pub mod session;
pub mod source;
pub mod standing;
pub mod stations;
pub mod status;
pub mod supervisor;
pub mod tasks;
mod ticks;
pub mod traffic;
pub mod verdict;
pub mod vitals;
pub mod words;
