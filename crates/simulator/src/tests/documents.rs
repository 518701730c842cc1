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
    let controllers = list(&document, "controllers")
        .iter()
        .map(|controller| (controller["callsign"].as_str().unwrap(), controller))
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
                    let height_ft = radio["heightMslM"].as_f64().unwrap() / 0.3048;
                    assert!((height_ft - pilot["altitude"].as_f64().unwrap()).abs() < 0.1);
                    of_pilots += 1;
                }
                None => of_controllers += 1,
            }
        }
        if !pilots.contains_key(callsign) {
            let mhz = controllers[callsign]["frequency"].as_str().unwrap();
            let hz = (mhz.parse::<f64>().unwrap() * 1e6).round() as i64;
            let radios = list(station, "transceivers");
            assert!(radios.iter().any(|radio| radio["frequency"] == hz), "{station}");
        }
    }
    assert!(of_pilots > 1_300 && of_controllers > 20, "{of_pilots} {of_controllers}");
}

#[test]
fn a_ghost_has_no_radio_and_the_pilot_who_returned_has() {
    let (world, start) = world(1.0);
    let (mut ghosts, mut returned) = (0, 0);
    for step in 0..20 {
        let at = start + TimeDelta::minutes(2 * step);
        let now_s = 120.0 * step as f64;
        let stations =
            serde_json::from_str::<Value>(&world.snapshot(at).transceivers_json).unwrap();
        let is_listed = |callsign: &str| {
            stations.as_array().unwrap().iter().any(|station| station["callsign"] == callsign)
        };
        for leg in world.legs(at) {
            let [ghost, back] = leg.connections.as_slice() else { continue };
            if (ghost.until_s..ghost.visible_until_s).contains(&now_s) {
                assert!(!is_listed(&ghost.callsign), "{ghost:?} at {now_s}");
                ghosts += 1;
                returned += usize::from(now_s >= back.since_s && is_listed(&back.callsign));
            }
        }
    }
    assert!(ghosts >= 3 && returned > 0, "{ghosts} ghosts, {returned} returned");
}
