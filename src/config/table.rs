//! The only list of settings: flag, environment variable, file key, default, bounds and help text.

mod access;

use std::{borrow::Cow, time::Duration};

use super::{
    LeakThresholds, Settings,
    machine::Machine,
    value_type::{self, ValueType},
};
use sectorwatch_core::contact::Caps;

const MS: Duration = Duration::from_millis(1);
const SECOND: Duration = Duration::from_secs(1);
const MINUTE: Duration = Duration::from_mins(1);
const HOUR: Duration = Duration::from_hours(1);

/// Sets one field from a text. Returns false when the text is not allowed.
type Apply = Box<dyn Fn(&mut Settings, &str) -> bool + Send + Sync>;

/// A setting: its names and its allowed values.
pub struct Setting {
    /// The flag without its dashes, such as `feed-url`.
    pub flag: &'static str,
    /// The key in the file, such as `feed_url`.
    pub key: String,
    /// The environment variable, such as `SECTORWATCH_FEED_URL`.
    pub env: Cow<'static, str>,
    /// The default on this machine as text; `None` when the setting is unset.
    pub default: Option<String>,
    /// The default in words, if the text alone is not clear.
    pub default_note: Option<&'static str>,
    /// The allowed values in words.
    pub allowed: String,
    /// The placeholder of the value in help.
    pub placeholder: &'static str,
    /// What the setting does.
    pub help: &'static str,
    pub(super) group: &'static str,
    pub(super) empty_is_off: bool,
    pub(super) display: fn(&str) -> String,
    hint: fn(&str) -> Option<String>,
    apply: Apply,
}

impl Setting {
    fn new<T: 'static>(
        flag: &'static str,
        value_type: ValueType<T>,
        field: fn(&mut Settings) -> &mut T,
        help: &'static str,
    ) -> Self {
        let key = flag.replace('-', "_");
        let read = value_type.read;
        Self {
            flag,
            env: format!("SECTORWATCH_{}", key.to_ascii_uppercase()).into(),
            key,
            default: None,
            default_note: None,
            allowed: value_type.allowed,
            placeholder: value_type.placeholder,
            help,
            group: "",
            empty_is_off: value_type.empty_is_off,
            display: value_type.display,
            hint: value_type.hint,
            apply: Box::new(move |settings, text| match read(text) {
                Some(value) => {
                    *field(settings) = value;
                    true
                }
                None => false,
            }),
        }
    }

    fn env(self, env: &'static str) -> Self {
        let env = env.into();
        Self { env, ..self }
    }

    fn default(self, text: impl Into<String>) -> Self {
        let default = Some(text.into());
        Self { default, ..self }
    }

    fn default_note(self, words: &'static str) -> Self {
        let default_note = Some(words);
        Self { default_note, ..self }
    }

    /// Sets the field from `text`. Returns false and changes nothing when the text is not allowed.
    pub(super) fn apply(&self, settings: &mut Settings, text: &str) -> bool {
        (self.apply)(settings, text)
    }

    /// The allowed values, to be printed instead of `text`.
    pub(super) fn allowed_instead_of(&self, text: &str) -> String {
        (self.hint)(text).unwrap_or_else(|| self.allowed.clone())
    }
}

/// All settings, in the order of the manual.
pub fn table(machine: &Machine) -> Vec<Setting> {
    let groups = [
        ("Feed", feed()),
        ("Airspace and sectors", airspace()),
        ("Database", database(machine)),
        ("Personal data and retention", retention()),
        ("Service", service(machine)),
        ("Access", access::access()),
    ];
    let in_groups = groups.into_iter().flat_map(|(group, settings)| {
        let in_group = move |setting| Setting { group, ..setting };
        settings.into_iter().map(in_group)
    });
    in_groups.collect()
}

#[rustfmt::skip] // one row each: name, type, field, help, default
fn feed() -> Vec<Setting> {
    vec![
        Setting::new("feed-url", value_type::http_url().optional(), |s| &mut s.feed_url,
            "Where the flights come from. A URL given here is never replaced by discovery.")
            .default_note("what discovery says, else VATSIM's own"),
        Setting::new("transceivers-url", value_type::optional_url(), |s| &mut s.transceivers_url,
            "Where the radios come from. Empty: radios are not recorded.")
            .default_note("what discovery says, else VATSIM's own"),
        Setting::new("status-url", value_type::optional_url(), |s| &mut s.status_url,
            "Where the feeds' URLs are discovered. Empty: no discovery.")
            .default_note("VATSIM's own"),
        Setting::new("poll-interval", value_type::duration(100 * MS..=HOUR), |s| &mut s.poll_interval,
            "How often the feed is polled. VATSIM updates it every 15 s: poll only your own feed faster.")
            .default("15s"),
        Setting::new("feed-clock-skew", value_type::duration(SECOND..=24 * HOUR), |s| &mut s.feed_clock_skew,
            "How far a publication may be ahead of this machine's clock; one further ahead is refused.")
            .default("5m"),
        Setting::new("user-agent", value_type::user_agent(), |s| &mut s.user_agent,
            "The User-Agent that is sent to the feed. Include a way to contact you.")
            .default(concat!("sectorwatch/", env!("CARGO_PKG_VERSION")))
            .default_note("sectorwatch/VERSION"),
    ]
}

#[rustfmt::skip]
fn airspace() -> Vec<Setting> {
    vec![
        Setting::new("airspace", value_type::paths("FILES"), |s| &mut s.airspace,
            "GeoJSON files with the boundary and its sectors, or folders of them; `check-airspace` reports on them.")
            .default_note("the built-in Australia"),
        Setting::new("airspace-watch", value_type::boolean(), |s| &mut s.airspace_watch,
            "Read the airspace again when its files change; SIGHUP always does.")
            .default("false"),
        Setting::new("transition-altitude-ft", value_type::whole(0..=60_000).optional(), |s| &mut s.transition_altitude_ft,
            "Limits up to it are altitudes, those above it flight levels at standard pressure; in feet.")
            .default_note("what the airspace states, else 10000"),
        Setting::new("level-hysteresis-ft", value_type::whole(0..=2_000), |s| &mut s.level_hysteresis_ft,
            "A flight stays in its sector while it is above or below it by no more than this, in feet. 0: off.")
            .default("100"),
        Setting::new("controllers", value_type::globs(), |s| &mut s.controllers,
            "Which controllers are recorded, by callsign; case does not matter.")
            .default("*"),
        Setting::new("radio-contact", value_type::on_off(), |s| &mut s.radio_contact,
            "Record with whom each flight is in contact by radio. It needs the feed of radios.")
            .default("on"),
        Setting::new("radio-caps", value_type::radio_caps(), |s| &mut s.radio_caps,
            "How far each type of position is heard at most, in nautical miles. Types not named keep their default.")
            .default(Caps::default_text()),
        Setting::new("radio-grace", value_type::duration(SECOND..=5 * MINUTE), |s| &mut s.radio_grace,
            "Observations without contact that span less than this, between two with one controller, count as contact.")
            .default("45s"),
        Setting::new("advisory-frequencies", value_type::frequencies(), |s| &mut s.advisory_frequencies,
            "Further frequencies on which nobody is in contact, in MHz; 122.800 and 121.500 are such already.")
            .default_note("none"),
        Setting::new("movement-ground-kt", value_type::whole(0..=3000), |s| &mut s.movement_ground_kt,
            "A flight may be on the ground of an airport when slower than this, in knots; at most the speed in the air.")
            .default("40"),
        Setting::new("movement-air-kt", value_type::whole(0..=3000), |s| &mut s.movement_air_kt,
            "A flight may be in the air at this groundspeed or more, in knots.")
            .default("50"),
        Setting::new("movement-radius-nm", value_type::decimal(0.1..=20.0), |s| &mut s.movement_radius_nm,
            "A flight is at an airport when it is no farther away than this, in nautical miles.")
            .default("3"),
        Setting::new("airports", value_type::path("FILE").optional(), |s| &mut s.airports,
            "A CSV file of the airports at which flights move, with the header `icao,latitude,longitude,elevation_ft`.")
            .default_note("the built-in airports of the world"),
        Setting::new("require-flight-plan", value_type::boolean(), |s| &mut s.require_flight_plan,
            "Record only flights with a complete flight plan.")
            .default("true"),
        Setting::new("entry-speed-kt", value_type::whole(0..=3000), |s| &mut s.entry_speed_kt,
            "A flight enters a sector at this groundspeed or more, in knots.")
            .default("60"),
        Setting::new("exit-speed-kt", value_type::whole(0..=3000), |s| &mut s.exit_speed_kt,
            "A flight leaves its sector when slower than this, in knots; at most the entry speed.")
            .default("30"),
        Setting::new("exit-polls", value_type::whole(1..=100), |s| &mut s.exit_polls,
            "On how many consecutive observations a flight must be that slow to leave.")
            .default("2"),
        Setting::new("missing-grace", value_type::duration(SECOND..=24 * HOUR), |s| &mut s.missing_grace,
            "How long a flight may be missing from the feed before its visit ends; longer than a poll interval, or than 1m.")
            .default("5m"),
        Setting::new("longest-gap", value_type::duration(MINUTE..=24 * HOUR), |s| &mut s.longest_gap,
            "Visits end as unobserved when nothing was stored for longer than this; at least two poll intervals.")
            .default("15m"),
    ]
}

#[rustfmt::skip]
fn database(machine: &Machine) -> Vec<Setting> {
    vec![
        Setting::new("database-url", value_type::database_url().optional(), |s| &mut s.database_url,
            "The PostgreSQL to write to. Unset: an embedded one is started in the data directory.")
            .env("DATABASE_URL")
            .default_note("embedded PostgreSQL"),
        Setting::new("read-database-url", value_type::database_url().optional(), |s| &mut s.read_database_url,
            "The PostgreSQL that history is read from, such as a replica.")
            .default_note("the same as DATABASE_URL"),
        Setting::new("data-dir", value_type::path("DIR"), |s| &mut s.data_dir,
            "Where the embedded PostgreSQL keeps its data. Nothing else may use the directory.")
            .default(machine.data_dir())
            .default_note("./data; as root /var/lib/sectorwatch"),
        Setting::new("ingest-pool-size", value_type::whole(2..=100), |s| &mut s.ingest_pool_size,
            "Connections for writing; the poller needs one, housekeeping another.")
            .default("4"),
        Setting::new("read-pool-size", value_type::whole(1..=100), |s| &mut s.read_pool_size,
            "Connections for reading history over HTTP.")
            .default("8"),
        Setting::new("acquire-timeout", value_type::duration(10 * MS..=5 * MINUTE), |s| &mut s.acquire_timeout,
            "How long to wait for a connection of a pool.")
            .default("5s"),
        Setting::new("statement-timeout", value_type::duration(100 * MS..=10 * MINUTE), |s| &mut s.statement_timeout,
            "How long one SQL statement may take.")
            .default("10s"),
        Setting::new("connection-max-lifetime", value_type::duration(SECOND..=720 * HOUR), |s| &mut s.connection_max_lifetime,
            "A connection older than this is replaced.")
            .default("30m"),
        Setting::new("leak-threshold", value_type::leak_thresholds(), |s| &mut s.leak_thresholds,
            "How long each owner may hold a connection before it is suspected of a leak. Owners not named keep their default.")
            .default(LeakThresholds::default_text()),
        Setting::new("audit-interval", value_type::duration(SECOND..=2 * MINUTE), |s| &mut s.audit_interval,
            "How often PostgreSQL's list of sessions is compared with the service's own.")
            .default("30s"),
        Setting::new("pool-self-heal", value_type::boolean(), |s| &mut s.pool_self_heal,
            "Replace a pool that has lost capacity for good, and end leaked sessions.")
            .default("true"),
    ]
}

#[rustfmt::skip]
fn retention() -> Vec<Setting> {
    vec![
        Setting::new("retention-positions", value_type::retention(), |s| &mut s.retention_positions,
            "How long positions are kept.")
            .default("30d"),
        Setting::new("retention-ledger", value_type::retention(), |s| &mut s.retention_ledger,
            "How long the ledger of cycles is kept.")
            .default("30d"),
        Setting::new("retention-rejected", value_type::retention(), |s| &mut s.retention_rejected,
            "How long rejected records are kept.")
            .default("7d"),
        Setting::new("retention-flights", value_type::retention(), |s| &mut s.retention_flights,
            "How long flights, with their positions, visits, movements and contacts, controllers, and who controlled a sector are kept, counted from when they were last seen.")
            .default("0"),
        Setting::new("store-free-text", value_type::boolean(), |s| &mut s.store_free_text,
            "Store the remarks of flight plans and the texts of controllers.")
            .default("true"),
        Setting::new("forget-key", value_type::secret().optional(), |s| &mut s.forget_key,
            "The key that identifies forgotten members. Keep it safe, and outside of the database.")
            .default_note("the file forget.key in the data directory"),
    ]
}

#[rustfmt::skip]
fn service(machine: &Machine) -> Vec<Setting> {
    vec![
        Setting::new("listen", value_type::address(), |s| &mut s.listen,
            "Where HTTP is served: /metrics, /api/status, /livez, /readyz and history.")
            .default("127.0.0.1:8080"),
        Setting::new("allowed-hosts", value_type::hosts(), |s| &mut s.allowed_hosts,
            "Host names that requests may use besides `localhost` and addresses; any other name gets 421. `*` allows every name.")
            .default_note("`localhost` and addresses"),
        Setting::new("http-max-connections", value_type::whole(16..=100_000), |s| &mut s.http_max_connections,
            "How many HTTP connections may be open. When all are in use, the one longest without progress is closed for a new one.")
            .default("1000"),
        Setting::new("instance", value_type::instance(), |s| &mut s.instance,
            "The name of this instance, in the database's list of sessions and in traces.")
            .default(machine.instance())
            .default_note("the host's name"),
        Setting::new("log", value_type::log_filter(), |s| &mut s.log_filter,
            "What is logged. Verbose libraries are silent unless they are named.")
            .env("RUST_LOG")
            .default("info"),
        Setting::new("otlp-endpoint", value_type::http_url().optional(), |s| &mut s.otlp_endpoint,
            "Base URL of an OTLP/HTTP collector, to which spans are exported (/v1/traces is appended).")
            .env("OTEL_EXPORTER_OTLP_ENDPOINT")
            .default_note("no export"),
    ]
}
