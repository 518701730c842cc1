//! The metrics of requests (rate, errors, duration), with every label set born at 0.

use std::sync::Arc;

use prometheus::{Gauge, HistogramVec, IntCounterVec, IntGauge, core::Collector as _};
use strum::{IntoStaticStr, VariantArray};

use super::{coding::Coding, endpoint::Endpoint};
use sectorwatch_telemetry::metrics::{Registry, WAIT_SECONDS, born};

/// The route label of a path without an endpoint.
pub const UNMATCHED: &str = "unmatched";

/// Methods and classes of answers. Only reading is possible, and a handler can panic.
const ANSWERS: [(&str, &str); 10] = [
    ("GET", "2xx"),
    ("GET", "3xx"),
    ("GET", "4xx"),
    ("GET", "5xx"),
    ("HEAD", "2xx"),
    ("HEAD", "3xx"),
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
    /// By reason.
    refused: IntCounterVec,
    /// By name of the token; empty without one.
    by_token: IntCounterVec,
    /// 1 after the latest reload of the tokens failed.
    tokens_reload_failed: IntGauge,
    /// Set at each scrape.
    pub snapshot_age: Gauge,
}

/// Why a request is refused before its handler.
#[derive(Debug, Clone, Copy, PartialEq, Eq, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "snake_case")]
pub enum RefusedFor {
    /// The token is wrong, or one is needed.
    Unauthorized,
    /// The token lacks a scope.
    Scope,
    /// The client sent too many requests.
    RateLimited,
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
            refused: registry.counters(
                "http_refused_total",
                "HTTP requests that were refused, by reason: unauthorized (no token or a wrong one), scope (the token lacks it), rate_limited.",
                &["reason"],
            )?,
            by_token: registry.counters(
                "http_token_requests_total",
                "HTTP requests finished, by the name of their token in the file of tokens; empty without a valid one.",
                &["token"],
            )?,
            tokens_reload_failed: registry.int_gauge(
                "http_tokens_reload_failed",
                "1 after the latest reload of the file of tokens failed, until one succeeds; else 0.",
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
        for reason in RefusedFor::VARIANTS {
            born(&metrics.refused, &[&[reason.into()]]);
        }
        born(&metrics.by_token, &[&[""]]);
        for representation in ["metrics", "json", "text", "html", "live"] {
            for coding in Coding::ALL {
                born(&metrics.rendered, &[&[representation, coding.as_str()]]);
            }
        }
        Ok(metrics)
    }

    /// Counts a request that is refused.
    pub fn refused(&self, reason: RefusedFor) {
        self.refused.with_label_values(&[<&str>::from(reason)]).inc();
    }

    /// Counts a request by the name of its token.
    pub fn finished_for(&self, token: Option<&str>) {
        self.by_token.with_label_values(&[token.unwrap_or_default()]).inc();
    }

    /// Records whether the latest reload of the tokens failed.
    pub fn tokens_reloaded(&self, has_failed: bool) {
        self.tokens_reload_failed.set(has_failed.into());
    }

    /// Creates the series of these tokens, and removes those of all others.
    pub fn set_tokens(&self, names: &[Arc<str>]) {
        let known = self.by_token.collect();
        let known = known.iter().flat_map(|family| family.get_metric());
        for name in known.flat_map(|series| series.get_label()).map(|label| label.value()) {
            if !name.is_empty() && !names.iter().any(|kept| **kept == *name) {
                let _ = self.by_token.remove_label_values(&[name]);
            }
        }
        for name in names {
            born(&self.by_token, &[&[name]]);
        }
    }
}
