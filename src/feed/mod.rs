//! The network's feed: fetching, decoding, reading recordings, and simulating it.
//!
//! Never touches the database. A new field of the feed goes to `wire.rs` and `decode.rs`; a new way
//! for upstream to misbehave goes to `client.rs`.

pub mod simulator;
