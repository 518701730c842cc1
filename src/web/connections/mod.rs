//! HTTP connections, with one limit for the whole process.
//!
//! The server of actix-web has a limit for each worker, stops accepting when it is reached, and keeps a
//! client that reads nothing without limit. Here actix-http runs on actix-server directly, over a stream of
//! our own (`stream.rs`). The stream passes on one request at a time, sees what is written, and knows the
//! time of the last progress. `register.rs` decides which connection is reset for a new one.

mod admission;
mod backlog;
mod exchange;
mod head;
mod metrics;
mod open_files;
mod parts;
mod place;
mod queue;
mod rate_limited;
mod refusal;
mod register;
mod served;
mod server;
mod stream;

use std::time::Duration;

pub use backlog::{Backlog, Follows};
pub use metrics::ConnectionMetrics;
pub use open_files::raise_open_files;
pub use parts::{SentInParts, note_route};
pub use server::start;

/// The limits of connections.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// The maximum number of connections.
    pub connections: usize,
    /// How long a client may read nothing of its answer.
    pub write_timeout: Duration,
    /// How long the head of a request may take from its first byte.
    pub head_timeout: Duration,
}

impl Limits {
    /// The default times, with this number of connections.
    pub fn of(connections: usize) -> Self {
        Self {
            connections,
            write_timeout: Duration::from_secs(30),
            head_timeout: Duration::from_secs(10),
        }
    }

    /// The same, but a client may read nothing for this time, if one is given.
    pub fn cutting_after(self, write_timeout: Option<Duration>) -> Self {
        Self { write_timeout: write_timeout.unwrap_or(self.write_timeout), ..self }
    }

    /// Like [`Limits::of`], but for no more connections than the limit of open files allows.
    pub fn within_open_files(wanted: usize) -> Self {
        Self::of(open_files::connections_within_open_files(wanted))
    }
}
