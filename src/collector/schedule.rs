//! The schedule of polls, aligned to the first one so that it does not drift.

use std::time::{Duration, Instant};

/// The schedule of one poller.
#[derive(Debug, Clone, Copy)]
pub struct Schedule {
    first: Instant,
    interval: Duration,
    next: u32,
}

impl Schedule {
    /// Creates a schedule with the first poll at `first`.
    pub fn from(first: Instant, interval: Duration) -> Self {
        Self { first, interval, next: 0 }
    }

    /// When the next poll is due.
    pub fn due(&self) -> Instant {
        self.first + self.interval * self.next
    }

    /// Records the end of a cycle, and returns how many scheduled polls it skipped.
    pub fn ended(&mut self, now: Instant) -> u64 {
        let passed = self.passed(now);
        let skipped = passed.saturating_sub(self.next);
        self.next = passed.max(self.next) + 1;
        u64::from(skipped)
    }

    /// Postpones the next poll until `until`. Polls scheduled before it do not count as skipped.
    pub fn wait_until(&mut self, until: Instant) {
        let first_after = self.passed(until) + u32::from(self.is_between(until));
        self.next = self.next.max(first_after);
    }

    fn passed(&self, now: Instant) -> u32 {
        let nanos = now.saturating_duration_since(self.first).as_nanos();
        u32::try_from(nanos / self.interval.as_nanos().max(1)).unwrap_or(u32::MAX)
    }

    fn is_between(&self, at: Instant) -> bool {
        let nanos = at.saturating_duration_since(self.first).as_nanos();
        !nanos.is_multiple_of(self.interval.as_nanos().max(1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ms(first: Instant, ms: u64) -> Instant {
        first + Duration::from_millis(ms)
    }

    #[test]
    fn ticks_stay_aligned_and_those_that_fall_into_a_cycle_are_skipped() {
        let first = Instant::now();
        let mut ticks = Schedule::from(first, Duration::from_millis(100));
        assert_eq!(ticks.due(), first);
        for (cycle_ends, skipped, next) in [(30, 0, 100), (199, 0, 200), (530, 3, 600)] {
            assert_eq!(ticks.ended(ms(first, cycle_ends)), skipped, "cycle ends at {cycle_ends}");
            assert_eq!(ticks.due(), ms(first, next));
        }
    }

    #[test]
    fn a_back_off_waits_for_the_first_tick_after_it() {
        let first = Instant::now();
        for (until, due) in [(50, 100), (100, 100), (250, 300), (300, 300)] {
            let mut ticks = Schedule::from(first, Duration::from_millis(100));
            ticks.ended(ms(first, 20));
            ticks.wait_until(ms(first, until));
            assert_eq!(ticks.due(), ms(first, due), "waiting until {until}");
            assert_eq!(ticks.ended(ms(first, due + 10)), 0);
        }
    }
}
