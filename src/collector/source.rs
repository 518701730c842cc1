//! Where a cycle's bytes come from: the feed, or a recording of it.

use std::time::Duration;

use chrono::Utc;
use tokio::sync::watch;

use sectorwatch_core::Time;
use sectorwatch_feed::{
    client::{Body, Client, FeedError, Fetched},
    recording::{Recording, RecordingError},
};

/// The feed of one poller.
pub enum Source {
    /// The network's feed, or one of one's own. Stopping cuts a request, which holds nothing.
    Live {
        /// Never two requests at once.
        client: Box<Client>,
        /// True once the service stops.
        stop: watch::Receiver<bool>,
        /// Setting `SECTORWATCH_FEED_CLOCK_SKEW`.
        clock_skew: Duration,
    },
    /// One recorded snapshot.
    Recorded(Recording),
}

/// One publication, not yet decoded.
pub struct Publication {
    /// The main feed's body.
    pub bytes: Vec<u8>,
    /// To be remembered once the snapshot is stored.
    pub etag: Option<String>,
    /// When it was received; `None` in a replay, where feed time is the clock.
    pub received_at: Option<Time>,
}

/// Why there is no publication.
#[derive(Debug, thiserror::Error)]
pub enum SourceError {
    /// The feed.
    #[error("the feed gave no snapshot")]
    Feed(#[from] FeedError),
    /// A recording.
    #[error("the recording cannot be read")]
    Recording(#[from] RecordingError),
}

impl Source {
    /// The newest publication; `None` when the feed has nothing newer.
    pub async fn fetch(&mut self) -> Result<Option<Publication>, SourceError> {
        match self {
            Source::Live { client, stop, .. } => {
                tokio::select! {
                    biased;
                    _ = stop.wait_for(|stopping| *stopping) => Ok(None),
                    publication = fetch_live(client) => publication,
                }
            }
            Source::Recorded(recording) => {
                Ok(Some(Publication { bytes: recording.read()?, etag: None, received_at: None }))
            }
        }
    }

    /// Whether there is a transceivers feed.
    pub fn has_radios(&self) -> bool {
        matches!(self, Source::Live { client, .. } if client.transceivers_url().is_some())
    }

    /// The radios of this cycle. Asked for when the flights are stored: a feed that hangs holds up
    /// no flight. An error means unknown, which is not "no contact".
    pub async fn fetch_radios(&mut self) -> Result<Option<Body>, FeedError> {
        let Source::Live { client, stop, .. } = self else { return Ok(None) };
        tokio::select! {
            biased;
            _ = stop.wait_for(|stopping| *stopping) => Ok(None),
            radios = client.fetch_transceivers() => radios,
        }
    }

    /// The newest `update_timestamp` that is believed; `None` in a replay, where feed time is the clock.
    pub fn newest_allowed(&self) -> Option<Time> {
        match self {
            Source::Live { clock_skew, .. } => Some(Utc::now() + *clock_skew),
            Source::Recorded(_) => None,
        }
    }

    /// The snapshot with this ETag is the one at the mark: the next request may be conditional.
    pub fn remember(&mut self, etag: Option<String>) {
        if let Source::Live { client, .. } = self {
            client.remember(etag);
        }
    }

    /// The cycle failed: the next request is unconditional.
    pub fn forget(&mut self) {
        if let Source::Live { client, .. } = self {
            client.forget();
        }
    }
}

async fn fetch_live(client: &mut Client) -> Result<Option<Publication>, SourceError> {
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

impl SourceError {
    /// The one word for metric label, log field and span attribute.
    pub fn kind(&self) -> &'static str {
        match self {
            SourceError::Feed(error) => error.kind(),
            SourceError::Recording(error) => error.kind(),
        }
    }
}
