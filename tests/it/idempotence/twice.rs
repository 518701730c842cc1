//! The write phases of one snapshot, run twice through the store's interface.

use std::time::Duration;

use sectorwatch_core::{
    Time,
    absence::{Moment, begin},
    controller::Transceiver,
    filter::filter,
    movements,
    occupancy::step,
    radios::{Entity, Listed, Radios},
    rules::Rules,
    snapshot::Snapshot,
};
use sectorwatch_feed::decode::decode;
use sectorwatch_store::{
    CycleRecord, LeakThresholds, Secret, Store, StoreError, StoreSettings, WriterIdentity,
};
use sectorwatch_telemetry::metrics::Registry;

use crate::support::{
    documents::{Controller, Feed, Pilot, inside},
    postgres::Database,
};

const TABLES: [&str; 9] = [
    "flights",
    "flight_positions",
    "airport_movements",
    "flight_sector_occupancy",
    "pending_transitions",
    "collector_state",
    "controllers",
    "transceivers",
    "poll_cycles",
];

/// Every column of every row, including ids.
fn tables(database: &Database) -> Vec<String> {
    let all = TABLES.map(|table| {
        let sql = format!("select '{table} ' || to_jsonb(t)::text from {table} t order by 1");
        database.client().column(&sql)
    });
    all.concat()
}

fn snapshot(document: &Feed) -> Snapshot {
    decode(document.json().as_bytes(), None).expect("a snapshot")
}

fn documents() -> [Feed; 2] {
    let flying = |callsign: &str, sector| Pilot::new(callsign, 1).inside(sector);
    let at_melbourne = |kt, alt| flying("QFA2", "MEL").kt(kt).alt(alt);
    [
        Feed::second(0)
            .pilot(flying("QFA1", "SYD"))
            .pilot(at_melbourne(140, 1_500))
            .controller(Controller::new("SY_APP", 7)),
        Feed::second(15)
            .pilot(flying("QFA1", "MEL").plan("YBBN", "YPPH"))
            .pilot(at_melbourne(31, 434))
            .pilot(flying("QFA3", "BNE"))
            .controller(Controller::new("SY_APP", 7))
            .controller(Controller::new("ML_TWR", 8)),
    ]
}

#[test]
fn write_phases_run_twice_leave_the_same_tables() {
    let database = Database::migrated();
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let store = store(&database, runtime.handle().clone());
    let airports = sectorwatch_airports::load(None).expect("the built-in airports");
    let movements = movements::Rules { airports, ..movements::Rules::default() };
    runtime.block_on(async {
        let lock = store.lock_writer(Duration::ZERO).await.expect("the lock");
        let generation = store.next_generation(&lock, &writer(), "revision").await;
        let generation = generation.expect("a generation");
        for document in documents() {
            let snapshot = snapshot(&document);
            let movements = &movements;
            let phases = Phases { store: &store, generation, snapshot: &snapshot, movements };
            phases.run(&database).await;
        }
    });
    let rows = |table: &str| {
        let stored = tables(&database);
        stored.iter().filter(|row| row.starts_with(&format!("{table} "))).count()
    };
    assert_eq!(TABLES.map(rows), [3, 5, 1, 4, 0, 1, 2, 1, 2]);
}

struct Phases<'s> {
    store: &'s Store,
    generation: i64,
    snapshot: &'s Snapshot,
    movements: &'s movements::Rules,
}

impl Phases<'_> {
    /// Each phase twice in a row, then all of them again.
    async fn run(&self, database: &Database) {
        let before = self.store.restore().await.expect("the state");
        let (airspace, _) = sectorwatch_airspace::load(&[]).expect("the built-in airspace");
        let (rules, time) = (Rules::default(), self.snapshot.update_timestamp);
        let now = Moment::after(before.mark, before.observed_time, time);
        let begun = begin(&before.tracking, &airspace, now, &rules);
        let filtered = filter(self.snapshot, &airspace, &begun, true, 100);
        let refused = &self.snapshot.refused_pilots;
        let step = step(begun, &filtered, refused, &rules, self.movements);
        let write = async || self.store.write_flights(self.generation, "revision", &step).await;

        let written = write().await.expect("the first time");
        assert!(written.flights > 0 && written.queued > 0);
        let stored = tables(database);
        let again = write().await.expect_err("the second time");
        assert!(matches!(again, StoreError::AlreadyStored), "{again}");
        assert_eq!(tables(database), stored);

        self.later_phases().await;
        let stored = tables(database);
        self.later_phases().await;
        assert_eq!(tables(database), stored);
        let again = write().await.expect_err("the third time");
        assert!(matches!(again, StoreError::AlreadyStored), "{again}");
        self.later_phases().await;
        assert_eq!(tables(database), stored);
    }

    async fn later_phases(&self) {
        let (store, generation) = (self.store, self.generation);
        let time = self.snapshot.update_timestamp;
        let controllers: Vec<_> = self.snapshot.controllers.iter().flatten().collect();
        let written = store.write_controllers(generation, time, &controllers).await;
        assert_eq!(written.expect("controllers").len(), controllers.len());
        let transceiver = transceiver();
        let (callsign, entity, is_whole) = (&"QFA1".into(), Entity::Atc, true);
        let transceivers = &[transceiver];
        let listed = Listed { callsign, entity, transceivers, is_whole };
        let changes = Radios::default().changes(&[listed], time);
        let written = store.write_transceivers(generation, time, &changes).await;
        assert_eq!(written.expect("transceivers"), 1);
        let cycle = cycle(time);
        let applied = store.apply_transitions(generation, Some(&cycle), None).await;
        let applied = applied.expect("sectors");
        assert!(applied.refused.is_empty());
    }
}

fn store(database: &Database, runtime: tokio::runtime::Handle) -> Store {
    let settings = StoreSettings {
        url: Secret::new(database.url()),
        read_url: Secret::new(database.url()),
        application_name: "sectorwatch:test:00000000".to_owned(),
        ingest_pool_size: 2,
        read_pool_size: 1,
        acquire_timeout: Duration::from_secs(5),
        statement_timeout: Duration::from_secs(10),
        connection_max_lifetime: Duration::from_secs(60),
        leak_thresholds: LeakThresholds::default(),
        pool_self_heal: true,
        keys: Default::default(),
    };
    Store::new(&settings, &Registry::default(), runtime).expect("a store")
}

fn writer() -> WriterIdentity {
    WriterIdentity { instance: "test".to_owned(), boot_id: "00000000".to_owned(), is_demo: false }
}

fn transceiver() -> Transceiver {
    let (latitude, longitude) = inside("SYD");
    Transceiver {
        id: 0,
        frequency_hz: 118_700_000,
        latitude,
        longitude,
        height_msl_m: Some(1500.0),
        height_agl_m: Some(1400.0),
        unreadable: Vec::new(),
    }
}

fn cycle(time: Time) -> CycleRecord {
    CycleRecord {
        started_at: time,
        feed_update_timestamp: Some(time),
        outcome: "success",
        stored: true,
        fetch_ms: None,
        decode_ms: None,
        filter_ms: None,
        collect_ms: None,
        flights_ms: None,
        controllers_ms: None,
        transceivers_ms: None,
        contacts_ms: None,
        sectors_ms: None,
        publish_ms: None,
        flights_written: 0,
        positions_written: 0,
        controllers_written: 0,
        transceivers_written: 0,
        entered: 0,
        crossed: 0,
        left_sector: 0,
        slow: 0,
        disconnected: 0,
        unobserved: 0,
        airspace_changed: 0,
        rejected: 0,
    }
}
