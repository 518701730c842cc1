//! The queue of transitions: written with the flights that imply them, applied by the sector
//! transaction. So a crash or a fault of any length between the two loses none and moves none.

use diesel::sql_types::{BigInt, Double, Integer, Nullable, Text, Timestamptz};
use diesel_async::RunQueryDsl;

use crate::{
    error::StoreError,
    schema::pending_transitions as q,
    unnest::{ROWS_PER_STATEMENT, column, unnest},
};
use sectorwatch_core::transition::Transition;
use sectorwatch_pg::Connection;

/// Appends to the queue, in this order.
pub async fn insert(
    connection: &mut Connection,
    rows: &[(i64, &Transition)],
) -> Result<usize, StoreError> {
    let mut inserted = 0;
    for rows in rows.chunks(ROWS_PER_STATEMENT) {
        let values = diesel::select((
            unnest::<BigInt, _>(column(rows, |(id, _)| *id)),
            unnest::<Text, _>(column(rows, |(_, it)| it.kind.as_str())),
            unnest::<Text, _>(column(rows, |(_, it)| it.sector.as_ref())),
            unnest::<Timestamptz, _>(column(rows, |(_, it)| it.at)),
            unnest::<Double, _>(column(rows, |(_, it)| it.latitude)),
            unnest::<Double, _>(column(rows, |(_, it)| it.longitude)),
            unnest::<Integer, _>(column(rows, |(_, it)| it.altitude)),
            unnest::<Nullable<Text>, _>(column(rows, |(_, it)| {
                it.kind.closes().then(|| it.kind.as_str())
            })),
        ));
        let insert = diesel::insert_into(q::table).values(values).into_columns((
            q::flight_id,
            q::kind,
            q::sector_name,
            q::observed_at,
            q::latitude,
            q::longitude,
            q::altitude,
            q::exit_reason,
        ));
        inserted += connection.run(async |pg| insert.execute(pg).await).await?;
    }
    Ok(inserted)
}
