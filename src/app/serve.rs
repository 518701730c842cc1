//! `serve`: starts everything in order, and stops it in order.

use std::sync::Arc;

use anyhow::Context as _;
use arc_swap::ArcSwap;
use tokio::sync::watch;

use super::{
    background,
    database::{Database, Opening},
    export, live,
    running::Running,
    service_info::{config_info, first_status},
    waiting,
    wiring::{self, Wired},
};
use crate::{
    collector::{
        heartbeat::Heartbeat, poller::PollerSetup, publish::Published, reload::Reload, supervisor,
    },
    config::Settings,
    status::live_reader::LiveReader,
    supervision::{
        shutdown::{self, LAST_SESSIONS},
        signals::Signals,
        tasks::Tasks,
    },
    web::{self, Access, HistoryReader, Limits, WebState},
};
use sectorwatch_core::{airspace::Airspace, movements};
use sectorwatch_fault as fault;
use sectorwatch_feed::client::{
    BODY_CAP_BYTES, Client, ClientSettings, OptionalUrl, REQUEST_TIMEOUT,
};
use sectorwatch_pg_embedded::Halt;
use sectorwatch_simulator::{SimulatedFeed, SimulatorSettings};
use sectorwatch_store::{Retention, Store};
use sectorwatch_telemetry::{
    process::ProcessMetrics,
    runtimes::{Runtime, Runtimes},
};

/// What was read before the database was opened.
struct Read {
    access: Access,
    reload_airspace: Reload,
    demo: bool,
}

/// Serves until SIGTERM or SIGINT.
pub fn serve(mut settings: Settings, demo: bool, new_cluster: bool) -> anyhow::Result<()> {
    web::raise_open_files();
    let access = wiring::access(&settings)?;
    let files = wiring::airspace_files(&settings);
    let seen = files.look();
    let airspace = files.read()?;
    let movements = wiring::movement_rules(&settings)?;
    let simulated = match demo {
        true => Some(simulate(&mut settings)?),
        false => None,
    };
    let system = actix_rt::System::new();
    let mut signals = system.block_on(async { Signals::listen() })?;
    let halt = Halt::default();
    let opening = Opening { settings: settings.clone(), demo, new_cluster, halt };
    let opened = system.block_on(waiting::opened(&opening, &airspace, &access, &mut signals))?;
    let Some(database) = opened else { return Ok(()) };
    let runtime = wiring::db_runtime()?;
    let served = system.block_on(async {
        let starting = start(&settings, airspace, movements, &database, &runtime, demo);
        // Nothing needs to be finished before the service serves, so the start is dropped.
        let wired = tokio::select! {
            biased;
            () = signals.wait() => return Ok(()),
            wired = starting => wired?,
        };
        let traffic = wired.setup.figures.poller.traffic.clone();
        let airspaces = wired.setup.airspaces.clone();
        let reload_airspace = Reload::new(files, settings.airspace_watch, seen, airspaces, traffic);
        let read = Read { access, reload_airspace, demo };
        run(&settings, read, wired, &database, &runtime, &mut signals).await
    });
    runtime.shutdown_timeout(LAST_SESSIONS);
    let stopped = database.stop_within(signals.time_for_embedded_server());
    drop(simulated);
    served.and(stopped)
}

/// Serves the demo's feed on loopback, so that the real client fetches it.
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
    movements: movements::Rules,
    database: &Database,
    runtime: &tokio::runtime::Runtime,
    demo: bool,
) -> anyhow::Result<Wired> {
    let db = runtime.handle().clone();
    let wired = wiring::wire(settings, airspace, movements, database, db, demo).await?;
    wired.setup.writing.begin_or_stand_by(database.advice()).await?;
    Ok(wired)
}

async fn run(
    settings: &Settings,
    read: Read,
    wired: Wired,
    database: &Database,
    runtime: &tokio::runtime::Runtime,
    signals: &mut Signals,
) -> anyhow::Result<()> {
    let Read { access, reload_airspace, demo } = read;
    let db = runtime.handle().clone();
    let (stop, stopping) = watch::channel(false);
    let heartbeat = Heartbeat::new(wired.setup.figures.poller.clone());
    let store = wired.setup.writing.store.clone();
    let tasks = Tasks::register(&wired.registry, stopping.clone())?;
    let live_reader = LiveReader::new(
        store.clone(),
        background::live_inputs(&heartbeat, &tasks, database, &reload_airspace, &stopping),
    );
    let published = Arc::new(ArcSwap::from_pointee(first_status(
        settings,
        &wired.setup.selection.airspace,
        demo,
    )));
    let runtimes = Runtimes::register(&wired.registry)?;
    runtimes.register_runtime(Runtime::Db, db.clone());
    runtimes.install_panic_hook();
    let client = client(settings);
    // Each poller creates its own client. This one reports errors in the settings, and creates the timestamps
    // of the feeds before the first scrape.
    drop(Client::new(client.clone(), wired.setup.figures.feed.clone())?);
    let setup = poller_setup(settings, &wired, client, &published, &heartbeat, &stopping);
    let writing = wired.setup.writing.clone();
    let limits = Limits::within_open_files(settings.http_max_connections);
    let limits = limits.cutting_after(fault::write_timeout());
    let streams = settings.streams(limits.connections);
    let renderer = live::renderer(&wired, &published, settings.poll_interval, streams)?;
    let state = web_state(access, wired, published, &live_reader, &runtimes)?;
    let state = state.with_live(renderer.stream.clone());
    let reload_tokens = state.reload_tokens();
    let (server, address) = web::serve(state, limits, settings.listen).with_context(|| {
        format!("cannot listen on {}; choose another with SECTORWATCH_LISTEN", settings.listen)
    })?;
    let http = server.handle();
    let serving = actix_rt::spawn(server);
    background::keep(&tasks, &db, database, &live_reader, &store, settings.audit_interval);
    let stored = writing.stored.subscribe();
    let housekeeping =
        background::keep_house(&tasks, &db, &store, retention(settings), stored, stopping.clone());
    let completed = writing.completed.subscribe();
    background::keep_live(&tasks, &db, renderer, completed, stopping.clone());
    background::keep_airspace(&tasks, &db, reload_airspace, signals.hangups(), stopping.clone());
    background::keep_tokens(&tasks, &db, reload_tokens, signals.hangups(), stopping.clone());
    let poller = actix_rt::spawn(supervisor::supervise(setup, runtimes));
    tracing::info!(%address, demo, "serving");

    let running = Running { stop, heartbeat, poller, housekeeping, http, serving, writing };
    let lost = tokio::select! {
        () = signals.wait() => None,
        lost = database.lost_for_good() => Some(lost),
    };
    let open_leases = running.stop(database).await;
    Ok(shutdown::judge(lost, open_leases)?)
}

fn poller_setup(
    settings: &Settings,
    wired: &Wired,
    client: ClientSettings,
    published: &Published,
    heartbeat: &Heartbeat,
    stopping: &watch::Receiver<bool>,
) -> PollerSetup {
    PollerSetup {
        cycle: wired.setup.clone(),
        client,
        interval: settings.poll_interval,
        clock_skew: settings.feed_clock_skew,
        published: published.clone(),
        heartbeat: heartbeat.clone(),
        stop: stopping.clone(),
    }
}

fn web_state(
    access: Access,
    wired: Wired,
    published: Published,
    live_reader: &LiveReader,
    runtimes: &Runtimes,
) -> anyhow::Result<WebState> {
    let Wired { setup, registry } = wired;
    let config = config_info(&setup.selection.airspace);
    let process = ProcessMetrics::register(&registry, super::BUILD, &config)?;
    let api = live::api_reader(&setup);
    let exports = export::exports(&setup.writing.store);
    let live = live_reader.clone();
    let state = WebState::new(
        published,
        Arc::new(move || live.live()),
        history(setup.writing.store),
        registry,
        process,
        runtimes.clone(),
        access,
    )?;
    Ok(state.with_api(api).with_exports(exports).sharing_for(fault::rendered_for()))
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
        flights: settings.retention_flights,
    }
}

fn history(store: Store) -> HistoryReader {
    web::history_by(move |callsign| {
        let store = store.clone();
        async move { store.flights_of(callsign).await }
    })
}
