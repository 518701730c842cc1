//! The history of positions. The first row of an observation time is kept.

use diesel_async::RunQueryDsl;

use crate::{
    error::StoreError,
    schema::flight_positions as p,
    unnest::{ROWS_PER_STATEMENT, bulk},
};
use sectorwatch_core::occupancy::Observation;
use sectorwatch_pg::Connection;

/// Adds a position for each flight. Returns how many were new.
pub async fn insert(
    connection: &mut Connection,
    rows: &[(i64, &Observation<'_>)],
) -> Result<usize, StoreError> {
    let mut inserted = 0;
    for rows in rows.chunks(ROWS_PER_STATEMENT) {
        let insert = bulk!(p: (id, seen) in rows => {
            flight_id: *id,
            observed_at: seen.observed_at,
            latitude: seen.pilot.latitude,
            longitude: seen.pilot.longitude,
            altitude: seen.pilot.altitude,
            groundspeed: seen.pilot.groundspeed,
            heading: seen.pilot.heading,
            qnh_mb: seen.pilot.qnh_mb,
            transponder: seen.pilot.transponder.as_deref(),
        })
        .on_conflict_do_nothing();
        inserted += connection.run(async |pg| insert.execute(pg).await).await?;
    }
    Ok(inserted)
}
