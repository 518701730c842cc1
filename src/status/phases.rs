//! The latest durations of a phase, for its percentiles.

use std::{collections::VecDeque, time::Duration};

use sectorwatch_core::Time;

/// The last 100 durations of a phase, and the outcome of its latest run.
#[derive(Debug, Clone, Default)]
pub struct PhaseTimes {
    durations: VecDeque<Duration>,
    ok: bool,
    written_at: Option<Time>,
}

impl PhaseTimes {
    const KEPT: usize = 100;

    /// Adds one run of the phase.
    pub fn push(&mut self, duration: Duration, ok: bool) {
        if self.durations.len() == Self::KEPT {
            self.durations.pop_front();
        }
        self.durations.push_back(duration);
        self.ok = ok;
    }

    /// Records a run that could not begin, because its input was missing. It has no duration.
    pub fn failed(&mut self) {
        self.ok = false;
    }

    /// Records the time of a successful run, which is the age of what the phase writes.
    pub fn written(&mut self, at: Time) {
        self.written_at = Some(at);
    }

    /// When a run last succeeded.
    pub fn written_at(&self) -> Option<Time> {
        self.written_at
    }

    /// The number of runs in the percentiles.
    pub fn runs(&self) -> u64 {
        self.durations.len() as u64
    }

    /// The latest duration.
    pub fn last(&self) -> Option<Duration> {
        self.durations.back().copied()
    }

    /// `ok` or `error`, the outcome of the latest run.
    pub fn outcome(&self) -> &'static str {
        if self.ok { "ok" } else { "error" }
    }

    /// The smallest duration that at least `percent` of the runs did not exceed (nearest rank).
    pub fn percentile(&self, percent: usize) -> Option<Duration> {
        let mut sorted: Vec<_> = self.durations.iter().copied().collect();
        sorted.sort_unstable();
        let rank = (sorted.len() * percent).div_ceil(100);
        sorted.get(rank.saturating_sub(1)).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn times(millis: impl IntoIterator<Item = u64>) -> PhaseTimes {
        let mut times = PhaseTimes::default();
        for ms in millis {
            times.push(Duration::from_millis(ms), true);
        }
        times
    }

    #[test]
    fn percentiles_are_nearest_rank_over_the_last_hundred() {
        let p = |times: &PhaseTimes| [50, 95].map(|p| times.percentile(p).map(|d| d.as_millis()));
        assert_eq!(p(&times([])), [None, None]);
        assert_eq!(p(&times([7])), [Some(7), Some(7)]);
        assert_eq!(p(&times([3, 1])), [Some(1), Some(3)]);
        assert_eq!(p(&times((1..=20).rev())), [Some(10), Some(19)]);
        let hundred_after_slow_ones = times((0..50).map(|_| 9_000).chain(1..=100));
        assert_eq!(p(&hundred_after_slow_ones), [Some(50), Some(95)]);
    }

    #[test]
    fn outcome_and_last_are_of_the_latest_run() {
        let mut times = times([5]);
        times.push(Duration::from_millis(2), false);
        assert_eq!(times.outcome(), "error");
        assert_eq!(times.last(), Some(Duration::from_millis(2)));
        times.push(Duration::from_millis(1), true);
        assert_eq!(times.outcome(), "ok");
        times.failed();
        assert_eq!((times.outcome(), times.last()), ("error", Some(Duration::from_millis(1))));
    }
}
