//! What is known of the flights: the state that the state machine steps from and to.

use std::{collections::BTreeMap, sync::Arc};

use chrono::TimeDelta;

use super::{
    Time,
    flight::FlightKey,
    transition::{Transition, TransitionKind},
};

/// How long a flight without an open visit is remembered after it was last seen. After that, what is stored of its
/// plan does not count any more.
pub const REMEMBERED: TimeDelta = TimeDelta::hours(24);

/// The state of all flights, in the order of their keys so that a replay is deterministic.
pub type Tracking = BTreeMap<FlightKey, Tracked>;

/// What is known of one flight: a cache of its rows.
#[derive(Debug, Clone, PartialEq)]
pub struct Tracked {
    /// `flights.id`; `None` until the flights transaction has stored it.
    pub id: Option<i64>,
    /// Observation time of the last observation: never decreases.
    pub observed_at: Time,
    /// `update_timestamp` of the last snapshot in which it was present.
    pub last_seen: Time,
    /// The [running sum](super::absence::Moment::observed_time) at that snapshot.
    pub observed_time: TimeDelta,
    /// Degrees, at the last observation.
    pub latitude: f64,
    /// Degrees, at the last observation.
    pub longitude: f64,
    /// Feet, at the last observation.
    pub altitude: i32,
    /// Slow observations since the last one that was not.
    pub slow_polls: i16,
    /// The sector of the open visit.
    pub visit: Option<Arc<str>>,
    /// What is stored of the plan.
    pub plan: StoredPlan,
}

/// What memory keeps of the plan that is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct StoredPlan {
    /// It says from where.
    pub has_departure: bool,
    /// It says to where.
    pub has_arrival: bool,
    /// Digest of the stored plan; `None` after a restart, when the next plan is written again.
    pub digest: Option<u64>,
}

impl StoredPlan {
    /// Whether it says both.
    pub fn is_complete(self) -> bool {
        self.has_departure && self.has_arrival
    }
}

impl Tracked {
    /// Whether memory holds the flight after the snapshot of `mark`; the same after a restart.
    pub fn is_remembered(&self, mark: Time) -> bool {
        self.visit.is_some() || self.was_seen_lately(mark)
    }

    /// Whether what is stored of it still counts at the snapshot after the one of `mark`.
    pub fn was_seen_lately(&self, mark: Time) -> bool {
        mark - self.last_seen <= REMEMBERED
    }

    /// A transition at the position and time of the last observation.
    pub(super) fn transition(
        &self,
        key: &FlightKey,
        kind: TransitionKind,
        sector: Arc<str>,
    ) -> Transition {
        Transition {
            key: key.clone(),
            flight_id: self.id,
            kind,
            sector,
            at: self.observed_at,
            latitude: self.latitude,
            longitude: self.longitude,
            altitude: self.altitude,
        }
    }
}
