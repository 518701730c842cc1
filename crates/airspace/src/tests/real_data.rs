use std::{env, io::Read, path::PathBuf};

use flate2::read::GzDecoder;
use geo::{BoundingRect, Contains, MultiPolygon, Point};
use geojson::{FeatureCollection, GeometryValue};
use rand::Rng as _;
use sectorwatch_seed::Seed;
use serde_json::Value;

use super::*;

/// A folder of recorded input outside of this project; `None` when it is missing.
fn real_data(file: &str) -> Option<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let folder = env::var_os("SECTORWATCH_REAL_DATA").unwrap_or("../shared".into());
    let folder = root.join(folder);
    let path = folder.join(file);
    if path.exists() {
        return Some(path);
    }
    assert!(
        env::var_os("CI").is_none(),
        "{} is missing: set SECTORWATCH_REAL_DATA",
        path.display()
    );
    println!("not run: {} is missing", path.display());
    None
}

/// The community's boundaries have no roles, so each feature becomes a sector.
fn as_sectors(mut file: Value) -> String {
    for (index, feature) in
        file["features"].as_array_mut().expect("features").iter_mut().enumerate()
    {
        feature["properties"]["role"] = "sector".into();
        feature["properties"]["id"] = format!("{index}").into();
    }
    file.to_string()
}

#[test]
fn a_thousand_real_boundaries_agree_with_geo() {
    let Some(path) = real_data("airspace/vatspy-boundaries.geojson") else {
        return;
    };
    let text = fs::read_to_string(path).expect("a text");
    let (airspace, report) =
        parse(&as_sectors(serde_json::from_str(&text).expect("JSON"))).expect("sectors");
    assert_eq!(airspace.sectors().len(), 1_102);
    let unclosed = report.repairs().iter().filter(|line| line.contains("ring(s) closed"));
    assert_eq!(unclosed.count(), 2);

    let mut rng = Seed::of_this_run().rng();
    let file: FeatureCollection = text.parse().expect("GeoJSON");
    let (mut inside, mut vertices) = (0, 0);
    for (feature, sector) in file.features.into_iter().zip(airspace.sectors()) {
        let geometry: GeometryValue = feature.geometry.expect("a geometry").value;
        let peer: MultiPolygon = geometry.try_into().expect("a multipolygon");
        let bounds = peer.bounding_rect().expect("some vertices");
        let volume = &sector.volumes[0];
        for _ in 0..30 {
            let x = rng.random_range(bounds.min().x..=bounds.max().x);
            let y = rng.random_range(bounds.min().y..=bounds.max().y);
            let expected = peer.contains(&Point::new(x, y));
            assert_eq!(volume.contains(y, x), expected, "{} at {y}, {x}", sector.id);
            inside += u32::from(expected);
        }
        // geo is not used here: it takes a vertex shared by two parts for outside.
        for vertex in peer.iter().flat_map(|polygon| polygon.exterior().coords()) {
            assert!(volume.contains(vertex.y, vertex.x), "{} at {vertex:?}", sector.id);
            vertices += 1;
        }
    }
    assert!(inside > 10_000 && vertices > 60_000, "{inside} points inside, {vertices} vertices");
}

/// The pilots of a recorded snapshot.
fn pilots(file: &str) -> Option<Vec<Value>> {
    let path = real_data(&format!("feeds/{file}.json.gz"))?;
    let mut text = String::new();
    GzDecoder::new(fs::File::open(path).expect("a file"))
        .read_to_string(&mut text)
        .expect("a text");
    let snapshot: Value = serde_json::from_str(&text).expect("JSON");
    Some(snapshot["pilots"].as_array().expect("pilots").clone())
}

fn is_inside(airspace: &Airspace, pilot: &Value) -> bool {
    let degrees = |field| pilot[field].as_f64().expect("a number");
    airspace.contains(degrees("latitude"), degrees("longitude"))
}

#[test]
fn real_flights_inside_the_built_in_boundary_are_as_many_as_known() {
    let airspace = load(&[]).expect("the built-in airspace").0;
    for (file, expected) in [
        ("2020-12-03T142357Z", 6),
        ("2021-04-09T154309Z", 8),
        ("2021-04-09T161939Z", 12),
        ("2021-10-20T033505Z", 17),
        ("2024-02-20T231951Z", 16),
    ] {
        let Some(pilots) = pilots(file) else { return };
        let has_plan = |pilot: &Value| {
            ["departure", "arrival"].iter().all(|field| {
                pilot["flight_plan"][field].as_str().is_some_and(|text| !text.trim().is_empty())
            })
        };
        let in_scope = |pilot: &&Value| has_plan(pilot) && is_inside(&airspace, pilot);
        assert_eq!(pilots.iter().filter(in_scope).count(), expected, "{file}");
    }
}

#[test]
fn files_that_others_sent_are_read_as_they_are_meant() {
    let Some(pilots) = pilots("2024-02-20T231951Z") else { return };
    // File, flights inside, the text of the report or error.
    for (file, expected, says) in [
        ("air-north-wide", Ok(561), "cut it at ±180°"),
        ("air-world-nearly", Ok(702), "cut it at ±180°"),
        ("air-ring-beyond180", Ok(4), "warnings: none"),
        ("air-geometrycollection", Ok(0), "feature 0 (GC): 1 LineString(s)"),
        ("air-crs-4326-latlon", Ok(0), "longitude first"),
        ("air-crs-3857", Err("crs"), "urn:ogc:def:crs:EPSG::3857"),
    ] {
        let Some(path) = real_data(&format!("cases/{file}.geojson")) else { return };
        match (load(&[path]), expected) {
            (Ok((airspace, report)), Ok(expected)) => {
                let inside = pilots.iter().filter(|pilot| is_inside(&airspace, pilot));
                assert_eq!(inside.count(), expected, "{file}");
                assert!(report.to_string().contains(says), "{file}: {report}");
            }
            (Err(error), Err(kind)) => {
                assert_eq!(error.kind(), kind, "{file}");
                assert!(chain(&error).contains(says), "{file}: {}", chain(&error));
            }
            (odd, _) => panic!("{file}: {odd:?}"),
        }
    }
}
