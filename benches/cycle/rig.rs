//! A server with the settings of production, and databases on it with one collector each.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use chrono::{DateTime, TimeDelta, Utc};
use sectorwatch::{
    collector::{
        airspaces::Airspaces,
        claim::Claims,
        cycle::Collector,
        heartbeat::Heartbeat,
        phase_runner::PhaseRunner,
        report::CycleReport,
        setup::{Figures, Selection, Setup, Writing},
        snapshot_source::SnapshotSource,
        stations::ControllerFilter,
    },
    status::outcome::{CycleOutcome, Phase},
};
use sectorwatch_airspace as airspace;
use sectorwatch_core::{movements, rules::Rules};
use sectorwatch_feed::recording::Recording;
use sectorwatch_store::{LeakThresholds, Secret, Store, StoreSettings, WriterIdentity};
use sectorwatch_telemetry::metrics::Registry;
use tokio::{
    runtime::{Builder, Runtime},
    sync::watch,
};
use tokio_postgres::{Client, NoTls};

use crate::{document, server::Server};

/// The period of the feed.
const PERIOD: TimeDelta = TimeDelta::seconds(15);

/// The server, and the runtimes of the service.
pub struct Rig {
    server: Server,
    /// Owns all connections.
    db: Runtime,
    /// Runs the collectors.
    arbiter: Runtime,
}

impl Rig {
    /// Starts a server with the settings of the embedded server, including fsync.
    pub fn start() -> Self {
        let db = Builder::new_multi_thread().worker_threads(2).enable_all().build();
        let arbiter = Builder::new_current_thread().enable_all().build();
        Self {
            server: Server::start(),
            db: db.expect("a runtime"),
            arbiter: arbiter.expect("a runtime"),
        }
    }

    /// Prints one line about the machine and the server's settings.
    pub fn introduce(&self) {
        let cores = std::thread::available_parallelism().map_or(0, usize::from);
        let client = self.wait(self.client("postgres"));
        let shown = |name: &str| {
            let sql = format!("show {name}");
            let row = self.wait(client.query_one(&sql, &[])).expect(name);
            row.get::<_, String>(0)
        };
        println!(
            "\n{cores} cores; PostgreSQL {}, fsync {}, synchronous_commit {}, shared_buffers {}",
            shown("server_version"),
            shown("fsync"),
            shown("synchronous_commit"),
            shown("shared_buffers"),
        );
    }

    /// Runs a future on the poller's runtime, and waits for its result.
    pub fn wait<T>(&self, work: impl Future<Output = T>) -> T {
        self.arbiter.block_on(work)
    }

    /// Creates a database with the service's schema, and a collector with the right to write it.
    pub fn station(&self, database: &str) -> Station {
        self.wait(async {
            let client = self.create(database).await;
            let registry = Registry::default();
            let setup = setup(&self.url(database), &registry, self.db.handle().clone()).await;
            let epoch = setup.writing.claims.next_epoch();
            // Creates the schema, as the service does before its first cycle.
            setup.writing.claims.take(epoch, Duration::ZERO).await.expect("the right to write");
            Station {
                collector: Collector::new(setup, epoch),
                registry,
                client,
                recording: self.server.dir().join(format!("{database}.json")),
                time: document::START.parse().expect("a time"),
                turn: 0,
            }
        })
    }

    /// Creates an empty database, and opens a session with it.
    pub async fn create(&self, database: &str) -> Client {
        let postgres = self.client("postgres").await;
        let create = format!("create database {database}");
        postgres.batch_execute(&create).await.expect("a database");
        self.client(database).await
    }

    /// Switches the server's autovacuum, which also analyses tables, `on` or `off`.
    pub fn autovacuum(&self, switch: &str) {
        self.wait(async {
            let postgres = self.client("postgres").await;
            for sql in
                [&format!("alter system set autovacuum = {switch}"), "select pg_reload_conf()"]
            {
                postgres.batch_execute(sql).await.expect(sql);
            }
        });
    }

    /// The URL of a database.
    pub fn url(&self, database: &str) -> String {
        let url = self.server.url();
        let (server, _) = url.rsplit_once('/').expect("a database in the URL");
        format!("{server}/{database}")
    }

    /// Opens a session whose driver runs on the `db` runtime, as those of the pools do.
    pub async fn client(&self, database: &str) -> Client {
        let url = self.url(database);
        let connected = self
            .db
            .spawn(async move {
                let (client, driver) = tokio_postgres::connect(&url, NoTls).await?;
                tokio::spawn(driver);
                Ok::<_, tokio_postgres::Error>(client)
            })
            .await;
        connected.expect("no panic").expect("a connection")
    }
}

async fn setup(url: &str, registry: &Registry, db: tokio::runtime::Handle) -> Setup {
    let settings = StoreSettings {
        url: Secret::new(url),
        read_url: Secret::new(url),
        application_name: "sectorwatch:bench:00000000".to_owned(),
        ingest_pool_size: 4,
        read_pool_size: 1,
        acquire_timeout: Duration::from_secs(5),
        statement_timeout: Duration::from_secs(60),
        connection_max_lifetime: Duration::from_secs(1800),
        leak_thresholds: LeakThresholds::default(),
        pool_self_heal: true,
        keys: Default::default(),
    };
    let store = Store::new(&settings, registry, db).expect("a store");
    let (airspace, _) = airspace::load(&[]).expect("the built-in airspace");
    let period = PERIOD.to_std().expect("a positive time");
    let identity = WriterIdentity {
        instance: "bench".to_owned(),
        boot_id: "00000000".to_owned(),
        is_demo: false,
    };
    let airports = sectorwatch_airports::load(None).expect("the built-in airports");
    let movements = movements::Rules { airports, ..movements::Rules::default() };
    let figures =
        Figures::register(registry, period, &airspace, &movements.airports).expect("metrics");
    let airspace = Arc::new(airspace);
    let airspaces = Airspaces::of(&airspace);
    let claims = Claims::new(store.clone(), identity, airspaces.clone());
    let (stored, completed) = (watch::Sender::new(None), watch::Sender::new(None));
    let writing = Writing { store, claims, stored, completed };
    let selection = Selection {
        rules: Rules::default(),
        require_flight_plan: true,
        store_free_text: true,
        movements: movements.into(),
        controllers: ControllerFilter::new(&["*".to_owned()]).expect("a filter"),
        contact: Some(sectorwatch_core::contact::Rules::default()),
        airspace,
    };
    Setup { writing, selection, figures, airspaces }
}

pub struct Station {
    collector: Collector,
    pub registry: Registry,
    /// A session for statements that the service does not run itself.
    pub client: Client,
    recording: std::path::PathBuf,
    /// The time of the newest snapshot.
    pub time: DateTime<Utc>,
    turn: usize,
}

impl Station {
    /// Runs a cycle of this many flights. If `crossing` is set, a third of them move to another
    /// sector.
    pub async fn cycle(&mut self, flights: usize, crossing: bool) -> Cycle {
        self.time += PERIOD;
        self.turn += usize::from(crossing);
        let text = document::snapshot(flights, self.time, self.turn);
        std::fs::write(&self.recording, text).expect("write the snapshot");
        let mut source = SnapshotSource::Recorded(Recording {
            path: self.recording.clone(),
            radios: None,
            update_timestamp: self.time,
        });
        let heartbeat = Heartbeat::new(self.collector.setup.figures.poller.clone());
        let mut phases = PhaseRunner::begin(&heartbeat, self.collector.generation());
        let mut report = CycleReport::default();
        let outcome = self.collector.cycle(&mut source, &mut phases, &mut report).await;
        assert_eq!(outcome.expect("a stored snapshot"), CycleOutcome::Success);
        assert_eq!((report.flights, report.positions), (flights, flights));
        let ended = phases.ended().iter();
        Cycle(ended.map(|ended| (ended.phase, ended.took)).collect())
    }

    pub fn store(&self) -> Store {
        self.collector.setup.writing.store.clone()
    }

    /// Deletes all flights and the collector's memory. The clock continues.
    pub async fn forget_all(&mut self) {
        let truncate = "truncate flights cascade";
        self.client.batch_execute(truncate).await.expect("empty");
        self.collector.memory = None;
    }
}

/// The duration of each phase.
pub struct Cycle(BTreeMap<Phase, Duration>);

impl Cycle {
    pub fn took(&self, phase: Phase) -> Duration {
        self.0.get(&phase).copied().unwrap_or_default()
    }

    /// The duration of decode, filter and collect, which run between the feed and the database.
    pub fn computing(&self) -> Duration {
        [Phase::Decode, Phase::Filter, Phase::Collect].map(|phase| self.took(phase)).iter().sum()
    }

    /// The duration of all phases without the fetch, which reads a file here.
    pub fn whole(&self) -> Duration {
        self.0.values().sum::<Duration>() - self.took(Phase::Fetch)
    }
}
