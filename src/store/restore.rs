//! The start-up path: memory is a cache of the tables, and this is how it is filled.

use std::{collections::BTreeMap, sync::Arc};

use diesel::prelude::*;
use diesel_async::{RunQueryDsl, SimpleAsyncConnection as _};

use super::{
    Store,
    connection::Connection,
    error::StoreError,
    members,
    owner::Owner,
    schema::{
        collector_state, flight_sector_occupancy as o, flights as f, pending_transitions as q,
    },
    transaction::transaction,
};
use crate::domain::{
    Time,
    flight::{FlightKey, is_complete},
    tracking::{REMEMBERED, StoredPlan, Tracked, Tracking},
    transition::TransitionKind,
    visits,
};

/// What the tables say.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Restored {
    /// `update_timestamp` of the newest stored snapshot.
    pub mark: Option<Time>,
    /// Flights last seen within 24 h of the mark, or with an open visit.
    pub tracking: Tracking,
    /// Transitions queued and not applied.
    pub pending: usize,
    /// Visits without an exit.
    pub open_entries: usize,
}

impl Store {
    /// Reads the state of all flights: their rows, the open visits, and the queue folded in; and who is
    /// forgotten, for [`Store::forgotten`].
    ///
    /// # Errors
    /// Any failure of the database.
    pub async fn restore(&self) -> Result<Restored, StoreError> {
        let scope = self.ingest().scope(Owner::Restore);
        let mut lease = scope.acquire().await?;
        let (restored, forgotten) = transaction(&mut lease, async |connection| {
            // First: who is forgotten after this look is found by the next.
            let forgotten = members::read(connection, self.keys()).await?;
            Ok((read(connection).await?, forgotten))
        })
        .await?;
        self.learn_forgotten(forgotten);
        Ok(restored)
    }

    /// Reads flights that memory forgot; those that are not stored are left out.
    ///
    /// # Errors
    /// Any failure of the database.
    pub async fn recall(&self, forgotten: &[&FlightKey]) -> Result<Tracking, StoreError> {
        let scope = self.ingest().scope(Owner::Restore);
        let mut lease = scope.acquire().await?;
        let rows = read_forgotten(&mut lease, forgotten).await?;
        // A flight with an open visit is never forgotten.
        let recalled = rows.into_iter().map(|row| row.tracked(&BTreeMap::new()));
        Ok(recalled.filter(|(key, _)| forgotten.contains(&key)).collect())
    }
}

async fn read(connection: &mut Connection) -> Result<Restored, StoreError> {
    // `last_seen` has no index, so that updates stay HOT: once at a start, the table is scanned.
    connection
        .run(async |pg| pg.batch_execute("set local statement_timeout = '5min'").await)
        .await?;
    let mark: Option<Time> = connection
        .run(async |pg| collector_state::table.select(collector_state::mark).first(pg).await)
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
    let rows = read_flights(connection, mark).await?;
    let (pending, open_entries) = (queue.len(), open.len());
    let sectors = sectors(open, queue);
    // The queue can have ended the visit of a flight that memory would have forgotten since.
    let remembered = |flight: &Tracked| mark.is_some_and(|mark| flight.is_remembered(mark));
    let tracking = rows
        .into_iter()
        .map(|row| row.tracked(&sectors))
        .filter(|(_, flight)| remembered(flight))
        .collect();
    Ok(Restored { mark, tracking, pending, open_entries })
}

/// The sector each flight is in: that of its open visit, after the queue.
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
}

async fn read_flights(
    connection: &mut Connection,
    mark: Option<Time>,
) -> Result<Vec<Row>, StoreError> {
    let Some(mark) = mark else {
        return Ok(Vec::new());
    };
    let inside = o::table.filter(o::exit_timestamp.is_null()).select(o::flight_id);
    let queued = q::table.select(q::flight_id);
    connection
        .run(async |pg| {
            f::table
                .filter(f::last_seen.ge(mark - REMEMBERED))
                .or_filter(f::id.eq_any(inside))
                .or_filter(f::id.eq_any(queued))
                .select(Row::as_select())
                .load(pg)
                .await
        })
        .await
}

async fn read_forgotten(
    connection: &mut Connection,
    forgotten: &[&FlightKey],
) -> Result<Vec<Row>, StoreError> {
    let cids: Vec<i32> = forgotten.iter().map(|key| key.cid).collect();
    let logons: Vec<Time> = forgotten.iter().map(|key| key.logon_time).collect();
    connection
        .run(async |pg| {
            f::table
                .filter(f::cid.eq_any(cids).and(f::logon_time.eq_any(logons)))
                .select(Row::as_select())
                .load(pg)
                .await
        })
        .await
}

impl Row {
    fn tracked(self, sectors: &BTreeMap<i64, Arc<str>>) -> (FlightKey, Tracked) {
        let visit = sectors.get(&self.id).cloned();
        let is_complete = is_complete(self.departure.as_deref(), self.arrival.as_deref());
        let plan = StoredPlan { is_complete, digest: None };
        let key = FlightKey {
            cid: self.cid,
            callsign: self.callsign.into(),
            logon_time: self.logon_time,
        };
        let flight = Tracked {
            id: Some(self.id),
            observed_at: self.last_updated,
            last_seen: self.last_seen,
            latitude: self.latitude,
            longitude: self.longitude,
            altitude: self.altitude,
            // Outside, slow observations are not counted.
            slow_polls: if visit.is_some() { self.slow_polls } else { 0 },
            visit,
            plan,
        };
        (key, flight)
    }
}
