//! The metrics of the feeds (group F of the catalogue).

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
    snapshot::{RecordType, Rejected, RejectionReason, Unreadable},
};
use sectorwatch_telemetry::metrics::{BODY_BYTES, LAG_SECONDS, PHASE_SECONDS, Registry, born};

mod drift;

/// The maximum of unknown field names that are counted for each feed.
const UNKNOWN_FIELDS_CAP: usize = 256;

/// The possible rejection reasons of each record type.
const REJECTIONS: [(RecordType, &[RejectionReason]); 6] = [
    (RecordType::Pilot, &RECORD),
    (RecordType::Controller, &RECORD),
    (RecordType::Atis, &[RejectionReason::Schema]),
    (RecordType::Transceiver, &RADIO),
    (RecordType::Flight, &[RejectionReason::Other]),
    (RecordType::Transition, &[RejectionReason::Other]),
];
const RECORD: [RejectionReason; 4] = [
    RejectionReason::Schema,
    RejectionReason::Range,
    RejectionReason::Duplicate,
    RejectionReason::TooLong,
];
const RADIO: [RejectionReason; 5] = [
    RejectionReason::Schema,
    RejectionReason::Range,
    RejectionReason::Duplicate,
    RejectionReason::TooLong,
    RejectionReason::TooMany,
];
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
    /// Both feeds, for label sets born at 0.
    pub const ALL: [Feed; 2] = [Feed::V3, Feed::Transceivers];

    /// The name in metric labels.
    pub fn as_str(self) -> &'static str {
        match self {
            Feed::V3 => "v3",
            Feed::Transceivers => "transceivers",
        }
    }

    fn of(source: RecordType) -> Self {
        match source {
            RecordType::Transceiver => Feed::Transceivers,
            _ => Feed::V3,
        }
    }
}

/// The metrics of the feeds. Clones share them.
#[derive(Clone)]
pub struct FeedMetrics(Arc<Families>);

struct Families {
    update_timestamp: GaugeVec,
    /// A feed that is switched off has no timestamp, so the series is created when it is switched on.
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
    /// Registers the families with each label set at 0.
    ///
    /// # Errors
    /// A family is already registered.
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
        // The radios have no timestamp, so that missed publications cannot be known.
        born(&families.publications_missed, &[&[Feed::V3.as_str()]]);
        for (source, reasons) in REJECTIONS {
            for reason in reasons {
                families.rejections(source, *reason);
            }
        }
        Ok(Self(Arc::new(families)))
    }

    /// Records that this feed is polled. Its timestamp exists from now on, at the current time until the feed
    /// states one.
    pub fn switched_on(&self, feed: Feed) {
        self.timestamp(feed);
    }

    /// Sets the feed's time of publication.
    pub fn published(&self, feed: Feed, at: Time) {
        self.timestamp(feed).set(unix_seconds(at));
    }

    /// Records a committed publication.
    pub fn committed(&self, feed: Feed, published: Time, committed: Time) {
        let lag_seconds = unix_seconds(committed) - unix_seconds(published);
        let family = &self.0.publication_lag;
        family.with_label_values(&[feed.as_str()]).observe(lag_seconds);
    }

    /// Counts publications of the main feed that were never stored.
    pub fn missed(&self, publications: u64) {
        let family = &self.0.publications_missed;
        family.with_label_values(&[Feed::V3.as_str()]).inc_by(publications);
    }

    /// Counts rejected records.
    pub fn rejected(&self, records: &[Rejected]) {
        for record in records {
            self.0.rejections(record.source, record.reason).inc();
        }
    }

    /// Counts radios that were left out because there are too many of their callsign.
    pub fn surplus(&self, radios: usize) {
        let counter = self.0.rejections(RecordType::Transceiver, RejectionReason::TooMany);
        counter.inc_by(radios as u64);
    }

    /// Counts unreadable fields of accepted records.
    pub fn unreadable(&self, fields: &Unreadable) {
        self.0.losses.fields(fields);
    }

    /// Sets the losses among the pilots of the newest snapshot.
    pub fn drift(&self, drift: &Drift) {
        self.0.losses.drift(drift);
    }

    /// Sets whether a snapshot was refused as a whole, and none was stored since.
    pub fn schema_refused(&self, is_refused: bool) {
        self.0.losses.document(is_refused);
    }

    /// Counts each name once in the process, and returns the new ones.
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

    /// Records the end of a request.
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
                "Publication time of the feed: v3 by its general.update_timestamp; transceivers by Last-Modified, or by when they were seen to change.",
                &["feed"],
            )?,
            timestamps: Default::default(),
            requests: registry.counters(
                "feed_requests_total",
                "Requests to the feed, by class of the response's status: 2xx, 3xx, 4xx, 5xx, or timeout, error.",
                &["feed", "status_class"],
            )?,
            request_duration: registry.histograms(
                "feed_request_duration_seconds",
                "Duration of a request to the feed, from sending it to the last byte of the response.",
                PHASE_SECONDS,
                &["feed"],
            )?,
            response_bytes: registry.histograms(
                "feed_response_bytes",
                "Size of the feed's responses after decompression.",
                BODY_BYTES,
                &["feed"],
            )?,
            publication_lag: registry.histograms(
                "feed_publication_lag_seconds",
                "Time from the publication of a snapshot to the commit of its rows.",
                LAG_SECONDS,
                &["feed"],
            )?,
            publications_missed: registry.counters(
                "feed_publications_missed_total",
                "Publications of the feed that were never stored.",
                &["feed"],
            )?,
            records_rejected: registry.counters(
                "feed_records_rejected_total",
                "Records that were rejected, by reason: schema, range, duplicate, too_long, too_many (radios of one callsign beyond the first 64), other.",
                &["feed", "kind", "reason"],
            )?,
            losses: Losses::register(registry)?,
            unknown_fields: registry.counters(
                "feed_unknown_fields_total",
                "Names of fields in the feed that are not known to this version, each counted once: its schema has changed.",
                &["feed"],
            )?,
            unknown_names: Default::default(),
        })
    }

    fn rejections(&self, source: RecordType, reason: RejectionReason) -> prometheus::IntCounter {
        let labels = [Feed::of(source).as_str(), source.as_str(), reason.as_str()];
        self.records_rejected.with_label_values(&labels)
    }
}

/// A broken answer is counted by its failure, not by its status.
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
