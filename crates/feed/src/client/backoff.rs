//! The wait after failed polls.

use std::time::Duration;

use rand::Rng;

/// The longest wait that a server may request.
pub const LONGEST_WAIT: Duration = Duration::from_secs(300);

/// The wait before the next poll. It doubles from the poll interval to a quarter of the grace period, so that
/// a feed that returns is noticed in time to see who is still there.
///
/// It is never shorter than the interval. A wait that the server requests is kept, up to five minutes.
#[derive(Debug, Clone)]
pub struct Backoff {
    interval: Duration,
    longest: Duration,
    failures: u32,
}

impl Backoff {
    /// Creates the state without a failure.
    pub fn new(interval: Duration, grace: Duration) -> Self {
        Self { interval, longest: interval.max(grace / 4), failures: 0 }
    }

    /// The longest wait without a request of the server.
    pub fn longest(&self) -> Duration {
        self.longest
    }

    /// The wait after another failure in a row: what the server requested, or else doubled, with a jitter of
    /// ±20 % so that clients that failed together do not return together.
    pub fn failed(&mut self, retry_after: Option<Duration>, rng: &mut impl Rng) -> Duration {
        let doubled = self.interval.saturating_mul(1 << self.failures.min(31));
        self.failures = self.failures.saturating_add(1);
        if let Some(asked) = retry_after {
            return asked.clamp(self.interval, LONGEST_WAIT.max(self.interval));
        }
        let middle = doubled.min(self.longest);
        middle.mul_f64(rng.random_range(0.8..=1.2)).clamp(self.interval, self.longest)
    }

    /// Records a successful poll.
    pub fn reset(&mut self) {
        self.failures = 0;
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rand::SeedableRng as _;
    use rand_chacha::ChaCha8Rng;
    use sectorwatch_seed::Seed;

    use super::*;

    fn seconds(range: std::ops::Range<u64>) -> impl Strategy<Value = Duration> {
        range.prop_map(Duration::from_secs)
    }

    proptest! {
        #![proptest_config(sectorwatch_seed::config())]

        #[test]
        fn doubles_within_its_bounds(
            millis in 100_u64..3_600_000, grace in seconds(1..86_400), rounds in 1_u32..80, seed: u64,
        ) {
            let interval = Duration::from_millis(millis);
            let longest = interval.max(grace / 4);
            let mut rng = ChaCha8Rng::seed_from_u64(seed);
            let mut backoff = Backoff::new(interval, grace);
            for round in 0..rounds {
                let wait = backoff.failed(None, &mut rng);
                let middle = interval.as_secs_f64() * 2_f64.powi(round.min(40) as i32);
                let middle = middle.min(longest.as_secs_f64());
                prop_assert!(interval <= wait && wait <= longest, "{wait:?}");
                prop_assert!(wait.as_secs_f64() >= middle * 0.799, "{wait:?} in round {round}");
                prop_assert!(wait.as_secs_f64() <= middle * 1.201, "{wait:?} in round {round}");
            }
            backoff.reset();
            prop_assert!(backoff.failed(None, &mut rng) <= interval.mul_f64(1.2).max(interval));
        }

        #[test]
        fn obeys_the_server(
            interval in seconds(1..600), asked in seconds(0..100_000), before in 0_u32..10, seed: u64,
        ) {
            let mut rng = ChaCha8Rng::seed_from_u64(seed);
            let mut backoff = Backoff::new(interval, Duration::from_secs(300));
            for _ in 0..before {
                backoff.failed(None, &mut rng);
            }
            let longest = interval.max(Duration::from_secs(300));
            prop_assert_eq!(backoff.failed(Some(asked), &mut rng), asked.clamp(interval, longest));
        }
    }

    #[test]
    fn spreads_the_clients() {
        let mut rng = Seed::of_this_run().rng();
        let mut waits: Vec<_> = (0..100)
            .map(|_| {
                let mut backoff = Backoff::new(Duration::from_secs(15), Duration::from_secs(300));
                backoff.failed(None, &mut rng);
                backoff.failed(None, &mut rng)
            })
            .collect();
        waits.sort();
        assert!(waits[0] < Duration::from_secs(26), "{waits:?}");
        assert!(waits[99] > Duration::from_secs(34), "{waits:?}");
    }
}
