//! Resolves the effective settings: flag over environment over file over default.

use std::{collections::BTreeMap, net::SocketAddr, num::NonZeroU32, path::PathBuf, time::Duration};

use super::{
    Caps, LeakThresholds, Networks, OptionalUrl, Rate, Settings,
    contradictions::contradictions,
    effective::{Effective, Origin, not_allowed},
    error::{ConfigError, did_you_mean, similar},
    file,
    machine::Machine,
    table::{Setting, table},
};

/// Variables with the prefix that are no settings: switches of tests and of the build.
const NO_SETTINGS: [&str; 6] = [
    "SECTORWATCH_LONG_TESTS",
    "SECTORWATCH_REAL_DATA",
    "SECTORWATCH_REVISION",
    "SECTORWATCH_RUSTC",
    "SECTORWATCH_TEST_SEED",
    "SECTORWATCH_FAULT",
];

/// The folder of PostgreSQL's programs. Other tools use the same variable.
const PG_BIN_DIR: &str = "PG_BIN_DIR";

/// VATSIM asks for at most one request in this time.
const POLITE_INTERVAL: Duration = Duration::from_secs(15);

/// All external input.
#[derive(Debug, Default)]
pub struct Given {
    /// Values by flag, without dashes.
    pub flags: BTreeMap<String, String>,
    pub environment: BTreeMap<String, String>,
    /// The file named by `--config`.
    pub file: Option<PathBuf>,
}

/// The effective settings, the source of each, and warnings.
#[derive(Debug, Clone)]
pub struct Loaded {
    pub settings: Settings,
    /// Warnings to log once at the start.
    pub warnings: Vec<String>,
    /// The value and source of each setting, in the order of the manual.
    pub effective_values: Vec<Effective>,
}

/// Resolves every setting.
///
/// # Errors
///
/// All errors at once.
pub fn resolve(given: &Given, machine: &Machine) -> Result<Loaded, ConfigError> {
    let table = table(machine);
    let mut problems = Vec::new();
    let file = match &given.file {
        Some(path) => file::read(path, &table, &mut problems),
        None => BTreeMap::new(),
    };
    let mut settings = Settings::unset();
    let mut effective_values = Vec::with_capacity(table.len());
    for setting in &table {
        let (text, origin) = choose(setting, given, &file);
        let effective = Effective {
            key: setting.key.clone(),
            value: text.map(setting.display),
            unset_means: setting.default_note.unwrap_or_default(),
            origin,
            given_as: given_as(setting, origin, given),
        };
        if let Some(text) = text.filter(|text| !setting.apply(&mut settings, text)) {
            problems.push(not_allowed(&effective, setting.allowed_instead_of(text)));
        }
        effective_values.push(effective);
    }
    let pg_bin_dir = given.environment.get(PG_BIN_DIR).filter(|dir| !dir.is_empty());
    settings.pg_bin_dir = pg_bin_dir.map(PathBuf::from);
    if problems.is_empty() {
        problems = contradictions(&settings, &effective_values);
    }
    if !problems.is_empty() {
        return Err(ConfigError { problems });
    }
    let mut warnings = doubtful_values(&settings);
    warnings.extend(unknown_variables(&given.environment, &table));
    Ok(Loaded { settings, warnings, effective_values })
}

fn choose<'a>(
    setting: &'a Setting,
    given: &'a Given,
    file: &'a BTreeMap<String, String>,
) -> (Option<&'a str>, Origin) {
    // A shell or a compose file expresses "unset" with an empty variable.
    let variable = given.environment.get(setting.env.as_ref());
    let variable = variable.filter(|text| setting.empty_is_off || !text.is_empty());
    if let Some(text) = given.flags.get(setting.flag) {
        (Some(text), Origin::Flag)
    } else if let Some(text) = variable {
        (Some(text), Origin::Environment)
    } else if let Some(text) = file.get(&setting.key) {
        (Some(text), Origin::File)
    } else {
        (setting.default.as_deref(), Origin::Default)
    }
}

fn given_as(setting: &Setting, origin: Origin, given: &Given) -> String {
    match (origin, &given.file) {
        (Origin::Flag, _) => format!("flag --{}", setting.flag),
        (Origin::Environment, _) => format!("environment {}", setting.env),
        (Origin::File, Some(path)) => format!("file {}", path.display()),
        (Origin::File | Origin::Default, _) => origin.to_string(),
    }
}

fn doubtful_values(settings: &Settings) -> Vec<String> {
    let interval = settings.poll_interval;
    let mut warnings = Vec::new();
    if interval < POLITE_INTERVAL {
        warnings.push(format!(
            "poll_interval is {}: VATSIM's feed changes every 15s, so use this only with a feed of your own",
            humantime::format_duration(interval)
        ));
    }
    if settings.opens_to_proxies() {
        warnings.push(
            "anonymous_scopes follows listen, a loopback address: whoever comes through the proxies of trusted_proxies may read without a token, too; give anonymous_scopes to say what they may"
                .to_owned(),
        );
    }
    warnings
}

fn unknown_variables(
    environment: &BTreeMap<String, String>,
    table: &[Setting],
) -> impl Iterator<Item = String> {
    let is_known = |name: &str| {
        table.iter().any(|setting| setting.env == name)
            || NO_SETTINGS.iter().any(|known| name.starts_with(known))
    };
    let unknown =
        environment.keys().filter(move |name| name.starts_with("SECTORWATCH_") && !is_known(name));
    unknown.map(|name| {
        let similar = similar(name, table.iter().map(|setting| setting.env.as_ref()));
        format!("environment variable {name} is no setting{}", did_you_mean(similar))
    })
}

impl Settings {
    /// The values before the defaults of the table: unset, or a placeholder that a default replaces.
    fn unset() -> Self {
        Self {
            database_url: None,
            read_database_url: None,
            listen: SocketAddr::from(([127, 0, 0, 1], 0)),
            allowed_hosts: Vec::new(),
            http_max_connections: 0,
            live_clients: 0,
            anonymous_scopes: None,
            tokens_file: None,
            trusted_proxies: Networks::default(),
            rate_limit: Rate::ONE,
            rate_burst: NonZeroU32::MIN,
            cors_origins: Vec::new(),
            feed_url: None,
            transceivers_url: OptionalUrl::Default,
            status_url: OptionalUrl::Default,
            poll_interval: Duration::ZERO,
            feed_clock_skew: Duration::ZERO,
            airspace: Vec::new(),
            airspace_watch: false,
            transition_altitude_ft: None,
            level_hysteresis_ft: 0,
            data_dir: PathBuf::new(),
            pg_bin_dir: None,
            ingest_pool_size: 0,
            read_pool_size: 0,
            acquire_timeout: Duration::ZERO,
            statement_timeout: Duration::ZERO,
            connection_max_lifetime: Duration::ZERO,
            leak_thresholds: LeakThresholds::default(),
            audit_interval: Duration::ZERO,
            pool_self_heal: false,
            instance: String::new(),
            retention_positions: None,
            retention_ledger: None,
            retention_rejected: None,
            retention_flights: None,
            store_free_text: false,
            forget_key: None,
            controllers: Vec::new(),
            radio_contact: false,
            radio_caps: Caps::default(),
            radio_grace: Duration::ZERO,
            advisory_frequencies: Vec::new(),
            movement_ground_kt: 0,
            movement_air_kt: 0,
            movement_radius_nm: 0.0,
            airports: None,
            require_flight_plan: false,
            entry_speed_kt: 0,
            exit_speed_kt: 0,
            exit_polls: 0,
            missing_grace: Duration::ZERO,
            longest_gap: Duration::ZERO,
            user_agent: String::new(),
            log_filter: String::new(),
            otlp_endpoint: None,
        }
    }
}
