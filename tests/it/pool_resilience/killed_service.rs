//! What a killed service leaves on the server.

use std::{
    thread,
    time::{Duration, Instant},
};

use super::*;
use crate::support::{leaks::Series, proxy::Proxy, schedule::traffic, wait::until};

const SESSIONS: &str = "sectorwatch:%";
const PREDECESSORS: &str = "sectorwatch_db_server_backends{state=\"predecessor\"}";

#[test]
fn statements_of_a_killed_service_end_within_two_seconds() {
    let (feed, database) = (FeedServer::start(), Database::migrated());
    let setup = crowded(&database, &feed).env("SECTORWATCH_STATEMENT_TIMEOUT", "10m");
    let mut service = setup.start();
    service.take(&feed, &traffic(0));

    let held = database.client();
    held.run("begin; lock table flights in access exclusive mode");
    feed.publish(&traffic(1));
    let visitor = Visitor { path: history_of(BEACON), manners: Manners::Waits };
    let asking = Crowd::of(setup.address(), vec![visitor]);
    let waiting = format!(
        "select count(*) from pg_stat_activity where datname = '{}' \
         and application_name like '{SESSIONS}' and wait_event_type = 'Lock'",
        database.name()
    );
    let client = database.client();
    service.wait_until("a write and a read wait", PATIENCE, |_| client.count(&waiting) == 2);
    // The server checks for its client from time to time. The kill must come at any moment in between, and
    // nothing shows when.
    thread::sleep(Duration::from_millis(300));
    service.kill();
    let killed = Instant::now();
    let what = "no backend outlives its client";
    until(what, Duration::from_secs(2), || database.sessions_like(SESSIONS) == 0);
    eprintln!("the last backend ended after {:?}", killed.elapsed());
    asking.end();
}

const EARLIER: &str = "an earlier process of this instance";

/// Kills a service whose network is cut, and returns how many backends it left.
fn predecessor(setup: &Setup, proxy: &Proxy, database: &Database, feed: &FeedServer) -> u64 {
    let mut service = setup.start();
    service.take(feed, &traffic(0));
    assert_whole(&mut service, setup.address(), database);
    proxy.black_hole();
    service.kill();
    let client = database.client();
    // Backends that noticed it end: the writer's lock is free again.
    let locks = "select count(*) from pg_locks where locktype = 'advisory' \
         and database = (select oid from pg_database where datname = current_database())";
    until("no lock outlives its holder", PATIENCE, || client.count(locks) == 0);
    database.sessions_like(SESSIONS)
}

#[test]
fn the_first_audit_tells_of_backends_that_a_killed_predecessor_left() {
    let (feed, database) = (FeedServer::start(), Database::migrated());
    let proxy = Proxy::before(&database);
    let setup = crowded(&database, &feed).env("SECTORWATCH_INSTANCE", "twin");
    let behind = setup.clone().env("SECTORWATCH_READ_DATABASE_URL", &proxy.url_of(&database));
    let left = predecessor(&behind, &proxy, &database, &feed);
    // Those of the pool, and the reader's probe.
    assert_eq!(left, READ_POOL as u64 + 1);

    // There is no second audit during this test.
    let mut once = setup.clone().env("SECTORWATCH_AUDIT_INTERVAL", "2m").start();
    once.wait_until("the first audit", PATIENCE, |it| it.metric(PREDECESSORS) == left as f64);
    assert_eq!(once.logged(EARLIER).len() as u64, left);
    assert_eq!(counters(&once).moved_since(&Counters::born()), Series::new());
    assert_eq!(once.terminate(PATIENCE).code, Some(0));

    let mut again = setup.start();
    again.wait_until("an audit", PATIENCE, |it| it.metric(PREDECESSORS) == left as f64);
    drop(proxy);
    again.wait_until("they are gone", PATIENCE, |it| it.metric(PREDECESSORS) == 0.0);
    assert_eq!(again.logged(EARLIER).len() as u64, left, "each is logged once");
    assert_eq!(counters(&again).moved_since(&Counters::born()), Series::new());
}
