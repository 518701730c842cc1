//! Another airspace, on SIGHUP, when its files change, or at a start: which one is in force, and what becomes of the
//! visits.

mod files;
mod levels;
mod signal;
mod visits;
mod writer;

use std::{fs, path::Path};

use nix::sys::signal::Signal;
use serde_json::{Value, json};

use crate::support::{
    documents::{Feed, Pilot},
    feed_server::FeedServer,
    postgres::Database,
    service::{PATIENCE, Service, Setup},
};

const RELOADS: &str = "sectorwatch_airspace_reloads_total";

/// A sector between two longitudes, from 40 to 30 degrees south.
type Band = (&'static str, i32, i32);

/// The first airspace.
const BEFORE: [Band; 2] = [("WEST", 110, 130), ("EAST", 130, 150)];
/// Without WEST. EAST is larger, and NEW is where WEST was.
const AFTER: [Band; 2] = [("NEW", 110, 120), ("EAST", 120, 150)];

/// An airspace file with these sectors in one boundary.
fn collection(bands: &[Band]) -> String {
    let polygon = |west: i32, east: i32| json!({"type": "Polygon", "coordinates": [[[west, -40], [east, -40], [east, -30], [west, -30], [west, -40]]]});
    let feature = |properties: Value, west, east| json!({"type": "Feature", "properties": properties, "geometry": polygon(west, east)});
    let mut features = vec![feature(json!({"role": "boundary"}), 100, 160)];
    features.extend(bands.iter().map(|(id, west, east)| {
        feature(
            json!({"role": "sector", "id": id, "callsigns": [format!("{id}_CTR")]}),
            *west,
            *east,
        )
    }));
    json!({"type": "FeatureCollection", "features": features}).to_string()
}

fn write(file: &Path, bands: &[Band]) {
    fs::write(file, collection(bands)).expect("write the airspace");
}

/// A flight at this longitude, in the middle of its sector's latitudes.
fn at(callsign: &str, longitude: f64) -> Pilot {
    Pilot::new(callsign, 1).at(-35.0, longitude)
}

/// `serve` with this airspace.
fn serving(database: &Database, feed: &FeedServer, airspace: &Path) -> Setup {
    let airspace = airspace.to_str().expect("a path");
    Setup::serve(database, feed).env("SECTORWATCH_AIRSPACE", airspace)
}

/// The reloads with this outcome so far.
fn reloads(service: &Service, outcome: &str) -> f64 {
    service.metric(&format!("{RELOADS}{{outcome=\"{outcome}\"}}"))
}

/// Waits for the next reload with this outcome after `ask`, and checks that there is no other.
fn reload_by(service: &mut Service, outcome: &str, ask: impl FnOnce(&Service)) {
    let (all, these) = (service.metric(RELOADS), reloads(service, outcome));
    ask(service);
    let what = format!("a reload that ends with {outcome}");
    service.wait_until(&what, PATIENCE, |it| reloads(it, outcome) > these);
    assert_eq!(service.metric(RELOADS), all + 1.0, "no other");
    assert_eq!(service.status()["airspace"]["last_reload"]["outcome"], outcome);
    let is_failure = f64::from(outcome == "failed");
    assert_eq!(service.metric("sectorwatch_airspace_reload_failed"), is_failure);
}

/// Sends SIGHUP, and waits for the reload with this outcome.
fn hang_up(service: &mut Service, outcome: &str) {
    reload_by(service, outcome, |service| service.signal(Signal::SIGHUP));
}

/// The revision that the status, the metrics and the page agree on.
fn revision(service: &Service) -> String {
    let status = service.status();
    let revision = status["airspace"]["revision"].as_str().expect("a revision").to_owned();
    let info = |name: &str| service.metric(&format!("sectorwatch_{name}\"{revision}\"}}"));
    assert_eq!(info("airspace_info{revision="), 1.0);
    assert_eq!(service.metric("sectorwatch_airspace_info"), 1.0, "no other series");
    assert_eq!(info("config_info{airspace_revision="), 1.0);
    assert_eq!(service.metric("sectorwatch_config_info"), 1.0, "no other series");
    revision
}

/// The ids of the sectors in the status.
fn sectors(service: &Service) -> Vec<String> {
    let status = service.status();
    let sectors = status["sectors"].as_array().expect("sectors");
    sectors.iter().map(|it| it["name"].as_str().expect("a name").to_owned()).collect()
}

/// The document of this second with these flights.
fn document(second: i64, pilots: impl IntoIterator<Item = Pilot>) -> Feed {
    Feed::second(second).pilots(pilots)
}

/// All visits: callsign, sector, seconds of entry and exit, longitude of the exit, reason.
fn visits(database: &Database) -> Vec<String> {
    database.client().column(
        "select format('%s %s %s-%s %s %s', callsign, sector_name, \
             extract(epoch from entry_timestamp - '2025-01-01 12:00Z')::float8, \
             extract(epoch from exit_timestamp - '2025-01-01 12:00Z')::float8, \
             coalesce(exit_lon::text, ''), coalesce(exit_reason, 'open')) \
         from flight_sector_occupancy order by callsign, entry_timestamp, id",
    )
}
