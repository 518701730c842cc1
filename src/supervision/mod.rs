//! Restarts of background tasks, signals, and the time limits of the shutdown.
//!
//! It does not know what a task does: a task is a name and a future. It starts and stops nothing by itself;
//! `app` does. A rule about restarts goes to `backoff.rs`, a limit of the shutdown to `shutdown.rs`.

pub mod backoff;
pub mod shutdown;
pub mod signals;
pub mod tasks;
