//! Logs events that any client can cause at most once a minute, with their number.

use std::{
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

const PAUSE: Duration = Duration::from_mins(1);

/// The events since the last line of the log.
#[derive(Debug, Default)]
pub struct RateLimited(Mutex<Since>);

#[derive(Debug, Default)]
struct Since {
    logged_at: Option<Instant>,
    times: u64,
}

impl RateLimited {
    /// Records an event. When a line is due, returns the number of events since the last one.
    pub fn record(&self, now: Instant) -> Option<u64> {
        let mut since = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        since.times += 1;
        if since.logged_at.is_some_and(|at| now.saturating_duration_since(at) < PAUSE) {
            return None;
        }
        since.logged_at = Some(now);
        Some(std::mem::take(&mut since.times))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_a_minute_has_them_all() {
        let (limited, now) = (RateLimited::default(), Instant::now());
        let at = |seconds| limited.record(now + Duration::from_secs(seconds));
        let lines = [0, 0, 1, 59, 60, 61, 119, 120, 500].map(at);
        let expected = [Some(1), None, None, None, Some(4), None, None, Some(3), Some(1)];
        assert_eq!(lines, expected);
    }
}
