//! Registers metric families with the prefix of a service.

use prometheus::{
    Gauge, GaugeVec, Histogram, HistogramOpts, HistogramVec, IntCounterVec, IntGaugeVec, Opts,
    core::Collector,
};

/// Buckets in seconds for waiting on a connection or a statement: 1 ms … 30 s.
pub const WAIT_SECONDS: &[f64] =
    &[0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0, 30.0];
/// Buckets in seconds for holding a connection: 1 ms … 120 s.
pub const USE_SECONDS: &[f64] =
    &[0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0, 30.0, 120.0];
/// Buckets in seconds for a transaction: 5 ms … 60 s.
pub const TRANSACTION_SECONDS: &[f64] =
    &[0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 15.0, 60.0];

/// A registry, and the prefix of the names.
#[derive(Clone, Copy)]
pub struct Families<'a> {
    /// The registry of the process.
    pub registry: &'a prometheus::Registry,
    /// The prefix of the service; empty for none.
    pub prefix: &'a str,
}

impl Families<'_> {
    /// Registers a counter with labels.
    pub fn counters(
        self,
        name: &str,
        help: &str,
        labels: &[&str],
    ) -> prometheus::Result<IntCounterVec> {
        self.register(IntCounterVec::new(self.opts(name, help), labels)?)
    }

    /// Registers a gauge of whole numbers with labels.
    pub fn int_gauges(
        self,
        name: &str,
        help: &str,
        labels: &[&str],
    ) -> prometheus::Result<IntGaugeVec> {
        self.register(IntGaugeVec::new(self.opts(name, help), labels)?)
    }

    /// Registers a gauge of seconds, or of a timestamp in seconds.
    pub fn gauge(self, name: &str, help: &str) -> prometheus::Result<Gauge> {
        self.register(Gauge::with_opts(self.opts(name, help))?)
    }

    /// Registers a gauge of seconds with labels.
    pub fn gauges(self, name: &str, help: &str, labels: &[&str]) -> prometheus::Result<GaugeVec> {
        self.register(GaugeVec::new(self.opts(name, help), labels)?)
    }

    /// Registers a histogram without labels.
    pub fn histogram(
        self,
        name: &str,
        help: &str,
        buckets: &[f64],
    ) -> prometheus::Result<Histogram> {
        self.register(Histogram::with_opts(self.histogram_opts(name, help, buckets))?)
    }

    /// Registers a histogram with labels.
    pub fn histograms(
        self,
        name: &str,
        help: &str,
        buckets: &[f64],
        labels: &[&str],
    ) -> prometheus::Result<HistogramVec> {
        self.register(HistogramVec::new(self.histogram_opts(name, help, buckets), labels)?)
    }

    /// Registers a collector that is read at each scrape.
    pub fn register<C: Collector + Clone + 'static>(self, collector: C) -> prometheus::Result<C> {
        self.registry.register(Box::new(collector.clone()))?;
        Ok(collector)
    }

    fn opts(self, name: &str, help: &str) -> Opts {
        Opts::new(name, help).namespace(self.prefix)
    }

    fn histogram_opts(self, name: &str, help: &str, buckets: &[f64]) -> HistogramOpts {
        HistogramOpts::new(name, help).namespace(self.prefix).buckets(buckets.to_vec())
    }
}
