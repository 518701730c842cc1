#![doc = include_str!("../README.md")]
#![warn(missing_docs)]
#![cfg_attr(not(test), deny(clippy::expect_used, clippy::unwrap_used))]

mod audit;
mod connection;
mod error;
mod families;
mod hooks;
mod isolation;
mod metrics;
mod operation;
mod owner;
mod pool;
mod prepared;
mod probe;
mod thresholds;
mod transaction;
mod watch;

pub use audit::AfterAudit;
pub use connection::{
    Connection, DatabaseUrl, Dialler, Harness, Identity, Life, Roots, SessionSettings, Settled,
    Sharing, SqlState, SslMode, TlsError, TlsParameters,
};
pub use error::{ConnectError, PgError, chain};
pub use hooks::{Hooks, Returning};
pub use isolation::{Refused, bisect};
pub use metrics::Metrics;
pub use operation::operation;
pub use owner::Owner;
pub use pool::{
    ConnectFailure, LatestLeak, LeakKind, Lease, OldestLease, OwnerFigures, Pool, PoolFigures,
    PoolSettings, Scope, WAIT_WINDOW,
};
pub use prepared::Prepared;
pub use probe::Probe;
pub use thresholds::LeakThresholds;
pub use transaction::{SnapshotWork, WorkError, savepoint, snapshot, transaction};
pub use watch::Watch;
