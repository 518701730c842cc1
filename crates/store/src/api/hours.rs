//! Hours of controllers by day.

use chrono::NaiveDate;
use diesel::sql_types::{Date, Double, Integer, Nullable, Text};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Asked, PageOf, Personal, Read, ReadError, Reads, Rows};

/// The seconds on a position in a day of a time zone. Without personal members, those of all members.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema, diesel::QueryableByName)]
#[expect(missing_docs, reason = "the columns of controller_hours")]
pub struct Hours {
    #[diesel(sql_type = Date)]
    pub day: NaiveDate,
    #[diesel(sql_type = Text)]
    pub callsign: String,
    #[diesel(sql_type = Integer)]
    pub facility: i32,
    #[diesel(sql_type = Double)]
    pub seconds: f64,
    #[diesel(sql_type = Nullable<Integer>)]
    #[serde(skip_serializing_if = "Personal::is_absent")]
    #[schema(value_type = Option<i32>, required = false)]
    pub cid: Personal<i32>,
}

/// The place in the list.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct HoursKey {
    /// The day.
    pub day: NaiveDate,
    /// The callsign.
    pub callsign: String,
    /// The facility.
    pub facility: i32,
    /// The member, only when personal members are read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cid: Option<i32>,
}

/// Which hours are asked for: those of sessions in the span, cut to it.
#[derive(Debug, Clone, PartialEq)]
pub struct HoursFilter {
    /// The span.
    pub span: Asked,
    /// The time zone of the days: a name of the IANA, such as `Australia/Sydney`.
    pub zone: String,
    /// The callsign, in any case, in which `__` is `_`.
    pub callsign: Option<String>,
    /// The member. Needs the scope `personal`, which the caller must have checked.
    pub cid: Option<i32>,
    /// Whether personal members are read.
    pub personal: bool,
}

impl Reads {
    /// Reads a page of hours.
    ///
    /// # Errors
    /// [`ReadError::UnknownZone`], and any other [`ReadError`].
    pub async fn hours(
        &self,
        filter: HoursFilter,
        page: PageOf<HoursKey>,
    ) -> Result<Read<Rows<Hours, HoursKey>>, ReadError> {
        todo!("{filter:?} {page:?}")
    }
}
