use super::super::canon;
use super::{Position, PositionFile, Positions, file, plain, position, staffed};

fn hold(positions: &Positions, examples: &[(&str, &[&str])]) {
    for (callsign, ids) in examples {
        assert_eq!(staffed(positions, callsign), *ids, "{callsign}");
    }
}

#[test]
fn a_relief_staffs_the_position_that_it_relieves() {
    let positions = Positions::new([plain(&["SY_TWR", "LON_CTR", "LON_S_CTR", "sy__gnd"])]);
    hold(
        &positions,
        &[
            ("SY_TWR", &["SY_TWR"]),
            ("SY__TWR", &["SY_TWR"]),
            ("SY_1_TWR", &["SY_TWR"]),
            ("sy_1___twr", &["SY_TWR"]),
            ("SY_1_2_TWR", &["SY_TWR"]),
            // A position of its own where there is one.
            ("LON_S_CTR", &["LON_S_CTR"]),
            ("LON_S_1_CTR", &["LON_S_CTR"]),
            ("LON_N_CTR", &["LON_CTR"]),
            // Both sides are compared in one way.
            ("SY_GND", &["sy__gnd"]),
            ("SY_DEL", &[]),
            ("SYD_TWR", &[]),
            ("S_TWR", &[]),
            ("SY-D_TWR", &[]),
            ("SYTWR", &[]),
            ("_TWR", &[]),
            ("SY_TWR_", &[]),
            ("TWR", &[]),
            ("_", &[]),
            ("", &[]),
        ],
    );
}

#[test]
fn the_frequency_tells_apart_what_the_callsign_cannot() {
    let positions = Positions::new([file(vec![
        position("L", &["LON"], "CTR", Some("127.430")),
        position("LSC", &["LON", "LON-SC"], "CTR", Some("132.605")),
        position("LN", &["LON"], "CTR", Some("133.70")),
        position("LN2", &["LON"], "CTR", Some("133.705")),
        position("L0", &["LON"], "CTR", None),
        position("LX", &["LON"], "CTR", Some("199.998")),
        position("SS", &["SCO_S"], "CTR", Some("134.775")),
    ])]);
    hold(
        &positions,
        &[
            ("LON_CTR@127.430", &["L"]),
            ("LON_CTR@127.43", &["L"]),
            ("LON_SC_CTR@132.605", &["LSC"]),
            // One fits alone: the frequency is not compared.
            ("LON-SC_CTR@118.000", &["LSC"]),
            ("SCO_S_CTR@121.500", &["SS"]),
            ("SCO_S_CTR", &["SS"]),
            // 5 kHz apart are two channels.
            ("LON_CTR@133.705", &["LN2"]),
            ("LON_CTR@133.700", &["LN"]),
            // None of several.
            ("LON_CTR@118.000", &[]),
            ("LON_CTR", &[]),
            ("LON_CTR@0", &[]),
            ("LON_CTR@199.998", &[]),
        ],
    );
}

#[test]
fn no_shorter_stem_is_tried_after_one_that_fits() {
    let positions = Positions::new([file(vec![
        position("S1", &["LON_S"], "CTR", Some("129.430")),
        position("S2", &["LON_S"], "CTR", Some("135.050")),
        position("L", &["LON"], "CTR", Some("127.430")),
    ])]);
    hold(
        &positions,
        &[
            ("LON_S_CTR@127.430", &[]),
            ("LON_S_1_CTR@135.05", &["S2"]),
            ("LON_N_CTR@135.05", &["L"]),
        ],
    );
}

#[test]
fn all_that_remain_are_staffed_in_the_order_of_the_files() {
    let one = |id| position(id, &["EDGG"], "CTR", Some("124.475"));
    let positions = Positions::new([file(vec![one("B"), one("A")]), file(vec![one("C")])]);
    hold(&positions, &[("EDGG_K_CTR@124.475", &["B", "A", "C"]), ("EDGG_CTR@124.480", &[])]);
    let ids: Vec<_> = positions.fitting("EDGG_CTR").iter().map(|it| &*it.id).collect();
    assert_eq!(ids, ["B", "A", "C"]);
}

#[test]
fn equal_positions_are_one_and_one_id_may_stand_for_several() {
    let one = || position("SY", &["SY", "sy"], "APP", Some("128.300"));
    let other = || position("SY", &["SY"], "DEP", Some("129.700"));
    let positions = Positions::new([file(vec![one(), other(), one()]), file(vec![one()])]);
    hold(&positions, &[("SY_APP@118.0", &["SY"]), ("SY_DEP@118.0", &["SY"])]);
    // With a hyphen in one of the files it is one position all the same, and cut.
    let cutting = PositionFile { positions: vec![one()], cut_hyphen: true };
    let positions = Positions::new([file(vec![one()]), cutting]);
    hold(&positions, &[("SY-D_APP@118.0", &["SY"])]);
}

#[test]
fn a_hyphen_is_cut_for_the_positions_of_its_own_file() {
    let mut cutting = plain(&["SY_APP", "ML_APP", "A_B_APP"]);
    cutting.cut_hyphen = true;
    let positions = Positions::new([plain(&["BN_APP", "ML-X_APP", "A_APP"]), cutting]);
    hold(
        &positions,
        &[
            ("SY-C_APP", &["SY_APP"]),
            ("SY-C_1_APP", &["SY_APP"]),
            ("SY-C-D_APP", &["SY_APP"]),
            ("BN-C_APP", &[]),
            ("BN_1-C_APP", &["BN_APP"]),
            // The longer stem goes before, of whichever file.
            ("ML-X_1_APP", &["ML-X_APP"]),
            ("ML-Y_APP", &["ML_APP"]),
            ("A_B-C_APP", &["A_B_APP"]),
            ("A_C-C_APP", &["A_APP"]),
            ("SYR_APP", &[]),
        ],
    );
    hold(&Positions::new([plain(&["SY_APP"])]), &[("SY-C_APP", &[])]);
}

#[test]
fn callsigns_of_vatspy_find_their_prefixes() {
    let position = |id: &str, prefix: &str, suffix: &str| position(id, &[prefix], suffix, None);
    let both = |prefix: &str| {
        ["CTR", "FSS"].map(|suffix| position(&format!("{prefix}_{suffix}"), prefix, suffix))
    };
    let prefixes = ["BN-ARL", "ML-WOL", "LON", "LON_SC", "NY", "ADR_U", "OBBB_E", "PLUTO"];
    let positions = Positions::new([file(prefixes.into_iter().flat_map(both).collect())]);
    hold(
        &positions,
        &[
            ("BN-ARL_CTR", &["BN-ARL_CTR"]),
            ("ML-WOL__CTR", &["ML-WOL_CTR"]),
            ("LON_SC_CTR", &["LON_SC_CTR"]),
            ("LON_XX_CTR", &["LON_CTR"]),
            ("NY_FSS", &["NY_FSS"]),
            ("NY_CTR", &["NY_CTR"]),
            ("ADR_U_CTR", &["ADR_U_CTR"]),
            ("OBBB_E_CTR", &["OBBB_E_CTR"]),
            ("PLUTO_CTR", &["PLUTO_CTR"]),
            ("SY_APP", &[]),
            ("AUCK_CTR", &[]),
            ("GOOFY_CTR", &[]),
        ],
    );
}

#[test]
fn callsigns_of_simaware_find_their_prefixes_and_suffixes() {
    let of = |id: &str, prefixes: &[&str], suffixes: &[&str]| -> Vec<Position> {
        suffixes.iter().map(|suffix| position(id, prefixes, suffix, None)).collect()
    };
    let positions = [
        of("YSSY", &["SY", "SY-D"], &["APP", "DEP"]),
        // A feature for departures has this prefix.
        of("SCT/LAX", &["LAX", "LAX_U"], &["APP"]),
        of("SCT", &["LAX"], &["DEP"]),
        of("UUEE", &["UUEE_R"], &["APP", "DEP"]),
        of("N90", &["JFK", "LGA"], &["APP", "DEP"]),
        of("SYR", &["SYR"], &["APP", "DEP"]),
    ];
    let file = |cut_hyphen| PositionFile { positions: positions.concat(), cut_hyphen };
    let examples: &[(&str, &[&str])] = &[
        ("SY_APP", &["YSSY"]),
        ("SY-D_DEP", &["YSSY"]),
        ("LAX_DEP", &["SCT"]),
        ("LAX_U_APP", &["SCT/LAX"]),
        ("LAX_U_DEP", &["SCT"]),
        ("UUEE_R_APP", &["UUEE"]),
        ("JFK_APP", &["N90"]),
        ("N90_APP", &[]),
        ("SY_TWR", &[]),
        ("SYR_APP", &["SYR"]),
    ];
    hold(&Positions::new([file(true)]), examples);
    hold(&Positions::new([file(false)]), examples);
    hold(&Positions::new([file(true)]), &[("SY-C_APP", &["YSSY"])]);
    hold(&Positions::new([file(false)]), &[("SY-C_APP", &[])]);
}

#[test]
fn callsigns_of_a_sector_are_positions_without_frequency() {
    let split = |callsign| {
        let position = Position::of_callsign(callsign);
        (position.id, position.prefixes.concat(), position.suffix, position.frequency_hz)
    };
    let of = |id: &str, prefix: &str, suffix: &str| {
        (id.to_owned(), prefix.to_owned(), suffix.to_owned(), None)
    };
    assert_eq!(split("ML-GUN_CTR"), of("ML-GUN_CTR", "ML-GUN", "CTR"));
    assert_eq!(split("LON_S__CTR"), of("LON_S__CTR", "LON_S_", "CTR"));
    assert_eq!(split("SYDNEY"), of("SYDNEY", "", ""));
    // However a callsign is written, it finds its own position.
    let positions = Positions::new([plain(&["LON_S__CTR", "SYDNEY", "a_ctr"])]);
    hold(&positions, &[("LON_S_CTR", &["LON_S__CTR"]), ("A_CTR", &["a_ctr"]), ("SYDNEY", &[])]);
}

#[test]
fn channels_are_what_radios_can_be_set_to() {
    for (hertz, khz) in [
        (131_570_000, 131_575),
        (124_645_000, 124_650),
        (118_120_000, 118_125),
        (118_195_000, 118_200),
        (118_005_000, 118_005),
        (118_000_000, 118_000),
        (118_000_499, 118_000),
        (118_000_500, 118_001),
        // Short wave is untouched, up to where the airband begins.
        (8_870_000, 8_870),
        (117_970_000, 117_970),
        (117_995_000, 118_000),
        (117_975_000, 117_975),
        (499, 0),
        (0, 0),
        (u32::MAX, 4_294_967),
    ] {
        assert_eq!(canon(hertz), khz, "{hertz}");
    }
}
