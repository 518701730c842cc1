//! Watches pools: frequent sweeps, an audit of the server from time to time, and the end of leaked sessions.
//! It runs on the runtime of the sessions, separately from what it watches.

use std::time::Duration;

use diesel::sql_types::{Array, Integer, Text};
use diesel_async::RunQueryDsl as _;
use futures_util::future;
use tokio::time::{MissedTickBehavior, interval};

use crate::{
    audit::{AfterAudit, Auditor},
    connection::{Connection, Dialler},
    error::{PgError, chain},
    metrics::Metrics,
    owner::Owner,
    pool::Pool,
};

const SWEEP_EVERY: Duration = Duration::from_millis(250);
/// The statement timeout of an audit.
const AUDIT_STATEMENT: Duration = Duration::from_secs(2);

/// Finds and counts leaks, and heals what can be healed.
#[derive(Clone)]
pub struct Watch<O> {
    /// The watched pools. A leak that belongs to no pool is attributed to the first.
    pub pools: Vec<Pool<O>>,
    /// Opens the sessions of audits, and those that end others.
    pub dialler: Dialler,
    /// The metrics.
    pub metrics: Metrics<O>,
    /// The owner of the watch's statements.
    pub owner: O,
    /// Whether to replace a pool that lost capacity and to end leaked sessions on the server. Otherwise
    /// everything is counted and nothing is done.
    pub self_heal: bool,
}

impl<O: Owner> Watch<O> {
    /// Watches until it is dropped. Must run on the runtime of the sessions. After each successful audit,
    /// `after_audit` may use the audit's session; if it fails, the session is replaced.
    pub async fn run(
        self,
        audit_every: Duration,
        after_audit: impl for<'c> FnMut(&'c mut Connection) -> AfterAudit<'c>,
    ) {
        let sweeps = future::join_all(self.pools.iter().map(|pool| self.sweep_for_ever(pool)));
        tokio::join!(sweeps, self.audit_for_ever(audit_every, after_audit));
    }

    async fn sweep_for_ever(&self, pool: &Pool<O>) {
        let mut sweeps = interval(SWEEP_EVERY);
        sweeps.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            sweeps.tick().await;
            let leaked = pool.sweep(self.self_heal).await;
            self.end_sessions(leaked);
        }
    }

    async fn audit_for_ever(
        &self,
        every: Duration,
        mut after: impl for<'c> FnMut(&'c mut Connection) -> AfterAudit<'c>,
    ) {
        let (pools, metrics) = (self.pools.clone(), self.metrics.clone());
        let dialler = self.dialler.limited(AUDIT_STATEMENT);
        let mut auditor = Auditor::new(dialler, pools, metrics, self.owner);
        let mut audits = interval(every);
        audits.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            audits.tick().await;
            match auditor.audit().await {
                Ok(leaked) => {
                    auditor.then(&mut after).await;
                    self.end_sessions(leaked);
                }
                Err(error) => {
                    tracing::warn!(error = %chain(&error), "the server's sessions were not audited");
                }
            }
        }
    }

    /// Ends leaked sessions on the server in a separate task, unless self-healing is off. This frees what
    /// they hold.
    fn end_sessions(&self, pids: Vec<i32>) {
        if pids.is_empty() || !self.self_heal {
            return;
        }
        let is_pooled = self.pools.iter().any(|pool| pool.open_sessions().is_pooled());
        if is_pooled || self.dialler.is_pooled() {
            tracing::warn!(
                ?pids,
                "sessions that leaked are not ended: they are a pooler's, and others may have them"
            );
            return;
        }
        let (dialler, metrics, owner) = (self.dialler.clone(), self.metrics.clone(), self.owner);
        tokio::spawn(async move {
            if let Err(error) = end(&dialler, &metrics, owner, &pids).await {
                tracing::warn!(error = %chain(&error), ?pids, "leaked sessions were not ended");
            }
        });
    }
}

/// Ends only sessions of this process, because the server reuses process ids, and only of roles that ours is
/// a member of, because one forbidden session would fail the statement for all.
async fn end<O: Owner>(
    dialler: &Dialler,
    metrics: &Metrics<O>,
    owner: O,
    pids: &[i32],
) -> Result<(), PgError> {
    let mut session = Connection::open(dialler, metrics, owner).await?;
    let statement = "select pg_terminate_backend(pid) from pg_stat_activity \
                     where pid = any($1) and application_name = $2 and \
                         (pg_has_role(usesysid, 'usage') or pg_has_role('pg_signal_backend', 'usage'))";
    let ending = diesel::sql_query(statement).bind::<Array<Integer>, _>(pids);
    let ending = ending.bind::<Text, _>(dialler.application_name());
    let ended = session.run(async |pg| ending.execute(pg).await).await?;
    tracing::warn!(?pids, ended, "sessions that leaked were ended");
    Ok(())
}
