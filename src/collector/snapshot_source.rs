//! The source of a cycle's document: the feed, or a recording of it.

use std::time::Duration;

use chrono::Utc;
use tokio::sync::watch;

use sectorwatch_core::Time;
use sectorwatch_feed::{
    client::{Body, Client, FeedError, Fetched},
    recording::{Recording, RecordingError},
};

/// The source of one poller's documents.
pub enum SnapshotSource {
    /// The network's feed, or a custom one. A stop interrupts a running request, which holds no resource.
    Live {
        /// Sends at most one request at a time.
        client: Box<Client>,
        /// True once the service stops.
        stop: watch::Receiver<bool>,
        /// Setting `SECTORWATCH_FEED_CLOCK_SKEW`.
        clock_skew: Duration,
    },
    /// One recorded snapshot.
    Recorded(Recording),
}

/// One publication that is not yet decoded.
pub struct Publication {
    /// The main feed's body.
    pub bytes: Vec<u8>,
    /// Remembered once the snapshot is stored.
    pub etag: Option<String>,
    /// When it was received; `None` in a replay, where feed time is the clock.
    pub received_at: Option<Time>,
}

/// Why no publication was received.
#[derive(Debug, thiserror::Error)]
pub enum SnapshotSourceError {
    #[error("the feed gave no snapshot")]
    Feed(#[from] FeedError),
    #[error("the recording cannot be read")]
    Recording(#[from] RecordingError),
}

impl SnapshotSource {
    /// Returns the newest publication, or `None` when the feed has nothing newer.
    pub async fn fetch(&mut self) -> Result<Option<Publication>, SnapshotSourceError> {
        match self {
            SnapshotSource::Live { client, stop, .. } => {
                tokio::select! {
                    biased;
                    _ = stop.wait_for(|stopping| *stopping) => Ok(None),
                    publication = fetch_live(client) => publication,
                }
            }
            SnapshotSource::Recorded(recording) => {
                Ok(Some(Publication { bytes: recording.read()?, etag: None, received_at: None }))
            }
        }
    }

    /// Whether there is a transceivers feed.
    pub fn has_radios(&self) -> bool {
        matches!(self, SnapshotSource::Live { client, .. } if client.transceivers_url().is_some())
    }

    /// Whether contact by radio can be recorded. Without a feed of radios it is not; of a recording without radios it
    /// is unknown.
    pub fn has_contact(&self) -> bool {
        matches!(self, SnapshotSource::Recorded(_)) || self.has_radios()
    }

    /// Returns the radios of this cycle. Called after the flights are stored, so that a feed that hangs
    /// delays no flight. An error means that the radios are unknown, not that there are none.
    pub async fn fetch_radios(&mut self) -> Result<Option<Body>, FeedError> {
        let SnapshotSource::Live { client, stop, .. } = self else { return Ok(None) };
        tokio::select! {
            biased;
            _ = stop.wait_for(|stopping| *stopping) => Ok(None),
            radios = client.fetch_transceivers() => radios,
        }
    }

    /// The newest `update_timestamp` that is accepted; `None` in a replay, where feed time is the clock.
    pub fn newest_allowed(&self) -> Option<Time> {
        match self {
            SnapshotSource::Live { clock_skew, .. } => Some(Utc::now() + *clock_skew),
            SnapshotSource::Recorded(_) => None,
        }
    }

    /// Makes the next request conditional on this ETag, that of the snapshot at the mark.
    pub fn remember(&mut self, etag: Option<String>) {
        if let SnapshotSource::Live { client, .. } = self {
            client.remember(etag);
        }
    }

    /// Makes the next request unconditional after a failed cycle.
    pub fn forget(&mut self) {
        if let SnapshotSource::Live { client, .. } = self {
            client.forget();
        }
    }
}

async fn fetch_live(client: &mut Client) -> Result<Option<Publication>, SnapshotSourceError> {
    let body = match client.fetch().await? {
        Fetched::NotModified => return Ok(None),
        Fetched::Body(body) => body,
    };
    Ok(Some(Publication {
        bytes: body.bytes,
        etag: body.etag,
        received_at: Some(body.received_at),
    }))
}

impl SnapshotSourceError {
    /// The cause, for metric labels, logs and span attributes.
    pub fn kind(&self) -> &'static str {
        match self {
            SnapshotSourceError::Feed(error) => error.kind(),
            SnapshotSourceError::Recording(error) => error.kind(),
        }
    }
}
