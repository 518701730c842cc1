//! Outcomes, phases and states of the poller, as named in metrics, logs and status.

use strum::{IntoStaticStr, VariantArray};

/// How a cycle ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "snake_case")]
pub enum CycleOutcome {
    /// A newer publication was stored.
    Success,
    /// The feed had nothing newer.
    Unchanged,
    /// The publication is older than the mark; nothing was written.
    Backwards,
    /// The mark is ahead of the clock, so that no publication can be newer; nothing was written.
    MarkAhead,
    /// The feed did not answer, or not with a document.
    FetchError,
    /// The document is not a snapshot.
    DecodeError,
    /// No connection came free within the acquire time-out.
    PoolTimeout,
    /// The flights transaction failed.
    FlightsError,
    /// The controllers phase failed.
    ControllersError,
    /// The transceivers phase failed.
    TransceiversError,
    /// The contacts phase failed; contact and control of its snapshot are unknown.
    ContactsError,
    /// The sector transaction failed; its transitions stay queued.
    SectorsError,
    /// A poller with a newer generation writes now.
    Superseded,
    /// The cycle panicked.
    Panic,
}

impl CycleOutcome {
    /// The name in metric labels, ledger and log.
    pub fn as_str(self) -> &'static str {
        self.into()
    }

    /// Whether something went wrong. An unchanged or backwards feed is not a failure.
    pub fn is_failure(self) -> bool {
        use CycleOutcome::{Backwards, Success, Unchanged};
        !matches!(self, Success | Unchanged | Backwards)
    }
}

/// A phase of a cycle, in the order of the cycle.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "snake_case")]
pub enum Phase {
    /// Fetches the document.
    Fetch,
    /// Decodes the document.
    Decode,
    /// Keeps the flights in scope.
    Filter,
    /// Runs the state machine.
    Collect,
    /// The flights transaction.
    Flights,
    /// Stores controllers.
    Controllers,
    /// Stores radios.
    Transceivers,
    /// The contacts transaction.
    Contacts,
    /// The sector transaction.
    Sectors,
    /// Publishes status, metrics, log line and ledger row.
    Publish,
}

impl Phase {
    /// The name in metric labels, spans and log.
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
    /// Restores memory from the database.
    #[default]
    Starting,
    /// Waits for the next poll.
    Idle,
    /// Runs a cycle.
    Polling,
    /// Waits longer after a failure.
    Backoff,
    /// Finishes the running cycle.
    Stopping,
    /// Has ended.
    Stopped,
}

impl PollerState {
    /// The name in metric labels and status.
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}
