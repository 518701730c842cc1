//! The tables after the two transactions, and memory restored from them.

use super::*;
use crate::{
    flight::{FlightPlan, says_something},
    visits::{self, Point, Queued, Visit},
};

/// The state machine's part of a `flights` row.
#[derive(Debug, Clone, PartialEq)]
struct Row {
    id: i64,
    last_updated: Time,
    last_seen: Time,
    observed_time: TimeDelta,
    latitude: f64,
    longitude: f64,
    altitude: i32,
    slow_polls: i16,
    plan: StoredPlan,
    airport: Option<String>,
}

impl StoredPlan {
    fn written(plan: &FlightPlan) -> Self {
        Self {
            has_departure: says_something(plan.departure.as_deref()),
            has_arrival: says_something(plan.arrival.as_deref()),
            digest: None,
        }
    }
}

#[derive(Debug, Clone, PartialEq, Default)]
pub struct Rows {
    /// The moment of the newest flights transaction.
    now: Moment,
    flights: BTreeMap<FlightKey, Row>,
    queue: Vec<Queued>,
    queued: i64,
    pub visits: Vec<Visit>,
}

impl Rows {
    /// The flights transaction.
    pub fn write_flights(&mut self, polled: &Polled, pilots: &[Pilot]) {
        self.now = polled.now;
        let present = self.flights.values_mut().filter(|row| polled.present.contains(&row.id));
        for row in present {
            (row.last_seen, row.observed_time) = (polled.now.at, polled.now.observed_time);
        }
        for seen in &polled.seen {
            let pilot = pilots.iter().find(|pilot| pilot.key == seen.key);
            let pilot = pilot.expect("in the snapshot");
            let stored = self.flights.get(&seen.key);
            let plan = pilot.flight_plan.as_ref().filter(|_| seen.plan_changed);
            let row = Row {
                id: stored.map_or(self.flights.len() as i64 + 1, |row| row.id),
                last_updated: stored
                    .map_or(seen.observed_at, |row| row.last_updated.max(seen.observed_at)),
                last_seen: polled.now.at,
                observed_time: polled.now.observed_time,
                latitude: pilot.latitude,
                longitude: pilot.longitude,
                altitude: pilot.altitude,
                slow_polls: seen.slow_polls,
                plan: plan
                    .map_or(stored.map(|row| row.plan).unwrap_or_default(), StoredPlan::written),
                airport: seen.airport.clone(),
            };
            self.flights.insert(seen.key.clone(), row);
        }
        for transition in &polled.transitions {
            let flight_id = self.flights[&transition.key].id;
            assert!(transition.flight_id.is_none_or(|id| id == flight_id));
            self.queued += 1;
            self.queue.push(Queued {
                id: self.queued,
                flight_id,
                callsign: transition.key.callsign.to_string(),
                kind: transition.kind,
                sector: transition.sector.clone(),
                at: Point {
                    time: transition.at,
                    latitude: transition.latitude,
                    longitude: transition.longitude,
                    altitude: transition.altitude,
                },
                airspace_revision: "tiny".into(),
            });
        }
    }

    /// The sector transaction.
    pub fn apply_queue(&mut self) {
        self.visits = self.folded();
        for (id, visit) in (0..).zip(&mut self.visits) {
            visit.id = Some(id);
        }
        self.queue.clear();
    }

    /// The visits after the queue is applied.
    fn folded(&self) -> Vec<Visit> {
        let open = self.visits.iter().filter(|visit| visit.exit.is_none());
        let mut visits = self.visits.clone();
        for changed in visits::apply(open.cloned().collect(), &self.queue) {
            match visits.iter_mut().find(|it| it.id == changed.id && it.id.is_some()) {
                Some(visit) => *visit = changed,
                None => visits.push(changed),
            }
        }
        visits
    }

    /// The sector of each flight's open visit after the queue is applied. Fails for a flight with two.
    pub fn sectors(&self) -> BTreeMap<FlightKey, Arc<str>> {
        let mut sectors = BTreeMap::new();
        for visit in self.folded().into_iter().filter(|it| it.exit.is_none()) {
            let key = self.flights.iter().find(|(_, row)| row.id == visit.flight_id);
            let (key, _) = key.expect("a flight for each visit");
            let second = sectors.insert(key.clone(), visit.sector);
            assert_eq!(second, None, "two open visits of {key:?}");
        }
        sectors
    }

    /// Restores memory.
    pub fn restore(&self, radar: &mut Radar) {
        let mark = self.now.at;
        (radar.mark, radar.observed_time) = (Some(mark), self.now.observed_time);
        let mut sectors = self.sectors();
        let tracked = self.flights.iter().map(|(key, row)| {
            let visit = sectors.remove(key);
            let flight = Tracked {
                id: Some(row.id),
                observed_at: row.last_updated,
                last_seen: row.last_seen,
                observed_time: row.observed_time,
                latitude: row.latitude,
                longitude: row.longitude,
                altitude: row.altitude,
                slow_polls: visit.as_ref().map_or(0, |_| row.slow_polls),
                visit,
                plan: row.plan,
                airport: row.airport.as_deref().map(AirportState::from_text).unwrap_or_default(),
            };
            (key.clone(), flight)
        });
        radar.tracking = tracked.filter(|(_, flight)| flight.is_remembered(mark)).collect();
    }
}
