//! A store of two small pools over a database of its own, under watch.

use std::{
    sync::atomic::{AtomicU32, Ordering},
    time::{Duration, Instant},
};

use sectorwatch_store::{
    LeakThresholds, Owner, PoolName, Secret, Store, StoreError, StoreSettings, testing::Connection,
};
use sectorwatch_telemetry::metrics::Registry;
use tokio::runtime::Runtime;

use crate::support::{
    leaks::{Counters, Series, unrest},
    postgres::Database,
    scrapes,
    service::PATIENCE,
};

/// Connections of each pool.
pub const SIZE: u32 = 2;
const AUDIT_EVERY: Duration = Duration::from_secs(1);

/// Everything that a leak needs. Dropping it ends the sessions.
pub struct Rig {
    /// The `db` runtime.
    pub runtime: Runtime,
    /// Under watch.
    pub store: Store,
    /// Its figures.
    pub registry: Registry,
    /// Of its own.
    pub database: Database,
    /// `sectorwatch:<instance>:<boot id>`.
    pub name: String,
}

impl Rig {
    /// With the default settings.
    pub fn new() -> Self {
        Self::with(|_| {})
    }

    /// With settings of a test.
    pub fn with(change: impl FnOnce(&mut StoreSettings)) -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let database = Database::migrated();
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()
            .expect("a runtime");
        let registry = Registry::default();
        let name = format!("sectorwatch:rig:{:08x}", NEXT.fetch_add(1, Ordering::SeqCst));
        let mut settings = StoreSettings {
            url: Secret::new(database.url()),
            read_url: Secret::new(database.url()),
            application_name: name.clone(),
            ingest_pool_size: SIZE,
            read_pool_size: SIZE,
            acquire_timeout: Duration::from_secs(5),
            statement_timeout: Duration::from_secs(20),
            connection_max_lifetime: Duration::from_secs(600),
            leak_thresholds: LeakThresholds::default(),
            pool_self_heal: true,
            keys: Default::default(),
        };
        change(&mut settings);
        let store = Store::new(&settings, &registry, runtime.handle().clone()).expect("a store");
        runtime.spawn(store.clone().watch(AUDIT_EVERY));
        Self { runtime, store, registry, database, name }
    }

    /// Runs it on the runtime.
    pub fn run<T>(&self, work: impl Future<Output = T>) -> T {
        self.runtime.block_on(work)
    }

    /// The page of metrics.
    pub fn page(&self) -> String {
        let page = String::from_utf8(self.registry.render().expect("metrics")).expect("UTF-8");
        scrapes::note(&page);
        page
    }

    /// The counters that a leak can move.
    pub fn counters(&self) -> Counters {
        Counters::of(&self.page())
    }

    /// Waits until exactly these counters moved, each by 1, and stays for two audits more to see
    /// that no other does.
    pub fn expect_moved(&self, before: &Counters, wanted: &[&str]) {
        let wanted: Series = wanted.iter().map(|series| ((*series).to_owned(), 1.0)).collect();
        let deadline = Instant::now() + PATIENCE;
        let moved = || self.counters().moved_since(before);
        while moved() != wanted && Instant::now() < deadline {
            std::thread::sleep(Duration::from_millis(20));
        }
        assert_eq!(moved(), wanted);
        std::thread::sleep(AUDIT_EVERY * 5 / 2);
        assert_eq!(moved(), wanted, "two audits later");
    }

    /// Each pool lends all that it has at once, and then nothing is out and nothing unexplained.
    pub fn expect_whole(&self) {
        for (pool, owner) in [(PoolName::Ingest, Owner::Flights), (PoolName::Read, Owner::Api)] {
            self.run(async {
                let scope = self.store.pool(pool).scope(owner);
                let mut leases = Vec::new();
                for _ in 0..SIZE {
                    leases.push(scope.acquire().await.expect("a session"));
                }
                for lease in &mut leases {
                    execute(lease, "select 1").await.expect("a clean session");
                }
            });
        }
        assert_eq!(unrest(&self.page()), Series::new(), "at rest");
        // Nothing is left on the server of what was leaked or replaced: both pools, and the audit.
        let deadline = Instant::now() + Duration::from_secs(2);
        let most = u64::from(2 * SIZE + 1);
        while self.database.sessions_like(&self.name) > most {
            assert!(Instant::now() < deadline, "more than {most} sessions on the server");
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

/// One statement, however many rows.
pub async fn execute(connection: &mut Connection, statement: &str) -> Result<usize, StoreError> {
    use diesel_async::RunQueryDsl as _;
    let statement = statement.to_owned();
    connection.run(async |pg| diesel::sql_query(statement).execute(pg).await).await
}

/// As it goes over the wire, unseen by diesel.
pub async fn raw(connection: &mut Connection, statement: &str) -> Result<(), StoreError> {
    use diesel_async::SimpleAsyncConnection as _;
    connection.run(async |pg| pg.batch_execute(statement).await).await
}
