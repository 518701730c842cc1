//! The rows of `flight_sector_occupancy` that the queue changes.

use diesel::{
    prelude::*,
    sql_types::{BigInt, Double, Integer, Nullable, Text, Timestamptz},
    upsert::excluded,
};
use diesel_async::RunQueryDsl;

use crate::{
    domain::{
        Time,
        visits::{self, Point, Queued, Visit},
    },
    store::{
        connection::Connection,
        error::StoreError,
        schema::flight_sector_occupancy as o,
        unnest::{column, unnest},
    },
};

/// Applies these items of the queue to the visits; returns what changed.
pub async fn write(
    connection: &mut Connection,
    queue: &[Queued],
    airspace_revision: &str,
) -> Result<Vec<Visit>, StoreError> {
    let changed = visits::apply(lock_open(connection, queue).await?, queue);
    let (closed, new): (Vec<_>, Vec<_>) = changed.iter().partition(|visit| visit.id.is_some());
    // Closes precede opens, as one open visit for each flight is what the index allows.
    upsert(connection, &closed, airspace_revision).await?;
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

/// The columns of a visit but its id, as arrays. A macro, because the type has no useful name.
macro_rules! columns {
    ($rows:expr, $revision:expr) => {{
        let rows: &[&Visit] = $rows;
        let exit = |field: fn(&Point) -> f64| {
            unnest::<Nullable<Double>, _>(column(rows, move |visit| {
                visit.exit.as_ref().map(|(at, _)| field(at))
            }))
        };
        (
            unnest::<BigInt, _>(column(rows, |visit| visit.flight_id)),
            unnest::<Text, _>(column(rows, |visit| visit.callsign.as_str())),
            unnest::<Text, _>(column(rows, |visit| visit.sector.as_ref())),
            unnest::<Timestamptz, _>(column(rows, |visit| visit.entry.time)),
            unnest::<Nullable<Timestamptz>, _>(column(rows, |visit| {
                visit.exit.map(|(at, _)| at.time)
            })),
            unnest::<Nullable<Integer>, _>(column(rows, |visit| {
                visit.duration_seconds().map(|seconds| i32::try_from(seconds).unwrap_or(i32::MAX))
            })),
            unnest::<Double, _>(column(rows, |visit| visit.entry.latitude)),
            unnest::<Double, _>(column(rows, |visit| visit.entry.longitude)),
            exit(|at| at.latitude),
            exit(|at| at.longitude),
            unnest::<Integer, _>(column(rows, |visit| visit.entry.altitude)),
            unnest::<Nullable<Integer>, _>(column(rows, |visit| {
                visit.exit.map(|(at, _)| at.altitude)
            })),
            unnest::<Nullable<Text>, _>(column(rows, |visit| {
                visit.exit.map(|(_, reason)| reason.as_str())
            })),
            unnest::<Text, _>(column(rows, |_| $revision)),
        )
    }};
}

/// The same columns by name, after the id where there is one.
macro_rules! names {
    ($($id:expr)?) => {
        (
            $($id,)?
            o::flight_id,
            o::callsign,
            o::sector_name,
            o::entry_timestamp,
            o::exit_timestamp,
            o::duration_seconds,
            o::entry_lat,
            o::entry_lon,
            o::exit_lat,
            o::exit_lon,
            o::entry_altitude,
            o::exit_altitude,
            o::exit_reason,
            o::airspace_revision,
        )
    };
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
        .values(diesel::select(columns!(rows, airspace_revision)))
        .into_columns(names!());
    connection.run(async |pg| insert.execute(pg).await).await?;
    Ok(())
}

/// Writes the exits. diesel has no `UPDATE … FROM`: an insert whose id always conflicts is the
/// typed way.
async fn upsert(
    connection: &mut Connection,
    rows: &[&Visit],
    airspace_revision: &str,
) -> Result<(), StoreError> {
    if rows.is_empty() {
        return Ok(());
    }
    let (a, b, c, d, e, f, g, h, i, j, k, l, m, n) = columns!(rows, airspace_revision);
    let id = unnest::<BigInt, _>(column(rows, |visit| visit.id.unwrap_or_default()));
    let close = diesel::insert_into(o::table)
        .values(diesel::select((id, a, b, c, d, e, f, g, h, i, j, k, l, m, n)))
        .into_columns(names!(o::id))
        .on_conflict(o::id)
        .do_update()
        .set((
            o::exit_timestamp.eq(excluded(o::exit_timestamp)),
            o::duration_seconds.eq(excluded(o::duration_seconds)),
            o::exit_lat.eq(excluded(o::exit_lat)),
            o::exit_lon.eq(excluded(o::exit_lon)),
            o::exit_altitude.eq(excluded(o::exit_altitude)),
            o::exit_reason.eq(excluded(o::exit_reason)),
        ));
    connection.run(async |pg| close.execute(pg).await).await?;
    Ok(())
}
