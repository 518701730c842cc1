//! A failed phase, and what it makes of its cycle.

use std::error::Error;

use crate::{
    collector::source::SourceError,
    status::{
        outcome::{CycleOutcome, Phase},
        standing::MarkAhead,
    },
};
use sectorwatch_feed::{
    client::FeedError,
    decode::{DecodeError, losses::Remains},
};
use sectorwatch_store::StoreError;

/// A failed phase.
#[derive(Debug, thiserror::Error)]
#[error("the phase {} failed", phase.as_str())]
pub struct PollError {
    /// Which.
    pub phase: Phase,
    /// The one word of the cause.
    pub kind: &'static str,
    /// The cause.
    #[source]
    pub source: Box<dyn Error + Send + Sync>,
}

/// An error that has one word for metrics and logs.
pub trait Kind: Error + Send + Sync + 'static {
    /// The word.
    fn kind(&self) -> &'static str;
}

macro_rules! kinds {
    ($($error:ty),*) => {
        $(impl Kind for $error {
            fn kind(&self) -> &'static str {
                <$error>::kind(self)
            }
        })*
    };
}
kinds!(SourceError, DecodeError, FeedError, StoreError);

impl Kind for MarkAhead {
    fn kind(&self) -> &'static str {
        "mark_ahead"
    }
}

impl PollError {
    /// Names the phase of an error.
    pub fn new(phase: Phase, error: impl Kind) -> Self {
        Self { phase, kind: error.kind(), source: Box::new(error) }
    }

    /// Whether the main feed answered with what is not the feed, or not enough of it.
    pub fn is_schema(&self) -> bool {
        self.phase == Phase::Decode && matches!(self.kind, "schema" | "truncated")
    }

    /// What is kept of a snapshot that was refused as a whole.
    pub fn remains(&self) -> Option<&Remains> {
        self.source.downcast_ref::<DecodeError>()?.remains()
    }

    /// The cycle's outcome, when this is its first failure.
    pub fn outcome(&self) -> CycleOutcome {
        match (self.phase, self.kind) {
            (_, "superseded") => CycleOutcome::Superseded,
            (_, "pool_timeout") => CycleOutcome::PoolTimeout,
            (_, "mark_ahead") => CycleOutcome::MarkAhead,
            (Phase::Fetch, _) => CycleOutcome::FetchError,
            (Phase::Decode, _) => CycleOutcome::DecodeError,
            (Phase::Controllers, _) => CycleOutcome::ControllersError,
            (Phase::Transceivers, _) => CycleOutcome::TransceiversError,
            (Phase::Sectors, _) => CycleOutcome::SectorsError,
            (Phase::Filter | Phase::Collect | Phase::Flights | Phase::Publish, _) => {
                CycleOutcome::FlightsError
            }
        }
    }
}
