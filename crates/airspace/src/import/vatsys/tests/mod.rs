mod bad;
mod hostile;
mod owners;
mod points;
mod real;

use super::*;
use crate::import::{DraftSector, DraftVolume};

/// Two sectors next to each other, and a third above both.
const SECTORS: &str = r#"<?xml version="1.0" encoding="utf-8"?>
<Sectors xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
  <Sector FullName="West" Frequency="128.85" Callsign="XX-WST_CTR" Name="WST"><Volumes>W</Volumes></Sector>
  <Sector FullName="East" Frequency="131.800" Callsign="XX-EST_CTR" Name="EST"><Volumes> E </Volumes></Sector>
  <Sector FullName="Top" Frequency="" Callsign="xx__top_fss" Name="TOP" DisplayInSectorsWindow="False">
    <Volumes>T,
      U</Volumes>
    <ResponsibleSectors>WST,EST</ResponsibleSectors>
  </Sector>
</Sectors>"#;

const VOLUMES: &str = r#"<?xml version="1.0"?>
<Volumes>
  <Boundary Name="WEST">
    -10.0+100.0/
    -11.0+100.0/
    -11.0+101.0/
    -10.0+100.0
  </Boundary>
  <Boundary Name="EAST">-100000.000+1010000.000/
    -1100.0000+10100.0000/
    -110000.000+1020000.000/</Boundary>
  <!-- <Boundary Name="OLD">nothing</Boundary> -->
  <Volume Name="W" LowerLimit="0" UpperLimit="24500"><Boundaries>WEST</Boundaries></Volume>
  <Volume Name="E" LowerLimit="1500" UpperLimit="24500"><Boundaries>EAST</Boundaries></Volume>
  <Volume Name="T" LowerLimit="24500" UpperLimit="60000"><Boundaries>WEST, EAST</Boundaries></Volume>
  <Volume Name="U" LowerLimit="-100"><Boundaries>WEST</Boundaries></Volume>
</Volumes>"#;

fn file(name: &str, text: impl Into<Vec<u8>>) -> Source {
    Source { path: name.into(), bytes: text.into() }
}

fn import(sources: &[Source]) -> (Draft, Findings) {
    let mut findings = Findings::default();
    let draft = read(sources, &mut findings).unwrap();
    (draft, findings)
}

fn profile(sectors: &str, volumes: &str) -> (Draft, Findings) {
    import(&[file("Sectors.xml", sectors), file("Volumes.xml", volumes)])
}

fn left_out(findings: &Findings) -> Vec<(&str, &str)> {
    findings.left_out.iter().map(|it| (&*it.element, &*it.reason)).collect()
}

fn assert_same(one: &Draft, other: &Draft) {
    assert_eq!(one.sectors, other.sectors);
    assert_eq!(one.positions, other.positions);
}

fn sector<'a>(draft: &'a Draft, id: &str) -> &'a DraftSector {
    draft.sectors.iter().find(|sector| sector.id == id).unwrap()
}

#[test]
fn a_profile_is_known_by_its_root_elements_alone() {
    for known in [SECTORS, VOLUMES, "\u{feff}<!-- x --><Sectors/>"] {
        assert!(recognises(&file("whatever.txt", known)), "{known}");
    }
    let other =
        ["", "{}", "Sectors", "<DefaultJurisdiction/>", "<!-- <Sectors> -->", "<", "<sectors/>"];
    for other in other {
        assert!(!recognises(&file("Sectors.xml", other)), "{other}");
    }
}

#[test]
fn sectors_have_their_names_kinds_limits_and_shapes() {
    let (draft, findings) = profile(SECTORS, VOLUMES);
    assert_eq!(left_out(&findings), []);
    let west = sector(&draft, "WST");
    assert_eq!((&*west.name, west.kind.as_deref()), ("West", Some("CTR")));
    let [DraftVolume { element, floor_ft, ceiling_ft, outlines, unite: false, .. }] =
        &west.volumes[..]
    else {
        panic!("{west:?}")
    };
    assert_eq!(
        (&**element, *floor_ft, *ceiling_ft),
        ("volume W (boundary WEST)", Some(0.0), Some(24500.0))
    );
    let corners: Vec<_> = outlines[0].exterior.iter().map(|it| (it.y, it.x)).collect();
    assert_eq!(corners, [(-10.0, 100.0), (-11.0, 100.0), (-11.0, 101.0), (-10.0, 100.0)]);
    let [both, low] = &sector(&draft, "TOP").volumes[..] else { panic!("{draft:?}") };
    assert!(both.unite && both.outlines.len() == 2 && both.element.ends_with("WEST, EAST)"));
    assert_eq!((low.floor_ft, low.ceiling_ft, low.unite), (Some(-100.0), None, false));
}

#[test]
fn every_sector_is_a_position() {
    let (draft, _) = profile(SECTORS, VOLUMES);
    let [west, east, top] = &draft.positions[..] else { panic!("{draft:?}") };
    assert_eq!((&*west.id, &*west.suffix, west.frequency_hz), ("WST", "CTR", Some(128_850_000)));
    assert_eq!(
        (&west.prefixes[..], east.name.as_deref()),
        (&["XX-WST".to_owned()][..], Some("East"))
    );
    assert_eq!(
        (&top.prefixes[..], &*top.suffix, top.frequency_hz),
        (&["XX_TOP".to_owned()][..], "FSS", None)
    );
}

#[test]
fn a_sector_without_volumes_is_a_position_alone() {
    let sectors = SECTORS.replace("<Volumes> E </Volumes>", "");
    let (draft, findings) = profile(&sectors, VOLUMES);
    assert_eq!((draft.sectors.len(), draft.positions.len()), (2, 3));
    assert_eq!((findings.found["sectors"], findings.found["sectors_with_volumes"]), (3, 2));
    assert_eq!(findings.warnings, ["volumes of no sector: E"]);
}

#[test]
fn what_is_found_is_counted() {
    let (_, findings) = profile(SECTORS, VOLUMES);
    let found = |name| findings.found[name];
    assert_eq!([found("sectors"), found("sectors_with_volumes"), found("volumes")], [3, 3, 4]);
    assert_eq!([found("boundaries"), found("points_dms"), found("points_decimal")], [2, 3, 4]);
    assert_eq!([found("responsible_refs"), found("unresolved"), found("cycles")], [2, 0, 0]);
    assert_eq!(found("positions"), 3);
}

#[test]
fn other_files_of_a_profile_are_passed_over_and_told() {
    let clean = profile(SECTORS, VOLUMES).0;
    let others = ["<Maps/>", "<Maps/>", "<DefaultJurisdiction/>", "no XML"];
    let mut sources = others.map(|other| file("x.xml", other)).to_vec();
    sources.extend([file("a", VOLUMES), file("b", SECTORS)]);
    let (draft, findings) = import(&sources);
    assert_same(&draft, &clean);
    let told = "files that are not imported: 1 of DefaultJurisdiction, 2 of Maps, 1 of no XML";
    assert_eq!(findings.warnings, [told]);
}

#[test]
fn several_files_are_read_one_after_the_other() {
    let more =
        r#"<Sectors><Sector Name="N" Callsign="N_TWR"><Volumes>W</Volumes></Sector></Sectors>"#;
    let (draft, _) = import(&[file("1", SECTORS), file("2", more), file("3", VOLUMES)]);
    let ids: Vec<_> = draft.sectors.iter().map(|sector| &*sector.id).collect();
    assert_eq!(ids, ["WST", "EST", "TOP", "N"]);
    assert_eq!(sector(&draft, "N").name, "N");
}

#[test]
fn what_is_missing_or_broken_as_a_whole_is_an_error() {
    let error =
        |sources: &[Source]| read(sources, &mut Findings::default()).unwrap_err().to_string();
    let sectors = error(&[file("v", VOLUMES)]);
    assert_eq!(sectors, "vatsys needs a file whose root element is Sectors (Sectors.xml)");
    assert!(
        error(&[file("s", SECTORS)])
            .starts_with("vatsys needs a file whose root element is Volumes")
    );
    let cut = SECTORS.split("</Sectors>").next().unwrap();
    let cut = error(&[file("S.xml", cut), file("v", VOLUMES)]);
    assert_eq!(cut, "S.xml: line 10: the root element is not closed");
    let crossed = VOLUMES.replacen("</Boundary>", "</Volume>", 1);
    let crossed = error(&[file("s", SECTORS), file("V.xml", crossed)]);
    assert!(crossed.starts_with("V.xml: line 8: "), "{crossed}");
}
