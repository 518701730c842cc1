use proptest::prelude::*;
use std::time::Duration;

use super::*;
use crate::import::busy;

#[test]
fn a_broken_file_is_named_with_its_line() {
    let broken = "{\"type\": \"FeatureCollection\",\n\"features\": [{\"oceanic\": 1},]}";
    let error = failure(broken);
    assert_eq!(error, "Boundaries.geojson: expected value at line 2 column 29");
    let error = failure("{\"oceanic\": 1, \"type\": \"FeatureCollection\"}");
    assert_eq!(error, "Boundaries.geojson: it is a FeatureCollection without features");
    let error = failure("{\"oceanic\": 1, \"type\": \"Topology\"}");
    assert_eq!(error, "Boundaries.geojson: it is neither a FeatureCollection nor a Feature");
    let crs =
        json!({"type": "FeatureCollection", "crs": "EPSG:27700", "features": [{"oceanic": 1}]});
    let error = failure(&crs.to_string());
    assert_eq!(error, "Boundaries.geojson: its `crs` is EPSG:27700, not CRS84");
}

fn failure(boundaries: &str) -> String {
    let sources = [source("Boundaries.geojson", boundaries)];
    read(&sources, &mut Findings::default()).expect_err("a broken file").to_string()
}

#[test]
fn a_thousand_levels_cost_one_feature() {
    let good = feature("AAAA", "0", 0.0).to_string();
    let open = "[".repeat(1_000);
    let close = "]".repeat(1_000);
    let deep_points = format!("{{\"type\":\"Polygon\",\"coordinates\":{open}{close}}}");
    let shape = feature("BBBB", "0", 0.0)["geometry"].to_string();
    let deep_shapes = (0..1_000).fold(shape, |inner, _| {
        format!("{{\"type\":\"GeometryCollection\",\"geometries\":[{inner}]}}")
    });
    let start = busy::time();
    let no_point = "its coordinates: invalid type: sequence, expected f64";
    let too_deep = "its geometries are in one another more than 16 deep";
    for (geometry, reason) in [(deep_points, no_point), (deep_shapes, too_deep)] {
        let bad = format!(
            "{{\"type\":\"Feature\",\"properties\":{{\"id\":\"BBBB\",\"x\":{open}{close}}},\"geometry\":{geometry}}}"
        );
        let file = format!("{{\"type\":\"FeatureCollection\",\"features\":[{bad},{good}]}}");
        let (draft, findings) = import("[FIRs]\nAAAA|A||AAAA", file);
        assert_eq!(ids(&draft), ["AAAA"]);
        let [(element, found)] = left_out(&findings)[..] else { panic!("{findings:?}") };
        assert_eq!(element, "feature BBBB");
        assert!(found.starts_with(reason), "{found}");
    }
    let nested = (0..1_000).fold(good, |inner, _| {
        format!("{{\"type\":\"FeatureCollection\",\"features\":[{inner}]}}")
    });
    let (draft, findings) = import("[FIRs]\n", nested);
    assert_eq!(draft.sectors, []);
    let reason = "collections are in one another more than 16 deep";
    assert_eq!(left_out(&findings), [("feature 1", reason)]);
    assert!(busy::time() - start < Duration::from_secs(2));
}

#[test]
fn many_rows_of_one_boundary_are_read_in_one_go() {
    let mut rows = String::from("[FIRs]\n");
    for number in 0..100_000 {
        rows.push_str(&format!("AAAA|Alfa|P{number}|AAAA\n"));
    }
    let start = busy::time();
    let (draft, _) = import(rows, collection(&[feature("AAAA", "0", 0.0)]));
    assert_eq!(draft.sectors[0].owners.len(), 200_002);
    assert!(busy::time() - start < Duration::from_secs(10));
}

#[test]
fn many_points_are_read_in_time() {
    // A tenth of what the optimised build reads in that time at the least.
    let turn = std::f64::consts::TAU / 100_000.0;
    let ring: Vec<[f64; 2]> = (0..100_000)
        .map(|at| f64::from(at) * turn)
        .map(|angle| [20.0 * angle.cos(), 20.0 * angle.sin()])
        .collect();
    let mut large = feature("AAAA", "0", 0.0);
    large["geometry"] = json!({"type": "Polygon", "coordinates": [ring]});
    let file = collection(&[large]);
    let start = busy::time();
    let (_, findings) = import("[FIRs]\nAAAA|Alfa||AAAA", file);
    let took = busy::time() - start;
    assert_eq!((findings.found["vertices"], findings.found["unclosed"]), (100_000, 1));
    assert!(took < Duration::from_secs(10), "{took:?}");
}

/// Small files in which everything is right, to be spoilt.
fn good() -> [Vec<u8>; 2] {
    let rows = "[Airports]\nA|\u{e9}|1|2||A|0\n[FIRs]\nAAAA|\u{e9}|A_B|AAAA\n[UIRs]\nU|u|AAAA\n[IDL]\n1|2\n";
    let features = [feature("AAAA", "0", 0.0), feature("AAAA", "1", 1.0)];
    [rows.into(), collection(&features).into_bytes()]
}

proptest! {
    #[test]
    fn no_bytes_break_the_reader(
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0..4_u8), 0..9),
        file in 0..2_usize,
    ) {
        let mut files = good();
        for (at, byte, way) in changes {
            let bytes = &mut files[file];
            if bytes.is_empty() {
                break;
            }
            let at = at.index(bytes.len());
            match way {
                0 => bytes[at] = byte,
                1 => bytes.insert(at, byte),
                2 => bytes.truncate(at),
                _ => drop(bytes.remove(at)),
            }
        }
        let [rows, boundaries] = files;
        let sources = [source("a.dat", rows), source("b.json", boundaries)];
        for source in &sources {
            recognises(source);
        }
        let mut findings = Findings::default();
        if let Ok(draft) = read(&sources, &mut findings) {
            prop_assert!(draft.sectors.iter().all(|sector| !sector.volumes.is_empty()));
        }
    }

    #[test]
    fn no_text_breaks_the_reader(rows in "\\PC{0,40}|[\\[\\]|;_\nFIRsUAé\r ]{0,60}", json in "\\PC{0,40}") {
        let rows = format!("[FIRs]\n{rows}");
        let sources = [source("a.dat", rows), source("b.json", json)];
        let _ = read(&sources, &mut Findings::default());
    }
}
