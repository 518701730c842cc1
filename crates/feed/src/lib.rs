//! The network's feed: fetching, decoding, and reading recordings.
//!
//! It never uses the database. Add a field of the feed in `wire.rs` and `decode.rs`, a kind of upstream
//! failure in `client`.
#![warn(missing_docs)]
#![cfg_attr(not(test), deny(clippy::expect_used, clippy::unwrap_used))]

pub mod client;
pub mod decode;
pub mod map_data;
pub mod metrics;
#[cfg(test)]
pub(crate) mod real_data;
pub mod recording;
mod time;
mod wire;
