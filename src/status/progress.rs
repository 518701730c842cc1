//! How far the running cycle is, and for how long the feed has been answering in vain.
//!
//! Told while it happens and not at the end of a cycle, so that a cycle that hangs cannot freeze it; and
//! measured by a clock that nobody sets, so that one that is set back cannot hide it.

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
    /// Where it is.
    pub phase: Phase,
}

/// Whether what the feed answers is stored.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Storing {
    /// `update_timestamp` of the newest stored snapshot, once known.
    pub mark: Option<Time>,
    /// When the flights of a snapshot were stored last.
    pub stored_at: Option<Time>,
    /// When the feed answered last, whatever was in the answer.
    pub answered_at: Option<Time>,
    /// For how long it has been answering without anything being stored. Time in which it did not
    /// answer is not counted.
    pub in_vain: Duration,
    /// Its publications advance meanwhile, behind the mark.
    pub advances_behind: bool,
}

/// Where the cycles of a process are.
#[derive(Debug)]
pub struct Progress {
    running: Option<(u64, Time, Instant, Phase)>,
    cycles: u64,
    storing: Storing,
    answers: bool,
    /// Up to when `storing.in_vain` is counted.
    counted_to: Instant,
    /// The newest publication behind the mark since one was at it or stored.
    behind: Option<Time>,
}

impl Progress {
    /// Nothing was asked yet.
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

    /// A cycle begins, in the place of any other. Returns its number.
    pub fn begin(&mut self, at: Time, now: Instant) -> u64 {
        self.cycles += 1;
        self.running = Some((self.cycles, at, now, Phase::Fetch));
        self.cycles
    }

    /// Whether this cycle has not been replaced by that of a successor.
    pub fn is_running(&self, cycle: u64) -> bool {
        self.running.is_some_and(|(number, ..)| number == cycle)
    }

    /// The running cycle is in this phase.
    pub fn enter(&mut self, phase: Phase) {
        if let Some(running) = &mut self.running {
            running.3 = phase;
        }
    }

    /// The running cycle is over.
    pub fn end(&mut self) {
        self.running = None;
    }

    /// A request to the feed is over.
    pub fn asked(&mut self, answered: bool, at: Time, now: Instant) {
        self.count(now);
        self.answers = answered;
        if answered {
            self.storing.answered_at = Some(at);
        }
    }

    /// What the tables say.
    pub fn mark(&mut self, mark: Option<Time>) {
        self.storing.mark = mark;
    }

    /// A publication was compared with the mark.
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

    /// The flights of a publication are stored.
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

    /// The cycle that has not ended.
    pub fn running(&self, now: Instant) -> Option<Running> {
        let (_, began_at, begun, phase) = self.running?;
        Some(Running { began_at, age: now.saturating_duration_since(begun), phase })
    }

    /// What is stored of what the feed answers.
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
