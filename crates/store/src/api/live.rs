//! What is in the air and on frequency at the mark.

use chrono::{DateTime, Utc};
use diesel::{
    prelude::QueryableByName,
    sql_types::{BigInt, Double, Integer, Nullable, SmallInt, Text, Timestamptz},
};

use serde::Serialize;
use utoipa::ToSchema;

use super::{Read, ReadError, Reads, SectorState};

/// Everything at the mark. The caller adds by how much it is behind.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Live {
    /// Flights observed at the mark or with an open visit, by id.
    pub flights: Vec<LiveFlight>,
    /// Sectors with an open visit or an open interval of control, by name.
    pub sectors: Vec<LiveSector>,
    /// Controllers online, by callsign.
    pub controllers: Vec<LiveController>,
    /// How many there are.
    pub counts: LiveCounts,
}

/// A flight at the mark.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema, QueryableByName)]
#[expect(missing_docs, reason = "the columns of flights and of the open visit")]
pub struct LiveFlight {
    #[diesel(sql_type = BigInt)]
    pub id: i64,
    #[diesel(sql_type = Text)]
    pub callsign: String,
    #[diesel(sql_type = Nullable<Text>)]
    pub departure: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    pub arrival: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    pub aircraft_short: Option<String>,
    #[diesel(sql_type = Double)]
    pub latitude: f64,
    #[diesel(sql_type = Double)]
    pub longitude: f64,
    #[diesel(sql_type = Integer)]
    pub altitude: i32,
    #[diesel(sql_type = Nullable<Integer>)]
    pub groundspeed: Option<i32>,
    #[diesel(sql_type = Nullable<SmallInt>)]
    pub heading: Option<i16>,
    #[diesel(sql_type = Nullable<Text>)]
    pub sector_name: Option<String>,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    pub entered_at: Option<DateTime<Utc>>,
    #[diesel(embed)]
    pub radio: LiveRadio,
}

/// The radio contact of a flight at the mark.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema, QueryableByName)]
#[expect(missing_docs, reason = "the columns of flight_radio_intervals")]
pub struct LiveRadio {
    #[diesel(sql_type = Text)]
    pub state: String,
    #[diesel(sql_type = Nullable<Text>)]
    pub controller_callsign: Option<String>,
    #[diesel(sql_type = Nullable<Integer>)]
    pub frequency_hz: Option<i32>,
}

/// A sector at the mark.
pub type LiveSector = SectorState;

/// A controller online.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema, QueryableByName)]
#[expect(missing_docs, reason = "the columns of controllers")]
pub struct LiveController {
    #[diesel(sql_type = Text)]
    pub callsign: String,
    #[diesel(sql_type = Integer)]
    pub facility: i32,
    #[diesel(sql_type = Text)]
    pub frequency: String,
    #[diesel(sql_type = Timestamptz)]
    pub logon_time: DateTime<Utc>,
}

/// How many there are at the mark.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub struct LiveCounts {
    /// Flights.
    pub flights: usize,
    /// Flights with an open visit.
    pub inside: usize,
    /// Controllers.
    pub controllers: usize,
}

impl Reads {
    /// Reads everything at the mark.
    ///
    /// # Errors
    /// The errors of the database.
    pub async fn live(&self) -> Result<Read<Live>, ReadError> {
        todo!()
    }
}
