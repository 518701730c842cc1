//! The parts that `serve` and `replay` share.

use std::{sync::Arc, time::Duration};

use anyhow::Context as _;
use chrono::TimeDelta;
use rand::Rng as _;
use tokio::{runtime::Runtime, sync::watch};

use super::database::Database;
use crate::{
    collector::{
        claim::{Claim, Claims},
        metrics::PollerMetrics,
        setup::{Figures, Selection, Setup, Writing},
        stations::ControllerFilter,
    },
    config::Settings,
};
use sectorwatch_airspace as airspace;
use sectorwatch_core::{airspace::Airspace, rules::Rules};
use sectorwatch_feed::metrics::FeedMetrics;
use sectorwatch_store::{Patience, StoreError, WriterIdentity};
use sectorwatch_telemetry::metrics::Registry;

/// The network publishes every 15 s.
const NETWORK_PERIOD: Duration = Duration::from_secs(15);

/// The runtime that owns all database sessions. It outlives all arbiters and web workers.
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

/// Loads the airspace. This comes before anything else starts, because an early refusal costs nothing.
pub fn airspace(settings: &Settings) -> anyhow::Result<Airspace> {
    let (airspace, report) = airspace::load(&settings.airspace)?;
    for line in report.repairs().iter().chain(report.warnings()) {
        tracing::warn!("airspace: {line}");
    }
    let stated_ft = airspace.transition_altitude_ft();
    let ft = settings.transition_altitude_ft.map_or(stated_ft, f64::from);
    Ok(airspace.with_transition_altitude(ft))
}

/// Eight hexadecimal digits, different at each start.
pub fn boot_id() -> String {
    format!("{:08x}", rand::rng().random::<u32>())
}

/// Builds the parts without a query.
pub async fn wire(
    settings: &Settings,
    airspace: Airspace,
    database: &Database,
    runtime: tokio::runtime::Handle,
    is_demo: bool,
) -> anyhow::Result<Wired> {
    let registry = Registry::default();
    let boot_id = boot_id();
    let store = database.store(settings, &boot_id, &registry, runtime)?;
    let identity = WriterIdentity {
        instance: settings.instance.clone(),
        boot_id,
        is_demo,
        airspace_revision: airspace.revision().to_owned(),
    };
    let figures = Figures {
        poller: PollerMetrics::register(&registry, settings.poll_interval, &airspace)?,
        feed: FeedMetrics::register(&registry)?,
        publication_period: NETWORK_PERIOD.max(settings.poll_interval),
    };
    let claims = Claims::new(store.clone(), identity);
    let writing = Writing { store, claims, stored: watch::Sender::new(None) };
    let selection = Selection {
        rules: rules(settings),
        require_flight_plan: settings.require_flight_plan,
        store_free_text: settings.store_free_text,
        controllers: ControllerFilter::new(&settings.controllers)?,
        airspace: Arc::new(airspace),
    };
    let setup = Setup { writing, selection, figures };
    Ok(Wired { setup, registry })
}

/// Checks for a pooler, takes the right to write while it waits for a predecessor to end, and migrates the
/// schema.
pub async fn claim(setup: &Setup, database: &Database) -> anyhow::Result<Claim> {
    let claiming = async {
        setup.writing.store.check_for_poolers().await?;
        let epoch = setup.writing.claims.next_epoch();
        setup.writing.claims.take(epoch, Patience::AT_START).await
    };
    claiming.await.map_err(|error| advised(error, database))
}

/// Whether a stranger holds the writer's lock. Only who serves goes on without it, and tries again.
pub fn is_locked_out(error: &anyhow::Error) -> bool {
    matches!(error.downcast_ref(), Some(StoreError::LockedOut { .. }))
}

/// Refuses to begin if members were forgotten and their key is missing, because nobody could recognize them.
/// The first cycle meets any other failure again.
pub async fn require_key(setup: &Setup) -> anyhow::Result<()> {
    match setup.writing.store.require_key().await {
        Err(error @ StoreError::ForgetKey(_)) => Err(error.into()),
        _ => Ok(()),
    }
}

fn advised(error: StoreError, database: &Database) -> anyhow::Error {
    match error {
        error if error.is_connect() => anyhow::Error::from(error).context(database.advice()),
        error => error.into(),
    }
}

fn rules(settings: &Settings) -> Rules {
    let longest = |setting: Duration| TimeDelta::from_std(setting).unwrap_or(TimeDelta::MAX);
    Rules {
        entry_speed_kt: settings.entry_speed_kt,
        exit_speed_kt: settings.exit_speed_kt,
        exit_polls: settings.exit_polls,
        missing_grace: longest(settings.missing_grace),
        longest_gap: longest(settings.longest_gap),
        level_hysteresis_ft: settings.level_hysteresis_ft,
    }
}
