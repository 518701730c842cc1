//! The effect of elapsed time, and of another airspace, on open visits, before the records of a snapshot are
//! considered.
//!
//! Absence is counted in observed time, so that an outage of the collector is not taken for an absence of
//! pilots.

use chrono::TimeDelta;

use super::{
    Time,
    airspace::Airspace,
    rules::Rules,
    tracking::{Tracked, Tracking},
    transition::{Transition, TransitionKind},
};

/// The longest part of a gap between two stored snapshots that counts as observed time. Nothing is known of
/// the rest.
pub const MOST_OF_A_PAUSE: TimeDelta = TimeDelta::seconds(60);

/// The moment of a snapshot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Moment {
    /// The snapshot's `update_timestamp`.
    pub at: Time,
    /// `update_timestamp` of the previous stored snapshot.
    pub mark: Option<Time>,
    /// The sum of observed time, including the gap before this snapshot.
    pub observed_time: TimeDelta,
}

impl Moment {
    /// The moment of the snapshot at `at` after the one at `mark`, where the sum was `observed_time`.
    pub fn after(mark: Option<Time>, observed_time: TimeDelta, at: Time) -> Self {
        let moment = Self { at, mark, observed_time };
        let counted = moment.pause().clamp(TimeDelta::zero(), MOST_OF_A_PAUSE);
        Self { observed_time: observed_time + counted, ..moment }
    }

    /// The gap since the previous stored snapshot, or zero.
    fn pause(&self) -> TimeDelta {
        self.mark.map_or(TimeDelta::zero(), |mark| self.at - mark)
    }

    /// Why an open visit of this flight ends now, whether or not the flight is in the snapshot.
    fn ends(&self, flight: &Tracked, airspace: &Airspace, rules: &Rules) -> Option<TransitionKind> {
        let sector = flight.visit.as_deref()?;
        if airspace.sector(sector).is_none() {
            return Some(TransitionKind::AirspaceChanged);
        }
        if self.pause() > rules.longest_gap {
            return Some(TransitionKind::Unobserved);
        }
        let absence = self.observed_time - flight.observed_time;
        (absence >= rules.missing_grace).then_some(TransitionKind::Disconnected)
    }
}

/// The state after elapsed time was applied, from which the snapshot's records are judged.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Begun {
    /// The moment of the snapshot.
    pub now: Moment,
    /// The flights. Those with an ended visit are outside.
    pub tracking: Tracking,
    /// The ends of visits, where and when each flight was last observed.
    pub ended: Vec<Transition>,
}

/// Ends visits of sectors that `airspace` does not have, and then applies the first two rules of the table: ends
/// visits after a long gap or a long absence.
///
/// The airspace may be another one than that of the snapshot before. Nothing needs to remember that: whichever way
/// it changed, and whatever failed since, a visit ends here exactly when its sector is not there.
pub fn begin(tracking: &Tracking, airspace: &Airspace, now: Moment, rules: &Rules) -> Begun {
    let mut begun = Begun { now, tracking: tracking.clone(), ended: Vec::new() };
    for (key, flight) in &mut begun.tracking {
        let Some(kind) = now.ends(flight, airspace, rules) else { continue };
        if let Some(sector) = flight.visit.take() {
            flight.slow_polls = 0;
            begun.ended.push(flight.transition(key, kind, sector));
        }
    }
    begun
}
