//! Identity, readiness and size of the process.

use std::sync::{Arc, Mutex, PoisonError};

use prometheus::{
    IntGauge, IntGaugeVec,
    core::{Collector, Desc},
    process_collector::ProcessCollector,
    proto::{MetricFamily, MetricType},
};

use super::metrics::{Registry, prefixed};

/// Identifies the build; `unknown` in metrics if the build did not say.
#[derive(Debug, Clone, Copy)]
pub struct BuildInfo {
    /// The version of the package.
    pub version: &'static str,
    /// The commit, from `SECTORWATCH_REVISION` of the build.
    pub revision: Option<&'static str>,
    /// The compiler, from `SECTORWATCH_RUSTC` of the build.
    pub rustc: Option<&'static str>,
}

/// The configuration that explains a graph. It holds no secrets and no URL.
#[derive(Debug, Clone)]
pub struct ConfigInfo {
    /// How the pools check a connection at check-out.
    pub recycling: &'static str,
    /// The order in which waiters are served.
    pub queue_strategy: &'static str,
    /// The digest of the airspace in use.
    pub airspace_revision: String,
}

impl ConfigInfo {
    fn labels(&self) -> [&str; 3] {
        [self.recycling, self.queue_strategy, &self.airspace_revision]
    }
}

/// The metrics that are set at a scrape. Clones share them.
#[derive(Clone)]
pub struct ProcessMetrics {
    config: Arc<Mutex<ConfigInfo>>,
    config_info: IntGaugeVec,
    ready: IntGauge,
    series: IntGauge,
}

impl ProcessMetrics {
    /// Registers the identity, the metrics of the process, and those that are set at a scrape.
    ///
    /// # Errors
    /// A family of the same name is already registered.
    pub fn register(
        registry: &Registry,
        build: BuildInfo,
        config: &ConfigInfo,
    ) -> prometheus::Result<Self> {
        let or_unknown = |text: Option<&'static str>| text.unwrap_or("unknown");
        registry
            .int_gauges(
                "build_info",
                "Always 1; its labels identify the build.",
                &["version", "revision", "rustc"],
            )?
            .with_label_values(&[
                build.version,
                or_unknown(build.revision),
                or_unknown(build.rustc),
            ])
            .set(1);
        let config_info = registry.int_gauges(
            "config_info",
            "Always 1; its labels name the configuration in force, without secrets or URLs.",
            &["recycling", "queue_strategy", "airspace_revision"],
        )?;
        config_info.with_label_values(&config.labels()).set(1);
        registry.register(OperatingSystem(Arc::new(ProcessCollector::for_self())))?;
        Ok(Self {
            config: Arc::new(Mutex::new(config.clone())),
            config_info,
            ready: registry.int_gauge("ready", "1 when /readyz would answer 200.")?,
            series: registry.int_gauge("metrics_series", "Series that this process exports.")?,
        })
    }

    /// Sets the airspace in use.
    pub fn set_airspace(&self, revision: &str) {
        let mut config = self.config.lock().unwrap_or_else(PoisonError::into_inner);
        if config.airspace_revision != revision {
            // The error would mean that the series is gone already.
            drop(self.config_info.remove_label_values(&config.labels()));
            config.airspace_revision = revision.to_owned();
            self.config_info.with_label_values(&config.labels()).set(1);
        }
    }

    /// Sets whether `/readyz` would answer 200.
    pub fn set_ready(&self, ready: bool) {
        self.ready.set(i64::from(ready));
    }

    /// Counts the series of one reading, and writes the number into the same reading.
    pub fn count_series(&self, families: &mut [MetricFamily]) {
        let count: usize = families.iter().map(series_of).sum();
        self.series.set(i64::try_from(count).unwrap_or(i64::MAX));
        let name = prefixed("metrics_series");
        let counted = self.series.collect().into_iter();
        for (stale, fresh) in families.iter_mut().filter(|f| f.name() == name).zip(counted) {
            *stale = fresh;
        }
    }
}

/// The number of lines of a family in the text format.
fn series_of(family: &MetricFamily) -> usize {
    let children = family.get_metric();
    match family.get_field_type() {
        // `le="+Inf"`, sum and count are added to the finite buckets.
        MetricType::HISTOGRAM => {
            (children.iter()).map(|child| child.get_histogram().get_bucket().len() + 3).sum()
        }
        _ => children.len(),
    }
}

/// `process_*`, with the names that every Prometheus client uses, without our prefix.
#[derive(Clone)]
struct OperatingSystem(Arc<ProcessCollector>);

impl Collector for OperatingSystem {
    fn desc(&self) -> Vec<&Desc> {
        self.0.desc()
    }

    fn collect(&self) -> Vec<MetricFamily> {
        self.0.collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    use crate::metrics::encode;

    const BUILD: BuildInfo = BuildInfo { version: "1.2.3", revision: Some("abc"), rustc: None };

    #[test]
    fn the_series_gauge_counts_the_lines_it_stands_in() {
        let registry = Registry::default();
        let config = ConfigInfo {
            recycling: "fast",
            queue_strategy: "fifo",
            airspace_revision: "builtin".into(),
        };
        let process = ProcessMetrics::register(&registry, BUILD, &config)
            .expect("an empty registry takes all");
        registry.histogram("wait_seconds", "A histogram.", &[0.1, 1.0]).expect("a new name");
        let mut families = registry.gather();
        process.count_series(&mut families);
        let text = String::from_utf8(encode(&families).expect("renders")).expect("UTF-8");
        let lines = text.lines().filter(|line| !line.starts_with('#')).count();
        assert!(lines > 10, "{text}");
        assert!(
            text.contains(&format!("\nsectorwatch_metrics_series {lines}\n")),
            "{lines} lines in\n{text}"
        );
    }
}
