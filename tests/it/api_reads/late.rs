//! Who logged on long ago and is seen only now, and what ends long ago, changes what was closed.

use std::{fs, path::PathBuf};

use serde_json::json;

use crate::support::{
    documents::{Controller, Feed, Pilot, inside, second},
    feed_server::FeedServer,
    postgres::Database,
    scratch,
    service::Setup,
};

const DAY_SECONDS: i64 = 86_400;

#[test]
fn who_logged_on_days_ago_raises_the_version_of_the_data() {
    let (feed, database) = (FeedServer::start(), Database::migrated());
    let mut service = Setup::serve(&database, &feed).start();
    let at = 4 * DAY_SECONDS;
    let pilot =
        |callsign: &str, cid, logon| Pilot::new(callsign, cid).inside("SYD").logon(&second(logon));
    let first = |number| Feed::second(at + number).pilot(pilot("QFA1", 900_001, at - 600));
    let client = database.client();
    let mut version = 0;
    let mut raised = |what: &str, document: &Feed, expected: bool| {
        service.take(&feed, document);
        let now: i64 =
            client.one("select data_version from collector_state").parse().expect("a number");
        assert_eq!(now > version, expected, "{what}: {version}, {now}");
        version = now;
    };
    raised("the first writer", &first(0), true);
    raised("the same", &first(15), false);
    let fresh = pilot("QFA2", 900_002, at);
    raised("a pilot of now", &first(30).pilot(fresh.clone()), false);
    let late = pilot("QFA3", 900_003, at - 3 * DAY_SECONDS);
    raised("a pilot of days ago", &first(45).pilot(fresh).pilot(late.clone()), true);
    // What a closed span shows of the flight goes on changing.
    let with_late = |number| first(number).pilot(late.clone());
    raised("the same pilot", &with_late(60), true);
    raised("without that pilot", &first(75), false);
    let controller = |callsign: &str, cid, logon: i64| {
        Controller::new(callsign, cid).set("logon_time", second(logon).into())
    };
    let local = controller("SY_TWR", 900_011, at);
    raised("a controller of now", &first(90).controller(local), false);
    let guest = controller("SY_APP", 900_012, at - 3 * DAY_SECONDS);
    raised("a controller of days ago", &first(105).controller(guest.clone()), true);
    raised("the same controller", &first(120).controller(guest), true);
    raised("without that controller", &first(135), false);
}

fn version(database: &Database) -> i64 {
    let version = database.client().one("select data_version from collector_state");
    version.parse().expect("a number")
}

/// A boundary without sectors: there are neither visits nor control.
fn without_sectors() -> PathBuf {
    let file = scratch::dir("airspace").join("boundary.geojson");
    let boundary = json!({"type": "FeatureCollection", "features": [{
        "type": "Feature", "properties": {"role": "boundary"}, "geometry": {"type": "Polygon",
            "coordinates": [[[110, -45], [160, -45], [160, -10], [110, -10], [110, -45]]]},
    }]});
    fs::write(&file, boundary.to_string()).expect("write the airspace");
    file
}

/// A flight with its radio, which logged on ten minutes before `since`.
fn heard(since: i64, at: i64, callsign: &str, cid: i32) -> Feed {
    let logon = second(since - 600);
    let pilot = Pilot::new(callsign, cid).logon(&logon);
    let controller = Controller::new("ML_CTR", 900_021).set("logon_time", logon.into());
    let place = inside("YMMM");
    let feed = Feed::second(at).pilot(pilot).controller(controller);
    feed.radio("ML_CTR", 124_700_000, place).radio(callsign, 124_700_000, place)
}

/// The flight of the row is not in the snapshot, so that nothing but its contact is late.
#[test]
fn contact_that_ends_days_late_raises_the_version_of_the_data() {
    let (feed, database) = (FeedServer::start(), Database::migrated());
    let airspace = without_sectors();
    let mut service = Setup::serve(&database, &feed)
        .env("SECTORWATCH_AIRSPACE", airspace.to_str().expect("UTF-8"))
        .start();
    let ended = "select count(*) from flight_radio_intervals where to_timestamp is not null";
    let client = database.client();
    let mut before = 0;
    for (at, callsign, cid, rows, is_raised) in [
        // The first snapshot is the first writer's.
        (4 * DAY_SECONDS, "QFA1", 900_001, 0, true),
        // The second flight is there, and the first one ended a moment ago.
        (4 * DAY_SECONDS + 90, "QFA2", 900_002, 1, false),
        (7 * DAY_SECONDS, "QFA3", 900_003, 2, true),
        (7 * DAY_SECONDS + 90, "QFA4", 900_004, 3, false),
    ] {
        service.take(&feed, &heard(at, at, callsign, cid));
        assert_eq!(client.count(ended), rows, "{callsign}");
        let begun = version(&database);
        assert_eq!(begun > before, is_raised, "{callsign}");
        service.take(&feed, &heard(at, at + 15, callsign, cid));
        assert_eq!(version(&database), begun, "{callsign} goes on");
        before = begun;
    }
    let spared = "select count(*) from flight_sector_occupancy";
    assert_eq!(client.count(spared), 0, "no visit that could raise it");
    assert_eq!(client.count("select count(*) from sector_control"), 0, "nor control");
}

/// Nothing was stored for days, so that the sectors' control is unknown since then.
#[test]
fn control_that_is_known_days_late_raises_the_version_of_the_data() {
    let (feed, database) = (FeedServer::start(), Database::migrated());
    let mut service = Setup::serve(&database, &feed).start();
    let empty = |at: i64| {
        let logon = second(at - 600);
        let controller = Controller::new("SY_TWR", 900_011).set("logon_time", logon.into());
        Feed::second(at).controller(controller)
    };
    let mut raised = |at: i64| {
        let before = version(&database);
        service.take(&feed, &empty(at));
        version(&database) > before
    };
    raised(4 * DAY_SECONDS);
    assert!(!raised(4 * DAY_SECONDS + 90), "a moment is unknown");
    assert!(raised(7 * DAY_SECONDS), "days are unknown");
    assert!(!raised(7 * DAY_SECONDS + 15));
}
