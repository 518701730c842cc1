//! What the service says of the database.

use std::time::Duration;

use rand::Rng as _;

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
