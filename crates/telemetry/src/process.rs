//! Identity, readiness and size of the process itself.

use std::sync::Arc;

use prometheus::{
    IntGauge,
    core::{Collector, Desc},
    process_collector::ProcessCollector,
    proto::{MetricFamily, MetricType},
};

use super::metrics::{Registry, prefixed};

/// What was built, and from what; `unknown` where the build did not say.
#[derive(Debug, Clone, Copy)]
pub struct BuildInfo {
    /// Version of the package.
    pub version: &'static str,
    /// Commit, from `SECTORWATCH_REVISION` at build time.
    pub revision: Option<&'static str>,
    /// Compiler, from `SECTORWATCH_RUSTC` at build time.
    pub rustc: Option<&'static str>,
}

/// The configuration that explains a graph; no secrets, no URL.
#[derive(Debug, Clone)]
pub struct ConfigInfo {
    /// How the pools check a connection at check-out.
    pub recycling: &'static str,
    /// Who waits is served in this order.
    pub queue_strategy: &'static str,
    /// The digest of the airspace in force.
    pub airspace_revision: String,
}

/// The gauges that a scrape sets; cheap to clone.
#[derive(Clone)]
pub struct ProcessMetrics {
    ready: IntGauge,
    series: IntGauge,
}

impl ProcessMetrics {
    /// Registers the identity, the process's own figures, and the gauges set at a scrape.
    ///
    /// # Errors
    /// When a family of the same name is registered already.
    pub fn register(
        registry: &Registry,
        build: BuildInfo,
        config: &ConfigInfo,
    ) -> prometheus::Result<Self> {
        let or_unknown = |text: Option<&'static str>| text.unwrap_or("unknown");
        registry
            .int_gauges(
                "build_info",
                "Constant 1 with build identity.",
                &["version", "revision", "rustc"],
            )?
            .with_label_values(&[
                build.version,
                or_unknown(build.revision),
                or_unknown(build.rustc),
            ])
            .set(1);
        registry
            .int_gauges(
                "config_info",
                "Constant 1 with the configuration in force (no secrets, no URL).",
                &["recycling", "queue_strategy", "airspace_revision"],
            )?
            .with_label_values(&[
                config.recycling,
                config.queue_strategy,
                &config.airspace_revision,
            ])
            .set(1);
        registry.register(OperatingSystem(Arc::new(ProcessCollector::for_self())))?;
        Ok(Self {
            ready: registry.int_gauge("ready", "1 when /readyz would answer 200.")?,
            series: registry.int_gauge(
                "metrics_series",
                "Series this process exports: guards the cardinality budget.",
            )?,
        })
    }

    /// Says whether `/readyz` would answer 200.
    pub fn set_ready(&self, ready: bool) {
        self.ready.set(i64::from(ready));
    }

    /// Counts the series of one reading, and writes the number into that same reading.
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

/// Lines of a family in the text format.
fn series_of(family: &MetricFamily) -> usize {
    let children = family.get_metric();
    match family.get_field_type() {
        // `le="+Inf"`, sum and count stand beside the finite buckets.
        MetricType::HISTOGRAM => {
            (children.iter()).map(|child| child.get_histogram().get_bucket().len() + 3).sum()
        }
        _ => children.len(),
    }
}

/// `process_*`, under the names that every Prometheus client uses: without our prefix.
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
