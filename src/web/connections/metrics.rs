//! The metrics of connections, with every label set born at 0.

use prometheus::{IntCounter, IntCounterVec, IntGauge};
use strum::{IntoStaticStr, VariantArray};

use sectorwatch_telemetry::metrics::{Registry, born};

/// Why a connection ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "snake_case")]
pub enum CloseReason {
    /// One side finished, or the client disconnected.
    Ended,
    /// The client sent bytes that are no request.
    Malformed,
    /// The request did not arrive in time.
    SlowRequest,
    /// The client did not read its answer.
    WriteTimeout,
    /// It had made no progress for the longest time when another connection needed its place.
    Evicted,
    /// There was no place for it.
    Refused,
}

impl CloseReason {
    fn as_str(self) -> &'static str {
        self.into()
    }
}

/// The metrics of connections. Clones share them.
#[derive(Clone)]
pub struct ConnectionMetrics {
    open: IntGauge,
    most: IntGauge,
    closed: IntCounterVec,
    malformed: IntCounter,
    stalled: IntCounterVec,
}

impl ConnectionMetrics {
    /// Registers the families, with a series for each route.
    ///
    /// # Errors
    /// A family of the same name is already registered.
    pub fn register(
        registry: &Registry,
        routes: impl Iterator<Item = &'static str>,
    ) -> prometheus::Result<Self> {
        let metrics = Self {
            open: registry.int_gauge("http_connections", "HTTP connections that are open now.")?,
            most: registry.int_gauge(
                "http_max_connections",
                "HTTP connections that may be open at once: as configured, or fewer where the limit of open files is lower.",
            )?,
            closed: registry.counters(
                "http_connections_closed_total",
                "HTTP connections closed, by reason: ended, malformed, slow_request, write_timeout, evicted (longest without progress, when a new one needed its place), refused.",
                &["reason"],
            )?,
            malformed: registry.counter(
                "http_malformed_requests_total",
                "HTTP requests that are malformed or have too large a head: answered with 400 or 431, and logged once a minute.",
            )?,
            stalled: registry.counters(
                "http_stalled_total",
                "HTTP clients that were cut because they took no byte of their answer for 30 s, or not all of it in time, by route.",
                &["route"],
            )?,
        };
        for reason in CloseReason::VARIANTS {
            born(&metrics.closed, &[&[reason.as_str()]]);
        }
        for route in routes {
            born(&metrics.stalled, &[&[route]]);
        }
        Ok(metrics)
    }

    /// Sets the maximum number of connections.
    pub fn set_most(&self, most: usize) {
        self.most.set(i64::try_from(most).unwrap_or(i64::MAX));
    }

    /// Sets the number of open connections.
    pub fn set_open(&self, open: usize) {
        self.open.set(i64::try_from(open).unwrap_or(i64::MAX));
    }

    /// Counts a connection that ended.
    pub fn closed(&self, reason: CloseReason) {
        self.closed.with_label_values(&[reason.as_str()]).inc();
    }

    /// Counts a client that did not read its answer from this route.
    pub fn stalled(&self, route: &'static str) {
        self.stalled.with_label_values(&[route]).inc();
    }

    /// Counts bytes that are no request.
    pub fn malformed(&self) {
        self.malformed.inc();
    }
}
