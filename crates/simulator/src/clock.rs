//! Converts feed time to simulated time, and formats times for the feed.

use chrono::{TimeDelta, Timelike};

use sectorwatch_core::Time;

/// Converts between feed time and simulated time, which is seconds since the start.
#[derive(Debug, Clone, Copy)]
pub(super) struct Clock {
    start: Time,
    pace: f64,
}

impl Clock {
    pub(super) fn new(start: Time, pace: f64) -> Self {
        // In this order, NaN becomes the lower bound too.
        #[expect(clippy::manual_clamp, reason = "clamp would let NaN through")]
        let pace = pace.max(0.001).min(10_000.0);
        Self { start, pace }
    }

    /// Simulated seconds since the start; negative before it.
    pub(super) fn simulated(&self, at: Time) -> f64 {
        let elapsed = at - self.start;
        let seconds = elapsed.num_seconds() as f64 + f64::from(elapsed.subsec_nanos()) / 1e9;
        seconds * self.pace
    }

    /// The feed time at which simulated time is `simulated_s`.
    pub(super) fn feed_time(&self, simulated_s: f64) -> Time {
        self.start + TimeDelta::nanoseconds((simulated_s / self.pace * 1e9) as i64)
    }
}

/// The time in the feed's format: seven digits of fraction and a `Z`.
pub(super) fn stamp(at: Time) -> String {
    let fraction = at.nanosecond() / 100;
    format!("{}.{fraction:07}Z", at.format("%Y-%m-%dT%H:%M:%S"))
}

/// A duration in hours and minutes, as in flight plans (`0135`).
pub(super) fn hhmm(seconds: f64) -> String {
    let minutes = (seconds / 60.0) as i64;
    format!("{:02}{:02}", minutes / 60 % 24, minutes % 60)
}
