//! `check-airspace --svg`.

use std::fs;

use serde_json::json;

use super::{run, text};
use crate::support::scratch;

/// A large sector across the antimeridian with a small one in it, of odd names.
fn airspace() -> String {
    let feature = |id: &str, west: f64, width: f64| {
        let (east, north) = (west + width, width);
        let ring = [[west, 0.0], [east, 0.0], [east, north], [west, north], [west, 0.0]];
        json!({
            "type": "Feature",
            "properties": {
                "role": "sector", "id": id, "name": "A & B's \"<name>\"", "owners": ["P"],
                "floor_ft": 1500, "ceiling_ft": null, "active_when": "XXXX 01",
            },
            "geometry": {"type": "Polygon", "coordinates": [ring]},
        })
    };
    // The small one stands first, and is drawn last.
    let features = [feature("<small>", 178.0, 4.0), feature("large\u{ffff}", 170.0, 20.0)];
    let positions = json!({"P": {"prefixes": ["P"], "suffix": "CTR"}});
    json!({"type": "FeatureCollection", "positions": positions, "features": features}).to_string()
}

#[test]
fn an_airspace_is_drawn_into_one_file_that_needs_no_other() {
    let dir = scratch::dir("drawing");
    let (file, svg) = (dir.join("a.geojson"), dir.join("a.svg"));
    fs::write(&file, airspace()).expect("write");
    let question = ["--at=2,180,3000", "--at=2,-175"];
    let arguments =
        [&["check-airspace", text(&file), "--svg", text(&svg), "--json"], &question[..]].concat();
    let ended = run(&arguments);
    assert_eq!((ended.code, &*ended.stderr), (Some(0), ""));
    assert!(ended.stdout.starts_with("[\n"), "the answers are printed: {}", ended.stdout);
    let drawn = fs::read_to_string(&svg).expect("the drawing");

    // Whatever reads XML reads it.
    let mut reader = quick_xml::Reader::from_str(&drawn);
    reader.config_mut().check_end_names = true;
    let mut names = Vec::new();
    loop {
        match reader.read_event().expect("XML") {
            quick_xml::events::Event::Eof => break,
            quick_xml::events::Event::Start(tag) => names.push(tag.name().0.to_owned()),
            _ => {}
        }
    }
    assert_eq!(names.iter().filter(|name| *name == "circle").count(), 2);
    assert!(drawn.starts_with("<?xml "), "{drawn}");
    for part in ["href", "url(", "<script", "\u{ffff}", "NaN", "inf"] {
        assert!(!drawn.contains(part), "{part}: {drawn}");
    }
    let place = |part: &str| drawn.find(part).unwrap_or_else(|| panic!("{part}: {drawn}"));
    assert!(place(">large\u{fffd} A &amp; B") < place(">&lt;small&gt; A &amp; B"));
    place("&lt;name&gt;&quot;\n1,500 ft to unlimited (XXXX 01)\nowners P<");
    place("2, 180 at 3000 ft: &lt;small&gt;\n");

    let printed =
        run(&["check-airspace", text(&file), "--svg", "-", "--at=2,180,3000", "--at=2,-175"]);
    assert_eq!((printed.code, printed.stdout.trim_end()), (Some(0), drawn.trim_end()));
    let nowhere = run(&["check-airspace", text(&file), "--svg", text(&dir.join("no/a.svg"))]);
    assert_eq!(nowhere.code, Some(1));
    assert!(nowhere.stderr.contains("no/a.svg cannot be written"), "{}", nowhere.stderr);
}
