//! Waits for events outside of a test. A test that only lets time pass says why.

use std::{
    thread,
    time::{Duration, Instant},
};

/// The limit for events that should take a second. It is long, because the machine may be busy.
pub const PATIENCE: Duration = Duration::from_secs(30);
const PAUSE: Duration = Duration::from_millis(10);

/// Waits until `holds` returns true. Fails the test after the limit.
#[track_caller]
pub fn until(what: &str, limit: Duration, mut holds: impl FnMut() -> bool) {
    until_ok(limit, || if holds() { Ok(()) } else { Err(what) });
}

/// Waits until `attempt` succeeds, and returns its value. Fails the test with the last error after
/// the limit.
#[track_caller]
pub fn until_ok<T, E: std::fmt::Display>(
    limit: Duration,
    mut attempt: impl FnMut() -> Result<T, E>,
) -> T {
    let deadline = Instant::now() + limit;
    loop {
        match attempt() {
            Ok(value) => return value,
            Err(instead) => assert!(Instant::now() < deadline, "not within {limit:?}: {instead}"),
        }
        // The time between two attempts.
        thread::sleep(PAUSE);
    }
}
