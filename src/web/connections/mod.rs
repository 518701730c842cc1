//! Connections of HTTP, of which the whole process has so many and no more.
//!
//! actix-web's own server has a limit for each worker, stops to accept when it is reached, and lets a
//! client that reads nothing stay for ever. Here actix-http is put on actix-server directly, over a
//! stream of our own (`stream.rs`), which hands it one request at a time, sees what it writes, and
//! knows when anything moved last. `register.rs` decides who has to go for a newcomer.

mod admission;
mod exchange;
mod head;
mod metrics;
mod open_files;
mod place;
mod queue;
mod refusal;
mod register;
mod served;
mod server;
mod sparing;
mod stream;

use std::time::Duration;

pub use metrics::ConnectionMetrics;
pub use open_files::raise_open_files;
pub use server::start;

/// What connections may take.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// How many there may be.
    pub connections: usize,
    /// How long a client may take nothing of what is to be sent to it.
    pub write_timeout: Duration,
    /// How long the head of a request may take, from its first byte.
    pub head_timeout: Duration,
}

impl Limits {
    /// The usual times, for so many connections.
    pub fn of(connections: usize) -> Self {
        Self {
            connections,
            write_timeout: Duration::from_secs(30),
            head_timeout: Duration::from_secs(10),
        }
    }

    /// As [`Limits::of`], or for fewer connections, as the limit of open files leaves.
    pub fn within_open_files(wanted: usize) -> Self {
        Self::of(open_files::connections_within_open_files(wanted))
    }
}
