//! What becomes of open visits, in every order of reload, failure and restart.

use super::{AFTER, BEFORE, at, collection, document, hang_up, revision, serving, visits, write};
use crate::support::{feed_server::FeedServer, postgres::Database, scratch, service::PATIENCE};

const TRANSITIONS: &str = "sectorwatch_sector_transitions_total{kind=\"airspace_changed\"}";

/// Three flights: two in WEST, one in EAST.
pub(super) fn flights(moved: f64) -> [crate::support::documents::Pilot; 3] {
    [at("QFA1", 115.0 + moved), at("QFA2", 125.0 + moved), at("QFA3", 140.0 + moved)]
}

pub(super) const EXPECTED: [&str; 5] = [
    "QFA1 WEST 0-15 116 airspace_changed",
    "QFA1 NEW 30-  open",
    "QFA2 WEST 0-15 126 airspace_changed",
    "QFA2 EAST 30-  open",
    "QFA3 EAST 0-  open",
];

#[test]
fn visits_of_a_vanished_sector_end_where_they_were_last_observed_and_the_others_stay() {
    let (database, feed) = (Database::migrated(), FeedServer::start());
    let file = scratch::dir("airspace").join("airspace.geojson");
    write(&file, &BEFORE);
    let mut service = serving(&database, &feed, &file).start();
    assert_eq!(service.metric(TRANSITIONS), 0.0);
    service.take(&feed, &document(0, flights(0.0)));
    service.take(&feed, &document(15, flights(1.0)));
    let before = revision(&service);
    write(&file, &AFTER);
    hang_up(&mut service, "applied");
    let after = revision(&service);
    service.await_cycles("unchanged", 2);
    assert_eq!(visits(&database).len(), 3, "nothing changes before the next snapshot");
    let open = "select count(*) from flight_sector_occupancy where exit_timestamp is null";
    assert_eq!(database.client().count(open), 3);

    service.take(&feed, &document(30, flights(2.0)));
    assert_eq!(visits(&database), EXPECTED);
    let revisions = "select string_agg(airspace_revision, ' ' order by callsign, entry_timestamp, id) \
         from flight_sector_occupancy";
    let expected = [&before, &after, &before, &after, &before].map(String::as_str).join(" ");
    assert_eq!(database.client().one(revisions), expected);
    let state = "select airspace_revision from collector_state";
    assert_eq!(database.client().one(state), after);
    assert_eq!(service.metric(TRANSITIONS), 2.0);
    service.take(&feed, &document(45, flights(2.0)));
    let ledger = "select string_agg(format('%s%s', entered, airspace_changed), ' ' order by id) \
         from poll_cycles where outcome = 'success'";
    assert_eq!(database.client().one(ledger), "30 00 22 00");
    assert_eq!(visits(&database), EXPECTED, "once");
}

#[test]
fn a_start_with_another_airspace_ends_them_alike() {
    let (database, feed) = (Database::migrated(), FeedServer::start());
    let file = scratch::dir("airspace").join("airspace.geojson");
    write(&file, &BEFORE);
    let mut service = serving(&database, &feed, &file).start();
    service.take(&feed, &document(0, flights(0.0)));
    service.take(&feed, &document(15, flights(1.0)));
    service.kill();
    write(&file, &AFTER);
    let mut service = serving(&database, &feed, &file).start();
    service.await_cycles("unchanged", 1);
    assert_eq!(visits(&database).len(), 3, "nothing changes before the next snapshot");
    service.take(&feed, &document(30, flights(2.0)));
    assert_eq!(visits(&database), EXPECTED);
}

#[test]
fn a_sector_that_is_back_before_the_next_snapshot_keeps_its_visits() {
    let (database, feed) = (Database::migrated(), FeedServer::start());
    let file = scratch::dir("airspace").join("airspace.geojson");
    write(&file, &BEFORE);
    let mut service = serving(&database, &feed, &file).start();
    service.take(&feed, &document(0, flights(0.0)));
    let before = revision(&service);
    for bands in [AFTER, BEFORE] {
        write(&file, &bands);
        hang_up(&mut service, "applied");
    }
    assert_eq!(revision(&service), before);
    service.take(&feed, &document(15, flights(1.0)));
    assert_eq!(
        visits(&database),
        ["QFA1 WEST 0-  open", "QFA2 WEST 0-  open", "QFA3 EAST 0-  open"]
    );
}

#[test]
fn an_absent_flight_and_one_that_left_the_boundary_end_alike() {
    let (database, feed) = (Database::migrated(), FeedServer::start());
    let file = scratch::dir("airspace").join("airspace.geojson");
    write(&file, &BEFORE);
    let mut service = serving(&database, &feed, &file).start();
    service.take(&feed, &document(0, flights(0.0)));
    write(&file, &AFTER);
    hang_up(&mut service, "applied");
    // The pause is too long, too: the airspace comes first.
    service.take(&feed, &document(901, [at("QFA2", 170.0)]));
    assert_eq!(
        visits(&database),
        [
            "QFA1 WEST 0-0 115 airspace_changed",
            "QFA2 WEST 0-0 125 airspace_changed",
            "QFA3 EAST 0-0 140 unobserved",
        ]
    );
}

/// A transition that waits in the queue keeps the revision in which it was found.
#[test]
fn a_queue_that_is_applied_after_the_change_holds_what_it_was_queued_with() {
    let (database, feed) = (Database::migrated(), FeedServer::start());
    let file = scratch::dir("airspace").join("airspace.geojson");
    write(&file, &BEFORE);
    let mut service = serving(&database, &feed, &file).start();
    let before = revision(&service);
    let client = database.client();
    client.run("alter table flight_sector_occupancy rename to away");
    feed.publish(&document(0, flights(0.0)));
    service.await_cycles("sectors_error", 1);
    assert_eq!(client.count("select count(*) from pending_transitions"), 3);
    write(&file, &AFTER);
    hang_up(&mut service, "applied");
    client.run("alter table away rename to flight_sector_occupancy");
    service.wait_until("the queue is empty", PATIENCE, |_| {
        client.count("select count(*) from pending_transitions") == 0
    });
    let revisions = "select distinct airspace_revision from flight_sector_occupancy";
    assert_eq!(client.one(revisions), before);
    service.take(&feed, &document(15, flights(1.0)));
    assert_eq!(
        visits(&database)[..2],
        ["QFA1 WEST 0-0 115 airspace_changed", "QFA1 NEW 15-  open"]
    );
    assert_eq!(collection(&BEFORE).matches("WEST").count(), 2);
}

/// The flights transaction fails after the change: the next one does what it did not.
#[test]
fn a_flights_phase_that_fails_after_the_change_is_made_up_for_once() {
    let (database, feed) = (Database::migrated(), FeedServer::start());
    let file = scratch::dir("airspace").join("airspace.geojson");
    write(&file, &BEFORE);
    let mut service = serving(&database, &feed, &file).start();
    service.take(&feed, &document(0, flights(0.0)));
    service.take(&feed, &document(15, flights(1.0)));
    let client = database.client();
    client.run("alter table pending_transitions rename to away");
    write(&file, &AFTER);
    hang_up(&mut service, "applied");
    feed.publish(&document(30, flights(2.0)));
    service.await_cycles("flights_error", 2);
    client.run("alter table away rename to pending_transitions");
    service.await_cycles("success", 1);
    assert_eq!(visits(&database), EXPECTED);
    assert_eq!(service.metric(TRANSITIONS), 2.0);
}
