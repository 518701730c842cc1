//! What is not stored has not been observed.

use super::{at_sydney, movements, start};
use crate::support::{
    documents::{Feed, Pilot},
    feed_server::FeedServer,
    postgres::Database,
    service::{PATIENCE, Setup},
};

#[test]
fn a_transaction_that_fails_leaves_the_state_of_the_snapshot_before() {
    let (database, feed) = (Database::migrated(), FeedServer::start());
    let setup = Setup::serve(&database, &feed).env("SECTORWATCH_STATEMENT_TIMEOUT", "500ms");
    let mut service = setup.start();
    service.take(&feed, &at_sydney(0, 0, 21));
    let holder = database.client();
    holder.run("begin; lock table airport_movements in access exclusive mode");
    feed.publish(&at_sydney(15, 140, 900));
    service.await_cycles("flights_error", 1);
    // The second of these began after it was published.
    feed.publish(&at_sydney(30, 140, 1_000));
    service.await_cycles("flights_error", 2);
    assert_eq!(holder.count("select count(*) from airport_movements"), 0);
    holder.run("rollback");
    service.wait_until("it is stored", PATIENCE, |it| it.cycles_of("success") == 2);
    assert_eq!(movements(&database), ["QFA1 takeoff YSSY 30 0"]);
}

#[test]
fn a_flight_that_is_refused_costs_its_own_movement_alone() {
    let (database, feed) = (Database::migrated(), FeedServer::start());
    let mut service = start(&database, &feed);
    let both = |second, kt, alt| {
        let pilot = |callsign, cid| Pilot::new(callsign, cid).inside("SYD").kt(kt).alt(alt);
        Feed::second(second).pilot(pilot("QFA1", 1)).pilot(pilot("QFA2", 2))
    };
    service.take(&feed, &both(0, 0, 21));
    let client = database.client();
    client.run(
        "alter table flights add constraint refused check (callsign <> 'QFA1' or altitude <> 900)",
    );
    service.take(&feed, &both(15, 140, 900));
    assert_eq!(movements(&database), ["QFA2 takeoff YSSY 15 0"]);
    let counted =
        "sectorwatch_rows_written_total{table=\"airport_movements\",operation=\"insert\"}";
    assert_eq!(service.metric(counted), 1.0);
    // It takes off when it is stored again: nothing of it was observed meanwhile.
    service.take(&feed, &both(30, 140, 1_000));
    assert_eq!(movements(&database), ["QFA1 takeoff YSSY 30 0", "QFA2 takeoff YSSY 15 0"]);
}

#[test]
fn a_movement_that_is_stored_already_is_kept_and_not_counted() {
    let (database, feed) = (Database::migrated(), FeedServer::start());
    let mut service = start(&database, &feed);
    service.take(&feed, &at_sydney(0, 0, 21));
    database.client().run(
        "insert into airport_movements (flight_id, icao, kind, at, latitude, longitude) \
         select id, 'KEPT', 'takeoff', '2025-01-01 12:00:15Z', 1, 2 from flights",
    );
    service.take(&feed, &at_sydney(15, 140, 900));
    assert_eq!(movements(&database), ["QFA1 takeoff KEPT 15 -"]);
    let counted =
        "sectorwatch_rows_written_total{table=\"airport_movements\",operation=\"insert\"}";
    assert_eq!(service.metric(counted), 0.0);
}
