//! The metrics of the stream, with every label set born at 0.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering::Relaxed},
};

use prometheus::{IntCounter, IntCounterVec, IntGauge};
use strum::{IntoStaticStr, VariantArray};
use tokio::sync::OwnedSemaphorePermit;

use sectorwatch_telemetry::metrics::{Registry, born};

/// Why the service ended a stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "snake_case")]
pub enum Dropped {
    /// The client took its events too slowly.
    Slow,
    /// The service stopped.
    Shutdown,
}

/// The metrics of the stream. Clones share them.
#[derive(Clone)]
pub struct LiveMetrics {
    pub clients: IntGauge,
    pub dropped: IntCounterVec,
    pub renders: IntCounter,
}

impl LiveMetrics {
    /// Registers the families.
    ///
    /// # Errors
    /// A family of the same name is already registered.
    pub fn register(registry: &Registry) -> prometheus::Result<Self> {
        let metrics = Self {
            clients: registry
                .int_gauge("live_clients", "Clients that follow the live stream now.")?,
            dropped: registry.counters(
                "live_dropped_total",
                "Clients of the live stream that were dropped, by reason: slow (events were pending for too long), shutdown (the service stopped).",
                &["reason"],
            )?,
            renders: registry.counter(
                "live_renders_total",
                "Renderings of the live stream: one for each stored snapshot, which all clients share.",
            )?,
        };
        for reason in Dropped::VARIANTS {
            born(&metrics.dropped, &[&[reason.into()]]);
        }
        Ok(metrics)
    }
}

/// A client that is counted as long as it is there, and has a place.
pub struct Client {
    metrics: LiveMetrics,
    is_dropped: Arc<AtomicBool>,
    _place: OwnedSemaphorePermit,
}

/// Counts once why a client was dropped.
pub struct DropCount {
    metrics: LiveMetrics,
    is_dropped: Arc<AtomicBool>,
}

impl Client {
    /// Counts a client with this place.
    pub fn new(metrics: LiveMetrics, place: OwnedSemaphorePermit) -> Self {
        metrics.clients.inc();
        Self { metrics, is_dropped: Arc::default(), _place: place }
    }

    /// What counts why it was dropped.
    pub fn dropped(&self) -> DropCount {
        DropCount { metrics: self.metrics.clone(), is_dropped: Arc::clone(&self.is_dropped) }
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        self.metrics.clients.dec();
    }
}

impl DropCount {
    /// Counts that the client was dropped, unless that was counted before.
    pub fn count(&self, reason: Dropped) {
        if !self.is_dropped.swap(true, Relaxed) {
            self.metrics.dropped.with_label_values(&[<&str>::from(reason)]).inc();
        }
    }
}
