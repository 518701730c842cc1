//! A pool that shows who holds what: bb8 with our own manager, a registry of open leases, and exact
//! counts where bb8's own drift. What bb8 loses is found by looks at it, several times a second.

mod collector;
mod figures;
mod generation;
mod highwater;
mod leaks;
mod lease;
mod manager;
mod metrics;
mod registry;
mod sweep;
mod waits;

use std::{sync::Arc, time::Duration};

use arc_swap::ArcSwap;
use tokio::runtime::Handle;

pub use collector::PoolCollector;
pub use figures::{OldestLease, PoolFigures};
pub use leaks::{LatestLeak, LeakKind, LeakMetrics};
#[cfg(feature = "fault-injection")]
pub use lease::Lease;
pub use lease::Scope;
pub use metrics::PoolMetrics;
pub use waits::WINDOW as WAIT_WINDOW;

use self::{
    generation::Generation,
    manager::ManagerSettings,
    registry::{ConnectFailure, Registry},
    sweep::Sweeps,
};
use super::{
    connection::{Dialler, StatementMetrics},
    error::StoreError,
    owner::{Owner, PoolName},
};
use crate::thresholds::LeakThresholds;

/// How a pool is made.
pub struct PoolSettings {
    pub name: PoolName,
    pub dialler: Dialler,
    pub max_connections: u32,
    pub acquire_timeout: Duration,
    pub max_lifetime: Duration,
    pub leak_thresholds: LeakThresholds,
    pub self_heal: bool,
}

/// What both pools count into.
#[derive(Clone)]
pub struct Counters {
    pub pool: PoolMetrics,
    pub statements: StatementMetrics,
    pub leaks: LeakMetrics,
}

/// One of the two pools. Cloning shares it.
#[derive(Clone)]
pub struct Pool {
    shared: Arc<Shared>,
}

struct Shared {
    generation: ArcSwap<Generation>,
    /// Of every generation, also of those to come.
    settings: ManagerSettings,
    leak_thresholds: LeakThresholds,
    self_heal: bool,
    sweeps: Sweeps,
}

impl Pool {
    /// Makes a pool without connecting.
    pub(crate) fn new(settings: PoolSettings, counters: Counters, runtime: Handle) -> Self {
        let manager = ManagerSettings {
            name: settings.name,
            dialler: settings.dialler,
            max_connections: settings.max_connections,
            acquire_timeout: settings.acquire_timeout,
            max_lifetime: settings.max_lifetime,
            metrics: counters.pool,
            statements: counters.statements,
            leaks: counters.leaks,
            registry: Arc::new(Registry::default()),
            runtime: runtime.clone(),
        };
        let context = runtime.enter();
        let generation = ArcSwap::from_pointee(Generation::new(1, &manager));
        drop(context);
        Self {
            shared: Arc::new(Shared {
                generation,
                settings: manager,
                leak_thresholds: settings.leak_thresholds,
                self_heal: settings.self_heal,
                sweeps: Sweeps::default(),
            }),
        }
    }

    /// Begins one operation, inside which leases may be taken.
    pub fn scope(&self, owner: Owner) -> Scope<'_> {
        Scope::new(self, owner)
    }

    /// The newest failure to connect, if the pool could not connect since.
    fn failing(&self) -> Option<ConnectFailure> {
        let state = self.shared.settings.registry.state();
        state.failed_ago().and(state.connect_failure().cloned())
    }

    /// No connection is opened any more, and those that come back are closed.
    pub(crate) fn close(&self) {
        self.shared.settings.registry.close();
    }

    /// Logs every lease that is open, and returns their number.
    pub(crate) fn report_open(&self) -> usize {
        let state = self.shared.settings.registry.state();
        for lease in state.leases.values() {
            tracing::error!(
                pool = self.shared.settings.name.as_str(),
                owner = lease.owner.as_str(),
                place = %lease.place,
                held_ms = lease.since.elapsed().as_millis() as u64,
                "a session is still out"
            );
        }
        state.leases.len()
    }

    fn timed_out(&self, owner: Owner) -> StoreError {
        StoreError::AcquireTimeout { pool: self.shared.settings.name, owner }
    }
}
