//! Movements at airports, in the order of time.

use chrono::{DateTime, Utc};
use diesel::sql_types::{BigInt, Double, Nullable, Text, Timestamptz};

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Asked, PageOf, Read, ReadError, Reads, Rows};

/// A movement at an airport.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema, diesel::QueryableByName)]
#[expect(missing_docs, reason = "the columns of airport_movements, and the flight's callsign")]
pub struct Movement {
    #[diesel(sql_type = BigInt)]
    pub id: i64,
    #[diesel(sql_type = BigInt)]
    pub flight_id: i64,
    #[diesel(sql_type = Text)]
    pub callsign: String,
    #[diesel(sql_type = Text)]
    pub icao: String,
    #[diesel(sql_type = Text)]
    pub kind: String,
    #[diesel(sql_type = Timestamptz)]
    pub at: DateTime<Utc>,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    pub earliest_at: Option<DateTime<Utc>>,
    #[diesel(sql_type = Double)]
    pub latitude: f64,
    #[diesel(sql_type = Double)]
    pub longitude: f64,
}

/// The place of a movement in the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct MovementKey {
    /// When it was.
    pub at: DateTime<Utc>,
    /// Its id.
    pub id: i64,
}

/// Which movements are asked for: those in the span.
#[derive(Debug, Clone, PartialEq)]
pub struct MovementFilter {
    /// The span.
    pub span: Asked,
    /// The airport, in upper case.
    pub icao: Option<String>,
    /// Whether the airport is configured, which the caller knows. One that is not, and was never stored, is
    /// [`ReadError::Unknown`].
    pub is_configured: bool,
    /// The flight's callsign, in any case.
    pub callsign: Option<String>,
    /// The member who flies. Needs the scope `personal`, which the caller must have checked.
    pub cid: Option<i32>,
}

impl MovementFilter {
    /// All movements of this span.
    pub const fn of(span: Asked) -> Self {
        Self { span, icao: None, is_configured: true, callsign: None, cid: None }
    }
}

impl Reads {
    /// Reads a page of movements.
    ///
    /// # Errors
    /// [`ReadError`].
    pub async fn movements(
        &self,
        filter: MovementFilter,
        page: PageOf<MovementKey>,
    ) -> Result<Read<Rows<Movement, MovementKey>>, ReadError> {
        todo!("{filter:?} {page:?}")
    }

    /// Counts movements up to this limit and one more.
    ///
    /// # Errors
    /// [`ReadError`].
    pub async fn count_movements(
        &self,
        filter: MovementFilter,
        limit: u64,
    ) -> Result<Read<u64>, ReadError> {
        todo!("{filter:?} {limit:?}")
    }
}
