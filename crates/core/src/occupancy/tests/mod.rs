//! The state machine, driven by snapshots through the filter as in a cycle.

mod absence;
mod history;
mod hysteresis;
mod plan;
mod properties;
mod rows;
mod table;

use std::collections::BTreeMap;

use chrono::TimeDelta;

use super::*;
use crate::{
    absence::begin,
    filter::filter,
    flight::{FlightKey, Pilot},
    movements::{Airport, Airports},
    sample,
};

/// An airport in each of two sectors, so high up that flights are on its ground there.
fn of_movements() -> movements::Rules {
    let airports = ["SYD", "MEL"].map(|icao| {
        let (latitude, longitude) = sample::place(icao);
        Airport { icao: icao.into(), latitude, longitude, elevation_ft: 34_900.0 }
    });
    movements::Rules { airports: Airports::new(airports), ..movements::Rules::default() }
}

/// Memory, as in the poller.
struct Radar {
    mark: Option<Time>,
    observed_time: TimeDelta,
    tracking: Tracking,
    rules: Rules,
    of_movements: movements::Rules,
    require_flight_plan: bool,
    ids: BTreeMap<FlightKey, i64>,
}

/// An [`Observation`] without references.
#[derive(Debug, Clone, PartialEq)]
struct Seen {
    key: FlightKey,
    observed_at: Time,
    slow_polls: i16,
    in_scope: bool,
    plan_changed: bool,
    airport: Option<String>,
    movement: Option<Happened>,
}

/// The effect of one snapshot.
#[derive(Debug, Clone, PartialEq)]
struct Polled {
    seen: Vec<Seen>,
    /// Flights that are present by a refused record only.
    present: Vec<i64>,
    now: Moment,
    transitions: Vec<Transition>,
}

impl Radar {
    fn new() -> Self {
        Self {
            mark: None,
            observed_time: TimeDelta::zero(),
            tracking: Tracking::new(),
            rules: Rules::default(),
            of_movements: of_movements(),
            require_flight_plan: true,
            ids: BTreeMap::new(),
        }
    }

    /// Applies the snapshot of this second.
    fn poll(&mut self, second: i64, pilots: Vec<Pilot>) -> Polled {
        self.poll_with(second, pilots, &[])
    }

    /// Applies a snapshot with refused records.
    fn poll_with(&mut self, second: i64, pilots: Vec<Pilot>, refused: &[PartialKey]) -> Polled {
        let snapshot = sample::snapshot(sample::time(second), pilots);
        let airspace = sample::airspace();
        let hysteresis_ft = self.rules.level_hysteresis_ft;
        let now = Moment::after(self.mark, self.observed_time, snapshot.update_timestamp);
        let begun = begin(&self.tracking, &airspace, now, &self.rules);
        let filtered =
            filter(&snapshot, &airspace, &begun, self.require_flight_plan, hysteresis_ft);
        let apply = |begun| step(begun, &filtered, refused, &self.rules, &self.of_movements);
        let again = apply(begun.clone());
        let step = apply(begun);
        assert_eq!(step, again, "the same again");
        (self.mark, self.observed_time) = (Some(now.at), now.observed_time);
        self.tracking = step.next;
        for seen in &step.observations {
            let next_id = self.ids.len() as i64 + 1;
            let id = *self.ids.entry(seen.pilot.key.clone()).or_insert(next_id);
            if let Some(flight) = self.tracking.get_mut(&seen.pilot.key) {
                assert!(flight.id.is_none_or(|known| known == id));
                flight.id = Some(id);
            }
        }
        let seen = step.observations.into_iter().map(|seen| Seen {
            key: seen.pilot.key.clone(),
            observed_at: seen.observed_at,
            slow_polls: seen.slow_polls,
            in_scope: seen.in_scope,
            plan_changed: seen.plan_changed,
            airport: seen.airport.to_text(),
            movement: seen.movement,
        });
        Polled { seen: seen.collect(), present: step.present, now, transitions: step.transitions }
    }

    /// The state of the only flight.
    fn only(&self) -> &Tracked {
        assert_eq!(self.tracking.len(), 1);
        self.tracking.values().next().expect("one flight")
    }
}
