mod builtin;
mod files;
mod lookup;
mod normal;
mod properties;
mod real_data;
mod rings;
mod stated;
mod survey;

use std::error::Error;

use super::*;
use sectorwatch_core::{airspace::Sector, geometry::Polygon, positions::normal as position};

const SQUARE: &str = "[[[0,0],[4,0],[4,4],[0,4],[0,0]]]";

fn collection(features: &[String]) -> String {
    format!(r#"{{"type":"FeatureCollection","features":[{}]}}"#, features.join(","))
}

fn feature(properties: &str, geometry: &str) -> String {
    format!(r#"{{"type":"Feature","properties":{{{properties}}},"geometry":{geometry}}}"#)
}

fn polygon(coordinates: &str) -> String {
    format!(r#"{{"type":"Polygon","coordinates":{coordinates}}}"#)
}

/// One sector with id S and these rings.
fn sector(coordinates: &str) -> String {
    feature(r#""role":"sector","id":"S""#, &polygon(coordinates))
}

/// All layers of an error, as `main` prints them.
fn chain(error: &AirspaceError) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text = format!("{text}: {cause}");
        source = cause.source();
    }
    text
}

#[track_caller]
fn assert_refused(text: &str, kind: &str, expected: &[&str]) {
    let error = parse(text).expect_err(text);
    let found = chain(&error);
    assert_eq!(error.kind(), kind, "{found}");
    for part in expected {
        assert!(found.contains(part), "{found:?} does not say {part:?}");
    }
}

#[test]
fn files_that_are_no_airspace_are_refused() {
    for (text, kind, says) in [
        ("", "not_json", "is not JSON"),
        ("<html>", "not_json", "is not JSON"),
        (r#"{"type":"FeatureCollection","features":[NaN]}"#, "not_json", "line 1"),
        ("[]", "not_feature_collection", "FeatureCollection"),
        ("3", "not_feature_collection", "FeatureCollection"),
        (r#"{"type":"Topology"}"#, "not_feature_collection", "FeatureCollection"),
        (&sector(SQUARE), "not_feature_collection", "FeatureCollection"),
        (r#"{"type":"FeatureCollection"}"#, "not_feature_collection", "features"),
        (r#"{"type":"FeatureCollection","features":{}}"#, "not_feature_collection", "sequence"),
        (&collection(&[]), "empty", "no boundary and no sector"),
    ] {
        assert_refused(text, kind, &[says]);
    }
}

#[test]
fn bad_features_are_refused() {
    let square = polygon(SQUARE);
    let point = r#"{"type":"Point","coordinates":[1,2]}"#;
    let line = r#"{"type":"LineString","coordinates":[[1,2],[3,4]]}"#;
    let many = r#"{"type":"GeometryCollection","geometries":[]}"#;
    let s = r#""role":"sector","id":"S""#;
    for (properties, geometry, says) in [
        (r#""id":"S""#, &*square, "feature 1 (S): has no role"),
        (
            r#""role":"fir","id":"S""#,
            &square,
            r#"has role "fir": `role` must be "boundary" or "sector""#,
        ),
        (r#""role":3"#, &square, "has role 3"),
        (r#""role":"sector""#, &square, "sector without id"),
        (r#""role":"sector","id":"""#, &square, "sector without id"),
        (r#""role":"sector","id":" ""#, &square, "sector without id"),
        (r#""role":"sector","id":7"#, &square, "sector without id"),
        (r#""role":"sector","id":null"#, &square, "sector without id"),
        (
            r#""role":"sector","id":"S","floor_ft":5,"ceiling_ft":5"#,
            &square,
            "floor of 5 ft not below its ceiling of 5 ft",
        ),
        (r#""role":"sector","id":"S","floor_ft":5.5,"ceiling_ft":-5"#, &square, "5.5 ft"),
        (
            r#""role":"sector","id":"S","floor_ft":"FL245""#,
            &square,
            r#"floor_ft that is not a number of feet: "FL245""#,
        ),
        (
            r#""role":"sector","id":"S","callsigns":"SY_APP""#,
            &square,
            "callsigns that is not a list of texts",
        ),
        (
            r#""role":"sector","id":"S","callsigns":["SY_APP",1]"#,
            &square,
            "names a callsign that is not 1 to 16 visible ASCII characters: 1",
        ),
        (r#""role":"sector","id":"S","callsigns":[null]"#, &square, "characters: null"),
        (r#""role":"sector","id":"S","callsigns":[""]"#, &square, r#"characters: """#),
        (r#""role":"sector","id":"S","callsigns":["SY APP"]"#, &square, r#"characters: "SY APP""#),
        (r#""role":"sector","id":"S","callsigns":["SÜD_APP"]"#, &square, r#": "SÜD_APP""#),
        (
            r#""role":"sector","id":"S","callsigns":["SEVENTEEN_LETTERS"]"#,
            &square,
            r#": "SEVENTEEN_LETTERS""#,
        ),
        (r#""role":"sector","id":"S","name":[]"#, &square, "name that is not text"),
        (s, point, "Point"),
        (s, line, "LineString"),
        (s, many, "no usable polygon: the geometry is GeometryCollection"),
        (s, "null", "the geometry is null"),
        (s, r#"{"type":"Polygon","coordinates":[]}"#, "no usable polygon"),
        (s, r#"{"type":"MultiPolygon","coordinates":[]}"#, "no usable polygon"),
        (r#""role":"boundary""#, &square, "is a second boundary: feature 0 is one already"),
    ] {
        let boundary = feature(r#""role":"boundary""#, &square);
        let text = collection(&[boundary, feature(properties, geometry)]);
        assert_refused(&text, "feature", &["feature 1", says]);
    }
    let text = collection(&[sector(SQUARE), "7".to_owned()]);
    assert_refused(&text, "feature", &["feature 1: is not a GeoJSON feature"]);
}

#[test]
fn features_of_one_id_are_one_sector() {
    let low = r#""role":"sector","id":"S","ceiling_ft":100,"callsigns":["A_1","B","b"]"#;
    let high = r#""role":"sector","id":"S","floor_ft":200,"name":"Shown","callsigns":["A__1","B","SIXTEEN_LETTERS_"],"frequency":"118.700","group":"G""#;
    let text = collection(&[
        feature(low, &polygon(SQUARE)),
        feature(r#""role":"sector","id":"T""#, &polygon("[[[9,9],[10,9],[10,10],[9,9]]]")),
        feature(high, &polygon(SQUARE)),
    ]);
    let (airspace, _) = parse(&text).expect("two sectors");
    let [s, t] = airspace.sectors() else { panic!("{:?}", airspace.sectors()) };
    assert_eq!((&*s.id, s.name.as_str(), s.volumes.len()), ("S", "Shown", 2));
    assert_eq!(s.callsigns, ["A_1", "B", "SIXTEEN_LETTERS_"]);
    assert_eq!((s.frequency.as_deref(), s.group.as_deref()), (Some("118.700"), Some("G")));
    assert_eq!((&*t.id, t.name.as_str()), ("T", "T"));
    let at = |altitude_ft| airspace.primary_sector(1.0, 1.0, altitude_ft, None).is_some();
    assert_eq!([at(100), at(150), at(200)], [true, false, true]);
}
