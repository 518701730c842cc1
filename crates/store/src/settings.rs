//! What the service says of the database.

use std::time::Duration;

use crate::{members::KeySource, pool::LeakThresholds, secret::Secret};

/// How the database is reached.
#[derive(Debug, Clone)]
pub struct StoreSettings {
    /// Where the poller writes.
    pub url: Secret,
    /// Where history is read.
    pub read_url: Secret,
    /// `sectorwatch:<instance>:<boot id>`.
    pub application_name: String,
    /// Connections of the pool `ingest`.
    pub ingest_pool_size: u32,
    /// Connections of the pool `read`.
    pub read_pool_size: u32,
    /// Longest wait for a connection.
    pub acquire_timeout: Duration,
    /// How long one statement may take, by the server's clock.
    pub statement_timeout: Duration,
    /// A connection older than this is replaced.
    pub connection_max_lifetime: Duration,
    /// A lease that is held for longer is suspected.
    pub leak_thresholds: LeakThresholds,
    /// Whether a pool that lost capacity is replaced, and a leaked session is ended.
    pub pool_self_heal: bool,
    /// By which members are known who are forgotten.
    pub keys: KeySource,
}
