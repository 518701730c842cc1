//! The two pools of the service, and what watches them.

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

/// One of them. Cloning shares it.
pub type Pool = sectorwatch_pg::Pool<Owner>;

/// For how long each owner may hold a connection before that is suspected of being a leak.
pub type LeakThresholds = sectorwatch_pg::LeakThresholds<Owner>;

/// Opens sessions to this URL.
pub fn dialler(settings: &StoreSettings, url: &Secret) -> Result<Dialler, ConnectError> {
    let session = SessionSettings {
        application_name: settings.application_name.clone(),
        statement_timeout: settings.statement_timeout,
        connect_timeout: settings.acquire_timeout,
        hooks: HOOKS,
    };
    session.dialler(url.expose())
}

/// Makes one of them, without connecting.
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
        anybody: name.anybody(),
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

/// Where tests step in, and where a leak finds its trace.
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
    /// Looks for leaks, for ever. Whoever spawns it gives it the `db` runtime.
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

    /// Looks whether a pool is exhausted; [`PoolFigures`](crate::PoolFigures) say since when it was at every look.
    pub fn note_exhausted(&self) {
        self.ingest().note_exhausted();
        self.read_pool().note_exhausted();
    }

    /// A session of one task alone, opened and driven on the `db` runtime.
    pub(crate) async fn open_session(&self, owner: Owner) -> Result<Connection, StoreError> {
        let (dialler, metrics) = (self.system().clone(), self.counters().clone());
        let opening =
            self.runtime().spawn(async move { Connection::open(&dialler, &metrics, owner).await });
        Ok(opening.await.map_err(|_| StoreError::Panicked)??)
    }
}
