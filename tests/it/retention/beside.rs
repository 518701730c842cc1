//! Partitions and retention run beside the cycles: slow ones delay no poll, and delete nothing that a cycle
//! has just updated.

use std::{thread, time::Duration};

use nix::sys::signal::Signal;
use sectorwatch_store::{BatchRows, Retention, StoreError, StoredMark};

use super::{DAYS, add_day, add_old_rows};
use crate::support::{
    documents::{Feed, Pilot, second},
    feed_server::FeedServer,
    postgres::Database,
    service::{PATIENCE, Service, Setup},
    sql::Client,
    store::Stored,
};

/// When OLD logged on and was last seen.
const LONG_AGO: &str = "2024-12-20T12:00:00Z";
const OLD: &str = "from flights where callsign = 'OLD'";
/// The positions of OLD.
const POSITIONS: &str = "select count(*) from flight_positions \
    where flight_id = (select id from flights where callsign = 'OLD')";
const RETAINED: &str = "sectorwatch_job_runs_total{job_name=\"retention\",outcome=\"ok\"}";

/// A service that deletes flights after two days, and a session that keeps the row of OLD from being deleted
/// but not from being updated.
fn serve(database: &Database, feed: &FeedServer, fault: &str) -> (Service, Client) {
    let client = database.client();
    client.run(&format!(
        "insert into flights (cid, callsign, logon_time, server, latitude, longitude, altitude, slow_polls, \
            first_seen, last_updated, last_seen) \
         select 101, 'OLD', at, 'TEST', -34, 151, 5000, 0, at, at, at from (select '{LONG_AGO}'::timestamptz) t (at)"
    ));
    let holder = database.client();
    holder.run(&format!("begin; select {OLD} for key share"));
    let service = Setup::serve(database, feed)
        .env("SECTORWATCH_RETENTION_FLIGHTS", "2d")
        .env("SECTORWATCH_REQUIRE_FLIGHT_PLAN", "false")
        // Much longer than these cycles take.
        .env("SECTORWATCH_STATEMENT_TIMEOUT", "20s")
        .fault(fault)
        .start();
    (service, holder)
}

fn others(number: i64) -> Feed {
    Feed::second(15 * number).pilot(Pilot::new("QFA1", 1))
}

fn with_old(number: i64) -> Feed {
    others(number).pilot(Pilot::new("OLD", 101).logon(LONG_AGO))
}

fn waits(database: &Database, client: &Client) -> bool {
    let waiting = format!(
        "select count(*) from pg_stat_activity where datname = '{}' and wait_event_type = 'Lock' \
         and query like 'delete from flights%'",
        database.name()
    );
    client.count(&waiting) == 1
}

fn await_deletion(service: &mut Service, database: &Database, client: &Client) {
    service.wait_until("retention waits", PATIENCE, |_| waits(database, client));
}

#[test]
fn a_retention_that_waits_holds_up_no_poll_and_spares_a_flight_that_came_back() {
    let (feed, database) = (FeedServer::start(), Database::migrated());
    let (mut service, holder) = serve(&database, &feed, "");
    let client = database.client();
    service.take(&feed, &others(0));
    await_deletion(&mut service, &database, &client);
    for number in 1..5 {
        service.take(&feed, &others(number));
    }
    service.take(&feed, &with_old(5));
    assert!(waits(&database, &client), "all that while");
    drop(holder);
    service.wait_until("retention is done", PATIENCE, |it| it.metric(RETAINED) == 1.0);
    assert_eq!(client.one(&format!("select count(*) {OLD} and last_seen = '{}'", second(75))), "1");
    assert_eq!(client.count(POSITIONS), 1);
    service.take(&feed, &with_old(6));
    assert_eq!(client.count(POSITIONS), 2);
    assert_eq!(service.terminate(PATIENCE).code, Some(0));
}

#[test]
fn a_flight_that_is_deleted_while_a_cycle_knows_it_is_stored_anew() {
    for old in [Pilot::new("OLD", 101), Pilot::new("OLD", 101).no_plan()] {
        let with_old = |number| others(number).pilot(old.clone().logon(LONG_AGO));
        let (feed, database) = (FeedServer::start(), Database::migrated());
        let (mut service, holder) = serve(&database, &feed, "cycle.filter=block:5000@2");
        let client = database.client();
        service.take(&feed, &others(0));
        await_deletion(&mut service, &database, &client);
        let id = client.one(&format!("select id {OLD}"));
        feed.publish(&with_old(1));
        // It has read the row, and has not written yet.
        let filters = "sectorwatch_poll_phase_running{phase=\"filter\"}";
        service.wait_until("the cycle stands still", PATIENCE, |it| it.metric(filters) == 1.0);
        drop(holder);
        service.wait_until("the row is gone", PATIENCE, |_| {
            client.count(&format!("select count(*) {OLD}")) == 0
        });
        assert_eq!(service.cycles_of("success"), 1, "it was deleted in the middle of a cycle");
        service.wait_until("the cycle ends", PATIENCE, |it| it.cycles_of("success") == 2);
        assert_ne!(client.one(&format!("select id {OLD}")), id);
        assert_eq!(client.count(POSITIONS), 1);
        service.take(&feed, &with_old(2));
        assert_eq!(client.count(POSITIONS), 2);
        assert_eq!(client.count("select count(*) from rejected_records"), 0);
        assert_eq!(service.cycles_of("flights_error"), 0);
    }
}

#[test]
fn the_step_in_flight_is_finished_before_the_service_ends() {
    let (feed, database) = (FeedServer::start(), Database::migrated());
    let (mut service, holder) = serve(&database, &feed, "");
    let client = database.client();
    service.take(&feed, &others(0));
    await_deletion(&mut service, &database, &client);
    service.signal(Signal::SIGTERM);
    // Longer than leases are awaited after everything else has ended.
    thread::sleep(Duration::from_secs(4));
    assert!(service.ended().is_none(), "it waits");
    drop(holder);
    let ended = service.finish(PATIENCE);
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    assert_eq!(client.count(&format!("select count(*) {OLD}")), 0, "the statement was not cut");
    assert!(!ended.stderr.contains("did not end in time"), "{}", ended.stderr);
}

#[test]
fn a_feed_that_leaps_over_days_finds_a_partition_for_each() {
    let (feed, database) = (FeedServer::start(), Database::migrated());
    let mut service = Setup::serve(&database, &feed).start();
    for number in 0..8 {
        // Further than partitions are created ahead of time, while those for the previous jump are being
        // created.
        service.take(&feed, &Feed::second(9 * 86_400 * number).pilot(Pilot::new("QFA1", 1)));
    }
    for outcome in ["flights_error", "sectors_error"] {
        assert_eq!(service.cycles_of(outcome), 0, "{outcome}");
    }
    assert_eq!(service.logged("partitions could not be made").len(), 0);
    assert_eq!(database.client().count("select count(*) from flight_positions"), 8);
}

#[test]
fn a_generation_that_may_not_write_deletes_nothing() {
    let database = Database::migrated();
    let client = database.client();
    add_day(&client, "2024-11-30", "2024-12-01");
    add_old_rows(&client);
    client.run("update collector_state set generation = 7");
    let stored = Stored::at(&database.url());
    let day = Some(Duration::from_secs(86_400));
    let retention = Retention { positions: day, ledger: day, rejected: day, flights: day };
    let (_stop, stopping) = tokio::sync::watch::channel(false);
    let mark = second(0).parse().expect("a time");
    let left = || {
        let rows =
            "select (select count(*) from poll_cycles) + (select count(*) from rejected_records)";
        (client.column(DAYS).len(), client.one(rows))
    };
    let retain = |generation| {
        let marked = StoredMark { mark, generation };
        let mut batch = BatchRows::default();
        stored.run(stored.store.retain(&retention, marked, &mut batch, &stopping))
    };
    for generation in [6, 8] {
        let refused = retain(generation);
        assert!(matches!(refused, Err(StoreError::Superseded)), "{refused:?}");
        assert_eq!(left(), (1, "4".to_owned()));
    }
    assert!(retain(7).expect("its own"));
    assert_eq!(left(), (0, "0".to_owned()));
}
