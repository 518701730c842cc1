//! A byte order mark before a document is skipped wherever documents are read.

use std::{
    fs,
    io::Write as _,
    path::{Path, PathBuf},
};

use flate2::{Compression, write::GzEncoder};
use serde_json::json;

use crate::support::{
    documents::{Feed, Pilot, inside},
    feed_server::{Answer, FeedServer, MAIN, STATUS, TRANSCEIVERS},
    postgres::Database,
    replay::replay,
    scratch,
    service::{PATIENCE, Setup},
};

fn marked(text: &str) -> String {
    format!("\u{feff}{text}")
}

fn document(second: i64) -> Feed {
    Feed::second(second).pilot(Pilot::new("QFA1", 1).inside("SYD").kt(120)).radio(
        "QFA1",
        118_700_000,
        inside("SYD"),
    )
}

#[test]
fn before_whatever_is_fetched() {
    let (database, feed) = (Database::migrated(), FeedServer::start());
    let (found, radios) = (feed.url(MAIN), feed.url(TRANSCEIVERS));
    let status = json!({"data": {"v3": [found], "transceivers": [radios]}});
    feed.answer(STATUS, Answer::ok(marked(&status.to_string())));
    feed.answer(TRANSCEIVERS, Answer::ok(marked(&document(0).transceivers_json())));
    feed.answer(MAIN, Answer::ok(marked(&document(0).json())));
    let mut service = Setup::bare(&["serve"])
        .env("DATABASE_URL", &database.url())
        .env("SECTORWATCH_STATUS_URL", &feed.url(STATUS))
        .env("SECTORWATCH_POLL_INTERVAL", "100ms")
        .start();
    service.await_cycles("success", 1);
    assert_eq!(service.terminate(PATIENCE).code, Some(0));
    let client = database.client();
    for table in ["flights", "flight_positions", "flight_sector_occupancy", "transceivers"] {
        assert_eq!(client.count(&format!("select count(*) from {table}")), 1, "{table}");
    }
}

#[test]
fn before_a_recording_however_it_is_compressed() {
    let (database, dir) = (Database::migrated(), scratch::dir("marked"));
    let text = |second| marked(&document(second).json());
    fs::write(dir.join("a.json"), text(0)).expect("write");
    let mut gz = GzEncoder::new(Vec::new(), Compression::fast());
    gz.write_all(text(15).as_bytes()).expect("compress");
    fs::write(dir.join("b.json.gz"), gz.finish().expect("compress")).expect("write");
    let zst = zstd::encode_all(text(30).as_bytes(), 1).expect("compress");
    fs::write(dir.join("c.json.zst"), zst).expect("write");
    let ended = replay(&[&dir], &database, &[]);
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    let client = database.client();
    assert_eq!(client.count("select count(*) from poll_cycles where stored"), 3);
    assert_eq!(client.count("select count(*) from flight_positions"), 3);
}

fn airspace(dir: &Path) -> PathBuf {
    let file = dir.join("marked.geojson");
    let square = [[150, -35], [152, -35], [152, -33], [150, -33], [150, -35]];
    let sector = json!({
        "type": "Feature",
        "properties": {"role": "sector", "id": "BOM"},
        "geometry": {"type": "Polygon", "coordinates": [square]},
    });
    let text = json!({"type": "FeatureCollection", "features": [sector]}).to_string();
    fs::write(&file, marked(&text)).expect("write");
    file
}

#[test]
fn before_an_airspace_and_before_the_settings() {
    let (database, dir) = (Database::migrated(), scratch::dir("marked"));
    let file = airspace(&dir);
    let checked = Setup::bare(&["check-airspace", file.to_str().expect("UTF-8")]).run();
    assert_eq!(checked.code, Some(0), "{}{}", checked.stdout, checked.stderr);
    let settings = dir.join("settings.toml");
    fs::write(&settings, marked(&format!("airspace = {file:?}\n"))).expect("write");
    let recording = dir.join("a.json");
    fs::write(&recording, document(0).json()).expect("write");
    let paths = ["--config", settings.to_str().expect("UTF-8"), recording.to_str().expect("UTF-8")];
    let arguments = [&["replay"], &paths[..]].concat();
    let ended = Setup::bare(&arguments).env("DATABASE_URL", &database.url()).run();
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    let sectors = database.client().one("select sector_name from flight_sector_occupancy");
    assert_eq!(sectors, "BOM");
}
