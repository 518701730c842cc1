//! One bad element costs itself: it alone is named, and all else is as it was.

use super::*;

/// Imports with `from` replaced by `to` in one of the files; all sectors but those of `lost` must be as they were.
fn spoilt(from: &str, to: &str, lost: &[&str]) -> Findings {
    let clean = profile(SECTORS, VOLUMES).0;
    assert_eq!(SECTORS.matches(from).count() + VOLUMES.matches(from).count(), 1, "{from}");
    let (draft, findings) = profile(&SECTORS.replace(from, to), &VOLUMES.replace(from, to));
    let mut kept = clean.sectors;
    kept.retain(|sector| !lost.contains(&&*sector.id));
    assert_eq!(draft.sectors, kept);
    assert_eq!(draft.positions, clean.positions);
    findings
}

#[test]
fn a_missing_boundary_costs_its_volume() {
    let findings = spoilt("<Boundaries>EAST<", "<Boundaries>NOWHERE<", &["EST"]);
    assert_eq!(left_out(&findings), [("volume E", "there is no boundary NOWHERE")]);
    assert_eq!(findings.warnings, ["sector EST is not written: no volume of it is left"]);
}

#[test]
fn a_volume_is_not_cut_to_those_of_its_boundaries_that_are_there() {
    let clean = profile(SECTORS, VOLUMES).0;
    let (draft, findings) = profile(SECTORS, &VOLUMES.replace(">WEST, EAST<", ">WEST, NOWHERE<"));
    assert_eq!(left_out(&findings), [("volume T", "there is no boundary NOWHERE")]);
    assert_eq!(sector(&draft, "TOP").volumes, sector(&clean, "TOP").volumes[1..]);
    assert_eq!(draft.sectors[..2], clean.sectors[..2]);
}

#[test]
fn a_volume_without_boundaries_is_left_out() {
    let findings = spoilt("<Boundaries>EAST</Boundaries>", "<Boundaries/>", &["EST"]);
    assert_eq!(left_out(&findings), [("volume E", "it has no boundary")]);
}

#[test]
fn a_bad_point_costs_its_boundary_and_the_volumes_of_it() {
    let clean = profile(SECTORS, VOLUMES).0;
    let (draft, findings) = profile(SECTORS, &VOLUMES.replace("-110000.000+1020000.000", "-1+1"));
    assert_eq!(
        left_out(&findings),
        [("boundary EAST", "point 3: -1+1 is no coordinate of ISO 6709")]
    );
    assert_eq!(draft.sectors[0], clean.sectors[0]);
    assert_eq!(draft.sectors[1].volumes, sector(&clean, "TOP").volumes[1..]);
    assert_eq!(findings.warnings, ["sector EST is not written: no volume of it is left"]);
}

#[test]
fn a_floor_at_or_above_the_ceiling_costs_its_volume() {
    for floor in ["24500", "30000"] {
        let findings = spoilt("LowerLimit=\"1500\"", &format!("LowerLimit=\"{floor}\""), &["EST"]);
        let reason = format!("its floor of {floor} ft is not below its ceiling of 24500 ft");
        assert_eq!(left_out(&findings), [("volume E", &*reason)]);
    }
}

#[test]
fn a_limit_that_is_no_number_costs_its_volume() {
    for bad in ["FL245", "inf", "NaN"] {
        let findings = spoilt("\"1500\"", &format!("{bad:?}"), &["EST"]);
        let reason = format!("LowerLimit {bad:?} is no number of feet");
        assert_eq!(left_out(&findings), [("volume E", &*reason)]);
    }
}

#[test]
fn a_volume_that_is_nowhere_costs_itself() {
    let findings = spoilt("<Volumes> E <", "<Volumes>X<", &["EST"]);
    assert_eq!(
        left_out(&findings),
        [("volume X of sector EST", "there is no volume of that name")]
    );
}

#[test]
fn elements_without_a_name_are_told_by_their_number() {
    let findings = spoilt("Volume Name=\"E\"", "Volume Name=\"\"", &["EST"]);
    let expected = [
        ("volume 2 of Volumes.xml", "it has no Name"),
        ("volume E of sector EST", "there is no volume of that name"),
    ];
    assert_eq!(left_out(&findings), expected);
    let sectors = SECTORS.replace("Name=\"EST\"", "").replace("<ResponsibleSectors>WST,EST", "<X>");
    let (draft, findings) = profile(&sectors.replace("</ResponsibleSectors>", "</X>"), VOLUMES);
    assert_eq!(left_out(&findings), [("sector 2 of Sectors.xml", "it has no Name")]);
    assert_eq!(draft.positions.len(), 2);
}

#[test]
fn the_first_of_a_name_has_it() {
    let clean = profile(SECTORS, VOLUMES).0;
    let again = r#"<Boundary Name="WEST">-01.0+001.0</Boundary>
        <Volume Name="W" LowerLimit="7"><Boundaries>WEST</Boundaries></Volume>"#;
    let volumes = VOLUMES.replace("<!--", &format!("{again}<!--"));
    let sector = r#"<Sector Name="WST" Callsign="Y_TWR"><Volumes>E</Volumes></Sector></Sectors>"#;
    let (draft, findings) = profile(&SECTORS.replace("</Sectors>", sector), &volumes);
    // The volume and the sector of these names that stand first in the file are others now, so only the names tell.
    let named: Vec<&str> = left_out(&findings).into_iter().map(|(element, _)| element).collect();
    assert_eq!(
        named,
        ["boundary WEST (the second)", "volume W (the second)", "sector WST (the second)"]
    );
    assert_eq!(draft.positions, clean.positions);
    assert_eq!(draft.sectors[1], clean.sectors[1]);
}

#[test]
fn what_is_there_twice_and_equal_is_mended() {
    let clean = profile(SECTORS, VOLUMES).0;
    let (start, end) = (VOLUMES.find("  <Boundary").unwrap(), VOLUMES.find("  <!--").unwrap());
    let twice = format!("{}{}", &VOLUMES[..end], &VOLUMES[start..]);
    let (draft, findings) = profile(SECTORS, &twice);
    assert_same(&draft, &clean);
    assert_eq!(left_out(&findings), []);
    let mended: Vec<_> = findings.repaired.iter().map(|it| &*it.element).collect();
    assert_eq!(mended, ["boundary WEST", "boundary EAST"]);
    assert_eq!(findings.found["boundaries"], 4);
}

#[test]
fn entities_are_not_expanded() {
    let volumes = VOLUMES.replace(
        "<Volumes>",
        r#"<!DOCTYPE Volumes [<!ENTITY a "-10.0"><!ENTITY b SYSTEM "file:///etc/passwd">]><Volumes>"#,
    );
    let clean = profile(SECTORS, VOLUMES).0;
    assert_same(&profile(SECTORS, &volumes).0, &clean);
    let (draft, findings) = profile(SECTORS, &volumes.replace("-100000.000+1", "&b;+1"));
    assert_eq!(left_out(&findings), [("boundary EAST", "entity \"b\" is not read")]);
    assert_eq!(draft.sectors[0], clean.sectors[0]);
    let sectors = SECTORS.replace("\"East\"", "\"&a;\"");
    let (_, findings) = profile(&sectors, &volumes);
    assert_eq!(findings.left_out[0].element, "sector EST");
}

#[test]
fn the_entities_of_xml_itself_and_bytes_of_windows_1252_are_read() {
    let sectors = SECTORS.replace("\"East\"", "\"A &amp; &#66; \u{b7}\"");
    let sectors: Vec<u8> = sectors.chars().map(|it| u8::try_from(u32::from(it)).unwrap()).collect();
    let (draft, findings) = import(&[file("s", sectors), file("v", VOLUMES)]);
    assert_eq!((&*sector(&draft, "EST").name, left_out(&findings)), ("A & B \u{b7}", vec![]));
}

#[test]
fn a_callsign_or_frequency_that_is_none_costs_no_airspace() {
    let clean = profile(SECTORS, VOLUMES).0;
    let sectors = SECTORS.replace("XX-EST_CTR", "EAST").replace("128.85", "soon");
    let (draft, findings) = profile(&sectors, VOLUMES);
    assert_eq!((draft.positions.len(), draft.positions[0].frequency_hz), (2, None));
    assert_eq!(sector(&draft, "EST").kind, None);
    assert_eq!(sector(&draft, "EST").owners, ["TOP"]);
    assert_eq!(sector(&draft, "EST").volumes, sector(&clean, "EST").volumes);
    assert_eq!(findings.warnings.len(), 2, "{:?}", findings.warnings);
}
