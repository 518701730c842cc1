//! Bad records and lists in good documents: each costs only itself.

use serde_json::{Value, json};

use crate::support::{
    documents::{Controller, Feed, OUTSIDE, Pilot, second, spread},
    feed_server::{Answer, FeedServer, MAIN, TRANSCEIVERS},
    postgres::Database,
    service::{Service, Setup},
    sql::Client,
};

fn start(feed: &FeedServer) -> (Database, Service) {
    let database = Database::migrated();
    feed.publish(&Feed::second(0));
    let mut service = Setup::serve(&database, feed).start();
    service.take(feed, &Feed::second(1));
    (database, service)
}

fn rejected(service: &Service, kind: &str, reason: &str) -> f64 {
    let labels = format!("feed=\"v3\",kind=\"{kind}\",reason=\"{reason}\"");
    service.metric(&format!("sectorwatch_feed_records_rejected_total{{{labels}}}"))
}

fn callsigns(client: &Client) -> Vec<String> {
    client.column("select callsign from flights order by callsign")
}

/// A record that a JSON writer would change.
fn with_latitude(callsign: &str, cid: i32, latitude: &str) -> String {
    let pilot = Pilot::new(callsign, cid).last_updated(&second(15));
    let record = pilot.set("latitude", json!("@")).text();
    record.replace("\"@\"", latitude)
}

#[test]
fn a_bad_pilot_is_rejected_with_its_reason_and_all_others_are_stored() {
    let feed = FeedServer::start();
    let (database, mut service) = start(&feed);
    let long = "L".repeat(500);
    let document = Feed::second(15)
        .pilot(Pilot::new("GOOD1", 1))
        .pilot(Pilot::new("HIGH", 2).set("latitude", json!(91)))
        .pilot(Pilot::new("NOWHERE", 3).set("latitude", Value::Null))
        .raw_pilot(&with_latitude("HUGE", 4, "1e999"))
        .pilot(Pilot::new("TEXT", 5).set("latitude", json!("x")))
        .pilot(Pilot::new("BACKING", 6).kt(-5))
        .pilot(Pilot::new("SPACE", 7).alt(1_000_000_000))
        .pilot(Pilot::new(&long, 8))
        .pilot(Pilot::new("DATED", 9).last_updated("yesterday"))
        .pilot(Pilot::new("NOBODY", 0))
        .raw_pilot("17")
        .raw_pilot("null")
        // Enough for the document as a whole to be accepted.
        .pilots(spread(12).map(|it| it.at(OUTSIDE.0, OUTSIDE.1)))
        .pilot(Pilot::new("GOOD2", 10));
    service.take(&feed, &document);

    let client = database.client();
    assert_eq!(callsigns(&client), ["GOOD1", "GOOD2"]);
    let found = client.column(
        "select concat_ws(' ', reason, cid, left(callsign, 8), length(callsign)) \
         from rejected_records where source = 'pilot' order by cid nulls last, id",
    );
    assert_eq!(
        found,
        [
            "range 0 NOBODY 6",
            "range 2 HIGH 4",
            "schema 3 NOWHERE 7",
            "schema 4 HUGE 4",
            "schema 5 TEXT 4",
            "range 6 BACKING 7",
            "range 7 SPACE 5",
            "too_long 8 LLLLLLLL 64",
            "schema 9 DATED 5",
            "schema",
        ]
    );
    for (reason, count) in [("range", 4.0), ("schema", 6.0), ("too_long", 1.0)] {
        assert_eq!(rejected(&service, "pilot", reason), count, "{reason}");
    }
    let details =
        client.column("select detail from rejected_records where cid in (2, 5, 6) order by cid");
    for (detail, field) in details.iter().zip(["latitude", "latitude", "groundspeed"]) {
        assert!(detail.contains(field), "{detail}");
    }
    let raw = client.column("select raw from rejected_records where cid is not null");
    for raw in &raw {
        assert!(raw.contains("callsign") && !raw.contains("name"), "{raw}");
    }
    let ledger = "select rejected from poll_cycles order by id desc limit 1";
    assert_eq!(client.one(ledger), "11");
    assert_eq!(service.status()["feed"]["rejected_total"], 11);
}

#[test]
fn what_can_be_mended_is_stored_mended() {
    let feed = FeedServer::start();
    let (database, mut service) = start(&feed);
    let planned = |callsign: &str, cid, field: &str, value: Value| {
        let pilot = Pilot::new(callsign, cid).last_updated(&second(15));
        let mut record: Value = serde_json::from_str(&pilot.text()).expect("JSON");
        record["flight_plan"][field] = value;
        record.to_string()
    };
    let route = "DCT ".repeat(10 << 18);
    let document = Feed::second(15)
        .pilot(Pilot::new("TURN", 1).set("heading", json!(361)))
        .pilot(Pilot::new("NORTH", 2).set("heading", json!(360)))
        .raw_pilot(&planned("NUL", 3, "remarks", json!("a\u{0}b")))
        .raw_pilot(&planned("LONG", 4, "route", json!(route)))
        .pilot(Pilot::new("SPEED", 5).set("groundspeed", Value::Null))
        .pilot(Pilot::new("ABCDEFGHIJKLMNOP", 6));
    service.take(&feed, &document);
    let client = database.client();
    let stored = client.column(
        "select concat_ws(' ', cid, callsign, heading, groundspeed, octet_length(route), \
         quote_literal(remarks)) from flights order by cid",
    );
    assert_eq!(
        stored,
        [
            "1 TURN 1 250 3 '/v/'",
            "2 NORTH 0 250 3 '/v/'",
            "3 NUL 90 250 3 'ab'",
            "4 LONG 90 250 8192 '/v/'",
            "5 SPEED 90 3 '/v/'",
            "6 ABCDEFGHIJKLMNOP 90 250 3 '/v/'",
        ]
    );
    assert_eq!(client.count("select count(*) from rejected_records"), 0);
    assert_eq!(client.count("select count(*) from flight_positions"), 6);
}

#[test]
fn a_flight_that_stands_twice_or_still_fails_no_cycle() {
    let feed = FeedServer::start();
    let (database, mut service) = start(&feed);
    let twin = |kt: i32, updated: i64| Pilot::new("TWIN", 1).kt(kt).last_updated(&second(updated));
    let document = Feed::second(15)
        .pilot(twin(101, 10))
        .pilot(twin(102, 14))
        .pilot(twin(103, 12))
        // One member's ghosts under two callsigns are two flights.
        .pilot(Pilot::new("GHOST1", 2))
        .pilot(Pilot::new("GHOST2", 2))
        .pilot(Pilot::new("STILL", 3).last_updated(&second(14)))
        .pilot(Pilot::new("BACK", 4).last_updated(&second(14)));
    service.take(&feed, &document);
    let client = database.client();
    assert_eq!(callsigns(&client), ["BACK", "GHOST1", "GHOST2", "STILL", "TWIN"]);
    let twin = "select groundspeed from flights where callsign = 'TWIN'";
    assert_eq!(client.one(twin), "102");
    assert_eq!(rejected(&service, "pilot", "duplicate"), 2.0);
    // Equal source, reason, cid and callsign give one row.
    let kept = client.column("select reason || callsign from rejected_records");
    assert_eq!(kept, ["duplicateTWIN"]);

    let later = Feed::second(30)
        .pilot(Pilot::new("STILL", 3).alt(6000).last_updated(&second(14)))
        .pilot(Pilot::new("BACK", 4).alt(6000).last_updated(&second(-60)));
    service.take(&feed, &later);
    let rows = client.column(
        "select concat_ws(' ', callsign, altitude, last_updated - timestamptz '2025-01-01T12:00:00Z', \
         last_seen - timestamptz '2025-01-01T12:00:00Z', \
         (select count(*) from flight_positions p where p.flight_id = f.id)) \
         from flights f where cid in (3, 4) order by callsign",
    );
    assert_eq!(rows, ["BACK 6000 00:00:14 00:00:30 1", "STILL 6000 00:00:14 00:00:30 1"]);
    let status = service.status();
    assert_eq!(status["poller"]["last_error"], Value::Null);
}

#[test]
fn at_most_a_hundred_rejected_records_a_cycle_and_each_once_an_hour() {
    let feed = FeedServer::start();
    let (database, mut service) = start(&feed);
    let client = database.client();
    let far = |it: Pilot| it.at(OUTSIDE.0, OUTSIDE.1);
    let bad = |at: i64| {
        let good = spread(301).skip(150).map(far);
        Feed::second(at).pilots(spread(150).map(|it| it.kt(-5))).pilots(good)
    };
    for (at, kept, counted) in
        [(15, 100, 150.0), (30, 100, 300.0), (3600, 100, 450.0), (3630, 200, 600.0)]
    {
        service.take(&feed, &bad(at));
        let rows = client.count("select count(*) from rejected_records");
        assert_eq!((at, rows), (at, kept));
        assert_eq!(rejected(&service, "pilot", "range"), counted);
    }
    // A table that cannot be written costs only its own rows.
    client.run("alter table rejected_records rename to hidden");
    service.take(&feed, &bad(7300).pilot(Pilot::new("GOOD", 1)));
    assert_eq!(callsigns(&client), ["GOOD"]);
}

/// Values in place of a list.
const NO_LISTS: [&str; 6] = ["", "null", "17", "{}", "\"list\"", "[17]"];

#[test]
fn flights_do_not_wait_for_controllers_or_radios() {
    let feed = FeedServer::start();
    let (database, mut service) = start(&feed);
    let client = database.client();
    let document = |at: i64| {
        let pilot = Pilot::new("QFA1", 1);
        let controller = Controller::new("SY_APP", 2);
        let radio = (-30.0, 130.0);
        let feed = Feed::second(at).pilot(pilot).controller(controller);
        feed.radio("QFA1", 118_700_000, radio)
    };
    service.take(&feed, &document(15));
    let radios = "select count(*) from transceivers where callsign = 'QFA1'";
    assert_eq!(client.count(radios), 1);
    let mut at = 15;
    for list in NO_LISTS {
        at += 15;
        let text = document(at).json();
        let mut json: Value = serde_json::from_str(&text).expect("JSON");
        let fields = json.as_object_mut().expect("an object");
        match list {
            "" => fields.remove("controllers"),
            list => {
                fields.insert("controllers".to_owned(), serde_json::from_str(list).expect("JSON"))
            }
        };
        let outcome = if list == "[17]" { "success" } else { "controllers_error" };
        let ended = service.cycles_of(outcome);
        feed.answer(MAIN, Answer::ok(json.to_string()));
        service.wait_until(list, crate::support::service::PATIENCE, |it| {
            it.cycles_of(outcome) > ended
        });
        assert_stored(&client, at, outcome);
    }
    service.take(&feed, &document(at + 15));
    at += 15;
    let bodies = NO_LISTS.into_iter().map(|list| (list, Answer::ok(list)));
    let missing = [("missing", Answer::status(404))];
    for (name, answer) in bodies.chain(missing) {
        at += 15;
        let outcome = if name == "[17]" { "success" } else { "transceivers_error" };
        let ended = service.cycles_of(outcome);
        feed.answer(TRANSCEIVERS, answer);
        feed.answer(MAIN, Answer::ok(document(at).json()));
        service.wait_until(name, crate::support::service::PATIENCE, |it| {
            it.cycles_of(outcome) > ended
        });
        assert_stored(&client, at, outcome);
        assert_eq!(client.count(radios), 1, "{name}: unknown is not gone");
    }
    service.take(&feed, &document(at + 15));
}

fn assert_stored(client: &Client, at: i64, outcome: &str) {
    let time = second(at);
    let position = format!("select count(*) from flight_positions where observed_at = '{time}'");
    assert_eq!(client.count(&position), 1, "{time}: {outcome}");
    let ledger = format!(
        "select outcome from poll_cycles where feed_update_timestamp = '{time}' and stored"
    );
    assert_eq!(client.one(&ledger), outcome, "{time}");
}
