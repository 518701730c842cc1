//! Connections belong to the runtime of the store, not to the one that acquires them.

use std::time::Duration;

use diesel::{dsl::sql, sql_types::Integer};
use diesel_async::RunQueryDsl as _;
use sectorwatch_store::{
    LeakThresholds, Owner, PoolName, Secret, Store, StoreSettings, testing::Lease,
};
use sectorwatch_telemetry::metrics::Registry;
use tokio::runtime::Runtime;

use super::*;
use crate::support::{postgres::Server, proxy::Proxy, scratch, wait::until};

const POOL: u32 = 2;

fn store(url: String, db: &Runtime) -> Store {
    let settings = StoreSettings {
        url: Secret::new(url.clone()),
        read_url: Secret::new(url),
        application_name: "sectorwatch:test:00000000".to_owned(),
        ingest_pool_size: POOL,
        read_pool_size: POOL,
        acquire_timeout: Duration::from_secs(5),
        statement_timeout: Duration::from_secs(10),
        connection_max_lifetime: Duration::from_secs(600),
        leak_thresholds: LeakThresholds::default(),
        pool_self_heal: true,
        keys: Default::default(),
    };
    Store::new(&settings, &Registry::default(), db.handle().clone()).expect("a store")
}

async fn backend_of(lease: &mut Lease<'_>) -> i32 {
    let backend = sql::<Integer>("select pg_backend_pid()");
    let asked = lease.run(async |pg| backend.get_result(pg).await).await;
    asked.expect("a backend")
}

/// Acquires all connections of the pool at once, and checks that each answers.
async fn all_backends(store: &Store) -> Vec<i32> {
    let scope = store.pool(PoolName::Ingest).scope(Owner::Flights);
    let mut leases = Vec::new();
    for _ in 0..POOL {
        leases.push(scope.acquire().await.expect("a place in the pool"));
    }
    let mut backends = Vec::new();
    for lease in &mut leases {
        backends.push(backend_of(lease).await);
    }
    backends.sort_unstable();
    backends
}

fn runtime() -> Runtime {
    Runtime::new().expect("a runtime")
}

#[test]
fn connections_outlive_the_runtime_that_asked_for_them() {
    let (database, db) = (Database::migrated(), runtime());
    let store = store(database.url(), &db);
    let first = runtime();
    let opened = first.block_on(all_backends(&store));
    drop(first);
    assert_eq!(runtime().block_on(all_backends(&store)), opened);
}

#[test]
fn a_runtime_that_ends_while_it_connects_costs_the_pool_no_place() {
    let (database, db) = (Database::migrated(), runtime());
    let proxy = Proxy::before(&database);
    let store = store(proxy.url_of(&database), &db);
    proxy.slow(Duration::from_secs(1));
    for attempt in 1..=POOL {
        let doomed = runtime();
        for _ in 0..attempt {
            let store = store.clone();
            doomed.spawn(async move {
                let scope = store.pool(PoolName::Ingest).scope(Owner::Flights);
                scope.acquire().await.map(drop)
            });
        }
        until("it connects", PATIENCE, || {
            store.pool_figures(PoolName::Ingest).establishing >= attempt
        });
        drop(doomed);
    }
    proxy.open();
    assert_eq!(runtime().block_on(all_backends(&store)).len(), POOL as usize);
}

#[test]
fn the_server_asks_for_a_client_that_went_silent() {
    const ADDRESS: &str = "127.0.73.16";
    let hba = scratch::dir("hba").join("pg_hba.conf");
    std::fs::write(&hba, "local all all trust\nhost all all 127.0.0.0/8 trust\n").expect("write");
    let hba = hba.to_str().expect("UTF-8");
    let server = Server::own(&[("listen_addresses", ADDRESS), ("hba_file", hba)]);
    let (database, db) = (Database::on(server), runtime());
    let store = store(format!("postgres://sectorwatch@{ADDRESS}/{}", database.name()), &db);
    let probing = "current_setting('tcp_keepalives_idle')::int4 \
        + current_setting('tcp_keepalives_interval')::int4 \
        * current_setting('tcp_keepalives_count')::int4";
    let seconds: i32 = runtime().block_on(async {
        let scope = store.pool(PoolName::Ingest).scope(Owner::Flights);
        let mut lease = scope.acquire().await.expect("a connection");
        let asked = sql::<Integer>(&format!("select {probing}"));
        lease.run(async |pg| asked.get_result(pg).await).await.expect("an answer")
    });
    assert_eq!(seconds, 60);
}
