//! The state of the flights, which the state machine advances.

use std::{collections::BTreeMap, sync::Arc};

use chrono::TimeDelta;

use super::{
    Time,
    flight::FlightKey,
    movements::AirportState,
    transition::{Transition, TransitionKind},
};

/// How long a flight without an open visit is kept in memory after it was last seen. After that, its stored
/// plan no longer counts.
pub const REMEMBERED: TimeDelta = TimeDelta::hours(24);

/// The state of all flights in the order of their keys, so that a replay is deterministic.
pub type Tracking = BTreeMap<FlightKey, Tracked>;

/// The state of one flight: a cache of its rows.
#[derive(Debug, Clone, PartialEq)]
pub struct Tracked {
    /// `flights.id`; `None` until the flights transaction has stored it.
    pub id: Option<i64>,
    /// The time of the last observation; never decreases.
    pub observed_at: Time,
    /// `update_timestamp` of the last snapshot in which it was present.
    pub last_seen: Time,
    /// The [sum of observed time](super::absence::Moment::observed_time) at that snapshot.
    pub observed_time: TimeDelta,
    /// In degrees, at the last observation.
    pub latitude: f64,
    /// In degrees, at the last observation.
    pub longitude: f64,
    /// In feet, at the last observation.
    pub altitude: i32,
    /// Slow observations in a row.
    pub slow_polls: i16,
    /// The sector of the open visit.
    pub visit: Option<Arc<str>>,
    /// The stored plan.
    pub plan: StoredPlan,
    /// Where it is with respect to airports.
    pub airport: AirportState,
}

/// What memory keeps of the stored plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct StoredPlan {
    /// Whether it has a departure.
    pub has_departure: bool,
    /// Whether it has an arrival.
    pub has_arrival: bool,
    /// A digest of the stored plan; `None` after a restart, when the next plan is written again.
    pub digest: Option<u64>,
}

impl StoredPlan {
    /// Whether it has both.
    pub fn is_complete(self) -> bool {
        self.has_departure && self.has_arrival
    }
}

impl Tracked {
    /// Whether memory keeps the flight after the snapshot of `mark`, also after a restart.
    pub fn is_remembered(&self, mark: Time) -> bool {
        self.visit.is_some() || self.was_seen_lately(mark)
    }

    /// Whether its stored plan counts at the snapshot after the one of `mark`.
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
