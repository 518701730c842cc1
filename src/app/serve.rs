//! `serve`: starts everything in order, and stops it in order.

use std::{sync::Arc, time::Duration};

use anyhow::Context as _;
use arc_swap::ArcSwap;
use chrono::TimeDelta;
use tokio::{
    signal::unix::{Signal, SignalKind, signal},
    sync::watch,
};

use super::{
    database::Database,
    descriptors,
    wiring::{self, Wired},
};
use crate::{
    config::{OptionalUrl, Settings},
    domain::airspace::Airspace,
    fault,
    feed::{
        client::{BODY_CAP_BYTES, Client, ClientSettings, REQUEST_TIMEOUT},
        simulator::{SimulatedFeed, SimulatorSettings},
    },
    poller::{
        pulse::Heart,
        session::SessionSetup,
        status::{Outlines, Service, StatusSnapshot},
        supervisor,
        vitals::Vitals,
    },
    store::{Retention, Store, StoreError, chain},
    telemetry::{
        process::{BuildInfo, ConfigInfo, ProcessMetrics},
        runtimes::{Runtime, Runtimes},
    },
    web::{
        self, AllowedHosts, FlightsHistory, HistoryError, HistoryReader, Limits, RENDERED_FOR,
        WebState,
    },
};

/// The cycle in flight ends within this, or is left behind: the longest statement is bounded by the
/// server.
const LAST_CYCLE: Duration = Duration::from_secs(15);

/// Requests for the history, and the probe, end within this or are left behind.
const LAST_LEASES: Duration = Duration::from_secs(2);

/// SIGTERM and SIGINT, from the first moment: what comes during the start is not lost.
struct Signals {
    terminated: Signal,
    interrupted: Signal,
}

impl Signals {
    fn listen() -> std::io::Result<Self> {
        Ok(Self {
            terminated: signal(SignalKind::terminate())?,
            interrupted: signal(SignalKind::interrupt())?,
        })
    }

    async fn wait(&mut self) {
        tokio::select! {
            _ = self.terminated.recv() => tracing::info!("SIGTERM: stopping"),
            _ = self.interrupted.recv() => tracing::info!("SIGINT: stopping"),
        }
    }
}

/// Serves until SIGTERM or SIGINT.
pub fn serve(mut settings: Settings, demo: bool) -> anyhow::Result<()> {
    descriptors::raise();
    let airspace = wiring::airspace(&settings)?;
    let simulated = match demo {
        true => Some(simulate(&mut settings)?),
        false => None,
    };
    let system = actix_rt::System::new();
    let mut signals = system.block_on(async { Signals::listen() })?;
    let database = Database::open(&settings, demo)?;
    let runtime = wiring::db_runtime()?;
    let served = system.block_on(async {
        let starting = start(&settings, airspace, &database, &runtime, demo);
        // Before it serves, there is nothing to be finished: the start is dropped.
        let wired = tokio::select! {
            biased;
            () = signals.wait() => return Ok(()),
            wired = starting => wired?,
        };
        run(&settings, wired, &database, &runtime, demo, signals).await
    });
    runtime.shutdown_timeout(Duration::from_secs(2));
    let stopped = database.stop();
    drop(simulated);
    served.and(stopped)
}

/// The demo's feed is served on loopback, so that the real client fetches it.
fn simulate(settings: &mut Settings) -> anyhow::Result<SimulatedFeed> {
    let feed = SimulatedFeed::start(SimulatorSettings::default(), settings.poll_interval)?;
    settings.feed_url = Some(feed.feed_url());
    settings.transceivers_url = OptionalUrl::Given(feed.transceivers_url());
    settings.status_url = OptionalUrl::Given(feed.status_url());
    Ok(feed)
}

async fn start(
    settings: &Settings,
    airspace: Airspace,
    database: &Database,
    runtime: &tokio::runtime::Runtime,
    demo: bool,
) -> anyhow::Result<Wired> {
    let db = runtime.handle().clone();
    let wired = wiring::wire(settings, airspace, database, db, demo).await?;
    wiring::claim(&wired.setup).await?;
    wiring::require_key(&wired.setup).await?;
    Ok(wired)
}

async fn run(
    settings: &Settings,
    wired: Wired,
    database: &Database,
    runtime: &tokio::runtime::Runtime,
    demo: bool,
    mut signals: Signals,
) -> anyhow::Result<()> {
    let db = runtime.handle().clone();
    let (stop, stopping) = watch::channel(false);
    let heart = Heart::new(wired.setup.metrics.clone());
    let store = wired.setup.store.clone();
    let vitals = Vitals::new(store.clone(), heart.clone(), stopping.clone());
    let published = Arc::new(ArcSwap::from_pointee(first_status(settings, &wired, demo)));
    let runtimes = Runtimes::register(&wired.registry)?;
    runtimes.register_runtime(Runtime::Db, db.clone());
    runtimes.install_panic_hook();
    let client = client(settings);
    // Each poller makes its own; this one tells what is wrong with the settings, and makes the feeds'
    // timestamps exist, before anybody scrapes.
    drop(Client::new(client.clone(), wired.setup.feed_metrics.clone())?);
    let session = SessionSetup {
        cycle: wired.setup.clone(),
        client,
        interval: settings.poll_interval,
        clock_skew: TimeDelta::from_std(settings.feed_clock_skew)?,
        retention: retention(settings),
        published: published.clone(),
        heart,
        stop: stopping,
    };

    let config = ConfigInfo {
        recycling: "fast",
        queue_strategy: "fifo",
        airspace_revision: wired.setup.airspace.revision().to_owned(),
    };
    let process = ProcessMetrics::register(&wired.registry, BuildInfo::THIS, &config)?;
    let live = vitals.clone();
    let state = WebState::new(
        published,
        Arc::new(move || live.live()),
        history(store.clone(), settings),
        wired.registry,
        process,
        runtimes.clone(),
        AllowedHosts::new(settings.allowed_hosts.clone()),
    )?
    .sharing_for(fault::rendered_for().unwrap_or(RENDERED_FOR));
    let limits = Limits::of(descriptors::left_for_http(settings.http_max_connections));
    let (server, address) = web::serve(state, limits, settings.listen).with_context(|| {
        format!("cannot listen on {}; choose another with SECTORWATCH_LISTEN", settings.listen)
    })?;
    let http = server.handle();
    let serving = actix_rt::spawn(server);
    db.spawn(database.keep_alive());
    db.spawn(vitals.clone().check_database());
    db.spawn(vitals.watch_pools());
    db.spawn(store.clone().watch(settings.audit_interval));
    let mut poller = actix_rt::spawn(supervisor::supervise(session, runtimes));
    tracing::info!(%address, demo, "serving");

    signals.wait().await;
    stop.send_replace(true);
    if tokio::time::timeout(LAST_CYCLE, &mut poller).await.is_err() {
        tracing::warn!("the last cycle did not end in time");
    }
    http.stop(true).await;
    let _ = serving.await;
    wired.setup.claims.release().await;
    match store.drain(LAST_LEASES).await {
        0 => Ok(()),
        leases => anyhow::bail!("{leases} leases were still open at exit"),
    }
}

fn first_status(settings: &Settings, wired: &Wired, simulated: bool) -> StatusSnapshot {
    let service = Service {
        version: BuildInfo::THIS.version,
        revision: BuildInfo::THIS.revision,
        started_at: chrono::Utc::now(),
        instance: settings.instance.clone(),
    };
    let mut status = StatusSnapshot::at_start(service, settings.poll_interval, simulated);
    let airspace = &wired.setup.airspace;
    status.airspace.revision = airspace.revision().to_owned();
    status.airspace.approximate = airspace.is_approximate();
    status.airspace.outlines = Arc::new(Outlines::of(airspace));
    status.feed.url_host =
        settings.feed_url.as_ref().and_then(|url| url.host_str()).map(str::to_owned);
    status
}

fn client(settings: &Settings) -> ClientSettings {
    ClientSettings {
        feed_url: settings.feed_url.clone(),
        transceivers_url: settings.transceivers_url.clone(),
        status_url: settings.status_url.clone(),
        user_agent: settings.user_agent.clone(),
        request_timeout: REQUEST_TIMEOUT,
        body_cap_bytes: BODY_CAP_BYTES,
    }
}

fn retention(settings: &Settings) -> Retention {
    Retention {
        positions: settings.retention_positions,
        ledger: settings.retention_ledger,
        rejected: settings.retention_rejected,
    }
}

/// What takes longer than a connection and a statement may has lost its server.
fn history(store: Store, settings: &Settings) -> HistoryReader {
    let limit = settings.acquire_timeout + settings.statement_timeout;
    Arc::new(move |callsign| {
        let store = store.clone();
        Box::pin(async move {
            let reading = tokio::time::timeout(limit, store.flights_of(callsign.clone())).await;
            let read = reading.map_err(|_| HistoryError::Database)?;
            let flights = read.map_err(|error| {
                match error {
                    // Each is counted, and a crowd must not flood the log.
                    StoreError::AcquireTimeout { .. } => tracing::debug!("the history is busy"),
                    _ => tracing::warn!(error = %chain(&error), "the history cannot be read"),
                }
                HistoryError::from(&error)
            })?;
            Ok((!flights.is_empty()).then_some(FlightsHistory { callsign, flights }))
        })
    })
}
