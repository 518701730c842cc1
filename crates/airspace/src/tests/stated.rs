//! Members of the collection, and texts that cannot be displayed.

use super::*;

fn stating(member: &str) -> String {
    format!(r#"{{"type":"FeatureCollection",{member},"features":[{}]}}"#, sector(SQUARE))
}

fn named(name: &str) -> String {
    format!(r#"{{"type":"name","properties":{{"name":"{name}"}}}}"#)
}

const EPSG_4326: [&str; 8] = [
    "EPSG:4326",
    "epsg:4326",
    "EPSG4326",
    "urn:ogc:def:crs:EPSG::4326",
    "urn:ogc:def:crs:EPSG:6.9:4326",
    "urn:x-ogc:def:crs:EPSG:4326",
    "http://www.opengis.net/def/crs/EPSG/0/4326",
    "http://www.opengis.net/gml/srs/epsg.xml#4326",
];

#[test]
fn longitude_first_is_all_that_is_read() {
    let crs84 =
        ["urn:ogc:def:crs:OGC:1.3:CRS84", "urn:ogc:def:crs:OGC::CRS84", "OGC:CRS84", "crs84"]
            .map(|name| (named(name), false));
    let epsg = EPSG_4326.map(|name| (named(name), true));
    let others = [
        ("null".to_owned(), false),
        (r#""EPSG:4326""#.to_owned(), true),
        (r#"{"type":"EPSG","properties":{"code":4326}}"#.to_owned(), true),
    ];
    for (crs, is_told) in crs84.into_iter().chain(epsg).chain(others) {
        let (airspace, report) = parse(&stating(&format!(r#""crs":{crs}"#))).expect(&crs);
        assert!(airspace.contains(4.0, 0.0), "{crs}");
        let told = report.warnings().iter().any(|line| line.contains("longitude first"));
        assert_eq!(told, is_told, "{crs}");
        assert!(report.warnings().len() < 2);
    }
    let crs = format!(r#""crs":{},"type""#, named("EPSG:4326"));
    let square = polygon(SQUARE);
    let s = r#""role":"sector","id":"S""#;
    let of_geometry = feature(s, &square.replace(r#""type""#, &crs));
    let of_feature = feature(s, &square).replacen(r#""type""#, &crs, 1);
    for text in [of_geometry, of_feature] {
        let (_, report) = parse(&collection(&[text])).expect("a sector");
        let told = report.warnings().iter().any(|line| line.contains("longitude first"));
        assert!(told, "{report}");
    }
}

#[test]
fn other_systems_are_refused_wherever_they_are_stated() {
    for (crs, says) in [
        (named("urn:ogc:def:crs:EPSG::3857"), "EPSG::3857"),
        (named("EPSG:28355"), "EPSG:28355"),
        (named("urn:ogc:def:crs:OGC:1.3:CRS83"), "CRS83"),
        (named("4326"), "the `crs` 4326:"),
        (named("EPSG:14326"), "EPSG:14326"),
        (named(""), "crs"),
        (r#"{"type":"link","properties":{"href":"http://example.org"}}"#.to_owned(), "example.org"),
        (r#"{"type":"EPSG","properties":{"code":3857}}"#.to_owned(), "3857"),
        ("7".to_owned(), "the `crs` 7:"),
    ] {
        let of_crs = ["longitude and latitude (CRS84)", says];
        assert_refused(&stating(&format!(r#""crs":{crs}"#)), "crs", &of_crs);

        let square = polygon(SQUARE);
        let of_geometry = square.replace(r#""type""#, &format!(r#""crs":{crs},"type""#));
        let s = r#""role":"sector","id":"S""#;
        let of_member = format!(r#"{{"type":"GeometryCollection","geometries":[{of_geometry}]}}"#);
        let of_feature =
            feature(s, &square).replacen(r#""type""#, &format!(r#""crs":{crs},"type""#), 1);
        for text in [of_feature, feature(s, &of_geometry), feature(s, &of_member)] {
            let says = ["feature 0 (S): has the `crs`", says];
            assert_refused(&collection(&[text]), "feature", &says);
        }
    }
}

#[test]
fn a_transition_altitude_is_0_to_60000_feet() {
    for (stated, expected) in [("0", 0.0), ("5000", 5_000.0), ("6e4", 60_000.0), ("null", 10_000.0)]
    {
        let text = stating(&format!(r#""transition_altitude_ft":{stated}"#));
        let (airspace, report) = parse(&text).expect(stated);
        assert_eq!(airspace.transition_altitude_ft(), expected);
        assert!(report.to_string().contains(&format!("transition altitude {expected} ft")));
    }
    for stated in ["-1", "60001", r#""5000""#, "[]", "true"] {
        let text = stating(&format!(r#""transition_altitude_ft":{stated}"#));
        assert_refused(&text, "transition_altitude", &["0 … 60,000 feet", stated]);
    }
}

#[test]
fn texts_with_control_characters_are_refused_and_shown_escaped() {
    let square = polygon(SQUARE);
    for (properties, says) in [
        (
            r#""role":"sector","id":"A\nB""#,
            r#"feature 1: has a control character in its id: "A\nB""#,
        ),
        (r#""role":"sector","id":"\u0000""#, "control character in its id"),
        (r#""role":"sector","id":"A\u0085""#, "control character in its id"),
        (
            r#""role":"sector","id":"A","name":"Syd\u001bney""#,
            r#"feature 1 (A): has a control character in its name: "Syd\u{1b}ney""#,
        ),
        (r#""role":"sector","id":"A","group":"\u007f""#, "control character in its group"),
        (r#""role":"sector","id":"A","frequency":"1\t2""#, "control character in its frequency"),
        (r#""role":"boundary","id":"A\r""#, "control character in its id"),
        (r#""role":"boundary","name":"A\u0007""#, "control character in its name"),
    ] {
        let text = collection(&[sector(SQUARE), feature(properties, &square)]);
        assert_refused(&text, "feature", &[says]);
    }
    let of_feature = feature(r#""role":"sector""#, &square);
    let of_feature = of_feature.replacen(r#""type""#, r#""id":"A\nB","type""#, 1);
    assert_refused(&collection(&[of_feature]), "feature", &["control character in its id"]);
}

#[test]
fn collections_of_polygons_are_taken() {
    let east = "[[[[4,0],[8,0],[8,4],[4,4],[4,0]]]]";
    let east = format!(r#"{{"type":"MultiPolygon","coordinates":{east}}}"#);
    let line = r#"{"type":"LineString","coordinates":[[1,2],[3,4]]}"#;
    let point = r#"{"type":"Point","coordinates":[9,9]}"#;
    let many =
        |members: &str| format!(r#"{{"type":"GeometryCollection","geometries":[{members}]}}"#);
    let s = r#""role":"sector","id":"S""#;
    let members = format!("{point},{},{line},{},{point}", polygon(SQUARE), many(&east));
    let (airspace, report) = parse(&collection(&[feature(s, &many(&members))])).expect("a sector");
    assert_eq!(airspace.sectors()[0].area(), 32.0);
    assert!(airspace.contains(2.0, 4.0), "on the edge that two members share");
    let told = report.warnings().join("\n");
    for says in
        ["feature 0 (S): 1 LineString(s)", "feature 0 (S): 2 Point(s) of its GeometryCollection"]
    {
        assert!(told.contains(says), "{told}");
    }
    for members in ["", point, &many(line), &format!("{point},{line}")] {
        let text = collection(&[feature(s, &many(members))]);
        assert_refused(&text, "feature", &["feature 0 (S): has no usable polygon"]);
    }
    let bad = format!("{},{}", polygon(SQUARE), polygon("[[[0,0],[4,0],[4,4]]]"));
    let text = collection(&[feature(s, &many(&bad))]);
    assert_refused(&text, "feature", &["polygon 1, ring 0", "3 positions"]);
}
