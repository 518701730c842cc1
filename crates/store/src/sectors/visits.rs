//! The rows of `flight_sector_occupancy` that the queue changes.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use crate::{
    error::StoreError,
    schema::flight_sector_occupancy as o,
    unnest::{bulk, column},
    update::{each, update_each},
};
use sectorwatch_core::{
    Time,
    visits::{self, Point, Queued, Visit},
};
use sectorwatch_pg::{Connection, Prepared};

/// Applies these transitions to the visits. Returns the changes.
pub async fn write(
    connection: &mut Connection,
    queue: &[Queued],
) -> Result<Vec<Visit>, StoreError> {
    let changed = visits::apply(lock_open(connection, queue).await?, queue);
    let (closed, new): (Vec<_>, Vec<_>) = changed.iter().partition(|visit| visit.id.is_some());
    // Closes come first, because the index allows one open visit per flight.
    close(connection, &closed).await?;
    insert(connection, &new).await?;
    Ok(changed)
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = o)]
struct OpenVisit {
    id: i64,
    flight_id: i64,
    callsign: String,
    sector_name: String,
    entry_timestamp: Time,
    entry_lat: f64,
    entry_lon: f64,
    entry_altitude: i32,
    airspace_revision: String,
}

impl From<OpenVisit> for Visit {
    fn from(row: OpenVisit) -> Self {
        Self {
            id: Some(row.id),
            flight_id: row.flight_id,
            callsign: row.callsign,
            sector: row.sector_name.into(),
            entry: Point {
                time: row.entry_timestamp,
                latitude: row.entry_lat,
                longitude: row.entry_lon,
                altitude: row.entry_altitude,
            },
            airspace_revision: row.airspace_revision.into(),
            exit: None,
        }
    }
}

/// Reads and locks the open visits of these flights. A visit that is erased meanwhile is not created again.
async fn lock_open(
    connection: &mut Connection,
    queue: &[Queued],
) -> Result<Vec<Visit>, StoreError> {
    let flight_ids = column(queue, |item| item.flight_id);
    let rows: Vec<OpenVisit> = connection
        .run(async |pg| {
            o::table
                .filter(o::flight_id.eq_any(flight_ids))
                .filter(o::exit_timestamp.is_null())
                .select(OpenVisit::as_select())
                .for_update()
                .load(pg)
                .await
        })
        .await?;
    Ok(rows.into_iter().map(Visit::from).collect())
}

async fn insert(connection: &mut Connection, rows: &[&Visit]) -> Result<(), StoreError> {
    if rows.is_empty() {
        return Ok(());
    }
    let insert = bulk!(o: visit in rows => {
        flight_id: visit.flight_id,
        callsign: visit.callsign.as_str(),
        sector_name: visit.sector.as_ref(),
        entry_timestamp: visit.entry.time,
        entry_lat: visit.entry.latitude,
        entry_lon: visit.entry.longitude,
        entry_altitude: visit.entry.altitude,
        exit_timestamp: exit(visit, |at| at.time),
        duration_seconds: duration(visit),
        exit_lat: exit(visit, |at| at.latitude),
        exit_lon: exit(visit, |at| at.longitude),
        exit_altitude: exit(visit, |at| at.altitude),
        exit_reason: reason(visit),
        airspace_revision: visit.airspace_revision.as_ref(),
    });
    connection.run(async |pg| insert.execute(pg).await).await?;
    Ok(())
}

/// Writes the exits.
async fn close(connection: &mut Connection, rows: &[&Visit]) -> Result<(), StoreError> {
    if rows.is_empty() {
        return Ok(());
    }
    let close = update_each(
        each(o::id, column(rows, |visit| visit.id.unwrap_or_default())),
        [
            each(o::exit_timestamp, column(rows, |visit| exit(visit, |at| at.time))),
            each(o::duration_seconds, column(rows, |visit| duration(visit))),
            each(o::exit_lat, column(rows, |visit| exit(visit, |at| at.latitude))),
            each(o::exit_lon, column(rows, |visit| exit(visit, |at| at.longitude))),
            each(o::exit_altitude, column(rows, |visit| exit(visit, |at| at.altitude))),
            each(o::exit_reason, column(rows, |visit| reason(visit))),
        ],
    );
    connection.run(async |pg| Prepared(close).execute(pg).await).await?;
    Ok(())
}

/// A value of the visit's exit; `None` while the visit is open.
fn exit<T>(visit: &Visit, field: fn(&Point) -> T) -> Option<T> {
    visit.exit.as_ref().map(|(at, _)| field(at))
}

fn duration(visit: &Visit) -> Option<i32> {
    visit.duration_seconds().map(|seconds| i32::try_from(seconds).unwrap_or(i32::MAX))
}

fn reason(visit: &Visit) -> Option<&'static str> {
    visit.exit.map(|(_, reason)| reason.as_str())
}
