//! The queue of transitions. It is written with the flights that cause them, and applied by the sector
//! transaction, so that a crash of any length between the two loses or moves none.

use diesel_async::RunQueryDsl;

use crate::{
    error::StoreError,
    schema::pending_transitions as q,
    unnest::{ROWS_PER_STATEMENT, bulk},
};
use sectorwatch_core::transition::Transition;
use sectorwatch_pg::Connection;

/// Appends transitions to the queue in this order.
pub async fn insert(
    connection: &mut Connection,
    rows: &[(i64, &Transition)],
    airspace_revision: &str,
) -> Result<usize, StoreError> {
    let mut inserted = 0;
    for rows in rows.chunks(ROWS_PER_STATEMENT) {
        let insert = bulk!(q: (id, transition) in rows => {
            flight_id: *id,
            kind: transition.kind.as_str(),
            sector_name: transition.sector.as_ref(),
            observed_at: transition.at,
            latitude: transition.latitude,
            longitude: transition.longitude,
            altitude: transition.altitude,
            exit_reason: transition.kind.closes().then(|| transition.kind.as_str()),
            airspace_revision: airspace_revision,
        });
        inserted += connection.run(async |pg| insert.execute(pg).await).await?;
    }
    Ok(inserted)
}
