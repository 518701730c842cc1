use std::{collections::BTreeSet, fs};

use super::{
    join::{Table, sectors_of},
    *,
};
use crate::import::{
    DraftSector,
    probe::{around, real_data},
};

/// The recorded files as text.
fn files() -> Option<[String; 2]> {
    let [rows, boundaries] = ["vatspy.dat", "vatspy-boundaries.geojson"].map(real_data);
    Some([rows?, boundaries?].map(|path| fs::read_to_string(path).expect("UTF-8")))
}

fn expect(findings: &Findings, expected: &[(&str, u64)]) {
    for &(what, number) in expected {
        assert_eq!(findings.found.get(what), Some(&number), "{what}");
    }
}

#[test]
fn the_counts_are_those_of_the_file() {
    let Some([rows, boundaries]) = files() else { return };
    let (draft, findings) = import(rows, boundaries);
    let expected = [
        ("countries", 327),
        ("airports", 17_896),
        ("firs", 1_450),
        ("uirs", 46),
        ("idl", 24),
        ("fir_unique", 1_113),
        ("uir_refs", 265),
        ("unresolved", 0),
        ("features", 1_102),
        ("unique_ids", 1_096),
        ("oceanic", 15),
        ("polygons", 1_121),
        ("vertices", 66_328),
        ("unclosed", 2),
        ("invalid", 16),
    ];
    expect(&findings, &expected);
    assert_eq!((left_out(&findings), &findings.warnings), (vec![], &vec![]));
    let of = |division: &str| {
        draft.sectors.iter().filter(|it| it.division.as_deref() == Some(division)).count()
    };
    // KZNY's twin is a sector of its own; NZOH is drawn twice.
    let counts = ["VATPAC", "VATUK", "VATEUD", "VATUSA", "VATNZ"].map(of);
    assert_eq!(counts, [81, 30, 297, 37, 14]);
    // 1,096 ids and two twins.
    assert_eq!(draft.sectors.len(), 1_098);
    assert!(draft.sectors.iter().all(|sector| !sector.owners.is_empty()));
    let repaired: Vec<&str> = findings.repaired.iter().map(|it| &*it.element).collect();
    let expected = ["CZQM (2)", "CZQX (2)", "KZNY~oceanic", "NZOH (2)", "SUEO~oceanic", "ZBAA (2)"];
    assert_eq!(repaired, expected.map(|id| format!("feature {id}")));
}

#[test]
fn rows_name_boundaries_that_are_drawn_and_their_divisions() {
    let Some([text, boundaries]) = files() else { return };
    let mut rows = Rows::default();
    rows.add(&Mixed::read(text.as_bytes()), &mut Findings::default());
    let named: BTreeSet<&str> = rows.firs.iter().map(|fir| &*fir.boundary).collect();
    let with_prefix = rows.firs.iter().filter(|fir| !fir.prefix.is_empty()).count();
    assert_eq!((rows.firs.len(), with_prefix, named.len()), (1_450, 1_169, 1_096));
    let (draft, _) = import(text, boundaries);
    // Twins have the id of a boundary with something behind it.
    let boundary = |id: &str| id.split('~').next().unwrap_or_default().to_owned();
    let drawn: BTreeSet<String> = draft.sectors.iter().map(|it| boundary(&it.id)).collect();
    assert!(drawn.iter().eq(&named));
    let rows_of = |division: &str| {
        let is_of = |it: &&DraftSector| it.division.as_deref() == Some(division);
        let drawn: BTreeSet<String> =
            draft.sectors.iter().filter(is_of).map(|it| boundary(&it.id)).collect();
        rows.firs.iter().filter(|fir| drawn.contains(&fir.boundary)).count()
    };
    let divisions = ["VATPAC", "VATUK", "VATEUD", "VATUSA", "VATNZ", "VATROC", "EMEA"];
    assert_eq!(divisions.map(rows_of), [81, 73, 484, 63, 16, 1, 1]);
}

/// What the importer checks and does not keep, read anew.
#[test]
fn airports_have_stems_of_callsigns() {
    let Some([text, boundaries]) = files() else { return };
    let section = text.split("[Airports]").nth(1).and_then(|rest| rest.split('[').next());
    let lines = section.expect("airports").lines().map(str::trim);
    let is_row = |line: &&str| !line.is_empty() && !line.starts_with(';');
    let rows: Vec<Vec<&str>> = lines.filter(is_row).map(|line| line.split('|').collect()).collect();
    let codes: BTreeSet<&str> = rows.iter().map(|row| row[0]).collect();
    let pseudo = rows.iter().filter(|row| row[6].starts_with('1')).count();
    let with_stem = rows.iter().filter(|row| !row[4].is_empty()).count();
    assert_eq!([rows.len(), codes.len(), pseudo, with_stem], [17_896, 17_800, 140, 3_790]);
    for (stem, code) in [("SY", "YSSY"), ("SY-D", "YSSY"), ("ML-S", "YMML")] {
        let of_stem: Vec<&str> = rows.iter().filter(|it| it[4] == stem).map(|it| it[0]).collect();
        assert_eq!(of_stem, [code], "{stem}");
    }
    // The features of a division, of which the draft has one sector an id.
    let features: Value = serde_json::from_str(&boundaries).expect("JSON");
    let of = |division: &str| {
        let features = features["features"].as_array().expect("features").iter();
        features.filter(|it| it["properties"]["division"] == division).count()
    };
    let counts = ["VATPAC", "VATUK", "VATEUD", "VATUSA", "VATNZ", "VATROC", "EMEA"].map(of);
    assert_eq!(counts, [81, 30, 297, 37, 15, 1, 1]);
}

#[test]
fn points_are_in_the_right_sectors() {
    let Some([rows, boundaries]) = files() else { return };
    let (draft, _) = import(rows, boundaries);
    let cases = [
        (-33.946111, 151.177222, "YBIK YGUN"),
        (-37.673333, 144.843333, "YELW YBLA"),
        (51.4775, -0.461389, "EGTT-D EGTL-S EGTL EGTT-S EGTT-SC EGTT EGVV"),
        (40.63975, -73.778925, "KZNY"),
        (50.0, -30.0, "EGGX CZQO NAT"),
    ];
    for (latitude, longitude, expected) in cases {
        assert_eq!(around(&draft, latitude, longitude).join(" "), expected);
    }
}

#[test]
fn callsigns_stand_for_the_right_sectors() {
    let Some([rows, boundaries]) = files() else { return };
    let (draft, _) = import(rows, boundaries);
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
    for (callsign, expected) in cases {
        let sectors: Vec<String> = sectors_of(&draft, callsign).into_iter().collect();
        assert_eq!(sectors.join(" "), expected, "{callsign}");
    }
}

#[test]
fn every_stem_is_joined_as_the_format_tells() {
    let Some([rows, boundaries]) = files() else { return };
    let table = Table::of(&rows, &boundaries);
    let (draft, _) = import(rows, boundaries);
    let stems = table.firs.iter().flat_map(|[icao, prefix, _]| [icao, prefix]);
    let stems: BTreeSet<&String> = stems.chain(table.uirs.iter().map(|(id, _)| id)).collect();
    assert!(stems.len() > 2_000);
    // Each also as something is behind it, and as it is cut once more.
    for stem in stems {
        for callsign in [format!("{stem}_CTR"), format!("{stem}__FSS"), format!("{stem}_QQ_CTR")] {
            assert_eq!(sectors_of(&draft, &callsign), table.joined(&callsign), "{callsign}");
        }
    }
}
