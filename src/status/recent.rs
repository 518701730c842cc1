//! The cycles of the last ten minutes, summed on request.

use std::collections::VecDeque;

use chrono::TimeDelta;
use serde::Serialize;

use crate::status::outcome::CycleOutcome;
use sectorwatch_core::Time;

/// The rows that one cycle wrote.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CycleFigures {
    /// End of the cycle.
    pub finished_at: Time,
    pub outcome: CycleOutcome,
    /// Rows inserted into or updated in `flights`.
    pub flights_written: u64,
    /// Rows inserted into `flight_positions`.
    pub positions: u64,
    /// Controller rows written.
    pub controllers: u64,
    /// Transceiver rows written.
    pub transceivers: u64,
    /// Transitions applied.
    pub transitions: u64,
}

/// The latest cycles, oldest first. Each push removes those older than the window.
#[derive(Debug, Clone, Default)]
pub struct RecentCycles(VecDeque<CycleFigures>);

/// The section `recent` of the JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub(crate) struct RecentSums {
    pub window_seconds: u32,
    pub flights: u64,
    pub positions: u64,
    pub controllers: u64,
    pub transceivers: u64,
    pub transitions: u64,
    pub failed_cycles: u64,
    pub cycles: u64,
}

impl RecentCycles {
    const WINDOW_SECONDS: u32 = 600;

    /// Adds a finished cycle.
    pub fn push(&mut self, cycle: CycleFigures) {
        let now = cycle.finished_at;
        self.0.push_back(cycle);
        while self.0.front().is_some_and(|oldest| !inside(oldest, now)) {
            self.0.pop_front();
        }
    }

    /// The sums over the window that ends at `now`.
    pub(super) fn sums(&self, now: Time) -> RecentSums {
        let none = RecentSums { window_seconds: Self::WINDOW_SECONDS, ..RecentSums::default() };
        self.0.iter().filter(|cycle| inside(cycle, now)).fold(none, |sum, cycle| RecentSums {
            flights: sum.flights + cycle.flights_written,
            positions: sum.positions + cycle.positions,
            controllers: sum.controllers + cycle.controllers,
            transceivers: sum.transceivers + cycle.transceivers,
            transitions: sum.transitions + cycle.transitions,
            failed_cycles: sum.failed_cycles + u64::from(cycle.outcome.is_failure()),
            cycles: sum.cycles + 1,
            ..sum
        })
    }
}

/// Whether a cycle ended in the window that ends at `now`.
fn inside(cycle: &CycleFigures, now: Time) -> bool {
    now - cycle.finished_at < TimeDelta::seconds(RecentCycles::WINDOW_SECONDS.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Time {
        Time::UNIX_EPOCH + TimeDelta::seconds(seconds)
    }

    fn cycle(seconds: i64, outcome: CycleOutcome) -> CycleFigures {
        CycleFigures {
            finished_at: at(seconds),
            outcome,
            flights_written: 1,
            positions: 20,
            controllers: 300,
            transceivers: 4000,
            transitions: 50_000,
        }
    }

    #[test]
    fn sums_cover_the_last_ten_minutes_and_forget_by_themselves() {
        let mut recent = RecentCycles::default();
        recent.push(cycle(0, CycleOutcome::FetchError));
        recent.push(cycle(1, CycleOutcome::Unchanged));
        recent.push(cycle(599, CycleOutcome::Success));
        let sums = |now| {
            let s = recent.sums(at(now));
            (
                s.cycles,
                s.failed_cycles,
                s.flights,
                s.positions,
                s.controllers,
                s.transceivers,
                s.transitions,
            )
        };
        assert_eq!(sums(599), (3, 1, 3, 60, 900, 12_000, 150_000));
        assert_eq!(sums(600), (2, 0, 2, 40, 600, 8_000, 100_000));
        assert_eq!(sums(1199), (0, 0, 0, 0, 0, 0, 0));
    }

    #[test]
    fn a_push_drops_what_left_the_window() {
        let mut recent = RecentCycles::default();
        for seconds in 0..2_000 {
            recent.push(cycle(seconds, CycleOutcome::Success));
        }
        assert_eq!(recent.0.len(), 600);
    }
}
