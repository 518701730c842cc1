//! An airspace of the community, imported, and the recorded snapshots replayed with it: every sector is what another
//! computation says.

mod recomputed;
mod visits;

use std::{
    fs::{self, File},
    io::BufReader,
    path::{Path, PathBuf},
};

use flate2::read::GzDecoder;
use serde_json::{Value, json};

use crate::support::{postgres::Database, real_data, replay::replay, scratch, service::Setup};
use recomputed::{Airspace, Point};
use visits::Visits;

/// Points this close to an edge, in degrees, are not judged.
const TOO_CLOSE: f64 = 1e-9;
/// The longest that is allowed: the two snapshots of one day are one track, with stays and crossings.
const LONGEST_GAP: &str = "24h";
/// Points that one run of the program is asked for: what a command line holds.
const ASKED_AT_ONCE: usize = 2_000;

const VATSPY: &[&str] = &["vatspy.dat", "vatspy-boundaries.geojson"];
/// With levels, shared volumes and the antimeridian; with levels and blocks; with levels and circles; the smallest.
const OTHERS: [&[&str]; 4] = [
    &["vatsys-sectors.xml", "vatsys-volumes.xml"],
    &["vatglasses-eg.json"],
    &["euroscope-fasa.ese"],
    &["simaware-boundaries.tar.gz"],
];

/// The whole of an airspace of the community, imported by the program.
pub fn imported(files: &[&str]) -> Option<PathBuf> {
    let airspace = real_data::folder("airspace")?;
    let profile = scratch::dir("imported").join("airspace.geojson");
    let files: Vec<PathBuf> = files.iter().map(|file| airspace.join(file)).collect();
    let mut arguments = vec!["import-airspace", "-o", text(&profile)];
    arguments.extend(files.iter().map(|file| text(file)));
    let ended = Setup::bare(&arguments).run();
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    Some(profile)
}

fn text(path: &Path) -> &str {
    path.to_str().expect("UTF-8")
}

/// The recorded snapshots, from the oldest to the newest.
fn snapshots(feeds: &Path) -> Vec<Value> {
    let entries = feeds.read_dir().expect("the folder");
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.expect("an entry").path()).collect();
    // They are named after their times.
    files.sort();
    let read = |file: &PathBuf| {
        let file = BufReader::new(File::open(file).expect("a recording"));
        serde_json::from_reader(GzDecoder::new(file)).expect("a snapshot")
    };
    files.iter().map(read).collect()
}

fn pilots(snapshot: &Value) -> &[Value] {
    snapshot["pilots"].as_array().expect("pilots")
}

#[test]
fn every_visit_of_a_replay_is_what_another_computation_says() {
    let (Some(profile), Some(feeds)) = (imported(VATSPY), real_data::folder("feeds")) else {
        return;
    };
    replay_as_recomputed(&profile, &feeds);
}

/// The format has no levels: traffic of the whole world, in sectors that have some.
#[test]
fn every_visit_between_levels_is_what_another_computation_says() {
    let (Some(profile), Some(feeds)) = (imported(VATSPY), real_data::folder("feeds")) else {
        return;
    };
    let text = fs::read_to_string(&profile).expect("the profile");
    let mut airspace: Value = serde_json::from_str(&text).expect("JSON");
    let features = airspace["features"].as_array_mut().expect("features");
    // At the transition altitude, above it, and a sector without limits.
    let limits = [json!([null, 10_000]), json!([10_000, 35_000]), json!([24_500, null]), json!([])];
    for (feature, limits) in features.iter_mut().zip(limits.iter().cycle()) {
        feature["properties"]["floor_ft"] = limits[0].clone();
        feature["properties"]["ceiling_ft"] = limits[1].clone();
    }
    fs::write(&profile, airspace.to_string()).expect("write the profile");
    replay_as_recomputed(&profile, &feeds);
}

fn replay_as_recomputed(profile: &Path, feeds: &Path) {
    let airspace = Airspace::read(profile);
    let mut expected = Visits::default();
    for snapshot in snapshots(feeds) {
        expected.observe(&snapshot, &airspace);
    }
    let database = Database::migrated();
    let settings = [
        ("SECTORWATCH_AIRSPACE", text(profile)),
        ("SECTORWATCH_LONGEST_GAP", LONGEST_GAP),
        // What the recomputation does not know.
        ("SECTORWATCH_LEVEL_HYSTERESIS_FT", "0"),
    ];
    let ended = replay(&[feeds], &database, &settings);
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    assert_eq!(database.client().count("select count(*) from rejected_records"), 0);

    let Visits { kinds, judged, not_judged, .. } = &expected;
    eprintln!("{judged} positions judged, {not_judged} too close to an edge; {kinds:?}");
    assert!(*not_judged <= judged / 1_000, "few are too close to an edge: {not_judged}");
    for kind in ["entered", "stayed", "crossed", "slow_once", "unobserved"] {
        assert!(kinds.get(kind).is_some_and(|number| *number > 0), "{kind} occurs: {kinds:?}");
    }
    let (stored, expected) = (visits::stored(&database, &expected), expected.rows());
    let missing: Vec<_> = expected.difference(&stored).take(10).collect();
    let others: Vec<_> = stored.difference(&expected).take(10).collect();
    assert!(
        missing.is_empty() && others.is_empty(),
        "of {} visits, missing: {missing:#?}\nnot expected: {others:#?}",
        expected.len()
    );
}

#[test]
fn every_sector_at_every_recorded_position_is_what_another_computation_says() {
    let Some(feeds) = real_data::folder("feeds") else {
        return;
    };
    let snapshots = snapshots(&feeds);
    let points: Vec<Point> = snapshots.iter().flat_map(pilots).map(Point::of).collect();
    for files in std::iter::once(VATSPY).chain(OTHERS) {
        let Some(profile) = imported(files) else { return };
        let hits = compare(&profile, &points);
        assert!(hits > 0, "{files:?}: some are inside");
    }
}

/// Asks the program for all points, and returns how many sectors they are in.
fn compare(profile: &Path, points: &[Point]) -> usize {
    let airspace = Airspace::read(profile);
    let (mut not_judged, mut hits) = (0, 0);
    let points = [points, &airspace.at_limits(points)].concat();
    for points in points.chunks(ASKED_AT_ONCE) {
        let at = |Point { latitude, longitude, altitude_ft, .. }: &Point| {
            format!("--at={latitude},{longitude},{altitude_ft}")
        };
        let questions: Vec<String> = points.iter().map(at).collect();
        let mut arguments = vec!["check-airspace", "--json", text(profile)];
        arguments.extend(questions.iter().map(String::as_str));
        let ended = Setup::bare(&arguments).run();
        assert_eq!(ended.code, Some(0), "{}", ended.stderr);
        let answers: Vec<Value> = serde_json::from_str(&ended.stdout).expect("answers");
        assert_eq!(answers.len(), points.len());
        for (point, answer) in points.iter().zip(answers) {
            // A look-up is at the standard pressure.
            let point = Point { qnh_mb: None, ..point.clone() };
            let Some(sectors) = airspace.sectors_at(&point, TOO_CLOSE) else {
                not_judged += 1;
                continue;
            };
            let answered = answer["hits"].as_array().expect("hits").iter();
            let answered: Vec<&str> = answered.filter_map(|hit| hit["sector"].as_str()).collect();
            assert_eq!(answered, sectors, "at {point:?}");
            assert_eq!(answer["primary"].as_str(), sectors.first().copied(), "at {point:?}");
            hits += sectors.len();
        }
    }
    eprintln!("{} positions in {hits} sectors, {not_judged} too close to an edge", points.len());
    assert!(not_judged <= points.len() / 1_000, "few are too close to an edge: {not_judged}");
    hits
}

/// The computation of this test is itself held against sectors whose hits can be told by looking.
#[test]
fn the_other_computation_honours_holes_limits_areas_edges_and_the_antimeridian() {
    let square = |west: f64, south: f64, size: f64| {
        let (east, north) = (west + size, south + size);
        serde_json::json!([
            [west, south],
            [east, south],
            [east, north],
            [west, north],
            [west, south]
        ])
    };
    let feature = |id: &str, limits: [Value; 2], rings: Vec<Value>| {
        let [floor_ft, ceiling_ft] = limits;
        serde_json::json!({"type": "Feature", "geometry": {"type": "Polygon", "coordinates": rings},
            "properties": {"role": "sector", "id": id, "floor_ft": floor_ft, "ceiling_ft": ceiling_ft}})
    };
    let none = || [Value::Null, Value::Null];
    let features = [
        feature("large", none(), vec![square(0.0, 0.0, 10.0), square(4.0, 4.0, 2.0)]),
        feature("first", none(), vec![square(1.0, 1.0, 1.0)]),
        feature("second", none(), vec![square(1.0, 1.0, 1.0)]),
        feature("low", [Value::Null, 9_500.into()], vec![square(8.0, 8.0, 1.0)]),
        feature("high", [24_500.into(), Value::Null], vec![square(8.0, 8.0, 0.5)]),
        feature("dateline", none(), vec![square(175.0, 0.0, 10.0)]),
    ];
    let collection = serde_json::json!({"type": "FeatureCollection", "features": features});
    let airspace = Airspace::of(&collection);
    for (latitude, longitude, altitude_ft, qnh_mb, expected) in [
        (1.5, 1.5, 0, None, Some(vec!["first", "second", "large"])),
        (5.0, 5.0, 0, None, Some(vec![])),
        (4.0, 5.0, 0, None, None),
        (4.000_000_002, 5.0, 0, None, Some(vec![])),
        (8.25, 8.25, 9_500, Some(1013), Some(vec!["low", "large"])),
        (8.25, 8.25, 9_501, Some(1013), Some(vec!["large"])),
        (8.25, 8.25, 24_000, Some(983), Some(vec!["high", "large"])),
        (8.25, 8.25, 24_500, Some(1014), Some(vec!["large"])),
        (5.0, -178.0, 0, None, Some(vec!["dateline"])),
        (5.0, 178.0, 0, None, Some(vec!["dateline"])),
        (5.0, -174.0, 0, None, Some(vec![])),
    ] {
        let point = Point { latitude, longitude, altitude_ft, qnh_mb };
        assert_eq!(airspace.sectors_at(&point, TOO_CLOSE), expected, "{point:?}");
    }
}
