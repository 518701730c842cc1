//! The two pools of the service, and their watch.

use std::time::Duration;

use sectorwatch_pg::{
    ConnectError, Connection, Dialler, Hooks, Metrics, PoolSettings, Returning, SessionSettings,
    Watch,
};
use tokio::runtime::Handle;

use crate::{
    Secret, Store, StoreError, StoreSettings,
    owner::{Owner, PoolName},
    tables::sizes,
};

/// A pool of the service. Clones share it.
pub type Pool = sectorwatch_pg::Pool<Owner>;

/// For how long each owner may hold a connection before it is suspected of a leak.
pub type LeakThresholds = sectorwatch_pg::LeakThresholds<Owner>;

/// Creates a dialler for this URL.
pub fn dialler(settings: &StoreSettings, url: &Secret) -> Result<Dialler, ConnectError> {
    let session = SessionSettings {
        application_name: settings.application_name.clone(),
        statement_timeout: settings.statement_timeout,
        connect_timeout: settings.acquire_timeout,
        hooks: HOOKS,
    };
    session.dialler(url.expose())
}

/// Creates a pool without connecting.
pub fn pool(
    settings: &StoreSettings,
    name: PoolName,
    dialler: Dialler,
    metrics: &Metrics<Owner>,
    runtime: Handle,
) -> Pool {
    let settings = PoolSettings {
        name: name.as_str(),
        owners: name.owners(),
        fallback_owner: name.fallback_owner(),
        dialler,
        max_connections: match name {
            PoolName::Ingest => settings.ingest_pool_size,
            PoolName::Read => settings.read_pool_size,
        },
        acquire_timeout: settings.acquire_timeout,
        max_lifetime: settings.connection_max_lifetime,
        leak_thresholds: settings.leak_thresholds.clone(),
    };
    Pool::new(settings, metrics, runtime)
}

/// Hooks for fault injection, and for the trace of a leak.
const HOOKS: Hooks = Hooks {
    connecting: || sectorwatch_fault::point("connect"),
    statement_finished: sectorwatch_fault::statement_finished,
    returning: |owner| match sectorwatch_fault::keeps(owner) {
        None => Returning::ToPool,
        Some(sectorwatch_fault::Kept::WithItsLease) => Returning::Never,
        Some(sectorwatch_fault::Kept::WithoutLease) => Returning::Unexplained,
    },
    trace_id: sectorwatch_telemetry::tracing::trace_id,
};

impl Store {
    /// Watches both pools for leaks until it is dropped. Must run on the `db` runtime.
    pub async fn watch(self, audit_interval: Duration) {
        let watch = Watch {
            pools: vec![self.ingest().clone(), self.read_pool().clone()],
            dialler: self.system().clone(),
            metrics: self.counters().clone(),
            owner: Owner::Audit,
            self_heal: self.heals_itself(),
        };
        let tables = self.0.tables.clone();
        let measured = watch.run(audit_interval, move |session| {
            let tables = tables.clone();
            Box::pin(async move {
                tables.measured(sizes(session).await?);
                Ok(())
            })
        });
        measured.await;
    }

    /// Records since when a pool is exhausted, for [`PoolFigures`](crate::PoolFigures). Must be called
    /// regularly.
    pub fn note_exhausted(&self) {
        self.ingest().note_exhausted();
        self.read_pool().note_exhausted();
    }

    /// Opens a session for one task, driven on the `db` runtime.
    pub(crate) async fn open_session(&self, owner: Owner) -> Result<Connection, StoreError> {
        let (dialler, metrics) = (self.system().clone(), self.counters().clone());
        let opening =
            self.runtime().spawn(async move { Connection::open(&dialler, &metrics, owner).await });
        Ok(opening.await.map_err(|_| StoreError::Panicked)??)
    }
}
