//! Waiting for what happens outside of a test. Whoever waits for nothing but time says why.

use std::{
    thread,
    time::{Duration, Instant},
};

/// The limit for something that should take a second, because the machine may be busy.
pub const PATIENCE: Duration = Duration::from_secs(30);
const PAUSE: Duration = Duration::from_millis(10);

/// Waits until this holds, and ends the test when it does not in time.
#[track_caller]
pub fn until(what: &str, limit: Duration, mut holds: impl FnMut() -> bool) {
    until_ok(limit, || if holds() { Ok(()) } else { Err(what) });
}

/// Waits until there is a value, and ends the test with what is there instead when there is none in time.
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
        // Between two looks.
        thread::sleep(PAUSE);
    }
}
