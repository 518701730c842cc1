//! A pool that shows who holds what: bb8 with our own manager, a registry of open leases, and exact
//! counts where bb8's own drift. What bb8 loses is found by looks at it, several times a second.

pub(crate) mod collector;
mod figures;
mod generation;
mod highwater;
pub(crate) mod leaks;
mod lease;
mod manager;
pub(crate) mod metrics;
mod reading;
mod registry;
mod sweep;
mod waits;

use std::{marker::PhantomData, sync::Arc, time::Duration};

use arc_swap::ArcSwap;
use tokio::runtime::Handle;

pub use figures::{ConnectFailure, OldestLease, OwnerFigures, PoolFigures};
pub use leaks::{LatestLeak, LeakKind};
pub use lease::{Lease, Scope};
pub use waits::WINDOW as WAIT_WINDOW;

use self::{
    collector::Measured, generation::Generation, leaks::Leaks, manager::ManagerSettings,
    metrics::Traffic, registry::Registry, sweep::Sweeps,
};
use crate::{
    audit::metrics::AuditMetrics,
    connection::{Dialler, OpenSessions},
    metrics::Metrics,
    owner::{Owner, PoolLabels},
    thresholds::LeakThresholds,
};

/// How a pool is made.
#[derive(Clone)]
pub struct PoolSettings<O: 'static> {
    /// The word in labels and logs. Two pools must not share one.
    pub name: &'static str,
    /// Who takes its connections.
    pub owners: &'static [O],
    /// Who stands for it where no owner's code can be named; one of `owners` will do.
    pub anybody: O,
    /// Opens its sessions.
    pub dialler: Dialler,
    /// The most sessions that it has.
    pub max_connections: u32,
    /// The longest wait for a connection.
    pub acquire_timeout: Duration,
    /// A session older than this, a tenth more or less, is replaced.
    pub max_lifetime: Duration,
    /// For how long each owner may hold a connection before that is suspected of being a leak.
    pub leak_thresholds: LeakThresholds<O>,
}

/// A pool. Cloning shares it.
pub struct Pool<O> {
    shared: Arc<Shared>,
    owner: PhantomData<fn(O)>,
}

impl<O> Clone for Pool<O> {
    fn clone(&self) -> Self {
        Self { shared: self.shared.clone(), owner: PhantomData }
    }
}

/// What is not said of owners by their type any more.
pub struct Shared {
    generation: ArcSwap<Generation>,
    /// Of every generation, also of those to come.
    settings: Arc<ManagerSettings>,
    /// By the words of the owners.
    leak_thresholds: Vec<(&'static str, Duration)>,
    audit: AuditMetrics,
    sweeps: Sweeps,
}

impl<O: Owner> Pool<O> {
    /// Makes a pool without connecting. Its sessions are opened and driven on this runtime, which has to outlive all
    /// others that take leases.
    pub fn new(settings: PoolSettings<O>, metrics: &Metrics<O>, runtime: Handle) -> Self {
        let labels = PoolLabels {
            name: settings.name,
            owners: settings.owners.iter().map(|owner| owner.as_str()).collect(),
            anybody: settings.anybody.as_str(),
        };
        let thresholds = &settings.leak_thresholds;
        let of = |owner: &&'static str| (*owner, thresholds.of(owner).unwrap_or(Duration::MAX));
        let leak_thresholds: Vec<_> = labels.owners.iter().map(of).collect();
        let trace_id = settings.dialler.hooks.trace_id;
        metrics.statements.bear(&labels);
        let manager = Arc::new(ManagerSettings {
            traffic: Traffic::new(metrics.pools.clone(), &labels),
            leaks: Leaks::new(metrics.leaks.clone(), &labels, &leak_thresholds, trace_id),
            labels,
            dialler: settings.dialler,
            max_connections: settings.max_connections,
            acquire_timeout: settings.acquire_timeout,
            max_lifetime: settings.max_lifetime,
            statements: metrics.statements.clone(),
            registry: Registry::default(),
            runtime: runtime.clone(),
        });
        let context = runtime.enter();
        let generation = ArcSwap::from_pointee(Generation::new(1, &manager));
        drop(context);
        let shared = Arc::new(Shared {
            generation,
            settings: manager,
            leak_thresholds,
            audit: metrics.audit.clone(),
            sweeps: Sweeps::default(),
        });
        let measured: Arc<dyn Measured> = shared.clone();
        metrics.gauges.add(Arc::downgrade(&measured));
        Self { shared, owner: PhantomData }
    }

    /// Begins one operation, inside which leases may be taken for this owner.
    pub fn scope(&self, owner: O) -> Scope<'_> {
        Scope::new(&self.shared, owner.as_str())
    }

    /// One reading of the pool, which takes no connection and waits for nothing.
    pub fn figures(&self) -> PoolFigures {
        self.shared.figures()
    }

    /// Looks whether all connections are out and somebody waits, for [`PoolFigures::exhausted_since`]. To be called every
    /// second or so.
    pub fn note_exhausted(&self) {
        self.shared.note_exhausted();
    }

    /// No connection is opened any more, and those that come back are closed.
    pub fn close(&self) {
        self.shared.settings.registry.close();
    }

    /// Logs every lease that is open, and returns their number.
    pub fn report_open(&self) -> usize {
        let state = self.shared.settings.registry.state();
        for lease in state.leases.values() {
            tracing::error!(
                pool = self.shared.settings.labels.name,
                owner = lease.owner,
                place = %lease.place,
                held_ms = lease.since.elapsed().as_millis() as u64,
                "a session is still out"
            );
        }
        state.leases.len()
    }

    /// Counts and logs what turned out to be a suspect or a leak since the last look. With `heal`, a pool that lost
    /// capacity is replaced; returns the backends of leaked leases that were written off with it.
    pub(crate) async fn sweep(&self, heal: bool) -> Vec<i32> {
        self.shared.sweep(heal).await
    }

    /// The word in labels and logs.
    pub(crate) fn name(&self) -> &'static str {
        self.shared.settings.labels.name
    }

    /// What the server's list of sessions is compared with.
    pub(crate) fn open_sessions(&self) -> &OpenSessions {
        &self.shared.settings.dialler.open_sessions
    }

    /// Who stands for it where no owner's code can be named.
    pub(crate) fn anybody(&self) -> &'static str {
        self.shared.settings.labels.anybody
    }

    /// A leak is confirmed. The caller says in the log where it is.
    pub(crate) fn leaked(&self, kind: LeakKind, owner: &str) {
        self.shared.settings.leaks.confirmed(kind, owner);
    }
}
