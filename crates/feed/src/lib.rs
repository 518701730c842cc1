//! The network's feed: fetching, decoding, reading recordings.
//!
//! Never touches the database. A new field of the feed goes to `wire.rs` and `decode.rs`; a new way
//! for upstream to misbehave goes to `client`.
#![warn(missing_docs)]
#![cfg_attr(not(test), deny(clippy::expect_used, clippy::unwrap_used))]

pub mod client;
pub mod decode;
pub mod metrics;
#[cfg(test)]
pub(crate) mod real_data;
pub mod recording;
mod time;
mod wire;
