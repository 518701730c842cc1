//! All settings with their defaults, bounds and the source of each value.
//!
//! A new setting is one row in `table.rs` and one field of [`Settings`]; flag, environment variable, file
//! key, help and documentation follow from the row. [`resolve`] is a function of its arguments: `main`
//! reads the environment once and passes it in.

mod contradictions;
mod database;
mod document;
mod effective;
mod error;
mod file;
mod machine;
mod redact;
mod resolve;
mod table;
#[cfg(test)]
mod tests;
mod value_type;

use std::{net::SocketAddr, num::NonZeroU32, path::PathBuf, time::Duration};

use sectorwatch_access::{Networks, Origin as WebOrigin, Rate, Scope, Scopes};
use sectorwatch_core::{channel::Channel, contact::Caps};
use sectorwatch_feed::client::OptionalUrl;
use sectorwatch_store::{LeakThresholds, Secret};

pub use database::DatabaseLocation;
pub use document::{effective, manual_section, markdown_table};
pub use effective::{Effective, Origin};
pub use error::{ConfigError, Problem};
pub use machine::Machine;
pub use resolve::{Given, Loaded, resolve};
pub use table::{Setting, table};

/// The effective settings of one run.
///
/// `Debug` prints no values, because URLs may hold passwords; [`Loaded::effective_values`] has them redacted.
#[derive(Clone)]
pub struct Settings {
    /// `DATABASE_URL`; `None` starts the embedded PostgreSQL.
    pub database_url: Option<Secret>,
    /// `SECTORWATCH_READ_DATABASE_URL`; `None` means the same as `database_url`.
    pub read_database_url: Option<Secret>,
    /// `SECTORWATCH_LISTEN`.
    pub listen: SocketAddr,
    /// `SECTORWATCH_ALLOWED_HOSTS`, in lower case; `*` allows every name.
    pub allowed_hosts: Vec<String>,
    /// `SECTORWATCH_HTTP_MAX_CONNECTIONS`.
    pub http_max_connections: usize,
    /// `SECTORWATCH_LIVE_CLIENTS`; see [`Settings::streams`].
    pub live_clients: usize,
    /// `SECTORWATCH_ANONYMOUS_SCOPES`, without `personal`; `None` follows `listen`.
    pub anonymous_scopes: Option<Scopes>,
    /// `SECTORWATCH_TOKENS_FILE`; `None` means that there are no tokens.
    pub tokens_file: Option<PathBuf>,
    /// `SECTORWATCH_TRUSTED_PROXIES`.
    pub trusted_proxies: Networks,
    /// `SECTORWATCH_RATE_LIMIT`.
    pub rate_limit: Rate,
    /// `SECTORWATCH_RATE_BURST`, 1 … 100,000 requests.
    pub rate_burst: NonZeroU32,
    /// `SECTORWATCH_CORS_ORIGINS`; empty means that CORS is off.
    pub cors_origins: Vec<WebOrigin>,
    /// `SECTORWATCH_FEED_URL`; `None` means discovery, then the built-in URL.
    pub feed_url: Option<url::Url>,
    /// `SECTORWATCH_TRANSCEIVERS_URL`.
    pub transceivers_url: OptionalUrl,
    /// `SECTORWATCH_STATUS_URL` (discovery).
    pub status_url: OptionalUrl,
    /// `SECTORWATCH_POLL_INTERVAL`, 100 ms … 1 h.
    pub poll_interval: Duration,
    /// `SECTORWATCH_FEED_CLOCK_SKEW`, 1 s … 24 h.
    pub feed_clock_skew: Duration,
    /// `SECTORWATCH_AIRSPACE`: files and folders; empty means the built-in Australia.
    pub airspace: Vec<PathBuf>,
    /// `SECTORWATCH_AIRSPACE_WATCH`: whether changed files are read without a SIGHUP.
    pub airspace_watch: bool,
    /// `SECTORWATCH_TRANSITION_ALTITUDE_FT`; `None` means that of the airspace.
    pub transition_altitude_ft: Option<i32>,
    /// `SECTORWATCH_LEVEL_HYSTERESIS_FT`; 0 switches it off.
    pub level_hysteresis_ft: i32,
    /// `SECTORWATCH_DATA_DIR`; used only by the embedded PostgreSQL.
    pub data_dir: PathBuf,
    /// `PG_BIN_DIR`, only a variable: the programs of the embedded PostgreSQL; `None` searches the usual
    /// places.
    pub pg_bin_dir: Option<PathBuf>,
    /// `SECTORWATCH_INGEST_POOL_SIZE`.
    pub ingest_pool_size: u32,
    /// `SECTORWATCH_READ_POOL_SIZE`.
    pub read_pool_size: u32,
    /// `SECTORWATCH_ACQUIRE_TIMEOUT`.
    pub acquire_timeout: Duration,
    /// `SECTORWATCH_STATEMENT_TIMEOUT`.
    pub statement_timeout: Duration,
    /// `SECTORWATCH_CONNECTION_MAX_LIFETIME`.
    pub connection_max_lifetime: Duration,
    /// `SECTORWATCH_LEAK_THRESHOLD`.
    pub leak_thresholds: LeakThresholds,
    /// `SECTORWATCH_AUDIT_INTERVAL`.
    pub audit_interval: Duration,
    /// `SECTORWATCH_POOL_SELF_HEAL`.
    pub pool_self_heal: bool,
    /// `SECTORWATCH_INSTANCE`: `[a-z0-9.-]{1,32}`.
    pub instance: String,
    /// `SECTORWATCH_RETENTION_POSITIONS`; `None` (written `0`) keeps them without limit.
    pub retention_positions: Option<Duration>,
    /// `SECTORWATCH_RETENTION_LEDGER`; `None` (written `0`) keeps it without limit.
    pub retention_ledger: Option<Duration>,
    /// `SECTORWATCH_RETENTION_REJECTED`; `None` (written `0`) keeps them without limit.
    pub retention_rejected: Option<Duration>,
    /// `SECTORWATCH_RETENTION_FLIGHTS`; `None` (written `0`) keeps them without limit.
    pub retention_flights: Option<Duration>,
    /// `SECTORWATCH_STORE_FREE_TEXT`.
    pub store_free_text: bool,
    /// `SECTORWATCH_FORGET_KEY`; `None` means the file `forget.key` in the data directory.
    pub forget_key: Option<Secret>,
    /// `SECTORWATCH_CONTROLLERS`: callsign globs, case-insensitive.
    pub controllers: Vec<String>,
    /// `SECTORWATCH_RADIO_CONTACT`.
    pub radio_contact: bool,
    /// `SECTORWATCH_RADIO_CAPS`.
    pub radio_caps: Caps,
    /// `SECTORWATCH_RADIO_GRACE`.
    pub radio_grace: Duration,
    /// `SECTORWATCH_ADVISORY_FREQUENCIES`.
    pub advisory_frequencies: Vec<Channel>,
    /// `SECTORWATCH_MOVEMENT_GROUND_KT`; at most `movement_air_kt`.
    pub movement_ground_kt: i32,
    /// `SECTORWATCH_MOVEMENT_AIR_KT`.
    pub movement_air_kt: i32,
    /// `SECTORWATCH_MOVEMENT_RADIUS_NM`.
    pub movement_radius_nm: f64,
    /// `SECTORWATCH_AIRPORTS`: a file; `None` means the built-in airports of the world.
    pub airports: Option<PathBuf>,
    /// `SECTORWATCH_REQUIRE_FLIGHT_PLAN`.
    pub require_flight_plan: bool,
    /// `SECTORWATCH_ENTRY_SPEED_KT`.
    pub entry_speed_kt: i32,
    /// `SECTORWATCH_EXIT_SPEED_KT`.
    pub exit_speed_kt: i32,
    /// `SECTORWATCH_EXIT_POLLS`.
    pub exit_polls: i16,
    /// `SECTORWATCH_MISSING_GRACE`.
    pub missing_grace: Duration,
    /// `SECTORWATCH_LONGEST_GAP`; at least two poll intervals.
    pub longest_gap: Duration,
    /// `SECTORWATCH_USER_AGENT`.
    pub user_agent: String,
    /// `RUST_LOG`.
    pub log_filter: String,
    /// `OTEL_EXPORTER_OTLP_ENDPOINT`; `None` exports nothing.
    pub otlp_endpoint: Option<url::Url>,
}

impl Settings {
    /// Connections that are left for others than those who follow the live stream.
    pub const CONNECTIONS_BESIDE_STREAMS: usize = 100;

    /// How many clients may follow the live stream where this many connections may be open.
    pub fn streams(&self, connections: usize) -> usize {
        self.live_clients.min(connections.saturating_sub(Self::CONNECTIONS_BESIDE_STREAMS))
    }

    /// What a request without a token may do: to read, where only this machine can ask, unless the setting says
    /// otherwise.
    pub fn scopes_without_token(&self) -> Scopes {
        let by_address = match self.listen.ip().to_canonical().is_loopback() {
            true => Scopes::of(&[Scope::Read]),
            false => Scopes::NONE,
        };
        self.anonymous_scopes.unwrap_or(by_address)
    }

    /// Whether others than this machine may read without a token, though nobody said so.
    fn opens_to_proxies(&self) -> bool {
        let has_proxies = self.trusted_proxies != Networks::default();
        has_proxies && self.anonymous_scopes.is_none() && !self.scopes_without_token().is_empty()
    }
}

impl std::fmt::Debug for Settings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Settings").finish_non_exhaustive()
    }
}
