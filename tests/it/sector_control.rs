//! Who controls each sector and with whom each flight is in contact, as rows, status and metrics say.

mod failed;

use serde_json::{Value, json};

use crate::support::{
    documents::{Controller, Feed, Pilot},
    feed_server::{Answer, FeedServer, MAIN, TRANSCEIVERS},
    postgres::Database,
    scratch,
    service::{PATIENCE, Service, Setup},
};

const HERE: (f64, f64) = (-25.0, 131.0);
const TUNED: i32 = 128_300_000;

/// A sector with two owners, and one without any.
fn airspace() -> String {
    let feature = |id: &str, callsigns: Value, west: i32| {
        let ring = [[west, -30], [west + 2, -30], [west + 2, -20], [west, -20], [west, -30]];
        json!({"type": "Feature", "properties": {"role": "sector", "id": id, "callsigns": callsigns},
            "geometry": {"type": "Polygon", "coordinates": [ring]}})
    };
    let features =
        [feature("OWNED", json!(["SY_APP", "SY_TWR"]), 130), feature("WILD", Value::Null, 140)];
    let file = scratch::dir("airspace").join("owned.geojson");
    let collection = json!({"type": "FeatureCollection", "features": features});
    std::fs::write(&file, collection.to_string()).expect("write the airspace");
    file.to_str().expect("UTF-8").to_owned()
}

fn setup(database: &Database, feed: &FeedServer) -> Setup {
    Setup::serve(database, feed)
        .env("SECTORWATCH_AIRSPACE", &airspace())
        .env("SECTORWATCH_CONTROLLERS", "SY*")
}

/// A flight on the frequency of these controllers, one on another, and one without voice.
fn document(second: i64, controllers: &[&str]) -> Feed {
    let flight = |callsign, cid| Pilot::new(callsign, cid).at(HERE.0, HERE.1);
    let feed = Feed::second(second)
        .pilots([flight("QFA1", 1), flight("QFA2", 2), flight("QFA3", 3)])
        .radio("QFA1", TUNED, HERE)
        .radio("QFA2", 118_100_000, HERE);
    (11..).zip(controllers).fold(feed, |feed, (cid, callsign)| {
        let controller = Controller::new(callsign, cid).set("frequency", json!("128.300"));
        feed.controller(controller).radio(callsign, TUNED, HERE)
    })
}

/// The sector as in the status: control, by whom, and as which owner.
fn control(service: &Service) -> Value {
    let status = service.status();
    let sectors = status["sectors"].as_array().expect("a list");
    let of = |name: &str| {
        let sector = sectors.iter().find(|it| it["name"] == name).expect(name);
        json!([sector["control"], sector["controlled_by"], sector["owner_rank"]])
    };
    assert_eq!(of("WILD"), json!([null, null, null]), "it has no owners");
    of("OWNED")
}

/// The same in the open row.
fn control_stored(database: &Database) -> Value {
    let row = "select jsonb_build_array(state, controller_callsign, owner_rank)
        from sector_control where to_timestamp is null";
    serde_json::from_str(&database.client().one(row)).expect("JSON")
}

/// Each aircraft in the status: radio, contact and what it is tuned to.
fn radios(service: &Service) -> Value {
    let status = service.status();
    let aircraft = status["aircraft"].as_array().expect("a list").iter();
    aircraft.map(|it| json!([it["radio"], it["contact"], it["tuned"]])).collect()
}

/// Compares rows, status and metrics with one another.
fn agree(service: &Service, database: &Database, what: &str) {
    assert_eq!(control(service), control_stored(database), "{what}");
    for state in ["controlled", "uncontrolled", "unknown"] {
        let expected = f64::from(u8::from(control(service)[0] == state));
        let metric = format!("sectorwatch_sector_control{{state=\"{state}\"}}");
        assert_eq!(service.metric(&metric), expected, "{what}: {state}");
    }
    let client = database.client();
    let airspace = &service.status()["airspace"];
    let fields = ["in_contact", "without_contact", "contact_unknown"];
    for (state, field) in ["contact", "none", "unknown"].into_iter().zip(fields) {
        let rows = client.count(&format!(
            "select count(*) from flight_radio_intervals i join flights f on f.id = i.flight_id
             where state = '{state}' and to_timestamp is null
                and last_seen = (select mark from collector_state)"
        ));
        assert_eq!(airspace[format!("flights_{field}")], rows, "{what}: {field}");
        let metric = format!("sectorwatch_flights_by_radio{{state=\"{state}\"}}");
        assert_eq!(service.metric(&metric), rows as f64, "{what}: {state}");
    }
}

#[test]
fn who_controls_and_who_is_in_contact_as_rows_status_and_metrics_say() {
    let (database, feed) = (Database::migrated(), FeedServer::start());
    let mut service = setup(&database, &feed).start();
    let contact = |callsign: &str| json!({"callsign": callsign, "frequency_hz": TUNED});
    let mute = json!(["unknown", null, null]);

    service.take(&feed, &document(0, &["SY_APP", "SY_TWR"]));
    agree(&service, &database, "the first owner");
    assert_eq!(control(&service), json!(["controlled", "SY_APP", 0]));
    let expected =
        json!([["contact", contact("SY_APP"), ["SY_APP", "SY_TWR"]], ["none", null, []], mute,]);
    assert_eq!(radios(&service), expected);
    assert_eq!(service.status()["airspace"]["coverage"], 0.5);

    service.take(&feed, &document(15, &["SY_TWR"]));
    agree(&service, &database, "the second owner");
    assert_eq!(control(&service), json!(["controlled", "SY_TWR", 1]));
    assert_eq!(radios(&service)[0], json!(["contact", contact("SY_TWR"), ["SY_TWR"]]));

    service.take(&feed, &document(30, &[]));
    agree(&service, &database, "no owner");
    assert_eq!(control(&service), json!(["uncontrolled", null, null]));
    assert_eq!(radios(&service), json!([["none", null, []], ["none", null, []], mute]));
    assert_eq!(service.status()["airspace"]["coverage"], 0.0);

    let without = document(45, &["SY_APP"]);
    feed.answer(TRANSCEIVERS, Answer::ok(without.transceivers_json()));
    let without = without.json().replace(r#""controllers":["#, r#""nobody":["#);
    feed.answer(MAIN, Answer::ok(without));
    service.await_cycles("controllers_error", 1);
    agree(&service, &database, "no list of controllers");
    assert_eq!(control(&service), json!(["unknown", null, null]));
    assert_eq!(radios(&service), json!([mute, mute, mute]));
    assert_eq!(service.status()["airspace"]["coverage"], Value::Null);

    service.take(&feed, &document(60, &["SY_APP"]));
    agree(&service, &database, "the first owner again");
    let changes = |it: &Service, facility: &str| {
        it.metric(&format!("sectorwatch_contact_changes_total{{facility=\"{facility}\"}}"))
    };
    assert_eq!((changes(&service, "app"), changes(&service, "twr")), (2.0, 1.0));

    assert_eq!(service.terminate(PATIENCE).code, Some(0));
    let mut service = setup(&database, &feed).start();
    service.take(&feed, &document(75, &["SY_APP"]));
    agree(&service, &database, "after a restart");
    assert_eq!(control(&service), json!(["controlled", "SY_APP", 0]));
    assert_eq!(changes(&service, "app"), 0.0, "no contact began");
}

#[test]
fn without_a_record_of_contact_nothing_is_said_of_it_and_control_goes_on() {
    let (database, feed) = (Database::migrated(), FeedServer::start());
    let mut service = setup(&database, &feed).env("SECTORWATCH_RADIO_CONTACT", "off").start();
    service.take(&feed, &document(0, &["SY_TWR"]));
    assert_eq!(control(&service), json!(["controlled", "SY_TWR", 1]));
    assert_eq!(
        radios(&service),
        json!([[null, null, null], [null, null, null], [null, null, null]])
    );
    let airspace = &service.status()["airspace"];
    let fields = ["in_contact", "without_contact", "contact_unknown"];
    fields.iter().for_each(|field| assert!(airspace[format!("flights_{field}")].is_null()));
    let page = service.get("/metrics").text();
    let samples = page.lines().filter(|line| {
        line.starts_with("sectorwatch_flights_by_radio{")
            || line.starts_with("sectorwatch_radio_lists_total{")
    });
    assert_eq!(samples.filter(|line| line.ends_with("} 0")).count(), 6, "{page}");
}

#[test]
fn what_was_not_committed_is_not_said() {
    let (database, feed) = (Database::migrated(), FeedServer::start());
    let setup = setup(&database, &feed).env("SECTORWATCH_STATEMENT_TIMEOUT", "500ms");
    let mut service = setup.start();
    service.take(&feed, &document(0, &["SY_APP"]));
    let holder = database.client();
    holder.run("begin; lock table flight_radio_intervals in access exclusive mode");
    feed.publish(&document(15, &["SY_TWR"]));
    service.await_cycles("contacts_error", 1);
    let mute = json!(["unknown", null, null]);
    assert_eq!(control(&service), json!(["unknown", null, null]));
    assert_eq!(radios(&service), json!([mute, mute, mute]));
    let began = "sectorwatch_contact_changes_total{facility=\"twr\"}";
    assert_eq!(service.metric(began), 0.0);
    holder.run("rollback");
    service.take(&feed, &document(30, &["SY_TWR"]));
    agree(&service, &database, "the next snapshot");
    assert_eq!(service.metric(began), 1.0);
}

#[test]
fn contacts_of_each_facility_and_each_kind_of_list_are_counted() {
    let (database, feed) = (Database::migrated(), FeedServer::start());
    let mut service = setup(&database, &feed).start();
    let facilities = ["del", "gnd", "twr", "app", "ctr", "fss"];
    let document = |second: i64| {
        (0..).zip(facilities).fold(Feed::second(second), |feed, (number, facility)| {
            let callsign = format!("SY_{}", facility.to_uppercase());
            let (pilot, frequency_hz) = (format!("QFA{number}"), 120_000_000 + 100_000 * number);
            let frequency = format!("{:.3}", f64::from(frequency_hz) / 1e6);
            let controller = Controller::new(&callsign, 11 + number);
            feed.controller(controller.set("frequency", json!(frequency)))
                .pilot(Pilot::new(&pilot, 31 + number).at(HERE.0, HERE.1))
                .radio(&callsign, frequency_hz, HERE)
                .radio(&pilot, frequency_hz, HERE)
        })
    };
    service.take(&feed, &document(0));
    for facility in facilities {
        let metric = format!("sectorwatch_contact_changes_total{{facility=\"{facility}\"}}");
        assert_eq!(service.metric(&metric), 1.0, "{facility}");
    }
    service.take(&feed, &document(15).without_radios());
    feed.answer(TRANSCEIVERS, Answer::status(500));
    feed.answer(MAIN, Answer::ok(document(30).json()));
    service.await_cycles("transceivers_error", 1);
    for outcome in ["usable", "empty", "failed"] {
        let metric = format!("sectorwatch_radio_lists_total{{outcome=\"{outcome}\"}}");
        assert_eq!(service.metric(&metric), 1.0, "{outcome}");
    }
    assert_eq!(service.metric("sectorwatch_flights_by_radio{state=\"unknown\"}"), 6.0);
}
