//! A pool that shows who holds what: bb8 with our own manager, a registry of open leases, and exact
//! counts where bb8's own drift.

mod figures;
mod lease;
mod manager;
mod metrics;
mod registry;

use std::{sync::Arc, time::Duration};

use tokio::runtime::Handle;

pub use figures::{OldestLease, PoolCollector, PoolFigures};
#[cfg(feature = "fault-injection")]
pub use lease::Lease;
pub use lease::Scope;
pub use metrics::PoolMetrics;

use self::{manager::Manager, registry::Registry};
use super::{
    connection::SessionSettings,
    error::{ConnectError, StoreError},
    owner::{Owner, PoolName},
};

/// How a pool is made.
pub struct PoolSettings {
    pub name: PoolName,
    pub url: String,
    pub session: SessionSettings,
    pub max_connections: u32,
    pub acquire_timeout: Duration,
    pub max_lifetime: Duration,
}

/// One of the two pools. Cloning shares it.
#[derive(Clone)]
pub struct Pool {
    shared: Arc<Shared>,
}

struct Shared {
    name: PoolName,
    bb8: bb8::Pool<Manager>,
    registry: Arc<Registry>,
    metrics: PoolMetrics,
    /// The runtime that owns every session's driver: it outlives all arbiters and workers.
    runtime: Handle,
    max_connections: u32,
}

impl Pool {
    /// Makes a pool without connecting.
    ///
    /// # Errors
    /// When the URL cannot be used.
    pub fn new(
        settings: PoolSettings,
        metrics: PoolMetrics,
        runtime: Handle,
    ) -> Result<Self, ConnectError> {
        let registry = Arc::new(Registry::default());
        let manager = Manager::new(&settings, metrics.clone(), registry.clone())?;
        let _context = runtime.enter();
        let bb8 = bb8::Pool::builder()
            .max_size(settings.max_connections)
            .min_idle(None)
            .idle_timeout(None)
            .max_lifetime(None)
            .test_on_check_out(true)
            .connection_timeout(settings.acquire_timeout)
            .build_unchecked(manager);
        Ok(Self {
            shared: Arc::new(Shared {
                name: settings.name,
                bb8,
                registry,
                metrics,
                runtime: runtime.clone(),
                max_connections: settings.max_connections,
            }),
        })
    }

    /// Begins one operation, inside which leases may be taken.
    pub fn scope(&self, owner: Owner) -> Scope<'_> {
        Scope::new(self, owner)
    }

    /// The newest failure to connect, if the pool could not connect since.
    pub fn connect_failure(&self) -> Option<registry::ConnectFailure> {
        self.shared.registry.connect_failure()
    }

    /// No connection is opened any more, and those that come back are closed.
    pub fn close(&self) {
        self.shared.registry.close();
    }

    /// Logs every lease that is open, and returns their number.
    pub fn report_open(&self) -> usize {
        let state = self.shared.registry.state();
        for lease in state.leases.values() {
            tracing::error!(
                pool = self.shared.name.as_str(),
                owner = lease.owner.as_str(),
                place = %lease.place,
                held_ms = lease.since.elapsed().as_millis() as u64,
                "a session is still out"
            );
        }
        state.leases.len()
    }

    fn timed_out(&self, owner: Owner) -> StoreError {
        StoreError::AcquireTimeout { pool: self.shared.name, owner }
    }
}
