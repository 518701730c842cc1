//! The feed's part of the report.

use serde::Serialize;

use super::seconds_since;
use crate::status::{Feed, verdict};
use sectorwatch_core::Time;

#[derive(Debug, Serialize)]
pub(crate) struct FeedReport {
    pub(crate) url_host: Option<String>,
    pub(crate) published_at: Option<Time>,
    pub(crate) age_seconds: Option<f64>,
    pub(crate) stale: Option<bool>,
    pub(crate) lag_seconds: Option<f64>,
    pub(crate) connected_pilots: Option<u64>,
    pub(crate) etag: Option<String>,
    pub(crate) rejected_total: u64,
    pub(crate) schema: SchemaReport,
}

/// The unreadable part of the feed.
#[derive(Debug, Serialize)]
pub(crate) struct SchemaReport {
    /// Since when snapshots are refused as a whole.
    pub(crate) refused_since: Option<Time>,
    pub(crate) refused_kind: Option<&'static str>,
    /// The ratio of unreadable pilots in the newest snapshot.
    pub(crate) pilots_refused_ratio: Option<f64>,
    /// The optional field that could not be read in most pilots.
    pub(crate) unreadable_field: Option<&'static str>,
    pub(crate) pilots_unreadable_ratio: Option<f64>,
}

impl FeedReport {
    pub(super) fn new(feed: &Feed, now: Time) -> Self {
        Self {
            url_host: feed.url_host.clone(),
            published_at: feed.published_at,
            age_seconds: feed.published_at.map(|at| seconds_since(at, now)),
            stale: feed.published_at.map(|at| verdict::is_stale(at, now)),
            lag_seconds: feed.lag.map(|lag| lag.as_secs_f64()),
            connected_pilots: feed.connected_pilots,
            etag: feed.etag.clone(),
            rejected_total: feed.rejected_total,
            schema: SchemaReport {
                refused_since: feed.refused.map(|refusal| refusal.since),
                refused_kind: feed.refused.map(|refusal| refusal.kind),
                pilots_refused_ratio: feed.drift.map(|drift| drift.refused_ratio()),
                unreadable_field: feed.drift.and_then(|drift| drift.field).map(|(field, _)| field),
                pilots_unreadable_ratio: feed.drift.map(|drift| drift.unreadable_ratio()),
            },
        }
    }
}
