//! The transition altitude of airspaces that come one after another: that of the setting, or else that of the files.

use std::{fs, path::Path};

use serde_json::{Value, json};

use super::{at, collection, document, hang_up, serving, visits};
use crate::support::{
    documents::Pilot, feed_server::FeedServer, postgres::Database, scratch, service::Service,
};

/// One sector above 15,000 feet, in an airspace that states this transition altitude.
fn write(file: &Path, transition_altitude_ft: Option<i32>) {
    let text = collection(&[("HIGH", 110, 150)]);
    let mut airspace: Value = serde_json::from_str(&text).expect("JSON");
    airspace["features"][1]["properties"]["floor_ft"] = json!(15_000);
    airspace["transition_altitude_ft"] = json!(transition_altitude_ft);
    fs::write(file, airspace.to_string()).expect("write the airspace");
}

/// A flight at 14,500 feet, which is the level 15,367 at its pressure.
fn flight() -> Pilot {
    at("QFA1", 130.0).set("altitude", json!(14_500)).set("qnh_mb", json!(983))
}

fn reload(service: &mut Service, file: &Path, transition_altitude_ft: Option<i32>) {
    write(file, transition_altitude_ft);
    hang_up(service, "applied");
}

#[test]
fn a_setting_holds_for_every_airspace_that_is_read() {
    let (database, feed) = (Database::migrated(), FeedServer::start());
    let file = scratch::dir("airspace").join("airspace.geojson");
    write(&file, Some(10_000));
    let setup = serving(&database, &feed, &file);
    let mut service = setup.env("SECTORWATCH_TRANSITION_ALTITUDE_FT", "18000").start();
    service.take(&feed, &document(0, [flight()]));
    reload(&mut service, &file, Some(12_000));
    service.take(&feed, &document(15, [flight()]));
    assert_eq!(visits(&database), [""; 0], "14,500 ft is below 15,000 ft");
    service.kill();

    // Without the setting, what the file states holds: the level is above the floor.
    let mut service = serving(&database, &feed, &file).start();
    service.take(&feed, &document(30, [flight()]));
    assert_eq!(visits(&database), ["QFA1 HIGH 30-  open"]);
}

#[test]
fn what_the_files_state_holds_from_the_next_snapshot() {
    let (database, feed) = (Database::migrated(), FeedServer::start());
    let file = scratch::dir("airspace").join("airspace.geojson");
    write(&file, None);
    let mut service = serving(&database, &feed, &file).start();
    service.take(&feed, &document(0, [flight()]));
    assert_eq!(visits(&database), ["QFA1 HIGH 0-  open"], "above 10,000 ft, as nothing is stated");
    reload(&mut service, &file, Some(18_000));
    service.take(&feed, &document(15, [flight()]));
    assert_eq!(visits(&database), ["QFA1 HIGH 0-15 130 left"]);
    reload(&mut service, &file, None);
    service.take(&feed, &document(30, [flight()]));
    assert_eq!(visits(&database), ["QFA1 HIGH 0-15 130 left", "QFA1 HIGH 30-  open"]);
}
