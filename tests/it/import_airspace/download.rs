//! `--download vatspy`, from a server on loopback in place of the network's.

use std::{fs, net::TcpListener};

use serde_json::{Value, json};

use super::{report, run, text};
use crate::support::{
    feed_server::{Answer, FeedServer},
    scratch,
};

const API: &str = "/api/map_data/";
const HASH: &str = "0123456789abcdef0123456789abcdef01234567";
const ROWS: &str = "[FIRs]\nXAAA|Alpha|AL|XAAA\nXBBB|Beta||XBBB\n[UIRs]\n";

fn boundaries() -> String {
    let feature = |id: &str, division: &str, west: i32| {
        let east = west + 1;
        let ring = [[west, 0], [east, 0], [east, 1], [west, 1], [west, 0]];
        json!({
            "type": "Feature",
            "properties": {"id": id, "oceanic": "0", "division": division},
            "geometry": {"type": "MultiPolygon", "coordinates": [[ring]]},
        })
    };
    let features = [feature("XAAA", "ONE", 0), feature("XBBB", "TWO", 1)];
    json!({"type": "FeatureCollection", "features": features}).to_string()
}

/// A server with the API and both files.
fn network() -> FeedServer {
    let network = FeedServer::start();
    let answer = json!({
        "current_commit_hash": HASH,
        "vatspy_dat_url": network.url("/raw/VATSpy.dat"),
        "fir_boundaries_geojson_url": network.url("/raw/Boundaries.geojson"),
    });
    network.answer(API, Answer::ok(answer.to_string()));
    network.answer("/raw/VATSpy.dat", Answer::ok(ROWS).gzip());
    network.answer("/raw/Boundaries.geojson", Answer::ok(boundaries()));
    network
}

/// The arguments of a download from this address.
fn download<'a>(api: &'a str, more: &[&'a str]) -> Vec<&'a str> {
    let head = ["import-airspace", "--download", "vatspy", "--download-from", api];
    head.into_iter().chain(more.iter().copied()).collect()
}

#[test]
fn the_current_files_are_imported_with_their_commit_and_licence() {
    let (network, dir) = (network(), scratch::dir("download"));
    let (api, profile) = (network.url(API), dir.join("mine.geojson"));
    let more = ["--division", "ONE", "--report", "json", "-o", text(&profile)];
    let ended = run(&download(&api, &more));
    assert_eq!((ended.code, &*ended.stdout), (Some(0), ""), "{}", ended.stderr);
    let told = report(&ended);
    assert_eq!(told["written"], json!({"sectors": 1, "volumes": 1, "positions": 4}));
    let notice = told["warnings"][0].as_str().expect("the notice");
    assert!(notice.contains("VAT-Spy") && notice.contains("CC BY-SA 4.0"), "{notice}");
    let written: Value =
        serde_json::from_slice(&fs::read(&profile).expect("a file")).expect("JSON");
    let dataset = &written["dataset"];
    assert_eq!(dataset, &told["dataset"]);
    for (member, expected) in [
        ("format", "vatspy"),
        ("version", HASH),
        ("source_url", &*api),
        ("licence", "CC BY-SA 4.0"),
        ("name", "VAT-Spy Client Data Project"),
    ] {
        assert_eq!(dataset[member], expected, "{member}");
    }
    // The files that were got by hand are the same.
    let (rows, drawn) = (dir.join("VATSpy.dat"), dir.join("Boundaries.geojson"));
    fs::write(&rows, ROWS).expect("write");
    fs::write(&drawn, boundaries()).expect("write");
    let by_hand = run(&["import-airspace", text(&rows), text(&drawn), "--division", "ONE"]);
    let by_hand: Value = serde_json::from_str(&by_hand.stdout).expect("JSON");
    assert_eq!(dataset["sha256"], by_hand["dataset"]["sha256"]);
    assert_eq!(written["features"], by_hand["features"]);
    // To that, the rest is added, and the report is for people.
    let merge = ["--ids", "XB*", "--source-version", "today", "--merge", text(&profile)];
    let ended = run(&download(&api, &merge));
    assert!(ended.stderr.contains("CC BY-SA 4.0"), "{}", ended.stderr);
    let merged: Value = serde_json::from_str(&ended.stdout).expect("JSON");
    let ids = merged["features"].as_array().expect("features").iter();
    let ids: Vec<&str> = ids.filter_map(|it| it["properties"]["id"].as_str()).collect();
    assert_eq!((ids, &merged["dataset"]["version"]), (vec!["XAAA", "XBBB"], &json!("today")));
}

#[test]
fn what_cannot_be_had_is_named_with_another_way() {
    let nobody = TcpListener::bind("127.0.0.1:0").and_then(|it| it.local_addr());
    let nobody = format!("http://{}/", nobody.expect("a free port"));
    let network = network();
    network.answer("/raw/Boundaries.geojson", Answer::status(404));
    let missing = network.url("/raw/Boundaries.geojson");
    for (api, words) in [
        (&*nobody, [&*nobody, "no connection"]),
        ("http://map.invalid/", ["http://map.invalid/", "must be https"]),
        ("https://map.invalid/", ["https://map.invalid/", "the host is not found"]),
        (&*network.url(API), [&*missing, "404"]),
        (&*network.url("/raw/VATSpy.dat"), ["/raw/VATSpy.dat", "JSON"]),
    ] {
        let ended = run(&download(api, &["-o", "never.geojson"]));
        assert_eq!((ended.code, &*ended.stdout), (Some(1), ""), "{api}");
        for word in words.iter().chain(&["VATSpy.dat", "Boundaries.geojson", "--download"]) {
            assert!(ended.stderr.contains(word), "{api}: {word}: {}", ended.stderr);
        }
    }
}
