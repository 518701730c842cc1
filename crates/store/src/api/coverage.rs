//! How much of the time flights were in contact by radio.

use diesel::sql_types::{Double, Nullable, Text};
use serde::Serialize;
use utoipa::ToSchema;

use super::{Asked, Read, ReadError, Reads};

/// By what coverage is grouped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CoverageBy {
    /// The sector of the visit.
    Sector,
    /// The hour of the time zone: the key is its begin.
    Hour,
    /// The day of the week, of which Monday is 1, and the hour: `1-00` to `7-23`.
    WeekdayHour,
    /// The kind of position, such as `TWR`.
    Facility,
}

/// Coverage by groups.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Coverage {
    /// By what it is grouped.
    pub by: CoverageBy,
    /// The groups in the order of their keys.
    pub groups: Vec<CoverageGroup>,
}

/// A group of coverage.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema, diesel::QueryableByName)]
pub struct CoverageGroup {
    /// What the group is; null for controllers who were forgotten.
    #[diesel(sql_type = Nullable<Text>)]
    pub key: Option<String>,
    /// Seconds in contact.
    #[diesel(sql_type = Double)]
    pub contact_seconds: f64,
    /// Seconds without contact; null by facility.
    #[diesel(sql_type = Nullable<Double>)]
    pub none_seconds: Option<f64>,
    /// Seconds of which nothing is known; null by facility.
    #[diesel(sql_type = Nullable<Double>)]
    pub unknown_seconds: Option<f64>,
    /// The share of contact in the time that is known.
    #[diesel(sql_type = Nullable<Double>)]
    pub coverage: Option<f64>,
    /// The share of time that is known.
    #[diesel(sql_type = Nullable<Double>)]
    pub known: Option<f64>,
    /// The share of all contact, by facility only.
    #[diesel(sql_type = Nullable<Double>)]
    pub share: Option<f64>,
}

impl Reads {
    /// Reads coverage. The time zone, a name of the IANA, is that of the hours.
    ///
    /// # Errors
    /// [`ReadError::UnknownZone`], and any other [`ReadError`].
    pub async fn coverage(
        &self,
        by: CoverageBy,
        zone: String,
        span: Asked,
    ) -> Result<Read<Coverage>, ReadError> {
        todo!("{by:?} {zone} {span:?}")
    }
}
