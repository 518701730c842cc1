use super::*;
use crate::import::probe::found;

fn sectors(draft: &Draft, callsign: &str) -> String {
    found(draft, callsign).1.join(" ")
}

#[test]
fn without_suffix_it_is_approach_and_departure() {
    let (draft, findings) = import(&[tracon("YSSY", &["SY", "SY-D"], None, 0.0)]);
    assert_eq!(ids(&draft), ["YSSY/SY"]);
    assert_eq!(owners(&draft), ["SY_APP SY_DEP SY-D_APP SY-D_DEP"]);
    assert_eq!(draft.sectors[0].kind.as_deref(), Some("APP"));
    assert_eq!(draft.sectors[0].name, "YSSY Approach");
    assert!(draft.cut_hyphen);
    assert_eq!(findings.found["positions"], 2);
    let position = &draft.positions[3];
    assert_eq!((&*position.id, &*position.suffix), ("SY-D_DEP", "DEP"));
    assert_eq!(position.prefixes, ["SY-D"]);
    assert_eq!(position.name.as_deref(), Some("YSSY Approach"));
}

#[test]
fn a_feature_for_departure_wins() {
    let features = [
        tracon("SCT", &["BUR", "LAX"], None, 0.0),
        tracon("SCT", &["LAX"], Some("DEP"), 2.0),
        tracon("SCT", &["SAN"], Some("TWR"), 4.0),
    ];
    let (draft, _) = import(&features);
    assert_eq!(ids(&draft), ["SCT/BUR", "SCT/LAX_DEP", "SCT/SAN_TWR"]);
    assert_eq!(owners(&draft), ["BUR_APP BUR_DEP LAX_APP", "LAX_DEP", "SAN_TWR"]);
    assert_eq!(sectors(&draft, "LAX_DEP"), "SCT/LAX_DEP");
    assert_eq!(sectors(&draft, "LAX_U_DEP"), "SCT/LAX_DEP");
    assert_eq!(sectors(&draft, "LAX_U_APP"), "SCT/BUR");
    let kinds: Vec<&str> = draft.sectors.iter().filter_map(|it| it.kind.as_deref()).collect();
    assert_eq!(kinds, ["APP", "DEP", "TWR"]);
}

#[test]
fn an_unusable_feature_for_departure_still_wins() {
    let mut bad = tracon("SCT", &["LAX"], Some("DEP"), 2.0);
    bad["geometry"] = Value::Null;
    let (draft, findings) = import(&[tracon("SCT", &["LAX"], None, 0.0), bad]);
    assert_eq!(owners(&draft), ["LAX_APP"]);
    assert_eq!(sectors(&draft, "LAX_DEP"), "");
    assert_eq!(left_out(&findings), [("feature SCT/LAX_DEP", "it has no geometry")]);
}

#[test]
fn a_suffix_of_two_parts_is_parted_at_the_last() {
    let features =
        [tracon("EETT", &["EETT"], None, 0.0), tracon("EETT_H", &["EETT"], Some("H_APP"), 2.0)];
    let (draft, _) = import(&features);
    assert_eq!(ids(&draft), ["EETT/EETT", "EETT_H/EETT_H_APP"]);
    let position = draft.positions.iter().find(|it| it.id == "EETT_H_APP").expect("a position");
    assert_eq!((&*position.prefixes[0], &*position.suffix), ("EETT_H", "APP"));
    assert_eq!(draft.sectors[1].kind.as_deref(), Some("APP"));
    assert_eq!(sectors(&draft, "EETT_H_APP"), "EETT_H/EETT_H_APP");
    assert_eq!(sectors(&draft, "EETT_X_APP"), "EETT/EETT");
    assert_eq!(sectors(&draft, "EETT_H_DEP"), "EETT/EETT");
}

#[test]
fn nothing_is_found_by_how_it_begins() {
    let features = [tracon("YSSY", &["sy", "SY__S", "SY"], None, 0.0)];
    let (draft, _) = import(&features);
    assert_eq!(ids(&draft), ["YSSY/SY"]);
    assert_eq!(owners(&draft), ["SY_APP SY_DEP SY_S_APP SY_S_DEP"]);
    for (callsign, expected) in [
        ("SY_APP", "YSSY/SY"),
        ("SY_S_APP", "YSSY/SY"),
        ("SY-C_APP", "YSSY/SY"),
        ("SYR_APP", ""),
        ("SY_TWR", ""),
        ("YSSY_APP", ""),
    ] {
        assert_eq!(sectors(&draft, callsign), expected, "{callsign}");
    }
}

#[test]
fn the_same_id_and_callsigns_are_volumes_of_one_sector() {
    let features = [
        tracon("LEMD", &["LEMD"], None, 0.0),
        tracon("LEMD", &["LEMD"], None, 2.0),
        tracon("LEMD", &["LEMD"], None, 0.0),
        tracon("LEMD", &["LEMD", "MAD"], None, 4.0),
        tracon("APT", &["MAD"], None, 6.0),
    ];
    let (draft, findings) = import(&features);
    assert_eq!(ids(&draft), ["LEMD/LEMD", "LEMD/LEMD~2", "APT/MAD"]);
    assert_eq!(draft.sectors[0].volumes.len(), 2);
    let expected = [
        ("feature LEMD/LEMD (2)", "taken as another volume of sector LEMD/LEMD"),
        ("feature LEMD/LEMD (3)", "the same shape as another of sector LEMD/LEMD: taken once"),
        ("feature LEMD/LEMD~2", "named LEMD/LEMD~2, as LEMD/LEMD is another sector"),
    ];
    assert_eq!(repaired(&findings), expected);
    let expected = [
        "LEMD is claimed more than once: LEMD/LEMD, LEMD/LEMD, LEMD/LEMD, LEMD/LEMD",
        "MAD is claimed more than once: LEMD/LEMD, APT/MAD",
    ];
    assert_eq!(findings.warnings, expected);
    assert_eq!((findings.found["unique_ids"], findings.found["features"]), (2, 5));
    assert_eq!(sectors(&draft, "MAD_APP"), "LEMD/LEMD~2 APT/MAD");
}

#[test]
fn a_numbered_sector_takes_no_id_of_another() {
    let features = [
        tracon("LEMD", &["LEMD"], None, 0.0),
        tracon("LEMD", &["LEMD", "MAD"], None, 2.0),
        tracon("LEMD", &["LEMD~2"], None, 4.0),
    ];
    let (draft, _) = import(&features);
    assert_eq!(ids(&draft), ["LEMD/LEMD", "LEMD/LEMD~3", "LEMD/LEMD~2"]);
}
