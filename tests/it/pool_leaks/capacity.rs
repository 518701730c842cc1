//! Capacity that bb8 loses for ever, and connections that no lease explains.

use sectorwatch_store::PoolName;

use super::rig::Rig;
use crate::support::{
    documents::{Feed, Pilot},
    feed_server::FeedServer,
    leaks::{Counters, unrest},
    postgres::Database,
    service::{PATIENCE, Service, Setup},
};

#[test]
fn l9_a_panic_while_connecting_loses_a_place_that_is_found_and_given_back() {
    let (feed, database) = (FeedServer::start(), Database::migrated());
    feed.publish(&Feed::second(0).pilot(Pilot::new("QFA1", 1).inside("SYD")));
    // The panic hits the first session of all, so the pool that wants it has no other session.
    let mut service =
        Setup::serve(&database, &feed).env("SECTORWATCH_FAULT", "connect=panic@1").start();
    let leaked = |service: &Service| {
        service.metric("sectorwatch_db_pool_leaks_total{kind=\"capacity_lost\"}")
    };
    service.wait_until("the loss", PATIENCE, |service| leaked(service) > 0.0);
    service.wait_until("a snapshot", PATIENCE, |service| service.cycles_of("success") > 0);
    let page = service.get("/metrics").text();
    assert_eq!(leaked(&service), 1.0, "{page}");
    assert_eq!(service.metric("sectorwatch_db_pool_leaks_total"), 1.0, "no other kind: {page}");
    assert_eq!(service.metric("sectorwatch_db_pool_rebuilds_total"), 1.0);
    assert_eq!(service.metric("sectorwatch_db_pool_acquires_total{outcome=\"timeout\"}"), 0.0);
    service
        .wait_until("rest", PATIENCE, |service| unrest(&service.get("/metrics").text()).is_empty());
}

#[test]
fn a_connection_that_no_lease_explains() {
    let rig = Rig::new();
    rig.expect_whole();
    let before = rig.counters();
    rig.run(rig.store.pool(PoolName::Ingest).lose_one());
    let unrest = unrest(&rig.page());
    assert_eq!(
        unrest.keys().collect::<Vec<_>>(),
        ["sectorwatch_db_pool_unaccounted_connections{pool=\"ingest\"}"]
    );
    rig.expect_moved(
        &before,
        &[
            "sectorwatch_db_pool_leaks_total{kind=\"unaccounted\",owner=\"other\",pool=\"ingest\"}",
            "sectorwatch_db_pool_rebuilds_total{pool=\"ingest\"}",
        ],
    );
    rig.expect_whole();
}

#[test]
fn those_who_wait_move_on_to_the_pool_that_replaces_another() {
    use sectorwatch_store::Owner;
    let rig = Rig::new();
    rig.run(async {
        let pool = rig.store.pool(PoolName::Ingest).clone();
        let live_scope = pool.scope(Owner::Sectors);
        let mut live = live_scope.acquire().await.expect("a session");
        {
            let scope = pool.scope(Owner::Flights);
            std::mem::forget(scope.acquire().await.expect("the last session"));
        }
        // No connection is free and none is returned, so only a new pool can serve this acquire.
        let scope = pool.scope(Owner::Ledger);
        let mut next = scope.acquire().await.expect("a session of the pool that follows");
        super::rig::execute(&mut next, "select 1").await.expect("it works");
        super::rig::execute(&mut live, "select 1").await.expect("a live lease was not dropped");
    });
    rig.expect_whole();
    let evicted =
        "sectorwatch_db_pool_connections_closed_total{pool=\"ingest\",reason=\"evicted\"} 1";
    assert!(rig.page().contains(evicted), "the live one was closed when it came back");
    let _: Counters = rig.counters();
}
