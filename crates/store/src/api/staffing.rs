//! When a position was staffed, by whomever.

use chrono::{DateTime, Utc};
use diesel::sql_types::{Array, Double, Integer, Nullable, Text, Timestamptz};

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Asked, PageOf, Personal, Read, ReadError, Reads, Rows};

/// A span in which a position was staffed.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema, diesel::QueryableByName)]
#[expect(missing_docs, reason = "the columns of v_position_staffing")]
pub struct Staffing {
    #[diesel(sql_type = Text)]
    pub callsign: String,
    #[diesel(sql_type = Timestamptz)]
    pub started_at: DateTime<Utc>,
    #[diesel(sql_type = Timestamptz)]
    pub ended_at: DateTime<Utc>,
    #[diesel(sql_type = Double)]
    pub duration_seconds: f64,
    /// How many members staffed it.
    #[diesel(sql_type = Integer)]
    pub controllers: i32,
    #[diesel(sql_type = Nullable<Array<Integer>>)]
    #[serde(skip_serializing_if = "Personal::is_absent")]
    #[schema(value_type = Option<Vec<i32>>, required = false)]
    pub cids: Personal<Vec<i32>>,
}

/// The place of a span in the list.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct StaffingKey {
    /// When it began.
    pub started_at: DateTime<Utc>,
    /// The callsign.
    pub callsign: String,
}

impl Reads {
    /// Reads a page of the spans in which a position was staffed. The callsign is taken in any case, and `__` is
    /// `_` in it.
    ///
    /// # Errors
    /// [`ReadError::Unknown`] when the position is not configured, which the caller knows, and was never stored;
    /// any other [`ReadError`].
    pub async fn staffing(
        &self,
        callsign: String,
        is_configured: bool,
        span: Asked,
        personal: bool,
        page: PageOf<StaffingKey>,
    ) -> Result<Read<Rows<Staffing, StaffingKey>>, ReadError> {
        todo!("{callsign} {is_configured} {span:?} {personal} {page:?}")
    }
}
