//! Visits to sectors, in the order of entry.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Asked, PageOf, Read, ReadError, Reads, Rows};
use crate::schema::flight_sector_occupancy;

/// A visit to a sector.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema, diesel::QueryableByName)]
#[diesel(table_name = flight_sector_occupancy)]
#[expect(missing_docs, reason = "the columns of flight_sector_occupancy")]
pub struct Visit {
    pub id: i64,
    pub flight_id: i64,
    pub callsign: String,
    pub sector_name: String,
    pub entry_timestamp: DateTime<Utc>,
    pub exit_timestamp: Option<DateTime<Utc>>,
    pub duration_seconds: Option<i32>,
    pub entry_lat: f64,
    pub entry_lon: f64,
    pub exit_lat: Option<f64>,
    pub exit_lon: Option<f64>,
    pub entry_altitude: i32,
    pub exit_altitude: Option<i32>,
    pub exit_reason: Option<String>,
    pub airspace_revision: String,
}

/// The place of a visit in the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct VisitKey {
    /// When the flight entered.
    pub entry_timestamp: DateTime<Utc>,
    /// The visit's id.
    pub id: i64,
}

/// Which visits are asked for: those that overlap the span.
#[derive(Debug, Clone, PartialEq)]
pub struct VisitFilter {
    /// The span.
    pub span: Asked,
    /// A flight, which must exist.
    pub flight_id: Option<i64>,
    /// The callsign, in any case.
    pub callsign: Option<String>,
    /// The sector.
    pub sector: Option<String>,
    /// The member. Needs the scope `personal`, which the caller must have checked.
    pub cid: Option<i32>,
}

impl VisitFilter {
    /// All visits of this span.
    pub const fn of(span: Asked) -> Self {
        Self { span, flight_id: None, callsign: None, sector: None, cid: None }
    }
}

impl Reads {
    /// Reads a page of visits.
    ///
    /// # Errors
    /// [`ReadError::Unknown`] without the flight that is asked for, and any other [`ReadError`].
    pub async fn visits(
        &self,
        filter: VisitFilter,
        page: PageOf<VisitKey>,
    ) -> Result<Read<Rows<Visit, VisitKey>>, ReadError> {
        todo!("{filter:?} {page:?}")
    }

    /// Counts visits up to this limit and one more.
    ///
    /// # Errors
    /// [`ReadError`].
    pub async fn count_visits(
        &self,
        filter: VisitFilter,
        limit: u64,
    ) -> Result<Read<u64>, ReadError> {
        todo!("{filter:?} {limit:?}")
    }
}
