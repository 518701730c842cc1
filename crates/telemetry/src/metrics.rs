//! The registry of metric families: one prefix, base units, every label set born at 0.

use prometheus::{
    Encoder as _, Gauge, GaugeVec, Histogram, HistogramOpts, HistogramVec, IntCounter,
    IntCounterVec, IntGauge, IntGaugeVec, Opts, TextEncoder, core::Collector, proto::MetricFamily,
};

/// The content type of [`encode`].
pub const CONTENT_TYPE: &str = "text/plain; version=0.0.4; charset=utf-8";

/// Buckets in seconds for waiting on a connection: 1 ms … 30 s.
pub const WAIT_SECONDS: &[f64] =
    &[0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0, 30.0];
/// Buckets in seconds for a phase or a cycle: 5 ms … 60 s.
pub const PHASE_SECONDS: &[f64] =
    &[0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 15.0, 60.0];
/// Buckets in seconds from publication to commit: 5 s … 600 s.
pub const LAG_SECONDS: &[f64] =
    &[5.0, 10.0, 15.0, 20.0, 30.0, 45.0, 60.0, 90.0, 120.0, 180.0, 300.0, 600.0];
/// Buckets in seconds for a stay in a sector: 30 s … 4 h.
pub const STAY_SECONDS: &[f64] =
    &[30.0, 60.0, 120.0, 300.0, 600.0, 900.0, 1200.0, 1800.0, 2700.0, 3600.0, 7200.0, 14400.0];
/// Buckets for the rows of a bulk statement.
pub const ROWS: &[f64] =
    &[1.0, 5.0, 10.0, 25.0, 50.0, 100.0, 250.0, 500.0, 1000.0, 2000.0, 5000.0, 10000.0];
/// Buckets in bytes for a decoded document: 1 KiB … 64 MiB.
pub const BODY_BYTES: &[f64] = &[
    1024.0,
    16384.0,
    65536.0,
    262_144.0,
    524_288.0,
    1_048_576.0,
    2_097_152.0,
    4_194_304.0,
    8_388_608.0,
    16_777_216.0,
    33_554_432.0,
    67_108_864.0,
];

/// The prefix of every family's name, before an underscore.
pub const PREFIX: &str = "sectorwatch";

/// All families of the process. Names are passed without the prefix `sectorwatch_`.
#[derive(Clone, Default)]
pub struct Registry(prometheus::Registry);

impl Registry {
    /// Registers a counter without labels, at 0.
    pub fn counter(&self, name: &str, help: &str) -> prometheus::Result<IntCounter> {
        self.register(IntCounter::new(prefixed(name), help)?)
    }

    /// Registers a counter with labels. Create its label sets with [`born`].
    pub fn counters(
        &self,
        name: &str,
        help: &str,
        labels: &[&str],
    ) -> prometheus::Result<IntCounterVec> {
        self.register(IntCounterVec::new(Opts::new(prefixed(name), help), labels)?)
    }

    /// Registers a gauge of whole numbers.
    pub fn int_gauge(&self, name: &str, help: &str) -> prometheus::Result<IntGauge> {
        self.register(IntGauge::new(prefixed(name), help)?)
    }

    /// Registers a gauge of whole numbers with labels.
    pub fn int_gauges(
        &self,
        name: &str,
        help: &str,
        labels: &[&str],
    ) -> prometheus::Result<IntGaugeVec> {
        self.register(IntGaugeVec::new(Opts::new(prefixed(name), help), labels)?)
    }

    /// Registers a gauge of seconds, or of a timestamp in seconds.
    pub fn gauge(&self, name: &str, help: &str) -> prometheus::Result<Gauge> {
        self.register(Gauge::new(prefixed(name), help)?)
    }

    /// Registers a gauge of seconds with labels.
    pub fn gauges(&self, name: &str, help: &str, labels: &[&str]) -> prometheus::Result<GaugeVec> {
        self.register(GaugeVec::new(Opts::new(prefixed(name), help), labels)?)
    }

    /// Registers a histogram without labels.
    pub fn histogram(
        &self,
        name: &str,
        help: &str,
        buckets: &[f64],
    ) -> prometheus::Result<Histogram> {
        let opts = HistogramOpts::new(prefixed(name), help).buckets(buckets.to_vec());
        self.register(Histogram::with_opts(opts)?)
    }

    /// Registers a histogram with labels. Create its label sets with [`born`].
    pub fn histograms(
        &self,
        name: &str,
        help: &str,
        buckets: &[f64],
        labels: &[&str],
    ) -> prometheus::Result<HistogramVec> {
        let opts = HistogramOpts::new(prefixed(name), help).buckets(buckets.to_vec());
        self.register(HistogramVec::new(opts, labels)?)
    }

    /// Registers a collector that is read at each scrape.
    pub fn register<C: Collector + Clone + 'static>(&self, c: C) -> prometheus::Result<C> {
        self.0.register(Box::new(c.clone()))?;
        Ok(c)
    }

    /// The registry, for a crate that registers its own families with [`PREFIX`].
    pub fn families(&self) -> &prometheus::Registry {
        &self.0
    }

    /// Reads all families.
    pub fn gather(&self) -> Vec<MetricFamily> {
        self.0.gather()
    }

    /// Reads all families, in the text format of Prometheus.
    ///
    /// # Errors
    /// The errors of [`encode`].
    pub fn render(&self) -> prometheus::Result<Vec<u8>> {
        encode(&self.gather())
    }
}

/// Encodes families in the text format of Prometheus.
///
/// # Errors
/// Two families contradict each other, which a test excludes.
pub fn encode(families: &[MetricFamily]) -> prometheus::Result<Vec<u8>> {
    let mut text = Vec::with_capacity(256 * 1024);
    TextEncoder::new().encode(families, &mut text)?;
    Ok(text)
}

/// Creates each label set at 0, because a counter that first appears at 1 never shows as an increase.
pub fn born<T: prometheus::core::MetricVecBuilder>(
    family: &prometheus::core::MetricVec<T>,
    sets: &[&[&str]],
) {
    for labels in sets {
        family.with_label_values(labels);
    }
}

/// The full name of a family.
pub fn prefixed(name: &str) -> String {
    format!("{PREFIX}_{name}")
}
