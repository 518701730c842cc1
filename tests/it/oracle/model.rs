//! A naive implementation of the rules. It keeps all replayed snapshots in memory, and has no
//! tables.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{
    airspace,
    record::{Key, agrees, client_list, is_complete, micros},
};

const SECOND: i64 = 1_000_000;
const GRACE: i64 = 300 * SECOND;
const LONGEST_GAP: i64 = 900 * SECOND;

/// What the tables must contain.
#[derive(Default)]
pub struct Model {
    pub mark: Option<i64>,
    /// The times (`update_timestamp`) of all stored snapshots.
    stored: Vec<i64>,
    pub flights: BTreeMap<Key, Flight>,
    /// By flight and observation time.
    pub positions: BTreeMap<(Key, i64), Value>,
    pub visits: Vec<Visit>,
    pub controllers: BTreeMap<Key, Controller>,
    pub cycles: Vec<Cycle>,
}

pub struct Flight {
    /// The record of the last observation, with the best plan so far.
    pub latest: Value,
    pub first_seen: i64,
    pub last_seen: i64,
    pub observed_at: i64,
    pub slow_polls: i64,
    /// The index of the open visit.
    visit: Option<usize>,
}

pub struct Visit {
    pub key: Key,
    pub sector: &'static str,
    pub entry: Point,
    pub exit: Option<(Point, &'static str)>,
}

/// The time and the record of an observation.
pub type Point = (i64, Value);

pub struct Controller {
    pub latest: Value,
    pub first_seen: i64,
    pub last_seen: i64,
    pub last_updated: i64,
}

#[derive(Default)]
pub struct Cycle {
    pub published: i64,
    pub flights: usize,
    pub positions: usize,
    pub rejected: usize,
    /// The number of transitions of each kind.
    pub transitions: BTreeMap<&'static str, usize>,
}

fn published(document: &Value) -> i64 {
    let time = document["general"]["update_timestamp"].as_str();
    micros(time.expect("text"))
}

impl Model {
    /// Replays the documents like one run of `replay`. Returns how many of them are refused: at
    /// least half of their pilots, and at least 10, cannot be read.
    pub fn replay(&mut self, documents: &[String]) -> usize {
        let parse = |text: &String| serde_json::from_str(text).expect("JSON");
        let mut documents: Vec<Value> = documents.iter().map(parse).collect();
        documents.sort_by_key(published);
        let mut refused = 0;
        for document in &documents {
            let unreadable = client_list(&document["pilots"], published(document)).unreadable;
            let all = document["pilots"].as_array().map_or(0, Vec::len);
            if unreadable >= 10 && 2 * unreadable >= all {
                refused += 1;
            } else if self.mark.is_none_or(|mark| mark < published(document)) {
                self.snapshot(document);
            }
        }
        refused
    }

    fn snapshot(&mut self, document: &Value) {
        let now = published(document);
        let gap = self.mark.map_or(0, |mark| now - mark);
        self.mark = Some(now);
        self.stored.push(now);
        let pilots = client_list(&document["pilots"], now);
        let controllers = client_list(&document["controllers"], now);
        let rejected = pilots.refused.len() + controllers.refused.len();
        let mut cycle = Cycle { published: now, rejected, ..Cycle::default() };
        for flight in self.flights.values_mut() {
            // All pauses since then are added up again.
            let since = self.stored.partition_point(|stored| *stored < flight.last_seen);
            let pauses = self.stored[since..].windows(2).map(|pair| pair[1] - pair[0]);
            let absence: i64 = pauses.map(|pause| pause.min(60 * SECOND)).sum();
            let reason = match (gap > LONGEST_GAP, absence >= GRACE) {
                (true, _) => "unobserved",
                (false, true) => "disconnected",
                (false, false) => continue,
            };
            if let Some(visit) = flight.visit.take() {
                flight.slow_polls = 0;
                let point = (flight.observed_at, flight.latest.clone());
                self.visits[visit].exit = Some((point, reason));
                *cycle.transitions.entry(reason).or_default() += 1;
            }
        }
        let inside = self.flights.iter().filter(|(_, flight)| flight.visit.is_some());
        let inside: Vec<Key> = inside.map(|(key, _)| key.clone()).collect();
        for (key, record) in pilots.kept {
            self.observe(key, record, &mut cycle);
        }
        for (key, flight) in &mut self.flights {
            if inside.contains(key) && pilots.refused.iter().any(|part| agrees(part, key)) {
                flight.last_seen = now;
            }
        }
        for (key, record) in controllers.kept {
            self.controller(key, record, now);
        }
        self.cycles.push(cycle);
    }

    fn observe(&mut self, key: Key, record: &Value, cycle: &mut Cycle) {
        let now = cycle.published;
        let degrees = |field: &str| record[field].as_f64().expect("a number");
        let (latitude, longitude) = (degrees("latitude"), degrees("longitude"));
        let is_inside = airspace::contains(latitude, longitude);
        let known = self.flights.get(&key);
        let stored_plan = known.map_or(&Value::Null, |flight| &flight.latest["flight_plan"]);
        let mark = self.stored.iter().rev().nth(1);
        let is_of_today = known.is_some_and(|flight| {
            mark.is_some_and(|mark| mark - flight.last_seen <= 86_400 * SECOND)
        });
        let in_scope = is_inside
            && (is_complete(&record["flight_plan"]) || (is_of_today && is_complete(stored_plan)));
        if !in_scope && known.is_none_or(|flight| flight.visit.is_none()) {
            return;
        }
        let mut latest = record.clone();
        if !is_complete(&record["flight_plan"]) {
            latest["flight_plan"] = stored_plan.clone();
        }
        let heard = micros(record["last_updated"].as_str().expect("text")).min(now);
        let flight = self.flights.entry(key.clone()).or_insert(Flight {
            latest: Value::Null,
            first_seen: now,
            last_seen: now,
            observed_at: heard,
            slow_polls: 0,
            visit: None,
        });
        flight.latest = latest;
        flight.last_seen = now;
        flight.observed_at = flight.observed_at.max(heard);
        cycle.flights += 1;
        let point = (flight.observed_at, record.clone());
        if in_scope && !self.positions.contains_key(&(key.clone(), point.0)) {
            self.positions.insert((key.clone(), point.0), record.clone());
            cycle.positions += 1;
        }
        let altitude_ft = record["altitude"].as_i64().expect("a number");
        let height = airspace::Height { altitude_ft, qnh_mb: record["qnh_mb"].as_i64() };
        let inside = flight.visit.map(|visit| self.visits[visit].sector);
        let at = (latitude, longitude);
        let sector = match inside.filter(|id| airspace::stays(id, at, height)) {
            Some(stays) => Some(stays),
            None => airspace::primary(at, height),
        };
        let sector = sector.filter(|_| is_inside);
        let transition = judge(flight, inside, sector, record["groundspeed"].as_i64());
        let Some(transition) = transition else { return };
        *cycle.transitions.entry(transition).or_default() += 1;
        flight.slow_polls = 0;
        if let Some(visit) = flight.visit.take() {
            self.visits[visit].exit = Some((point.clone(), transition));
        }
        if let Some(sector) = sector.filter(|_| ["entered", "crossed"].contains(&transition)) {
            flight.visit = Some(self.visits.len());
            self.visits.push(Visit { key, sector, entry: point, exit: None });
        }
    }

    fn controller(&mut self, key: Key, record: &Value, now: i64) {
        if record["facility"] == 0 || key.1.ends_with("_OBS") || key.1.ends_with("_SUP") {
            return;
        }
        let heard = micros(record["last_updated"].as_str().expect("text"));
        let known = self.controllers.get(&key);
        let controller = Controller {
            latest: record.clone(),
            first_seen: known.map_or(now, |known| known.first_seen),
            last_seen: now,
            last_updated: known.map_or(heard, |known| known.last_updated.max(heard)),
        };
        self.controllers.insert(key, controller);
    }
}

/// The transition of a flight that is in scope or has an open visit, according to the table of
/// states.
fn judge(
    flight: &mut Flight,
    inside: Option<&str>,
    sector: Option<&str>,
    groundspeed: Option<i64>,
) -> Option<&'static str> {
    match (inside, groundspeed, sector) {
        (None, Some(60..), Some(_)) => Some("entered"),
        (None, ..) => None,
        (Some(_), Some(..30), _) => {
            flight.slow_polls += 1;
            (flight.slow_polls == 2).then_some("slow")
        }
        (Some(_), _, None) => Some("left"),
        (Some(here), speed, Some(there)) if here == there => {
            if speed.is_some() {
                flight.slow_polls = 0;
            }
            None
        }
        (Some(_), ..) => Some("crossed"),
    }
}
