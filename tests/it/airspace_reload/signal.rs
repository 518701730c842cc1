//! SIGHUP with good, bad and unchanged files, and without a file.

use std::fs;

use nix::sys::signal::Signal;
use serde_json::Value;

use super::{AFTER, BEFORE, at, document, hang_up, reloads, revision, sectors, serving, write};
use crate::support::{
    feed_server::FeedServer,
    postgres::Database,
    scratch,
    service::{PATIENCE, Setup},
};

#[test]
fn a_good_file_takes_effect_as_a_whole_and_a_bad_one_changes_nothing() {
    let (database, feed) = (Database::migrated(), FeedServer::start());
    let file = scratch::dir("airspace").join("airspace.geojson");
    write(&file, &BEFORE);
    let mut service = serving(&database, &feed, &file).start();
    for outcome in ["applied", "unchanged", "failed", "built_in"] {
        assert_eq!(reloads(&service, outcome), 0.0, "{outcome}");
    }
    service.take(&feed, &document(0, [at("QFA1", 115.0)]));
    let before = revision(&service);
    let spelled = fs::read_to_string(&file).expect("read").replace(",", " , ");
    fs::write(&file, spelled).expect("write");
    hang_up(&mut service, "unchanged");
    assert_eq!(revision(&service), before);

    for bad in [
        "",
        "{\"type\":\"FeatureCollection\",\"feat",
        "{\"type\":\"FeatureCollection\",\"features\":[]}",
    ] {
        fs::write(&file, bad).expect("write");
        hang_up(&mut service, "failed");
        let error = service.status()["airspace"]["last_reload"]["error"].to_string();
        assert!(error.contains("airspace.geojson"), "{error}");
        assert!(!error.contains('/'), "the public reads it: {error}");
        assert_eq!(
            (revision(&service), sectors(&service)),
            (before.clone(), vec!["WEST".into(), "EAST".into()])
        );
    }
    fs::remove_file(&file).expect("remove");
    hang_up(&mut service, "failed");
    service.take(&feed, &document(15, [at("QFA1", 115.0)]));
    assert_eq!(service.metric("sectorwatch_sector_occupancy_aircraft{sector=\"WEST\"}"), 1.0);
    let told = service.logged("the one before stays in force");
    let path = file.to_str().expect("UTF-8");
    let has_path = |line: &&Value| line["error"].as_str().is_some_and(|it| it.contains(path));
    assert_eq!((told.len(), told.iter().filter(has_path).count()), (4, 4));

    write(&file, &AFTER);
    hang_up(&mut service, "applied");
    assert_ne!(revision(&service), before);
    assert_eq!(sectors(&service), ["NEW", "EAST"]);
    assert_eq!(service.metric("sectorwatch_sector_occupancy_aircraft"), 0.0);
    let page = service.get("/metrics").text();
    assert!(
        !page.contains("sector=\"WEST\"") && page.contains("staffed{sector=\"NEW\"}"),
        "{page}"
    );
    let page = service.get("/?format=html&always200=1").text();
    assert!(page.contains(&revision(&service)) && !page.contains("WEST"), "{page}");
}

#[test]
fn the_built_in_airspace_has_nothing_to_read_and_a_hang_up_ends_neither_start_nor_stop() {
    let (database, feed) = (Database::migrated(), FeedServer::start());
    let mut service = Setup::serve(&database, &feed).start();
    hang_up(&mut service, "built_in");
    assert_eq!(service.logged("no file to read").len(), 1);
    service.signal(Signal::SIGTERM);
    service.signal(Signal::SIGHUP);
    assert_eq!(service.await_end(PATIENCE).code(), Some(0));
}
