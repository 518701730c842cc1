//! Radio contact of flights, in the order of begin.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Asked, PageOf, Read, ReadError, Reads, Rows};
use crate::schema::flight_radio_intervals;

/// With whom a flight was in contact by radio, and when.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema, diesel::QueryableByName)]
#[diesel(table_name = flight_radio_intervals)]
#[expect(missing_docs, reason = "the columns of flight_radio_intervals")]
pub struct Contact {
    pub id: i64,
    pub flight_id: i64,
    pub state: String,
    pub controller_id: Option<i64>,
    pub controller_callsign: Option<String>,
    pub frequency_hz: Option<i32>,
    pub is_primary: Option<bool>,
    pub from_timestamp: DateTime<Utc>,
    pub to_timestamp: Option<DateTime<Utc>>,
}

/// The place of an interval in the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ContactKey {
    /// When it began.
    pub from_timestamp: DateTime<Utc>,
    /// Its id.
    pub id: i64,
}

/// Which intervals are asked for: those that overlap the span.
#[derive(Debug, Clone, PartialEq)]
pub struct ContactFilter {
    /// The span.
    pub span: Asked,
    /// A flight, which must exist.
    pub flight_id: Option<i64>,
    /// The flight's callsign, in any case.
    pub callsign: Option<String>,
    /// The member who flies. Needs the scope `personal`, which the caller must have checked.
    pub cid: Option<i32>,
}

impl ContactFilter {
    /// All intervals of this span.
    pub const fn of(span: Asked) -> Self {
        Self { span, flight_id: None, callsign: None, cid: None }
    }
}

impl Reads {
    /// Reads a page of intervals.
    ///
    /// # Errors
    /// [`ReadError::Unknown`] without the flight that is asked for, and any other [`ReadError`].
    pub async fn contacts(
        &self,
        filter: ContactFilter,
        page: PageOf<ContactKey>,
    ) -> Result<Read<Rows<Contact, ContactKey>>, ReadError> {
        todo!("{filter:?} {page:?}")
    }

    /// Counts intervals up to this limit and one more.
    ///
    /// # Errors
    /// [`ReadError`].
    pub async fn count_contacts(
        &self,
        filter: ContactFilter,
        limit: u64,
    ) -> Result<Read<u64>, ReadError> {
        todo!("{filter:?} {limit:?}")
    }
}
