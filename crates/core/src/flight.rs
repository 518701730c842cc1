//! A pilot's record as in the feed, and the key of a flight.

use std::sync::Arc;

use chrono::TimeDelta;

use super::Time;

/// How far the times of a record may be ahead of its publication.
pub const TIME_AHEAD: TimeDelta = TimeDelta::hours(1);

/// The identity of a flight. The callsign alone is not enough: a CID can be in the feed twice, and another
/// member may use a callsign later.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FlightKey {
    /// VATSIM member id, above 0.
    pub cid: i32,
    /// 1–16 visible ASCII characters.
    pub callsign: Arc<str>,
    /// When the pilot logged on.
    pub logon_time: Time,
}

/// The readable part of a refused record's identity. A part that is missing, null, of another type or out of
/// range is `None`.
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
    /// Whether `key` agrees with every readable part. The CID or the callsign must be readable: a time alone
    /// proves nothing.
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
    /// The identity of the flight.
    pub key: FlightKey,
    /// The network server of the client.
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
    /// In knots, 0…3,000; `None` when the feed does not state it.
    pub groundspeed: Option<i32>,
    /// The squawk code of four characters.
    pub transponder: Option<String>,
    /// Degrees, 0…359.
    pub heading: Option<i16>,
    /// In hectopascal as in the feed; can be nonsense.
    pub qnh_mb: Option<i32>,
    /// `None` when the pilot filed none, or when it could not be read.
    pub flight_plan: Option<FlightPlan>,
    /// When the network last received data from the pilot.
    pub last_updated: Time,
    /// Optional fields that could not be read, such as `transponder` or `flight_plan.route`. They are absent
    /// above, and keep their values in the flight's row.
    pub unreadable: Vec<&'static str>,
}

/// A filed plan, with texts as in the feed, without NUL, cut at 8 KiB.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct FlightPlan {
    /// `I`, `V`, rarely `S` or `D`.
    pub flight_rules: Option<String>,
    /// ICAO type with equipment, as filed.
    pub aircraft: Option<String>,
    /// FAA form of the type; absent in 2020 feeds.
    pub aircraft_faa: Option<String>,
    /// The type designator only; absent in 2020 feeds.
    pub aircraft_short: Option<String>,
    /// ICAO code of the aerodrome of departure.
    pub departure: Option<String>,
    /// ICAO code of the aerodrome of arrival.
    pub arrival: Option<String>,
    /// ICAO code of the alternate.
    pub alternate: Option<String>,
    /// The filed route.
    pub route: Option<String>,
    /// The filed remarks.
    pub remarks: Option<String>,
    /// The filed altitude as typed.
    pub planned_altitude: Option<String>,
    /// The filed altitude in feet, if the text can be read.
    pub planned_altitude_ft: Option<i32>,
    /// The filed true airspeed, as typed.
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
    /// Whether departure and arrival are both present.
    pub fn is_complete(&self) -> bool {
        says_something(self.departure.as_deref()) && says_something(self.arrival.as_deref())
    }
}

/// Whether a field of a plan is more than white space.
pub fn says_something(field: Option<&str>) -> bool {
    field.is_some_and(|text| !text.trim().is_empty())
}
