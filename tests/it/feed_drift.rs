//! A feed whose fields become unreadable, or that is truncated: nothing in it is taken for gone, and the
//! service reports it.

use serde_json::{Value, json};

use crate::support::{
    documents::{Controller, Feed, OUTSIDE, Pilot},
    feed_server::{Answer, FeedServer, MAIN},
    postgres::Database,
    service::{PATIENCE, Service, Setup},
};

mod cases;
mod kept;
mod refused;
mod staffed;

/// Each optional field of a pilot with a value of another type.
const OPTIONAL: [(&str, i32); 7] = [
    ("server", 5),
    ("pilot_rating", -1),
    ("military_rating", -1),
    ("transponder", 2000),
    ("heading", -1),
    ("qnh_mb", -1),
    ("flight_plan", 7),
];

/// An unreadable value: a number in place of text, text in place of a number.
fn wrong(value: i32) -> Value {
    if value < 0 { json!("not a number") } else { json!(value) }
}

fn start() -> (Database, FeedServer, Service) {
    let (database, feed) = (Database::migrated(), FeedServer::start());
    let service = Setup::serve(&database, &feed).start();
    (database, feed, service)
}

fn reasons(service: &Service) -> Vec<(String, String)> {
    let status = service.status();
    let reasons = status["reasons"].as_array().expect("a list").iter();
    let text = |value: &Value| value.as_str().expect("text").to_owned();
    reasons.map(|it| (text(&it["code"]), text(&it["message"]))).collect()
}

fn reason(service: &Service, code: &str) -> Option<String> {
    reasons(service).into_iter().find_map(|(it, message)| (it == code).then_some(message))
}

#[test]
fn pilots_that_lose_every_optional_field_stay_and_the_drift_is_told() {
    let (database, feed, mut service) = start();
    let pilot = || Pilot::new("QFA1", 1).inside("SYD");
    service.take(&feed, &Feed::second(0).pilot(pilot()));
    assert_eq!(reason(&service, "schema_drift"), None);
    for at in (1..=30).map(|poll| 15 * poll) {
        let drifted =
            OPTIONAL.iter().fold(pilot(), |it, (field, value)| it.set(field, wrong(*value)));
        service.take(&feed, &Feed::second(at).pilot(drifted));
    }
    let client = database.client();
    let visits = "select count(*) from flight_sector_occupancy where exit_timestamp is null";
    assert_eq!(client.count(visits), 1);
    assert_eq!(client.count("select count(*) from flight_sector_occupancy"), 1);
    assert_eq!(client.count("select count(*) from flight_positions"), 31);
    let message = reason(&service, "schema_drift").expect("drift");
    assert!(message.contains("100 % of the pilots lost the field"), "{message}");
    assert!(OPTIONAL.iter().any(|(field, _)| message.contains(field)), "{message}");
    let drift = &service.status()["feed"]["schema"];
    assert_eq!(drift["pilots_unreadable_ratio"], 1.0);
    assert_eq!(service.metric("sectorwatch_feed_pilots_unreadable_ratio"), 1.0);
    for (field, _) in OPTIONAL {
        let labels = format!("feed=\"v3\",kind=\"pilot\",field=\"{field}\"");
        let series = format!("sectorwatch_feed_fields_unreadable_total{{{labels}}}");
        assert_eq!(service.metric(&series), 30.0, "{field}");
    }
    let rows = client.column(
        "select concat_ws(' ', source, reason, detail, cid, callsign, quote_literal(raw)) \
         from rejected_records order by detail",
    );
    let mut expected = OPTIONAL.map(|(field, _)| format!("pilot field {field} ''"));
    expected.sort();
    assert_eq!(rows, expected, "one an hour");
    assert_eq!(client.one("select sum(rejected) from poll_cycles"), "0");
    let logged = service.logged("the feed has drifted");
    assert_eq!(logged.len(), 1, "{logged:?}");

    service.take(&feed, &Feed::second(465).pilot(pilot()));
    assert_eq!(reason(&service, "schema_drift"), None);
    assert_eq!(service.metric("sectorwatch_feed_pilots_unreadable_ratio"), 0.0);
    service.wait_until("the end is logged", PATIENCE, |it| {
        it.logged("the feed can be read again").len() == 1
    });
}

#[test]
fn one_field_of_the_plan_of_one_pilot_in_twenty_is_drift() {
    let (_database, feed, mut service) = start();
    let planned = |cid: i32, lost: bool| {
        let pilot = Pilot::new(&format!("QFA{cid}"), cid);
        let mut record: Value = serde_json::from_str(&pilot.text()).expect("JSON");
        if lost {
            record["flight_plan"]["remarks"] = json!(["x"]);
        }
        pilot.set("flight_plan", record["flight_plan"].clone())
    };
    for (at, pilots, drifts) in [(15, 20, true), (30, 21, false)] {
        let pilots = (1..=pilots).map(|cid| planned(cid, cid == 1));
        service.take(&feed, &Feed::second(at).pilots(pilots));
        let message = reason(&service, "schema_drift");
        let is_named =
            message.map(|it| it.contains("5 % of the pilots lost the field flight_plan.remarks"));
        assert_eq!(is_named, drifts.then_some(true), "{at}");
    }
}

/// Pilots, of whom `bad` cannot be read.
fn mixed(at: i64, good: i32, bad: i32) -> Feed {
    let far = |cid: i32| Pilot::new(&format!("BAW{cid}"), cid).at(OUTSIDE.0, OUTSIDE.1);
    let good = (0..good).map(|cid| far(1_000 + cid));
    let bad = (0..bad).map(|cid| far(5_000 + cid).set("altitude", json!("high")));
    Feed::second(at).pilots(good).pilots(bad)
}

fn publish_refused(service: &mut Service, feed: &FeedServer, document: impl AsRef<[u8]>) {
    feed.answer(MAIN, Answer::ok(document));
    // A cycle that asked before may still fail because of the document before.
    let asked = feed.requests(MAIN).len();
    service.wait_until("it is asked for", PATIENCE, |_| feed.requests(MAIN).len() > asked);
    service.await_cycles("decode_error", 1);
}

fn on_line(callsign: &str, cid: i32) -> Controller {
    Controller::new(callsign, cid)
}
