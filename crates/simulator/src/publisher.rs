//! Renders each publication once for all requests.

use std::{
    io::Write,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use actix_web::web::Bytes;
use chrono::{DateTime, Utc};
use flate2::{Compression, write::GzEncoder};

use super::World;

/// The latest publication of a network.
pub(super) struct Publisher {
    world: World,
    interval: Duration,
    latest: Mutex<Option<Arc<Printed>>>,
}

/// A publication with its time, which is its version.
pub(super) struct Printed {
    pub(super) moment_us: i64,
    pub(super) main: Document,
    pub(super) transceivers: Document,
}

pub(super) struct Document {
    pub(super) plain: Bytes,
    pub(super) gzip: Bytes,
}

impl Publisher {
    pub(super) fn new(world: World, interval: Duration) -> Self {
        Self { world, interval, latest: Mutex::default() }
    }

    /// The publication of the interval that contains `now`.
    pub(super) fn at(&self, now: DateTime<Utc>) -> Arc<Printed> {
        let interval_us = i64::try_from(self.interval.as_micros()).unwrap_or(i64::MAX).max(1);
        let moment_us = now.timestamp_micros().div_euclid(interval_us) * interval_us;
        let mut latest = self.latest.lock().unwrap_or_else(PoisonError::into_inner);
        match &*latest {
            Some(published) if published.moment_us == moment_us => published.clone(),
            _ => latest.insert(Arc::new(self.print(moment_us))).clone(),
        }
    }

    fn print(&self, moment_us: i64) -> Printed {
        let moment = DateTime::from_timestamp_micros(moment_us).unwrap_or_default();
        let publication = self.world.snapshot(moment);
        Printed {
            moment_us,
            main: Document::new(publication.main_json),
            transceivers: Document::new(publication.transceivers_json),
        }
    }
}

impl Document {
    fn new(text: String) -> Self {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        // Writing to memory cannot fail; an empty body would be a decode error of the client.
        let gzip = encoder.write_all(text.as_bytes()).and_then(|()| encoder.finish());
        Self { plain: text.into(), gzip: gzip.unwrap_or_default().into() }
    }
}
