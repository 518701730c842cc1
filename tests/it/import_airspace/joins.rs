//! Callsigns of the community's files, looked up by the program in what it imported.

use std::{collections::BTreeSet, path::Path};

use serde_json::Value;

use super::{run, text};
use crate::support::{real_data, scratch};

/// The sectors of each callsign, by `check-airspace --callsign`.
fn sectors_of(profile: &Path, callsigns: &[&str]) -> Vec<BTreeSet<String>> {
    let asked = callsigns.iter().flat_map(|callsign| ["--callsign", callsign]);
    let arguments: Vec<&str> =
        ["check-airspace", text(profile), "--json"].into_iter().chain(asked).collect();
    let ended = run(&arguments);
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    let answers: Vec<Value> = serde_json::from_str(&ended.stdout).expect("an array");
    let told: Vec<&str> = answers.iter().filter_map(|it| it["callsign"].as_str()).collect();
    assert_eq!(told, callsigns);
    let sectors = |answer: &Value| -> BTreeSet<String> {
        let owned = answer["sectors"].as_array().expect("sectors").iter();
        owned.filter_map(|owned| owned["sector"].as_str().map(str::to_owned)).collect()
    };
    answers.iter().map(sectors).collect()
}

/// Imports the files, and looks callsigns up in what is written.
fn assert_joined(files: &[&str], cases: &[(&str, &str)]) {
    let Some(folder) = real_data::folder("airspace") else { return };
    let profile = scratch::dir("joins").join("profile.geojson");
    let files: Vec<_> = files.iter().map(|file| folder.join(file)).collect();
    let mut arguments = vec!["import-airspace", "-o", text(&profile)];
    arguments.extend(files.iter().map(|file| text(file)));
    let ended = run(&arguments);
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    let callsigns: Vec<&str> = cases.iter().map(|(callsign, _)| *callsign).collect();
    for ((callsign, expected), found) in cases.iter().zip(sectors_of(&profile, &callsigns)) {
        let expected: BTreeSet<String> =
            expected.split(' ').filter(|it| !it.is_empty()).map(str::to_owned).collect();
        assert_eq!(found, expected, "{callsign}");
    }
}

#[test]
fn of_vatspy() {
    let cases = [
        ("BN-ARL_CTR", "YARL"),
        ("ML-WOL__CTR", "YWOL"),
        ("LON_SC_CTR", "EGTT-SC"),
        ("LON_XX_CTR", "EGTT"),
        ("SY_APP", ""),
        ("AUCK_CTR", ""),
        ("GOOFY_CTR", ""),
        ("NY_FSS", "KZNY~oceanic"),
        ("NY_CTR", "KZNY"),
        ("ADR_U_CTR", "LAAA LDZO LJLA LQSB LWSS LYBA"),
        ("OBBB_E_CTR", "OBBB-E OBBB-S"),
        ("PLUTO_CTR", "LLLL LLPT"),
    ];
    assert_joined(&["vatspy.dat", "vatspy-boundaries.geojson"], &cases);
}

#[test]
fn of_simaware() {
    let cases = [
        ("SY_APP", "YSSY/SY"),
        ("SY-D_DEP", "YSSY/SY"),
        ("SY-C_APP", "YSSY/SY"),
        ("LAX_DEP", "SCT/LAX_DEP"),
        ("LAX_U_APP", "SCT/LAX"),
        ("UUEE_R_APP", "UUEE/UUEE"),
        ("JFK_APP", "N90/JFK"),
        ("N90_APP", ""),
        ("SY_TWR", ""),
    ];
    assert_joined(&["simaware-boundaries.tar.gz"], &cases);
}
