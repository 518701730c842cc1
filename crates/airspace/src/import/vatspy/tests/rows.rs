use super::*;
use crate::import::probe::assert_same;

const ROWS: &str = "\
; the community's file\r
[Countries]\r
Norway|EN|Control\r
[Airports]\r
ENGM|Gardermoen|60.19|11.1|OSL|ENOR|0 ; note\r
[FIRs]\r
;ICAO|NAME|CALLSIGN PREFIX|FIR BOUNDARY\r
ENOR|Polaris||ENOR\r
ENBD|Bod\u{f8} ACC |BD|ENBD\r
[UIRs]\r
EURN|EuroNorth|ENOR,ENBD\r
[IDL]\r
52.0|-192.5\r
";

fn boundaries() -> String {
    collection(&[feature("ENOR", "0", 10.0), feature("ENBD", "0", 12.0)])
}

#[test]
fn rows_are_counted_and_name_the_sectors() {
    let (draft, findings) = import(ROWS, boundaries());
    for section in ["countries", "airports", "uirs", "idl"] {
        assert_eq!(findings.found[section], 1, "{section}");
    }
    let count = |what| findings.found[what];
    assert_eq!((count("firs"), count("fir_unique")), (2, 2));
    assert_eq!((count("uir_refs"), count("unresolved")), (2, 0));
    assert_eq!((left_out(&findings), repaired(&findings)), (vec![], vec![]));
    assert_eq!(findings.warnings, [""; 0]);
    let names: Vec<&str> = draft.sectors.iter().map(|sector| &*sector.name).collect();
    assert_eq!(names, ["Polaris", "Bod\u{f8} ACC"]);
    let sector = &draft.sectors[0];
    assert_eq!(sector.kind.as_deref(), Some("CTR"));
    assert_eq!(sector.division.as_deref(), Some("VATTEST"));
    let position = draft.positions.iter().find(|it| it.id == "EURN_FSS").expect("a position");
    assert_eq!(position.prefixes, ["EURN"]);
    assert_eq!((&*position.suffix, position.name.as_deref()), ("FSS", Some("EuroNorth")));
}

#[test]
fn the_row_that_names_a_boundary_is_its_own_one() {
    let rows =
        "[FIRs]\nAAGV|Hagav|HAGAV|LLLL\nLLLL|North|TAN|LLLL\nLLLL|Tel Aviv||LLLL\nLLLL|TA|TA|LLLL";
    let (draft, _) = import(rows, collection(&[feature("LLLL", "0", 0.0)]));
    assert_eq!(draft.sectors[0].name, "Tel Aviv");
    let expected = ["TAN", "LLLL", "TA", "HAGAV", "AAGV"];
    let expected: Vec<String> =
        expected.iter().flat_map(|it| [format!("{it}_CTR"), format!("{it}_FSS")]).collect();
    assert_eq!(owners(&draft, "LLLL"), expected);
}

#[test]
fn a_bad_row_costs_itself() {
    let clean = import(ROWS, boundaries()).0;
    let cases = [
        ("[Countries]\r\n", "XX\r\n", "country row 1 (XX)", "line 3: 1 fields instead of 3"),
        ("[Countries]\r\n", "|XX|\r\n", "country row 1", "line 3: without name"),
        ("[Airports]\r\n", "XX|Y|1|2\r\n", "airport row 1 (XX)", "line 5: 4 fields instead of 7"),
        (
            "[Airports]\r\n",
            "XX|Y|91|2|||0\r\n",
            "airport row 1 (XX)",
            "line 5: \"91\", \"2\" is no point on the globe",
        ),
        ("[FIRs]\r\n", "YBBB|B|BN\r\n", "FIR row 1 (YBBB)", "line 7: 3 fields instead of 4"),
        ("[FIRs]\r\n", "YBBB|B|BN|\r\n", "FIR row 1 (YBBB)", "line 7: without boundary"),
        ("[FIRs]\r\n", "|B|BN|ENOR\r\n", "FIR row 1", "line 7: without ICAO code"),
        ("[FIRs]\r\n", "B|B|B|ENOR|x\r\n", "FIR row 1 (B)", "line 7: 5 fields instead of 4"),
        ("[FIRs]\r\n", "B|B|B\u{1}|ENOR\r\n", "FIR row 1 (B)", "line 7: it has control characters"),
        ("[UIRs]\r\n", "EUC|Euro\r\n", "UIR row 1 (EUC)", "line 11: 2 fields instead of 3"),
        ("[IDL]\r\n", "1|x\r\n", "IDL row 1 (1)", "line 13: \"1\", \"x\" is no point on the globe"),
    ];
    for (section, row, element, reason) in cases {
        let rows = ROWS.replace(section, &format!("{section}{row}"));
        let (draft, findings) = import(rows, boundaries());
        assert_eq!(left_out(&findings), [(element, reason)]);
        assert_same(&draft, &clean);
    }
}

#[test]
fn a_row_without_its_boundary_is_named_and_keeps_its_callsigns() {
    let clean = import(ROWS, boundaries()).0;
    let rows = ROWS.replace("ENOR|Polaris||", "ENOS|South|ENOR_S|ENOX\r\nENOR|Polaris||");
    let (draft, findings) = import(rows, boundaries());
    let reason = "line 8: no feature has the id ENOX";
    assert_eq!(left_out(&findings), [("FIR row 1 (ENOS)", reason)]);
    assert_eq!(draft.sectors, clean.sectors);
    let found = crate::import::probe::found(&draft, "ENOR_S_CTR");
    assert_eq!(found, (vec!["ENOR_S_CTR".to_owned()], vec![]));
}

#[test]
fn a_member_that_is_no_fir_is_named() {
    let (draft, findings) = import(ROWS.replace(",ENBD", ",ENXX,ENBD"), boundaries());
    let reason = "no FIR row has that ICAO code";
    assert_eq!(left_out(&findings), [("UIR EURN, member ENXX", reason)]);
    assert_eq!((findings.found["uir_refs"], findings.found["unresolved"]), (3, 1));
    assert_same(&draft, &import(ROWS, boundaries()).0);
}

#[test]
fn a_byte_of_windows_1252_costs_no_other_name_its_letters() {
    let clean = import(ROWS, boundaries()).0;
    let rows = ROWS.replace("Polaris", "P#laris").into_bytes();
    let rows: Vec<u8> = rows.into_iter().map(|it| if it == b'#' { 0xF6 } else { it }).collect();
    let (draft, findings) = import(rows, boundaries());
    let what = "bytes that are no UTF-8 were read as Windows-1252: check its letters";
    assert_eq!(repaired(&findings), [("FIR row 1 (ENOR)", what)]);
    assert_eq!(draft.sectors[0].name, "P\u{f6}laris");
    assert_eq!(draft.sectors[1], clean.sectors[1]);
}

#[test]
fn what_is_in_no_known_section_is_not_read() {
    let rows = format!("stray\n[Regions]\nEMEA|x\n{ROWS}");
    let (draft, findings) = import(rows, boundaries());
    assert_eq!(findings.warnings, ["line 2: the section [Regions] is not known"]);
    assert_same(&draft, &import(ROWS, boundaries()).0);
}

#[test]
fn boundaries_alone_are_sectors_without_owners() {
    let mut findings = Findings::default();
    let sources = [source("b.geojson", boundaries())];
    let draft = read(&sources, &mut findings).expect("boundaries");
    assert_eq!(ids(&draft), ["ENOR", "ENBD"]);
    assert_eq!(draft.positions, []);
    let warning = "no VATSpy.dat is given: the sectors have no names and no owners";
    assert_eq!(findings.warnings, [warning]);
    let sources = [source("VATSpy.dat", ROWS)];
    let error = read(&sources, &mut findings).expect_err("nothing to draw");
    assert_eq!(error.to_string(), "vatspy needs the boundaries (Boundaries.geojson)");
}

#[test]
fn both_files_are_told_by_their_content() {
    assert!(recognises(&source("a", ROWS)));
    assert!(recognises(&source("b", boundaries())));
    assert!(!recognises(&source("c", "[POSITIONS]\n")));
    assert!(!recognises(&source("d", "{\"name\": \"oceanic\"}")));
    assert!(!recognises(&source("e", "\"oceanic\": 1")));
}
