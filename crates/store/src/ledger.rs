//! The ledger of cycles, and rejected records.

use std::collections::BTreeSet;

use diesel::{
    prelude::*,
    sql_types::{BigInt, Timestamptz},
};
use diesel_async::RunQueryDsl;

use super::{
    Store,
    error::StoreError,
    owner::Owner,
    schema::{poll_cycles, rejected_records as r},
    statement::Statement,
    unnest::column,
    update::each,
    writer::may_write,
};
use sectorwatch_core::{
    Time,
    snapshot::{Rejected, RejectionReason},
};
use sectorwatch_pg::{Connection, Prepared, transaction};

/// The ledger row of one cycle. A phase that did not run has no milliseconds.
#[derive(Debug, Clone, Insertable)]
#[diesel(table_name = poll_cycles, treat_none_as_default_value = false)]
#[expect(missing_docs, reason = "the columns of poll_cycles, described in docs/architecture.md")]
pub struct CycleRecord {
    pub started_at: Time,
    pub feed_update_timestamp: Option<Time>,
    pub outcome: &'static str,
    pub stored: bool,
    pub fetch_ms: Option<i32>,
    pub decode_ms: Option<i32>,
    pub filter_ms: Option<i32>,
    pub collect_ms: Option<i32>,
    pub flights_ms: Option<i32>,
    pub controllers_ms: Option<i32>,
    pub transceivers_ms: Option<i32>,
    pub contacts_ms: Option<i32>,
    pub sectors_ms: Option<i32>,
    pub publish_ms: Option<i32>,
    pub flights_written: i32,
    pub positions_written: i32,
    pub controllers_written: i32,
    pub transceivers_written: i32,
    pub entered: i32,
    pub crossed: i32,
    pub left_sector: i32,
    pub slow: i32,
    pub disconnected: i32,
    pub unobserved: i32,
    pub airspace_changed: i32,
    pub rejected: i32,
}

/// The maximum of rows in `rejected_records` per cycle. Others are only counted.
const REJECTED_PER_CYCLE: usize = 100;

impl Store {
    /// Writes the row of a cycle that failed before its sector transaction.
    ///
    /// # Errors
    /// Any database error, which is likely after such a cycle.
    pub async fn write_failed_cycle(
        &self,
        generation: i64,
        cycle: &CycleRecord,
    ) -> Result<(), StoreError> {
        let scope = self.ingest().scope(Owner::Ledger);
        let mut lease = scope.acquire().await?;
        let inserted = transaction(&mut lease, async |connection| {
            may_write(connection, generation).await?;
            insert(connection, cycle).await
        })
        .await?;
        self.metrics().wrote("poll_cycles", "insert", inserted);
        Ok(())
    }

    /// Stores rejected records: at most 100 per cycle, and one per source, reason, cid, callsign and hour.
    /// For an unreadable field, one per source, field and hour.
    ///
    /// # Errors
    /// Any database error. Nothing else depends on these rows.
    pub async fn write_rejected(
        &self,
        records: &[Rejected],
        seen_at: Time,
    ) -> Result<(), StoreError> {
        let mut seen = BTreeSet::new();
        let forgotten = self.forgotten();
        let is_theirs = |it: &&Rejected| it.members().any(|cid| forgotten.holds(cid));
        let kept: Vec<_> = records
            .iter()
            .filter(|it| !is_theirs(it))
            .filter(|it| {
                let field = (it.reason == RejectionReason::Field).then_some(it.detail.as_str());
                seen.insert((it.source, it.reason, it.cid, it.callsign.as_deref(), field))
            })
            .take(REJECTED_PER_CYCLE)
            .collect();
        if kept.is_empty() {
            return Ok(());
        }
        let rows = [
            each(r::source, column(&kept, |it| it.source.as_str())),
            each(r::reason, column(&kept, |it| it.reason.as_str())),
            each(r::detail, column(&kept, |it| it.detail.as_str())),
            each(r::cid, column(&kept, |it| it.cid)),
            each(r::callsign, column(&kept, |it| it.callsign.as_deref())),
            each(r::raw, column(&kept, |it| it.raw.as_str())),
        ];
        let query = Statement::<()>::new(
            "with known as materialized (select id from collector_state where forget_revision = ",
        )
        .value::<BigInt, _>(forgotten.revision())
        .text(" for share) insert into rejected_records (")
        .names(&rows)
        .text(", seen_at) select n.*, ")
        .value::<Timestamptz, _>(seen_at)
        .text(" from known, ")
        .rows("n", rows)
        .text(" where not exists (select from rejected_records r where r.seen_at > ")
        .value::<Timestamptz, _>(seen_at)
        .text(
            " - interval '1 hour' and r.source = n.source and r.reason = n.reason \
                and r.cid is not distinct from n.cid and r.callsign is not distinct from n.callsign \
                and (n.reason <> 'field' or r.detail = n.detail))",
        );
        let scope = self.ingest().scope(Owner::Ledger);
        let mut lease = scope.acquire().await?;
        let inserted = lease.run(async |pg| Prepared(query).execute(pg).await).await?;
        self.metrics().wrote("rejected_records", "insert", inserted);
        Ok(())
    }
}

/// Inserts the row unless the snapshot has one already. Returns the number of rows inserted.
pub(super) async fn insert(
    connection: &mut Connection,
    cycle: &CycleRecord,
) -> Result<usize, StoreError> {
    Ok(connection
        .run(async |pg| {
            diesel::insert_into(poll_cycles::table)
                .values(cycle)
                .on_conflict_do_nothing()
                .execute(pg)
                .await
        })
        .await?)
}
