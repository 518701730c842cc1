//! The progress of the running cycle, and for how long the feed has answered while nothing was stored.
//!
//! It is recorded during a cycle and not at its end, so that a hanging cycle cannot freeze it. It is measured
//! with a monotonic clock, so that setting the clock back cannot hide it.

use std::time::{Duration, Instant};

use crate::status::{outcome::Phase, standing::Standing};
use sectorwatch_core::Time;

/// A cycle that has not ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Running {
    /// When it began.
    pub began_at: Time,
    /// How long ago that is.
    pub age: Duration,
    /// The phase that is running.
    pub phase: Phase,
}

/// Whether the feed's answers are stored.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Storing {
    /// `update_timestamp` of the newest stored snapshot, once it is known.
    pub mark: Option<Time>,
    /// When the flights of a snapshot were last stored.
    pub stored_at: Option<Time>,
    /// When the feed last answered, with any answer.
    pub answered_at: Option<Time>,
    /// For how long the feed has answered while nothing was stored. Time without answers is not counted.
    pub in_vain: Duration,
    /// Whether publications advance meanwhile, but behind the mark.
    pub advances_behind: bool,
}

/// The progress of a process's cycles.
#[derive(Debug)]
pub struct Progress {
    running: Option<(u64, Time, Instant, Phase)>,
    cycles: u64,
    storing: Storing,
    answers: bool,
    /// The time up to which `storing.in_vain` is counted.
    counted_to: Instant,
    /// The newest publication behind the mark since a publication was at the mark or stored.
    behind: Option<Time>,
}

impl Progress {
    /// Creates the progress of a process that has not asked the feed yet.
    pub fn at(now: Instant) -> Self {
        Self {
            running: None,
            cycles: 0,
            storing: Storing::default(),
            answers: false,
            counted_to: now,
            behind: None,
        }
    }

    /// Begins a cycle, which replaces a running one, and returns its number.
    pub fn begin(&mut self, at: Time, now: Instant) -> u64 {
        self.cycles += 1;
        self.running = Some((self.cycles, at, now, Phase::Fetch));
        self.cycles
    }

    /// Whether the cycle is running, and no successor's cycle has replaced it.
    pub fn is_running(&self, cycle: u64) -> bool {
        self.running.is_some_and(|(number, ..)| number == cycle)
    }

    /// Sets the phase of the running cycle.
    pub fn enter(&mut self, phase: Phase) {
        if let Some(running) = &mut self.running {
            running.3 = phase;
        }
    }

    /// Ends the running cycle.
    pub fn end(&mut self) {
        self.running = None;
    }

    /// Records the end of a request to the feed.
    pub fn asked(&mut self, answered: bool, at: Time, now: Instant) {
        self.count(now);
        self.answers = answered;
        if answered {
            self.storing.answered_at = Some(at);
        }
    }

    /// Sets the mark that was read from the tables.
    pub fn mark(&mut self, mark: Option<Time>) {
        self.storing.mark = mark;
    }

    /// Records the comparison of a publication with the mark.
    pub fn compared(&mut self, published: Time, standing: &Standing) {
        match standing {
            Standing::Backwards | Standing::MarkAhead(_) => {
                let newest = *self.behind.get_or_insert(published);
                self.storing.advances_behind |= published > newest;
                self.behind = Some(newest.max(published));
            }
            Standing::Same | Standing::Newer => {
                self.behind = None;
                self.storing.advances_behind = false;
            }
        }
    }

    /// Records that the flights of a publication are stored.
    pub fn stored(&mut self, published: Time, at: Time, now: Instant) {
        self.counted_to = now;
        self.behind = None;
        self.storing = Storing {
            mark: Some(published),
            stored_at: Some(at),
            in_vain: Duration::ZERO,
            advances_behind: false,
            ..self.storing
        };
    }

    /// The running cycle, if there is one.
    pub fn running(&self, now: Instant) -> Option<Running> {
        let (_, began_at, begun, phase) = self.running?;
        Some(Running { began_at, age: now.saturating_duration_since(begun), phase })
    }

    /// Whether the feed's answers are stored.
    pub fn storing(&self, now: Instant) -> Storing {
        Storing { in_vain: self.in_vain(now), ..self.storing }
    }

    fn count(&mut self, now: Instant) {
        self.storing.in_vain = self.in_vain(now);
        self.counted_to = now;
    }

    fn in_vain(&self, now: Instant) -> Duration {
        let since = now.saturating_duration_since(self.counted_to);
        self.storing.in_vain + if self.answers { since } else { Duration::ZERO }
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;

    fn at(seconds: i64) -> Time {
        Time::UNIX_EPOCH + TimeDelta::seconds(seconds)
    }

    #[test]
    fn only_time_in_which_the_feed_answers_is_in_vain() {
        let start = Instant::now();
        let after = |seconds| start + Duration::from_secs(seconds);
        let mut progress = Progress::at(start);
        let in_vain =
            |progress: &Progress, seconds| progress.storing(after(seconds)).in_vain.as_secs();
        assert_eq!(in_vain(&progress, 1_000), 0, "it never answered");
        progress.asked(true, at(1_000), after(1_000));
        assert_eq!(in_vain(&progress, 1_070), 70, "also while a cycle hangs");
        progress.stored(at(990), at(1_070), after(1_070));
        assert_eq!(in_vain(&progress, 1_085), 15);
        progress.asked(true, at(1_085), after(1_085));
        progress.asked(false, at(1_100), after(1_100));
        assert_eq!(in_vain(&progress, 5_000), 30, "nobody answers");
        progress.asked(true, at(5_000), after(5_000));
        assert_eq!(in_vain(&progress, 5_010), 40, "it goes on");
        progress.stored(at(4_990), at(5_010), after(5_010));
        let storing = progress.storing(after(5_010));
        let expected = Storing {
            mark: Some(at(4_990)),
            stored_at: Some(at(5_010)),
            answered_at: Some(at(5_000)),
            ..Storing::default()
        };
        assert_eq!(storing, expected);
    }

    #[test]
    fn publications_advance_behind_the_mark_and_a_server_that_lags_does_not_count() {
        let start = Instant::now();
        let advances = |published: &[i64]| {
            let mut progress = Progress::at(start);
            for published in published {
                let standing = Standing::of(at(*published), Some(at(1_000)), None);
                progress.compared(at(*published), &standing);
            }
            progress.storing(start).advances_behind
        };
        assert!(!advances(&[]));
        assert!(!advances(&[970, 970]), "it stands still");
        assert!(!advances(&[985, 970, 955]), "it goes back");
        assert!(advances(&[970, 985]));
        assert!(advances(&[970, 985, 970]), "for good");
        assert!(!advances(&[985, 1_000, 985]), "two servers, one behind");
        assert!(!advances(&[970, 1_000, 985, 1_000]));
        assert!(!advances(&[970, 985, 1_000]), "at the mark");
    }

    #[test]
    fn a_superseded_cycle_is_not_the_running_one() {
        let start = Instant::now();
        let mut progress = Progress::at(start);
        assert_eq!(progress.running(start), None);
        let first = progress.begin(at(0), start);
        progress.enter(Phase::Flights);
        let running = progress.running(start + Duration::from_secs(61));
        let age = Duration::from_secs(61);
        assert_eq!(running, Some(Running { began_at: at(0), age, phase: Phase::Flights }));
        let second = progress.begin(at(70), start);
        assert_eq!((progress.is_running(first), progress.is_running(second)), (false, true));
        progress.end();
        assert!(!progress.is_running(second));
    }
}
