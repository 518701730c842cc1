//! Pollers that panic, that block, and that lose the right to write.

use std::{
    thread,
    time::{Duration, Instant},
};

use crate::support::{
    documents::Feed,
    dump,
    feed_server::FeedServer,
    postgres::Database,
    replay::undisturbed,
    schedule::traffic,
    service::{PATIENCE, Service, Setup},
};

const RESTARTS: &str = "sectorwatch_poller_restarts_total";
/// In place of half a minute; above two beats of the heart.
const STALL_MS: &str = "2500";

fn documents(count: i64) -> Vec<Feed> {
    (0..count).map(traffic).collect()
}

fn restarts(service: &Service, reason: &str) -> f64 {
    service.metric(&format!("{RESTARTS}{{reason=\"{reason}\"}}"))
}

fn cycles(service: &Service, outcome: &str) -> f64 {
    service.metric(&format!(
        "sectorwatch_poll_cycles_total{{outcome=\"{outcome}\"}}"
    ))
}

#[test]
fn a_panic_costs_one_cycle() {
    let (feed, database) = (FeedServer::start(), Database::migrated());
    let setup = Setup::serve(&database, &feed).fault("cycle.collect=panic@3");
    let mut service = setup.start();
    let documents = documents(6);
    service.take(&feed, &documents[0]);
    service.take(&feed, &documents[1]);
    feed.publish(&documents[2]);
    service.wait_until("the third snapshot stored", PATIENCE, |service| {
        assert_eq!(service.get("/livez").status, 200);
        service.cycles_of("success") == 3
    });
    assert_eq!(restarts(&service, "panic"), 1.0);
    assert_eq!(
        restarts(&service, "stall") + restarts(&service, "exit"),
        0.0
    );
    assert_eq!(cycles(&service, "panic"), 1.0);
    assert_eq!(service.cycles_of("panic"), 1);
    let panics = "sectorwatch_panics_total{runtime=\"poller\"}";
    assert_eq!(service.metric(panics), 1.0);
    assert_eq!(service.status()["poller"]["restarts"]["panic"], 1);
    documents[3..]
        .iter()
        .for_each(|document| service.take(&feed, document));
    dump::assert_equal(&database.dump(), &undisturbed(&documents).dump());
    assert_eq!(service.terminate(PATIENCE).code, Some(0));
}

/// A poller that is blocked at `fault` in its third cycle gets a successor, and does nothing when it
/// wakes.
fn superseded(fault: &str) {
    let (feed, database) = (FeedServer::start(), Database::migrated());
    let setup = Setup::serve(&database, &feed)
        .env("SECTORWATCH_FAULT_STALL_MS", STALL_MS)
        .fault(fault);
    let mut service = setup.start();
    let documents = documents(6);
    service.take(&feed, &documents[0]);
    service.take(&feed, &documents[1]);
    let generation = service.status()["poller"]["generation"].as_u64();
    feed.publish(&documents[2]);
    service.wait_until("the third snapshot stored", PATIENCE, |service| {
        assert_eq!(service.get("/livez").status, 200);
        service.cycles_of("success") == 3
    });
    assert_eq!(restarts(&service, "stall"), 1.0);
    documents[3..]
        .iter()
        .for_each(|document| service.take(&feed, document));
    let ended = "superseded poller ended without writing";
    assert!(service.logged(ended).is_empty(), "it still sleeps");

    // Nothing is published any more: whatever changes now is the sleeper's doing.
    let everything = || {
        let client = database.client();
        let counts = "select (select count(*) from poll_cycles),
            (select count(*) from rejected_records), (select count(*) from controllers)";
        (
            database.dump(),
            database.dump_stations(),
            client.rows(counts),
        )
    };
    let stored = everything();
    service.wait_until("the sleeper wakes", PATIENCE, |service| {
        !service.logged(ended).is_empty()
    });
    thread::sleep(Duration::from_millis(300));
    assert_eq!(everything(), stored);
    assert_eq!(cycles(&service, "superseded"), 0.0, "it publishes nothing");
    let now = service.status()["poller"]["generation"].as_u64();
    assert_eq!(now, generation.map(|before| before + 1));
    dump::assert_equal(&database.dump(), &undisturbed(&documents).dump());
    assert_eq!(service.terminate(PATIENCE).code, Some(0));
}

#[test]
fn a_blocked_poller_is_superseded() {
    superseded("cycle.collect=block:8000@3");
}

#[test]
fn a_poller_that_blocks_with_a_committed_snapshot_is_superseded() {
    // Its controllers, radios and ledger row are lost; they are of that snapshot alone.
    let (feed, database) = (FeedServer::start(), Database::migrated());
    let setup = Setup::serve(&database, &feed)
        .env("SECTORWATCH_FAULT_STALL_MS", STALL_MS)
        .fault("flights.committed=block:6000@3");
    let mut service = setup.start();
    let documents = documents(6);
    service.take(&feed, &documents[0]);
    service.take(&feed, &documents[1]);
    feed.publish(&documents[2]);
    service.wait_until("a successor", PATIENCE, |s| restarts(s, "stall") == 1.0);
    documents[3..]
        .iter()
        .for_each(|document| service.take(&feed, document));
    let ended = "superseded poller ended without writing";
    service.wait_until("the sleeper wakes", PATIENCE, |service| {
        !service.logged(ended).is_empty()
    });
    dump::assert_equal(&database.dump(), &undisturbed(&documents).dump());
    assert_eq!(service.terminate(PATIENCE).code, Some(0));
}

#[test]
fn locks_of_a_blocked_poller_are_given_up_by_the_server() {
    // `idle_in_transaction_session_timeout` is 10 s; the successor waits as long.
    superseded("flights.inside=block:16000@3");
}

#[test]
fn without_the_writers_lock_nothing_is_written() {
    const LOCK: i64 = i64::from_be_bytes(*b"sectorwa");
    let (feed, database) = (FeedServer::start(), Database::migrated());
    let mut service = Setup::serve(&database, &feed).start();
    let documents = documents(4);
    service.take(&feed, &documents[0]);
    service.take(&feed, &documents[1]);
    let before = service.status()["poller"]["generation"].as_u64();

    // The lock goes from the service's session to ours at once.
    let rival = database.client();
    let taking = thread::spawn(move || {
        rival.run(&format!("select pg_advisory_lock({LOCK})"));
        rival
    });
    let client = database.client();
    let of_the_lock = "from pg_locks where locktype = 'advisory' and database =
        (select oid from pg_database where datname = current_database())";
    let waiting = format!("select count(*) {of_the_lock} and not granted");
    let deadline = Instant::now() + PATIENCE;
    while client.count(&waiting) == 0 {
        assert!(Instant::now() < deadline, "the rival waits");
    }
    client.run(&format!(
        "select pg_terminate_backend(pid) {of_the_lock} and granted"
    ));
    let rival = taking.join().expect("the rival has the lock");

    let stored = database.dump();
    feed.publish(&documents[2]);
    service.await_cycles("flights_error", 3);
    assert_eq!(database.dump(), stored);
    assert_eq!(service.get("/livez").status, 200);
    assert_eq!(service.status()["poller"]["last_error"]["kind"], "locked");

    drop(rival);
    service.wait_until("the snapshot stored after all", PATIENCE, |service| {
        service.cycles_of("success") == 3
    });
    service.take(&feed, &documents[3]);
    let now = service.status()["poller"]["generation"].as_u64();
    assert_eq!(now, before.map(|before| before + 1));
    dump::assert_equal(&database.dump(), &undisturbed(&documents).dump());
}
