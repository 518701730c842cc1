//! A pool that shows who holds what: bb8 with our own manager, a registry of open leases, and exact counts
//! where bb8's drift. Frequent sweeps find what bb8 loses.

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

/// The settings of a pool.
#[derive(Clone)]
pub struct PoolSettings<O: 'static> {
    /// The name in labels and logs. It must be unique.
    pub name: &'static str,
    /// The owners that take its connections.
    pub owners: &'static [O],
    /// The owner for events that cannot be attributed; it may be one of `owners`.
    pub fallback_owner: O,
    /// Opens its sessions.
    pub dialler: Dialler,
    /// The maximum of sessions.
    pub max_connections: u32,
    /// The longest wait for a connection.
    pub acquire_timeout: Duration,
    /// The age after which a session is replaced, ± 10 %.
    pub max_lifetime: Duration,
    /// For how long each owner may hold a connection before it is suspected of a leak.
    pub leak_thresholds: LeakThresholds<O>,
}

/// A pool. Clones share it.
pub struct Pool<O> {
    shared: Arc<Shared>,
    owner: PhantomData<fn(O)>,
}

impl<O> Clone for Pool<O> {
    fn clone(&self) -> Self {
        Self { shared: self.shared.clone(), owner: PhantomData }
    }
}

/// The part of a pool without the owners' type.
pub struct Shared {
    generation: ArcSwap<Generation>,
    /// The settings of all generations.
    settings: Arc<ManagerSettings>,
    /// The thresholds by the names of the owners.
    leak_thresholds: Vec<(&'static str, Duration)>,
    audit: AuditMetrics,
    sweeps: Sweeps,
}

impl<O: Owner> Pool<O> {
    /// Creates a pool without connecting. Its sessions are opened and driven on this runtime, which must
    /// outlive all others that take leases.
    pub fn new(settings: PoolSettings<O>, metrics: &Metrics<O>, runtime: Handle) -> Self {
        let labels = PoolLabels {
            name: settings.name,
            owners: settings.owners.iter().map(|owner| owner.as_str()).collect(),
            fallback_owner: settings.fallback_owner.as_str(),
        };
        let thresholds = &settings.leak_thresholds;
        let of = |owner: &&'static str| (*owner, thresholds.of(owner).unwrap_or(Duration::MAX));
        let leak_thresholds: Vec<_> = labels.owners.iter().map(of).collect();
        let trace_id = settings.dialler.hooks.trace_id;
        metrics.statements.create_at_zero(&labels);
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

    /// Begins an operation in which leases may be taken for this owner.
    pub fn scope(&self, owner: O) -> Scope<'_> {
        Scope::new(&self.shared, owner.as_str())
    }

    /// Reads the state of the pool. Takes no connection and waits for nothing.
    pub fn figures(&self) -> PoolFigures {
        self.shared.figures()
    }

    /// Checks whether all connections are out and a task waits, for [`PoolFigures::exhausted_since`]. Must be
    /// called about every second.
    pub fn note_exhausted(&self) {
        self.shared.note_exhausted();
    }

    /// Closes the pool: no connection is opened any more, and returned connections are closed.
    pub fn close(&self) {
        self.shared.settings.registry.close();
    }

    /// Logs every open lease, and returns their number.
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

    /// Counts and logs new suspects and leaks. With `heal`, a pool that lost capacity is replaced. Returns
    /// the backends of leaked leases that were written off.
    pub(crate) async fn sweep(&self, heal: bool) -> Vec<i32> {
        self.shared.sweep(heal).await
    }

    /// The name in labels and logs.
    pub(crate) fn name(&self) -> &'static str {
        self.shared.settings.labels.name
    }

    /// Our list of sessions, which the server's list is compared with.
    pub(crate) fn open_sessions(&self) -> &OpenSessions {
        &self.shared.settings.dialler.open_sessions
    }

    /// The owner for events that cannot be attributed.
    pub(crate) fn fallback_owner(&self) -> &'static str {
        self.shared.settings.labels.fallback_owner
    }

    /// Counts a confirmed leak. The caller logs the details.
    pub(crate) fn leaked(&self, kind: LeakKind, owner: &str) {
        self.shared.settings.leaks.confirmed(kind, owner);
    }
}
