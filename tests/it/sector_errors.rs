//! A sector phase that fails: flights are stored, transitions wait, and nothing is lost.

use crate::support::{
    dump,
    feed_server::FeedServer,
    postgres::Database,
    replay::undisturbed,
    schedule::{BEACON, traffic},
    service::{PATIENCE, Service, Setup},
};

const PENDING: &str = "sectorwatch_sector_transitions_pending";

/// Publishes a document, and waits until its flights are stored.
fn observe(service: &mut Service, feed: &FeedServer, number: i64) {
    let document = traffic(number);
    feed.publish(&document);
    let what = format!("publication {number} stored");
    service.wait_until(&what, PATIENCE, |s| s.status()["poller"]["mark"] == document.time());
}

#[test]
fn a_broken_sector_phase_delays_visits_and_nothing_else() {
    let (feed, database) = (FeedServer::start(), Database::of_own_role());
    let superuser = database.client();
    let setup = Setup::serve(&database, &feed);
    let mut service = setup.start();
    (0..10).for_each(|number| service.take(&feed, &traffic(number)));
    let visits = "select count(*), count(exit_timestamp) from flight_sector_occupancy";
    let visits_before = superuser.rows(visits);

    let role = database.role();
    let right = "insert, update on flight_sector_occupancy";
    superuser.run(&format!("revoke {right} from {role}"));
    (10..20).for_each(|number| observe(&mut service, &feed, number));
    assert!(service.cycles_of("sectors_error") >= 8);
    assert_eq!(service.get("/readyz").status, 200);
    assert_eq!(service.status()["poller"]["last_error"]["phase"], "sectors");
    assert_eq!(service.logged("cycles fail").len(), 1, "said once");
    assert_eq!(service.terminate(PATIENCE).code, Some(0));

    // Queued transitions also wait for the next process.
    let mut service = setup.start();
    (20..30).for_each(|number| observe(&mut service, &feed, number));
    assert!(service.cycles_of("sectors_error") >= 8);
    let queued = superuser.count("select count(*) from pending_transitions");
    assert!(queued > 20, "{queued} transitions queued");
    let tells_the_queue = |s: &Service| {
        s.metric(PENDING) == queued as f64
            && s.status()["airspace"]["pending_transitions"] == queued
    };
    service.wait_until("the queue's length told", PATIENCE, tells_the_queue);
    let status = service.status();
    // Flights are stored, so the service works in part.
    assert_eq!(status["status"], "degraded", "{}", status["reasons"]);
    let of_beacon = format!(
        "select count(*) from flight_positions p join flights f on f.id = p.flight_id
         where f.callsign = '{BEACON}'"
    );
    assert_eq!(superuser.count(&of_beacon), 30, "positions went on");
    assert_eq!(superuser.rows(visits), visits_before);

    superuser.run(&format!("grant {right} to {role}"));
    (30..40).for_each(|number| service.take(&feed, &traffic(number)));
    assert_eq!(service.metric(PENDING), 0.0);
    assert_eq!(service.logged("cycles succeed again").len(), 1);
    let open = "select count(*) from flight_sector_occupancy where exit_timestamp is null";
    assert_eq!(service.metric("sectorwatch_sector_open_entries"), superuser.count(open) as f64);
    let documents: Vec<_> = (0..40).map(traffic).collect();
    dump::assert_equal(&database.dump(), &undisturbed(&documents).dump());
}
