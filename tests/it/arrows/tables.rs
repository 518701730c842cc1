//! Who may name whom.

/// Each room of `src/` and its allowed imports: rooms below it, and crates of this workspace. `feed` and
/// `store` do not know each other; the collector joins them. `web` may name only what the readers of `store`
/// return, and nothing that writes. `config` uses the types of some settings from their crates.
pub const MAY_NAME: [(&str, &[&str]); 10] = [
    ("main", &["app", "cli", "config"]),
    (
        "app",
        &[
            "cli",
            "web",
            "collector",
            "export",
            "jobs",
            "supervision",
            "status",
            "config",
            "sectorwatch_access",
            "sectorwatch_airports",
            "sectorwatch_airspace",
            "sectorwatch_core",
            "sectorwatch_fault",
            "sectorwatch_feed",
            "sectorwatch_pg_embedded",
            "sectorwatch_simulator",
            "sectorwatch_store",
            "sectorwatch_telemetry",
        ],
    ),
    // What `import-airspace` and `check-airspace` can be asked is told in the types of the crate that answers.
    (
        "cli",
        &[
            "config",
            "export",
            "sectorwatch_access",
            "sectorwatch_airspace",
            "sectorwatch_export::Format",
        ],
    ),
    (
        "web",
        &[
            "export",
            "status",
            "sectorwatch_access",
            "sectorwatch_core",
            "sectorwatch_export::Format",
            "sectorwatch_map",
            "sectorwatch_telemetry",
            "sectorwatch_store::FlightHistory",
            // What the API reads: rows, their filters and keys, and the reader, which holds no connection.
            "sectorwatch_store::SealProbe",
            "sectorwatch_store::api",
            "sectorwatch_store::StoreError",
            "sectorwatch_store::chain",
            // What its tests make a failure of.
            "sectorwatch_store::PgError",
        ],
    ),
    (
        "collector",
        &[
            "supervision",
            "status",
            "sectorwatch_airspace",
            "sectorwatch_core",
            "sectorwatch_fault",
            "sectorwatch_feed",
            "sectorwatch_store",
            "sectorwatch_telemetry",
        ],
    ),
    ("export", &["sectorwatch_core", "sectorwatch_export", "sectorwatch_store::api"]),
    ("jobs", &["sectorwatch_store"]),
    ("supervision", &["status", "sectorwatch_fault", "sectorwatch_telemetry"]),
    // Only its tests load an airspace.
    (
        "status",
        &["sectorwatch_airspace", "sectorwatch_core", "sectorwatch_fault", "sectorwatch_store"],
    ),
    (
        "config",
        &[
            "sectorwatch_access",
            "sectorwatch_core::channel::Channel",
            "sectorwatch_core::contact::Caps",
            "sectorwatch_feed::client::OptionalUrl",
            "sectorwatch_store::DatabaseUrl",
            "sectorwatch_store::LeakThresholds",
            "sectorwatch_store::Secret",
        ],
    ),
];

/// Each crate and its allowed dependencies. Cargo refuses every other import; this test keeps the manifests
/// to the table. The tests of each crate may use `seed` too.
pub const MAY_DEPEND: [(&str, &[&str]); 14] = [
    ("simulator", &["core"]),
    ("feed", &["telemetry", "core"]),
    ("store", &["pg", "telemetry", "fault", "core"]),
    ("access", &[]),
    ("airspace", &["core"]),
    ("airports", &["core"]),
    ("map", &[]),
    ("export", &[]),
    ("pg", &[]),
    ("pg-embedded", &[]),
    ("telemetry", &[]),
    ("fault", &[]),
    ("seed", &[]),
    ("core", &[]),
];

/// What the pure core must not name.
pub const NOT_IN_CORE: [&str; 12] = [
    "serde",
    "tokio",
    "tracing",
    "diesel",
    "reqwest",
    "prometheus",
    "actix",
    "std::fs",
    "std::net",
    "std::env",
    "Instant",
    "Utc::now",
];
