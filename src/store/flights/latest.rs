//! The latest state of known flights: the volatile columns alone, so that the update stays HOT.

use diesel::{
    prelude::*,
    sql_types::{BigInt, Double, Integer, Nullable, SmallInt, Text, Timestamptz},
    upsert::excluded,
};
use diesel_async::RunQueryDsl;

use crate::{
    domain::{absence::Moment, occupancy::Observation},
    store::{
        connection::Connection,
        error::StoreError,
        flights::micros,
        schema::flights as f,
        unnest::{ROWS_PER_STATEMENT, column, unnest},
    },
};

/// Overwrites the state of these flights.
///
/// diesel has no `UPDATE … FROM`: an insert with explicit ids that always conflict is the typed way,
/// and burns no identity values.
pub async fn update(
    connection: &mut Connection,
    rows: &[&Observation<'_>],
    now: Moment,
) -> Result<(), StoreError> {
    let (seen_at, observed_us) = (now.at, micros(now.observed_time));
    let known: Vec<_> = rows.iter().filter_map(|seen| Some((seen.flight_id?, *seen))).collect();
    for rows in known.chunks(ROWS_PER_STATEMENT) {
        let values = diesel::select((
            unnest::<BigInt, _>(column(rows, |(id, _)| *id)),
            unnest::<Integer, _>(column(rows, |(_, seen)| seen.pilot.key.cid)),
            unnest::<Text, _>(column(rows, |(_, seen)| seen.pilot.key.callsign.as_ref())),
            unnest::<Timestamptz, _>(column(rows, |(_, seen)| seen.pilot.key.logon_time)),
            unnest::<Text, _>(column(rows, |(_, seen)| seen.pilot.server.as_str())),
            unnest::<Double, _>(column(rows, |(_, seen)| seen.pilot.latitude)),
            unnest::<Double, _>(column(rows, |(_, seen)| seen.pilot.longitude)),
            unnest::<Integer, _>(column(rows, |(_, seen)| seen.pilot.altitude)),
            unnest::<Nullable<Integer>, _>(column(rows, |(_, seen)| seen.pilot.groundspeed)),
            unnest::<Nullable<SmallInt>, _>(column(rows, |(_, seen)| seen.pilot.heading)),
            unnest::<Nullable<Text>, _>(column(rows, |(_, seen)| {
                seen.pilot.transponder.as_deref()
            })),
            unnest::<Nullable<Integer>, _>(column(rows, |(_, seen)| seen.pilot.qnh_mb)),
            unnest::<SmallInt, _>(column(rows, |(_, seen)| seen.slow_polls)),
            unnest::<Timestamptz, _>(column(rows, |_| seen_at)),
            unnest::<Timestamptz, _>(column(rows, |(_, seen)| seen.observed_at)),
            unnest::<Timestamptz, _>(column(rows, |_| seen_at)),
            unnest::<BigInt, _>(column(rows, |_| observed_us)),
        ));
        let update = diesel::insert_into(f::table)
            .values(values)
            .into_columns((
                f::id,
                f::cid,
                f::callsign,
                f::logon_time,
                f::server,
                f::latitude,
                f::longitude,
                f::altitude,
                f::groundspeed,
                f::heading,
                f::transponder,
                f::qnh_mb,
                f::slow_polls,
                f::first_seen,
                f::last_updated,
                f::last_seen,
                f::observed_us,
            ))
            .on_conflict(f::id)
            .do_update()
            .set((
                f::latitude.eq(excluded(f::latitude)),
                f::longitude.eq(excluded(f::longitude)),
                f::altitude.eq(excluded(f::altitude)),
                f::groundspeed.eq(excluded(f::groundspeed)),
                f::heading.eq(excluded(f::heading)),
                f::transponder.eq(excluded(f::transponder)),
                f::qnh_mb.eq(excluded(f::qnh_mb)),
                f::slow_polls.eq(excluded(f::slow_polls)),
                f::last_updated.eq(excluded(f::last_updated)),
                f::last_seen.eq(excluded(f::last_seen)),
                f::observed_us.eq(excluded(f::observed_us)),
            ));
        connection.run(async |pg| update.execute(pg).await).await?;
    }
    Ok(())
}

/// Those who are present by a refused record: when they were seen, and nothing else.
pub async fn see(
    connection: &mut Connection,
    present: &[i64],
    now: Moment,
) -> Result<(), StoreError> {
    if present.is_empty() {
        return Ok(());
    }
    let update = diesel::update(f::table.filter(f::id.eq_any(present)))
        .set((f::last_seen.eq(now.at), f::observed_us.eq(micros(now.observed_time))));
    connection.run(async |pg| update.execute(pg).await).await?;
    Ok(())
}
