//! The settings of the store.

use std::time::Duration;

use crate::{members::KeyLocation, pool::LeakThresholds, secret::Secret};

/// How the database is reached, and the limits of its use.
#[derive(Debug, Clone)]
pub struct StoreSettings {
    /// The URL for writing.
    pub url: Secret,
    /// The URL for reading history.
    pub read_url: Secret,
    /// `sectorwatch:<instance>:<boot id>`.
    pub application_name: String,
    /// Connections in the pool `ingest`.
    pub ingest_pool_size: u32,
    /// Connections in the pool `read`.
    pub read_pool_size: u32,
    /// The longest wait for a connection.
    pub acquire_timeout: Duration,
    /// The time limit of a statement, kept by the server.
    pub statement_timeout: Duration,
    /// The age after which a connection is replaced.
    pub connection_max_lifetime: Duration,
    /// The time after which a held lease is suspected of a leak.
    pub leak_thresholds: LeakThresholds,
    /// Whether a pool that lost capacity is replaced, and a leaked session is ended.
    pub pool_self_heal: bool,
    /// The key of forgotten members.
    pub keys: KeyLocation,
}
