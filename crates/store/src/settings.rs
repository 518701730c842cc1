//! The settings of the store.

use std::time::Duration;

use rand::Rng as _;

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

/// A new boot id: eight random hex digits that identify one start of the process.
pub fn boot_id() -> String {
    format!("{:08x}", rand::rng().random::<u32>())
}

/// The [`StoreSettings::application_name`] of this instance and this start. It identifies our sessions on the server.
pub fn application_name(instance: &str, boot_id: &str) -> String {
    format!("sectorwatch:{instance}:{boot_id}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sessions_are_named_after_instance_and_start() {
        let boot_id = boot_id();
        assert!(
            boot_id.len() == 8 && boot_id.bytes().all(|it| it.is_ascii_hexdigit()),
            "{boot_id}"
        );
        assert_eq!(application_name("tower", "00c0ffee"), "sectorwatch:tower:00c0ffee");
    }
}
