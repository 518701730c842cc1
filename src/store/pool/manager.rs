//! Our own `ManageConnection`: it counts what bb8 hides.

use std::{
    ops::{Deref, DerefMut},
    sync::Arc,
    time::{Duration, Instant},
};

use rand::Rng as _;

use super::{
    PoolMetrics, PoolSettings,
    registry::{Counted, Registry},
};
use crate::store::{
    connection::{Connection, Dirt, dial},
    error::ConnectError,
    owner::PoolName,
};

/// Opens, judges and closes the connections of one pool.
pub struct Manager {
    name: PoolName,
    config: tokio_postgres::Config,
    connect_timeout: Duration,
    max_lifetime: Duration,
    metrics: PoolMetrics,
    registry: Arc<Registry>,
}

/// A connection of the pool, which tells when and why it ends.
pub struct Pooled {
    connection: Connection,
    name: PoolName,
    metrics: PoolMetrics,
    registry: Arc<Registry>,
    reason: Option<&'static str>,
}

impl Deref for Pooled {
    type Target = Connection;

    fn deref(&self) -> &Connection {
        &self.connection
    }
}

impl DerefMut for Pooled {
    fn deref_mut(&mut self) -> &mut Connection {
        &mut self.connection
    }
}

impl Drop for Pooled {
    fn drop(&mut self) {
        let otherwise = if self.registry.is_closing() { "shutdown" } else { "broken" };
        self.metrics.closed(self.name, self.reason.unwrap_or(otherwise));
    }
}

impl Manager {
    pub fn new(
        settings: &PoolSettings,
        metrics: PoolMetrics,
        registry: Arc<Registry>,
    ) -> Result<Self, ConnectError> {
        Ok(Self {
            name: settings.name,
            config: settings.session.config(&settings.url)?,
            connect_timeout: settings.session.connect_timeout,
            max_lifetime: settings.max_lifetime,
            metrics,
            registry,
        })
    }

    async fn open(&self) -> Result<Connection, ConnectError> {
        let dialled = dial(&self.config, self.connect_timeout).await?;
        // A tenth more or less, so that connections opened together do not end together.
        let lifetime = self.max_lifetime.mul_f64(rand::rng().random_range(0.9..1.1));
        Connection::new(dialled, Instant::now() + lifetime).await
    }
}

impl bb8::ManageConnection for Manager {
    type Connection = Pooled;
    type Error = ConnectError;

    async fn connect(&self) -> Result<Pooled, ConnectError> {
        let _establishing = Counted::new(&self.registry, |state| &mut state.establishing);
        let begun = Instant::now();
        let opened = self.open().await;
        self.metrics.created(self.name, &opened, begun.elapsed());
        match opened {
            Ok(connection) => {
                self.registry.connected();
                Ok(Pooled {
                    connection,
                    name: self.name,
                    metrics: self.metrics.clone(),
                    registry: self.registry.clone(),
                    reason: None,
                })
            }
            Err(error) => {
                self.registry.connect_failed(&error);
                Err(error)
            }
        }
    }

    /// Asks the client's own state alone: a ping at each check-out costs 190 times as much, and a
    /// write phase that meets a dead connection fails its cycle cleanly.
    async fn is_valid(&self, pooled: &mut Pooled) -> Result<(), ConnectError> {
        let begun = Instant::now();
        let dirt = pooled.dirt();
        self.metrics.validated(self.name, begun.elapsed());
        match dirt {
            None => Ok(()),
            Some(dirt) => {
                pooled.reason = Some(match dirt {
                    Dirt::Expired => "max_lifetime",
                    _ => "invalid",
                });
                Err(ConnectError::Timeout)
            }
        }
    }

    fn has_broken(&self, pooled: &mut Pooled) -> bool {
        // What `is_valid` refused comes here again, and is not to be counted twice.
        if pooled.reason.is_some() {
            return true;
        }
        pooled.reason = if std::thread::panicking() {
            Some("panic")
        } else if self.registry.is_closing() {
            Some("shutdown")
        } else {
            pooled.dirt().map(|dirt| match dirt {
                Dirt::QueryInFlight => "query_in_flight",
                Dirt::InTransaction => "in_transaction",
                Dirt::Broken => "broken",
                Dirt::Expired => "max_lifetime",
            })
        };
        pooled.reason.is_some()
    }
}
