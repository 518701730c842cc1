//! The waits for connections in the last minute.

use std::time::{Duration, Instant};

use crate::families::WAIT_SECONDS;

/// The window after which waits are forgotten.
pub const WINDOW: Duration = Duration::from_secs(60);

const SECONDS: usize = WINDOW.as_secs() as usize;

/// The waits that ended in one second, by bucket; the last bucket has no bound.
#[derive(Clone, Copy, Default)]
struct Second {
    number: u64,
    counts: [u32; WAIT_SECONDS.len() + 1],
    longest: Duration,
}

/// A ring of seconds. Reading it changes nothing.
pub struct RecentWaits {
    started: Instant,
    seconds: [Second; SECONDS],
}

impl RecentWaits {
    pub fn since(started: Instant) -> Self {
        Self { started, seconds: [Second::default(); SECONDS] }
    }

    pub fn note(&mut self, waited: Duration, now: Instant) {
        let number = self.number(now);
        let second = &mut self.seconds[number as usize % SECONDS];
        if second.number != number {
            *second = Second { number, ..Second::default() };
        }
        let bucket = WAIT_SECONDS.iter().position(|bound| waited.as_secs_f64() <= *bound);
        second.counts[bucket.unwrap_or(WAIT_SECONDS.len())] += 1;
        second.longest = second.longest.max(waited);
    }

    /// The 95th percentile: the upper bound of its bucket, or the longest wait if that is less; `None`
    /// without waits.
    pub fn p95_seconds(&self, now: Instant) -> Option<f64> {
        let newest = self.number(now);
        let recent = || {
            let is_recent = move |it: &&Second| newest.saturating_sub(it.number) < SECONDS as u64;
            self.seconds.iter().filter(is_recent)
        };
        let count: u32 = recent().flat_map(|second| second.counts).sum();
        let rank = (u64::from(count) * 95).div_ceil(100);
        let longest = recent().map(|second| second.longest.as_secs_f64()).reduce(f64::max)?;
        let mut seen = 0;
        let bounds = WAIT_SECONDS.iter().copied().chain([f64::INFINITY]);
        let held = bounds.enumerate().find(|(bucket, _)| {
            seen += recent().map(|second| u64::from(second.counts[*bucket])).sum::<u64>();
            seen >= rank && rank > 0
        });
        held.map(|(_, bound)| bound.min(longest))
    }

    fn number(&self, now: Instant) -> u64 {
        now.saturating_duration_since(self.started).as_secs()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ms(ms: u64) -> Duration {
        Duration::from_millis(ms)
    }

    #[test]
    fn the_percentile_is_of_the_last_minute() {
        let start = Instant::now();
        let mut waits = RecentWaits::since(start);
        let at = |seconds| start + Duration::from_secs(seconds);
        assert_eq!(waits.p95_seconds(at(0)), None);
        for _ in 0..94 {
            waits.note(ms(1), at(10));
        }
        for _ in 0..5 {
            waits.note(ms(700), at(10));
        }
        assert_eq!(waits.p95_seconds(at(10)), Some(0.7), "one in twenty is slow");
        waits.note(ms(1), at(10));
        assert_eq!(waits.p95_seconds(at(69)), Some(0.001));
        waits.note(ms(45_000), at(30));
        for _ in 0..19 {
            waits.note(ms(45_000), at(30));
        }
        assert_eq!(waits.p95_seconds(at(69)), Some(45.0), "beyond all bounds");
        assert_eq!(waits.p95_seconds(at(70)), Some(45.0));
        waits.note(ms(2), at(90));
        assert_eq!(waits.p95_seconds(at(90)), Some(0.002), "what was slow is forgotten");
        assert_eq!(waits.p95_seconds(at(150)), None, "and then there is nothing");
        waits.note(ms(2), at(1_000));
        assert_eq!(waits.p95_seconds(at(1_000)), Some(0.002));
    }
}
