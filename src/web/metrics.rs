//! The metrics of requests (rate, errors, duration), with every label set born at 0.

use prometheus::{Gauge, HistogramVec, IntCounterVec, IntGauge};

use super::{coding::Coding, endpoint::Endpoint};
use sectorwatch_telemetry::metrics::{Registry, WAIT_SECONDS, born};

/// The route label of a path without an endpoint.
pub const UNMATCHED: &str = "unmatched";

/// Methods and classes of answers. Only reading is possible, and a handler can panic.
const ANSWERS: [(&str, &str); 8] = [
    ("GET", "2xx"),
    ("GET", "4xx"),
    ("GET", "5xx"),
    ("HEAD", "2xx"),
    ("HEAD", "4xx"),
    ("HEAD", "5xx"),
    ("POST", "4xx"),
    ("other", "4xx"),
];

/// The metrics of HTTP. Clones share them.
#[derive(Clone)]
pub struct HttpMetrics {
    /// By route, method and status class.
    pub requests: IntCounterVec,
    pub duration: HistogramVec,
    pub in_flight: IntGauge,
    pub abandoned: IntCounterVec,
    /// By representation and coding.
    pub rendered: IntCounterVec,
    /// Set at each scrape.
    pub snapshot_age: Gauge,
}

impl HttpMetrics {
    /// Registers the families.
    ///
    /// # Errors
    /// A family of the same name is already registered.
    pub fn register(
        registry: &Registry,
        endpoints: impl Iterator<Item = &'static Endpoint>,
    ) -> prometheus::Result<Self> {
        let metrics = Self {
            requests: registry.counters(
                "http_requests_total",
                "HTTP requests finished, by route; paths of no route are counted as unmatched.",
                &["route", "method", "status_class"],
            )?,
            duration: registry.histograms(
                "http_request_duration_seconds",
                "Duration of an HTTP request, by route.",
                WAIT_SECONDS,
                &["route"],
            )?,
            in_flight: registry
                .int_gauge("http_requests_in_flight", "HTTP requests being served now.")?,
            abandoned: registry.counters(
                "http_requests_abandoned_total",
                "HTTP requests that were abandoned before their response because the client went away.",
                &["route"],
            )?,
            rendered: registry.counters(
                "http_rendered_total",
                "Responses that were rendered, by representation and encoding; many requests share one.",
                &["representation", "encoding"],
            )?,
            snapshot_age: registry.gauge(
                "status_snapshot_age_seconds",
                "Age of the snapshot that /api/status shows.",
            )?,
        };
        for route in endpoints.map(Endpoint::pattern).chain([UNMATCHED]) {
            for (method, class) in ANSWERS {
                born(&metrics.requests, &[&[route, method, class]]);
            }
            born(&metrics.duration, &[&[route]]);
            born(&metrics.abandoned, &[&[route]]);
        }
        for representation in ["metrics", "json", "text", "html"] {
            for coding in Coding::ALL {
                born(&metrics.rendered, &[&[representation, coding.as_str()]]);
            }
        }
        Ok(metrics)
    }
}
