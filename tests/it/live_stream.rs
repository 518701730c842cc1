//! The live stream: what a client that applies its events has, and what a client may not do.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use sectorwatch_simulator::{SimulatorSettings, World};
use serde_json::{Value, json};

use crate::support::{
    documents::{Controller, Feed, Pilot},
    feed_server::{Answer, FeedServer, MAIN, TRANSCEIVERS},
    http,
    postgres::Database,
    service::{PATIENCE, Service, Setup},
};
use client::{Event, EventClient, PATH, Said};
use mirror::Mirror;

mod client;
mod demo;
mod limits;
mod mirror;
mod recipes;
mod resumed;

const LIVE: &str = "/api/v1/live";

fn live(service: &Service) -> Value {
    service.get(LIVE).json()
}

fn renders(service: &Service) -> f64 {
    service.metric("sectorwatch_live_renders_total")
}

/// Waits until the stream shows this document.
fn await_shown(service: &mut Service, document: &Feed) {
    let time: DateTime<Utc> = document.time().parse().expect("a time");
    let mark = serde_json::to_value(time).expect("JSON");
    service.wait_until("it is shown", PATIENCE, |it| live(it)["mark"] == mark);
}

fn take(service: &mut Service, feed: &FeedServer, document: &Feed) {
    service.take(feed, document);
    await_shown(service, document);
}

#[test]
fn a_client_is_told_what_changed_and_nothing_twice() {
    let (database, feed) = (Database::migrated(), FeedServer::start());
    let mut service = Setup::serve(&database, &feed).start();
    let one = || Pilot::new("QFA1", 1).inside("SYD");
    take(&mut service, &feed, &Feed::second(0).pilot(one()));
    let mut client = EventClient::connect(service.address(), None);
    let head = client.head.to_lowercase();
    for line in [
        "200 ok",
        "content-type: text/event-stream",
        "cache-control: no-store",
        "x-accel-buffering: no",
    ] {
        assert!(head.contains(line), "{head}");
    }
    assert!(!head.contains("content-encoding"), "{head}");
    assert_eq!(client.said(), Said::Retry("5000".to_owned()));
    let first = client.event().expect("a snapshot");
    assert_eq!((first.name.as_str(), &first.data), ("snapshot", &live(&service)));
    assert_eq!(first.data["data"]["flights"][0]["sector_name"], "SYD");
    assert_eq!(service.metric("sectorwatch_live_clients"), 1.0);

    let before = renders(&service);
    let crossed = Pilot::new("QFA1", 1).inside("MEL");
    let came = Pilot::new("VOZ2", 2).inside("SYD");
    let tower = Controller::new("SY_TWR", 9).set("frequency", json!("120.500"));
    take(&mut service, &feed, &Feed::second(15).pilot(crossed).pilot(came).controller(tower));
    let event = client.event().expect("a cycle");
    assert_eq!(event.name, "cycle");
    let sectors = |name: &str, of: &str| -> Vec<(String, String)> {
        let rows = event.data[name].as_array().expect("rows").iter();
        let text = |row: &Value, of: &str| row[of].as_str().expect("text").to_owned();
        rows.map(|row| (text(row, "callsign"), text(row, of))).collect()
    };
    let pair = |callsign: &str, it: &str| (callsign.to_owned(), it.to_owned());
    assert_eq!(sectors("left", "sector_name"), [pair("QFA1", "SYD")]);
    assert_eq!(sectors("left", "exit_reason"), [pair("QFA1", "crossed")]);
    assert_eq!(sectors("entered", "sector_name"), [pair("QFA1", "MEL"), pair("VOZ2", "SYD")]);
    assert_eq!(event.data["left"][0]["at"], event.data["entered"][0]["at"], "a crossing");
    assert_eq!(event.data["flights"]["set"].as_array().map(Vec::len), Some(1));
    assert_eq!(event.data["controllers"]["online"][0]["callsign"], "SY_TWR");
    assert_eq!(event.data["counts"], json!({"flights": 2, "inside": 2, "controllers": 1}));
    assert_eq!(renders(&service), before + 1.0, "one rendering for a cycle");
    // What does not change the mark is told to nobody.
    service.await_cycles("unchanged", 3);
    assert_eq!(renders(&service), before + 1.0);
    assert_eq!(service.terminate(PATIENCE).code, Some(0));
    assert_eq!(client.event(), None);
}
