//! The watch over both pools: a look several times a second, an audit of the server now and then,
//! and the end of sessions that leaked. Runs on the `db` runtime, apart from what it watches.

use std::time::Duration;

use diesel::sql_types::{Array, Integer, Text};
use diesel_async::RunQueryDsl as _;
use tokio::time::{MissedTickBehavior, interval};

use super::{
    Store,
    audit::Auditor,
    connection::OpenSessions,
    error::{StoreError, chain},
    owner::Owner,
    pool::Pool,
};

const SWEEP_EVERY: Duration = Duration::from_millis(250);
/// An audit is short, or it is none.
const AUDIT_STATEMENT: Duration = Duration::from_secs(2);

impl Store {
    /// Looks for leaks, for ever. Whoever spawns it gives it the `db` runtime.
    pub async fn watch(self, audit_interval: Duration) {
        tokio::join!(
            self.look_for_ever(self.ingest()),
            self.look_for_ever(self.read_pool()),
            self.audit_for_ever(audit_interval),
        );
    }

    async fn look_for_ever(&self, pool: &Pool) {
        let mut sweeps = interval(SWEEP_EVERY);
        sweeps.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            sweeps.tick().await;
            let leaked = pool.sweep().await;
            self.end_sessions(leaked);
        }
    }

    async fn audit_for_ever(&self, every: Duration) {
        let mut auditor = self.auditor();
        let mut audits = interval(every);
        audits.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            audits.tick().await;
            match auditor.audit().await {
                Ok(leaked) => self.end_sessions(leaked),
                Err(error) => {
                    tracing::warn!(error = %chain(&error), "the server's sessions were not audited");
                }
            }
        }
    }

    fn auditor(&self) -> Auditor {
        let dialler = self.system().limited(AUDIT_STATEMENT);
        let counters = self.counters();
        let (statements, leaks) = (counters.statements.clone(), counters.leaks.clone());
        Auditor::new(dialler, self.open_sessions(), statements, leaks, self.audited())
    }

    /// Ends sessions on the server that leaked, in a task of its own, unless that is switched off:
    /// what they hold is free then.
    fn end_sessions(&self, pids: Vec<i32>) {
        if pids.is_empty() || !self.heals_itself() {
            return;
        }
        if self.open_sessions().iter().any(OpenSessions::is_pooled) {
            tracing::warn!(
                ?pids,
                "sessions that leaked are not ended: they are a pooler's, and others may have them"
            );
            return;
        }
        let store = self.clone();
        self.runtime().spawn(async move {
            if let Err(error) = store.end(&pids).await {
                tracing::warn!(error = %chain(&error), ?pids, "leaked sessions were not ended");
            }
        });
    }

    /// Only sessions of this very process: the server gives process ids anew. And only those of roles
    /// that ours is a member of: asking for another would fail for all.
    async fn end(&self, pids: &[i32]) -> Result<(), StoreError> {
        let mut session = self.open_session(Owner::Audit).await?;
        let name = self.system().config.get_application_name().unwrap_or_default();
        let statement = "select pg_terminate_backend(pid) from pg_stat_activity \
                         where pid = any($1) and application_name = $2 and \
                             (pg_has_role(usesysid, 'usage') or pg_has_role('pg_signal_backend', 'usage'))";
        let ending = diesel::sql_query(statement).bind::<Array<Integer>, _>(pids);
        let ending = ending.bind::<Text, _>(name);
        let ended = session.run(async |pg| ending.execute(pg).await).await?;
        tracing::warn!(?pids, ended, "sessions that leaked were ended");
        Ok(())
    }
}
