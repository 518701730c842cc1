//! A member is forgotten at the worst moments of a cycle.

use super::*;
use crate::support::{feed_server::FeedServer, service::PATIENCE};

/// Points at which a cycle waits while the member is forgotten.
const MOMENTS: [&str; 6] = [
    "cycle.fetch",
    "cycle.collect",
    "flights.inside",
    "flights.committed",
    "controllers.committed",
    "sectors.committed",
];

#[test]
fn no_row_comes_back_whatever_a_cycle_does_meanwhile() {
    for moment in MOMENTS {
        let (database, feed) = (Database::migrated(), FeedServer::start());
        let client = database.client();
        let mut service = serve(&database, &feed).fault(&format!("{moment}=block:3000@2")).start();
        if moment != "cycle.fetch" {
            service.take(&feed, &world(0));
        }
        feed.publish(&world(15));
        let taken = |client: &Client| {
            let mark =
                "select coalesce(mark >= '2025-01-01 12:00:15Z', false) from collector_state";
            client.one(mark) == "t"
        };
        service.await_block();
        let done = forget(&database, &[]);
        assert_eq!(done.code, Some(0), "{moment}: {}", done.stderr);
        service.wait_until("the snapshot is stored", PATIENCE, |_| taken(&client));
        service.await_cycles("unchanged", 2);
        assert_eq!(found(&client), [""; 0], "{moment}");
        service.take(&feed, &world(30));
        assert_eq!(found(&client), [""; 0], "{moment}");
        let now = service.status().to_string();
        assert!(!now.contains("QFA1") && !now.contains("SY_TWR"), "{moment}: {now}");
        let others = "select string_agg(callsign, ',') from flights";
        assert_eq!(client.one(others), "QFA2", "{moment}");
        assert!(service.cycles_of("flights_error") <= 1, "{moment}");
        assert_eq!(service.cycles_of("superseded"), 0, "{moment}");
        assert_eq!(service.terminate(PATIENCE).code, Some(0), "{moment}");
    }
}

/// The service is killed before it has read the list, and the next one restores from the tables.
#[test]
fn a_crash_between_changes_nothing() {
    let (database, feed) = (Database::migrated(), FeedServer::start());
    let mut service = serve(&database, &feed).fault("flights.committed=kill@2").start();
    service.take(&feed, &world(0));
    feed.publish(&world(15));
    service.await_end(PATIENCE);
    assert_eq!(forget(&database, &[]).code, Some(0));
    let mut service = serve(&database, &feed).start();
    service.take(&feed, &world(30));
    assert_eq!(found(&database.client()), [""; 0]);
    assert_eq!(service.terminate(PATIENCE).code, Some(0));
}

/// It is one transaction: an interruption leaves everything, and nobody is on the list.
#[test]
fn what_breaks_off_leaves_everything() {
    let (database, feed) = (Database::migrated(), FeedServer::start());
    let client = database.client();
    let mut service = serve(&database, &feed).start();
    service.take(&feed, &world(0));
    let state = "select concat_ws(' ', forget_revision, (select count(*) from flights), \
        (select count(*) from forgotten_members)) from collector_state";
    let killed = forgetting(&database, &[]).env("SECTORWATCH_FORGET_KEY", KEY);
    let killed = killed.fault("forget.inside=kill").run();
    assert_eq!(killed.code, None, "{}", killed.stdout);
    assert_eq!(client.one(state), "0 2 0");
    service.take(&feed, &world(15));
    assert_eq!(service.terminate(PATIENCE).code, Some(0));
}
