use super::*;

#[test]
fn bad_rings_are_refused() {
    for (rings, says) in [
        ("[[[0,0],[4,0],[4,4]]]", "3 positions, needs at least 4"),
        ("[[]]", "0 positions"),
        ("[[[0,0],[4,0],[0,0],[4,0]]]", "encloses no area"),
        ("[[[0,0],[0,0],[0,0],[0,0]]]", "encloses no area"),
        ("[[[0,0],[1,1],[2,2],[3,3],[0,0]]]", "encloses no area"),
        ("[[[0,0],[4,0],[4,100],[0,0]]]", "latitude 100 at position 2, must be within -90 … 90"),
        ("[[[0,0],[4,-90.001],[4,4],[0,0]]]", "latitude -90.001 at position 1"),
        ("[[[0,0],[4,90.5],[4,4],[0,0]]]", "latitude 90.5 at position 1"),
        (
            "[[[0,0],[360.5,0],[4,4],[0,0]]]",
            "longitude 360.5 at position 1, must be within -180 … 360",
        ),
        ("[[[0,0],[-180.5,0],[4,4],[0,0]]]", "longitude -180.5"),
        ("[[[0,0],[1e999,0],[4,4],[0,0]]]", "not a GeoJSON feature"),
        ("[[[0,0],[4],[4,4],[0,0]]]", "position 1 has fewer than two numbers"),
        (r#"[[[0,0],["4",0],[4,4],[0,0]]]"#, "not a GeoJSON feature"),
        ("[[[0,60],[90,60],[180,60],[-90,60],[0,60]]]", "encloses no area"),
        ("[[[0,0],[4,0],[4,4],[0,4],[0,0]],[[1,1],[2,2],[1,1]]]", "polygon 0, ring 1"),
    ] {
        let good = feature(r#""role":"boundary""#, &polygon(SQUARE));
        assert_refused(&collection(&[good, sector(rings)]), "feature", &["feature 1", says]);
    }
}

#[test]
fn rings_are_repaired_and_the_repair_is_reported() {
    // Rings, words of the only report line, a point inside, a point outside; latitude first.
    for (rings, says, inside, outside) in [
        (SQUARE, None, (4.0, 4.0), (5.0, 1.0)),
        ("[[[0,0],[4,0],[4,4],[0,4]]]", Some("1 ring(s) closed"), (2.0, 0.0), (2.0, -1.0)),
        (
            "[[[0,0],[4,0],[4,0],[4,4],[4,4],[0,4],[0,0]]]",
            Some("2 repeated point(s) dropped"),
            (4.0, 4.0),
            (5.0, 4.0),
        ),
        (
            "[[[0,0],[4,4],[4,0],[0,4],[0,0]]]",
            Some("1 ring(s) that cross or touch themselves"),
            (2.0, 3.5),
            (3.5, 2.0),
        ),
        ("[[[0,0],[0,4],[4,4],[4,0],[0,0]]]", Some("1 ring(s) turned"), (1.0, 1.0), (5.0, 1.0)),
        (
            "[[[0,0],[4,0],[4,4],[0,4],[0,0]],[[1,1],[3,1],[3,3],[1,3],[1,1]]]",
            Some("1 ring(s) turned"),
            (1.0, 2.0),
            (2.0, 2.0),
        ),
    ] {
        let (airspace, report) = parse(&collection(&[sector(rings)])).expect(rings);
        match (says, report.repairs()) {
            (None, []) => {}
            (Some(says), [line]) => {
                assert!(
                    line.starts_with("feature 0 (S): ") && line.contains(says),
                    "{line:?} and {says:?}"
                );
                assert!(report.to_string().contains(line.as_str()));
            }
            (expected, found) => panic!("{rings}: {found:?}, not {expected:?}"),
        }
        assert!(airspace.contains(inside.0, inside.1), "{rings}");
        assert!(!airspace.contains(outside.0, outside.1), "{rings}");
    }
}

#[test]
fn an_edge_of_more_than_180_degrees_goes_the_long_way_and_is_told() {
    // Rings, number of long edges, a point inside, a point outside; latitude first.
    for (rings, long_edges, inside, outside) in [
        (
            "[[[-170,20],[170,20],[170,80],[-170,80],[-170,20]]]",
            2,
            [(50.0, 0.0), (20.0, 90.0), (30.0, 170.0)],
            [(50.0, 175.0), (50.0, -175.0), (10.0, 0.0)],
        ),
        (
            "[[[170,0],[-170,0],[-170,9],[170,9],[170,0]]]",
            2,
            [(5.0, 0.0), (9.0, -170.0), (0.0, 170.0)],
            [(5.0, 180.0), (5.0, -180.0), (5.0, 171.0)],
        ),
        (
            "[[[0,0],[180,0],[180,9],[0,9],[0,0]]]",
            0,
            [(5.0, 90.0), (5.0, 180.0), (5.0, -180.0)],
            [(5.0, -179.0), (5.0, -1.0), (10.0, 90.0)],
        ),
        (
            "[[[-180,-90],[0,-90],[180,-90],[180,90],[-180,90],[-180,-90]]]",
            1,
            [(10.0, -180.0), (10.0, 180.0), (-90.0, 5.0)],
            [(90.1, 0.0), (-90.1, 0.0), (91.0, 180.0)],
        ),
    ] {
        let (airspace, report) = parse(&collection(&[sector(rings)])).expect(rings);
        match (long_edges, report.warnings()) {
            (0, []) => {}
            (n, [line]) => {
                let says = format!("feature 0 (S): {n} edge(s) of more than 180°");
                assert!(line.starts_with(&says) && line.contains("cut it at ±180°"), "{line}");
                assert!(report.to_string().contains(line.as_str()));
            }
            odd => panic!("{rings}: {odd:?}"),
        }
        for (latitude, longitude) in inside {
            assert!(airspace.contains(latitude, longitude), "{rings}: {latitude}, {longitude}");
        }
        for (latitude, longitude) in outside {
            assert!(!airspace.contains(latitude, longitude), "{rings}: {latitude}, {longitude}");
        }
    }
}

#[test]
fn longitudes_beyond_180_cross_the_antimeridian() {
    for rings in [
        "[[[170,-40],[190,-40],[190,-20],[170,-20],[170,-40]]]",
        "[[[170,-40],[180,-40],[190,-40],[190,-20],[170,-20],[170,-40]]]",
    ] {
        let (airspace, report) = parse(&collection(&[sector(rings)])).expect(rings);
        assert_eq!(report.warnings(), [""; 0]);
        for longitude in [170.0, 175.0, 180.0, -180.0, -175.0, -170.0] {
            assert!(airspace.contains(-30.0, longitude), "{rings} at {longitude}");
        }
        for longitude in [169.0, -169.0, 0.0, 10.0, -10.0] {
            assert!(!airspace.contains(-30.0, longitude), "{rings} at {longitude}");
        }
    }
    let far = "[[[350,0],[360,0],[360,4],[350,4],[350,0]]]";
    let (airspace, _) = parse(&collection(&[sector(far)])).expect(far);
    assert!(airspace.contains(2.0, -5.0) && airspace.contains(2.0, 0.0));
    assert!(!airspace.contains(2.0, 5.0));
}

#[test]
fn parts_of_a_multipolygon_share_their_inner_edge() {
    let geometry = r#"{"type":"MultiPolygon","coordinates":[
        [[[0,0],[2,0],[2,4],[0,4],[0,0]]], [[[2,0],[4,0],[4,4],[2,4],[2,0]]],
        [[[170,0],[180,0],[180,4],[170,4],[170,0]]], [[[-180,0],[-170,0],[-170,4],[-180,4],[-180,0]]]]}"#;
    let text = collection(&[feature(r#""role":"sector","id":"S""#, geometry)]);
    let (airspace, _) = parse(&text).expect("a multipolygon");
    for (latitude, longitude) in
        [(1.0, 2.0), (4.0, 2.0), (1.0, 180.0), (1.0, -180.0), (0.0, -180.0)]
    {
        assert!(airspace.contains(latitude, longitude), "{latitude}, {longitude}");
    }
    assert_eq!(airspace.sectors()[0].area(), 16.0 + 80.0);
}

/// A vertex and a position with the same digits must be the same point. Without `float_roundtrip`, serde_json
/// is off by the last bit for some numbers.
#[test]
fn numbers_are_read_exactly() {
    let digits = (0..1_000).map(|n| format!("{}", f64::from(n) / 7.0 - 94.955_811_871_505_33));
    for text in digits {
        let read: f64 = serde_json::from_str(&text).expect("a number");
        assert_eq!(Ok(read), text.parse(), "{text}");
    }
}
