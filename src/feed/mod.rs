//! The network's feed: fetching, decoding, reading recordings, and simulating it.
//!
//! Never touches the database. A new field of the feed goes to `wire.rs` and `decode.rs`; a new way
//! for upstream to misbehave goes to `client`.

pub mod client;
pub mod decode;
pub mod metrics;
#[cfg(test)]
pub(crate) mod real_data;
pub mod recording;
pub mod simulator;
mod time;
mod wire;
