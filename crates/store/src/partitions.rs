//! Day partitions of `flight_positions`, created before they are needed and dropped when they are old.

use std::{collections::BTreeSet, time::Duration};

use chrono::{Days, NaiveDate};
use diesel::sql_types::{Bool, Text};
use diesel_async::{RunQueryDsl, SimpleAsyncConnection as _};
use tokio::sync::watch;

use super::{
    Store, data_version, error::StoreError, flights::days, owner::Owner, retention::overdue,
    writer::is_newest_generation,
};
use sectorwatch_core::{Time, occupancy::Step};
use sectorwatch_pg::{Connection, PgError, transaction};

const PREFIX: &str = "flight_positions_";
/// All later readers queue behind a statement that waits for a table's lock.
const SHORTLY: &str = "set local lock_timeout = '500ms'";

impl Store {
    /// Creates the partitions for this snapshot's positions. Usually none is missing.
    pub(super) async fn make_partitions_for(&self, step: &Step<'_>) -> Result<(), StoreError> {
        self.make_partitions(days(step)).await
    }

    /// Keeps partitions from the day before the mark to seven days after it. Each is created separately, so
    /// that a cycle that needs one waits for one at most. When the service stops, no further one is begun.
    ///
    /// # Errors
    /// Any database error, including a lock that is not obtained within 2 s.
    pub async fn keep_partitions(
        &self,
        mark: Time,
        stopping: &watch::Receiver<bool>,
    ) -> Result<(), StoreError> {
        let first = mark.date_naive() - Days::new(1);
        for day in first.iter_days().take(9) {
            if *stopping.borrow() {
                break;
            }
            self.make_partitions(BTreeSet::from([day])).await?;
        }
        Ok(())
    }

    async fn make_partitions(&self, wanted: BTreeSet<NaiveDate>) -> Result<(), StoreError> {
        if self.known_partitions().is_some_and(|known| wanted.is_subset(&known)) {
            return Ok(());
        }
        let _alone = self.make_partitions_alone().await;
        let known = self.known_partitions();
        if known.as_ref().is_some_and(|known| wanted.is_subset(known)) {
            return Ok(());
        }
        let scope = self.ingest().scope(Owner::Retention);
        let mut lease = scope.acquire().await?;
        let mut known = match known {
            Some(known) => known,
            None => attached(&mut lease).await?,
        };
        let missing: Vec<_> = wanted.difference(&known).copied().collect();
        if !missing.is_empty() {
            transaction(&mut lease, async |connection| make(connection, &missing).await).await?;
            known.extend(missing);
        }
        self.remember_partitions(known);
        Ok(())
    }

    /// Detaches and drops the oldest partition that ends at or before `cutoff`. Returns whether there was
    /// one.
    ///
    /// Detaching concurrently waits for readers without a lock, so that no reader is delayed. Dropping the
    /// detached table briefly locks `flights`, which it references.
    ///
    /// # Errors
    /// [`StoreError::Superseded`] when this generation may no longer write, and any database error. The next
    /// call completes an unfinished step.
    pub async fn drop_oldest_partition(
        &self,
        cutoff: Time,
        generation: i64,
    ) -> Result<bool, StoreError> {
        let scope = self.ingest().scope(Owner::Retention);
        let mut lease = scope.acquire().await?;
        let oldest = list(&mut lease).await?.into_iter().next();
        let Some(oldest) = oldest.filter(|partition| partition.ends_by(cutoff)) else {
            return Ok(false);
        };
        is_newest_generation(&mut lease, generation).await?;
        let dropped = drop_partition(&mut lease, &oldest).await;
        // Also after a failure, because the partition may have been detached.
        self.forget_partitions();
        dropped.map(|()| true)
    }
    /// By how much the oldest partition is overdue; `None` when none is due.
    pub(super) async fn partition_due_since(
        connection: &mut Connection,
        cutoff: Time,
    ) -> Result<Option<Duration>, StoreError> {
        let oldest = list(connection).await?.into_iter().next();
        let due = oldest.filter(|partition| partition.ends_by(cutoff));
        Ok(due.map(|partition| overdue(partition.end(), cutoff)))
    }

    /// The list is read again after an error that reports a missing partition.
    pub(super) fn forget_partitions_after(&self, error: &StoreError) {
        if matches!(error, StoreError::Pg(PgError::Query { .. })) {
            self.forget_partitions();
        }
    }
}

async fn drop_partition(connection: &mut Connection, oldest: &Partition) -> Result<(), StoreError> {
    let name = oldest.name();
    // Sent separately, because detaching concurrently is not allowed in a transaction.
    if oldest.is_detaching {
        let finalize = format!("alter table flight_positions detach partition {name} finalize");
        connection.run(async |pg| pg.batch_execute(&finalize).await).await?;
    } else if oldest.is_attached {
        let detach = format!("alter table flight_positions detach partition {name} concurrently");
        connection.run(async |pg| pg.batch_execute(&detach).await).await?;
    }
    let statement = format!("{SHORTLY}; drop table {name}");
    transaction(connection, async |connection| {
        connection.run(async |pg| pg.batch_execute(&statement).await).await?;
        Ok(data_version::raise(connection).await?)
    })
    .await
}

/// Creates tables and then attaches them. Creating a table as a partition locks `flight_positions` against
/// readers, and all queries would queue behind that lock. The table is empty, so that attaching scans
/// nothing.
async fn make(connection: &mut Connection, days: &[NaiveDate]) -> Result<(), StoreError> {
    connection.run(async |pg| pg.batch_execute("set local lock_timeout = '2s'").await).await?;
    for day in days {
        let (name, next) = (partition_name(*day), *day + Days::new(1));
        let statement = format!(
            "create table if not exists {name} \
                 (like flight_positions including defaults including constraints including storage); \
             alter table flight_positions attach partition {name} \
                 for values from ('{day} 00:00:00+00') to ('{next} 00:00:00+00')"
        );
        connection.run(async |pg| pg.batch_execute(&statement).await).await?;
    }
    Ok(())
}

fn partition_name(day: NaiveDate) -> String {
    format!("{PREFIX}{}", day.format("%Y%m%d"))
}

struct Partition {
    day: NaiveDate,
    is_attached: bool,
    is_detaching: bool,
}

impl Partition {
    fn name(&self) -> String {
        partition_name(self.day)
    }

    fn end(&self) -> Time {
        (self.day + Days::new(1)).and_time(chrono::NaiveTime::MIN).and_utc()
    }

    fn ends_by(&self, cutoff: Time) -> bool {
        self.end() <= cutoff
    }
}

#[derive(diesel::QueryableByName)]
struct PartitionRow {
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Bool)]
    is_attached: bool,
    #[diesel(sql_type = Bool)]
    is_detaching: bool,
}

/// Lists all day tables, oldest first, including those that a crash left detached.
async fn list(connection: &mut Connection) -> Result<Vec<Partition>, StoreError> {
    let rows: Vec<PartitionRow> = connection
        .run(async |pg| {
            diesel::sql_query(
                "select c.relname::text as name, i.inhrelid is not null as is_attached, \
                     coalesce(i.inhdetachpending, false) as is_detaching \
                 from pg_class c left join pg_inherits i on i.inhrelid = c.oid \
                 where c.relkind = 'r' and c.relname ~ '^flight_positions_[0-9]{8}$' \
                     and c.relnamespace = (select relnamespace from pg_class \
                         where oid = 'flight_positions'::regclass) \
                 order by 1",
            )
            .load(pg)
            .await
        })
        .await?;
    let partition = |row: PartitionRow| {
        let day = NaiveDate::parse_from_str(row.name.strip_prefix(PREFIX)?, "%Y%m%d").ok()?;
        let PartitionRow { is_attached, is_detaching, .. } = row;
        Some(Partition { day, is_attached, is_detaching })
    };
    Ok(rows.into_iter().filter_map(partition).collect())
}

async fn attached(connection: &mut Connection) -> Result<BTreeSet<NaiveDate>, StoreError> {
    let all = list(connection).await?;
    let whole =
        all.into_iter().filter(|partition| partition.is_attached && !partition.is_detaching);
    Ok(whole.map(|partition| partition.day).collect())
}
