//! Movements at airports, in the order of their times. A movement that is stored already is kept.

use diesel::Queryable;
use diesel_async::RunQueryDsl;

use crate::{
    error::StoreError,
    schema::airport_movements as m,
    unnest::{ROWS_PER_STATEMENT, bulk},
};
use sectorwatch_core::movements::Happened;
use sectorwatch_pg::Connection;

/// A movement that was added to the table.
#[derive(Debug, Clone, PartialEq, Eq, Queryable)]
pub struct NewMovement {
    /// The airport.
    pub icao: String,
    /// What it was, as in the column.
    pub kind: String,
}

/// Adds the movements of these flights. Returns those that were new.
pub async fn insert(
    connection: &mut Connection,
    mut rows: Vec<(i64, &Happened)>,
) -> Result<Vec<NewMovement>, StoreError> {
    rows.sort_by_key(|(_, happened)| happened.order());
    let mut new = Vec::new();
    for rows in rows.chunks(ROWS_PER_STATEMENT) {
        let insert = bulk!(m: (id, happened) in rows => {
            flight_id: *id,
            icao: happened.icao.as_ref(),
            kind: happened.kind.as_str(),
            at: happened.fix.at,
            earliest_at: happened.fix.earliest_at,
            latitude: happened.fix.latitude,
            longitude: happened.fix.longitude,
        })
        .on_conflict_do_nothing()
        .returning((m::icao, m::kind));
        new.extend(connection.run(async |pg| insert.get_results::<NewMovement>(pg).await).await?);
    }
    Ok(new)
}
