//! The closed sets of words that the poller uses in metrics, logs and status alike.

use strum::{IntoStaticStr, VariantArray};

/// How a cycle ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "snake_case")]
pub enum CycleOutcome {
    /// A newer publication was stored.
    Success,
    /// The feed has nothing newer.
    Unchanged,
    /// The feed went back in time; nothing was written.
    Backwards,
    /// The mark is ahead of the clock, so that nothing can be newer; nothing was written.
    MarkAhead,
    /// The feed did not answer, or not with a body.
    FetchError,
    /// The body is no snapshot.
    DecodeError,
    /// No connection within the acquire time-out.
    PoolTimeout,
    /// The flights transaction failed.
    FlightsError,
    /// The controllers phase failed.
    ControllersError,
    /// The transceivers phase failed.
    TransceiversError,
    /// The sector transaction failed; its transitions stay queued.
    SectorsError,
    /// A younger generation of the poller writes now.
    Superseded,
    /// The cycle panicked.
    Panic,
}

impl CycleOutcome {
    /// The word in label, ledger and log.
    pub fn as_str(self) -> &'static str {
        self.into()
    }

    /// Whether something went wrong: an unchanged or backwards feed is no failure of the cycle.
    pub fn is_failure(self) -> bool {
        use CycleOutcome::{Backwards, Success, Unchanged};
        !matches!(self, Success | Unchanged | Backwards)
    }
}

/// A phase of a cycle, in the order of the cycle.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "snake_case")]
pub enum Phase {
    /// Requests to the feed.
    Fetch,
    /// Bytes to snapshot.
    Decode,
    /// World to airspace.
    Filter,
    /// The state machine.
    Collect,
    /// The flights transaction.
    Flights,
    /// Controller sessions.
    Controllers,
    /// Radios.
    Transceivers,
    /// The sector transaction.
    Sectors,
    /// Status, metrics, log, ledger.
    Publish,
}

impl Phase {
    /// The word in label, span and log.
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

/// What the poller does now.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default, IntoStaticStr, VariantArray,
)]
#[strum(serialize_all = "snake_case")]
pub enum PollerState {
    /// Restoring from the database.
    #[default]
    Starting,
    /// Waiting for the next tick.
    Idle,
    /// Inside a cycle.
    Polling,
    /// Waiting longer after a failure.
    Backoff,
    /// Finishing the cycle in flight.
    Stopping,
    /// Ended.
    Stopped,
}

impl PollerState {
    /// The word in label and status.
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}
