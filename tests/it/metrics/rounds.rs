//! Causes every event of a feed and of other database clients, so that each label value is counted at least
//! once.

use std::{
    io::{Read as _, Write as _},
    net::{SocketAddr, TcpStream},
};

use serde_json::{Value, json};

use super::{fresh, page::families, scrape};
use crate::support::{
    documents::{Controller, Feed, OUTSIDE, Pilot, inside, spread},
    feed_server::{Answer, FeedServer, MAIN, TRANSCEIVERS},
    service::{PATIENCE, Service},
};

/// The sectors of the built-in airspace, and who staffs each.
const SECTORS: [(&str, &str); 10] = [
    ("YBBB", "BN-TSN_FSS"),
    ("YMMM", "ML-ASP_CTR"),
    ("SYD", "SY_TWR"),
    ("MEL", "ML_APP"),
    ("BNE", "BN_APP"),
    ("ADL", "AD_APP"),
    ("PER", "PH_APP"),
    ("CNS", "CS_APP"),
    ("CBR", "CB_APP"),
    ("DRW", "DN_APP"),
];

fn value_of(document: &Feed) -> Value {
    serde_json::from_str(&document.json()).expect("JSON")
}

fn publish(service: &mut Service, feed: &FeedServer, document: &Value) {
    let target = service.cycles_of("success") + 1;
    feed.answer(MAIN, Answer::ok(document.to_string()));
    service.wait_until("stored", 4 * PATIENCE, |it| it.cycles_of("success") >= target);
}

/// A flight in each sector, a controller for each, and one of each kind beside them.
fn full_house(second: i64) -> Feed {
    let mut document = Feed::second(second).pilot(Pilot::new("FAR1", 1).at(OUTSIDE.0, OUTSIDE.1));
    document = document.pilot(Pilot::new("VHNOP", 2).no_plan());
    for (number, (sector, callsign)) in (10..).zip(SECTORS) {
        document = document
            .pilot(Pilot::new(&format!("QFA{number}"), number).inside(sector))
            .controller(Controller::new(callsign, 100 + number))
            .radio(callsign, 118_700_000, inside(sector));
    }
    let others = ["SY_DEL", "SY_GND", "SY_OBS"];
    (200..).zip(others).fold(document, |document, (number, callsign)| {
        document.controller(Controller::new(callsign, number))
    })
}

/// Makes each optional field unreadable once.
fn unreadable(document: &mut Value, page: &str) {
    let families = families(page);
    let family = families.iter().find(|it| it.name == "sectorwatch_feed_fields_unreadable_total");
    for labels in family.expect("the family").children.keys() {
        let label = |wanted| labels.iter().find(|(name, _)| name == wanted).map(|(_, of)| of);
        let (Some(kind), Some(field)) = (label("kind"), label("field")) else { continue };
        let list = match kind.as_str() {
            "pilot" => "pilots",
            "controller" => "controllers",
            _ => "atis",
        };
        let list = document[list].as_array_mut().expect("a list");
        let Some(mut record) = list.last().cloned() else { continue };
        record["callsign"] = json!(format!("{}{:03}", &kind[..1].to_uppercase(), list.len()));
        record["cid"] = json!(900_000 + list.len());
        let bad = json!({"neither": "text nor number"});
        match field.split_once('.') {
            Some((plan, part)) => record[plan][part] = bad,
            None if field == "flight_plan" => record[field.as_str()] = json!(7),
            None => record[field.as_str()] = bad,
        }
        list.insert(0, record);
    }
}

#[test]
fn a_round_of_all_that_a_feed_can_hold() {
    let (database, feed, setup) = fresh(None);
    let setup = setup
        .env("SECTORWATCH_AUDIT_INTERVAL", "1s")
        .env("SECTORWATCH_HTTP_MAX_CONNECTIONS", "500")
        .fault("cycle.filter=block:1500;cycle.collect=block:1500;cycle.publish=block:1500;release.api=lose");
    let mut service = setup.start();
    let page = scrape(&service);
    // Good records first, so that the list is accepted.
    feed.publish(&full_house(15));
    for phase in ["filter", "collect", "publish"] {
        let running = format!("sectorwatch_poll_phase_running{{phase=\"{phase}\"}}");
        awaited(&mut service, &running, 1.0);
    }
    service.wait_until("stored", PATIENCE, |it| it.cycles_of("success") == 1);
    service.get("/api/flights/QFA10");
    awaited(&mut service, "sectorwatch_db_pool_unaccounted_connections{pool=\"read\"}", 1.0);
    let mut document = value_of(&full_house(30).pilots(spread(200)));
    let mut station = document["controllers"][0].clone();
    station["callsign"] = json!("SY_ATIS");
    station["atis_code"] = json!("A");
    document["atis"] = json!([7, station]);
    unreadable(&mut document, &page);
    publish(&mut service, &feed, &document);
    scrape(&service);
    // A missed publication; all flights slow, then absent for a while, then absent for longer.
    let slow = full_house(75).pilots(spread(200).map(|pilot| pilot.kt(5)));
    publish(&mut service, &feed, &value_of(&slow));
    publish(&mut service, &feed, &value_of(&full_house(90)));
    publish(&mut service, &feed, &value_of(&Feed::second(500)));
    publish(&mut service, &feed, &value_of(&full_house(515)));
    // More rows than one statement takes.
    let many = (0..10_050).map(|number| Pilot::new(&format!("MNY{number}"), 2_000_000 + number));
    publish(&mut service, &feed, &value_of(&Feed::second(5000).pilots(many)));
    database.client().run("analyze");
    let answer = Answer::ok(value_of(&Feed::second(10_000)).to_string()).header("ETag", "\"1\"");
    feed.answer(MAIN, answer);
    let unchanged = service.cycles_of("unchanged");
    service.wait_until("304", PATIENCE, |it| it.cycles_of("unchanged") > unchanged + 2);
    // Changed radios, and more of them than are used; then none.
    let radio = json!({"id": 0, "frequency": 118_700_000, "latDeg": -33.9, "lonDeg": 151.2,
        "heightMslM": 0.0, "heightAglM": 0.0, "news": 1});
    let radios = json!([{"callsign": "QFA10", "transceivers": vec![radio; 65]}]);
    feed.answer(TRANSCEIVERS, Answer::ok(radios.to_string()));
    publish(&mut service, &feed, &value_of(&full_house(10_015)));
    feed.answer(TRANSCEIVERS, Answer::ok("[").hanging());
    feed.answer(MAIN, Answer::ok(value_of(&full_house(10_030)).to_string()));
    awaited(&mut service, "sectorwatch_poll_phase_running{phase=\"transceivers\"}", 1.0);
    let estimated = "sectorwatch_rows_estimated{table=\"collector_state\"}";
    awaited(&mut service, estimated, 1.0);
    for coding in ["gzip", "br", "zstd", "identity"] {
        fetch(setup.address(), "/?refresh=off", coding);
        fetch(setup.address(), "/api/v1/live", coding);
    }
    let abandoned = "sectorwatch_http_requests_abandoned_total{route=\"/\"}";
    service.wait_until("a client goes at once", PATIENCE, |service| {
        drop(ask(service.address(), "/?refresh=off", "br"));
        service.metric(abandoned) > 0.0
    });
}

#[test]
fn a_round_of_what_others_do_to_the_tables() {
    let (database, feed, setup) = fresh(None);
    let mut service = setup.start();
    service.take(&feed, &full_house(15));
    let ours = database.client();
    ours.run("begin; lock table controllers in share mode");
    feed.publish(&full_house(30));
    awaited(&mut service, "sectorwatch_poll_phase_running{phase=\"controllers\"}", 1.0);
    ours.run("rollback");
    service.wait_until("stored", PATIENCE, |it| it.cycles_of("success") == 2);
    ours.run("alter table __diesel_schema_migrations rename to elsewhere");
    let unanswered = "sectorwatch_db_errors_total{owner=\"health\"}";
    service.wait_until("the probe fails", PATIENCE, |it| it.metric(unanswered) > 0.0);
    ours.run("alter table elsewhere rename to __diesel_schema_migrations");
    ours.run("update collector_state set generation = generation + 1");
    feed.publish(&full_house(45));
    service.wait_until("told", PATIENCE, |it| it.cycles_of("superseded") > 0);
}

#[test]
fn a_round_without_a_connection() {
    let (_database, feed, setup) = fresh(None);
    let mut service = setup
        .env("SECTORWATCH_INGEST_POOL_SIZE", "2")
        .env("SECTORWATCH_ACQUIRE_TIMEOUT", "500ms")
        .env("SECTORWATCH_POOL_SELF_HEAL", "false")
        .fault("release.flights=lose;release.sectors=lose")
        .start();
    feed.publish(&full_house(15));
    service.wait_until("a time-out", PATIENCE, |it| it.cycles_of("pool_timeout") > 0);
    scrape(&service);
}

fn awaited(service: &mut Service, series: &str, value: f64) {
    service.wait_until(series, PATIENCE, |it| it.metric(series) == value);
}

/// A request that accepts this coding.
fn ask(address: SocketAddr, path: &str, coding: &str) -> TcpStream {
    let mut connection = TcpStream::connect(address).expect("connect");
    let request = format!(
        "GET {path} HTTP/1.1\r\nHost: {address}\r\nAccept: text/html\r\n\
         Accept-Encoding: {coding}\r\nConnection: close\r\n\r\n"
    );
    connection.write_all(request.as_bytes()).expect("ask");
    connection
}

fn fetch(address: SocketAddr, path: &str, coding: &str) {
    let mut connection = ask(address, path, coding);
    let mut answer = Vec::new();
    connection.read_to_end(&mut answer).expect("an answer");
    assert!(answer.starts_with(b"HTTP/1.1 200"), "{}", String::from_utf8_lossy(&answer));
}
