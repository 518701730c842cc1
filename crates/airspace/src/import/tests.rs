//! What is the same for all formats: selecting, merging, writing, and the report.

mod letters;
mod odd;
mod samples;

use serde_json::{Value, json};

use super::*;

fn feature(id: &str, west: f64, more: Value) -> Value {
    let ring = [[west, 0.0], [west + 1.0, 0.0], [west + 1.0, 1.0], [west, 1.0], [west, 0.0]];
    let mut properties = json!({"role": "sector", "id": id});
    for (name, value) in more.as_object().cloned().unwrap_or_default() {
        properties[&name] = value;
    }
    let geometry = json!({"type": "Polygon", "coordinates": [ring]});
    json!({"type": "Feature", "properties": properties, "geometry": geometry})
}

fn file(features: &[Value], more: Value) -> Source {
    let mut collection = json!({"type": "FeatureCollection", "features": features});
    for (name, value) in more.as_object().cloned().unwrap_or_default() {
        collection[&name] = value;
    }
    Source { path: "a.geojson".into(), bytes: collection.to_string().into_bytes() }
}

fn positions() -> Value {
    let position = |prefix: &str| json!({"prefixes": [prefix], "suffix": "CTR"});
    json!({"positions": {
        "LON": position("LON"), "SC": position("LON_SC"), "SCO": position("SCO"),
        "TWO": [position("TWO"), {"prefixes": ["TWO"], "suffix": "APP", "frequency_hz": 118_000_000}],
    }})
}

fn sectors() -> [Value; 3] {
    [
        feature(
            "A",
            0.0,
            json!({"owners": ["LON"], "kind": "CTR", "ceiling_ft": 24500, "capacity": 9}),
        ),
        feature("B", 1.0, json!({"owners": ["SC"], "kind": "APP", "active_when": "EGLL 27L"})),
        feature(
            "C",
            2.0,
            json!({"owners": ["SCO", "TWO"], "airports": ["EGPX"], "name": "Scottish"}),
        ),
    ]
}

fn imported(source: &Source, options: Options) -> Imported {
    import(std::slice::from_ref(source), &options).unwrap()
}

fn ids(imported: &Imported) -> Vec<String> {
    let profile: Value = serde_json::from_str(&imported.text).unwrap();
    let features = profile["features"].as_array().unwrap();
    features.iter().map(|it| it["properties"]["id"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn the_import_of_an_import_is_the_same_bytes() {
    let more = json!({
        "transition_altitude_ft": 6000, "cut_hyphen": true, "approximate": true,
        "dataset": {"format": "vatspy", "licence": "free"}, "positions": positions()["positions"],
    });
    let first = imported(&file(&sectors(), more), Options::default());
    let again = Source { path: "b.geojson".into(), bytes: first.text.clone().into_bytes() };
    let second = imported(&again, Options::default());
    assert_eq!(first.text, second.text);
    assert_eq!(second.report.written, Written { sectors: 3, volumes: 3, positions: 4 });
    let profile: Value = serde_json::from_str(&second.text).unwrap();
    assert_eq!(profile["dataset"], json!({"format": "vatspy", "licence": "free"}));
    assert_eq!(profile["transition_altitude_ft"], 6000);
    assert_eq!([&profile["cut_hyphen"], &profile["approximate"]], [true, true]);
    assert_eq!(profile["positions"]["TWO"][1]["frequency_hz"], 118_000_000);
    assert_eq!(
        profile["features"][0]["properties"],
        json!({
            "role": "sector", "id": "A", "name": "A", "kind": "CTR", "floor_ft": null, "ceiling_ft": 24500,
            "owners": ["LON"], "airports": [], "active_when": null, "capacity": 9,
        })
    );
}

#[test]
fn a_bad_feature_and_a_bad_position_cost_themselves() {
    let clean = imported(&file(&sectors(), positions()), Options::default());
    let mut features = sectors().to_vec();
    features.insert(1, feature("BAD", 5.0, json!({"floor_ft": 9, "ceiling_ft": 1})));
    let mut more = positions();
    more["positions"]["ODD"] = json!({"prefixes": "ODD", "suffix": "CTR"});
    let found = imported(&file(&features, more), Options::default());
    let lines = |imported: &Imported| -> Vec<String> {
        imported.text.lines().skip(2).map(str::to_owned).collect()
    };
    assert_eq!(lines(&found), lines(&clean));
    let left_out: Vec<&str> = found.report.left_out.iter().map(|it| &*it.element).collect();
    assert_eq!(left_out, ["feature 1 (BAD)", "position ODD"]);
}

#[test]
fn a_shape_that_could_not_be_loaded_costs_itself() {
    let clean = imported(&file(&sectors(), positions()), Options::default());
    // The hole is a turn away from where it is drawn, and partly beyond the longitudes that are read.
    let mut bad = feature("BAD", 5.0, json!({}));
    bad["geometry"]["coordinates"] = json!([
        [[340, 0], [360, 0], [360, 10], [340, 10], [340, 0]],
        [[-5, 2], [5, 2], [5, 5], [-5, 5], [-5, 2]],
    ]);
    let features = [&sectors()[..], &[bad]].concat();
    let found = imported(&file(&features, positions()), Options::default());
    let lines = |imported: &Imported| -> Vec<String> {
        imported.text.lines().skip(2).map(str::to_owned).collect()
    };
    assert_eq!(lines(&found), lines(&clean));
    let [left_out] = &found.report.left_out[..] else { panic!("{}", found.report) };
    assert_eq!(left_out.element, "feature 3 (BAD)");
    assert!(left_out.reason.contains("longitude 365"), "{left_out:?}");
}

#[test]
fn a_selection_keeps_what_hides_its_positions() {
    let source = file(&sectors(), positions());
    let by_ids = Selection { ids: patterns(&["a".to_owned()]).ok(), ..Selection::default() };
    let chosen = imported(&source, Options { selection: by_ids, ..Options::default() });
    assert_eq!(ids(&chosen), ["A"]);
    let profile: Value = serde_json::from_str(&chosen.text).unwrap();
    let positions: Vec<&String> = profile["positions"].as_object().unwrap().keys().collect();
    assert_eq!(positions, ["LON", "SC"], "whoever is on LON_SC_CTR is not on LON_CTR");

    let kinds = Selection { kinds: vec!["app".to_owned()], ..Selection::default() };
    assert_eq!(ids(&imported(&source, Options { selection: kinds, ..Options::default() })), ["B"]);
    let none = Selection { kinds: vec!["FSS".to_owned()], ..Selection::default() };
    let nothing =
        import(std::slice::from_ref(&source), &Options { selection: none, ..Options::default() });
    assert!(matches!(nothing, Err(ImportError::Nothing { .. })));
    let division = Selection { division: Some("VATNZ".to_owned()), ..Selection::default() };
    let refused = import(&[source], &Options { selection: division, ..Options::default() });
    assert!(matches!(refused, Err(ImportError::NoDivisions { format: Format::Geojson })));
}

#[test]
fn a_merge_keeps_the_file_and_leaves_out_what_contradicts_it() {
    let [a, b, c] = sectors();
    let base = file(&[a.clone(), b], positions());
    let other_b = feature("B", 7.0, json!({}));
    let merge = |features: &[Value]| {
        let options = Options { merge: Some(base.clone()), ..Options::default() };
        imported(&file(features, positions()), options)
    };
    let merged = merge(&[a, other_b, c]);
    assert_eq!(ids(&merged), ["A", "B", "C"]);
    let left_out: Vec<&str> = merged.report.left_out.iter().map(|it| &*it.element).collect();
    assert_eq!(left_out, ["sector B"]);

    let cut = file(&sectors(), json!({"cut_hyphen": true, "positions": positions()["positions"]}));
    let refused = import(&[cut], &Options { merge: Some(base), ..Options::default() });
    assert!(matches!(refused, Err(ImportError::CutHyphen)));
}

#[test]
fn files_of_no_format_are_refused() {
    let source = Source { path: "a".into(), bytes: b"{\"a\": 1}".to_vec() };
    assert!(matches!(import(&[source], &Options::default()), Err(ImportError::UnknownFormat)));
}
