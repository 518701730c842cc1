//! One pilot's record as the feed states it, and the key of a flight.

use std::sync::Arc;

use chrono::TimeDelta;

use super::Time;

/// How far the times of a record may be ahead of the publication it stands in.
pub const TIME_AHEAD: TimeDelta = TimeDelta::hours(1);

/// What makes a flight that flight: never the callsign alone, since one CID can be in the feed
/// twice and a callsign is used again by the next member.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FlightKey {
    /// VATSIM member id, above 0.
    pub cid: i32,
    /// 1–16 visible ASCII characters.
    pub callsign: Arc<str>,
    /// When the pilot logged on.
    pub logon_time: Time,
}

/// What could be read of the identity of a record that was refused. A part that is missing, null, of another
/// type or outside its own range is `None`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct PartialKey {
    /// VATSIM member id, above 0.
    pub cid: Option<i32>,
    /// 1–16 visible ASCII characters.
    pub callsign: Option<Arc<str>>,
    /// When the member logged on.
    pub logon_time: Option<Time>,
}

impl PartialKey {
    /// Whether `key` agrees with every part that could be read, of which the member id or the callsign has to
    /// be one: the time alone says nothing.
    pub fn agrees(&self, key: &FlightKey) -> bool {
        let names_somebody = self.cid.is_some() || self.callsign.is_some();
        names_somebody
            && self.cid.is_none_or(|cid| cid == key.cid)
            && self.callsign.as_ref().is_none_or(|callsign| *callsign == key.callsign)
            && self.logon_time.is_none_or(|logon_time| logon_time == key.logon_time)
    }
}

/// A pilot record that passed the decoder's ranges (`docs/architecture.md`, *Decoding*).
#[derive(Debug, Clone, PartialEq)]
pub struct Pilot {
    /// Identity of the flight.
    pub key: FlightKey,
    /// Network server the pilot is connected to.
    pub server: String,
    /// VATSIM pilot rating.
    pub pilot_rating: Option<i32>,
    /// VATSIM military rating; absent in feeds before 2022.
    pub military_rating: Option<i32>,
    /// Degrees, −90…90.
    pub latitude: f64,
    /// Degrees, −180…180.
    pub longitude: f64,
    /// True altitude in feet, −2,000…100,000.
    pub altitude: i32,
    /// Knots, 0…3,000; `None` when the feed does not know.
    pub groundspeed: Option<i32>,
    /// The squawk, four characters.
    pub transponder: Option<String>,
    /// Degrees, 0…359.
    pub heading: Option<i16>,
    /// As fed, in hectopascal; can be nonsense.
    pub qnh_mb: Option<i32>,
    /// `None` when the pilot filed none, or the feed lost it.
    pub flight_plan: Option<FlightPlan>,
    /// When the network last heard from the pilot.
    pub last_updated: Time,
    /// Optional fields that could not be read, such as `transponder` or `flight_plan.route`: absent above, and
    /// kept as they are in the flight's row.
    pub unreadable: Vec<&'static str>,
}

/// A filed plan: strings as fed, without NUL, cut at 8 KiB.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct FlightPlan {
    /// `I`, `V`, rarely `S` or `D`.
    pub flight_rules: Option<String>,
    /// ICAO type with equipment, as filed.
    pub aircraft: Option<String>,
    /// FAA form of the type; absent in 2020 feeds.
    pub aircraft_faa: Option<String>,
    /// Type designator alone; absent in 2020 feeds.
    pub aircraft_short: Option<String>,
    /// ICAO code of the aerodrome of departure.
    pub departure: Option<String>,
    /// ICAO code of the aerodrome of arrival.
    pub arrival: Option<String>,
    /// ICAO code of the alternate.
    pub alternate: Option<String>,
    /// The route as it was filed.
    pub route: Option<String>,
    /// The remarks as they were filed.
    pub remarks: Option<String>,
    /// Filed altitude as typed by the pilot.
    pub planned_altitude: Option<String>,
    /// Filed altitude in feet, where the text can be read.
    pub planned_altitude_ft: Option<i32>,
    /// Filed true airspeed, as typed.
    pub cruise_tas: Option<String>,
    /// Filed departure time (HHMM); `0000` means unknown.
    pub deptime: Option<String>,
    /// Filed time en route (HHMM).
    pub enroute_time: Option<String>,
    /// Filed endurance (HHMM).
    pub fuel_time: Option<String>,
    /// Revision of the plan; absent before 2021-04.
    pub revision_id: Option<i32>,
    /// Transponder code assigned by ATC; absent before 2021-10.
    pub assigned_transponder: Option<String>,
}

impl FlightPlan {
    /// Whether departure and arrival both say something.
    pub fn is_complete(&self) -> bool {
        says_something(self.departure.as_deref()) && says_something(self.arrival.as_deref())
    }
}

/// Whether a field of a plan is more than white space.
pub fn says_something(field: Option<&str>) -> bool {
    field.is_some_and(|text| !text.trim().is_empty())
}
