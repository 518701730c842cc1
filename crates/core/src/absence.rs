//! What the passing of time does to open visits, before a snapshot's records are looked at.
//!
//! Absence is counted in observed time, so that our own silence is not taken for that of the pilots.

use chrono::TimeDelta;

use super::{
    Time,
    rules::Rules,
    tracking::{Tracked, Tracking},
    transition::{Transition, TransitionKind},
};

/// What one pause between two stored snapshots adds to the observed time at most: what happened in a longer one
/// was seen by nobody.
pub const MOST_OF_A_PAUSE: TimeDelta = TimeDelta::seconds(60);

/// When a snapshot is taken in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Moment {
    /// Its `update_timestamp`.
    pub at: Time,
    /// `update_timestamp` of the stored snapshot before it.
    pub mark: Option<Time>,
    /// The running sum of observed time, the pause before this snapshot included.
    pub observed_time: TimeDelta,
}

impl Moment {
    /// That of the snapshot of `at`, after the one of `mark`, up to which the sum was `observed_time`.
    pub fn after(mark: Option<Time>, observed_time: TimeDelta, at: Time) -> Self {
        let moment = Self { at, mark, observed_time };
        let counted = moment.pause().clamp(TimeDelta::zero(), MOST_OF_A_PAUSE);
        Self { observed_time: observed_time + counted, ..moment }
    }

    /// The time since the stored snapshot before; none where there is none.
    fn pause(&self) -> TimeDelta {
        self.mark.map_or(TimeDelta::zero(), |mark| self.at - mark)
    }

    /// Why an open visit of this flight ends now, whether or not the flight is in the snapshot.
    fn ends(&self, flight: &Tracked, rules: &Rules) -> Option<TransitionKind> {
        if self.pause() > rules.longest_gap {
            return Some(TransitionKind::Unobserved);
        }
        let absence = self.observed_time - flight.observed_time;
        (absence >= rules.missing_grace).then_some(TransitionKind::Disconnected)
    }
}

/// The state as the time alone leaves it: what the snapshot's records are judged by.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Begun {
    /// The moment of the snapshot.
    pub now: Moment,
    /// The flights; those whose visit has ended are outside.
    pub tracking: Tracking,
    /// The visits that ended, each where and when its flight was last observed.
    pub ended: Vec<Transition>,
}

/// The first two rules of the table: ends the visits of which too long nothing was seen.
pub fn begin(tracking: &Tracking, now: Moment, rules: &Rules) -> Begun {
    let mut begun = Begun { now, tracking: tracking.clone(), ended: Vec::new() };
    for (key, flight) in &mut begun.tracking {
        let Some(kind) = now.ends(flight, rules) else { continue };
        if let Some(sector) = flight.visit.take() {
            flight.slow_polls = 0;
            begun.ended.push(flight.transition(key, kind, sector));
        }
    }
    begun
}
