//! The metrics of unreadable parts of the feed.

use prometheus::{Gauge, IntCounterVec, IntGauge};

use super::Feed;
use crate::decode::optional_fields;
use sectorwatch_core::{drift::Drift, snapshot::Unreadable};
use sectorwatch_telemetry::metrics::Registry;

/// The metrics of losses.
pub(super) struct Losses {
    fields: IntCounterVec,
    refused: Gauge,
    unreadable: Gauge,
    document: IntGauge,
}

impl Losses {
    pub(super) fn register(registry: &Registry) -> prometheus::Result<Self> {
        let losses = Self {
            fields: registry.counters(
                "feed_fields_unreadable_total",
                "Optional fields taken as absent because they could not be read, by list and field; the record was taken without them.",
                &["feed", "kind", "field"],
            )?,
            refused: registry.gauge(
                "feed_pilots_refused_ratio",
                "Share of the pilots of the newest snapshot that were rejected, duplicates not counted.",
            )?,
            unreadable: registry.gauge(
                "feed_pilots_unreadable_ratio",
                "Share of the pilots of the newest snapshot that lost the field that most of them lost.",
            )?,
            document: registry.int_gauge(
                "feed_schema_refused",
                "1 from the first snapshot that was refused as a whole, since it has drifted or is cut, until one is stored.",
            )?,
        };
        for (source, field) in optional_fields() {
            let labels = [Feed::of(source).as_str(), source.as_str(), field];
            losses.fields.with_label_values(&labels);
        }
        Ok(losses)
    }

    pub(super) fn fields(&self, unreadable: &Unreadable) {
        for ((source, field), count) in unreadable {
            let labels = [Feed::of(*source).as_str(), source.as_str(), *field];
            self.fields.with_label_values(&labels).inc_by(*count as u64);
        }
    }

    pub(super) fn drift(&self, drift: &Drift) {
        self.refused.set(drift.refused_ratio());
        self.unreadable.set(drift.unreadable_ratio());
    }

    pub(super) fn document(&self, is_refused: bool) {
        self.document.set(i64::from(is_refused));
    }
}
