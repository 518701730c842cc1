//! One bad element costs itself: it alone is named, and all else is as it was.

use super::*;

/// Imports with `from` replaced by `to`; all sectors but those of `lost` must be as they were.
fn spoilt(from: &str, to: &str, lost: &[&str]) -> Findings {
    assert_eq!(EXTENSION.matches(from).count(), 1, "{from}");
    let clean = extension(EXTENSION).0;
    let (draft, findings) = extension(&EXTENSION.replace(from, to));
    let mut kept = clean.sectors;
    kept.retain(|sector| !lost.contains(&&*sector.id));
    assert_eq!(draft.sectors, kept);
    findings
}

#[test]
fn an_open_border_costs_its_sector() {
    let findings = spoilt("BORDER:border:east", "BORDER:border", &["east"]);
    assert_eq!(left_out(&findings), [("SECTOR east", "line border is not closed")]);
    let findings = spoilt(
        "COORD:N012.00.00.000:E020.00.00.000\n\nCIRCLE",
        "COORD:N012.00.00.010:E020.00.00.000\n\nCIRCLE",
        &["east"],
    );
    assert_eq!(left_out(&findings), [("SECTOR east", "lines border and east do not meet")]);
}

#[test]
fn a_line_that_is_nowhere_costs_its_sector() {
    let findings = spoilt("border:east", "border:nowhere", &["east"]);
    assert_eq!(left_out(&findings), [("SECTOR east", "there is no line nowhere")]);
}

#[test]
fn a_bad_point_costs_its_line_and_the_sectors_of_it() {
    for bad in
        ["N11.5:N22.25", "N95:E22.25", "N11.5", "here:there", "N11.5.:E", "N11.5.0.0.0:E22", ""]
    {
        let findings = spoilt("N11.5:E22.25;", bad, &["east"]);
        let [(element, reason)] = left_out(&findings)[..] else { panic!("{findings:?}") };
        assert_eq!(element, "SECTORLINE east");
        assert!(
            reason.starts_with("line 23: COORD:") && reason.ends_with(" is no point"),
            "{reason}"
        );
        let told = "SECTOR east is not written: a line of its border is left out".to_owned();
        assert!(findings.warnings.contains(&told));
    }
}

#[test]
fn a_line_of_one_point_is_none() {
    let findings = spoilt(
        "COORD:N012.00.00.000:E020.00.00.000\n\nCIRCLE",
        "SECTORLINE:z\nCOORD:N1:E1\nCIRCLE",
        &["east"],
    );
    let named: Vec<_> = left_out(&findings).iter().map(|it| it.0).collect();
    assert_eq!(named, ["SECTORLINE z", "SECTOR east"]);
}

#[test]
fn limits_that_hold_nothing_cost_their_sector() {
    for (limits, reason) in [
        ("1000:1000", "its floor of 1000 ft is not below its ceiling of 1000 ft"),
        ("2000:1000", "its floor of 2000 ft is not below its ceiling of 1000 ft"),
        ("GND:1000", "limit \"GND\" is no number of feet"),
        ("0:inf", "limit \"inf\" is no number of feet"),
    ] {
        let findings = spoilt("1000:66000", limits, &["east"]);
        assert_eq!(left_out(&findings), [("SECTOR east", reason)]);
    }
}

#[test]
fn a_sector_without_limits_is_named_by_its_line() {
    let findings = spoilt("SECTOR:east:1000:66000", "SECTOR:east", &["east"]);
    assert_eq!(left_out(&findings), [("SECTOR:east in line 44", "it has no limits")]);
}

#[test]
fn an_unknown_owner_is_left_out_of_the_owners() {
    let findings = spoilt("OWNER:XE:XC", "OWNER:QQ:XE:XC:XE", &[]);
    assert_eq!(left_out(&findings), [("owner QQ of SECTOR east", "no position has that ID")]);
    assert_eq!((findings.found["unresolved"], findings.found["owner_refs"]), (1, 9));
    assert!(findings.warnings.contains(&"SECTOR east names its owner XE again".to_owned()));
}

#[test]
fn a_bad_position_costs_itself() {
    let clean = extension(EXTENSION).0;
    for (from, to, reason) in [
        (
            "YY_TWR:Tower:118.300:YT:-:YY:TWR:::0000:0000",
            "YY_TWR:Tower",
            "it has fewer than seven fields",
        ),
        (":YT:-:YY:TWR", "::-:YY:TWR", "it has no ID"),
        (":YT:-:YY:TWR", ":YT:-::TWR", "it has no prefix"),
        (":YT:-:YY:TWR", ":YT:-:YY:", "it has no suffix"),
    ] {
        let (draft, findings) = extension(&EXTENSION.replace(from, to));
        assert_eq!(left_out(&findings)[0], ("position YY_TWR in line 5", reason));
        assert_eq!(draft.positions, clean.positions[..2]);
        assert_eq!(draft.sectors[1..], clean.sectors[1..]);
        assert_eq!(sector(&draft, "tower").owners, ["XC"]);
    }
    let (draft, findings) = extension(&EXTENSION.replace("118.300", "none"));
    assert_eq!((draft.positions[2].frequency_hz, draft.sectors.len()), (None, 3));
    assert!(findings.warnings[0].contains("frequency \"none\" of position YY_TWR"));
}

#[test]
fn the_first_line_of_a_name_has_it() {
    let twice = "SECTORLINE:border\nCOORD:N010.00.00.000:E020.00.00.000\nCOORD:N012.00.00.000:E020.00.00.000\n";
    let findings = spoilt("MSAW:1", &format!("{twice}MSAW:1"), &[]);
    assert_eq!(
        (left_out(&findings), &*findings.repaired[0].element),
        (vec![], "SECTORLINE border")
    );
    let other = twice.replace("N010", "N009");
    let findings = spoilt("MSAW:1", &format!("{other}MSAW:1"), &[]);
    assert_eq!(left_out(&findings)[0].0, "SECTORLINE border (the second)");
}

#[test]
fn what_belongs_to_nothing_is_named_by_its_line() {
    let findings = spoilt("SECTORLINE:border", "OWNER:XC\nCOORD:N1:E1\nSECTORLINE:border", &[]);
    let named: Vec<_> = left_out(&findings).iter().map(|it| it.0).collect();
    assert_eq!(named, ["OWNER in line 11", "COORD in line 12"]);
    let findings = spoilt("ACTIVE:ZZZZ:27", "ACTIVE:ZZZZ:27\nACTIVE:ZZZZ", &[]);
    assert_eq!(left_out(&findings)[0].0, "ACTIVE:ZZZZ in line 37");
}
