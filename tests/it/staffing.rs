//! Who staffs which sector, who entered and left it, and the aircraft in scope, as status and metrics report
//! them.

use std::fs;

use serde_json::{Value, json};

use crate::support::{
    documents::{Controller, Feed, OUTSIDE, Pilot, inside},
    feed_server::{Answer, FeedServer, MAIN},
    postgres::Database,
    scratch,
    service::{PATIENCE, Service, Setup},
};

/// Publishes a feed without its list of controllers.
fn publish_without_controllers(service: &mut Service, feed: &FeedServer, document: &Feed) {
    let before = service.cycles_of("controllers_error");
    let json = document.json().replace(r#""controllers":["#, r#""nobody":["#);
    feed.answer(MAIN, Answer::ok(json));
    service.wait_until("a snapshot with unknown controllers", PATIENCE, |service| {
        service.cycles_of("controllers_error") > before
    });
}

fn sector(service: &Service, name: &str) -> Value {
    let status = service.status();
    let sectors = status["sectors"].as_array().expect("a list");
    let found = sectors.iter().find(|sector| sector["name"] == name);
    found.unwrap_or_else(|| panic!("no {name} in {sectors:#?}")).clone()
}

/// The sectors that are staffed according to the metric.
fn staffed(service: &Service) -> Vec<String> {
    let page = service.get("/metrics").text();
    let samples = page.lines().filter_map(|line| {
        line.strip_prefix("sectorwatch_sector_staffed{sector=\"")?.strip_suffix("\"} 1")
    });
    samples.map(str::to_owned).collect()
}

#[test]
fn sectors_are_staffed_entered_and_left_as_the_feed_says() {
    let (database, feed) = (Database::migrated(), FeedServer::start());
    let mut service =
        Setup::serve(&database, &feed).env("SECTORWATCH_CONTROLLERS", "SY*,ML*,BN*").start();
    assert_eq!(staffed(&service), [""; 0]);
    assert_eq!(service.status()["aircraft"], json!([]));

    let qfa = Pilot::new("QFA1", 1).inside("SYD").set("heading", json!(360));
    let unknown_speed =
        Pilot::new("VOZ2", 2).set("groundspeed", Value::Null).set("heading", Value::Null);
    let first = Feed::second(15)
        .pilot(qfa.clone())
        .pilot(unknown_speed)
        .pilot(Pilot::new("BAW3", 3).at(OUTSIDE.0, OUTSIDE.1))
        .pilot(Pilot::new("VHABC", 4).no_plan())
        .controller(Controller::new("SY__TWR", 11))
        .controller(Controller::new("ML_TWR", 12).set("frequency", json!("199.998")))
        .controller(Controller::new("BN_TWR", 13).set("facility", json!(0)))
        .controller(Controller::new("PH_TWR", 14));
    service.take(&feed, &first);
    assert_eq!(staffed(&service), ["SYD"]);
    assert_eq!(
        sector(&service, "SYD"),
        json!({"name": "SYD", "occupancy": 1, "capacity": null, "entered_last_hour": 1, "left_last_hour": 0,
               "staffed": true, "staffed_by": ["SY__TWR"],
               "control": "controlled", "controlled_by": "SY__TWR", "owner_rank": 5})
    );
    for name in ["MEL", "BNE", "PER", "YMMM"] {
        assert_eq!(
            sector(&service, name),
            json!({"name": name, "occupancy": 0, "capacity": null, "entered_last_hour": 0, "left_last_hour": 0,
                   "staffed": false, "staffed_by": [], "control": "uncontrolled", "controlled_by": null, "owner_rank": null})
        );
    }
    let ((latitude, longitude), (south, east)) = (inside("SYD"), inside("YMMM"));
    assert_eq!(
        service.status()["aircraft"],
        json!([
            {"callsign": "QFA1", "latitude": latitude, "longitude": longitude, "heading_deg": 0,
             "altitude_ft": 5000, "groundspeed_kt": 250, "sector": "SYD",
             "radio": "unknown", "contact": null, "tuned": null},
            {"callsign": "VOZ2", "latitude": south, "longitude": east, "heading_deg": null,
             "altitude_ft": 5000, "groundspeed_kt": null, "sector": null,
             "radio": "unknown", "contact": null, "tuned": null},
        ])
    );

    let second = Feed::second(30).pilot(qfa.clone().inside("MEL"));
    publish_without_controllers(&mut service, &feed, &second);
    assert_eq!(staffed(&service), [""; 0], "what is unknown is not said");
    assert!(!service.get("/metrics").text().contains("sectorwatch_sector_staffed{"));
    for name in ["SYD", "MEL"] {
        let sector = sector(&service, name);
        assert_eq!((&sector["staffed"], &sector["staffed_by"]), (&Value::Null, &Value::Null));
    }
    let moves = |service: &Service, name: &str| {
        let sector = sector(service, name);
        ["occupancy", "entered_last_hour", "left_last_hour"].map(|figure| sector[figure].clone())
    };
    assert_eq!(moves(&service, "SYD"), [0, 1, 1]);
    assert_eq!(moves(&service, "MEL"), [1, 1, 0]);
    let callsigns = |service: &Service| {
        let status = service.status();
        let aircraft = status["aircraft"].as_array().expect("a list").iter();
        aircraft.map(|aircraft| aircraft["callsign"].clone()).collect::<Vec<_>>()
    };
    assert_eq!(callsigns(&service), ["QFA1"]);

    let third = Feed::second(45).controller(Controller::new("ML_TWR", 12));
    service.take(&feed, &third.pilot(qfa.at(OUTSIDE.0, OUTSIDE.1)));
    assert_eq!(staffed(&service), ["MEL"]);
    assert_eq!(sector(&service, "SYD")["staffed_by"], json!([]));
    assert_eq!(callsigns(&service), [""; 0], "observed for its visit, but not in scope");
    assert_eq!(moves(&service, "MEL"), [0, 1, 1]);
}

#[test]
fn what_cannot_be_known_is_null() {
    let ring = |west: i32| {
        json!([[[west, -30], [west + 2, -30], [west + 2, -20], [west, -20], [west, -30]]])
    };
    let feature = |id: &str, callsigns: Value, west: i32| {
        json!({"type": "Feature",
            "properties": {"role": "sector", "id": id, "callsigns": callsigns},
            "geometry": {"type": "Polygon", "coordinates": ring(west)}})
    };
    let features =
        [feature("NAMED", json!(["YBAS_TWR"]), 130), feature("NAMELESS", Value::Null, 140)];
    let file = scratch::dir("airspace").join("two.geojson");
    let collection = json!({"type": "FeatureCollection", "features": features});
    fs::write(&file, collection.to_string()).expect("write the airspace");

    let (database, feed) = (Database::migrated(), FeedServer::start());
    let setup = Setup::serve(&database, &feed);
    let mut service = setup.env("SECTORWATCH_AIRSPACE", file.to_str().expect("UTF-8")).start();
    publish_without_controllers(&mut service, &feed, &Feed::second(15));
    let staffing = |name: &str, service: &Service| {
        let sector = sector(service, name);
        (sector["staffed"].clone(), sector["staffed_by"].clone())
    };
    assert_eq!(staffing("NAMED", &service), (Value::Null, Value::Null));

    service.take(&feed, &Feed::second(30).controller(Controller::new("YBAS_TWR", 1)));
    assert_eq!(staffing("NAMED", &service), (json!(true), json!(["YBAS_TWR"])));
    assert_eq!(staffing("NAMELESS", &service), (Value::Null, Value::Null));
    assert!(!service.get("/metrics").text().contains("staffed{sector=\"NAMELESS\""));
}
