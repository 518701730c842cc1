//! Acquires and releases, alternating between our pool and plain bb8.

use std::time::{Duration, Instant};

use diesel_async::{
    AsyncPgConnection,
    pooled_connection::{AsyncDieselConnectionManager, ManagerConfig, RecyclingMethod, bb8::Pool},
};
use sectorwatch_store::{LeakThresholds, Owner, PoolName, Secret, Store, StoreSettings, operation};
use sectorwatch_telemetry::metrics::Registry;
use tokio::runtime::Builder;

use crate::{
    figures::{Times, ratio, row, table},
    server::Server,
};

const ROUNDS: usize = 5;
const LEASES: u32 = 100_000;
const SIZE: u32 = 4;
const PATIENCE: Duration = Duration::from_secs(5);

/// Prints the medians of five rounds of each. Every lease gets its own scope, as in the service.
pub fn run(server: &Server) {
    // As in the service, the poller's runtime acquires, and the `db` runtime owns the sessions.
    let db = Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("a runtime");
    let asking = Builder::new_current_thread().enable_all().build().expect("a runtime");
    let registry = Registry::default();
    let store = Store::new(&settings(server), &registry, db.handle().clone()).expect("a store");
    let plain = asking.block_on(plain(server));
    db.spawn(store.clone().watch(Duration::from_secs(30)));

    let [mut ours, mut theirs] = <[Times; 2]>::default();
    for _ in 0..ROUNDS {
        theirs.push(asking.block_on(by_bb8(&plain)) / LEASES);
        ours.push(asking.block_on(operation(by_us(&store))) / LEASES);
    }
    let [us, them] = [&ours, &theirs].map(|times| times.median_ms() * 1e3);
    table(
        &format!("Acquire and release, medians of {ROUNDS} × {LEASES}"),
        &["plain bb8, `RecyclingMethod::Fast`", "a lease", "more", "lease / bb8"],
    );
    let shown = |us: f64| format!("{us:.2} µs");
    row([shown(them), shown(us), shown(us - them), ratio(ours.ratio_to(&theirs))]);
}

#[expect(clippy::disallowed_methods, reason = "it is what a lease is compared with")]
async fn by_bb8(pool: &Pool<AsyncPgConnection>) -> Duration {
    let begun = Instant::now();
    for _ in 0..LEASES {
        drop(pool.get().await.expect("a connection"));
    }
    begun.elapsed()
}

async fn by_us(store: &Store) -> Duration {
    let begun = Instant::now();
    for _ in 0..LEASES {
        let scope = store.pool(PoolName::Ingest).scope(Owner::Flights);
        drop(scope.acquire().await.expect("a lease"));
    }
    begun.elapsed()
}

async fn plain(server: &Server) -> Pool<AsyncPgConnection> {
    let mut config = ManagerConfig::default();
    config.recycling_method = RecyclingMethod::Fast;
    let manager = AsyncDieselConnectionManager::new_with_config(server.url(), config);
    let pool = Pool::builder().max_size(SIZE).connection_timeout(PATIENCE).build(manager);
    pool.await.expect("a pool")
}

fn settings(server: &Server) -> StoreSettings {
    StoreSettings {
        url: Secret::new(server.url()),
        read_url: Secret::new(server.url()),
        application_name: "sectorwatch:bench:00000000".to_owned(),
        ingest_pool_size: SIZE,
        read_pool_size: 1,
        acquire_timeout: PATIENCE,
        statement_timeout: PATIENCE,
        connection_max_lifetime: Duration::from_secs(1800),
        leak_thresholds: LeakThresholds::default(),
        pool_self_heal: true,
        keys: Default::default(),
    }
}
