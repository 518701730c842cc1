//! The rows of `flight_sector_occupancy` that the queue changes.

use diesel::{
    prelude::*,
    sql_types::{BigInt, Double, Integer, Nullable, Text, Timestamptz},
};
use diesel_async::RunQueryDsl;

use crate::{
    error::StoreError,
    schema::flight_sector_occupancy as o,
    unnest::{column, unnest},
    update::{each, update_each},
};
use sectorwatch_core::{
    Time,
    visits::{self, Point, Queued, Visit},
};
use sectorwatch_pg::{Connection, Prepared};

/// Applies these items of the queue to the visits; returns what changed.
pub async fn write(
    connection: &mut Connection,
    queue: &[Queued],
    airspace_revision: &str,
) -> Result<Vec<Visit>, StoreError> {
    let changed = visits::apply(lock_open(connection, queue).await?, queue);
    let (closed, new): (Vec<_>, Vec<_>) = changed.iter().partition(|visit| visit.id.is_some());
    // Closes precede opens, as one open visit for each flight is what the index allows.
    close(connection, &closed).await?;
    insert(connection, &new, airspace_revision).await?;
    Ok(changed)
}

type OpenRow = (i64, i64, String, String, Time, f64, f64, i32);

/// The open visits of these flights, locked: a visit that is erased meanwhile is not re-created.
async fn lock_open(
    connection: &mut Connection,
    queue: &[Queued],
) -> Result<Vec<Visit>, StoreError> {
    let flight_ids = column(queue, |item| item.flight_id);
    let rows: Vec<OpenRow> = connection
        .run(async |pg| {
            o::table
                .filter(o::flight_id.eq_any(flight_ids))
                .filter(o::exit_timestamp.is_null())
                .select((
                    o::id,
                    o::flight_id,
                    o::callsign,
                    o::sector_name,
                    o::entry_timestamp,
                    o::entry_lat,
                    o::entry_lon,
                    o::entry_altitude,
                ))
                .for_update()
                .load(pg)
                .await
        })
        .await?;
    let visit =
        |(id, flight_id, callsign, sector, time, latitude, longitude, altitude): OpenRow| Visit {
            id: Some(id),
            flight_id,
            callsign,
            sector: sector.into(),
            entry: Point { time, latitude, longitude, altitude },
            exit: None,
        };
    Ok(rows.into_iter().map(visit).collect())
}

async fn insert(
    connection: &mut Connection,
    rows: &[&Visit],
    airspace_revision: &str,
) -> Result<(), StoreError> {
    if rows.is_empty() {
        return Ok(());
    }
    let insert = diesel::insert_into(o::table)
        .values(diesel::select((
            unnest::<BigInt, _>(column(rows, |visit| visit.flight_id)),
            unnest::<Text, _>(column(rows, |visit| visit.callsign.as_str())),
            unnest::<Text, _>(column(rows, |visit| visit.sector.as_ref())),
            unnest::<Timestamptz, _>(column(rows, |visit| visit.entry.time)),
            unnest::<Double, _>(column(rows, |visit| visit.entry.latitude)),
            unnest::<Double, _>(column(rows, |visit| visit.entry.longitude)),
            unnest::<Integer, _>(column(rows, |visit| visit.entry.altitude)),
            unnest::<Nullable<Timestamptz>, _>(exits(rows, |at| at.time)),
            unnest::<Nullable<Integer>, _>(durations(rows)),
            unnest::<Nullable<Double>, _>(exits(rows, |at| at.latitude)),
            unnest::<Nullable<Double>, _>(exits(rows, |at| at.longitude)),
            unnest::<Nullable<Integer>, _>(exits(rows, |at| at.altitude)),
            unnest::<Nullable<Text>, _>(reasons(rows)),
            unnest::<Text, _>(column(rows, |_| airspace_revision)),
        )))
        .into_columns((
            o::flight_id,
            o::callsign,
            o::sector_name,
            o::entry_timestamp,
            o::entry_lat,
            o::entry_lon,
            o::entry_altitude,
            o::exit_timestamp,
            o::duration_seconds,
            o::exit_lat,
            o::exit_lon,
            o::exit_altitude,
            o::exit_reason,
            o::airspace_revision,
        ));
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
            each(o::exit_timestamp, exits(rows, |at| at.time)),
            each(o::duration_seconds, durations(rows)),
            each(o::exit_lat, exits(rows, |at| at.latitude)),
            each(o::exit_lon, exits(rows, |at| at.longitude)),
            each(o::exit_altitude, exits(rows, |at| at.altitude)),
            each(o::exit_reason, reasons(rows)),
        ],
    );
    connection.run(async |pg| Prepared(close).execute(pg).await).await?;
    Ok(())
}

/// Something of each exit; `None` where the visit lasts.
fn exits<T>(rows: &[&Visit], field: fn(&Point) -> T) -> Vec<Option<T>> {
    column(rows, |visit| visit.exit.as_ref().map(|(at, _)| field(at)))
}

fn durations(rows: &[&Visit]) -> Vec<Option<i32>> {
    let whole = |seconds| i32::try_from(seconds).unwrap_or(i32::MAX);
    column(rows, |visit| visit.duration_seconds().map(whole))
}

fn reasons(rows: &[&Visit]) -> Vec<Option<&'static str>> {
    column(rows, |visit| visit.exit.map(|(_, reason)| reason.as_str()))
}
