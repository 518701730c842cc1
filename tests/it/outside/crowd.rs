//! The predecessor's failure: clients that hang up, more of them than connections.

use std::{
    collections::BTreeMap,
    thread,
    time::{Duration, Instant},
};

use super::*;
use crate::support::{
    crowd::{Answers, Crowd},
    feed_server::FeedServer,
    leaks::Series,
    long_tests,
    postgres::Database,
    schedule::traffic,
    service::Setup,
};

const CLIENTS: usize = 200;
const READ_POOL: usize = 2;

fn setup(database: &Database, feed: &FeedServer) -> Setup {
    Setup::serve(database, feed)
        .env("SECTORWATCH_POLL_INTERVAL", "1s")
        .env("SECTORWATCH_READ_POOL_SIZE", &READ_POOL.to_string())
        .env("SECTORWATCH_AUDIT_INTERVAL", "1s")
}

/// Publishes twice in a cycle, so that every cycle finds something to store.
fn publish_for(feed: &FeedServer, from: i64, time: Duration) -> i64 {
    let (begun, mut number) = (Instant::now(), from);
    while begun.elapsed() < time {
        feed.publish(&traffic(number));
        number += 1;
        thread::sleep(Duration::from_millis(500));
    }
    number
}

/// Both connections of the pool serve at once, and no more than both.
fn assert_whole(service: &mut Service, address: std::net::SocketAddr, database: &Database) {
    let held = database.client();
    held.run("begin; lock table flights in access exclusive mode");
    let visitor = Visitor { path: history_of(BEACON), manners: Manners::Waits };
    let asking = Crowd::of(address, vec![visitor; READ_POOL + 1]);
    service.wait_until("all connections serve", PATIENCE, |it| {
        let of = "{pool=\"read\",owner=\"api\"}";
        let out = it.metric(&format!("sectorwatch_db_pool_checked_out_connections_by_owner{of}"));
        assert!(out <= READ_POOL as f64);
        out == READ_POOL as f64
    });
    held.run("commit");
    for (_, answers) in asking.end() {
        assert_eq!(answers.by_status.keys().collect::<Vec<_>>(), [&200], "{answers:?}");
    }
}

/// All on one page, and the histories on another.
fn summed(answers: BTreeMap<String, Answers>) -> [Answers; 2] {
    let mut sums = [Answers::default(), Answers::default()];
    for (path, answers) in answers {
        sums[usize::from(path != "/api/status")].add(answers);
    }
    sums
}

#[test]
fn clients_that_hang_up_cost_the_poller_no_cycle_and_the_pool_no_connection() {
    let time = Duration::from_secs(if long_tests() { 120 } else { 10 });
    let (feed, database) = (FeedServer::start(), Database::migrated());
    let setup = setup(&database, &feed);
    let mut service = setup.start();
    service.take(&feed, &traffic(0));
    let before = counters(&service);
    let failed = |it: &Service| it.cycles() - it.cycles_of("success") - it.cycles_of("unchanged");
    let (succeeded, skipped) =
        (service.cycles_of("success"), "sectorwatch_poll_ticks_skipped_total");

    let crowd = Crowd::of(setup.address(), half_of_them_hang_up(CLIENTS));
    publish_for(&feed, 1, time);
    let stored = service.cycles_of("success") - succeeded;
    let [status, history] = summed(crowd.end());
    eprintln!(
        "{} and {} answers, {} and {} cut; 99 of 100 within {:?} and {:?}; {stored} cycles",
        status.answered(),
        history.answered(),
        status.aborted,
        history.aborted,
        status.percentile(99),
        history.percentile(99),
    );
    assert_eq!(service.metric(skipped), 0.0);
    assert_eq!(failed(&service), 0);
    assert!(stored + 2 >= time.as_secs(), "{stored} cycles in {time:?}");
    for answers in [&status, &history] {
        assert_eq!(answers.failed, Vec::<String>::new());
        assert_eq!(answers.by_status.keys().collect::<Vec<_>>(), [&200]);
        assert!(answers.aborted > CLIENTS, "{}", answers.aborted);
    }
    await_rest(&mut service);
    assert_eq!(counters(&service).moved_since(&before), Series::new());
    assert_whole(&mut service, setup.address(), &database);
    assert_eq!(service.terminate(PATIENCE).code, Some(0));
}
