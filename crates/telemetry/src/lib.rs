//! The metric registry with its conventions, logs, and spans.
//!
//! It knows nothing about flights, pools or pages: each room registers its own families with
//! [`metrics::Registry`]. Add a new *export* here, and a new *measurement* in the room that takes it.
#![warn(missing_docs)]
#![cfg_attr(not(test), deny(clippy::expect_used, clippy::unwrap_used))]

pub mod metrics;
mod otlp;
pub mod process;
pub mod runtimes;
pub mod tracing;
