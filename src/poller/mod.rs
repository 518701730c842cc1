//! The poller: one poll from top to bottom, its supervision, and the status it publishes.
//!
//! Imports feed, store and domain, and is named by web (`status`) and app only. It runs on an arbiter
//! of its own, which owns no database connection. A new phase goes to `cycle.rs`; what is shown of
//! it to `status`.

pub mod claim;
pub mod cycle;
pub mod memory;
pub mod metrics;
mod phases;
mod rejections;
pub mod report;
pub mod source;
pub mod stations;
pub mod status;
pub mod verdict;
pub mod words;
