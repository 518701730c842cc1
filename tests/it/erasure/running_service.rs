//! A running service applies the list in its next cycle, including to its memory.

use super::*;
use crate::support::{
    feed_server::{Answer, FeedServer, MAIN},
    replay::{recorded, replay},
    service::{PATIENCE, Service},
};

fn shown(service: &Service) -> String {
    service.status().to_string()
}

fn left_out(service: &Service) -> f64 {
    service.metric("sectorwatch_flights_filtered_total{reason=\"forgotten\"}")
}

fn staffed(service: &Service, sector: &str) -> serde_json::Value {
    let status = service.status();
    let sectors = status["sectors"].as_array().expect("sectors");
    let found = sectors.iter().find(|it| it["name"] == sector).expect("the sector");
    found["staffed"].clone()
}

#[test]
fn nothing_of_the_member_is_stored_or_shown_any_more_until_they_are_allowed_again() {
    let (database, feed) = (Database::migrated(), FeedServer::start());
    let client = database.client();
    let mut service = serve(&database, &feed).start();
    for number in 0..3 {
        service.take(&feed, &world(15 * number));
    }
    assert!(shown(&service).contains("QFA1"));
    assert_eq!(staffed(&service, "SYD"), json!(true));
    assert_eq!(left_out(&service), 0.0);

    assert_eq!(forget(&database, &[]).code, Some(0));
    // Memory is dropped even without a newer publication.
    service.await_cycles("unchanged", 3);
    let now = shown(&service);
    assert!(!now.contains("QFA1") && !now.contains("SY_TWR"), "{now}");
    assert_eq!(found(&client), [""; 0]);
    for number in 3..6 {
        service.take(&feed, &world(15 * number));
        assert_eq!(found(&client), [""; 0], "snapshot {number}");
        let now = shown(&service);
        assert!(!now.contains("QFA1") && !now.contains("SY_TWR"), "{now}");
        assert!(now.contains("QFA2"), "{now}");
    }
    assert_eq!(
        left_out(&service),
        9.0,
        "a pilot, a controller and a record that was rejected, each time"
    );
    assert_eq!(staffed(&service, "SYD"), json!(null), "unknown, and not unstaffed");
    assert_ne!(staffed(&service, "MEL"), json!(null));
    assert_eq!(service.get("/api/flights/QFA1").status, 404);
    let other =
        "select count(*) from flight_positions p join flights f on f.id = flight_id where cid = 2";
    assert_eq!(client.count(other), 6, "the others go on");
    assert_eq!(client.count("select count(*) from flight_sector_occupancy"), 1);

    assert_eq!(service.terminate(PATIENCE).code, Some(0));
    let mut service = serve(&database, &feed).start();
    service.take(&feed, &world(90));
    assert_eq!(found(&client), [""; 0], "after a restart, too");

    let allowed = forget(&database, &["--allow-again", "--dry-run"]);
    assert!(allowed.stdout.contains("would be stored again"), "{}", allowed.stdout);
    let allowed = forget(&database, &["--allow-again"]);
    assert!(allowed.stdout.contains("stored again from now on"), "{}", allowed.stdout);
    assert_eq!(client.count("select count(*) from forgotten_members"), 0);
    service.take(&feed, &world(105));
    assert_eq!(client.count(&format!("select count(*) from flights where cid = {CID}")), 1);
    assert!(shown(&service).contains("QFA1"));
    let allowed = forget(&database, &["--allow-again"]);
    assert!(allowed.stdout.contains("is not forgotten"), "{}", allowed.stdout);
    assert_eq!(service.cycles_of("flights_error"), 0);
    assert_eq!(service.terminate(PATIENCE).code, Some(0));
}

#[test]
fn a_replay_obeys_too() {
    let database = Database::migrated();
    assert_eq!(forget(&database, &[]).code, Some(0));
    let documents: Vec<_> = (0..3).map(|number| world(15 * number)).collect();
    let key = [("SECTORWATCH_FORGET_KEY", KEY)];
    let replayed = replay(&[&recorded(&documents)], &database, &key);
    assert_eq!(replayed.code, Some(0), "{}", replayed.stderr);
    assert_eq!(found(&database.client()), [""; 0]);
    assert_eq!(database.client().count("select count(*) from flights"), 1);
}

/// The service that runs the server holds its data directory; `forget` connects to that server.
#[test]
fn it_works_beside_a_service_with_an_embedded_server() {
    let feed = FeedServer::start();
    let serving = Setup::bare(&["serve"])
        .env("SECTORWATCH_FEED_URL", &feed.url(MAIN))
        .env("SECTORWATCH_TRANSCEIVERS_URL", "")
        .env("SECTORWATCH_STATUS_URL", "")
        .env("SECTORWATCH_POLL_INTERVAL", "100ms");
    let data_dir = serving.data_dir().to_str().expect("UTF-8").to_owned();
    let cid = CID.to_string();
    let forgetting = Setup::bare(&["forget", "--cid", &cid, "--data-dir", &data_dir]);
    let mut service = serving.start();
    service.take(&feed, &world(0));
    let done = forgetting.run();
    assert_eq!(done.code, Some(0), "{}", done.stderr);
    assert!(done.stdout.contains("flights: 1\n"), "{}", done.stdout);
    service.take(&feed, &world(15));
    assert!(!shown(&service).contains("QFA1"));
    assert_eq!(service.get("/api/flights/QFA1").status, 404);
    assert_eq!(service.get("/api/flights/QFA2").status, 200);
    assert_eq!(service.terminate(PATIENCE).code, Some(0));
    let again = forgetting.run();
    assert_eq!(again.code, Some(0), "{}", again.stderr);
    assert!(again.stdout.contains("\n0 rows deleted"), "alone, too: {}", again.stdout);
    let mut service = serving.start();
    service.take(&feed, &world(30));
    assert_eq!(service.get("/api/flights/QFA1").status, 404, "the key was found again");
    assert_eq!(service.terminate(PATIENCE).code, Some(0));
}

/// The list is read even while the feed answers "not modified".
#[test]
fn it_is_known_also_while_the_feed_is_not_modified() {
    let (database, feed) = (Database::migrated(), FeedServer::start());
    feed.publish(&world(0));
    feed.answer(MAIN, Answer::ok(world(0).json()).header("ETag", "\"a\""));
    let mut service = serve(&database, &feed).start();
    service.await_cycles("unchanged", 2);
    assert!(shown(&service).contains("QFA1") && shown(&service).contains("SY_TWR"));
    assert_eq!(forget(&database, &[]).code, Some(0));
    service.wait_until("it is shown no more", PATIENCE, |it| {
        let now = shown(it);
        !now.contains("QFA1") && !now.contains("SY_TWR")
    });
    assert_eq!(found(&database.client()), [""; 0]);
    assert_eq!(service.terminate(PATIENCE).code, Some(0));
}

/// Remembered radios of the member are dropped with the rows, so that all of them come back.
#[test]
fn the_radios_of_one_who_is_allowed_again_are_stored_again() {
    let (database, feed) = (Database::migrated(), FeedServer::start());
    let client = database.client();
    let theirs = "select count(*) from transceivers where callsign in ('QFA1', 'SY_TWR')";
    let mut service = serve(&database, &feed).start();
    for (number, options, radios) in [
        (0, &["--dry-run"][..], 2),
        (1, &[], 2),
        (2, &["--allow-again"], 0),
        (3, &["--dry-run"], 2),
    ] {
        service.take(&feed, &world(15 * number));
        assert_eq!(client.count(theirs), radios, "snapshot {number}");
        assert_eq!(forget(&database, options).code, Some(0));
    }
    assert_eq!(client.count("select count(*) from transceivers"), 4);
    assert_eq!(service.terminate(PATIENCE).code, Some(0));
}
