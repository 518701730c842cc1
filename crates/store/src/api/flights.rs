//! Flights, in the order in which they were first seen.

use chrono::{DateTime, Utc};
use diesel::sql_types::{Double, Integer, Nullable, Text};

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    Asked, Facts, PageOf, Personal, Read, ReadError, Reads, Rows,
    conditions::{Query, count, counted, earliest_visit},
    standing::{facts, facts_now},
};
use crate::schema::flights;
use sectorwatch_core::Time;
use sectorwatch_pg::Connection;

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
        self.read(move |connection| {
            let (filter, page) = (filter.clone(), page);
            Box::pin(async move {
                let (facts, _) = facts(connection, filter.span, page.bound).await?;
                let earliest = filter.earliest_visit(connection, &facts).await?;
                let query = filter
                    .conditions(selected(filter.personal), &facts, earliest)
                    .after("(f.first_seen, f.id)", page.after.map(|key| (key.first_seen, key.id)))
                    .page("f.first_seen, f.id", page.limit);
                let rows = filter.strip(query.read(connection).await?);
                let key = |row: &Flight| FlightKey { first_seen: row.first_seen, id: row.id };
                Ok(Read { data: Rows::cut(rows, page.limit, key), facts })
            })
        })
        .await
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
        self.read(move |connection| {
            let filter = filter.clone();
            Box::pin(async move {
                let (facts, _) = facts(connection, filter.span, None).await?;
                let rows = counted("flights f");
                let earliest = filter.earliest_visit(connection, &facts).await?;
                let rows = filter.conditions(rows, &facts, earliest);
                let data = count(connection, rows, limit).await?;
                Ok(Read { data, facts })
            })
        })
        .await
    }

    /// Reads a flight.
    ///
    /// # Errors
    /// [`ReadError::Unknown`] without one of this id, and any other [`ReadError`].
    pub async fn flight(&self, id: i64, personal: bool) -> Result<Read<Flight>, ReadError> {
        self.read(move |connection| {
            Box::pin(async move {
                let (facts, _) = facts_now(connection).await?;
                let query = selected(personal).and_id(" and f.id = ", Some(id));
                let rows: Vec<Flight> = query.read(connection).await?;
                let data = rows.into_iter().next().ok_or(ReadError::Unknown)?;
                Ok(Read { data: if personal { data } else { data.stripped() }, facts })
            })
        })
        .await
    }
}

/// The columns of flights, with null for those that are personal unless they are asked for.
fn selected(personal: bool) -> Query {
    const COLUMNS: &str = "select f.id, f.callsign, f.logon_time, f.flight_rules, f.aircraft_short, \
        f.aircraft_faa, f.departure, f.arrival, f.alternate, f.route, f.planned_altitude, \
        f.planned_altitude_ft, f.cruise_tas, f.deptime, f.enroute_time, f.fuel_time, f.revision_id, \
        f.assigned_transponder, f.server, f.pilot_rating, f.military_rating, f.latitude, f.longitude, \
        f.altitude, f.groundspeed, f.heading, f.transponder, f.qnh_mb, f.first_seen, f.last_updated, \
        f.last_seen, ";
    Query::new(COLUMNS)
        .text(match personal {
            true => "f.cid, f.remarks",
            false => "null::integer as cid, null::text as remarks",
        })
        .text(" from flights f where true")
}

impl Flight {
    fn stripped(self) -> Self {
        Self { cid: Personal::absent(), remarks: Personal::absent(), ..self }
    }
}

impl FlightFilter {
    fn strip(&self, rows: Vec<Flight>) -> Vec<Flight> {
        match self.personal {
            true => rows,
            false => rows.into_iter().map(Flight::stripped).collect(),
        }
    }

    /// When a visit may have begun that the filter asks for.
    async fn earliest_visit(
        &self,
        connection: &mut Connection,
        facts: &Facts,
    ) -> Result<Option<Time>, ReadError> {
        match self.sector {
            Some(_) => earliest_visit(connection, facts.span).await,
            None => Ok(None),
        }
    }

    fn conditions(&self, query: Query, facts: &Facts, earliest_visit: Option<Time>) -> Query {
        let span = facts.span;
        let query = query
            .and_time(" and f.first_seen >= ", span.from)
            .and_time(" and f.first_seen < ", span.to)
            .and_time(" and f.first_seen <= ", facts.bound)
            .and_callsign(" and upper(f.callsign collate \"C\") = upper(", self.callsign.as_deref())
            .and_text(" and f.departure = ", self.departure.as_deref())
            .and_text(" and f.arrival = ", self.arrival.as_deref())
            .and_integer(" and f.cid = ", self.cid);
        let query = match self.sector.as_deref() {
            Some(sector) => query
                .and_text(
                    " and exists (select from flight_sector_occupancy v where v.flight_id = f.id \
                     and v.sector_name = ",
                    Some(sector),
                )
                .and_time(" and v.entry_timestamp >= ", earliest_visit)
                .and_time(" and v.entry_timestamp < ", span.to)
                .and_time(" and coalesce(v.exit_timestamp, 'infinity') > ", span.from)
                .text(")"),
            None => query,
        };
        match self.bbox {
            Some(bbox) => bbox.conditions(query),
            None => query,
        }
    }
}

impl BoundingBox {
    fn conditions(self, query: Query) -> Query {
        let Self { west, south, east, north } = self;
        query
            .text(" and f.latitude between ")
            .value::<Double, _>(south)
            .text(" and ")
            .value::<Double, _>(north)
            .text(" and (f.longitude >= ")
            .value::<Double, _>(west)
            .text(if west <= east { " and " } else { " or " })
            .text("f.longitude <= ")
            .value::<Double, _>(east)
            .text(")")
    }
}
