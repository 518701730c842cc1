//! The parts that `serve` and `replay` share.

use std::sync::Arc;

use anyhow::Context as _;
use tokio::{runtime::Runtime, sync::watch};

use super::database::Database;
use crate::{
    collector::{
        airspace_files::AirspaceFiles,
        airspaces::Airspaces,
        claim::Claims,
        setup::{Figures, Selection, Setup, Writing},
        stations::ControllerFilter,
    },
    config::Settings,
    web::{Access, AccessSettings, TokensFileError},
};
use sectorwatch_airports as airports;
use sectorwatch_core::{
    airspace::Airspace,
    contact,
    movements::{self, Thresholds},
    rules::Rules,
};
use sectorwatch_store::{WriterIdentity, boot_id};
use sectorwatch_telemetry::metrics::Registry;

/// The runtime that owns every database session: it outlives all arbiters and web workers.
pub fn db_runtime() -> anyhow::Result<Runtime> {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .thread_name("db")
        .enable_all()
        .build()
        .context("the db runtime cannot be started")
}

/// The parts that a cycle needs.
pub struct Wired {
    pub setup: Setup,
    pub registry: Registry,
}

/// The files of the airspace. They are read before anything else starts, because an early refusal costs nothing.
pub fn airspace_files(settings: &Settings) -> AirspaceFiles {
    AirspaceFiles {
        paths: settings.airspace.clone(),
        transition_altitude_ft: settings.transition_altitude_ft,
    }
}

/// Who may ask for what. The file of tokens is read before anything else starts, too.
pub fn access(settings: &Settings) -> Result<Access, TokensFileError> {
    Access::open(AccessSettings {
        allowed_hosts: settings.allowed_hosts.clone(),
        anonymous: settings.scopes_without_token(),
        tokens_file: settings.tokens_file.clone(),
        trusted_proxies: settings.trusted_proxies.clone(),
        rate: settings.rate_limit,
        burst: settings.rate_burst,
        cors_origins: settings.cors_origins.clone(),
    })
}

/// What movements are judged by. Its file is read before anything else starts, too.
pub fn movement_rules(settings: &Settings) -> anyhow::Result<movements::Rules> {
    let thresholds = Thresholds {
        ground_kt: settings.movement_ground_kt,
        air_kt: settings.movement_air_kt,
        radius_nm: settings.movement_radius_nm,
    };
    Ok(movements::Rules { airports: airports::load(settings.airports.as_deref())?, thresholds })
}

/// Builds the parts without a query.
pub async fn wire(
    settings: &Settings,
    airspace: Airspace,
    movements: movements::Rules,
    database: &Database,
    runtime: tokio::runtime::Handle,
    is_demo: bool,
) -> anyhow::Result<Wired> {
    let registry = Registry::default();
    let boot_id = boot_id();
    let store = database.store(settings, &boot_id, &registry, runtime)?;
    let identity = WriterIdentity { instance: settings.instance.clone(), boot_id, is_demo };
    let interval = settings.poll_interval;
    let figures = Figures::register(&registry, interval, &airspace, &movements.airports)?;
    let airspace = Arc::new(airspace);
    let airspaces = Airspaces::of(&airspace);
    let claims = Claims::new(store.clone(), identity, airspaces.clone());
    let (stored, completed) = (watch::Sender::new(None), watch::Sender::new(None));
    let writing = Writing { store, claims, stored, completed };
    let selection = Selection {
        rules: rules(settings),
        require_flight_plan: settings.require_flight_plan,
        store_free_text: settings.store_free_text,
        controllers: ControllerFilter::new(&settings.controllers)?,
        movements: Arc::new(movements),
        contact: settings.radio_contact.then(|| contact_rules(settings)),
        airspace,
    };
    let setup = Setup { writing, selection, figures, airspaces };
    Ok(Wired { setup, registry })
}

fn contact_rules(settings: &Settings) -> contact::Rules {
    contact::Rules {
        caps: settings.radio_caps,
        ignored: contact::Ignored::with(settings.advisory_frequencies.iter().copied()),
        grace: Rules::time(settings.radio_grace),
    }
}

fn rules(settings: &Settings) -> Rules {
    Rules {
        entry_speed_kt: settings.entry_speed_kt,
        exit_speed_kt: settings.exit_speed_kt,
        exit_polls: settings.exit_polls,
        missing_grace: Rules::time(settings.missing_grace),
        longest_gap: Rules::time(settings.longest_gap),
        level_hysteresis_ft: settings.level_hysteresis_ft,
    }
}
