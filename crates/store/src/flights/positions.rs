//! The history of positions: the first row of an observation time wins.

use diesel::sql_types::{BigInt, Double, Integer, Nullable, SmallInt, Text, Timestamptz};
use diesel_async::RunQueryDsl;

use crate::{
    error::StoreError,
    schema::flight_positions as p,
    unnest::{ROWS_PER_STATEMENT, column, unnest},
};
use sectorwatch_core::occupancy::Observation;
use sectorwatch_pg::Connection;

/// Adds a position for each flight; returns how many were new.
pub async fn insert(
    connection: &mut Connection,
    rows: &[(i64, &Observation<'_>)],
) -> Result<usize, StoreError> {
    let mut inserted = 0;
    for rows in rows.chunks(ROWS_PER_STATEMENT) {
        let values = diesel::select((
            unnest::<BigInt, _>(column(rows, |(id, _)| *id)),
            unnest::<Timestamptz, _>(column(rows, |(_, seen)| seen.observed_at)),
            unnest::<Double, _>(column(rows, |(_, seen)| seen.pilot.latitude)),
            unnest::<Double, _>(column(rows, |(_, seen)| seen.pilot.longitude)),
            unnest::<Integer, _>(column(rows, |(_, seen)| seen.pilot.altitude)),
            unnest::<Nullable<Integer>, _>(column(rows, |(_, seen)| seen.pilot.groundspeed)),
            unnest::<Nullable<SmallInt>, _>(column(rows, |(_, seen)| seen.pilot.heading)),
            unnest::<Nullable<Integer>, _>(column(rows, |(_, seen)| seen.pilot.qnh_mb)),
            unnest::<Nullable<Text>, _>(column(rows, |(_, seen)| {
                seen.pilot.transponder.as_deref()
            })),
        ));
        let insert = diesel::insert_into(p::table)
            .values(values)
            .into_columns((
                p::flight_id,
                p::observed_at,
                p::latitude,
                p::longitude,
                p::altitude,
                p::groundspeed,
                p::heading,
                p::qnh_mb,
                p::transponder,
            ))
            .on_conflict_do_nothing();
        inserted += connection.run(async |pg| insert.execute(pg).await).await?;
    }
    Ok(inserted)
}
