//! Day partitions of `flight_positions`: made before they are needed, dropped when they are old.

use std::{collections::BTreeSet, time::Duration};

use chrono::{Days, NaiveDate};
use diesel::sql_types::{Bool, Text};
use diesel_async::{RunQueryDsl, SimpleAsyncConnection as _};
use tokio::sync::watch;

use super::{
    Store, error::StoreError, flights::days, owner::Owner, retention::overdue,
    writer::is_newest_generation,
};
use sectorwatch_core::{Time, occupancy::Step};
use sectorwatch_pg::{Connection, PgError, transaction};

const PREFIX: &str = "flight_positions_";
/// Whoever wants a table that a reader has holds up all readers that come after it.
const SHORTLY: &str = "set local lock_timeout = '500ms'";

impl Store {
    /// Makes the days that this snapshot's positions need; normally none is missing.
    pub(super) async fn make_partitions_for(&self, step: &Step<'_>) -> Result<(), StoreError> {
        self.make_partitions(days(step)).await
    }

    /// Keeps partitions from the day before the mark to seven days after it. Each is made by itself,
    /// so that a cycle that needs one of them meanwhile waits for one at most; when the service stops,
    /// no other is begun.
    ///
    /// # Errors
    /// Any failure of the database; a lock that is not had within 2 s is one.
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

    /// Detaches and drops the oldest partition that ends at or before `cutoff`, if there is one.
    /// Returns whether there was.
    ///
    /// Readers are not held up: detaching concurrently waits for them without a lock that others queue
    /// behind. Dropping what is detached locks `flights`, to which it refers, for a moment.
    ///
    /// # Errors
    /// [`StoreError::Superseded`] when this generation may not write any more, and any failure of the
    /// database; what was begun is finished at the next call.
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
        // Also when it failed: it may have been detached.
        self.forget_partitions();
        dropped.map(|()| true)
    }
    /// By how much the oldest partition is too old; `None` when none is.
    pub(super) async fn partition_due_since(
        connection: &mut Connection,
        cutoff: Time,
    ) -> Result<Option<Duration>, StoreError> {
        let oldest = list(connection).await?.into_iter().next();
        let due = oldest.filter(|partition| partition.ends_by(cutoff));
        Ok(due.map(|partition| overdue(partition.end(), cutoff)))
    }

    /// A missing partition is told by the error alone: then all are listed anew.
    pub(super) fn forget_partitions_after(&self, error: &StoreError) {
        if matches!(error, StoreError::Pg(PgError::Query { .. })) {
            self.forget_partitions();
        }
    }
}

async fn drop_partition(connection: &mut Connection, oldest: &Partition) -> Result<(), StoreError> {
    let name = oldest.name();
    // Each alone, since detaching concurrently refuses to run in a transaction.
    if oldest.is_detaching {
        let finalize = format!("alter table flight_positions detach partition {name} finalize");
        connection.run(async |pg| pg.batch_execute(&finalize).await).await?;
    } else if oldest.is_attached {
        let detach = format!("alter table flight_positions detach partition {name} concurrently");
        connection.run(async |pg| pg.batch_execute(&detach).await).await?;
    }
    let statement = format!("{SHORTLY}; drop table {name}");
    transaction(connection, async |connection| {
        Ok(connection.run(async |pg| pg.batch_execute(&statement).await).await?)
    })
    .await
}

/// Made first, then attached: made as a partition, a table would lock `flight_positions` against its
/// readers, and all queries would queue behind the wait for the longest of them. It is empty, so that
/// attaching has nothing to look through.
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

/// All day tables, the oldest first, also those that a crash left detached.
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
