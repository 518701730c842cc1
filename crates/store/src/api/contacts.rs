//! Radio contact of flights, in the order of begin.

use chrono::{DateTime, Utc};
use sectorwatch_pg::Connection;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    Asked, Facts, PageOf, Read, ReadError, Reads, Rows,
    conditions::{Query, count, counted, earliest_contact, require_flight},
    standing::facts,
};
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
        self.read(move |connection| {
            let (filter, page) = (filter.clone(), page);
            Box::pin(async move {
                let (facts, _) = facts(connection, filter.span, page.bound).await?;
                require_flight(connection, filter.flight_id).await?;
                let query = filter
                    .conditions(connection, Query::new(SELECTED), &facts)
                    .await?
                    .after(
                        "(r.from_timestamp, r.id)",
                        page.after.map(|key| (key.from_timestamp, key.id)),
                    )
                    .page("r.from_timestamp, r.id", page.limit);
                let rows = query.read(connection).await?;
                let key =
                    |row: &Contact| ContactKey { from_timestamp: row.from_timestamp, id: row.id };
                Ok(Read { data: Rows::cut(rows, page.limit, key), facts })
            })
        })
        .await
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
        self.read(move |connection| {
            let filter = filter.clone();
            Box::pin(async move {
                let (facts, _) = facts(connection, filter.span, None).await?;
                let rows = counted("flight_radio_intervals r");
                let rows = filter.conditions(connection, rows, &facts).await?;
                Ok(Read { data: count(connection, rows, limit).await?, facts })
            })
        })
        .await
    }
}

const SELECTED: &str = "select r.id, r.flight_id, r.state, r.controller_id, r.controller_callsign, \
    r.frequency_hz, r.is_primary, r.from_timestamp, r.to_timestamp \
    from flight_radio_intervals r where true";

impl ContactFilter {
    async fn conditions(
        &self,
        connection: &mut Connection,
        query: Query,
        facts: &Facts,
    ) -> Result<Query, ReadError> {
        // The intervals of one flight are few.
        let earliest = match self.flight_id {
            Some(_) => None,
            None => earliest_contact(connection, facts.span).await?,
        };
        Ok(query
            .and_time(" and r.from_timestamp >= ", earliest)
            .and_time(" and r.from_timestamp < ", facts.span.to)
            .and_time(" and coalesce(r.to_timestamp, 'infinity') > ", facts.span.from)
            .and_time(" and r.from_timestamp <= ", facts.bound)
            .and_id(" and r.flight_id = ", self.flight_id)
            .and_flight("r.flight_id", self.callsign.as_deref(), self.cid))
    }
}
