//! The documents have the network's form.

use std::collections::HashMap;

use serde_json::Value;

use super::*;

const PILOT: &str = "cid:i name:s callsign:s server:s pilot_rating:i military_rating:i latitude:f \
    longitude:f altitude:i transponder:s heading:i qnh_i_hg:f qnh_mb:i logon_time:t last_updated:t";
const PLAN: &str = "flight_rules:s aircraft:s aircraft_faa:s aircraft_short:s departure:s \
    arrival:s alternate:s cruise_tas:s altitude:s deptime:s enroute_time:s fuel_time:s remarks:s \
    route:s revision_id:i assigned_transponder:s";
const CONTROLLER: &str = "cid:i name:s callsign:s frequency:s facility:i rating:i server:s \
    visual_range:i last_updated:t logon_time:t";

/// Checks `name:type` pairs: integer, float, string, time.
fn assert_fields(record: &Value, fields: &str) {
    for field in fields.split_whitespace() {
        let (name, kind) = field.split_once(':').unwrap();
        let value = &record[name];
        let holds = match kind {
            "i" => value.is_i64(),
            "f" => value.is_f64(),
            "s" => value.is_string(),
            _ => value.as_str().is_some_and(|text| {
                text.len() == 28 && text.ends_with('Z') && text.parse::<Time>().is_ok()
            }),
        };
        assert!(holds, "{name} is no {kind} in {record}");
    }
}

fn list<'a>(document: &'a Value, name: &str) -> &'a [Value] {
    document[name].as_array().unwrap()
}

#[test]
fn the_main_document_has_the_fields_of_the_feed() {
    let (world, start) = world(1.0);
    let at = start + TimeDelta::hours(3);
    let document = serde_json::from_str::<Value>(&world.snapshot(at).main_json).unwrap();
    let general = &document["general"];
    assert_fields(general, "version:i reload:i update:s update_timestamp:t unique_users:i");
    assert_eq!(general["update_timestamp"].as_str().unwrap().parse::<Time>().unwrap(), at);
    let (pilots, controllers) = (list(&document, "pilots"), list(&document, "controllers"));
    let atis = list(&document, "atis");
    let clients = pilots.len() + controllers.len() + atis.len();
    assert_eq!(general["connected_clients"], clients);
    assert!(controllers.len() >= 30 && atis.len() >= 5, "{clients}");
    for pilot in pilots {
        assert_fields(pilot, PILOT);
        assert!(pilot["groundspeed"].is_i64() || pilot["groundspeed"].is_null());
        assert!((3..=9).contains(&pilot["callsign"].as_str().unwrap().len()), "{pilot}");
        assert!(pilot["cid"].as_i64().unwrap() >= 9_000_000);
        if !pilot["flight_plan"].is_null() {
            assert_fields(&pilot["flight_plan"], PLAN);
        }
    }
    for controller in controllers {
        assert_fields(controller, CONTROLLER);
    }
    for station in atis {
        assert_fields(station, CONTROLLER);
        assert_fields(station, "atis_code:s");
    }
    let spelled = |name: &str, text: &str| controllers.iter().any(|c| c[name] == text);
    assert!(spelled("frequency", "199.998") && spelled("callsign", "DEMO_OBS"));
    for name in ["servers", "facilities", "ratings", "pilot_ratings", "military_ratings"] {
        assert!(!list(&document, name).is_empty(), "{name}");
    }
}

#[test]
fn radios_are_where_their_stations_are() {
    let (world, start) = world(1.0);
    let publication = world.snapshot(start);
    let document = serde_json::from_str::<Value>(&publication.main_json).unwrap();
    let stations = serde_json::from_str::<Value>(&publication.transceivers_json).unwrap();
    let pilots = list(&document, "pilots")
        .iter()
        .map(|pilot| (pilot["callsign"].as_str().unwrap(), pilot))
        .collect::<HashMap<_, _>>();
    let (mut of_pilots, mut of_controllers) = (0, 0);
    for station in stations.as_array().unwrap() {
        let callsign = station["callsign"].as_str().unwrap();
        for radio in list(station, "transceivers") {
            assert_fields(radio, "id:i frequency:i latDeg:f lonDeg:f heightMslM:f heightAglM:f");
            match pilots.get(callsign) {
                Some(pilot) => {
                    assert_eq!(radio["latDeg"], pilot["latitude"]);
                    assert_eq!(radio["lonDeg"], pilot["longitude"]);
                    of_pilots += 1;
                }
                None => of_controllers += 1,
            }
        }
    }
    assert!(of_pilots > 1_300 && of_controllers > 20, "{of_pilots} {of_controllers}");
}
