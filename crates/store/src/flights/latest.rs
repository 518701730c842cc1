//! Updates the latest state of known flights: only the volatile columns, so that the update stays HOT.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use crate::{
    error::StoreError,
    flights::{contact_seen::judged, micros},
    schema::flights as f,
    unnest::{ROWS_PER_STATEMENT, column},
    update::{each, update_each},
};
use sectorwatch_core::{absence::Moment, occupancy::Observation};
use sectorwatch_pg::{Connection, Prepared};

/// Updates the state of these flights. Returns how many of them are still stored.
pub async fn update(
    connection: &mut Connection,
    rows: &[&Observation<'_>],
    now: Moment,
) -> Result<usize, StoreError> {
    let mut updated = 0;
    let (seen_at, observed_us) = (now.at, micros(now.observed_time));
    let known: Vec<_> = rows.iter().filter_map(|seen| Some((seen.flight_id?, *seen))).collect();
    for rows in known.chunks(ROWS_PER_STATEMENT) {
        let update = update_each(
            each(f::id, column(rows, |(id, _)| *id)),
            [
                each(f::latitude, column(rows, |(_, seen)| seen.pilot.latitude)),
                each(f::longitude, column(rows, |(_, seen)| seen.pilot.longitude)),
                each(f::altitude, column(rows, |(_, seen)| seen.pilot.altitude)),
                each(f::groundspeed, column(rows, |(_, seen)| seen.pilot.groundspeed)),
                each(f::heading, column(rows, |(_, seen)| seen.pilot.heading)),
                each(f::transponder, column(rows, |(_, seen)| seen.pilot.transponder.as_deref())),
                each(f::qnh_mb, column(rows, |(_, seen)| seen.pilot.qnh_mb)),
                each(f::airport_state, column(rows, |(_, seen)| seen.airport.to_text())),
                each(f::slow_polls, column(rows, |(_, seen)| seen.slow_polls)),
                each(f::last_updated, column(rows, |(_, seen)| seen.observed_at)),
                each(f::last_seen, column(rows, |_| seen_at)),
                each(f::observed_us, column(rows, |_| observed_us)),
            ],
        )
        .also(judged!());
        updated += connection.run(async |pg| Prepared(update).execute(pg).await).await?;
    }
    Ok(updated)
}

/// Updates only when flights were last seen, for flights that are present by a refused record.
pub async fn update_last_seen(
    connection: &mut Connection,
    present: &[i64],
    now: Moment,
) -> Result<(), StoreError> {
    if present.is_empty() {
        return Ok(());
    }
    let update = diesel::update(f::table.filter(f::id.eq_any(present))).set((
        f::last_seen.eq(now.at),
        f::observed_us.eq(micros(now.observed_time)),
        judged!(),
    ));
    connection.run(async |pg| Prepared(update).execute(pg).await).await?;
    Ok(())
}
