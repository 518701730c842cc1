//! What is old is deleted: positions by whole days, the ledger and rejected records by rows.

use std::time::Duration;

use diesel::sql_types::Timestamptz;
use diesel_async::RunQueryDsl;

use super::{Store, error::StoreError, owner::Owner};
use crate::domain::Time;

/// How long each kind of row is kept; `None` keeps for ever.
#[derive(Debug, Clone, Copy)]
pub struct Retention {
    /// `flight_positions`.
    pub positions: Option<Duration>,
    /// `poll_cycles`.
    pub ledger: Option<Duration>,
    /// `rejected_records`.
    pub rejected: Option<Duration>,
}

/// Rows deleted by one statement at most.
const BATCH: &str = "10000";

impl Store {
    /// One step of retention, by the feed's clock. Returns whether more is left to do: at most one
    /// partition is dropped at a time.
    ///
    /// # Errors
    /// Any failure of the database; the next run goes on.
    pub async fn retain(&self, retention: &Retention, mark: Time) -> Result<bool, StoreError> {
        let dropped = match cutoff(mark, retention.positions) {
            Some(cutoff) => self.drop_oldest_partition(cutoff).await?,
            None => false,
        };
        if dropped {
            self.metrics().job_moved("retention", 1);
            return Ok(true);
        }
        let scope = self.ingest().scope(Owner::Retention);
        let mut lease = scope.acquire().await?;
        let old = [
            ("poll_cycles", "started_at", cutoff(mark, retention.ledger)),
            ("rejected_records", "seen_at", cutoff(mark, retention.rejected)),
        ];
        for (table, column, cutoff) in old {
            let Some(cutoff) = cutoff else { continue };
            let statement = format!(
                "delete from {table} where id in \
                 (select id from {table} where {column} < $1 limit {BATCH})"
            );
            let deleted = lease
                .run(async |pg| {
                    diesel::sql_query(statement).bind::<Timestamptz, _>(cutoff).execute(pg).await
                })
                .await?;
            self.metrics().wrote(table, "delete", deleted);
            self.metrics().job_moved("retention", deleted);
        }
        Ok(false)
    }
}

fn cutoff(mark: Time, kept: Option<Duration>) -> Option<Time> {
    mark.checked_sub_signed(chrono::TimeDelta::from_std(kept?).ok()?)
}
