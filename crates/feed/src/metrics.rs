//! What the feeds sent us, in figures (group F of the catalogue).

use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex, OnceLock, PoisonError},
    time::Duration,
};

use chrono::Utc;
use prometheus::{Gauge, GaugeVec, HistogramVec, IntCounterVec};

use self::drift::Losses;
use super::client::{
    error::{Fault, FeedError},
    response::Fetched,
};
use sectorwatch_core::{
    Time,
    drift::Drift,
    snapshot::{Reason, Rejected, Source, Unreadable},
};
use sectorwatch_telemetry::metrics::{BODY_BYTES, LAG_SECONDS, PHASE_SECONDS, Registry, born};

mod drift;

/// Names counted as unknown, of each feed; beyond, upstream sends noise.
const UNKNOWN_FIELDS_CAP: usize = 256;

/// What can reject a record of which source.
const REJECTIONS: [(Source, &[Reason]); 6] = [
    (Source::Pilot, &RECORD),
    (Source::Controller, &RECORD),
    (Source::Atis, &[Reason::Schema]),
    (Source::Transceiver, &RECORD),
    (Source::Flight, &[Reason::Other]),
    (Source::Transition, &[Reason::Other]),
];
const RECORD: [Reason; 4] = [Reason::Schema, Reason::Range, Reason::Duplicate, Reason::TooLong];
const STATUS_CLASSES: [&str; 6] = ["2xx", "3xx", "4xx", "5xx", "timeout", "error"];

/// One of the two feeds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Feed {
    /// Pilots, controllers, ATIS.
    V3,
    /// The feed of radios.
    Transceivers,
}

impl Feed {
    /// Both, for label sets born at 0.
    pub const ALL: [Feed; 2] = [Feed::V3, Feed::Transceivers];

    /// The word in labels.
    pub fn as_str(self) -> &'static str {
        match self {
            Feed::V3 => "v3",
            Feed::Transceivers => "transceivers",
        }
    }

    fn of(source: Source) -> Self {
        match source {
            Source::Transceiver => Feed::Transceivers,
            _ => Feed::V3,
        }
    }
}

/// The families of the feeds; clones count into the same.
#[derive(Clone)]
pub struct FeedMetrics(Arc<Families>);

struct Families {
    update_timestamp: GaugeVec,
    /// A feed that is switched off has no timestamp, so its child is made on switching on.
    timestamps: [OnceLock<Gauge>; 2],
    requests: IntCounterVec,
    request_duration: HistogramVec,
    response_bytes: HistogramVec,
    publication_lag: HistogramVec,
    publications_missed: IntCounterVec,
    records_rejected: IntCounterVec,
    losses: Losses,
    unknown_fields: IntCounterVec,
    unknown_names: [Mutex<BTreeSet<String>>; 2],
}

impl FeedMetrics {
    /// Registers the families, with each label set at 0.
    ///
    /// # Errors
    /// When they are registered already.
    pub fn register(registry: &Registry) -> prometheus::Result<Self> {
        let families = Families::register(registry)?;
        for feed in Feed::ALL.map(Feed::as_str) {
            for class in STATUS_CLASSES {
                born(&families.requests, &[&[feed, class]]);
            }
            born(&families.request_duration, &[&[feed]]);
            born(&families.response_bytes, &[&[feed]]);
            born(&families.publication_lag, &[&[feed]]);
            born(&families.unknown_fields, &[&[feed]]);
        }
        // The radios carry no timestamp, so that nobody can tell what was missed of them.
        born(&families.publications_missed, &[&[Feed::V3.as_str()]]);
        for (source, reasons) in REJECTIONS {
            for reason in reasons {
                families.rejections(source, *reason);
            }
        }
        Ok(Self(Arc::new(families)))
    }

    /// This feed is polled: its timestamp exists from now on, at now until it states one itself.
    pub fn switched_on(&self, feed: Feed) {
        self.timestamp(feed);
    }

    /// The feed states that it was published then.
    pub fn published(&self, feed: Feed, at: Time) {
        self.timestamp(feed).set(unix_seconds(at));
    }

    /// A publication was committed.
    pub fn committed(&self, feed: Feed, published: Time, committed: Time) {
        let lag_seconds = unix_seconds(committed) - unix_seconds(published);
        let family = &self.0.publication_lag;
        family.with_label_values(&[feed.as_str()]).observe(lag_seconds);
    }

    /// So many publications of the main feed were made that we never stored.
    pub fn missed(&self, publications: u64) {
        let family = &self.0.publications_missed;
        family.with_label_values(&[Feed::V3.as_str()]).inc_by(publications);
    }

    /// These records were dropped.
    pub fn rejected(&self, records: &[Rejected]) {
        for record in records {
            self.0.rejections(record.source, record.reason).inc();
        }
    }

    /// These fields were lost from records that were taken.
    pub fn unreadable(&self, fields: &Unreadable) {
        self.0.losses.fields(fields);
    }

    /// What the pilots of the newest snapshot lost.
    pub fn drift(&self, drift: &Drift) {
        self.0.losses.drift(drift);
    }

    /// Whether a snapshot was refused as a whole, and none was stored since.
    pub fn schema_refused(&self, is_refused: bool) {
        self.0.losses.document(is_refused);
    }

    /// Counts each name once in the life of the process, and returns those it had not seen before.
    pub fn unknown_fields<'n>(&self, feed: Feed, names: &'n BTreeSet<String>) -> Vec<&'n str> {
        let known = &self.0.unknown_names[feed as usize];
        let mut known = known.lock().unwrap_or_else(PoisonError::into_inner);
        let mut news = Vec::new();
        for name in names {
            if known.len() < UNKNOWN_FIELDS_CAP && known.insert(name.clone()) {
                news.push(name.as_str());
            }
        }
        let family = &self.0.unknown_fields;
        family.with_label_values(&[feed.as_str()]).inc_by(news.len() as u64);
        news
    }

    /// A request ended.
    pub(super) fn requested(
        &self,
        feed: Feed,
        fetched: &Result<Fetched, FeedError>,
        duration: Duration,
    ) {
        let feed = feed.as_str();
        let requests = &self.0.requests;
        requests.with_label_values(&[feed, status_class(fetched)]).inc();
        let durations = &self.0.request_duration;
        durations.with_label_values(&[feed]).observe(duration.as_secs_f64());
        if let Ok(Fetched::Body(body)) = fetched {
            let sizes = &self.0.response_bytes;
            sizes.with_label_values(&[feed]).observe(body.bytes.len() as f64);
        }
    }

    fn timestamp(&self, feed: Feed) -> &Gauge {
        self.0.timestamps[feed as usize].get_or_init(|| {
            let gauge = self.0.update_timestamp.with_label_values(&[feed.as_str()]);
            gauge.set(unix_seconds(Utc::now()));
            gauge
        })
    }
}

impl Families {
    fn register(registry: &Registry) -> prometheus::Result<Self> {
        Ok(Self {
            update_timestamp: registry.gauges(
                "feed_update_timestamp_seconds",
                "Publication time the feed states in itself (v3 general.update_timestamp; transceivers: Last-Modified or time of change).",
                &["feed"],
            )?,
            timestamps: Default::default(),
            requests: registry.counters(
                "feed_requests_total",
                "Upstream requests: 2xx, 3xx, 4xx, 5xx, timeout, error.",
                &["feed", "status_class"],
            )?,
            request_duration: registry.histograms(
                "feed_request_duration_seconds",
                "Upstream request duration, headers to last byte.",
                PHASE_SECONDS,
                &["feed"],
            )?,
            response_bytes: registry.histograms(
                "feed_response_bytes",
                "Decoded size of upstream bodies.",
                BODY_BYTES,
                &["feed"],
            )?,
            publication_lag: registry.histograms(
                "feed_publication_lag_seconds",
                "Publication time to our commit: end-to-end freshness of a row.",
                LAG_SECONDS,
                &["feed"],
            )?,
            publications_missed: registry.counters(
                "feed_publications_missed_total",
                "Publications the feed made that we never stored.",
                &["feed"],
            )?,
            records_rejected: registry.counters(
                "feed_records_rejected_total",
                "Upstream records dropped, by reason: schema, range, duplicate, too_long, other.",
                &["feed", "kind", "reason"],
            )?,
            losses: Losses::register(registry)?,
            unknown_fields: registry.counters(
                "feed_unknown_fields_total",
                "Fields upstream sends that we do not know: schema drift.",
                &["feed"],
            )?,
            unknown_names: Default::default(),
        })
    }

    fn rejections(&self, source: Source, reason: Reason) -> prometheus::IntCounter {
        let labels = [Feed::of(source).as_str(), source.as_str(), reason.as_str()];
        self.records_rejected.with_label_values(&labels)
    }
}

/// An answer that broke off counts by how it broke, not by the status it began with.
fn status_class(fetched: &Result<Fetched, FeedError>) -> &'static str {
    match fetched {
        Ok(Fetched::Body(_)) => "2xx",
        Ok(Fetched::NotModified) => "3xx",
        Err(FeedError::Status { status, .. }) => match status.as_u16() / 100 {
            3 => "3xx",
            4 => "4xx",
            5 => "5xx",
            _ => "error",
        },
        Err(FeedError::Transport { fault: Fault::Timeout, .. }) => "timeout",
        Err(_) => "error",
    }
}

fn unix_seconds(time: Time) -> f64 {
    time.timestamp_micros() as f64 / 1e6
}

#[cfg(test)]
mod tests;
