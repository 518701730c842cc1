//! History for the web, read from a separate pool.

use diesel::{pg::Pg, prelude::*, sql_types::Text};
use diesel_async::RunQueryDsl;
use serde::Serialize;
use tokio::sync::oneshot;
use tracing::{Instrument as _, Span};

use super::{
    Store,
    error::StoreError,
    owner::Owner,
    schema::{flight_positions as p, flight_sector_occupancy as o, flights as f},
};
use sectorwatch_core::Time;
use sectorwatch_pg::{Connection, operation};

diesel::define_sql_function! {
    /// Upper case in the collation C, which changes only ASCII, as in the index.
    fn upper(text: Text) -> Text;
}
diesel::postfix_operator!(CollateC, " collate \"C\"", diesel::sql_types::Text, backend: Pg);

/// The number of latest flights of a callsign that are returned.
const FLIGHTS: i64 = 5;
/// The number of latest positions of a flight that are returned.
const POSITIONS: i64 = 200;

/// A flight with its stored history.
#[derive(Debug, Serialize)]
pub struct FlightHistory {
    /// The flight's row in `flights`.
    #[serde(flatten)]
    pub flight: FlightRow,
    /// The visits in order of entry.
    pub visits: Vec<VisitRow>,
    /// The last 200 positions, oldest first.
    pub positions: Vec<PositionRow>,
}

/// A flight, without personal data.
#[derive(Debug, Serialize, Queryable, Selectable)]
#[diesel(table_name = f)]
#[expect(missing_docs, reason = "the columns of flights, described in docs/architecture.md")]
pub struct FlightRow {
    #[serde(skip)]
    pub id: i64,
    pub callsign: String,
    pub logon_time: Time,
    pub flight_rules: Option<String>,
    pub aircraft_short: Option<String>,
    pub departure: Option<String>,
    pub arrival: Option<String>,
    pub alternate: Option<String>,
    pub route: Option<String>,
    pub planned_altitude: Option<String>,
    pub latitude: f64,
    pub longitude: f64,
    pub altitude: i32,
    pub groundspeed: Option<i32>,
    pub heading: Option<i16>,
    pub transponder: Option<String>,
    pub first_seen: Time,
    pub last_updated: Time,
    pub last_seen: Time,
}

/// A visit to a sector.
#[derive(Debug, Serialize, Queryable, Selectable)]
#[diesel(table_name = o)]
#[expect(missing_docs, reason = "the columns of flight_sector_occupancy")]
pub struct VisitRow {
    #[serde(skip)]
    pub flight_id: i64,
    pub sector_name: String,
    pub entry_timestamp: Time,
    pub exit_timestamp: Option<Time>,
    pub duration_seconds: Option<i32>,
    pub entry_altitude: i32,
    pub exit_altitude: Option<i32>,
    pub exit_reason: Option<String>,
}

/// An observed position.
#[derive(Debug, Serialize, Queryable, Selectable)]
#[diesel(table_name = p)]
#[expect(missing_docs, reason = "the columns of flight_positions")]
pub struct PositionRow {
    pub observed_at: Time,
    pub latitude: f64,
    pub longitude: f64,
    pub altitude: i32,
    pub groundspeed: Option<i32>,
    pub heading: Option<i16>,
}

impl Store {
    /// Returns the latest flights of a callsign, in any case, with visits and last positions; empty when it
    /// is unknown.
    ///
    /// The future may be dropped at any time. That ends the wait for a connection, but does not interrupt a
    /// statement, because a separate task reads. There are never more such tasks than callers and
    /// connections, however many callers have gone.
    ///
    /// # Errors
    /// Any database error; [`StoreError::Overdue`] if there is no answer within the acquire time-out and the
    /// statement time-out together. A dead connection is replaced once.
    pub async fn flights_of(&self, callsign: String) -> Result<Vec<FlightHistory>, StoreError> {
        let (mut caller, answered) = oneshot::channel();
        let store = self.clone();
        let reading = async move {
            let mut read = store.flights_of_once(&callsign, &mut caller).await;
            if read.as_ref().is_err_and(StoreError::is_connection_lost) {
                read = store.flights_of_once(&callsign, &mut caller).await;
            }
            // The caller may have gone.
            let _ = caller.send(read);
        };
        self.runtime().spawn(operation(reading).instrument(Span::current()));
        match tokio::time::timeout(self.0.longest_read, answered).await {
            Ok(answer) => answer.unwrap_or(Err(StoreError::Panicked)),
            Err(_) => Err(StoreError::Overdue),
        }
    }

    async fn flights_of_once(
        &self,
        callsign: &str,
        caller: &mut oneshot::Sender<Result<Vec<FlightHistory>, StoreError>>,
    ) -> Result<Vec<FlightHistory>, StoreError> {
        let scope = self.read_pool().scope(Owner::Api);
        let mut lease = tokio::select! {
            lease = scope.acquire() => lease?,
            () = caller.closed() => return Err(StoreError::Abandoned),
        };
        let asked = callsign.into_sql::<Text>();
        let flights: Vec<FlightRow> = lease
            .run(async |pg| {
                f::table
                    .filter(upper(CollateC::new(f::callsign)).eq(upper(CollateC::new(asked))))
                    .order((f::logon_time.desc(), f::id.desc()))
                    .limit(FLIGHTS)
                    .select(FlightRow::as_select())
                    .load(pg)
                    .await
            })
            .await?;
        let mut visits = visits_of(&mut lease, &flights).await?;
        let mut histories = Vec::with_capacity(flights.len());
        for flight in flights {
            let positions = positions_of(&mut lease, &flight).await?;
            let of_flight = visits.extract_if(.., |visit| visit.flight_id == flight.id);
            histories.push(FlightHistory { visits: of_flight.collect(), positions, flight });
        }
        Ok(histories)
    }
}

async fn visits_of(
    connection: &mut Connection,
    flights: &[FlightRow],
) -> Result<Vec<VisitRow>, StoreError> {
    let ids: Vec<_> = flights.iter().map(|flight| flight.id).collect();
    Ok(connection
        .run(async |pg| {
            o::table
                .filter(o::flight_id.eq_any(ids))
                .order((o::entry_timestamp, o::id))
                .select(VisitRow::as_select())
                .load(pg)
                .await
        })
        .await?)
}

async fn positions_of(
    connection: &mut Connection,
    flight: &FlightRow,
) -> Result<Vec<PositionRow>, StoreError> {
    // An observation is at most a day older than its snapshot, so that only the days of this flight are read.
    let earliest = flight.first_seen - chrono::TimeDelta::days(1);
    let mut positions: Vec<PositionRow> = connection
        .run(async |pg| {
            p::table
                .filter(p::flight_id.eq(flight.id))
                .filter(p::observed_at.between(earliest, flight.last_updated))
                .order(p::observed_at.desc())
                .limit(POSITIONS)
                .select(PositionRow::as_select())
                .load(pg)
                .await
        })
        .await?;
    positions.reverse();
    Ok(positions)
}
