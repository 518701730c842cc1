//! Implements bb8's `ManageConnection`, and counts what bb8 hides.

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

/// The settings that all generations of one pool share.
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
    /// Drives every session. It must outlive all runtimes that take leases.
    pub runtime: tokio::runtime::Handle,
}

/// Opens, checks and closes the connections of one pool.
pub struct Manager {
    settings: Arc<ManagerSettings>,
    replaced: CancellationToken,
}

/// A connection of the pool, which counts its end with the reason.
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
    /// Lends it to this lease.
    pub fn lend(&mut self, lease: u64, owner: &'static str) {
        self.lease = Some(lease);
        self.connection.lent_to(owner);
    }

    /// The reason for closing it, if there is one.
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

    /// Counts the unfinished work of a borrower, and cancels it on the server in a separate task.
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

    /// While it is being returned, its lease is still registered and has the line that acquired it.
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
        let fallback_owner = settings.labels.fallback_owner;
        let connection =
            Connection::new(dialled, settings.statements.clone(), fallback_owner).await?;
        // A tenth more or less, so that connections opened together do not end together.
        let lifetime = settings.max_lifetime.mul_f64(rand::rng().random_range(0.9..1.1));
        let expires_at = Instant::now() + lifetime;
        let replaced = self.replaced.clone();
        Ok(Pooled { connection, settings, replaced, expires_at, lease: None, reason: None })
    }
}

impl bb8::ManageConnection for Manager {
    /// Boxed, because bb8 moves it often.
    type Connection = Box<Pooled>;
    type Error = ConnectError;

    async fn connect(&self) -> Result<Box<Pooled>, ConnectError> {
        let ManagerSettings { registry, traffic, dialler, .. } = &*self.settings;
        let _establishing = Establishing::new(registry);
        (dialler.hooks.connecting)();
        let begun = Instant::now();
        let opened = tokio::select! {
            biased;
            // A replaced pool must not keep a session that arrives late.
            () = self.replaced.cancelled() => return Err(ConnectError::Replaced),
            opened = self.open() => opened,
        };
        traffic.created(opened.as_ref().err(), begun.elapsed());
        registry.state().attempted(opened.as_ref().err());
        opened.map(Box::new)
    }

    /// Checks only the client's state. A ping at each check-out takes 190 times as long, and a write that
    /// meets a dead connection fails cleanly.
    async fn is_valid(&self, pooled: &mut Box<Pooled>) -> Result<(), ConnectError> {
        let begun = Instant::now();
        let dirt = pooled.dirt();
        self.settings.traffic.validated(begun.elapsed());
        pooled.reason = match dirt {
            None => (Instant::now() >= pooled.expires_at).then_some("max_lifetime"),
            // The server reported it only after the session had been returned.
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
        // bb8 asks here again about what `is_valid` refused, which must not be counted twice.
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
