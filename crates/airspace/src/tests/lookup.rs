//! What `check-airspace --at` and `--callsign` answer.

use serde_json::{Value, json};

use crate::{
    lookup::{self, Point},
    parse,
};

fn square(id: &str, size: f64, limits: Value, owners: Value) -> Value {
    let ring = [[0.0, 0.0], [size, 0.0], [size, size], [0.0, size], [0.0, 0.0]];
    let properties = json!({
        "role": "sector", "id": id, "kind": "CTR", "owners": owners,
        "floor_ft": limits[0], "ceiling_ft": limits[1],
    });
    let geometry = json!({"type": "Polygon", "coordinates": [ring]});
    json!({"type": "Feature", "properties": properties, "geometry": geometry})
}

fn airspace() -> sectorwatch_core::airspace::Airspace {
    let position =
        |prefix: &str, hz: u32| json!({"prefixes": [prefix], "suffix": "CTR", "frequency_hz": hz});
    let file = json!({
        "type": "FeatureCollection",
        "positions": {
            "N": position("AA", 130_900_000), "S": position("AA", 124_400_000), "W": position("WW", 1),
        },
        "features": [
            square("LARGE", 3.0, json!([null, null]), json!(["W", "N"])),
            square("SMALL", 1.0, json!([0, 5000]), json!(["N", "unknown", "N", "W"])),
            square("TWIN", 1.0, json!([0, 5000]), json!(["S"])),
            square("HIGH", 1.0, json!([20000, null]), json!([])),
        ],
    });
    parse(&file.to_string()).unwrap().0
}

fn at(altitude_ft: Option<i32>) -> Value {
    let point = Point { latitude: 0.5, longitude: 360.0 - 359.5, altitude_ft };
    serde_json::to_value(lookup::point(&airspace(), point)).unwrap()
}

fn ids(list: &Value) -> Vec<&str> {
    list.as_array().unwrap().iter().map(|it| it["sector"].as_str().unwrap()).collect()
}

#[test]
fn a_point_is_in_the_smallest_sector_that_holds_its_altitude() {
    let low = at(Some(3_000));
    assert_eq!(low["primary"], "SMALL");
    assert_eq!(ids(&low["hits"]), ["SMALL", "TWIN", "LARGE"]);
    assert_eq!(
        low["hits"][0],
        json!({
            "sector": "SMALL", "kind": "CTR", "floor_ft": 0.0, "ceiling_ft": 5000.0, "area_sq_deg": 1.0,
            "owners": ["N", "W"], "primary": true,
        })
    );
    assert_eq!(
        low["not_taken"],
        json!([
            {"sector": "TWIN", "reason": "later_in_file"},
            {"sector": "HIGH", "reason": "below"},
            {"sector": "LARGE", "reason": "larger"},
        ])
    );
    let high = at(Some(30_000));
    assert_eq!((&high["primary"], &high["altitude_ft"]), (&json!("HIGH"), &json!(30_000)));
    assert_eq!(high["not_taken"][0], json!({"sector": "SMALL", "reason": "above"}));
}

#[test]
fn limits_are_not_judged_without_an_altitude() {
    let anywhere = at(None);
    assert_eq!(anywhere["altitude_ft"], Value::Null);
    assert_eq!(ids(&anywhere["hits"]), ["SMALL", "TWIN", "HIGH", "LARGE"]);
    let (airspace, sea) = (airspace(), Point { latitude: 9.0, longitude: 9.0, altitude_ft: None });
    let nowhere = serde_json::to_value(lookup::point(&airspace, sea)).unwrap();
    assert_eq!((&nowhere["primary"], &nowhere["hits"]), (&Value::Null, &json!([])));
}

#[test]
fn a_callsign_owns_sectors_by_rank() {
    let airspace = airspace();
    let answer =
        |callsign, hz| serde_json::to_value(lookup::callsign(&airspace, callsign, hz)).unwrap();
    assert_eq!(
        answer("ww_1_ctr", None),
        json!({
            "callsign": "ww_1_ctr", "positions": ["W"],
            "sectors": [{"sector": "LARGE", "rank": 0}, {"sector": "SMALL", "rank": 1}],
        })
    );
    assert_eq!(answer("AA_CTR", Some(124_400_000))["positions"], json!(["S"]));
    assert_eq!(
        answer("AA_CTR", None)["positions"],
        json!([]),
        "two positions, and no frequency to tell"
    );
}
