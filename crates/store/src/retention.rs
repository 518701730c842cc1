//! Deletes old data: positions by whole days, the ledger and rejected records by rows.

use std::time::{Duration, Instant};

use diesel::sql_types::{BigInt, Nullable, Timestamptz};
use diesel_async::RunQueryDsl;
use tokio::sync::watch;

use super::{Store, data_version, error::StoreError, owner::Owner, writer::is_newest_generation};
use sectorwatch_core::Time;
use sectorwatch_pg::{Connection, transaction};

/// How long each kind of row is kept; `None` means without limit.
#[derive(Debug, Clone, Copy)]
pub struct Retention {
    /// `flight_positions`.
    pub positions: Option<Duration>,
    /// `poll_cycles`.
    pub ledger: Option<Duration>,
    /// `rejected_records`.
    pub rejected: Option<Duration>,
    /// `flights` with their visits, movements and contacts, `controllers`, and `sector_control`.
    pub flights: Option<Duration>,
}

/// The newest stored snapshot and its generation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StoredMark {
    /// The `update_timestamp` of the snapshot.
    pub mark: Time,
    /// The `collector_state.generation` of the transaction that stored it.
    pub generation: i64,
}

/// A step ends after this time and one statement, so that the next stored snapshot is soon followed.
const TIME_FOR_ROWS: Duration = Duration::from_millis(500);

/// The maximum of rows deleted by one statement. It is halved when the server ended a statement at its time
/// limit, so that a slow disk slows retention down but does not stop it.
#[derive(Debug, Clone, Copy)]
pub struct BatchRows(i64);

impl BatchRows {
    const LEAST: i64 = 10;

    fn after(self, error: &StoreError) -> Self {
        match error.is_too_slow() {
            true => Self((self.0 / 2).max(Self::LEAST)),
            false => self,
        }
    }
}

impl Default for BatchRows {
    fn default() -> Self {
        Self(10_000)
    }
}

/// Selects flights that may be deleted, by the index on `first_seen`. A flight with an open visit or a queued
/// transition may not. A flight of the last 24 h, which memory holds, is never old enough.
const IS_OVER: &str = "first_seen < $1 \
    and not exists (select from flight_sector_occupancy o \
        where o.flight_id = flights.id and o.exit_timestamp is null) \
    and not exists (select from pending_transitions q where q.flight_id = flights.id)";

/// The rows of one table that are beyond their retention.
struct OldRows {
    table: &'static str,
    column: &'static str,
    /// A further condition, on an indexed column when the time has no index.
    also: &'static str,
    cutoff: Option<Time>,
    /// Whether the API reads them, so that the version of the data is raised with them.
    is_read: bool,
}

impl Retention {
    fn rows(&self, mark: Time) -> [OldRows; 6] {
        let old = |table, column, also, kept| {
            let cutoff = cutoff(mark, kept);
            let is_read = !["poll_cycles", "rejected_records"].contains(&table);
            OldRows { table, column, also, cutoff, is_read }
        };
        let (ended, begun) = ("entry_timestamp < $1", "from_timestamp < $1");
        [
            old("poll_cycles", "started_at", "true", self.ledger),
            old("rejected_records", "seen_at", "true", self.rejected),
            old("flight_sector_occupancy", "exit_timestamp", ended, self.flights),
            old("flights", "last_seen", IS_OVER, self.flights),
            // It belongs to no flight. It is kept as long as what it is compared with.
            old("sector_control", "to_timestamp", begun, self.flights),
            old("controllers", "last_seen", "true", self.flights),
        ]
    }
}

impl Store {
    /// Takes one step of retention, by the feed's clock: drops at most one partition, and deletes rows in
    /// batches for about half a second. Returns whether nothing that is due is left. When the service stops,
    /// the step ends with its current statement.
    ///
    /// # Errors
    /// [`StoreError::Superseded`] when this generation may no longer write, and any database error. The next
    /// step continues.
    pub async fn retain(
        &self,
        retention: &Retention,
        stored: StoredMark,
        batch: &mut BatchRows,
        stopping: &watch::Receiver<bool>,
    ) -> Result<bool, StoreError> {
        let StoredMark { mark, generation } = stored;
        if self.is_all_retained(retention, stored).await? {
            return Ok(true);
        }
        if let Some(cutoff) = cutoff(mark, retention.positions)
            && self.drop_oldest_partition(cutoff, generation).await?
        {
            self.metrics().job_moved("retention", 1);
        }
        let deleted = self.delete_old_rows(retention, stored, *batch, stopping).await;
        *batch = deleted.as_ref().err().map_or(*batch, |error| batch.after(error));
        deleted?;
        if *stopping.borrow() {
            return Ok(false);
        }
        self.is_all_retained(retention, stored).await
    }

    /// Reads from the tables whether anything is due, and records by how much the oldest is overdue.
    async fn is_all_retained(
        &self,
        retention: &Retention,
        StoredMark { mark, generation }: StoredMark,
    ) -> Result<bool, StoreError> {
        let scope = self.ingest().scope(Owner::Retention);
        let mut lease = scope.acquire().await?;
        is_newest_generation(&mut lease, generation).await?;
        let mut behind = match cutoff(mark, retention.positions) {
            Some(cutoff) => Self::partition_due_since(&mut lease, cutoff).await?,
            None => None,
        };
        for old in retention.rows(mark) {
            behind = behind.max(old.due_since(&mut lease).await?);
        }
        self.metrics().job_behind("retention", behind.unwrap_or_default());
        Ok(behind.is_none())
    }

    async fn delete_old_rows(
        &self,
        retention: &Retention,
        stored: StoredMark,
        batch: BatchRows,
        stopping: &watch::Receiver<bool>,
    ) -> Result<(), StoreError> {
        let scope = self.ingest().scope(Owner::Retention);
        let mut lease = scope.acquire().await?;
        let begun = Instant::now();
        for old in retention.rows(stored.mark) {
            while begun.elapsed() < TIME_FOR_ROWS && !*stopping.borrow() {
                let deleted = old.delete(&mut lease, batch, stored.generation).await?;
                self.metrics().wrote(old.table, "delete", deleted);
                self.metrics().job_moved("retention", deleted);
                if deleted < batch.0 as usize {
                    break;
                }
            }
        }
        Ok(())
    }
}

#[derive(diesel::QueryableByName)]
struct Oldest {
    #[diesel(sql_type = Nullable<Timestamptz>)]
    at: Option<Time>,
}

impl OldRows {
    /// By how much the oldest row is overdue; `None` when none is due.
    async fn due_since(&self, connection: &mut Connection) -> Result<Option<Duration>, StoreError> {
        let Some(cutoff) = self.cutoff else { return Ok(None) };
        let Self { table, column, also, .. } = self;
        let statement =
            format!("select min({column}) as at from {table} where {column} < $1 and {also}");
        let oldest: Oldest = connection
            .run(async |pg| {
                diesel::sql_query(statement).bind::<Timestamptz, _>(cutoff).get_result(pg).await
            })
            .await?;
        Ok(oldest.at.map(|at| overdue(at, cutoff)))
    }

    /// Deletes nothing once another generation may write. A row that a cycle updated while this statement
    /// waited for it is judged again, by the outer condition only.
    async fn delete(
        &self,
        connection: &mut Connection,
        batch: BatchRows,
        generation: i64,
    ) -> Result<usize, StoreError> {
        let Some(cutoff) = self.cutoff else { return Ok(0) };
        let Self { table, column, also, .. } = self;
        let statement = format!(
            "delete from {table} where {column} < $1 and id in \
             (select id from {table} where {column} < $1 and {also} order by {column} limit $2) \
             and exists (select from collector_state where generation = $3)"
        );
        let delete = async |connection: &mut Connection| {
            connection
                .run(async |pg| {
                    diesel::sql_query(&statement)
                        .bind::<Timestamptz, _>(cutoff)
                        .bind::<BigInt, _>(batch.0)
                        .bind::<BigInt, _>(generation)
                        .execute(pg)
                        .await
                })
                .await
        };
        if !self.is_read {
            return Ok(delete(connection).await?);
        }
        transaction(connection, async |connection| {
            let deleted = delete(connection).await?;
            // Last, because the next cycle waits for this row.
            if deleted > 0 {
                data_version::raise(connection).await?;
            }
            Ok(deleted)
        })
        .await
    }
}

/// What is due has been due for at least a moment.
pub(super) fn overdue(at: Time, cutoff: Time) -> Duration {
    (cutoff - at).to_std().unwrap_or_default().max(Duration::from_micros(1))
}

fn cutoff(mark: Time, kept: Option<Duration>) -> Option<Time> {
    mark.checked_sub_signed(chrono::TimeDelta::from_std(kept?).ok()?)
}
