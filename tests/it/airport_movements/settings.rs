//! The settings of movements, and airports of one's own.

use std::fs;

use super::{at_sydney, examples, movements};
use crate::support::{
    feed_server::FeedServer,
    postgres::Database,
    replay::{recorded, replay},
    scratch,
    service::Setup,
};

/// Writes a file of airports with these lines.
pub fn airports(lines: &[&str]) -> String {
    let file = scratch::dir("airports").join("airports.csv");
    let text = format!("icao,latitude,longitude,elevation_ft\n{}\n", lines.join("\n"));
    fs::write(&file, text).expect("write");
    file.to_str().expect("UTF-8").to_owned()
}

/// What happens between two observations at Sydney, with these settings.
fn with(settings: &[(&str, &str)], from: (i32, i32), to: (i32, i32)) -> Vec<String> {
    let database = Database::migrated();
    let documents = [at_sydney(0, from.0, from.1), at_sydney(15, to.0, to.1)];
    let ended = replay(&[&recorded(&documents)], &database, settings);
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    movements(&database)
}

#[test]
fn each_threshold_is_a_setting() {
    let takeoff = ["QFA1 takeoff YSSY 15 0"];
    let (ground, air) = ("SECTORWATCH_MOVEMENT_GROUND_KT", "SECTORWATCH_MOVEMENT_AIR_KT");
    assert_eq!(with(&[], (39, 21), (50, 900)), takeoff);
    assert_eq!(with(&[], (40, 21), (50, 900)), [""; 0]);
    assert_eq!(with(&[], (39, 21), (49, 900)), [""; 0]);
    assert_eq!(with(&[(ground, "41")], (40, 21), (50, 900)), takeoff);
    assert_eq!(with(&[(air, "49")], (39, 21), (49, 900)), takeoff);
    // The flight is 0.3 NM from Sydney.
    let radius = "SECTORWATCH_MOVEMENT_RADIUS_NM";
    assert_eq!(with(&[(radius, "0.2")], (39, 21), (50, 900)), [""; 0]);
    assert_eq!(with(&[(radius, "0.4")], (39, 21), (50, 900)), takeoff);
}

#[test]
fn airports_of_a_file_are_the_only_ones() {
    let file = airports(&["ours,-33.95,151.18,600"]);
    let ours = [("SECTORWATCH_AIRPORTS", file.as_str())];
    assert_eq!(with(&ours, (0, 600), (140, 1_500)), ["QFA1 takeoff OURS 15 0"]);
    let elsewhere = airports(&["OURS,-34.95,151.18,0"]);
    assert_eq!(with(&[("SECTORWATCH_AIRPORTS", &elsewhere)], (0, 21), (140, 900)), [""; 0]);
}

#[test]
fn a_bad_file_stops_the_start_with_line_column_and_what_is_allowed() {
    let file = airports(&["YSSY,-33.9461,151.177,21", "YMML,-137.67,144.84,434"]);
    let (database, feed) = (Database::migrated(), FeedServer::start());
    let wrong = format!("{file}: line 3: latitude is `-137.67`; allowed: a number from -90 to 90");
    let serve = Setup::serve(&database, &feed).env("SECTORWATCH_AIRPORTS", &file).run();
    assert_eq!(serve.code, Some(1));
    assert!(serve.stderr.contains(&wrong), "{}", serve.stderr);
    let ended = replay(&[&recorded(&examples())], &database, &[("SECTORWATCH_AIRPORTS", &file)]);
    assert_eq!(ended.code, Some(1));
    assert!(ended.stderr.contains(&wrong), "{}", ended.stderr);
    assert_eq!(database.client().count("select count(*) from flights"), 0);
}
