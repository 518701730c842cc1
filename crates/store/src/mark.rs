//! Sets the mark to another time, which repairs a database that stored a snapshot from the future.

use std::time::Duration;

use diesel::{
    prelude::*,
    sql_types::{BigInt, Timestamptz},
};
use diesel_async::RunQueryDsl;

use super::{
    Store, data_version::SET_NEXT, error::StoreError, owner::Owner, schema::collector_state,
    writer::may_write,
};
use sectorwatch_core::Time;
use sectorwatch_pg::{Connection, transaction};

/// The limit of a statement that reads a whole table.
const LONGEST: Duration = Duration::from_mins(5);

/// The changes that came with a new mark.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MarkReset {
    /// The previous mark, if there was one.
    pub before: Option<Time>,
    /// Flights with a time after the new mark.
    pub flights: usize,
    /// Open visits that began after the new mark.
    pub visits: usize,
    /// Controllers with a time after the new mark.
    pub controllers: usize,
    /// Intervals of contact and of control that ended after the new mark, or had not ended.
    pub ended: usize,
    /// Intervals of contact and of control that began at the new mark or after it.
    pub deleted: usize,
    /// Movements at airports after the new mark, which were deleted.
    pub movements: usize,
}

impl Store {
    /// Applies the whole queue. Returns how many transitions were applied and how many were refused.
    ///
    /// # Errors
    /// The errors of [`Store::apply_transitions`].
    pub async fn drain_queue(&self, generation: i64) -> Result<(usize, usize), StoreError> {
        let (mut applied, mut refused) = (0, 0);
        loop {
            let done = self.apply_transitions(generation, None, None).await?;
            if done.applied + done.refused.len() == 0 {
                return Ok((applied, refused));
            }
            applied += done.applied;
            refused += done.refused.len();
        }
    }

    /// Sets the mark, and in the same transaction everything later than it: flights get it as their last
    /// observation and presence, controllers likewise, and open visits that began after it end where they began,
    /// as `unobserved`. Intervals of contact and of control end at it, or are deleted if they began at it or
    /// later, as movements at airports are after it; nothing else is deleted. The queue must be empty; see [`Store::drain_queue`].
    ///
    /// # Errors
    /// [`StoreError::Superseded`] when this generation may no longer write, and any database error.
    pub async fn reset_mark(&self, generation: i64, to: Time) -> Result<MarkReset, StoreError> {
        let scope = self.ingest().scope(Owner::Restore);
        let mut lease = scope.acquire().await?;
        transaction(&mut lease, async |connection| {
            may_write(connection, generation).await?;
            // The changing columns have no index, so that the tables are scanned.
            connection.allow(LONGEST).await?;
            let before = connection
                .run(async |pg| {
                    collector_state::table.select(collector_state::mark).first(pg).await
                })
                .await?;
            let visits = run(connection, CLOSE_VISITS, to).await?;
            let flights = run(connection, LOWER_FLIGHTS, to).await?;
            run(connection, SHORTEN_ABSENCES, to).await?;
            let controllers = run(connection, LOWER_CONTROLLERS, to).await?;
            let (mut ended, mut deleted) = (0, 0);
            for table in ["flight_radio_intervals", "sector_control"] {
                let delete = format!("delete from {table} where from_timestamp >= $1");
                deleted += run(connection, &delete, to).await?;
                // Those that begin later are gone.
                let end = format!(
                    "update {table} set to_timestamp = $1 \
                     where to_timestamp is null or to_timestamp > $1"
                );
                ended += run(connection, &end, to).await?;
            }
            let movements = run(connection, DELETE_MOVEMENTS, to).await?;
            set(connection, generation, to).await?;
            Ok(MarkReset { before, flights, visits, controllers, ended, deleted, movements })
        })
        .await
    }
}

async fn run(connection: &mut Connection, sql: &str, to: Time) -> Result<usize, StoreError> {
    let query = diesel::sql_query(sql).bind::<Timestamptz, _>(to);
    Ok(connection.run(async |pg| query.execute(pg).await).await?)
}

async fn set(connection: &mut Connection, generation: i64, to: Time) -> Result<(), StoreError> {
    let query = diesel::sql_query(format!(
        "update collector_state set mark = $1, contacts_mark = \
             case when contacts_mark > $1 then $1 else contacts_mark end, {SET_NEXT} \
         where generation = $2"
    ))
    .bind::<Timestamptz, _>(to)
    .bind::<BigInt, _>(generation);
    connection.run(async |pg| query.execute(pg).await).await?;
    Ok(())
}

const CLOSE_VISITS: &str = "\
    update flight_sector_occupancy set exit_timestamp = entry_timestamp, duration_seconds = 0, \
        exit_lat = entry_lat, exit_lon = entry_lon, exit_altitude = entry_altitude, \
        exit_reason = 'unobserved' \
    where exit_timestamp is null and entry_timestamp > $1";

/// A landing later than the mark would end every leg that is flown before.
const DELETE_MOVEMENTS: &str = "delete from airport_movements where at > $1";

/// Sets later times of flights to the mark. Where such a flight is with respect to airports is not known any more.
const LOWER_FLIGHTS: &str = "\
    update flights f set last_updated = least(f.last_updated, $1), \
        last_seen = least(f.last_seen, $1), \
        first_observed = least(f.first_observed, $1), airport_state = null, \
        observed_us = case when f.last_seen > $1 then s.observed_us else f.observed_us end \
    from collector_state s \
    where f.last_updated > $1 or f.last_seen > $1";

const LOWER_CONTROLLERS: &str = "\
    update controllers set last_updated = least(last_updated, $1), last_seen = least(last_seen, $1) \
    where last_updated > $1 or last_seen > $1";

/// The sum of observed time continues and includes snapshots after the new mark. A flight inside a sector was
/// absent for at most the time since it was last seen.
const SHORTEN_ABSENCES: &str = "\
    update flights f set observed_us = greatest(f.observed_us, \
        s.observed_us - (extract(epoch from $1 - f.last_seen) * 1000000)::bigint) \
    from collector_state s \
    where exists (select from flight_sector_occupancy o \
        where o.flight_id = f.id and o.exit_timestamp is null)";
