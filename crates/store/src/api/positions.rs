//! Positions for exports, by UTC day, flight and time.

use std::sync::Arc;

use chrono::NaiveDate;
use sectorwatch_core::Time;
use serde::{Deserialize, Serialize};

use super::{Asked, PageOf, Read, ReadError, Reads, Rows};

/// An observed position.
#[derive(Debug, Clone, PartialEq)]
#[expect(missing_docs, reason = "the columns of flight_positions, and the flight's callsign")]
pub struct Position {
    pub flight_id: i64,
    pub callsign: Arc<str>,
    pub observed_at: Time,
    pub latitude: f64,
    pub longitude: f64,
    pub altitude: i32,
    pub groundspeed: Option<i32>,
    pub heading: Option<i16>,
    pub qnh_mb: Option<i32>,
    pub transponder: Option<String>,
}

/// The place of a position in an export.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct PositionKey {
    /// The UTC day.
    pub day: NaiveDate,
    /// The flight.
    pub flight_id: i64,
    /// When it was observed.
    pub observed_at: Time,
}

/// Which positions are exported: those observed in the span, which must have both bounds.
#[derive(Debug, Clone, PartialEq)]
pub struct PositionFilter {
    /// The span.
    pub span: Asked,
    /// The flight's callsign, in any case.
    pub callsign: Option<String>,
    /// The member who flies. Needs the scope `personal`, which the caller must have checked.
    pub cid: Option<i32>,
}

impl Reads {
    /// Reads a page of positions.
    ///
    /// # Errors
    /// [`ReadError`].
    pub async fn positions(
        &self,
        filter: PositionFilter,
        page: PageOf<PositionKey>,
    ) -> Result<Read<Rows<Position, PositionKey>>, ReadError> {
        todo!("{filter:?} {page:?}")
    }

    /// Counts positions up to this limit and one more.
    ///
    /// # Errors
    /// [`ReadError`].
    pub async fn count_positions(
        &self,
        filter: PositionFilter,
        limit: u64,
    ) -> Result<Read<u64>, ReadError> {
        todo!("{filter:?} {limit:?}")
    }
}
