//! What is in the air and on frequency at the mark.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use diesel::{
    prelude::QueryableByName,
    sql_types::{Array, BigInt, Bool, Double, Integer, Nullable, SmallInt, Text, Timestamptz},
};

use serde::Serialize;
use utoipa::ToSchema;

use super::{
    Read, ReadError, Reads, SectorState,
    conditions::Query,
    sectors::states,
    standing::{Head, facts_now},
};

/// Everything at the mark. The caller adds by how much it is behind.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Live {
    /// Flights observed at the mark or with an open visit, by id.
    pub flights: Vec<LiveFlight>,
    /// Sectors with an open visit or an open interval of control, by name.
    pub sectors: Vec<LiveSector>,
    /// Controllers online, by callsign.
    pub controllers: Vec<LiveController>,
    /// How many there are.
    pub counts: LiveCounts,
    /// The visits that were asked for and are over, by id.
    #[serde(skip)]
    pub ended: Vec<EndedVisit>,
}

/// A visit that is over.
#[derive(Debug, Clone, PartialEq, Eq, QueryableByName)]
pub struct EndedVisit {
    /// Its id.
    #[diesel(sql_type = BigInt)]
    pub id: i64,
    /// When it ended.
    #[diesel(sql_type = Timestamptz)]
    pub exit_timestamp: DateTime<Utc>,
    /// Why it ended.
    #[diesel(sql_type = Nullable<Text>)]
    pub exit_reason: Option<String>,
}

/// A flight at the mark.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema, QueryableByName)]
#[expect(missing_docs, reason = "the columns of flights and of the open visit")]
pub struct LiveFlight {
    #[diesel(sql_type = BigInt)]
    pub id: i64,
    #[diesel(sql_type = Text)]
    pub callsign: String,
    #[diesel(sql_type = Nullable<Text>)]
    pub departure: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    pub arrival: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    pub aircraft_short: Option<String>,
    #[diesel(sql_type = Double)]
    pub latitude: f64,
    #[diesel(sql_type = Double)]
    pub longitude: f64,
    #[diesel(sql_type = Integer)]
    pub altitude: i32,
    #[diesel(sql_type = Nullable<Integer>)]
    pub groundspeed: Option<i32>,
    #[diesel(sql_type = Nullable<SmallInt>)]
    pub heading: Option<i16>,
    #[diesel(sql_type = Nullable<Text>)]
    pub sector_name: Option<String>,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    pub entered_at: Option<DateTime<Utc>>,
    #[serde(skip)]
    #[diesel(sql_type = Nullable<BigInt>)]
    pub visit_id: Option<i64>,
    #[diesel(embed)]
    pub radio: LiveRadio,
}

/// The radio contact of a flight at the mark.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema, QueryableByName)]
#[expect(missing_docs, reason = "the columns of flight_radio_intervals")]
pub struct LiveRadio {
    #[diesel(sql_type = Text)]
    pub state: String,
    #[diesel(sql_type = Nullable<Text>)]
    pub controller_callsign: Option<String>,
    #[diesel(sql_type = Nullable<Integer>)]
    pub frequency_hz: Option<i32>,
    #[serde(skip)]
    #[diesel(sql_type = Nullable<Timestamptz>)]
    pub from_timestamp: Option<DateTime<Utc>>,
}

/// A sector at the mark.
pub type LiveSector = SectorState;

/// A controller online.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema, QueryableByName)]
#[expect(missing_docs, reason = "the columns of controllers")]
pub struct LiveController {
    #[diesel(sql_type = Text)]
    pub callsign: String,
    #[diesel(sql_type = Integer)]
    pub facility: i32,
    #[diesel(sql_type = Text)]
    pub frequency: String,
    #[diesel(sql_type = Timestamptz)]
    pub logon_time: DateTime<Utc>,
}

/// How many there are at the mark.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub struct LiveCounts {
    /// Flights.
    pub flights: usize,
    /// Flights with an open visit.
    pub inside: usize,
    /// Controllers.
    pub controllers: usize,
}

impl Reads {
    /// Reads everything at the mark, and which of `visits`, given by id, are over.
    ///
    /// # Errors
    /// The errors of the database.
    pub async fn live(&self, visits: Arc<[i64]>) -> Result<Read<Live>, ReadError> {
        self.read(move |connection| {
            let visits = Arc::clone(&visits);
            Box::pin(async move {
                let (facts, head) = facts_now(connection).await?;
                let flights: Vec<LiveFlight> = flights(head).read(connection).await?;
                let sectors = states(connection, head, None).await?;
                let controllers: Vec<LiveController> = controllers(head).read(connection).await?;
                let inside = flights.iter().filter(|flight| flight.sector_name.is_some()).count();
                let counts =
                    LiveCounts { flights: flights.len(), inside, controllers: controllers.len() };
                let ended = match visits.is_empty() {
                    true => Vec::new(),
                    false => ended(&visits).read(connection).await?,
                };
                Ok(Read { data: Live { flights, sectors, controllers, counts, ended }, facts })
            })
        })
        .await
    }
}

/// The flights that may have been observed at the mark. No index tells when flights were last seen, so that those are
/// looked at that were first seen in the last three days, and those of which something is open. Their ids are an array,
/// so that a table that was never analysed is not read through to join them.
const FLIGHTS: &str = "select f.id, f.callsign, f.departure, f.arrival, f.aircraft_short, f.latitude, f.longitude, \
        f.altitude, f.groundspeed, f.heading, v.sector_name, v.entry_timestamp as entered_at, v.id as visit_id, \
        coalesce(r.state, 'unknown') as state, r.controller_callsign, r.frequency_hz, r.from_timestamp \
    from flights f \
        left join flight_sector_occupancy v on v.flight_id = f.id and v.exit_timestamp is null \
        left join flight_radio_intervals r on r.flight_id = f.id and r.to_timestamp is null and ";

const CANDIDATES: &str = " where f.id = any(array(\
        select flight_id from flight_sector_occupancy where exit_timestamp is null union \
        select flight_id from flight_radio_intervals where to_timestamp is null union \
        select id from flights where first_seen >= ";

fn flights(head: Head) -> Query {
    // Without a mark there are none.
    let mark = head.mark.unwrap_or_default();
    Query::new(FLIGHTS)
        .value::<Bool, _>(head.holds_since().is_some())
        .text(CANDIDATES)
        .value::<Timestamptz, _>(mark - TimeDelta::days(3))
        .and_time(" and last_seen = ", Some(mark))
        .and_time(")) and (v.id is not null or f.last_seen = ", Some(mark))
        .text(") order by f.id")
}

fn ended(visits: &[i64]) -> Query {
    Query::new(
        "select id, exit_timestamp, exit_reason from flight_sector_occupancy where id = any(",
    )
    .value::<Array<BigInt>, _>(visits.to_vec())
    .text(") and exit_timestamp is not null order by id")
}

/// Controllers who were in the newest list. Between the two transactions of a cycle, that is the list of the snapshot
/// before.
fn controllers(head: Head) -> Query {
    let since = head.holds_since().or(head.mark);
    Query::new("select callsign, facility, frequency, logon_time from controllers where ")
        .text(if since.is_some() { "true" } else { "false" })
        .and_time(" and last_seen >= ", since)
        .text(" order by callsign, id")
}
