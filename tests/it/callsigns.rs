//! Callsigns are stored as in the feed, and found in any case.

use serde_json::{Value, json};

use crate::support::{
    documents::{Controller, Feed, Pilot, inside},
    feed_server::FeedServer,
    postgres::Database,
    scratch,
    service::Setup,
};

/// One sector for each of these lists of callsigns, all in the same place.
fn airspace(lists: &[(&str, &[&str])]) -> String {
    let square = json!([[[150, -35], [152, -35], [152, -33], [150, -33], [150, -35]]]);
    let feature = |(id, callsigns): &(&str, &[&str])| {
        json!({"type": "Feature",
            "properties": {"role": "sector", "id": id, "callsigns": callsigns},
            "geometry": {"type": "Polygon", "coordinates": square}})
    };
    let features: Vec<_> = lists.iter().map(feature).collect();
    json!({"type": "FeatureCollection", "features": features}).to_string()
}

fn callsigns(history: &Value) -> Vec<&str> {
    let flights = history["flights"].as_array().expect("flights");
    flights.iter().map(|flight| flight["callsign"].as_str().expect("text")).collect()
}

#[test]
fn a_flight_is_found_in_any_case() {
    let (database, feed) = (Database::migrated(), FeedServer::start());
    let mut service = Setup::serve(&database, &feed).start();
    let document = Feed::second(15)
        .pilot(Pilot::new("qfa12x", 1).inside("SYD").logon("2025-01-01T10:00:00Z"))
        .pilot(Pilot::new("QFA12X", 2).inside("SYD").logon("2025-01-01T09:00:00Z"))
        .pilot(Pilot::new("QFA12", 3).inside("SYD"))
        .controller(Controller::new("SY_TWR", 4))
        .radio("Qfa12X", 118_700_000, inside("SYD"))
        .radio("sy_Twr", 120_500_000, inside("SYD"));
    service.take(&feed, &document);
    let radios = "select concat(callsign, ' ', entity_type) from transceivers order by 1";
    assert_eq!(database.client().column(radios), ["Qfa12X flight", "sy_Twr atc"], "as listed");
    for asked in ["QFA12X", "qfa12x", "Qfa12X"] {
        let history = service.get(&format!("/api/flights/{asked}")).json();
        assert_eq!(callsigns(&history), ["qfa12x", "QFA12X"], "{asked}");
    }
    assert_eq!(service.get("/api/flights/qfa12y").status, 404);

    let plan = database.client().column(
        "set enable_seqscan = off; \
         explain select * from flights where upper(callsign collate \"C\") = upper('qfa12x' collate \"C\") \
         order by logon_time desc, id desc limit 5",
    );
    assert!(plan.join("\n").contains("flights_callsign"), "{plan:#?}");
}

#[test]
fn a_sector_is_staffed_in_any_case_and_by_a_relief() {
    let (database, feed) = (Database::migrated(), FeedServer::start());
    let file = scratch::dir("airspace").join("staffed.geojson");
    let lists: [(&str, &[&str]); 4] = [
        ("TOWER", &["SY_TWR"]),
        ("APPROACH", &["sy_app"]),
        ("NORTH", &["SY_N_CTR"]),
        ("ALL", &["SY_CTR"]),
    ];
    std::fs::write(&file, airspace(&lists)).expect("write the airspace");
    let setup = Setup::serve(&database, &feed).env("SECTORWATCH_CONTROLLERS", "Sy_*");
    let mut service = setup.env("SECTORWATCH_AIRSPACE", file.to_str().expect("UTF-8")).start();
    let document = Feed::second(15)
        .controller(Controller::new("SY_1_TWR", 1))
        .controller(Controller::new("sy_a_App", 2).set("facility", json!(5)))
        .controller(Controller::new("SY_N_CTR", 3));
    service.take(&feed, &document);
    let status = service.status();
    let staffed = status["sectors"].as_array().expect("a list").iter();
    let staffed: Vec<_> = staffed.map(|it| (&it["name"], &it["staffed_by"])).collect();
    let expected = json!([
        ["TOWER", ["SY_1_TWR"]],
        ["APPROACH", ["sy_a_App"]],
        ["NORTH", ["SY_N_CTR"]],
        ["ALL", []]
    ]);
    assert_eq!(json!(staffed), expected);
}
