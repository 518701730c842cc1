//! How long to wait before what ended is started again.

use std::time::Duration;

const FIRST: Duration = Duration::from_millis(100);
const LONGEST: Duration = Duration::from_secs(30);

/// The pauses between the lives of one task: each twice as long as the one before, from 0.1 s to 30 s.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RestartBackoff {
    next: Duration,
}

impl RestartBackoff {
    /// Nothing ended yet.
    pub fn new() -> Self {
        Self { next: FIRST }
    }

    /// The pause after a life of this length. What lived for longer than the longest pause is started
    /// again as if it had ended for the first time.
    pub fn after(&mut self, lived: Duration) -> Duration {
        if lived > LONGEST {
            self.next = FIRST;
        }
        let pause = self.next;
        self.next = (pause * 2).min(LONGEST);
        pause
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

    /// The pauses after these lives, both in milliseconds.
    fn pauses(lives: &[u64]) -> Vec<u128> {
        let mut backoff = RestartBackoff::new();
        lives.iter().map(|ms| backoff.after(Duration::from_millis(*ms)).as_millis()).collect()
    }

    #[test]
    fn pauses_double_to_half_a_minute_and_a_long_life_begins_anew() {
        for (lives, expected) in [
            (&[0][..], &[100][..]),
            (&[3_600_000], &[100]),
            (&[0, 0, 0, 0], &[100, 200, 400, 800]),
            (&[0, 29_999, 30_000, 30_001, 0], &[100, 200, 400, 100, 200]),
            (
                &[0; 11],
                &[100, 200, 400, 800, 1_600, 3_200, 6_400, 12_800, 25_600, 30_000, 30_000],
            ),
        ] {
            assert_eq!(pauses(lives), expected, "{lives:?}");
        }
    }
}
