//! What keeps the parts of the service alive, and in which time it has to end.
//!
//! Knows no part of the service by what it does: a task is a name and a future. It must not start or
//! stop anything by itself. A rule about restarts goes to `backoff.rs`, a limit of the shutdown to
//! `shutdown.rs`.

pub mod backoff;
pub mod shutdown;
pub mod signals;
pub mod tasks;
