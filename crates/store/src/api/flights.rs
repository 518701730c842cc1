//! Flights, in the order in which they were first seen.

use chrono::{DateTime, Utc};
use diesel::sql_types::{Integer, Nullable, Text};

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Asked, PageOf, Personal, Read, ReadError, Reads, Rows};
use crate::schema::flights;

/// A flight: its plan and its latest state.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema, diesel::QueryableByName)]
#[diesel(table_name = flights)]
#[expect(missing_docs, reason = "the columns of flights, described in docs/architecture.md")]
pub struct Flight {
    pub id: i64,
    pub callsign: String,
    pub logon_time: DateTime<Utc>,
    pub flight_rules: Option<String>,
    pub aircraft_short: Option<String>,
    pub aircraft_faa: Option<String>,
    pub departure: Option<String>,
    pub arrival: Option<String>,
    pub alternate: Option<String>,
    pub route: Option<String>,
    pub planned_altitude: Option<String>,
    pub planned_altitude_ft: Option<i32>,
    pub cruise_tas: Option<String>,
    pub deptime: Option<String>,
    pub enroute_time: Option<String>,
    pub fuel_time: Option<String>,
    pub revision_id: Option<i32>,
    pub assigned_transponder: Option<String>,
    pub server: String,
    pub pilot_rating: Option<i32>,
    pub military_rating: Option<i32>,
    pub latitude: f64,
    pub longitude: f64,
    pub altitude: i32,
    pub groundspeed: Option<i32>,
    pub heading: Option<i16>,
    pub transponder: Option<String>,
    pub qnh_mb: Option<i32>,
    pub first_seen: DateTime<Utc>,
    pub last_updated: DateTime<Utc>,
    pub last_seen: DateTime<Utc>,
    #[diesel(sql_type = Nullable<Integer>)]
    #[serde(skip_serializing_if = "Personal::is_absent")]
    #[schema(value_type = Option<i32>, required = false)]
    pub cid: Personal<i32>,
    #[diesel(sql_type = Nullable<Text>)]
    #[serde(skip_serializing_if = "Personal::is_absent")]
    #[schema(value_type = Option<String>, required = false)]
    pub remarks: Personal<String>,
}

/// The place of a flight in the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct FlightKey {
    /// When it was first seen.
    pub first_seen: DateTime<Utc>,
    /// Its id.
    pub id: i64,
}

/// A box of degrees, whose edges are inside. One whose west is east of its east crosses 180°.
#[derive(Debug, Clone, Copy, PartialEq)]
#[expect(missing_docs, reason = "degrees")]
pub struct BoundingBox {
    pub west: f64,
    pub south: f64,
    pub east: f64,
    pub north: f64,
}

/// Which flights are asked for: those first seen in the span.
#[derive(Debug, Clone, PartialEq)]
pub struct FlightFilter {
    /// The span.
    pub span: Asked,
    /// The callsign, in any case.
    pub callsign: Option<String>,
    /// The departure, exactly as filed in upper case.
    pub departure: Option<String>,
    /// The arrival, likewise.
    pub arrival: Option<String>,
    /// A sector in which it has a visit that overlaps the span.
    pub sector: Option<String>,
    /// A box around its latest position.
    pub bbox: Option<BoundingBox>,
    /// The member. Needs the scope `personal`, which the caller must have checked.
    pub cid: Option<i32>,
    /// Whether personal members are read.
    pub personal: bool,
}

impl FlightFilter {
    /// All flights of this span, without personal members.
    pub const fn of(span: Asked) -> Self {
        Self {
            span,
            callsign: None,
            departure: None,
            arrival: None,
            sector: None,
            bbox: None,
            cid: None,
            personal: false,
        }
    }
}

impl Reads {
    /// Reads a page of flights.
    ///
    /// # Errors
    /// [`ReadError`].
    pub async fn flights(
        &self,
        filter: FlightFilter,
        page: PageOf<FlightKey>,
    ) -> Result<Read<Rows<Flight, FlightKey>>, ReadError> {
        todo!("{filter:?} {page:?}")
    }

    /// Counts flights up to this limit and one more.
    ///
    /// # Errors
    /// [`ReadError`].
    pub async fn count_flights(
        &self,
        filter: FlightFilter,
        limit: u64,
    ) -> Result<Read<u64>, ReadError> {
        todo!("{filter:?} {limit:?}")
    }

    /// Reads a flight.
    ///
    /// # Errors
    /// [`ReadError::Unknown`] without one of this id, and any other [`ReadError`].
    pub async fn flight(&self, id: i64, personal: bool) -> Result<Read<Flight>, ReadError> {
        todo!("{id} {personal}")
    }
}
