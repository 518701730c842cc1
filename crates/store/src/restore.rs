//! Restores memory, which is a cache of the tables.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use chrono::TimeDelta;
use diesel::{
    dsl::sql,
    prelude::*,
    sql_types::{Array, Bool, Integer, Text, Timestamptz},
};
use diesel_async::RunQueryDsl;

use super::{
    Store,
    error::StoreError,
    members,
    owner::Owner,
    schema::{
        collector_state, flight_sector_occupancy as o, flights as f, pending_transitions as q,
    },
    unnest::column,
};
use sectorwatch_core::{
    Time,
    flight::{FlightKey, says_something},
    movements::AirportState,
    tracking::{StoredPlan, Tracked, Tracking},
    transition::TransitionKind,
    visits,
};
use sectorwatch_pg::{Connection, transaction};

/// The state in the tables.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Restored {
    /// `update_timestamp` of the newest stored snapshot.
    pub mark: Option<Time>,
    /// `update_timestamp` of the newest snapshot whose contacts phase ended well.
    pub contacts_mark: Option<Time>,
    /// The sum of observed time up to the mark.
    pub observed_time: TimeDelta,
    /// Flights with an open visit or a queued transition. The others are read when the feed names them; see
    /// [`Store::recall`].
    pub tracking: Tracking,
    /// Transitions that are queued and not yet applied.
    pub pending: usize,
    /// Visits without an exit.
    pub open_entries: usize,
}

impl Store {
    /// Reads the state of all flights from their rows, the open visits and the queue, and the list for
    /// [`Store::forgotten`].
    ///
    /// # Errors
    /// Any database error.
    pub async fn restore(&self) -> Result<Restored, StoreError> {
        let scope = self.ingest().scope(Owner::Restore);
        let mut lease = scope.acquire().await?;
        let (restored, forgotten) = transaction(&mut lease, async |connection| {
            // Read first, so that a member forgotten later is found by the next check of the revision.
            let forgotten = members::read(connection, self.keys()).await?;
            Ok::<_, StoreError>((read(connection).await?, forgotten))
        })
        .await?;
        self.learn_forgotten(forgotten);
        Ok(restored)
    }

    /// Reads flights that are not in memory. Flights that are not stored are omitted.
    ///
    /// # Errors
    /// Any database error.
    pub async fn recall(&self, keys: &[&FlightKey]) -> Result<Tracking, StoreError> {
        let scope = self.ingest().scope(Owner::Restore);
        let mut lease = scope.acquire().await?;
        let rows = read_keys(&mut lease, keys).await?;
        // A flight with an open visit is always in memory.
        Ok(rows.into_iter().map(|row| row.tracked(&BTreeMap::new())).collect())
    }
}

async fn read(connection: &mut Connection) -> Result<Restored, StoreError> {
    let (mark, contacts_mark, observed_us): (Option<Time>, Option<Time>, i64) = connection
        .run(async |pg| {
            use collector_state::{contacts_mark, mark, observed_us, table};
            table.select((mark, contacts_mark, observed_us)).first(pg).await
        })
        .await?;
    let open: Vec<(i64, String)> = connection
        .run(async |pg| {
            let open = o::table.filter(o::exit_timestamp.is_null());
            open.select((o::flight_id, o::sector_name)).load(pg).await
        })
        .await?;
    let queue: Vec<(i64, String, String)> = connection
        .run(async |pg| {
            let queue = q::table.select((q::flight_id, q::kind, q::sector_name));
            queue.order(q::id).load(pg).await
        })
        .await?;
    let ids = open.iter().map(|(flight, _)| *flight);
    let ids: BTreeSet<i64> = ids.chain(queue.iter().map(|(flight, ..)| *flight)).collect();
    let rows = read_flights(connection, ids).await?;
    let (pending, open_entries) = (queue.len(), open.len());
    let sectors = sectors(open, queue);
    // The queue may have ended the visit of a flight that memory would have dropped since.
    let remembered = |flight: &Tracked| mark.is_some_and(|mark| flight.is_remembered(mark));
    let tracking = rows
        .into_iter()
        .map(|row| row.tracked(&sectors))
        .filter(|(_, flight)| remembered(flight))
        .collect();
    let observed_time = TimeDelta::microseconds(observed_us);
    Ok(Restored { mark, contacts_mark, observed_time, tracking, pending, open_entries })
}

/// The sector of each flight: that of its open visit, after the queue is applied.
fn sectors(open: Vec<(i64, String)>, queue: Vec<(i64, String, String)>) -> BTreeMap<i64, Arc<str>> {
    let mut sectors: BTreeMap<i64, Arc<str>> =
        open.into_iter().map(|(flight, sector)| (flight, sector.into())).collect();
    for (flight, kind, sector) in queue {
        let Some(kind) = TransitionKind::parse(&kind) else {
            continue;
        };
        match visits::sector_after(kind, sector.into()) {
            Some(sector) => sectors.insert(flight, sector),
            None => sectors.remove(&flight),
        };
    }
    sectors
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = f)]
struct Row {
    id: i64,
    cid: i32,
    callsign: String,
    logon_time: Time,
    departure: Option<String>,
    arrival: Option<String>,
    latitude: f64,
    longitude: f64,
    altitude: i32,
    slow_polls: i16,
    last_updated: Time,
    last_seen: Time,
    observed_us: i64,
    airport_state: Option<String>,
}

/// By id: no other column of the latest state has an index, so that updates stay HOT.
async fn read_flights(
    connection: &mut Connection,
    ids: BTreeSet<i64>,
) -> Result<Vec<Row>, StoreError> {
    let rows = f::table.filter(f::id.eq_any(ids)).select(Row::as_select());
    Ok(connection.run(async |pg| rows.load(pg).await).await?)
}

/// By identity, with one index lookup each.
async fn read_keys(
    connection: &mut Connection,
    keys: &[&FlightKey],
) -> Result<Vec<Row>, StoreError> {
    let identity = sql::<Bool>("(cid, callsign, logon_time) in (select * from unnest(")
        .bind::<Array<Integer>, _>(column(keys, |key| key.cid))
        .sql(", ")
        .bind::<Array<Text>, _>(column(keys, |key| key.callsign.as_ref()))
        .sql(", ")
        .bind::<Array<Timestamptz>, _>(column(keys, |key| key.logon_time))
        .sql("))");
    let rows = f::table.filter(identity).select(Row::as_select());
    Ok(connection.run(async |pg| rows.load(pg).await).await?)
}

impl Row {
    fn tracked(self, sectors: &BTreeMap<i64, Arc<str>>) -> (FlightKey, Tracked) {
        let visit = sectors.get(&self.id).cloned();
        let airport = self.airport_state.as_deref();
        let plan = StoredPlan {
            has_departure: says_something(self.departure.as_deref()),
            has_arrival: says_something(self.arrival.as_deref()),
            digest: None,
        };
        let key = FlightKey {
            cid: self.cid,
            callsign: self.callsign.into(),
            logon_time: self.logon_time,
        };
        let flight = Tracked {
            id: Some(self.id),
            observed_at: self.last_updated,
            last_seen: self.last_seen,
            observed_time: TimeDelta::microseconds(self.observed_us),
            latitude: self.latitude,
            longitude: self.longitude,
            altitude: self.altitude,
            // Slow observations are counted only inside a sector.
            slow_polls: if visit.is_some() { self.slow_polls } else { 0 },
            visit,
            plan,
            airport: airport.map(AirportState::from_text).unwrap_or_default(),
        };
        (key, flight)
    }
}
