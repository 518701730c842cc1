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
                "Optional fields that could not be read, by list and field; the record was accepted without them.",
                &["feed", "kind", "field"],
            )?,
            refused: registry.gauge(
                "feed_pilots_refused_ratio",
                "Share of the pilots of the newest snapshot that were rejected, without duplicates.",
            )?,
            unreadable: registry.gauge(
                "feed_pilots_unreadable_ratio",
                "Share of the pilots of the newest snapshot without a readable value in the one optional field that is worst affected.",
            )?,
            document: registry.int_gauge(
                "feed_schema_refused",
                "1 from when a whole snapshot is refused, because its schema has changed or most of it is missing, until the next one is stored.",
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
