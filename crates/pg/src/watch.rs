//! The watch over pools: a look several times a second, an audit of the server now and then, and the end of
//! sessions that leaked. On the runtime of the sessions, apart from what it watches.

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
/// An audit is short, or it is none.
const AUDIT_STATEMENT: Duration = Duration::from_secs(2);

/// Looks for leaks, counts them, and heals what can be healed.
#[derive(Clone)]
pub struct Watch<O> {
    /// What is watched; the first is blamed for what no other can be.
    pub pools: Vec<Pool<O>>,
    /// Opens the sessions of audits, and those that end others. Of a server that the role may ask.
    pub dialler: Dialler,
    /// What is counted into.
    pub metrics: Metrics<O>,
    /// Who runs the statements of the watch.
    pub owner: O,
    /// Whether a pool that lost capacity is replaced, and a session that leaked is ended on the server. Switched off,
    /// everything is counted and nothing is done.
    pub self_heal: bool,
}

impl<O: Owner> Watch<O> {
    /// Watches for ever. Whoever spawns it gives it the runtime of the sessions. What the service wants to ask the
    /// server after each audit that went well, it may ask on the audit's session; where that fails, the session is
    /// replaced.
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

    /// Ends sessions on the server that leaked, in a task of its own, unless that is switched off:
    /// what they hold is free then.
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

/// Only sessions of this very process: the server gives process ids anew. And only those of roles
/// that ours is a member of: asking for another would fail for all.
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
