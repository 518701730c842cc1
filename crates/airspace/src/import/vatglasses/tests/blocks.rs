use geo::Coord;
use serde_json::value::RawValue;

use super::super::{
    block::{Block, Limits},
    point::point,
};

fn read(text: &str) -> Block {
    Block::read(&RawValue::from_string(text.to_owned()).unwrap())
}

fn limits(members: &str) -> Result<Limits, String> {
    let points = r#""points": [["500000","0000000"], ["510000","0000000"], ["510000","0010000"]]"#;
    read(&format!("{{ {members} {points} }}")).limits
}

#[test]
fn levels_are_feet_and_the_last_level_before_the_next_block_reaches_up_to_it() {
    for (members, floor_ft, ceiling_ft) in [
        (r#""min": 245, "max": 660,"#, Some(24_500.0), Some(66_000.0)),
        (r#""min": 0, "max": 244,"#, Some(0.0), Some(24_500.0)),
        (r#""min": 0, "max": 249,"#, Some(0.0), Some(25_000.0)),
        (r#""max": 24,"#, None, Some(2_500.0)),
        (r#""max": 25,"#, None, Some(2_500.0)),
        (r#""min": 305,"#, Some(30_500.0), None),
        (r#""min": null, "max": null,"#, None, None),
        ("", None, None),
        (r#""min": 30, "max": 30,"#, Some(3_000.0), Some(3_100.0)),
        (r#""min": 24, "max": 24,"#, Some(2_400.0), Some(2_500.0)),
        (r#""min": -0, "max": -1,"#, Some(0.0), None),
        (r#""min": 12.5, "max": 24.5,"#, Some(1_250.0), Some(2_450.0)),
        (r#""min": "55", "max": " 64 ","#, Some(5_500.0), Some(6_500.0)),
        // The last of a repeated name counts.
        (r#""min": 1, "min": 2,"#, Some(200.0), None),
    ] {
        if members.contains("-1") {
            assert!(limits(members).unwrap_err().contains("is above"), "{members}");
            continue;
        }
        let limits = limits(members).unwrap();
        assert_eq!(limits, Limits { floor_ft, ceiling_ft }, "{members}");
        assert!(limits.floor_ft.is_none_or(f64::is_sign_positive), "{members}");
    }
}

#[test]
fn what_is_no_level_is_told_as_it_stands() {
    for (members, told) in [
        (r#""min": "GND","#, r#"its min is no level: "GND""#),
        (r#""max": true,"#, "its max is no level: true"),
        (r#""max": [245],"#, "its max is no level: [245]"),
        (r#""max": 1e300,"#, "its max is no level: 1e300"),
        (r#""max": 1e999,"#, "its max is no level: 1e999"),
        (r#""min": "NaN","#, r#"its min is no level: "NaN""#),
        (r#""min": 246, "max": 245,"#, "its min of 246 is above its max of 245"),
    ] {
        assert_eq!(limits(members).unwrap_err(), told);
    }
}

#[test]
fn a_level_that_is_no_whole_number_is_remarked() {
    let block = read(r#"{ "min": 24.5, "max": 60 }"#);
    assert_eq!(block.remarks, ["has 24.5 for min, which is no whole flight level"]);
}

#[test]
fn points_are_degrees_minutes_and_seconds() {
    let at = |x, y| Some((Coord { x, y }, false));
    assert_eq!(point("513000", "-0001500"), at(-0.25, 51.5));
    assert_eq!(point("-335646", "+1511036"), at(151.0 + 636.0 / 3600.0, -33.0 - 3406.0 / 3600.0));
    assert_eq!(point(" 900000 ", "1800000"), at(180.0, 90.0));
    let (coord, _) = point("-000000", "-0000000").unwrap();
    assert!(coord.x.is_sign_positive() && coord.y.is_sign_positive());
}

#[test]
fn minutes_and_seconds_beyond_59_carry_over() {
    let at = |x, y| Some((Coord { x, y }, true));
    assert_eq!(point("535460", "0000000"), at(0.0, 53.0 + 55.0 / 60.0));
    assert_eq!(point("500000", "0006099"), at(1.0 + 99.0 / 3600.0, 50.0));
    let block =
        read(r#"{ "points": [["535460","0000000"], ["535960","0000060"], ["520000","0"]] }"#);
    assert!(block.line.unwrap_err().contains("point 3 "));
    let block =
        read(r#"{ "points": [["535460","0000000"], ["536000","0000060"], ["520000","0000000"]] }"#);
    let told = "has 2 points with more than 59 minutes or seconds, which carry over";
    assert_eq!(block.remarks, [told]);
    assert_eq!(block.line.unwrap().len(), 3);
}

#[test]
fn what_is_no_point_of_the_globe_is_none() {
    for (latitude, longitude) in [
        ("51300", "0001500"),
        ("5130000", "0001500"),
        ("513000", "001500"),
        ("513000", "00001500"),
        ("51.500", "0001500"),
        ("N51300", "0001500"),
        ("513000", "0001500E"),
        ("--51300", "0001500"),
        ("900001", "0000000"),
        ("896060", "0000000"),
        ("513000", "1800001"),
        ("513000", "-1995959"),
        ("", ""),
        ("5１30", "0001500"),
        ("５13", "0001500"),
    ] {
        assert_eq!(point(latitude, longitude), None, "{latitude} {longitude}");
    }
}

#[test]
fn a_shape_that_cannot_be_read_is_told_with_its_point() {
    let points = |points: &str| read(&format!(r#"{{ "points": {points} }}"#)).line.unwrap_err();
    let good = r#"["500000","0000000"]"#;
    let told = r#"point 2 is no ["±ddmmss","±dddmmss"] on the globe: "#;
    for bad in [r#"["500000"]"#, "null", r#"["5","6"]"#, r#"[500000,-53000]"#, r#"["1","2","3"]"#] {
        assert_eq!(points(&format!("[{good}, {bad}, {good}]")), format!("{told}{bad}"));
    }
    assert_eq!(points(&format!("[{good}, {good}]")), "it has 2 points; a shape needs three");
    assert_eq!(points("{}"), "its points are no list: {}");
    assert_eq!(read("{}").line.unwrap_err(), "it has no points");
    assert_eq!(read("[1]").limits.unwrap_err(), "it is no object: [1]");
}

#[test]
fn runways_are_named_with_their_airports() {
    let active_when = |runways: &str| read(&format!(r#"{{ "runways": {runways} }}"#)).active_when;
    for (runways, words) in [
        (r#"[{"icao": "EGLL", "runway": "27"}]"#, "EGLL 27"),
        (r#"[{"icao": "EGLL", "runway": ["27L", "27R"]}]"#, "EGLL 27L,27R"),
        (
            r#"[{"icao": "EGLL", "runway": 9}, {"icao": "EGLC", "runway": "09"}]"#,
            "EGLL 9 and EGLC 09",
        ),
        (r#"{"icao": "EGLL", "runway": "27"}"#, "EGLL 27"),
        (r#"[{"icao": "EGLL"}]"#, r#"[{"icao": "EGLL"}]"#),
        (r#""EGLL27""#, r#""EGLL27""#),
    ] {
        assert_eq!(active_when(runways).as_deref(), Some(words));
    }
    assert_eq!(active_when("[]"), None);
    assert_eq!(active_when("null"), None);
}
