//! Clients that disconnect, more of them than there are connections: the predecessor's failure.

use std::{
    collections::BTreeMap,
    thread,
    time::{Duration, Instant},
};

use serde_json::Value;

use super::*;
use crate::support::{crowd::Answers, leaks::Series, long_tests, schedule::traffic};

const CLIENTS: usize = 200;

/// Publishes twice per cycle, so that every cycle finds something to store.
fn publish_for(feed: &FeedServer, from: i64, time: Duration) -> i64 {
    let (begun, mut number) = (Instant::now(), from);
    while begun.elapsed() < time {
        feed.publish(&traffic(number));
        number += 1;
        // Half an interval.
        thread::sleep(Duration::from_millis(500));
    }
    number
}

/// All on one page, and the histories on another.
fn summed(answers: BTreeMap<String, Answers>) -> [Answers; 2] {
    let mut sums = [Answers::default(), Answers::default()];
    for (path, answers) in answers {
        sums[usize::from(path != "/api/status")].add(answers);
    }
    sums
}

/// Cycles that failed.
fn failures(poller: &Value) -> u64 {
    let outcomes = poller["cycles"].as_object().expect("cycles").iter();
    let failed =
        outcomes.filter(|(outcome, _)| !["success", "unchanged"].contains(&outcome.as_str()));
    failed.filter_map(|(_, count)| count.as_u64()).sum()
}

#[test]
fn clients_that_hang_up_cost_the_poller_no_cycle_and_the_pool_no_connection() {
    let time = Duration::from_secs(if long_tests() { 120 } else { 10 });
    let (feed, database) = (FeedServer::start(), Database::migrated());
    let setup = crowded(&database, &feed);
    let mut service = setup.start();
    service.take(&feed, &traffic(0));
    let before = counters(&service);
    let cycles = service.cycles();

    let begun = Instant::now();
    let crowd = Crowd::of(setup.address(), half_of_them_hang_up(CLIENTS));
    publish_for(&feed, 1, time);
    let [status, history] = summed(crowd.end());
    let (cycles, seconds) = (service.cycles() - cycles, begun.elapsed().as_secs());
    eprintln!(
        "{} and {} answers, {} and {} cut; 99 of 100 within {:?} and {:?}; {cycles} cycles",
        status.answered(),
        history.answered(),
        status.aborted,
        history.aborted,
        status.percentile(99),
        history.percentile(99),
    );
    let poller = &service.status()["poller"];
    assert_eq!(failures(poller), 0, "{poller}");
    // The short form runs beside other tests, and a busy processor is not the clients' fault.
    let late = if long_tests() { 0 } else { 2 };
    assert!(poller["skipped_ticks"].as_u64() <= Some(late), "{poller}");
    assert!(cycles + late + 2 >= seconds, "{cycles} cycles in {seconds} s");
    for answers in [&status, &history] {
        assert_eq!(answers.failed, Vec::<String>::new());
        assert!(answers.aborted > CLIENTS, "{}", answers.aborted);
    }
    assert!(status.by_status.keys().eq([&200]), "{:?}", status.by_status);
    // On a busy machine a few may wait for too long.
    let busy = history.by_status.get(&503).unwrap_or(&0);
    assert_eq!(history.by_status[&200] + busy, history.answered(), "{:?}", history.by_status);
    assert!(busy * 2 < history.answered(), "{:?}", history.by_status);
    await_rest(&mut service);
    assert_eq!(counters(&service).moved_since(&before), Series::new());
    assert_whole(&mut service, setup.address(), &database);
    assert_eq!(service.terminate(PATIENCE).code, Some(0));
}

#[test]
fn those_who_hang_up_leave_the_queue_at_once() {
    let (feed, database) = (FeedServer::start(), Database::migrated());
    let setup = crowded(&database, &feed).env("SECTORWATCH_ACQUIRE_TIMEOUT", "5m");
    let mut service = setup.start();
    service.take(&feed, &traffic(0));
    await_rest(&mut service);
    let before = counters(&service);

    let held = database.client();
    held.run("begin; lock table flights in access exclusive mode");
    let mut visitors = half_of_them_hang_up(CLIENTS);
    visitors.retain(|visitor| visitor.manners != Manners::Waits && visitor.path != "/api/status");
    let crowd = Crowd::of(setup.address(), visitors);
    let of = "owner=\"api\"";
    let cancelled = format!("sectorwatch_db_pool_acquires_total{{{of},outcome=\"cancelled\"}}");
    service.wait_until("many went away", PATIENCE, |it| it.metric(&cancelled) > 500.0);
    crowd.end();
    service.wait_until("nobody waits", Duration::from_secs(5), |it| {
        // The probe behind `/readyz` may wait too.
        it.metric("sectorwatch_db_pool_pending_acquires{pool=\"read\"}") <= 1.0
    });
    let out = format!("sectorwatch_db_pool_checked_out_connections_by_owner{{{of}}}");
    assert_eq!(service.metric(&out), READ_POOL as f64, "no statement was cut");
    held.run("commit");
    await_rest(&mut service);
    assert_eq!(counters(&service).leaked_since(&before), Series::new());
}

/// Everything that a client could leave behind.
fn level(service: &Service) -> Vec<f64> {
    let tasks = |runtime| format!("sectorwatch_tokio_alive_tasks{{runtime=\"{runtime}\"}}");
    let names = ["http", "db", "poller"].map(tasks);
    let names = names.into_iter().chain(["process_open_fds".to_owned()]);
    names.map(|name| service.metric(&name)).collect()
}

#[test]
fn tasks_and_descriptors_return_to_their_level() {
    let (feed, database) = (FeedServer::start(), Database::migrated());
    let setup = crowded(&database, &feed);
    let mut service = setup.start();
    service.take(&feed, &traffic(0));
    // Once both connections of the web are open, no more are needed.
    assert_whole(&mut service, setup.address(), &database);
    await_rest(&mut service);
    let before = level(&service);
    let crowd = Crowd::of(setup.address(), half_of_them_hang_up(CLIENTS));
    publish_for(&feed, 1, Duration::from_secs(3));
    crowd.end();
    service.wait_until("back at the level", PATIENCE, |it| {
        let now = level(it);
        now.iter().zip(&before).all(|(now, before)| now <= before)
    });
}
