mod bad;
mod borders;
mod coordinates;
mod hostile;
mod real;

use super::*;
use crate::import::DraftSector;

/// Two sectors next to each other that share a line, a round one, and one that only says who owns.
const EXTENSION: &str = "\
; A sector file.
[POSITIONS]
XX_CTR:Control:134.4:XC::XX:CTR:::1000:1077:N001.00.00.000:E001.00.00.000
XX_E_CTR:Control East:129.100:XE:E:XX:CTR:::0000:0000 ; relieved by XC
YY_TWR:Tower:118.300:YT:-:YY:TWR:::0000:0000

[SIDSSTARS]
SID:YYYY:01:ONE1A:ONE TWO

[AIRSPACE]
SECTORLINE:border
COORD:N010.00.00.000:E020.00.00.000
COORD:N012.00.00.000:E020.00.00.000
DISPLAY:west\u{b7}low:west\u{b7}low:east

SECTORLINE:west
COORD:N012.00.00.000:E020.00.00.000
COORD:N011.00.00.000:E018.30.00.000
COORD:N010.00.00.000:E020.00.00.000

SECTORLINE:east
COORD:N010.00.00.000:E020.00.00.000
COORD:N11.5:E22.25;:the corner
COORD:N012.00.00.000:E020.00.00.000

CIRCLE_SECTORLINE:round:N011.00.00.000:E019.30.00.000:5

MSAW:1:5000
COORD:N010.00.00.000:E020.00.00.000

SECTOR:tower:00000:01500
OWNER:YT:XC
BORDER:round
ACTIVE:YYYY:01L
ACTIVE:YYYY:01R
ACTIVE:ZZZZ:27

SECTOR:west\u{b7}low:00000:24500
OWNER:XC
BORDER:border:west
DEPAPT:YYYY
ARRAPT:YYYY

SECTOR:east:1000:66000
OWNER:XE:XC
ALTOWNER:quiet:XC
BORDER:border:east
GUEST:YT:*:YYYY

SECTOR:delivery:0:0
OWNER:YT:XC
COPX:*:*:ONE:*:*:west:east:*:*:1
[FREETEXT]
COORD:nonsense
";

fn file(name: &str, text: impl Into<Vec<u8>>) -> Source {
    Source { path: name.into(), bytes: text.into() }
}

fn import(sources: &[Source]) -> (Draft, Findings) {
    let mut findings = Findings::default();
    let draft = read(sources, &mut findings).unwrap();
    (draft, findings)
}

fn extension(text: &str) -> (Draft, Findings) {
    import(&[file("x.ese", text)])
}

fn left_out(findings: &Findings) -> Vec<(&str, &str)> {
    findings.left_out.iter().map(|it| (&*it.element, &*it.reason)).collect()
}

fn sector<'a>(draft: &'a Draft, id: &str) -> &'a DraftSector {
    draft.sectors.iter().find(|sector| sector.id == id).unwrap()
}

/// The corners of a sector's first volume, latitude first.
fn corners(draft: &Draft, id: &str) -> Vec<(f64, f64)> {
    let outline = &sector(draft, id).volumes[0].outlines[0];
    outline.exterior.iter().map(|it| (it.y, it.x)).collect()
}

#[test]
fn a_sector_file_is_known_by_its_content_alone() {
    let fixes = "[VOR]\r\nABC 113.0 N001.00.00.000 E001.00.00.000\r\n";
    for known in [EXTENSION, "\n[airspace]\r\n", "SECTOR:x:0:1", fixes] {
        assert!(recognises(&file("x.txt", known)), "{known}");
    }
    for other in ["", "{}", "[Countries]\n", "<Sectors/>", "AIRSPACE"] {
        assert!(!recognises(&file("x.ese", other)), "{other}");
    }
}

#[test]
fn sectors_have_their_limits_kinds_and_owners_in_order() {
    let (draft, findings) = extension(EXTENSION);
    assert_eq!(left_out(&findings), vec![]);
    let ids: Vec<_> = draft.sectors.iter().map(|sector| &*sector.id).collect();
    assert_eq!(ids, ["tower", "west\u{b7}low", "east"]);
    let east = sector(&draft, "east");
    assert_eq!((&*east.name, east.kind.as_deref()), ("east", Some("CTR")));
    assert_eq!(east.owners, ["XE", "XC"]);
    let [volume] = &east.volumes[..] else { panic!("{east:?}") };
    assert_eq!((volume.floor_ft, volume.ceiling_ft), (Some(1000.0), Some(66000.0)));
    assert_eq!((&*volume.element, &volume.active_when), ("SECTOR east", &None));
    assert_eq!(sector(&draft, "tower").kind.as_deref(), Some("TWR"));
}

#[test]
fn positions_are_matched_with_and_without_the_middle() {
    let (draft, _) = extension(EXTENSION);
    let [control, east, tower] = &draft.positions[..] else { panic!("{draft:?}") };
    assert_eq!(
        (&*control.id, &control.prefixes[..], &*control.suffix),
        ("XC", &["XX".to_owned()][..], "CTR")
    );
    assert_eq!(control.frequency_hz, Some(134_400_000));
    assert_eq!(east.prefixes, ["XX_E", "XX"]);
    assert_eq!(
        (&tower.prefixes[..], tower.name.as_deref()),
        (&["YY".to_owned()][..], Some("Tower"))
    );
}

#[test]
fn positions_of_one_id_stand_together_and_equal_ones_once() {
    let more =
        "[POSITIONS]\nXX_2_CTR:Control:134.4:XC:2:XX:CTR\nYY_TWR:Tower:118.300:YT:-:YY:TWR\n";
    let (draft, _) = import(&[file("a", EXTENSION), file("b", more)]);
    let ids: Vec<_> = draft.positions.iter().map(|it| (&*it.id, &*it.prefixes[0])).collect();
    assert_eq!(ids, [("XC", "XX"), ("XC", "XX_2"), ("XE", "XX_E"), ("YT", "YY")]);
}

#[test]
fn what_depends_on_runways_says_so_and_is_told() {
    let (draft, findings) = extension(EXTENSION);
    let tower = &sector(&draft, "tower").volumes[0];
    assert_eq!(tower.active_when.as_deref(), Some("YYYY 01L,01R; ZZZZ 27"));
    let expected = [
        "SECTOR tower is for YYYY 01L,01R; ZZZZ 27 alone, and taken as always active",
        "sectors without a border, which only say who owns: 1",
        "lines that are not imported: 1 ALTOWNER, 1 ARRAPT, 1 DEPAPT, 1 GUEST",
    ];
    assert_eq!(findings.warnings, expected);
}

#[test]
fn what_is_found_is_counted() {
    let (_, findings) = extension(EXTENSION);
    let found = |name| findings.found[name];
    assert_eq!([found("positions"), found("sectors"), found("owner_refs")], [3, 4, 7]);
    assert_eq!([found("polygons"), found("unclosed"), found("unresolved")], [3, 0, 0]);
    assert_eq!(found("vertices"), 73 + 4 + 4);
}

#[test]
fn sectors_of_one_name_are_one_where_their_owners_are() {
    let more = "\n[AIRSPACE]\nSECTOR:east:66000:99000\nOWNER:XE:XC\nBORDER:round\n\
        SECTOR:east:66000:99000\nOWNER:XC\nBORDER:round\nSECTOR:east:0:9\nOWNER:XC\nBORDER:round\n";
    let (draft, findings) = extension(&format!("{EXTENSION}{more}"));
    let volumes = |id| sector(&draft, id).volumes.len();
    assert_eq!((draft.sectors.len(), volumes("east"), volumes("east~2")), (4, 2, 2));
    assert!(
        findings
            .warnings
            .contains(&"SECTOR east with other owners than before is east~2".to_owned())
    );
}

/// An id depends neither on what another sector is called nor on what another can be used for.
#[test]
fn a_numbered_sector_keeps_its_id() {
    let more = "\n[AIRSPACE]\nSECTOR:east:66000:99000\nOWNER:XC\nBORDER:round\n\
        SECTOR:east~2:0:9\nOWNER:XE\nBORDER:round\n";
    let (draft, findings) = extension(&format!("{EXTENSION}{more}"));
    let limits = |draft: &Draft, id: &str| sector(draft, id).volumes[0].ceiling_ft;
    assert_eq!((limits(&draft, "east~2"), limits(&draft, "east~3")), (Some(9.0), Some(99_000.0)));
    assert_eq!(left_out(&findings), vec![]);
    let ids = |draft: &Draft| draft.sectors.iter().map(|it| it.id.clone()).collect::<Vec<_>>();
    let all = ids(&draft);

    let spoilt = format!("{EXTENSION}{more}").replacen("SECTOR:east:", "SECTOR:east:high", 1);
    let (draft, findings) = extension(&spoilt);
    assert_eq!(left_out(&findings).len(), 1, "{findings:?}");
    assert_eq!(ids(&draft), all.iter().filter(|id| *id != "east").cloned().collect::<Vec<_>>());
    let unknown = more.replace("OWNER:XC", "OWNER:XE:XC:??");
    let (draft, _) = extension(&format!("{EXTENSION}{unknown}"));
    assert_eq!(ids(&draft), all);
}

#[test]
fn names_of_lines_hold_within_their_file() {
    let other = "[AIRSPACE]\nCIRCLE_SECTORLINE:border:N001:E001:10\nSECTOR:far:0:9\nOWNER:XC\nBORDER:border\n";
    let (draft, findings) = import(&[file("a", other), file("b", EXTENSION), file("c", "other")]);
    assert_eq!((draft.sectors.len(), left_out(&findings)), (4, vec![]));
    assert_eq!(
        (sector(&draft, "far").kind.as_deref(), corners(&draft, "far").len()),
        (Some("CTR"), 73)
    );
    assert!(findings.warnings.contains(&"files that are not imported: 1".to_owned()));
}

#[test]
fn a_sector_without_owners_has_none_and_is_imported() {
    let (draft, findings) = extension(&EXTENSION.replace("OWNER:XE:XC\n", ""));
    let east = sector(&draft, "east");
    assert_eq!(
        (&east.owners[..], east.kind.as_deref(), left_out(&findings)),
        (&[][..], None, vec![])
    );
}

#[test]
fn bytes_of_windows_1252_are_read_as_they_are_meant() {
    let clean = extension(EXTENSION).0;
    let bytes: Vec<u8> = EXTENSION.chars().map(|it| u8::try_from(u32::from(it)).unwrap()).collect();
    assert_eq!(import(&[file("x", bytes)]).0.sectors, clean.sectors);
}

#[test]
fn without_airspace_there_is_nothing_to_read() {
    let error = read(&[file("x.sct", "[VOR]\n")], &mut Findings::default()).unwrap_err();
    assert_eq!(error.to_string(), "euroscope needs a file with a section [AIRSPACE] (.ese)");
}
