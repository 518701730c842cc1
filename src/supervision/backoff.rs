//! The delay before a task that ended is restarted.

use std::time::Duration;

const FIRST: Duration = Duration::from_millis(100);
const LONGEST: Duration = Duration::from_secs(30);

/// The delays between the restarts of one task. They double from 0.1 s to 30 s.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RestartBackoff {
    next: Duration,
}

impl RestartBackoff {
    /// The backoff of a task that has not ended yet.
    pub fn new() -> Self {
        Self { next: FIRST }
    }

    /// The delay before the next restart of a task that ran for this long. After a run that was longer than the
    /// longest delay, the delays start from the first one again.
    pub fn after(&mut self, ran_for: Duration) -> Duration {
        if ran_for > LONGEST {
            self.next = FIRST;
        }
        let delay = self.next;
        self.next = (delay * 2).min(LONGEST);
        delay
    }
}

impl Default for RestartBackoff {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The delays after these runs, both in milliseconds.
    fn delays(runs: &[u64]) -> Vec<u128> {
        let mut backoff = RestartBackoff::new();
        runs.iter().map(|ms| backoff.after(Duration::from_millis(*ms)).as_millis()).collect()
    }

    #[test]
    fn delays_double_to_half_a_minute_and_start_again_after_a_long_run() {
        for (runs, expected) in [
            (&[0][..], &[100][..]),
            (&[3_600_000], &[100]),
            (&[0, 0, 0, 0], &[100, 200, 400, 800]),
            (&[0, 29_999, 30_000, 30_001, 0], &[100, 200, 400, 100, 200]),
            (&[0; 11], &[100, 200, 400, 800, 1_600, 3_200, 6_400, 12_800, 25_600, 30_000, 30_000]),
        ] {
            assert_eq!(delays(runs), expected, "{runs:?}");
        }
    }
}
