//! The sector transaction: applies the queue of transitions to the visits, and writes the ledger row.

mod visits;

use std::time::Instant;

use diesel::{
    prelude::*,
    sql_types::{Array, BigInt, Nullable, Timestamptz},
};
use diesel_async::RunQueryDsl;

use super::{
    Store,
    data_version::next_version,
    error::StoreError,
    ledger::{self, CycleRecord},
    owner::Owner,
    schema::{flights, pending_transitions as q},
    statement::Statement,
    unnest::ROWS_PER_STATEMENT,
    writer::{may_write, may_write_and_know},
};
use sectorwatch_core::{
    Time,
    transition::TransitionKind,
    visits::{Point, Queued, Visit},
};
use sectorwatch_pg::{Connection, Prepared, Refused, bisect, transaction};

/// The result of the sector transaction.
#[derive(Debug, Default)]
pub struct SectorsApplied {
    /// Applied transitions.
    pub applied: usize,
    /// Inserted visits.
    pub opened: usize,
    /// Closed visits that had been open before.
    pub closed: usize,
    /// The change of the number of open visits.
    pub open_delta: i64,
    /// Inserted ledger rows.
    pub ledger_rows: usize,
    /// Durations of the visits that ended, in seconds.
    pub stays_seconds: Vec<i64>,
    /// Transitions that PostgreSQL refused, each with the reason.
    pub refused: Vec<Refused<Queued>>,
}

impl Store {
    /// Applies the queue in its order (closes before opens for each flight), deletes the applied transitions,
    /// and inserts this cycle's ledger row. `contacts_mark` is its snapshot, if contact and control are known up to
    /// it.
    ///
    /// # Errors
    /// [`StoreError::Superseded`] when this generation may no longer write. Bad data is no error: see
    /// [`SectorsApplied::refused`].
    pub async fn apply_transitions(
        &self,
        generation: i64,
        cycle: Option<&CycleRecord>,
        contacts_mark: Option<Time>,
    ) -> Result<SectorsApplied, StoreError> {
        let begun = Instant::now();
        let scope = self.ingest().scope(Owner::Sectors);
        let mut lease = scope.acquire().await?;
        let mut isolate = false;
        loop {
            let applied = transaction::<_, StoreError>(&mut lease, async |connection| {
                match contacts_mark {
                    Some(mark) => may_write_and_know(connection, generation, mark).await?,
                    None => may_write(connection, generation).await?,
                }
                let queue = read_queue(connection).await?;
                let mut applied = match isolate {
                    false => apply_all(connection, &queue).await?,
                    true => apply_isolated(connection, &queue).await?,
                };
                if let Some(cycle) = cycle {
                    let sectors_ms = begun.elapsed().as_millis() as i32;
                    let cycle = CycleRecord {
                        sectors_ms: Some(sectors_ms),
                        rejected: cycle.rejected + applied.refused.len() as i32,
                        ..cycle.clone()
                    };
                    applied.ledger_rows = ledger::insert(connection, &cycle).await?;
                }
                sectorwatch_fault::point("sectors.inside");
                Ok(applied)
            })
            .await;
            match applied {
                Err(error) if error.is_bad_data() && !isolate => isolate = true,
                applied => {
                    sectorwatch_fault::point("sectors.committed");
                    return applied.inspect(|applied| self.count_sectors(applied));
                }
            }
        }
    }
}

type QueueRow = (i64, i64, String, String, String, Time, f64, f64, i32, String);

async fn read_queue(connection: &mut Connection) -> Result<Vec<Queued>, StoreError> {
    let rows: Vec<QueueRow> = connection
        .run(async |pg| {
            q::table
                .inner_join(flights::table)
                .select((
                    q::id,
                    q::flight_id,
                    flights::callsign,
                    q::kind,
                    q::sector_name,
                    q::observed_at,
                    q::latitude,
                    q::longitude,
                    q::altitude,
                    q::airspace_revision,
                ))
                .order(q::id)
                .limit(ROWS_PER_STATEMENT as i64)
                .load(pg)
                .await
        })
        .await?;
    Ok(rows.into_iter().filter_map(queued).collect())
}

/// `None` for a kind that the table's constraint excludes.
fn queued(
    (id, flight_id, callsign, kind, sector, time, latitude, longitude, altitude, revision): QueueRow,
) -> Option<Queued> {
    Some(Queued {
        id,
        flight_id,
        callsign,
        kind: TransitionKind::parse(&kind)?,
        sector: sector.into(),
        at: Point { time, latitude, longitude, altitude },
        airspace_revision: revision.into(),
    })
}

async fn apply_all(
    connection: &mut Connection,
    queue: &[Queued],
) -> Result<SectorsApplied, StoreError> {
    if queue.is_empty() {
        return Ok(SectorsApplied::default());
    }
    let changed = visits::write(connection, queue).await?;
    let earliest = changed.iter().map(|visit| visit.entry.time).min();
    delete(connection, queue.iter().map(|item| item.id).collect(), earliest).await?;
    let is_new = |visit: &&Visit| visit.id.is_none();
    let still_open = changed.iter().filter(|visit| is_new(visit) && visit.exit.is_none()).count();
    let closed = changed.len() - changed.iter().filter(is_new).count();
    Ok(SectorsApplied {
        applied: queue.len(),
        closed,
        open_delta: still_open as i64 - closed as i64,
        opened: changed.iter().filter(is_new).count(),
        stays_seconds: changed.iter().filter_map(|visit| visit.duration_seconds()).collect(),
        ..SectorsApplied::default()
    })
}

async fn apply_isolated(
    connection: &mut Connection,
    queue: &[Queued],
) -> Result<SectorsApplied, StoreError> {
    let mut total = SectorsApplied::default();
    let refused = bisect(connection, queue, async |connection, part| {
        let applied = apply_all(connection, part).await?;
        total.applied += applied.applied;
        total.opened += applied.opened;
        total.closed += applied.closed;
        total.open_delta += applied.open_delta;
        total.stays_seconds.extend(applied.stays_seconds);
        Ok::<_, StoreError>(())
    })
    .await?;
    total.refused =
        refused.into_iter().map(|refused| refused.map(|index| queue[index].clone())).collect();
    delete(connection, total.refused.iter().map(|refused| refused.item.id).collect(), None).await?;
    Ok(total)
}

/// Deletes what was applied, and raises the version of the data when the earliest visit that it changed is before the
/// last closed midnight.
async fn delete(
    connection: &mut Connection,
    ids: Vec<i64>,
    earliest: Option<Time>,
) -> Result<(), StoreError> {
    let delete = Statement::<()>::new(concat!(
        "with late as (update collector_state set data_version = ",
        next_version!(),
        " where date_trunc('day', mark - interval '25 hours', 'UTC') > "
    ))
    .value::<Nullable<Timestamptz>, _>(earliest)
    .text(") delete from pending_transitions where id = any(")
    .value::<Array<BigInt>, _>(ids)
    .text(")");
    connection.run(async |pg| Prepared(delete).execute(pg).await).await?;
    Ok(())
}
