use super::*;
use crate::import::probe::assert_same;

const ROWS: &str = "[FIRs]\nAAAA|Alfa||AAAA\nBBBB|Bravo|BRA|BBBB\nCCCC|Charlie||CCCC\n";

fn clean() -> Vec<Value> {
    vec![feature("AAAA", "0", 0.0), feature("BBBB", "1", 2.0), feature("CCCC", "0", 4.0)]
}

#[test]
fn a_bad_shape_costs_itself() {
    let whole = import(ROWS, collection(&clean())).0;
    let no_point = "its coordinates: invalid type: string \"x\", expected f64 at line 1 column 7";
    let cases = [
        (json!([[[["x", 1], [2, 3], [4, 5], [6, 7]]]]), no_point),
        (
            json!([[[[1, 1], [2, 95], [4, 5], [6, 7]]]]),
            "position 2 of ring 1 of polygon 1, [2, 95], is not on the globe",
        ),
        (
            json!([[[[1, 1], [2, 5], [4, 5], [6, 7]], [[1, 1], [2, 2], [361, 0]]]]),
            "position 3 of ring 2 of polygon 1, [361, 0], is not on the globe",
        ),
        (
            json!([[[[1, 1], [2]]]]),
            "its coordinates: invalid length 1, expected a point of longitude and latitude at line 1 column 12",
        ),
        (json!([]), "its geometry has no polygon"),
        (json!([[[]]]), "its geometry has no polygon"),
        (json!(null), "its geometry is empty"),
    ];
    for (coordinates, reason) in cases {
        let mut features = clean();
        features[1]["geometry"]["coordinates"] = coordinates;
        let (draft, findings) = import(ROWS, collection(&features));
        assert_eq!(left_out(&findings), [("feature BBBB", reason)]);
        assert_eq!(draft.sectors, [whole.sectors[0].clone(), whole.sectors[2].clone()]);
        assert_eq!(draft.positions, whole.positions);
    }
}

#[test]
fn a_bad_feature_costs_itself() {
    let whole = import(ROWS, collection(&clean())).0;
    let cases = [
        (
            json!(5),
            "it is no feature: invalid type: integer `5`, expected struct Node at line 1 column 1",
        ),
        (json!({"type": "Topology"}), "it is no feature"),
        (json!({"type": "Feature", "properties": {"id": " "}}), "it has no id"),
        (
            json!({"type": "Feature", "properties": {"id": "A\u{7}"}}),
            "its id has control characters",
        ),
    ];
    for (bad, reason) in cases {
        let mut features = clean();
        features.insert(1, bad);
        let (draft, findings) = import(ROWS, collection(&features));
        assert_eq!(left_out(&findings), [("feature 2", reason)]);
        assert_same(&draft, &whole);
        assert_eq!(findings.found["features"], 4);
    }
    let mut features = clean();
    features[0]["geometry"] = json!({"type": "LineString", "coordinates": [[1, 1], [2, 2]]});
    let (_, findings) = import(ROWS, collection(&features));
    assert_eq!(left_out(&findings), [("feature AAAA", "its geometry is a LineString, no polygon")]);
}

#[test]
fn an_id_that_is_oceanic_and_not_is_two_sectors() {
    for features in [
        [feature("BBBB", "0", 0.0), feature("BBBB", "1", 2.0)],
        [feature("BBBB", "1", 2.0), feature("BBBB", "0", 0.0)],
    ] {
        let (draft, findings) = import("[FIRs]\nBBBB|Bravo|BRA|BBBB", collection(&features));
        let kind = |id| draft.sectors.iter().find(|it| it.id == id).and_then(|it| it.kind.clone());
        assert_eq!(kind("BBBB").as_deref(), Some("CTR"));
        assert_eq!(kind("BBBB~oceanic").as_deref(), Some("FSS"));
        assert_eq!(owners(&draft, "BBBB"), ["BRA_CTR", "BBBB_CTR"]);
        assert_eq!(owners(&draft, "BBBB~oceanic"), ["BRA_FSS", "BBBB_FSS"]);
        let what = "named BBBB~oceanic, as sector BBBB is another shape of that id";
        assert_eq!(repaired(&findings), [("feature BBBB~oceanic", what)]);
        assert_eq!((findings.found["unique_ids"], findings.found["oceanic"]), (1, 1));
    }
}

#[test]
fn a_twin_takes_no_id_of_another() {
    for features in [
        [feature("BBBB", "0", 0.0), feature("BBBB", "1", 2.0), feature("BBBB~oceanic", "0", 4.0)],
        [feature("BBBB~oceanic", "0", 4.0), feature("BBBB", "1", 2.0), feature("BBBB", "0", 0.0)],
    ] {
        let (draft, _) = import("[FIRs]\nBBBB|Bravo|BRA|BBBB", collection(&features));
        let mut all = ids(&draft);
        all.sort_unstable();
        assert_eq!(all, ["BBBB", "BBBB~oceanic", "BBBB~oceanic~2"]);
        assert_eq!(owners(&draft, "BBBB~oceanic~2"), ["BRA_FSS", "BBBB_FSS"]);
        assert_eq!(owners(&draft, "BBBB~oceanic"), [""; 0]);
    }
}

#[test]
fn without_its_other_shape_the_twin_keeps_its_id() {
    let mut bad = feature("BBBB", "0", 0.0);
    bad["geometry"] = Value::Null;
    let features = [bad, feature("BBBB", "1", 2.0)];
    let (draft, findings) = import("[FIRs]\nBBBB|Bravo|BRA|BBBB", collection(&features));
    assert_eq!(ids(&draft), ["BBBB~oceanic"]);
    assert_eq!(owners(&draft, "BBBB~oceanic"), ["BRA_FSS", "BBBB_FSS"]);
    assert_eq!(left_out(&findings), [("feature BBBB", "it has no geometry")]);
}

#[test]
fn an_oceanic_id_without_twin_is_taken_by_both() {
    let (draft, _) = import(ROWS, collection(&clean()));
    assert_eq!(owners(&draft, "BBBB"), ["BRA_FSS", "BRA_CTR", "BBBB_FSS", "BBBB_CTR"]);
    assert_eq!(owners(&draft, "AAAA"), ["AAAA_CTR", "AAAA_FSS"]);
}

#[test]
fn other_repeats_are_volumes_of_one_sector_and_the_same_shape_is_taken_once() {
    let features = [
        feature("AAAA", "0", 0.0),
        feature("AAAA", "0", 2.0),
        feature("AAAA", "0", 0.0),
        feature("BBBB", "1", 4.0),
        feature("BBBB", "1", 4.0),
    ];
    let (draft, findings) = import(ROWS, collection(&features));
    let volumes: Vec<usize> = draft.sectors.iter().map(|it| it.volumes.len()).collect();
    assert_eq!((ids(&draft), volumes), (vec!["AAAA", "BBBB"], vec![2, 1]));
    let expected = [
        ("feature AAAA (2)", "taken as another volume of sector AAAA"),
        ("feature AAAA (3)", "the same shape as another of sector AAAA: taken once"),
        ("feature BBBB (2)", "the same shape as another of sector BBBB: taken once"),
    ];
    assert_eq!(repaired(&findings), expected);
    assert_eq!(left_out(&findings), [("FIR row 3 (CCCC)", "line 4: no feature has the id CCCC")]);
}

#[test]
fn a_bad_volume_leaves_the_other() {
    let mut bad = feature("AAAA", "0", 0.0);
    bad["geometry"] = json!({"type": "Point", "coordinates": [0, 0]});
    let mut features = clean();
    features.insert(1, bad);
    let (draft, findings) = import(ROWS, collection(&features));
    assert_same(&draft, &import(ROWS, collection(&clean())).0);
    assert_eq!(left_out(&findings), [("feature AAAA (2)", "its geometry is a Point, no polygon")]);
}

#[test]
fn a_shape_that_no_row_names_has_no_owners() {
    let mut features = clean();
    features.push(feature("DDDD", "0", 8.0));
    let (draft, findings) = import(ROWS, collection(&features));
    assert_eq!((owners(&draft, "DDDD"), &*draft.sectors[3].name), (vec![], "DDDD"));
    let warning = "feature DDDD is named by no FIR row: it has no owners";
    assert_eq!(findings.warnings, [warning]);
}
