//! The visits that the rules make of recorded snapshots, from their JSON.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::{
    TOO_CLOSE, pilots,
    recomputed::{Airspace, Point},
};
use crate::support::postgres::Database;

const ENTRY_KT: i64 = 60;
const EXIT_KT: i64 = 30;
/// `LONGEST_GAP`.
const DAY_SECONDS: i64 = 24 * 3_600;

/// CID, callsign, logon time.
type Key = (i64, String, String);

/// All visits so far.
#[derive(Default)]
pub struct Visits {
    flights: BTreeMap<Key, Flight>,
    ended: Vec<Visit>,
    /// Seconds.
    mark: Option<i64>,
    /// How often each thing happened.
    pub kinds: BTreeMap<&'static str, usize>,
    /// Positions whose sector was computed.
    pub judged: usize,
    /// Positions too close to an edge. Their flights are not compared.
    pub not_judged: usize,
    doubtful: BTreeSet<Key>,
}

#[derive(Default)]
struct Flight {
    visit: Option<Visit>,
    slow_polls: usize,
    has_plan: bool,
    latest: String,
}

struct Visit {
    key: Key,
    sector: String,
    entry: String,
    exit: Option<(&'static str, String)>,
}

/// What a visit is compared by.
pub type Row = (Key, String, String, Option<(String, String)>);

impl Visits {
    /// Applies the rules to the next snapshot.
    pub fn observe(&mut self, snapshot: &Value, airspace: &Airspace) {
        let time = snapshot["general"]["update_timestamp"].as_str().expect("a time");
        let time = chrono::DateTime::parse_from_rfc3339(time).expect("a time").timestamp();
        if self.mark.is_some_and(|mark| time - mark > DAY_SECONDS) {
            for flight in std::mem::take(&mut self.flights).into_values() {
                if let Some(visit) = flight.visit {
                    self.end(visit, "unobserved", &flight.latest);
                }
            }
        }
        self.mark = Some(time);
        for pilot in pilots(snapshot) {
            self.judge(pilot, airspace);
        }
    }

    fn judge(&mut self, pilot: &Value, airspace: &Airspace) {
        let key = key(pilot);
        let point = Point::of(pilot);
        let sectors = airspace.sectors_at(&point, TOO_CLOSE);
        let is_inside = airspace.covers(&point, TOO_CLOSE);
        self.judged += 1;
        let (Some(sectors), Some(is_inside)) = (sectors, is_inside) else {
            self.not_judged += 1;
            self.doubtful.insert(key);
            return;
        };
        let mut flight = self.flights.remove(&key).unwrap_or_default();
        let sector = sectors.first().map(|sector| (*sector).to_owned());
        let kt = pilot["groundspeed"].as_i64().expect("knots");
        let is_in_scope = is_inside && (flight.has_plan || has_plan(pilot));
        let at = position(pilot);
        match flight.visit.take() {
            None if !is_in_scope => return,
            None => {
                if let Some(sector) = sector.filter(|_| kt >= ENTRY_KT) {
                    self.count("entered");
                    flight.visit =
                        Some(Visit { key: key.clone(), sector, entry: at.clone(), exit: None });
                }
            }
            Some(visit) if kt < EXIT_KT => {
                flight.slow_polls += 1;
                match flight.slow_polls {
                    1 => {
                        self.count("slow_once");
                        flight.visit = Some(visit);
                    }
                    _ => self.end(visit, "slow", &at),
                }
            }
            Some(visit) => {
                flight.slow_polls = 0;
                match sector {
                    None => self.end(visit, "left", &at),
                    Some(sector) if sector == visit.sector => {
                        self.count("stayed");
                        flight.visit = Some(visit);
                    }
                    Some(sector) => {
                        self.end(visit, "crossed", &at);
                        let (key, entry) = (key.clone(), at.clone());
                        flight.visit = Some(Visit { key, sector, entry, exit: None });
                    }
                }
            }
        }
        flight.has_plan |= has_plan(pilot);
        flight.latest = at;
        self.flights.insert(key, flight);
    }

    fn end(&mut self, visit: Visit, reason: &'static str, at: &str) {
        self.count(reason);
        self.ended.push(Visit { exit: Some((reason, at.to_owned())), ..visit });
    }

    fn count(&mut self, kind: &'static str) {
        *self.kinds.entry(kind).or_default() += 1;
    }

    /// What must be stored, but for flights that cannot be judged.
    pub fn rows(&self) -> BTreeSet<Row> {
        let open = self.flights.values().filter_map(|flight| flight.visit.as_ref());
        let judged = self.ended.iter().chain(open).filter(|it| !self.doubtful.contains(&it.key));
        let row = |visit: &Visit| {
            let exit = visit.exit.as_ref().map(|(reason, at)| ((*reason).to_owned(), at.clone()));
            (visit.key.clone(), visit.sector.clone(), visit.entry.clone(), exit)
        };
        judged.map(row).collect()
    }

    /// Whether a flight is compared.
    pub fn is_judged(&self, key: &Key) -> bool {
        !self.doubtful.contains(key)
    }
}

fn key(pilot: &Value) -> Key {
    let text = |field: &str| pilot[field].as_str().expect("text").to_owned();
    let logon = chrono::DateTime::parse_from_rfc3339(&text("logon_time")).expect("a time");
    // The database has microseconds.
    let micros = logon.timestamp_micros();
    (pilot["cid"].as_i64().expect("a number"), text("callsign"), micros.to_string())
}

fn position(pilot: &Value) -> String {
    let [latitude, longitude] = ["latitude", "longitude"].map(|field| pilot[field].as_f64());
    let altitude = pilot["altitude"].as_i64();
    format!("{:?} {:?} {:?}", latitude, longitude, altitude)
}

fn has_plan(pilot: &Value) -> bool {
    ["departure", "arrival"].iter().all(|field| {
        pilot["flight_plan"][field].as_str().is_some_and(|text| !text.trim().is_empty())
    })
}

/// The visits in the database, of the flights that are compared.
pub fn stored(database: &Database, visits: &Visits) -> BTreeSet<Row> {
    let rows = database.client().rows(
        "select f.cid, f.callsign, (extract(epoch from f.logon_time) * 1000000)::bigint, sector_name,
         entry_lat, entry_lon, entry_altitude, exit_reason, exit_lat, exit_lon, exit_altitude
         from flight_sector_occupancy o join flights f on f.id = o.flight_id",
    );
    let row = |columns: Vec<Option<String>>| {
        let text = |at: usize| columns[at].clone().unwrap_or_default();
        let at = |first: usize| {
            let degrees = |at: usize| columns[at].as_ref()?.parse::<f64>().ok();
            let altitude = columns[first + 2].as_ref().and_then(|feet| feet.parse::<i64>().ok());
            format!("{:?} {:?} {altitude:?}", degrees(first), degrees(first + 1))
        };
        let key = (text(0).parse().expect("a CID"), text(1), text(2));
        let exit = columns[7].clone().map(|reason| (reason, at(8)));
        (key, text(3), at(4), exit)
    };
    rows.into_iter().map(row).filter(|(key, ..)| visits.is_judged(key)).collect()
}
