//! Visits to sectors, in the order of entry.

use chrono::{DateTime, Utc};
use sectorwatch_pg::Connection;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    Asked, Facts, PageOf, Read, ReadError, Reads, Rows,
    conditions::{Query, count, counted, earliest_visit, require_flight},
    standing::facts,
};
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
        self.read(move |connection| {
            let (filter, page) = (filter.clone(), page);
            Box::pin(async move {
                let (facts, _) = facts(connection, filter.span, page.bound).await?;
                require_flight(connection, filter.flight_id).await?;
                let query = filter
                    .conditions(connection, Query::new(SELECTED), &facts)
                    .await?
                    .after(
                        "(v.entry_timestamp, v.id)",
                        page.after.map(|key| (key.entry_timestamp, key.id)),
                    )
                    .page("v.entry_timestamp, v.id", page.limit);
                let rows = query.read(connection).await?;
                let key =
                    |row: &Visit| VisitKey { entry_timestamp: row.entry_timestamp, id: row.id };
                Ok(Read { data: Rows::cut(rows, page.limit, key), facts })
            })
        })
        .await
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
        self.read(move |connection| {
            let filter = filter.clone();
            Box::pin(async move {
                let (facts, _) = facts(connection, filter.span, None).await?;
                let rows = counted("flight_sector_occupancy v");
                let rows = filter.conditions(connection, rows, &facts).await?;
                Ok(Read { data: count(connection, rows, limit).await?, facts })
            })
        })
        .await
    }
}

const SELECTED: &str = "select v.id, v.flight_id, v.callsign, v.sector_name, v.entry_timestamp, \
    v.exit_timestamp, v.duration_seconds, v.entry_lat, v.entry_lon, v.exit_lat, v.exit_lon, \
    v.entry_altitude, v.exit_altitude, v.exit_reason, v.airspace_revision \
    from flight_sector_occupancy v where true";

impl VisitFilter {
    async fn conditions(
        &self,
        connection: &mut Connection,
        query: Query,
        facts: &Facts,
    ) -> Result<Query, ReadError> {
        // The visits of one flight are few.
        let earliest = match self.flight_id {
            Some(_) => None,
            None => earliest_visit(connection, facts.span).await?,
        };
        Ok(query
            .and_time(" and v.entry_timestamp >= ", earliest)
            .and_time(" and v.entry_timestamp < ", facts.span.to)
            .and_time(" and coalesce(v.exit_timestamp, 'infinity') > ", facts.span.from)
            .and_time(" and v.entry_timestamp <= ", facts.bound)
            .and_id(" and v.flight_id = ", self.flight_id)
            .and_text(" and v.sector_name = ", self.sector.as_deref())
            .and_flight("v.flight_id", self.callsign.as_deref(), self.cid))
    }
}
