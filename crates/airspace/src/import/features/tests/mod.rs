use serde_json::json;

use super::*;

/// The number, the id and how many outlines a feature has, or why it has none.
type Read = Result<(usize, Option<String>, usize), String>;

fn features(file: &str) -> Vec<Read> {
    let mut found = Vec::new();
    let content = Mixed::read(file.as_bytes());
    read("file", &content, &mut Findings::default(), &mut |feature, _| {
        found.push(match feature {
            Ok(feature) => feature
                .shape()
                .outlines
                .map(|outlines| (feature.number, feature.text("id"), outlines.len())),
            Err(unreadable) => Err(unreadable.reason),
        });
    })
    .expect("features");
    found
}

#[test]
fn all_kinds_of_polygons_are_taken() {
    let ring = json!([[0, 0, 500], [1, 0], [1, 1], [0, 0]]);
    let polygon = json!({"type": "Polygon", "coordinates": [ring, ring]});
    let several = json!({"type": "MultiPolygon", "coordinates": [[ring], [ring, ring]]});
    let all = json!({"type": "GeometryCollection", "geometries": [polygon, several]});
    for (geometry, number) in [(polygon, 1), (several, 2), (all, 3)] {
        let feature =
            json!({"type": "Feature", "properties": {"id": 7}, "geometry": geometry}).to_string();
        assert_eq!(features(&feature), [Ok((1, Some("7".into()), number))]);
    }
}

#[test]
fn the_rings_are_as_they_are_drawn() {
    let file = "{\"type\":\"Feature\",\"geometry\":{\"coordinates\":\
        [[[190.5,-1],[2e1,0.25,9,\"x\"]],[[3,4]]],\"type\":\"Polygon\"}}";
    let mut outlines = Vec::new();
    let content = Mixed::read(file.as_bytes());
    read("file", &content, &mut Findings::default(), &mut |feature, _| {
        outlines = feature.expect("a feature").shape().outlines.expect("a polygon");
    })
    .expect("features");
    let at = |x, y| geo::Coord { x, y };
    let exterior = vec![at(190.5, -1.0), at(20.0, 0.25)];
    assert_eq!(outlines, [Outline { exterior, holes: vec![vec![at(3.0, 4.0)]] }]);
}

#[test]
fn members_are_told_from_words() {
    assert!(has_member(b" {\"a\" :1}", "a"));
    assert!(has_member(b"\xEF\xBB\xBF{\"b\":\"a\", \"a\"\n: 1", "a"));
    assert!(!has_member(b"{\"b\": \"a\"}", "a"));
    assert!(!has_member(b"[\"a\": 1]", "a"));
    assert!(!has_member(b"", "a"));
}

#[test]
fn only_bytes_that_are_no_utf_8_are_foreign() {
    let content = Mixed::read(b"\xEF\xBB\xBFa\xC3\xA9b\xE9c\x80");
    assert_eq!(content.text, "a\u{e9}b\u{e9}c\u{20ac}");
    assert!(!content.is_foreign(0..4));
    assert!(content.is_foreign(4..5));
    assert!(!content.is_foreign(6..7));
    assert!(content.is_foreign(6..8));
    let wide = Mixed::read(b"\xFF\xFEa\0\xE9\0");
    assert_eq!(wide.text, "a\u{e9}");
}

#[test]
fn epsg_4326_is_read_with_a_warning() {
    let file = "{\"type\":\"FeatureCollection\",\"features\":[],\"crs\":\"EPSG:4326\"}";
    let mut findings = Findings::default();
    let content = Mixed::read(file.as_bytes());
    read("b.json", &content, &mut findings, &mut |_, _| {}).expect("features");
    assert_eq!(findings.warnings.len(), 1);
    assert!(findings.warnings[0].starts_with("b.json: its `crs` is EPSG:4326"));
}

#[test]
fn the_same_shape_of_a_sector_is_taken_once() {
    let (mut volumes, mut findings) = (Volumes::default(), Findings::default());
    for x in [0.0, 1.0, -0.0, 1.0, 2.0] {
        let outlines = Ok(vec![Outline::solid(vec![geo::Coord { x, y: 0.0 }])]);
        volumes.add("A", Shape { outlines, is_foreign: false }, None, &mut findings);
    }
    let elements: Vec<&str> = volumes.all.iter().map(|it| &*it.element).collect();
    assert_eq!(elements, ["feature A", "feature A (2)", "feature A (5)"]);
    let same = findings.repaired.iter().filter(|it| it.what.contains("taken once")).count();
    assert_eq!((same, findings.repaired.len()), (2, 4));
}
