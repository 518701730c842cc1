//! Places for connections: taken, returned and counted.

use std::{
    cell::Cell,
    net::SocketAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Instant,
};

use super::{
    metrics::{CloseReason, ConnectionMetrics},
    queue::AdmissionQueue,
    rate_limited::RateLimited,
    register::{Entry, Register},
};

/// All places of the process. Clones share them.
#[derive(Clone)]
pub struct Places(Arc<Inner>);

struct Inner {
    most: usize,
    began: Instant,
    register: Mutex<Register>,
    queue: AdmissionQueue,
    metrics: ConnectionMetrics,
    malformed: RateLimited,
    crowded: RateLimited,
}

impl Places {
    /// Creates places for `most` connections.
    pub fn new(most: usize, metrics: ConnectionMetrics) -> Self {
        metrics.set_most(most);
        let register = Register::new();
        Self(Arc::new(Inner {
            most,
            began: register.began(),
            register: Mutex::new(register),
            queue: AdmissionQueue::default(),
            metrics,
            malformed: RateLimited::default(),
            crowded: RateLimited::default(),
        }))
    }

    /// The clients that wait for a place.
    pub fn queue(&self) -> &AdmissionQueue {
        &self.0.queue
    }

    /// Takes a place if one is free or a connection can be reset. `more` places are added for a client that
    /// needs one only briefly.
    pub fn take(&self, peer: Option<SocketAddr>, more: usize) -> Option<Place> {
        let mut register = self.register();
        let before = register.len();
        let entry = register.enter(Instant::now(), self.0.most + more)?;
        let open = register.len();
        self.0.metrics.set_open(open);
        drop(register);
        if before == open {
            self.crowded();
        }
        let reason = Cell::new(CloseReason::Ended);
        Some(Place { places: self.clone(), entry, peer, reason })
    }

    /// Counts a new connection that is refused.
    pub fn refused(&self) {
        self.0.metrics.closed(CloseReason::Refused);
        self.crowded();
    }

    fn crowded(&self) {
        if let Some(times) = self.0.crowded.record(Instant::now()) {
            let most = self.0.most;
            tracing::warn!(
                times,
                most,
                "all connections of HTTP are taken: some were closed for others"
            );
        }
    }

    fn register(&self) -> MutexGuard<'_, Register> {
        self.0.register.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The place of a connection. Dropping it returns it.
pub struct Place {
    places: Places,
    entry: Arc<Entry>,
    peer: Option<SocketAddr>,
    reason: Cell<CloseReason>,
}

impl Place {
    /// The connection's entry in the register.
    pub fn entry(&self) -> &Arc<Entry> {
        &self.entry
    }

    /// Records progress: bytes were sent or received.
    pub fn moved(&self) {
        let now = self.places.0.began.elapsed().as_millis();
        self.entry.moved(u64::try_from(now).unwrap_or(u64::MAX));
    }

    /// Sets why the place will be returned.
    pub fn set_reason(&self, reason: CloseReason) {
        self.reason.set(reason);
    }

    /// Counts a client that did not read its answer from this route.
    pub fn stalled(&self, route: &'static str) {
        self.places.0.metrics.stalled(route);
    }

    /// Counts bytes that are no request.
    pub fn malformed(&self) {
        let inner = &self.places.0;
        inner.metrics.malformed();
        if let Some(times) = inner.malformed.record(Instant::now()) {
            let peer = self.peer.map(|peer| peer.ip().to_string());
            tracing::warn!(times, peer, "malformed requests of HTTP were refused");
        }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut register = self.places.register();
        register.leave(&self.entry);
        self.places.0.metrics.set_open(register.len());
        drop(register);
        self.places.0.metrics.closed(self.reason.get());
    }
}
