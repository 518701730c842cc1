//! The history of a callsign: what `store::read` hands to the web, and how it can fail.

use std::sync::Arc;

use futures_util::future::BoxFuture;
use serde::Serialize;

use crate::domain::Time;

/// Reads the history of a callsign (upper case); `None` when it was never seen.
pub type HistoryReader = Arc<
    dyn Fn(String) -> BoxFuture<'static, Result<Option<FlightsHistory>, HistoryError>>
        + Send
        + Sync,
>;

/// The latest flights of one callsign, newest first.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FlightsHistory {
    /// As asked for, in upper case.
    pub callsign: String,
    /// Newest first.
    pub flights: Vec<FlightHistory>,
}

/// One flight.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FlightHistory {
    /// VATSIM member id.
    pub cid: i32,
    /// When the pilot logged on.
    pub logon_time: Time,
    /// ICAO type designator, as filed.
    pub aircraft_short: Option<String>,
    /// Aerodrome of departure, as filed.
    pub departure: Option<String>,
    /// Aerodrome of arrival, as filed.
    pub arrival: Option<String>,
    /// First observation stored.
    pub first_seen: Time,
    /// Last snapshot that held the flight.
    pub last_seen: Time,
    /// Sector visits, oldest first.
    pub visits: Vec<Visit>,
    /// At most the last 200, oldest first.
    pub positions: Vec<Position>,
}

/// One stay in a sector; open while it has no exit.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Visit {
    /// Name of the sector.
    pub sector_name: String,
    /// When the flight came in.
    pub entry_timestamp: Time,
    /// When it went out.
    pub exit_timestamp: Option<Time>,
    /// How long it stayed.
    pub duration_seconds: Option<i32>,
    /// `crossed`, `left`, `slow` or `disconnected`.
    pub exit_reason: Option<String>,
}

/// One observation.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Position {
    /// When the network heard it.
    pub observed_at: Time,
    /// Degrees.
    pub latitude: f64,
    /// Degrees.
    pub longitude: f64,
    /// Feet.
    pub altitude: i32,
    /// Knots.
    pub groundspeed: Option<i32>,
    /// Degrees, 0…359.
    pub heading: Option<i16>,
}

/// Why the history could not be read, in the web's terms; the cause is the store's to log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum HistoryError {
    /// No connection of the read pool came free in time.
    #[error("no connection came free in time")]
    Busy,
    /// The database failed.
    #[error("the database failed")]
    Database,
}
