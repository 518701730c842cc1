//! How the service is seen: the metric registry with its conventions, logs, and spans.
//!
//! Knows nothing of flights, pools or pages: each room registers its own families through
//! [`metrics::Registry`]. A new way to *export* goes here; a new *measurement* goes to the room
//! that makes it.
#![warn(missing_docs)]
#![cfg_attr(not(test), deny(clippy::expect_used, clippy::unwrap_used))]

pub mod metrics;
mod otlp;
pub mod process;
pub mod runtimes;
pub mod tracing;
