//! The ledger of cycles, and the records that were not taken.

use std::collections::BTreeSet;

use diesel::{
    prelude::*,
    sql_types::{Array, BigInt, Integer, Nullable, Text, Timestamptz},
};
use diesel_async::RunQueryDsl;

use super::{Store, error::StoreError, owner::Owner, schema::poll_cycles, writer::may_write};
use sectorwatch_core::{
    Time,
    snapshot::{Reason, Rejected},
};
use sectorwatch_pg::{Connection, Prepared, transaction};

/// One cycle, as the ledger keeps it. Milliseconds of a phase that did not run are absent.
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
    pub rejected: i32,
}

/// Most rows of `rejected_records` for one cycle; the rest is only counted.
const REJECTED_PER_CYCLE: usize = 100;

impl Store {
    /// Writes the row of a cycle that failed before its sector transaction.
    ///
    /// # Errors
    /// When the database cannot be reached, as is likely after such a cycle.
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

    /// Keeps rejected records: at most 100 a cycle, and one for each source, reason, cid, callsign
    /// and hour; for a field that cannot be read, one for each source, field and hour.
    ///
    /// # Errors
    /// When the statement fails; nothing else depends on it.
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
                let field = (it.reason == Reason::Field).then_some(it.detail.as_str());
                seen.insert((it.source, it.reason, it.cid, it.callsign.as_deref(), field))
            })
            .take(REJECTED_PER_CYCLE)
            .collect();
        if kept.is_empty() {
            return Ok(());
        }
        let query = diesel::sql_query(INSERT_REJECTED)
            .bind::<Array<Text>, _>(texts(&kept, |it| it.source.as_str()))
            .bind::<Array<Text>, _>(texts(&kept, |it| it.reason.as_str()))
            .bind::<Array<Text>, _>(texts(&kept, |it| &it.detail))
            .bind::<Array<Nullable<Integer>>, _>(kept.iter().map(|it| it.cid).collect::<Vec<_>>())
            .bind::<Array<Nullable<Text>>, _>(
                kept.iter().map(|it| it.callsign.as_deref()).collect::<Vec<_>>(),
            )
            .bind::<Array<Text>, _>(texts(&kept, |it| &it.raw))
            .bind::<Timestamptz, _>(seen_at)
            .bind::<BigInt, _>(forgotten.revision());
        let scope = self.ingest().scope(Owner::Ledger);
        let mut lease = scope.acquire().await?;
        let inserted = lease.run(async |pg| Prepared(query).execute(pg).await).await?;
        self.metrics().wrote("rejected_records", "insert", inserted);
        Ok(())
    }
}

fn texts<'r>(records: &[&'r Rejected], field: impl Fn(&'r Rejected) -> &'r str) -> Vec<&'r str> {
    records.iter().map(|record| field(record)).collect()
}

const INSERT_REJECTED: &str = "\
    with known as materialized (select id from collector_state where forget_revision = $8 for share) \
    insert into rejected_records (source, reason, detail, cid, callsign, raw, seen_at) \
    select n.source, n.reason, n.detail, n.cid, n.callsign, n.raw, $7 \
    from known, unnest($1, $2, $3, $4, $5, $6) as n (source, reason, detail, cid, callsign, raw) \
    where not exists ( \
        select from rejected_records r \
        where r.seen_at > $7 - interval '1 hour' and r.source = n.source and r.reason = n.reason \
            and r.cid is not distinct from n.cid and r.callsign is not distinct from n.callsign \
            and (n.reason <> 'field' or r.detail = n.detail))";

/// Adds one row, unless the snapshot has one already; returns how many.
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
