//! The closed sets of words that the poller uses in metrics, logs and status alike.

/// How a cycle ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
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
    /// All of them, for label sets born at 0.
    pub const ALL: [CycleOutcome; 13] = [
        CycleOutcome::Success,
        CycleOutcome::Unchanged,
        CycleOutcome::Backwards,
        CycleOutcome::MarkAhead,
        CycleOutcome::FetchError,
        CycleOutcome::DecodeError,
        CycleOutcome::PoolTimeout,
        CycleOutcome::FlightsError,
        CycleOutcome::ControllersError,
        CycleOutcome::TransceiversError,
        CycleOutcome::SectorsError,
        CycleOutcome::Superseded,
        CycleOutcome::Panic,
    ];

    /// The word in label, ledger and log.
    pub fn as_str(self) -> &'static str {
        match self {
            CycleOutcome::Success => "success",
            CycleOutcome::Unchanged => "unchanged",
            CycleOutcome::Backwards => "backwards",
            CycleOutcome::MarkAhead => "mark_ahead",
            CycleOutcome::FetchError => "fetch_error",
            CycleOutcome::DecodeError => "decode_error",
            CycleOutcome::PoolTimeout => "pool_timeout",
            CycleOutcome::FlightsError => "flights_error",
            CycleOutcome::ControllersError => "controllers_error",
            CycleOutcome::TransceiversError => "transceivers_error",
            CycleOutcome::SectorsError => "sectors_error",
            CycleOutcome::Superseded => "superseded",
            CycleOutcome::Panic => "panic",
        }
    }

    /// Whether something went wrong: an unchanged or backwards feed is no failure of the cycle.
    pub fn is_failure(self) -> bool {
        use CycleOutcome::{Backwards, Success, Unchanged};
        !matches!(self, Success | Unchanged | Backwards)
    }
}

/// A phase of a cycle, in the order of the cycle.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
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
    /// All of them, for label sets born at 0.
    pub const ALL: [Phase; 9] = [
        Phase::Fetch,
        Phase::Decode,
        Phase::Filter,
        Phase::Collect,
        Phase::Flights,
        Phase::Controllers,
        Phase::Transceivers,
        Phase::Sectors,
        Phase::Publish,
    ];

    /// The word in label, span and log.
    pub fn as_str(self) -> &'static str {
        match self {
            Phase::Fetch => "fetch",
            Phase::Decode => "decode",
            Phase::Filter => "filter",
            Phase::Collect => "collect",
            Phase::Flights => "flights",
            Phase::Controllers => "controllers",
            Phase::Transceivers => "transceivers",
            Phase::Sectors => "sectors",
            Phase::Publish => "publish",
        }
    }
}

/// What the poller does now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
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
    /// All of them, for label sets born at 0.
    pub const ALL: [PollerState; 6] = [
        PollerState::Starting,
        PollerState::Idle,
        PollerState::Polling,
        PollerState::Backoff,
        PollerState::Stopping,
        PollerState::Stopped,
    ];

    /// The word in label and status.
    pub fn as_str(self) -> &'static str {
        match self {
            PollerState::Starting => "starting",
            PollerState::Idle => "idle",
            PollerState::Polling => "polling",
            PollerState::Backoff => "backoff",
            PollerState::Stopping => "stopping",
            PollerState::Stopped => "stopped",
        }
    }
}
