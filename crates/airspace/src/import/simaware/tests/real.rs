use super::*;
use crate::import::probe::{found, real_data};

fn recorded() -> Option<(Draft, Findings)> {
    let path = real_data("simaware-boundaries.tar.gz")?;
    Some(import_files(&Source::read(&[path]).expect("an archive")))
}

#[test]
fn the_counts_are_those_of_the_files() {
    let Some((draft, findings)) = recorded() else { return };
    let expected = [
        ("features", 1_281),
        ("unique_ids", 1_172),
        ("positions", 1_314),
        ("vertices", 53_414),
        ("unclosed", 93),
    ];
    for (what, number) in expected {
        assert_eq!(findings.found[what], number, "{what}");
    }
    assert_eq!(left_out(&findings), []);
    let files =
        Source::read(&real_data("simaware-boundaries.tar.gz").into_iter().collect::<Vec<_>>());
    let files = files.expect("an archive");
    let files: Vec<&Source> =
        files.iter().filter(|it| it.path.extension().is_some_and(|it| it == "json")).collect();
    let bytes: usize = files.iter().map(|it| it.bytes.len()).sum();
    assert_eq!((files.len(), bytes), (1_281, 4_173_264));
    let features: Vec<Value> =
        files.iter().map(|it| serde_json::from_slice(&it.bytes).expect("JSON")).collect();
    let of_kind = |kind: &str| features.iter().filter(|it| it["geometry"]["type"] == kind).count();
    assert_eq!(["MultiPolygon", "Polygon"].map(of_kind), [1_267, 14]);
    let with = |suffix| features.iter().filter(|it| it["properties"]["suffix"] == suffix).count();
    let suffixes = ["TWR", "APP", "DEP", "H_APP", "W_APP"].map(|suffix| with(json!(suffix)));
    assert_eq!((with(Value::Null), suffixes), (1_134, [89, 49, 7, 1, 1]));
    let mut ids: Vec<&Value> = features.iter().map(|it| &it["properties"]["id"]).collect();
    ids.sort_by_key(|id| id.to_string());
    assert_eq!(ids.chunk_by(|a, b| a == b).filter(|same| same.len() > 1).count(), 58);
    let claimed: Vec<&str> = findings
        .warnings
        .iter()
        .filter_map(|it| it.split_once(" is claimed").map(|it| it.0))
        .collect();
    assert_eq!(claimed, ["LEMD", "LEZL", "UUYY_R"]);
    assert_eq!(findings.warnings.len(), 3);
    let kinds = ["APP", "TWR", "DEP"]
        .map(|kind| draft.sectors.iter().filter(|it| it.kind.as_deref() == Some(kind)).count());
    // 1,134 without suffix, of which two are volumes of others; 49 APP, one H_APP and one W_APP.
    assert_eq!(kinds, [1_134 - 2 + 49 + 2, 89, 7]);
}

#[test]
fn callsigns_stand_for_the_right_sectors() {
    let Some((draft, _)) = recorded() else { return };
    let cases = [
        ("SY_APP", "YSSY/SY", "Sydney Approach"),
        ("SY-D_DEP", "YSSY/SY", "Sydney Approach"),
        ("LAX_DEP", "SCT/LAX_DEP", "SoCal Departure"),
        ("LAX_U_APP", "SCT/LAX", "SoCal Approach"),
        ("UUEE_R_APP", "UUEE/UUEE", "Sheremetyevo Radar"),
        ("JFK_APP", "N90/JFK", "New York Approach"),
        ("SY-C_APP", "YSSY/SY", "Sydney Approach"),
    ];
    for (callsign, id, name) in cases {
        assert_eq!(found(&draft, callsign).1, [id], "{callsign}");
        let sector = draft.sectors.iter().find(|it| it.id == id).expect("a sector");
        assert_eq!(sector.name, name);
    }
    for callsign in ["N90_APP", "SY_TWR"] {
        assert_eq!(found(&draft, callsign).0, [""; 0], "{callsign}");
    }
}

#[test]
fn every_callsign_is_its_own() {
    let Some((draft, _)) = recorded() else { return };
    for position in &draft.positions {
        assert_eq!(found(&draft, &position.id).0, [&*position.id]);
    }
}
