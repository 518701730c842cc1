//! 35 flights from the feed to every place where they are shown.

use super::{count, polls, visits};
use crate::support::{
    documents::{Controller, inside, spread},
    feed_server::FeedServer,
    postgres::Database,
    service::Setup,
};

#[test]
fn thirty_five_flights() {
    let (database, feed) = (Database::migrated(), FeedServer::start());
    let mut service = Setup::serve(&database, &feed).start();
    let documents = polls(&[("QFA1", "SYD 120 | MEL 150"), ("QFA2", "OUT 400 | OUT 400")]);
    for document in documents {
        let document = document
            .pilots(spread(34))
            .controller(Controller::new("SY_APP", 7))
            .radio("QFA1", 118_700_000, inside("SYD"))
            .radio("SY_APP", 124_700_000, inside("SYD"))
            .radio("QFA2", 118_700_000, inside("SYD"));
        service.take(&feed, &document);
    }

    assert_eq!(count(&database, "flights"), 35);
    assert_eq!(count(&database, "flight_positions"), 70);
    assert_eq!(count(&database, "controllers"), 1);
    let radios = "select callsign from transceivers order by 1";
    assert_eq!(database.client().column(radios), ["QFA1", "SY_APP"]);
    let visits = visits(&database);
    assert_eq!(visits.len(), 36);
    assert_eq!(visits[..2], ["QFA1 SYD 0-15 crossed", "QFA1 MEL 15- open"]);
    assert!(visits[2..].iter().all(|visit| visit.ends_with(" 0- open")));

    let status = service.status();
    assert_eq!(status["airspace"]["flights"], 35, "{status:#}");
    let sectors = status["sectors"].to_string();
    assert!(sectors.contains("MEL"), "{sectors}");
    let metric = |series: &str| service.metric(series);
    assert_eq!(metric("sectorwatch_sector_occupancy_aircraft{sector=\"MEL\"}"), 1.0);
    assert_eq!(metric("sectorwatch_sector_occupancy_aircraft"), 35.0);
    assert_eq!(metric("sectorwatch_sector_transitions_pending"), 0.0);

    let history = service.get("/api/flights/QFA1").json().to_string();
    for told in ["\"SYD\"", "\"MEL\"", "\"crossed\"", "2025-01-01T12:00:15"] {
        assert!(history.contains(told), "{told} in {history}");
    }
    assert_eq!(service.get("/api/flights/QFA2").status, 404);
}
