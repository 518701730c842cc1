//! The source of a cycle's document: the feed, or a recording of it.

use std::time::Duration;

use chrono::Utc;
use tokio::sync::watch;

use sectorwatch_core::Time;
use sectorwatch_feed::{
    client::{Client, FeedError, Fetched},
    decode::DecodeError,
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

/// One publication of radios that is not yet decoded.
pub struct RadiosPublication {
    /// The body of the transceivers feed.
    pub bytes: Vec<u8>,
    /// When the list last changed at the feed; `None` where that is unknown, and in a replay.
    pub changed_at: Option<Time>,
}

/// Why no publication was received.
#[derive(Debug, thiserror::Error)]
pub enum SnapshotSourceError {
    #[error("the feed gave no snapshot")]
    Feed(#[from] FeedError),
    #[error("the recording cannot be read")]
    Recording(#[from] RecordingError),
}

/// Why no list of radios was received.
#[derive(Debug, thiserror::Error)]
pub enum RadiosSourceError {
    #[error("the transceivers feed did not answer")]
    Feed(#[from] FeedError),
    #[error("the transceivers feed cannot be read")]
    Decode(#[from] DecodeError),
    /// The error names the file.
    #[error("the recorded radios cannot be read")]
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

    /// Whether there is a transceivers feed, or a recording of it.
    pub fn has_radios(&self) -> bool {
        match self {
            SnapshotSource::Live { client, .. } => client.transceivers_url().is_some(),
            SnapshotSource::Recorded(recording) => recording.radios.is_some(),
        }
    }

    /// Whether contact by radio can be recorded. Without a feed of radios it is not; of a recording without radios it
    /// is unknown.
    pub fn has_contact(&self) -> bool {
        matches!(self, SnapshotSource::Recorded(_)) || self.has_radios()
    }

    /// Returns the radios of this cycle. Called after the flights are stored, so that a feed that hangs
    /// delays no flight. An error means that the radios are unknown, not that there are none.
    pub async fn fetch_radios(&mut self) -> Result<Option<RadiosPublication>, RadiosSourceError> {
        let (client, stop) = match self {
            SnapshotSource::Live { client, stop, .. } => (client, stop),
            SnapshotSource::Recorded(recording) => {
                let recorded = recording.read_radios()?;
                return Ok(recorded.map(|bytes| RadiosPublication { bytes, changed_at: None }));
            }
        };
        let body = tokio::select! {
            biased;
            _ = stop.wait_for(|stopping| *stopping) => None,
            radios = client.fetch_transceivers() => radios?,
        };
        Ok(body.map(|body| RadiosPublication { bytes: body.bytes, changed_at: body.changed_at }))
    }

    /// The error for radios from here that the decoder refused.
    pub fn undecodable_radios(&self, error: DecodeError) -> RadiosSourceError {
        match self {
            SnapshotSource::Live { .. } => error.into(),
            SnapshotSource::Recorded(recording) => recording.undecodable_radios(error).into(),
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

impl RadiosSourceError {
    /// The cause, for metric labels, logs and span attributes.
    pub fn kind(&self) -> &'static str {
        match self {
            RadiosSourceError::Feed(error) => error.kind(),
            RadiosSourceError::Decode(error) => error.kind(),
            RadiosSourceError::Recording(error) => error.kind(),
        }
    }
}
