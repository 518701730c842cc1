//! Our own `ManageConnection`: it counts what bb8 hides.

use std::{
    ops::{Deref, DerefMut},
    sync::Arc,
    time::{Duration, Instant},
};

use rand::Rng as _;
use tokio_util::sync::CancellationToken;

use super::{
    LeakKind,
    leaks::Leaks,
    metrics::Traffic,
    registry::{Establishing, Registry},
};
use crate::{
    connection::{Connection, Dialler, Dirt, Role, StatementMetrics},
    error::ConnectError,
    owner::PoolLabels,
};

/// What all generations of one pool have in common.
pub struct ManagerSettings {
    pub labels: PoolLabels,
    pub dialler: Dialler,
    pub max_connections: u32,
    pub acquire_timeout: Duration,
    pub max_lifetime: Duration,
    pub traffic: Traffic,
    pub statements: StatementMetrics,
    pub leaks: Leaks,
    pub registry: Registry,
    /// Owns every session's driver: it outlives all arbiters and workers.
    pub runtime: tokio::runtime::Handle,
}

/// Opens, judges and closes the connections of one pool.
pub struct Manager {
    settings: Arc<ManagerSettings>,
    replaced: CancellationToken,
}

/// A connection of the pool, which tells when and why it ends.
pub struct Pooled {
    connection: Connection,
    settings: Arc<ManagerSettings>,
    replaced: CancellationToken,
    expires_at: Instant,
    /// The lease that has it, or had it last.
    lease: Option<u64>,
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

impl Pooled {
    /// It belongs to this lease now.
    pub fn lend(&mut self, lease: u64, owner: &'static str) {
        self.lease = Some(lease);
        self.connection.lent_to(owner);
    }

    /// Why it is closed, if it has to be.
    fn end(&self) -> Option<&'static str> {
        if self.settings.registry.is_closing() {
            Some("shutdown")
        } else if self.replaced.is_cancelled() {
            Some("evicted")
        } else if Instant::now() >= self.expires_at {
            Some("max_lifetime")
        } else {
            None
        }
    }

    /// What a borrower left: counted, and cancelled on the server in a task of its own.
    fn abandoned(&mut self, dirt: Option<Dirt>) {
        let kind = match dirt {
            Some(Dirt::QueryInFlight) => Some(LeakKind::QueryInFlight),
            Some(Dirt::OpenTransaction) => Some(LeakKind::OpenTransaction),
            Some(Dirt::Late | Dirt::InTransaction | Dirt::Broken) | None => None,
        };
        if let Some(kind) = kind {
            self.leaked(kind);
        }
        if let Some(canceller) = self.connection.abandoned() {
            self.settings.runtime.spawn(canceller.cancel());
        }
    }

    /// While it comes back, its lease is still known, and says where it was taken.
    fn leaked(&self, kind: LeakKind) {
        let ManagerSettings { labels, leaks, registry, .. } = &*self.settings;
        match self.lease.and_then(|lease| registry.lease(lease)) {
            Some(lease) => leaks.leaked(kind, &lease),
            None => {
                let owner = self.connection.owner();
                leaks.confirmed(kind, owner);
                let (pool, kind, backend_pid) = (labels.name, kind.as_str(), self.connection.pid());
                tracing::error!(pool, kind, owner, backend_pid, "a session that came back leaked");
            }
        }
    }
}

impl Drop for Pooled {
    fn drop(&mut self) {
        let reason = self.reason.or_else(|| self.end()).unwrap_or("broken");
        self.settings.traffic.closed(reason);
    }
}

impl Manager {
    pub fn new(settings: Arc<ManagerSettings>, replaced: CancellationToken) -> Self {
        Self { settings, replaced }
    }

    async fn open(&self) -> Result<Pooled, ConnectError> {
        let settings = self.settings.clone();
        let dialled = settings.dialler.dial(Role::Pooled(settings.labels.name)).await?;
        let anybody = settings.labels.anybody;
        let connection = Connection::new(dialled, settings.statements.clone(), anybody).await?;
        // A tenth more or less, so that connections opened together do not end together.
        let lifetime = settings.max_lifetime.mul_f64(rand::rng().random_range(0.9..1.1));
        let expires_at = Instant::now() + lifetime;
        let replaced = self.replaced.clone();
        Ok(Pooled { connection, settings, replaced, expires_at, lease: None, reason: None })
    }
}

impl bb8::ManageConnection for Manager {
    /// Boxed, because bb8 moves it from hand to hand.
    type Connection = Box<Pooled>;
    type Error = ConnectError;

    async fn connect(&self) -> Result<Box<Pooled>, ConnectError> {
        let ManagerSettings { registry, traffic, dialler, .. } = &*self.settings;
        let _establishing = Establishing::new(registry);
        (dialler.hooks.connecting)();
        let begun = Instant::now();
        let opened = tokio::select! {
            biased;
            // A pool that nobody asks any more must keep nothing that arrives late.
            () = self.replaced.cancelled() => return Err(ConnectError::Replaced),
            opened = self.open() => opened,
        };
        traffic.created(opened.as_ref().err(), begun.elapsed());
        registry.state().attempted(opened.as_ref().err());
        opened.map(Box::new)
    }

    /// Asks the client's own state alone: a ping at each check-out costs 190 times as much, and a
    /// write phase that meets a dead connection fails its cycle cleanly.
    async fn is_valid(&self, pooled: &mut Box<Pooled>) -> Result<(), ConnectError> {
        let begun = Instant::now();
        let dirt = pooled.dirt();
        self.settings.traffic.validated(begun.elapsed());
        pooled.reason = match dirt {
            None => (Instant::now() >= pooled.expires_at).then_some("max_lifetime"),
            // What the server said only after the session had come back.
            Some(Dirt::OpenTransaction) => {
                pooled.abandoned(dirt);
                Some("in_transaction")
            }
            Some(Dirt::Late) => Some("deadline"),
            Some(_) => Some("invalid"),
        };
        match pooled.reason {
            None => Ok(()),
            Some(_) => Err(ConnectError::Timeout),
        }
    }

    fn has_broken(&self, pooled: &mut Box<Pooled>) -> bool {
        // What `is_valid` refused comes here again, and is not to be counted twice.
        if pooled.reason.is_some() {
            return true;
        }
        let dirt = pooled.dirt();
        pooled.reason = if std::thread::panicking() {
            pooled.abandoned(None);
            Some("panic")
        } else if let Some(dirt) = dirt {
            pooled.abandoned(Some(dirt));
            Some(match dirt {
                Dirt::Late => "deadline",
                Dirt::QueryInFlight => "query_in_flight",
                Dirt::InTransaction | Dirt::OpenTransaction => "in_transaction",
                Dirt::Broken => "broken",
            })
        } else {
            pooled.end()
        };
        pooled.reason.is_some()
    }
}
