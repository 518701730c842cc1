//! The track of a flight.

use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use super::{Read, ReadError, Reads};
use crate::schema::flight_positions;

/// The track of a flight.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Track {
    /// The flight.
    pub flight_id: i64,
    /// Since when positions are kept: those of a flight before it are deleted. Null when none is kept.
    pub positions_since: Option<DateTime<Utc>>,
    /// All positions in the order of time, 20,000 at most.
    pub points: Vec<TrackPoint>,
}

/// A position of a track.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema, diesel::QueryableByName)]
#[diesel(table_name = flight_positions)]
#[expect(missing_docs, reason = "the columns of flight_positions")]
pub struct TrackPoint {
    pub observed_at: DateTime<Utc>,
    pub latitude: f64,
    pub longitude: f64,
    pub altitude: i32,
    pub groundspeed: Option<i32>,
    pub heading: Option<i16>,
    pub qnh_mb: Option<i32>,
    pub transponder: Option<String>,
}

impl Reads {
    /// Reads the track of a flight, whole.
    ///
    /// # Errors
    /// [`ReadError::Unknown`] without a flight of this id, and any other [`ReadError`].
    pub async fn track(&self, flight_id: i64) -> Result<Read<Track>, ReadError> {
        todo!("{flight_id}")
    }
}
