//! The event `cycle`: what changed from one mark to the next.

use serde::Serialize;

use sectorwatch_core::Time;
use sectorwatch_store::api::{LiveController, LiveCounts, LiveFlight};

/// What changed since the event before. A client that applies it to what it has, has what `live` says at `mark`.
#[derive(Debug, PartialEq, Serialize)]
pub struct Cycle<'p> {
    pub mark: Time,
    pub behind_seconds: Option<f64>,
    pub entered: Vec<Entered<'p>>,
    pub left: Vec<Left<'p>>,
    pub contacts: Vec<ContactChange<'p>>,
    pub control: Vec<ControlChange<'p>>,
    pub controllers: ControllerChanges<'p>,
    pub flights: FlightChanges<'p>,
    pub positions: Vec<PositionChange>,
    pub counts: LiveCounts,
}

/// A flight has a visit that it did not have.
#[derive(Debug, PartialEq, Serialize)]
pub struct Entered<'p> {
    pub flight_id: i64,
    pub callsign: &'p str,
    pub sector_name: &'p str,
    pub at: Time,
}

/// A flight no longer has a visit that it had. The reason is null when the visit was deleted.
#[derive(Debug, PartialEq, Serialize)]
pub struct Left<'p> {
    pub flight_id: i64,
    pub callsign: &'p str,
    pub sector_name: &'p str,
    pub at: Time,
    pub exit_reason: Option<String>,
}

/// The radio contact of a flight.
#[derive(Debug, PartialEq, Serialize)]
pub struct ContactChange<'p> {
    pub flight_id: i64,
    pub callsign: &'p str,
    pub state: &'p str,
    pub controller_callsign: Option<&'p str>,
    pub frequency_hz: Option<i32>,
    pub from: Time,
}

/// Who controls a sector.
#[derive(Debug, PartialEq, Serialize)]
pub struct ControlChange<'p> {
    pub sector_name: &'p str,
    pub state: &'p str,
    pub controller_callsign: Option<&'p str>,
    pub owner_rank: Option<i32>,
    pub from: Time,
}

/// Controllers that are new or have changed, and those that went.
#[derive(Debug, PartialEq, Serialize)]
pub struct ControllerChanges<'p> {
    pub online: Vec<&'p LiveController>,
    pub offline: Vec<ControllerGone<'p>>,
}

/// A controller that went.
#[derive(Debug, PartialEq, Serialize)]
pub struct ControllerGone<'p> {
    pub callsign: &'p str,
    pub logon_time: Time,
}

/// Flights to take as they are here, and those that `live` no longer has.
#[derive(Debug, PartialEq, Serialize)]
pub struct FlightChanges<'p> {
    pub set: Vec<&'p LiveFlight>,
    pub gone: Vec<i64>,
}

/// The position of a flight.
#[derive(Debug, PartialEq, Serialize)]
pub struct PositionChange {
    pub id: i64,
    pub latitude: f64,
    pub longitude: f64,
    pub altitude: i32,
    pub groundspeed: Option<i32>,
    pub heading: Option<i16>,
}

impl PositionChange {
    /// Where the flight is.
    pub fn of(flight: &LiveFlight) -> Self {
        let &LiveFlight { id, latitude, longitude, altitude, groundspeed, heading, .. } = flight;
        Self { id, latitude, longitude, altitude, groundspeed, heading }
    }
}
