//! Support for all tests: a real PostgreSQL, a scripted feed, the service as a child process.
//!
//! Nothing here asserts what the service must do; the tests do. Put a new kind of environment into
//! a file of its own.
#![expect(dead_code, reason = "not every theme is written yet")]

pub mod certificates;
pub mod crowd;
pub mod documents;
pub mod dump;
pub mod feed_server;
pub mod http;
pub mod leaks;
pub mod lines;
pub mod migrate;
pub mod npm;
pub mod otlp;
pub mod pgbouncer;
pub mod postgres;
pub mod proxy;
pub mod python;
pub mod real_data;
pub mod replay;
pub mod schedule;
pub mod scrapes;
pub mod scratch;
pub mod service;
pub mod setup;
pub mod simulated;
pub mod sources;
pub mod sql;
pub mod statements;
pub mod store;
pub mod stub;
pub mod wait;

/// One row or more in every table, with ids that begin at 1000.
pub const FILLED: &str = include_str!("filled.sql");

/// Whether the long forms of the tests are requested (`make soak`).
pub fn long_tests() -> bool {
    std::env::var("SECTORWATCH_LONG_TESTS").is_ok_and(|value| value == "1")
}
