//! The audit: asks the server for our sessions, to find leaks that the client cannot see. It uses a session
//! of its own, so that it works when every pool is exhausted.

mod backends;
mod judge;
pub(crate) mod metrics;

use std::{
    collections::{BTreeMap, BTreeSet},
    future::Future,
    pin::Pin,
    time::{Duration, Instant},
};

use self::{
    backends::Backend,
    judge::{Discrepancy, Fault, Findings, Reading},
};
use crate::{
    connection::{Connection, Dialler, Listed, OpenSessions, Role},
    error::PgError,
    metrics::Metrics,
    owner::Owner,
    pool::{LeakKind, Pool},
};

/// Work on the audit's session after an audit. It is boxed, because a spawned task cannot hold an
/// `AsyncFnMut` that borrows.
pub type AfterAudit<'c> = Pin<Box<dyn Future<Output = Result<(), PgError>> + Send + 'c>>;

/// Compares the server's list of sessions with ours, repeatedly.
pub struct Auditor<O> {
    dialler: Dialler,
    pools: Vec<Pool<O>>,
    /// The lists of the pools, then those of sessions outside of pools.
    open_sessions: Vec<OpenSessions>,
    metrics: Metrics<O>,
    owner: O,
    connection: Option<Connection>,
    before: Findings,
    /// Faults that were counted and still exist.
    counted: BTreeSet<Discrepancy>,
    predecessors: BTreeSet<i32>,
    /// Sessions of the last audit that were abandoned while they were being opened.
    abandoned: BTreeSet<i32>,
    has_reported_hidden: bool,
}

impl<O: Owner> Auditor<O> {
    /// Audits the sessions of these pools and of this dialler. A leak that belongs to no pool is attributed
    /// to the first. The audit's own statements are counted for `owner`.
    pub fn new(dialler: Dialler, pools: Vec<Pool<O>>, metrics: Metrics<O>, owner: O) -> Self {
        let pooled = pools.iter().map(|pool| pool.open_sessions().clone());
        Self {
            open_sessions: pooled.chain([dialler.open_sessions.clone()]).collect(),
            dialler,
            pools,
            metrics,
            owner,
            connection: None,
            before: Findings::default(),
            counted: BTreeSet::new(),
            predecessors: BTreeSet::new(),
            abandoned: BTreeSet::new(),
            has_reported_hidden: false,
        }
    }

    /// Runs one audit. Returns the backends of leaked sessions.
    ///
    /// # Errors
    /// Any database error. The next audit opens a new session and forgets previous findings, because only two
    /// consecutive audits count.
    pub async fn audit(&mut self) -> Result<Vec<i32>, PgError> {
        let begun = Instant::now();
        let audited = self.compare().await;
        match &audited {
            Ok(_) => self.metrics.audit.succeeded(&self.before, begun.elapsed()),
            Err(_) => {
                self.connection = None;
                self.before = Findings::default();
            }
        }
        audited
    }

    /// Lends the audit's session to the service, if it is open. It is closed when the work fails.
    pub async fn then(
        &mut self,
        work: &mut impl for<'c> FnMut(&'c mut Connection) -> AfterAudit<'c>,
    ) {
        if let Some(connection) = &mut self.connection
            && let Err(error) = work(connection).await
        {
            tracing::debug!(%error, "what follows an audit failed");
            self.connection = None;
        }
    }

    async fn compare(&mut self) -> Result<Vec<i32>, PgError> {
        let connection = match &mut self.connection {
            Some(connection) => connection,
            unopened @ None => {
                unopened.insert(Connection::open(&self.dialler, &self.metrics, self.owner).await?)
            }
        };
        let own_name = self.dialler.application_name();
        let (of_instance, _) = own_name.rsplit_once(':').unwrap_or((own_name, ""));
        let ours = connection.pid();
        let before = listed(&self.open_sessions);
        let was_inconclusive = is_inconclusive(&self.open_sessions);
        let asked = Instant::now();
        let backends = backends::backends(connection, &format!("{of_instance}:")).await?;
        let answered = Instant::now();
        let after = listed(&self.open_sessions);
        if !backends.iter().any(|backend| backend.is_auditor && Some(backend.pid) == ours) {
            return Err(PgError::Unauditable);
        }
        let abandoned = backends.iter().filter(|it| self.is_abandoned(it, asked, answered));
        self.abandoned = abandoned.map(|backend| backend.pid).collect();
        let given_up = self.open_sessions.iter().flat_map(OpenSessions::given_up);
        let given_up = given_up.chain(self.abandoned.iter().copied()).collect();
        let is_inconclusive = was_inconclusive || is_inconclusive(&self.open_sessions);
        let reading = Reading { backends, before, after, given_up, is_inconclusive };
        self.before = judge::judge(own_name, &reading, &self.before);
        self.report_hidden(&reading.backends);
        self.report_predecessors();
        Ok(self.count_leaks())
    }

    /// Whether a session began while one was being opened that never became ours: its network failed before the
    /// server could say which process serves it. Both clocks only measure lengths of time.
    fn is_abandoned(&self, backend: &Backend, asked: Instant, answered: Instant) -> bool {
        let age = backend.age_seconds.and_then(|age| Duration::try_from_secs_f64(age).ok());
        let Some(age) = age else { return false };
        let began = asked.checked_sub(age).zip(answered.checked_sub(age));
        let is_unknown = self.open_sessions.iter().all(|it| it.ended(backend.pid).is_none());
        is_unknown
            && (self.abandoned.contains(&backend.pid)
                || began.is_some_and(|(earliest, latest)| {
                    self.open_sessions.iter().any(|it| it.has_abandoned(earliest, latest))
                }))
    }

    /// PostgreSQL shows the state and start of a session only to members of its role.
    fn report_hidden(&mut self, backends: &[Backend]) {
        let hidden = backends.iter().filter(|it| it.backend_start.is_none()).count();
        if hidden > 0 && !self.has_reported_hidden {
            tracing::warn!(
                strangers = hidden,
                "the audit does not see what sessions of another role do, and cannot end them: \
                 grant that role to ours"
            );
        }
        self.has_reported_hidden = hidden > 0;
    }

    fn report_predecessors(&mut self) {
        let found: BTreeSet<_> = self.before.predecessors.iter().copied().collect();
        for backend_pid in found.difference(&self.predecessors) {
            tracing::warn!(
                backend_pid,
                "the server still has a session of an earlier process of this instance"
            );
        }
        self.predecessors = found;
    }

    fn count_leaks(&mut self) -> Vec<i32> {
        let confirmed: BTreeSet<_> = self.before.confirmed.iter().cloned().collect();
        let new: Vec<_> = confirmed.difference(&self.counted).cloned().collect();
        for discrepancy in &new {
            self.confirm(discrepancy);
        }
        // A fault that still exists stays counted, even if a failed audit reset the comparison.
        self.counted.retain(|discrepancy| self.before.discrepancies.contains(discrepancy));
        self.counted.extend(confirmed);
        new.iter().map(|discrepancy| discrepancy.pid).collect()
    }

    /// Counts and logs a leak for the pool and owner that it is attributed to.
    fn confirm(&self, discrepancy: &Discrepancy) {
        let listed = listed(&self.open_sessions).get(&discrepancy.pid).copied();
        let role = listed.map(|listed| listed.role);
        let ended = || self.open_sessions.iter().rev().find_map(|it| it.ended(discrepancy.pid));
        let named = match role.or_else(ended) {
            Some(Role::Pooled(name)) => self.pools.iter().find(|pool| pool.name() == name),
            Some(Role::System) | None => None,
        };
        let Some(pool) = named.or(self.pools.first()) else { return };
        let kind = match discrepancy.fault {
            Fault::Orphan => LeakKind::OrphanBackend,
            Fault::Active => LeakKind::QueryInFlight,
            Fault::InTransaction | Fault::AdvisoryLock => LeakKind::OpenTransaction,
        };
        let owner = listed.and_then(|listed| listed.owner).unwrap_or(pool.fallback_owner());
        pool.leaked(kind, owner);
        tracing::error!(
            pool = pool.name(),
            kind = kind.as_str(),
            owner,
            backend_pid = discrepancy.pid,
            found = ?discrepancy.fault,
            "the server has a session that leaked"
        );
    }
}

/// Whether an unlisted session with our name may be legitimate.
fn is_inconclusive(open_sessions: &[OpenSessions]) -> bool {
    open_sessions
        .iter()
        .any(|open_sessions| open_sessions.is_pooled() || open_sessions.is_dialling())
}

/// All sessions of this process on any server, because two names can mean one server. If they do not, a
/// session with the other server may hide an orphan with the same id for a while, but no session in use is
/// ended.
fn listed(open_sessions: &[OpenSessions]) -> BTreeMap<i32, Listed> {
    open_sessions.iter().flat_map(OpenSessions::listed).collect()
}
